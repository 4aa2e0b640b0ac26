//! Intelligence signals, during a call and after it.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde_json::{Value, json};

use super::auth::Caller;
use super::first_call_in;
use super::payload::Payload;
use crate::reply::Refusal;
use crate::state::OrgState;
use crate::store::calls;
use crate::store::events::{self, EventSource};

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
        first_call_in(db, &call_center, &key)?;
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
    for event in sent.events {
        Payload::within(event, "events")?.required_millis("endTime")?;
    }
    org.store.transact(|db| {
        let call = first_call_in(db, &call_center, &key)?;
        let conversation = calls::conversation_of(db, &call)?;
        if conversation.is_none_or(|conversation| conversation["EndTime"].is_null()) {
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
        event.text("value")?;
        let participant = event.choice("participant", &["AGENT", "CUSTOMER"])?;
        if event.choice("type", types)? != Some(CATEGORY) && participant.is_none() {
            return Err(Refusal::bad_request("REQUIRED_FIELD_MISSING", "Sentiment requires a participant"));
        }
        let start = event.required_millis("startTime")?;
        if start < latest {
            let message = "events must be in ascending order of startTime";
            return Err(Refusal::bad_request("FIELD_INTEGRITY_EXCEPTION", message));
        }
        latest = start;
    }
    Ok(Sent { service: body.required_text("service")?, events })
}
