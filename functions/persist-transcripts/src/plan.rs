//! Which request goes out next, and what its outcome means for those behind it. Pure.
//!
//! What a contact has to be told stands in its own [`Lane`], in order. Whoever carries out the plan asks for work as
//! long as there is any and room for it, and says what became of it:
//!
//! - One request takes messages of several calls, as many as the API allows; a call is never in two requests at once.
//! - What may succeed later ends its lanes for this batch; the others go on.
//! - What is refused is sent again call by call, then message by message, until it is known which is to blame. If it may
//!   be the call, Connect is asked once with which contact the conversation began. What is refused in the end goes to
//!   the dead-letter queue, as the record that it came in, and the rest of the lane goes on.

mod lane;
mod work;

use std::collections::{HashSet, VecDeque};

use salesforce::telephony::{MessageBatch, RealtimeEvents, SignalService};

use crate::ledger::Ledger;

pub(crate) use lane::{Call, Lane};
#[cfg(test)]
use work::Blame;
pub(crate) use work::{Fault, Outcome, Part, Queue, Work, of_look_up};

use lane::Step;

/// The lanes of a batch.
#[derive(Debug)]
pub(crate) struct Plan {
    lanes: Vec<Lane>,
    /// The lanes with something to do and nothing under way; who had a turn goes to the end.
    ready: VecDeque<usize>,
    /// The calls in requests that are under way.
    busy: HashSet<Call>,
    ledger: Ledger,
}

impl Plan {
    /// The plan for lanes whose items `ledger` expects.
    pub(crate) fn new(lanes: Vec<Lane>, ledger: Ledger) -> Self {
        let ready = (0..lanes.len()).filter(|index| !lanes[*index].is_empty()).collect();
        Self { lanes, ready, busy: HashSet::new(), ledger }
    }

    pub(crate) fn lanes(&self) -> &[Lane] {
        &self.lanes
    }

    /// What is settled by now.
    pub(crate) fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    /// The next thing to do; `None` until something that is under way is finished, or if nothing is, for good.
    pub(crate) fn next(&mut self) -> Option<Work> {
        let free = self.ready.iter().position(|index| !self.busy.contains(&self.lanes[*index].call))?;
        let index = self.ready.remove(free)?;
        let lane = &mut self.lanes[index];
        let part = |count| Part { lane: index, count };
        Some(match lane.step() {
            Step::Messages => self.messages(index),
            Step::Signals(count) => {
                self.busy.insert(lane.call.clone());
                let events = RealtimeEvents {
                    service: SignalService::AmazonConnectContactLens,
                    events: lane.signals(count),
                    persist: Some(false),
                };
                Work::Signals { call: lane.call.clone(), events, part: part(count) }
            }
            Step::Summary(text) => Work::Summary {
                contact: lane.contact.clone(),
                center: lane.call.center.clone(),
                text,
                part: part(1),
            },
            Step::LookUp(instance) => Work::LookUp { lane: index, instance, contact: lane.contact.clone() },
            Step::Bury(queue, count, fault) => {
                let mut records = lane.records_of(queue, count);
                records.retain(|record| !self.ledger.is_dead_letter(*record));
                Work::Bury { part: part(count), queue, records, fault }
            }
        })
    }

    /// A request with messages of this lane, and of as many others as there is room for.
    fn messages(&mut self, first: usize) -> Work {
        let (mut batch, mut parts, mut room) = (MessageBatch::default(), Vec::new(), MessageBatch::MAX_CALLS);
        let center = self.lanes[first].call.center.clone();
        let mut waiting = std::mem::take(&mut self.ready);
        waiting.push_front(first);
        for index in waiting {
            let lane = &mut self.lanes[index];
            let fits = match lane.window() {
                _ if index == first => true,
                Some(window) => {
                    lane.call.center == center
                        && window.entries <= room
                        && !lane.is_alone()
                        && !self.lanes[first].is_alone()
                        && !self.busy.contains(&self.lanes[index].call)
                }
                None => false,
            };
            let lane = &mut self.lanes[index];
            match lane.window().filter(|_| fits) {
                Some(window) => {
                    lane.fill(&mut batch, window);
                    room = room.saturating_sub(window.entries);
                    self.busy.insert(lane.call.clone());
                    parts.push(Part { lane: index, count: window.count });
                }
                None => self.ready.push_back(index),
            }
        }
        Work::Messages { center, batch, parts }
    }

    /// Something is done, or will not be.
    pub(crate) fn finish(&mut self, work: Work, outcome: Outcome) {
        match work {
            Work::Messages { parts, .. } => {
                for part in &parts {
                    self.busy.remove(&self.lanes[part.lane].call);
                }
                match (outcome, parts.as_slice()) {
                    (Outcome::Refused(_), [_, _, ..]) => parts.into_iter().for_each(|part| {
                        self.lanes[part.lane].send_alone(part.count);
                        self.reopen(part.lane);
                    }),
                    (outcome, _) => {
                        parts.into_iter().for_each(|part| self.sent(Queue::Messages, part, outcome.clone()))
                    }
                }
            }
            Work::Signals { part, .. } => {
                self.busy.remove(&self.lanes[part.lane].call);
                self.sent(Queue::Others, part, outcome);
            }
            Work::Summary { part, .. } => self.sent(Queue::Others, part, outcome),
            Work::LookUp { lane, .. } => {
                if let Outcome::FirstContact(first) = outcome {
                    self.lanes[lane].began_with(first);
                    self.reopen(lane);
                }
            }
            Work::Bury { part, queue, records, .. } => {
                if let Outcome::Done = outcome {
                    records.into_iter().for_each(|record| self.ledger.is_dead_letter_now(record));
                    self.done(queue, part);
                }
            }
        }
    }

    fn sent(&mut self, queue: Queue, part: Part, outcome: Outcome) {
        match outcome {
            Outcome::Done => self.done(queue, part),
            Outcome::Refused(fault) => {
                self.lanes[part.lane].refused(queue, part.count, fault);
                self.reopen(part.lane);
            }
            // The lane is over for this batch: what is left in it comes again.
            Outcome::Later | Outcome::FirstContact(_) => {}
        }
    }

    fn done(&mut self, queue: Queue, part: Part) {
        for place in self.lanes[part.lane].remove(queue, part.count) {
            self.ledger.settle(place);
        }
        self.reopen(part.lane);
    }

    fn reopen(&mut self, lane: usize) {
        if !self.lanes[lane].is_empty() {
            self.ready.push_back(lane);
        }
    }
}

#[cfg(test)]
mod tests;
