//! Minutes in the shifts of one day: at most.

use super::{Allow, Around, Own, Reason, Relaxation, Words};
use crate::{checker::Rule, model::Limits};

pub(crate) const WORDS: Words = Words { key: "max_minutes_per_day", rule: Rule::MaxMinutesPerDay, looks: 1 };
pub(crate) const ALLOW: Allow = Allow { key: "max_minutes_per_day", hardness: 0 };

pub(super) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    let Some(most) = own.limits().max_minutes_per_day else { return };
    own.sums(
        |shift| shift.day(),
        |day, sum| {
            if sum > most {
                out.push(Reason::MaxMinutesPerDay { day, over: sum - most });
            }
        },
    );
}

/// Whether the shifts of the day are not too much together.
#[inline]
pub(crate) fn fits(limits: &Limits, around: &Around) -> bool {
    alone(limits, around.of_day)
}

/// Whether a shift alone is not too much.
#[inline]
pub(crate) fn alone(limits: &Limits, minutes: i64) -> bool {
    limits.max_minutes_per_day.is_none_or(|most| minutes <= most)
}

pub(crate) fn relaxed(person: u32, limits: &Limits, by: i64) -> Option<Relaxation> {
    Some(Relaxation::MaxMinutesPerDay { person, most: limits.max_minutes_per_day? + by })
}
