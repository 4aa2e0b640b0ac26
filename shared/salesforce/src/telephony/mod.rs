//! The Telephony Integration API: VoiceCalls, their routing, their transcript.
//!
//! <https://developer.salesforce.com/docs/atlas.en-us.voice_developer_guide.meta/voice_developer_guide/voice_rest_intro.htm>

mod call_key;
mod messages;
mod operations;
mod replies;
mod requests;
mod token;
mod two_spellings;

pub use call_key::{CallKey, InvalidCallKey};
pub use messages::{
    Message, MessageBatch, PointOfInterest, PostCallEvent, PostCallEvents, RealtimeEvent, RealtimeEvents,
    SenderType, SignalParticipant, SignalService, SignalType,
};
pub use replies::{Accepted, CallbackRequested, Routing, VoiceCallCreated};
pub use requests::{
    CallAttributes, CallSubtype, CreateVoiceCall, DisconnectReason, ExecuteOmniFlow, InitiationMethod,
    Participant, ParticipantKind, RequestCallback, RouteVoiceCall, UpdateVoiceCall,
};
pub(crate) use token::TokenSource;

use crate::auth::Auth;
use crate::http::{Call, Reading};
use crate::reply::Reply;
use crate::{Endpoint, Error, Http, OrgId, RsaKey};
use operations::Operation;
use reqwest::header::{ACCEPT, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde::Serialize;
use serde_json::Value;
use tokio::time::Instant;
use two_spellings::Spelling;

/// What Salesforce calls Amazon Connect in `Telephony-Provider-Name`.
const PROVIDER: HeaderValue = HeaderValue::from_static("amazon-connect");

/// What a client needs to speak for one call center.
#[derive(Debug, Clone)]
pub struct Settings {
    /// `SCRT_ENDPOINT_BASE`, including `/telephony/v1`.
    pub endpoint: Endpoint,
    /// The org that the call center is in.
    pub org_id: OrgId,
    /// `CallCenter.InternalName`.
    pub call_center_api_name: String,
    /// Its public half is on the call center's record in Salesforce.
    pub private_key: RsaKey,
}

/// The client of one call center. Made once and shared: it keeps its token and its connections.
///
/// Every method ends by its deadline, repetitions included; [`crate::Error`] says what to do then.
pub struct Telephony {
    http: Http,
    endpoint: Endpoint,
    token: TokenSource,
    reroute: Spelling,
    route: Spelling,
}

impl Telephony {
    /// Signs and connects only with the first request.
    pub fn new(http: Http, settings: Settings) -> Self {
        let Settings { endpoint, org_id, call_center_api_name, private_key } = settings;
        let token = TokenSource::new(org_id, call_center_api_name, private_key);
        Self { http, endpoint, token, reroute: Spelling::default(), route: Spelling::default() }
    }

    /// The call center that this client speaks for.
    pub fn call_center_api_name(&self) -> &str {
        self.token.call_center_api_name()
    }

    /// Creates the VoiceCall of a contact, or of a transferred leg.
    pub async fn create_voice_call(
        &self,
        request: &CreateVoiceCall,
        deadline: Instant,
    ) -> Result<VoiceCallCreated, Error> {
        self.send(&operations::CREATE, &["voiceCalls"], Some(request), deadline).await?.json()
    }

    /// Updates a VoiceCall, or creates it if there is none. Salesforce does this later, and says `pending`.
    pub async fn update_voice_call(
        &self,
        call: &CallKey,
        request: &UpdateVoiceCall,
        deadline: Instant,
    ) -> Result<Accepted, Error> {
        let path = ["voiceCalls", call.as_str()];
        Accepted::read(&self.send(&operations::UPDATE, &path, Some(request), deadline).await?)
    }

    /// Has an Omni-Channel flow find the agent or queue for the call.
    pub async fn execute_omni_flow(
        &self,
        call: &CallKey,
        request: &ExecuteOmniFlow,
        deadline: Instant,
    ) -> Result<Routing, Error> {
        let path = ["voiceCalls", call.as_str(), "omniFlow"];
        self.send(&operations::EXECUTE_OMNI_FLOW, &path, Some(request), deadline).await?.json()
    }

    /// Takes a call out of routing, e.g. because the caller hung up.
    pub async fn clear_routing(&self, call: &CallKey, deadline: Instant) -> Result<Accepted, Error> {
        let path = ["voiceCalls", call.as_str(), "clearRouting"];
        Accepted::read(&self.send(&operations::CLEAR_ROUTING, &path, None::<&()>, deadline).await?)
    }

    /// Routes a call anew.
    pub async fn reroute(&self, call: &CallKey, deadline: Instant) -> Result<Accepted, Error> {
        let path = ["voiceCalls", call.as_str(), "reroute"];
        let reply = self
            .reroute
            .send(
                self.send(&operations::REROUTE, &path, None::<&()>, deadline),
                self.send(&operations::REROUTE_DOCUMENTED, &path, None::<&()>, deadline),
            )
            .await?;
        Accepted::read(&reply)
    }

    /// Routes a call to an agent, queue or flow (Unified Routing).
    pub async fn route(
        &self,
        call: &CallKey,
        request: &RouteVoiceCall,
        deadline: Instant,
    ) -> Result<Accepted, Error> {
        let reference = ["voiceCalls", "route", call.as_str()];
        let documented = ["voiceCalls", call.as_str(), "routeVoiceCall"];
        let reply = self
            .route
            .send(
                self.send(&operations::ROUTE, &reference, Some(request), deadline),
                self.send(&operations::ROUTE_DOCUMENTED, &documented, Some(request), deadline),
            )
            .await?;
        Accepted::read(&reply)
    }

    /// Notes that the caller wants to be called back.
    pub async fn request_callback(
        &self,
        call: &CallKey,
        request: &RequestCallback,
        deadline: Instant,
    ) -> Result<CallbackRequested, Error> {
        let path = ["voiceCalls", call.as_str(), "requestCallback"];
        self.send(&operations::REQUEST_CALLBACK, &path, Some(request), deadline).await?.json()
    }

    /// Adds one message to the transcript of a call. `conversation` is the conversation's first contact id.
    pub async fn send_message(
        &self,
        conversation: &CallKey,
        message: &Message,
        deadline: Instant,
    ) -> Result<Accepted, Error> {
        let path = ["voiceCalls", conversation.as_str(), "messages"];
        Accepted::read(&self.send(&operations::SEND_MESSAGE, &path, Some(message), deadline).await?)
    }

    /// Adds messages to the transcripts of several calls.
    pub async fn send_messages(&self, batch: &MessageBatch, deadline: Instant) -> Result<Accepted, Error> {
        let path = ["voiceCalls", "messages"];
        Accepted::read(&self.send(&operations::SEND_MESSAGES, &path, Some(batch), deadline).await?)
    }

    /// Adds signals to a running call. `conversation` is the conversation's first contact id.
    pub async fn send_realtime_events(
        &self,
        conversation: &CallKey,
        events: &RealtimeEvents,
        deadline: Instant,
    ) -> Result<Accepted, Error> {
        let path = ["voiceCalls", conversation.as_str(), "realtimeConversationEvents"];
        Accepted::read(&self.send(&operations::SEND_REALTIME_EVENTS, &path, Some(events), deadline).await?)
    }

    /// Adds signals to a finished call. `conversation` is the conversation's first contact id.
    pub async fn send_post_call_events(
        &self,
        conversation: &CallKey,
        events: &PostCallEvents,
        deadline: Instant,
    ) -> Result<Accepted, Error> {
        let path = ["voiceCalls", conversation.as_str(), "postConversationEvents"];
        Accepted::read(&self.send(&operations::SEND_POST_CALL_EVENTS, &path, Some(events), deadline).await?)
    }

    async fn send<T: Serialize + Sync>(
        &self,
        operation: &Operation,
        path: &[&str],
        body: Option<&T>,
        deadline: Instant,
    ) -> Result<Reply, Error> {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if operation.names_provider {
            headers.insert("telephony-provider-name", PROVIDER);
        }
        let call = Call {
            operation: operation.name,
            method: operation.method.clone(),
            url: self.endpoint.join(path)?,
            headers,
            body: Some(self.body(operation, body)?.into()),
            auth: Auth::Telephony(&self.token),
            replay: operation.replay,
            reading: Reading::default(),
            usage: None,
            deadline,
        };
        self.http.send(&call).await
    }

    /// The JSON to send. Without parameters that is `null`: what the reference functions' HTTP library makes of
    /// nothing when the content type is JSON, hence what Salesforce gets, and takes, today.
    fn body<T: Serialize>(&self, operation: &Operation, body: Option<&T>) -> Result<Vec<u8>, Error> {
        let not_json =
            |_| Error::Unsendable { operation: operation.name, problem: "it cannot be written as JSON" };
        let mut json = serde_json::to_value(body).map_err(not_json)?;
        if let (true, Value::Object(fields)) = (operation.names_call_center, &mut json) {
            fields.insert("callCenterApiName".to_owned(), self.call_center_api_name().into());
        }
        serde_json::to_vec(&json).map_err(not_json)
    }
}

impl std::fmt::Debug for Telephony {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Telephony").field(&self.call_center_api_name()).finish()
    }
}

#[cfg(test)]
mod tests;
