//! What a script file may say. Every key is listed here; `local/scenarios/` shows them in use.

mod callback;
mod contact_lens;
mod speech;

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use serde_json::{Map, Value};
use serde_saphyr::Spanned;

use super::fault::Fault;
use super::target::{Target, Transfer};
use super::time;

pub use callback::Callback;
pub use contact_lens::{Category, ContactLens, PointsOfInterest, Sentiment};
pub(super) use speech::length_of;
pub use speech::{Line, Speaker, Switch};

/// The contact that the script plays: who, from where, with what.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Contact {
    /// How the call reaches the contact center.
    #[serde(default)]
    pub channel: Channel,
    /// Who starts it.
    #[serde(default)]
    pub initiation: Initiation,
    /// The calling number, or `anonymous`. Left out: the endpoint is null, as it is on WebRTC contacts.
    pub from: Option<String>,
    /// The called number. Left out: the endpoint is null.
    pub to: Option<String>,
    /// Contact attributes that are set before the first step.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// Whether the conversation with an agent is recorded. Left out, a contact flow decides; without one it is not.
    pub recording: Option<bool>,
    /// The contact's language.
    #[serde(default = "english")]
    pub language: String,
    /// Whether Contact Lens analyzes the conversation, and how.
    #[serde(default, deserialize_with = "contact_lens::deserialize")]
    pub contact_lens: Option<ContactLens>,
    /// After-contact work of each agent that took part.
    #[serde(default = "half_a_minute", deserialize_with = "time::deserialize")]
    pub wrap_up: Duration,
}

/// How the call reaches the contact center.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Channel {
    /// By telephone.
    #[default]
    Voice,
    /// From a browser or an app.
    WebRtc,
}

/// Who starts the call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Initiation {
    /// The customer calls.
    #[default]
    Inbound,
    /// An agent dials.
    Outbound,
    /// The contact center calls back a customer who asked for it.
    Callback,
}

/// Who answers when the contact center dials.
pub(super) const CUSTOMER: &str = "customer";

/// One thing that happens, at a time after the ring.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// Time since the ring.
    pub at: Duration,
    /// Where the script file says so, for errors.
    pub line: u64,
    /// What happens.
    pub action: Action,
}

/// What happens in a step.
#[derive(Debug, Clone, PartialEq)]
pub enum Action {
    /// A function is invoked as by a block of a contact flow.
    Flow(FlowStep),
    /// The customer presses keys.
    Presses(String),
    /// The contact enters this queue.
    Queue(Target),
    /// The agent of this name answers; `customer` is the dialled customer of an outbound call or callback.
    /// After the call, the agent answers the callback that a contact flow has queued; the steps after it are that leg's.
    Answer(String),
    /// The agent holds the customer for this long.
    Hold(Duration),
    /// The flow starts or stops media streaming: what is said in between can be listened to.
    MediaStreaming(Switch),
    /// Somebody says something.
    Says(Speaker, Line),
    /// A rule of Contact Lens matches.
    Category(Category),
    /// The agent transfers the call; a new leg, with its own contact id, begins.
    /// The steps after it are that leg's. The first agent leaves as soon as the second answers.
    Transfer(Transfer),
    /// A contact flow queues a callback. Only a flow does.
    Callback(Callback),
    /// The routing criteria's step that asks for this agent expires.
    RoutingExpires(String),
    /// The call ends.
    HangUp(Party),
    /// Something breaks, or is mended.
    Fault(Fault),
    /// Amazon Connect sends the contact record again.
    Resend(Resend),
    /// Somebody has the transcripts of past calls filled in.
    Backfill(Backfill),
}

/// An invoke-function block of the contact flow.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowStep {
    /// The function, by the name of its folder in `functions/`.
    pub function: String,
    /// The block's parameters.
    #[serde(default)]
    pub parameters: Map<String, Value>,
    /// Contact attributes set from the reply: attribute name to `$.External.key`.
    #[serde(default)]
    pub set: BTreeMap<String, String>,
    /// What the flow does when the block takes its Error branch.
    #[serde(default)]
    pub on_error: OnError,
    /// The block's time limit; Amazon Connect allows at most 8 s.
    #[serde(default = "eight_seconds", deserialize_with = "time::deserialize")]
    pub timeout: Duration,
}

/// The Error branch of an invoke-function block.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum OnError {
    /// The flow goes on without the reply.
    #[default]
    Continue,
    /// The flow ends the call.
    Disconnect,
}

/// Who ends the call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Party {
    /// The customer.
    Customer,
    /// The agent.
    Agent,
    /// The contact flow.
    Flow,
    /// Nobody: the line broke.
    Network,
}

impl Party {
    /// The `DisconnectReason` that Amazon Connect gives.
    pub fn disconnect_reason(self) -> &'static str {
        match self {
            Self::Customer => "CUSTOMER_DISCONNECT",
            Self::Agent => "AGENT_DISCONNECT",
            Self::Flow => "CONTACT_FLOW_DISCONNECT",
            Self::Network => "TELECOM_PROBLEM",
        }
    }
}

/// A contact record that is sent again. Without `version` it is a newer version than any before.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resend {
    /// The leg whose record it is, from 1.
    #[serde(default = "one")]
    pub leg: usize,
    /// Send this earlier version again, unchanged; the first is 1.
    pub version: Option<usize>,
    /// Contact attributes that changed since the version before.
    #[serde(default)]
    pub attributes: BTreeMap<String, String>,
    /// The recording has arrived. The versions before this one are sent without it.
    #[serde(default)]
    pub recording: bool,
}

/// A backfill of transcripts: of the calls of a time.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Backfill {
    /// From then on, since the ring.
    #[serde(default, deserialize_with = "time::deserialize")]
    pub from: Duration,
    /// Until then; left out, until now.
    #[serde(default, deserialize_with = "time::deserialize_option")]
    pub to: Option<Duration>,
    /// Only say what would be done.
    #[serde(default)]
    pub dry_run: bool,
    /// How many calls one invocation does at most; it is invoked until all are done.
    pub limit: Option<usize>,
}

/// What is otherwise with a function, for this call, than the template and its contact flows say.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FunctionSettings {
    /// Lambda's time limit.
    #[serde(default, deserialize_with = "time::deserialize_option")]
    pub timeout: Option<Duration>,
    /// Environment variables.
    #[serde(default)]
    pub variables: BTreeMap<String, String>,
    /// What contact flows call it, where that does not end in its logical id: an ARN, or the name in one.
    pub arn: Option<String>,
}

/// A step as the file writes it: a time and exactly one action.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StepLines {
    #[serde(deserialize_with = "time::deserialize")]
    at: Duration,
    flow: Option<FlowStep>,
    presses: Option<String>,
    queue: Option<Target>,
    answer: Option<String>,
    #[serde(default, deserialize_with = "time::deserialize_option")]
    hold: Option<Duration>,
    media_streaming: Option<Switch>,
    customer: Option<Line>,
    agent: Option<Line>,
    category: Option<Category>,
    transfer: Option<Transfer>,
    routing_expires: Option<String>,
    hang_up: Option<Party>,
    fault: Option<Fault>,
    resend: Option<Resend>,
    backfill: Option<Backfill>,
}

impl StepLines {
    /// The one action; the error says how many there are instead.
    pub(super) fn step(lines: Spanned<Self>) -> Result<Step, (u64, String)> {
        let line = lines.defined.line();
        let it = lines.value;
        let actions = [
            it.flow.map(Action::Flow),
            it.presses.map(Action::Presses),
            it.queue.map(Action::Queue),
            it.answer.map(Action::Answer),
            it.hold.map(Action::Hold),
            it.media_streaming.map(Action::MediaStreaming),
            it.customer.map(|line| Action::Says(Speaker::Customer, line)),
            it.agent.map(|line| Action::Says(Speaker::Agent, line)),
            it.category.map(Action::Category),
            it.transfer.map(Action::Transfer),
            it.routing_expires.map(Action::RoutingExpires),
            it.hang_up.map(Action::HangUp),
            it.fault.map(Action::Fault),
            it.resend.map(Action::Resend),
            it.backfill.map(Action::Backfill),
        ];
        let mut actions: Vec<Action> = actions.into_iter().flatten().collect();
        match (actions.pop(), actions.len()) {
            (Some(action), 0) => Ok(Step { at: it.at, line, action }),
            (found, others) => Err((
                line,
                format!(
                    "a step has one action, this one has {}: write one of flow, presses, queue, answer, \
                     hold, media_streaming, customer, agent, category, transfer, routing_expires, hang_up, \
                     fault, resend, backfill",
                    others + usize::from(found.is_some())
                ),
            )),
        }
    }
}

fn english() -> String {
    "en-US".to_owned()
}

fn half_a_minute() -> Duration {
    Duration::from_secs(30)
}

fn eight_seconds() -> Duration {
    Duration::from_secs(8)
}

fn one() -> usize {
    1
}
