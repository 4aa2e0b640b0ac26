//! The sample events through the function: what transcribe-call is sent, and what the flow gets.

use std::fmt::Write;
use std::time::Duration;

use connect::transcription::TranscriptionJob;
use lambda_kit::env::Env;
use lambda_kit::flow::FlowError;
use lambda_kit::functions::Functions;
use lambda_kit::state::{Lease, Renewed};
use proptest::prelude::*;
use serde_json::json;
use stage::{Stage, event, event_names, soon};
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

/// The stage of a function that invokes another one.
struct Surroundings {
    stage: Stage,
    lambda: MockServer,
}

impl Surroundings {
    /// A Lambda that answers nothing yet.
    async fn new() -> Self {
        Self { stage: Stage::new().await.unwrap(), lambda: MockServer::start().await }
    }

    /// A Lambda that takes every event.
    async fn willing() -> Self {
        let surroundings = Self::new().await;
        surroundings.answer(ResponseTemplate::new(202)).await;
        surroundings
    }

    async fn answer(&self, reply: ResponseTemplate) {
        Mock::given(method("POST"))
            .and(path("/2015-03-31/functions/kvsTranscriber/invocations"))
            .and(header("x-amz-invocation-type", "Event"))
            .respond_with(reply)
            .mount(&self.lambda)
            .await;
    }

    fn state(&self) -> StateTable {
        StateTable::from_env(&Env::new(&|variable| self.stage.look_up(variable)), self.stage.sdk()).unwrap()
    }

    fn app(&self) -> App {
        let sdk = self.stage.sdk().to_builder().endpoint_url(self.lambda.uri()).build();
        let functions = Functions::new(&Env::new(&|_| None), &sdk);
        App::new(self.state(), Transcriber::new("kvsTranscriber".to_owned(), functions), self.stage.metrics())
    }

    /// The jobs that transcribe-call was sent.
    async fn jobs(&self) -> Vec<Value> {
        let requests = self.lambda.received_requests().await.unwrap();
        requests.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
    }
}

fn start() -> Value {
    event("start-transcription/start.json").unwrap()
}

fn contact_of(event: &Value) -> String {
    event["Details"]["ContactData"]["ContactId"].as_str().unwrap().to_owned()
}

fn success() -> Value {
    json!({ "lambdaResult": "Success" })
}

/// What the flow gets, in a line.
fn outcome(result: Result<Value, HandlerError>) -> String {
    result.map_or_else(|e| format!("{}: {e}", e.kind()), |reply| reply.to_string())
}

#[tokio::test]
async fn each_sample_sends_this_job_and_replies_that_to_the_flow() {
    let mut story = String::new();
    for name in event_names("start-transcription").unwrap() {
        let surroundings = Surroundings::willing().await;
        let result =
            surroundings.app().handle(event(&format!("start-transcription/{name}")).unwrap(), soon()).await;
        writeln!(story, "# {name}").unwrap();
        for mut job in surroundings.jobs().await {
            assert_eq!(job["leaseId"].as_str().unwrap().len(), 36);
            job["leaseId"] = "[token]".into();
            writeln!(story, "{job}").unwrap();
            connect::from_value::<TranscriptionJob>(job).unwrap();
        }
        writeln!(story, "-> {}\n", outcome(result)).unwrap();
    }
    insta::assert_snapshot!(story);
}

#[tokio::test]
async fn a_second_invocation_for_the_contact_answers_success_and_starts_nothing() {
    let surroundings = Surroundings::willing().await;
    for _ in 0..2 {
        // Another environment each time.
        assert_eq!(surroundings.app().handle(start(), soon()).await.unwrap(), success());
    }
    assert_eq!(surroundings.jobs().await.len(), 1);
    let mut other_leg = event("start-transcription/transferred.json").unwrap();
    surroundings.app().handle(other_leg.take(), soon()).await.unwrap();
    assert_eq!(surroundings.jobs().await.len(), 2, "the next leg of the call is another contact");
}

#[tokio::test]
async fn of_two_flows_at_the_same_time_one_starts_it_and_both_are_told_success() {
    let surroundings = Surroundings::new().await;
    surroundings.answer(ResponseTemplate::new(202).set_delay(Duration::from_millis(200))).await;
    let (one, other) = (surroundings.app(), surroundings.app());
    let (one, other) = tokio::join!(one.handle(start(), soon()), other.handle(start(), soon()));
    assert_eq!((one.unwrap(), other.unwrap()), (success(), success()));
    assert_eq!(surroundings.jobs().await.len(), 1);
}

#[tokio::test]
async fn when_the_transcriber_cannot_be_invoked_the_flow_is_told_and_the_next_try_starts_it() {
    let surroundings = Surroundings::new().await;
    let refused = ResponseTemplate::new(403)
        .insert_header("x-amzn-errortype", "AccessDeniedException")
        .set_body_json(json!({ "Message": "not authorized" }));
    Mock::given(method("POST")).respond_with(refused).up_to_n_times(1).mount(&surroundings.lambda).await;
    surroundings.answer(ResponseTemplate::new(202)).await;

    let error = surroundings.app().handle(start(), soon()).await.unwrap_err();
    assert_eq!(error.kind(), "AwsDenied");
    let text = error.to_string();
    let expected = "the transcription was not started: lambda:InvokeFunction on function kvsTranscriber";
    assert!(text.starts_with(expected), "{text}");

    assert_eq!(surroundings.app().handle(start(), soon()).await.unwrap(), success());
    assert_eq!(surroundings.stage.counted("Invocations", "outcome"), ["AwsDenied", "ok"]);
}

#[tokio::test]
async fn a_start_that_died_halfway_is_made_up_for_by_the_next_try() {
    let surroundings = Surroundings::willing().await;
    let now = chrono::Utc::now();
    let until = now + chrono::TimeDelta::milliseconds(400);
    let taken = surroundings
        .state()
        .take_transcription_lease(&contact_of(&start()), "dead", now, until, soon())
        .await;
    assert_eq!(taken.unwrap(), Lease::Taken);

    let in_time = Instant::now() + Duration::from_millis(200);
    let error = surroundings.app().handle(start(), in_time).await.unwrap_err();
    assert_eq!(error.kind(), "OutOfTime", "it may still succeed: {error}");
    assert!(surroundings.jobs().await.is_empty());
    assert_eq!(surroundings.app().handle(start(), soon()).await.unwrap(), success());
    assert_eq!(surroundings.jobs().await.len(), 1);
}

#[tokio::test]
async fn the_transcriber_takes_the_lease_over_with_the_job() {
    let surroundings = Surroundings::willing().await;
    surroundings.app().handle(start(), soon()).await.unwrap();
    let job: TranscriptionJob = connect::from_value(surroundings.jobs().await.remove(0)).unwrap();
    let (state, contact_id) = (surroundings.state(), job.contact_id.as_str());
    let now = chrono::Utc::now();
    let until = now + chrono::TimeDelta::seconds(45);
    let from = job.lease_id.as_deref();
    let lease =
        state.take_over_transcription_lease(contact_id, "me", from, now, until, soon()).await.unwrap();
    assert_eq!(lease, Lease::Taken);
    surroundings.app().handle(start(), soon()).await.unwrap();
    assert_eq!(surroundings.jobs().await.len(), 1, "while it runs");
    let renewed = state.renew_transcription_lease(contact_id, "me", until, None, soon()).await.unwrap();
    assert_eq!(renewed, Renewed::Yes);
    state.release_transcription_lease(contact_id, "me", soon()).await.unwrap();
    surroundings.app().handle(start(), soon()).await.unwrap();
    assert_eq!(surroundings.jobs().await.len(), 2, "streaming may be started again");
}

#[tokio::test]
async fn a_lambda_that_hangs_does_not_make_the_block_wait_longer_than_it_can() {
    let surroundings = Surroundings::new().await;
    surroundings.answer(ResponseTemplate::new(202).set_delay(Duration::from_secs(20))).await;
    let began = Instant::now();
    let error = surroundings.app().handle(start(), began + Duration::from_millis(700)).await.unwrap_err();
    assert_eq!(error.kind(), "OutOfTime");
    assert!(began.elapsed() < Duration::from_millis(1_500), "{:?}", began.elapsed());
    let contact_id = contact_of(&start());
    let now = chrono::Utc::now();
    let lease = surroundings.state().take_transcription_lease(&contact_id, "next", now, now, soon()).await;
    assert_eq!(lease.unwrap(), Lease::Taken, "it was released");
}

#[test]
fn the_configuration_names_what_is_missing() {
    let error = Config::from_env(&Env::new(&|_| None)).unwrap_err();
    assert_eq!(error.variable, "TRANSCRIBE_FUNCTION");
    let look_up = |variable: &str| (variable == "TRANSCRIBE_FUNCTION").then(|| "t".to_owned());
    let config = Config::from_env(&Env::new(&look_up)).unwrap();
    assert_eq!(config.flow_budget, Duration::from_millis(2_500));
}

proptest! {
    #[test]
    fn no_event_makes_the_mapping_panic_or_sends_its_text_into_an_error(
        attributes in texts(), parameters in texts(), audio in texts(),
    ) {
        let contact = json!({
            "ContactId": "c-1",
            "Attributes": attributes,
            "MediaStreams": { "Customer": { "Audio": audio } },
            "CustomerEndpoint": { "Address": "+12065550123" },
        });
        let event = json!({ "Details": { "ContactData": contact, "Parameters": parameters } });
        let event: FlowEvent = connect::from_value(event).unwrap();
        match mapping::job(&event.details) {
            Err(e) => prop_assert!(!e.to_string().contains("+1206555"), "{}", e),
            Ok(job) => prop_assert_eq!(connect::from_value::<TranscriptionJob>(json!(job)).unwrap(), job),
        }
    }
}

/// Texts by name, where the names and often the texts mean something.
fn texts() -> impl Strategy<Value = std::collections::BTreeMap<String, String>> {
    let name = prop::sample::select(vec![
        "StreamARN",
        "StartTimestamp",
        "StopTimestamp",
        "StartFragmentNumber",
        "languageCode",
        "languageOptions",
        "engine",
        "vocabularyName",
        "contentRedaction",
        "streamAudioFromCustomer",
        "streamAudioToCustomer",
        "secretName",
    ]);
    let value = prop_oneof![
        prop::sample::select(vec![
            "arn:aws:kinesisvideo:us-west-2:123456789012:stream/s/1",
            "1772471047250",
            "auto",
            "en-US,fr-CA",
            "medical",
            "false",
            "PII",
            "+12065550123",
        ])
        .prop_map(str::to_owned),
        any::<String>(),
    ];
    prop::collection::btree_map(name.prop_map(str::to_owned), value, 0..8)
}
