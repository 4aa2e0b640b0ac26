use super::*;

/// `Account.Owner` for two parents, `>Contacts` for children, readings separated by `|`, the object itself as `itself`.
fn shown(read: &Read) -> String {
    let step = |step: &Step| match step {
        Step::Parent(name) => name.clone(),
        Step::Child(name) => format!(">{name}"),
    };
    let reading = |steps: &Vec<Step>| match steps.as_slice() {
        [] => "itself".to_owned(),
        steps => steps.iter().map(step).collect::<Vec<_>>().join("."),
    };
    let path = |path: &Path| path.readings.iter().map(reading).collect::<Vec<_>>().join("|");
    format!("{}: {}", read.object, read.paths.iter().map(path).collect::<Vec<_>>().join(" "))
}

#[test]
fn every_object_is_found() {
    let table: &[(&str, &[&str])] = &[
        ("SELECT Id, Name FROM Account", &["Account: "]),
        ("SELECT id FROM aCCOUNT", &["aCCOUNT: "]),
        (
            "SELECT Account.Name, Account.Owner.Name, Owner.Name, Owner.Id FROM Contact",
            &["Contact: Account Account.Owner Owner"],
        ),
        // the object's own name, an alias, or a relationship of that name
        ("SELECT Contact.Name FROM Contact", &["Contact: itself|Contact"]),
        ("SELECT CONTACT.Account.Name FROM Contact", &["Contact: Account|CONTACT.Account"]),
        ("SELECT c.Name, c.Account.Name FROM Contact c", &["Contact: itself|c Account|c.Account"]),
        ("SELECT Account.Name FROM Contact Account", &["Contact: itself|Account"]),
        (
            "SELECT Id FROM Contact c, c.Account a WHERE a.Owner.Name = 'x'",
            &["Contact: Account|c.Account Account.Owner|c.Account.Owner|a.Owner"],
        ),
        (
            "SELECT Id FROM Contact, Contact.Account WHERE Account.Name = 'x'",
            &["Contact: Account|Contact.Account Account|Contact.Account|Account"],
        ),
        // every clause
        (
            "SELECT Id FROM Case WHERE Account.Name = 'a' OR NOT (Contact.Email LIKE 'b' AND Parent.Id IN ('c'))",
            &["Case: Account Contact Parent"],
        ),
        (
            "SELECT COUNT(Account.Id), toLabel(RecordType.Name) FROM Case GROUP BY ROLLUP(Owner.Name) \
          HAVING MAX(Contact.X__c) > 1 ORDER BY FORMAT(MIN(Parent.Y__c))",
            &["Case: Account Contact Owner Parent RecordType"],
        ),
        (
            "SELECT Id FROM A__c WHERE DISTANCE(B__r.L__c, GEOLOCATION(1, 2), 'km') < 3 WITH Network.X = 'a' \
          ORDER BY C__r.D__c NULLS LAST",
            &["A__c: B__r C__r Network"],
        ),
        (
            "SELECT convertCurrency(Account.X__c), FORMAT(convertTimezone(Owner.Y__c)), GROUPING(Z__r.Q) FROM Case",
            &["Case: Account Owner Z__r"],
        ),
        // children
        (
            "SELECT Id, (SELECT Id, Owner.Name FROM Contacts WHERE ReportsTo.Name = 'x') FROM Account",
            &["Account: >Contacts >Contacts.Owner >Contacts.ReportsTo"],
        ),
        (
            "SELECT (SELECT Contact.LastName FROM Account.Contacts) FROM Account",
            &["Account: >Contacts|Account.>Contacts >Contacts.Contact|Account.>Contacts.Contact"],
        ),
        (
            "SELECT (SELECT k.Owner.Name FROM a.Contacts k) FROM Account a",
            &[
                "Account: >Contacts|a.>Contacts >Contacts.Owner|a.>Contacts.Owner|>Contacts.k.Owner|a.>Contacts.k.Owner",
            ],
        ),
        (
            "SELECT (SELECT (SELECT CreatedBy.Name FROM Cases) FROM Contacts) FROM Account",
            &["Account: >Contacts >Contacts.>Cases >Contacts.>Cases.CreatedBy"],
        ),
        // semi-joins, also deep inside, and their own names
        (
            "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE Owner.Name = 'x') AND (NOT Id NOT IN \
          (SELECT Opportunity.AccountId FROM Opportunity))",
            &["Account: ", "Contact: Owner", "Opportunity: itself|Opportunity"],
        ),
        (
            "SELECT (SELECT Id FROM Contacts WHERE Id IN (SELECT WhoId FROM Task)) FROM Account",
            &["Account: >Contacts", "Task: "],
        ),
        (
            "SELECT Id FROM A WHERE x IN (SELECT y FROM B WHERE z IN (SELECT v.w FROM C v))",
            &["A: ", "B: ", "C: itself|v"],
        ),
        // polymorphic
        (
            "SELECT TYPEOF What WHEN Account THEN Owner.Name, Account.Phone WHEN Case THEN Subject ELSE Profile.Name END, \
          Who.Name FROM Event",
            &["Event: What What.Profile Who", "Account: itself|Account Owner", "Case: "],
        ),
        (
            "SELECT TYPEOF e.Account.Owner WHEN User THEN Id END FROM Event e",
            &["Event: Account.Owner|e.Account.Owner", "User: "],
        ),
        // what stands in a text or in a value is no name
        ("SELECT Id FROM A WHERE x = 'SELECT y FROM B' AND z = '{v}' AND w = {v}", &["A: "]),
    ];
    for (text, expected) in table {
        let template = Template::parse(text).unwrap();
        assert_eq!(template.reads().iter().map(shown).collect::<Vec<_>>(), *expected, "{text}");
    }
}
