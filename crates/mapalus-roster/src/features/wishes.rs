//! What a person would like, and what they would rather not: each assignment that matches costs, or gives back.

use crate::model::{Wish, WishFor};

/// Cost of the wishes that a role in a shift at a place matches.
#[inline]
pub(crate) fn cost(wishes: &[Wish], shift: u32, role: u32, place: u32) -> i64 {
    let matching = wishes.iter().filter(|wish| match wish.about {
        WishFor::Shift(wanted) => wanted == shift,
        WishFor::Role(wanted) => wanted == role,
        WishFor::Place(wanted) => wanted == place,
    });
    matching.map(|wish| wish.cost).sum()
}
