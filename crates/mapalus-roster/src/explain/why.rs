//! Why this person sits there, and what the next best would cost.

use super::{Candidate, Standing};
use crate::model::Assignment;

/// An assignment beside its alternatives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Why {
    /// The assignment.
    pub assignment: Assignment,
    /// Whether it must stand, whatever it costs.
    pub fixed: bool,
    /// The person before the empty seat: what they cost, and by what; below 0 where the roster costs less with them.
    /// Rules that they break there are named.
    pub own: Candidate,
    /// How many others could sit there, the rest of the roster as it is.
    pub others: usize,
    /// The cheapest of them; `next.cost - own.cost` is what the roster would cost more.
    pub next: Option<Candidate>,
}

impl Standing<'_> {
    /// Looks at an assignment; nothing where it does not stand. Cost: as [`Self::substitutes`], the
    /// first time for a shift; less for others of it, until somebody is moved.
    pub fn why(&mut self, assignment: Assignment) -> Option<Why> {
        let (own, others, next) = self.beside(assignment)?;
        Some(Why { assignment, fixed: self.is_fixed(assignment), own, others, next })
    }
}
