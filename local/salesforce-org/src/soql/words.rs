//! The words of the language that stand for one of a few things.

/// Gives an enum its words in the language: they print as the first list says and are read without regard to case.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$item:meta])* $variant:ident = $word:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum $name { $($(#[$item])* $variant,)+ }

        impl $name {
            const ALL: &[Self] = &[$(Self::$variant),+];

            /// As a query spells it.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word,)+ }
            }

            pub(crate) fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|known| known.as_str().eq_ignore_ascii_case(word))
            }
        }
    };
}

words! {
    /// A function.
    Function {
        /// Rows, or rows with a value.
        Count = "COUNT",
        /// Different values.
        CountDistinct = "COUNT_DISTINCT",
        /// The least value.
        Min = "MIN",
        /// The greatest value.
        Max = "MAX",
        /// The sum of the values.
        Sum = "SUM",
        /// The mean of the values.
        Avg = "AVG",
        /// The label of a picklist's value.
        ToLabel = "toLabel",
        /// A value as the user's locale writes it.
        Format = "FORMAT",
        /// An amount in the user's currency.
        ConvertCurrency = "convertCurrency",
        /// A dateTime in the user's time zone; only inside a date function.
        ConvertTimezone = "convertTimezone",
        /// 1 to 12
        CalendarMonth = "CALENDAR_MONTH",
        /// 1 to 4
        CalendarQuarter = "CALENDAR_QUARTER",
        /// e.g. 2026
        CalendarYear = "CALENDAR_YEAR",
        /// 1 to 31
        DayInMonth = "DAY_IN_MONTH",
        /// 1 (Sunday) to 7
        DayInWeek = "DAY_IN_WEEK",
        /// 1 to 366
        DayInYear = "DAY_IN_YEAR",
        /// The date of a dateTime.
        DayOnly = "DAY_ONLY",
        /// As [`CalendarMonth`](Self::CalendarMonth): fiscal years are calendar years here.
        FiscalMonth = "FISCAL_MONTH",
        /// As [`CalendarQuarter`](Self::CalendarQuarter).
        FiscalQuarter = "FISCAL_QUARTER",
        /// As [`CalendarYear`](Self::CalendarYear).
        FiscalYear = "FISCAL_YEAR",
        /// 0 to 23
        HourInDay = "HOUR_IN_DAY",
        /// 1 to 5
        WeekInMonth = "WEEK_IN_MONTH",
        /// 1 to 53
        WeekInYear = "WEEK_IN_YEAR",
        /// The distance between a location and another.
        Distance = "DISTANCE",
        /// A location; only inside `DISTANCE`.
        Geolocation = "GEOLOCATION",
    }
}

impl Function {
    /// Whether it makes one value of many rows.
    pub fn aggregates(self) -> bool {
        matches!(self, Self::Count | Self::CountDistinct | Self::Min | Self::Max | Self::Sum | Self::Avg)
    }

    /// Whether it makes a number or date of a date.
    pub fn is_of_dates(self) -> bool {
        let others = [Self::ToLabel, Self::Format, Self::ConvertCurrency, Self::Distance, Self::Geolocation];
        !self.aggregates() && self != Self::ConvertTimezone && !others.contains(&self)
    }
}

words! {
    /// How a condition compares.
    Comparison {
        /// The same, without regard to case.
        Equal = "=",
        /// Not the same; no value is not the same either.
        NotEqual = "!=",
        /// Less.
        Less = "<",
        /// Less or the same.
        LessOrEqual = "<=",
        /// Greater.
        Greater = ">",
        /// Greater or the same.
        GreaterOrEqual = ">=",
        /// Matches a pattern.
        Like = "LIKE",
    }
}

words! {
    /// Which fields `FIELDS()` stands for.
    FieldSet {
        /// All fields.
        All = "ALL",
        /// Fields that every org has.
        Standard = "STANDARD",
        /// Fields of this org.
        Custom = "CUSTOM",
    }
}

words! {
    /// Whose rows are read.
    Scope {
        /// Delegated to the user.
        Delegated = "delegated",
        /// All rows.
        Everything = "everything",
        /// Rows that the user owns.
        Mine = "mine",
        /// Rows of the user and of their groups.
        MineAndMyGroups = "mine_and_my_groups",
        /// Rows of the user's territory.
        MyTerritory = "my_territory",
        /// Rows of the territory of the user's team.
        MyTeamTerritory = "my_team_territory",
        /// Rows of the user's team.
        Team = "team",
    }
}

words! {
    /// With whose rights a query runs. This org checks no rights.
    With {
        /// Refused if the user may not read a field.
        SecurityEnforced = "SECURITY_ENFORCED",
        /// With the user's rights.
        UserMode = "USER_MODE",
    }
}

words! {
    /// What a query notes about the rows that it read. This org notes nothing.
    Mark {
        /// The rows were viewed.
        View = "FOR VIEW",
        /// The rows were referenced.
        Reference = "FOR REFERENCE",
        /// The rows are locked.
        Update = "FOR UPDATE",
        /// Keywords of articles.
        Tracking = "UPDATE TRACKING",
        /// Views of articles.
        ViewStat = "UPDATE VIEWSTAT",
    }
}
