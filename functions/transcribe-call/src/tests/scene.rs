//! A call on the stage: somebody speaks, the function transcribes, Salesforce and Lambda listen.

use std::time::Duration;

use aws_config::retry::RetryConfig;
use chrono::{DateTime, Utc};
use lambda_kit::env::Env;
use local_aws::{CallAudio, Side, VideoStream};
use serde_json::Value;
use stage::Stage;
use tokio::task::JoinSet;
use wiremock::matchers::{header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use super::*;

pub(super) const CONTACT: &str = "4a573372-1f28-4e26-b97b-000000000002";
pub(super) const CONVERSATION: &str = "4a573372-1f28-4e26-b97b-000000000001";
pub(super) const INSTANCE: &str = "11111111-2222-3333-4444-555555555555";
pub(super) const CUSTOMER: Side = Side::FromCustomer;
pub(super) const AGENT: Side = Side::ToCustomer;

pub(super) struct Scene {
    pub(super) stage: Stage,
    pub(super) stream: VideoStream,
    pub(super) call: CallAudio,
    /// Where the stream is told to start.
    pub(super) first_fragment: String,
    /// Takes invocations of the successor.
    pub(super) lambda: MockServer,
    variables: Vec<(&'static str, String)>,
    /// As in [`Config`].
    pub(super) keep_alive: Duration,
    playing: JoinSet<()>,
    /// Whether Salesforce has not taken a request, by its number.
    refused: fn(usize) -> bool,
}

/// A message that Salesforce has accepted.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Said {
    pub(super) id: String,
    pub(super) who: String,
    /// Milliseconds since the call began.
    pub(super) starts: i64,
    pub(super) ends: i64,
    pub(super) text: String,
}

pub(super) fn seconds(seconds: f64) -> Duration {
    Duration::from_secs_f64(seconds)
}

pub(super) fn began() -> DateTime<Utc> {
    DateTime::from_timestamp_millis(1_772_470_000_000).unwrap()
}

impl Scene {
    /// A call of so many seconds, in which nothing is said yet; Salesforce and Lambda accept everything.
    pub(super) async fn new(length: f64) -> Self {
        let scene = Self::with_salesforce_unwilling(length).await;
        scene.salesforce_is_willing().await;
        scene
    }

    pub(super) async fn with_salesforce_unwilling(length: f64) -> Self {
        let stage = Stage::new().await.unwrap();
        let stream = stage.aws.video_stream("support-connect-1");
        let call = CallAudio::new(&stage.aws, CONTACT, began(), seconds(length));
        stage.aws.put_contact(INSTANCE, CONVERSATION, json!({}));
        let lambda = MockServer::start().await;
        Mock::given(method("POST"))
            .and(path("/2015-03-31/functions/transcriber/invocations"))
            .and(header("x-amz-invocation-type", "Event"))
            .respond_with(ResponseTemplate::new(202))
            .mount(&lambda)
            .await;
        let variables = vec![
            ("AWS_LAMBDA_FUNCTION_NAME", "transcriber".to_owned()),
            ("AWS_ENDPOINT_URL_LAMBDA", lambda.uri()),
            ("IDLE_SECONDS", "3".to_owned()),
            ("LEASE_SECONDS", "3".to_owned()),
            ("HANDOVER_MARGIN_SECONDS", "4".to_owned()),
        ];
        let first_fragment = stream.next_fragment_number();
        Self {
            stage,
            stream,
            call,
            first_fragment,
            lambda,
            variables,
            keep_alive: seconds(8.0),
            playing: JoinSet::new(),
            refused: |_| false,
        }
    }

    pub(super) async fn salesforce_is_willing(&self) {
        self.stage.answer(200, json!({ "status": "Success" })).await;
    }

    pub(super) fn set(&mut self, variable: &'static str, value: &str) {
        self.variables.insert(0, (variable, value.to_owned()));
    }

    pub(super) fn says(&mut self, side: Side, at: f64, length: f64, text: &str) -> &mut Self {
        self.call.say(side, seconds(at), seconds(length), text).unwrap();
        self
    }

    /// Streams the call, so many times as fast as it is spoken, or as fast as it is read.
    pub(super) fn play(&mut self, speed: Option<f64>) {
        let (call, stream) = (self.call.clone(), self.stream.clone());
        self.playing.spawn(async move { call.play(&stream, speed).await });
    }

    pub(super) fn job(&self) -> Value {
        json!({
            "streamARN": self.stream.arn(),
            "startFragmentNum": self.first_fragment,
            "audioStartTimestamp": began().timestamp_millis().to_string(),
            "customerPhoneNumber": "+12065550100",
            "voiceCallId": CONTACT,
            "conversationId": CONVERSATION,
            "languageCode": "en-US",
            "streamAudioFromCustomer": true,
            "streamAudioToCustomer": true,
            "instanceARN": format!("arn:aws:connect:us-east-1:123456789012:instance/{INSTANCE}"),
            "engine": "standard",
            "leaseId": "of-the-trigger",
        })
    }

    pub(super) fn app(&self) -> App {
        let look_up = |variable: &str| {
            let own = self.variables.iter().find(|(name, _)| *name == variable);
            own.map(|(_, value)| value.clone()).or_else(|| self.stage.look_up(variable))
        };
        let env = Env::new(&look_up);
        let retries = RetryConfig::standard().with_initial_backoff(seconds(0.01));
        let sdk = &self.stage.sdk().clone().into_builder().retry_config(retries).build();
        App {
            config: Config { keep_alive: self.keep_alive, ..Config::from_env(&env).unwrap() },
            sdk: sdk.clone(),
            call_centers: self.stage.call_centers().unwrap(),
            state: StateTable::from_env(&env, sdk).unwrap(),
            dead_letters: DeadLetterQueue::from_env(&env, sdk, &self.stage.metrics()).unwrap(),
            functions: Functions::new(&env, sdk),
            connect: SignedService::new(&env, sdk, "connect"),
            metrics: self.stage.metrics(),
        }
    }

    /// One invocation, which Lambda gives so many seconds.
    pub(super) async fn invoke(&self, job: Value, limit: f64) -> Result<Value, HandlerError> {
        let deadline = Instant::now() + seconds(limit);
        let done = tokio::time::timeout_at(deadline + seconds(5.0), self.app().handle(job, deadline)).await;
        done.expect("the invocation is long over")
    }

    /// The events that the successors got, oldest first.
    pub(super) async fn successors(&self) -> Vec<Value> {
        let requests = self.lambda.received_requests().await.unwrap();
        requests.iter().map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
    }

    /// Invokes, and has successors invoked, until there is none.
    pub(super) async fn invoke_all(&self, limit: f64) -> usize {
        let mut job = self.job();
        for invocation in 1.. {
            self.invoke(job, limit).await.unwrap();
            match self.successors().await.get(invocation - 1) {
                Some(successor) => job = successor.clone(),
                None => return invocation,
            }
        }
        unreachable!("every invocation has a successor")
    }

    /// Salesforce has not taken these requests.
    pub(super) fn has_refused(&mut self, requests: fn(usize) -> bool) {
        self.refused = requests;
    }

    /// What Salesforce has taken, in order.
    pub(super) async fn said(&self) -> Vec<Said> {
        let sent = self.stage.sent().await;
        let taken = sent.iter().enumerate().filter(|(number, _)| !(self.refused)(*number));
        taken.flat_map(|(_, sent)| said(sent)).collect()
    }

    /// The texts of a side, in the order in which Salesforce got them.
    pub(super) async fn texts(&self, side: Side) -> Vec<String> {
        let role = if side == CUSTOMER { "END_USER" } else { "VIRTUAL_AGENT" };
        let said = self.said().await;
        said.into_iter().filter(|said| said.who.ends_with(role)).map(|said| said.text).collect()
    }
}

fn said(sent: &Value) -> Vec<Said> {
    let path = sent["request"].as_str().unwrap();
    let messages = if path.ends_with("/voiceCalls/messages") {
        let entries = sent["body"]["entries"].as_array().unwrap();
        assert!(entries.len() <= 5);
        let messages: Vec<Value> = entries
            .iter()
            .flat_map(|entry| {
                assert_eq!(entry["vendorCallKey"], CONVERSATION);
                entry["messages"].as_array().unwrap().clone()
            })
            .collect();
        assert!(messages.len() <= 5);
        messages
    } else {
        assert!(path.ends_with(&format!("/voiceCalls/{CONVERSATION}/messages")), "{path}");
        vec![sent["body"].clone()]
    };
    let since = |time: &Value| time.as_i64().unwrap() - began().timestamp_millis();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let said = messages.iter().map(|message| Said {
        id: text(&message["messageId"]),
        who: text(&message["participantId"]),
        starts: since(&message["startTime"]),
        ends: since(&message["endTime"]),
        text: text(&message["content"]),
    });
    said.collect()
}
