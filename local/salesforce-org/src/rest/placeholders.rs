//! `@{reference.field}`: what an earlier part of a composite request answered.

use std::collections::HashMap;

use serde_json::Value;

use crate::reply::Refusal;

/// The bodies of the parts that succeeded, by reference id.
pub(super) type Answers = HashMap<String, Value>;

/// A URL with its placeholders filled in. A value stays one segment of the path, or one part of a parameter.
pub(super) fn in_url(url: &str, answers: &Answers) -> Result<String, Refusal> {
    filled(url, answers, |value| {
        url::form_urlencoded::byte_serialize(value.as_bytes()).collect::<String>().replace('+', "%20")
    })
}

/// A body with its placeholders filled in. A text that is nothing but a placeholder becomes the value with its type.
pub(super) fn in_body(body: &Value, answers: &Answers) -> Result<Value, Refusal> {
    Ok(match body {
        Value::String(text) => {
            let whole = text.strip_prefix("@{").and_then(|rest| rest.strip_suffix('}'));
            match whole.filter(|path| !path.contains('}')) {
                Some(path) => look_up(path, answers)?.clone(),
                None => filled(text, answers, str::to_owned)?.into(),
            }
        }
        Value::Array(values) => {
            values.iter().map(|value| in_body(value, answers)).collect::<Result<_, _>>()?
        }
        Value::Object(fields) => {
            let filled = fields.iter().map(|(name, value)| Ok((name.clone(), in_body(value, answers)?)));
            Value::Object(filled.collect::<Result<_, Refusal>>()?)
        }
        other => other.clone(),
    })
}

fn filled(text: &str, answers: &Answers, encode: impl Fn(&str) -> String) -> Result<String, Refusal> {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("@{") {
        let Some((path, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        match look_up(path, answers)? {
            Value::String(value) => filled.push_str(&encode(value)),
            other => filled.push_str(&encode(&other.to_string())),
        }
        rest = after;
    }
    filled.push_str(rest);
    Ok(filled)
}

/// The value at e.g. `query.records[0].Id`.
fn look_up<'a>(path: &str, answers: &'a Answers) -> Result<&'a Value, Refusal> {
    let end = path.find(['.', '[']).unwrap_or(path.len());
    let (reference, fields) = path.split_at(end);
    let nothing = || {
        let message = format!("Invalid reference specified. No value for {path} found in {reference}");
        Refusal::bad_request("PROCESSING_HALTED", message)
    };
    let mut value = answers.get(reference).ok_or_else(nothing)?;
    for step in fields.split(['.', '[', ']']).filter(|step| !step.is_empty()) {
        let found = match value {
            Value::Array(values) => step.parse::<usize>().ok().and_then(|place| values.get(place)),
            Value::Object(fields) => fields.get(step),
            _ => None,
        };
        value = found.ok_or_else(nothing)?;
    }
    Ok(value)
}
