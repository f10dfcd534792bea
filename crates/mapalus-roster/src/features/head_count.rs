//! How many people a seat has: never more than its most; fewer than the least, fewer than wanted and more than wanted cost.

use super::Words;
use crate::{
    checker::{Rule, Terms},
    model::Seat,
};

pub(crate) const WORDS: Words = Words { key: "full", rule: Rule::Full, looks: 1 };

/// Whether a seat with `n` people has room.
#[inline]
pub(crate) fn fits(most: i64, n: i64) -> bool {
    n < most
}

/// Cost of `n` people where there is a least and a wanted number, and of each person below the one, below the other,
/// and above the other.
#[inline]
pub(crate) fn cost(
    n: i64,
    (min, want): (i64, i64),
    (below_min, below_want, above_want): (i64, i64, i64),
) -> i64 {
    below_min * (min - n).max(0) + below_want * (want - n).max(0) + above_want * (n - want).max(0)
}

/// What one more adds to `n` people.
pub(crate) fn more(seat: &Seat, n: u32, terms: &mut Terms) {
    terms.unfilled_min -= if n < seat.min { seat.below_min } else { 0 };
    terms.unfilled_want -= if n < seat.want { seat.below_want } else { 0 };
    terms.overfilled += if n >= seat.want { seat.above_want } else { 0 };
}

/// Cost of each person below and above, where the cost has one kink only.
pub(crate) fn slopes(seat: &Seat) -> Option<(i64, i64)> {
    let below = match () {
        () if seat.min == 0 || seat.below_min == 0 => seat.below_want,
        () if seat.min == seat.want => seat.below_min + seat.below_want,
        () => return None,
    };
    Some((below, seat.above_want))
}
