//! A roster: who stands where.

use super::Assignment;

/// Assignments in order, and what a solution said that names nothing of the instance.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roster {
    /// Assignments, ordered by person, shift, role; a solution of somebody else's may name one twice.
    pub assignments: Vec<Assignment>,
    /// Entries that name no person, shift or role of the instance, as they were written.
    pub strange: Vec<String>,
}

impl Roster {
    /// A roster of these assignments.
    pub fn new(mut assignments: Vec<Assignment>) -> Self {
        assignments.sort_unstable();
        Self { assignments, strange: Vec::new() }
    }

    /// The assignments of one person.
    pub fn of(&self, person: u32) -> &[Assignment] {
        let from = self.assignments.partition_point(|a| a.person < person);
        let to = self.assignments.partition_point(|a| a.person <= person);
        &self.assignments[from..to]
    }
}
