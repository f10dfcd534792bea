//! The work of a person: started hours above their fair share cost more and more, those below what they asked for too.

use crate::{checker::Terms, model::Problem};

/// Hours that so many minutes begin.
fn started(minutes: i64) -> i64 {
    (minutes + 59).div_euclid(60).max(0)
}

/// Cost of a person's minutes: of those above the fair share, of those below what they want.
pub(crate) fn cost(problem: &Problem, person: u32, minutes: i64) -> [i64; 2] {
    let who = &problem.people[person as usize];
    let mut hours = who.fair_minutes.map_or(0, |fair| started(minutes - fair));
    let mut above = 0;
    for tier in &problem.costs.overload {
        let step = tier.hours.map_or(hours, |most| hours.min(most));
        above += step * tier.rate;
        hours -= step;
    }
    [above, problem.costs.underload * started(who.wanted_minutes - minutes)]
}

/// What more minutes add to those that a person works.
pub(crate) fn more(problem: &Problem, person: u32, (minutes, more): (i64, i64), terms: &mut Terms) {
    let (before, after) = (cost(problem, person, minutes), cost(problem, person, minutes + more));
    terms.overload += after[0] - before[0];
    terms.underload += after[1] - before[1];
}
