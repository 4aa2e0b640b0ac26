//! Writes a query so that it reads back as the same.

use std::fmt::{self, Display, Formatter, Write};

use chrono::SecondsFormat;

use super::ast::{
    Argument, Condition, Expression, List, Literal, Order, Part, Path, Pattern, Query, Selected, TypeOf,
};

impl Display for Query {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "SELECT {} FROM {}", Commas(&self.select), self.from)?;
        if let Some(alias) = &self.alias {
            write!(f, " {alias}")?;
        }
        for (path, alias) in &self.paths {
            write!(f, ", {path} {alias}")?;
        }
        clause(f, "USING SCOPE", self.scope.map(|scope| scope.as_str()))?;
        clause(f, "WHERE", self.filter.as_ref())?;
        clause(f, "WITH", self.with.map(|with| with.as_str()))?;
        clause(f, "GROUP BY", some(&self.group_by))?;
        clause(f, "HAVING", self.having.as_ref())?;
        clause(f, "ORDER BY", some(&self.order_by))?;
        clause(f, "LIMIT", self.limit)?;
        clause(f, "OFFSET", self.offset)?;
        self.marks.iter().try_for_each(|mark| write!(f, " {}", mark.as_str()))
    }
}

fn clause(f: &mut Formatter<'_>, keyword: &str, what: Option<impl Display>) -> fmt::Result {
    what.map_or(Ok(()), |what| write!(f, " {keyword} {what}"))
}

fn some<T>(list: &[T]) -> Option<Commas<'_, T>> {
    (!list.is_empty()).then_some(Commas(list))
}

/// A list with commas between.
struct Commas<'a, T>(&'a [T]);

impl<T: Display> Display for Commas<'_, T> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        join(f, self.0, ", ")
    }
}

fn join<T: Display>(f: &mut Formatter<'_>, list: &[T], between: &str) -> fmt::Result {
    list.iter()
        .enumerate()
        .try_for_each(|(place, item)| write!(f, "{}{item}", if place == 0 { "" } else { between }))
}

impl Display for Path {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        join(f, &self.names, ".")
    }
}

impl Display for Selected {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression(expression, None) => expression.fmt(f),
            Self::Expression(expression, Some(alias)) => write!(f, "{expression} {alias}"),
            Self::Children(query) => write!(f, "({query})"),
            Self::TypeOf(type_of) => type_of.fmt(f),
            Self::Fields(set, _) => write!(f, "FIELDS({})", set.as_str()),
        }
    }
}

impl Display for TypeOf {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "TYPEOF {}", self.relationship)?;
        for (object, fields) in &self.cases {
            write!(f, " WHEN {object} THEN {}", Commas(fields))?;
        }
        clause(f, "ELSE", some(&self.otherwise))?;
        f.write_str(" END")
    }
}

impl Display for Expression {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field(path) => path.fmt(f),
            Self::Call(function, arguments, _) => write!(f, "{}({})", function.as_str(), Commas(arguments)),
        }
    }
}

impl Display for Argument {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Expression(expression) => expression.fmt(f),
            Self::Literal(literal) => literal.fmt(f),
        }
    }
}

impl Display for Condition {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::And(all) => join(f, &all.iter().map(Operand).collect::<Vec<_>>(), " AND "),
            Self::Or(any) => join(f, &any.iter().map(Operand).collect::<Vec<_>>(), " OR "),
            Self::Not(one) => write!(f, "NOT {}", Operand(one)),
            Self::Compare(value, comparison, literal) => {
                write!(f, "{value} {} {literal}", comparison.as_str())
            }
            Self::In { value, negated, list } => {
                write!(f, "{value} {}IN ({list})", if *negated { "NOT " } else { "" })
            }
            Self::Includes { value, negated, choices } => {
                let word = if *negated { "EXCLUDES" } else { "INCLUDES" };
                write!(f, "{value} {word} ({})", Commas(choices))
            }
        }
    }
}

/// A condition inside another.
struct Operand<'a>(&'a Condition);

impl Display for Operand<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self.0 {
            Condition::And(_) | Condition::Or(_) | Condition::Not(_) => write!(f, "({})", self.0),
            simple => simple.fmt(f),
        }
    }
}

impl Display for List {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Literals(literals) => Commas(literals).fmt(f),
            Self::Query(query) => query.fmt(f),
        }
    }
}

impl Display for Order {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let direction = if self.descending { "DESC" } else { "ASC" };
        let nulls = if self.nulls_last { "LAST" } else { "FIRST" };
        write!(f, "{} {direction} NULLS {nulls}", self.by)
    }
}

impl Display for Literal {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Boolean(value) => value.fmt(f),
            Self::Text(text) => {
                f.write_char('\'')?;
                text.chars().try_for_each(|char| escaped(f, char))?;
                f.write_char('\'')
            }
            Self::Pattern(pattern) => pattern.fmt(f),
            Self::Number(number) => number.fmt(f),
            Self::Date(date) => date.format("%Y-%m-%d").fmt(f),
            Self::DateTime(time) => f.write_str(&time.to_rfc3339_opts(SecondsFormat::AutoSi, true)),
            Self::Period(period) => period.fmt(f),
        }
    }
}

impl Display for Pattern {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_char('\'')?;
        for part in &self.0 {
            match part {
                Part::Any => f.write_char('%')?,
                Part::One => f.write_char('_')?,
                Part::Text(text) => text.chars().try_for_each(|char| match char {
                    '%' | '_' => write!(f, "\\{char}"),
                    char => escaped(f, char),
                })?,
            }
        }
        f.write_char('\'')
    }
}

fn escaped(f: &mut Formatter<'_>, char: char) -> fmt::Result {
    match char {
        '\n' => f.write_str("\\n"),
        '\r' => f.write_str("\\r"),
        '\'' | '\\' => write!(f, "\\{char}"),
        char => f.write_char(char),
    }
}
