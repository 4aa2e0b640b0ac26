use serde_json::{Value, json};

use super::world::World;
use crate::soql::parse;
use crate::store::records;

#[test]
fn objects_that_are_not_there_are_refused() {
    let world = World::seeded();
    for text in
        ["SELECT Id FROM Nope__c", "SELECT Id FROM RealtimeAlertEvent", "SELECT Id FROM Account.Contacts"]
    {
        let (code, message) = world.error(text);
        let object = text.rsplit(' ').next().unwrap();
        assert_eq!(code, "INVALID_TYPE");
        let start = format!(
            "\n{text}\n               ^\nERROR at Row:1:Column:16\nsObject type '{object}' is not supported. If you are \
             attempting to use a custom object, be sure to append the '__c' after the entity name."
        );
        assert!(message.starts_with(&start), "{message}");
    }
}

#[test]
fn rows_are_written_as_selected_and_in_the_schemas_spelling() {
    let world = World::seeded();
    let (total, rows) = world
        .run("select lastname, account.name, ID, Account.owner.type, email from contact where LASTNAME = 'alpha'")
        .unwrap();
    let (contact, account) = (world.id("first"), world.id("blue"));
    let owner = world.rows("SELECT OwnerId FROM Account LIMIT 1")[0]["OwnerId"].as_str().unwrap().to_owned();
    let expected = format!(
        r#"[{{"attributes":{{"type":"Contact","url":"/services/data/v66.0/sobjects/Contact/{contact}"}},"LastName":"Alpha","Account":{{"attributes":{{"type":"Account","url":"/services/data/v66.0/sobjects/Account/{account}"}},"Name":"Blue Ocean","Owner":{{"attributes":{{"type":"Name","url":"/services/data/v66.0/sobjects/User/{owner}"}},"Type":"User"}}}},"Id":"{contact}","Email":null}}]"#
    );
    assert_eq!((total, rows), (1, expected));
    let row = &world.rows("SELECT Account.Name, Account.Owner.Name FROM Contact WHERE AccountId = null")[0];
    assert_eq!(row["Account"], Value::Null);
}

#[test]
fn aliases_name_the_object_and_its_parents() {
    let world = World::seeded();
    for text in [
        "SELECT c.LastName, a.Name FROM Contact c, c.Account a WHERE a.Industry = 'Energy' ORDER BY c.LastName",
        "SELECT Contact.LastName, Contact.Account.Name FROM Contact WHERE Contact.Account.Industry = 'Energy' \
         ORDER BY LastName",
        "SELECT LastName, o.Name FROM Contact x, Contact.Account o, o.Owner u WHERE u.Type = 'User' ORDER BY LastName",
    ] {
        let rows = world.rows(text);
        let names: Vec<_> = rows.iter().map(|row| (&row["LastName"], &row["Account"]["Name"])).collect();
        assert_eq!(names, [(&json!("Alpha"), &json!("Blue Ocean")), (&json!("beta"), &json!("Blue Ocean"))]);
    }
    let (code, message) = world.error("SELECT Id FROM Contact c, c.Nope a");
    assert_eq!(code, "INVALID_FIELD");
    assert!(message.contains("Column:27\nDidn't understand relationship 'Nope'"), "{message}");
}

#[test]
fn children_are_nested_results() {
    let world = World::seeded();
    let rows = world.rows(
        "SELECT Name, (SELECT LastName FROM Contacts WHERE LastName != 'x' ORDER BY LastName DESC LIMIT 1), \
         (SELECT Name, Account__r.Name FROM Tickets__r) FROM Account ORDER BY Name",
    );
    let contacts = &rows[0]["Contacts"];
    assert_eq!((&contacts["totalSize"], &contacts["done"]), (&json!(1), &json!(true)));
    assert_eq!(contacts["records"][0]["LastName"], "beta");
    assert_eq!(contacts["records"][0]["attributes"]["type"], "Contact");
    assert_eq!(rows[0]["Tickets__r"]["records"][0]["Account__r"]["Name"], "Blue Ocean");
    assert_eq!(rows[1]["Contacts"], Value::Null);
    let nested =
        world.rows("SELECT Id, (SELECT Id, (SELECT Subject FROM Tasks) FROM Contacts) FROM Account LIMIT 1");
    let tasks = &nested[0]["Contacts"]["records"][0]["Tasks"];
    assert_eq!(tasks["records"][0]["Subject"], "Call");

    let (code, message) = world.error("SELECT Id, (SELECT Id FROM Contact) FROM Account");
    let problem = "Column:28\nDidn't understand relationship 'Contact' in FROM part of query call.";
    assert!(code == "INVALID_TYPE" && message.contains(problem), "{message}");
    let (_, message) = world.error("SELECT Id, (SELECT COUNT(Id) FROM Contacts) FROM Account");
    assert!(message.contains("aggregates are not supported in a child sub-query"), "{message}");
}

#[test]
fn polymorphic_parents_show_what_they_are() {
    let world = World::seeded();
    let rows = world.rows(
        "SELECT Subject, What.Name, What.Type, TYPEOF Who WHEN Contact THEN LastName, Account.Name ELSE Name END \
         FROM Task ORDER BY Subject",
    );
    assert_eq!(
        (&rows[0]["What"]["Name"], &rows[0]["What"]["Type"]),
        (&json!("Blue Ocean"), &json!("Account"))
    );
    assert_eq!((&rows[1]["What"]["Name"], &rows[1]["What"]["Type"]), (&json!("Red"), &json!("Ticket__c")));
    assert_eq!(rows[0]["What"]["attributes"]["type"], "Name");
    assert_eq!(rows[0]["Who"]["attributes"]["type"], "Contact");
    assert_eq!(rows[0]["Who"]["Account"]["Name"], "Blue Ocean");
    assert_eq!(rows[1]["Who"], Value::Null);
    let other = world.rows(
        "SELECT TYPEOF What WHEN Account THEN Phone ELSE Type, Name END FROM Task WHERE What.Type IN ('Ticket__c')",
    );
    assert_eq!((&other[0]["What"]["Type"], &other[0]["What"]["Name"]), (&json!("Ticket__c"), &json!("Red")));
    let (_, message) = world.error("SELECT TYPEOF Account WHEN Account THEN Phone END FROM Contact");
    assert!(message.contains("TYPEOF is only supported on a polymorphic relationship"), "{message}");
}

#[test]
fn rows_are_sorted_and_cut() {
    let world = World::seeded();
    for (clauses, found) in [
        ("ORDER BY Name", "Bare,Pale,Red"),
        ("ORDER BY Name DESC", "Red,Pale,Bare"),
        ("ORDER BY Score__c", "Bare,Pale,Red"),
        ("ORDER BY Score__c DESC", "Bare,Red,Pale"),
        ("ORDER BY Score__c DESC NULLS LAST", "Red,Pale,Bare"),
        ("ORDER BY Score__c NULLS FIRST", "Bare,Pale,Red"),
        ("ORDER BY Done__c DESC, Name DESC", "Red,Pale,Bare"),
        ("ORDER BY Account__r.Name NULLS LAST", "Red,Pale,Bare"),
        ("ORDER BY CALENDAR_MONTH(Due__c) NULLS LAST, Name", "Red,Pale,Bare"),
        ("ORDER BY Name LIMIT 1 OFFSET 1", "Pale"),
        ("ORDER BY Name LIMIT 5 OFFSET 9", ""),
        ("LIMIT 0", ""),
        ("USING SCOPE everything LIMIT 1", "Red"),
    ] {
        let text = format!("SELECT Name FROM Ticket__c {clauses}");
        assert_eq!(world.column(&text).join(","), found, "{clauses}");
    }
    let mut world = world;
    world.add("foreign", "Ticket__c", json!({"Name": "Foreign", "OwnerId": "005000000000001AAA"}));
    let mine = "SELECT Name FROM Ticket__c USING SCOPE mine ORDER BY Name";
    assert_eq!(world.column(mine), ["Bare", "Pale", "Red"]);
    for (clauses, code, problem) in [
        (
            "OFFSET 2001",
            "NUMBER_OUTSIDE_VALID_RANGE",
            "Maximum SOQL offset allowed for apiName Ticket__c is 2000",
        ),
        ("ORDER BY Notes__c", "MALFORMED_QUERY", "field 'Notes__c' can not be sorted in a query call"),
        ("ORDER BY Tags__c", "MALFORMED_QUERY", "field 'Tags__c' can not be sorted in a query call"),
        ("ORDER BY COUNT(Id)", "MALFORMED_QUERY", "the function COUNT is not supported here"),
        ("USING SCOPE team", "MALFORMED_QUERY", "filter scope 'team' is not enabled in this org"),
    ] {
        let (found, message) = world.error(&format!("SELECT Name FROM Ticket__c {clauses}"));
        assert!(found == code && message.ends_with(problem), "{clauses}: {message}");
    }
}

#[test]
fn deleted_rows_are_seen_only_when_asked_for() {
    let world = World::seeded();
    let text = "SELECT COUNT() FROM Account";
    let count = |deleted| world.with(text, deleted, |data| data.run(&parse(text).unwrap()).unwrap().total);
    assert_eq!((count(false), count(true)), (2, 3));
}

#[test]
fn functions_and_field_sets_are_selected() {
    let world = World::seeded();
    let row = &world.rows(
        "SELECT FORMAT(Price__c) p, FORMAT(Seen__c) s, toLabel(Name), convertCurrency(Price__c) c \
        FROM Ticket__c WHERE Name = 'Red'",
    )[0];
    assert_eq!((&row["p"], &row["s"]), (&json!("$1,000.00"), &json!("5/15/2026, 9:30 AM")));
    assert_eq!((&row["Name"], &row["c"]), (&json!("Red"), &json!(1000)));

    let all = &world.rows("SELECT FIELDS(ALL) FROM Ticket__c LIMIT 1")[0];
    let custom = &world.rows("SELECT FIELDS(CUSTOM) FROM Ticket__c LIMIT 200")[0];
    let standard = &world.rows("SELECT FIELDS(STANDARD) FROM Ticket__c")[0];
    assert!(
        custom.contains_key("Tags__c") && !custom.contains_key("Id") && standard.contains_key("CreatedDate")
    );
    assert_eq!(all.len() + 1, custom.len() + standard.len(), "attributes are counted twice");
    for (text, code, problem) in [
        ("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY", "must have a LIMIT of at most 200"),
        (
            "SELECT FIELDS(CUSTOM) FROM Account LIMIT 201",
            "MALFORMED_QUERY",
            "must have a LIMIT of at most 200",
        ),
        ("SELECT Id, FIELDS(STANDARD) FROM Account", "INVALID_FIELD", "duplicate field selected: Id"),
        ("SELECT Name, name FROM Account", "INVALID_FIELD", "duplicate field selected: Name"),
        ("SELECT Owner.Name, Owner.Name FROM Account", "INVALID_FIELD", "duplicate field selected: Name"),
        ("SELECT Name n FROM Account", "MALFORMED_QUERY", "only aggregate expressions use field aliasing"),
        (
            "SELECT CALENDAR_YEAR(CreatedDate) FROM Account",
            "MALFORMED_QUERY",
            "Field must be grouped or aggregated: CreatedDate",
        ),
    ] {
        let (found, message) = world.error(text);
        assert!(found == code && message.ends_with(problem), "{text}: {message}");
    }
}

#[test]
fn ten_thousand_rows_take_no_time() {
    let world = World::empty();
    let filled: rusqlite::Result<()> = world.store.transact(|db| {
        for number in 0..10_000 {
            let fields = json!({"Name": format!("Ticket {number}"), "Visits__c": number % 100});
            let Value::Object(fields) = fields else { continue };
            records::insert(db, "Ticket__c", fields)?;
        }
        Ok(())
    });
    filled.unwrap();
    let start = std::time::Instant::now();
    let rows = world.rows(
        "SELECT Name, Visits__c FROM Ticket__c WHERE Name LIKE '%9' AND Visits__c < 50 ORDER BY Name DESC",
    );
    let took = start.elapsed();
    assert_eq!((rows.len(), rows[0]["Name"].as_str()), (500, Some("Ticket 9949")));
    assert!(took.as_secs() < 5, "{took:?}");
    let (code, _) = world.error("SELECT Name FROM Ticket__c GROUP BY Name");
    assert_eq!(code, "EXCEEDED_ID_LIMIT");
    assert_eq!(world.rows("SELECT Visits__c FROM Ticket__c GROUP BY Visits__c").len(), 100);
}
