//! Seats that lack people: who could, who cannot and why, in sum and person by person.

use super::{Candidate, Standing, Way};
use crate::model::{Assignment, Problem, Roster};
use std::collections::BTreeMap;

/// How many people a kind of reason keeps from a seat.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// All whom it keeps; one person may be kept by several.
    pub people: usize,
    /// Those whom nothing else keeps.
    pub alone: usize,
}

/// A seat, and everybody before it.
#[derive(Clone, Debug)]
pub struct Vacancy {
    /// The shift.
    pub shift: u32,
    /// The role.
    pub role: u32,
    /// People short of `min`.
    pub short_of_min: u32,
    /// People short of `want`.
    pub missing: u32,
    /// People who hold what the role needs.
    pub qualified: usize,
    /// How many of those who hold it each kind of reason keeps away, by [`super::Reason::key`]; and under
    /// `qualification` those who do not hold it, whatever else keeps them.
    pub in_sum: BTreeMap<&'static str, Count>,
    /// Everybody, in the order of the people.
    pub people: Vec<Candidate>,
    /// What would have to be allowed for the seat to be filled, easiest first; some at most.
    pub ways: Vec<Way>,
}

impl Vacancy {
    /// Who can step in as it is, cheapest first.
    pub fn substitutes(&self) -> Vec<&Candidate> {
        let mut out: Vec<_> = self.people.iter().filter(|candidate| candidate.reasons.is_empty()).collect();
        out.sort_by_key(|candidate| (candidate.cost, candidate.person));
        out
    }
}

/// The seats of a roster that lack people: shift, role, how many.
pub fn vacancies(problem: &Problem, roster: &Roster) -> Vec<(u32, u32, u32)> {
    let mut counts = BTreeMap::new();
    for a in &roster.assignments {
        *counts.entry((a.shift, a.role)).or_insert(0_u32) += 1;
    }
    let mut out = Vec::new();
    for (s, shift) in (0..).zip(&problem.shifts) {
        for seat in &shift.seats {
            let n = counts.get(&(s, seat.role)).copied().unwrap_or(0);
            if n < seat.want {
                out.push((s, seat.role, seat.want - n));
            }
        }
    }
    out
}

impl Standing<'_> {
    /// Looks at one seat, with at most `ways` ways to fill it. Cost: about a microsecond for each person.
    pub fn vacancy(&mut self, shift: u32, role: u32, ways: usize) -> Vacancy {
        let count = self.count(shift, role);
        let seat = self.problem().seat(shift, role);
        let mut out = Vacancy {
            shift,
            role,
            short_of_min: seat.map_or(0, |seat| seat.min.saturating_sub(count)),
            missing: seat.map_or(0, |seat| seat.want.saturating_sub(count)),
            qualified: self.qualified(role).len(),
            in_sum: BTreeMap::new(),
            people: Vec::new(),
            ways: Vec::new(),
        };
        for person in 0..self.problem().people.len() as u32 {
            let candidate = self.candidate(Assignment { person, shift, role });
            let mut keys: Vec<_> = candidate.reasons.iter().map(|reason| reason.key()).collect();
            if keys.contains(&"qualification") {
                keys = vec!["qualification"];
            }
            keys.sort_unstable();
            keys.dedup();
            for &key in &keys {
                let count = out.in_sum.entry(key).or_default();
                count.people += 1;
                count.alone += usize::from(keys.len() == 1);
            }
            out.people.push(candidate);
        }
        if out.missing > 0 && ways > 0 {
            out.ways = self.ways(&out, ways);
        }
        out
    }
}
