//! What the transcription of a call costs: processor time, memory, and the delay that is its own.
//!
//! ```sh
//! cargo run --release --example transcription_cost
//! ```
//!
//! Plays a call at the speed of the clock, and two others as fast as it is worth while. Everything is seen from outside:
//! the streams know when a fragment is put in, the transcriber's stand-in how much audio it has and how many final
//! results it gave, the org when it was asked. So their own work, and the loopback, are part of the delays.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, ensure};
use chrono::Utc;
use contact_center::binaries::Binaries;
use contact_center::center::{Center, Options};
use contact_center::functions::packages;
use contact_center::lambda::Invocation;
use local_aws::{CallAudio, Side};
use salesforce_org::Operation;
use serde_json::{Value, json};

const TRANSCRIBER: &str = "kvsTranscriber";

const MINUTE: Duration = Duration::from_secs(60);
/// The call that is played at the speed of the clock.
const LIVE: Duration = Duration::from_secs(120);
/// The others, and how many times as fast as the clock.
const SHORT: Duration = MINUTE.saturating_mul(10);
const LONG: Duration = MINUTE.saturating_mul(240);
const FAST: f64 = 100.0;

/// Somebody says something every so often.
const TURN: Duration = Duration::from_secs(6);
const SAID: Duration = Duration::from_millis(2800);
const WORDS: &str = "the router is off again since yesterday";

/// How often it is looked at what has arrived.
const EVERY: Duration = Duration::from_micros(100);
/// The function sends audio in chunks of so much: what is left of a fragment goes with the next one.
const CHUNK_MS: u128 = 100;

fn main() -> anyhow::Result<()> {
    // The org and the AWS services answer from this very process: on two threads, they do not wait for each other.
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?.block_on(run())
}

async fn run() -> anyhow::Result<()> {
    let binaries = Binaries::build_for_release(packages()).await?;
    let center = Center::start(Options { binaries: Some(binaries), ..Options::default() }).await?;
    let invocations: Arc<Mutex<Vec<Invocation>>> = Arc::default();
    let seen = Arc::clone(&invocations);
    center.host().observe(move |invocation| {
        if invocation.function == TRANSCRIBER {
            seen.lock().unwrap_or_else(PoisonError::into_inner).push(invocation.clone());
        }
    });

    println!("A call of {} s at the speed of the clock", LIVE.as_secs());
    let delays = play(&center, LIVE, 1.0).await?;
    println!("  fragment in the stream -> its audio at Transcribe     {}", spread(delays.audio));
    println!("  final result -> request to Salesforce                {}", spread(delays.results));
    report(LIVE, &invocations);

    for length in [SHORT, LONG] {
        println!("A call of {} min, {FAST} times as fast", length.as_secs() / 60);
        center.host().recycle(TRANSCRIBER)?;
        play(&center, length, FAST).await?;
        report(length, &invocations);
    }
    center.shutdown().await;
    Ok(())
}

/// Prints what the invocations used, and forgets them.
fn report(length: Duration, invocations: &Mutex<Vec<Invocation>>) {
    let all = std::mem::take(&mut *invocations.lock().unwrap_or_else(PoisonError::into_inner));
    let cpu: Duration = all.iter().filter_map(|invocation| invocation.cpu).sum();
    let memory = all.iter().filter_map(|invocation| invocation.memory_mb).max().unwrap_or(0);
    let minutes = length.as_secs_f64() / 60.0;
    println!(
        "  {} invocation(s), {:.1} ms of processor time per minute of call ({:.2} % of a core), at most {memory} MB",
        all.len(),
        cpu.as_secs_f64() * 1e3 / minutes,
        100.0 * cpu.as_secs_f64() / length.as_secs_f64(),
    );
}

/// How long each fragment and each result took.
#[derive(Default)]
struct Delays {
    audio: Vec<Duration>,
    results: Vec<Duration>,
}

async fn play(center: &Center, length: Duration, speed: f64) -> anyhow::Result<Delays> {
    let contact_id = uuid::Uuid::new_v4().to_string();
    let started = Utc::now();
    let stream = center.aws().video_stream(&contact_id);
    let mut call = CallAudio::new(center.aws(), &contact_id, started, length);
    let turns = (1..).map(|turn| TURN * turn).take_while(|at| *at + TURN < length);
    for (at, side) in turns.clone().zip(Side::BOTH.into_iter().cycle()) {
        call.say(side, at, SAID, WORDS)?;
    }
    center.aws().put_contact(center.instance().id(), &contact_id, json!({"Channel": "VOICE"}));
    let audio = json!({
        "StreamARN": stream.arn(),
        "StartTimestamp": started.timestamp_millis().to_string(),
        "StopTimestamp": null,
        "StartFragmentNumber": stream.next_fragment_number(),
    });
    for (function, method) in [("voice-call", Some("createVoiceCall")), ("start-transcription", None)] {
        let event = event(center, &contact_id, &audio, method);
        let invocation = center.host().invoke(function, event).await?;
        invocation.reply.with_context(|| format!("invoking {function}"))?;
    }

    let sessions_before = center.aws().transcriptions().len();
    let asked_before = asked(center);
    let over = AtomicBool::new(false);
    let mut pushed = Vec::new();
    let (finals, requests, heard) = std::thread::scope(|scope| {
        let watch = scope.spawn(|| watch(center, sessions_before, asked_before, &over));
        let runtime = tokio::runtime::Handle::current();
        tokio::task::block_in_place(|| {
            runtime.block_on(async {
                let began = tokio::time::Instant::now();
                for fragment in call.fragments() {
                    let received = fragment.server_timestamp.unwrap_or(started);
                    let spoken = (received - started).to_std().unwrap_or_default();
                    tokio::time::sleep_until(began + spoken.div_f64(speed)).await;
                    pushed.push((spoken, Instant::now()));
                    stream.push(fragment);
                }
                center.host().settle_of(TRANSCRIBER).await
            })
        })?;
        over.store(true, Ordering::Relaxed);
        watch.join().map_err(|_| anyhow::anyhow!("the watching thread failed"))
    })?;

    let said = turns.count();
    ensure!(finals.len() == said, "{} of {said} utterances were recognized", finals.len());
    let messages = center.org().messages(&contact_id)?.len();
    ensure!(messages == said, "{messages} of {said} utterances are in the org");
    let results = finals.iter().zip(&requests).map(|(given, asked)| asked.saturating_duration_since(*given));
    let arrived = |spoken: Duration| {
        let whole = Duration::from_millis((spoken.as_millis() / CHUNK_MS * CHUNK_MS) as u64);
        heard.get(heard.partition_point(|(audio, _)| *audio < whole)).map(|(_, at)| *at)
    };
    let audio =
        pushed.iter().filter_map(|(spoken, at)| Some(arrived(*spoken)?.saturating_duration_since(*at)));
    Ok(Delays { audio: audio.collect(), results: results.collect() })
}

/// When each final result was given, each request for a message arrived, and how much audio had been heard when.
type Seen = (Vec<Instant>, Vec<Instant>, Vec<(Duration, Instant)>);

fn watch(center: &Center, sessions_before: usize, asked_before: usize, over: &AtomicBool) -> Seen {
    let (mut finals, mut requests, mut heard) = Seen::default();
    while !over.load(Ordering::Relaxed) {
        let sessions = center.aws().transcriptions().split_off(sessions_before);
        let asked = asked(center) - asked_before;
        let now = Instant::now();
        finals.resize(sessions.iter().map(|session| session.finals as usize).sum(), now);
        requests.resize(asked, now);
        let audio: Duration = sessions.iter().map(|session| session.audio).sum();
        if heard.last().is_none_or(|(before, _)| *before < audio) {
            heard.push((audio, now));
        }
        std::thread::sleep(EVERY);
    }
    (finals, requests, heard)
}

fn asked(center: &Center) -> usize {
    let operations = [Operation::SendMessage, Operation::SendMessages];
    operations.into_iter().map(|operation| center.org().request_count(operation)).sum()
}

/// What a contact flow sends.
fn event(center: &Center, contact_id: &str, audio: &Value, method: Option<&str>) -> Value {
    let address = |number: &str| json!({"Address": number, "Type": "TELEPHONE_NUMBER"});
    json!({
        "Name": "ContactFlowEvent",
        "Details": {
            "ContactData": {
                "Attributes": {"languageCode": "en-US"},
                "AwsRegion": center.instance().region(),
                "Channel": "VOICE",
                "ContactId": contact_id,
                "CustomerEndpoint": address("+12065550100"),
                "InitialContactId": contact_id,
                "InitiationMethod": "INBOUND",
                "InstanceARN": center.instance().arn(),
                "LanguageCode": "en-US",
                "MediaStreams": {"Customer": {"Audio": audio}},
                "PreviousContactId": contact_id,
                "Queue": null,
                "SystemEndpoint": address("+18005550199"),
            },
            "Parameters": method.map_or(json!({}), |method| json!({"methodName": method})),
        },
    })
}

/// Median, 99th percentile and the longest.
fn spread(mut delays: Vec<Duration>) -> String {
    delays.sort();
    let at = |share: f64| {
        let place = (delays.len() as f64 * share).ceil() as usize;
        delays.get(place.saturating_sub(1)).map_or(f64::NAN, |delay| delay.as_secs_f64() * 1e3)
    };
    format!("p50 {:6.2} ms   p99 {:6.2} ms   max {:6.2} ms   of {}", at(0.5), at(0.99), at(1.0), delays.len())
}
