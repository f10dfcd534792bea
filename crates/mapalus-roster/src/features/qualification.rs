//! Who stands in a role holds all that it needs.

use super::{Allow, Reason, Words};
use crate::{checker::Rule, model::Problem};

pub(crate) const WORDS: Words = Words { key: "qualification", rule: Rule::Qualification, looks: 6 };
/// To learn something.
pub(crate) const ALLOW: Allow = Allow { key: "hold", hardness: 6 };

/// What the person lacks for the role.
pub(crate) fn broken(problem: &Problem, person: u32, role: u32) -> Option<Reason> {
    let has = &problem.people[person as usize].has;
    let needs = &problem.roles[role as usize].needs;
    let missing: Vec<u32> = needs.iter().copied().filter(|q| !has.contains(q)).collect();
    (!missing.is_empty()).then_some(Reason::Qualification { missing })
}
