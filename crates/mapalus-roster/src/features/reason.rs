//! What keeps a person from a seat.

use super::Words;
use crate::checker::Rule;

/// One thing that stands between a person and a seat, with how far it is from being kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// Lacks qualifications that the role needs.
    Qualification {
        /// Those that are lacking; never empty.
        missing: Vec<u32>,
    },
    /// Is not free for the whole shift.
    Free,
    /// Stands in this shift already.
    Here {
        /// In this role.
        role: u32,
    },
    /// The seat has as many people as it may have.
    Full,
    /// Would share the shift with somebody they are kept apart from. An app may not want to say this to everybody.
    Apart {
        /// The other one.
        person: u32,
    },
    /// The vulnerable people in the shift would have too few who are cleared.
    Guard {
        /// How many more cleared people would have to come along.
        lacking: u32,
    },
    /// Works elsewhere at that time; `None` is the shift before the roster.
    Works {
        /// There.
        shift: Option<u32>,
    },
    /// Cannot be there in time from another shift, or at the other in time from here.
    Travel {
        /// The other shift; `None` is the one before the roster.
        shift: Option<u32>,
        /// Minutes that are missing.
        short: i64,
    },
    /// Would not have the rest between two days.
    Rest {
        /// The other shift; `None` is the one before the roster.
        shift: Option<u32>,
        /// Minutes that are missing.
        short: i64,
    },
    /// Too many minutes in all.
    MaxMinutes {
        /// Minutes above the limit.
        over: i64,
    },
    /// Too few minutes in all; it keeps nobody from one more seat, but from giving one up.
    MinMinutes {
        /// Minutes below the limit.
        short: i64,
    },
    /// Too many minutes on a day.
    MaxMinutesPerDay {
        /// The day, counted from 0.
        day: i64,
        /// Minutes above the limit.
        over: i64,
    },
    /// Too many minutes in a week.
    MaxMinutesPerWeek {
        /// The week, Monday to Sunday, counted from that of day 0.
        week: i64,
        /// Minutes above the limit.
        over: i64,
    },
    /// Too many days in a row.
    MaxDaysInRow {
        /// Days above the limit.
        over: i64,
    },
    /// A run of days that is too short.
    MinDaysInRow {
        /// Days below the limit.
        short: i64,
    },
    /// A run of days off that is too short.
    MinDaysOffInRow {
        /// Days below the limit.
        short: i64,
    },
    /// Too many weekends.
    MaxWeekends {
        /// Weekends above the limit.
        over: i64,
    },
    /// Too many shifts of a kind.
    MaxOfKind {
        /// The kind.
        kind: u32,
        /// Shifts above the limit.
        over: i64,
    },
    /// The kinds of two days that follow one another must not.
    NeverNext {
        /// The other shift.
        shift: u32,
        /// Kind of the earlier day.
        first: u32,
        /// Kind of the later day.
        next: u32,
    },
}

impl Reason {
    pub(crate) fn words(&self) -> &'static Words {
        use super as rules;
        match self {
            Self::Qualification { .. } => &rules::qualification::WORDS,
            Self::Free => &rules::availability::WORDS,
            Self::Here { .. } => &rules::once::WORDS,
            Self::Full => &rules::head_count::WORDS,
            Self::Apart { .. } => &rules::apart::WORDS,
            Self::Guard { .. } => &rules::guard::WORDS,
            Self::Works { .. } => &rules::spacing::WORDS_WORKS,
            Self::Travel { .. } => &rules::spacing::WORDS_TRAVEL,
            Self::Rest { .. } => &rules::spacing::WORDS_REST,
            Self::MaxMinutes { .. } => &rules::minutes::WORDS,
            Self::MinMinutes { .. } => &rules::minutes::WORDS_LEAST,
            Self::MaxMinutesPerDay { .. } => &rules::minutes_per_day::WORDS,
            Self::MaxMinutesPerWeek { .. } => &rules::minutes_per_week::WORDS,
            Self::MaxDaysInRow { .. } => &rules::days_in_row::WORDS,
            Self::MinDaysInRow { .. } => &rules::days_in_row::WORDS_LEAST,
            Self::MinDaysOffInRow { .. } => &rules::days_off_in_row::WORDS,
            Self::MaxWeekends { .. } => &rules::weekends::WORDS,
            Self::MaxOfKind { .. } => &rules::kind_count::WORDS,
            Self::NeverNext { .. } => &rules::succession::WORDS,
        }
    }

    /// A stable key for each kind of reason: what an app looks its words up by.
    pub fn key(&self) -> &'static str {
        self.words().key
    }

    /// The rule of the checker that would be broken.
    pub fn rule(&self) -> Rule {
        self.words().rule
    }

    /// How far the rule is from being kept, in its unit (minutes, days, weekends, shifts, people); 1 where it has none.
    pub fn amount(&self) -> i64 {
        match self {
            Self::Qualification { missing } => missing.len() as i64,
            Self::Guard { lacking } => i64::from(*lacking),
            Self::Travel { short, .. }
            | Self::Rest { short, .. }
            | Self::MinMinutes { short }
            | Self::MinDaysInRow { short }
            | Self::MinDaysOffInRow { short } => *short,
            Self::MaxMinutes { over }
            | Self::MaxMinutesPerDay { over, .. }
            | Self::MaxMinutesPerWeek { over, .. }
            | Self::MaxDaysInRow { over }
            | Self::MaxWeekends { over }
            | Self::MaxOfKind { over, .. } => *over,
            _ => 1,
        }
    }

    /// What it is about besides the person: a shift, a day, a week or a kind.
    fn about(&self) -> (i64, i64) {
        let shift = |shift: &Option<u32>| (1, shift.map_or(-1, i64::from));
        match self {
            Self::Works { shift: other } => shift(other),
            Self::Travel { shift: other, .. } | Self::Rest { shift: other, .. } => shift(other),
            Self::NeverNext { shift, .. } => (1, i64::from(*shift)),
            Self::MaxMinutesPerDay { day, .. } => (2, *day),
            Self::MaxMinutesPerWeek { week, .. } => (3, *week),
            Self::MaxOfKind { kind, .. } => (4, i64::from(*kind)),
            _ => (0, 0),
        }
    }
}

/// What of `after` was not there `before`, or not as bad.
pub(crate) fn worse(mut before: Vec<Reason>, after: Vec<Reason>) -> Vec<Reason> {
    let known = |old: &Reason, new: &Reason| {
        old.key() == new.key() && old.about() == new.about() && old.amount() >= new.amount()
    };
    let mut out = Vec::new();
    for new in after {
        match before.iter().position(|old| known(old, &new)) {
            Some(at) => drop(before.swap_remove(at)),
            None => out.push(new),
        }
    }
    out
}
