//! The flow language: <https://docs.aws.amazon.com/connect/latest/devguide/flow-language.html>.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Raw;
use super::fields::{Fields, Notes};
use super::parameters;
use crate::error::Problem;
use crate::flow::{Block, Flow, Position};
use crate::place::{ActionId, Place, printable};
use crate::transitions::{Condition, Conditional, OnError, Operator, Transitions};

/// Reads `{Version, StartAction, Metadata, Actions}`.
pub(super) fn flow(content: &Value, file: &str, problems: &mut Vec<Problem>) -> Option<Flow> {
    let metadata = content.get("Metadata");
    let of_action = |id: &str| metadata.and_then(|metadata| metadata.get("ActionMetadata")?.get(id));
    let actions = content.get("Actions").and_then(Value::as_array).into_iter().flatten();
    let raw = actions.enumerate().map(|(number, value)| Raw {
        path: format!("Actions[{number}]"),
        metadata: of_action(identifier(value).unwrap_or_default()).cloned().unwrap_or_default(),
        value: value.clone(),
    });
    let start = content.get("StartAction").and_then(Value::as_str).unwrap_or_default();
    let entry = metadata
        .and_then(|metadata| position(first(metadata, &["entryPointPosition", "EntryPointPosition"])?));
    assemble(raw.collect(), start, "StartAction", entry, file, problems)
}

/// Reads all actions, and puts them together if they can be.
pub(super) fn assemble(
    raw: Vec<Raw>,
    start: &str,
    start_path: &str,
    entry: Option<Position>,
    file: &str,
    problems: &mut Vec<Problem>,
) -> Option<Flow> {
    let mut seen = BTreeSet::new();
    let mut blocks = Vec::new();
    for action in raw {
        let block = block(&action, file, problems);
        let Some(block) = block else { continue };
        if !seen.insert(block.id.clone()) {
            let place = Place { action: Some(block.id), path: action.path, ..Place::of_file(file) };
            problems.push(Problem { place, what: "another action has the same Identifier".to_owned() });
            continue;
        }
        blocks.push(block);
    }
    if !seen.contains(start) && problems.is_empty() {
        let place = Place::of_file(file).at(start_path.to_owned());
        problems.push(Problem {
            place,
            what: "no action has the identifier that the flow starts with".to_owned(),
        });
    }
    if !problems.is_empty() {
        return None;
    }
    let mut flow = Flow::new(file, ActionId::from(start), blocks);
    flow.entry = entry;
    Some(flow)
}

fn block(raw: &Raw, file: &str, problems: &mut Vec<Problem>) -> Option<Block> {
    let kind = raw.value.get("Type").and_then(Value::as_str);
    let id = identifier(&raw.value);
    let place = Place {
        file: file.to_owned(),
        action: id.map(ActionId::from),
        kind: kind.map(str::to_owned),
        path: raw.path.clone(),
    };
    let notes = Notes::new(place);
    if id.is_none() {
        notes.problem("Identifier", "is missing or no text");
    }
    let parameters = raw.value.get("Parameters");
    let fields = Fields::new(parameters, "Parameters", &notes);
    let action = match kind {
        Some(kind) => {
            let action = parameters::action(kind, &fields, parameters);
            if action.is_none() {
                let kind = printable(kind);
                notes.problem(
                    "Type",
                    format!("{kind} is no action that is understood here, and no action is skipped"),
                );
            }
            action
        }
        None => {
            notes.problem("Type", "is missing or no text");
            None
        }
    };
    let ignored = parameters.map(|parameters| notes.unread(parameters)).unwrap_or_default();
    let transitions = transitions(&Fields::new(raw.value.get("Transitions"), "Transitions", &notes));
    let found = notes.into_problems();
    let understood = found.is_empty();
    problems.extend(found);
    let (Some(action), Some(id), true) = (action, id, understood) else { return None };
    Some(Block {
        id: ActionId::from(id),
        action,
        transitions,
        position: position(first(&raw.metadata, &["position", "Position"]).unwrap_or(&Value::Null)),
        named: named(&raw.metadata),
        ignored,
        path: raw.path.clone(),
    })
}

fn identifier(action: &Value) -> Option<&str> {
    action.get("Identifier").and_then(Value::as_str).filter(|id| !id.is_empty())
}

fn transitions(fields: &Fields<'_, '_>) -> Transitions {
    let target =
        |fields: &Fields<'_, '_>| ActionId::from(fields.fixed("NextAction").unwrap_or_default().as_str());
    let conditions = fields.objects("Conditions").into_iter().map(|one| {
        let condition = one.fields("Condition");
        let operator = condition.choice("Operator", "an operator of the flow language", Operator::named);
        if operator.is_none() && !condition.has("Operator") {
            condition.problem("Operator", "is missing");
        }
        let operands = condition.list("Operands").into_iter().filter_map(|(operand, path)| {
            let text = super::fields::scalar(operand);
            if text.is_none() {
                condition.problem("Operands", format!("expected a text at {path}"));
            }
            text.map(|text| crate::text::Text::new(&text))
        });
        let operands = operands.collect();
        let condition = Condition { operator: operator.unwrap_or(Operator::Equals), operands };
        Conditional { condition, next: target(&one) }
    });
    let errors = fields.objects("Errors").into_iter().map(|one| {
        let error = one.fixed("ErrorType").unwrap_or_default();
        if error.is_empty() {
            one.problem("ErrorType", "is missing");
        }
        OnError { error, next: target(&one) }
    });
    Transitions {
        next: fields.fixed("NextAction").map(|next| ActionId::from(next.as_str())),
        conditions: conditions.collect(),
        errors: errors.collect(),
    }
}

fn first<'v>(value: &'v Value, names: &[&str]) -> Option<&'v Value> {
    names.iter().find_map(|name| value.get(name))
}

pub(super) fn position(value: &Value) -> Option<Position> {
    let coordinate = |names: &[&str]| first(value, names)?.as_f64();
    Some(Position { x: coordinate(&["x", "X"])?, y: coordinate(&["y", "Y"])? })
}

/// The name that the designer shows for an id: in `parameters.<name>.displayName`, or in the `text` of `ContactFlow` or
/// `queue`.
fn named(metadata: &Value) -> Option<String> {
    let texts =
        ["ContactFlow", "contactFlow", "queue"].iter().find_map(|name| metadata.get(name)?.get("text"));
    let displayed = || {
        let parameters = metadata.get("parameters")?.as_object()?;
        parameters.values().find_map(|parameter| parameter.get("displayName"))
    };
    let name = texts.or_else(displayed).or_else(|| metadata.get("resourceName"))?.as_str()?;
    (!name.is_empty()).then(|| name.to_owned())
}
