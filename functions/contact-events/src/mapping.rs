//! Which contact events mean something for Salesforce. Pure.

use connect::contact_event::{ContactEvent, Detail, EventType, ROUTING_STEP_STATUS};
use connect::{ContactId, InitiationMethod};

/// What an event asks for.
#[derive(Debug, PartialEq, Eq)]
pub enum Decision<'a> {
    /// The caller hung up before an agent took the call: withdraw the pending routing.
    ClearRouting(&'a ContactId),
    /// Nobody named in the routing criteria took the call in time: ask Omni-Channel again.
    Reroute(&'a ContactId),
    /// A transferred leg has begun: note with which contact its conversation did, for those who deliver transcripts.
    NoteFirstContact {
        /// The leg.
        contact: &'a ContactId,
        /// The first contact.
        first: &'a ContactId,
    },
    /// Nothing; the reason is the value of the metrics dimension `reason`.
    Nothing(&'static str),
}

/// Decides as Salesforce's own function does, for voice contacts only; and notes what only its beginning tells of a leg.
pub fn decide(event: &ContactEvent) -> Decision<'_> {
    let detail = &event.detail;
    if !detail.is_voice() {
        return Decision::Nothing("not_voice");
    }
    if detail.event_type == EventType::Initiated {
        let contact = &detail.contact_id;
        return match &detail.initial_contact_id {
            Some(first) if first != contact => Decision::NoteFirstContact { contact, first },
            _ => Decision::Nothing("first_contact"),
        };
    }
    if !is_routed_by_omni(detail) {
        return Decision::Nothing("initiation_method");
    }
    match detail.event_type {
        EventType::Disconnected if detail.agent_info.is_some() => Decision::Nothing("answered"),
        EventType::Disconnected => Decision::ClearRouting(&detail.contact_id),
        EventType::ContactDataUpdated if routing_expired(detail) => Decision::Reroute(&detail.contact_id),
        EventType::ContactDataUpdated => Decision::Nothing("routing_not_expired"),
        _ => Decision::Nothing("event_type"),
    }
}

/// Omni-Channel routes calls that come in and calls that are transferred; no others.
fn is_routed_by_omni(detail: &Detail) -> bool {
    matches!(detail.initiation_method, Some(InitiationMethod::Inbound | InitiationMethod::Transfer))
}

/// Omni-Channel writes one step that names the agent, so only the first is looked at. Older instances send no
/// `updatedProperties`; where they are sent, another property's update is not ours.
fn routing_expired(detail: &Detail) -> bool {
    let status_changed = detail.updated_properties.is_empty()
        || detail.updated_properties.iter().any(|property| property == ROUTING_STEP_STATUS);
    let first_step = detail.routing_criteria.first().and_then(|criteria| criteria.steps.first());
    status_changed && first_step.is_some_and(|step| step.is_expired() && step.names_agents())
}
