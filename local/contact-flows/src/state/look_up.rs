//! What a dynamic value is, for a contact.
//!
//! Paths: <https://docs.aws.amazon.com/connect/latest/adminguide/connect-attrib-list.html>. What the contact does not have is
//! nothing: empty in a text, an empty text as a parameter of a function.

use serde_json::{Map, Value, json};

use super::ContactState;
use super::event::{endpoint, queue};
use crate::reference::Reference;
use crate::shape::Shape;
use crate::text::{Piece, Text};

impl ContactState {
    /// What the contact has there; `None` where it has nothing.
    pub fn look_up(&self, reference: &Reference) -> Option<Value> {
        let mut steps = reference.steps();
        // The event's way to say it: `$.ContactData.Queue.ARN`.
        while let [first, rest @ ..] = steps {
            if first != "ContactData" {
                break;
            }
            steps = rest;
        }
        let (root, path) = steps.split_first()?;
        let found = match root.as_str() {
            "Attributes" => text_in(self.attributes.get(path.first()?)),
            "FlowAttributes" => text_in(self.flow_attributes.get(path.first()?)),
            "Tags" => text_in(self.tags.get(path.first()?)),
            "External" => walk(self.external.as_ref()?, path).cloned(),
            "LambdaInvocation" => match path.split_first()? {
                (key, []) if key == "InvocationId" => text_in(self.invocation_id.as_ref()),
                (key, path) if key == "ResultData" => walk(self.external.as_ref()?, path).cloned(),
                _ => None,
            },
            "Metrics" => walk(self.metrics.as_ref()?, path).cloned(),
            "Modules" => in_map(&self.modules, path),
            "References" => in_map(&self.references, path),
            "SegmentAttributes" => in_map(&self.segment_attributes, path),
            "CustomerEndpoint" => walk(&endpoint(self.customer_endpoint.as_ref()?), path).cloned(),
            "SystemEndpoint" => walk(&endpoint(self.system_endpoint.as_ref()?), path).cloned(),
            "Queue" => walk(&queue(self.queue.as_ref()?), path).cloned(),
            "MediaStreams" => walk(&self.media_streams(), path).cloned(),
            "Agent" => {
                let agent = self.agent.as_ref()?;
                walk(
                    &json!({"ARN": agent.arn, "UserName": agent.user_name,
                        "FirstName": agent.first_name, "LastName": agent.last_name}),
                    path,
                )
                .cloned()
            }
            root => match self.system(root) {
                Some(text) if path.is_empty() => Some(text.into()),
                Some(_) => None,
                None => in_map(&self.other, steps),
            },
        };
        found.filter(|value| !value.is_null())
    }

    /// System attributes of one step.
    fn system(&self, name: &str) -> Option<&str> {
        let own = match name {
            "AwsRegion" => Some(&self.region),
            "Channel" => Some(&self.channel),
            "ContactId" => Some(&self.contact_id),
            "CustomerId" => self.customer_id.as_ref(),
            // The number that is called back is the caller's until the flow sets another.
            "CustomerCallbackNumber" => {
                let caller = || self.customer_endpoint.as_ref().map(|endpoint| &endpoint.address);
                self.callback_number.as_ref().or_else(caller)
            }
            "Description" => self.description.as_ref(),
            "InitialContactId" => Some(&self.initial_contact_id),
            "InitiationMethod" => Some(&self.initiation_method),
            "InstanceARN" => Some(&self.instance_arn),
            "LanguageCode" => self.language.as_ref(),
            "Name" => self.name.as_ref(),
            "PreviousContactId" => Some(&self.previous_contact_id),
            "RelatedContactId" => self.related_contact_id.as_ref(),
            "StoredCustomerInput" => self.stored_input.as_ref(),
            "TextToSpeechVoiceId" => self.voice.as_ref(),
            _ => None,
        };
        own.map(String::as_str)
    }

    /// A text with its dynamic values filled in.
    pub fn fill(&self, text: &Text) -> String {
        let pieces = text.pieces().iter().map(|piece| match piece {
            Piece::Literal(literal) => literal.clone(),
            Piece::Dynamic(reference) => self.look_up(reference).map(as_text).unwrap_or_default(),
        });
        pieces.collect()
    }

    /// Anything with its dynamic values filled in. A text that is one dynamic value is what the contact has there, if that is a list
    /// or an object; everything else stays text, as functions are promised.
    pub(crate) fn fill_shape(&self, shape: &Shape) -> Value {
        match shape {
            Shape::Text(text) => {
                let whole = text.reference().and_then(|reference| self.look_up(reference));
                whole
                    .filter(|value| value.is_object() || value.is_array())
                    .unwrap_or_else(|| self.fill(text).into())
            }
            Shape::Plain(value) => value.clone(),
            Shape::List(items) => items.iter().map(|item| self.fill_shape(item)).collect(),
            Shape::Map(entries) => self.fill_map(entries).into(),
        }
    }

    /// A map with its dynamic values filled in.
    pub(crate) fn fill_map(&self, entries: &[(Text, Shape)]) -> Map<String, Value> {
        entries.iter().map(|(name, value)| (self.fill(name), self.fill_shape(value))).collect()
    }

    /// Pairs of texts with their dynamic values filled in.
    pub(crate) fn fill_pairs(&self, pairs: &[(Text, Text)]) -> Vec<(String, String)> {
        pairs.iter().map(|(name, value)| (self.fill(name), self.fill(value))).collect()
    }
}

fn text_in(text: Option<&String>) -> Option<Value> {
    text.map(|text| text.as_str().into())
}

fn in_map(map: &Map<String, Value>, path: &[String]) -> Option<Value> {
    let (first, rest) = path.split_first()?;
    walk(map.get(first)?, rest).cloned()
}

/// What is at the end of a path: keys of objects, numbers of lists.
fn walk<'v>(value: &'v Value, path: &[String]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, step| match value {
        Value::Object(map) => map.get(step),
        Value::Array(items) => items.get(step.parse::<usize>().ok()?),
        _ => None,
    })
}

/// A value in a text: texts as they are, everything else as JSON.
pub(crate) fn as_text(value: Value) -> String {
    match value {
        Value::String(text) => text,
        other => other.to_string(),
    }
}
