//! Days with a shift in a row: at most, those before the roster included; and at least, but for runs at either end.

use super::{Allow, Around, Own, Reason, Relaxation, Words, runs};
use crate::{checker::Rule, model::Limits};

pub(crate) const WORDS: Words = Words { key: "max_days_in_row", rule: Rule::MaxDaysInRow, looks: 1 };
pub(crate) const ALLOW: Allow = Allow { key: "max_days_in_row", hardness: 1 };
pub(crate) const WORDS_LEAST: Words = Words { key: "min_days_in_row", rule: Rule::MinDaysInRow, looks: 1 };
pub(crate) const ALLOW_LEAST: Allow = Allow { key: "min_days_in_row", hardness: 1 };

pub(super) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    let limits = own.limits();
    if limits.max_days_in_row.is_none() && limits.min_days_in_row.is_none() {
        return;
    }
    let horizon = own.problem.days().max(1);
    for (first, last) in runs(own.days()) {
        let length = last + 1 - first;
        let in_row = length + if first == 0 { own.carried() } else { 0 };
        if let Some(over) = limits.max_days_in_row.map(|most| in_row - most).filter(|&over| over > 0) {
            out.push(Reason::MaxDaysInRow { over });
        }
        let short = least(limits, (first, last), horizon) - length;
        if short > 0 {
            out.push(Reason::MinDaysInRow { short });
        }
    }
}

/// Fewest days that a run must have where it stands.
fn least(limits: &Limits, (first, last): (i64, i64), horizon: i64) -> i64 {
    let inner = first > 0 && last + 1 < horizon;
    limits.min_days_in_row.filter(|_| inner).unwrap_or(0)
}

/// Whether a shift on `day` makes no run too long; `carried` days in a row end on day -1.
#[inline]
pub(crate) fn fits(limits: &Limits, around: &Around, day: i64, carried: i64) -> bool {
    limits.max_days_in_row.is_none_or(|most| {
        let back = i64::from(around.before.trailing_ones());
        let carried = if back == day { carried } else { 0 };
        back + 1 + i64::from(around.after.trailing_ones()) + carried <= most
    })
}

/// Days that a run lacks.
#[inline]
pub(crate) fn lacks(limits: &Limits, run: (i64, i64), horizon: i64) -> i64 {
    (least(limits, run, horizon) - (run.1 + 1 - run.0)).max(0)
}

/// Whether a run of a row may be as long as it is: least and most (where there is one), the days carried into it, and
/// whether it touches neither end.
#[inline]
pub(crate) fn keeps(
    (least, most): (usize, Option<usize>),
    length: usize,
    carried: usize,
    inner: bool,
) -> bool {
    most.is_none_or(|most| length + carried <= most) && (!inner || length >= least)
}

pub(crate) fn relaxed(person: u32, limits: &Limits, by: i64) -> Option<Relaxation> {
    Some(Relaxation::MaxDaysInRow { person, most: limits.max_days_in_row? + by })
}

pub(crate) fn relaxed_least(person: u32, limits: &Limits, by: i64) -> Option<Relaxation> {
    Some(Relaxation::MinDaysInRow { person, least: limits.min_days_in_row? - by })
}
