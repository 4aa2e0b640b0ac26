use serde_json::json;

use super::world::World;

/// Conditions, and the tickets that they hold for.
#[test]
fn conditions_take_the_rows_that_salesforce_would() {
    let world = World::seeded();
    for (condition, found) in [
        ("Name = 'RED'", "Red"),
        ("Name != 'red'", "Pale,Bare"),
        ("Name > 'bare' AND Name <= 'PALE'", "Pale"),
        ("Name = ''", ""),
        ("Name LIKE '%A%'", "Pale,Bare"),
        ("Name LIKE '_a_e'", "Pale,Bare"),
        ("Name LIKE 're'", ""),
        ("(NOT Name LIKE '%a%')", "Red"),
        ("Name IN ('red', 'BARE', 'x')", "Red,Bare"),
        ("Name NOT IN ('red', 'x')", "Pale,Bare"),
        ("Score__c = 1.5", "Red"),
        ("Score__c != 1.5", "Pale,Bare"),
        ("Score__c < 0", "Pale"),
        ("Score__c >= -2.0", "Red,Pale"),
        ("Score__c = null", "Bare"),
        ("Score__c != null", "Red,Pale"),
        ("Score__c NOT IN (1.5)", "Pale,Bare"),
        ("Score__c IN (1.5, null)", "Red,Bare"),
        ("Visits__c IN (3, 5)", "Red,Pale"),
        ("Done__c = true", "Red"),
        ("Done__c = false", "Pale,Bare"),
        ("Done__c = null", "Pale,Bare"),
        ("Done__c != null", "Red"),
        ("Done__c != TRUE", "Pale,Bare"),
        ("Due__c = 2026-05-14", "Red"),
        ("Due__c = YESTERDAY", "Red"),
        ("Due__c < TODAY", "Red"),
        ("Due__c > THIS_MONTH", "Pale"),
        ("Due__c >= THIS_MONTH", "Red,Pale"),
        ("Due__c = NEXT_MONTH", "Pale"),
        ("Due__c != YESTERDAY", "Pale,Bare"),
        ("Due__c IN (YESTERDAY, 2026-06-01)", "Red,Pale"),
        ("Due__c = NEXT_N_DAYS:17", "Pale"),
        ("Seen__c = TODAY", "Red"),
        ("Seen__c = YESTERDAY", "Pale"),
        ("Seen__c < TODAY", "Pale"),
        ("Seen__c <= TODAY", "Red,Pale"),
        ("Seen__c > YESTERDAY", "Red"),
        ("Seen__c = 2026-05-15T09:30:00Z", "Red"),
        ("Seen__c = 2026-05-15T11:30:00+02:00", "Red"),
        ("Seen__c < 2026-05-15T09:30:00.001Z", "Red,Pale"),
        ("Seen__c > 2026-05-15T09:29:59-00:30", ""),
        ("DAY_ONLY(Seen__c) = 2026-05-15", "Red"),
        ("HOUR_IN_DAY(Seen__c) = 9", "Red"),
        ("CALENDAR_MONTH(Due__c) = 6", "Pale"),
        ("CALENDAR_YEAR(Due__c) = 2026", "Red,Pale"),
        ("DAY_IN_WEEK(convertTimezone(Seen__c)) = 6", "Red"),
        ("WEEK_IN_MONTH(Due__c) = 1", "Pale"),
        ("Tags__c INCLUDES ('red')", "Red"),
        ("Tags__c INCLUDES ('Red;Blue', 'Green')", "Red,Pale"),
        ("Tags__c INCLUDES ('Red;Green')", ""),
        ("Tags__c EXCLUDES ('Green')", "Red,Bare"),
        ("Tags__c = 'Blue;Red'", "Red"),
        ("Account__r.Name = 'blue ocean'", "Red"),
        ("Account__r.Name = null", "Bare"),
        ("Account__r.Owner.Type = 'User'", "Red,Pale"),
        ("Ticket__c.Name = 'Red'", "Red"),
        ("toLabel(Name) = 'Red'", "Red"),
        ("Name = 'Red' OR (Score__c < 0 AND Done__c = false)", "Red,Pale"),
        ("NOT (Name = 'Red' OR Name = 'Bare')", "Pale"),
        ("Account__c IN (SELECT AccountId FROM Contact WHERE LastName = 'alpha')", "Red"),
        ("Account__c NOT IN (SELECT AccountId FROM Contact) AND Account__c != null", "Pale"),
        ("Account__c NOT IN (SELECT AccountId FROM Contact)", "Pale,Bare"),
        ("Id IN (SELECT WhatId FROM Task)", "Red"),
    ] {
        let text = format!("SELECT Name FROM Ticket__c WHERE {condition}");
        assert_eq!(world.column(&text).join(","), found, "{condition}");
    }
    for id in [world.id("red"), world.id("red")[..15].to_owned()] {
        assert_eq!(world.column(&format!("SELECT Name FROM Ticket__c WHERE Id = '{id}'")), ["Red"]);
    }
    let like = r"SELECT Name FROM Account WHERE Name LIKE '%hill\_100\%'";
    assert_eq!(world.column(like), ["green Hill_100%"]);
    let quoted = r#"SELECT LastName FROM Contact WHERE LastName = 'gamma\'s \"X\"'"#;
    assert_eq!(world.column(quoted), ["Gamma's \"x\""]);
}

#[test]
fn what_a_condition_cannot_ask_is_refused_in_salesforces_words() {
    let world = World::seeded();
    let string = "must be of type string and should be enclosed in quotes";
    for (condition, code, problem) in [
        ("Name = 5", "INVALID_FIELD", format!("value of filter criterion for field 'Name' {string}")),
        ("Name LIKE 5", "INVALID_FIELD", format!("value of filter criterion for field 'Name' {string}")),
        (
            "Account__r.name = true",
            "INVALID_FIELD",
            format!("value of filter criterion for field 'Name' {string}"),
        ),
        (
            "Score__c = '5'",
            "INVALID_FIELD",
            "field 'Score__c' must be of type double and should not be enclosed in quotes".into(),
        ),
        (
            "Visits__c IN (1, 'x')",
            "INVALID_FIELD",
            "'Visits__c' must be of type int and should not be enclosed in quotes".into(),
        ),
        (
            "Done__c = 'true'",
            "INVALID_FIELD",
            "'Done__c' must be of type boolean and should not be enclosed in quotes".into(),
        ),
        (
            "Due__c = '2026-01-01'",
            "INVALID_FIELD",
            "'Due__c' must be of type date and should not be enclosed in quotes".into(),
        ),
        (
            "Due__c = 2026-01-01T00:00:00Z",
            "INVALID_FIELD",
            "must be of type date and should not be enclosed in quotes".into(),
        ),
        (
            "Seen__c = 2026-01-01",
            "INVALID_FIELD",
            "must be of type dateTime and should not be enclosed in quotes".into(),
        ),
        ("Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", "invalid ID field: abc".into()),
        ("Id LIKE 'a%'", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator".into()),
        ("Score__c LIKE '1%'", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator".into()),
        ("Done__c > false", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator".into()),
        ("Name INCLUDES ('x')", "INVALID_QUERY_FILTER_OPERATOR", "invalid operator".into()),
        ("Notes__c = 'x'", "INVALID_FIELD", "field 'Notes__c' can not be filtered in a query call".into()),
        (
            "Nope = 1",
            "INVALID_FIELD",
            "No such column 'Nope' on entity 'Ticket__c'. If you are attempting".into(),
        ),
        ("Account__r.Nope = 1", "INVALID_FIELD", "No such column 'Nope' on entity 'Account'. If".into()),
        (
            "Account__c.Name = 'x'",
            "INVALID_FIELD",
            "Didn't understand relationship 'Account__c' in field path. If".into(),
        ),
        (
            "Account__r.Owner.Profile.Name = 'x'",
            "INVALID_FIELD",
            "Didn't understand relationship 'Profile'".into(),
        ),
        (
            "Account__r.Owner.Department = 'x'",
            "INVALID_FIELD",
            "No such column 'Department' on entity 'Name'".into(),
        ),
        ("a.b.c.d.e.f.g = 1", "MALFORMED_QUERY", "at most 5 levels".into()),
        ("COUNT(Id) > 1", "MALFORMED_QUERY", "the function COUNT is not supported here".into()),
        ("CALENDAR_YEAR(Name) = 1", "INVALID_FIELD", "field 'Name' does not support the function".into()),
        ("HOUR_IN_DAY(Due__c) = 1", "INVALID_FIELD", "field 'Due__c' does not support the function".into()),
        (
            "DISTANCE(Name, GEOLOCATION(1,2), 'km') < 1",
            "MALFORMED_QUERY",
            "DISTANCE is not supported here".into(),
        ),
        (
            "Name IN (SELECT AccountId FROM Contact)",
            "MALFORMED_QUERY",
            "should be an id field, cannot use: 'Name'".into(),
        ),
        (
            "Id IN (SELECT LastName FROM Contact)",
            "MALFORMED_QUERY",
            "can only query id fields, cannot use: 'LastName'".into(),
        ),
        (
            "Id IN (SELECT AccountId FROM Contact)",
            "MALFORMED_QUERY",
            "should point to the same object type".into(),
        ),
        (
            "Id IN (SELECT Id FROM Ticket__c)",
            "MALFORMED_QUERY",
            "should not be on the same object type".into(),
        ),
        (
            "Id IN (SELECT Id, AccountId FROM Contact)",
            "MALFORMED_QUERY",
            "must select exactly one field".into(),
        ),
        (
            "Id IN (SELECT WhatId FROM Task LIMIT 1)",
            "MALFORMED_QUERY",
            "support neither ORDER BY, LIMIT".into(),
        ),
        (
            "Name = 'x' OR Id IN (SELECT WhatId FROM Task)",
            "MALFORMED_QUERY",
            "Semi join sub-selects are not allowed with the 'OR' operator".into(),
        ),
        (
            "Name = 'x' AND (Id IN (SELECT WhatId FROM Task) AND Name = 'y')",
            "MALFORMED_QUERY",
            "only allowed at the top level WHERE expressions".into(),
        ),
        (
            "Id IN (SELECT WhatId FROM Task WHERE WhoId IN (SELECT Id FROM Contact))",
            "MALFORMED_QUERY",
            "Nesting of semi join sub-selects is not supported".into(),
        ),
    ] {
        let (found_code, message) = world.error(&format!("SELECT Id FROM Ticket__c WHERE {condition}"));
        assert_eq!(found_code, code, "{condition}: {message}");
        assert!(message.contains(&problem), "{condition}: {message}");
    }
    let join = "Id IN (SELECT WhatId FROM Task)";
    let (_, message) = world.error(&format!("SELECT Id FROM Ticket__c WHERE {join} AND {join} AND {join}"));
    assert!(message.contains("Maximum 2 semi join sub-selects"), "{message}");
}

/// What the reference functions of Service Cloud Voice ask of an org.
#[test]
fn the_reference_functions_queries_run() {
    let mut world = World::empty();
    world.add("center", "CallCenter", json!({"InternalName": "ACLocal", "Name": "ACLocal"}));
    world.add("agent", "User", json!({"Username": "agent@example.com", "Phone": "+12065550101"}));
    let agent = world.id("agent");
    let channel = json!({"MessageType": "Voice", "IsActive": true, "MessagingPlatformKey": "+12065550100",
        "SessionHandlerId": agent});
    world.add("channel", "MessagingChannel", channel);
    let (center, channel) = (world.id("center"), world.id("channel"));
    world.add("link", "ContactCenterChannel", json!({"ChannelId": channel, "ContactCenterId": center}));
    world.add("map", "CallCenterRoutingMap", json!({"ExternalId": "arn:x", "ReferenceRecordId": agent}));
    assert_eq!(
        world.column(
            "SELECT MessagingPlatformKey
                    FROM MessagingChannel
                    WHERE MessageType='Voice'
                      AND IsActive = true
                      AND Id in
                          (SELECT ChannelId
                           FROM ContactCenterChannel
                           WHERE ContactCenterChannel.ContactCenter.InternalName='ACLocal')
                      AND SessionHandlerId in
                          (SELECT ReferenceRecordId
                           FROM CallCenterRoutingMap
                           WHERE ExternalId='arn:x'
                           )
                    LIMIT 1"
                .replace('\n', " ")
                .replace("SELECT MessagingPlatformKey ", "SELECT MessagingPlatformKey, Id ")
                .as_str()
        ),
        ["+12065550100"]
    );

    world.add("contact", "Contact", json!({"LastName": "x", "Phone": "+12065550102"}));
    let contact = world.id("contact");
    world.add("visit", "ServiceAppointment", json!({"ContactId": contact, "Status": "Dispatched"}));
    world.add("engineer", "ServiceResource", json!({"Name": "Engineer", "RelatedRecordId": agent}));
    let (visit, engineer) = (world.id("visit"), world.id("engineer"));
    let assigned =
        json!({"ServiceAppointmentId": visit, "ServiceResourceId": engineer, "LocationStatus": "EnRoute"});
    world.add("assigned", "AssignedResource", assigned);
    let rows = world.rows(
        "SELECT ServiceResource.RelatedRecord.Phone
              FROM AssignedResource
              WHERE (LocationStatus in ('EnRoute', 'LastMile'))
                AND (ServiceAppointment.Status='Dispatched')
                AND (ServiceAppointment.Contact.Phone='+12065550102')
              ORDER BY AssignedResourceNumber DESC
              LIMIT 1",
    );
    assert_eq!(rows[0]["ServiceResource"]["RelatedRecord"]["Phone"], "+12065550101");
    assert_eq!(world.rows("SELECT ApptAssistantStatus FROM FieldServiceOrgSettings"), []);
}
