//! `FORMAT()`: values as the locale `en_US` writes them, in UTC and US dollars.

use chrono::{DateTime, NaiveDate};
use serde_json::Value;

use crate::schema::FieldKind;

pub(super) fn value(kind: Option<&FieldKind>, value: &Value) -> Value {
    let formatted = match kind {
        Some(FieldKind::Currency) => value.as_f64().map(|number| match number {
            ..0.0 => format!("-${}", grouped(-number, Some(2))),
            number => format!("${}", grouped(number, Some(2))),
        }),
        Some(FieldKind::Percent) => value.as_f64().map(|number| format!("{}%", grouped(number, None))),
        Some(FieldKind::Integer | FieldKind::Double) => value.as_f64().map(|number| grouped(number, None)),
        Some(FieldKind::Date) => value.as_str().and_then(|date| {
            let date = NaiveDate::parse_from_str(date, "%Y-%m-%d").ok()?;
            Some(date.format("%-m/%-d/%Y").to_string())
        }),
        Some(FieldKind::DateTime) => value.as_str().and_then(|time| {
            let time = DateTime::parse_from_str(time, "%Y-%m-%dT%H:%M:%S%.f%z").ok()?;
            Some(time.to_utc().format("%-m/%-d/%Y, %-I:%M %p").to_string())
        }),
        _ => None,
    };
    formatted.map_or_else(|| value.clone(), Value::String)
}

/// With a comma between thousands.
fn grouped(number: f64, decimals: Option<usize>) -> String {
    let text = match decimals {
        Some(decimals) => format!("{number:.decimals$}"),
        None => number.to_string(),
    };
    let whole = text.find('.').unwrap_or(text.len());
    let mut grouped = String::new();
    for (place, char) in text.char_indices() {
        let left = whole.saturating_sub(place);
        if left > 0 && left % 3 == 0 && grouped.ends_with(|char: char| char.is_ascii_digit()) {
            grouped.push(',');
        }
        grouped.push(char);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_in_the_united_states() {
        for (kind, stored, shown) in [
            (FieldKind::Currency, Value::from(-1234567.5), "-$1,234,567.50"),
            (FieldKind::Currency, Value::from(12), "$12.00"),
            (FieldKind::Double, Value::from(-123456.75), "-123,456.75"),
            (FieldKind::Integer, Value::from(1000), "1,000"),
            (FieldKind::Percent, Value::from(12.5), "12.5%"),
            (FieldKind::Date, Value::from("2026-03-01"), "3/1/2026"),
            (FieldKind::DateTime, Value::from("2026-03-01T15:04:00.000+0000"), "3/1/2026, 3:04 PM"),
            (FieldKind::Phone, Value::from("+12065550100"), "+12065550100"),
        ] {
            assert_eq!(value(Some(&kind), &stored), shown);
        }
        assert_eq!(value(Some(&FieldKind::Double), &Value::Null), Value::Null);
    }
}
