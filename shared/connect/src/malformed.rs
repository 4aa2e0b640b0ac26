use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// An event that is not what it should be: which field, and what is wrong with it.
///
/// The text never repeats what the field held: it may be a phone number, or what somebody said.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("cannot read the event: at {path}: {problem}")]
pub struct Malformed {
    path: String,
    problem: String,
}

impl Malformed {
    /// Where, such as `Details.ContactData.ContactId` or `Recordings[0].Location`; `.` is the event as a whole.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// What is wrong there, without the value.
    pub fn problem(&self) -> &str {
        &self.problem
    }

    fn new(error: &serde_path_to_error::Error<serde_json::Error>) -> Self {
        // Names inside the event can be of any length.
        const PATH_CHARS: usize = 200;
        let path = error.path().to_string().chars().take(PATH_CHARS).collect();
        Self { path, problem: without_values(&error.inner().to_string()) }
    }
}

/// Reads one event from JSON text. What it is read into may keep texts where they are, in `json`.
pub fn from_slice<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, Malformed> {
    let mut reader = serde_json::Deserializer::from_slice(json);
    let event = serde_path_to_error::deserialize(&mut reader).map_err(|error| Malformed::new(&error))?;
    reader.end().map_err(|error| Malformed { path: ".".to_owned(), problem: error.to_string() })?;
    Ok(event)
}

/// Reads one event from JSON that is parsed already, as a Lambda handler gets it.
pub fn from_value<T: DeserializeOwned>(json: Value) -> Result<T, Malformed> {
    serde_path_to_error::deserialize(json).map_err(|error| Malformed::new(&error))
}

/// Cuts the offending value out of serde's message, which quotes it: `invalid type: string "..", expected a map`.
fn without_values(message: &str) -> String {
    // These quote the name of a field of ours.
    if message.starts_with("missing field") || message.starts_with("duplicate field") {
        return message.to_owned();
    }
    let Some(start) = message.find(['"', '`']) else { return message.to_owned() };
    let rest = message.rfind(", expected ").or_else(|| message.rfind(" at line ")).filter(|&end| end > start);
    let rest = rest.map_or("", |end| &message[end..]);
    format!("{}{rest}", message[..start].trim_end())
}

#[cfg(test)]
mod tests;
