//! What pressed keys mean.
//!
//! <https://docs.aws.amazon.com/connect/latest/adminguide/store-customer-input.html>

use super::request::Input;

/// What came of the keys.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Entered {
    /// This was entered.
    Text(String),
    /// No key was pressed in time.
    Nothing,
}

impl Input {
    /// How many of these keys make the input; `None` as long as more can follow.
    pub fn ends_after(&self, keys: &str) -> Option<usize> {
        read(keys, self).1
    }
}

/// The input that these keys make. Keys after its end belong to nobody.
pub(super) fn entered(keys: &str, input: &Input) -> Entered {
    read(keys, input).0
}

/// The input, and after how many keys it ends: `*` deletes, the terminator ends, and so does the last key that there is room for.
fn read(keys: &str, input: &Input) -> (Entered, Option<usize>) {
    let is_key = |(_, key): &(usize, char)| key.is_ascii_digit() || matches!(key, '*' | '#');
    let mut pressed = false;
    let mut text = String::new();
    for (number, key) in (1..).zip(keys.chars()).filter(is_key) {
        pressed = true;
        if key == '*' && input.cancel {
            text.clear();
            continue;
        }
        text.push(key);
        if let Some(terminator) = input.terminator.as_deref().filter(|terminator| text.ends_with(terminator))
        {
            text.truncate(text.len() - terminator.len());
            return (Entered::Text(text), Some(number));
        }
        if text.len() >= input.most {
            return (Entered::Text(text), Some(number));
        }
    }
    (if pressed { Entered::Text(text) } else { Entered::Nothing }, None)
}

/// The country calling codes that are known here, by ISO 3166 code.
const CALLING_CODES: [(&str, &str); 46] = [
    ("AE", "971"),
    ("AR", "54"),
    ("AT", "43"),
    ("AU", "61"),
    ("BE", "32"),
    ("BG", "359"),
    ("BR", "55"),
    ("CA", "1"),
    ("CH", "41"),
    ("CL", "56"),
    ("CN", "86"),
    ("CO", "57"),
    ("CZ", "420"),
    ("DE", "49"),
    ("DK", "45"),
    ("EE", "372"),
    ("ES", "34"),
    ("FI", "358"),
    ("FR", "33"),
    ("GB", "44"),
    ("GR", "30"),
    ("HK", "852"),
    ("HU", "36"),
    ("ID", "62"),
    ("IE", "353"),
    ("IL", "972"),
    ("IN", "91"),
    ("IT", "39"),
    ("JP", "81"),
    ("KR", "82"),
    ("LT", "370"),
    ("LU", "352"),
    ("MX", "52"),
    ("MY", "60"),
    ("NL", "31"),
    ("NO", "47"),
    ("NZ", "64"),
    ("PE", "51"),
    ("PH", "63"),
    ("PL", "48"),
    ("PT", "351"),
    ("SE", "46"),
    ("SG", "65"),
    ("TH", "66"),
    ("US", "1"),
    ("ZA", "27"),
];

/// The code to dial before a number of this country; `None` if it is not known here.
pub(super) fn calling_code(country: &str) -> Option<&'static str> {
    CALLING_CODES.iter().find(|(known, _)| known.eq_ignore_ascii_case(country)).map(|(_, code)| *code)
}

/// A phone number in E.164 form, if these digits are one: 7 to 15 of them, the country code included.
pub(super) fn phone_number(digits: &str) -> Option<String> {
    let fits = (7..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    (fits && !digits.starts_with('0')).then(|| format!("+{digits}"))
}

#[cfg(test)]
mod tests;
