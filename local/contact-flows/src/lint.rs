//! Looking at a flow without running it.

mod attributes;
mod facts;
mod functions;
mod methods;
mod reach;
mod references;
mod transitions;

use std::fmt;

use crate::flow::{Block, Flow};
use crate::function::Functions;
use crate::library::Library;
use crate::place::Place;

/// Something about a flow that its author should look at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// How bad it is.
    pub severity: Severity,
    /// Where.
    pub place: Place,
    /// What it is, in a sentence.
    pub sentence: String,
    /// What to do about it.
    pub advice: String,
}

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The flow does not do what it says: Amazon Connect refuses it, or a call goes wrong here.
    Error,
    /// It goes wrong on some way through the flow.
    Warning,
    /// Worth knowing.
    Note,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        };
        write!(f, "{severity}: {}: {}; {}", self.place, self.sentence, self.advice)
    }
}

/// Everything to find about a flow, the worst first, and then in the file's order.
///
/// `library` holds the flows that it may lead to (and come from), `functions` those that it may invoke.
pub fn lint(flow: &Flow, library: &Library, functions: &Functions) -> Vec<Finding> {
    let mut findings = Findings { flow, found: Vec::new() };
    let reached = reach::reached(flow);
    for block in flow.blocks() {
        if !reached.contains(&block.id) {
            findings.add(
                Severity::Warning,
                block,
                "nothing leads here, so the block never runs",
                "connect it or delete it",
            );
        }
        transitions::check(flow, block, &mut findings);
        references::check(block, library, &mut findings);
        functions::check(block, functions, &mut findings);
    }
    attributes::check(flow, library, &mut findings);
    let mut found = findings.found;
    found.sort_by(|(left, left_number), (right, right_number)| {
        (left.severity, left_number).cmp(&(right.severity, right_number))
    });
    found.into_iter().map(|(finding, _)| finding).collect()
}

/// Findings, each with the number of its block.
struct Findings<'f> {
    flow: &'f Flow,
    found: Vec<(Finding, usize)>,
}

impl Findings<'_> {
    fn add(
        &mut self,
        severity: Severity,
        block: &Block,
        sentence: impl Into<String>,
        advice: impl Into<String>,
    ) {
        let number = self.flow.number(&block.id).unwrap_or_default();
        let place = self.flow.place(block);
        let finding = Finding { severity, place, sentence: sentence.into(), advice: advice.into() };
        self.found.push((finding, number));
    }
}
