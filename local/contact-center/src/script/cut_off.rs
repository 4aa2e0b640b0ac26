//! What is left of a script when a call ends before its time.

use std::time::Duration;

use super::callback::{answers_callback, legs_of};
use super::model::{Action, Party, Resend, Step};
use super::timeline::MOMENT;

/// The steps, if the call ends at this time: of what was to come, only what comes after calls remains, and nobody finishes what they
/// are saying. A customer who is to be called back is nevertheless, unless somebody hangs up between the calls.
pub(crate) fn cut_off(steps: &[Step], by: Party, at: Duration) -> Vec<Step> {
    let (before, later) = steps.split_at(steps.partition_point(|step| step.at <= at));
    let is_between = is_over(before);
    // If the flow hangs up without having queued the callback that is answered later, the script is wrong, and is told so then.
    let is_queued = before.iter().any(|step| matches!(step.action, Action::Callback(_)));
    let goes_on = !is_between && (by == Party::Flow || is_queued);
    let end = later.iter().position(|step| goes_on && matches!(step.action, Action::HangUp(_)));
    let (left_out, after) = later.split_at(end.map_or(later.len(), |end| end + 1));
    let is_said = |step: &&Step| match &step.action {
        Action::Says(_, line) => step.at + line.length <= at,
        _ => true,
    };
    let remains = |step: &&Step| {
        matches!(step.action, Action::Fault(_) | Action::Backfill(_) | Action::Presses(_) | Action::Resend(_))
    };
    let legs = legs_of(before);
    let never = legs_of(&steps[..before.len() + left_out.len()]) - legs;
    let counted_anew = |step: &Step| match &step.action {
        Action::Resend(resend) if resend.leg <= legs => Some(step.clone()),
        Action::Resend(resend) => {
            let leg = resend.leg.checked_sub(never).filter(|leg| *leg > legs)?;
            Some(Step { action: Action::Resend(Resend { leg, ..resend.clone() }), ..step.clone() })
        }
        _ => Some(step.clone()),
    };
    let hang_up = Step { at: at + MOMENT, line: 0, action: Action::HangUp(by) };
    let later = left_out.iter().filter(remains).chain(after).filter_map(counted_anew);
    before.iter().filter(is_said).cloned().chain((!is_between).then_some(hang_up)).chain(later).collect()
}

/// Whether nobody is on the line after these steps.
fn is_over(steps: &[Step]) -> bool {
    let mut last = steps.iter().rev();
    last.find(|step| matches!(step.action, Action::HangUp(_)) || answers_callback(&step.action))
        .is_some_and(|step| matches!(step.action, Action::HangUp(_)))
}
