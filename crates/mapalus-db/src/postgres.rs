//! PostgreSQL: workers with a connection each.

mod connect;
mod errors;
mod session;
mod values;
mod workers;

pub(crate) use connect::Connector;
pub(crate) use errors::classify;
pub(crate) use session::{Live, Session};
pub(crate) use values::column;
pub(crate) use workers::run_jobs;
