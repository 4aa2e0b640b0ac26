//! The methods that contact flows and other functions may name.

/// What `methodName` asks for. Source: the methods of Salesforce's InvokeTelephonyIntegrationApi function
/// (Voice developer guide, `voice_lambda_invoketelephonyintegration`) and those its later versions added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Create the VoiceCall of an inbound contact.
    CreateVoiceCall,
    /// Create the VoiceCall of a transferred contact, linked to the contact before it.
    CreateTransferVc,
    /// Let Salesforce choose the agent or queue through an Omni-Channel flow.
    ExecuteOmniFlow,
    /// Withdraw a pending routing: the caller is gone.
    CancelOmniFlowExecution,
    /// Route again after the routing criteria expired.
    RerouteFlowExecution,
    /// Route to an agent, queue or flow (Unified Routing).
    RouteVoiceCall,
    /// Record that the caller wants to be called back.
    CallbackExecution,
    /// Write fields of the VoiceCall.
    UpdateVoiceCall,
    /// Add one utterance to the conversation.
    SendMessage,
    /// Remember which call center serves a contact.
    UpdateCache,
}

impl Method {
    /// Every method, in the order of the README's table.
    pub const ALL: [Method; 10] = [
        Method::CreateVoiceCall,
        Method::CreateTransferVc,
        Method::ExecuteOmniFlow,
        Method::CancelOmniFlowExecution,
        Method::RerouteFlowExecution,
        Method::RouteVoiceCall,
        Method::CallbackExecution,
        Method::UpdateVoiceCall,
        Method::SendMessage,
        Method::UpdateCache,
    ];

    /// The spelling in contact flows; also the value of the metrics dimension `method`.
    pub fn name(self) -> &'static str {
        match self {
            Method::CreateVoiceCall => "createVoiceCall",
            Method::CreateTransferVc => "createTransferVC",
            Method::ExecuteOmniFlow => "executeOmniFlow",
            Method::CancelOmniFlowExecution => "cancelOmniFlowExecution",
            Method::RerouteFlowExecution => "rerouteFlowExecution",
            Method::RouteVoiceCall => "routeVoiceCall",
            Method::CallbackExecution => "callbackExecution",
            Method::UpdateVoiceCall => "updateVoiceCall",
            Method::SendMessage => "sendMessage",
            Method::UpdateCache => "updateCache",
        }
    }

    /// The method spelt `name`, which is case-sensitive as it is today.
    pub fn named(name: &str) -> Option<Method> {
        Method::ALL.into_iter().find(|method| method.name() == name)
    }
}
