//! How many utterances a second one environment of persist-transcripts takes to Salesforce, and what each costs.
//!
//! ```sh
//! cargo run --release --example transcript_throughput
//! ```
//!
//! A Salesforce that answers after 50 ms gets calls from a stream of 4 shards with 10 batches at once, which is as many
//! environments as Lambda would start. Org, stream and functions share this machine: rates are those of all of them
//! together, processor time is the functions' alone.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::{TimeDelta, Utc};
use contact_center::binaries::Binaries;
use contact_center::center::{Center, Options};
use contact_center::functions::packages;
use contact_center::lambda::Invocation;
use salesforce_org::{Fault, Operation};
use serde_json::{Value, json};

const FUNCTION: &str = "ContactLensProcessorFunction";
/// Shards, times the batches of each that are under way at once.
const ENVIRONMENTS: usize = 4 * 10;
const ANSWER: Duration = Duration::from_millis(50);
const CALLS: usize = 400;
const UTTERANCES: usize = 50;

fn main() -> anyhow::Result<()> {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let binaries = Binaries::build_for_release(packages()).await?;
    let center = Center::start(Options { binaries: Some(binaries), ..Options::default() }).await?;
    for operation in [Operation::SendMessage, Operation::SendMessages] {
        center.org().faults().add(Fault::latency(operation, ANSWER));
    }
    let seen: Arc<Mutex<Vec<Invocation>>> = Arc::default();
    let sink = Arc::clone(&seen);
    center.host().observe(move |invocation| {
        if invocation.function == FUNCTION {
            sink.lock().unwrap_or_else(PoisonError::into_inner).push(invocation.clone());
        }
    });
    let mut function = center.host().function(FUNCTION)?;
    function.max_environments = ENVIRONMENTS;
    center.host().deploy(function)?;
    println!("{CALLS} calls of {UTTERANCES} utterances; Salesforce answers after {} ms", ANSWER.as_millis());
    for round in ["cold", "warm"] {
        let calls = create_calls(&center, round).await?;
        let began = Instant::now();
        put_everything(&center, &calls);
        center.contact_lens().drain().await;
        report(round, began.elapsed(), &seen);
        for call in &calls {
            let messages = center.org().messages(call)?.len();
            ensure!(messages == UTTERANCES, "{messages} of {UTTERANCES} utterances of a call are in the org");
        }
    }
    center.shutdown().await;
    Ok(())
}

async fn create_calls(center: &Center, round: &str) -> anyhow::Result<Vec<String>> {
    let mut calls = Vec::new();
    for call in 0..CALLS {
        let id = format!("{round}-{call}");
        let invocation = center.host().invoke("InvokeTelephonyIntegrationApiFunction", create(&id)).await?;
        invocation.reply.context("creating a VoiceCall")?;
        calls.push(id);
    }
    Ok(calls)
}

fn put_everything(center: &Center, calls: &[String]) {
    let now = Utc::now();
    for number in 0..UTTERANCES {
        for call in calls {
            let arrived = now + TimeDelta::milliseconds(3_000 * number as i64 + 3_000);
            center.contact_lens().put_at(call, record(call, number).to_string(), arrived);
        }
    }
}

fn report(round: &str, took: Duration, seen: &Mutex<Vec<Invocation>>) {
    let all = std::mem::take(&mut *seen.lock().unwrap_or_else(PoisonError::into_inner));
    let utterances = (CALLS * UTTERANCES) as f64;
    // Every environment is cold once; the second round uses those of the first.
    let environments = all.iter().filter(|invocation| invocation.cold).count();
    let warm = all.iter().filter(|invocation| !invocation.cold);
    let cpu: Duration = all.iter().filter_map(|invocation| invocation.cpu).sum();
    let busy: Duration = warm.clone().map(|invocation| invocation.duration).sum();
    let records: usize = warm.clone().map(records).sum();
    let memory = all.iter().filter_map(|invocation| invocation.memory_mb).max().unwrap_or(0);
    println!(
        "{round}: {:.0} utterances a second; {} invocations, {environments} new environments, at most {memory} MB; {:.3} ms of \
         processor time each; while one works it takes {:.0} utterances a second",
        utterances / took.as_secs_f64(),
        all.len(),
        cpu.as_secs_f64() * 1e3 / utterances,
        records as f64 / busy.as_secs_f64(),
    );
}

fn records(invocation: &Invocation) -> usize {
    invocation.payload.to_json()["Records"].as_array().map_or(0, Vec::len)
}

fn record(call: &str, number: usize) -> Value {
    let role = ["CUSTOMER", "AGENT"][number % 2];
    json!({
        "Version": "1.0.0",
        "Channel": "VOICE",
        "AccountId": "123456789012",
        "InstanceId": "11111111-2222-3333-4444-555555555555",
        "ContactId": call,
        "LanguageCode": "en-US",
        "EventType": "SEGMENTS",
        "Segments": [{ "Utterance": {
            "Id": format!("{call}-{number}"),
            "TranscriptId": format!("{call}-turn-{number}"),
            "ParticipantId": role,
            "ParticipantRole": role,
            "PartialContent": "the router is off again since yesterday, and the light on it is red",
            "BeginOffsetMillis": 3_000 * number,
            "EndOffsetMillis": 3_000 * number + 2_400,
        } }],
    })
}

fn create(contact_id: &str) -> Value {
    let address = |number: &str| json!({"Address": number, "Type": "TELEPHONE_NUMBER"});
    json!({
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": {
                "Attributes": {},
                "AwsRegion": "us-west-2",
                "Channel": "VOICE",
                "ContactId": contact_id,
                "CustomerEndpoint": address("+12065550100"),
                "InitialContactId": contact_id,
                "InitiationMethod": "INBOUND",
                "InstanceARN": "arn:aws:connect:us-west-2:123456789012:instance/11111111-2222-3333-4444-555555555555",
                "PreviousContactId": contact_id,
                "Queue": null,
                "SystemEndpoint": address("+18005550199"),
            },
            "Parameters": { "methodName": "createVoiceCall" },
        },
    })
}
