use super::*;

#[test]
fn every_documented_number_is_known() {
    for id in [3002, 4000, 4500, 4501, 4502, 4503, 4504, 4505, 4506, 5000] {
        let kind = FailureKind::from_id(&id.to_string());
        assert!(!matches!(kind, FailureKind::Other(_)), "{id}");
        assert!(kind.to_string().contains(&id.to_string()), "{kind}");
    }
}

#[test]
fn an_unknown_number_is_kept_and_another_text_is_not() {
    assert_eq!(FailureKind::from_id("4999"), FailureKind::Other(Some(4999)));
    assert_eq!(FailureKind::from_id("secret"), FailureKind::Other(None));
    assert_eq!(FailureKind::Other(Some(4999)).to_string(), "for an unknown reason (4999)");
}

#[test]
fn only_what_may_pass_is_worth_another_try() {
    let may_pass = |id: u32| FailureKind::from_id(&id.to_string()).may_pass();
    assert_eq!([3002, 4503, 5000, 4999].map(may_pass), [true; 4]);
    assert_eq!([4000, 4500, 4501, 4502, 4504, 4505, 4506].map(may_pass), [false; 7]);
}

#[test]
fn the_text_says_what_to_do() {
    let failure = Failure { kind: FailureKind::from_id("4500"), code: String::new(), fragment: None };
    assert_eq!(
        failure.to_string(),
        "Kinesis Video ended the media: access to the stream's KMS key is denied (4500); allow kms:Decrypt to the reader"
    );
}
