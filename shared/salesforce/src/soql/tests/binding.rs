use super::*;

#[test]
fn each_value_becomes_a_literal_of_its_place() {
    let table = [
        // unquoted: by exact form
        ("= {v}", "42", "= 42"),
        ("= {v}", "-3.50", "= -3.50"),
        ("= {v}", "0", "= 0"),
        ("= {v}", "2026-01-31", "= 2026-01-31"),
        ("= {v}", "2026-01-31T09:30:00Z", "= 2026-01-31T09:30:00Z"),
        ("= {v}", "2026-01-31T09:30:00.123+02:00", "= 2026-01-31T09:30:00.123+02:00"),
        ("= {v}", "true", "= true"),
        ("= {v}", "TRUE", "= 'TRUE'"),
        ("= {v}", "null", "= 'null'"),
        ("= {v}", "TODAY", "= 'TODAY'"),
        ("= {v}", "LAST_N_DAYS:3", "= 'LAST_N_DAYS:3'"),
        ("= {v}", "USD5000", "= 'USD5000'"),
        ("= {v}", "+12065550100", "= '+12065550100'"),
        ("= {v}", "00001026", "= '00001026'"),
        ("= {v}", "1234567890123456789", "= '1234567890123456789'"),
        ("= {v}", "1e5", "= '1e5'"),
        ("= {v}", ".5", "= '.5'"),
        ("= {v}", "5.", "= '5.'"),
        ("= {v}", "--5", "= '--5'"),
        ("= {v}", " 5", "= ' 5'"),
        ("= {v}", "٣", "= '٣'"),
        ("= {v}", "2026-02-30", "= '2026-02-30'"),
        ("= {v}", "2026-1-31", "= '2026-1-31'"),
        ("= {v}", "2026-01-31 09:30:00Z", "= '2026-01-31 09:30:00Z'"),
        ("= {v}", "2026-01-31T09:30:00", "= '2026-01-31T09:30:00'"),
        ("= {v}", "2026-01-31T09:30:60Z", "= '2026-01-31T09:30:60Z'"),
        ("= {v}", "2026-01-31T09:30:00.Z", "= '2026-01-31T09:30:00.Z'"),
        ("= {v}", "", "= ''"),
        ("= {v}", "' OR Name != '", r"= '\' OR Name != \''"),
        // a kind
        ("= {v:text}", "42", "= '42'"),
        ("= {v:number}", "007", "= 7"),
        ("= {v:number}", "-000.5", "= -0.5"),
        ("= {v:boolean}", "True", "= true"),
        ("= {v:date}", "2026-01-31", "= 2026-01-31"),
        ("= {v:id}", "0035e000000abcD", "= '0035e000000abcD'"),
        // inside quotes
        ("= '{v}'", "42", "= '42'"),
        ("= '{v}'", r"\", r"= '\\'"),
        ("= '{v}'", r"\'", r"= '\\\''"),
        ("= '{v}'", "a%_b", "= 'a%_b'"),
        ("= '{v}'", "{v}", "= '{v}'"),
        ("= '{v}'", "O'Example \"é\" 日本 😀", "= 'O\\'Example \"é\" 日本 😀'"),
        ("= '{v}'", "a\nb\rc\td", r"= 'a\nb\rc\td'"),
        (
            "= '{v}'",
            "\u{8}\u{b}\u{c}\u{1b}\u{7f}\u{85}\u{2028}",
            r"= '\u0008\u000b\u000c\u001b\u007f\u0085\u2028'",
        ),
        ("= 'x{v}y{v}'", "'", r"= 'x\'y\''"),
        (r"= '\\{v}'", "'", r"= '\\\''"),
        ("= '{v:number}'", "42", "= '42'"),
        ("= '{v:id}'", "0035e000000abcD", "= '0035e000000abcD'"),
        // LIKE
        ("LIKE {v}", "42", "LIKE '42'"),
        ("LIKE {v}", r"50%_\", r"LIKE '50\%\_\\'"),
        ("LIKE '%{v}%'", r"50%_\", r"LIKE '%50\%\_\\%'"),
        ("LIKE '{v:text}_'", r"\%", r"LIKE '\\\%_'"),
        ("LIKE {v:like}", "a'b", r"LIKE 'a\'b'"),
        // lists
        ("IN {v}", "a", "IN ('a')"),
        ("IN {v}", "a, b ,,c,", "IN ('a', 'b', 'c')"),
        ("IN ({v})", "a,b", "IN ('a', 'b')"),
        ("NOT IN ('x', {v})", "a,b", "NOT IN ('x', 'a', 'b')"),
        ("IN {v}", "1,2.5", "IN (1, 2.5)"),
        ("IN {v}", "1,b", "IN ('1', 'b')"),
        ("IN {v}", "2026-01-31,2026-02-01", "IN (2026-01-31, 2026-02-01)"),
        ("IN {v}", "a') OR Id IN (SELECT Id FROM Case", r"IN ('a\') OR Id IN (SELECT Id FROM Case')"),
        ("IN {v}", r#"["a, b", "1", 1, true]"#, "IN ('a, b', '1', 1, true)"),
        ("IN {v}", r#" ["it's"]"#, r"IN ('it\'s')"),
        ("IN {v:text}", "1,2", "IN ('1', '2')"),
        ("IN {v:list}", "1,2", "IN (1, 2)"),
        ("IN {v:id}", "0035e000000abcD", "IN ('0035e000000abcD')"),
        ("IN ('{v}')", "a,b", "IN ('a,b')"),
        ("INCLUDES {v}", "1,2", "INCLUDES ('1', '2')"),
        ("EXCLUDES ({v:list})", "a", "EXCLUDES ('a')"),
        // counts
        ("= LAST_N_DAYS:{v}", "007", "= LAST_N_DAYS:7"),
        ("= 1 LIMIT {v}", "0", "= 1 LIMIT 0"),
        ("= 1 LIMIT 5 OFFSET {v:number}", "10", "= 1 LIMIT 5 OFFSET 10"),
    ];
    for (template, value, expected) in table {
        let bound = bind(&format!("SELECT Id FROM A WHERE x {template}"), value);
        assert_eq!(bound, Ok(format!("SELECT Id FROM A WHERE x {expected}")), "{template} with {value}");
    }
}

#[test]
fn what_does_not_fit_is_an_error_that_names_the_parameter_only() {
    let table = [
        ("= {v:number}", "42x"),
        ("= {v:number}", "1e5"),
        ("= {v:number}", ""),
        ("= {v:number}", "1 OR x = 1"),
        ("= {v:number}", "1234567890123456789"),
        ("= {v:date}", "TODAY"),
        ("= {v:date}", "31.01.2026"),
        ("= {v:boolean}", "1"),
        ("= {v:id}", "0035e000000abc"),
        ("= {v:id}", "0035e000000abcD' OR x = '"),
        ("= '{v:id}'", "x"),
        ("= {v}", "a\0"),
        ("LIKE {v}", "\0"),
        ("= '{v}'", "a\0"),
        ("IN {v}", ""),
        ("IN {v}", " , ,"),
        ("IN {v}", "[]"),
        ("IN {v}", "['a']"),
        ("IN {v}", "[null]"),
        ("IN {v}", r#"[["a"]]"#),
        ("IN {v}", r#"["a"] OR x IN ("b")"#),
        ("IN {v}", "[1e300]"),
        ("IN {v:id}", "0035e000000abcD,x"),
        ("= LAST_N_DAYS:{v}", "-1"),
        ("= 1 LIMIT {v}", "+1"),
        ("= 1 LIMIT {v}", "1 OFFSET 3"),
        ("= 1 LIMIT {v}", "2147483648"),
        ("= 1 LIMIT {v}", ""),
    ];
    for (template, value) in table {
        let error = bind(&format!("SELECT Id FROM A WHERE x {template}"), value).unwrap_err();
        assert!(
            matches!(&error, BindError::Unfit { placeholder, .. } if placeholder == "v"),
            "{template}: {error}"
        );
    }
}

#[test]
fn a_placeholder_without_a_parameter_is_an_error() {
    let template = Template::parse("SELECT Id FROM A WHERE a = '{phone}' AND b = {Name}").unwrap();
    assert_eq!(template.placeholders().collect::<Vec<_>>(), ["phone", "Name"]);
    let parameters = |name: &str| (name == "phone" || name == "name").then(String::new);
    let error = template.bind(parameters).unwrap_err();
    assert_eq!(error, BindError::Missing { placeholder: "Name".to_owned() });
    assert_eq!(
        error.to_string(),
        "the query has the placeholder {Name}, but the parameter Name is missing or empty"
    );
}

#[test]
fn values_cannot_make_a_query_too_long() {
    let template = Template::parse("SELECT Id FROM A WHERE a IN {v}").unwrap();
    let error = template.bind(|_| Some("é,".repeat(50_000))).unwrap_err();
    assert_eq!(error, BindError::TooLong { what: "query", limit: 100_000 });
}
