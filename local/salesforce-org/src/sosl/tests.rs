use crate::soql::{Literal, Part, Pattern, QueryError};
use crate::sosl::{FieldGroup, Find, Search, parse};
use proptest::prelude::*;

fn search(text: &str) -> Search {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn find(find: &str) -> Find {
    search(&format!("FIND {{{find}}}")).find
}

fn text(text: &str) -> Pattern {
    Pattern(vec![Part::Text(text.to_owned())])
}

#[test]
fn what_salesforce_takes_is_taken() {
    for text in [
        "FIND {Acme}",
        "find { acme } in all fields",
        "FIND {415555*} IN PHONE FIELDS RETURNING Contact, Lead(Id, Phone), Account LIMIT 5",
        "FIND {x yz} RETURNING Account(Id, Name WHERE Name LIKE 'a%' AND Phone != null ORDER BY Name DESC LIMIT 5 OFFSET 2)",
        "FIND {\"a b\"} IN NAME FIELDS RETURNING Contact(Id, Account.Name), Custom__c(toLabel(x) y)",
        r"FIND {it\'s \{ok\} \+1\-206} IN SIDEBAR FIELDS",
        "FIND {ab} WITH HIGHLIGHT",
        "FIND {ab} RETURNING Account(Id) WITH SNIPPET (target_length=120) WITH SPELL_CORRECTION = false LIMIT 3",
        "FIND {ab} WITH DIVISION = 'Global' WITH NETWORK IN ('00x', '00y')",
        "FIND {ab} WITH METADATA = 'LABELS'",
        "FIND {ab} WITH DATA CATEGORY Location__c AT America__c",
        "FIND {ab} RETURNING Account UPDATE TRACKING",
    ] {
        search(text);
    }
    let full = search("FIND {ab} IN EMAIL FIELDS RETURNING A(b WHERE c = 'd'), E LIMIT 7");
    assert_eq!((full.fields, full.returning.len(), full.limit), (FieldGroup::Email, 2, Some(7)));
    assert_eq!(full.literals(), [Literal::Pattern(text("ab")), Literal::Text("d".to_owned())]);
}

#[test]
fn what_salesforce_refuses_is_refused() {
    for (text, problem) in [
        ("", "unexpected token: ''"),
        ("SELECT Id FROM A", "unexpected token: 'SELECT'"),
        ("FIND Acme", "unexpected token: 'FIND'"),
        ("FIND 'Acme'", "unexpected token: 'FIND'"),
        ("FIND {blue|grey}", "Column:11\nmismatched character '|' expecting '}'"),
        ("FIND {a:b}", "mismatched character ':' expecting '}'"),
        ("FIND {+12065550100}", "mismatched character '+' expecting '}'"),
        ("FIND {it's}", "mismatched character ''' expecting '}'"),
        ("FIND {a{b}", "mismatched character '{' expecting '}'"),
        (r"FIND {a\b}", r"mismatched character '\' expecting '}'"),
        ("FIND {\"ab}", "mismatched character '}' expecting '}'"),
        ("FIND {\"ab\\\"}", "mismatched character '}' expecting '}'"),
        ("FIND {(ab}", "mismatched character '}' expecting '}'"),
        ("FIND {ab)}", "mismatched character ')' expecting '}'"),
        ("FIND {()}", "mismatched character ')' expecting '}'"),
        ("FIND {ab AND}", "mismatched character '}' expecting '}'"),
        ("FIND {ab OR}", "mismatched character '}' expecting '}'"),
        ("FIND {ab", "mismatched character '<EOF>' expecting '}'"),
        ("FIND {ab} IN ALL TYPE", "Column:18\nMalformed search token: TYPE"),
        ("FIND {ab} IN Accounts", "Malformed search token: Accounts"),
        ("FIND {ab} RETURNING", "unexpected token: '<EOF>'"),
        ("FIND {ab} RETURNING A(", "unexpected token: '<EOF>'"),
        ("FIND {ab} RETURNING A(b, (SELECT Id FROM C))", "unexpected token: '('"),
        ("FIND {ab} RETURNING A(COUNT(Id))", "Malformed search token: )"),
        ("FIND {ab} RETURNING A(b GROUP BY b)", "Malformed search token: )"),
        ("FIND {ab} WITH NOTHING", "Malformed search token: NOTHING"),
        ("FIND {ab} LIMIT x", "unexpected token: 'x'"),
        ("FIND {ab} FIND {cd}", "unexpected token"),
        ("FIND {ab}} RETURNING A", "unexpected token: '}'"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.code, "MALFORMED_SEARCH", "{text}");
        assert!(
            error.message.ends_with(problem) || error.message.contains(&format!("{problem}:")),
            "{text}: {error}"
        );
    }
    for text in ["FIND {a}", "FIND {}", "FIND { }", "FIND {a*}", "FIND {\"\"}", "FIND {a OR b}", "FIND {**}"]
    {
        let QueryError { code, message } = parse(text).expect_err(text);
        assert_eq!(code, "INVALID_SEARCH", "{text}");
        assert!(message.starts_with("search term must be longer than one character: "), "{message}");
    }
    let deep = format!("FIND {{{}ab{}}}", "(".repeat(51), ")".repeat(51));
    assert!(parse(&deep).is_err() && parse(&format!("FIND {{{}", "(".repeat(50_000))).is_err());
}

#[test]
fn operators_bind_as_documented() {
    let word = |word: &str| Find::Word(text(word));
    let and = |all: Vec<Find>| Find::And(all, Vec::new());
    assert_eq!(find("ab"), word("ab"));
    assert_eq!(find("ab cd"), and(vec![word("ab"), word("cd")]));
    assert_eq!(find("ab and cd"), and(vec![word("ab"), word("cd")]));
    assert_eq!(find("ab OR cd ef"), Find::Or(vec![word("ab"), and(vec![word("cd"), word("ef")])]));
    assert_eq!(find("ab AND NOT cd"), Find::And(vec![word("ab")], vec![word("cd")]));
    assert_eq!(
        find("(ab or cd) AND NOT (ef gh)"),
        Find::And(vec![Find::Or(vec![word("ab"), word("cd")])], vec![and(vec![word("ef"), word("gh")])])
    );
    assert_eq!(find("\"ab and cd\""), Find::Phrase(text("ab and cd")));
    assert_eq!(find("android order"), and(vec![word("android"), word("order")]));
}

#[test]
fn escapes_and_wildcards_are_told_apart() {
    assert_eq!(
        find(r"ab\*c?d*"),
        Find::Word(Pattern(vec![
            Part::Text("ab*c".to_owned()),
            Part::One,
            Part::Text("d".to_owned()),
            Part::Any,
        ]))
    );
    let reserved = r#"?&|!{}[]()^~*:\"'+-"#;
    let escaped: String = reserved.chars().flat_map(|char| ['\\', char]).collect();
    assert_eq!(find(&escaped), Find::Word(text(reserved)));
    assert_eq!(find(&format!("\"{escaped} OR x\"")), Find::Phrase(text(&format!("{reserved} OR x"))));
}

#[test]
fn searches_that_differ_in_values_alone_are_the_same_when_blanked() {
    let blank = |text: &str| search(text).with_literals_blanked();
    assert_eq!(
        blank("FIND {\"harmless\"*} RETURNING A(b WHERE c = 'x' LIMIT 1) LIMIT 2"),
        blank(r#"FIND {"a\" OR \*"*} RETURNING A(b WHERE c = 'y\'' LIMIT 9) LIMIT 3"#)
    );
    assert_ne!(blank("FIND {\"ab\"}"), blank("FIND {\"ab*\"}"));
    assert_ne!(blank("FIND {\"ab\"}"), blank("FIND {ab}"));
    assert_ne!(blank("FIND {\"ab\"}"), blank("FIND {\"ab\" OR \"cd\"}"));
}

proptest! {
    #[test]
    fn no_text_is_too_strange_to_read(text in r#"(AND |OR |NOT |RETURNING |WITH |[ {}"'()*?\\a0é-]|\PC){0,40}"#) {
        let _ = parse(&text);
        let _ = parse(&format!("FIND {{{text}}}"));
        let _ = parse(&format!("FIND {{ab}} RETURNING {text}"));
    }

    #[test]
    fn an_escaped_phrase_is_one_phrase(text in r#"([ {}"'()*?\\a0é+-]|AND|OR|NOT|\PC){0,20}"#) {
        let escaped: String = text
            .chars()
            .flat_map(|char| r#"?&|!{}[]()^~*:\"'+-"#.contains(char).then_some('\\').into_iter().chain([char]))
            .collect();
        match parse(&format!("FIND {{\"{escaped}\"}}")) {
            Ok(search) => prop_assert_eq!(search.find, Find::Phrase(Pattern(vec![Part::Text(text)]))),
            Err(error) => prop_assert_eq!(error.code, "INVALID_SEARCH"),
        }
    }
}
