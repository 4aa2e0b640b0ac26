//! What happened at a block, and why: enough for a line in a terminal, and to light an edge of a graph.

use super::decision::Why;
use super::request::Dialled;
use crate::flow::{Block, Flow};
use crate::hidden::Hidden;
use crate::place::{ActionId, Place};
use crate::state::Queue;
use crate::transitions::Branch;

/// One step of a run.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A block was passed.
    Passed(Passage),
    /// A block needs to know something before it is passed.
    Asks(super::Request),
    /// The flow is over.
    Ended(Ending),
}

/// A block that was passed.
#[derive(Clone, Debug, PartialEq)]
pub struct Passage {
    /// What people call the flow.
    pub flow: String,
    /// Where the block is; its action and type are in it.
    pub place: Place,
    /// What happened, and why this branch, in a sentence. It names attributes and errors, but quotes no value of the contact.
    pub said: String,
    /// The dynamic values that the block looked at: as the flow spells them, and what they were.
    pub saw: Vec<(String, Hidden<Option<String>>)>,
    /// What the caller hears.
    pub shown: Vec<Said>,
    /// The way out that was taken: the edge. None where the flow ends or another begins.
    pub branch: Option<Branch>,
    /// The action that it leads to.
    pub next: Option<ActionId>,
    /// The flow or module that goes on after this block.
    pub enters: Option<String>,
    /// Where a module returned to: the block that invoked it, with the branch that it takes now.
    pub returned: Option<Box<Passage>>,
    /// How the flow ends here, if it does.
    pub ends: Option<Ending>,
}

impl Passage {
    pub(super) fn at(flow: &Flow, block: &Block) -> Self {
        Self {
            flow: flow.title().to_owned(),
            place: flow.place(block),
            said: String::new(),
            saw: Vec::new(),
            shown: Vec::new(),
            branch: None,
            next: None,
            enters: None,
            returned: None,
            ends: None,
        }
    }

    pub(super) fn tell(&mut self, why: Why) {
        self.because(why.said);
        self.saw.extend(why.saw);
        self.shown.extend(why.shown);
    }

    pub(super) fn because(&mut self, said: String) {
        if !self.said.is_empty() && !said.is_empty() {
            self.said.push_str("; ");
        }
        self.said.push_str(&said);
    }
}

/// Something that the caller hears, with its dynamic values filled in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Text.
    Text(Hidden<String>),
    /// SSML.
    Ssml(Hidden<String>),
    /// A prompt of the instance, by id or ARN.
    Prompt(String),
    /// An audio file, by URI.
    Media(String),
}

/// How a flow ends.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// The flow hung up.
    Disconnected,
    /// The flow is over; the contact goes on: in the queue, with the agent.
    FlowEnded,
    /// The contact is in this queue.
    InQueue(Queue),
    /// The contact is with the agent.
    WithAgent,
    /// The contact is with somebody outside, and does not come back.
    WithThirdParty(Dialled),
}
