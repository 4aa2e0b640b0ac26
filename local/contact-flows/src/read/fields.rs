//! Reading the fields of an object: what is missing or misplaced is noted, and reading goes on.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};

use crate::action::Count;
use crate::error::Problem;
use crate::place::Place;
use crate::shape::Shape;
use crate::text::Text;

/// What was noted while one action is read.
pub(super) struct Notes {
    place: Place,
    problems: RefCell<Vec<Problem>>,
    read: RefCell<BTreeSet<String>>,
}

impl Notes {
    pub(super) fn new(place: Place) -> Self {
        Self { place, problems: RefCell::default(), read: RefCell::default() }
    }

    /// Notes a problem at a path below the action.
    pub(super) fn problem(&self, path: &str, what: impl Into<String>) {
        let path =
            if path.is_empty() { self.place.path.clone() } else { format!("{}.{path}", self.place.path) };
        self.problems.borrow_mut().push(Problem { place: self.place.at(path), what: what.into() });
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// The paths below `Parameters` that nobody has read.
    pub(super) fn unread(&self, parameters: &Value) -> Vec<String> {
        let mut unread = Vec::new();
        self.unread_below(parameters, "Parameters", &mut unread);
        unread
    }

    fn unread_below(&self, value: &Value, path: &str, unread: &mut Vec<String>) {
        let Value::Object(map) = value else { return };
        for (name, value) in map {
            let path = format!("{path}.{name}");
            let read = self.read.borrow();
            let opened = format!("{path}.");
            if read.range(opened.clone()..).next().is_some_and(|next| next.starts_with(&opened)) {
                drop(read);
                self.unread_below(value, &path, unread);
            } else if !read.contains(&path) {
                unread.push(path.trim_start_matches("Parameters.").to_owned());
            }
        }
    }
}

/// The fields of an object; of none, if there is no object.
#[derive(Clone)]
pub(super) struct Fields<'v, 'n> {
    map: Option<&'v Map<String, Value>>,
    path: String,
    notes: &'n Notes,
}

impl<'v, 'n> Fields<'v, 'n> {
    pub(super) fn new(value: Option<&'v Value>, path: &str, notes: &'n Notes) -> Self {
        let path = path.to_owned();
        let map = match value {
            None | Some(Value::Null) => None,
            Some(Value::Object(map)) => Some(map),
            Some(_) => {
                notes.problem(&path, "expected an object");
                None
            }
        };
        Self { map, path, notes }
    }

    /// The path of a field.
    pub(super) fn path(&self, name: &str) -> String {
        format!("{}.{name}", self.path)
    }

    pub(super) fn problem(&self, name: &str, what: impl Into<String>) {
        self.notes.problem(&self.path(name), what);
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.map.is_some_and(|map| map.contains_key(name))
    }

    /// The field as it is; absent and null are the same.
    pub(super) fn value(&self, name: &str) -> Option<&'v Value> {
        let value = self.map?.get(name)?;
        self.notes.read.borrow_mut().insert(self.path(name));
        (!value.is_null()).then_some(value)
    }

    /// The object in a field.
    pub(super) fn fields(&self, name: &str) -> Self {
        Self::new(self.value(name), &self.path(name), self.notes)
    }

    /// The list in a field, as objects.
    pub(super) fn objects(&self, name: &str) -> Vec<Self> {
        let items = self.list(name).into_iter();
        items.map(|(item, path)| Self::new(Some(item), &path, self.notes)).collect()
    }

    /// The list in a field, each item with its path.
    pub(super) fn list(&self, name: &str) -> Vec<(&'v Value, String)> {
        match self.value(name) {
            None => Vec::new(),
            Some(Value::Array(items)) => {
                let path = self.path(name);
                items.iter().enumerate().map(|(number, item)| (item, format!("{path}[{number}]"))).collect()
            }
            Some(_) => {
                self.problem(name, "expected a list");
                Vec::new()
            }
        }
    }

    /// A fixed text. Numbers and truth values are texts, too; an empty text is none.
    pub(super) fn fixed(&self, name: &str) -> Option<String> {
        let value = self.value(name)?;
        let text = scalar(value);
        if text.is_none() {
            self.problem(name, "expected a text");
        }
        text.filter(|text| !text.is_empty())
    }

    /// A text that may be dynamic.
    pub(super) fn text(&self, name: &str) -> Option<Text> {
        self.fixed(name).map(|text| Text::new(&text))
    }

    /// A text that must be there.
    pub(super) fn required(&self, name: &str) -> Text {
        let missing = !self.has(name) || self.map.and_then(|map| map.get(name)) == Some(&Value::from(""));
        if missing {
            self.problem(name, "is missing; the action cannot do without it");
        }
        self.text(name).unwrap_or_default()
    }

    /// A whole number that may be dynamic.
    pub(super) fn count(&self, name: &str, range: RangeInclusive<u64>) -> Option<Count> {
        let text = self.fixed(name)?;
        match text.parse() {
            Ok(number) if range.contains(&number) => Some(Count::Fixed(number)),
            _ => {
                let text = Text::new(&text);
                if text.reference().is_none() {
                    let (least, most) = range.into_inner();
                    self.problem(name, format!("expected a whole number from {least} to {most}"));
                }
                Some(Count::Dynamic(text))
            }
        }
    }

    /// A whole number that must be there.
    pub(super) fn required_count(&self, name: &str, range: RangeInclusive<u64>) -> Count {
        let _: Text = self.required(name);
        self.count(name, range).unwrap_or(Count::Fixed(0))
    }

    /// `True` or `False`, in any spelling that exports have.
    pub(super) fn flag(&self, name: &str) -> Option<bool> {
        self.choice(name, "True or False", |word| match word.to_ascii_lowercase().as_str() {
            "true" | "enabled" | "enable" => Some(true),
            "false" | "disabled" | "disable" => Some(false),
            _ => None,
        })
    }

    /// One of a closed set of words.
    pub(super) fn choice<T>(
        &self,
        name: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let word = self.fixed(name)?;
        let read = read(&word);
        if read.is_none() {
            self.problem(name, format!("expected {expected}"));
        }
        read
    }

    /// A list of words of a closed set.
    pub(super) fn choices<T>(&self, name: &str, expected: &str, read: impl Fn(&str) -> Option<T>) -> Vec<T> {
        let items = self.list(name).into_iter();
        items
            .filter_map(|(item, path)| {
                let read = item.as_str().and_then(&read);
                if read.is_none() {
                    self.notes.problem(&path, format!("expected {expected}"));
                }
                read
            })
            .collect()
    }

    /// A map of texts; names and values may be dynamic.
    pub(super) fn pairs(&self, name: &str) -> Vec<(Text, Text)> {
        let map = self.fields(name);
        let names = map.map.into_iter().flat_map(Map::keys);
        names
            .map(|name| {
                let value = map.fixed(name).unwrap_or_default();
                (Text::new(name), Text::new(&value))
            })
            .collect()
    }

    /// A map of anything; texts in it may be dynamic.
    pub(super) fn shapes(&self, name: &str) -> Vec<(Text, Shape)> {
        let map = self.fields(name);
        let names = map.map.into_iter().flat_map(Map::keys);
        names.filter_map(|name| Some((Text::new(name), map.shape(name)?))).collect()
    }

    /// Anything; texts in it may be dynamic.
    pub(super) fn shape(&self, name: &str) -> Option<Shape> {
        let value = self.value(name)?;
        let shape = Shape::read(value);
        if shape.is_none() {
            self.problem(name, format!("is nested more than {} deep", crate::shape::DEEPEST));
        }
        shape
    }

    /// The names of the fields.
    pub(super) fn names(&self) -> impl Iterator<Item = &'v str> {
        self.map.into_iter().flat_map(|map| map.keys().map(String::as_str))
    }
}

/// A text, number or truth value, as text.
pub(super) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
