use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// User-defined contact attributes, or tags: names and text values.
///
/// Connect sends text only, but other Lambdas that use its envelope do not: numbers and booleans become their text,
/// nested values their JSON, and null values are left out. Absent or null altogether differs from empty
/// ([`Attributes::is_present`]). Values may be personal data: `Debug` prints the names only.
#[derive(Clone, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Attributes(Option<BTreeMap<String, String>>);

impl Attributes {
    /// Attributes whose names start with this are meant for the VoiceCall, under the rest of their name.
    pub const SALESFORCE_PREFIX: &str = "sfdc-";

    /// False when the event has no attributes member, or a null one.
    pub fn is_present(&self) -> bool {
        self.0.is_some()
    }

    /// The opposite of [`Attributes::is_present`].
    pub fn is_absent(&self) -> bool {
        self.0.is_none()
    }

    /// The value of an attribute, which may be empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.as_ref()?.get(name).map(String::as_str)
    }

    /// The value of an attribute unless it is empty: a flow unsets an attribute by setting it to nothing.
    pub fn non_empty(&self, name: &str) -> Option<&str> {
        self.get(name).filter(|value| !value.is_empty())
    }

    /// All attributes, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flatten().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The attributes for the VoiceCall (`sfdc-Reason__c`), without the prefix (`Reason__c`).
    pub fn salesforce_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.iter().filter_map(|(name, value)| {
            let name = name.strip_prefix(Self::SALESFORCE_PREFIX)?;
            (!name.is_empty()).then_some((name, value))
        })
    }

    /// Sets an attribute.
    pub fn insert(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.0.get_or_insert_default().insert(name.into(), value.into());
    }
}

impl<N: Into<String>, V: Into<String>> FromIterator<(N, V)> for Attributes {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(attributes: I) -> Self {
        Self(Some(attributes.into_iter().map(|(name, value)| (name.into(), value.into())).collect()))
    }
}

impl fmt::Debug for Attributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.iter().map(|(name, _)| name)).finish()
    }
}

impl<'de> Deserialize<'de> for Attributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let sent = Option::<BTreeMap<String, Value>>::deserialize(deserializer)?;
        let in_text = |(name, value)| Some((name, text_of(value)?));
        Ok(Self(sent.map(|sent| sent.into_iter().filter_map(in_text).collect())))
    }
}

fn text_of(value: Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text),
        other => Some(other.to_string()),
    }
}

/// What Connect itself notes about a contact, such as `connect:Subtype`. Missing on older instances.
///
/// Each value is an object with one member, `{"ValueString": ".."}`; contact events may spell it `valueString`.
/// Kept as sent. `Debug` prints the names only: the subject of an e-mail is among the values.
#[derive(Clone, Default, PartialEq, Serialize)]
#[serde(transparent)]
pub struct SegmentAttributes(BTreeMap<String, Value>);

impl SegmentAttributes {
    /// The segment attribute that tells phone calls, WebRTC calls, chats and SMS apart.
    pub const SUBTYPE: &str = "connect:Subtype";
    /// The [`SegmentAttributes::SUBTYPE`] of calls from an app or a web page.
    pub const WEB_RTC: &str = "connect:WebRTC";
    /// The [`SegmentAttributes::SUBTYPE`] of phone calls.
    pub const TELEPHONY: &str = "connect:Telephony";

    /// Just the subtype, spelled as flow events and contact records spell it.
    pub fn of_subtype(subtype: &str) -> Self {
        Self(BTreeMap::from([(Self::SUBTYPE.to_owned(), serde_json::json!({ "ValueString": subtype }))]))
    }

    /// The text of a segment attribute, in either spelling.
    pub fn get(&self, name: &str) -> Option<&str> {
        let value = self.0.get(name)?;
        value.get("ValueString").or_else(|| value.get("valueString"))?.as_str()
    }

    /// Whether the subtype says that this is a call from an app or a web page.
    pub fn is_web_rtc(&self) -> bool {
        self.get(Self::SUBTYPE).is_some_and(|subtype| subtype.eq_ignore_ascii_case(Self::WEB_RTC))
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl fmt::Debug for SegmentAttributes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.0.keys()).finish()
    }
}

impl<'de> Deserialize<'de> for SegmentAttributes {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(Option::deserialize(deserializer)?.unwrap_or_default()))
    }
}

#[cfg(test)]
mod tests;
