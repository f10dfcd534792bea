//! Rules about who shares a shift.

use super::{Broken, Rule};
use crate::model::{Assignment, Problem, Roster};

pub(super) fn look(problem: &Problem, roster: &Roster, broken: &mut Vec<Broken>) {
    let mut crews: Vec<Vec<Assignment>> = vec![Vec::new(); problem.shifts.len()];
    for &a in &roster.assignments {
        crews[a.shift as usize].push(a);
        if !problem.qualifies(a.person, a.role) {
            broken.push(Broken::new(Rule::Qualification, Some(a.person), Some(a.shift)));
        }
        let shift = &problem.shifts[a.shift as usize];
        let free = problem.people[a.person as usize].free.iter().any(|w| w.covers(shift.start, shift.end));
        if !free && !problem.fixed.contains(&a) {
            broken.push(Broken::new(Rule::Free, Some(a.person), Some(a.shift)));
        }
    }
    for (s, crew) in (0..).zip(&crews) {
        if crew.is_empty() {
            continue;
        }
        let shift = &problem.shifts[s as usize];
        let mut present: Vec<u32> = crew.iter().map(|a| a.person).collect();
        present.sort_unstable();
        let mut i = 0;
        while i < present.len() {
            let same = present[i..].iter().take_while(|&&p| p == present[i]).count();
            if same > 1 {
                broken.push(Broken::new(Rule::Twice, Some(present[i]), Some(s)));
            }
            i += same;
        }
        present.dedup();
        for seat in &shift.seats {
            if crew.iter().filter(|a| a.role == seat.role).count() > seat.max as usize {
                broken.push(Broken::new(Rule::Full, None, Some(s)));
            }
        }
        for &(a, b) in &problem.apart {
            if present.contains(&a) && present.contains(&b) {
                broken.push(Broken::new(Rule::Apart, Some(a), Some(s)));
            }
        }
        if let Some(guard) = &shift.guard {
            let cleared = |p: &&u32| guard.needs.iter().all(|q| problem.people[**p as usize].has.contains(q));
            if present.iter().filter(cleared).count() < guard.least as usize {
                broken.push(Broken::new(Rule::Guard, None, Some(s)));
            }
        }
    }
}
