//! The database crate as its users see it, on both databases.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod failures;
mod files;
mod groups;
mod migrations;
mod postgres;
mod testing;
mod transactions;
mod transfer;
mod values;
