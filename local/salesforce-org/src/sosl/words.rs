//! When a record's text contains what is looked for.
//!
//! Text is cut into words at spaces and punctuation; letter case does not count: Salesforce's "FIND {SearchQuery}".

use super::ast::Find;
use crate::soql::{Glob, Part, Pattern, Piece};

/// The fewest digits that find a phone number by its end.
const FEWEST_DIGITS: usize = 4;

/// A field's text, ready to be searched.
pub(super) struct Text {
    words: Vec<String>,
    /// The digits of a phone number.
    digits: Option<String>,
}

impl Text {
    pub(super) fn new(text: &str, is_phone: bool) -> Self {
        let lower = text.to_lowercase();
        let words = lower.split(|char: char| !char.is_alphanumeric()).filter(|word| !word.is_empty());
        Self { words: words.map(str::to_owned).collect(), digits: is_phone.then(|| national(text)) }
    }
}

/// What is looked for, ready for searching.
pub(super) enum Wanted {
    Or(Vec<Wanted>),
    And(Vec<Wanted>, Vec<Wanted>),
    Term(Term),
}

/// Words that must stand next to each other in one field. A single term with punctuation in it is several words too.
pub(super) struct Term {
    words: Vec<Glob>,
    /// The digits, if there is nothing else in it but what phone numbers are written with.
    digits: Option<String>,
}

impl Wanted {
    pub(super) fn new(find: &Find) -> Self {
        let each = |all: &[Find]| all.iter().map(Self::new).collect();
        match find {
            Find::Or(any) => Self::Or(each(any)),
            Find::And(all, none) => Self::And(each(all), each(none)),
            Find::Word(pattern) | Find::Phrase(pattern) => Self::Term(Term::new(pattern)),
        }
    }

    /// Whether a record with these texts is wanted.
    pub(super) fn is_in(&self, texts: &[Text]) -> bool {
        match self {
            Self::Or(any) => any.iter().any(|one| one.is_in(texts)),
            Self::And(all, none) => {
                all.iter().all(|one| one.is_in(texts)) && !none.iter().any(|one| one.is_in(texts))
            }
            Self::Term(term) => texts.iter().any(|text| term.is_in(text)),
        }
    }
}

impl Term {
    fn new(pattern: &Pattern) -> Self {
        let mut words = vec![Glob::default()];
        for piece in Glob::new(pattern).pieces() {
            match piece {
                Piece::Char(char) if !char.is_alphanumeric() => words.push(Glob::default()),
                // A wildcard does not begin a word: there it says nothing.
                Piece::Any | Piece::One if words.last().is_none_or(Glob::is_empty) => {}
                piece => {
                    if let Some(word) = words.last_mut() {
                        word.push(*piece);
                    }
                }
            }
        }
        words.retain(|word| !word.is_empty());
        let digits = match &pattern.0[..] {
            [Part::Text(text)]
                if text.chars().all(|char| char.is_ascii_digit() || " +-().".contains(char)) =>
            {
                Some(national(text))
            }
            _ => None,
        };
        Self { words, digits: digits.filter(|digits| digits.len() >= FEWEST_DIGITS) }
    }

    fn is_in(&self, text: &Text) -> bool {
        // A term without any word in it is nowhere.
        if self.words.is_empty() {
            return false;
        }
        let here = |words: &[String]| words.iter().zip(&self.words).all(|(word, glob)| glob.matches(word));
        text.words.windows(self.words.len()).any(here)
            || matches!((&text.digits, &self.digits), (Some(number), Some(end)) if number.ends_with(end))
    }
}

/// The digits of a phone number, without the 1 before a North American one.
///
/// Salesforce's samples find phone numbers by bare digits (`search()` in the SOAP API guide) however they are written,
/// and its own phone format drops that 1 (help article 000385963). That the end of a number finds it is how people use
/// its search; the reference does not say how many digits it takes.
fn national(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix('1') {
        Some(rest) if rest.len() == 10 => rest.to_owned(),
        _ => digits,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sosl::parse;

    fn finds(find: &str, texts: &[(&str, bool)]) -> bool {
        let search = parse(&format!("FIND {{{find}}}")).unwrap_or_else(|error| panic!("{error}"));
        let texts: Vec<_> = texts.iter().map(|(text, phone)| Text::new(text, *phone)).collect();
        Wanted::new(&search.find).is_in(&texts)
    }

    #[test]
    fn words_are_found_whole_wherever_they_are() {
        let texts = [("Blue Ocean Ltd.", false), ("caller@example.com", false)];
        for (find, found) in [
            ("ocean", true),
            ("OCEAN blue", true),
            ("oce", false),
            ("oce*", true),
            ("o*n", true),
            ("oc?an", true),
            ("oc?n", false),
            ("*cean", false),
            ("ocean AND caller", true),
            ("ocean AND lake", false),
            ("lake OR ocean", true),
            ("ocean AND NOT lake", true),
            ("ocean and not blue", false),
            ("(lake OR ocean) AND (red OR blue)", true),
            ("\"blue ocean\"", true),
            ("\"ocean blue\"", false),
            ("\"blue oc*\"", true),
            ("caller@example.com", true),
            ("caller@example.org", false),
            ("example.com", true),
            (r"\!\!", false),
            (r"\*cean", false),
            ("blue lake", false),
        ] {
            assert_eq!(finds(find, &texts), found, "{find}");
        }
    }

    #[test]
    fn phone_numbers_are_found_by_any_spelling() {
        for (find, stored, found) in [
            ("2065550100", "(206) 555-0100", true),
            (r"\+12065550100", "206.555.0100", true),
            ("2065550100", "+1 206 555 0100", true),
            (r#""\(206\) 555\-0100""#, "+12065550100", true),
            ("5550100", "+12065550100", true),
            ("0100", "+12065550100", true),
            ("100", "+12065550100", false),
            ("206", "(206) 555-0100", true),
            ("2065550101", "+12065550100", false),
            ("02065550100", "+12065550100", false),
            (r"\+442079460100", "+44 20 7946 0100", true),
            ("20655501*", "2065550100", true),
        ] {
            assert_eq!(finds(find, &[(stored, true)]), found, "{find} in {stored}");
        }
        assert!(!finds("2065550100", &[("(206) 555-0100", false)]), "in a field that is no phone number");
    }
}
