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
    /// `GET /services/oauth2/userinfo` and the identity URL
    UserInfo,
    /// `POST /services/oauth2/revoke`
    Revoke,
    /// `GET /services/data`, which needs no session
    RestVersions,
    /// `GET /sobjects`
    DescribeGlobal,
    /// `GET /sobjects/{object}` and `GET /sobjects/{object}/describe`
    Describe,
    /// `POST /sobjects/{object}`
    CreateRecord,
    /// `GET /sobjects/{object}/{id}`, or by external id
    ReadRecord,
    /// `PATCH /sobjects/{object}/{id}`
    UpdateRecord,
    /// `DELETE /sobjects/{object}/{id}`, or by external id
    DeleteRecord,
    /// `PATCH /sobjects/{object}/{field}/{value}`
    UpsertRecord,
    /// `GET /sobjects/{object}/updated` and `deleted`
    ChangedRecords,
    /// `GET /query` and `GET /queryAll`
    Query,
    /// `GET /query/{locator}`
    QueryMore,
    /// `GET /search`
    Search,
    /// `GET` or `POST /parameterizedSearch`
    ParameterizedSearch,
    /// `/composite/sobjects`, whatever the verb
    Collections,
    /// `POST /composite` or `/composite/batch`, which stands for all of its parts
    Composite,
    /// `GET /limits`
    Limits,
    /// `POST /connect/conversations/upload`
    UploadConversations,
    /// `GET /connect/conversations/upload`
    UploadStatus,
    /// A path that this org does not have, or a verb that the path does not
    Unknown,
}

impl Operation {
    const ALL: [Self; 34] = [
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
        Self::UserInfo,
        Self::Revoke,
        Self::RestVersions,
        Self::DescribeGlobal,
        Self::Describe,
        Self::CreateRecord,
        Self::ReadRecord,
        Self::UpdateRecord,
        Self::DeleteRecord,
        Self::UpsertRecord,
        Self::ChangedRecords,
        Self::Query,
        Self::QueryMore,
        Self::Search,
        Self::ParameterizedSearch,
        Self::Collections,
        Self::Composite,
        Self::Limits,
        Self::UploadConversations,
        Self::UploadStatus,
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
            Self::UserInfo => "userInfo",
            Self::Revoke => "revoke",
            Self::RestVersions => "restVersions",
            Self::DescribeGlobal => "describeGlobal",
            Self::Describe => "describe",
            Self::CreateRecord => "createRecord",
            Self::ReadRecord => "readRecord",
            Self::UpdateRecord => "updateRecord",
            Self::DeleteRecord => "deleteRecord",
            Self::UpsertRecord => "upsertRecord",
            Self::ChangedRecords => "changedRecords",
            Self::Query => "query",
            Self::QueryMore => "queryMore",
            Self::Search => "search",
            Self::ParameterizedSearch => "parameterizedSearch",
            Self::Collections => "collections",
            Self::Composite => "composite",
            Self::Limits => "limits",
            Self::UploadConversations => "uploadConversations",
            Self::UploadStatus => "uploadStatus",
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
