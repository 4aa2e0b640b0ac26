//! Every type of action: what it does, what it asks, and where it goes then.

mod contact;
mod control;
mod interaction;
mod participant;

use serde_json::{Value, json};

use super::support::{contact, end, flow_of, one, play_alone, read, run, support_queue};
use crate::action::ServiceKind;
use crate::{Action, ContactState, Flow};

/// The state after a flow of one action that asks nothing, and the branch that it took.
fn after(kind: &str, parameters: Value, state: ContactState) -> (ContactState, String) {
    let played = play_alone(run(one(kind, parameters), state));
    let next = played.passages[0].next.clone().unwrap();
    (played.state, next.as_str().to_owned())
}

fn in_queue() -> ContactState {
    let mut state = contact();
    state.queue = Some(support_queue());
    state
}

/// A flow of one action with these conditions (result and next action) and these errors, all leading to blocks named
/// after them.
fn branching(kind: &str, parameters: Value, conditions: &[(&str, &str)], errors: &[&str]) -> Flow {
    let name = |operator: &str, operand: &str| {
        if operator == "Equals" { operand.to_owned() } else { format!("{operator} {operand}") }
    };
    let conditions: Vec<Value> = conditions
        .iter()
        .map(|(operator, operand)| {
            json!({"NextAction": name(operator, operand), "Condition": {"Operator": operator, "Operands": [operand]}})
        })
        .collect();
    let errors: Vec<Value> =
        errors.iter().map(|error| json!({"NextAction": error, "ErrorType": error})).collect();
    let mut actions = vec![json!({"Identifier": "it", "Type": kind, "Parameters": parameters, "Transitions":
        {"NextAction": "next", "Conditions": conditions, "Errors": errors}})];
    let targets = conditions.iter().chain(&errors).map(|way| way["NextAction"].as_str().unwrap().to_owned());
    let targets: std::collections::BTreeSet<String> = targets.chain(["next".to_owned()]).collect();
    actions.extend(targets.iter().map(|target| end(target)));
    read(&flow_of(&Value::Array(actions)))
}

#[test]
fn every_type_is_tried_here_and_told_of_in_the_readme() {
    let readme = include_str!("../../README.md");
    let tests = concat!(
        include_str!("actions/participant.rs"),
        include_str!("actions/control.rs"),
        include_str!("actions/contact.rs"),
        include_str!("actions/interaction.rs"),
        include_str!("walking.rs")
    );
    for kind in Action::KINDS {
        assert!(readme.contains(&format!("`{kind}`")), "{kind} is not in README.md");
        assert!(tests.contains(&format!("\"{kind}\"")), "{kind} has no test");
    }
    for kind in ServiceKind::ALL {
        assert!(readme.contains(&format!("`{}`", kind.as_str())), "{} is not in README.md", kind.as_str());
    }
}
