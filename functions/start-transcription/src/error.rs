//! Why an invocation failed, in the words that a contact flow's log shows.

use connect::Malformed;
use connect::transcription::InvalidSetting;
use lambda_kit::aws::AwsError;
use lambda_kit::flow::FlowError;
use lambda_runtime::Diagnostic;

/// Why an invocation failed. `errorType` in the flow's log is [`FlowError::kind`].
#[derive(Debug, thiserror::Error)]
pub enum HandlerError {
    /// The event is not what a contact flow sends.
    #[error("the event is not an invocation by a contact flow: {0}")]
    Event(#[from] Malformed),
    /// There is nobody to transcribe.
    #[error(
        "Details.ContactData.ContactId is missing: only a contact flow can start the transcription of its contact"
    )]
    NoContact,
    /// There is nothing to hear.
    #[error(
        "media streaming has not started: put a Start media streaming block before this one in the contact flow, and \
         come here from its Success branch"
    )]
    NotStreaming,
    /// There is nothing to hear any more.
    #[error(
        "media streaming has been stopped: put this block between Start media streaming and Stop media streaming in \
         the contact flow"
    )]
    Stopped,
    /// What Connect says about the audio cannot be used.
    #[error(
        "MediaStreams.Customer.Audio.{field} is missing or not what Amazon Connect sends: check whether media \
         streaming is enabled for the instance"
    )]
    Media {
        /// The field.
        field: &'static str,
    },
    /// A setting of the flow cannot be used.
    #[error("{source}; correct it in the contact flow, {place}", place = place(*may_be_attribute))]
    Setting {
        /// Whether a contact attribute sets it, too.
        may_be_attribute: bool,
        /// The setting, and what is wrong with it.
        source: InvalidSetting,
    },
    /// Whether somebody transcribes the contact already could not be found out.
    #[error("the transcription was not started: {0}")]
    Lease(#[source] AwsError),
    /// Another invocation is starting the transcription, and has not succeeded yet.
    #[error(
        "the transcription was not started: another invocation for the contact is about to, and has not said so in time"
    )]
    Undecided,
    /// The transcriber could not be invoked.
    #[error("the transcription was not started: {0}")]
    Invoke(#[source] AwsError),
}

impl FlowError for HandlerError {
    fn kind(&self) -> &'static str {
        match self {
            HandlerError::Event(_) => "InvalidEvent",
            HandlerError::NoContact | HandlerError::Media { .. } => "MissingParameter",
            HandlerError::NotStreaming => "MediaStreamingNotStarted",
            HandlerError::Stopped => "MediaStreamingStopped",
            HandlerError::Setting { .. } => "InvalidParameter",
            HandlerError::Undecided => "OutOfTime",
            HandlerError::Lease(source) | HandlerError::Invoke(source) => source.kind(),
        }
    }
}

impl From<HandlerError> for Diagnostic {
    fn from(error: HandlerError) -> Self {
        Diagnostic { error_type: error.kind().to_owned(), error_message: error.to_string() }
    }
}

fn place(may_be_attribute: bool) -> &'static str {
    if may_be_attribute {
        "where it is set as a contact attribute, or as a parameter of this block"
    } else {
        "in the parameters of this block"
    }
}
