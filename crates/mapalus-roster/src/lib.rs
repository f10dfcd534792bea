//! Fills shifts with people around their lives, says how good the result is, and why a seat is empty.
//!
//! ```
//! use mapalus_roster::{formats::read_problem, search::{Settings, Watch, solve}};
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let text = "SECTION_HORIZON\n2\nSECTION_SHIFTS\nD,480,\nSECTION_STAFF\nAni,D=2,960,0,2,1,1,1\n\
//!     SECTION_COVER\n0,D,1,100,1\n1,D,1,100,1\n";
//! let (problem, _) = read_problem("two-days", text)?;
//! let cancelled = std::sync::atomic::AtomicBool::new(false);
//! let watch = Watch::new(&|| 0.0, &cancelled, &|_| {});
//! let outcome = solve(&problem, &Settings { steps: Some(10), ..Settings::default() }, None, &watch);
//! assert_eq!((outcome.cost, outcome.is_optimal()), (0, true));
//! # Ok(()) }
//! ```
//!
//! [`model`] is what is to be filled; [`search`] fills it, [`checker`] judges and shares nothing with the search,
//! [`explain`] gives reasons as data, `features` holds the rules, a file each; [`formats`] reads and writes, [`draw`] makes a picture, [`cli`] is the command line.

#[cfg(test)]
extern crate self as mapalus_roster;

pub mod checker;
pub mod cli;
pub mod draw;
pub mod explain;
mod features;
pub mod formats;
pub mod model;
pub mod search;
