use super::*;

fn policy(text: &str) -> Policy {
    text.parse().unwrap()
}

#[test]
fn an_entry_that_names_an_object_decides_alone() {
    let policy = policy("Case:create,read,update; contact : read ;Plan__c:;*:read,delete;");
    for (object, verbs) in [
        ("Case", "create,read,update"),
        ("cASE", "create,read,update"),
        ("Contact", "read"),
        ("Plan__c", ""),
        ("plan__C", ""),
        ("Account", "read,delete"),
    ] {
        let allowed: Vec<&str> =
            Verb::ALL.into_iter().filter(|verb| policy.allows(object, *verb)).map(Verb::name).collect();
        assert_eq!(allowed.join(","), verbs, "{object}");
    }
}

#[test]
fn without_an_entry_for_others_nothing_else_is_allowed() {
    assert!(!policy("Case:read").allows("Account", Verb::Read));
    assert!(policy("Case:read").allows("Case", Verb::Read));
    assert!(!policy(" ; ").allows("Case", Verb::Read));
}

#[test]
fn the_standard_policy_allows_all_but_deletion() {
    assert_eq!(Policy::standard(), policy("*:create,read,update"));
    assert!(!Policy::standard().allows("Case", Verb::Delete));
}

#[test]
fn everywhere_means_no_exception() {
    assert!(policy("*:read").allows_everywhere(Verb::Read));
    assert!(policy("Case:read,update;*:read").allows_everywhere(Verb::Read));
    assert!(!policy("Case:update;*:read").allows_everywhere(Verb::Read));
    assert!(!policy("Case:read").allows_everywhere(Verb::Read));
}

#[test]
fn an_object_that_shows_another_objects_data_needs_both() {
    let policy = policy("Contact:;Case:read;Plan__c:;LoginHistory:read;*:read,create");
    for closed in [
        "ContactHistory",
        "contactfeed",
        "ContactShare",
        "ContactChangeEvent",
        "Plan__History",
        "Plan__Share",
        "acme__Plan__c",
        "acme__Plan__History",
    ] {
        assert!(!policy.allows(closed, Verb::Read), "{closed}");
    }
    for open in ["CaseHistory", "LoginHistory", "History", "Share", "Plan2__c", "Account", "AccountHistory"] {
        assert!(policy.allows(open, Verb::Read), "{open}");
    }
    assert!(!policy.allows("CaseFeed", Verb::Create), "no more than the object itself");
    assert!(!self::policy("acme__Plan__c:;*:read").allows("Plan__c", Verb::Read));
}

#[test]
fn a_mistake_is_told_by_its_place() {
    for (text, entry) in [
        ("Case", 1),
        ("Case:read;Contact:see", 2),
        ("Case:read;case:create", 2),
        ("*:read;;*:create", 3),
        ("Case/1:read", 1),
        (":read", 1),
    ] {
        let error = text.parse::<Policy>().unwrap_err();
        assert_eq!(error.entry, entry, "{text}");
        assert!(!error.to_string().contains("see"), "{error}");
    }
}
