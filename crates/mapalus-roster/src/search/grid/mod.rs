//! The search where each person works at most one shift a day and people meet only in the head counts.
//!
//! There the best row of one person against given prices is a small dynamic programme ([`row`]), which serves as a
//! constructor, as a big move, and as the generator of columns for a linear programme ([`master`]) that gives both the
//! bound and good rosters ([`columns`]), for all or for some people on some days while the rest stands ([`choose`]).
//! Annealing ([`anneal`]) exchanges blocks of days between two people, and moves work over any distance ([`far`]). Each thread ([`worker`]) does what has lately paid.

mod anneal;
mod board;
mod choose;
mod columns;
mod dual;
mod far;
mod layout;
mod master;
mod row;
mod run;
mod settle;
mod shared;
#[cfg(test)]
mod tests;
mod worker;

pub(super) use layout::Grid;
pub(super) use run::run;

/// What a person does on a day: 0 is off, `k + 1` is kind `k`.
pub(super) type Cell = u8;
/// A person's days.
pub(super) type Row = Vec<Cell>;
