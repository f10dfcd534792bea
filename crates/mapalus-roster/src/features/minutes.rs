//! Minutes in all: at most, and at least.

use super::{Allow, Own, Reason, Relaxation, Words};
use crate::{checker::Rule, model::Limits};

pub(crate) const WORDS: Words = Words { key: "max_minutes", rule: Rule::MaxMinutes, looks: 1 };
pub(crate) const ALLOW: Allow = Allow { key: "max_minutes", hardness: 0 };
pub(crate) const WORDS_LEAST: Words = Words { key: "min_minutes", rule: Rule::MinMinutes, looks: 1 };

pub(super) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    let limits = own.limits();
    let total: i64 = own.shifts.iter().map(|&s| own.shift(s).minutes).sum();
    if let Some(over) = limits.max_minutes.map(|most| total - most).filter(|&over| over > 0) {
        out.push(Reason::MaxMinutes { over });
    }
    let short = lacks(limits, total);
    if short > 0 {
        out.push(Reason::MinMinutes { short });
    }
}

/// Whether more minutes fit beside those that somebody works.
#[inline]
pub(crate) fn fits(limits: &Limits, minutes: i64, more: i64) -> bool {
    limits.max_minutes.is_none_or(|most| minutes + more <= most)
}

/// Minutes that are missing.
#[inline]
pub(crate) fn lacks(limits: &Limits, minutes: i64) -> i64 {
    limits.min_minutes.map_or(0, |least| (least - minutes).max(0))
}

/// Least and most, in units of work of which there are `longest` at most.
pub(crate) fn in_units(limits: &Limits, unit: i64, longest: i64) -> (i64, i64) {
    (
        limits.min_minutes.map_or(0, |m| (m + unit - 1).div_euclid(unit)).max(0),
        limits.max_minutes.map_or(longest, |m| m.div_euclid(unit)).min(longest),
    )
}

/// Whether a row of so many units keeps least and most.
#[inline]
pub(crate) fn keeps((least, most): (i64, i64), units: i64) -> bool {
    least <= units && units <= most
}

pub(crate) fn relaxed(person: u32, limits: &Limits, by: i64) -> Option<Relaxation> {
    Some(Relaxation::MaxMinutes { person, most: limits.max_minutes? + by })
}
