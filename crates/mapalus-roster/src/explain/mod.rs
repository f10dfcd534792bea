//! Why a seat is empty, who else could sit there, and at what cost: data, which the app puts into words.
//!
//! The reasons are worked out from the rules by the judge's own means: a roster with the person in the seat is checked,
//! and what breaks there and did not break before is the reason.

use crate::{
    checker::{Rule, check},
    model::{Assignment, Problem, Roster},
};
use std::collections::BTreeMap;

/// One person before one seat.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The person.
    pub person: u32,
    /// Rules that stand in the way, each once; empty for one who can step in.
    pub reasons: Vec<Rule>,
    /// What the roster would cost more with them in the seat; less than 0 where it would cost less.
    pub cost: i64,
}

/// A seat that lacks people, and everybody before it.
#[derive(Clone, Debug)]
pub struct Vacancy {
    /// The shift.
    pub shift: u32,
    /// The role.
    pub role: u32,
    /// People short of `want`.
    pub missing: u32,
    /// How many people each rule keeps from the seat; one person may be kept by several.
    pub in_sum: BTreeMap<Rule, usize>,
    /// Who hold what the role needs but are kept by exactly one rule: what a relaxation of it would win, cheapest first.
    pub one_away: Vec<Candidate>,
    /// Who can step in, cheapest first.
    pub substitutes: Vec<Candidate>,
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

/// Looks at one seat. Cost: a check of the shift and of the people in it for each person of the problem.
pub fn explain_seat(problem: &Problem, roster: &Roster, shift: u32, role: u32) -> Vacancy {
    let n = roster.assignments.iter().filter(|a| a.shift == shift && a.role == role).count() as u32;
    let want = problem.seat(shift, role).map_or(0, |seat| seat.want);
    let mut out = Vacancy {
        shift,
        role,
        missing: want.saturating_sub(n),
        in_sum: BTreeMap::new(),
        one_away: Vec::new(),
        substitutes: Vec::new(),
    };
    for person in 0..problem.people.len() as u32 {
        let candidate = before_seat(problem, roster, Assignment { person, shift, role });
        for &rule in &candidate.reasons {
            *out.in_sum.entry(rule).or_insert(0) += 1;
        }
        match candidate.reasons.len() {
            0 => out.substitutes.push(candidate),
            1 if candidate.reasons[0] != Rule::Qualification && candidate.reasons[0] != Rule::Twice => {
                out.one_away.push(candidate);
            }
            _ => {}
        }
    }
    out.substitutes.sort_by_key(|c| (c.cost, c.person));
    out.one_away.sort_by_key(|c| (c.cost, c.person));
    out
}

/// What happens when the assignment is added: only its shift and its person are looked at, the rest stands.
fn before_seat(problem: &Problem, roster: &Roster, a: Assignment) -> Candidate {
    let near = |b: &&Assignment| b.person == a.person || b.shift == a.shift;
    let before = Roster::new(roster.assignments.iter().filter(near).copied().collect());
    let mut with = before.assignments.clone();
    with.push(a);
    let (old, new) = (check(problem, &before), check(problem, &Roster::new(with)));
    let mut reasons: Vec<Rule> = Vec::new();
    let mut left: Vec<_> = old.broken.clone();
    for broken in new.broken {
        match left.iter().position(|b| *b == broken) {
            Some(at) => drop(left.swap_remove(at)),
            None => reasons.push(broken.rule),
        }
    }
    reasons.sort_unstable();
    reasons.dedup();
    Candidate { person: a.person, reasons, cost: new.cost - old.cost }
}

/// What one person carries.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// The person.
    pub person: u32,
    /// Shifts.
    pub shifts: u32,
    /// Minutes worked.
    pub minutes: i64,
    /// Minutes of the fair share, where there is one.
    pub fair_minutes: Option<i64>,
    /// Cost of wishes that were met (negative) or crossed.
    pub wishes: i64,
}

/// What each person carries, in the order of the people.
pub fn loads(problem: &Problem, roster: &Roster) -> Vec<Load> {
    (0..problem.people.len() as u32)
        .map(|person| {
            let own = roster.of(person);
            Load {
                person,
                shifts: own.len() as u32,
                minutes: own.iter().map(|a| problem.shifts[a.shift as usize].minutes).sum(),
                fair_minutes: problem.people[person as usize].fair_minutes,
                wishes: own.iter().map(|&a| problem.wish_cost(a)).sum(),
            }
        })
        .collect()
}
