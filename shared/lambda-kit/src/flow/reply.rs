//! What a flow gets: a flat map of strings, which is all that a flow block with STRING_MAP takes.

use serde_json::{Map, Value};

use super::FlowError;

/// A value of a reply, with its name.
pub type Entry = (String, String);

/// A block takes 32 KB of JSON, and what is longer is an error for the flow. This is below, whichever KB is meant.
/// <https://docs.aws.amazon.com/connect/latest/adminguide/connect-lambda-functions.html>
const MAX_BYTES: usize = 32_000;

/// Kept free for `success`, `count`, `totalSize` and `truncated`, which come last and must fit.
const RESERVED_BYTES: usize = 200;

/// A reply: names that flows read (`$.External.recordId`), each with a text that is not empty. Never longer than a flow
/// takes.
#[derive(Default)]
pub struct Reply {
    values: Map<String, Value>,
    /// Of all values as JSON; at least what they really take.
    bytes: usize,
}

impl Reply {
    /// It is done, as flows have always been told.
    pub fn done() -> Self {
        Reply::default().with("success", Some("true"))
    }

    /// Short values, that always fit: ids, counts, words.
    pub fn with(mut self, name: &str, value: Option<impl Into<String>>) -> Self {
        if let Some(value) = value.map(Into::into).filter(|value: &String| !value.is_empty()) {
            self.insert((name.to_owned(), value));
        }
        self
    }

    /// Values of any length. Those that do not fit are left out whole, which `truncated` says.
    pub fn with_entries(mut self, entries: Vec<Entry>) -> Self {
        let mut whole = true;
        for entry in entries {
            whole &= self.add_all(vec![entry]);
        }
        if whole { self } else { self.truncated() }
    }

    /// Adds all of these values, or none if they do not fit, which is false.
    pub fn add_all(&mut self, entries: Vec<Entry>) -> bool {
        let bytes: usize = entries.iter().map(bytes_of).sum();
        let fits = self.bytes + bytes <= MAX_BYTES - RESERVED_BYTES;
        if fits {
            entries.into_iter().for_each(|entry| self.insert(entry));
        }
        fits
    }

    /// Something is not here that was asked for.
    pub fn truncated(self) -> Self {
        self.with("truncated", Some("true"))
    }

    fn insert(&mut self, entry: Entry) {
        self.bytes += bytes_of(&entry);
        self.values.insert(entry.0, Value::String(entry.1));
    }

    /// An error that a flow can branch on (`onError=reply`).
    pub fn failure(error: &impl FlowError) -> Self {
        Reply::default()
            .with("success", Some("false"))
            .with("errorCode", Some(error.code().unwrap_or(error.kind())))
            .with("errorMessage", Some(error.to_string()))
            .with("statusCode", error.status().map(|status| status.to_string()))
    }

    /// As JSON.
    pub fn into_value(self) -> Value {
        Value::Object(self.values)
    }
}

/// `"name":"value",` with what JSON escapes.
fn bytes_of((name, value): &Entry) -> usize {
    const COLON_AND_COMMA: usize = 2;
    json_bytes(name) + json_bytes(value) + COLON_AND_COMMA
}

fn json_bytes(text: &str) -> usize {
    const QUOTES: usize = 2;
    let escaped = |byte: u8| match byte {
        b'"' | b'\\' | b'\n' | b'\r' | b'\t' | 0x08 | 0x0c => 2,
        0..0x20 => 6,
        _ => 1,
    };
    text.bytes().map(escaped).sum::<usize>() + QUOTES
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn entry(name: &str, length: usize) -> Entry {
        (name.to_owned(), "x".repeat(length))
    }

    #[test]
    fn empty_values_are_left_out() {
        let reply =
            Reply::default().with("recordId", Some("500")).with("errors", Some("")).with("x", None::<String>);
        assert_eq!(reply.into_value(), json!({ "recordId": "500" }));
    }

    #[test]
    fn a_value_that_does_not_fit_is_left_out_whole_and_the_reply_says_so() {
        let entries = vec![entry("a", 20_000), entry("b", 20_000), entry("c", 5)];
        let reply = Reply::default().with_entries(entries).into_value();
        assert_eq!(reply["truncated"], "true");
        assert_eq!(
            (reply["a"].as_str().unwrap().len(), reply.get("b"), &reply["c"]),
            (20_000, None, &json!("xxxxx"))
        );
    }

    #[test]
    fn several_values_are_added_together_or_not_at_all() {
        let mut reply = Reply::default();
        assert!(reply.add_all(vec![entry("records.0.a", 15_000)]));
        assert!(!reply.add_all(vec![entry("records.1.a", 5), entry("records.1.b", 20_000)]));
        assert!(reply.into_value().get("records.1.a").is_none());
    }

    #[test]
    fn no_reply_is_longer_than_a_flow_takes_whatever_json_makes_of_it() {
        for filler in ["x", "\"", "\u{1}", "\n", "é", "日", "\u{7f}", "\u{2028}"] {
            let mut reply = Reply::default();
            while reply.add_all(vec![(format!("k{}", reply.bytes), filler.repeat(100))]) {}
            let reply = reply.truncated().with("count", Some("2000")).with("totalSize", Some("1000000"));
            let reply = reply.with("success", Some("true"));
            let (bytes, length) = (reply.bytes, reply.into_value().to_string().len());
            assert!((30_000..MAX_BYTES).contains(&length), "{filler:?}: {length}");
            assert_eq!(length, bytes + 1, "two braces, no last comma");
        }
    }
}
