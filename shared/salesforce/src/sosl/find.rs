//! `FIND {…}`.
//! <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_sosl_find.htm>

use crate::soql::{Fit, Pieces, Placeholder, Slot, Unexpected, scan};

/// Reads as far as the closing brace; tells where what follows begins, in bytes.
pub(super) fn read(text: &str, has_parameters: bool) -> Result<(Pieces, usize), Unexpected> {
    let blank = |text: &str| text.len() - text.trim_ascii_start().len();
    let start = blank(text);
    let keyword = start + "FIND".len();
    if !text.get(start..keyword).is_some_and(|word| word.eq_ignore_ascii_case("FIND")) {
        return Err(Unexpected { at: start, expected: "FIND" });
    }
    let brace = keyword + blank(&text[keyword..]);
    if !text[brace..].starts_with('{') {
        return Err(Unexpected { at: brace, expected: "the text to search for, in braces: FIND {text}" });
    }
    let mut search = Search { find: "FIND {".to_owned(), slots: Vec::new(), quoted: false, word: None };
    let end = match scan(text, brace)? {
        Some(placeholder) if has_parameters => {
            let end = placeholder.place.end;
            search.word = Some(Word { start: search.find.len(), is_phrase: false });
            search.placeholder(&placeholder)?;
            search.end_word();
            end
        }
        _ => search.read(text, brace + 1)?,
    };
    search.find.push('}');
    Ok((Pieces::new(search.find, search.slots), end))
}

/// The text of `FIND`, written anew with double quotes around every word that has a placeholder in it.
struct Search {
    find: String,
    slots: Vec<Slot>,
    /// Between double quotes of the template.
    quoted: bool,
    word: Option<Word>,
}

/// What stands between white space, parentheses, quotes and operators.
struct Word {
    /// Where it begins in the text that is being written, in bytes.
    start: usize,
    is_phrase: bool,
}

impl Search {
    fn read(&mut self, text: &str, mut at: usize) -> Result<usize, Unexpected> {
        loop {
            let mut characters = text[at..].chars();
            let Some(c) = characters.next() else {
                return Err(Unexpected { at, expected: "a closing brace behind the text to search for" });
            };
            let start = at;
            at += c.len_utf8();
            match c {
                '}' if self.quoted => {
                    return Err(Unexpected {
                        at: start,
                        expected: r#"a closing double quote; a brace in a text is \}"#,
                    });
                }
                '}' => {
                    self.end_word();
                    return Ok(at);
                }
                '{' => {
                    let expected = r"a placeholder such as {name}; a brace in a text is \{";
                    let placeholder = scan(text, start)?.ok_or(Unexpected { at: start, expected })?;
                    self.begin_word();
                    self.placeholder(&placeholder)?;
                    at = placeholder.place.end;
                }
                '\\' => {
                    let escaped = characters.next().filter(|escaped| !escaped.is_control());
                    let escaped = escaped.ok_or(Unexpected { at, expected: "a character to escape" })?;
                    at += escaped.len_utf8();
                    self.begin_word();
                    self.find.extend([c, escaped]);
                }
                '"' => {
                    self.end_word();
                    self.quoted = !self.quoted;
                    self.find.push(c);
                }
                '(' | ')' | '&' | '|' | '!' | '[' | ']' | '^' | '~' | ':' | '\'' | '+' | '-' => {
                    self.end_word();
                    self.find.push(c);
                }
                c if c.is_whitespace() => {
                    self.end_word();
                    self.find.push(c);
                }
                c if c.is_control() => {
                    return Err(Unexpected { at: start, expected: "no control character" });
                }
                c => {
                    self.begin_word();
                    self.find.push(c);
                }
            }
        }
    }

    fn begin_word(&mut self) {
        if self.word.is_none() && !self.quoted {
            self.word = Some(Word { start: self.find.len(), is_phrase: false });
        }
    }

    fn end_word(&mut self) {
        if self.word.take().is_some_and(|word| word.is_phrase) {
            self.find.push('"');
        }
    }

    fn placeholder(&mut self, placeholder: &Placeholder<'_>) -> Result<(), Unexpected> {
        let kind = placeholder.kind_of_one()?;
        if let Some(word) = &mut self.word
            && !word.is_phrase
        {
            word.is_phrase = true;
            self.find.insert(word.start, '"');
        }
        let start = self.find.len();
        self.find.push_str("{}");
        let place = start..self.find.len();
        self.slots.push(Slot { place, name: placeholder.name.to_owned(), fit: Fit::InPhrase(kind) });
        Ok(())
    }
}
