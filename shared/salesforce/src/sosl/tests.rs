use super::*;
use crate::soql::Step;
use proptest::prelude::*;

fn bind(template: &str, value: &str) -> Result<String, BindError> {
    Template::parse(template, false)
        .unwrap()
        .bind(|_| Some(value.to_owned()))
        .map(|sosl| sosl.as_str().to_owned())
}

#[test]
fn what_the_reference_knows_is_accepted() {
    let table = [
        "FIND {MyProspect}",
        " find{joe} ",
        "FIND {\"Joe Smith\" OR \"Joe Smythe\"} IN Name Fields RETURNING lead(name, phone), contact(name, phone)",
        r#"FIND {Joe Sm?th* AND NOT (a OR "b c")} IN ALL FIELDS RETURNING Account"#,
        r#"FIND {right brace \} \{ 1\+1 "quo\"te"} IN SIDEBAR FIELDS"#,
        "FIND {x} IN EMAIL FIELDS RETURNING Account, Contact (Id), Case (Id, Subject WHERE Status = 'New' AND IsClosed = false)",
        "FIND {x} IN PHONE FIELDS RETURNING Contact (Id, toLabel(Status), FORMAT(Amount) a, Account.Name \
         USING ListView = Recent WHERE createddate = THIS_FISCAL_QUARTER ORDER BY Name DESC NULLS LAST LIMIT 5 OFFSET 2) LIMIT 20",
        "FIND {x} RETURNING Account (Id WHERE cf__c INCLUDES ('AAA')) WITH DIVISION = 'Global'",
        "FIND {tourism} RETURNING KnowledgeArticleVersion (Id, Title WHERE PublishStatus = 'Online') \
         WITH DATA CATEGORY Location__c AT America__c AND Product__c BELOW (a__c, b__c) WITH SNIPPET (target_length = 120)",
        "FIND {x} RETURNING FeedItem WITH NETWORK = '00000000000001' WITH SNIPPET WITH HIGHLIGHT",
        "FIND {x} RETURNING FeedItem WITH NETWORK IN ('a', 'b') LIMIT 3",
        "FIND {x} RETURNING Product2 WITH PricebookId = '01sxx0000002MffAAE' WITH METADATA = 'LABELS'",
        "FIND {x} RETURNING Account WITH SPELL_CORRECTION = false WITH USER_MODE LIMIT 1 UPDATE TRACKING, VIEWSTAT",
        "FIND {{name}} RETURNING Contact (Id WHERE Phone = '{phone}' LIMIT {n}) WITH DIVISION = {d} LIMIT {m}",
    ];
    for text in table {
        assert_eq!(Template::parse(text, false).map(drop), Ok(()), "{text}");
    }
}

#[test]
fn what_is_not_known_is_refused_at_the_character_where_it_stands() {
    let table = [
        ("", 1, "FIND"),
        ("SELECT Id FROM Account", 1, "FIND"),
        ("FIND 'x'", 6, "the text to search for, in braces"),
        ("FIND {x", 8, "a closing brace"),
        ("FIND {\"x}", 9, "a closing double quote"),
        ("FIND {a {b}", 12, "a closing brace"),
        ("FIND {a { b}}", 9, "a placeholder such as"),
        ("FIND {é\0}", 8, "no control character"),
        ("FIND {x\\", 9, "a character to escape"),
        ("FIND {{x:list}}", 7, "the kind list only"),
        ("FIND {{x:txt}}", 10, "one of the kinds"),
        ("FIND {é} FROM x", 10, "another clause"),
        ("FIND {x} IN SOME FIELDS", 13, "ALL, EMAIL"),
        ("FIND {x} IN ALL", 16, "FIELDS"),
        ("FIND {x} RETURNING", 19, "an object"),
        ("FIND {x} RETURNING {y}", 20, "an object"),
        ("FIND {x} RETURNING A (Id, (SELECT Id FROM B))", 27, "a field"),
        ("FIND {x} RETURNING A (Id WHERE Name = Other)", 39, "a literal"),
        ("FIND {x} RETURNING A (Id LIMIT 1", 33, "a comma, another clause or a closing parenthesis"),
        ("FIND {x} WITH WISDOM", 15, "a filter that SOSL has"),
        ("FIND {x} WITH DIVISION 'a'", 24, "="),
        ("FIND {x} WITH NETWORK IN (SELECT Id FROM A)", 27, "a literal"),
        ("FIND {x} LIMIT 1 FIND {y}", 18, "another clause"),
        ("FIND {x} -- y", 10, "no comment"),
    ];
    for (text, character, expected) in table {
        let error = Template::parse(text, false).unwrap_err();
        assert_eq!(error.character, character, "{text}: {error}");
        assert!(error.expected.starts_with(expected), "{text}: {error}");
    }
    let long = format!("FIND {{{}}}", "x".repeat(LONGEST));
    assert_eq!(Template::parse(&long, false).unwrap_err().expected, "a search of at most 100,000 characters");
}

#[test]
fn a_value_is_searched_for_as_a_phrase() {
    let table = [
        ("FIND {{v}}", "Acme Corp", r#"FIND {"Acme Corp"}"#),
        ("FIND {{v}*}", "Acme", r#"FIND {"Acme*"}"#),
        ("FIND {{v} AND {v}}", "a", r#"FIND {"a" AND "a"}"#),
        ("FIND {(x{v}?{v} OR b)}", "a", r#"FIND {("xa?a" OR b)}"#),
        ("FIND {\"{v}\"}", "a", r#"FIND {"a"}"#),
        ("FIND {\"the {v}*\" {v}}", "a", r#"FIND {"the a*" "a"}"#),
        ("FIND {{v}\"b\"{v}}", "a", r#"FIND {"a""b""a"}"#),
        ("FIND {1\\+{v}+{v}}", "1", r#"FIND {"1\+1"+"1"}"#),
        ("FIND {{v:number}}", "42", r#"FIND {"42"}"#),
        ("FIND {{v}}", "a AND NOT b", r#"FIND {"a AND NOT b"}"#),
        ("FIND {{v}}", r#"a" OR "b"#, r#"FIND {"a\" OR \"b"}"#),
        ("FIND {{v}}", "a} RETURNING Secret__c", r#"FIND {"a\} RETURNING Secret__c"}"#),
        ("FIND {{v}}", r#"1?&|!{}[]()^~*:\"'+-"#, r#"FIND {"1\?\&\|\!\{\}\[\]\(\)\^\~\*\:\\\"\'\+\-"}"#),
        ("FIND {{v}}", "a\nb\0c\td\u{2028}é", r#"FIND {"a b c d é"}"#),
        (
            "FIND {x} RETURNING A (Id WHERE b = '{v}' LIMIT 1)",
            "it's",
            r"FIND {x} RETURNING A (Id WHERE b = 'it\'s' LIMIT 1)",
        ),
        (
            "FIND {é{v}} RETURNING A (Id WHERE b LIKE {v})",
            "a%",
            r#"FIND {"éa%"} RETURNING A (Id WHERE b LIKE 'a\%')"#,
        ),
    ];
    for (template, value, expected) in table {
        assert_eq!(bind(template, value), Ok(expected.to_owned()), "{template} with {value}");
    }
}

#[test]
fn braces_hold_a_placeholder_only_if_there_are_parameters() {
    let bound = |text: &str, has_parameters| {
        let template = Template::parse(text, has_parameters).unwrap();
        template.bind(|_| Some("Acme".to_owned())).unwrap().as_str().to_owned()
    };
    assert_eq!(bound("FIND {name}", false), "FIND {name}");
    assert_eq!(bound("FIND {name} LIMIT 1", true), r#"FIND {"Acme"} LIMIT 1"#);
    assert_eq!(bound("FIND {name:text}", true), r#"FIND {"Acme"}"#);
    assert_eq!(bound("FIND {{name}}", true), r#"FIND {"Acme"}"#);
    assert_eq!(bound("FIND {two words}", true), "FIND {two words}");
    assert_eq!(bound("FIND {name*}", true), "FIND {name*}");
}

#[test]
fn what_does_not_fit_is_an_error() {
    let unfit =
        [("FIND {{v}}", ""), ("FIND {{v}*}", "*?"), ("FIND {\"a {v}\"}", "--"), ("FIND {{v:id}}", "x")];
    for (template, value) in unfit {
        assert!(matches!(bind(template, value), Err(BindError::Unfit { .. })), "{template} with {value}");
    }
    let error = bind("FIND {x AND {v}}", &"a ".repeat(2_000)).unwrap_err();
    assert_eq!(error, BindError::TooLong { what: "search text", limit: 4_000 });
    let error = bind("FIND {x} RETURNING A (Id WHERE b IN {v})", &"a,".repeat(50_000)).unwrap_err();
    assert_eq!(error, BindError::TooLong { what: "search", limit: 100_000 });
    let template = Template::parse("FIND {{first}} RETURNING A (Id WHERE b = {second})", false).unwrap();
    assert_eq!(template.placeholders().collect::<Vec<_>>(), ["first", "second"]);
    let error = template.bind(|name| (name == "first").then(|| "x".to_owned())).unwrap_err();
    assert_eq!(error, BindError::Missing { placeholder: "second".to_owned() });
}

#[test]
fn every_object_is_found() {
    let template = Template::parse("FIND {x} IN ALL FIELDS LIMIT 3", false).unwrap();
    assert!(template.reads_everything() && template.reads().is_empty());
    let text = "FIND {x RETURNING Y} RETURNING Contact (Id, Account.Name, contact.Owner.Name WHERE Parent__r.Z = 'a' \
                AND Id IN (SELECT WhoId FROM Task) ORDER BY Q__r.R), Case";
    let template = Template::parse(text, false).unwrap();
    assert!(!template.reads_everything());
    let objects: Vec<_> = template.reads().iter().map(|read| read.object.as_str()).collect();
    assert_eq!(objects, ["Contact", "Task", "Case"]);
    let parents =
        |names: &[&str]| names.iter().map(|name| Step::Parent((*name).to_owned())).collect::<Vec<_>>();
    let readings: Vec<_> = template.reads()[0].paths.iter().map(|path| path.readings.clone()).collect();
    assert_eq!(
        readings,
        [
            vec![parents(&["Account"])],
            vec![parents(&["Owner"]), parents(&["contact", "Owner"])],
            vec![parents(&["Parent__r"])],
            vec![parents(&["Q__r"])],
        ]
    );
}

#[test]
fn debug_shows_nothing_of_the_search() {
    let template = Template::parse("FIND {5550100 {v}}", false).unwrap();
    assert!(!format!("{template:?}").contains("5550100"), "{template:?}");
    assert_eq!(format!("{:?}", template.bind(|_| Some("5550100".to_owned())).unwrap()), "[search]");
}

/// What stands outside of double quotes in `FIND {…}`; `None` if braces or quotes do not fit together.
fn outside_of_phrases(search: &str) -> Option<(String, &str)> {
    let mut outside = String::new();
    let mut quoted = false;
    let mut characters = search.strip_prefix("FIND {")?.char_indices();
    while let Some((at, c)) = characters.next() {
        match c {
            '\\' => drop(characters.next()?),
            '"' => quoted = !quoted,
            '{' => return None,
            '}' => return (!quoted).then_some((outside, &search["FIND {".len() + at..])),
            c if !quoted => outside.push(c),
            _ => {}
        }
    }
    None
}

proptest! {
    #[test]
    fn no_text_panics(text in any::<String>(), value in any::<String>(), has_parameters in any::<bool>()) {
        for template in [text.clone(), format!("FIND {{{text}}}"), format!("FIND {{x}} {text}"), format!("FIND {text}")] {
            if let Ok(template) = Template::parse(&template, has_parameters) {
                let _ = template.bind(|_| Some(value.clone()));
            }
        }
    }

    #[test]
    fn a_value_never_changes_what_the_search_means(
        parts in prop::collection::vec(prop::sample::select(vec![
            "{v}", "{v}*", "\"a {v} b\"", "x", "AND", "(", ")", "-", "{v}{v}", " ", " OR ", "\\{", "y?{v}",
        ]), 1..8),
        value in prop_oneof![any::<String>(), r#"[a-z{}"'\\*()?:! \-+\n]{0,20}"#],
    ) {
        let template = format!("FIND {{{}}} RETURNING A (Id WHERE b = '{{v}}')", parts.concat());
        let template = Template::parse(&template, false).unwrap();
        let bind = |value: &str| template.bind(|_| Some(value.to_owned())).map(|sosl| sosl.as_str().to_owned());
        if let (Ok(bound), Ok(harmless)) = (bind(&value), bind("x")) {
            let (outside, rest) = outside_of_phrases(&bound).unwrap();
            prop_assert_eq!(outside, outside_of_phrases(&harmless).unwrap().0);
            let find = Template::parse(&bound[..bound.len() - rest.len() + 1], false).unwrap();
            prop_assert_eq!(find.placeholders().count(), 0);
            // A brace outside of a text would be refused, and so would be what stands in for it here.
            let rest = Template::parse(&format!("FIND {{x{}", rest.replace('{', "[")), false).unwrap();
            prop_assert_eq!(rest.reads(), template.reads());
        }
    }
}
