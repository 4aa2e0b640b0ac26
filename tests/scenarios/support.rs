//! What the scenarios have in common: a contact center over binaries that are built once.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use contact_center::binaries::Binaries;
use contact_center::center::{Center, Options, Outcome};
use contact_center::lambda::Invocation;
use contact_center::script::Script;
use serde_json::{Value, json};
use tokio::sync::OnceCell;

pub(crate) const VOICE_CALL: &str = "InvokeTelephonyIntegrationApiFunction";
pub(crate) const REST: &str = "InvokeSalesforceRestApiFunction";
pub(crate) const SYNC: &str = "CTRDataSyncFunction";

/// The repository.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

pub(crate) async fn options() -> Options {
    static BINARIES: OnceCell<Binaries> = OnceCell::const_new();
    let binaries = BINARIES.get_or_init(async || Binaries::build_for_tests().await.unwrap()).await;
    Options { binaries: Some(binaries.clone()), ..Options::default() }
}

pub(crate) async fn center() -> Arc<Center> {
    Arc::new(Center::start(options().await).await.unwrap())
}

pub(crate) async fn center_with(variables: &[(&str, &str)]) -> Arc<Center> {
    let environment =
        variables.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    Arc::new(Center::start(Options { environment, ..options().await }).await.unwrap())
}

/// A sample event.
pub(crate) fn event(path: &str) -> Value {
    let text = std::fs::read_to_string(root().join("events").join(path)).unwrap();
    serde_json::from_str(&text).unwrap()
}

/// `createVoiceCall` for this contact.
pub(crate) fn create(contact_id: &str) -> Value {
    let mut event = event("voice-call/create-voice-call.json");
    event["Details"]["ContactData"]["ContactId"] = json!(contact_id);
    event
}

/// A contact record of this contact, changed this many seconds into the minute, in this queue.
pub(crate) fn contact_record(contact_id: &str, second: u32, queue: &str) -> Value {
    let mut record = event("contact-records/inbound-answered.json");
    record["ContactId"] = json!(contact_id);
    record["LastUpdateTimestamp"] = json!(format!("2026-03-02T18:00:{second:02}Z"));
    record["Queue"]["Name"] = json!(queue);
    record
}

pub(crate) async fn invoke(center: &Center, event: Value) -> Invocation {
    center.host().invoke(VOICE_CALL, event).await.unwrap()
}

/// The reply of an invocation that must succeed.
pub(crate) async fn reply(center: &Center, event: Value) -> Value {
    let invocation = invoke(center, event).await;
    invocation.reply.unwrap_or_else(|e| panic!("{e}\n{}", invocation.log.join("\n")))
}

/// Plays a script that is written in a test, and expects what it expects.
pub(crate) async fn play(center: &Center, text: &str) -> Outcome {
    let script = Script::parse(Path::new("script in a test.yaml"), text).unwrap();
    let outcome = center.play(&script).await.unwrap();
    assert!(outcome.failures().is_empty(), "{:#?}", outcome.failures());
    outcome
}
