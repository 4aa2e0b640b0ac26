use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Text that is not the id it should be. Says what is wrong with it, never what it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// Not a [`ContactId`].
    #[error("not a contact id: expected 1 to 256 letters, digits, hyphens or underscores")]
    Contact,
    /// Not an [`InstanceArn`].
    #[error("not the ARN of a Connect instance: expected arn:aws:connect:REGION:ACCOUNT:instance/ID")]
    Instance,
    /// Not a [`StreamArn`].
    #[error(
        "not the ARN of a video stream: expected arn:aws:kinesisvideo:REGION:ACCOUNT:stream/NAME/CREATION_TIME"
    )]
    Stream,
}

/// The id of a contact; Salesforce calls it the vendor call key.
///
/// 1 to 256 of `A-Z a-z 0-9 - _`. Connect itself sends UUIDs. The check is also what keeps an id from outside
/// from changing the path of a request to Salesforce.
/// <https://docs.aws.amazon.com/connect/latest/APIReference/API_Contact.html>
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ContactId(String);

impl ContactId {
    const MAX_CHARS: usize = 256;

    /// Checks the text. The error does not repeat it.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        if (1..=Self::MAX_CHARS).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidId::Contact)
        }
    }

    /// The id as Connect sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The ARN of a Connect instance, `arn:aws:connect:us-west-2:123456789012:instance/{id}`.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct InstanceArn {
    arn: String,
    id_starts: usize,
}

impl InstanceArn {
    /// Accepts any partition, and any region or account: AWS's own samples have ARNs with misplaced colons, and
    /// only the id is ever used.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        const BEFORE_ID: &str = ":instance/";
        let id_starts = text.find(BEFORE_ID).ok_or(InvalidId::Instance)? + BEFORE_ID.len();
        let id = &text[id_starts..];
        let id_is_plain =
            !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
        if text.starts_with("arn:") && id_is_plain {
            Ok(Self { arn: text.to_owned(), id_starts })
        } else {
            Err(InvalidId::Instance)
        }
    }

    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.arn
    }

    /// The last part: the instance id that Connect's API calls take.
    pub fn instance_id(&self) -> &str {
        &self.arn[self.id_starts..]
    }
}

/// The ARN of a video stream, `arn:aws:kinesisvideo:us-west-2:123456789012:stream/{name}/{digits}`.
///
/// <https://docs.aws.amazon.com/kinesisvideostreams/latest/dg/API_GetDataEndpoint.html>
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct StreamArn(String);

impl StreamArn {
    /// Checks the text. The error does not repeat it.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_.-".contains(&byte);
        let is_stream = |resource: &str| {
            let parts = resource.strip_prefix("stream/").and_then(|rest| rest.split_once('/'));
            parts.is_some_and(|(name, created)| {
                (1..=256).contains(&name.len())
                    && name.bytes().all(is_name)
                    && !created.is_empty()
                    && created.bytes().all(|byte| byte.is_ascii_digit())
            })
        };
        let parts: Vec<&str> = text.splitn(6, ':').collect();
        match parts[..] {
            ["arn", _partition, "kinesisvideo", _region, _account, resource] if is_stream(resource) => {
                Ok(Self(text.to_owned()))
            }
            _ => Err(InvalidId::Stream),
        }
    }

    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The address of an endpoint: an E.164 phone number, `anonymous`, an e-mail or a SIP address.
///
/// Personal data: there is no `Display`, and `Debug` shows at most the last two digits of a number.
/// [`PhoneNumber::as_str`] is for what is sent to Salesforce.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PhoneNumber(String);

impl PhoneNumber {
    /// The address as Connect sent it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl<T: Into<String>> From<T> for PhoneNumber {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl fmt::Debug for PhoneNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Shorter than this, the last two digits would be a good part of the number.
        const SHORTEST_PARTLY_SHOWN: usize = 7;
        let dialable = |byte: u8| byte.is_ascii_digit() || b"+ -().".contains(&byte);
        let shown = match self.0.len().checked_sub(2) {
            Some(start) if self.0.len() >= SHORTEST_PARTLY_SHOWN && self.0.bytes().all(dialable) => {
                &self.0[start..]
            }
            _ => "",
        };
        write!(f, "PhoneNumber(***{shown})")
    }
}

/// The traits that all checked ids have; `Deserialize` goes through `parse`.
macro_rules! checked_text {
    ($($name:ident),+) => {$(
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_tuple(stringify!($name)).field(&self.as_str()).finish()
            }
        }

        impl std::str::FromStr for $name {
            type Err = InvalidId;

            fn from_str(text: &str) -> Result<Self, InvalidId> {
                Self::parse(text)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
            }
        }
    )+};
}

checked_text!(ContactId, InstanceArn, StreamArn);

#[cfg(test)]
mod tests;
