//! Dynamic values: what `$.Attributes.name` and its like mean.
//!
//! Paths: <https://docs.aws.amazon.com/connect/latest/adminguide/connect-attrib-list.html>;
//! brackets: <https://docs.aws.amazon.com/connect/latest/adminguide/how-to-reference-attributes.html>.

use std::fmt;

/// The first steps that Amazon Connect documents, and two that only its exports show (`ContactData`,
/// `CustomerCallbackNumber`).
const ROOTS: [&str; 40] = [
    "AgenticCX",
    "Agent",
    "Attributes",
    "AwsRegion",
    "Campaign",
    "Case",
    "Channel",
    "ContactData",
    "ContactId",
    "Customer",
    "CustomerCallbackNumber",
    "CustomerEndpoint",
    "CustomerId",
    "DataTableList",
    "DataTables",
    "Description",
    "External",
    "FlowAttributes",
    "InitialContactId",
    "InitiationMethod",
    "InstanceARN",
    "LambdaInvocation",
    "LanguageCode",
    "Lex",
    "Loop",
    "Media",
    "MediaStreams",
    "Metrics",
    "Modules",
    "Name",
    "PreviousContactId",
    "Queue",
    "References",
    "RelatedContactId",
    "SegmentAttributes",
    "StoredCustomerInput",
    "SystemEndpoint",
    "Tags",
    "TextToSpeechVoiceId",
    "Views",
];

/// A dynamic value: a path into what a flow knows of its contact, such as `$.External.agent`,
/// `$.Attributes['first name']` or `$.External.orders[0].id`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Reference {
    steps: Vec<String>,
    source: String,
}

impl Reference {
    /// Reads the reference that `text` starts with, and says how many bytes of it are the reference; `None` where it
    /// starts with none.
    pub(crate) fn starting(text: &str) -> Option<(Self, usize)> {
        let mut rest = text.strip_prefix('$')?;
        let mut steps = Vec::new();
        while let Some((step, after)) = step(rest) {
            // `$.50` is money, not a path.
            if steps.is_empty() && !step.starts_with(|c: char| c.is_ascii_alphabetic()) {
                return None;
            }
            steps.push(step.to_owned());
            rest = after;
        }
        let length = text.len() - rest.len();
        (!steps.is_empty()).then(|| (Self { steps, source: text[..length].to_owned() }, length))
    }

    /// The path, step by step; the first says where the value comes from.
    pub fn steps(&self) -> &[String] {
        &self.steps
    }

    /// The first step: `Attributes`, `External`, `Queue` …
    pub fn root(&self) -> &str {
        self.steps.first().map_or("", String::as_str)
    }

    /// The second step: for `$.Attributes.name` the attribute's name.
    pub fn key(&self) -> Option<&str> {
        self.steps.get(1).map(String::as_str)
    }

    /// Whether Amazon Connect documents values under its first step.
    pub fn is_known(&self) -> bool {
        ROOTS.contains(&self.root())
    }
}

/// The reference, as the flow spells it.
impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.source)
    }
}

/// One step, and what follows it: `.name`, `['any name']`, `.['any name']` or `[0]`.
fn step(text: &str) -> Option<(&str, &str)> {
    let named = text.strip_prefix('.').unwrap_or(text);
    if let Some(bracket) = named.strip_prefix('[') {
        let quote = bracket.chars().next().filter(|c| matches!(c, '\'' | '"'));
        let (name, after) = match quote {
            Some(quote) => {
                let (name, after) = bracket[1..].split_once(quote)?;
                (name, after.strip_prefix(']')?)
            }
            None => bracket.split_once(']').filter(|(name, _)| name.bytes().all(|b| b.is_ascii_digit()))?,
        };
        return (!name.is_empty()).then_some((name, after));
    }
    let name = text.strip_prefix('.')?;
    let end = name.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '_' | '-')));
    let (name, after) = name.split_at(end.unwrap_or(name.len()));
    (!name.is_empty()).then_some((name, after))
}
