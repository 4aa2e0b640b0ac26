use super::*;

#[test]
fn what_the_reference_knows_is_accepted() {
    let table = [
        "SELECT Id FROM Account",
        "select id, name\n\tfrom\r\naccount",
        "SELECT count() FROM Contact",
        "SELECT COUNT(Id) n, MAX(CreatedDate) FROM Case",
        "SELECT Contact.FirstName, Contact.Account.Name FROM Contact",
        "SELECT FIELDS(ALL) FROM Account LIMIT 200",
        "SELECT FIELDS(STANDARD), Fields(Custom) FROM Account",
        "SELECT Name, (SELECT LastName FROM Contacts WHERE Email != null ORDER BY LastName LIMIT 5) FROM Account",
        "SELECT Account.Name, (SELECT Contact.LastName FROM Account.Contacts) FROM Account",
        "SELECT Id, (SELECT Id, (SELECT Id FROM Cases) FROM Contacts) FROM Account",
        "SELECT TYPEOF What WHEN Account THEN Phone, NumberOfEmployees WHEN Opportunity THEN Amount \
         ELSE Name, Email END FROM Event",
        "SELECT Id, TYPEOF Owner WHEN User THEN Id END FROM Case",
        "SELECT toLabel(Status), toLabel(RecordType.Name) t FROM Case",
        "SELECT FORMAT(MIN(CloseDate)) m, convertCurrency(Amount), FORMAT(convertCurrency(Amount)) c FROM Opportunity",
        "SELECT HOUR_IN_DAY(convertTimezone(CreatedDate)), SUM(Amount) FROM Opportunity \
         GROUP BY HOUR_IN_DAY(convertTimezone(CreatedDate))",
        "SELECT DISTANCE(Location__c, GEOLOCATION(37.775, -122.418), 'mi') FROM Warehouse__c \
         WHERE DISTANCE(Location__c, GEOLOCATION(37.775,-122.418), 'mi') < 20 \
         ORDER BY DISTANCE(Location__c, GEOLOCATION(37.775,-122.418), 'mi') DESC",
        "SELECT LeadSource, GROUPING(LeadSource) grp, COUNT(Name) cnt FROM Lead GROUP BY ROLLUP(LeadSource, Rating)",
        "SELECT Type, COUNT(Id) FROM Account GROUP BY CUBE(Type, BillingCountry) HAVING COUNT(Id) > 1 AND Type LIKE 'C%'",
        "SELECT LeadSource src FROM Lead GROUP BY LeadSource",
        "SELECT COUNT() FROM Contact c, c.Account a WHERE a.Name = 'Acme'",
        "SELECT c.Name FROM Contact AS c",
        "SELECT Id FROM Group",
        "SELECT Group.Name FROM GroupMember WHERE Group.Type = 'Queue'",
        "SELECT Id FROM Order ORDER BY OrderNumber",
        "SELECT Id FROM Account USING SCOPE mine WHERE Name != 'x'",
        "SELECT Id FROM Account WHERE (NOT Name = 'a') AND NOT (Name <> 'b' OR NOT x__c <= 3)",
        "SELECT Id FROM Account WHERE a < 1 AND b <= 2 AND c > 3 AND d >= 4",
        "SELECT Id FROM Account WHERE Name LIKE 'Ter\\%%' OR Name LIKE '\\_'",
        r#"SELECT Id FROM Account WHERE Name = '\n\R\t\B\f\"\'\\\u00e9'"#,
        "SELECT Id FROM Account WHERE Name IN ('a', 'b') AND Name NOT IN ('c') AND n IN (1,2.5,-3)",
        "SELECT Id FROM Account WHERE Langs__c INCLUDES ('a;b', 'c') AND Langs__c EXCLUDES ('d')",
        "SELECT Id FROM Account WHERE Id IN (SELECT AccountId FROM Contact WHERE LastName LIKE 'a%') \
         AND Id NOT IN (SELECT AccountId FROM Opportunity)",
        "SELECT Id FROM Opportunity WHERE Amount > USD5000 OR Amount > eur10.50 OR Amount > 1.5e3 OR Amount < .5 \
         OR Amount = +1 OR Amount = 2E-3",
        "SELECT Id FROM Case WHERE IsClosed = true AND IsEscalated != FALSE AND AccountId = null",
        "SELECT Id FROM Case WHERE d = 2026-01-31 AND a > 2026-01-31T09:30:00Z AND b < 2026-01-31T09:30:00.123+02:00 \
         AND c < 2026-01-31T09:30:00-08:00 AND t = 10:15:00.000Z",
        "SELECT Id FROM Case WHERE a = TODAY AND b = last_n_days:30 AND c > N_FISCAL_QUARTERS_AGO:2 AND d = NEXT_WEEK \
         AND e < LAST_90_DAYS AND f = THIS_FISCAL_YEAR AND g = NEXT_N_YEARS:1 AND h = N_DAYS_AGO:7",
        "SELECT Id FROM Account WITH SECURITY_ENFORCED",
        "SELECT Id FROM Account WHERE Name = 'a' WITH USER_MODE ORDER BY Name",
        "SELECT Id FROM Account WITH SYSTEM_MODE",
        "SELECT Title FROM KnowledgeArticleVersion WHERE PublishStatus = 'online' \
         WITH DATA CATEGORY Geography__c ABOVE usa__c AND Product__c AT (mobile__c, desktop__c)",
        "SELECT Id FROM UserProfileFeed WITH UserId = '0055e000000abcD' ORDER BY CreatedDate",
        "SELECT Id FROM Contact WITH RecordVisibilityContext (maxDescriptorPerRecord = 100, supportsDomains = true)",
        "SELECT Name FROM Account ORDER BY Name DESC NULLS LAST, CreatedDate ASC, COUNT(Id) NULLS FIRST LIMIT 10 OFFSET 20",
        "SELECT Id FROM Contact FOR VIEW",
        "SELECT Id FROM Contact LIMIT 1 FOR REFERENCE FOR UPDATE",
        "SELECT Id FROM FAQ__kav WHERE Id = 'x' UPDATE TRACKING, VIEWSTAT",
        "SELECT Id FROM Contact LIMIT 1 ALL ROWS",
        "SELECT Id FROM My__dlm SET OPTIONS (dataspace = 'default', honorEmptyStrings = true)",
        // the queries of the suite that this one replaces
        "SELECT ServiceResource.RelatedRecord.Phone FROM AssignedResource \
         WHERE (LocationStatus in ('EnRoute', 'LastMile')) AND (ServiceAppointment.Status='{status}') \
         AND (ServiceAppointment.Contact.Phone='{phone}') ORDER BY AssignedResourceNumber DESC LIMIT 1",
        "SELECT MessagingPlatformKey FROM MessagingChannel WHERE MessageType='Voice' AND IsActive = true AND Id in \
         (SELECT ChannelId FROM ContactCenterChannel WHERE ContactCenterChannel.ContactCenter.InternalName='{name}') \
         AND SessionHandlerId in (SELECT ReferenceRecordId FROM CallCenterRoutingMap WHERE ExternalId='{agentARN}') LIMIT 1",
        // placeholders
        "SELECT Id FROM A WHERE a = {a} AND b LIKE {b:like} AND c IN {c} AND d IN ({d}, 'x', {e:list}) AND f = '{f:id}'",
        "SELECT Id FROM A WHERE a INCLUDES {a} AND b EXCLUDES ({b:text}) AND c = LAST_N_DAYS:{n:number} LIMIT {l} OFFSET {o}",
        "SELECT DISTANCE(L__c, GEOLOCATION({lat:number}, {lon}), '{unit}') d FROM A",
    ];
    for text in table {
        assert_eq!(Template::parse(text).map(drop), Ok(()), "{text}");
    }
}

#[test]
fn what_is_not_known_is_refused_at_the_character_where_it_stands() {
    let table = [
        ("", 1, "SELECT"),
        ("DELETE FROM Account", 1, "SELECT"),
        ("SELECT * FROM Account", 8, "a field, a function or a sub-query"),
        ("SELECT FROM Account", 8, "a field, a function or a sub-query"),
        ("SELECT Id Account", 18, "a comma or FROM"),
        ("SELECT Id FROM", 15, "an object"),
        ("SELECT Id FROM Account.Contacts", 16, "an object, without a dot"),
        ("SELECT Id FROM Account, Contact", 25, "a relationship by its path"),
        ("SELECT Id FROM Account a, a.Owner A", 27, "an alias that stands for one thing"),
        (
            "SELECT Id FROM Account a, a.b b, b.c c, c.d d, d.e e, e.f f, f.g g, g.h h, h.i i, i.j j, j.k k, k.l l, l.m m, \
          m.n n, n.o o, o.p p, p.q q, q.r r",
            132,
            "fewer aliases",
        ),
        ("SELECT Id FROM Account; DELETE x", 23, "another clause, or the end"),
        ("SELECT Id FROM Account -- x", 24, "no comment"),
        ("SELECT Id /* x */ FROM Account", 11, "no comment"),
        ("SELECT Id FROM Account // x", 24, "no comment"),
        ("SELECT Id FROM Account\0", 23, "another clause, or the end"),
        ("SELECT Id FROM Account WHERE", 29, "a condition"),
        ("SELECT Id FROM Account WHERE Name", 34, "an operator"),
        ("SELECT Id FROM Account WHERE Name = ", 37, "a literal"),
        ("SELECT Id FROM Account WHERE Name = \"a\"", 37, "a literal"),
        ("SELECT Id FROM Account WHERE Name = Other", 37, "a literal"),
        ("SELECT Id FROM Account WHERE Name = :variable", 37, "a literal"),
        ("SELECT Id FROM Account WHERE Name = 'a", 37, "a closing quote"),
        ("SELECT Id FROM Account WHERE Name = 'é\\x'", 39, "one of the escapes"),
        ("SELECT Id FROM Account WHERE Name = '\\u12'", 38, "one of the escapes"),
        ("SELECT Id FROM Account WHERE Name = 'a\nb'", 39, "no control character"),
        ("SELECT Id FROM Account WHERE Name = 'a' 'b'", 41, "another clause, or the end"),
        ("SELECT Id FROM Account WHERE Name = 2026-02-30", 37, "a literal"),
        ("SELECT Id FROM Account WHERE Name = 2026-01-01T00:00:00", 37, "a literal"),
        ("SELECT Id FROM Account WHERE Name = 1.2.3", 37, "a literal"),
        ("SELECT Id FROM Account WHERE Name = LAST_N_DAYS", 48, "a colon and a number"),
        ("SELECT Id FROM Account WHERE Name = LAST_N_DAYS:x", 49, "a whole number"),
        ("SELECT Id FROM Account WHERE Name = LAST_N_HOURS:3", 37, "a literal"),
        ("SELECT Id FROM Account WHERE Name = N_DAYS:3", 37, "a literal"),
        ("SELECT Id FROM Account WHERE Name IN 'a'", 38, "a list in parentheses"),
        ("SELECT Id FROM Account WHERE Name IN ()", 39, "a literal"),
        ("SELECT Id FROM Account WHERE Name NOT LIKE 'a'", 39, "IN behind NOT"),
        ("SELECT Id FROM Account WHERE Name INCLUDES (SELECT Id FROM Contact)", 45, "a literal"),
        ("SELECT Id FROM Account WHERE Name = (SELECT Id FROM Contact)", 37, "a literal"),
        ("SELECT Id FROM Account WHERE (Name = 'a'", 41, "AND, OR or a closing parenthesis"),
        ("SELECT Id FROM Account WHERE FORMULA('a.b') = 1", 30, "a function of SOQL"),
        ("SELECT sleep(1) FROM Account", 8, "a function of SOQL"),
        ("SELECT a.COUNT(Id) FROM Account", 8, "a function of SOQL"),
        ("SELECT MAX() FROM Account", 12, "a field"),
        ("SELECT FORMAT('x') FROM Account", 15, "a field"),
        ("SELECT MAX('x') FROM Account", 12, "a field"),
        ("SELECT FIELDS(SECRET) FROM Account", 15, "ALL, STANDARD or CUSTOM"),
        ("SELECT TYPEOF What ELSE Name END FROM Event", 20, "WHEN"),
        ("SELECT TYPEOF What WHEN A THEN B FROM Event", 34, "a comma, WHEN, ELSE or END"),
        ("SELECT Id FROM Account LIMIT 'a'", 30, "a whole number"),
        ("SELECT Id FROM Account LIMIT -1", 30, "a whole number"),
        ("SELECT Id FROM Account LIMIT 1 WHERE Name = 'a'", 32, "another clause, or the end"),
        ("SELECT Id FROM Account FOR SALE", 28, "VIEW, REFERENCE or UPDATE"),
        ("SELECT Id FROM Account WITH DATA CATEGORY a NEAR b", 45, "AT, ABOVE"),
        ("SELECT Id FROM Account UNION SELECT Id FROM Contact", 30, "another clause, or the end"),
        ("SELECT a.b.c.d.e.f.g.h.i.j.k FROM Account", 28, "no more than ten names"),
        ("SELECT Id FROM Account WHERE Näme = 'a'", 31, "an operator"),
        // placeholders where no literal stands
        ("{x}", 1, "SELECT"),
        ("SELECT {x} FROM Account", 8, "a field"),
        ("SELECT Id FROM {x}", 16, "an object"),
        ("SELECT Id FROM Account WHERE {x}", 30, "a condition"),
        ("SELECT Id FROM Account WHERE Name {x} 'a'", 35, "an operator"),
        ("SELECT Id FROM Account ORDER BY {x}", 33, "a field"),
        ("SELECT Id FROM Account {x}", 24, "another clause, or the end"),
        ("SELECT COUNT({x}) FROM Account", 14, "a field"),
        // placeholders that are none, or of a kind that does not fit
        ("SELECT Id FROM Account WHERE Name = {}", 37, "a placeholder such as"),
        ("SELECT Id FROM Account WHERE Name = { x }", 37, "a placeholder such as"),
        ("SELECT Id FROM Account WHERE Name = {x", 37, "a placeholder such as"),
        ("SELECT Id FROM Account WHERE Name = {x:txt}", 40, "one of the kinds"),
        ("SELECT Id FROM Account WHERE Name = '{x:txt}'", 41, "one of the kinds"),
        ("SELECT Id FROM Account WHERE Name = {x:like}", 37, "the kind like only behind LIKE"),
        ("SELECT Id FROM Account WHERE Name = '{x:like}'", 38, "the kind like only behind LIKE"),
        ("SELECT Id FROM Account WHERE Name = {x:list}", 37, "the kind list only behind IN"),
        ("SELECT Id FROM Account WHERE Name LIKE {x:number}", 40, "text or like"),
        ("SELECT Id FROM Account WHERE Name IN {x:like}", 38, "the kind like only behind LIKE"),
        ("SELECT Id FROM Account WHERE Name INCLUDES {x:number}", 44, "text or list"),
        ("SELECT Id FROM Account LIMIT {x:text}", 30, "a whole number"),
    ];
    for (text, character, expected) in table {
        let error = Template::parse(text).unwrap_err();
        assert_eq!(error.character, character, "{text}: {error}");
        assert!(error.expected.starts_with(expected), "{text}: {error}");
    }
}

#[test]
fn nesting_and_length_have_limits() {
    let nested =
        |levels: usize| format!("SELECT Id FROM A WHERE {}x = 1{}", "(".repeat(levels), ")".repeat(levels));
    assert!(Template::parse(&nested(32)).is_ok());
    let limits = [
        nested(33),
        nested(40_000),
        format!("SELECT Id FROM A WHERE {} x = 1", "NOT ".repeat(20_000)),
        format!("SELECT {} FROM A", "MAX(".repeat(20_000)),
        format!("SELECT Id, {} FROM A", "(SELECT Id, ".repeat(5_000)),
        format!("SELECT Id FROM A WHERE {}", "Id IN (SELECT Id FROM A WHERE ".repeat(2_000)),
    ];
    for text in limits {
        assert_eq!(Template::parse(&text).unwrap_err().expected, "no more than 32 levels of nesting");
    }
    let long = format!("SELECT Id FROM A WHERE x = '{}'", "é".repeat(LONGEST));
    assert_eq!(Template::parse(&long).unwrap_err().expected, "a query of at most 100,000 characters");
}

#[test]
fn an_error_shows_nothing_of_the_query() {
    let error = Template::parse("SELECT Id FROM Account WHERE Phone = '+12065550100' '").unwrap_err();
    assert_eq!(
        error.to_string(),
        "the query cannot be read at character 53: expected a closing quote for the text that begins here"
    );
    let template =
        Template::parse("SELECT Id FROM Account WHERE Phone = '+12065550100' AND Name = {name}").unwrap();
    assert!(!format!("{template:?}").contains("5550100"), "{template:?}");
    let soql = template.bind(|_| Some("secret".to_owned())).unwrap();
    assert_eq!(format!("{soql:?}"), "[query]");
}

#[test]
fn what_only_looks_like_a_placeholder_is_text() {
    for text in [
        "{",
        "}",
        "{}",
        "{not a name}",
        "{a",
        "{ a }",
        r#"{\"a\":1}"#,
        "{a:1}",
        "{:text}",
        "{.a}",
        "{-}",
        "{{",
        "{é}",
    ] {
        let template = Template::parse(&format!("SELECT Id FROM A WHERE x = '{text}'")).unwrap();
        assert_eq!(template.placeholders().count(), 0, "{text}");
    }
    for name in ["a", "A1", "1", "_a", "a_b-c.d", "agentARN"] {
        let text = format!("SELECT Id FROM A WHERE x = '{{{{{name}}}}}' AND y = {{{name}:text}}");
        assert_eq!(
            Template::parse(&text).unwrap().placeholders().collect::<Vec<_>>(),
            [name, name],
            "{text}"
        );
    }
}
