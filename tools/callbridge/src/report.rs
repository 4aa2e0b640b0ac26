//! What the operator reads. Never a record, never an event.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use chrono::{DateTime, Utc};

use crate::function::bare;
use crate::letter::{Letter, Work};

/// So many ids and so many sentences are shown of a group.
const EXAMPLES: usize = 3;

/// The longest text of somebody else that is shown, in characters.
const LONGEST: usize = 300;

/// The letters in groups by reason and function, the largest first.
pub(crate) fn summary(letters: &[Letter]) -> String {
    let mut groups: BTreeMap<(&str, &str, String), Vec<&Letter>> = BTreeMap::new();
    for letter in letters {
        let way = match &letter.work {
            Work::Nothing(why) => format!("cannot be sent: {why}"),
            work => work.describe().to_owned(),
        };
        groups.entry((&letter.reason.code, function_of(letter), way)).or_default().push(letter);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, letters)| std::cmp::Reverse(letters.len()));
    let mut text = String::new();
    for ((code, function, way), letters) in groups {
        let _ = writeln!(text, "{:>6}  {}  {}", letters.len(), printable(code), printable(function));
        let messages: BTreeSet<&str> = letters.iter().map(|letter| letter.reason.message.as_str()).collect();
        for message in messages.iter().take(EXAMPLES) {
            let _ = writeln!(text, "        {}", printable(message));
        }
        if messages.len() > EXAMPLES {
            let _ = writeln!(text, "        and {} other reasons", messages.len() - EXAMPLES);
        }
        let _ = writeln!(text, "        {}", printable(&way));
        let _ = writeln!(text, "        {}{}", period(&letters), examples(&letters));
    }
    text
}

/// The letters that stay, in groups by why, the largest first.
pub(crate) fn left(left: &[(&Letter, String)]) -> String {
    let mut groups: BTreeMap<(&str, &str), Vec<&Letter>> = BTreeMap::new();
    for (letter, why) in left {
        groups.entry((why, function_of(letter))).or_default().push(letter);
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    groups.sort_by_key(|(_, letters)| std::cmp::Reverse(letters.len()));
    let mut text = String::new();
    for ((why, function), letters) in groups {
        let _ = writeln!(text, "{:>6}  {}", letters.len(), printable(function));
        let _ = writeln!(text, "        {}", printable(why));
        let _ = writeln!(text, "        {}", examples(&letters));
    }
    text
}

fn function_of(letter: &Letter) -> &str {
    letter.function.as_deref().map_or("(function unknown)", bare)
}

/// `2026-11-22 10:00:00 to 2026-11-23 03:12:44 UTC; `
fn period(letters: &[&Letter]) -> String {
    let time = |time: DateTime<Utc>| time.format("%F %T").to_string();
    let sent = || letters.iter().filter_map(|letter| letter.sent());
    match (sent().min(), sent().max()) {
        (Some(first), Some(last)) if first == last => format!("{} UTC; ", time(first)),
        (Some(first), Some(last)) => format!("{} to {} UTC; ", time(first), time(last)),
        _ => String::new(),
    }
}

fn examples(letters: &[&Letter]) -> String {
    let ids = letters.iter().take(EXAMPLES).map(|letter| printable(&letter.id));
    let more = if letters.len() > EXAMPLES { ", …" } else { "" };
    format!("id {}{more}", ids.collect::<Vec<_>>().join(", "))
}

/// A text of somebody else as a line of ours: no line breaks, nothing that moves a cursor, not too long.
pub(crate) fn printable(text: &str) -> String {
    let line: String = text.chars().take(LONGEST).map(|c| if c.is_control() { ' ' } else { c }).collect();
    if text.chars().nth(LONGEST).is_some() { line + "…" } else { line }
}
