//! What the flow is told of Salesforce's replies.

use lambda_kit::flow::Reply;
use salesforce::telephony::{Accepted, CallbackRequested, Routing, VoiceCallCreated};

/// A reply of Salesforce that a flow is told of.
pub(crate) trait Told {
    /// In the names that flows read.
    fn told(self) -> Reply;
}

impl Told for VoiceCallCreated {
    fn told(self) -> Reply {
        Reply::default().with("voiceCallId", Some(self.voice_call_id)).with("errors", self.errors)
    }
}

impl Told for Routing {
    fn told(self) -> Reply {
        Reply::default().with("agent", self.agent).with("queue", self.queue).with("errors", self.errors)
    }
}

impl Told for CallbackRequested {
    fn told(self) -> Reply {
        Reply::default().with("recordId", Some(self.record_id))
    }
}

impl Told for Accepted {
    /// An answer without a word of its own is a yes.
    fn told(self) -> Reply {
        Reply::default().with("status", Some(self.status.unwrap_or_else(|| "Success".to_owned())))
    }
}
