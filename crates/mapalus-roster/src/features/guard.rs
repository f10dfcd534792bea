//! Where vulnerable people are, there is nobody, or enough who are cleared, in whatever role. Nobody is ever offered to be
//! let off it.

use super::Words;
use crate::{
    checker::Rule,
    model::{Guard, Person},
};

pub(crate) const WORDS: Words = Words { key: "guard", rule: Rule::Guard, looks: 0 };

/// Whether a person counts for a guard.
pub(crate) fn is_cleared(guard: &Guard, person: &Person) -> bool {
    guard.needs.iter().all(|q| person.has.contains(q))
}

/// Cleared people whom a shift lacks that has `present` people, so many of them cleared.
#[inline]
pub(crate) fn lacks(least: i64, present: i64, cleared: i64) -> i64 {
    if present == 0 { 0 } else { (least - cleared).max(0) }
}

/// Whether one more may come: the cleared always, the others once enough of them are there.
#[inline]
pub(crate) fn fits(least: i64, cleared: i64, is_cleared: bool) -> bool {
    is_cleared || cleared >= least
}

/// Whether one may leave so that a shift is not worse than empty.
#[inline]
pub(crate) fn may_leave(least: i64, present: i64, cleared: i64, is_cleared: bool) -> bool {
    !is_cleared || present == cleared || cleared > least
}
