//! Phone numbers: the spellings under which one may be stored, and whether two spellings are one number. Pure.
//!
//! No numbering plan is known here but the lengths of the country codes. That suffices, because a look-up searches for
//! the spellings and then compares what it found digit by digit.

/// Fewer digits are an extension or a service number: too many people share them.
const FEWEST_DIGITS: usize = 7;

/// E.164 allows 15; some countries' trunk prefixes and stored extensions come on top.
const MOST_DIGITS: usize = 20;

/// The country code of 25 countries that dial no 0 before the area code.
const NORTH_AMERICA: &str = "1";

/// With this many digits a number without `+` may begin with its country code.
const FEWEST_WITH_COUNTRY: usize = 11;

/// A phone number as somebody wrote it. `Debug` is not derived: it would show the number.
pub(crate) struct Number {
    /// What the digits can mean, at least one thing; first those with a country code.
    readings: Vec<Reading>,
}

/// Country code, as far as it is known, and the digits behind it without a trunk prefix `0`.
type Reading = (Option<String>, String);

impl Number {
    /// `None` where there is no number that could be looked up: `anonymous`, or too few or too many digits.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = without_extension(text);
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let mut readings = Vec::new();
        if text.trim_start().starts_with('+') {
            readings.extend(international(&digits));
        } else {
            let long = digits.len() >= FEWEST_WITH_COUNTRY;
            // 011 is how North America dials abroad, and also how area codes begin: 0113 is Leeds.
            let prefixes = ["", "00", "011"].iter().filter(|_| long);
            let abroad = prefixes.filter_map(|prefix| international(digits.strip_prefix(prefix)?));
            readings.extend(abroad.chain([(None, without_trunk(&digits).to_owned())]));
        }
        readings.retain(|(_, national)| (FEWEST_DIGITS..=MOST_DIGITS).contains(&national.len()));
        (!readings.is_empty()).then_some(Self { readings })
    }

    /// The same number, of the country of `other` where it does not say itself of which it is.
    pub(crate) fn near(mut self, other: Option<&Number>) -> Self {
        let country = other.and_then(|other| other.readings.first()?.0.clone());
        if let [(unknown @ None, _)] = self.readings.as_mut_slice() {
            *unknown = country;
        }
        self
    }

    /// Whether both can be the same number: the same national digits, and the same country as far as both say.
    pub(crate) fn is_same(&self, other: &Number) -> bool {
        self.readings.iter().any(|(country, national)| {
            other.readings.iter().any(|(other_country, other_national)| {
                let countries = country.as_ref().zip(other_country.as_ref());
                national == other_national && countries.is_none_or(|(country, other)| country == other)
            })
        })
    }

    /// The ways to write this number that a search index may hold, each once, the likeliest first.
    pub(crate) fn spellings(&self) -> Vec<String> {
        let mut spellings = Vec::new();
        for (country, national) in &self.readings {
            for spelling in written(country.as_deref(), national) {
                if !spellings.contains(&spelling) {
                    spellings.push(spelling);
                }
            }
        }
        spellings
    }
}

fn international(digits: &str) -> Option<Reading> {
    let (country, national) = digits.split_at_checked(country_digits(digits))?;
    // No country code begins with 0.
    (!country.starts_with('0')).then(|| (Some(country.to_owned()), without_trunk(national).to_owned()))
}

fn written(country: Option<&str>, national: &str) -> Vec<String> {
    let has_trunk = country != Some(NORTH_AMERICA);
    let mut spellings = Vec::new();
    if let Some(country) = country {
        spellings.push(format!("+{country}{national}"));
        if country.len() + national.len() >= FEWEST_WITH_COUNTRY {
            spellings.push(format!("{country}{national}"));
        }
    }
    spellings.push(national.to_owned());
    spellings.extend(has_trunk.then(|| format!("0{national}")));
    for groups in groupings(country, national.len()) {
        let grouped = grouped(national, groups);
        spellings.extend(country.map(|country| format!("+{country} {grouped}")));
        spellings.extend(has_trunk.then(|| format!("0{grouped}")));
        spellings.push(grouped);
    }
    spellings
}

/// `+44 20 7946 0000 ext. 12`, `206-555-0100 x5`, `12065550100;ext=5`, `12065550100,,5`.
fn without_extension(text: &str) -> &str {
    let end = text.find(|c: char| c.is_ascii_alphabetic() || matches!(c, ';' | ',' | '#'));
    end.map_or(text, |end| &text[..end])
}

/// Some countries dial a 0 before the area code, and `+44 (0)20` is how people write that.
fn without_trunk(national: &str) -> &str {
    national.trim_start_matches('0')
}

/// How long the country code is that these digits begin with. ITU-T E.164: codes of one digit are 1 and 7, these have
/// two, and the rest three.
fn country_digits(digits: &str) -> usize {
    const TWO: [&str; 43] = [
        "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48",
        "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81",
        "82", "84", "86", "90", "91", "92", "93", "94", "95",
    ];
    match digits.as_bytes() {
        [b'1' | b'7', ..] => 1,
        _ if digits.starts_with("98") || TWO.iter().any(|code| digits.starts_with(code)) => 2,
        _ => 3,
    }
}

/// How people break up so many digits.
fn groupings(country: Option<&str>, digits: usize) -> &'static [&'static [usize]] {
    match digits {
        10 if country == Some(NORTH_AMERICA) => &[&[3, 3, 4], &[3, 7]],
        7 => &[&[3, 4]],
        8 => &[&[4, 4], &[2, 2, 2, 2]],
        9 => &[&[3, 3, 3], &[1, 2, 2, 2, 2], &[2, 3, 2, 2], &[2, 7]],
        10 => &[&[3, 3, 4], &[2, 4, 4], &[4, 6], &[3, 7], &[5, 5]],
        11 => &[&[3, 4, 4], &[2, 5, 4], &[4, 7], &[3, 8]],
        _ => &[],
    }
}

fn grouped(digits: &str, groups: &[usize]) -> String {
    let mut rest = digits;
    let parts: Vec<&str> = groups
        .iter()
        .map(|length| {
            let (part, after) = rest.split_at(*length);
            rest = after;
            part
        })
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn same(a: &str, b: &str) -> bool {
        match (Number::parse(a), Number::parse(b)) {
            (Some(a), Some(b)) => a.is_same(&b) && b.is_same(&a),
            _ => false,
        }
    }

    #[test]
    fn one_number_in_many_spellings() {
        for (a, spellings) in [
            (
                "+12065550100",
                &[
                    "+12065550100",
                    "12065550100",
                    "2065550100",
                    "(206) 555-0100",
                    "206.555.0100",
                    "+1 206 555 0100",
                    "1-206-555-0100",
                    "001 206 555 0100",
                    "011 1 206 555 0100",
                    "(206) 555-0100 x12",
                    "206-555-0100 ext. 7",
                    "+1 (206) 555-0100;ext=3",
                ][..],
            ),
            ("+442079460000", &["020 7946 0000", "+44 (0)20 7946 0000", "0044 20 79460000", "442079460000"]),
            ("+441134960000", &["0113 496 0000", "(0113) 4960000"]),
            ("+390612345678", &["+39 06 1234 5678", "06 12345678", "+39 6 12345678"]),
            ("2065550100", &["+1 206 555 0100", "206-555-0100", "1 206 555 0100"]),
        ] {
            for b in spellings {
                assert!(same(a, b), "{a} and {b}");
            }
        }
    }

    #[test]
    fn different_numbers() {
        for (a, b) in [
            ("+12065550100", "+12065550101"),
            ("+12065550100", "5550100"),
            ("+12065550100", "+442065550100"),
            ("+12065550100", "112065550100"),
            ("+12065550100", "65550100"),
            ("+12065550100", "+12065550100 12065550100"),
            ("+12065550100", "anonymous"),
        ] {
            assert!(!same(a, b), "{a} and {b}");
        }
    }

    #[test]
    fn what_is_no_number() {
        for text in [
            "anonymous",
            "",
            "911",
            "+1",
            "+",
            "0000000000",
            "sip:agent@example.com",
            "1".repeat(99).as_str(),
        ] {
            assert!(Number::parse(text).is_none(), "{text}");
        }
    }

    #[test]
    fn the_likeliest_spellings_come_first() {
        let spellings = Number::parse("(011) 1 206-555-0100").unwrap().spellings();
        assert_eq!(spellings[..3], ["+12065550100", "12065550100", "2065550100"]);
        assert!(spellings.contains(&"206 555 0100".to_owned()));
        assert!(spellings.contains(&"+1 206 555 0100".to_owned()));
    }

    #[test]
    fn a_number_without_country_is_of_the_country_of_the_number_that_was_called() {
        let called = Number::parse("+12065550199");
        let number = Number::parse("206 555 0100").unwrap().near(called.as_ref());
        assert_eq!(number.spellings()[0], "+12065550100");
        assert!(number.is_same(&Number::parse("+12065550100").unwrap()));
        assert!(!number.is_same(&Number::parse("+442065550100").unwrap()));
        let foreign = Number::parse("+442079460000").unwrap().near(called.as_ref());
        assert_eq!(foreign.spellings()[0], "+442079460000");
    }

    proptest! {
        #[test]
        fn every_spelling_is_the_number_itself_and_there_are_not_many(digits in "\\+?[0-9]{5,20}") {
            if let Some(number) = Number::parse(&digits) {
                let spellings = number.spellings();
                prop_assert!((1..=40).contains(&spellings.len()));
                for spelling in spellings {
                    prop_assert!(Number::parse(&spelling).is_some_and(|other| other.is_same(&number)), "{}", spelling);
                }
            }
        }

        #[test]
        fn no_text_makes_it_panic(text in any::<String>()) {
            let _ = Number::parse(&text).map(|number| number.spellings());
        }
    }
}
