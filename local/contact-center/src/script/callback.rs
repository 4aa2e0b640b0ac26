//! Callbacks among the steps of a script: every attempt to reach the customer is a contact of its own, and so a leg.
//!
//! What becomes of them: <https://docs.aws.amazon.com/connect/latest/adminguide/queued-callback-example.html>.

use super::flows::Flows;
use super::model::{Action, CUSTOMER, Step};

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
