//! From JSON to a flow.
//!
//! ```text
//! JSON ─► what kind of file is it? ─► modules ─► actions (Value) ─► Block, Block, … ─► Flow
//!                                     (old format only)   parameters, transitions
//! ```
//! Everything that is not understood is collected, so that one reading names it all.

mod contact;
mod control;
mod envelope;
mod fields;
mod interaction;
mod language;
mod modules;
mod parameters;
mod participant;

use serde_json::Value;

use crate::error::{Problem, ReadError};
use crate::flow::Flow;
use crate::place::Place;
use envelope::Envelope;

/// The version of the flow language.
const VERSION: &str = "2019-10-30";

/// One action as the flow language writes it, whichever format it came from.
struct Raw {
    /// Its path in the file.
    path: String,
    /// `{Identifier, Type, Parameters, Transitions}`.
    value: Value,
    /// Its position, `{x, y}`, and what else the designer keeps of it.
    metadata: Value,
}

/// Reads a flow of either format.
pub(crate) fn flow(value: &Value, file: &str) -> Result<Flow, ReadError> {
    let mut problems = Vec::new();
    let whole = |what: &str| {
        let place = Place::of_file(file);
        ReadError::Problems(vec![Problem { place, what: what.to_owned() }])
    };
    let envelope = Envelope::open(value, file)?;
    let content = envelope.content.as_ref();
    let flow = if content.get("Actions").is_some() {
        if content.get("Version").and_then(Value::as_str) != Some(VERSION) {
            return Err(whole("its Version is not 2019-10-30, the only one that Amazon Connect writes"));
        }
        language::flow(content, file, &mut problems)
    } else if content.get("modules").is_some() {
        modules::flow(content, file, &mut problems)
    } else {
        return Err(whole(
            "this is no flow: it has neither Actions (the flow language) nor modules (the old export)",
        ));
    };
    match flow {
        Some(mut flow) if problems.is_empty() => {
            let metadata =
                |name| content.get("Metadata").or_else(|| content.get("metadata"))?.get(name)?.as_str();
            let own = |name| metadata(name).filter(|text| !text.is_empty()).map(str::to_owned);
            flow.name = envelope.name.or_else(|| own("name"));
            flow.kind = envelope.kind.or_else(|| own("type"));
            flow.arn = envelope.arn;
            Ok(flow)
        }
        _ => Err(ReadError::Problems(problems)),
    }
}
