//! A block that a contact flow passed, told: what happened, what the caller heard, and which way it went.

use contact_flows::{Branch, Passage, Said};

use super::Story;
use crate::script::title;

impl Story {
    pub(super) fn passage(&self, passage: &Passage) -> String {
        let place = &passage.place;
        let id = place.action.as_ref().map_or("", |action| action.as_str());
        let block = title(id, place.kind.as_deref().unwrap_or_default());
        let shown: String = passage.shown.iter().map(|said| format!(" “{}”", in_words(said))).collect();
        let error = match &passage.branch {
            Some(Branch::Error(error)) => format!(" → {error}"),
            _ => String::new(),
        };
        let text = format!("{block}: {}{shown}{error}", passage.said);
        let told = self
            .wrapped(&text, |line| if error.is_empty() { line.to_owned() } else { self.style.notable(line) });
        match &passage.returned {
            Some(returned) => {
                format!("{told}\n{:indent$}{}", "", self.passage(returned), indent = super::INDENT)
            }
            None => told,
        }
    }
}

fn in_words(said: &Said) -> String {
    match said {
        Said::Text(text) | Said::Ssml(text) => text.split_whitespace().collect::<Vec<_>>().join(" "),
        Said::Prompt(prompt) | Said::Media(prompt) => {
            prompt.rsplit('/').next().unwrap_or_default().to_owned()
        }
    }
}
