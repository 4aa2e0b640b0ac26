//! The events of a call, and the contact flows that run at them and end with them.

use std::time::Duration;

use anyhow::bail;
use contact_flows::action::Hook;

use super::Player;
use super::flows::{Placed, Run};
use crate::script::Step;
use crate::script::call::Leg;
use crate::script::happening::Told;
use crate::script::model::{Action, Party};
use crate::script::narrative::in_words;
use crate::script::target::Target;
use crate::script::timeline::{Beat, EventKind, What};

/// What runs when an agent gets the contact. None of them can hang up.
const AT_ANSWER: [Hook; 3] = [Hook::AgentWhisper, Hook::CustomerWhisper, Hook::DefaultAgentUi];
/// What runs while the customer is on hold.
const AT_HOLD: [Hook; 2] = [Hook::CustomerHold, Hook::AgentHold];

impl Player<'_> {
    /// The contact leaves the flows of these events, or all.
    fn leave(&mut self, leg: usize, hooks: Option<&[Hook]>) {
        let leaves = |run: &Run| {
            run.leg == leg && hooks.is_none_or(|hooks| run.hook.is_some_and(|hook| hooks.contains(&hook)))
        };
        let (left, stay) = std::mem::take(&mut self.flows.waiting).into_iter().partition(leaves);
        self.flows.waiting = stay;
        let left: Vec<Run> = left;
        for run in left {
            self.flows.states.insert(leg, run.runner.into_state());
            self.beats.retain(|beat| beat.what != What::FlowGoesOn { run: run.number });
        }
    }

    /// Something has become of a leg: everybody is told.
    pub(super) fn contact_event(&self, leg: usize, kind: &EventKind, at: Duration) -> anyhow::Result<()> {
        let contact_id = self.scene.contact_id(leg);
        if *kind == EventKind::Initiated {
            self.tell(at, Told::Leg { leg: leg + 1, contact_id: contact_id.to_owned() });
        }
        let telling = self.telling();
        let text = in_words(&telling, &What::ContactEvent { leg, kind: kind.clone() });
        self.say(at, text, Some(kind));
        self.center.aws().put_contact(self.scene.instance.id(), contact_id, telling.described(leg, at));
        self.center.publish_contact_event(&telling.contact_event(leg, kind, at))
    }

    /// An agent is about to answer.
    pub(super) async fn before_answer(&mut self, leg: usize, at: Duration) -> anyhow::Result<()> {
        let Some(answered) = self.call.legs.get(leg).and_then(|leg| leg.agent.clone()) else { return Ok(()) };
        let who = answered.username;
        let is_it =
            |step: &&Step| step.at == at && matches!(&step.action, Action::Answer(name) if *name == who);
        let line = self.steps.iter().find(is_it).map_or(0, |step| step.line);
        if let Some(why) = self.why_no_callback(leg, at) {
            bail!("line {line}: {who} cannot answer: {why}");
        }
        if self.flows.legs.get(&leg) == Some(&Placed::NotYet) {
            bail!("line {line}: {who} cannot answer yet: {}", self.whereabouts(leg));
        }
        let queue = self.call.legs.get(leg).and_then(|leg| leg.queue.as_ref());
        if let Some(Target::Agent(owner)) = queue.map(|queued| &queued.queue)
            && *owner != who
        {
            bail!("line {line}: {who} cannot answer: the contact waits in the queue of {owner}");
        }
        self.leave(leg, Some(&[Hook::CustomerQueue]));
        // A customer who is called back hears the outbound whisper flow instead.
        let is_callback = self.call.legs.get(leg).is_some_and(Leg::is_callback);
        for hook in AT_ANSWER.into_iter().filter(|hook| !is_callback || *hook != Hook::CustomerWhisper) {
            self.start_hook(leg, hook, at).await?;
        }
        Ok(())
    }

    /// Why nobody can answer.
    fn whereabouts(&self, leg: usize) -> String {
        match self.flows.waiting.iter().find(|run| run.leg == leg) {
            Some(run) => {
                let flow = run.runner.flow();
                let place = flow.block(run.runner.at().as_str()).map(|block| flow.place(block).to_string());
                format!("the contact is still at {}", place.unwrap_or_default())
            }
            None => "the contact is in no queue".to_owned(),
        }
    }

    /// The customer is on hold.
    pub(super) async fn hold(&mut self, leg: usize, length: Duration, at: Duration) -> anyhow::Result<()> {
        self.insert(Beat { at: at + length, what: What::HoldEnds { leg } });
        for hook in AT_HOLD {
            self.start_hook(leg, hook, at).await?;
        }
        Ok(())
    }

    /// And is not any more.
    pub(super) fn hold_ends(&mut self, leg: usize) {
        self.leave(leg, Some(&AT_HOLD));
    }

    /// A leg has ended: its flows end with it, and those begin that are for then.
    pub(super) async fn after_end(&mut self, leg: usize, at: Duration) -> anyhow::Result<()> {
        self.leave(leg, None);
        let Some(ended) = self.call.legs.get(leg).filter(|leg| leg.agent.is_some()) else { return Ok(()) };
        let agent_left = ended.disconnect_reason == Party::Agent.disconnect_reason();
        let goes_on = self.call.legs.get(leg + 1).is_some_and(Leg::is_transfer);
        if agent_left && !goes_on {
            self.start_hook(leg, Hook::CustomerRemaining, at).await?;
        }
        self.start_hook(leg, Hook::DisconnectAgentUi, at).await?;
        Ok(())
    }
}
