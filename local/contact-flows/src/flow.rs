//! A flow, read and understood.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::action::Action;
use crate::error::ReadError;
use crate::place::{ActionId, Place};
use crate::read;
use crate::transitions::Transitions;

/// A contact flow or a flow module: its actions, and how they follow each other.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// The file that it was read from, as the caller named it.
    pub file: String,
    /// Its name, where the file says it.
    pub name: Option<String>,
    /// Its ARN, where the file says it.
    pub arn: Option<String>,
    /// Its type, where the file says it, in the file's spelling (`contactFlow`, `outboundWhisper`, `CUSTOMER_QUEUE` …).
    pub kind: Option<String>,
    /// Where the entry point is drawn.
    pub entry: Option<Position>,
    start: ActionId,
    blocks: Vec<Block>,
    index: BTreeMap<ActionId, usize>,
}

/// An action in its place in a flow.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Its identifier.
    pub id: ActionId,
    /// What it does.
    pub action: Action,
    /// Where the flow goes then.
    pub transitions: Transitions,
    /// Where it is drawn.
    pub position: Option<Position>,
    /// The name that the file shows for what the action refers to by an id: a flow, a queue, a function.
    pub named: Option<String>,
    /// The parameters that are in the file but not acted upon: paths below `Parameters`.
    pub ignored: Vec<String>,
    /// Its path in the file's JSON, such as `Actions[3]`.
    pub path: String,
}

/// A position on the canvas of the flow designer, in its pixels; y grows downwards.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Position {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl Flow {
    /// Reads an exported flow from its text: the flow language (`Version` 2019-10-30), the old export (`modules`), or what
    /// `aws connect describe-contact-flow` prints. `file` is for errors, and its name without folder and ending is a
    /// name of the flow.
    ///
    /// # Errors
    /// Everything in the file that is not understood, each with its place. An action of an unknown type is among it:
    /// it is never skipped.
    pub fn read(text: &str, file: &str) -> Result<Self, ReadError> {
        let value = serde_json::from_str(text.trim_start_matches('\u{feff}'))
            .map_err(|source| ReadError::NotJson { file: file.to_owned(), source })?;
        Self::from_value(&value, file)
    }

    /// Reads an exported flow from its JSON; see [`Flow::read`].
    ///
    /// # Errors
    /// As [`Flow::read`].
    pub fn from_value(value: &Value, file: &str) -> Result<Self, ReadError> {
        read::flow(value, file)
    }

    /// Puts a flow together. The ids are unique and `start` is one of them: the reader has seen to it.
    pub(crate) fn new(file: &str, start: ActionId, blocks: Vec<Block>) -> Self {
        let index = blocks.iter().enumerate().map(|(number, block)| (block.id.clone(), number)).collect();
        let file = file.to_owned();
        Self { file, name: None, arn: None, kind: None, entry: None, start, blocks, index }
    }

    /// The action that the flow begins with.
    pub fn start(&self) -> &ActionId {
        &self.start
    }

    /// All actions, in the file's order.
    pub fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    /// The action with this identifier.
    pub fn block(&self, id: &str) -> Option<&Block> {
        self.blocks.get(*self.index.get(id)?)
    }

    /// The number of the action with this identifier, in the file's order.
    pub(crate) fn number(&self, id: &ActionId) -> Option<usize> {
        self.index.get(id).copied()
    }

    /// Where a block is, for errors, findings and traces.
    pub fn place(&self, block: &Block) -> Place {
        Place {
            file: self.file.clone(),
            action: Some(block.id.clone()),
            kind: Some(block.action.kind().to_owned()),
            path: block.path.clone(),
        }
    }

    /// What people call it: its name, or the name of its file.
    pub fn title(&self) -> &str {
        self.name.as_deref().unwrap_or_else(|| self.stem())
    }

    /// The name of its file, without folder and ending.
    pub fn stem(&self) -> &str {
        let name = self.file.rsplit(['/', '\\']).next().unwrap_or(&self.file);
        name.strip_suffix(".json").unwrap_or(name)
    }
}
