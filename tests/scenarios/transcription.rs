//! Calls that are listened to, over the real function binaries: long ones, broken ones, and those of others.

use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use contact_center::center::{Center, Options, Outcome};
use contact_center::script::{Script, Speed};
use local_aws::TranscriptionEnd;
use salesforce_org::Operation;

use crate::support::{center, options};

/// A random number generator whose numbers are the same in every run.
struct Dice(u64);

impl Dice {
    /// From `low` up to `high`, exclusive.
    fn roll(&mut self, low: u64, high: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        low + (self.0 >> 33) % (high - low)
    }
}

/// The beginning of every call here: media streaming is started, and then the transcription.
const BEGINNING: &str = r#"
contact: { from: "+12065550100", to: "+18005550199", wrap_up: 1s, attributes: { languageCode: en-US } }
steps:
  - { at: 0.5s, flow: { function: voice-call, parameters: { methodName: createVoiceCall } } }
  - { at: 1s, media_streaming: start }
  - { at: 2s, flow: { function: start-transcription, timeout: 3s } }
  - { at: 3s, queue: Service }
  - { at: 5s, answer: agent-1 }
"#;

/// A hold in the middle of a long call, in ms.
const HOLD: (u64, u64) = (3_000_000, 3_020_000);

/// A conversation of so many seconds, with pauses of all lengths and a bit of talking at the same time, and between its
/// steps these others, in order of time.
fn conversation(seconds: u64, others: &[(u64, String)]) -> String {
    const WORDS: [&str; 12] = [
        "the",
        "router",
        "invoice",
        "again",
        "number",
        "please",
        "yesterday",
        "line",
        "really",
        "moment",
        "account",
        "question",
    ];
    let (mut dice, mut steps) = (Dice(4), Vec::from(others));
    let (mut at, mut line) = (6_000, 0);
    let mut busy_until = [0, 0];
    while at + 20_000 < seconds * 1000 {
        let side = dice.roll(0, 2) as usize;
        let words = dice.roll(2, 14);
        let (start, end) = (at.max(busy_until[side]), at.max(busy_until[side]) + words * 350);
        if start < HOLD.1 && end + 1_000 > HOLD.0 && seconds * 1000 > HOLD.1 {
            steps.push((HOLD.0, "hold: 20s".to_owned()));
            at = HOLD.1 + 1_000;
            continue;
        }
        line += 1;
        let mut text = format!("line {line}");
        for _ in 2..words {
            text = text + " " + WORDS[dice.roll(0, 12) as usize];
        }
        steps.push((start, format!("{}: {text}", ["customer", "agent"][side])));
        busy_until[side] = end + 500;
        at = match dice.roll(0, 10) {
            // Somebody cannot wait.
            0 => start + 700,
            1..3 => end + dice.roll(2_000, 5_000),
            _ => end + dice.roll(300, 1_800),
        };
    }
    steps.push((seconds * 1000 - 5_000, "hang_up: customer".to_owned()));
    steps.sort_by_key(|(at, _)| *at);
    let mut text = String::new();
    for (at, step) in steps {
        writeln!(text, "  - {{ at: {at}ms, {} }}", quoted(&step)).unwrap();
    }
    text
}

/// The value of a step in quotes, unless it is a structure.
fn quoted(step: &str) -> String {
    let (key, value) = step.split_once(": ").unwrap();
    if value.starts_with('{') { step.to_owned() } else { format!("{key}: \"{value}\"") }
}

fn script(functions: &str, steps: &str, expect: &str) -> Script {
    let text = format!("summary: s\n{functions}\n{BEGINNING}{steps}\nexpect:\n{expect}\n");
    Script::parse(Path::new("script in a test.yaml"), &text).unwrap()
}

async fn play(center: &Center, script: &Script, speed: f64) -> Outcome {
    let outcome = center.play_and_tell(script, Speed::Times(speed), Arc::new(|_| {})).await.unwrap();
    let log = || {
        let lines = center.host().logs().into_iter().filter(|line| line.function.starts_with("kvs"));
        lines.map(|line| line.text + "\n").collect::<String>()
    };
    assert!(outcome.failures().is_empty(), "{:#?}\n{}", outcome.failures(), log());
    outcome
}

/// How fast the long calls are played.
const FAST: f64 = 60.0;

/// Lambda's limit and the margin, for hand-overs about every ten minutes of a call that is played so fast; and a lease that
/// ends soon after its holder.
const LIMITS: &str = r#"
functions:
  transcribe-call: { timeout: 16s, variables: { HANDOVER_MARGIN_SECONDS: "6", LEASE_SECONDS: "3" } }
"#;

const TWO_HOURS: u64 = 2 * 3600;

/// What goes wrong in the long calls: three connections to Kinesis Video, two of Transcribe, and one in twenty replies of
/// Salesforce.
fn troubles() -> Vec<(u64, String)> {
    let minute = |minute: u64, step: &str| (minute * 60_000, step.to_owned());
    vec![
        minute(1, "fault: { salesforce: { status: 503, rate: 0.04 } }"),
        minute(1, "fault: { salesforce: { connection: lost_reply, rate: 0.01 } }"),
        minute(13, "fault: { transcribe: { exception: InternalFailureException, after: 100s } }"),
        minute(25, "fault: { kinesis_video: closed }"),
        minute(60, "fault: { kinesis_video: broken }"),
        minute(71, "fault: { transcribe: { after: 60s } }"),
        minute(95, "fault: { kinesis_video: { error: 5000 } }"),
    ]
}

/// A center in which what failed is repeated when its lease is over, as in an account.
async fn patient_center() -> Arc<Center> {
    let event_retry_delays = [Duration::from_secs(4); 2];
    Arc::new(Center::start(Options { event_retry_delays, ..options().await }).await.unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_two_hours_is_transcribed_whole_whatever_breaks() {
    let center = patient_center().await;
    let expect = "  transcript: everything\n  invocations: { transcribe-call: { at_least: 10 } }";
    let script = script(LIMITS, &conversation(TWO_HOURS, &troubles()), expect);
    let lines = script.streamed()[0].lines.len();
    assert!(lines > 1000, "{lines}");
    play(&center, &script, FAST).await;
    // All the trouble was there.
    let sessions = center.aws().transcriptions();
    let broken = sessions.iter().filter(|session| session.end != Some(TranscriptionEnd::Finished)).count();
    assert!(broken >= 2 && sessions.len() >= 10 + broken, "{broken} of {} sessions broke", sessions.len());
    let requests = center.aws().requests();
    let connections = requests.iter().filter(|request| request.operation == "GetMedia").count();
    assert!(connections >= 10 + 3, "{connections} connections to Kinesis Video");
    let failed = center.org().requests().iter().filter(|request| request.fault).count();
    assert!(failed * 25 > lines, "{failed} replies of Salesforce failed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_of_two_hours_is_transcribed_whole_though_its_process_is_killed_three_times() {
    let center = patient_center().await;
    let mut steps = troubles();
    let mut dice = Dice(std::process::id().into());
    let third = TWO_HOURS * 1000 / 3;
    let kills: Vec<u64> = (0..3).map(|kill| kill * third + dice.roll(300_000, third - 300_000)).collect();
    println!("killed at {kills:?} ms");
    steps.extend(kills.into_iter().map(|at| (at, "fault: { kill: transcribe-call }".to_owned())));
    let script = script(LIMITS, &conversation(TWO_HOURS, &steps), "  transcript: everything");
    play(&center, &script, FAST).await;
    let logs = center.host().logs();
    let killed = logs.iter().filter(|line| line.text.ends_with("Error Type: Runtime.ExitError")).count();
    assert!(killed >= 2, "{killed}; at most one of three may come just between two invocations");
}

/// Fragments begin every 1.024 s after media streaming was started. Somebody begins to speak just before most of them do.
#[tokio::test(flavor = "multi_thread")]
async fn a_word_that_begins_at_the_end_of_a_fragment_survives_a_hand_over_there() {
    let center = center().await;
    let limits = "functions:
  transcribe-call: { timeout: 4s, variables: { HANDOVER_MARGIN_SECONDS: \"2\" } }";
    let mut steps = String::new();
    for (number, before) in (0..70).zip([10, 30, 60, 90].into_iter().cycle()) {
        let (at, who) = (1_000 + 1_024 * (6 + 3 * number) - before, ["customer", "agent"][number % 2]);
        writeln!(steps, "  - {{ at: {at}ms, {who}: Line {number} }}").unwrap();
    }
    steps += "  - { at: 225s, hang_up: customer }";
    let expect = "  transcript: everything\n  invocations: { transcribe-call: { at_least: 5 } }";
    play(&center, &script(limits, &steps, expect), 20.0).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_utterance_is_one_request_at_most_and_no_secret_is_read_for_it() {
    let center = center().await;
    let script = script("", &conversation(600, &[]), "  transcript: everything");
    play(&center, &script, 30.0).await;
    let count = |operation| center.org().request_count(operation);
    let (requests, lines) =
        (count(Operation::SendMessage) + count(Operation::SendMessages), script.streamed()[0].lines.len());
    assert!(lines > 80 && requests <= lines, "{requests} requests for {lines} lines");
    // One per function that talks to Salesforce: voice-call, transcribe-call, sync-contact-records.
    let reads = center.aws().requests().iter().filter(|request| request.service == "secretsmanager").count();
    assert!(reads <= 3, "{reads} secret reads");
    assert!(center.org().connections() <= 3, "{} connections", center.org().connections());
}

/// As in an account: AWS clients speak HTTP/2 where they are offered it, which is over TLS only.
#[tokio::test(flavor = "multi_thread")]
async fn over_tls_the_transcriber_speaks_http_2_through_breaks_and_hand_overs() {
    let center = center().await;
    let endpoint = center.aws().secure_endpoint().await.unwrap();
    let trusted = Path::new(env!("CARGO_TARGET_TMPDIR")).join("transcribe-stand-in.pem");
    std::fs::write(&trusted, endpoint.certificate()).unwrap();
    let mut transcriber = center.host().function("kvsTranscriber").unwrap();
    transcriber.environment.extend([
        ("AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING".to_owned(), endpoint.url().to_owned()),
        ("SSL_CERT_FILE".to_owned(), trusted.display().to_string()),
    ]);
    center.host().deploy(transcriber).unwrap();
    let limits = "functions:
  transcribe-call: { timeout: 6s, variables: { HANDOVER_MARGIN_SECONDS: \"3\" } }";
    let broken = (40_000, "fault: { transcribe: { after: 10s } }".to_owned());
    let expect = "  transcript: everything\n  invocations: { transcribe-call: { at_least: 2 } }";
    play(&center, &script(limits, &conversation(150, &[broken]), expect), 20.0).await;
    let sessions = center.aws().transcriptions();
    assert!(sessions.len() >= 3 && sessions.iter().all(|session| session.http2), "{sessions:#?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_triggers_for_one_contact_are_one_transcriber() {
    let center = center().await;
    let steps = "
  - { at: 6s, flow: { function: start-transcription, timeout: 3s } }
  - { at: 7s, agent: Who was it who asked for this twice? }
  - { at: 12s, customer: Nobody ever knows. }
  - { at: 16s, hang_up: customer }";
    let expect = "  transcript: everything\n  invocations: { start-transcription: 2, transcribe-call: 1 }\n  error_branches: 0";
    let outcome = play(&center, &script("", steps, expect), 10.0).await;
    assert_eq!(outcome.found.messages, 2);
    assert_eq!(center.aws().transcriptions().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_another_contact_says_in_the_same_stream_is_left_alone() {
    let center = center().await;
    let steps = "
  - { at: 7s, customer: This is my call. }
  - { at: 15s, fault: { kinesis_video: reused } }
  - { at: 20s, customer: This comes too late. }
  - { at: 25s, hang_up: customer }";
    let script = script("", steps, "  transcript: [{ customer: This is my call., at: 7s }]\n  messages: 1");
    play(&center, &script, 10.0).await;
}

/// At the speed of a clock, because Transcribe's patience is measured with one.
#[tokio::test(flavor = "multi_thread")]
async fn the_session_outlives_a_hold_of_20_s() {
    let center = center().await;
    let steps = "
  - { at: 6s, agent: Let me have a look. }
  - { at: 8s, hold: 20s }
  - { at: 29s, agent: Here it is. }
  - { at: 30s, customer: At last. }
  - { at: 32s, hang_up: customer }";
    play(&center, &script("", steps, "  transcript: everything"), 1.0).await;
    assert_eq!(center.aws().transcriptions().len(), 1, "one session for the whole call");
}
