//! SQLite: one writer that commits in groups, and readers with snapshots.

mod connection;
mod workers;

pub(crate) use connection::{Handle, Opener, classify, column};
pub(crate) use workers::{Limits, read_jobs, write_jobs};
