//! Callbacks that contact flows queue, and that the script has an agent answer. Any other waits beyond the end of the script.

use std::mem::take;
use std::ops::Range;
use std::time::Duration;

use contact_flows::{Callback as Asked, ContactState};

use super::Player;
use super::flows::Run;
use crate::script::call::Leg;
use crate::script::model::{Action, Callback};
use crate::script::target::Target;
use crate::script::time::Clock;
use crate::script::timeline::{Beat, EventKind, What, timeline};

impl Player<'_> {
    /// A contact flow queues a callback: the contact begins at once, and waits in its queue after the initial delay. With a flow of
    /// its own it waits where and when that flow says so.
    ///
    /// Source: <https://docs.aws.amazon.com/connect/latest/devguide/interactions-createcallbackcontact.html>.
    pub(super) fn queue_callback(&mut self, run: &Run, asked: &Asked, at: Duration) -> anyhow::Result<()> {
        let is_first = |leg: &Leg| leg.called_back.as_ref().is_some_and(|it| it.callback.is_none());
        let Some(leg) = self.call.legs.iter().position(is_first) else { return Ok(()) };
        let target = asked.queue.as_ref().map(|queue| self.target(queue));
        self.center.make_known(target.clone())?;
        let enqueued = at + Duration::from_secs(asked.initial_delay);
        let callback = Callback {
            number: asked.number.0.clone(),
            caller_id: asked.caller_id.0.clone(),
            flow: asked.flow.clone(),
            queued: target.filter(|_| asked.flow.is_none()).map(|target| (target, enqueued)),
            retry_delay: Duration::from_secs(asked.retry_delay),
            attempts: asked.attempts,
        };
        self.decide(Action::Callback(callback), at)?;
        self.flows.before_callback =
            Some(ContactState { queue: asked.queue.clone(), ..run.runner.state().clone() });
        self.plan_callbacks(at);
        self.contact_event(leg, &EventKind::Initiated, at)
    }

    /// What the flows of a callback know of it at first. Its agent whisper flow, and whether it is recorded, can be set nowhere
    /// else than before it was queued.
    pub(super) fn callback_state(&self, leg: usize, begun: ContactState) -> ContactState {
        match self.flows.before_callback.as_ref().filter(|_| self.is_called_back(leg)) {
            None => begun,
            Some(before) => ContactState {
                hooks: before.hooks.clone(),
                recorded: before.recorded.clone(),
                queue: begun.queue.clone().or(before.queue.clone()),
                ..begun
            },
        }
    }

    /// The flow of a callback puts it into a queue.
    pub(super) fn enter_callback(&mut self, target: Target, at: Duration) -> anyhow::Result<()> {
        self.change_callback(|callback| callback.queued = Some((target, at)))?;
        self.plan_callbacks(at);
        Ok(())
    }

    /// Whether the customer is called back in this leg because a contact flow has queued that.
    pub(super) fn is_called_back(&self, leg: usize) -> bool {
        self.call.legs.get(leg).is_some_and(|leg| leg.called_back.is_some())
    }

    /// Whether it is still to come that an agent answers such a callback.
    pub(super) fn waits_for_callback(&self, leg: usize, at: Duration) -> bool {
        let answered = self.call.legs.get(leg).and_then(|leg| leg.agent.as_ref());
        self.is_called_back(leg) && answered.is_some_and(|agent| agent.at > at)
    }

    /// Something about the callback is otherwise than its block said.
    pub(super) fn change_callback(&mut self, change: impl FnOnce(&mut Callback)) -> anyhow::Result<()> {
        let mut callbacks = self.steps.iter_mut().filter_map(|step| match &mut step.action {
            Action::Callback(callback) => Some(callback),
            _ => None,
        });
        callbacks.next().map(change);
        self.add_up()
    }

    /// When callbacks begin, wait and run their flow is known as soon as a flow has queued them.
    fn plan_callbacks(&mut self, at: Duration) {
        let is_planned = |what: &What, legs: &[Leg]| match what {
            What::ContactEvent { leg, kind: EventKind::Initiated | EventKind::Queued }
            | What::FlowStarts { leg, .. } => legs.get(*leg).is_some_and(|leg| leg.called_back.is_some()),
            _ => false,
        };
        self.beats.retain(|beat| !is_planned(&beat.what, &self.call.legs));
        let later = timeline(&self.call, &self.steps, None).into_iter().filter(|beat| beat.at > at);
        let planned: Vec<Beat> = later.filter(|beat| is_planned(&beat.what, &self.call.legs)).collect();
        planned.into_iter().for_each(|beat| self.insert(beat));
    }

    /// These legs never began. Those behind them are counted anew: the customer is called back in them.
    pub(super) fn leave_out(&mut self, never: Range<usize>) {
        let counted_anew = |leg| if leg < never.end { leg } else { leg - never.len() };
        let flows = &mut self.flows;
        flows.waiting.retain(|run| !never.contains(&run.leg));
        flows.waiting.iter_mut().for_each(|run| run.leg = counted_anew(run.leg));
        flows.legs =
            take(&mut flows.legs).into_iter().map(|(leg, placed)| (counted_anew(leg), placed)).collect();
        flows.states =
            take(&mut flows.states).into_iter().map(|(leg, state)| (counted_anew(leg), state)).collect();
        self.scene.contact_ids.drain(never.clone());
        self.records.drain(never);
    }

    /// Why an agent cannot answer this callback.
    pub(super) fn why_no_callback(&self, leg: usize, at: Duration) -> Option<String> {
        let leg = self.call.legs.get(leg)?;
        let called_back = leg.called_back.as_ref()?;
        let Some(callback) = &called_back.callback else {
            return Some("no contact flow has queued a callback".to_owned());
        };
        if called_back.attempt > callback.attempts {
            let most = callback.attempts;
            return Some(format!("the contact flow has the customer called back {most} times at most"));
        }
        match leg.queue.as_ref().map(|queued| queued.enqueued) {
            None => Some("the callback is in no queue".to_owned()),
            Some(enqueued) if enqueued > at => {
                Some(format!("the callback does not wait in its queue before {}", Clock(enqueued)))
            }
            Some(_) => None,
        }
    }
}
