//! What is in the org before the call, and how a script names it.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value};

use super::target::Target;

/// The `salesforce:` part of a script.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Salesforce {
    /// Records that are there before the call, in the order in which they are made.
    #[serde(default)]
    pub records: Vec<Seed>,
    /// Where Omni flows lead, by developer name: to a queue, or to an agent.
    #[serde(default)]
    pub omni_flows: BTreeMap<String, Target>,
    /// The numbers that agents call with, by user name.
    #[serde(default)]
    pub outbound_numbers: BTreeMap<String, String>,
}

/// One record that is there before the call.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Seed {
    /// Its sObject, e.g. `Contact`.
    pub object: String,
    /// What the script calls it: `@name` stands for its record id, in later records, in parameters of functions and in
    /// expectations.
    #[serde(rename = "as")]
    pub name: Option<String>,
    /// Its fields. A text that is `@name` is the id of that record.
    #[serde(default)]
    pub fields: Map<String, Value>,
}

/// The ids of the records that a script names.
pub type Named = BTreeMap<String, String>;

/// A value with the record id in the place of `@name`. A name that no record has is left as it is.
pub(crate) fn resolve(value: &Value, named: &Named) -> Value {
    let id = value.as_str().and_then(|text| named.get(text.strip_prefix('@')?));
    id.map_or_else(|| value.clone(), |id| id.as_str().into())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_a_whole_text_that_is_a_known_name_becomes_an_id() {
        let named = Named::from([("caller".to_owned(), "003000000000001AAA".to_owned())]);
        for (value, expected) in [
            (json!("@caller"), json!("003000000000001AAA")),
            (json!("caller@example.com"), json!("caller@example.com")),
            (json!("@agent"), json!("@agent")),
            (json!(7), json!(7)),
        ] {
            assert_eq!(resolve(&value, &named), expected);
        }
    }
}
