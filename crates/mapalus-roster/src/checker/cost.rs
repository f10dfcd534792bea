//! What a roster costs, term by term.

use crate::model::{Assignment, Problem, Roster, WishFor};

/// The cost, by what it is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    /// People short of `min`.
    pub unfilled_min: i64,
    /// People short of `want`.
    pub unfilled_want: i64,
    /// People above `want`.
    pub overfilled: i64,
    /// Newcomers among themselves.
    pub newcomer_alone: i64,
    /// Wishes; negative where more liked than disliked.
    pub wishes: i64,
    /// Started hours above the fair share.
    pub overload: i64,
    /// Started hours below the wanted minutes.
    pub underload: i64,
    /// Pairs who were to be together and are not.
    pub together: i64,
    /// Previous assignments given up.
    pub change: i64,
    /// What no roster avoids.
    pub unavoidable: i64,
}

impl Terms {
    /// The sum.
    pub fn total(&self) -> i64 {
        self.named().iter().map(|&(_, cost)| cost).sum()
    }

    /// Each term with its name.
    pub fn named(&self) -> [(&'static str, i64); 10] {
        [
            ("unfilled_min", self.unfilled_min),
            ("unfilled_want", self.unfilled_want),
            ("overfilled", self.overfilled),
            ("newcomer_alone", self.newcomer_alone),
            ("wishes", self.wishes),
            ("overload", self.overload),
            ("underload", self.underload),
            ("together", self.together),
            ("change", self.change),
            ("unavoidable", self.unavoidable),
        ]
    }
}

fn started_hours(minutes: i64) -> i64 {
    if minutes <= 0 { 0 } else { (minutes + 59) / 60 }
}

fn wishes(problem: &Problem, a: Assignment) -> i64 {
    let place = problem.shifts[a.shift as usize].place;
    let mut cost = 0;
    for wish in &problem.people[a.person as usize].wishes {
        let matches = match wish.about {
            WishFor::Shift(shift) => shift == a.shift,
            WishFor::Role(role) => role == a.role,
            WishFor::Place(wanted) => wanted == place,
        };
        cost += if matches { wish.cost } else { 0 };
    }
    cost
}

pub(super) fn terms(problem: &Problem, roster: &Roster) -> Terms {
    let mut terms = Terms { unavoidable: problem.unavoidable, ..Terms::default() };
    let mut crews: Vec<Vec<(u32, u32)>> = vec![Vec::new(); problem.shifts.len()];
    let mut minutes = vec![0; problem.people.len()];
    for a in &roster.assignments {
        crews[a.shift as usize].push((a.person, a.role));
        minutes[a.person as usize] += problem.shifts[a.shift as usize].minutes;
        terms.wishes += wishes(problem, *a);
    }
    for (shift, crew) in problem.shifts.iter().zip(&crews) {
        for seat in &shift.seats {
            let n = crew.iter().filter(|(_, role)| *role == seat.role).count() as i64;
            terms.unfilled_min += seat.below_min * (i64::from(seat.min) - n).max(0);
            terms.unfilled_want += seat.below_want * (i64::from(seat.want) - n).max(0);
            terms.overfilled += seat.above_want * (n - i64::from(seat.want)).max(0);
        }
        if crew.is_empty() {
            continue;
        }
        if crew.iter().all(|(p, _)| problem.people[*p as usize].newcomer) {
            terms.newcomer_alone += problem.costs.newcomer_alone;
        }
        for &(a, b) in &problem.together {
            let here = |who| crew.iter().any(|&(p, _)| p == who);
            if here(a) != here(b) {
                terms.together += problem.costs.together;
            }
        }
    }
    for (person, &minutes) in problem.people.iter().zip(&minutes) {
        let mut above = person.fair_minutes.map_or(0, |fair| started_hours(minutes - fair));
        for tier in &problem.costs.overload {
            let here = tier.hours.unwrap_or(above).min(above);
            terms.overload += here * tier.rate;
            above -= here;
        }
        terms.underload += problem.costs.underload * started_hours(person.wanted_minutes - minutes);
    }
    for a in &problem.previous {
        if roster.assignments.binary_search(a).is_err() {
            terms.change += problem.costs.change;
        }
    }
    terms
}
