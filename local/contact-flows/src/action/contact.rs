//! What changes the contact.
//!
//! <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions.html>

use super::{Count, words};
use crate::shape::Shape;
use crate::text::Text;

words! {
    /// Whose attributes or data are set.
    pub enum Whose {
        /// The contact's.
        Current = "Current",
        /// Those of the contact that it is related to.
        Related = "Related",
    }
}

/// `UpdateContactAttributes`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontactattributes.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateContactAttributes {
    /// What is set: names and values.
    pub attributes: Vec<(Text, Text)>,
    /// Whose.
    pub target: Whose,
}

/// `UpdateContactData`: <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontactdata.html>.
/// Its settings for Voice ID are read over: Amazon ended Voice ID in May 2026.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateContactData {
    /// The contact's name.
    pub name: Option<Text>,
    /// Its description.
    pub description: Option<Text>,
    /// Its language, such as `en-US`.
    pub language: Option<Text>,
    /// The customer's id.
    pub customer_id: Option<Text>,
    /// Links: names and values.
    pub references: Vec<(Text, Text)>,
    /// Whose.
    pub target: Whose,
}

words! {
    /// An event that a flow can be set for.
    pub enum Hook {
        /// The agent is on hold.
        AgentHold = "AgentHold",
        /// The agent was found and hears this before the caller does.
        AgentWhisper = "AgentWhisper",
        /// The caller is on hold.
        CustomerHold = "CustomerHold",
        /// The caller waits in the queue.
        CustomerQueue = "CustomerQueue",
        /// The agent left, the caller is still there.
        CustomerRemaining = "CustomerRemaining",
        /// An agent was found and the caller hears this.
        CustomerWhisper = "CustomerWhisper",
        /// The agent's guide, when the contact is accepted.
        DefaultAgentUi = "DefaultAgentUI",
        /// The agent's guide, when the contact is over.
        DisconnectAgentUi = "DisconnectAgentUI",
        /// The contact is paused.
        PauseContact = "PauseContact",
        /// It goes on.
        ResumeContact = "ResumeContact",
    }
}

/// `UpdateContactEventHooks`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontacteventhooks.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateContactEventHooks {
    /// Events, and the flow for each by id or ARN. Amazon Connect takes one.
    pub hooks: Vec<(Hook, Text)>,
}

/// `UpdateContactMediaStreamingBehavior`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontactmediastreamingbehavior.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdateContactMediaStreamingBehavior {
    /// Start, or stop.
    pub enabled: bool,
    /// Whether what the caller says is streamed.
    pub from_customer: bool,
    /// Whether what the caller hears is streamed.
    pub to_customer: bool,
}

words! {
    /// Who is recorded.
    pub enum Party {
        /// The agent.
        Agent = "Agent",
        /// The caller.
        Customer = "Customer",
    }
}

/// `UpdateContactRecordingBehavior`
/// (<https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontactrecordingbehavior.html>) and
/// `UpdateContactRecordingAndAnalyticsBehavior`
/// (<https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontactrecordingandanalyticsbehavior.html>).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateContactRecordingBehavior {
    /// Who is recorded from here on; nobody, if empty. `None` leaves it.
    pub recorded: Option<Vec<Party>>,
    /// Whether what the caller says and hears before an agent is there is recorded, too.
    pub ivr: Option<bool>,
    /// Contact Lens. `None` leaves it.
    pub analytics: Option<AnalyticsBehavior>,
    /// Whether it is for the chat channel only.
    pub chat_only: bool,
}

/// What Contact Lens does with the conversation.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnalyticsBehavior {
    /// Whether it does anything.
    pub enabled: bool,
    /// The language, such as `en-US`.
    pub language: Option<Text>,
    /// `RealTime`, `PostContact`, `AutomatedInteraction`.
    pub modes: Vec<String>,
    /// Whether sensitive data is redacted.
    pub redacted: bool,
}

/// `UpdateContactRoutingBehavior`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontactroutingbehavior.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateContactRoutingBehavior {
    /// The priority, 1 is the highest; 5 unless set.
    Priority(u64),
    /// Seconds that the contact counts as waiting more, or less.
    Age(i64),
}

/// `UpdateContactRoutingCriteria`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/flow-control-actions-updateroutingcriteria.html> (the page leaves
/// `Contact` out of the name; the service does not).
#[derive(Clone, Debug, PartialEq)]
pub struct UpdateContactRoutingCriteria {
    /// `{"Steps": [{"Expression": …, "Expiry": {"DurationInSeconds": …}}]}`, or a reference to such.
    pub criteria: Shape,
}

/// `UpdateContactTextToSpeechVoice`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontacttexttospeechvoice.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateContactTextToSpeechVoice {
    /// A voice of Amazon Polly, such as `Joanna`.
    pub voice: Text,
    /// Its engine.
    pub engine: Option<Text>,
    /// Its style.
    pub style: Option<Text>,
}

/// `UpdateContactCallbackNumber`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatecontactcallbacknumber.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UpdateContactCallbackNumber {
    /// The number, in E.164 form.
    pub number: Text,
}

words! {
    /// What becomes of the participants of the contact before.
    pub enum PreviousParticipantState {
        /// The agent is put on hold.
        AgentOnHold = "AgentOnHold",
        /// The caller is put on hold.
        CustomerOnHold = "CustomerOnHold",
        /// Nobody is on hold.
        OffHold = "OffHold",
    }
}

/// `UpdatePreviousContactParticipantState`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-updatepreviouscontactparticipantstate.html>.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UpdatePreviousContactParticipantState {
    /// What becomes of them.
    pub state: PreviousParticipantState,
}

/// `TagContact`: <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-tagcontact.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TagContact {
    /// Names and values.
    pub tags: Vec<(Text, Text)>,
}

/// `UntagContact`: <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-untagcontact.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UntagContact {
    /// Names.
    pub keys: Vec<String>,
}

/// `CompleteOutboundCall`:
/// <https://docs.aws.amazon.com/connect/latest/devguide/contact-actions-completeoutboundcall.html>.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompleteOutboundCall {
    /// The number that the called one sees.
    pub caller_id: Option<Text>,
    /// The name that the called one sees.
    pub caller_name: Option<Text>,
    /// Seconds to wait for an answer.
    pub time_limit: Option<Count>,
}
