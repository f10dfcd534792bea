//! Two who are kept apart never share a shift. Nobody is ever offered to be let off it.

use super::{Reason, Words};
use crate::checker::Rule;

pub(crate) const WORDS: Words = Words { key: "apart", rule: Rule::Apart, looks: 1 };

/// Those of a crew whom the person must not meet.
pub(crate) fn broken(apart: &[u32], crew: &[(u32, u32)], out: &mut Vec<Reason>) {
    if !apart.is_empty() {
        let there = crew.iter().filter(|(person, _)| apart.contains(person));
        out.extend(there.map(|&(person, _)| Reason::Apart { person }));
    }
}

/// Whether a shift has none of those whom somebody must not meet.
#[inline]
pub(crate) fn fits(apart: &[u32], is_there: impl Fn(u32) -> bool) -> bool {
    apart.iter().all(|&other| !is_there(other))
}
