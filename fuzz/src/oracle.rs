//! The parser of the local org, which shares nothing with the one that is tested.

use salesforce::soql::Template;
use salesforce_org::soql::{Condition, List, Literal, Part, Pattern, Query, Selected};
use salesforce_org::sosl::Search;

/// Both are the same query but for their literals, if the harmless one is a query to the org at all: the org does not know
/// all of SOQL.
pub(crate) fn same_query(bound: &str, harmless: &str) {
    if let Ok(harmless) = salesforce_org::soql::parse(harmless) {
        let bound =
            salesforce_org::soql::parse(bound).expect("what the org reads with harmless values, it reads");
        assert_eq!(without_values(bound), without_values(harmless));
    }
}

/// As [`same_query`].
pub(crate) fn same_search(bound: &str, harmless: &str) {
    if let Ok(harmless) = salesforce_org::sosl::parse(harmless) {
        match salesforce_org::sosl::parse(bound) {
            Ok(bound) => assert_eq!(search_without_values(bound), search_without_values(harmless)),
            // Too short to be searched for.
            Err(error) => assert_eq!(error.code, "INVALID_SEARCH"),
        }
    }
}

/// A text is read by the org as just this text, and a pattern has no wildcard but the template's.
pub(crate) fn texts_mean_their_value(value: &str) {
    let template = "SELECT Id FROM A WHERE a = '{v}' AND b = {v:text} AND c LIKE '%{v}_' AND d IN ('{v}')";
    let template = Template::parse(template).expect("a query");
    let Ok(bound) = template.bind(|_| Some(value.to_owned())) else {
        assert!(value.contains('\0'));
        return;
    };
    let text = Literal::Text(value.to_owned());
    let inner = (!value.is_empty()).then(|| Part::Text(value.to_owned()));
    let pattern = [Some(Part::Any), inner, Some(Part::One)].into_iter().flatten().collect();
    let literals = salesforce_org::soql::parse(bound.as_str()).expect("a query to the org").literals();
    assert_eq!(literals, [text.clone(), text.clone(), Literal::Pattern(Pattern(pattern)), text]);
}

fn search_without_values(search: Search) -> Search {
    let mut search = search.with_literals_blanked();
    search.returning = search.returning.into_iter().map(without_values).collect();
    search.with.iter_mut().for_each(|(_, value)| value.clear());
    search
}

/// With every literal, and every list of them, the same.
fn without_values(query: Query) -> Query {
    let mut query = query.with_literals_blanked();
    query.each_literal(&mut |literal| {
        if !matches!(literal, Literal::Pattern(_)) {
            *literal = Literal::Null;
        }
    });
    shorten_lists(&mut query);
    query
}

fn shorten_lists(query: &mut Query) {
    for selected in &mut query.select {
        if let Selected::Children(query) = selected {
            shorten_lists(query);
        }
    }
    query.filter.iter_mut().chain(&mut query.having).for_each(shorten_lists_in);
}

fn shorten_lists_in(condition: &mut Condition) {
    match condition {
        Condition::And(all) | Condition::Or(all) => all.iter_mut().for_each(shorten_lists_in),
        Condition::Not(one) => shorten_lists_in(one),
        Condition::In { list: List::Literals(literals), .. } => literals.truncate(1),
        Condition::In { list: List::Query(query), .. } => shorten_lists(query),
        Condition::Includes { choices, .. } => choices.truncate(1),
        Condition::Compare(..) => {}
    }
}
