//! What can go wrong, in the classes that callers treat differently.

use crate::ColumnError;
use std::{error::Error, fmt, path::PathBuf, sync::Arc};

/// What went wrong. The text of an error never repeats its source.
#[derive(Debug, Clone, thiserror::Error)]
#[non_exhaustive]
pub enum DbError {
    /// A unique or primary key is taken.
    #[error("a row with this key is there already ({constraint})")]
    Unique {
        /// SQLite: `table.column, table.column`; PostgreSQL: the constraint's name.
        constraint: String,
    },
    /// A row refers to one that is not there, or one still referred to was to be deleted.
    #[error("a row refers to another that is not there, or is still referred to")]
    ForeignKey,
    /// A check or a `not null` says no, or a text holds the character NUL.
    #[error("a value is not allowed ({constraint})")]
    Check {
        /// The check's name, or the column in words.
        constraint: String,
    },
    /// [`Tx::one`](crate::Tx::one) or [`Tx::scalar`](crate::Tx::scalar) found nothing.
    #[error("{statement} found no row")]
    NoRow {
        /// The statement's name.
        statement: &'static str,
    },
    /// More than one row where at most one was asked for.
    #[error("{statement} found more than one row")]
    ManyRows {
        /// The statement's name.
        statement: &'static str,
    },
    /// Another write came between, three times in a row; read again and decide again.
    #[error("the row was changed by someone else meanwhile")]
    Stale,
    /// The queue is full; nothing was done. To be answered with 503 and "try again".
    #[error("too many requests are waiting for the database")]
    Busy,
    /// It took too long and was rolled back.
    #[error("the database took too long")]
    Slow,
    /// The disk is full; nothing was stored. To be answered with 507.
    #[error("the disk of the database is full")]
    Full,
    /// The database cannot be reached or its disk fails. A write that ends so was not
    /// acknowledged; whether it stands is unknown only if the connection broke in its commit.
    #[error("the database is not available")]
    Unavailable(#[source] Cause),
    /// The closure went on and returned `Ok` after one of its statements had failed.
    #[error("a transaction was not stored, because {statement} in it had failed")]
    Failed {
        /// The statement's name.
        statement: &'static str,
    },
    /// The closure panicked; its work was rolled back.
    #[error("{name} panicked and was rolled back")]
    Panicked {
        /// The name given to `read` or `write`.
        name: &'static str,
    },
    /// A column does not hold what its reader expects: a defect.
    #[error("column {column} of {statement} cannot be read")]
    Column {
        /// The statement's name.
        statement: &'static str,
        /// Name or position of the column.
        column: String,
        /// Why.
        source: ColumnError,
    },
    /// Any other failure of a statement: a defect in its text or parameters.
    #[error("{name} failed")]
    Statement {
        /// The statement's name.
        name: &'static str,
        /// The driver's error.
        source: Cause,
    },
    /// The database may not be used as it is; the text says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// The folder of the database belongs to another process.
    #[error("another Mapalus is using the folder {}: stop it first, or give this one a folder of its own", .0.display())]
    Taken(PathBuf),
    /// A migration failed; it left no trace.
    #[error("migration {name} failed")]
    Migration {
        /// The migration's name.
        name: String,
        /// Why.
        source: Cause,
    },
}

impl DbError {
    /// Unavailable, for a reason in words.
    pub(crate) fn unavailable(reason: impl Into<String>) -> Self {
        Self::Unavailable(Cause::words(reason))
    }
}

/// A shared source of an error: one failure of a group is told to each of its writes.
#[derive(Clone)]
pub struct Cause(Arc<dyn Error + Send + Sync>);

impl Cause {
    pub(crate) fn new(error: impl Error + Send + Sync + 'static) -> Self {
        Self(Arc::new(error))
    }

    pub(crate) fn words(text: impl Into<String>) -> Self {
        let error: Box<dyn Error + Send + Sync> = text.into().into();
        Self(error.into())
    }
}

impl fmt::Debug for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Error for Cause {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}
