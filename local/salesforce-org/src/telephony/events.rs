//! Intelligence signals, during a call and after it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::auth::Caller;
use super::conversation_in;
use super::payload::Payload;
use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::events::{self, EventSource};

/// How many events Salesforce's own functions send at once after a call; no limit is documented.
const POST_CALL_EVENTS: usize = 25;

type Accepted = (StatusCode, Json<Value>);

const CATEGORY: &str = "IntelligenceSignal__Category";
const SENTIMENT: &str = "IntelligenceSignal__Sentiment";
/// Undocumented, and sent by Salesforce's own functions.
const OVERALL: &str = "IntelligenceSignal__OverallSentimentScore";

pub(super) async fn realtime(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    Path(key): Path<String>,
    body: Payload,
) -> Result<Accepted, Refusal> {
    let sent = check(&body, &[CATEGORY, SENTIMENT])?;
    org.store.transact(|db| {
        conversation_in(db, &call_center, &key)?;
        sent.events
            .iter()
            .try_for_each(|event| events::put(db, &key, EventSource::Realtime, sent.service, event))?;
        Ok(accepted())
    })
}

pub(super) async fn post_call(
    State(org): State<Arc<OrgState>>,
    Caller(call_center): Caller,
    Path(key): Path<String>,
    body: Payload,
) -> Result<Accepted, Refusal> {
    let sent = check(&body, &[SENTIMENT, OVERALL])?;
    if sent.events.len() > POST_CALL_EVENTS {
        let message = format!("A request takes at most {POST_CALL_EVENTS} events");
        return Err(Refusal::bad_request("LIMIT_EXCEEDED", message));
    }
    for event in sent.events {
        let event = Payload::within(event, "events")?;
        if event.required_millis("endTime")? < event.required_millis("startTime")? {
            return Err(Refusal::bad_request("FIELD_INTEGRITY_EXCEPTION", "An event ends before it starts"));
        }
    }
    org.store.transact(|db| {
        if conversation_in(db, &call_center, &key)?["EndTime"].is_null() {
            let message = "The conversation has not ended";
            return Err(Refusal::bad_request("FIELD_INTEGRITY_EXCEPTION", message));
        }
        sent.events
            .iter()
            .try_for_each(|event| events::put(db, &key, EventSource::PostCall, sent.service, event))?;
        Ok(accepted())
    })
}

fn accepted() -> Accepted {
    (StatusCode::ACCEPTED, Json(json!({"result": "Accepted"})))
}

struct Sent<'a> {
    service: &'a str,
    events: &'a [Value],
}

fn check<'a>(body: &'a Payload, types: &[&'static str]) -> Result<Sent<'a>, Refusal> {
    body.require(&["service", "events"])?;
    let events = body.list("events")?;
    let mut latest = i64::MIN;
    for event in events {
        let event = Payload::within(event, "events")?;
        event.require(&["type", "value", "startTime"])?;
        let kind = event.choice("type", types)?.unwrap_or_default();
        let participant = event.choice("participant", &["AGENT", "CUSTOMER"])?;
        if kind != CATEGORY && participant.is_none() {
            return Err(Refusal::bad_request("REQUIRED_FIELD_MISSING", "Sentiment requires a participant"));
        }
        check_value(event.required_text("value")?, kind)?;
        let start = event.required_millis("startTime")?;
        if start < latest {
            let message = "events must be in ascending order of startTime";
            return Err(Refusal::bad_request("FIELD_INTEGRITY_EXCEPTION", message));
        }
        latest = start;
    }
    Ok(Sent { service: body.required_text("service")?, events })
}

/// A category is any text, sentiment a number in one.
fn check_value(value: &str, kind: &str) -> Result<(), Refusal> {
    let range = match kind {
        SENTIMENT => -1000.0..=1000.0,
        OVERALL => -5.0..=5.0,
        _ => return Ok(()),
    };
    if value.parse::<f64>().is_ok_and(|number| range.contains(&number)) {
        return Ok(());
    }
    let message = format!("value: {kind} takes a number from {} to {}", range.start(), range.end());
    Err(Refusal::bad_request("NUMBER_OUTSIDE_VALID_RANGE", message))
}
