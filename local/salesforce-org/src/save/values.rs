//! The values that a field takes.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::{Number, Value};

use crate::ids;
use crate::reply::Refusal;
use crate::schema::{FieldKind, FieldSchema};
use crate::store::records::date_time;

/// A value of a body as the field's type holds it. This is what Salesforce's JSON parser refuses; what is wrong for
/// other reasons, [`check`] does. Text counts as a number, a checkbox or a date if it reads as one; a number or
/// `true` never counts as text.
pub(super) fn read(field: &FieldSchema, value: &Value) -> Result<Value, Refusal> {
    let read = match (&field.kind, value) {
        (FieldKind::Boolean, Value::Bool(_)) => Some(value.clone()),
        (FieldKind::Boolean, Value::String(text)) => boolean(text),
        (FieldKind::Boolean, _) => None,
        (_, Value::Null) => Some(Value::Null),
        (_, Value::String(text)) if text.is_empty() => Some(Value::Null),
        (FieldKind::Integer, _) => integer(value),
        (kind, _) if kind.is_number() => number(value),
        (FieldKind::Date, Value::String(text)) => date(text),
        (FieldKind::DateTime, Value::String(text)) => moment(text).map(date_time),
        (FieldKind::Date | FieldKind::DateTime, _) => None,
        (_, Value::String(_)) => Some(value.clone()),
        _ => None,
    };
    read.ok_or_else(|| not_deserialized(field, value))
}

/// Refuses a value of the right type that is too long, not in the list, or not what it should be.
pub(super) fn check(field: &FieldSchema, value: &Value) -> Result<(), Refusal> {
    let FieldSchema { name, label, kind, .. } = field;
    if let (FieldKind::Integer, Some(number)) = (kind, value.as_i64())
        && i32::try_from(number).is_err()
    {
        let message = format!("{label}: value outside of valid range on numeric field: {number}");
        return Err(Refusal::record("NUMBER_OUTSIDE_VALID_RANGE", message, &[name]));
    }
    let Some(text) = value.as_str() else { return Ok(()) };
    if kind.length().is_some_and(|length| text.chars().count() > length) {
        let longest = kind.length().unwrap_or_default();
        let message = format!("{label}: data value too large: {text} (max length={longest})");
        return Err(Refusal::record("STRING_TOO_LONG", message, &[name]));
    }
    match kind {
        FieldKind::Email if !is_email(text) => {
            let message = format!("{label}: invalid email address: {text}");
            Err(Refusal::record("INVALID_EMAIL_ADDRESS", message, &[name]))
        }
        FieldKind::Picklist { values, restricted: true } if !has(values, text) => {
            Err(bad_choice(field, text))
        }
        FieldKind::MultiPicklist { values, restricted: true } => {
            match text.split(';').find(|part| !has(values, part)) {
                Some(part) => Err(bad_choice(field, part)),
                None => Ok(()),
            }
        }
        FieldKind::Reference if ids::to_18(text).is_none() => {
            let message = format!("{label}: id value of incorrect type: {text}");
            Err(Refusal::record("MALFORMED_ID", message, &[name]))
        }
        _ => Ok(()),
    }
}

fn has(values: &[String], text: &str) -> bool {
    values.iter().any(|value| value == text)
}

fn bad_choice(field: &FieldSchema, text: &str) -> Refusal {
    let message = format!("{}: bad value for restricted picklist field: {text}", field.label);
    Refusal::record("INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST", message, &[&field.name])
}

fn boolean(text: &str) -> Option<Value> {
    let known = [("true", true), ("false", false)];
    known.into_iter().find(|(word, _)| text.eq_ignore_ascii_case(word)).map(|(_, value)| value.into())
}

fn integer(value: &Value) -> Option<Value> {
    let whole = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(text) => text.trim().parse().ok()?,
        _ => return None,
    };
    Some(whole.into())
}

fn number(value: &Value) -> Option<Value> {
    let number = match value {
        Value::Number(number) => number.clone(),
        Value::String(text) => match text.trim().parse::<i64>() {
            Ok(whole) => whole.into(),
            Err(_) => decimal(text.trim())?,
        },
        _ => return None,
    };
    Some(number.into())
}

/// A number in digits; Rust would take `inf` and `nan` for numbers too.
fn decimal(text: &str) -> Option<Number> {
    let written =
        text.bytes().all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'-' | b'+' | b'e' | b'E'));
    if written { Number::from_f64(text.parse().ok()?) } else { None }
}

/// A day, or the day of a moment.
fn date(text: &str) -> Option<Value> {
    let day = match NaiveDate::parse_from_str(text, "%Y-%m-%d") {
        Ok(day) if text.len() == 10 => day,
        _ => moment(text)?.date_naive(),
    };
    Some(day.format("%Y-%m-%d").to_string().into())
}

/// A moment, or the beginning of a day.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    if text.len() == 10 {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        return Some(day.and_time(NaiveTime::MIN).and_utc());
    }
    let moment = DateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f%#z").ok()?;
    Some(moment.to_utc())
}

fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && !part.contains(|letter: char| letter.is_whitespace() || "@<>(),;:\"[]\\".contains(letter))
    };
    plain(local) && plain(domain) && domain.contains('.')
}

/// The parser's complaint. Where in the body it stopped is not known here, so the place it names is always the first.
fn not_deserialized(field: &FieldSchema, value: &Value) -> Refusal {
    let (token, value) = match value {
        Value::Null => ("VALUE_NULL", "null".to_owned()),
        Value::Bool(true) => ("VALUE_TRUE", "true".to_owned()),
        Value::Bool(false) => ("VALUE_FALSE", "false".to_owned()),
        Value::Number(number) if number.is_f64() => ("VALUE_NUMBER_FLOAT", number.to_string()),
        Value::Number(number) => ("VALUE_NUMBER_INT", number.to_string()),
        Value::String(text) => ("VALUE_STRING", text.clone()),
        Value::Array(_) => ("START_ARRAY", "[".to_owned()),
        Value::Object(_) => ("START_OBJECT", "{".to_owned()),
    };
    let message = format!(
        "Cannot deserialize instance of {} from {token} value {value} or request may be missing a required field at \
         [line:1, column:1]",
        field.kind.api_name()
    );
    Refusal::bad_request("JSON_PARSER_ERROR", message)
}
