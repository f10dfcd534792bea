//! The only crate that names a database driver.
//!
//! One API over SQLite and PostgreSQL, chosen at run time by the URL. A transaction is a
//! synchronous closure that runs on a worker thread with a connection of its own:
//!
//! - [`Db::read`] gives it one consistent snapshot;
//! - [`Db::write`] may run it more than once, and returns after the commit. On SQLite many writes
//!   share one commit; each has its own savepoint, so that none can spoil another.
//!
//! The SQL is hand-written in a subset that both databases read alike; [`statements!`] declares
//! it, [`record!`] the rows that come back, [`params!`] the values that go in.

mod clock;
mod core_types;
mod count;
mod db;
mod error;
mod fault;
mod job;
mod migrate;
mod options;
mod place;
mod postgres;
mod queue;
mod row;
mod sqlite;
mod statement;
pub mod testing;
pub mod transfer;
mod tx;
mod value;

pub use count::count_statements;
pub use db::Db;
pub use error::{Cause, DbError};
pub use migrate::{Migration, fitting as fitting_migrations};
pub use options::{Backend, Options, Synchronous};
pub use row::{Columns, FromRow, Row};
pub use statement::Statement;
pub use tx::{Prepared, Tx};
pub use value::{ColumnError, FromColumn, Value, ValueRef};
