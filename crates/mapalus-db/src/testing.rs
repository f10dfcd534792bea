//! Databases for tests: made in milliseconds, gone with the value.

pub use crate::fault::Fault;
use crate::{
    Backend, Db, DbError, Migration, Options, Synchronous, migrate,
    postgres::{self, Connector},
};
use std::{
    path::{Path, PathBuf},
    sync::atomic::{AtomicU32, Ordering},
};

/// The variable that names the PostgreSQL server of the tests.
const VARIABLE: &str = "MAPALUS_TEST_POSTGRES";

/// A migrated database of its own; removed when dropped.
pub struct TestDatabase {
    /// The database.
    pub db: Db,
    /// Its URL, for programs that open it themselves (a SQLite database only after
    /// [`Db::close`]).
    pub url: String,
    // After `db`: fields drop in their order.
    _remains: Remains,
}

/// What is to be removed.
enum Remains {
    Folder(PathBuf),
    Database { server: Box<Connector>, name: String },
}

/// Options for tests: few threads, no waiting for the disk.
pub fn options() -> Options {
    // A test is not timed: what a busy machine makes slow is not wrong.
    let write_time = std::time::Duration::from_secs(10);
    Options { readers: 2, connections: 2, synchronous: Synchronous::Off, write_time, ..Options::default() }
}

/// An empty database of this kind with these migrations applied. Panics where it cannot be made.
pub async fn database(backend: Backend, migrations: &[Migration]) -> TestDatabase {
    database_with(backend, migrations, options()).await
}

/// Like [`database`], with these options.
pub async fn database_with(backend: Backend, migrations: &[Migration], options: Options) -> TestDatabase {
    let made = match backend {
        Backend::Sqlite => make_sqlite(migrations, options).await,
        Backend::Postgres => make_postgres(migrations, options).await,
    };
    made.unwrap_or_else(|error| panic!("no database for the test: {}", chain(&error)))
}

/// A SQLite database in a temporary folder.
pub async fn sqlite(migrations: &[Migration]) -> TestDatabase {
    database(Backend::Sqlite, migrations).await
}

/// A database on the server of `MAPALUS_TEST_POSTGRES`, copied from one that is migrated once for
/// each list of migrations.
pub async fn postgres(migrations: &[Migration]) -> TestDatabase {
    database(Backend::Postgres, migrations).await
}

/// Runs the body of a test on a runtime of two threads; used by `#[db_test]`.
pub fn run(body: impl Future<Output = ()>) {
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime for the test")
        .block_on(body);
}

/// Lets the `nth` statement of the writes to come fail, the next one being 1; once.
pub fn fail_statement(db: &Db, nth: u32, fault: Fault) {
    db.faults().fail_statement(nth, fault);
}

/// Lets the next commit of a write fail with this error, nothing stored; once.
pub fn fail_commit(db: &Db, error: DbError) {
    db.faults().fail_commit(error);
}

/// A folder of its own under the system's, removed with all it holds when it is dropped.
pub struct TestFolder(PathBuf);

impl TestFolder {
    /// An empty folder.
    ///
    /// # Panics
    /// If it cannot be made.
    pub fn new() -> Self {
        let path = std::env::temp_dir().join(unique("mapalus-folder"));
        std::fs::create_dir_all(&path).expect("a folder can be made");
        Self(path)
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Default for TestFolder {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for TestFolder {
    fn drop(&mut self) {
        // What cannot be removed is left to the system's own cleaning.
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

async fn make_sqlite(migrations: &[Migration], options: Options) -> Result<TestDatabase, DbError> {
    let folder = std::env::temp_dir().join(unique("mapalus-test"));
    let url = format!("sqlite:{}", folder.join("mapalus.db").display());
    let remains = Remains::Folder(folder.clone());
    // Left by a process of the same number that was killed, or not there.
    drop(std::fs::remove_dir_all(folder));
    let db = Db::open(&url, options).await?;
    db.migrate(migrations).await?;
    Ok(TestDatabase { db, url, _remains: remains })
}

async fn make_postgres(migrations: &[Migration], options: Options) -> Result<TestDatabase, DbError> {
    let Ok(url) = std::env::var(VARIABLE) else {
        panic!("run through `cargo xtask test`, which starts PostgreSQL");
    };
    let server = Connector::new(&url)?;
    let client = server.connect_unchecked().await?.client;
    let error = |error| postgres::classify("test database", error);

    // Made under another name, so that one that was interrupted is never copied.
    let template = format!("mapalus_template_{}", migrate::digest(migrations));
    let half = format!("{template}_half");
    client.batch_execute("select pg_advisory_lock(6272588)").await.map_err(error)?;
    let known = client
        .query_opt("select 1 from pg_database where datname = $1", &[&template])
        .await
        .map_err(error)?;
    if known.is_none() {
        let drop_half = format!("drop database if exists {half} with (force)");
        client.batch_execute(&drop_half).await.map_err(error)?;
        let create = format!("create database {half} template template0 encoding 'UTF8' locale 'C'");
        client.batch_execute(&create).await.map_err(error)?;
        migrate::postgres(&server.with_database(&half), migrations).await?;
        // The connection of the migrations is closed, but its server may take a moment to end.
        let free =
            format!("select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = '{half}'");
        client.batch_execute(&free).await.map_err(error)?;
        let rename = format!("alter database {half} rename to {template}");
        client.batch_execute(&rename).await.map_err(error)?;
    }
    client.batch_execute("select pg_advisory_unlock(6272588)").await.map_err(error)?;

    let name = unique("mapalus_test").replace('-', "_");
    // Left by a process of the same number that was killed, or not there.
    let remove = format!("drop database if exists {name} with (force)");
    client.batch_execute(&remove).await.map_err(error)?;
    let create = format!("create database {name} template {template}");
    client.batch_execute(&create).await.map_err(error)?;
    let remains = Remains::Database { server: Box::new(server.clone()), name: name.clone() };
    let db = Db::open_postgres(server.with_database(&name), &options).await?;
    Ok(TestDatabase { db, url: with_database(&url, &name), _remains: remains })
}

/// A name that no other test of this or another process has.
fn unique(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let next = NEXT.fetch_add(1, Ordering::Relaxed);
    format!("{prefix}-{}-{next}", std::process::id())
}

/// `scheme://authority/path?query` with another path.
fn with_database(url: &str, name: &str) -> String {
    let (address, query) = url.split_once('?').map_or((url, None), |(a, q)| (a, Some(q)));
    let authority = address.find("://").map_or(0, |at| at + 3);
    let end = address[authority..].find('/').map_or(address.len(), |at| authority + at);
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{}/{name}{query}", &address[..end])
}

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        text.push_str(": ");
        text.push_str(&source.to_string());
        next = source.source();
    }
    text
}

impl Drop for Remains {
    fn drop(&mut self) {
        // A test that ends badly should say why, not that its remains are left.
        match self {
            Self::Folder(folder) => drop(std::fs::remove_dir_all(folder)),
            Self::Database { server, name } => {
                let (server, name) = (server.clone(), name.clone());
                // A thread of its own: this one may be driving the test's runtime.
                let thread = std::thread::spawn(move || drop_database(&server, &name));
                drop(thread.join());
            }
        }
    }
}

fn drop_database(server: &Connector, name: &str) {
    let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else {
        return;
    };
    runtime.block_on(async {
        if let Ok(line) = server.connect_unchecked().await {
            let sql = format!("drop database if exists {name} with (force)");
            drop(line.client.batch_execute(&sql).await);
            line.close().await;
        }
    });
}

#[cfg(test)]
mod tests {
    use super::with_database;

    #[test]
    fn the_database_of_a_url_is_replaced() {
        assert_eq!(with_database("postgres://u:p@h:5/x?a=b", "y"), "postgres://u:p@h:5/y?a=b");
        assert_eq!(with_database("postgres://u@h", "y"), "postgres://u@h/y");
    }
}
