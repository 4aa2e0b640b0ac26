//! Which ways out an action must have.
//!
//! From the actions' pages, corrected by what the service demands when a flow is published and by what console exports have.

use super::{Action, InputMode, Validation};

/// The ways out that Amazon Connect demands of an action.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// Whether it must have `NextAction`.
    pub next: bool,
    /// The error types that it must have.
    pub errors: Vec<&'static str>,
    /// The results that there must be a condition `Equals` for.
    pub results: Vec<String>,
    /// Whether the flow ends with it, so that it can have no way out.
    pub ends: bool,
}

const ANY: &str = "NoMatchingError";
const NO_MATCH: &str = "NoMatchingCondition";

impl Rules {
    fn with(errors: &[&'static str]) -> Self {
        Self { next: true, errors: errors.to_vec(), ..Self::default() }
    }

    fn and_results(mut self, results: &[&str]) -> Self {
        self.results = results.iter().map(|result| (*result).to_owned()).collect();
        self
    }
}

impl Action {
    /// The ways out that it must have.
    pub fn rules(&self) -> Rules {
        match self {
            Self::DisconnectParticipant
            | Self::EndFlowExecution
            | Self::EndFlowModuleExecution(_)
            | Self::TransferContactToAgent => Rules { ends: true, ..Rules::default() },
            // Console exports have them without an error branch, too.
            Self::MessageParticipant(_)
            | Self::UpdateContactTextToSpeechVoice(_)
            | Self::UpdateContactRecordingBehavior(_)
            | Self::UpdateContactRoutingBehavior(_)
            | Self::UpdateFlowLoggingBehavior(_)
            | Self::CompleteOutboundCall(_) => Rules::with(&[]),
            Self::MessageParticipantIteratively(it) => {
                let interrupted: &[&str] =
                    it.interrupt_after.as_ref().map_or(&[], |_| &["MessagesInterrupted"]);
                Rules { next: false, ..Rules::default() }.and_results(interrupted)
            }
            Self::GetParticipantInput(it) => Rules::with(match &it.mode {
                InputMode::Menu => &[NO_MATCH, "InputTimeLimitExceeded", ANY],
                InputMode::Store { validation: Validation::Custom { .. }, .. } => &[ANY],
                InputMode::Store { .. } => &["InvalidPhoneNumber", ANY],
            }),
            Self::ConnectParticipantWithLexBot(_) | Self::CheckMetricData(_) => Rules::with(&[NO_MATCH, ANY]),
            Self::Compare(_) | Self::DistributeByPercentage => Rules::with(&[NO_MATCH]),
            Self::CheckHoursOfOperation(_) => Rules::with(&[ANY]).and_results(&["True", "False"]),
            Self::CheckOutboundCallStatus => Rules::with(&[ANY]).and_results(&[
                "CallAnswered",
                "VoicemailBeep",
                "VoicemailNoBeep",
                "NotDetected",
            ]),
            Self::Loop(_) => Rules::with(&[]).and_results(&["ContinueLooping", "DoneLooping"]),
            Self::Wait(it) => {
                let mut rules = Rules::with(&[ANY]).and_results(&["WaitCompleted"]);
                rules.results.extend(it.events.iter().cloned());
                rules
            }
            Self::TransferContactToQueue | Self::DequeueContactAndTransferToQueue(_) => {
                Rules::with(&["QueueAtCapacity", ANY])
            }
            Self::TransferParticipantToThirdParty(it) if it.continues => {
                Rules::with(&["CallFailed", "ConnectionTimeLimitExceeded", ANY])
            }
            Self::UpdateContactCallbackNumber(_) => {
                Rules::with(&["InvalidCallbackNumber", "CallbackNumberNotDialable"])
            }
            Self::UpdateContactRecordingAndAnalyticsBehavior(_) => Rules::with(&["ChannelMismatch", ANY]),
            Self::CreateCallbackContact(_)
            | Self::GetMetricData(_)
            | Self::InvokeFlowModule(_)
            | Self::InvokeLambdaFunction(_)
            | Self::LoadLambdaResult(_)
            | Self::TagContact(_)
            | Self::TransferParticipantToThirdParty(_)
            | Self::TransferToFlow(_)
            | Self::UntagContact(_)
            | Self::UpdateContactAttributes(_)
            | Self::UpdateContactData(_)
            | Self::UpdateContactEventHooks(_)
            | Self::UpdateContactMediaStreamingBehavior(_)
            | Self::UpdateContactRoutingCriteria(_)
            | Self::UpdateContactTargetQueue(_)
            | Self::UpdateFlowAttributes(_)
            | Self::UpdatePreviousContactParticipantState(_)
            | Self::Service(_) => Rules::with(&[ANY]),
        }
    }
}
