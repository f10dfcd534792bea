//! Why a seat is empty, what would fill it, why a person sits where they sit, what each carries: data, which an app puts
//! into words.
//!
//! A [`Standing`] is a roster laid out for such questions; it uses nothing of the search, and tests hold its answers
//! against the checker's.

mod load;
mod person;
mod reason;
mod relaxation;
mod standing;
mod vacancy;
mod way;
mod why;

pub use load::{Fairness, Load, fairness};
pub use reason::Reason;
pub use relaxation::Relaxation;
pub use standing::{Candidate, Standing};
pub use vacancy::{Count, Vacancy, vacancies};
pub use way::Way;
pub use why::Why;
