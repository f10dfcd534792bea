//! A shift with newcomers and nobody who is none costs.

/// Cost of a shift with `present` people, so many of them newcomers.
#[inline]
pub(crate) fn cost(alone: i64, present: i64, newcomers: i64) -> i64 {
    if present > 0 && present == newcomers { alone } else { 0 }
}

/// What one more adds.
pub(crate) fn more(alone: i64, present: i64, newcomers: i64, is_newcomer: bool) -> i64 {
    cost(alone, present + 1, newcomers + i64::from(is_newcomer)) - cost(alone, present, newcomers)
}
