//! What this suite's functions demand of their parameters: the tables of functions/voice-call, functions/salesforce-rest and
//! functions/start-transcription.

/// A function that flows invoke.
pub(super) struct Function {
    /// Its logical id.
    pub(super) logical_id: &'static str,
    /// How long it takes at most, in milliseconds, unless `FLOW_BUDGET_MS` says otherwise.
    pub(super) budget: u64,
    /// Its methods; none, if it does one thing.
    pub(super) methods: &'static [Method],
}

/// A method: what `methodName` may say.
pub(super) struct Method {
    pub(super) name: &'static str,
    /// What must be there: of each group one.
    pub(super) required: &'static [&'static [&'static str]],
}

const fn method(name: &'static str, required: &'static [&'static [&'static str]]) -> Method {
    Method { name, required }
}

/// The functions.
pub(super) const FUNCTIONS: [Function; 3] = [
    Function {
        logical_id: "InvokeTelephonyIntegrationApiFunction",
        budget: 7_000,
        methods: &[
            method("createVoiceCall", &[]),
            method("createTransferVC", &[]),
            method("executeOmniFlow", &[]),
            method("cancelOmniFlowExecution", &[]),
            method("rerouteFlowExecution", &[]),
            method("routeVoiceCall", &[&["routingTarget"]]),
            method("callbackExecution", &[&["customerCallbackNumber"]]),
            method("updateVoiceCall", &[&["fieldValues"]]),
            method("sendMessage", &[&["fieldValues"]]),
            method("updateCache", &[]),
        ],
    },
    Function {
        logical_id: "InvokeSalesforceRestApiFunction",
        budget: 7_000,
        methods: &[
            method("createRecord", &[&["objectApiName", "records"]]),
            method("readRecord", &[&["objectApiName"], &["recordId"]]),
            method("updateRecord", &[&["objectApiName", "records"], &["recordId", "records"]]),
            method("upsertRecord", &[&["objectApiName"], &["externalIdField"], &["externalId"]]),
            method("deleteRecord", &[&["objectApiName"], &["recordId"]]),
            method("queryRecord", &[&["soql"]]),
            method("queryRecords", &[&["soql"]]),
            method("searchRecord", &[&["sosl"]]),
            method("parameterizedSearch", &[&["q"], &["objects", "sobjects"]]),
            method("phoneLookup", &[]),
            method("uploadTranscript", &[&["contactIdsPayloadMap"]]),
            method("fetchUploadIdsStatus", &[&["uploadIds"]]),
            method("realtimeAlertEvent", &[]),
            method("SFSPhoneCallFlowQuery", &[]),
            method("fetchOutboundPhoneNumber", &[&["agentARN"]]),
            method("fetchAgentPhoneNumber", &[&["agentARN"]]),
            method("fetchDefaultVoicemailGreetingUrl", &[&["agentARN"]]),
        ],
    },
    Function { logical_id: "kvsConsumerTrigger", budget: 2_500, methods: &[] },
];
