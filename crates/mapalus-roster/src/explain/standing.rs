//! A roster laid out so that one person more in a seat is judged in a microsecond.

use super::Reason;
use crate::{
    checker::Terms,
    features::{self, Own, worse},
    model::{Assignment, Problem, Roster, Window},
};
use std::{collections::HashSet, sync::OnceLock};

/// A person before a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The person.
    pub person: u32,
    /// What keeps them from it; empty for one who can step in.
    pub reasons: Vec<Reason>,
    /// What the roster would cost more with them in the seat, by what it is for; below 0 where it would cost less.
    pub terms: Terms,
    /// The same in one number.
    pub cost: i64,
}

/// A problem and a roster of it, from which people can be taken and to which they can be put.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    problem: &'a Problem,
    longest_travel: i64,
    /// Who holds what a role needs, by role.
    qualified: Vec<Vec<u32>>,
    apart: Vec<Vec<u32>>,
    together: Vec<Vec<u32>>,
    fixed: HashSet<Assignment>,
    /// In order; one that stands there twice counts twice.
    previous: Vec<Assignment>,
    /// Shifts of each person in order of their start.
    own: Vec<Vec<u32>>,
    /// Person and role, by shift.
    crews: Vec<Vec<(u32, u32)>>,
    minutes: Vec<i64>,
    /// Windows of everybody, one after the other, and where those of each person begin.
    windows: (Vec<Window>, Vec<u32>),
    /// For each shift a bit for each person who is free for it, once somebody has asked.
    free: Vec<OnceLock<Vec<u64>>>,
    /// How often somebody was put somewhere or taken away.
    changes: u64,
    /// For each shift a bit for each person whose own rules have room for it, and the changes up to which that holds.
    roomy: Vec<(u64, Vec<u64>)>,
}

impl<'a> Standing<'a> {
    /// Lays a roster out. Cost: some milliseconds for 10,000 people.
    pub fn new(problem: &'a Problem, roster: &Roster) -> Self {
        let people = problem.people.len();
        let (mut apart, mut together) = (vec![Vec::new(); people], vec![Vec::new(); people]);
        for (pairs, list) in [(&problem.apart, &mut apart), (&problem.together, &mut together)] {
            for &(a, b) in pairs {
                list[a as usize].push(b);
                list[b as usize].push(a);
            }
        }
        let qualified = (0..problem.roles.len() as u32)
            .map(|role| (0..people as u32).filter(|&person| problem.qualifies(person, role)).collect())
            .collect();
        let mut previous = problem.previous.clone();
        previous.sort_unstable();
        let mut standing = Self {
            problem,
            longest_travel: problem.travel.iter().copied().max().unwrap_or(0),
            qualified,
            apart,
            together,
            fixed: problem.fixed.iter().copied().collect(),
            previous,
            own: vec![Vec::new(); people],
            crews: vec![Vec::new(); problem.shifts.len()],
            minutes: vec![0; people],
            windows: (Vec::new(), vec![0]),
            free: vec![OnceLock::new(); problem.shifts.len()],
            changes: 0,
            roomy: vec![(u64::MAX, Vec::new()); problem.shifts.len()],
        };
        for person in &problem.people {
            standing.windows.0.extend(&person.free);
            standing.windows.1.push(standing.windows.0.len() as u32);
        }
        for &a in &roster.assignments {
            standing.put(a);
        }
        standing
    }

    /// The problem.
    pub fn problem(&self) -> &'a Problem {
        self.problem
    }

    /// Person and role of everybody in a shift.
    pub fn crew(&self, shift: u32) -> &[(u32, u32)] {
        &self.crews[shift as usize]
    }

    /// The shifts of a person in order of their start.
    pub fn own(&self, person: u32) -> &[u32] {
        &self.own[person as usize]
    }

    /// Minutes that a person works.
    pub fn minutes(&self, person: u32) -> i64 {
        self.minutes[person as usize]
    }

    /// Whether the assignment must stand.
    pub fn is_fixed(&self, a: Assignment) -> bool {
        self.fixed.contains(&a)
    }

    /// Who hold what the role needs.
    pub(super) fn qualified(&self, role: u32) -> &[u32] {
        &self.qualified[role as usize]
    }

    /// How many people sit there.
    pub fn count(&self, shift: u32, role: u32) -> u32 {
        self.crew(shift).iter().filter(|(_, other)| *other == role).count() as u32
    }

    /// Puts a person into a seat, whatever the rules say.
    pub fn put(&mut self, a: Assignment) {
        self.changes += 1;
        let shifts = &self.problem.shifts;
        let key = |shift: u32| (shifts[shift as usize].start, shift);
        let own = &mut self.own[a.person as usize];
        let at = own.partition_point(|&s| key(s) < key(a.shift));
        own.insert(at, a.shift);
        self.crews[a.shift as usize].push((a.person, a.role));
        self.minutes[a.person as usize] += shifts[a.shift as usize].minutes;
    }

    /// Takes a person out of a seat; `false` where they do not sit there.
    pub fn take(&mut self, a: Assignment) -> bool {
        let crew = &mut self.crews[a.shift as usize];
        let Some(at) = crew.iter().position(|&member| member == (a.person, a.role)) else { return false };
        crew.swap_remove(at);
        self.changes += 1;
        let own = &mut self.own[a.person as usize];
        if let Some(at) = own.iter().position(|&s| s == a.shift) {
            own.remove(at);
        }
        self.minutes[a.person as usize] -= self.problem.shifts[a.shift as usize].minutes;
        true
    }

    /// The person before the seat, with everything that is in the way.
    pub fn candidate(&self, a: Assignment) -> Candidate {
        let terms = self.gain(a);
        Candidate { person: a.person, reasons: self.reasons(a), terms, cost: terms.total() }
    }

    /// Who can step in, cheapest first, `most` of them at most. Whoever is to be replaced must have been taken out.
    /// Cost: below 1 ms for 1,000 people.
    pub fn substitutes(&self, shift: u32, role: u32, most: usize) -> Vec<Candidate> {
        let (mut out, mut scratch) = (Vec::new(), (Vec::new(), Vec::new()));
        for &person in self.qualified(role) {
            let a = Assignment { person, shift, role };
            if self.is_able(a, &mut scratch) {
                let terms = self.gain(a);
                out.push(Candidate { person, reasons: Vec::new(), terms, cost: terms.total() });
            }
        }
        out.sort_unstable_by_key(|candidate| (candidate.cost, candidate.person));
        out.truncate(most);
        out
    }

    /// Whether nothing keeps a qualified person from the seat.
    pub(super) fn is_able(&self, a: Assignment, scratch: &mut (Vec<u32>, Vec<Reason>)) -> bool {
        if !self.is_free_for(a) || !self.has_minutes(a) {
            return false;
        }
        let reasons = &mut scratch.1;
        reasons.clear();
        self.of_shift(a, reasons);
        reasons.is_empty() && self.has_own_room(a, scratch)
    }

    /// What most are kept by, without a list; who works too much already takes the longer way.
    fn has_minutes(&self, a: Assignment) -> bool {
        let limits = &self.problem.people[a.person as usize].limits;
        let (now, more) = (self.minutes(a.person), self.problem.shifts[a.shift as usize].minutes);
        features::minutes::fits(limits, now, more) || !features::minutes::fits(limits, now, 0)
    }

    /// Whether a person's own rules have room for the shift beside the others they have.
    fn has_own_room(&self, a: Assignment, scratch: &mut (Vec<u32>, Vec<Reason>)) -> bool {
        if !self.has_minutes(a) {
            return false;
        }
        let (shifts, reasons) = scratch;
        reasons.clear();
        self.with(a, shifts);
        self.rules(a.person, shifts, Some(a.shift), reasons);
        if reasons.is_empty() {
            return true;
        }
        // What is broken may have been broken before.
        let after = std::mem::take(reasons);
        worse(self.broken(a.person), after).is_empty()
    }

    /// As [`Self::is_free`], from what is kept for each shift.
    fn is_free_for(&self, a: Assignment) -> bool {
        let bits = self.free[a.shift as usize].get_or_init(|| {
            let shift = &self.problem.shifts[a.shift as usize];
            let (windows, begin) = &self.windows;
            bits(begin.windows(2).map(|of| {
                let own = &windows[of[0] as usize..of[1] as usize];
                features::availability::is_in(own, shift.start, shift.end)
            }))
        });
        has(bits, a.person) || self.is_fixed(a)
    }

    /// Works out once whose own rules have room for a shift, for [`Self::others`]; holds until somebody is moved.
    fn find_roomy(&mut self, shift: u32) {
        if self.roomy[shift as usize].0 == self.changes {
            return;
        }
        let mut scratch = (Vec::new(), Vec::new());
        let people = 0..self.problem.people.len() as u32;
        let found = bits(people.map(|person| {
            let a = Assignment { person, shift, role: 0 };
            self.is_free_for_any(a) && self.has_own_room(a, &mut scratch)
        }));
        self.roomy[shift as usize] = (self.changes, found);
    }

    /// How many others could sit where somebody sits, and the cheapest of them, once that one has been taken out.
    /// [`Self::find_roomy`] was asked before, with that one still in.
    fn others(&self, a: Assignment) -> (usize, Option<Candidate>) {
        let (mut count, mut best, mut reasons) = (0, None::<(i64, u32)>, Vec::new());
        for &person in self.qualified(a.role).iter().filter(|&&person| person != a.person) {
            let other = Assignment { person, ..a };
            if !has(&self.roomy[a.shift as usize].1, person) || !self.is_free_for(other) {
                continue;
            }
            reasons.clear();
            self.of_shift(other, &mut reasons);
            if reasons.is_empty() {
                count += 1;
                let cost = self.gain(other).total();
                best = Some(best.map_or((cost, person), |best| best.min((cost, person))));
            }
        }
        let next = best.map(|(_, person)| self.candidate(Assignment { person, ..a }));
        (count, next)
    }

    /// The assignment beside its alternatives: what it costs where it is, how many others could be there, the cheapest
    /// of them. Nothing where it does not stand.
    pub(super) fn beside(&mut self, a: Assignment) -> Option<(Candidate, usize, Option<Candidate>)> {
        if !self.crew(a.shift).contains(&(a.person, a.role)) {
            return None;
        }
        self.find_roomy(a.shift);
        let changes = self.changes;
        self.take(a);
        let (own, (count, next)) = (self.candidate(a), self.others(a));
        self.put(a);
        // All is as it was.
        self.changes = changes;
        Some((own, count, next))
    }

    /// As [`Self::is_free_for`] in whatever role.
    fn is_free_for_any(&self, a: Assignment) -> bool {
        let seats = &self.problem.shifts[a.shift as usize].seats;
        seats.iter().any(|seat| self.is_free_for(Assignment { role: seat.role, ..a }))
    }

    fn is_free(&self, a: Assignment) -> bool {
        self.has_window(a.person, a.shift) || self.is_fixed(a)
    }

    fn has_window(&self, person: u32, shift: u32) -> bool {
        let shift = &self.problem.shifts[shift as usize];
        features::availability::fits(&self.problem.people[person as usize], shift.start, shift.end)
    }

    /// The person's shifts and the new one.
    fn with(&self, a: Assignment, shifts: &mut Vec<u32>) {
        shifts.clear();
        let key = |shift: u32| (self.problem.shifts[shift as usize].start, shift);
        let own = self.own(a.person);
        let at = own.partition_point(|&s| key(s) < key(a.shift));
        shifts.extend_from_slice(&own[..at]);
        shifts.push(a.shift);
        shifts.extend_from_slice(&own[at..]);
    }

    fn rules(&self, person: u32, shifts: &[u32], new: Option<u32>, out: &mut Vec<Reason>) {
        let (problem, longest_travel) = (self.problem, self.longest_travel);
        features::broken(&Own { problem, longest_travel, person, shifts, new }, out);
    }

    /// What the person's shifts break as they are.
    pub(super) fn broken(&self, person: u32) -> Vec<Reason> {
        let mut out = Vec::new();
        self.rules(person, self.own(person), None, &mut out);
        out
    }

    /// Everything that keeps the person from the seat.
    pub(super) fn reasons(&self, a: Assignment) -> Vec<Reason> {
        let mut out = Vec::new();
        out.extend(features::qualification::broken(self.problem, a.person, a.role));
        if !self.is_free(a) {
            out.push(Reason::Free);
        }
        self.of_shift(a, &mut out);
        if self.crew(a.shift).iter().any(|&(person, _)| person == a.person) {
            return out;
        }
        let (mut shifts, mut after) = (Vec::new(), Vec::new());
        self.with(a, &mut shifts);
        self.rules(a.person, &shifts, Some(a.shift), &mut after);
        if !after.is_empty() {
            out.append(&mut worse(self.broken(a.person), after));
        }
        out
    }

    fn of_shift(&self, a: Assignment, out: &mut Vec<Reason>) {
        let crew = self.crew(a.shift);
        if let Some(here) = features::once::broken(crew, a.person) {
            out.push(here);
            return;
        }
        let most = self.problem.seat(a.shift, a.role).map_or(0, |seat| seat.max);
        // A seat that is too full already is not the fault of one more.
        if self.count(a.shift, a.role) == most {
            out.push(Reason::Full);
        }
        features::apart::broken(&self.apart[a.person as usize], crew, out);
        // Where somebody is there already, one more breaks nothing that was not broken.
        let lacking = if crew.is_empty() { self.lacking(a.shift, Some(a.person)) } else { 0 };
        if lacking > 0 {
            out.push(Reason::Guard { lacking });
        }
    }

    /// How many cleared people a shift lacks once `also` is there.
    pub(super) fn lacking(&self, shift: u32, also: Option<u32>) -> u32 {
        let Some(guard) = &self.problem.shifts[shift as usize].guard else { return 0 };
        let cleared = |person: u32| self.is_cleared(shift, person);
        let crew = self.crew(shift);
        let here = crew.iter().enumerate().filter(|&(i, &(person, _))| {
            cleared(person) && crew[..i].iter().all(|&(other, _)| other != person)
        });
        let more = also.filter(|&person| cleared(person) && crew.iter().all(|&(other, _)| other != person));
        guard.least.saturating_sub(here.count() as u32 + u32::from(more.is_some()))
    }

    /// Whether a person counts for the guard of a shift.
    pub(super) fn is_cleared(&self, shift: u32, person: u32) -> bool {
        let guard = self.problem.shifts[shift as usize].guard.as_ref();
        guard.is_some_and(|guard| features::guard::is_cleared(guard, &self.problem.people[person as usize]))
    }

    /// What the roster would cost more with the assignment.
    pub fn gain(&self, a: Assignment) -> Terms {
        let problem = self.problem;
        let (crew, costs, shift) = (self.crew(a.shift), &problem.costs, &problem.shifts[a.shift as usize]);
        let person = &problem.people[a.person as usize];
        let mut terms = Terms {
            wishes: features::wishes::cost(&person.wishes, a.shift, a.role, shift.place),
            change: features::change::more(costs.change, &self.previous, a),
            ..Terms::default()
        };
        if let Some(seat) = problem.seat(a.shift, a.role) {
            features::head_count::more(seat, self.count(a.shift, a.role), &mut terms);
        }
        let newcomers = crew.iter().filter(|(other, _)| problem.people[*other as usize].newcomer).count();
        terms.newcomer_alone = features::newcomer::more(
            costs.newcomer_alone,
            crew.len() as i64,
            newcomers as i64,
            person.newcomer,
        );
        if crew.iter().all(|&(other, _)| other != a.person) {
            let there = |friend: &u32| crew.iter().any(|(other, _)| other == friend);
            let friends = self.together[a.person as usize].iter().map(there);
            terms.together = features::together::more(costs.together, friends);
        }
        features::load::more(problem, a.person, (self.minutes(a.person), shift.minutes), &mut terms);
        terms
    }
}

/// A bit for each, in order.
fn bits(each: impl Iterator<Item = bool>) -> Vec<u64> {
    let mut out = Vec::new();
    for (i, is) in each.enumerate() {
        if i % 64 == 0 {
            out.push(0);
        }
        out[i / 64] |= u64::from(is) << (i % 64);
    }
    out
}

fn has(bits: &[u64], i: u32) -> bool {
    (bits[i as usize / 64] >> (i % 64)) & 1 == 1
}
