//! Date literals such as `LAST_N_DAYS:7`: Salesforce's "Date Formats and Date Literals in WHERE".
//!
//! The org's time zone is UTC, its weeks begin on Sunday, and its fiscal year is the calendar year.

use std::fmt;
use std::ops::Range;

use chrono::{Datelike, Days, Months, NaiveDate};

/// A span of days around today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Period {
    /// `YESTERDAY`, `TODAY`, `TOMORROW`: days from today.
    Day(i8),
    /// `LAST_MONTH`, `THIS_MONTH`, `NEXT_MONTH`: units from the one that today is in.
    Unit(i8, Unit),
    /// `LAST_90_DAYS`
    Last90Days,
    /// `NEXT_90_DAYS`
    Next90Days,
    /// `LAST_N_MONTHS:n`; in days, today is one more.
    Last(u32, Unit),
    /// `NEXT_N_MONTHS:n`, beginning after the unit that today is in.
    Next(u32, Unit),
    /// `N_MONTHS_AGO:n`
    Ago(u32, Unit),
}

/// What a [`Period`] counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// A day.
    Day,
    /// Seven days from a Sunday.
    Week,
    /// A calendar month.
    Month,
    /// Three calendar months.
    Quarter,
    /// A calendar year.
    Year,
    /// Here the same as [`Unit::Quarter`].
    FiscalQuarter,
    /// Here the same as [`Unit::Year`].
    FiscalYear,
}

impl Unit {
    const ALL: [Self; 7] = [
        Self::Day,
        Self::Week,
        Self::Month,
        Self::Quarter,
        Self::Year,
        Self::FiscalQuarter,
        Self::FiscalYear,
    ];

    fn as_str(self) -> &'static str {
        match self {
            Self::Day => "DAY",
            Self::Week => "WEEK",
            Self::Month => "MONTH",
            Self::Quarter => "QUARTER",
            Self::Year => "YEAR",
            Self::FiscalQuarter => "FISCAL_QUARTER",
            Self::FiscalYear => "FISCAL_YEAR",
        }
    }

    /// The first day of the unit that a day is in.
    fn start(self, day: NaiveDate) -> Option<NaiveDate> {
        let month = day.month0();
        match self {
            Self::Day => Some(day),
            Self::Week => day.checked_sub_days(Days::new(day.weekday().num_days_from_sunday().into())),
            Self::Month => day.with_day(1),
            Self::Quarter | Self::FiscalQuarter => day.with_day(1)?.with_month0(month - month % 3),
            Self::Year | Self::FiscalYear => day.with_day(1)?.with_month0(0),
        }
    }

    /// That many units later or earlier; nothing if the calendar ends before.
    fn shift(self, day: NaiveDate, count: i64) -> Option<NaiveDate> {
        let (days, months) = match self {
            Self::Day => (1, 0),
            Self::Week => (7, 0),
            Self::Month => (0, 1),
            Self::Quarter | Self::FiscalQuarter => (0, 3),
            Self::Year | Self::FiscalYear => (0, 12),
        };
        let days = Days::new(count.unsigned_abs() * days);
        let months = Months::new(u32::try_from(count.unsigned_abs() * months).ok()?);
        if count < 0 {
            day.checked_sub_days(days)?.checked_sub_months(months)
        } else {
            day.checked_add_days(days)?.checked_add_months(months)
        }
    }
}

impl Period {
    /// Reads the name of a date literal, and the number behind its colon.
    pub(crate) fn parse(name: &str, count: Option<u32>) -> Option<Self> {
        let name = name.to_ascii_uppercase();
        let unit = |name: &str| Unit::ALL.into_iter().find(|unit| unit.as_str() == name);
        let units = |name: &str| unit(name.strip_suffix('S')?);
        match count {
            Some(count) => None
                .or_else(|| Some(Self::Last(count, units(name.strip_prefix("LAST_N_")?)?)))
                .or_else(|| Some(Self::Next(count, units(name.strip_prefix("NEXT_N_")?)?)))
                .or_else(|| Some(Self::Ago(count, units(name.strip_prefix("N_")?.strip_suffix("_AGO")?)?))),
            None => match name.as_str() {
                "YESTERDAY" => Some(Self::Day(-1)),
                "TODAY" => Some(Self::Day(0)),
                "TOMORROW" => Some(Self::Day(1)),
                "LAST_90_DAYS" => Some(Self::Last90Days),
                "NEXT_90_DAYS" => Some(Self::Next90Days),
                name => {
                    [("LAST_", -1), ("THIS_", 0), ("NEXT_", 1)].into_iter().find_map(|(prefix, shift)| {
                        let unit = unit(name.strip_prefix(prefix)?)?;
                        // A day has names of its own.
                        (unit != Unit::Day).then_some(Self::Unit(shift, unit))
                    })
                }
            },
        }
    }

    /// The number behind the colon, if this literal has one.
    pub(crate) fn count_mut(&mut self) -> Option<&mut u32> {
        match self {
            Self::Last(count, _) | Self::Next(count, _) | Self::Ago(count, _) => Some(count),
            _ => None,
        }
    }

    /// Its first day, and the first day after it. What lies beyond the calendar is its end.
    pub(crate) fn range(self, today: NaiveDate) -> Range<NaiveDate> {
        let (unit, from, to) = match self {
            Self::Day(shift) => (Unit::Day, shift.into(), i64::from(shift) + 1),
            Self::Unit(shift, unit) => (unit, shift.into(), i64::from(shift) + 1),
            Self::Last90Days => (Unit::Day, -90, 1),
            Self::Next90Days => (Unit::Day, 1, 91),
            // The only count that takes in the present unit.
            Self::Last(count, Unit::Day) => (Unit::Day, -i64::from(count), 1),
            Self::Last(count, unit) => (unit, -i64::from(count), 0),
            Self::Next(count, unit) => (unit, 1, i64::from(count) + 1),
            Self::Ago(count, unit) => (unit, -i64::from(count), 1 - i64::from(count)),
        };
        let day = |count: i64| {
            let end = if count < 0 { NaiveDate::MIN } else { NaiveDate::MAX };
            unit.start(today).and_then(|start| unit.shift(start, count)).unwrap_or(end)
        };
        day(from)..day(to)
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Day(..0) => f.write_str("YESTERDAY"),
            Self::Day(0) => f.write_str("TODAY"),
            Self::Day(_) => f.write_str("TOMORROW"),
            Self::Unit(..0, unit) => write!(f, "LAST_{}", unit.as_str()),
            Self::Unit(0, unit) => write!(f, "THIS_{}", unit.as_str()),
            Self::Unit(_, unit) => write!(f, "NEXT_{}", unit.as_str()),
            Self::Last90Days => f.write_str("LAST_90_DAYS"),
            Self::Next90Days => f.write_str("NEXT_90_DAYS"),
            Self::Last(count, unit) => write!(f, "LAST_N_{}S:{count}", unit.as_str()),
            Self::Next(count, unit) => write!(f, "NEXT_N_{}S:{count}", unit.as_str()),
            Self::Ago(count, unit) => write!(f, "N_{}S_AGO:{count}", unit.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn date_literals_are_the_documented_days() {
        // A Friday.
        let today = NaiveDate::from_ymd_opt(2026, 5, 15).unwrap();
        for (name, count, from, to) in [
            ("yesterday", None, "2026-05-14", "2026-05-15"),
            ("TODAY", None, "2026-05-15", "2026-05-16"),
            ("TOMORROW", None, "2026-05-16", "2026-05-17"),
            ("LAST_WEEK", None, "2026-05-03", "2026-05-10"),
            ("THIS_WEEK", None, "2026-05-10", "2026-05-17"),
            ("NEXT_WEEK", None, "2026-05-17", "2026-05-24"),
            ("LAST_MONTH", None, "2026-04-01", "2026-05-01"),
            ("THIS_MONTH", None, "2026-05-01", "2026-06-01"),
            ("THIS_QUARTER", None, "2026-04-01", "2026-07-01"),
            ("LAST_FISCAL_QUARTER", None, "2026-01-01", "2026-04-01"),
            ("NEXT_YEAR", None, "2027-01-01", "2028-01-01"),
            ("THIS_FISCAL_YEAR", None, "2026-01-01", "2027-01-01"),
            ("LAST_90_DAYS", None, "2026-02-14", "2026-05-16"),
            ("NEXT_90_DAYS", None, "2026-05-16", "2026-08-14"),
            ("LAST_N_DAYS", Some(1), "2026-05-14", "2026-05-16"),
            ("NEXT_N_DAYS", Some(2), "2026-05-16", "2026-05-18"),
            ("LAST_N_WEEKS", Some(2), "2026-04-26", "2026-05-10"),
            ("NEXT_N_MONTHS", Some(2), "2026-06-01", "2026-08-01"),
            ("LAST_N_YEARS", Some(1), "2025-01-01", "2026-01-01"),
            ("N_DAYS_AGO", Some(3), "2026-05-12", "2026-05-13"),
            ("N_FISCAL_QUARTERS_AGO", Some(1), "2026-01-01", "2026-04-01"),
        ] {
            let period = Period::parse(name, count).unwrap_or_else(|| panic!("{name}"));
            let range = period.range(today);
            assert_eq!((range.start.to_string(), range.end.to_string()), (from.into(), to.into()), "{name}");
            let printed = period.to_string();
            let (printed_name, _) = printed.split_once(':').unwrap_or((&printed, ""));
            assert_eq!(printed_name, name.to_ascii_uppercase());
        }
    }

    #[test]
    fn what_is_no_date_literal_is_not_taken_for_one() {
        for (name, count) in [
            ("LAST_DAY", None),
            ("LAST_N_DAYS", None),
            ("TODAY", Some(1)),
            ("LAST_N_DAY", Some(1)),
            ("LAST_", None),
            ("", None),
        ] {
            assert_eq!(Period::parse(name, count), None, "{name}");
        }
    }

    #[test]
    fn the_calendar_ends_somewhere() {
        let today = NaiveDate::from_ymd_opt(2026, 5, 15).unwrap();
        let range = Period::Last(u32::MAX, Unit::Year).range(today);
        assert_eq!((range.start, range.end.to_string()), (NaiveDate::MIN, "2026-01-01".to_owned()));
        assert_eq!(Period::Ago(u32::MAX, Unit::FiscalYear).range(today), NaiveDate::MIN..NaiveDate::MIN);
        assert_eq!(Period::Next(u32::MAX, Unit::Day).range(today).end, NaiveDate::MAX);
    }
}
