//! What is to be filled, by whom, under which rules, and what a roster is.
//!
//! [`Parts`] is the plain data; [`Problem::new`] looks whether it makes sense, and everything else takes a [`Problem`].
//! Times are whole minutes from the start of the roster in its own wall clock; costs are whole numbers without unit.

mod parts;
mod problem;
mod roster;

pub use parts::{
    Assignment, Before, Costs, Guard, Kind, Limits, Parts, Person, Place, Role, Seat, Shift, Tier, Window,
    Wish, WishFor,
};
pub use problem::{Defect, Problem};
pub use roster::Roster;

/// Minutes of a day.
pub const DAY: i64 = 1440;

/// Largest absolute value of a time, a cost or a count: sums of many stay far from the end of an `i64`.
pub const LARGEST: i64 = 1_000_000_000;
