//! Migrations: one text for both databases.

use crate::{
    Cause, DbError,
    postgres::{self as pg, Connector},
    sqlite::{self as lite, Handle, Opener},
};
use std::time::Duration;
use tokio_postgres::Client;

/// A step of the schema. Its text never changes once it is released.
#[derive(Debug, Clone, Copy)]
pub struct Migration {
    /// Number and subject, such as `0001_people`.
    pub name: &'static str,
    /// Its statements, in the portable subset.
    pub sql: &'static str,
}

impl Migration {
    /// Length and FNV-1a hash of the text: enough to notice a change, and not meant to resist.
    fn checksum(&self) -> String {
        // A check-out on Windows may end lines differently.
        let bytes = self.sql.bytes().filter(|byte| *byte != b'\r');
        let (length, hash) = bytes.fold((0_usize, FNV), |(length, hash), byte| (length + 1, fnv(hash, byte)));
        format!("{length}:{hash:016x}")
    }
}

const FNV: u64 = 0xcbf2_9ce4_8422_2325;

fn fnv(hash: u64, byte: u8) -> u64 {
    (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
}

/// One name for a list of migrations: 16 hexadecimal digits.
pub(crate) fn digest(migrations: &[Migration]) -> String {
    let mut hash = FNV;
    for migration in migrations {
        for byte in migration.name.bytes().chain(migration.checksum().bytes()) {
            hash = fnv(hash, byte);
        }
    }
    format!("{hash:016x}")
}

const TABLE: &str = "\
create table if not exists schema_migrations (
  name text not null primary key,
  checksum text not null,
  applied_at bigint not null
)";

pub(crate) const APPLIED: &str = "select name, checksum from schema_migrations order by name";

// The database's clock: the time is a record for the operator, no rule reads it.
const RECORD_SQLITE: &str = "\
insert into schema_migrations (name, checksum, applied_at)
values (?1, ?2, cast(strftime('%s', 'now') as integer) * 1000)";

const RECORD_POSTGRES: &str = "\
insert into schema_migrations (name, checksum, applied_at)
values ($1, $2, cast(extract(epoch from now()) as bigint) * 1000)";

/// Those still to run, or why none may.
fn to_run<'a>(migrations: &'a [Migration], applied: &[(String, String)]) -> Result<&'a [Migration], DbError> {
    let refused = |text: String| Err(DbError::Refused(text));
    for pair in migrations.windows(2) {
        if pair[0].name >= pair[1].name {
            return refused(format!("migration {} stands before {}", pair[0].name, pair[1].name));
        }
    }
    for (name, checksum) in applied {
        match migrations.iter().find(|migration| migration.name == name) {
            None => {
                return refused(format!(
                    "the database has migration {name}, which this version of Mapalus does not \
                     know: use the version that made it or a newer one, or restore a backup from \
                     before it"
                ));
            }
            Some(migration) if migration.checksum() != *checksum => {
                return refused(format!(
                    "migration {name} is not what was applied to this database: its text was \
                     changed afterwards"
                ));
            }
            Some(_) => {}
        }
    }
    // All applied ones are known; so they are the first of the list, or there is a gap.
    match migrations.get(..applied.len()) {
        Some(first) if first.iter().zip(applied).all(|(known, (name, _))| known.name == name) => {
            Ok(&migrations[applied.len()..])
        }
        _ => {
            let is_new = |m: &&Migration| applied.iter().all(|(name, _)| name != m.name);
            let gap = migrations.iter().find(is_new).map_or("?", |migration| migration.name);
            refused(format!(
                "migration {gap} would have to run before others that are applied already: give \
                 it a later number"
            ))
        }
    }
}

/// The text of a failed migration's error is the driver's; its class is of no use to a caller.
fn failed(name: &str, error: impl std::error::Error + Send + Sync + 'static) -> DbError {
    DbError::Migration { name: name.to_owned(), source: Cause::new(error) }
}

/// On a connection of its own. The writer waits meanwhile, as it would for another process.
pub(crate) fn sqlite(opener: &Opener, migrations: &[Migration]) -> Result<Vec<&'static str>, DbError> {
    let handle = opener.writer()?;
    // A table is rebuilt by dropping it, which would delete what refers to it; so references are
    // checked at the end of each migration instead. (Cannot be switched within a transaction.)
    handle.run_all("pragma foreign_keys = off").map_err(|error| lite::classify("migrations", error))?;
    let mut ran = Vec::new();
    loop {
        let next = next_sqlite(&handle, migrations);
        handle.abandon();
        match next? {
            Some(name) => ran.push(name),
            None => return Ok(ran),
        }
    }
}

/// Runs the first that is still to run. Leaves its transaction open where it failed.
fn next_sqlite(handle: &Handle, migrations: &[Migration]) -> Result<Option<&'static str>, DbError> {
    let applied = || -> rusqlite::Result<Vec<(String, String)>> {
        // At once for writing: what is read now stays true until the commit.
        handle.run_all("begin immediate")?;
        handle.run_all(TABLE)?;
        let mut statement = handle.connection().prepare(APPLIED)?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?.collect()
    };
    let applied = applied().map_err(|error| lite::classify("migrations", error))?;
    let Some(migration) = to_run(migrations, &applied)?.first() else {
        return Ok(None);
    };
    let apply = || -> rusqlite::Result<bool> {
        handle.run_all(migration.sql)?;
        handle.connection().execute(RECORD_SQLITE, [migration.name, &migration.checksum()])?;
        let broken = handle.connection().prepare("pragma foreign_key_check")?.exists([])?;
        if !broken {
            handle.run_all("commit")?;
        }
        Ok(broken)
    };
    match apply() {
        Ok(false) => {
            tracing::info!(migration = migration.name, "applied");
            Ok(Some(migration.name))
        }
        Ok(true) => Err(failed(migration.name, DbError::ForeignKey)),
        Err(error) => Err(failed(migration.name, error)),
    }
}

/// Runs all migrations within the transaction that is open, on an empty database.
pub(crate) fn fill_sqlite(handle: &Handle, migrations: &[Migration]) -> Result<(), DbError> {
    handle.run_all(TABLE).map_err(|error| lite::classify("migrations", error))?;
    for migration in migrations {
        let apply = handle.run_all(migration.sql).and_then(|()| {
            handle.connection().execute(RECORD_SQLITE, [migration.name, &migration.checksum()]).map(drop)
        });
        apply.map_err(|error| failed(migration.name, error))?;
    }
    Ok(())
}

/// Runs all migrations within the transaction that is open, on an empty database.
pub(crate) async fn fill_postgres(client: &Client, migrations: &[Migration]) -> Result<(), DbError> {
    client.batch_execute(TABLE).await.map_err(|error| pg::classify("migrations", error))?;
    for migration in migrations {
        let apply = async {
            client.batch_execute(migration.sql).await?;
            client.execute(RECORD_POSTGRES, &[&migration.name, &migration.checksum()]).await
        };
        apply.await.map_err(|error| failed(migration.name, error))?;
    }
    Ok(())
}

/// How many of the migrations were applied, all with the text that they have now; or why these do
/// not fit.
///
/// # Errors
/// [`DbError::Refused`], in words.
pub fn fitting<'a>(
    migrations: &'static [Migration],
    applied: impl Iterator<Item = (&'a str, &'a str)>,
) -> Result<&'static [Migration], DbError> {
    let applied: Vec<_> = applied.map(|(name, sum)| (name.to_owned(), sum.to_owned())).collect();
    let rest = to_run(migrations, &applied)?;
    Ok(&migrations[..migrations.len() - rest.len()])
}

/// "mapalus" on a telephone's keys; any number that nobody else locks does.
pub(crate) const LOCK: &str = "select pg_advisory_lock(6272587)";

/// Longer than any migration, shorter than an operator's patience.
const PATIENCE: Duration = Duration::from_secs(600);

/// On a connection of its own, which holds an advisory lock until it closes.
pub(crate) async fn postgres(
    connector: &Connector,
    migrations: &[Migration],
) -> Result<Vec<&'static str>, DbError> {
    let line = connector.connect().await?;
    let work = tokio::time::timeout(PATIENCE, apply_postgres(&line.client, migrations)).await;
    line.close().await;
    work.unwrap_or(Err(DbError::Slow))
}

async fn apply_postgres(client: &Client, migrations: &[Migration]) -> Result<Vec<&'static str>, DbError> {
    let error = |error| pg::classify("migrations", error);
    client
        .batch_execute(&format!(
            "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0; {LOCK}"
        ))
        .await
        .map_err(error)?;
    client.batch_execute(TABLE).await.map_err(error)?;
    let applied: Vec<(String, String)> =
        client.query(APPLIED, &[]).await.map_err(error)?.iter().map(|row| (row.get(0), row.get(1))).collect();
    let mut ran = Vec::new();
    for migration in to_run(migrations, &applied)? {
        let apply = async {
            client.batch_execute("begin").await?;
            client.batch_execute(migration.sql).await?;
            client.execute(RECORD_POSTGRES, &[&migration.name, &migration.checksum()]).await?;
            client.batch_execute("commit").await
        };
        // After a failure the connection is closed, which rolls back and unlocks.
        apply.await.map_err(|error| failed(migration.name, error))?;
        tracing::info!(migration = migration.name, "applied");
        ran.push(migration.name);
    }
    Ok(ran)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ONE: Migration = Migration { name: "0001_a", sql: "create table a (x bigint)" };
    const TWO: Migration = Migration { name: "0002_b", sql: "create table b (x bigint)" };

    fn applied(migrations: &[Migration]) -> Vec<(String, String)> {
        migrations.iter().map(|m| (m.name.to_owned(), m.checksum())).collect()
    }

    fn refusal(migrations: &[Migration], applied: &[(String, String)]) -> String {
        to_run(migrations, applied).expect_err("it does not fit").to_string()
    }

    #[test]
    fn only_what_is_not_applied_runs() {
        let rest = to_run(&[ONE, TWO], &applied(&[ONE])).expect("it fits");
        assert_eq!(rest.len(), 1);
        assert_eq!(rest[0].name, "0002_b");
        assert!(to_run(&[ONE, TWO], &applied(&[ONE, TWO])).expect("it fits").is_empty());
    }

    #[test]
    fn a_changed_text_is_refused_but_not_its_line_ends() {
        let changed = Migration { sql: "create table a (y bigint)", ..ONE };
        assert!(refusal(&[changed], &applied(&[ONE])).contains("0001_a is not what was applied"));
        let unix = Migration { sql: "a\nb", ..ONE };
        let windows = Migration { sql: "a\r\nb", ..ONE };
        assert_eq!(unix.checksum(), windows.checksum());
    }

    #[test]
    fn a_database_from_a_newer_version_is_refused() {
        assert!(refusal(&[ONE], &applied(&[ONE, TWO])).contains("0002_b, which this version"));
    }

    #[test]
    fn a_migration_before_an_applied_one_is_refused() {
        assert!(refusal(&[ONE, TWO], &applied(&[TWO])).contains("0001_a would have to run before"));
    }

    #[test]
    fn migrations_out_of_order_are_refused() {
        assert!(refusal(&[TWO, ONE], &[]).contains("0002_b stands before 0001_a"));
    }
}
