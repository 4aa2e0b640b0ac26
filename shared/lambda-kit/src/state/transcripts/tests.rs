use local_aws::{Failure, LocalAws};
use proptest::prelude::*;

use super::*;
use crate::aws::tests::soon;
use crate::env::Env;

async fn table(aws: &LocalAws) -> StateTable {
    aws.create_table("CallState");
    let look_up = |variable: &str| (variable == "STATE_TABLE").then(|| "CallState".to_owned());
    StateTable::from_env(&Env::new(&look_up), &aws.sdk_config().await).unwrap()
}

fn delivered(sequence: &str, segments: usize) -> Delivered {
    Delivered { partition_key: "key-1".into(), sequence: sequence.into(), segments }
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

const START: &str = "2026-11-22T10:00:00.25Z";

#[tokio::test]
async fn what_is_known_of_contacts_comes_in_one_read() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    table.mark_delivered("c-1", &delivered("4950", 2), at(START), soon()).await.unwrap();
    table.note_first_contact("c-2", "c-0", soon()).await.unwrap();
    table.note_call_center("c-2", "emea-sales", soon()).await.unwrap();
    table.note_call_center("c-3", "emea-support", soon()).await.unwrap();

    let known = table.transcripts(&["c-1", "c-2", "c-3", "c-4"], soon()).await.unwrap();
    let nothing = TranscriptState::default;
    let expected = [
        (
            "c-1",
            TranscriptState {
                delivered: Some(delivered("4950", 2)),
                audio_start: Some(at(START)),
                ..nothing()
            },
        ),
        (
            "c-2",
            TranscriptState {
                first_contact: Some("c-0".into()),
                call_center: Some("emea-sales".into()),
                ..nothing()
            },
        ),
        ("c-3", TranscriptState { call_center: Some("emea-support".into()), ..nothing() }),
    ];
    assert_eq!(known, expected.map(|(contact, state)| (contact.to_owned(), state)).into());
    assert_eq!(table.first_contact_of("c-2", soon()).await.unwrap().as_deref(), Some("c-0"));
    assert_eq!(table.first_contact_of("c-1", soon()).await.unwrap(), None);
    assert!(table.transcripts(&[], soon()).await.unwrap().is_empty());
}

#[tokio::test]
async fn more_contacts_than_one_read_takes_are_all_read() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let contacts: Vec<String> = (0..120).map(|number| format!("c-{number}")).collect();
    for contact in &contacts {
        table.note_first_contact(contact, "c-0", soon()).await.unwrap();
    }
    let names: Vec<&str> = contacts.iter().map(String::as_str).collect();
    assert_eq!(table.transcripts(&names, soon()).await.unwrap().len(), 120);
}

#[tokio::test]
async fn a_mark_never_goes_back() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let start = at(START);
    let (nine, ten) = (delivered("9", 5), delivered("10", 1));
    for (mark, marked) in [
        (&nine, Marked::Newest),
        (&ten, Marked::Newest),
        (&nine, Marked::Superseded),
        (&ten, Marked::Newest),
        (&delivered("10", 0), Marked::Superseded),
        (&delivered("10", 3), Marked::Newest),
    ] {
        assert_eq!(table.mark_delivered("c-1", mark, start, soon()).await.unwrap(), marked, "{mark:?}");
    }
    let known = table.transcripts(&["c-1"], soon()).await.unwrap();
    assert_eq!(known["c-1"].delivered, Some(delivered("10", 3)));
}

#[tokio::test]
async fn who_delivers_and_who_learns_of_the_first_contact_do_not_undo_each_other() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    table.note_first_contact("c-1", "c-0", soon()).await.unwrap();
    table.mark_delivered("c-1", &delivered("1", 1), at(START), soon()).await.unwrap();
    table.note_first_contact("c-1", "c-0", soon()).await.unwrap();
    let known = &table.transcripts(&["c-1"], soon()).await.unwrap()["c-1"];
    assert_eq!(known.first_contact.as_deref(), Some("c-0"));
    assert_eq!(known.delivered, Some(delivered("1", 1)));
    let items = aws.items("CallState");
    assert_eq!((items.len(), &items[0]["pk"]), (1, &"transcript#c-1".into()));
    let days_left = (items[0]["expiresAt"].as_i64().unwrap() - Utc::now().timestamp()) / (24 * 3600);
    assert!((29..=30).contains(&days_left), "{days_left}");
}

#[tokio::test]
async fn failures_say_what_to_do() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let denied = Failure { status: 400, code: "AccessDeniedException".into(), times: 1 };
    aws.fail_next("BatchGetItem", denied);
    let error = table.transcripts(&["c-1"], soon()).await.unwrap_err();
    assert!(
        error.to_string().starts_with("dynamodb:BatchGetItem on table CallState: access denied"),
        "{error}"
    );
}

#[test]
fn a_mark_covers_what_came_before_it_under_the_same_partition_key() {
    let mark = delivered("100", 3);
    for (sequence, segments) in [("99", usize::MAX), ("100", 3), ("0100", 3), ("101", 0), ("1000", 0)] {
        assert_eq!(mark.of("key-1", sequence), segments, "{sequence}");
    }
    assert_eq!(mark.of("key-2", "99"), 0, "there is no order between partition keys");
}

#[tokio::test]
async fn of_another_partition_key_any_mark_is_taken() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    let start = at(START);
    table.mark_delivered("c-1", &delivered("10", 1), start, soon()).await.unwrap();
    let other = Delivered { partition_key: "key-2".into(), ..delivered("5", 1) };
    assert_eq!(table.mark_delivered("c-1", &other, start, soon()).await.unwrap(), Marked::Newest);
}

proptest! {
    #[test]
    fn positions_are_in_the_order_of_the_numbers(one in "[1-9][0-9]{0,128}", other in "[1-9][0-9]{0,128}") {
        let as_numbers = one.len().cmp(&other.len()).then_with(|| one.cmp(&other));
        prop_assert_eq!(position(&one).cmp(&position(&other)), as_numbers);
    }
}

#[tokio::test]
async fn what_dynamodb_leaves_out_is_asked_for_again() {
    let aws = LocalAws::start().await.unwrap();
    let table = table(&aws).await;
    for contact in ["c-1", "c-2"] {
        table.note_first_contact(contact, "c-0", soon()).await.unwrap();
    }
    aws.leave_unprocessed(3);
    assert_eq!(table.transcripts(&["c-1", "c-2"], soon()).await.unwrap().len(), 2);
    let reads = aws.requests().iter().filter(|request| request.operation == "BatchGetItem").count();
    assert_eq!(reads, 2);
    // As long as there is time.
    (0..20).for_each(|_| aws.leave_unprocessed(1));
    let shortly = Instant::now() + Duration::from_millis(120);
    let error = table.transcripts(&["c-1"], shortly).await.unwrap_err();
    assert_eq!(error.kind(), "OutOfTime");
}
