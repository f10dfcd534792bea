//! Days off between two runs of work: at least so many.

use super::{Allow, Own, Reason, Relaxation, Words, runs};
use crate::{checker::Rule, model::Limits};

pub(crate) const WORDS: Words = Words { key: "min_days_off_in_row", rule: Rule::MinDaysOffInRow, looks: 1 };
pub(crate) const ALLOW: Allow = Allow { key: "min_days_off_in_row", hardness: 1 };

pub(super) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    let limits = own.limits();
    if limits.min_days_off_in_row.is_none() {
        return;
    }
    let mut last_run = None;
    for run in runs(own.days()) {
        if let Some(before) = last_run.replace(run) {
            let short = lacks(limits, before, run);
            if short > 0 {
                out.push(Reason::MinDaysOffInRow { short });
            }
        }
    }
}

/// Days off that are missing between two runs.
#[inline]
pub(crate) fn lacks(limits: &Limits, before: (i64, i64), after: (i64, i64)) -> i64 {
    (limits.min_days_off_in_row.unwrap_or(0) - (after.0 - before.1 - 1)).max(0)
}

/// Whether so many days off of a row are enough; those at either end always are.
#[inline]
pub(crate) fn keeps(least: usize, length: usize, inner: bool) -> bool {
    !inner || length >= least
}

pub(crate) fn relaxed(person: u32, limits: &Limits, by: i64) -> Option<Relaxation> {
    Some(Relaxation::MinDaysOffInRow { person, least: limits.min_days_off_in_row? - by })
}
