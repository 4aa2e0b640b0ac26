//! Functions that are not there, and parameters that they would refuse.

use super::methods::{FUNCTIONS, Function};
use super::{Findings, Severity};
use crate::action::{Action, InvokeLambdaFunction};
use crate::flow::Block;
use crate::function::Functions;
use crate::place::printable;
use crate::shape::Shape;
use crate::text::Text;

pub(super) fn check(block: &Block, functions: &Functions, findings: &mut Findings<'_>) {
    let Action::InvokeLambdaFunction(invocation) = &block.action else { return };
    // A dynamic ARN is known only when the flow runs.
    let Some(arn) = invocation.function.literal() else { return };
    let Some(logical_id) = functions.resolve(arn) else {
        let sentence = format!("no function here is meant by {}", printable(arn));
        findings.add(Severity::Error, block, sentence, "say by an override which function it is");
        return;
    };
    if let Some(function) = FUNCTIONS.iter().find(|function| function.logical_id == logical_id) {
        parameters(block, invocation, function, findings);
        if invocation.time_limit * 1_000 <= function.budget {
            let sentence = format!(
                "the block waits {} s, but {logical_id} takes up to {} ms, so that what it does may count as failed",
                invocation.time_limit, function.budget
            );
            let advice = "give the block 8 s, or the function a smaller FLOW_BUDGET_MS";
            findings.add(Severity::Note, block, sentence, advice);
        }
    }
}

fn parameters(
    block: &Block,
    invocation: &InvokeLambdaFunction,
    function: &Function,
    findings: &mut Findings<'_>,
) {
    if function.methods.is_empty() {
        return;
    }
    let id = function.logical_id;
    let given = |name: &str| {
        invocation.attributes.iter().find(|(key, _)| key.literal() == Some(name)).map(|(_, v)| v)
    };
    // Names that are dynamic may be any.
    if invocation.attributes.iter().any(|(key, _)| key.literal().is_none()) {
        return;
    }
    // AWS's CTI adapter calls it sf_operation.
    let Some(named) = given("methodName").or_else(|| given("sf_operation")) else {
        let sentence = format!("{id} is not told what to do");
        findings.add(Severity::Error, block, sentence, "add the parameter methodName");
        return;
    };
    let Some(name) = literal(named) else { return };
    let Some(method) = function.methods.iter().find(|method| method.name == name) else {
        let sentence = format!("{id} has no method {}", printable(name));
        let elsewhere = FUNCTIONS.iter().find(|other| other.methods.iter().any(|method| method.name == name));
        let advice = match elsewhere {
            Some(other) => format!("{} has it", other.logical_id),
            None => "check how methodName is spelled; case matters".to_owned(),
        };
        findings.add(Severity::Error, block, sentence, advice);
        return;
    };
    for group in method.required {
        if !group.iter().any(|name| given(name).is_some_and(|value| !is_empty(value))) {
            let sentence = format!("{name} needs the parameter {}", group.join(" or "));
            findings.add(
                Severity::Error,
                block,
                sentence,
                "add it; the function refuses the invocation without it",
            );
        }
    }
    for query in ["soql", "sosl"] {
        if let Some(Shape::Text(text)) = given(query) {
            placeholders(block, query, text, &given, findings);
        }
    }
}

/// A query's placeholders have parameters, and values come by placeholders.
fn placeholders<'s>(
    block: &Block,
    query: &str,
    text: &Text,
    given: &impl Fn(&str) -> Option<&'s Shape>,
    findings: &mut Findings<'_>,
) {
    if let Some(reference) = text.references().next() {
        let sentence =
            format!("{query} has {} pasted into it, so that its value can change the query", reference);
        findings.add(
            Severity::Warning,
            block,
            sentence,
            "write a placeholder such as {phone} without quotes in its place, and pass the value as the parameter phone",
        );
    }
    // SOSL's own braces hold the search text.
    if query == "sosl" {
        return;
    }
    let source = text.to_string();
    for placeholder in source.split('{').skip(1).filter_map(|rest| rest.split_once('}')) {
        let name = placeholder.0.split(':').next().unwrap_or_default().trim();
        if given(name).is_none() {
            let sentence =
                format!("{query} has the placeholder {}, but there is no such parameter", printable(name));
            findings.add(Severity::Error, block, sentence, "add the parameter");
        }
    }
}

fn literal(shape: &Shape) -> Option<&str> {
    match shape {
        Shape::Text(text) => text.literal(),
        _ => None,
    }
}

fn is_empty(shape: &Shape) -> bool {
    matches!(shape, Shape::Text(text) if text.is_empty())
        || matches!(shape, Shape::Plain(value) if value.is_null())
}
