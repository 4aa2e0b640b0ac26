//! The Telephony Integration API.

use std::sync::Arc;

use axum::Router;
use axum::routing::{patch, post};

use crate::gate::guard;
use crate::operation::Operation;
use crate::reply::Refusal;
use crate::settings::Dialect;
use crate::state::OrgState;
use crate::store::records::Record;
use crate::store::{Db, calls};

mod attributes;
mod auth;
mod create;
mod events;
mod messages;
mod payload;
mod routing;
mod update;

pub(crate) fn routes(org: &Arc<OrgState>) -> Router<Arc<OrgState>> {
    let (reference, documented) = match org.settings.dialect {
        Dialect::Reference => (true, false),
        Dialect::Documented => (false, true),
        Dialect::Both => (true, true),
    };
    let reroute = match org.settings.dialect {
        Dialect::Reference => patch(routing::reroute),
        Dialect::Documented => post(routing::reroute),
        Dialect::Both => patch(routing::reroute).post(routing::reroute),
    };
    let mut routes = vec![
        ("/voiceCalls", Operation::CreateVoiceCall, post(create::create)),
        ("/voiceCalls/{call}", Operation::UpdateVoiceCall, patch(update::update)),
        ("/voiceCalls/{call}/omniFlow", Operation::ExecuteOmniFlow, patch(routing::execute_omni_flow)),
        ("/voiceCalls/{call}/clearRouting", Operation::ClearRouting, patch(routing::clear)),
        ("/voiceCalls/{call}/requestCallback", Operation::RequestCallback, post(routing::request_callback)),
        ("/voiceCalls/{call}/reroute", Operation::Reroute, reroute),
        ("/voiceCalls/messages", Operation::SendMessages, post(messages::send_batch)),
        ("/voiceCalls/{key}/messages", Operation::SendMessage, post(messages::send_one)),
        // Salesforce's own transcriber ends this one with a slash.
        ("/voiceCalls/{key}/messages/", Operation::SendMessage, post(messages::send_one)),
        (
            "/voiceCalls/{key}/realtimeConversationEvents",
            Operation::SendRealtimeEvents,
            post(events::realtime),
        ),
        ("/voiceCalls/{key}/postConversationEvents", Operation::SendPostCallEvents, post(events::post_call)),
    ];
    if reference {
        routes.push(("/voiceCalls/route/{call}", Operation::RouteVoiceCall, patch(routing::route)));
    }
    if documented {
        routes.push(("/voiceCalls/{call}/routeVoiceCall", Operation::RouteVoiceCall, post(routing::route)));
    }
    routes.into_iter().fold(Router::new(), |router, (path, operation, handlers)| {
        router.route(&format!("/telephony/v1{path}"), guard(org, operation, handlers))
    })
}

/// The call of this center that a path names by record id or vendor call key.
fn call_in(db: &Db<'_>, call_center: &Record, key_or_id: &str) -> Result<Record, Refusal> {
    calls::find(db, key_or_id, Some(call_center.id()))?.ok_or_else(Refusal::no_such_call)
}

/// The conversation of the call that it began with: messages and events name that call, by the vendor's key and no other.
fn conversation_in(db: &Db<'_>, call_center: &Record, vendor_call_key: &str) -> Result<Record, Refusal> {
    if calls::is_voice_call_id(vendor_call_key) {
        let message = "Messages and events take the vendor call key, not the voice call id";
        return Err(Refusal::bad_request("INVALID_ID_FIELD", message));
    }
    let call = call_in(db, call_center, vendor_call_key)?;
    let conversation = calls::conversation_of(db, &call)?.ok_or_else(Refusal::no_such_call)?;
    if conversation["ConversationIdentifier"] != vendor_call_key {
        let message = "The vendor call key is not the one of the conversation's first contact";
        return Err(Refusal::bad_request("INVALID_ID_FIELD", message));
    }
    Ok(conversation)
}
