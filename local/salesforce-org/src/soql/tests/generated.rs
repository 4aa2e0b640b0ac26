//! Queries that nobody thought of.

use std::sync::LazyLock;

use chrono::{DateTime, NaiveDate};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;

use super::world::World;
use crate::soql::{
    Argument, At, Comparison, Condition, Expression, Function, List, Literal, Order, Part, Path, Pattern,
    Period, Query, Selected, Unit, parse,
};

fn name() -> impl Strategy<Value = String> {
    // No keyword ends in a digit.
    "[A-Za-z][A-Za-z_]{0,6}[0-9]"
}

fn path() -> impl Strategy<Value = Path> {
    vec(name(), 1..4).prop_map(|names| Path { names, at: At::default() })
}

fn expression() -> impl Strategy<Value = Expression> {
    let function = prop_oneof![Just(Function::Max), Just(Function::ToLabel), Just(Function::CalendarYear)];
    let call = (function, path()).prop_map(|(function, path)| {
        Expression::Call(function, vec![Argument::Expression(Expression::Field(path))], At::default())
    });
    prop_oneof![3 => path().prop_map(Expression::Field), 1 => call]
}

fn text() -> impl Strategy<Value = String> {
    // Mostly what is hard to quote.
    prop_oneof![r#"['"\\%_\n\r\tnu0a{}() -]{0,8}"#, ".{0,8}"].prop_map(|text| text.replace('\u{0}', "0"))
}

fn literal() -> impl Strategy<Value = Literal> {
    let period = (any::<u32>(), 0..4).prop_map(|(count, kind)| match kind {
        0 => Period::Last(count, Unit::Day),
        1 => Period::Next(count, Unit::FiscalQuarter),
        2 => Period::Ago(count, Unit::Week),
        _ => Period::Unit(1, Unit::Month),
    });
    prop_oneof![
        text().prop_map(Literal::Text),
        Just(Literal::Null),
        any::<bool>().prop_map(Literal::Boolean),
        (-1e12..1e12).prop_map(Literal::Number),
        (0..3_000_000)
            .prop_map(|day| Literal::Date(NaiveDate::from_num_days_from_ce_opt(day + 366).unwrap())),
        (0..4_000_000_000_000_i64)
            .prop_map(|ms| Literal::DateTime(DateTime::from_timestamp_millis(ms).unwrap())),
        period.prop_map(Literal::Period),
    ]
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let part = prop_oneof![Just(None), Just(Some(Part::Any)), Just(Some(Part::One))];
    vec((part, text()), 0..4).prop_map(|parts| {
        let mut pattern = Pattern::default();
        for (part, text) in parts {
            pattern.0.extend(part);
            text.chars().for_each(|char| pattern.push(char));
        }
        pattern
    })
}

fn condition() -> impl Strategy<Value = Condition> {
    let like = (expression(), pattern())
        .prop_map(|(value, pattern)| Condition::Compare(value, Comparison::Like, Literal::Pattern(pattern)));
    let compare = (expression(), literal())
        .prop_map(|(value, literal)| Condition::Compare(value, Comparison::GreaterOrEqual, literal));
    let list = (expression(), any::<bool>(), vec(literal(), 1..4)).prop_map(|(value, negated, literals)| {
        Condition::In { value, negated, list: List::Literals(literals) }
    });
    let includes = (expression(), any::<bool>(), vec(text().prop_map(Literal::Text), 1..3))
        .prop_map(|(value, negated, choices)| Condition::Includes { value, negated, choices });
    let leaf = prop_oneof![like, compare, list, includes];
    leaf.prop_recursive(4, 20, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 2..4).prop_map(Condition::And),
            vec(inner.clone(), 2..4).prop_map(Condition::Or),
            inner.prop_map(|one| Condition::Not(Box::new(one))),
        ]
    })
}

fn simple() -> impl Strategy<Value = Query> {
    let order = (expression(), any::<bool>(), any::<bool>()).prop_map(|(by, descending, nulls_last)| Order {
        by,
        descending,
        nulls_last,
    });
    let select = (expression(), option::of(name()));
    (
        vec(select.prop_map(|(expression, alias)| Selected::Expression(expression, alias)), 1..4),
        path(),
        option::of(name()),
        option::of(condition()),
        vec(order, 0..3),
        option::of(any::<u64>()),
        option::of(any::<u64>()),
    )
        .prop_map(|(select, from, alias, filter, order_by, limit, offset)| Query {
            alias,
            filter,
            order_by,
            limit,
            offset,
            ..Query::of(from, select)
        })
}

fn query() -> impl Strategy<Value = Query> {
    (simple(), option::of(simple()), option::of((expression(), simple()))).prop_map(
        |(mut query, children, join)| {
            query.select.extend(children.map(Box::new).map(Selected::Children));
            if let Some((value, inner)) = join {
                let list = List::Query(Box::new(inner));
                query.filter = Some(Condition::In { value, negated: true, list });
            }
            query
        },
    )
}

static WORLD: LazyLock<World> = LazyLock::new(World::seeded);

/// A condition on a ticket, which need not suit the field's type.
fn question() -> impl Strategy<Value = String> {
    let field = prop::sample::select(vec![
        "Name",
        "Score__c",
        "Visits__c",
        "Due__c",
        "Seen__c",
        "Done__c",
        "Tags__c",
        "Account__c",
        "Account__r.Name",
        "Account__r.Owner.Type",
        "CALENDAR_MONTH(Due__c)",
        "HOUR_IN_DAY(Seen__c)",
        "toLabel(Name)",
    ]);
    let comparison = prop::sample::select(vec!["=", "!=", "<", "<=", ">", ">=", "LIKE"]);
    (field, comparison, literal())
        .prop_map(|(field, comparison, literal)| format!("{field} {comparison} {literal}"))
}

proptest! {
    #[test]
    fn a_condition_or_its_opposite_holds(one in question(), other in question()) {
        for condition in [one.clone(), format!("{one} AND ({other})"), format!("{one} OR ({other})")] {
            let count = |condition: &str| {
                let text = format!("SELECT COUNT() FROM Ticket__c WHERE {condition}");
                WORLD.run(&text).map(|(count, _)| count).map_err(|error| error.code)
            };
            match (count(&condition), count(&format!("NOT ({condition})"))) {
                (Ok(held), Ok(not)) => prop_assert_eq!(held + not, 3, "{}", condition),
                (held, not) => prop_assert_eq!(held, not, "{}", condition),
            }
        }
    }

    #[test]
    fn a_printed_query_reads_back_as_the_same(query in query()) {
        let printed = query.to_string();
        prop_assert_eq!(parse(&printed).map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?, query);
    }

    #[test]
    fn no_text_is_too_strange_to_read(text in r#"(SELECT |FROM |WHERE |Id|[ '"(),.:=\\%_a0é-]|NOT |IN |LIKE |\PC){0,40}"#) {
        let _ = parse(&text);
        let _ = parse(&format!("SELECT Id FROM A WHERE {text}"));
        let _ = parse(&format!("SELECT Id FROM A WHERE a = '{text}'"));
    }
}
