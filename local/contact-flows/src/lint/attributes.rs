//! Values that are read before they are set.

use std::collections::BTreeSet;

use super::facts::{Fact, Known, attributes_of, inherited, known};
use super::{Findings, Severity};
use crate::flow::{Block, Flow};
use crate::library::Library;
use crate::text::Text;

pub(super) fn check(flow: &Flow, library: &Library, findings: &mut Findings<'_>) {
    let (known, inherited) = (known(flow, library), inherited(flow, library));
    let own: BTreeSet<Fact> = attributes_of(flow).into_iter().collect();
    let others = library.flows().iter().filter(|other| other.file != flow.file);
    let elsewhere: BTreeSet<Fact> = others.flat_map(|other| attributes_of(other)).collect();
    for block in flow.blocks() {
        let Some(here) = known.get(&block.id) else { continue };
        for (fact, spelled) in read_by(block).into_iter().filter(|(fact, _)| !inherited.contains(fact)) {
            let whence = Whence { own: own.contains(&fact), elsewhere: elsewhere.contains(&fact) };
            if let Some((severity, sentence, advice)) = judge(&fact, &spelled, here, whence) {
                findings.add(severity, block, sentence, advice);
            }
        }
    }
}

/// Where an attribute is set at all.
#[derive(Clone, Copy)]
struct Whence {
    /// Somewhere in this flow.
    own: bool,
    /// In another flow of the library.
    elsewhere: bool,
}

/// What a block reads, each once, with its spelling.
fn read_by(block: &Block) -> Vec<(Fact, String)> {
    let mut read = Vec::new();
    let mut see = |text: &Text| {
        let facts = text
            .references()
            .filter_map(|reference| Some((Fact::read_by(reference)?, reference.to_string())));
        read.extend(facts);
    };
    block.action.texts(&mut see);
    block.transitions.conditions.iter().flat_map(|one| &one.condition.operands).for_each(&mut see);
    let mut seen = BTreeSet::new();
    read.retain(|(fact, _)| seen.insert(fact.clone()));
    read
}

fn judge(fact: &Fact, spelled: &str, here: &Known, whence: Whence) -> Option<(Severity, String, String)> {
    let is_attribute = matches!(fact, Fact::Attribute(_));
    if here.always.contains(fact) || (is_attribute && here.sometimes.contains(&Fact::AnyAttribute)) {
        return None;
    }
    let sometimes = here.sometimes.contains(fact);
    let said = |severity, sentence: String, advice: &str| Some((severity, sentence, advice.to_owned()));
    match fact {
        Fact::Attribute(_) if whence.elsewhere => None,
        Fact::Attribute(_) | Fact::FlowAttribute(_) if sometimes => said(
            Severity::Warning,
            format!("{spelled} is not set on every way here"),
            "set it on the others, too, or mind that it may be empty",
        ),
        Fact::Attribute(_) if !whence.own => said(
            Severity::Note,
            format!("{spelled} is never set in this flow"),
            "an earlier flow, an agent or the API must set it; otherwise it is empty",
        ),
        Fact::Attribute(_) | Fact::FlowAttribute(_) | Fact::AnyAttribute => said(
            Severity::Error,
            format!("{spelled} is read before it is set"),
            "set it first; it is empty here",
        ),
        Fact::External if sometimes => said(
            Severity::Warning,
            format!("{spelled} is read where the function may not have answered"),
            "read it only on the way of a function's success",
        ),
        Fact::External => said(
            Severity::Error,
            format!("{spelled} is read before any function was invoked"),
            "invoke the function first; it is empty here",
        ),
        Fact::StoredInput | Fact::Metrics => said(
            if sometimes { Severity::Warning } else { Severity::Error },
            match sometimes {
                true => format!("{spelled} is not stored on every way here"),
                false => format!("{spelled} is read before anything was stored"),
            },
            "ask the caller, or load the figures, first",
        ),
    }
}
