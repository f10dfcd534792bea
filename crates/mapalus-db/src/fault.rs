//! Failures on demand, so that tests can show what becomes of the work around them.

use crate::{DbError, tx::Session};
use std::sync::{
    Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

/// A failure to inject into a write; see [`testing::fail_statement`](crate::testing).
#[derive(Debug, Clone)]
pub enum Fault {
    /// The statement fails and leaves the transaction as it was.
    Error(DbError),
    /// The statement fails and the database rolls back the whole transaction by itself, as SQLite
    /// does on a full disk or a failing one, and PostgreSQL when it closes the connection.
    RollBack(DbError),
    /// The closure panics at the statement.
    Panic,
}

/// The failures to come of one database. Costs a relaxed load while there are none.
#[derive(Default)]
pub(crate) struct Faults {
    armed: AtomicBool,
    due: Mutex<Due>,
}

#[derive(Default)]
struct Due {
    statement: Option<(u32, Fault)>,
    commit: Option<DbError>,
}

impl Faults {
    /// The `nth` statement of writes from now on, the next being 1, is to fail.
    pub(crate) fn fail_statement(&self, nth: u32, fault: Fault) {
        self.due().statement = Some((nth.max(1), fault));
        self.armed.store(true, Ordering::Release);
    }

    /// The next commit of writes is to fail, its work lost.
    pub(crate) fn fail_commit(&self, error: DbError) {
        self.due().commit = Some(error);
        self.armed.store(true, Ordering::Release);
    }

    pub(crate) fn at_statement(&self) -> Option<Fault> {
        if !self.armed.load(Ordering::Acquire) {
            return None;
        }
        let mut due = self.due();
        match &mut due.statement {
            Some((1, _)) => due.statement.take().map(|(_, fault)| fault),
            Some((nth, _)) => {
                *nth -= 1;
                None
            }
            None => None,
        }
    }

    pub(crate) fn at_commit(&self) -> Option<DbError> {
        if !self.armed.load(Ordering::Acquire) {
            return None;
        }
        self.due().commit.take()
    }

    fn due(&self) -> MutexGuard<'_, Due> {
        self.due.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Fault {
    pub(crate) fn strike(self, session: &mut Session<'_>) -> DbError {
        match self {
            Self::Error(error) => error,
            Self::RollBack(error) => {
                match session {
                    Session::Sqlite(handle) => handle.abandon(),
                    Session::Postgres(session) => session.abandon(),
                }
                error
            }
            Self::Panic => panic!("a panic was asked for"),
        }
    }
}
