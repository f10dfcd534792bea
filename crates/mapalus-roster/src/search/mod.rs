//! Finding a roster: anytime, with a deadline, a bound, and the same result for the same seed and steps.

mod chance;
mod crew;
#[cfg(test)]
mod examples;
mod grid;
mod linear;
mod watch;

pub use chance::Chance;
pub use watch::{Progress, Settings, Watch};

use crate::{
    checker::check,
    model::{Problem, Roster},
};

/// What came out.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// The roster.
    pub roster: Roster,
    /// Its cost.
    pub cost: i64,
    /// No roster that keeps the rules costs less, where something could be proved.
    pub bound: Option<i64>,
    /// Hard rules that it breaks: 0, or nothing better was found.
    pub hard: usize,
    /// Seconds it took.
    pub seconds: f64,
    /// Steps of the search in all.
    pub steps: u64,
}

impl Outcome {
    /// Whether nothing better exists.
    pub fn is_optimal(&self) -> bool {
        self.hard == 0 && self.bound.is_some_and(|bound| bound >= self.cost)
    }
}

/// Fills a roster until the deadline, the last step, a proof that it is best, or a cancellation.
///
/// `start` is a roster to begin with; where the problem has previous assignments and there is no other start, they are.
pub fn solve(problem: &Problem, settings: &Settings, start: Option<&Roster>, watch: &Watch<'_>) -> Outcome {
    let on_grid = grid::Grid::of(problem).and_then(|grid| grid::run(problem, &grid, settings, start, watch));
    let mut outcome = on_grid.unwrap_or_else(|| crew::run(problem, settings, start, watch));
    let verdict = check(problem, &outcome.roster);
    outcome.cost = verdict.cost;
    outcome.hard = verdict.broken.len();
    outcome.seconds = watch.elapsed();
    // A proof that is contradicted by the judge is no proof.
    outcome.bound = outcome.bound.filter(|&bound| outcome.hard > 0 || bound <= outcome.cost);
    outcome
}
