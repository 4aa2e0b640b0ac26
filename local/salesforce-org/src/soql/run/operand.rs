//! Fields and functions of one row.

use std::borrow::Cow;

use chrono::{DateTime, Datelike, Timelike, Utc};
use serde_json::Value;

use super::column::{Column, Origin};
use super::data::{Failure, Place};
use super::format;
use super::value::{Key, Type};
use crate::soql::ast::{Argument, At, Expression};
use crate::soql::error::QueryError;
use crate::soql::words::Function;

/// Something that each row has a value of.
#[derive(Clone)]
pub(super) struct Operand<'d> {
    pub(super) column: Column<'d>,
    /// What is made of the field.
    pub(super) function: Option<Function>,
    pub(super) kind: Type,
}

impl<'d> Origin<'d> {
    /// Reads a field or a function of one. Aggregate functions are none of one row, and refused.
    pub(super) fn operand(&self, expression: &Expression) -> Result<Operand<'d>, Failure> {
        let (function, arguments, at) = match expression {
            Expression::Field(path) => {
                let column = self.column(path)?;
                return Ok(Operand { kind: column.kind, column, function: None });
            }
            Expression::Call(function, arguments, at) => (*function, arguments, *at),
        };
        let [Argument::Expression(inside)] = &arguments[..] else {
            return Err(self.misused(function, at).into());
        };
        // The org's time zone is UTC: there is nothing to convert.
        let inside = match inside {
            Expression::Call(Function::ConvertTimezone, arguments, _) if function.is_of_dates() => {
                match &arguments[..] {
                    [Argument::Expression(inside)] => inside,
                    _ => return Err(self.misused(function, at).into()),
                }
            }
            inside => inside,
        };
        let Expression::Field(path) = inside else { return Err(self.misused(function, at).into()) };
        let column = self.column(path)?;
        let kind = self.kind_of(function, &column, at)?;
        Ok(Operand { column, function: Some(function), kind })
    }

    fn kind_of(&self, function: Function, column: &Column<'_>, at: At) -> Result<Type, QueryError> {
        let times_only = matches!(function, Function::DayOnly | Function::HourInDay);
        match function {
            Function::ToLabel | Function::ConvertCurrency => Ok(column.kind),
            Function::Format => Ok(Type::Text),
            Function::DayOnly if column.kind == Type::DateTime => Ok(Type::Date),
            date if date.is_of_dates()
                && (column.kind == Type::DateTime || column.kind == Type::Date && !times_only) =>
            {
                Ok(Type::Integer)
            }
            date if date.is_of_dates() => {
                let problem =
                    format_args!("field '{}' does not support the function {}", column.name, date.as_str());
                Err(self.data.error("INVALID_FIELD", at, problem))
            }
            _ => Err(self.misused(function, at)),
        }
    }

    /// A function where it cannot be.
    pub(super) fn misused(&self, function: Function, at: At) -> QueryError {
        let problem = format_args!("the function {} is not supported here", function.as_str());
        self.data.error("MALFORMED_QUERY", at, problem)
    }
}

impl<'d> Operand<'d> {
    pub(super) fn value(&self, place: Place<'d>) -> Cow<'d, Value> {
        let value = self.column.value(place);
        match self.function {
            None => Cow::Borrowed(value),
            Some(function) => apply(function, self.column.field, self.column.kind, value),
        }
    }

    pub(super) fn key(&self, place: Place<'d>) -> Key {
        Key::of(self.kind, &self.value(place))
    }

    /// The expression in the schema's spelling.
    pub(super) fn text(&self) -> String {
        match self.function {
            None => self.column.path(),
            Some(function) => format!("{}({})", function.as_str(), self.column.path()),
        }
    }
}

fn apply<'d>(
    function: Function,
    field: Option<&crate::schema::FieldSchema>,
    kind: Type,
    value: &'d Value,
) -> Cow<'d, Value> {
    match function {
        Function::Format => Cow::Owned(format::value(field.map(|field| &field.kind), value)),
        // Labels of picklist values are the values, and there is one currency.
        Function::ToLabel | Function::ConvertCurrency => Cow::Borrowed(value),
        date => match Key::of(kind, value) {
            Key::Moment(ms) => {
                Cow::Owned(DateTime::from_timestamp_millis(ms).map_or(Value::Null, |time| part(date, time)))
            }
            _ => Cow::Owned(Value::Null),
        },
    }
}

fn part(function: Function, time: DateTime<Utc>) -> Value {
    match function {
        Function::DayOnly => time.format("%Y-%m-%d").to_string().into(),
        Function::CalendarYear | Function::FiscalYear => time.year().into(),
        Function::CalendarMonth | Function::FiscalMonth => time.month().into(),
        Function::CalendarQuarter | Function::FiscalQuarter => (time.month0() / 3 + 1).into(),
        Function::DayInMonth => time.day().into(),
        Function::DayInWeek => (time.weekday().num_days_from_sunday() + 1).into(),
        Function::DayInYear => time.ordinal().into(),
        Function::HourInDay => time.hour().into(),
        // Salesforce counts weeks from the first day of the month or year.
        Function::WeekInMonth => (time.day0() / 7 + 1).into(),
        Function::WeekInYear => (time.ordinal0() / 7 + 1).into(),
        _ => Value::Null,
    }
}
