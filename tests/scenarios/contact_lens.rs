//! What Contact Lens hears, over the real function binaries: many calls at once, and Salesforce in trouble.

use std::collections::BTreeMap;
use std::time::Duration;

use callbridge::{Action, Order, Selection, Stop, replay};
use chrono::{DateTime, TimeDelta, Utc};
use contact_center::center::Center;
use lambda_kit::env::Env;
use salesforce_org::{Fault, Operation};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{center, create, reply};

const CALLS: usize = 500;
const UTTERANCES: usize = 40;
/// So many of the calls Salesforce does not know at first.
const UNKNOWN: usize = 5;
/// One record in so many is none.
const MALFORMED: usize = 100;

fn contact_id(call: usize) -> String {
    format!("4a573372-1f28-4e26-b97b-{call:012}")
}

fn utterance_id(call: usize, number: usize) -> String {
    format!("utterance-{call}-{number}")
}

/// Sides take turns, but not strictly.
fn role(call: usize, number: usize) -> &'static str {
    if (number + call / 7).is_multiple_of(2) || number.is_multiple_of(5) { "CUSTOMER" } else { "AGENT" }
}

/// When an utterance begins and ends, in ms of the audio.
fn offsets(number: usize) -> (usize, usize) {
    (number * 3_000, number * 3_000 + 2_400)
}

fn record(call: usize, number: usize) -> Value {
    let (begin, end) = offsets(number);
    json!({
        "Version": "1.0.0",
        "Channel": "VOICE",
        "AccountId": "123456789012",
        "InstanceId": "11111111-2222-3333-4444-555555555555",
        "ContactId": contact_id(call),
        "LanguageCode": "en-US",
        "EventType": "SEGMENTS",
        "Segments": [{ "Utterance": {
            "Id": utterance_id(call, number),
            "TranscriptId": format!("turn-{call}-{}", number / 2),
            "ParticipantId": role(call, number),
            "ParticipantRole": role(call, number),
            "PartialContent": format!("line {number} of call {call}: Grüße, 日本語"),
            "BeginOffsetMillis": begin,
            "EndOffsetMillis": end,
        } }],
    })
}

/// Records that are none, each in another way. One in five can be mended.
fn malformed(number: usize) -> Vec<u8> {
    let mut record = record(UNKNOWN, number % UTTERANCES);
    match number % 5 {
        0 => return format!("{record}#oops").into_bytes(),
        1 => drop(record.as_object_mut().unwrap().remove("ContactId")),
        2 => record["Segments"] = json!(number),
        3 => return vec![0xff, 0xfe, number as u8],
        _ => record["ContactId"] = json!(["not", "an", "id", number]),
    }
    record.to_string().into_bytes()
}

async fn create_calls(center: &std::sync::Arc<Center>, calls: std::ops::Range<usize>) {
    let mut creating = JoinSet::new();
    for call in calls {
        if creating.len() == 4 {
            creating.join_next().await.unwrap().unwrap();
        }
        let center = std::sync::Arc::clone(center);
        creating.spawn(async move { drop(reply(&center, create(&contact_id(call))).await) });
    }
    creating.join_all().await;
}

/// Puts everything on the stream as it is said, call by call: each record arrives a second after its words.
fn put_everything(center: &Center, audio_start: DateTime<Utc>) -> usize {
    let (mut put, mut bad) = (0, 0);
    for number in 0..UTTERANCES {
        for call in 0..CALLS {
            let arrived = audio_start + TimeDelta::milliseconds(offsets(number).1 as i64 + 1_000);
            let id = contact_id(call);
            center.contact_lens().put_at(&id, record(call, number).to_string(), arrived);
            put += 1;
            if put % MALFORMED == 0 {
                center.contact_lens().put_at(&id, malformed(bad), arrived);
                bad += 1;
            }
        }
    }
    bad
}

/// What the org has of a call: message ids of each sender, in the order of their times.
fn said(center: &Center, call: usize) -> BTreeMap<String, Vec<String>> {
    let mut by_sender: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for message in center.org().messages(&contact_id(call)).unwrap() {
        by_sender.entry(message.sender_type.clone()).or_default().push(message.message_id);
    }
    by_sender
}

/// Every utterance once, in the order in which each side said them, and nothing else.
fn assert_whole(center: &Center, call: usize) {
    let mut expected: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for number in 0..UTTERANCES {
        let sender = if role(call, number) == "CUSTOMER" { "END_USER" } else { "VIRTUAL_AGENT" };
        expected.entry(sender.to_owned()).or_default().push(utterance_id(call, number));
    }
    assert_eq!(said(center, call), expected, "call {call}");
    for message in center.org().messages(&contact_id(call)).unwrap() {
        assert!(message.content.ends_with(&format!("of call {call}: Grüße, 日本語")), "{}", message.content);
    }
}

/// What `callbridge replay` does with the letters of one reason.
async fn replay_letters(
    center: &Center,
    action: Action,
    reason: &str,
    mend: Option<&str>,
) -> (callbridge::Outcome, String) {
    let sdk = center.aws().sdk_config().await;
    let lambda = center.host().url();
    let look_up = |name: &str| (name == "AWS_ENDPOINT_URL_LAMBDA").then(|| lambda.clone());
    let order = Order {
        queue: center.dead_letters_url().to_owned(),
        selection: Selection { reasons: vec![reason.to_owned()], ..Selection::default() },
        action,
        show: false,
        mend: mend.map(str::to_owned),
        to: None,
        alias: "active".to_owned(),
        poll: Duration::ZERO,
    };
    let mut told = Vec::new();
    let outcome = replay(&order, &sdk, &Env::new(&look_up), &Stop::default(), &mut told).await.unwrap();
    (outcome, String::from_utf8(told).unwrap())
}

fn reasons(center: &Center) -> BTreeMap<String, usize> {
    let mut reasons = BTreeMap::new();
    for letter in center.dead_letters() {
        let letter: Value = serde_json::from_str(&letter).unwrap();
        *reasons.entry(letter["reason"]["code"].as_str().unwrap().to_owned()).or_default() += 1;
    }
    reasons
}

/// 500 calls of 40 utterances on 4 shards, while a fifth of the requests fail in one way or another, one record in a hundred is
/// none, and five calls are not in Salesforce yet.
#[tokio::test(flavor = "multi_thread")]
async fn every_utterance_is_in_the_org_once_and_in_order_however_salesforce_fails() {
    let center = center().await;
    create_calls(&center, UNKNOWN..CALLS).await;
    let faults = center.org().faults();
    for operation in [Operation::SendMessage, Operation::SendMessages] {
        faults.add(Fault::status(operation, 503).rate(0.10));
        faults.add(Fault::status(operation, 429).retry_after(0).rate(0.05));
        faults.add(Fault::reset(operation).rate(0.03));
        faults.add(Fault::lost_reply(operation).rate(0.03));
    }
    // All is said after the last of the calls has begun, which Salesforce would not take otherwise.
    let bad = put_everything(&center, Utc::now() + TimeDelta::minutes(30));
    center.settle().await.unwrap();

    (UNKNOWN..CALLS).for_each(|call| assert_whole(&center, call));
    let refused = UNKNOWN * UTTERANCES;
    let expected =
        BTreeMap::from([("MalformedRecord".to_owned(), bad), ("SalesforceRefused".to_owned(), refused)]);
    assert_eq!(reasons(&center), expected);
    let failed = center.org().requests().iter().filter(|request| request.fault).count();
    assert!(failed > 100, "only {failed} requests failed");

    // The cause is mended: the calls are there, and Salesforce is well.
    create_calls(&center, 0..UNKNOWN).await;
    faults.clear();
    let (outcome, told) = replay_letters(&center, Action::Send, "SalesforceRefused", None).await;
    assert_eq!((outcome.done, outcome.left, outcome.came_back), (refused, 0, 0), "{told}");
    (0..CALLS).for_each(|call| assert_whole(&center, call));
    // Some of what is malformed can be mended. Nothing can be made of the rest.
    let hopeless = bad - bad.div_ceil(5);
    let mend = Some("sed 's/#oops$//'");
    let (outcome, told) = replay_letters(&center, Action::Send, "MalformedRecord", mend).await;
    assert_eq!((outcome.done, outcome.left, outcome.came_back), (bad, 0, hopeless), "{told}");
    let (outcome, told) = replay_letters(&center, Action::Discard, "MalformedRecord", None).await;
    assert_eq!((outcome.done, center.dead_letters().len()), (hopeless, 0), "{told}");
    (0..CALLS).for_each(|call| assert_whole(&center, call));

    let sent = center.org().request_count(Operation::SendMessages);
    center.contact_lens().deliver_again();
    center.settle().await.unwrap();
    assert_eq!(
        center.org().request_count(Operation::SendMessages),
        sent,
        "all of it is known to be delivered"
    );
    (0..CALLS).for_each(|call| assert_whole(&center, call));
}
