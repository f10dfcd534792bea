//! Time between two shifts of one person, and after the one before the roster: the way between the places, and rest
//! where the days differ.

use super::{Allow, Own, Reason, Relaxation, Words};
use crate::{
    checker::Rule,
    model::{Limits, Person, Problem},
};

/// Two at a time.
pub(crate) const WORDS_WORKS: Words = Words { key: "works", rule: Rule::Close, looks: 4 };
/// Too far away.
pub(crate) const WORDS_TRAVEL: Words = Words { key: "travel", rule: Rule::Close, looks: 4 };
/// Too soon on another day.
pub(crate) const WORDS_REST: Words = Words { key: "rest", rule: Rule::Close, looks: 2 };
pub(crate) const ALLOW_REST: Allow = Allow { key: "min_rest", hardness: 2 };

pub(super) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    let (problem, rest) = (own.problem, own.limits().min_rest);
    let before = problem.people[own.person as usize].before.as_ref();
    if let (Some(before), Some(&first)) = (before, own.shifts.first()) {
        let first = own.shift(first);
        let travel = problem.travel_minutes(before.place, first.place);
        out.extend(too_close(None, first.start - before.end, travel, Some(rest)));
    }
    let longest = own.longest_travel.max(rest);
    for (i, &a) in own.shifts.iter().enumerate() {
        let first = own.shift(a);
        for &b in &own.shifts[i + 1..] {
            let next = own.shift(b);
            let gap = next.start - first.end;
            if gap >= longest {
                break;
            }
            let travel = problem.travel_minutes(first.place, next.place);
            let rest = (first.day() != next.day()).then_some(rest);
            out.extend(too_close(Some(own.other(a, b)), gap, travel, rest));
        }
    }
}

/// Why two shifts with `gap` minutes between them are too close; `rest` only where their days differ.
fn too_close(shift: Option<u32>, gap: i64, travel: i64, rest: Option<i64>) -> Option<Reason> {
    if gap >= travel.max(rest.unwrap_or(travel)) {
        return None;
    }
    Some(match rest {
        _ if gap < 0 => Reason::Works { shift },
        _ if gap < travel => Reason::Travel { shift, short: travel - gap },
        rest => Reason::Rest { shift, short: rest.unwrap_or(gap) - gap },
    })
}

/// Whether `gap` minutes between two shifts are enough for the way, and for the rest where their days differ.
#[inline]
pub(crate) fn fits(gap: i64, travel: i64, same_day: bool, min_rest: i64) -> bool {
    gap >= if same_day { travel } else { travel.max(min_rest) }
}

/// Whether a shift at a place leaves enough time after the one before the roster.
pub(crate) fn is_rested(problem: &Problem, person: &Person, start: i64, place: u32) -> bool {
    person.before.as_ref().is_none_or(|before| {
        let travel = problem.travel_minutes(before.place, place);
        fits(start - before.end, travel, false, person.limits.min_rest)
    })
}

pub(crate) fn relaxed(person: u32, limits: &Limits, by: i64) -> Relaxation {
    Relaxation::MinRest { person, least: limits.min_rest - by }
}
