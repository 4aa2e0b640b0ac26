//! What a script says of Contact Lens.

use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_json::Value;

/// How a call is analyzed: `true`, or what is otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContactLens {
    /// Whether what is said goes into the stream as it is said.
    pub real_time: bool,
    /// Whether a file is written after the call.
    pub post_call: bool,
    /// Whether a redacted file is written, too.
    pub redacted: bool,
    /// The summary of the call, in the stream after its end.
    pub summary: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "a map")]
struct Settings {
    #[serde(default = "yes")]
    real_time: bool,
    #[serde(default = "yes")]
    post_call: bool,
    #[serde(default)]
    redacted: bool,
    summary: Option<String>,
}

fn yes() -> bool {
    true
}

/// Reads `true`, `false`, or a map of settings.
pub(super) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<ContactLens>, D::Error> {
    let on = Settings { real_time: true, post_call: true, redacted: false, summary: None };
    let settings = match Value::deserialize(deserializer)? {
        Value::Bool(false) => return Ok(None),
        Value::Bool(true) => on,
        other => serde_json::from_value(other)
            .map_err(|error| de::Error::custom(format!("contact_lens is true, or has settings: {error}")))?,
    };
    let Settings { real_time, post_call, redacted, summary } = settings;
    Ok(Some(ContactLens { real_time, post_call, redacted, summary }))
}

/// A category that a rule puts the call into: its name, or with where it matched.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "CategoryForm")]
pub struct Category {
    /// Its name.
    pub name: String,
    /// Where it matched.
    pub points_of_interest: PointsOfInterest,
}

/// Where in a call a category matched.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PointsOfInterest {
    /// In the line that was said last.
    #[default]
    Last,
    /// Nowhere, as rules about sentiment do: the list is empty.
    None,
    /// It is not told: the category is missing among the details.
    Missing,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields, expecting = "a category is a name, or {name, points_of_interest}")]
enum CategoryForm {
    Name(String),
    Detailed {
        name: String,
        #[serde(default)]
        points_of_interest: PointsOfInterest,
    },
}

impl From<CategoryForm> for Category {
    fn from(form: CategoryForm) -> Self {
        match form {
            CategoryForm::Name(name) => Self { name, points_of_interest: PointsOfInterest::default() },
            CategoryForm::Detailed { name, points_of_interest } => Self { name, points_of_interest },
        }
    }
}

/// How something is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Sentiment {
    /// Friendly.
    Positive,
    /// Neither.
    #[default]
    Neutral,
    /// Both.
    Mixed,
    /// Angry, or sad.
    Negative,
    /// Contact Lens does not tell, as in some languages.
    None,
}

impl Sentiment {
    /// The name on the wire; none where it is not told.
    pub(crate) fn name(self) -> Option<&'static str> {
        match self {
            Self::Positive => Some("POSITIVE"),
            Self::Neutral => Some("NEUTRAL"),
            Self::Mixed => Some("MIXED"),
            Self::Negative => Some("NEGATIVE"),
            Self::None => None,
        }
    }

    /// The score, from -5 to 5.
    pub(crate) fn score(self) -> Option<f64> {
        match self {
            Self::Positive => Some(5.0),
            Self::Neutral | Self::Mixed => Some(0.0),
            Self::Negative => Some(-5.0),
            Self::None => None,
        }
    }
}
