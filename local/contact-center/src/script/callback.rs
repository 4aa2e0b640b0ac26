//! Callbacks that contact flows queue: every attempt to reach the customer is a contact of its own, and so a leg.
//!
//! What becomes of them: <https://docs.aws.amazon.com/connect/latest/adminguide/queued-callback-example.html>.

use std::time::Duration;

use super::call::{Leg, Queued};
use super::flows::Flows;
use super::model::{Action, CUSTOMER, Step};
use super::target::Target;

/// Amazon Connect's `InitiationMethod` of a callback.
pub(super) const CALLBACK: &str = "CALLBACK";

/// A callback that a contact flow has queued.
#[derive(Debug, Clone, PartialEq)]
pub struct Callback {
    /// The number that is called.
    pub number: Option<String>,
    /// The number that the customer sees; none if it is that of the queue.
    pub caller_id: Option<String>,
    /// The flow that the callback runs first, by id or ARN.
    pub flow: Option<String>,
    /// Where it waits, and since when; nowhere until its own flow, if it has one, puts it into a queue.
    pub queued: Option<(Target, Duration)>,
    /// How long after an attempt that the customer did not answer it waits in the queue again.
    pub retry_delay: Duration,
    /// How many attempts there are at most.
    pub attempts: u64,
}

/// A leg in which the customer is called back.
#[derive(Debug, Clone, PartialEq)]
pub struct CalledBack {
    /// Which attempt it is, from 1.
    pub attempt: u64,
    /// What a contact flow has queued; none as long as none has.
    pub callback: Option<Callback>,
}

impl Leg {
    /// The agent answers a callback at this time: the one that a flow has queued, or its next attempt. No flow need have
    /// queued it yet: a script is read before its flows run.
    ///
    /// The error is why there is none.
    pub(super) fn called_back(
        legs: &[Self],
        queued: Option<&(Callback, Duration)>,
        at: Duration,
    ) -> Result<Self, &'static str> {
        let before = legs.iter().rev().find_map(|leg| Some((leg, leg.called_back.as_ref()?.attempt)));
        if before.is_some_and(|(leg, _)| leg.connected_to_system.is_some()) {
            return Err("the call is over: the customer was called back, and answered");
        }
        let mut leg = Self::new(CALLBACK, at);
        leg.connected_to_system = None;
        if let Some((callback, since)) = queued {
            leg.initiated = before.map_or(*since, |(leg, _)| leg.disconnected);
            leg.queue = callback.queued.as_ref().map(|(queue, enqueued)| {
                Queued::from(
                    queue,
                    before.map_or(*enqueued, |(leg, _)| leg.disconnected + callback.retry_delay),
                )
            });
        }
        let attempt = before.map_or(1, |(_, attempt)| attempt + 1);
        leg.called_back =
            Some(CalledBack { attempt, callback: queued.map(|(callback, _)| callback.clone()) });
        Ok(leg)
    }
}

/// The steps, each with the leg that it belongs to, from 0: a transfer begins one, and so does the answer to a callback.
pub(super) fn by_leg(steps: &[Step]) -> impl Iterator<Item = (usize, &Step)> {
    let (mut leg, mut over) = (0, false);
    steps.iter().map(move |step| {
        match &step.action {
            Action::Transfer(_) => leg += 1,
            action if over && answers_callback(action) => (leg, over) = (leg + 1, false),
            Action::HangUp(_) => over = true,
            _ => {}
        }
        (leg, step)
    })
}

/// How many legs begin in these steps.
pub(super) fn legs_of(steps: &[Step]) -> usize {
    1 + by_leg(steps).last().map_or(0, |(leg, _)| leg)
}

/// Where a callback is answered, a contact flow must be able to queue one.
pub(super) fn check(steps: &[Step], flows: &Flows) -> Result<(), (u64, String)> {
    let after_call = steps.iter().skip_while(|step| !matches!(step.action, Action::HangUp(_)));
    match after_call.into_iter().find(|step| answers_callback(&step.action)) {
        Some(step) if !flows.queue_callbacks() => Err((
            step.line,
            "the call is over, and no contact flow of this script queues a callback that could be answered"
                .to_owned(),
        )),
        _ => Ok(()),
    }
}

/// Whether this, after the end of a call, is the answer to a callback.
pub(super) fn answers_callback(action: &Action) -> bool {
    matches!(action, Action::Answer(who) if who != CUSTOMER)
}

#[cfg(test)]
mod tests;
