//! What the blocks of contact flows get that ask for somebody who acts: a function, the caller's keys, a queue, time.

use std::time::Duration;

use anyhow::{anyhow, bail};
use contact_flows::action::Mode;
use contact_flows::{Answer, Invocation, Outbound, Queue, Request, Said};
use tokio::time::Instant;

use super::Player;
use super::flows::{Reaction, Run, Waits};
use crate::script::call::Call;
use crate::script::model::{Action, Step, Switch, length_of as length_of_words};
use crate::script::path::names_of;
use crate::script::speech;
use crate::script::target::Target;
use crate::script::timeline::{Beat, EventKind, What};
use crate::script::{Audio, block};

impl Player<'_> {
    /// What the block gets at which a flow is.
    pub(super) async fn react(
        &mut self,
        run: &mut Run,
        request: Request,
        at: Duration,
    ) -> anyhow::Result<Reaction> {
        let flow = run.runner.flow();
        let asking = flow.block(run.runner.at().as_str());
        let place = asking.map(|block| flow.place(block).to_string()).unwrap_or_default();
        let names: Vec<&str> = asking.into_iter().flat_map(names_of).collect();
        let found = self.script.circumstances.answer(&request, &names);
        if let Some(answer) = found.map_err(|problem| anyhow!("{place}: {problem}"))? {
            return Ok(Reaction::Answer(answer));
        }
        let after = |seconds| Reaction::Wait(Waits::Time { until: at + Duration::from_secs(seconds) });
        Ok(match request {
            Request::InvokeLambda(invocation) => {
                let answer = self.invoke_for_flow(run, invocation, &place).await?;
                self.take_attributes();
                self.telling().refresh(run.runner.state_mut(), run.leg, at);
                Reaction::Answer(answer)
            }
            Request::LoadResult { invocation_id, .. } => {
                let Some(invoked) = self.flows.later.remove(&invocation_id) else {
                    bail!("{place}: the result of this invocation was loaded before");
                };
                Reaction::Answer(invoked.await??)
            }
            Request::Input(input) => {
                let prompt = input.prompt.as_ref().map_or(Duration::ZERO, length_of);
                self.keys(input, String::new(), prompt, at)
            }
            Request::Wait { seconds, .. } | Request::Listen { seconds: Some(seconds), .. } => after(seconds),
            Request::Listen { seconds: None, .. } => Reaction::Wait(Waits::Forever),
            Request::MediaStreaming { enabled, .. } => Reaction::Answer(match enabled {
                true => {
                    self.start_streaming(run.leg, at)?;
                    self.telling().refresh(run.runner.state_mut(), run.leg, at);
                    Answer::Done
                }
                false => {
                    self.stop_streaming(run.leg, at)?;
                    Answer::Done
                }
            }),
            Request::EnterQueue { queue, dequeue } => {
                self.enter(run.leg, &queue, dequeue, at)?;
                Reaction::Answer(Answer::Done)
            }
            Request::Callback(callback) => {
                self.queue_callback(run, &callback, at)?;
                Reaction::Answer(Answer::Done)
            }
            Request::CompleteOutboundCall(outbound) => {
                self.dial(run.leg, &outbound, at)?;
                Reaction::Answer(Answer::Done)
            }
            other => bail!("{place}: nobody here answers {}", other.kind()),
        })
    }

    async fn invoke_for_flow(
        &mut self,
        run: &mut Run,
        invocation: Invocation,
        place: &str,
    ) -> anyhow::Result<Answer> {
        let arn = &invocation.function_arn;
        let Some(function) = self.script.flows().function(arn) else {
            bail!(
                "{place}: no function here is known as {arn}; say which one is meant, under `functions`, \
                 e.g. voice-call: {{ arn: {arn} }}"
            );
        };
        let limit = Duration::from_secs(invocation.time_limit);
        if invocation.attempt == 1 {
            run.deadline = Instant::now() + limit;
        }
        let host = self.center.host();
        if invocation.mode == Mode::Synchronous {
            return block::invoke_once(host, function, &invocation.event, run.deadline).await;
        }
        let id = uuid::Uuid::new_v4().to_string();
        let (host, function, deadline) = (host.clone(), function.to_owned(), run.deadline);
        let invoked =
            tokio::spawn(async move { block::invoke(&host, &function, &invocation.event, deadline).await });
        self.flows.later.insert(id.clone(), invoked);
        Ok(Answer::Accepted(id))
    }

    /// The contact waits in a queue from now on, for which Amazon Connect sends an event.
    fn enter(&mut self, leg: usize, queue: &Queue, dequeue: bool, at: Duration) -> anyhow::Result<()> {
        let target = self.target(queue);
        self.center.make_known([target.clone()])?;
        if self.waits_for_callback(leg, at) {
            self.enter_callback(target, at)?;
            self.insert(Beat { at, what: What::ContactEvent { leg, kind: EventKind::Queued } });
            return Ok(());
        }
        if dequeue {
            let last =
                self.steps.iter().rposition(|step| step.at <= at && matches!(step.action, Action::Queue(_)));
            last.map(|last| self.steps.remove(last));
        }
        self.decide(Action::Queue(target), at)?;
        self.insert(Beat { at, what: What::ContactEvent { leg, kind: EventKind::Queued } });
        Ok(())
    }

    /// A queue of a flow among those that there are; or else a new one.
    pub(super) fn target(&self, queue: &Queue) -> Target {
        let arn = queue.arn.as_deref().unwrap_or_default();
        let known = self.center.targets().into_iter().find(|one| one.arn(self.scene.instance) == arn);
        let id = arn.rsplit('/').next().unwrap_or_default();
        known.unwrap_or_else(|| match queue.is_of_agent() {
            true => Target::Agent(id.to_owned()),
            false => Target::Queue(queue.name.clone().unwrap_or_else(|| id.to_owned())),
        })
    }

    /// The number that the customer sees is the flow's, if it names one.
    fn dial(&mut self, leg: usize, outbound: &Outbound, at: Duration) -> anyhow::Result<()> {
        match &*outbound.caller_id {
            Some(caller_id) if self.is_called_back(leg) => {
                self.change_callback(|callback| callback.caller_id = Some(caller_id.clone()))?;
            }
            Some(caller_id) => self.contact.from = Some(caller_id.clone()),
            None => {}
        }
        let shown = self.telling().system(leg).map_or(String::new(), |number| format!(", who sees {number}"));
        self.say(at, Some(format!("the contact flow dials the customer{shown}")), None);
        Ok(())
    }

    fn start_streaming(&mut self, leg: usize, at: Duration) -> anyhow::Result<()> {
        if self.audio.get(&leg).is_some_and(|audio| audio.stopped.is_none()) {
            return Ok(());
        }
        let contact_id = self.scene.contact_id(leg).to_owned();
        let (ring, pace) = (self.scene.ring, self.pace);
        let Some(pace) = pace else {
            let silence = self.center.stream_silence(&contact_id, ring + at);
            self.audio.insert(leg, silence);
            return Ok(());
        };
        self.decide(Action::MediaStreaming(Switch::Start), at)?;
        let streamed = self.streamed.iter().find(|stream| stream.leg == leg && stream.from == at);
        let streamed = streamed.ok_or_else(|| anyhow!("media streaming starts in a leg that is over"))?;
        let audio = self.center.stream(&contact_id, ring, streamed, pace)?;
        self.audio.insert(leg, audio);
        Ok(())
    }

    fn stop_streaming(&mut self, leg: usize, at: Duration) -> anyhow::Result<()> {
        let stopped = self.scene.ring + at;
        let running = self.audio.get_mut(&leg).filter(|audio| audio.stopped.is_none());
        let Some(Audio { stopped: when, .. }) = running else { return Ok(()) };
        *when = Some(stopped);
        if self.pace.is_some() {
            self.center.cut_short(self.line.contact_ids());
            self.decide(Action::MediaStreaming(Switch::Stop), at)?;
        }
        Ok(())
    }

    /// Something that a flow decides: as if it had been a step of the script.
    pub(super) fn decide(&mut self, action: Action, at: Duration) -> anyhow::Result<()> {
        let position = self.steps.partition_point(|step| step.at <= at);
        self.steps.insert(position, Step { at, line: 0, action });
        self.add_up()
    }

    /// What the steps come to now.
    pub(super) fn add_up(&mut self) -> anyhow::Result<()> {
        let cannot = |(_, problem)| anyhow!("what the contact flow decides cannot be played: {problem}");
        self.call = Call::of(&self.contact, &self.steps).map_err(cannot)?;
        let heard_otherwise = true;
        self.streamed = speech::streamed(&self.call, &self.steps, heard_otherwise).map_err(cannot)?;
        self.said = self.script.said(&self.streamed);
        Ok(())
    }
}

/// How long it takes to say a prompt; of what is only named nobody knows.
fn length_of(said: &Said) -> Duration {
    match said {
        Said::Text(text) | Said::Ssml(text) => length_of_words(text),
        Said::Prompt(_) | Said::Media(_) => Duration::ZERO,
    }
}
