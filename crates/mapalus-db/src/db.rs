//! The handle to a database.

use crate::{
    Backend, Cause, DbError, Options, Statement, Tx, clock, count,
    fault::Faults,
    job::{Job, Work},
    migrate::{self, Migration},
    place::Place,
    postgres::{self, Connector},
    queue::Queue,
    sqlite::{self, Limits, Opener},
};
use std::{
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
    thread::JoinHandle,
    time::Duration,
};
use tokio::sync::oneshot;

/// A database. Cheap to clone; the connections close with the last clone, or with
/// [`close`](Self::close).
#[derive(Clone)]
pub struct Db(Arc<Inner>);

struct Inner {
    reads: Arc<Jobs>,
    writes: Arc<Jobs>,
    faults: Arc<Faults>,
    /// In the order in which they are to end.
    crews: Mutex<Vec<Crew>>,
    ground: Ground,
}

type Jobs = Queue<Box<dyn Job>>;

/// Threads that share a queue.
struct Crew {
    jobs: Arc<Jobs>,
    threads: Vec<JoinHandle<()>>,
}

enum Ground {
    Sqlite(Opener),
    Postgres(Box<Connector>),
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.reads.close();
        self.writes.close();
    }
}

/// Closes the queue when its last worker ends, so that nobody waits for a thread that is no more.
struct Closing(Arc<Jobs>);

impl Drop for Closing {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl Db {
    /// Opens `sqlite:PATH` (made if absent, with its folder) or `postgres://...`.
    ///
    /// Fails with [`DbError::Refused`], in words for the operator, where the database may not be
    /// used: another process has it, it is on a network disk, its locale is wrong.
    pub async fn open(url: &str, options: Options) -> Result<Self, DbError> {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let path = PathBuf::from(path.strip_prefix("//").unwrap_or(path));
            if path.as_os_str().is_empty() || path.as_os_str() == ":memory:" {
                return Err(DbError::Refused("`sqlite:` needs the path of a file".to_owned()));
            }
            return blocking(move || Self::open_sqlite(&path, &options)).await;
        }
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Self::open_postgres(Connector::new(url)?, &options).await;
        }
        Err(DbError::Refused("the URL of the database must begin with `sqlite:` or `postgres://`".to_owned()))
    }

    fn open_sqlite(path: &Path, options: &Options) -> Result<Self, DbError> {
        let place = Arc::new(Place::take(path)?);
        let opener = Opener {
            path: place.path.clone(),
            synchronous: options.synchronous,
            statement_time: options.statement_time,
        };
        let limits = Limits {
            group_jobs: options.group_jobs,
            group_time: options.group_time,
            write_time: options.write_time,
            read_time: options.statement_time,
        };
        let (reads, writes) = (jobs(options), jobs(options));
        let faults = Arc::new(Faults::default());

        let writer = {
            let (jobs, opener, faults) = (Closing(Arc::clone(&writes)), opener.clone(), Arc::clone(&faults));
            let (first, place) = (opener.writer()?, Arc::clone(&place));
            spawn("sqlite-write", move || {
                sqlite::write_jobs(&jobs.0, &opener, first, limits, &faults);
                drop(place);
            })?
        };
        let mut readers = Vec::new();
        for _ in 0..options.readers.max(1) {
            let (jobs, opener) = (Arc::clone(&reads), opener.clone());
            let (first, place) = (opener.reader()?, Arc::clone(&place));
            readers.push(spawn("sqlite-read", move || {
                sqlite::read_jobs(&jobs, &opener, first, limits);
                drop(place);
            })?);
        }
        Ok(Self(Arc::new(Inner {
            crews: Mutex::new(vec![
                Crew { jobs: Arc::clone(&reads), threads: readers },
                Crew { jobs: Arc::clone(&writes), threads: vec![writer] },
            ]),
            reads,
            writes,
            faults,
            ground: Ground::Sqlite(opener),
        })))
    }

    pub(crate) async fn open_postgres(connector: Connector, options: &Options) -> Result<Self, DbError> {
        // Whatever is wrong is said now; the workers connect when they have something to do.
        drop(connector.connect().await?);
        let jobs = jobs(options);
        let faults = Arc::new(Faults::default());
        let mut threads = Vec::new();
        for _ in 0..options.connections.max(1) {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|error| DbError::Unavailable(Cause::new(error)))?;
            let (jobs, connector, faults) = (Arc::clone(&jobs), connector.clone(), Arc::clone(&faults));
            threads.push(spawn("postgres", move || {
                postgres::run_jobs(&jobs, &connector, &runtime, &faults);
            })?);
        }
        Ok(Self(Arc::new(Inner {
            reads: Arc::clone(&jobs),
            writes: Arc::clone(&jobs),
            faults,
            crews: Mutex::new(vec![Crew { jobs, threads }]),
            ground: Ground::Postgres(Box::new(connector)),
        })))
    }

    /// Brings the tables to the state of these migrations, in their order, each in a transaction
    /// with its record; gives the names of those that ran.
    ///
    /// Refused where the text of an applied one has changed, where one would have to run before
    /// an applied one, and where the database knows one that is not in the list. Of two nodes that
    /// start together one migrates and the other waits.
    pub async fn migrate(&self, migrations: &[Migration]) -> Result<Vec<&'static str>, DbError> {
        match &self.0.ground {
            Ground::Sqlite(opener) => {
                let (opener, migrations) = (opener.clone(), migrations.to_vec());
                blocking(move || migrate::sqlite(&opener, &migrations)).await
            }
            Ground::Postgres(connector) => migrate::postgres(connector, migrations).await,
        }
    }

    /// Runs a closure that reads, in one consistent snapshot.
    ///
    /// `name` stands in logs and traces. Cost: one hop to a thread; on PostgreSQL one more round
    /// trip. What the closure returns comes back as it is; what the database refuses (queue full,
    /// not available) comes as [`DbError`] through `From`.
    pub async fn read<T, E>(
        &self,
        name: &'static str,
        closure: impl FnOnce(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let mut closure = Some(closure);
        self.submit(name, false, move |tx| match closure.take() {
            Some(closure) => closure(tx),
            None => unreachable!("a read runs once"),
        })
        .await
    }

    /// Runs a closure that writes, and returns after its commit.
    ///
    /// The closure may run up to three times ([`Tx::execute_one`], and what PostgreSQL rolls back
    /// for the sake of others) and must have no effects but its statements. `Err`, a panic, and a
    /// caller that drops this future before the commit undo all of it. On SQLite it must be quick:
    /// others wait, and past 250 ms no further statement starts.
    pub async fn write<T, E>(
        &self,
        name: &'static str,
        closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        self.submit(name, true, closure).await
    }

    async fn submit<T, E>(
        &self,
        name: &'static str,
        writes: bool,
        closure: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<DbError> + Send + 'static,
    {
        let started = clock::now();
        let (reply, answer) = oneshot::channel();
        let jobs = if writes { &self.0.writes } else { &self.0.reads };
        jobs.push(Box::new(Work::new(name, writes, closure, reply)))?;
        let Ok(answer) = answer.await else {
            return Err(DbError::unavailable("its worker has ended").into());
        };
        count::add(answer.statements);
        tracing::debug!(
            name,
            writes,
            statements = answer.statements,
            microseconds = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
            ok = answer.result.is_ok(),
            "transaction"
        );
        answer.result
    }

    /// Which database it is.
    pub fn backend(&self) -> Backend {
        match self.0.ground {
            Ground::Sqlite(_) => Backend::Sqlite,
            Ground::Postgres(_) => Backend::Postgres,
        }
    }

    /// Whether the database answers within 2 s.
    pub async fn ready(&self) -> Result<(), DbError> {
        let ask = self.read("ready", |tx| tx.scalar::<i32>(&READY, &[]));
        match tokio::time::timeout(Duration::from_secs(2), ask).await {
            Ok(answer) => answer.map(drop),
            Err(_) => Err(DbError::Slow),
        }
    }

    /// Reads all of a SQLite database and sees whether its pages, indexes and references are sound;
    /// PostgreSQL looks after that itself. Cost: a read of the whole file.
    ///
    /// # Errors
    /// [`DbError::Unavailable`] with what is wrong.
    pub async fn integrity(&self) -> Result<(), DbError> {
        match &self.0.ground {
            Ground::Sqlite(opener) => {
                let opener = opener.clone();
                blocking(move || opener.reader()?.integrity()).await
            }
            Ground::Postgres(_) => Ok(()),
        }
    }

    /// Moves SQLite's log into the database file and empties it, so that what was deleted stands in neither;
    /// PostgreSQL looks after its log itself. Gives whether that was done: a read that takes longer than five
    /// seconds holds it up. Cost: writes wait meanwhile.
    ///
    /// # Errors
    /// The database's error.
    pub async fn empty_log(&self) -> Result<bool, DbError> {
        match &self.0.ground {
            Ground::Sqlite(opener) => {
                let opener = opener.clone();
                blocking(move || opener.writer()?.checkpoint()).await
            }
            Ground::Postgres(_) => Ok(true),
        }
    }

    /// Writes all of a SQLite database anew and empties its log: of what was deleted or changed before nothing is left
    /// in the files, nor in the unused parts of pages, where rows stood before they moved. PostgreSQL looks after that
    /// itself. Cost: the database is written twice, about a second for 100 MB; writes wait meanwhile, reads do not.
    ///
    /// # Errors
    /// The database's error.
    pub async fn rewrite(&self) -> Result<bool, DbError> {
        if let Ground::Sqlite(opener) = &self.0.ground {
            let opener = opener.clone();
            blocking(move || opener.writer()?.rewrite()).await?;
        }
        self.empty_log().await
    }

    /// Takes no more work, finishes what waits, and ends the threads; SQLite's log is emptied.
    pub async fn close(&self) {
        let crews = {
            let mut crews = self.0.crews.lock().unwrap_or_else(PoisonError::into_inner);
            std::mem::take(&mut *crews)
        };
        let join = move || {
            for crew in crews {
                crew.jobs.close();
                for thread in crew.threads {
                    // A thread that panicked has said so.
                    drop(thread.join());
                }
            }
            Ok(())
        };
        drop(blocking(join).await);
    }

    pub(crate) fn faults(&self) -> &Faults {
        &self.0.faults
    }
}

static READY: Statement = Statement::new("mapalus_db::READY", "Whether the database answers.", "select 1");

fn jobs(options: &Options) -> Arc<Jobs> {
    Arc::new(Queue::new(options.queue))
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<JoinHandle<()>, DbError> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(work)
        .map_err(|error| DbError::Unavailable(Cause::new(error)))
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, DbError> + Send + 'static,
) -> Result<T, DbError> {
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or_else(|error| Err(DbError::Unavailable(Cause::new(error))))
}
