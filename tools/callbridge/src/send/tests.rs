use super::*;

fn replied(reply: &str) -> Result<(), String> {
    judge(&Answer::Replied(reply.into()))
}

#[test]
fn a_record_is_done_when_its_function_does_not_ask_for_it_again() {
    assert_eq!(replied(r#"{"batchItemFailures":[]}"#), Ok(()));
    assert_eq!(replied("null"), Ok(()), "as Lambda takes it");
    let again = replied(r#"{"batchItemFailures":[{"itemIdentifier":"1"}]}"#).unwrap_err();
    assert!(again.contains("cannot apply it yet"), "{again}");
    for other in ["", "{}", "\"done\"", "{\"success\":\"true\"}"] {
        assert!(replied(other).is_err(), "{other}");
    }
    let failed = Answer::Failed { error_type: "SalesforceDown".into(), message: "a\u{1b}[2Jb".into() };
    assert_eq!(judge(&failed), Err("the function failed: SalesforceDown: a [2Jb".into()));
}

#[test]
fn batches_are_neither_too_many_records_nor_too_many_bytes() {
    let source = Source::alone("1");
    let sizes = |data: &[Vec<u8>]| -> Vec<usize> {
        let records: Vec<_> = data.iter().map(|data| (&source, data)).collect();
        batches(&records).into_iter().map(<[_]>::len).collect()
    };
    assert_eq!(sizes(&[]), [0_usize; 0]);
    assert_eq!(sizes(&vec![vec![0]; 250]), [100, 100, 50]);
    assert_eq!(sizes(&vec![vec![0; 1024 * 1024]; 7]), [3, 3, 1]);
    assert_eq!(sizes(&[vec![0; 4 * 1024 * 1024], vec![0]]), [1, 1]);
}
