//! Times as scripts write them: `90s`, `1m30s`, `1.5s`, `250ms`.

use std::{fmt, time::Duration};

use serde::{Deserialize, Deserializer, de};

const UNITS: [(&str, f64); 4] = [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)];

/// Parses a time such as `1m30s`; the error says what a time looks like.
pub(crate) fn parse(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is not a time: write it like 90s, 1m30s, 1.5s or 250ms");
    let mut rest = text.trim();
    if rest.is_empty() {
        return Err(wrong());
    }
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit() && c != '.').ok_or_else(wrong)?;
        let number: f64 = rest[..digits].parse().map_err(|_| wrong())?;
        rest = &rest[digits..];
        let letters = rest.find(|c: char| !c.is_ascii_lowercase()).unwrap_or(rest.len());
        let (_, unit) = UNITS.iter().find(|(name, _)| *name == &rest[..letters]).ok_or_else(wrong)?;
        seconds += number * unit;
        rest = rest[letters..].trim_start();
    }
    // A script is about one call: a day is far beyond it, and keeps the arithmetic in range.
    if seconds > 86_400.0 {
        return Err(format!("`{text}` is longer than a day"));
    }
    Ok(Duration::from_millis((seconds * 1000.0).round() as u64))
}

/// Shows a script time as `m:ss.d`: fixed width for a call of up to an hour and a half.
pub(crate) struct Clock(pub(crate) Duration);

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.as_millis() / 100;
        write!(f, "{:02}:{:02}.{}", tenths / 600, tenths / 10 % 60, tenths % 10)
    }
}

pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
}

pub(crate) fn deserialize_option<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<Duration>, D::Error> {
    deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_every_unit_and_sum() {
        for (text, millis) in
            [("0s", 0), ("250ms", 250), ("1.5s", 1500), ("1m30s", 90_000), ("1h 2m", 3_720_000)]
        {
            assert_eq!(parse(text).unwrap(), Duration::from_millis(millis), "{text}");
        }
    }

    #[test]
    fn a_wrong_time_says_what_a_time_looks_like() {
        for text in ["", "5", "s", "five s", "5 parsecs", "-1s", "1.2.3s", "1e9h", "9999999h", "３s"] {
            let error = parse(text).unwrap_err();
            assert!(error.contains("1m30s") || error.contains("longer than a day"), "{text}: {error}");
        }
    }

    #[test]
    fn the_clock_is_minutes_seconds_and_tenths() {
        assert_eq!(Clock(Duration::from_millis(83_450)).to_string(), "01:23.4");
    }
}
