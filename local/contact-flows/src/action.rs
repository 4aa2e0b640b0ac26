//! What the actions of the flow language are, with their parameters typed.
//!
//! One struct per type of action, under the name that the flow language gives it. Sources: the action's page in the Amazon Connect
//! developer guide (<https://docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html>); where console exports and the
//! service spell a parameter otherwise than the page, both spellings are read.

mod contact;
mod control;
mod interaction;
mod participant;
mod rules;
mod service;
mod texts;
mod words;

pub use contact::{
    AnalyticsBehavior, CompleteOutboundCall, Hook, Party, PreviousParticipantState, TagContact, UntagContact,
    UpdateContactAttributes, UpdateContactCallbackNumber, UpdateContactData, UpdateContactEventHooks,
    UpdateContactMediaStreamingBehavior, UpdateContactRecordingBehavior, UpdateContactRoutingBehavior,
    UpdateContactRoutingCriteria, UpdateContactTextToSpeechVoice, UpdatePreviousContactParticipantState,
    Whose,
};
pub use control::{
    CheckHoursOfOperation, CheckMetricData, Compare, EndFlowModuleExecution, GetMetricData, InvokeFlowModule,
    Loop, Metric, QueueTarget, TransferToFlow, UpdateFlowAttributes, UpdateFlowLoggingBehavior, Wait,
};
pub use interaction::{
    CreateCallbackContact, InvokeLambdaFunction, LoadLambdaResult, Mode, ResponseType,
    TransferParticipantToThirdParty,
};
pub use participant::{
    ConnectParticipantWithLexBot, GetParticipantInput, InputMode, Keypad, Message, MessageParticipant,
    MessageParticipantIteratively, Validation,
};
pub use rules::Rules;
pub use service::{Service, ServiceKind};
pub(crate) use words::words;

use crate::text::Text;

/// A whole number: fixed in the flow, or dynamic.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// Fixed.
    Fixed(u64),
    /// What the contact has there, read as a number when the action runs.
    Dynamic(Text),
}

macro_rules! actions {
    ($( $(#[doc = $doc:literal])* $kind:ident $(($data:ty))?, )+) => {
        /// An action, with its parameters.
        #[derive(Clone, Debug, PartialEq)]
        pub enum Action {
            $( $(#[doc = $doc])* $kind $(($data))?, )+
            /// An action of another Amazon service. The flow waits for its outcome, which whoever runs the flow says.
            Service(Service),
        }

        impl Action {
            /// Its type, as the flow language spells it.
            pub fn kind(&self) -> &'static str {
                match self {
                    $( actions!(@pattern $kind $(($data))?) => stringify!($kind), )+
                    Self::Service(service) => service.kind.as_str(),
                }
            }

            /// The types of all actions that are understood, without those of [`ServiceKind`].
            pub const KINDS: &'static [&'static str] = &[$( stringify!($kind), )+];
        }
    };
    (@pattern $kind:ident ($data:ty)) => { Self::$kind(_) };
    (@pattern $kind:ident) => { Self::$kind };
}

actions! {
    /// Asks whether the hours of operation are open.
    CheckHoursOfOperation(CheckHoursOfOperation),
    /// Compares a figure of a queue.
    CheckMetricData(CheckMetricData),
    /// Asks what answered an outbound call.
    CheckOutboundCallStatus,
    /// Compares a value.
    Compare(Compare),
    /// Dials, in an outbound whisper flow.
    CompleteOutboundCall(CompleteOutboundCall),
    /// Lets an Amazon Lex bot talk to the caller.
    ConnectParticipantWithLexBot(ConnectParticipantWithLexBot),
    /// Queues a callback.
    CreateCallbackContact(CreateCallbackContact),
    /// Moves a contact that is in a queue to another.
    DequeueContactAndTransferToQueue(QueueTarget),
    /// Hangs up.
    DisconnectParticipant,
    /// Draws a number from 1 to 100.
    DistributeByPercentage,
    /// Ends the flow; the contact goes on.
    EndFlowExecution,
    /// Returns from a module.
    EndFlowModuleExecution(EndFlowModuleExecution),
    /// Loads the figures of a queue.
    GetMetricData(GetMetricData),
    /// Has the caller press keys.
    GetParticipantInput(GetParticipantInput),
    /// Runs a module and comes back.
    InvokeFlowModule(InvokeFlowModule),
    /// Invokes a function.
    InvokeLambdaFunction(InvokeLambdaFunction),
    /// Loads what a function answered that was invoked asynchronously.
    LoadLambdaResult(LoadLambdaResult),
    /// Counts.
    Loop(Loop),
    /// Says something.
    MessageParticipant(MessageParticipant),
    /// Says things over and over.
    MessageParticipantIteratively(MessageParticipantIteratively),
    /// Tags the contact.
    TagContact(TagContact),
    /// Ends the flow and connects the contact with the agent.
    TransferContactToAgent,
    /// Puts the contact into its queue, which ends the flow.
    TransferContactToQueue,
    /// Calls somebody outside.
    TransferParticipantToThirdParty(TransferParticipantToThirdParty),
    /// Goes on in another flow.
    TransferToFlow(TransferToFlow),
    /// Takes tags away.
    UntagContact(UntagContact),
    /// Sets contact attributes.
    UpdateContactAttributes(UpdateContactAttributes),
    /// Sets the number to call back.
    UpdateContactCallbackNumber(UpdateContactCallbackNumber),
    /// Sets what Amazon Connect itself knows of the contact.
    UpdateContactData(UpdateContactData),
    /// Sets the flow of an event.
    UpdateContactEventHooks(UpdateContactEventHooks),
    /// Starts or stops live media streaming.
    UpdateContactMediaStreamingBehavior(UpdateContactMediaStreamingBehavior),
    /// Sets what is recorded and analyzed (the newer action).
    UpdateContactRecordingAndAnalyticsBehavior(UpdateContactRecordingBehavior),
    /// Sets what is recorded and analyzed.
    UpdateContactRecordingBehavior(UpdateContactRecordingBehavior),
    /// Sets the place in the queue.
    UpdateContactRoutingBehavior(UpdateContactRoutingBehavior),
    /// Sets which agents are asked for.
    UpdateContactRoutingCriteria(UpdateContactRoutingCriteria),
    /// Sets the queue.
    UpdateContactTargetQueue(QueueTarget),
    /// Sets the voice.
    UpdateContactTextToSpeechVoice(UpdateContactTextToSpeechVoice),
    /// Sets flow attributes.
    UpdateFlowAttributes(UpdateFlowAttributes),
    /// Turns the flow's log on or off.
    UpdateFlowLoggingBehavior(UpdateFlowLoggingBehavior),
    /// Holds a participant of the contact before.
    UpdatePreviousContactParticipantState(UpdatePreviousContactParticipantState),
    /// Waits.
    Wait(Wait),
}
