//! What is known to be set at each block: a data-flow analysis over all ways through the flow.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::action::{Action, GetParticipantInput, InputMode, Mode, Whose};
use crate::flow::{Block, Flow};
use crate::library::{Library, Resolved};
use crate::place::ActionId;
use crate::reference::Reference;
use crate::text::Text;
use crate::transitions::Branch;

/// Something that a block sets and a later one reads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fact {
    /// A contact attribute.
    Attribute(String),
    /// Contact attributes with dynamic names: any.
    AnyAttribute,
    /// A flow attribute.
    FlowAttribute(String),
    /// The answer of a function.
    External,
    /// What the caller entered.
    StoredInput,
    /// The figures of a queue.
    Metrics,
}

impl Fact {
    /// The fact that a reference reads; `None` if it reads what no block sets.
    pub(super) fn read_by(reference: &Reference) -> Option<Self> {
        Some(match reference.root() {
            "Attributes" => Self::Attribute(reference.key()?.to_owned()),
            "FlowAttributes" => Self::FlowAttribute(reference.key()?.to_owned()),
            "External" => Self::External,
            "LambdaInvocation" if reference.key() == Some("ResultData") => Self::External,
            "StoredCustomerInput" => Self::StoredInput,
            "Metrics" => Self::Metrics,
            _ => return None,
        })
    }
}

/// What is set when a block is reached.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Known {
    /// On every way there.
    pub(super) always: BTreeSet<Fact>,
    /// On some way there.
    pub(super) sometimes: BTreeSet<Fact>,
}

/// What is known at each block that can be reached.
pub(super) fn known<'f>(flow: &'f Flow, library: &Library) -> BTreeMap<&'f ActionId, Known> {
    let mut known: BTreeMap<&ActionId, Known> = BTreeMap::from([(flow.start(), Known::default())]);
    let mut waiting = VecDeque::from([flow.start()]);
    // What is always set only shrinks and what is sometimes set only grows, so this ends.
    while let Some(id) = waiting.pop_front() {
        let (Some(block), Some(here)) = (flow.block(id.as_str()), known.get(id).cloned()) else { continue };
        for (branch, to) in block.transitions.branches() {
            let mut there = here.clone();
            for fact in set_by(block, &branch, library) {
                there.always.insert(fact.clone());
                there.sometimes.insert(fact);
            }
            let joined = match known.get(to) {
                None => there,
                Some(old) => Known {
                    always: old.always.intersection(&there.always).cloned().collect(),
                    sometimes: old.sometimes.union(&there.sometimes).cloned().collect(),
                },
            };
            if known.get(to) != Some(&joined) {
                known.insert(to, joined);
                waiting.push_back(to);
            }
        }
    }
    known
}

/// What a block has set when it is left by this branch.
fn set_by(block: &Block, branch: &Branch, library: &Library) -> Vec<Fact> {
    let succeeded = !matches!(branch, Branch::Error(_));
    match &block.action {
        // Setting attributes fails only where they are too many, which is no reason to doubt each of them afterwards.
        Action::UpdateContactAttributes(it) if it.target == Whose::Current => {
            named(&it.attributes, Fact::Attribute, Some(Fact::AnyAttribute))
        }
        Action::UpdateFlowAttributes(it) => named(&it.attributes, Fact::FlowAttribute, None),
        Action::InvokeLambdaFunction(it) if it.mode == Mode::Synchronous && succeeded => vec![Fact::External],
        Action::LoadLambdaResult(_) if succeeded => vec![Fact::External],
        Action::GetParticipantInput(GetParticipantInput { mode: InputMode::Store { .. }, .. })
            if succeeded =>
        {
            vec![Fact::StoredInput]
        }
        Action::GetMetricData(_) if succeeded => vec![Fact::Metrics],
        Action::InvokeFlowModule(it) => {
            match it.module.literal().map(|module| library.resolve(module, block.named.as_deref())) {
                Some(Resolved::Flow(module)) => attributes_of(&module),
                _ => vec![Fact::AnyAttribute],
            }
        }
        _ => Vec::new(),
    }
}

/// What flows of the library may have set that transfer here, at once or by way of others: a function's answer, stored input and
/// figures outlive a transfer.
pub(super) fn inherited(flow: &Flow, library: &Library) -> BTreeSet<Fact> {
    let (mut before, mut waiting) = (BTreeSet::new(), vec![flow.file.as_str()]);
    let mut facts = BTreeSet::new();
    while let Some(to) = waiting.pop() {
        for from in library.flows().iter().filter(|from| transfers(from, to, library)) {
            if before.insert(from.file.as_str()) {
                waiting.push(&from.file);
                let ways = |block: &Block| {
                    block.transitions.branches().map(|(branch, _)| branch).collect::<Vec<_>>()
                };
                let set = from.blocks().iter().flat_map(|block| {
                    ways(block).into_iter().flat_map(|branch| set_by(block, &branch, library))
                });
                facts.extend(
                    set.filter(|fact| matches!(fact, Fact::External | Fact::StoredInput | Fact::Metrics)),
                );
            }
        }
    }
    facts
}

/// Whether a flow transfers to the flow of this file.
fn transfers(from: &Flow, to: &str, library: &Library) -> bool {
    from.blocks().iter().any(|block| match &block.action {
        Action::TransferToFlow(it) => {
            let name = it.flow.literal().unwrap_or_default();
            matches!(library.resolve(name, block.named.as_deref()), Resolved::Flow(found) if found.file == to)
        }
        _ => false,
    })
}

/// The attributes that a flow sets somewhere.
pub(super) fn attributes_of(flow: &Flow) -> Vec<Fact> {
    let set = flow.blocks().iter().flat_map(|block| match &block.action {
        Action::UpdateContactAttributes(it) if it.target == Whose::Current => {
            named(&it.attributes, Fact::Attribute, Some(Fact::AnyAttribute))
        }
        _ => Vec::new(),
    });
    set.collect()
}

fn named(pairs: &[(Text, Text)], fact: fn(String) -> Fact, any: Option<Fact>) -> Vec<Fact> {
    let facts = pairs.iter().filter_map(|(name, _)| match name.literal() {
        Some(name) => Some(fact(name.to_owned())),
        None => any.clone(),
    });
    facts.collect()
}
