//! Kinds of shifts that nobody may work on the day after others.

use super::{Allow, Own, Reason, Words};
use crate::{
    checker::Rule,
    model::{Kind, Parts},
};

pub(crate) const WORDS: Words = Words { key: "never_next", rule: Rule::NeverNext, looks: 5 };
/// For everybody, since the rule is everybody's.
pub(crate) const ALLOW: Allow = Allow { key: "follow", hardness: 5 };

pub(super) fn broken(own: &Own<'_>, out: &mut Vec<Reason>) {
    let kinds = &own.problem.kinds;
    if kinds.is_empty() {
        return;
    }
    for (i, &a) in own.shifts.iter().enumerate() {
        let first = own.shift(a);
        let Some(kind) = first.kind else { continue };
        let day = first.day();
        let later = own.shifts[i + 1..].iter().take_while(|&&b| own.shift(b).day() <= day + 1);
        for &b in later {
            let next = own.shift(b);
            if let Some(after) = next.kind.filter(|&k| next.day() == day + 1 && is_never(kinds, kind, k)) {
                out.push(Reason::NeverNext { shift: own.other(a, b), first: kind, next: after });
            }
        }
    }
}

/// Whether a kind may not follow another on the next day.
#[inline]
fn is_never(kinds: &[Kind], first: u32, next: u32) -> bool {
    kinds[first as usize].never_next.contains(&next)
}

/// Whether a kind fits between others, given by how many days later they are, and their kinds.
#[inline]
pub(crate) fn fits(kinds: &[Kind], kind: u32, mut others: impl Iterator<Item = (i64, Option<u32>)>) -> bool {
    others.all(|(days_later, other)| match (days_later, other) {
        (1, Some(other)) => !is_never(kinds, kind, other),
        (-1, Some(other)) => !is_never(kinds, other, kind),
        _ => true,
    })
}

/// Whether kind `b` may follow kind `a`, at `a * kinds + b`.
pub(crate) fn table(kinds: &[Kind]) -> Vec<bool> {
    let n = kinds.len() as u32;
    (0..n * n).map(|at| !is_never(kinds, at / n, at % n)).collect()
}

/// Whether the days of a row may follow one another, from `from` up to and with `to`.
#[inline]
pub(crate) fn keeps(table: &[bool], kinds: usize, row: &[u8], from: usize, to: usize) -> bool {
    row[from..=to].windows(2).all(|pair| {
        let (a, b) = (pair[0] as usize, pair[1] as usize);
        a == 0 || b == 0 || table[(a - 1) * kinds + b - 1]
    })
}

pub(crate) fn allow(parts: &mut Parts, first: u32, next: u32) {
    parts.kinds[first as usize].never_next.retain(|&kind| kind != next);
}
