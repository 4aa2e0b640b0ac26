use crate::soql::{Condition, Literal, Part, Pattern, Query, parse};

fn query(text: &str) -> Query {
    parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The one comparison of a query's condition.
fn literal(text: &str) -> Literal {
    match query(text).filter.unwrap() {
        Condition::Compare(_, _, literal) => literal,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_salesforce_takes_is_taken() {
    for text in [
        "SELECT Id FROM Account",
        "select id from account",
        "  SELECT\n\tId ,Name\r\nFROM Account  ",
        "SELECT Id, Account.Owner.Name FROM Contact",
        "SELECT c.Id, a.Name FROM Contact c, c.Account a WHERE a.Name = 'x'",
        "SELECT Id FROM Account AS a",
        "SELECT Name, (SELECT LastName, (SELECT Id FROM Cases) FROM Contacts WHERE LastName != null LIMIT 2) FROM Account",
        "SELECT COUNT() FROM Group",
        "SELECT COUNT(Id), COUNT_DISTINCT(Name) n, MAX(x), MIN(x), AVG(x), SUM(x) FROM A",
        "SELECT Status s, CALENDAR_YEAR(convertTimezone(CreatedDate)), count(Id) FROM Case GROUP BY Status, \
         CALENDAR_YEAR(convertTimezone(CreatedDate)) HAVING COUNT(Id) > 1 AND Status != 'x' ORDER BY COUNT(Id) DESC",
        "SELECT toLabel(Status), FORMAT(CreatedDate) d, convertCurrency(Amount), FORMAT(MIN(x)) FROM Case",
        "SELECT TYPEOF What WHEN Account THEN Phone, Name WHEN Case THEN Subject ELSE Name END, Id FROM Task",
        "SELECT TypeOf FROM A",
        "SELECT FIELDS(ALL) FROM Account LIMIT 200",
        "SELECT Id, fields(custom) FROM Account LIMIT 1",
        "SELECT Id FROM A WHERE (a = 1 AND b = 2) OR c = 3",
        "SELECT Id FROM A WHERE a = 1 AND b = 2 AND (NOT c = 3)",
        "SELECT Id FROM A WHERE NOT (a = 1 OR b = 2)",
        "SELECT Id FROM A WHERE NOT a LIKE 'x%'",
        "SELECT Id FROM A WHERE ((a = 1))",
        "SELECT Id FROM A WHERE a <> 1",
        "SELECT Id FROM A WHERE a IN ('x','y', null) AND b not in (1)",
        "SELECT Id FROM A WHERE Id IN (SELECT A__c FROM B WHERE x = 1)",
        "SELECT Id FROM A WHERE m INCLUDES ('a;b', 'c') AND n EXCLUDES ('d')",
        "SELECT Id FROM A WHERE a = true AND b = FALSE AND c = Null AND d = -1.5 AND e = 1e3 AND f = +2",
        "SELECT Id FROM A WHERE d = 2026-03-01 AND t >= 2026-03-01T10:00:00Z AND t < 2026-03-01T10:00:00.250+01:00 \
         AND t != 2026-03-01T10:00:00.000+0000",
        "SELECT Id FROM A WHERE d = today AND e = LAST_N_DAYS:7 AND f < N_MONTHS_AGO:2 AND g = THIS_FISCAL_YEAR",
        "SELECT Id FROM A WHERE DISTANCE(Loc__c, GEOLOCATION(37.7,122.4), 'mi') < 20",
        "SELECT Id FROM A USING SCOPE mine WHERE a = 1 WITH SECURITY_ENFORCED ORDER BY a, b.c DESC NULLS LAST, d ASC \
         NULLS FIRST LIMIT 10 OFFSET 5 FOR VIEW FOR REFERENCE",
        "SELECT Id FROM A WITH USER_MODE LIMIT 1 FOR UPDATE",
        "SELECT Id FROM A UPDATE TRACKING",
        "SELECT Order, Offset, Scope FROM Order",
        "SELECT Id FROM A WHERE Group.Name = 'x'",
    ] {
        query(text);
    }
}

#[test]
fn what_salesforce_refuses_is_refused_where_it_goes_wrong() {
    for (text, column, problem) in [
        ("SELECT Id FROM A WHERE a = 1 AND b = 2 OR c = 3", 40, "unexpected token: 'OR'"),
        ("SELECT Id FROM A WHERE a = 1 OR b = 2 AND c = 3", 39, "unexpected token: 'AND'"),
        ("SELECT Id FROM A WHERE a = 1 AND NOT (b = 2)", 34, "unexpected token: 'NOT'"),
        ("SELECT Id FROM A WHERE NOT a = 1 AND b = 2", 34, "unexpected token: 'AND'"),
        ("SELECT Id FROM A WHERE a NOT LIKE 'x'", 26, "unexpected token: 'NOT'"),
        ("SELECT Id FROM A WHERE a IS NULL", 26, "unexpected token: 'IS'"),
        ("SELECT Id FROM A WHERE a = \"x\"", 28, "unexpected token: '\"'"),
        ("SELECT Id FROM A WHERE a = x", 28, "unexpected token: 'x'"),
        ("SELECT Id FROM A WHERE a = 'x' 'y'", 32, "unexpected token: 'y'"),
        ("SELECT Id FROM A WHERE a == 1", 27, "unexpected token: '='"),
        ("SELECT Id FROM A WHERE a = 1 = 2", 30, "unexpected token: '='"),
        ("SELECT Id FROM A WHERE (a = 1", 30, "unexpected token: '<EOF>'"),
        ("SELECT Id FROM A WHERE a = 1)", 29, "unexpected token: ')'"),
        ("SELECT Id FROM A WHERE a IN ()", 30, "unexpected token: ')'"),
        ("SELECT Id FROM A WHERE a IN 'x'", 29, "unexpected token: 'x'"),
        ("SELECT Id FROM A WHERE a IN ('x',)", 34, "unexpected token: ')'"),
        ("SELECT Id FROM A WHERE a = :b", 28, "Bind variables only allowed in Apex code"),
        ("SELECT Id FROM A WHERE a IN :b", 29, "Bind variables only allowed in Apex code"),
        ("SELECT Id FROM A WHERE 'x' = a", 24, "unexpected token: 'x'"),
        ("SELECT Id FROM A WHERE", 23, "unexpected token: '<EOF>'"),
        ("SELECT FROM A", 8, "unexpected token: 'FROM'"),
        ("SELECT * FROM A", 8, "unexpected token: '*'"),
        ("SELECT Id, FROM A", 12, "unexpected token: 'FROM'"),
        ("SELECT Id Name Phone FROM A", 16, "unexpected token: 'Phone'"),
        ("SELECT Id", 10, "unexpected token: '<EOF>'"),
        ("SELECT Id FROM", 15, "unexpected token: '<EOF>'"),
        ("SELECT Id FROM A, B", 20, "unexpected token: '<EOF>'"),
        ("UPDATE A SET b = 1", 1, "unexpected token: 'UPDATE'"),
        ("SELECT Id FROM A; SELECT Id FROM B", 17, "unexpected token: ';'"),
        ("SELECT Id FROM A -- x", 18, "unexpected token: '--'"),
        ("SELECT Id FROM A /* x */", 18, "unexpected token: '/'"),
        ("SELECT Id FROM A LIMIT -1", 24, "unexpected token: '-1'"),
        ("SELECT Id FROM A LIMIT 1.5", 24, "unexpected token: '1.5'"),
        ("SELECT Id FROM A LIMIT '1'", 24, "unexpected token: '1'"),
        ("SELECT Id FROM A LIMIT 1 WHERE a = 1", 26, "unexpected token: 'WHERE'"),
        ("SELECT Id FROM A LIMIT 1 LIMIT 2", 26, "unexpected token: 'LIMIT'"),
        ("SELECT Id FROM A LIMIT 1 ALL ROWS", 34, "ALL ROWS not allowed in this context"),
        ("SELECT Id FROM A UNION SELECT Id FROM B", 24, "unexpected token: 'SELECT'"),
        ("SELECT Id FROM A USING SCOPE yours", 30, "unexpected token: 'yours'"),
        ("SELECT Id FROM A WITH SHARING", 23, "unexpected token: 'SHARING'"),
        ("SELECT Id FROM A ORDER BY a UP", 29, "unexpected token: 'UP'"),
        ("SELECT Id FROM A ORDER BY a NULLS", 34, "unexpected token: '<EOF>'"),
        ("SELECT UPPER(Name) FROM A", 13, "unexpected token: '('"),
        ("SELECT COUNT(a, b) FROM A", 8, "unexpected number of arguments: COUNT"),
        ("SELECT MAX() FROM A", 12, "unexpected token: ')'"),
        ("SELECT FIELDS(SOME) FROM A", 15, "unexpected token: 'SOME'"),
        ("SELECT TYPEOF What ELSE Name END FROM Task", 20, "unexpected token: 'ELSE'"),
        ("SELECT Id FROM A WHERE d = 2026-3-1", 28, "unexpected token: '2026-3-1'"),
        ("SELECT Id FROM A WHERE d = 2026-02-30", 28, "unexpected token: '2026-02-30'"),
        ("SELECT Id FROM A WHERE d = 2026-03-01T10:00:00", 28, "unexpected token: '2026-03-01T10:00:00'"),
        ("SELECT Id FROM A WHERE d = LAST_N_DAYS", 28, "unexpected token: 'LAST_N_DAYS'"),
        ("SELECT Id FROM A WHERE d = LAST_N_DAYS:x", 28, "unexpected token: 'LAST_N_DAYS'"),
        ("SELECT Id FROM A WHERE d = TODAY:1", 28, "unexpected token: 'TODAY'"),
        ("SELECT Id FROM A WHERE n = 1e999", 28, "unexpected token: '1e999'"),
        ("SELECT Id FROM A WHERE n = 0x1F", 28, "unexpected token: '0x1F'"),
        ("SELECT Id, (SELECT Id FROM B FROM A", 30, "unexpected token: 'FROM'"),
        ("SELECT Id FROM A WHERE a = 'it's'", 34, "mismatched character '<EOF>' expecting '''"),
    ] {
        let error = parse(text).expect_err(text);
        assert_eq!(error.code, "MALFORMED_QUERY", "{text}");
        let end = format!("ERROR at Row:1:Column:{column}\n{problem}");
        assert!(error.message.ends_with(&end), "{text}: {error}");
    }
    assert_eq!(parse(" ").unwrap_err().message, "SOQL statements cannot be empty or null");
    let long = format!("SELECT Id FROM A WHERE a = '{}'", "x".repeat(100_000));
    assert_eq!(parse(&long).unwrap_err().message, "SOQL statements cannot be longer than 100000 characters.");
}

#[test]
fn escapes_in_texts_mean_what_salesforce_documents() {
    let text = |written: &str| literal(&format!("SELECT Id FROM A WHERE a = '{written}'"));
    for (written, meant) in [
        (r"it\'s", "it's"),
        (r"a\\", r"a\"),
        (r"\\n", r"\n"),
        (r"\n\N\r\R\t\T\b\B\f\F", "\n\n\r\r\t\t\u{8}\u{8}\u{c}\u{c}"),
        (r#"\"x\""#, "\"x\""),
        (r"\u00e9\u00E9!", "éé!"),
        ("100% _ {x} /* -- ; é 日本", "100% _ {x} /* -- ; é 日本"),
        ("", ""),
    ] {
        assert_eq!(text(written), Literal::Text(meant.to_owned()), "{written}");
    }
    for written in [r"\x", r"\%", r"\_", r"\ ", r"\u12", r"\u12g4", r"\ud83d", r"\é"] {
        let error = parse(&format!("SELECT Id FROM A WHERE a = '{written}'")).expect_err(written);
        let sequence: String = written.chars().take(2).collect();
        let problem = format!(
            "Column:28\nInvalid string literal '{written}'. Illegal character sequence '{sequence}' in string literal."
        );
        assert!(error.message.ends_with(&problem), "{error}");
    }
}

#[test]
fn wildcards_are_those_that_are_not_escaped() {
    let pattern = |written: &str| match literal(&format!("SELECT Id FROM A WHERE a LIKE '{written}'")) {
        Literal::Pattern(Pattern(parts)) => parts,
        other => panic!("{other:?}"),
    };
    let text = |text: &str| Part::Text(text.to_owned());
    assert_eq!(pattern("%a_b%"), [Part::Any, text("a"), Part::One, text("b"), Part::Any]);
    assert_eq!(pattern(r"100\%\_\\%"), [text(r"100%_\"), Part::Any]);
    assert_eq!(pattern(r"it\'s"), [text("it's")]);
    assert_eq!(pattern(""), []);
}

#[test]
fn nesting_has_an_end() {
    let nested = |depth: usize| {
        parse(&format!("SELECT Id FROM A WHERE {}a = 1{}", "(".repeat(depth), ")".repeat(depth)))
    };
    assert!(nested(50).is_ok());
    let error = nested(51).unwrap_err();
    assert!(error.message.contains("the filter conditions are too complicated"), "{error}");
    assert!(nested(40_000).is_err());
    assert!(parse(&"SELECT Id, (".repeat(8_000)).is_err());
    assert!(parse(&format!("SELECT {}", "FORMAT(".repeat(14_000))).is_err());
}

#[test]
fn queries_that_differ_in_values_alone_are_the_same_when_blanked() {
    let blank = |text: &str| query(text).with_literals_blanked();
    for (one, other) in [
        ("SELECT Id FROM A WHERE a = 'x'", "select Id from A  where a = 'it\\'s longer'"),
        ("SELECT Id FROM A WHERE a LIKE '%x%'", "SELECT Id FROM A WHERE a LIKE '%\\%\\'%'"),
        ("SELECT Id FROM A WHERE a IN ('x','y') LIMIT 1", "SELECT Id FROM A WHERE a IN ('z','') LIMIT 20"),
        (
            "SELECT Id FROM A WHERE a = 1 AND d = LAST_N_DAYS:1",
            "SELECT Id FROM A WHERE a = -2.5 AND d = LAST_N_DAYS:30",
        ),
        (
            "SELECT (SELECT Id FROM B WHERE a = 'x' LIMIT 1) FROM A WHERE Id IN (SELECT B FROM C WHERE a = 2026-01-01)",
            "SELECT (SELECT Id FROM B WHERE a = 'y' LIMIT 2) FROM A WHERE Id IN (SELECT B FROM C WHERE a = 2026-02-01)",
        ),
    ] {
        assert_eq!(blank(one), blank(other));
    }
    for (one, other) in [
        ("SELECT Id FROM A WHERE a = 'x'", "SELECT Id FROM A WHERE a = 1"),
        ("SELECT Id FROM A WHERE a = 'x'", "SELECT Id FROM A WHERE a = null"),
        ("SELECT Id FROM A WHERE a = 'x'", "SELECT Id FROM A WHERE a != 'x'"),
        ("SELECT Id FROM A WHERE a = 'x'", "SELECT Id FROM A WHERE a = 'x' OR b = 'x'"),
        ("SELECT Id FROM A WHERE a LIKE '%x'", "SELECT Id FROM A WHERE a LIKE '%x%'"),
        ("SELECT Id FROM A WHERE a IN ('x')", "SELECT Id FROM A WHERE a IN ('x', 'y')"),
        ("SELECT Id FROM A WHERE a = TODAY", "SELECT Id FROM A WHERE a = YESTERDAY"),
        ("SELECT Id FROM A LIMIT 1", "SELECT Id FROM A"),
    ] {
        assert_ne!(blank(one), blank(other), "{one} / {other}");
    }
}

#[test]
fn all_values_are_listed() {
    let text = "SELECT Id, (SELECT Id FROM B WHERE b = 'b') FROM A WHERE (a = 'a' OR c IN ('c', 1)) \
                AND Id IN (SELECT D FROM E WHERE NOT d LIKE 'd%') GROUP BY x HAVING COUNT(Id) > 5 LIMIT 3";
    let mut values: Vec<_> = query(text).literals().iter().map(ToString::to_string).collect();
    values.sort_unstable();
    assert_eq!(values, ["'a'", "'b'", "'c'", "'d%'", "1", "5"]);
}
