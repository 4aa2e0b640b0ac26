//! Where in a file something is: what every error, finding and trace points at.

use std::borrow::Borrow;
use std::fmt;

/// The `Identifier` of an action, unique in its flow: mostly a UUID, sometimes a friendly name.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ActionId(String);

impl ActionId {
    /// The identifier, as the file spells it.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for ActionId {
    fn from(id: &str) -> Self {
        Self(id.to_owned())
    }
}

impl Borrow<str> for ActionId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ActionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.0))
    }
}

/// A place in the file of a flow.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file, as the caller named it.
    pub file: String,
    /// The action, where it is in one that has an identifier.
    pub action: Option<ActionId>,
    /// The action's type, as the file spells it.
    pub kind: Option<String>,
    /// The path in the file's JSON, such as `Actions[3].Parameters.Text`; empty for the whole file.
    pub path: String,
}

impl Place {
    /// The place of the whole file.
    pub(crate) fn of_file(file: &str) -> Self {
        Self { file: file.to_owned(), ..Self::default() }
    }

    /// A place further in.
    pub(crate) fn at(&self, path: String) -> Self {
        Self { path, ..self.clone() }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&printable(&self.file))?;
        if let Some(kind) = &self.kind {
            write!(f, ": {}", printable(kind))?;
        }
        if let Some(action) = &self.action {
            write!(f, " {action}")?;
        }
        if !self.path.is_empty() {
            write!(f, " (at {})", printable(&self.path))?;
        }
        Ok(())
    }
}

/// A name from a file, fit for one line of a terminal or a log.
pub(crate) fn printable(name: &str) -> String {
    const SHOWN: usize = 120;
    let shown = name.chars().take(SHOWN).map(|c| if c.is_control() { '?' } else { c });
    let cut = name.chars().nth(SHOWN).map(|_| '…');
    shown.chain(cut).collect()
}
