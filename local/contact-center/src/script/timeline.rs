//! A script in the order in which it is played: what Amazon Connect sends, and what the contact flow does, by time.

use std::time::Duration;

use contact_flows::action::Hook;

use super::call::Call;
use super::callback::by_leg;
use super::contact_lens::{self, Analysis, Entry};
use super::fault::Fault;
use super::model::{Action, Backfill, FlowStep, Resend, Step, Switch};

/// How long hanging up takes.
pub(super) const MOMENT: Duration = Duration::from_millis(1);
/// How long after the contact record the analysis file is written.
const ANALYZED_AFTER: Duration = Duration::from_secs(20);

/// Something that is played at a time after the ring. Legs are counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Beat {
    pub(crate) at: Duration,
    pub(crate) what: What,
}

#[derive(Debug, Clone, PartialEq)]
pub(crate) enum What {
    /// A contact event to EventBridge.
    ContactEvent { leg: usize, kind: EventKind },
    /// A step of the script invokes a function.
    Flow { leg: usize, step: FlowStep },
    /// The contact flow that a leg begins with, or that a transfer names.
    FlowStarts { leg: usize, flow: String },
    /// The contact flow that an earlier one has set for an event.
    HookStarts { leg: usize, hook: Hook },
    /// The time is over that a block of a contact flow waits.
    FlowGoesOn { run: usize },
    /// The customer presses keys.
    Presses(String),
    /// The agent holds the customer: nothing is sent, the contact record counts it.
    Hold { leg: usize, length: Duration },
    /// The hold is over.
    HoldEnds { leg: usize },
    /// A Start or Stop media streaming block of the contact flow.
    MediaStreaming { leg: usize, switch: Switch },
    /// The first version of a contact record.
    ContactRecord { leg: usize },
    /// A contact record again.
    Resend(Resend),
    /// A record of Contact Lens's stream.
    ContactLens { leg: usize, entry: Entry },
    /// The file with Contact Lens's analysis of a leg.
    AnalysisFile { leg: usize, redacted: bool },
    /// Transcripts are filled in.
    Backfill(Backfill),
    /// Something breaks, or is mended.
    Fault(Fault),
    /// A fault with an `until` is over.
    FaultEnds(Fault),
}

/// The contact events that a call brings about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum EventKind {
    Initiated,
    ConnectedToSystem,
    Queued,
    /// `CONTACT_DATA_UPDATED`: the routing step that asks for this agent expired.
    RoutingExpired(String),
    ConnectedToAgent,
    Disconnected,
    Completed,
}

impl EventKind {
    /// The `eventType` on the wire.
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Initiated => "INITIATED",
            Self::ConnectedToSystem => "CONNECTED_TO_SYSTEM",
            Self::Queued => "QUEUED",
            Self::RoutingExpired(_) => "CONTACT_DATA_UPDATED",
            Self::ConnectedToAgent => "CONNECTED_TO_AGENT",
            Self::Disconnected => "DISCONNECTED",
            Self::Completed => "COMPLETED",
        }
    }
}

/// Everything that the steps bring about, in order of time.
pub(crate) fn timeline(call: &Call, steps: &[Step], analysis: Option<&Analysis>) -> Vec<Beat> {
    let mut beats: Vec<Beat> = call.legs.iter().enumerate().flat_map(|(leg, it)| life_of(leg, it)).collect();
    for (leg, step) in by_leg(steps) {
        let mut at = step.at;
        let what = match &step.action {
            Action::Flow(flow) => What::Flow { leg, step: flow.clone() },
            Action::Presses(keys) => What::Presses(keys.clone()),
            Action::Hold(length) => What::Hold { leg, length: *length },
            Action::MediaStreaming(switch) => What::MediaStreaming { leg, switch: *switch },
            Action::RoutingExpires(agent) => {
                What::ContactEvent { leg, kind: EventKind::RoutingExpired(agent.clone()) }
            }
            Action::Resend(resend) => What::Resend(resend.clone()),
            Action::Backfill(backfill) => What::Backfill(backfill.clone()),
            Action::Fault(fault) => {
                if let Fault::Salesforce(salesforce) = fault
                    && let Some(until) = salesforce.until
                {
                    beats.push(Beat { at: until, what: What::FaultEnds(fault.clone()) });
                }
                What::Fault(fault.clone())
            }
            // The legs know these already.
            Action::Transfer(transfer) => match &transfer.flow {
                Some(flow) => What::FlowStarts { leg, flow: flow.clone() },
                None => continue,
            },
            // The flow of a callback runs beside the one that has queued it, even if that one hangs up now.
            Action::Callback(callback) => {
                let leg = call.legs.iter().position(|leg| leg.called_back.is_some());
                let (Some(leg), Some(flow)) = (leg, &callback.flow) else { continue };
                at += MOMENT;
                What::FlowStarts { leg, flow: flow.clone() }
            }
            Action::Queue(_)
            | Action::Answer(_)
            | Action::HangUp(_)
            | Action::Says(..)
            | Action::Category(_) => continue,
        };
        beats.push(Beat { at, what });
    }
    beats.extend(analysis.into_iter().flat_map(|analysis| life_of_analysis(call, steps, analysis)));
    // Stable: at the same time, the contact's own events come before what the flow does. But an agent takes over before
    // the other leaves.
    let takes_over =
        |what: &What| matches!(what, What::ContactEvent { kind: EventKind::ConnectedToAgent, .. });
    beats.sort_by_key(|beat| (beat.at, !takes_over(&beat.what)));
    beats
}

/// What Contact Lens sends of a call: while it goes on, and after it.
fn life_of_analysis(call: &Call, steps: &[Step], analysis: &Analysis) -> Vec<Beat> {
    let mut beats = Vec::new();
    if analysis.settings.real_time {
        let entries = contact_lens::entries(analysis, steps).into_iter();
        beats.extend(entries.map(|(at, leg, entry)| Beat { at, what: What::ContactLens { leg, entry } }));
    }
    if analysis.settings.post_call {
        let versions = [Some(false), analysis.settings.redacted.then_some(true)].into_iter().flatten();
        for redacted in versions {
            beats.extend(call.legs.iter().enumerate().map(|(leg, it)| Beat {
                at: it.contact_record() + ANALYZED_AFTER,
                what: What::AnalysisFile { leg, redacted },
            }));
        }
    }
    beats
}

fn life_of(leg: usize, it: &super::call::Leg) -> Vec<Beat> {
    let event = |at, kind| Beat { at, what: What::ContactEvent { leg, kind } };
    let mut beats = vec![event(it.initiated, EventKind::Initiated)];
    // Only dialled contacts have this event; the others are connected from the start.
    if let Some(at) = it.connected_to_system.filter(|at| *at > it.initiated) {
        beats.push(event(at, EventKind::ConnectedToSystem));
    }
    beats.extend(it.queue.iter().map(|queue| event(queue.enqueued, EventKind::Queued)));
    beats.extend(it.agent.iter().map(|agent| event(agent.at, EventKind::ConnectedToAgent)));
    beats.push(event(it.disconnected, EventKind::Disconnected));
    beats.push(event(it.completed(), EventKind::Completed));
    beats.push(Beat { at: it.contact_record(), what: What::ContactRecord { leg } });
    beats
}
