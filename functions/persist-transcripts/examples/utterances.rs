//! How many utterances one environment delivers in a second to a Salesforce that takes 50 ms, and how much CPU each takes.
//!
//! ```sh
//! cargo run --release -p persist-transcripts --example utterances
//! ```
//!
//! The function runs in a thread of its own, as in Lambda; Salesforce and AWS are stand-ins in other threads. What is counted is the
//! CPU of the first, with reading the event from its text.

use std::time::Duration;

use anyhow::Context;
use call_centers::CallCenters;
use lambda_kit::contacts::Contacts;
use lambda_kit::credentials::CredentialStore;
use lambda_kit::dead_letter::{DeadLetterQueue, Source};
use lambda_kit::env::Env;
use lambda_kit::kinesis::replay_event;
use lambda_kit::state::StateTable;
use persist_transcripts::{App, Clients, Config};
use serde_json::json;
use stage::Stage;
use tokio::runtime::{Builder, Runtime};
use tokio::time::Instant;
use wiremock::matchers::any;
use wiremock::{Mock, ResponseTemplate};

const LATENCY: Duration = Duration::from_millis(50);
const BATCHES: usize = 50;
/// Of each, in records with one utterance.
const RECORDS: usize = 100;
/// Of so many calls: each takes turns with others, and a write to the state table.
const CALLS: [usize; 3] = [5, 12, 50];

fn main() -> anyhow::Result<()> {
    let elsewhere: Runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let stage = elsewhere.block_on(async {
        let stage = Stage::new().await?;
        let accepted = ResponseTemplate::new(200).set_body_json(json!({ "result": "Accepted" }));
        Mock::given(any()).respond_with(accepted.set_delay(LATENCY)).mount(&stage.salesforce).await;
        anyhow::Ok(stage)
    })?;
    let look_up = |variable: &str| stage.look_up(variable);
    let env = Env::new(&look_up);
    let metrics = stage.metrics();
    let clients = Clients {
        call_centers: CallCenters::new(CredentialStore::from_env(&env, stage.sdk())?, metrics.clone()),
        state: StateTable::from_env(&env, stage.sdk())?,
        contacts: Contacts::new(&env, stage.sdk()),
        dead_letters: DeadLetterQueue::from_env(&env, stage.sdk(), &metrics)?,
    };
    let app = App::new(Config::from_env(&env)?, clients, metrics);
    let runtime = Builder::new_current_thread().enable_all().build()?;
    CALLS.into_iter().try_for_each(|calls| runtime.block_on(measure(&app, calls)))
}

async fn measure(app: &App, calls: usize) -> anyhow::Result<()> {
    let batches: Vec<String> = (0..=BATCHES).map(|number| batch(number, calls)).collect();
    let (mut started, mut cpu) = (Instant::now(), Duration::ZERO);
    for (number, batch) in batches.iter().enumerate() {
        // The first one reads the secret, signs and connects.
        if number == 1 {
            (started, cpu) = (Instant::now(), cpu_of_this_thread()?);
        }
        let event = serde_json::from_str(batch)?;
        let reply = app.handle(event, Instant::now() + Duration::from_secs(120)).await?;
        anyhow::ensure!(reply.batch_item_failures.is_empty(), "a batch was not delivered");
    }
    let (elapsed, cpu) = (started.elapsed(), cpu_of_this_thread()? - cpu);
    let utterances = (BATCHES * RECORDS) as f64;
    println!(
        "{utterances} utterances, {calls:2} calls in a batch of {RECORDS}, Salesforce takes {} ms: {:.0} a second, {:.3} ms of CPU each",
        LATENCY.as_millis(),
        utterances / elapsed.as_secs_f64(),
        cpu.as_secs_f64() * 1e3 / utterances
    );
    Ok(())
}

/// A batch as Lambda delivers it.
fn batch(number: usize, calls: usize) -> String {
    let records: Vec<(Source, String)> = (0..RECORDS)
        .map(|record| {
            let contact = format!("1f8e2b40-6c3d-4a57-{calls:04}-{:012}", record % calls);
            let offset = (number * RECORDS + record) * 1_000;
            let utterance = json!({ "Utterance": {
                "Id": format!("c0a1e5b2-0000-4000-8000-{:012}", number * RECORDS + record),
                "TranscriptId": "7e9d4f31-0000-4000-8000-000000000001",
                "ParticipantId": "CUSTOMER", "ParticipantRole": if record % 2 == 0 { "CUSTOMER" } else { "AGENT" },
                "PartialContent": "and I have been waiting for it for two weeks now.",
                "BeginOffsetMillis": offset, "EndOffsetMillis": offset + 900,
            } });
            let event = json!({
                "Version": "1.0.0", "Channel": "VOICE", "AccountId": "123456789012",
                "InstanceId": "6f1d0c52-8b7e-4c39-9a44-2d5e7f0b1c83", "ContactId": contact,
                "LanguageCode": "en-US", "EventType": "SEGMENTS", "Segments": [utterance],
            });
            let sequence = format!("49661{:051}", number * RECORDS + record);
            let source = Source {
                event_id: format!("shardId-000000000000:{sequence}"),
                sequence_number: Some(sequence),
                partition_key: Some(contact),
                arrived_at: Some("2026-03-02T18:00:00Z".parse().unwrap_or_default()),
            };
            (source, event.to_string())
        })
        .collect();
    let mut event = replay_event(records.iter().map(|(source, event)| (source, event.as_bytes())));
    event["Replay"] = json!(false);
    event.to_string()
}

/// Linux counts it in nanoseconds.
fn cpu_of_this_thread() -> anyhow::Result<Duration> {
    let counters = std::fs::read_to_string("/proc/thread-self/schedstat")
        .context("only Linux tells the CPU of a thread")?;
    let nanoseconds = counters.split(' ').next().context("no counters")?.parse()?;
    Ok(Duration::from_nanos(nanoseconds))
}
