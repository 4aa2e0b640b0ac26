//! Who is to take a call: Omni flows, queues, agents; and the requests that undo or repeat the choice.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::auth::Caller;
use super::call_in;
use super::payload::Payload;
use crate::reply::Refusal;
use crate::setup::{Directory, FlowTarget};
use crate::state::OrgState;
use crate::store::Db;
use crate::store::records::{self, CONTACT_REQUEST, GROUP, USER, fields};
use crate::store::routing::{self, Instructions, RoutingState, external_id};

/// Where a call is to go, by the names that the org knows.
#[derive(Debug, PartialEq, Eq)]
struct Choice {
    flow: Option<String>,
    target: FlowTarget,
}

pub(super) async fn execute_omni_flow(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    Path(call): Path<String>,
    body: Payload,
) -> Result<Json<Value>, Refusal> {
    let choice = choose(
        &org.directory(),
        body.required_text("dialedNumber")?,
        body.text("flowDevName")?,
        body.text("fallbackQueue")?,
    );
    org.store.transact(|db| {
        let call = call_in(db, &call_center, &call)?;
        let Some(choice) = choice else {
            return Ok(failed("No Omni flow and no fallback queue is set up for the call"));
        };
        let Some(mut instructions) = resolve(db, choice)? else {
            return Ok(failed("The routing target is not in the call center's routing map"));
        };
        instructions.flow_inputs = body.value("flowInputParameters").cloned().unwrap_or_default();
        routing::set(db, call.id(), &instructions)?;
        let reply = [("agent", instructions.agent), ("queue", instructions.queue)];
        let chosen = reply.into_iter().filter_map(|(name, id)| Some((name.to_owned(), id?.into())));
        Ok(Json(Value::Object(chosen.collect())))
    })
}

/// `PATCH /voiceCalls/route/{id}` or `POST /voiceCalls/{id}/routeVoiceCall`: for centers with unified routing.
pub(super) async fn route(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    Path(call): Path<String>,
    body: Payload,
) -> Result<Json<Value>, Refusal> {
    let target = body.required_text("routingTarget")?;
    let flow = org.directory().flows.get(target).cloned();
    org.store.transact(|db| {
        let call = call_in(db, &call_center, &call)?;
        let instructions = match flow {
            Some(to) => resolve(db, Choice { flow: Some(target.to_owned()), target: to })?,
            None => by_record(db, target)?,
        };
        let instructions = match (instructions, body.text("fallbackQueue")?) {
            (None, Some(queue)) => by_record(db, queue)?,
            (instructions, _) => instructions,
        };
        let unknown = "routingTarget: no such agent, queue or flow";
        let mut instructions =
            instructions.ok_or_else(|| Refusal::bad_request("INVALID_CROSS_REFERENCE_KEY", unknown))?;
        instructions.flow_inputs = body.value("flowInputParameters").cloned().unwrap_or_default();
        routing::set(db, call.id(), &instructions)?;
        Ok(success())
    })
}

pub(super) async fn reroute(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    Path(call): Path<String>,
) -> Result<Json<Value>, Refusal> {
    org.store.transact(|db| {
        let call = call_in(db, &call_center, &call)?;
        let pending =
            routing::of_call(db, call.id())?.filter(|routing| routing.state == RoutingState::Pending);
        let none = "The call has no pending routing";
        let mut instructions =
            pending.ok_or_else(|| Refusal::bad_request("FIELD_INTEGRITY_EXCEPTION", none))?.instructions;
        instructions.reroutes += 1;
        routing::set(db, call.id(), &instructions)?;
        Ok(success())
    })
}

pub(super) async fn clear(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    Path(call): Path<String>,
) -> Result<Json<Value>, Refusal> {
    org.store.transact(|db| {
        let call = call_in(db, &call_center, &call)?;
        routing::clear(db, call.id())?;
        Ok(success())
    })
}

pub(super) async fn request_callback(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    Path(call): Path<String>,
    body: Payload,
) -> Result<Json<Value>, Refusal> {
    let number = body.required_text("callbackNumber")?;
    org.store.transact(|db| {
        let call = call_in(db, &call_center, &call)?;
        let request = fields([("VoiceCallId", call.id().into()), ("PreferredPhone", number.into())]);
        let request = records::insert(db, CONTACT_REQUEST, request)?;
        Ok(Json(json!({"recordId": request.id()})))
    })
}

fn success() -> Json<Value> {
    Json(json!({"status": "Success"}))
}

fn failed(why: &str) -> Json<Value> {
    Json(json!({"errors": [why]}))
}

/// What the phone channel of the dialed number says goes before what the request says; in each, a flow that exists
/// goes before the fallback queue.
fn choose(
    directory: &Directory,
    dialed_number: &str,
    flow: Option<&str>,
    fallback_queue: Option<&str>,
) -> Option<Choice> {
    let channel = directory.phone_channels.get(dialed_number);
    let of_channel = channel.map(|channel| (channel.flow.as_deref(), channel.fallback_queue.as_deref()));
    let asked = [of_channel, Some((flow, fallback_queue))].into_iter().flatten();
    asked
        .filter_map(|(flow, queue)| {
            let flow = flow.and_then(|name| directory.flows.get_key_value(name));
            let by_flow = flow.map(|(name, to)| Choice { flow: Some(name.clone()), target: to.clone() });
            by_flow.or_else(|| Some(Choice { flow: None, target: FlowTarget::Queue(queue?.to_owned()) }))
        })
        .next()
}

/// The external id of the chosen agent or queue, which may be named by record id as well; nothing if the routing map
/// has none.
fn resolve(db: &Db<'_>, choice: Choice) -> rusqlite::Result<Option<Instructions>> {
    let (object, field, name) = match &choice.target {
        FlowTarget::Queue(name) => (GROUP, "DeveloperName", name),
        FlowTarget::Agent(name) => (USER, "Username", name),
    };
    let by_name = records::by_field(db, object, field, name)?.pop();
    let record_id = by_name.map_or_else(|| name.clone(), |record| record.id().to_owned());
    let instructions = by_record(db, &record_id)?;
    Ok(instructions.map(|instructions| Instructions { flow: choice.flow, ..instructions }))
}

fn by_record(db: &Db<'_>, record_id: &str) -> rusqlite::Result<Option<Instructions>> {
    let Some(external_id) = external_id(db, record_id)? else { return Ok(None) };
    let is_agent = records::by_id(db, USER, record_id)?.is_some();
    let (agent, queue) = if is_agent { (Some(external_id), None) } else { (None, Some(external_id)) };
    Ok(Some(Instructions { agent, queue, ..Instructions::default() }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::PhoneChannel;

    const NUMBER: &str = "+12065550100";

    fn directory() -> Directory {
        let mut directory = Directory::default();
        directory.flows.insert("Known".to_owned(), FlowTarget::Agent("agent@example.com".to_owned()));
        directory
    }

    fn with_channel(flow: Option<&str>, queue: Option<&str>) -> Directory {
        let mut directory = directory();
        let channel = PhoneChannel {
            number: NUMBER.to_owned(),
            flow: flow.map(str::to_owned),
            fallback_queue: queue.map(str::to_owned),
        };
        directory.phone_channels.insert(NUMBER.to_owned(), channel);
        directory
    }

    fn by_flow() -> Option<Choice> {
        let target = FlowTarget::Agent("agent@example.com".to_owned());
        Some(Choice { flow: Some("Known".to_owned()), target })
    }

    fn by_queue(name: &str) -> Option<Choice> {
        Some(Choice { flow: None, target: FlowTarget::Queue(name.to_owned()) })
    }

    #[test]
    fn the_phone_channel_goes_before_the_request_and_a_flow_before_its_fallback() {
        let none = directory();
        assert_eq!(choose(&none, NUMBER, Some("Known"), Some("Asked")), by_flow());
        assert_eq!(choose(&none, NUMBER, Some("Gone"), Some("Asked")), by_queue("Asked"));
        assert_eq!(choose(&none, NUMBER, Some("Gone"), None), None);
        assert_eq!(choose(&none, NUMBER, None, None), None);

        let queue = with_channel(None, Some("OfChannel"));
        assert_eq!(choose(&queue, NUMBER, Some("Known"), Some("Asked")), by_queue("OfChannel"));
        assert_eq!(choose(&queue, "+12065550101", Some("Known"), None), by_flow());
        let flow = with_channel(Some("Known"), Some("OfChannel"));
        assert_eq!(choose(&flow, NUMBER, None, Some("Asked")), by_flow());
        let nothing = with_channel(Some("Gone"), None);
        assert_eq!(choose(&nothing, NUMBER, None, Some("Asked")), by_queue("Asked"));
    }
}
