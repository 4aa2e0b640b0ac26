//! Ways out that are missing, lead nowhere, or can never be taken.

use super::{Findings, Severity};
use crate::flow::{Block, Flow};

pub(super) fn check(flow: &Flow, block: &Block, findings: &mut Findings<'_>) {
    let (rules, transitions) = (block.action.rules(), &block.transitions);
    let kind = block.action.kind();
    for (branch, to) in transitions.branches() {
        if flow.block(to.as_str()).is_none() {
            let sentence = match to.as_str() {
                "" => format!("the branch {branch} leads nowhere"),
                _ => format!("the branch {branch} leads to {to}, which the flow does not have"),
            };
            findings.add(Severity::Error, block, sentence, "connect the branch anew");
        }
    }
    if rules.ends {
        if transitions.branches().next().is_some() {
            let sentence = format!("the flow ends with {kind}, so its branches are never taken");
            findings.add(
                Severity::Error,
                block,
                sentence,
                "take its transitions out; Amazon Connect refuses them",
            );
        }
        return;
    }
    if rules.next && transitions.next.is_none() {
        findings.add(Severity::Error, block, "it has no NextAction", "connect it");
    }
    for error in rules.errors {
        if transitions.on(error).is_none() {
            let sentence = format!("it has no branch for {error}");
            findings.add(
                Severity::Error,
                block,
                sentence,
                format!("connect that branch; {kind} must have it"),
            );
        }
    }
    for result in rules.results {
        if !transitions.has_result(&result) {
            let sentence = format!("it has no condition for the result {}", crate::place::printable(&result));
            findings.add(Severity::Error, block, sentence, format!("add it; {kind} must have it"));
        }
    }
    for (number, one) in transitions.conditions.iter().enumerate() {
        let operands = &one.condition.operands;
        if operands.len() != 1 || operands.iter().any(crate::text::Text::is_empty) {
            let sentence =
                format!("Conditions[{number}] does not have exactly one operand that is not empty");
            findings.add(
                Severity::Error,
                block,
                sentence,
                "compare with a value; there is no comparison with nothing",
            );
        }
        let earlier = &transitions.conditions[..number];
        if earlier.iter().any(|earlier| earlier.condition == one.condition) {
            let sentence = format!("Conditions[{number}] is the same as one before it, so it never holds");
            findings.add(Severity::Warning, block, sentence, "change or delete it");
        }
    }
}
