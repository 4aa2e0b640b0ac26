//! Contact flows that run while a script is played: for the call as a whole, and for what happens in it.
//!
//! A flow takes no time of the script but where it waits: for keys, or for time to pass. What it decides about the call becomes a
//! step, as if the script had said it.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context;
use contact_flows::action::Hook;
use contact_flows::{Answer, ContactState, Ending, Input, Library, Passage, Runner, Step as FlowStep};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::Player;
use crate::script::call::Leg;
use crate::script::callback::by_leg;
use crate::script::happening::Told;
use crate::script::model::{Action, Initiation};
use crate::script::path::Passed;
use crate::script::target::{Target, Transfer};
use crate::script::timeline::{Beat, What};

/// The contact flows of a call.
#[derive(Default)]
pub(super) struct Flows {
    library: Arc<Library>,
    /// Those that wait for something.
    pub(super) waiting: Vec<Run>,
    /// How many have begun.
    begun: usize,
    /// The legs that have a flow of their own, and what became of them.
    pub(super) legs: BTreeMap<usize, Placed>,
    /// What each leg's flows know of it, as the last of them left it.
    pub(super) states: BTreeMap<usize, ContactState>,
    /// What the flow knew that has queued a callback, with the queue of that.
    pub(super) before_callback: Option<ContactState>,
    /// Keys that were pressed, and that no block has taken yet.
    pub(super) keys: String,
    /// Functions that were invoked and not waited for, by the id of the invocation.
    pub(super) later: HashMap<String, JoinHandle<anyhow::Result<Answer>>>,
    pub(super) passed: Vec<Passed>,
}

/// Whether a flow has brought its contact somewhere where an agent can answer.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Placed {
    NotYet,
    Waits,
}

/// A flow that runs for a leg.
pub(super) struct Run {
    pub(super) number: usize,
    pub(super) leg: usize,
    /// The event that it runs for; none, if it is the leg's own.
    pub(super) hook: Option<Hook>,
    pub(super) runner: Runner,
    /// When the time limit of the block is over that invokes a function.
    pub(super) deadline: Instant,
    waits: Waits,
}

/// For what a flow waits.
pub(super) enum Waits {
    /// For keys; then nobody presses any more.
    Keys { input: Input, pressed: String, until: Duration },
    /// For time to pass.
    Time { until: Duration },
    /// Until the contact leaves it.
    Forever,
}

/// What a block gets.
pub(super) enum Reaction {
    Answer(Answer),
    Wait(Waits),
}

impl Run {
    fn end_of_wait(&self) -> Option<Beat> {
        match self.waits {
            Waits::Keys { until, .. } | Waits::Time { until } => {
                Some(Beat { at: until, what: What::FlowGoesOn { run: self.number } })
            }
            Waits::Forever => None,
        }
    }
}

impl Flows {
    pub(super) fn new(library: Arc<Library>) -> Self {
        Self { library, ..Self::default() }
    }
}

impl Player<'_> {
    /// The flow starts that a leg begins with.
    pub(super) async fn start_flow(&mut self, leg: usize, flow: &str, at: Duration) -> anyhow::Result<bool> {
        self.flows.legs.insert(leg, Placed::NotYet);
        let mut state = self.contact_state(leg, at);
        if let Some(target) = self.transferred_to(leg) {
            state.queue = Some(self.telling().queue(&target));
        }
        let runner = Runner::start(&self.flows.library, flow, state)?;
        self.say(at, Some(format!("the contact flow {} begins", runner.flow().title())), None);
        self.run(leg, None, runner, at).await
    }

    /// The flow starts that an earlier one has set for this event, if one has.
    pub(super) async fn start_hook(&mut self, leg: usize, hook: Hook, at: Duration) -> anyhow::Result<bool> {
        let state = self.contact_state(leg, at);
        match Runner::start_hook(&self.flows.library, hook, state) {
            None => Ok(false),
            Some(runner) => self.run(leg, Some(hook), runner?, at).await,
        }
    }

    async fn run(
        &mut self,
        leg: usize,
        hook: Option<Hook>,
        runner: Runner,
        at: Duration,
    ) -> anyhow::Result<bool> {
        self.flows.begun += 1;
        let (number, deadline) = (self.flows.begun, Instant::now());
        self.advance(Run { number, leg, hook, runner, deadline, waits: Waits::Forever }, at).await
    }

    /// What the flows of a leg know of it now.
    pub(super) fn contact_state(&self, leg: usize, at: Duration) -> ContactState {
        let telling = self.telling();
        match self.flows.states.get(&leg) {
            None => {
                let mut state = telling.contact_state(leg, at);
                state.hooks.clone_from(self.script.flows().hooks());
                self.callback_state(leg, state)
            }
            Some(state) => {
                let mut state = state.clone();
                telling.refresh(&mut state, leg, at);
                state
            }
        }
    }

    /// Where the quick connect of a transferred leg leads.
    fn transferred_to(&self, leg: usize) -> Option<Target> {
        by_leg(&self.steps).find_map(|(number, step)| match &step.action {
            Action::Transfer(Transfer { to, .. }) if number == leg => to.clone(),
            _ => None,
        })
    }

    /// Runs a flow until it waits or ends. True if it hung up.
    async fn advance(&mut self, mut run: Run, at: Duration) -> anyhow::Result<bool> {
        loop {
            let flow = Arc::clone(run.runner.flow());
            match run.runner.step()? {
                FlowStep::Passed(passage) => {
                    self.flows.passed.extend(Passed::new(&flow, &passage));
                    if let Some(returned) = &passage.returned {
                        self.flows.passed.extend(Passed::new(run.runner.flow(), returned));
                    }
                    self.pass(&run, passage, at);
                }
                FlowStep::Asks(request) => match self.react(&mut run, request, at).await? {
                    Reaction::Answer(answer) => run.runner.answer(answer)?,
                    Reaction::Wait(waits) => {
                        self.suspend(Run { waits, ..run });
                        return Ok(false);
                    }
                },
                FlowStep::Ended(ending) => {
                    let (leg, hook) = (run.leg, run.hook);
                    self.flows.states.insert(leg, run.runner.into_state());
                    return self.ended(leg, hook, &ending, at);
                }
            }
        }
    }

    /// A flow waits from now on.
    fn suspend(&mut self, run: Run) {
        run.end_of_wait().into_iter().for_each(|beat| self.insert(beat));
        self.flows.waiting.push(run);
    }

    /// The flows that wait still do: that of a callback outlives the call in which it was queued.
    pub(super) fn wait_on(&mut self) {
        let beats: Vec<Beat> = self.flows.waiting.iter().filter_map(Run::end_of_wait).collect();
        beats.into_iter().for_each(|beat| self.insert(beat));
    }

    fn pass(&mut self, run: &Run, passage: Passage, at: Duration) {
        let state = run.runner.state();
        self.attributes.clone_from(&state.attributes);
        if self.script.contact.recording.is_none() {
            self.contact.recording = Some(!state.recorded.is_empty());
        }
        // It may have waited for a function before it was left.
        let left = at.max(self.line.time());
        self.tell(left, Told::Passed { leg: run.leg + 1, passage: Box::new(passage) });
    }

    /// What becomes of the contact when a flow is over. True if it hung up.
    fn ended(
        &mut self,
        leg: usize,
        hook: Option<Hook>,
        ending: &Ending,
        at: Duration,
    ) -> anyhow::Result<bool> {
        // A callback that nobody has answered can end without ending anything else.
        let is_up = self.call.legs.get(leg).is_some_and(|leg| leg.disconnected > at);
        let is_up = is_up && !self.waits_for_callback(leg, at);
        // A flow that runs for an agent, or beside the call, does not decide about it.
        let is_own = hook.is_none_or(|hook| hook == Hook::CustomerQueue);
        match ending {
            Ending::InQueue(_) => {
                self.flows.legs.insert(leg, Placed::Waits);
                // While a callback waits, nobody is on the line.
                if !self.call.legs.get(leg).is_some_and(Leg::is_callback) {
                    self.insert(Beat { at, what: What::HookStarts { leg, hook: Hook::CustomerQueue } });
                }
            }
            Ending::WithAgent | Ending::WithThirdParty(_) if hook.is_none() => {
                self.flows.legs.insert(leg, Placed::Waits);
            }
            Ending::Disconnected if is_own => return Ok(is_up),
            // An agent or a queue has this one; nobody has another, so that Amazon Connect hangs up.
            Ending::FlowEnded if hook.is_none() && self.is_dialled(leg) => {
                self.flows.legs.insert(leg, Placed::Waits);
            }
            Ending::FlowEnded if hook.is_none() => return Ok(is_up),
            Ending::Disconnected | Ending::FlowEnded | Ending::WithAgent | Ending::WithThirdParty(_) => {}
        }
        Ok(false)
    }

    /// Whether the contact center dials the customer.
    fn is_dialled(&self, leg: usize) -> bool {
        leg == 0 && self.contact.initiation != Initiation::Inbound || self.is_called_back(leg)
    }

    /// The time is over that a flow waits, unless something else happened meanwhile. True if it hung up.
    pub(super) async fn go_on(&mut self, number: usize, at: Duration) -> anyhow::Result<bool> {
        let is_over = |run: &Run| match run.waits {
            Waits::Keys { until, .. } | Waits::Time { until } => run.number == number && until <= at,
            Waits::Forever => false,
        };
        let Some(mut run) = self.take(is_over, at) else { return Ok(false) };
        let answer = match std::mem::replace(&mut run.waits, Waits::Forever) {
            Waits::Keys { pressed, .. } => Answer::Keys(pressed),
            Waits::Time { .. } | Waits::Forever => Answer::Done,
        };
        run.runner.answer(answer)?;
        self.advance(run, at).await
    }

    /// The customer presses keys: the flow that asks for them has them, or the next that will. True if it hung up.
    pub(super) async fn press(&mut self, keys: &str, at: Duration) -> anyhow::Result<bool> {
        self.flows.keys.push_str(keys);
        let asks = |run: &Run| matches!(run.waits, Waits::Keys { .. });
        let Some(mut run) = self.take(asks, at) else { return Ok(false) };
        if let Waits::Keys { input, pressed, .. } = std::mem::replace(&mut run.waits, Waits::Forever) {
            match self.keys(input, pressed, Duration::ZERO, at) {
                Reaction::Wait(waits) => run.waits = waits,
                Reaction::Answer(answer) => {
                    run.runner.answer(answer)?;
                    return self.advance(run, at).await;
                }
            }
        }
        self.suspend(run);
        Ok(false)
    }

    /// The keys that are there, if they are all; otherwise there is time for the next one.
    pub(super) fn keys(
        &mut self,
        input: Input,
        mut pressed: String,
        prompt: Duration,
        at: Duration,
    ) -> Reaction {
        pressed.push_str(&std::mem::take(&mut self.flows.keys));
        if let Some(end) = input.ends_after(&pressed) {
            self.flows.keys = pressed.split_off(end);
            return Reaction::Answer(Answer::Keys(pressed));
        }
        let seconds = if pressed.is_empty() { input.first_within } else { input.between };
        let until = at + prompt + Duration::from_secs(seconds);
        Reaction::Wait(Waits::Keys { input, pressed, until })
    }

    /// A flow that waits, with what it knows brought up to date.
    fn take(&mut self, is_it: impl Fn(&Run) -> bool, at: Duration) -> Option<Run> {
        let position = self.flows.waiting.iter().position(is_it)?;
        let mut run = self.flows.waiting.remove(position);
        self.telling().refresh(run.runner.state_mut(), run.leg, at);
        Some(run)
    }

    /// What functions did that a flow invoked and never asked again.
    pub(super) async fn finish_flows(&mut self) -> anyhow::Result<()> {
        for (_, invoked) in self.flows.later.drain() {
            invoked.await.context("waiting for a function that a flow did not wait for")??;
        }
        Ok(())
    }

    /// One more thing to play, after what there is for that time.
    pub(super) fn insert(&mut self, beat: Beat) {
        let position = self.beats.partition_point(|other| other.at <= beat.at);
        self.beats.insert(position, beat);
    }
}
