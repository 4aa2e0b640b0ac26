//! What a request asks of the org, as faults and the request log name it.

use std::fmt;
use std::str::FromStr;

/// One thing that the org can be asked to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// `POST /services/oauth2/token`
    Token,
    /// `GET /services/data/vNN.0`, the simplest resource that needs a session
    RestResources,
    /// `POST /voiceCalls`
    CreateVoiceCall,
    /// `PATCH /voiceCalls/{id}`
    UpdateVoiceCall,
    /// `PATCH /voiceCalls/{id}/omniFlow`
    ExecuteOmniFlow,
    /// `PATCH /voiceCalls/{id}/clearRouting`
    ClearRouting,
    /// `PATCH` or `POST /voiceCalls/{id}/reroute`
    Reroute,
    /// `PATCH /voiceCalls/route/{id}` or `POST /voiceCalls/{id}/routeVoiceCall`
    RouteVoiceCall,
    /// `POST /voiceCalls/{id}/requestCallback`
    RequestCallback,
    /// `POST /voiceCalls/{vendorCallKey}/messages`
    SendMessage,
    /// `POST /voiceCalls/messages`
    SendMessages,
    /// `POST /voiceCalls/{vendorCallKey}/realtimeConversationEvents`
    SendRealtimeEvents,
    /// `POST /voiceCalls/{vendorCallKey}/postConversationEvents`
    SendPostCallEvents,
    /// A path that this org does not have
    Unknown,
}

impl Operation {
    const ALL: [Self; 14] = [
        Self::Token,
        Self::RestResources,
        Self::CreateVoiceCall,
        Self::UpdateVoiceCall,
        Self::ExecuteOmniFlow,
        Self::ClearRouting,
        Self::Reroute,
        Self::RouteVoiceCall,
        Self::RequestCallback,
        Self::SendMessage,
        Self::SendMessages,
        Self::SendRealtimeEvents,
        Self::SendPostCallEvents,
        Self::Unknown,
    ];

    /// The name in scenario files and logs, e.g. `createVoiceCall`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Token => "token",
            Self::RestResources => "restResources",
            Self::CreateVoiceCall => "createVoiceCall",
            Self::UpdateVoiceCall => "updateVoiceCall",
            Self::ExecuteOmniFlow => "executeOmniFlow",
            Self::ClearRouting => "clearRouting",
            Self::Reroute => "reroute",
            Self::RouteVoiceCall => "routeVoiceCall",
            Self::RequestCallback => "requestCallback",
            Self::SendMessage => "sendMessage",
            Self::SendMessages => "sendMessages",
            Self::SendRealtimeEvents => "sendRealtimeEvents",
            Self::SendPostCallEvents => "sendPostCallEvents",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for Operation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A name that is no operation of this org.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is not an operation of the org; it knows {known}", known = Operation::ALL.map(Operation::as_str).join(", "))]
pub struct UnknownOperation(String);

impl FromStr for Operation {
    type Err = UnknownOperation;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let known = Self::ALL.into_iter().find(|operation| operation.as_str() == name);
        known.ok_or_else(|| UnknownOperation(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_back_and_unknown_ones_are_told_the_choice() {
        for operation in Operation::ALL {
            assert_eq!(operation.as_str().parse::<Operation>().unwrap(), operation);
        }
        let error = "createCall".parse::<Operation>().unwrap_err().to_string();
        assert!(
            error.contains("'createCall'") && error.contains("createVoiceCall, updateVoiceCall"),
            "{error}"
        );
    }
}
