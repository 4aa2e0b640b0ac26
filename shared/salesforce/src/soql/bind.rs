//! A text with places in it, and how the values get there: one pass of copying.

use super::{BindError, Fit};
use std::fmt;
use std::ops::Range;

/// One placeholder: where it is, what it is called, and how its value is written.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Slot {
    /// In bytes.
    pub(crate) place: Range<usize>,
    pub(crate) name: String,
    pub(crate) fit: Fit,
}

/// A text and its slots, which are in the order of the text and do not overlap.
#[derive(Clone)]
pub(crate) struct Pieces {
    text: String,
    slots: Vec<Slot>,
}

impl Pieces {
    pub(crate) fn new(text: String, slots: Vec<Slot>) -> Self {
        Self { text, slots }
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.slots.iter().map(|slot| slot.name.as_str())
    }

    pub(crate) fn bind(&self, look_up: &impl Fn(&str) -> Option<String>) -> Result<String, BindError> {
        let mut bound = String::with_capacity(self.text.len());
        let mut copied = 0;
        for Slot { place, name, fit } in &self.slots {
            let value = look_up(name).ok_or_else(|| BindError::Missing { placeholder: name.clone() })?;
            bound.push_str(&self.text[copied..place.start]);
            fit.write(&value, &mut bound)
                .map_err(|expected| BindError::Unfit { placeholder: name.clone(), expected })?;
            copied = place.end;
        }
        bound.push_str(&self.text[copied..]);
        Ok(bound)
    }
}

/// The text may hold a number or a name, so only the placeholders are shown.
impl fmt::Debug for Pieces {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.names()).finish()
    }
}
