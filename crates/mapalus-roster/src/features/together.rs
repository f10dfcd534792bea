//! Pairs who would rather share their shifts: a shift with exactly one of them costs.

/// What somebody adds to a shift with those of their friends of whom `there` says whether they are there.
#[inline]
pub(crate) fn more(cost: i64, there: impl Iterator<Item = bool>) -> i64 {
    cost * there.map(|there| if there { -1 } else { 1 }).sum::<i64>()
}
