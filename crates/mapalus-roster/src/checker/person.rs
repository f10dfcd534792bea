//! Rules about the shifts of one person.

use super::{Broken, Rule};
use crate::model::{Assignment, DAY, Problem, Shift};

pub(super) fn look(problem: &Problem, person: u32, own: &[Assignment], broken: &mut Vec<Broken>) {
    let limits = &problem.people[person as usize].limits;
    let mut break_rule = |rule, shift| broken.push(Broken::new(rule, Some(person), shift));
    let mut order: Vec<u32> = own.iter().map(|a| a.shift).collect();
    order.sort_by_key(|&s| (problem.shifts[s as usize].start, s));
    let shifts: Vec<&Shift> = order.iter().map(|&s| &problem.shifts[s as usize]).collect();

    if let (Some(before), Some(first)) = (&problem.people[person as usize].before, shifts.first()) {
        let gap = limits.min_rest.max(problem.travel_minutes(before.place, first.place));
        if first.start < before.end + gap {
            break_rule(Rule::Close, Some(order[0]));
        }
    }
    for (i, a) in shifts.iter().enumerate() {
        for (j, b) in shifts.iter().enumerate().skip(i + 1) {
            let travel = problem.travel_minutes(a.place, b.place);
            let gap = if a.day() == b.day() { travel } else { travel.max(limits.min_rest) };
            if b.start < a.end + gap {
                break_rule(Rule::Close, Some(order[j]));
            }
        }
    }
    let total: i64 = shifts.iter().map(|s| s.minutes).sum();
    if limits.max_minutes.is_some_and(|most| total > most) {
        break_rule(Rule::MaxMinutes, None);
    }
    if limits.min_minutes.is_some_and(|least| total < least) {
        break_rule(Rule::MinMinutes, None);
    }
    let per = |key: &dyn Fn(&Shift) -> i64| {
        let mut sums = std::collections::BTreeMap::new();
        for shift in &shifts {
            *sums.entry(key(shift)).or_insert(0) += shift.minutes;
        }
        sums
    };
    let days = per(&|s| s.day());
    if limits.max_minutes_per_day.is_some_and(|most| days.values().any(|&m| m > most)) {
        break_rule(Rule::MaxMinutesPerDay, None);
    }
    if let Some(most) = limits.max_minutes_per_week {
        let weeks = per(&|s| problem.week(s.day()));
        for _ in weeks.values().filter(|&&m| m > most) {
            break_rule(Rule::MaxMinutesPerWeek, None);
        }
    }
    look_at_kinds(problem, person, &shifts, &mut break_rule);
    let worked: Vec<i64> = days.into_keys().collect();
    look_at_days(problem, person, &worked, &mut break_rule);
}

fn look_at_kinds(
    problem: &Problem,
    person: u32,
    shifts: &[&Shift],
    break_rule: &mut impl FnMut(Rule, Option<u32>),
) {
    for &(kind, most) in &problem.people[person as usize].limits.max_of_kind {
        if shifts.iter().filter(|s| s.kind == Some(kind)).count() as i64 > most {
            break_rule(Rule::MaxOfKind, None);
        }
    }
    for a in shifts {
        for b in shifts.iter().filter(|b| b.day() == a.day() + 1) {
            let never = a.kind.map(|kind| &problem.kinds[kind as usize].never_next);
            if let (Some(never), Some(next)) = (never, b.kind)
                && never.contains(&next)
            {
                break_rule(Rule::NeverNext, None);
            }
        }
    }
}

fn look_at_days(
    problem: &Problem,
    person: u32,
    worked: &[i64],
    break_rule: &mut impl FnMut(Rule, Option<u32>),
) {
    let limits = &problem.people[person as usize].limits;
    let horizon = problem.days().max(1);
    // Runs of days with work, as first day and length; what was worked before day 0 lengthens the first.
    let mut runs: Vec<(i64, i64)> = Vec::new();
    for &day in worked {
        match runs.last_mut() {
            Some((first, length)) if *first + *length == day => *length += 1,
            _ => runs.push((day, 1)),
        }
    }
    let before = problem.people[person as usize].before.as_ref().map_or(0, |b| b.days);
    for &(first, length) in &runs {
        let in_row = length + if first == 0 { before } else { 0 };
        if limits.max_days_in_row.is_some_and(|most| in_row > most) {
            break_rule(Rule::MaxDaysInRow, None);
        }
        let inner = first > 0 && first + length < horizon;
        if inner && limits.min_days_in_row.is_some_and(|least| length < least) {
            break_rule(Rule::MinDaysInRow, None);
        }
    }
    for pair in runs.windows(2) {
        let off = pair[1].0 - (pair[0].0 + pair[0].1);
        if limits.min_days_off_in_row.is_some_and(|least| off < least) {
            break_rule(Rule::MinDaysOffInRow, None);
        }
    }
    if let Some(most) = limits.max_weekends {
        let mut weekends: Vec<i64> = Vec::new();
        for &day in worked {
            if problem.weekday(day) >= 5 && weekends.last() != Some(&problem.week(day)) {
                weekends.push(problem.week(day));
            }
        }
        if weekends.len() as i64 > most {
            break_rule(Rule::MaxWeekends, None);
        }
    }
    debug_assert!(worked.iter().all(|&day| day * DAY < problem.horizon));
}
