//! Whether a roster keeps the rules, and what it costs: written from the rules' text, with nothing of the search.
//!
//! It takes its time: this is the judge, not the runner. What it says of a roster is what the project promises.

mod broken;
mod cost;
mod person;
mod shift;

pub use broken::{Broken, Rule};
pub use cost::Terms;

use crate::model::{Problem, Roster};

/// What the checker says.
#[derive(Clone, Debug, Default)]
pub struct Verdict {
    /// Hard rules that are broken; empty for a roster that may be published.
    pub broken: Vec<Broken>,
    /// The cost, by what it is for.
    pub terms: Terms,
    /// The cost in all.
    pub cost: i64,
}

/// Checks a roster, broken or not. Cost: a moment (10,000 people in well under a second).
pub fn check(problem: &Problem, roster: &Roster) -> Verdict {
    let mut broken: Vec<Broken> = Vec::new();
    broken.extend(roster.strange.iter().map(|text| Broken::strange(text)));
    shift::look(problem, roster, &mut broken);
    for person in 0..problem.people.len() as u32 {
        person::look(problem, person, roster.of(person), &mut broken);
    }
    for &a in &problem.fixed {
        if roster.assignments.binary_search(&a).is_err() {
            broken.push(Broken::new(Rule::Fixed, Some(a.person), Some(a.shift)));
        }
    }
    let terms = cost::terms(problem, roster);
    Verdict { broken, cost: terms.total(), terms }
}
