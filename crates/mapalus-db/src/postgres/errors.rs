//! What the errors of PostgreSQL mean.

use crate::{Cause, DbError};
use std::{error::Error, io};
use tokio_postgres::error::SqlState;

/// A migration has changed a table under a prepared statement: a new connection prepares anew.
fn is_overtaken(error: &tokio_postgres::Error) -> bool {
    error.code() == Some(&SqlState::FEATURE_NOT_SUPPORTED)
        && error.as_db_error().is_some_and(|told| told.message().contains("cached plan"))
}

/// Sorts an error of the driver into our classes.
pub(crate) fn classify(name: &'static str, error: tokio_postgres::Error) -> DbError {
    let Some(told) = error.as_db_error() else {
        let broken = error.is_closed() || error.source().is_some_and(<dyn Error + 'static>::is::<io::Error>);
        return if broken {
            DbError::Unavailable(Cause::new(error))
        } else {
            DbError::Statement { name, source: Cause::new(error) }
        };
    };
    let constraint = || told.constraint().unwrap_or_default().to_owned();
    let code = told.code().code();
    match code {
        "23505" => DbError::Unique { constraint: constraint() },
        "23503" | "23001" => DbError::ForeignKey,
        "23514" => DbError::Check { constraint: constraint() },
        "23502" => {
            let table = told.table().unwrap_or_default();
            let column = told.column().unwrap_or_default();
            DbError::Check { constraint: format!("{table}.{column} must have a value") }
        }
        "40001" | "40P01" => DbError::Stale,
        "53100" => DbError::Full,
        // Cancelled, or waited too long for a lock.
        "57014" | "55P03" => DbError::Slow,
        _ if is_overtaken(&error) => DbError::Unavailable(Cause::new(error)),
        // Connection lost, resources short, server stopping or failing, primary become read-only.
        _ if matches!(&code[..2], "08" | "53" | "57" | "58" | "25") => {
            DbError::Unavailable(Cause::new(error))
        }
        _ => DbError::Statement { name, source: Cause::new(error) },
    }
}
