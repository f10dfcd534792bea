//! Weekends with a shift on Saturday or Sunday: at most so many.

use super::{Allow, Own, Reason, Relaxation, Words};
use crate::{checker::Rule, model::Limits};

pub(crate) const WORDS: Words = Words { key: "max_weekends", rule: Rule::MaxWeekends, looks: 1 };
pub(crate) const ALLOW: Allow = Allow { key: "max_weekends", hardness: 1 };

pub(super) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    let Some(most) = own.limits().max_weekends else { return };
    let (mut worked, mut last) = (0, None);
    for day in own.days().filter(|&day| own.problem.weekday(day) >= 5) {
        worked += i64::from(last.replace(own.problem.week(day)) != Some(own.problem.week(day)));
    }
    if worked > most {
        out.push(Reason::MaxWeekends { over: worked - most });
    }
}

/// Whether a shift on a weekend of that week fits beside others on weekends, given by their weeks.
pub(crate) fn fits(limits: &Limits, week: i64, others: impl Iterator<Item = i64>) -> bool {
    limits.max_weekends.is_none_or(|most| {
        let mut weeks: Vec<i64> = others.chain([week]).collect();
        weeks.sort_unstable();
        weeks.dedup();
        weeks.len() as i64 <= most
    })
}

/// Days of a row that are no weekend, a Saturday, a Sunday.
pub(crate) const WEEKDAY: u8 = 0;
pub(crate) const SATURDAY: u8 = 1;
pub(crate) const SUNDAY: u8 = 2;

/// Which of them a weekday is; 0 is Monday.
pub(crate) fn of_weekday(weekday: i64) -> u8 {
    match weekday {
        5 => SATURDAY,
        6 => SUNDAY,
        _ => WEEKDAY,
    }
}

/// Whether a worked day begins a weekend of work: a Sunday does where the day before it is off.
#[inline]
pub(crate) fn begins(day: u8, off_before: bool) -> bool {
    day == SATURDAY || (day == SUNDAY && off_before)
}

/// Weekends with work of a row of which a day lies in `from..to`; of one that sticks out at either end its day inside
/// counts.
#[inline]
pub(crate) fn worked(days: &[u8], row: &[u8], from: usize, to: usize) -> i64 {
    let begun = (from..to).filter(|&d| row[d] > 0 && begins(days[d], d == 0 || row[d - 1] == 0));
    begun.count() as i64
}

pub(crate) fn relaxed(person: u32, limits: &Limits, by: i64) -> Option<Relaxation> {
    Some(Relaxation::MaxWeekends { person, most: limits.max_weekends? + by })
}
