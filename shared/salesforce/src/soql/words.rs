//! The words that mean something in SOQL. None is case-sensitive.

/// Words that end a list of names, hence cannot be an alias: the reserved ones of the reference, and those with which a
/// clause begins.
/// <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_alias.htm>
const NO_ALIAS: [&str; 29] = [
    "ALL", "AND", "AS", "ASC", "DESC", "EXCLUDES", "FIRST", "FOR", "FROM", "GROUP", "HAVING", "IN",
    "INCLUDES", "LAST", "LIKE", "LIMIT", "NOT", "NULL", "NULLS", "OFFSET", "OR", "ORDER", "SELECT", "SET",
    "UPDATE", "USING", "WHEN", "WHERE", "WITH",
];

/// What stands between the parentheses of a function.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Arguments {
    /// Names of fields and other functions.
    Names,
    /// As [`Arguments::Names`], or nothing.
    NamesOrNothing,
    /// Names and literals.
    Places,
    /// `ALL`, `STANDARD` or `CUSTOM`.
    FieldSet,
}

/// The functions of SOQL. `FORMULA` is not among them: it names fields inside of a text, where no policy sees them.
const FUNCTIONS: [(&str, Arguments); 29] = [
    ("AVG", Arguments::Names),
    ("CALENDAR_MONTH", Arguments::Names),
    ("CALENDAR_QUARTER", Arguments::Names),
    ("CALENDAR_YEAR", Arguments::Names),
    ("CONVERTCURRENCY", Arguments::Names),
    ("CONVERTTIMEZONE", Arguments::Names),
    ("COUNT", Arguments::NamesOrNothing),
    ("COUNT_DISTINCT", Arguments::Names),
    ("CUBE", Arguments::Names),
    ("DAY_IN_MONTH", Arguments::Names),
    ("DAY_IN_WEEK", Arguments::Names),
    ("DAY_IN_YEAR", Arguments::Names),
    ("DAY_ONLY", Arguments::Names),
    ("DISTANCE", Arguments::Places),
    ("FIELDS", Arguments::FieldSet),
    ("FISCAL_MONTH", Arguments::Names),
    ("FISCAL_QUARTER", Arguments::Names),
    ("FISCAL_YEAR", Arguments::Names),
    ("FORMAT", Arguments::Names),
    ("GEOLOCATION", Arguments::Places),
    ("GROUPING", Arguments::Names),
    ("HOUR_IN_DAY", Arguments::Names),
    ("MAX", Arguments::Names),
    ("MIN", Arguments::Names),
    ("ROLLUP", Arguments::Names),
    ("SUM", Arguments::Names),
    ("TOLABEL", Arguments::Names),
    ("WEEK_IN_MONTH", Arguments::Names),
    ("WEEK_IN_YEAR", Arguments::Names),
];

pub(crate) fn is(word: &str, keyword: &str) -> bool {
    word.eq_ignore_ascii_case(keyword)
}

pub(crate) fn may_be_alias(word: &str) -> bool {
    !NO_ALIAS.iter().any(|reserved| is(word, reserved))
}

pub(crate) fn function(name: &str) -> Option<Arguments> {
    FUNCTIONS.iter().find(|(known, _)| is(name, known)).map(|(_, arguments)| *arguments)
}

/// A date literal such as `TODAY`, or the part of one before the colon.
#[derive(Debug, PartialEq)]
pub(crate) enum DateLiteral {
    Whole,
    /// `:n` must follow.
    Counted,
}

/// <https://developer.salesforce.com/docs/atlas.en-us.soql_sosl.meta/soql_sosl/sforce_api_calls_soql_select_dateformats.htm>
pub(crate) fn date_literal(word: &str) -> Option<DateLiteral> {
    let word = word.to_ascii_uppercase();
    if ["YESTERDAY", "TODAY", "TOMORROW", "LAST_90_DAYS", "NEXT_90_DAYS"].contains(&word.as_str()) {
        return Some(DateLiteral::Whole);
    }
    let counted = word
        .strip_prefix("LAST_N_")
        .or_else(|| word.strip_prefix("NEXT_N_"))
        .or_else(|| word.strip_prefix("N_")?.strip_suffix("_AGO"));
    if let Some(period) = counted.and_then(|periods| periods.strip_suffix('S')) {
        return (period == "DAY" || is_period(period)).then_some(DateLiteral::Counted);
    }
    let (which, period) = word.split_once('_')?;
    (["LAST", "THIS", "NEXT"].contains(&which) && is_period(period)).then_some(DateLiteral::Whole)
}

fn is_period(word: &str) -> bool {
    ["WEEK", "MONTH", "QUARTER", "YEAR", "FISCAL_QUARTER", "FISCAL_YEAR"].contains(&word)
}

/// An amount in a currency: `USD5000`, whose fraction, if any, is another token.
pub(crate) fn is_amount(word: &str) -> bool {
    word.split_at_checked(3).is_some_and(|(currency, amount)| {
        currency.bytes().all(|byte| byte.is_ascii_alphabetic())
            && !amount.is_empty()
            && amount.bytes().all(|byte| byte.is_ascii_digit())
    })
}
