//! What goes into the real-time stream, and when: computed from what is heard, and from what goes wrong with it.

use std::time::Duration;

use super::{Analysis, Heard, parts};
use crate::script::fault::{ContactLensFault, Fault};
use crate::script::model::{Action, Step};

/// How long after the words Contact Lens tells them.
const AFTER_WORDS: Duration = Duration::from_millis(200);
/// How long after a turn it tells the whole of it.
const AFTER_TURN: Duration = Duration::from_secs(1);
/// How long after the end of the call it has understood it.
const AFTER_CALL: Duration = Duration::from_secs(2);

/// One record of the stream. Legs, lines, parts and categories are counted from 0.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Entry {
    /// The analysis begins.
    Started,
    /// A part of a line, as it is spoken.
    Utterance { line: usize, part: usize },
    /// A line, when it is over.
    Transcript { line: usize },
    /// A category that matched.
    Category { number: usize },
    /// What the call was about.
    Summary,
    /// The analysis ends.
    Completed,
    /// The analysis ends before its time.
    Failed,
    /// Something that nobody can read.
    Malformed,
}

impl Entry {
    /// Whether it tells of the call, and not of the analysis.
    fn is_segment(&self) -> bool {
        matches!(
            self,
            Self::Utterance { .. } | Self::Transcript { .. } | Self::Category { .. } | Self::Summary
        )
    }
}

/// The records of a call by leg and time, in the order in which they are put.
pub(crate) fn entries(analysis: &Analysis, steps: &[Step]) -> Vec<(Duration, usize, Entry)> {
    let mut all: Vec<_> = analysis.legs.iter().flat_map(|heard| entries_of(analysis, heard)).collect();
    all.sort_by_key(|(at, ..)| *at);
    for step in steps {
        if let Action::Fault(Fault::ContactLens(fault)) = &step.action {
            apply(fault, step.at, &mut all);
        }
    }
    all.sort_by_key(|(at, ..)| *at);
    all
}

fn entries_of(analysis: &Analysis, heard: &Heard) -> Vec<(Duration, usize, Entry)> {
    let audio = &heard.audio;
    let mut all = vec![(audio.from, Entry::Started)];
    for (line, said) in audio.lines.iter().enumerate() {
        let utterances = parts(said).into_iter().enumerate();
        all.extend(utterances.map(|(part, it)| (it.end() + AFTER_WORDS, Entry::Utterance { line, part })));
        all.push((said.end() + AFTER_TURN, Entry::Transcript { line }));
    }
    let categories = heard.categories.iter().enumerate();
    all.extend(categories.map(|(number, matched)| (matched.at, Entry::Category { number })));
    // What was said last may be told a moment after the end.
    if analysis.settings.summary.is_some() {
        all.push((audio.to + AFTER_CALL, Entry::Summary));
    }
    all.push((audio.to + AFTER_CALL, Entry::Completed));
    if let Some(fails) = heard.fails {
        all.retain(|(at, _)| *at < fails);
        all.push((fails, Entry::Failed));
    }
    all.into_iter().map(|(at, entry)| (at, audio.leg, entry)).collect()
}

/// What a fault makes of the records that come after it.
fn apply(fault: &ContactLensFault, from: Duration, all: &mut Vec<(Duration, usize, Entry)>) {
    let leg = all.iter().rev().find(|(at, ..)| *at <= from).map_or(0, |(_, leg, _)| *leg);
    let affected = |(at, _, entry): &(Duration, usize, Entry)| *at >= from && entry.is_segment();
    match *fault {
        ContactLensFault::Late(by) => {
            if let Some(late) = all.iter_mut().find(|it| affected(it)) {
                late.0 += by;
            }
        }
        ContactLensFault::Doubled(records) => {
            let doubled: Vec<_> = all.iter().filter(|it| affected(it)).take(records).cloned().collect();
            // A stable sort puts each behind itself.
            all.extend(doubled);
        }
        ContactLensFault::Malformed(records) => {
            all.extend(std::iter::repeat_n((from, leg, Entry::Malformed), records));
        }
        // The one is known where things are heard, the other needs what was put.
        ContactLensFault::Failed | ContactLensFault::Again => {}
    }
    all.sort_by_key(|(at, ..)| *at);
}
