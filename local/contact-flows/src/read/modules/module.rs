//! A module of the old export, and its parameters: a list of `{name, key?, value, namespace?, resourceName?}`.

use std::cell::RefCell;
use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::namespace::dynamic;
use crate::read::fields::scalar;

/// A module.
pub(super) struct Module<'v> {
    value: &'v Value,
    pub(super) path: String,
    taken: RefCell<BTreeSet<String>>,
}

impl<'v> Module<'v> {
    pub(super) fn new(value: &'v Value, path: String) -> Self {
        Self { value, path, taken: RefCell::default() }
    }

    fn own(&self, name: &str) -> &'v str {
        self.value.get(name).and_then(Value::as_str).unwrap_or_default()
    }

    pub(super) fn id(&self) -> &'v str {
        self.own("id")
    }

    pub(super) fn kind(&self) -> &'v str {
        self.own("type")
    }

    pub(super) fn target(&self) -> &'v str {
        self.own("target")
    }

    pub(super) fn branches(&self) -> impl Iterator<Item = &'v Value> {
        self.value.get("branches").and_then(Value::as_array).into_iter().flatten()
    }

    /// Why the module cannot be translated.
    pub(super) fn unknown(&self) -> String {
        let target = match self.target() {
            "" => String::new(),
            target => format!(" with the target {}", crate::place::printable(target)),
        };
        format!(
            "a module of this type{target} is not understood here, and none is skipped; save the flow in today's designer"
        )
    }

    /// Its metadata, with the name of what it refers to.
    pub(super) fn metadata(&self) -> Value {
        let mut metadata = self.value.get("metadata").cloned().unwrap_or_default();
        let named = self.parameters().find_map(|parameter| parameter.get("resourceName")?.as_str());
        if let (Some(map), Some(named)) = (metadata.as_object_mut(), named) {
            map.insert("resourceName".to_owned(), named.into());
        }
        metadata
    }

    fn parameters(&self) -> impl Iterator<Item = &'v Value> {
        self.value.get("parameters").and_then(Value::as_array).into_iter().flatten()
    }

    fn named(&self, name: &str) -> impl Iterator<Item = &'v Value> {
        self.take(name);
        self.parameters().filter(move |parameter| parameter.get("name").and_then(Value::as_str) == Some(name))
    }

    /// Notes that this parameter has been looked at.
    pub(super) fn take(&self, name: &str) {
        self.taken.borrow_mut().insert(name.to_owned());
    }

    /// The parameters that nobody has looked at.
    pub(super) fn rest(&self) -> Vec<(String, Value)> {
        let taken = self.taken.borrow();
        let name = |parameter: &'v Value| parameter.get("name")?.as_str();
        let untaken = self.parameters().filter_map(|parameter| Some((name(parameter)?, parameter)));
        untaken
            .filter(|(name, _)| !taken.contains(*name))
            .map(|(name, parameter)| (name.to_owned(), parameter.get("value").cloned().unwrap_or_default()))
            .collect()
    }

    /// The parameter of this name, as text; a path, if it is dynamic.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.named(name).next().and_then(text_of)
    }

    /// All parameters of this name.
    pub(super) fn texts(&self, name: &str) -> Vec<String> {
        self.named(name).filter_map(text_of).collect()
    }

    /// The parameters of these names under their names in the flow language.
    pub(super) fn map(&self, names: &[(&str, &'v str)]) -> Map<String, Value> {
        let found = names.iter().filter_map(|(new, old)| Some(((*new).to_owned(), self.text(old)?.into())));
        found.collect()
    }

    /// All parameters of this name, which have keys, as one map.
    pub(super) fn keyed(&self, name: &'v str, new: &str) -> Map<String, Value> {
        let entry = |parameter: &Value| {
            let key = parameter.get("key")?.as_str()?.to_owned();
            Some((key, text_of(parameter).unwrap_or_default().into()))
        };
        let map: Map<String, Value> = self.named(name).filter_map(entry).collect();
        if map.is_empty() { Map::new() } else { Map::from_iter([(new.to_owned(), map.into())]) }
    }

    /// The parameter that refers to a flow: by its id, or by its name where the export has no id.
    pub(super) fn reference(&self, name: &'v str) -> Value {
        let parameter = self.named(name).next();
        let id = parameter.and_then(text_of).filter(|id| !id.is_empty());
        let named = || parameter?.get("resourceName")?.as_str().map(str::to_owned);
        id.or_else(named).map_or(Value::Null, Value::from)
    }

    /// The queue or the agent that it names.
    pub(super) fn queue(&self) -> Map<String, Value> {
        let named = [("QueueId", "Queue"), ("AgentId", "Agent")];
        let found = named.into_iter().map(|(new, old)| (new.to_owned(), self.reference(old)));
        found.filter(|(_, value)| !value.is_null()).collect()
    }

    /// What it says: `Text` (as SSML, if `TextToSpeechType` says so) or a prompt.
    pub(super) fn message(&self) -> Map<String, Value> {
        let ssml = self.text("TextToSpeechType").as_deref() == Some("ssml");
        let text = if ssml { "SSML" } else { "Text" };
        self.map(&[(text, "Text"), ("PromptId", "AudioPrompt")])
    }

    /// What it says in turn.
    pub(super) fn messages(&self) -> Value {
        self.take("Text");
        self.take("AudioPrompt");
        let message = |parameter: &Value| {
            let text = text_of(parameter)?;
            let ssml = parameter.get("key").and_then(Value::as_str) == Some("ssml");
            match parameter.get("name")?.as_str()? {
                "Text" if ssml => Some(json!({"SSML": text})),
                "Text" => Some(json!({"Text": text})),
                "AudioPrompt" => Some(json!({"PromptId": text})),
                _ => None,
            }
        };
        self.parameters().filter_map(message).collect()
    }
}

fn text_of(parameter: &Value) -> Option<String> {
    let value = scalar(parameter.get("value")?)?;
    let namespace = parameter.get("namespace").and_then(Value::as_str).unwrap_or_default();
    Some(dynamic(namespace, &value))
}
