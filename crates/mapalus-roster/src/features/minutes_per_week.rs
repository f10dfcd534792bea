//! Minutes in the shifts of one week, Monday to Sunday: at most.

use super::{Allow, Own, Reason, Relaxation, Words};
use crate::{checker::Rule, model::Limits};

pub(crate) const WORDS: Words =
    Words { key: "max_minutes_per_week", rule: Rule::MaxMinutesPerWeek, looks: 1 };
pub(crate) const ALLOW: Allow = Allow { key: "max_minutes_per_week", hardness: 0 };

pub(super) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    let Some(most) = own.limits().max_minutes_per_week else { return };
    own.sums(
        |shift| own.problem.week(shift.day()),
        |week, sum| {
            if sum > most {
                out.push(Reason::MaxMinutesPerWeek { week, over: sum - most });
            }
        },
    );
}

/// Whether more minutes in a week fit beside other shifts, given by week and minutes.
#[inline]
pub(crate) fn fits(
    limits: &Limits,
    (week, more): (i64, i64),
    others: impl Iterator<Item = (i64, i64)>,
) -> bool {
    limits.max_minutes_per_week.is_none_or(|most| {
        let here: i64 = others.filter(|other| other.0 == week).map(|other| other.1).sum();
        here + more <= most
    })
}

pub(crate) fn relaxed(person: u32, limits: &Limits, by: i64) -> Option<Relaxation> {
    Some(Relaxation::MaxMinutesPerWeek { person, most: limits.max_minutes_per_week? + by })
}
