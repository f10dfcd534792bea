//! Nobody stands twice in a shift.

use super::{Reason, Words};
use crate::checker::Rule;

pub(crate) const WORDS: Words = Words { key: "here", rule: Rule::Twice, looks: 1 };

/// The role in which the person is there already.
pub(crate) fn broken(crew: &[(u32, u32)], person: u32) -> Option<Reason> {
    crew.iter().find(|(other, _)| *other == person).map(|&(_, role)| Reason::Here { role })
}
