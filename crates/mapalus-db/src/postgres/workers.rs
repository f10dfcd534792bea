//! What a thread of PostgreSQL does.

use super::{Connector, Live, Session};
use crate::{
    DbError, Tx, clock,
    fault::Faults,
    job::{Job, Verdict, judge},
    queue::Queue,
    tx,
};
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;

/// How long a transaction may take in all; a server silent for longer loses its connection.
const TRANSACTION: Duration = Duration::from_secs(10);

/// How long a connection that was idle may take to answer, before another is made.
const AWAKE: Duration = Duration::from_secs(3);

const READ: &str = "begin isolation level repeatable read read only";
const WRITE: &str = "begin isolation level read committed";

/// Runs jobs until the queue is closed and empty. Connects when there is something to do.
pub(crate) fn run_jobs(
    jobs: &Queue<Box<dyn Job>>,
    connector: &Connector,
    runtime: &Runtime,
    faults: &Faults,
) {
    let mut worker = Worker { connector, runtime, faults, live: None };
    while let Some(job) = jobs.pop() {
        if job.abandoned() {
            continue;
        }
        if job.writes() {
            worker.write(job);
        } else {
            worker.read(job);
        }
        if worker.live.as_ref().is_some_and(|live| live.spent) {
            worker.hang_up();
        }
    }
}

struct Worker<'a> {
    connector: &'a Connector,
    runtime: &'a Runtime,
    faults: &'a Faults,
    live: Option<Live>,
}

impl Worker<'_> {
    fn read(&mut self, mut job: Box<dyn Job>) {
        let until = clock::now() + TRANSACTION;
        let mut session = match self.begin(READ, until) {
            Ok(session) => session,
            Err(error) => return job.answer(Some(error)),
        };
        let mut tx = Tx::new(tx::Session::Postgres(session.again()), until, None);
        job.run(&mut tx);
        // There is nothing to store: the answer need not wait for the end.
        job.answer(None);
        session.end();
    }

    fn write(&mut self, mut job: Box<dyn Job>) {
        let (runtime, faults) = (self.runtime, self.faults);
        let until = clock::now() + TRANSACTION;
        let mut attempt = 1;
        let refusal = loop {
            let mut session = match self.begin(WRITE, until) {
                Ok(session) => session,
                Err(error) => break Some(error),
            };
            let mut tx = Tx::new(tx::Session::Postgres(session.again()), until, Some(faults));
            match judge(job.as_mut(), &mut tx, attempt) {
                Verdict::Keep => match commit(&mut session, faults) {
                    Ok(()) => break None,
                    Err(error) => {
                        session.end();
                        break Some(error);
                    }
                },
                Verdict::Undo(refusal) => {
                    session.end();
                    break refusal;
                }
                Verdict::Again => session.end(),
            }
            // Two that met should not meet again.
            let pause = Duration::from_millis(3 * u64::from(attempt));
            runtime.block_on(async { tokio::time::sleep(pause).await });
            attempt += 1;
        };
        job.answer(refusal);
    }

    /// A transaction, on a new connection if the last one is gone: the server may have closed it
    /// while nothing was done with it.
    fn begin(&mut self, sql: &'static str, until: Instant) -> Result<Session<'_>, DbError> {
        if let Some(live) = &mut self.live {
            let mut session = Session { runtime: self.runtime, live, until: until.min(clock::now() + AWAKE) };
            if session.live.spent || session.run(sql).is_err() {
                self.hang_up();
            }
        }
        let fresh = self.live.is_none();
        let live = match self.live.take() {
            Some(live) => live,
            None => Live::new(self.runtime.block_on(self.connector.connect())?),
        };
        let mut session = Session { runtime: self.runtime, live: self.live.insert(live), until };
        if fresh {
            session.run(sql)?;
        }
        Ok(session)
    }

    fn hang_up(&mut self) {
        if let Some(live) = self.live.take() {
            self.runtime.block_on(live.close());
        }
    }
}

/// An error whose cause is a lost connection leaves open whether the work stands; it is not
/// acknowledged, and not repeated.
fn commit(session: &mut Session<'_>, faults: &Faults) -> Result<(), DbError> {
    match faults.at_commit() {
        Some(error) => Err(error),
        None => session.run("commit"),
    }
}
