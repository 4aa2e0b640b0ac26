use super::super::lexer::Lexer;
use super::*;
use proptest::prelude::*;

/// The words of a query with `?` for every literal and for every list of literals. The parser decides by these alone, so
/// two queries with the same structure are the same tree but for their literals.
fn structure(text: &str) -> Vec<String> {
    let mut lexer = Lexer::new(text);
    let mut words: Vec<String> = Vec::new();
    loop {
        let word = match lexer.token().unwrap().0 {
            Token::End => return words,
            Token::Word(word) if ["true", "false"].contains(&word) => "?".to_owned(),
            Token::Word(word) | Token::Symbol(word) => word.to_owned(),
            Token::Number(_) | Token::Text(_) => "?".to_owned(),
            token => panic!("{token:?} in {text}"),
        };
        words.push(word);
        while words.ends_with(&["?".to_owned(), ",".to_owned(), "?".to_owned()]) {
            words.truncate(words.len() - 2);
        }
    }
}

/// Anything, with the characters that mean something more often than chance would have it.
fn value() -> impl Strategy<Value = String> {
    let hostile = prop::sample::select(vec![
        "'",
        "\\",
        "%",
        "_",
        "{",
        "}",
        "{v}",
        "\"",
        "\n",
        "\r",
        "\t",
        "\\'",
        "' OR Id != '",
        ")",
        "(",
        ",",
        "[",
        "]",
        "u0027",
        "--",
        "/*",
        "é",
        "😀",
        "\u{1}",
        "\u{2028}",
        "null",
        "1",
        "2026-01-31",
        "true",
        " ",
    ]);
    prop_oneof![
        any::<String>(),
        prop::collection::vec(prop_oneof![hostile.prop_map(str::to_owned), any::<String>()], 0..8)
            .prop_map(|parts| parts.concat()),
        "-?[0-9]{1,20}",
        "[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9:]{8}(Z|[+][0-9]{2}:[0-9]{2}))?",
        Just("0035e000000abcD".to_owned()),
    ]
}

/// A condition with placeholders: `v` takes any text, the others what they say.
fn condition() -> impl Strategy<Value = String> {
    let comparison = prop::sample::select(vec![
        "a = {v}",
        "a != '{v}'",
        "a.b < {number:number}",
        "a LIKE '%{v}%'",
        r"a LIKE '\\{v}\%_'",
        "a LIKE {v}",
        "a IN {v}",
        "a NOT IN ('x', {v})",
        "a INCLUDES ({v})",
        "a = {id:id}",
        "a = '{date:date}'",
        "a > LAST_N_DAYS:{number}",
        "a = {v:text}",
        "a IN (SELECT b FROM C WHERE c = '{v}')",
        "MAX(a) = {boolean}",
        "a = 'x{v}y{v}z'",
        "a IN {v:text}",
    ]);
    comparison.prop_map(str::to_owned).prop_recursive(4, 12, 3, |inner| {
        prop_oneof![
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("{a} AND {b}")),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| format!("({a} OR {b})")),
            inner.prop_map(|a| format!("NOT ({a})")),
        ]
    })
}

/// Parameters of which `v` is this value.
fn parameters(value: &str) -> impl Fn(&str) -> Option<String> {
    move |name| {
        let fitting =
            [("number", "1"), ("id", "0035e000000abcD"), ("date", "2026-01-31"), ("boolean", "true")];
        let fitting = fitting.iter().find(|(known, _)| *known == name);
        Some(fitting.map_or(value, |(_, fitting)| fitting).to_owned())
    }
}

/// What a quoted text means, by the reference's table.
fn unescaped(quoted: &str) -> String {
    let mut text = String::new();
    let mut rest = quoted.chars();
    while let Some(c) = rest.next() {
        let escaped = if c == '\\' { rest.next() } else { None };
        text.push(match escaped {
            None => c,
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => {
                let code: String = rest.by_ref().take(4).collect();
                char::from_u32(u32::from_str_radix(&code, 16).unwrap()).unwrap()
            }
            Some(escaped) => escaped,
        });
    }
    text
}

/// Whether a quoted pattern has a wildcard, by the reference's table.
fn has_wildcard(pattern: &str) -> bool {
    let mut rest = pattern.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => drop(rest.next()),
            '%' | '_' => return true,
            _ => {}
        }
    }
    false
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>(), value in value()) {
        for template in [text.clone(), format!("SELECT {text} FROM A"), format!("SELECT Id FROM A WHERE {text}")] {
            if let Ok(template) = Template::parse(&template) {
                let _ = template.bind(|_| Some(value.clone()));
            }
        }
    }

    #[test]
    fn no_sequence_of_words_panics(words in prop::collection::vec(prop::sample::select(vec![
        "SELECT", "FROM", "WHERE", "Id", "A", "(", ")", ",", ".", "=", "IN", "NOT", "LIKE", "'x'", "{v}", "1", "AND", "TYPEOF",
        "WHEN", "THEN", "END", "COUNT", "ORDER", "BY", "LIMIT", "WITH", "USD5", ".5", "LAST_N_DAYS", ":", "FOR", "c", "'{v}'",
    ]), 0..40)) {
        if let Ok(template) = Template::parse(&words.join(" ")) {
            prop_assert!(!template.reads().is_empty());
            let _ = template.bind(|_| Some("1".to_owned()));
        }
    }

    #[test]
    fn a_value_never_changes_what_the_query_means(condition in condition(), value in value()) {
        let template = format!("SELECT Id, (SELECT Id FROM B WHERE {condition}) FROM A WHERE {condition} LIMIT {{number}}");
        let template = Template::parse(&template).unwrap();
        let harmless = template.bind(parameters("x")).unwrap();
        if let Ok(bound) = template.bind(parameters(&value)) {
            // A brace outside of a text would be refused, and so would be what stands in for it here.
            let bound = bound.as_str().replace('{', "[");
            let read_back = Template::parse(&bound).unwrap();
            prop_assert_eq!(read_back.reads(), template.reads());
            prop_assert_eq!(structure(&bound), structure(harmless.as_str()));
        }
    }

    #[test]
    fn a_text_means_its_value(value in value()) {
        let expected = if value.contains('\0') { None } else { Some(value.clone()) };
        let start = "SELECT Id FROM A WHERE x ";
        for template in ["= '{v}'", "= {v:text}", "LIKE '{v}'", "LIKE {v}"] {
            let bound = bind(&format!("{start}{template}"), &value).ok();
            let quoted = bound.as_deref().map(|bound| {
                let literal = bound[start.len()..].trim_start_matches(['=', ' ', 'L', 'I', 'K', 'E']);
                &literal[1..literal.len() - 1]
            });
            prop_assert_eq!(quoted.map(unescaped), expected.clone());
            prop_assert!(template.starts_with('=') || !quoted.is_some_and(has_wildcard));
        }
    }
}
