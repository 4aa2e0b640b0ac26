use super::world::World;

#[test]
fn groups_are_counted_and_summed() {
    let world = World::seeded();
    let run = |text: &str| world.run(text).unwrap_or_else(|error| panic!("{text}: {error}"));
    assert_eq!(run("SELECT COUNT() FROM Ticket__c WHERE Score__c != null"), (2, "[]".to_owned()));
    assert_eq!(run("SELECT COUNT() FROM Ticket__c LIMIT 1"), (1, "[]".to_owned()));
    let attributes = r#""attributes":{"type":"AggregateResult"}"#;
    for (text, rows) in [
        (
            "SELECT COUNT(Id), COUNT(Score__c) scored, COUNT_DISTINCT(Done__c), SUM(Visits__c), AVG(Visits__c) mean, \
             MIN(Due__c), MAX(Name) FROM Ticket__c",
            r#"{A,"expr0":3,"scored":2,"expr1":2,"expr2":8.0,"mean":4.0,"expr3":"2026-05-14","expr4":"Red"}"#,
        ),
        ("SELECT MAX(Score__c), COUNT(Id) FROM Ticket__c WHERE Name = 'x'", r#"{A,"expr0":null,"expr1":0}"#),
        (
            "SELECT Account__r.Name, COUNT(Id) FROM Ticket__c GROUP BY Account__r.Name ORDER BY COUNT(Id), \
             Account__r.Name NULLS LAST",
            r#"{A,"Name":"Blue Ocean","expr0":1},{A,"Name":"green Hill_100%","expr0":1},{A,"Name":null,"expr0":1}"#,
        ),
        (
            "SELECT Done__c d, COUNT(Id) n FROM Ticket__c GROUP BY Done__c HAVING COUNT(Id) > 1",
            r#"{A,"d":false,"n":2}"#,
        ),
        (
            "SELECT CALENDAR_YEAR(Due__c), CALENDAR_MONTH(Due__c) m, COUNT(Id) FROM Ticket__c WHERE Due__c != null \
             GROUP BY CALENDAR_YEAR(Due__c), CALENDAR_MONTH(Due__c) ORDER BY CALENDAR_MONTH(Due__c) DESC LIMIT 1",
            r#"{A,"expr0":2026,"m":6,"expr1":1}"#,
        ),
        (
            "SELECT Name FROM Ticket__c GROUP BY Name HAVING Name LIKE '%A%' AND MAX(Visits__c) != null",
            r#"{A,"Name":"Pale"}"#,
        ),
        ("SELECT FORMAT(MAX(Price__c)) p FROM Ticket__c", r#"{A,"p":"$1,000.00"}"#),
        ("SELECT Name FROM Ticket__c GROUP BY Name ORDER BY Name OFFSET 2", r#"{A,"Name":"Red"}"#),
    ] {
        assert_eq!(
            run(text).1,
            format!("[{}]", rows.replace('A', attributes).replace("%attributes", "%A")),
            "{text}"
        );
    }
    for (text, problem) in [
        ("SELECT Name, COUNT(Id) FROM Ticket__c", "Field must be grouped or aggregated: Name"),
        ("SELECT Id FROM Ticket__c GROUP BY Name", "Field must be grouped or aggregated: Id"),
        ("SELECT COUNT(Id) FROM Ticket__c ORDER BY Name", "Field must be grouped or aggregated: Name"),
        (
            "SELECT COUNT(Id) FROM Ticket__c GROUP BY Seen__c",
            "field 'Seen__c' can not be grouped in a query call",
        ),
        (
            "SELECT COUNT(Id) FROM Ticket__c GROUP BY Notes__c",
            "field 'Notes__c' can not be grouped in a query call",
        ),
        ("SELECT SUM(Name) FROM Ticket__c", "field Name does not support aggregate operator SUM"),
        ("SELECT MAX(Done__c) FROM Ticket__c", "field Done__c does not support aggregate operator MAX"),
        ("SELECT Name, MAX(Due__c) Name FROM Ticket__c GROUP BY Name", "duplicate alias: Name"),
        ("SELECT MAX(MAX(Due__c)) FROM Ticket__c", "the function MAX is not supported here"),
        (
            "SELECT COUNT(Id) FROM Ticket__c HAVING MAX(Id) IN (SELECT WhatId FROM Task)",
            "Semi join sub-selects are only supported in WHERE clauses",
        ),
    ] {
        let (code, message) = world.error(text);
        assert!(code == "MALFORMED_QUERY" && message.ends_with(problem), "{text}: {message}");
    }
}
