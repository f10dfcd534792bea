//! SQLite: one writer that commits in groups, and readers with snapshots.

mod backup;
mod connection;
mod workers;

pub(crate) use backup::backup;
pub(crate) use connection::{Handle, Opener, classify, column};
pub(crate) use workers::{Limits, read_jobs, write_jobs};
