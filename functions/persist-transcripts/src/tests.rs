//! Sample batches through the function: what is sent to Salesforce, and what becomes of each record.

mod faults;
mod first_contact;
mod stream;

use std::fmt::Write;
use std::time::Duration;

use lambda_kit::credentials::CredentialStore;
use lambda_kit::env::Env;
use serde_json::json;
use stage::{Stage, event, event_names, soon};

use super::*;
use stream::{Said, batch_of, category, redelivered_from};

/// The function with these variables.
fn app_with(stage: &Stage, variables: &[(&str, &str)]) -> App {
    let look_up = |variable: &str| {
        let own = variables.iter().find(|(name, _)| *name == variable);
        own.map(|(_, value)| (*value).to_owned()).or_else(|| stage.look_up(variable))
    };
    let env = Env::new(&look_up);
    let clients = Clients {
        call_centers: CallCenters::new(
            CredentialStore::from_env(&env, stage.sdk()).unwrap(),
            stage.metrics(),
        ),
        state: StateTable::from_env(&env, stage.sdk()).unwrap(),
        contacts: Contacts::new(&env, stage.sdk()),
        dead_letters: DeadLetterQueue::from_env(&env, stage.sdk(), &stage.metrics()).unwrap(),
    };
    App::new(Config::from_env(&env).unwrap(), clients, stage.metrics())
}

fn app(stage: &Stage) -> App {
    app_with(stage, &[])
}

async fn willing() -> Stage {
    let stage = Stage::new().await.unwrap();
    stage.answer(200, json!({ "result": "Accepted" })).await;
    stage
}

fn sample(name: &str) -> Value {
    event(&format!("persist-transcripts/{name}.json")).unwrap()
}

/// The messages of all requests, in order of arrival: conversation, id and content.
async fn messages(stage: &Stage) -> Vec<(String, String, String)> {
    let mut messages = Vec::new();
    for sent in stage.sent().await {
        for entry in sent["body"]["entries"].as_array().into_iter().flatten() {
            for message in entry["messages"].as_array().unwrap() {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                messages.push((
                    text(&entry["vendorCallKey"]),
                    text(&message["messageId"]),
                    text(&message["content"]),
                ));
            }
        }
    }
    messages
}

/// What becomes of each sample, under these settings.
async fn story(variables: &[(&str, &str)]) -> String {
    let mut story = String::new();
    for name in event_names("persist-transcripts").unwrap() {
        let stage = willing().await;
        let batch = event(&format!("persist-transcripts/{name}")).unwrap();
        let reply = app_with(&stage, variables).handle(batch, soon()).await.unwrap();
        assert_eq!(redelivered_from(&reply), None, "{name}");
        let mut lines: Vec<String> = stage
            .sent()
            .await
            .iter()
            .map(|sent| format!("{} {}", sent["request"].as_str().unwrap(), sent["body"]))
            .collect();
        // Different calls are told at the same time.
        lines.sort();
        lines.extend(stage.counted("Skipped", "reason").iter().map(|reason| format!("skipped: {reason}")));
        lines.extend(stage.dead_letters().iter().map(|letter| format!("dead letter: {}", letter["reason"])));
        let mut states = stage.aws.items(stage::TABLE);
        for state in &mut states {
            state.as_object_mut().unwrap().remove("expiresAt");
        }
        lines.extend(states.iter().map(|state| format!("noted: {state}")));
        writeln!(story, "# {name}\n{}\n", lines.join("\n")).unwrap();
    }
    story
}

#[tokio::test]
async fn each_sample_batch_sends_this_to_salesforce() {
    insta::assert_snapshot!(story(&[]).await);
}

#[tokio::test]
async fn each_sample_batch_sends_that_with_everything_switched_the_other_way() {
    let variables = [
        ("TRANSCRIPT_SOURCE", "transcript"),
        ("CATEGORY_SIGNALS", "false"),
        ("SENTIMENT_SIGNALS", "true"),
        ("SUMMARY_FIELD", "Call_Summary__c"),
    ];
    insta::assert_snapshot!(story(&variables).await);
}

#[tokio::test]
async fn a_batch_of_any_size_is_delivered_in_requests_within_the_limits() {
    let stage = willing().await;
    // 20 calls, 40 records of each, customer and agent in turn.
    let said: Vec<Said> =
        (0..800).map(|number| Said::new(&format!("c-{}", number % 20), number / 20, number)).collect();
    let reply = app(&stage).handle(batch_of(&said), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    let sent = stage.sent().await;
    for request in &sent {
        let entries = request["body"]["entries"].as_array().unwrap();
        assert!(entries.len() <= 5);
        for entry in entries {
            let messages = entry["messages"].as_array().unwrap();
            assert!(messages.len() <= 5);
            let speakers: std::collections::BTreeSet<_> =
                messages.iter().map(|message| message["participantId"].as_str().unwrap()).collect();
            assert_eq!(speakers.len(), 1, "one participant per entry");
        }
    }
    // 8 rounds of 20 calls; a call with both sides takes two of five entries.
    assert!(sent.len() <= 80, "{} requests", sent.len());
    let messages = messages(&stage).await;
    assert_eq!(messages.len(), 800);
    for call in 0..20 {
        for side in 0..2 {
            let ids: Vec<usize> = messages
                .iter()
                .filter(|(conversation, _, _)| *conversation == format!("c-{call}"))
                .map(|(_, id, _)| id.strip_prefix("u-").unwrap().parse().unwrap())
                .filter(|id: &usize| id / 20 % 2 == side)
                .collect();
            assert!(ids.len() == 20 && ids.is_sorted(), "call {call}, side {side}: {ids:?}");
        }
    }
    // One read of the state, one write per call, nobody asked for a contact.
    let requests = stage.aws.requests();
    let count = |name: &str| requests.iter().filter(|request| request.operation == name).count();
    assert_eq!((count("BatchGetItem"), count("UpdateItem"), count("DescribeContact")), (1, 20, 0));
}

#[tokio::test]
async fn the_same_batch_again_changes_nothing() {
    for name in event_names("persist-transcripts").unwrap() {
        let stage = willing().await;
        let app = app(&stage);
        let batch = event(&format!("persist-transcripts/{name}")).unwrap();
        app.handle(batch.clone(), soon()).await.unwrap();
        let (sent, state) = (stage.sent().await.len(), stage.aws.items(stage::TABLE));
        let reply = app.handle(batch, soon()).await.unwrap();
        assert_eq!(redelivered_from(&reply), None);
        assert_eq!(stage.sent().await.len(), sent, "{name}");
        assert_eq!(stage.aws.items(stage::TABLE), state, "{name}");
    }
}

#[tokio::test]
async fn a_record_that_comes_late_keeps_its_place_in_the_conversation() {
    let stage = willing().await;
    let app = app(&stage);
    let times = async |batch: Value| {
        app.handle(batch, soon()).await.unwrap();
        let sent = stage.sent().await;
        let entries = sent.last().unwrap()["body"]["entries"].as_array().unwrap();
        let messages = entries.iter().flat_map(|entry| entry["messages"].as_array().unwrap());
        messages.map(|message| message["startTime"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    let audio_start = times(batch_of(&[Said::new("c-1", 0, 0)])).await[0];
    // An hour late, in a batch of its own; and then in time again.
    let late = Said { delay: 3_600_000, ..Said::new("c-1", 1, 1) };
    assert_eq!(times(batch_of(&[late])).await, [audio_start + 1_000]);
    assert_eq!(times(batch_of(&[Said::new("c-1", 2, 2)])).await, [audio_start + 2_000]);
    // The first that is told of a call is late: those in the same batch set it right.
    let late = Said { delay: 60_000, ..Said::new("c-2", 0, 3) };
    assert_eq!(times(batch_of(&[late, Said::new("c-2", 1, 4)])).await, [audio_start, audio_start + 1_000]);
}

#[tokio::test]
async fn turns_have_the_times_that_their_utterances_told() {
    let stage = willing().await;
    let app = app_with(&stage, &[("TRANSCRIPT_SOURCE", "transcript")]);
    app.handle(batch_of(&[Said::new("c-1", 0, 0)]), soon()).await.unwrap();
    assert!(stage.sent().await.is_empty());
    let turn = json!({ "Transcript": {
        "Id": "t-1", "ParticipantRole": "CUSTOMER", "Content": "words", "BeginOffsetMillis": 0, "EndOffsetMillis": 900,
    } });
    // Four seconds after the words.
    app.handle(stream::batch([("c-1", 1, 4_900, stream::segments("c-1", &[turn]))]), soon()).await.unwrap();
    let sent = stage.sent().await;
    let message = &sent[0]["body"]["entries"][0]["messages"][0];
    assert_eq!(message["startTime"], stream::AUDIO_START);
}

#[tokio::test]
async fn a_category_without_details_is_a_signal_without_details() {
    let stage = willing().await;
    app(&stage).handle(sample("batch-call"), soon()).await.unwrap();
    let events: Vec<Value> = stage
        .sent()
        .await
        .iter()
        .flat_map(|sent| sent["body"]["events"].as_array().cloned().unwrap_or_default())
        .collect();
    let names: Vec<&str> = events.iter().map(|event| event["value"].as_str().unwrap()).collect();
    assert_eq!(names, ["LateDelivery", "UpsetCustomer", "LongSilence"]);
    assert_eq!(events[0]["details"], json!({ "BeginOffsetMillis": 5100, "EndOffsetMillis": 9300 }));
    assert!(events[1].get("details").is_none() && events[2].get("details").is_none());
}

#[tokio::test]
async fn the_limit_of_messages_per_second_holds_over_all_requests() {
    let stage = willing().await;
    let said: Vec<Said> = (0..30).map(|number| Said::new(&format!("c-{number}"), 0, number)).collect();
    let started = Instant::now();
    let app = app_with(&stage, &[("MESSAGES_PER_SECOND", "50")]);
    app.handle(batch_of(&said), soon()).await.unwrap();
    assert!(started.elapsed() >= Duration::from_millis(500), "{:?}", started.elapsed());
    assert_eq!(messages(&stage).await.len(), 30);
    // What the limit has no time for comes again.
    let app = app_with(&stage, &[("MESSAGES_PER_SECOND", "1")]);
    let more: Vec<Said> = (0..30).map(|number| Said::new(&format!("d-{number}"), 0, 100 + number)).collect();
    let reply = app
        .handle(batch_of(&more), Instant::now() + TIME_TO_NOTE + Duration::from_millis(200))
        .await
        .unwrap();
    assert_eq!(redelivered_from(&reply), Some("105"));
}

#[tokio::test]
async fn a_contact_of_another_call_center_is_told_to_that_one() {
    let stage = willing().await;
    stage.add_call_center("Other").unwrap();
    let app = app(&stage);
    app.clients.state.note_call_center("c-2", "Other-salesforce-secret", soon()).await.unwrap();
    app.handle(batch_of(&[Said::new("c-1", 0, 0), Said::new("c-2", 0, 1)]), soon()).await.unwrap();
    let sent = stage.sent().await;
    assert_eq!(sent.len(), 2, "no request holds calls of both");
    // A contact that names a secret that nobody may use: its records only.
    app.clients.state.note_call_center("c-3", "production/database", soon()).await.unwrap();
    let reply =
        app.handle(batch_of(&[Said::new("c-3", 0, 2), Said::new("c-1", 1, 3)]), soon()).await.unwrap();
    assert_eq!(redelivered_from(&reply), None);
    assert_eq!(stage.dead_letters().len(), 1);
    assert_eq!(stage.sent().await.len(), 3);
}

#[tokio::test]
async fn what_is_no_batch_is_an_error_that_says_where() {
    let stage = willing().await;
    let error = app(&stage).handle(json!({ "Records": "none" }), soon()).await.unwrap_err();
    assert!(error.to_string().contains("Records"), "{error}");
}

#[tokio::test]
async fn nothing_is_asked_of_anybody_when_nothing_is_said() {
    let stage = willing().await;
    let started = event("contact-lens/started.json").unwrap();
    let batch = stream::batch([(started["ContactId"].as_str().unwrap(), 0, 0, started.clone())]);
    app(&stage).handle(batch, soon()).await.unwrap();
    assert!(stage.sent().await.is_empty() && stage.aws.requests().is_empty());
}
