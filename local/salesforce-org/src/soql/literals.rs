//! The values in a query, apart from what it asks.

use chrono::{DateTime, NaiveDate};

use super::ast::{Argument, Condition, Expression, List, Literal, Part, Query, Selected};

impl Query {
    /// All values in the query, in no particular order; `LIMIT` and `OFFSET` are not among them.
    pub fn literals(&self) -> Vec<Literal> {
        let mut literals = Vec::new();
        self.clone().each_literal(&mut |literal| literals.push(literal.clone()));
        literals
    }

    /// The query with every value replaced by one that depends on its kind alone. Two queries that ask the same of
    /// different values are equal then, as long as their lists are equally long and their patterns have the same
    /// wildcards.
    #[must_use]
    pub fn with_literals_blanked(mut self) -> Self {
        self.each_literal(&mut Literal::blank);
        self.each_query(&mut |query| {
            query.limit = query.limit.map(|_| 0);
            query.offset = query.offset.map(|_| 0);
        });
        self
    }

    /// Shows every value, those in sub-queries included, for reading or replacing.
    pub fn each_literal(&mut self, look: &mut impl FnMut(&mut Literal)) {
        self.each_query(&mut |query| {
            for selected in &mut query.select {
                if let Selected::Expression(expression, _) = selected {
                    in_expression(expression, look);
                }
            }
            query.filter.iter_mut().chain(&mut query.having).for_each(|filter| in_condition(filter, look));
            query.group_by.iter_mut().for_each(|by| in_expression(by, look));
            query.order_by.iter_mut().for_each(|order| in_expression(&mut order.by, look));
        });
    }

    /// Shows the query and all queries inside it. The depth of both recursions is bounded by the parser's.
    fn each_query(&mut self, look: &mut dyn FnMut(&mut Query)) {
        look(self);
        for selected in &mut self.select {
            if let Selected::Children(query) = selected {
                query.each_query(look);
            }
        }
        if let Some(filter) = &mut self.filter {
            queries_in(filter, look);
        }
    }
}

impl Literal {
    fn blank(&mut self) {
        match self {
            Self::Null => {}
            Self::Boolean(value) => *value = false,
            Self::Text(text) => text.clear(),
            Self::Pattern(pattern) => pattern.0.retain(|part| !matches!(part, Part::Text(_))),
            Self::Number(number) => *number = 0.0,
            Self::Date(date) => *date = NaiveDate::default(),
            Self::DateTime(time) => *time = DateTime::default(),
            Self::Period(period) => {
                if let Some(count) = period.count_mut() {
                    *count = 0;
                }
            }
        }
    }
}

fn queries_in(condition: &mut Condition, look: &mut dyn FnMut(&mut Query)) {
    match condition {
        Condition::And(all) | Condition::Or(all) => all.iter_mut().for_each(|one| queries_in(one, look)),
        Condition::Not(one) => queries_in(one, look),
        Condition::In { list: List::Query(query), .. } => query.each_query(look),
        Condition::In { .. } | Condition::Compare(..) | Condition::Includes { .. } => {}
    }
}

fn in_condition(condition: &mut Condition, look: &mut impl FnMut(&mut Literal)) {
    match condition {
        Condition::And(all) | Condition::Or(all) => all.iter_mut().for_each(|one| in_condition(one, look)),
        Condition::Not(one) => in_condition(one, look),
        Condition::Compare(value, _, literal) => {
            in_expression(value, look);
            look(literal);
        }
        Condition::In { value, list, .. } => {
            in_expression(value, look);
            if let List::Literals(literals) = list {
                literals.iter_mut().for_each(look);
            }
        }
        Condition::Includes { value, choices, .. } => {
            in_expression(value, look);
            choices.iter_mut().for_each(look);
        }
    }
}

fn in_expression(expression: &mut Expression, look: &mut impl FnMut(&mut Literal)) {
    let Expression::Call(_, arguments, _) = expression else { return };
    for argument in arguments {
        match argument {
            Argument::Expression(expression) => in_expression(expression, look),
            Argument::Literal(literal) => look(literal),
        }
    }
}
