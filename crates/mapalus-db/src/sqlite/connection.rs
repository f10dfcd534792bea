//! Connections of SQLite: how they are opened, what they run, what their errors mean.

use crate::{Cause, ColumnError, DbError, Row, Statement, Synchronous, Value, ValueRef, clock, tx::Prepared};
use rusqlite::{
    Connection, ErrorCode, OpenFlags, ToSql,
    config::DbConfig,
    ffi,
    types::{ToSqlOutput, Value as Owned, ValueRef as Borrowed},
};
use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// How many steps of SQLite's machine pass between two looks at the clock.
const STEPS: i32 = 4_000;
/// More statements than the product has.
const PREPARED: usize = 1_024;

/// What it takes to open one more connection to the same database.
#[derive(Clone)]
pub(crate) struct Opener {
    pub(crate) path: PathBuf,
    pub(crate) synchronous: Synchronous,
    pub(crate) statement_time: Duration,
}

/// A connection with a watch on how long each statement runs.
pub(crate) struct Handle {
    connection: Connection,
    watch: Arc<Watch>,
    statement_time: Duration,
}

/// Interrupts a statement that runs too long.
struct Watch {
    start: Instant,
    /// Microseconds after `start`; the maximum while nothing is watched.
    until: AtomicU64,
}

impl Watch {
    fn expired(&self) -> bool {
        let passed = clock::now().duration_since(self.start).as_micros();
        passed > u128::from(self.until.load(Ordering::Relaxed))
    }

    fn set(&self, limit: Duration) {
        let until = clock::now().duration_since(self.start).saturating_add(limit).as_micros();
        self.until.store(u64::try_from(until).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    fn clear(&self) {
        self.until.store(u64::MAX, Ordering::Relaxed);
    }
}

impl Opener {
    /// The connection that writes; creates the database where there is none.
    pub(crate) fn writer(&self) -> Result<Handle, DbError> {
        self.open(OpenFlags::SQLITE_OPEN_CREATE, |connection| {
            let mode: String = connection.query_row("pragma journal_mode = wal", [], |row| row.get(0))?;
            connection.pragma_update(None, "journal_size_limit", 64 << 20)?;
            // What is deleted is overwritten; what was moved between pages before, only when all is written anew.
            connection.pragma_update(None, "secure_delete", true)?;
            // Longer than all is written anew for.
            connection.busy_timeout(Duration::from_secs(60))?;
            Ok(mode.eq_ignore_ascii_case("wal"))
        })
    }

    /// A connection that reads.
    pub(crate) fn reader(&self) -> Result<Handle, DbError> {
        self.open(OpenFlags::empty(), |connection| {
            connection.pragma_update(None, "query_only", true)?;
            Ok(true)
        })
    }

    fn open(
        &self,
        more: OpenFlags,
        rest: impl Fn(&Connection) -> rusqlite::Result<bool>,
    ) -> Result<Handle, DbError> {
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX | more;
        let watch = Arc::new(Watch { start: clock::now(), until: AtomicU64::new(u64::MAX) });
        #[expect(clippy::disallowed_methods, reason = "this is the door")]
        let open = || -> rusqlite::Result<(Connection, bool)> {
            let mut connection = Connection::open_with_flags(&self.path, flags)?;
            connection.busy_timeout(Duration::from_secs(5))?;
            let synchronous = match self.synchronous {
                Synchronous::Full => "full",
                Synchronous::Normal => "normal",
                Synchronous::Off => "off",
            };
            let wal = rest(&connection)?;
            connection.pragma_update(None, "synchronous", synchronous)?;
            connection.pragma_update(None, "foreign_keys", true)?;
            connection.pragma_update(None, "mmap_size", 0)?;
            connection.pragma_update(None, "temp_store", "memory")?;
            connection.pragma_update(None, "cache_size", -8_000)?;
            // As PostgreSQL has it: `like` tells cases apart, "x" is a column and never a text.
            connection.pragma_update(None, "case_sensitive_like", true)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false)?;
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
            // A plan follows from the statement alone, not from the values bound to it. Otherwise a statement whose plan
            // might gain by a value (a pattern, the condition of an index) is planned anew each time it runs.
            connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
            connection.set_prepared_statement_cache_capacity(PREPARED);
            let seen = Arc::clone(&watch);
            connection.progress_handler(STEPS, Some(move || seen.expired()))?;
            Ok((connection, wal))
        };
        match open().map_err(|error| classify("open", error))? {
            (connection, true) => Ok(Handle { connection, watch, statement_time: self.statement_time }),
            (_, false) => Err(DbError::Refused(format!(
                "SQLite cannot keep a write-ahead log beside {}: use a local disk or PostgreSQL",
                self.path.display()
            ))),
        }
    }
}

impl Handle {
    /// Runs a text of our own that takes and returns nothing, such as `commit`, unwatched.
    pub(crate) fn run(&self, sql: &'static str) -> Result<(), DbError> {
        self.connection
            .prepare_cached(sql)
            .and_then(|mut statement| statement.raw_execute())
            .map(drop)
            .map_err(|error| classify(sql, error))
    }

    /// Several statements, unwatched and not kept.
    pub(crate) fn run_all(&self, sql: &str) -> rusqlite::Result<()> {
        self.connection.execute_batch(sql)
    }

    /// For what only one place does.
    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    /// Whether no transaction is open, be it that SQLite has rolled it back by itself.
    pub(crate) fn outside(&self) -> bool {
        self.connection.is_autocommit()
    }

    /// Rolls back whatever is open; for a connection that is given up.
    pub(crate) fn abandon(&self) {
        if !self.outside() {
            // Closing the connection does the same; there is nothing to add to a failure here.
            drop(self.run("rollback"));
        }
    }

    /// Moves the log into the database file and empties it; `false` if a reader held it for five seconds.
    pub(crate) fn checkpoint(&self) -> Result<bool, DbError> {
        self.connection
            .query_row("pragma wal_checkpoint(truncate)", [], |row| row.get(0))
            .map(|busy: i64| busy == 0)
            .map_err(|error| classify("checkpoint", error))
    }

    /// Writes the whole database anew: nothing is in it then but what stands in its rows.
    pub(crate) fn rewrite(&self) -> Result<(), DbError> {
        // By a file that nobody sees, for it is as large as the database.
        self.run_all("pragma temp_store = file; vacuum").map_err(|error| classify("rewrite", error))
    }

    /// Whether pages, indexes and references are sound.
    pub(crate) fn integrity(&self) -> Result<(), DbError> {
        let ask = || -> rusqlite::Result<(String, bool)> {
            let verdict = self.connection.query_row("pragma integrity_check(1)", [], |row| row.get(0))?;
            Ok((verdict, self.connection.prepare("pragma foreign_key_check")?.exists([])?))
        };
        match ask().map_err(|error| classify("integrity", error))? {
            (verdict, _) if verdict != "ok" => Err(DbError::unavailable(verdict)),
            (_, true) => Err(DbError::ForeignKey),
            _ => Ok(()),
        }
    }

    pub(crate) fn query(
        &self,
        statement: &'static Statement,
        params: &[Value],
        each: &mut dyn FnMut(&Row<'_>) -> Result<(), DbError>,
    ) -> Result<(), DbError> {
        let mut read = Ok(());
        self.with(statement, params, |prepared| {
            let columns = statement.columns(|| prepared.column_names().map(str::to_owned).collect());
            let mut rows = prepared.raw_query();
            while let Some(row) = rows.next()? {
                read = each(&Row::sqlite(statement, row, columns));
                if read.is_err() {
                    break;
                }
            }
            Ok(())
        })?;
        read
    }

    pub(crate) fn execute(&self, statement: &'static Statement, params: &[Value]) -> Result<u64, DbError> {
        self.with(statement, params, |prepared| prepared.raw_execute().map(|rows| rows as u64))
    }

    pub(crate) fn prepare(&self, statement: &'static Statement) -> Result<Prepared, DbError> {
        let prepared =
            self.connection.prepare(statement.sqlite()).map_err(|error| classify(statement.name, error))?;
        Ok(Prepared {
            parameters: prepared.parameter_count(),
            columns: prepared.column_names().map(str::to_owned).collect(),
        })
    }

    fn with<T>(
        &self,
        statement: &'static Statement,
        params: &[Value],
        run: impl FnOnce(&mut rusqlite::Statement<'_>) -> rusqlite::Result<T>,
    ) -> Result<T, DbError> {
        let run = || {
            let mut prepared = self.connection.prepare_cached(statement.sqlite())?;
            let wanted = prepared.parameter_count();
            if wanted != params.len() {
                return Err(rusqlite::Error::InvalidParameterCount(params.len(), wanted));
            }
            for (position, value) in params.iter().enumerate() {
                prepared.raw_bind_parameter(position + 1, value)?;
            }
            run(&mut prepared)
        };
        self.watch.set(self.statement_time);
        let result = run();
        self.watch.clear();
        result.map_err(|error| classify(statement.name, error))
    }
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Null => ToSqlOutput::Owned(Owned::Null),
            Self::Text(text) => ToSqlOutput::Borrowed(Borrowed::Text(text.as_bytes())),
            Self::Integer(integer) => ToSqlOutput::Owned(Owned::Integer(*integer)),
            Self::Real(real) => ToSqlOutput::Owned(Owned::Real(*real)),
            Self::Boolean(boolean) => ToSqlOutput::Owned(Owned::Integer((*boolean).into())),
            Self::Bytes(bytes) => ToSqlOutput::Borrowed(Borrowed::Blob(bytes)),
        })
    }
}

/// The value at a position of a row.
pub(crate) fn column<'a>(row: &'a rusqlite::Row<'_>, position: usize) -> Result<ValueRef<'a>, ColumnError> {
    match row.get_ref(position) {
        Ok(Borrowed::Null) => Ok(ValueRef::Null),
        Ok(Borrowed::Integer(integer)) => Ok(ValueRef::Integer(integer)),
        Ok(Borrowed::Real(real)) => Ok(ValueRef::Real(real)),
        Ok(Borrowed::Text(text)) => std::str::from_utf8(text)
            .map(ValueRef::Text)
            .map_err(|_| ColumnError::new("the text is not UTF-8")),
        Ok(Borrowed::Blob(bytes)) => Ok(ValueRef::Bytes(bytes)),
        Err(_) => Err(ColumnError::new("there is no such column")),
    }
}

/// Sorts an error of the driver into our classes.
pub(crate) fn classify(name: &'static str, error: rusqlite::Error) -> DbError {
    let rusqlite::Error::SqliteFailure(failure, message) = &error else {
        return DbError::Statement { name, source: Cause::new(error) };
    };
    // "UNIQUE constraint failed: people.mail": what follows the colon names the constraint.
    let constraint = || {
        let text = message.as_deref().unwrap_or_default();
        text.split_once(": ").map_or(text, |(_, rest)| rest).to_owned()
    };
    match failure.extended_code {
        ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID => {
            DbError::Unique { constraint: constraint() }
        }
        ffi::SQLITE_CONSTRAINT_FOREIGNKEY => DbError::ForeignKey,
        ffi::SQLITE_CONSTRAINT_CHECK => DbError::Check { constraint: constraint() },
        ffi::SQLITE_CONSTRAINT_NOTNULL => {
            DbError::Check { constraint: format!("{} must have a value", constraint()) }
        }
        // The index of the log is a file too, and cannot grow.
        ffi::SQLITE_IOERR_SHMSIZE => DbError::Full,
        _ => match failure.code {
            ErrorCode::DiskFull => DbError::Full,
            ErrorCode::OperationInterrupted => DbError::Slow,
            ErrorCode::SystemIoFailure
            | ErrorCode::OutOfMemory
            | ErrorCode::DatabaseBusy
            | ErrorCode::DatabaseLocked
            | ErrorCode::DatabaseCorrupt
            | ErrorCode::NotADatabase
            | ErrorCode::CannotOpen
            | ErrorCode::ReadOnly
            | ErrorCode::FileLockingProtocolFailed => DbError::Unavailable(Cause::new(error)),
            _ => DbError::Statement { name, source: Cause::new(error) },
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::TestFolder;
    use rusqlite::StatementStatus;

    #[test]
    fn a_statement_is_planned_once_whatever_is_bound_to_it() {
        let folder = TestFolder::new();
        let opener = Opener {
            path: folder.path().join("planned.db"),
            synchronous: Synchronous::Off,
            statement_time: Duration::from_secs(1),
        };
        let handle = opener.writer().unwrap();
        handle
            .run_all(
                "create table links (id text primary key, state text not null, name text not null);
                 create index links_new on links (name) where state = 'new';",
            )
            .unwrap();
        for sql in [
            // The value decides whether the index would do.
            "select id from links where state = ?1 and name > ?2",
            // The value decides whether a part of the key would do.
            "select id from links where id like ?1 and name = ?2",
        ] {
            for value in ["new", "old", "new"] {
                let mut statement = handle.connection.prepare_cached(sql).unwrap();
                statement.raw_bind_parameter(1, value).unwrap();
                statement.raw_bind_parameter(2, value).unwrap();
                assert!(statement.raw_query().next().unwrap().is_none());
                assert_eq!(statement.get_status(StatementStatus::RePrepare), 0, "{sql}");
            }
        }
    }
}
