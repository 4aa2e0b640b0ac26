use local_aws::{Failure, LocalAws};

use super::*;
use crate::aws::tests::soon;
use crate::env::Env;

const CONTACT: &str = "c-1";

async fn table(aws: &LocalAws) -> StateTable {
    aws.create_table("CallState");
    let look_up = |variable: &str| (variable == "STATE_TABLE").then(|| "CallState".to_owned());
    StateTable::from_env(&Env::new(&look_up), &aws.sdk_config().await).unwrap()
}

/// A second of the test's own clock.
fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_772_471_000 + second, 0).unwrap()
}

fn held(token: &str, until: i64, is_starting: bool) -> Lease {
    Lease::Held(Holder { token: token.to_owned(), until: at(until), is_starting })
}

#[tokio::test]
async fn of_two_who_start_one_has_the_lease() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let take = |token: &'static str, now, until| {
        table.take_transcription_lease(CONTACT, token, at(now), at(until), soon())
    };
    let (one, other) = tokio::join!(take("one", 0, 60), take("other", 0, 60));
    let results = [one.unwrap(), other.unwrap()];
    assert_eq!(results.iter().filter(|lease| **lease == Lease::Taken).count(), 1, "{results:?}");

    let other_contact = table.take_transcription_lease("c-2", "one", at(0), at(60), soon()).await.unwrap();
    assert_eq!(other_contact, Lease::Taken);
}

#[tokio::test]
async fn others_see_whether_the_holder_is_only_starting() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let wanted_by_other =
        async || table.take_transcription_lease(CONTACT, "other", at(5), at(9), soon()).await.unwrap();
    table.take_transcription_lease(CONTACT, "starter", at(0), at(10), soon()).await.unwrap();
    assert_eq!(wanted_by_other().await, held("starter", 10, true));
    let renewed = table.renew_transcription_lease(CONTACT, "starter", at(60), None, soon()).await.unwrap();
    assert_eq!(renewed, Renewed::Yes);
    assert_eq!(wanted_by_other().await, held("starter", 60, false));
}

#[tokio::test]
async fn a_lease_passes_to_whoever_got_the_token_once() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let take_over = |token: &'static str, from, now, until| {
        table.take_over_transcription_lease(CONTACT, token, from, at(now), at(until), soon())
    };
    table.take_transcription_lease(CONTACT, "starter", at(0), at(60), soon()).await.unwrap();
    assert_eq!(take_over("stranger", None, 1, 45).await.unwrap(), held("starter", 60, true));
    assert_eq!(take_over("first", Some("starter"), 1, 45).await.unwrap(), Lease::Taken);
    assert_eq!(take_over("double", Some("starter"), 2, 46).await.unwrap(), held("first", 45, false));
    let renewed = table.renew_transcription_lease(CONTACT, "starter", at(99), None, soon()).await.unwrap();
    assert_eq!(renewed, Renewed::Lost, "the starter no longer has it");
    assert_eq!(take_over("second", Some("first"), 3, 50).await.unwrap(), Lease::Taken);
    let renewed = table.renew_transcription_lease(CONTACT, "first", at(99), Some("x"), soon()).await.unwrap();
    assert_eq!(renewed, Renewed::Lost);
    assert_eq!(table.transcription_checkpoint(CONTACT, soon()).await.unwrap(), None, "nothing was noted");
}

#[tokio::test]
async fn a_lease_that_ran_out_or_was_released_is_anybodys() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let take = |token: &'static str, now| {
        table.take_transcription_lease(CONTACT, token, at(now), at(now + 45), soon())
    };
    assert_eq!(take("dead", 0).await.unwrap(), Lease::Taken);
    assert_eq!(take("next", 44).await.unwrap(), held("dead", 45, true));
    let over = table.take_over_transcription_lease(CONTACT, "next", Some("?"), at(45), at(90), soon()).await;
    assert_eq!(over.unwrap(), Lease::Taken);
    table.release_transcription_lease(CONTACT, "dead", soon()).await.unwrap();
    assert_eq!(
        take("third", 46).await.unwrap(),
        held("next", 90, false),
        "it was not the dead one's to release"
    );
    table.release_transcription_lease(CONTACT, "next", soon()).await.unwrap();
    assert_eq!(take("third", 46).await.unwrap(), Lease::Taken);
}

#[tokio::test]
async fn the_checkpoint_outlives_its_holder() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let checkpoint = async || table.transcription_checkpoint(CONTACT, soon()).await.unwrap();
    assert_eq!(checkpoint().await, None);
    table.take_over_transcription_lease(CONTACT, "first", None, at(0), at(45), soon()).await.unwrap();
    for noted in ["one", "two"] {
        table.renew_transcription_lease(CONTACT, "first", at(50), Some(noted), soon()).await.unwrap();
        assert_eq!(checkpoint().await.as_deref(), Some(noted));
    }
    table.renew_transcription_lease(CONTACT, "first", at(60), None, soon()).await.unwrap();
    table.release_transcription_lease(CONTACT, "first", soon()).await.unwrap();
    table.take_transcription_lease(CONTACT, "later", at(61), at(99), soon()).await.unwrap();
    assert_eq!(checkpoint().await.as_deref(), Some("two"));
    let items = aws.items("CallState");
    assert_eq!((items.len(), &items[0]["pk"]), (1, &"transcription#c-1".into()));
    assert!(items[0]["expiresAt"].as_i64().unwrap() > Utc::now().timestamp());
}

#[tokio::test]
async fn a_failure_of_the_table_is_an_error_and_not_an_answer() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    aws.fail_next("UpdateItem", Failure { status: 400, code: "AccessDeniedException".into(), times: 1 });
    let error = table.take_transcription_lease(CONTACT, "one", at(0), at(9), soon()).await.unwrap_err();
    assert_eq!((error.kind(), error.action), ("AwsDenied", "dynamodb:UpdateItem"));
}
