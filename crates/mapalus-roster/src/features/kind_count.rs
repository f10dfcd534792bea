//! Shifts of a kind: at most so many of somebody.

use super::{Allow, Own, Reason, Relaxation, Words};
use crate::{checker::Rule, model::Limits};

pub(crate) const WORDS: Words = Words { key: "max_of_kind", rule: Rule::MaxOfKind, looks: 1 };
pub(crate) const ALLOW: Allow = Allow { key: "max_of_kind", hardness: 1 };

pub(super) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    for &(kind, most) in &own.limits().max_of_kind {
        let count = own.shifts.iter().filter(|&&s| own.shift(s).kind == Some(kind)).count() as i64;
        if count > most {
            out.push(Reason::MaxOfKind { kind, over: count - most });
        }
    }
}

/// Whether one more of a kind fits beside others, given by their kinds.
#[inline]
pub(crate) fn fits(limits: &Limits, kind: u32, others: impl Iterator<Item = Option<u32>>) -> bool {
    let limit = limits.max_of_kind.iter().filter(|(k, _)| *k == kind).map(|limit| limit.1).min();
    limit.is_none_or(|most| (others.filter(|other| *other == Some(kind)).count() as i64) < most)
}

/// The most of each kind; `none` where there is no limit.
pub(crate) fn most(limits: &Limits, kinds: usize, none: i64) -> Vec<i64> {
    let mut most = vec![none; kinds];
    for &(kind, count) in &limits.max_of_kind {
        most[kind as usize] = most[kind as usize].min(count);
    }
    most
}

pub(crate) fn relaxed(person: u32, limits: &Limits, kind: u32, by: i64) -> Option<Relaxation> {
    let limit = limits.max_of_kind.iter().filter(|limit| limit.0 == kind).map(|limit| limit.1).min()?;
    Some(Relaxation::MaxOfKind { person, kind, most: limit + by })
}

pub(crate) fn allow(limits: &mut Limits, kind: u32, most: i64) {
    let limits = limits.max_of_kind.iter_mut().filter(|limit| limit.0 == kind);
    limits.for_each(|limit| limit.1 = most.max(limit.1));
}
