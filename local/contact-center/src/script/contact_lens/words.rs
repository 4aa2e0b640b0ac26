//! Lines, cut and blackened.

use crate::script::speech::Spoken;

/// How many words Contact Lens hears before it tells them, at most.
const WORDS_OF_A_PART: usize = 5;

/// The parts in which a line is told while it is spoken, each with the time that its words take.
pub(crate) fn parts(line: &Spoken) -> Vec<Spoken> {
    let words: Vec<&str> = line.text.split_whitespace().collect();
    let time_of = |words_before: usize| line.length * words_before as u32 / words.len().max(1) as u32;
    let chunks = words.chunks(WORDS_OF_A_PART).enumerate().map(|(number, chunk)| {
        let before = number * WORDS_OF_A_PART;
        let (from, to) = (time_of(before), time_of(before + chunk.len()));
        Spoken { at: line.at + from, length: to - from, text: chunk.join(" "), ..line.clone() }
    });
    chunks.collect()
}

/// The line without what identifies somebody: here, whatever has a digit in it.
pub(crate) fn redacted(text: &str) -> String {
    let black = |word: &str| match word.chars().any(|c| c.is_ascii_digit()) {
        true => "[PII]".to_owned(),
        false => word.to_owned(),
    };
    text.split_whitespace().map(black).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::script::{Sentiment, Speaker};

    #[test]
    fn the_parts_of_a_line_are_the_line_in_words_and_in_time() {
        let seconds = Duration::from_secs;
        let line = Spoken {
            who: Speaker::Customer,
            at: seconds(10),
            length: seconds(7),
            text: "one two three four five six seven".to_owned(),
            sentiment: Sentiment::default(),
        };
        let parts = parts(&line);
        let spans: Vec<_> = parts.iter().map(|part| (part.text.as_str(), part.at, part.end())).collect();
        let (first, second) = ("one two three four five", "six seven");
        assert_eq!(spans, [(first, seconds(10), seconds(15)), (second, seconds(15), seconds(17))]);
    }

    #[test]
    fn numbers_are_blackened() {
        assert_eq!(redacted("My number is 206-555-0100."), "My number is [PII]");
    }
}
