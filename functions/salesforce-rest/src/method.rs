//! The methods that contact flows and other functions may name.

/// What `methodName` asks for. Source: the methods of Salesforce's InvokeSalesforceRestApi function (Voice developer
/// guide, `voice_lambda_invokesalesforcerestapi`), those its later versions added, and what was missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Create a record, or several.
    CreateRecord,
    /// The fields of a record.
    ReadRecord,
    /// Change a record, or several.
    UpdateRecord,
    /// Create or change the record with this external id.
    UpsertRecord,
    /// Move a record to the recycle bin.
    DeleteRecord,
    /// The first row of a SOQL query.
    QueryRecord,
    /// All rows of a SOQL query.
    QueryRecords,
    /// The first hit of a SOSL search.
    SearchRecord,
    /// A search without SOSL.
    ParameterizedSearch,
    /// The records with this phone number, however it is spelt.
    PhoneLookup,
    /// Add transcripts to conversations that are over.
    UploadTranscript,
    /// What became of uploads.
    FetchUploadIdsStatus,
    /// Publish an alert.
    RealtimeAlertEvent,
    /// The number of the field engineer who is on the way to the caller.
    SfsPhoneCallFlowQuery,
    /// The number that an agent's outbound calls show.
    FetchOutboundPhoneNumber,
    /// An agent's own number.
    FetchAgentPhoneNumber,
    /// Where an agent's voicemail greeting is.
    FetchDefaultVoicemailGreetingUrl,
}

impl Method {
    /// Every method, in the order of the README's table.
    pub const ALL: [Method; 17] = [
        Method::CreateRecord,
        Method::ReadRecord,
        Method::UpdateRecord,
        Method::UpsertRecord,
        Method::DeleteRecord,
        Method::QueryRecord,
        Method::QueryRecords,
        Method::SearchRecord,
        Method::ParameterizedSearch,
        Method::PhoneLookup,
        Method::UploadTranscript,
        Method::FetchUploadIdsStatus,
        Method::RealtimeAlertEvent,
        Method::SfsPhoneCallFlowQuery,
        Method::FetchOutboundPhoneNumber,
        Method::FetchAgentPhoneNumber,
        Method::FetchDefaultVoicemailGreetingUrl,
    ];

    /// The spelling in contact flows; also the value of the metrics dimension `method`.
    pub fn name(self) -> &'static str {
        match self {
            Method::CreateRecord => "createRecord",
            Method::ReadRecord => "readRecord",
            Method::UpdateRecord => "updateRecord",
            Method::UpsertRecord => "upsertRecord",
            Method::DeleteRecord => "deleteRecord",
            Method::QueryRecord => "queryRecord",
            Method::QueryRecords => "queryRecords",
            Method::SearchRecord => "searchRecord",
            Method::ParameterizedSearch => "parameterizedSearch",
            Method::PhoneLookup => "phoneLookup",
            Method::UploadTranscript => "uploadTranscript",
            Method::FetchUploadIdsStatus => "fetchUploadIdsStatus",
            Method::RealtimeAlertEvent => "realtimeAlertEvent",
            Method::SfsPhoneCallFlowQuery => "SFSPhoneCallFlowQuery",
            Method::FetchOutboundPhoneNumber => "fetchOutboundPhoneNumber",
            Method::FetchAgentPhoneNumber => "fetchAgentPhoneNumber",
            Method::FetchDefaultVoicemailGreetingUrl => "fetchDefaultVoicemailGreetingUrl",
        }
    }

    /// The method spelt `name`, which is case-sensitive as it is today.
    pub fn named(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.name() == name)
    }
}
