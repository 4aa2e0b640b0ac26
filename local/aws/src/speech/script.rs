//! What is said in the calls: the text of every utterance, by the code in its audio.

use std::sync::Mutex;
use std::time::Duration;

use anyhow::ensure;

use super::packet::{MOST_PACKETS, packets_in};
use crate::lock;

/// The utterances of all calls. An utterance's place is its code.
#[derive(Default)]
pub(crate) struct Scripts(Mutex<Vec<Script>>);

impl std::fmt::Debug for Scripts {
    /// What is said is personal data.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Scripts({} utterances)", lock(&self.0).len())
    }
}

/// An utterance: its words, and how many packets they are spread over.
#[derive(Clone)]
pub(crate) struct Script {
    words: Vec<String>,
    pub(crate) packets: u16,
}

impl Scripts {
    /// Gives an utterance that takes so long its code.
    pub(crate) fn add(&self, text: &str, length: Duration) -> anyhow::Result<(u16, u16)> {
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let packets = packets_in(length).min(MOST_PACKETS - 1);
        ensure!(!words.is_empty(), "an utterance needs words");
        ensure!(
            words.len() <= packets,
            "{} words cannot be said in {} ms: {} ms is the least",
            words.len(),
            length.as_millis(),
            (words.len() * super::PACKET_SAMPLES).div_ceil(super::RATE as usize / 1000)
        );
        let mut scripts = lock(&self.0);
        ensure!(
            scripts.len() <= usize::from(u16::MAX),
            "there are no more codes: 65,536 utterances were scripted"
        );
        let code = scripts.len() as u16;
        scripts.push(Script { words, packets: packets as u16 });
        Ok((code, packets as u16))
    }

    pub(crate) fn get(&self, code: u16) -> Option<Script> {
        lock(&self.0).get(usize::from(code)).cloned()
    }
}

impl Script {
    /// What is heard of it in the packets `first..=last`: per word the text and its packets. Of a word that is heard
    /// only in part, only that part, with an ellipsis where the rest is missing.
    pub(crate) fn heard(&self, first: u16, last: u16) -> Vec<(String, u16, u16)> {
        let (count, packets) = (self.words.len(), usize::from(self.packets));
        let (first, end) = (usize::from(first), usize::from(last) + 1);
        let spans = self.words.iter().enumerate().map(|(place, word)| {
            let start = place * packets / count;
            (word, start, (place + 1) * packets / count)
        });
        let heard = spans.filter(|&(_, start, stop)| start < end && stop > first);
        heard
            .map(|(word, start, stop)| {
                let (from, to) = (first.max(start), end.min(stop));
                (part(word, from - start, to - start, stop - start), from as u16, to as u16)
            })
            .collect()
    }
}

/// The part of a word between two of its packets.
fn part(word: &str, from: usize, to: usize, of: usize) -> String {
    if (from, to) == (0, of) {
        return word.to_owned();
    }
    let letters = word.chars().count();
    let (start, stop) = (letters * from / of, letters * to / of);
    let before = if from > 0 { "…" } else { "" };
    let after = if to < of { "…" } else { "" };
    let heard: String = word.chars().skip(start).take(stop - start).collect();
    format!("{before}{heard}{after}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(heard: Vec<(String, u16, u16)>) -> String {
        heard.into_iter().map(|(word, ..)| word).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn words_are_heard_where_their_packets_arrived() {
        let scripts = Scripts::default();
        let (code, packets) = scripts.add("four score and seven", Duration::from_millis(1300)).unwrap();
        assert_eq!((code, packets), (0, 16));
        let script = scripts.get(code).unwrap();
        assert_eq!(text(script.heard(0, 15)), "four score and seven");
        assert_eq!(text(script.heard(4, 11)), "score and");
        assert_eq!(text(script.heard(1, 9)), "…our score a…");
        assert_eq!(text(script.heard(5, 6)), "…co…");
        assert_eq!(script.heard(4, 15)[1], ("and".to_owned(), 8, 12));
        assert!(scripts.get(1).is_none());
    }

    #[test]
    fn what_cannot_be_said_is_refused() {
        let scripts = Scripts::default();
        assert!(scripts.add("", Duration::from_secs(1)).is_err());
        assert!(scripts.add("much too fast", Duration::from_millis(200)).is_err());
        assert!(scripts.add("just enough", Duration::from_millis(153)).is_ok());
    }
}
