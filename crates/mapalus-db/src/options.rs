//! Which database it is and how it is used.

use std::time::Duration;

/// How a database is used. The defaults are right; tests and small machines differ.
#[derive(Debug, Clone)]
pub struct Options {
    /// Threads that read, each with a connection (SQLite).
    pub readers: usize,
    /// Threads, each with a connection (PostgreSQL).
    pub connections: usize,
    /// How many reads, and how many writes, may wait; more are refused with [`DbError::Busy`](crate::DbError::Busy).
    pub queue: usize,
    /// How many writes share a commit at most (SQLite).
    pub group_jobs: usize,
    /// After how long a group takes no more writes (SQLite).
    pub group_time: Duration,
    /// After how long a write may start no further statement (SQLite, where others wait for it).
    pub write_time: Duration,
    /// How long a statement may run, and all of a read (SQLite; 8 s and 10 s on PostgreSQL).
    pub statement_time: Duration,
    /// What a commit waits for (SQLite).
    pub synchronous: Synchronous,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            readers: 4,
            connections: 8,
            queue: 1_024,
            group_jobs: 64,
            group_time: Duration::from_millis(5),
            write_time: Duration::from_millis(250),
            statement_time: Duration::from_secs(5),
            synchronous: Synchronous::Full,
        }
    }
}

/// What a commit of SQLite waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Synchronous {
    /// The disk: nothing acknowledged is lost at a power cut.
    Full,
    /// Nothing: a power cut loses acknowledged writes. For tests that show that they notice.
    Normal,
    /// Nothing ever: a power cut may destroy the database. For tests that throw it away.
    Off,
}

/// Which database it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backend {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}
