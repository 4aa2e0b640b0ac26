use std::collections::VecDeque;

use salesforce::Private;
use salesforce::telephony::{CallKey, MessageBatch, RealtimeEvent, SenderType};

use super::work::{Blame, Fault, Queue};
use crate::ledger::Place;
use crate::mapping::{Item, Line};

/// How many signals go in one request: as many as the reference function sends after a call. The page names no limit.
const SIGNALS_PER_REQUEST: usize = 25;

/// What names a call to Salesforce.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Call {
    /// The secret of the call center, where it is not the default.
    pub(crate) center: Option<String>,
    /// The first contact of the conversation.
    pub(crate) conversation: CallKey,
}

/// What a contact has to be told, in order.
#[derive(Debug)]
pub(crate) struct Lane {
    pub(crate) contact: CallKey,
    pub(crate) call: Call,
    /// The positions of the contact's records in the batch.
    pub(crate) records: Vec<usize>,
    /// The Connect instance of the contact, as long as it may be worth asking there with which contact the conversation
    /// began.
    instance: Option<String>,
    messages: VecDeque<(Place, Line)>,
    others: VecDeque<(Place, Other)>,
    /// The next so many messages are sent without those of other calls.
    alone: usize,
    /// The next so many items are sent one by one.
    singly: usize,
    trouble: Option<(Queue, usize, Fault)>,
    is_to_be_noted: bool,
}

#[derive(Debug)]
enum Other {
    Signal(RealtimeEvent),
    Summary(Private),
    /// A segment that cannot be read, and why.
    Unreadable(String),
}

/// What a lane wants next.
#[derive(Debug)]
pub(super) enum Step {
    Messages,
    Signals(usize),
    Summary(Private),
    LookUp(String),
    Bury(Queue, usize, Fault),
}

/// The messages at the front of a lane that go into one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) count: usize,
    /// How many entries of the request they take: one for each speaker.
    pub(super) entries: usize,
}

impl Lane {
    /// The lane of a contact. `first`: the first contact of the conversation, if that is known.
    pub(crate) fn new(
        contact: CallKey,
        first: Option<CallKey>,
        center: Option<String>,
        instance: Option<String>,
    ) -> Self {
        let instance = instance.filter(|_| first.is_none());
        let conversation = first.unwrap_or_else(|| contact.clone());
        Self {
            contact,
            call: Call { center, conversation },
            records: Vec::new(),
            instance,
            messages: VecDeque::new(),
            others: VecDeque::new(),
            alone: 0,
            singly: 0,
            trouble: None,
            is_to_be_noted: false,
        }
    }

    pub(crate) fn push(&mut self, place: Place, item: Item) {
        match item {
            Item::Line(line) => self.messages.push_back((place, line)),
            Item::Signal(event) => self.others.push_back((place, Other::Signal(event))),
            Item::Summary(text) => self.others.push_back((place, Other::Summary(text))),
        }
    }

    pub(crate) fn push_unreadable(&mut self, place: Place, problem: String) {
        self.others.push_back((place, Other::Unreadable(problem)));
    }

    pub(super) fn is_empty(&self) -> bool {
        self.messages.is_empty() && self.others.is_empty()
    }

    /// Whether anything was settled, or is known better now.
    pub(crate) fn is_to_be_noted(&self) -> bool {
        self.is_to_be_noted
    }

    /// Something is known that is worth a note, even if nothing is to be sent.
    pub(crate) fn note(&mut self) {
        self.is_to_be_noted = true;
    }

    pub(super) fn is_alone(&self) -> bool {
        self.alone > 0
    }

    /// What to do next; the lane is not empty.
    pub(super) fn step(&mut self) -> Step {
        if let Some(step) = self.trouble.take().and_then(|trouble| self.find_out(trouble)) {
            return step;
        }
        if !self.messages.is_empty() {
            return Step::Messages;
        }
        match self.others.front() {
            Some((_, Other::Summary(text))) => Step::Summary(text.clone()),
            Some((_, Other::Unreadable(problem))) => {
                Step::Bury(Queue::Others, 1, Fault::malformed(problem.clone()))
            }
            _ => {
                let most = if self.singly > 0 { 1 } else { SIGNALS_PER_REQUEST };
                let signals = self.others.iter().take_while(|(_, other)| matches!(other, Other::Signal(_)));
                Step::Signals(signals.take(most).count())
            }
        }
    }

    /// What to do about a refusal; `None`: send it in smaller parts.
    fn find_out(&mut self, (queue, count, fault): (Queue, usize, Fault)) -> Option<Step> {
        match fault.blame {
            Blame::Sent => return Some(Step::Bury(queue, count, fault)),
            Blame::Center => return Some(Step::Bury(Queue::All, self.len(), fault)),
            Blame::Call | Blame::Unclear => {}
        }
        if let Some(instance) = self.instance.take() {
            self.trouble = Some((queue, count, fault));
            return Some(Step::LookUp(instance));
        }
        match fault.blame {
            Blame::Call => Some(Step::Bury(Queue::All, self.len(), fault)),
            _ if count == 1 => Some(Step::Bury(queue, 1, fault)),
            _ => {
                self.singly = count;
                None
            }
        }
    }

    fn len(&self) -> usize {
        self.messages.len() + self.others.len()
    }

    /// The messages that are next; `None` when none waits, or something else has to be done first.
    pub(super) fn window(&self) -> Option<Window> {
        if self.messages.is_empty() || self.trouble.is_some() {
            return None;
        }
        let most = if self.singly > 0 { 1 } else { MessageBatch::MAX_MESSAGES_PER_CALL };
        let mut speakers: Vec<SenderType> = Vec::with_capacity(most);
        let next = self.messages.iter().take(most);
        let count = next
            .inspect(|(_, line)| {
                if !speakers.contains(&line.sender_type) {
                    speakers.push(line.sender_type);
                }
            })
            .count();
        Some(Window { count, entries: speakers.len() })
    }

    /// Puts the messages of a window into a request: those of one speaker after those of the other, since an entry holds
    /// one speaker only, and the API keeps the order of each.
    pub(super) fn fill(&self, batch: &mut MessageBatch, window: Window) {
        let mut lines: Vec<&Line> = self.messages.iter().take(window.count).map(|(_, line)| line).collect();
        let first_of = |line: &Line| {
            self.messages
                .iter()
                .position(|(_, other)| other.sender_type == line.sender_type)
                .unwrap_or_default()
        };
        lines.sort_by_key(|line| first_of(line));
        for line in lines {
            // There is room: at most five messages, and of entries as many as the window says.
            let refused = batch.try_push(&self.call.conversation, line.message(&self.call.conversation));
            debug_assert!(refused.is_ok(), "a window fits into its request");
        }
    }

    /// The signals at the front, ascending by time, as the API wants them.
    pub(super) fn signals(&self, count: usize) -> Vec<RealtimeEvent> {
        let next = self.others.iter().take(count);
        let mut events: Vec<RealtimeEvent> = next
            .filter_map(|(_, other)| match other {
                Other::Signal(event) => Some(event.clone()),
                Other::Summary(_) | Other::Unreadable(_) => None,
            })
            .collect();
        events.sort_by_key(|event| event.start_time);
        events
    }

    /// The records that the first items are from.
    pub(super) fn records_of(&self, queue: Queue, count: usize) -> Vec<usize> {
        let messages = self.messages.iter().map(|(place, _)| place.record);
        let others = self.others.iter().map(|(place, _)| place.record);
        let mut records: Vec<usize> = match queue {
            Queue::Messages => messages.take(count).collect(),
            Queue::Others => others.take(count).collect(),
            Queue::All => messages.chain(others).collect(),
        };
        records.sort_unstable();
        records.dedup();
        records
    }

    /// Takes the first items out.
    pub(super) fn remove(&mut self, queue: Queue, count: usize) -> Vec<Place> {
        self.is_to_be_noted = true;
        self.alone = self.alone.saturating_sub(count);
        self.singly = self.singly.saturating_sub(count);
        match queue {
            Queue::Messages => self.messages.drain(..count).map(|(place, _)| place).collect(),
            Queue::Others => self.others.drain(..count).map(|(place, _)| place).collect(),
            Queue::All => {
                let messages = self.messages.drain(..).map(|(place, _)| place);
                messages.chain(self.others.drain(..).map(|(place, _)| place)).collect()
            }
        }
    }

    /// A request with others was refused: the next so many messages go without them.
    pub(super) fn send_alone(&mut self, count: usize) {
        self.alone = count;
    }

    pub(super) fn refused(&mut self, queue: Queue, count: usize, fault: Fault) {
        self.trouble = Some((queue, count, fault));
    }

    /// Connect has said with which contact the conversation began, or that it cannot say. If with another one, what was
    /// refused is sent again under that.
    pub(super) fn began_with(&mut self, first: Option<CallKey>) {
        if let Some(first) = first.filter(|first| *first != self.call.conversation) {
            self.call.conversation = first;
            self.trouble = None;
        }
    }
}
