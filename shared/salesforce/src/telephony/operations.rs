//! The operations of the Telephony Integration API, and whether each may be repeated.

use crate::retry::Replay;
use reqwest::Method;

/// One operation: how it is called here and on the wire.
pub(super) struct Operation {
    pub(super) name: &'static str,
    pub(super) method: Method,
    /// Whether `Telephony-Provider-Name` goes along: where the reference functions send it.
    pub(super) names_provider: bool,
    /// Whether `callCenterApiName` goes into the body: where the reference functions put it.
    pub(super) names_call_center: bool,
    pub(super) replay: Replay,
}

impl Operation {
    const fn new(name: &'static str, method: Method, replay: Replay) -> Self {
        Self { name, method, names_provider: true, names_call_center: false, replay }
    }

    const fn naming_call_center(mut self) -> Self {
        self.names_call_center = true;
        self
    }

    const fn without_provider(mut self) -> Self {
        self.names_provider = false;
        self
    }
}

/// Repeatable: Salesforce's page on voice resiliency asks for up to three repetitions, the contact id names the call,
/// and after an error Connect would invoke the function, and so create, once more anyway.
pub(super) static CREATE: Operation =
    Operation::new("createVoiceCall", Method::POST, Replay::Safe).naming_call_center();

/// Repeatable: the same fields get the same values.
pub(super) static UPDATE: Operation =
    Operation::new("updateVoiceCall", Method::PATCH, Replay::Safe).naming_call_center();

/// A flow may create records and send messages.
pub(super) static EXECUTE_OMNI_FLOW: Operation =
    Operation::new("executeOmniFlow", Method::PATCH, Replay::OnlyIfNotExecuted);

/// Repeatable: what is cleared stays clear.
pub(super) static CLEAR_ROUTING: Operation =
    Operation::new("clearRouting", Method::PATCH, Replay::Safe).without_provider();

/// The verb of the reference function, the only one that is known to work; the API page says `POST`.
pub(super) static REROUTE: Operation =
    Operation::new("reroute", Method::PATCH, Replay::OnlyIfNotExecuted).without_provider();

/// As the API page has it.
pub(super) static REROUTE_DOCUMENTED: Operation =
    Operation::new("reroute", Method::POST, Replay::OnlyIfNotExecuted).without_provider();

/// Verb and path (`route/{id}`) of the newer reference function; the API page has `POST {id}/routeVoiceCall`.
pub(super) static ROUTE: Operation =
    Operation::new("routeVoiceCall", Method::PATCH, Replay::OnlyIfNotExecuted);

/// As the API page has it.
pub(super) static ROUTE_DOCUMENTED: Operation =
    Operation::new("routeVoiceCall", Method::POST, Replay::OnlyIfNotExecuted);

/// Each creates a ContactRequest: a second one would have the caller called twice.
pub(super) static REQUEST_CALLBACK: Operation =
    Operation::new("requestCallback", Method::POST, Replay::OnlyIfNotExecuted).without_provider();

/// Repeatable: the message id is unique within the conversation.
pub(super) static SEND_MESSAGE: Operation =
    Operation::new("sendMessage", Method::POST, Replay::Safe).naming_call_center();

/// Repeatable, as a single message is.
pub(super) static SEND_MESSAGES: Operation = Operation::new("sendMessages", Method::POST, Replay::Safe);

/// Signals have no id, and a supervisor watches them live.
pub(super) static SEND_REALTIME_EVENTS: Operation =
    Operation::new("sendRealtimeEvents", Method::POST, Replay::OnlyIfNotExecuted);

/// Repeatable: the reference function repeats them on every 5xx.
pub(super) static SEND_POST_CALL_EVENTS: Operation =
    Operation::new("sendPostCallEvents", Method::POST, Replay::Safe);
