//! Which JSON type a parameter has as the value of a field. Pure.
//!
//! A flow passes text only, and Salesforce's fields have types. The rule is in the README ("Values").

use salesforce::rest::FieldKind;
use serde_json::{Number, Value};

/// More digits may not survive as a JSON number.
const MOST_DIGITS: usize = 15;

/// What a text could be besides text.
#[derive(Debug, PartialEq)]
enum Reading {
    /// Nothing: clears the field.
    Null,
    Boolean(bool),
    Number(Number),
    Text,
}

impl Reading {
    fn of(text: &str) -> Self {
        match text {
            "" | "null" => Reading::Null,
            "true" => Reading::Boolean(true),
            "false" => Reading::Boolean(false),
            _ => plain_number(text).map_or(Reading::Text, Reading::Number),
        }
    }
}

/// Whether the type of the field decides what this value becomes.
pub(crate) fn depends_on_field(value: &Value) -> bool {
    let reading = value.as_str().map(Reading::of);
    matches!(reading, Some(Reading::Boolean(_) | Reading::Number(_)))
}

/// The value as it goes to Salesforce, for a field of this kind; `None` where the kind is not known.
pub(crate) fn typed(value: Value, kind: Option<FieldKind>) -> Value {
    let Value::String(text) = value else {
        return value;
    };
    match (Reading::of(&text), kind) {
        (Reading::Null, _) => Value::Null,
        (Reading::Boolean(truth), Some(FieldKind::Boolean)) => Value::Bool(truth),
        (Reading::Number(number), Some(FieldKind::Number)) => Value::Number(number),
        _ => Value::String(text),
    }
}

/// `42`, `-7`, `0.5`: no exponent, no sign but minus, no leading zero, as a person writes a number and a phone number
/// is not written.
fn plain_number(text: &str) -> Option<Number> {
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let digits = unsigned.bytes().filter(u8::is_ascii_digit).count();
    let plain = unsigned.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    // JSON's own grammar does the rest.
    (plain && digits <= MOST_DIGITS).then(|| serde_json::from_str(text).ok())?
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_kind_of_the_field_decides_what_a_text_becomes() {
        let (boolean, number, text) =
            (Some(FieldKind::Boolean), Some(FieldKind::Number), Some(FieldKind::Text));
        for (value, kind, expected) in [
            ("true", boolean, json!(true)),
            ("false", boolean, json!(false)),
            ("true", text, json!("true")),
            ("true", number, json!("true")),
            ("true", None, json!("true")),
            ("True", boolean, json!("True")),
            ("1", boolean, json!("1")),
            ("42", number, json!(42)),
            ("-0.5", number, json!(-0.5)),
            ("42", text, json!("42")),
            ("42", Some(FieldKind::Other), json!("42")),
            ("42", None, json!("42")),
            ("042", number, json!("042")),
            ("+42", number, json!("+42")),
            ("4e2", number, json!("4e2")),
            (".5", number, json!(".5")),
            ("5.", number, json!("5.")),
            ("--5", number, json!("--5")),
            (" 5", number, json!(" 5")),
            ("1.2.3", number, json!("1.2.3")),
            ("1234567890123456", number, json!("1234567890123456")),
            ("null", text, json!(null)),
            ("", boolean, json!(null)),
            ("NULL", text, json!("NULL")),
        ] {
            assert_eq!(typed(json!(value), kind), expected, "{value} for {kind:?}");
        }
    }

    #[test]
    fn what_is_not_text_stays_as_it_is() {
        for value in [json!(true), json!(42), json!(null), json!(1.5)] {
            assert_eq!(typed(value.clone(), Some(FieldKind::Text)), value);
            assert!(!depends_on_field(&value));
        }
    }

    #[test]
    fn salesforce_is_asked_about_its_fields_only_where_it_matters() {
        for (text, matters) in
            [("true", true), ("7", true), ("null", false), ("", false), ("+12065550100", false)]
        {
            assert_eq!(depends_on_field(&json!(text)), matters, "{text}");
        }
    }
}
