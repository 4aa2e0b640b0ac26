//! A contact center that is closed for today: calls in an org, files in a bucket, and the function.

use std::time::Duration;

use chrono::{DateTime, Utc};
use lambda_kit::env::Env;
use lambda_kit::state::StateTable;
use salesforce_org::{CallCenter, ConnectedApp, KeyPair, Message, Operation, Org, Settings};
use serde_json::{Value, json};
use stage::{SECRET, Stage, soon};
use tokio::time::Instant;

use crate::{AnalysisFiles, App, Config, HandlerError};

pub(super) const BUCKET: &str = "main-123456789012";
pub(super) const CALL: &str = "1f8e2b40-6c3d-4a57-9e21-0b7d5c84f3a6";
pub(super) const TRANSFERRED: &str = "2a9f3c51-7d4e-4b68-8f32-1c8e6d95a4b7";
pub(super) const NO_AGENT: &str = "6ed07095-b182-4fac-8376-50c2a1d9e8fb";

pub(super) struct Office {
    pub(super) stage: Stage,
    pub(super) org: Org,
    center: String,
}

impl Office {
    /// Without calls and files.
    pub(super) async fn new() -> Self {
        let stage = Stage::new().await.unwrap();
        let org = Org::start(Settings::default()).await.unwrap();
        let keys = KeyPair::generate().unwrap();
        org.add_call_center(CallCenter { api_name: "Main".to_owned(), public_key_pem: keys.public_pem() })
            .unwrap();
        let app = ConnectedApp {
            consumer_key: "app".to_owned(),
            consumer_secret: Some("shh".into()),
            run_as: Some("integration@example.com".to_owned()),
            ..ConnectedApp::default()
        };
        org.add_connected_app(app).unwrap();
        let secret = json!({
            "SALESFORCE_ORG_ID": org.org_id(),
            "CALL_CENTER_API_NAME": "Main",
            "SCRT_ENDPOINT_BASE": org.scrt_endpoint(),
            "Main-scrt-jwt-auth-private-key": keys.private_pem_pkcs8(),
            "SALESFORCE_AUTH_ENDPOINT": org.token_endpoint(),
            "SALESFORCE_REST_API_ENDPOINT_BASE": org.rest_endpoint(),
            "Main-salesforce-rest-api-auth-consumer-key": "app",
            "Main-salesforce-rest-api-auth-consumer-secret": "shh",
        });
        stage.aws.put_secret(SECRET, &secret.to_string());
        stage.aws.create_bucket(BUCKET);
        let center = org.records("CallCenter").unwrap()[0].id().to_owned();
        Self { stage, org, center }
    }

    /// With the calls and files of the samples: a call, where it was transferred to, and one that nobody answered.
    pub(super) async fn of_the_samples() -> Self {
        let office = Self::new().await;
        let conversation = office.conversation(CALL, "17:04:05", Some("17:19:03"));
        let times = ("17:04:05", Some("17:05:10"), Some("17:11:42"));
        let call = office.voice_call(CALL, &conversation, None, times);
        let times = ("17:11:20", Some("17:11:52"), Some("17:19:03"));
        office.voice_call(TRANSFERRED, &conversation, Some(&call), times);
        office.call(NO_AGENT, "17:04:05", None, "17:05:30");
        for sample in ["original", "redacted", "transferred", "no-agent"] {
            let event = stage::event(&format!("post-call-analysis/{sample}.json")).unwrap();
            let key = event["detail"]["object"]["key"].as_str().unwrap().to_owned();
            office.file(&key, &stage::event(&format!("analyses/{sample}.json")).unwrap());
        }
        office
    }

    /// A call of 2 March 2026 that is over, with its conversation. Answers with the VoiceCall's id.
    pub(super) fn call(&self, contact: &str, started: &str, accepted: Option<&str>, ended: &str) -> String {
        let conversation = self.conversation(contact, started, Some(ended));
        self.voice_call(contact, &conversation, None, (started, accepted, Some(ended)))
    }

    pub(super) fn conversation(&self, contact: &str, started: &str, ended: Option<&str>) -> String {
        let conversation = json!({
            "ConversationChannelId": self.center,
            "ConversationIdentifier": contact,
            "StartTime": time(started),
            "EndTime": ended.map(time),
        });
        self.org.insert("Conversation", conversation).unwrap()
    }

    pub(super) fn voice_call(
        &self,
        contact: &str,
        conversation: &str,
        previous: Option<&str>,
        (started, accepted, ended): (&str, Option<&str>, Option<&str>),
    ) -> String {
        let call = json!({
            "VendorCallKey": contact,
            "CallCenterId": self.center,
            "ConversationId": conversation,
            "PreviousCallId": previous,
            "CallStartDateTime": time(started),
            "CallAcceptDateTime": accepted.map(time),
            "CallEndDateTime": ended.map(time),
        });
        self.org.insert("VoiceCall", call).unwrap()
    }

    pub(super) fn file(&self, key: &str, analysis: &Value) {
        self.stage.aws.put_object(BUCKET, key, analysis.to_string());
    }

    /// A call of a minute in which the caller says this, and its file.
    pub(super) fn call_with_file(&self, contact: &str, started: &str, ended: &str, said: &str) {
        self.call(contact, started, Some(started), ended);
        let key = format!("Analysis/Voice/2026/03/02/{contact}_analysis_{}.json", time(started));
        self.file(&key, &analysis(&[("CUSTOMER", 1_000, said)]));
    }

    pub(super) fn app(&self) -> App {
        self.app_with(&[])
    }

    pub(super) fn app_with(&self, variables: &[(&str, &str)]) -> App {
        let look_up = |name: &str| {
            let set = variables.iter().find(|(variable, _)| *variable == name);
            let usual = || (name == "ACCOUNT_ID").then(|| "123456789012".to_owned());
            set.map(|(_, value)| (*value).to_owned()).or_else(usual).or_else(|| self.stage.look_up(name))
        };
        let env = Env::new(&look_up);
        let config = Config::from_env(&env).unwrap();
        let call_centers = self.stage.call_centers().unwrap().with_api_floor(config.api_floor_percent);
        let files = AnalysisFiles::new(&env, self.stage.sdk());
        let state = StateTable::from_env(&env, self.stage.sdk()).unwrap();
        App::new(config, call_centers, state, files, self.stage.metrics())
    }

    pub(super) fn state(&self) -> StateTable {
        let look_up = |name: &str| self.stage.look_up(name);
        StateTable::from_env(&Env::new(&look_up), self.stage.sdk()).unwrap()
    }

    /// Uploads of the day, without a limit of time.
    pub(super) async fn backfill(&self, app: &App, more: Value) -> Result<Value, HandlerError> {
        self.backfill_until(app, more, soon()).await
    }

    pub(super) async fn backfill_until(
        &self,
        app: &App,
        more: Value,
        deadline: Instant,
    ) -> Result<Value, HandlerError> {
        let mut event = json!({ "operation": "backfill", "from": "2026-03-02", "to": "2026-03-03" });
        event.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        app.handle(event, deadline).await
    }

    /// The messages of the conversation that a call is of.
    pub(super) fn messages(&self, contact: &str) -> Vec<Message> {
        self.org.messages(contact).unwrap()
    }

    pub(super) fn uploads(&self) -> usize {
        self.org.request_count(Operation::UploadConversations)
    }
}

/// A time of the day of the samples; with a date, of any.
pub(super) fn time(text: &str) -> String {
    if text.contains('T') { text.to_owned() } else { format!("2026-03-02T{text}Z") }
}

pub(super) fn millis(text: &str) -> i64 {
    time(text).parse::<DateTime<Utc>>().unwrap().timestamp_millis()
}

/// A file in which each participant says something from an offset on, for half a second.
pub(super) fn analysis(said: &[(&str, u32, &str)]) -> Value {
    let turns: Vec<Value> = said
        .iter()
        .map(|(participant, begin, content)| {
            json!({
                "Id": format!("turn-{begin}"),
                "ParticipantId": participant,
                "Content": content,
                "BeginOffsetMillis": begin,
                "EndOffsetMillis": begin + 500,
                "LoudnessScore": [70.5, null],
            })
        })
        .collect();
    json!({ "Version": "1.1.0", "Channel": "VOICE", "Transcript": turns })
}

/// What became of each contact, by its id.
pub(super) fn outcomes(report: &Value) -> Vec<(&str, &str)> {
    let contacts = report["contacts"].as_array().unwrap().iter();
    contacts.map(|line| (line["contactId"].as_str().unwrap(), line["outcome"].as_str().unwrap())).collect()
}

/// Not enough time for everything that takes a while.
pub(super) fn in_millis(millis: u64) -> Instant {
    Instant::now() + Duration::from_millis(millis)
}
