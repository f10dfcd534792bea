//! What may be allowed so that a seat can be filled.

use super::Allow;
use crate::model::{Assignment, Window};

/// One thing to allow. Two are never offered: to share a shift with somebody one is kept apart from, and to leave
/// vulnerable people with too few who are cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Relaxation {
    /// More minutes in all.
    MaxMinutes {
        /// Who.
        person: u32,
        /// The new limit.
        most: i64,
    },
    /// More minutes on a day.
    MaxMinutesPerDay {
        /// Who.
        person: u32,
        /// The new limit.
        most: i64,
    },
    /// More minutes in a week.
    MaxMinutesPerWeek {
        /// Who.
        person: u32,
        /// The new limit.
        most: i64,
    },
    /// More days in a row.
    MaxDaysInRow {
        /// Who.
        person: u32,
        /// The new limit.
        most: i64,
    },
    /// A shorter run of days.
    MinDaysInRow {
        /// Who.
        person: u32,
        /// The new limit.
        least: i64,
    },
    /// Fewer days off between two runs.
    MinDaysOffInRow {
        /// Who.
        person: u32,
        /// The new limit.
        least: i64,
    },
    /// One weekend more.
    MaxWeekends {
        /// Who.
        person: u32,
        /// The new limit.
        most: i64,
    },
    /// More shifts of a kind.
    MaxOfKind {
        /// Who.
        person: u32,
        /// The kind.
        kind: u32,
        /// The new limit.
        most: i64,
    },
    /// Less rest between two days, in minutes.
    MinRest {
        /// Who.
        person: u32,
        /// The new limit.
        least: i64,
    },
    /// To come at a time that they did not offer.
    Free {
        /// Who.
        person: u32,
        /// When.
        window: Window,
    },
    /// To leave another seat, which loses them.
    GiveUp {
        /// The assignment that ends.
        assignment: Assignment,
    },
    /// Two kinds of shift on days that follow one another; for everybody, since that rule is everybody's.
    Follow {
        /// Kind of the earlier day.
        first: u32,
        /// Kind of the later day.
        next: u32,
    },
    /// A qualification that they do not hold: who would have to learn what.
    Hold {
        /// Who.
        person: u32,
        /// The qualification.
        qualification: u32,
    },
}

impl Relaxation {
    pub(crate) fn words(&self) -> &'static Allow {
        use super as rules;
        match self {
            Self::MaxMinutes { .. } => &rules::minutes::ALLOW,
            Self::MaxMinutesPerDay { .. } => &rules::minutes_per_day::ALLOW,
            Self::MaxMinutesPerWeek { .. } => &rules::minutes_per_week::ALLOW,
            Self::MaxDaysInRow { .. } => &rules::days_in_row::ALLOW,
            Self::MinDaysInRow { .. } => &rules::days_in_row::ALLOW_LEAST,
            Self::MinDaysOffInRow { .. } => &rules::days_off_in_row::ALLOW,
            Self::MaxWeekends { .. } => &rules::weekends::ALLOW,
            Self::MaxOfKind { .. } => &rules::kind_count::ALLOW,
            Self::MinRest { .. } => &rules::spacing::ALLOW_REST,
            Self::Free { .. } => &rules::availability::ALLOW,
            Self::GiveUp { .. } => &rules::change::ALLOW,
            Self::Follow { .. } => &rules::succession::ALLOW,
            Self::Hold { .. } => &rules::qualification::ALLOW,
        }
    }

    /// A stable key for each kind.
    pub fn key(&self) -> &'static str {
        self.words().key
    }

    /// How much it asks, from 0: a bit more of what somebody does anyhow, then rest, then time they did not offer, then
    /// another seat, then a rule of all, then something to learn.
    pub(crate) fn hardness(&self) -> u32 {
        self.words().hardness
    }
}
