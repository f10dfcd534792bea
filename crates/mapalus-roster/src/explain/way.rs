//! What would have to be allowed for a seat to be filled: each way names it, and done so the seat is filled.

use super::{Candidate, Reason, Relaxation, Standing, Vacancy};
use crate::{
    features::{self, worse},
    model::{Assignment, Defect, Person, Problem, Roster, Window},
};

/// A way to fill a seat.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Way {
    /// Who sits down: the seat that was asked for first, then those who have to come along.
    pub seats: Vec<Assignment>,
    /// What has to be allowed for it; empty where nothing has to be.
    pub relaxations: Vec<Relaxation>,
    /// What the roster would cost more, by the weights of the problem; the relaxations have no price there.
    pub cost: i64,
}

impl Way {
    /// How ways are ranked: how many things to allow, the hardest of them, the cost, and who it is.
    fn rank(&self) -> (usize, u32, i64, u32) {
        let hardest = self.relaxations.iter().map(Relaxation::hardness).max().unwrap_or(0);
        (self.relaxations.len() + self.seats.len(), hardest, self.cost, self.seats[0].person)
    }

    /// The problem with what is allowed, and the roster with who sits down.
    ///
    /// # Errors
    /// Where the problem is another one than that of which the way speaks.
    pub fn apply(&self, problem: &Problem, roster: &Roster) -> Result<(Problem, Roster), Defect> {
        use Relaxation as R;
        let mut parts = (**problem).clone();
        let mut assignments = roster.assignments.clone();
        for relaxation in &self.relaxations {
            let mut of =
                |person: u32, change: &dyn Fn(&mut Person)| change(&mut parts.people[person as usize]);
            match *relaxation {
                R::MaxMinutes { person, most } => of(person, &|p| p.limits.max_minutes = Some(most)),
                R::MaxMinutesPerDay { person, most } => {
                    of(person, &|p| p.limits.max_minutes_per_day = Some(most));
                }
                R::MaxMinutesPerWeek { person, most } => {
                    of(person, &|p| p.limits.max_minutes_per_week = Some(most));
                }
                R::MaxDaysInRow { person, most } => of(person, &|p| p.limits.max_days_in_row = Some(most)),
                R::MinDaysInRow { person, least } => of(person, &|p| p.limits.min_days_in_row = Some(least)),
                R::MinDaysOffInRow { person, least } => {
                    of(person, &|p| p.limits.min_days_off_in_row = Some(least));
                }
                R::MaxWeekends { person, most } => of(person, &|p| p.limits.max_weekends = Some(most)),
                R::MaxOfKind { person, kind, most } => {
                    of(person, &|p| features::kind_count::allow(&mut p.limits, kind, most));
                }
                R::MinRest { person, least } => of(person, &|p| p.limits.min_rest = least),
                R::Free { person, window } => of(person, &|p| features::availability::allow(p, window)),
                R::Hold { person, qualification } => of(person, &|p| p.has.push(qualification)),
                R::GiveUp { assignment } => {
                    if let Ok(at) = assignments.binary_search(&assignment) {
                        assignments.remove(at);
                    }
                }
                R::Follow { first, next } => features::succession::allow(&mut parts, first, next),
            }
        }
        assignments.extend(&self.seats);
        Ok((Problem::new(parts)?, Roster::new(assignments)))
    }
}

/// What was done to a standing on a way.
enum Done {
    Put(Assignment),
    Taken(Assignment),
}

/// How many of those who look easiest are tried, for each way that is asked for.
const TRIES: usize = 4;

/// Whether nothing that may be allowed helps.
fn is_hopeless(reasons: &[Reason]) -> bool {
    reasons.iter().any(|r| matches!(r, Reason::Here { .. } | Reason::Full | Reason::Apart { .. }))
}

/// About how many things would have to be allowed, and how hard the hardest of them is.
fn ease(reasons: &[Reason]) -> (usize, u32) {
    let guess = |reason: &Reason| match reason {
        Reason::Guard { lacking } => (*lacking as usize, reason.words().looks),
        Reason::Qualification { missing } => (missing.len(), reason.words().looks),
        _ => (1, reason.words().looks),
    };
    let guesses = reasons.iter().map(guess);
    guesses.fold((0, 0), |(sum, most), (count, hard)| (sum + count, most.max(hard)))
}

impl Standing<'_> {
    /// The easiest ways to fill a seat, `most` at most. Only the people who look easiest are tried.
    pub(super) fn ways(&mut self, vacancy: &Vacancy, most: usize) -> Vec<Way> {
        let mut hopeful: Vec<&Candidate> =
            vacancy.people.iter().filter(|candidate| !is_hopeless(&candidate.reasons)).collect();
        hopeful.sort_by_cached_key(|candidate| (ease(&candidate.reasons), candidate.cost, candidate.person));
        let mut out: Vec<Way> = Vec::new();
        for candidate in hopeful.into_iter().take(most * TRIES) {
            let a = Assignment { person: candidate.person, shift: vacancy.shift, role: vacancy.role };
            out.extend(self.way(a, None));
            let limits_only = candidate.reasons.iter().all(|reason| {
                !matches!(reason, Reason::Qualification { .. } | Reason::Free | Reason::Guard { .. })
            });
            if limits_only && !candidate.reasons.is_empty() {
                for shift in self.own(a.person).to_vec() {
                    // Leaving one seat is a way of its own only where nothing else has to be allowed.
                    out.extend(self.way(a, Some(shift)).filter(|way| way.relaxations.len() == 1));
                }
            }
        }
        out.sort_by_key(Way::rank);
        out.dedup();
        out.truncate(most);
        out
    }

    /// The way on which this person takes the seat, leaving `instead_of` if it is named.
    fn way(&mut self, a: Assignment, instead_of: Option<u32>) -> Option<Way> {
        let mut way = Way { seats: Vec::new(), relaxations: Vec::new(), cost: 0 };
        let mut done = Vec::new();
        let fine =
            self.sit(a, instead_of, &mut way, &mut done).and_then(|()| self.come_along(&mut way, &mut done));
        self.undo(&mut done, 0);
        fine.map(|()| way)
    }

    /// Takes back what was done after the first `keep` things.
    fn undo(&mut self, done: &mut Vec<Done>, keep: usize) {
        for done in done.drain(keep..).rev() {
            match done {
                Done::Put(a) => drop(self.take(a)),
                Done::Taken(a) => self.put(a),
            }
        }
    }

    /// Seats a person and adds what has to be allowed for it; nothing where that is not enough.
    fn sit(
        &mut self,
        a: Assignment,
        instead_of: Option<u32>,
        way: &mut Way,
        done: &mut Vec<Done>,
    ) -> Option<()> {
        let before = self.broken(a.person);
        let reasons = self.reasons(a);
        if is_hopeless(&reasons) {
            return None;
        }
        let mut left: Vec<u32> = instead_of.into_iter().collect();
        for reason in &reasons {
            match *reason {
                Reason::Works { shift } | Reason::Travel { shift, .. } => left.push(shift?),
                _ => {}
            }
        }
        left.sort_unstable();
        left.dedup();
        for shift in left {
            let role = self.crew(shift).iter().find(|(person, _)| *person == a.person)?.1;
            let assignment = Assignment { person: a.person, shift, role };
            let guarded = self.lacking(shift, None) == 0;
            // Whoever sits down on this way does not get up again on it.
            if self.is_fixed(assignment) || way.seats.contains(&assignment) || !self.take(assignment) {
                return None;
            }
            done.push(Done::Taken(assignment));
            way.cost -= self.gain(assignment).total();
            way.relaxations.push(Relaxation::GiveUp { assignment });
            if guarded && !self.crew(shift).is_empty() && self.lacking(shift, None) > 0 {
                return None;
            }
        }
        for reason in &reasons {
            match reason {
                Reason::Qualification { missing } => {
                    let person = a.person;
                    let held =
                        missing.iter().map(|&qualification| Relaxation::Hold { person, qualification });
                    way.relaxations.extend(held);
                }
                Reason::Free => {
                    let shift = &self.problem().shifts[a.shift as usize];
                    let window = Window { from: shift.start, to: shift.end };
                    way.relaxations.push(Relaxation::Free { person: a.person, window });
                }
                _ => {}
            }
        }
        way.cost += self.gain(a).total();
        way.seats.push(a);
        self.put(a);
        done.push(Done::Put(a));
        let broken = worse(before, self.broken(a.person));
        self.allow(a.person, &broken, &mut way.relaxations)
    }

    /// Adds what has to be allowed of a person's limits; nothing where it cannot be.
    fn allow(&self, person: u32, broken: &[Reason], out: &mut Vec<Relaxation>) -> Option<()> {
        let limits = &self.problem().people[person as usize].limits;
        let worst = |key: &str| broken.iter().filter(|r| r.key() == key).map(Reason::amount).max();
        for reason in broken {
            let by = worst(reason.key())?;
            let relaxation = match *reason {
                Reason::Rest { .. } => features::spacing::relaxed(person, limits, by),
                Reason::MaxMinutes { .. } => features::minutes::relaxed(person, limits, by)?,
                Reason::MaxMinutesPerDay { .. } => features::minutes_per_day::relaxed(person, limits, by)?,
                Reason::MaxMinutesPerWeek { .. } => features::minutes_per_week::relaxed(person, limits, by)?,
                Reason::MaxDaysInRow { .. } => features::days_in_row::relaxed(person, limits, by)?,
                Reason::MinDaysInRow { .. } => features::days_in_row::relaxed_least(person, limits, by)?,
                Reason::MinDaysOffInRow { .. } => features::days_off_in_row::relaxed(person, limits, by)?,
                Reason::MaxWeekends { .. } => features::weekends::relaxed(person, limits, by)?,
                Reason::MaxOfKind { kind, over } => {
                    features::kind_count::relaxed(person, limits, kind, over)?
                }
                Reason::NeverNext { first, next, .. } => Relaxation::Follow { first, next },
                _ => return None,
            };
            if !out.contains(&relaxation) {
                out.push(relaxation);
            }
        }
        Some(())
    }

    /// Seats cleared people beside the one who came first into a guarded shift, until there are enough; nothing where
    /// there are none.
    fn come_along(&mut self, way: &mut Way, done: &mut Vec<Done>) -> Option<()> {
        let shift = way.seats[0].shift;
        if self.crew(shift).len() > 1 {
            return Some(());
        }
        let roles: Vec<u32> =
            self.problem().shifts[shift as usize].seats.iter().map(|seat| seat.role).collect();
        while self.lacking(shift, None) > 0 {
            let mut hopeful = Vec::new();
            for &role in &roles {
                for &person in self.qualified(role) {
                    let a = Assignment { person, shift, role };
                    if self.is_cleared(shift, person) {
                        let reasons = self.reasons(a);
                        if !is_hopeless(&reasons) {
                            hopeful.push((ease(&reasons), self.gain(a).total(), a));
                        }
                    }
                }
            }
            hopeful.sort_unstable();
            let (so_far, keep) = (way.clone(), done.len());
            let found = hopeful.into_iter().take(TRIES).any(|(.., a)| {
                let fine = self.sit(a, None, way, done).is_some();
                if !fine {
                    self.undo(done, keep);
                    way.clone_from(&so_far);
                }
                fine
            });
            if !found {
                return None;
            }
        }
        Some(())
    }
}
