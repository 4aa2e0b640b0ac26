//! Reading what Amazon Connect really sends where a field has no value: null, nothing, or an empty string.

use serde::de::{Deserialize, Deserializer, IntoDeserializer};

/// Null becomes the default; for fields that are also `#[serde(default)]`.
pub(crate) fn null_as_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// Null and the empty string become `None`. Flows pass on unset values as empty strings.
pub(crate) fn blank_as_none<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    match Option::<String>::deserialize(deserializer)? {
        Some(text) if !text.trim().is_empty() => T::deserialize(text.into_deserializer()).map(Some),
        _ => Ok(None),
    }
}

/// Timestamps written in whole seconds, as contact records have them: `2026-03-02T17:04:05Z`.
pub(crate) mod seconds {
    pub(crate) use super::timestamp::deserialize;
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::Serializer;

    pub(crate) fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
        super::timestamp::serialize(at, SecondsFormat::Secs, to)
    }
}

/// Timestamps written with milliseconds, as contact events have them: `2026-03-02T17:04:05.000Z`.
pub(crate) mod millis {
    pub(crate) use super::timestamp::deserialize;
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::Serializer;

    pub(crate) fn serialize<S: Serializer>(at: &Option<DateTime<Utc>>, to: S) -> Result<S::Ok, S::Error> {
        super::timestamp::serialize(at, SecondsFormat::Millis, to)
    }
}

mod timestamp {
    use chrono::{DateTime, SecondsFormat, Utc};
    use serde::de::{Deserializer, Error};
    use serde::{Deserialize, Serializer};

    /// Reads RFC 3339 with any offset and any number of decimals.
    ///
    /// Connect writes `1970-01-01T00:00:00.001Z` into contact events for what has not happened: that is `None`.
    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        let Some(text) = Option::<String>::deserialize(from)?.filter(|text| !text.trim().is_empty()) else {
            return Ok(None);
        };
        let at = DateTime::parse_from_rfc3339(text.trim())
            .map_err(|_| D::Error::custom("not a date and time in RFC 3339 form (2026-03-02T17:04:05Z)"))?
            .to_utc();
        Ok((at.timestamp() != 0).then_some(at))
    }

    pub(super) fn serialize<S: Serializer>(
        at: &Option<DateTime<Utc>>,
        format: SecondsFormat,
        to: S,
    ) -> Result<S::Ok, S::Error> {
        match at {
            Some(at) => to.serialize_str(&at.to_rfc3339_opts(format, true)),
            None => to.serialize_none(),
        }
    }
}
