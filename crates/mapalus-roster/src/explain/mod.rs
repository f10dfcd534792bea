//! Why a seat is empty, what would fill it, why a person sits where they sit, what each carries: data, which an app puts
//! into words.
//!
//! A [`Standing`] is a roster laid out for such questions; it asks the rules ([`crate::features`]) and nothing of the
//! search, and tests hold its answers against the checker's.

mod load;
mod standing;
mod vacancy;
mod way;
mod why;

pub use crate::features::{Reason, Relaxation};
pub use load::{Fairness, Load, fairness};
pub use standing::{Candidate, Standing};
pub use vacancy::{Count, Vacancy, vacancies};
pub use way::Way;
pub use why::Why;
