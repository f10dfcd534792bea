//! Names of the rules, for what is broken.

use crate::model::Problem;
use std::fmt;

/// A hard rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Rule {
    /// Names a person, shift or role that is not there.
    Unknown,
    /// Lacks a qualification that the role needs.
    Qualification,
    /// Is not free for the whole shift.
    Free,
    /// Stands twice in a shift.
    Twice,
    /// More people than a seat may have.
    Full,
    /// Two who are kept apart share a shift.
    Apart,
    /// Vulnerable people and too few who are cleared.
    Guard,
    /// Two shifts too close to one another, or to the one before the roster.
    Close,
    /// Too many minutes in all.
    MaxMinutes,
    /// Too few minutes in all.
    MinMinutes,
    /// Too many minutes in a day.
    MaxMinutesPerDay,
    /// Too many minutes in a week.
    MaxMinutesPerWeek,
    /// Too many days in a row.
    MaxDaysInRow,
    /// Too few days in a row.
    MinDaysInRow,
    /// Too few days off in a row.
    MinDaysOffInRow,
    /// Too many weekends.
    MaxWeekends,
    /// Too many shifts of a kind.
    MaxOfKind,
    /// A kind that must not follow the one of the day before.
    NeverNext,
    /// A fixed assignment does not stand.
    Fixed,
}

/// A broken rule, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken {
    /// The rule.
    pub rule: Rule,
    /// The person, where it is about one.
    pub person: Option<u32>,
    /// The shift, where it is about one.
    pub shift: Option<u32>,
    /// What was written, for [`Rule::Unknown`].
    pub text: String,
}

impl Broken {
    pub(super) fn new(rule: Rule, person: Option<u32>, shift: Option<u32>) -> Self {
        Self { rule, person, shift, text: String::new() }
    }

    pub(super) fn strange(text: &str) -> Self {
        Self { rule: Rule::Unknown, person: None, shift: None, text: text.into() }
    }

    /// One line for a terminal, with the ids of the problem.
    pub fn line(&self, problem: &Problem) -> String {
        let mut out = format!("{:?}", self.rule);
        if let Some(person) = self.person {
            out.push_str(&format!(" person {}", problem.people[person as usize].id));
        }
        if let Some(shift) = self.shift {
            out.push_str(&format!(" shift {}", problem.shifts[shift as usize].id));
        }
        if !self.text.is_empty() {
            out.push_str(&format!(" {}", self.text));
        }
        out
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}
