//! The search for everything that is no grid: several shifts a day, ways between places, pairs, guards, newcomers.
//!
//! A walk ([`walk`]) adds, removes, moves and exchanges people, each step at the cost of what it touches ([`board`]);
//! the bound ([`bound`]) is a Lagrangian one, each person's relaxed days against prices of the seats. Rosters that are
//! small enough are proved by branch and price ([`tree`]), which finds the last of what the walk misses as well.

mod board;
mod bound;
mod choice;
mod layout;
mod run;
#[cfg(test)]
mod tests;
mod tree;
mod walk;

pub(super) use run::run;
