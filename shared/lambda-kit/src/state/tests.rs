use local_aws::{Failure, LocalAws};

use super::*;
use crate::aws::tests::soon;

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

async fn table(aws: &LocalAws) -> StateTable {
    aws.create_table("CallState");
    let look_up = |variable: &str| (variable == "STATE_TABLE").then(|| "CallState".to_owned());
    StateTable::from_env(&Env::new(&look_up), &aws.sdk_config().await).unwrap()
}

#[tokio::test]
async fn the_newest_version_wins_in_whatever_order_they_come() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let (older, newer) = (at("2026-11-22T09:59:59Z"), at("2026-11-22T10:00:00.5Z"));

    assert_eq!(table.applied("c-1", soon()).await.unwrap(), None);
    assert_eq!(table.mark_applied("c-1", older, soon()).await.unwrap(), Marked::Newest);
    assert_eq!(table.mark_applied("c-1", newer, soon()).await.unwrap(), Marked::Newest);
    assert_eq!(table.mark_applied("c-1", newer, soon()).await.unwrap(), Marked::Newest, "again");
    assert_eq!(table.mark_applied("c-1", older, soon()).await.unwrap(), Marked::Superseded);
    assert_eq!(table.applied("c-1", soon()).await.unwrap(), Some(newer));
    assert_eq!(table.applied("c-2", soon()).await.unwrap(), None, "another contact");
}

#[tokio::test]
async fn an_item_has_a_place_of_its_own_and_expires() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    table.mark_applied("c-1", at("2026-11-22T10:00:00Z"), soon()).await.unwrap();
    let items = aws.items("CallState");
    assert_eq!(items.len(), 1);
    assert_eq!(items[0]["pk"], "contact-record#c-1");
    assert_eq!(items[0]["lastUpdate"], "2026-11-22T10:00:00.000000000Z");
    let days_left = (items[0]["expiresAt"].as_i64().unwrap() - Utc::now().timestamp()) / (24 * 3600);
    assert!((29..=30).contains(&days_left), "{days_left}");
}

#[test]
fn the_order_of_the_strings_is_the_order_of_the_times() {
    let times = [
        "2026-11-22T10:00:00Z",
        "2026-11-22T10:00:00.000000001Z",
        "2026-11-22T10:00:00.5Z",
        "2026-11-22T12:00:01+02:00",
    ];
    let strings = times.map(|time| sortable(DateTime::parse_from_rfc3339(time).unwrap().to_utc()));
    assert!(strings.is_sorted(), "{strings:?}");
}

#[tokio::test]
async fn the_call_center_of_a_contact_is_what_was_noted_last() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    table.mark_applied("c-1", Utc::now(), soon()).await.unwrap();
    assert_eq!(table.call_center_of("c-1", soon()).await.unwrap(), None, "only the record is known");
    for secret in ["emea-sales", "emea-support"] {
        table.note_call_center("c-1", secret, soon()).await.unwrap();
        assert_eq!(table.call_center_of("c-1", soon()).await.unwrap().as_deref(), Some(secret));
    }
    assert!(table.applied("c-1", soon()).await.unwrap().is_some(), "the notes do not touch each other");
}

#[tokio::test]
async fn failures_say_what_to_do() {
    let aws = LocalAws::start().await.unwrap();
    let denied = Failure { status: 400, code: "AccessDeniedException".into(), times: 1 };
    let table = table(&aws).await;
    aws.fail_next("PutItem", denied);
    let error = table.mark_applied("c-1", Utc::now(), soon()).await.unwrap_err();
    assert!(error.to_string().starts_with("dynamodb:PutItem on table CallState: access denied"), "{error}");
    assert_eq!((error.kind(), error.is_transient()), ("AwsDenied", false));

    let error = StateTable::from_env(&Env::new(&|_| None), &aws.sdk_config().await).err().unwrap();
    assert_eq!(error.variable, "STATE_TABLE");
}
