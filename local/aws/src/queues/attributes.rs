//! What goes along with a message: the sender's own attributes, and the digest of them.
//! <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html>

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::error::AwsError;
use crate::md5_hex;

/// How many attributes a message has at most.
const MOST_ATTRIBUTES: usize = 10;

/// The attributes of a message by name.
pub(super) type Attributes = BTreeMap<String, Attribute>;

/// A text, or a number written as one.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase", deny_unknown_fields)]
pub(super) struct Attribute {
    data_type: String,
    string_value: String,
}

impl Attribute {
    pub(super) fn text(text: &str) -> Self {
        Attribute { data_type: "String".to_owned(), string_value: text.to_owned() }
    }
}

/// Refuses what SQS refuses. Types may have a label of the sender's: `Number.float`.
pub(super) fn check(attributes: &Attributes) -> Result<(), AwsError> {
    let refused = |what: &str| Err(AwsError::refused("InvalidParameterValue", what));
    if attributes.len() > MOST_ATTRIBUTES {
        return refused("Number of message attributes exceeds the allowed maximum [10].");
    }
    let known = |c: char| c.is_ascii_alphanumeric() || "_-.".contains(c);
    for (name, Attribute { data_type, string_value }) in attributes {
        if name.is_empty() || name.len() > 256 || !name.chars().all(known) {
            return refused("The message attribute name contains invalid characters or is too long.");
        }
        if !["String", "Number"].contains(&data_type.split('.').next().unwrap_or_default()) {
            return refused("local-aws knows message attributes of the types String and Number.");
        }
        if string_value.is_empty() {
            return refused("The message attribute must contain a non-empty message attribute value.");
        }
    }
    Ok(())
}

/// Those that a receiver asked for: by name, by the beginning of a name (`Error.*`), or all.
pub(super) fn wanted(attributes: &Attributes, names: &[String]) -> Attributes {
    let is_wanted = |name: &str| {
        names.iter().any(|wanted| match wanted.strip_suffix(".*") {
            Some(beginning) => name.starts_with(beginning),
            None => wanted == "All" || wanted == name,
        })
    };
    let wanted = attributes.iter().filter(|(name, _)| is_wanted(name));
    wanted.map(|(name, attribute)| (name.clone(), attribute.clone())).collect()
}

/// The digest that SQS sends along: of names, types and values, each with its length before it.
pub(super) fn digest(attributes: &Attributes) -> Option<String> {
    let mut bytes = Vec::new();
    let mut push = |part: &str, kind: &[u8]| {
        bytes.extend_from_slice(kind);
        bytes.extend_from_slice(&(part.len() as u32).to_be_bytes());
        bytes.extend_from_slice(part.as_bytes());
    };
    for (name, attribute) in attributes {
        push(name, &[]);
        push(&attribute.data_type, &[]);
        push(&attribute.string_value, &[1]);
    }
    (!attributes.is_empty()).then(|| md5_hex(&bytes))
}
