//! What the threads of SQLite do.

use super::{Handle, Opener};
use crate::{
    Cause, DbError, Tx, clock,
    fault::Faults,
    job::{Job, Verdict, judge},
    queue::Queue,
    tx::Session,
};
use std::time::Duration;

type Jobs = Queue<Box<dyn Job>>;

/// How far a group of writes goes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) group_jobs: usize,
    pub(crate) group_time: Duration,
    pub(crate) write_time: Duration,
    pub(crate) read_time: Duration,
}

/// Writes until the queue is closed and empty, then empties the log.
pub(crate) fn write_jobs(jobs: &Jobs, opener: &Opener, first: Handle, limits: Limits, faults: &Faults) {
    let group = Group { jobs, limits, faults };
    let mut handle = Some(first);
    while let Some(job) = jobs.pop() {
        handle = match handle.take().map_or_else(|| opener.writer(), Ok) {
            Ok(handle) => group.run(&handle, job).then_some(handle),
            Err(error) => {
                job.answer(Some(error));
                None
            }
        };
    }
    if let Some(Err(error)) = handle.map(|handle| handle.checkpoint()) {
        tracing::warn!(error = &error as &dyn std::error::Error, "the log stays as it is");
    }
}

struct Group<'a> {
    jobs: &'a Jobs,
    limits: Limits,
    faults: &'a Faults,
}

impl Group<'_> {
    /// Runs jobs in one transaction and answers each after the commit. Says whether the
    /// connection is still good.
    fn run(&self, handle: &Handle, first: Box<dyn Job>) -> bool {
        let mut answers: Vec<(Box<dyn Job>, Option<DbError>)> = Vec::new();
        let mut lost = handle.run("begin immediate").err();
        let started = clock::now();
        let mut next = Some(first);
        while let Some(mut job) = next.take() {
            if lost.is_none() && !job.abandoned() {
                match self.run_one(handle, job.as_mut()) {
                    Ok(refusal) => answers.push((job, refusal)),
                    Err(error) => {
                        lost = Some(error);
                        answers.push((job, None));
                    }
                }
            } else {
                answers.push((job, None));
            }
            let more = lost.is_none()
                && answers.len() < self.limits.group_jobs
                && clock::now().duration_since(started) < self.limits.group_time;
            if more {
                next = self.jobs.try_pop();
            }
        }
        if lost.is_none() {
            lost = self.commit(handle).err();
        }
        if let Some(error) = &lost {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                writes = answers.len(),
                "a group of writes was refused"
            );
            handle.abandon();
        }
        for (job, refusal) in answers {
            // Even a write that was refused for its own reason may have seen what is now undone.
            job.answer(lost.clone().or(refusal));
        }
        lost.is_none()
    }

    fn commit(&self, handle: &Handle) -> Result<(), DbError> {
        match self.faults.at_commit() {
            Some(error) => Err(group_error(Some(error))),
            None => handle.run("commit").map_err(|error| group_error(Some(error))),
        }
    }

    /// Runs one job in its savepoint. `Ok` holds what to tell its caller if not its own result;
    /// an error means that the whole transaction is lost.
    fn run_one(&self, handle: &Handle, job: &mut dyn Job) -> Result<Option<DbError>, DbError> {
        let mut attempt = 1;
        loop {
            step(handle, "savepoint job")?;
            let until = clock::now() + self.limits.write_time;
            let mut tx = Tx::new(Session::Sqlite(handle), until, Some(self.faults));
            let verdict = judge(job, &mut tx, attempt);
            let failure = tx.failure.take();
            if handle.outside() {
                return Err(group_error(failure.map(|(_, error)| error)));
            }
            if !matches!(verdict, Verdict::Keep) {
                step(handle, "rollback to job")?;
            }
            step(handle, "release job")?;
            match verdict {
                Verdict::Keep => return Ok(None),
                Verdict::Undo(refusal) => return Ok(refusal),
                Verdict::Again => attempt += 1,
            }
        }
    }
}

fn step(handle: &Handle, sql: &'static str) -> Result<(), DbError> {
    handle.run(sql).map_err(|error| group_error(Some(error)))
}

/// What a whole group is told: the disk is full, or the database is not available.
fn group_error(error: Option<DbError>) -> DbError {
    match error {
        Some(error @ (DbError::Full | DbError::Unavailable(_))) => error,
        Some(error) => DbError::Unavailable(Cause::new(error)),
        None => DbError::unavailable("the transaction ended before its commit"),
    }
}

/// Reads until the queue is closed and empty.
pub(crate) fn read_jobs(jobs: &Jobs, opener: &Opener, first: Handle, limits: Limits) {
    let mut handle = Some(first);
    while let Some(job) = jobs.pop() {
        if job.abandoned() {
            continue;
        }
        handle = match handle.take().map_or_else(|| opener.reader(), Ok) {
            Ok(handle) => read_one(&handle, job, limits).then_some(handle),
            Err(error) => {
                job.answer(Some(error));
                None
            }
        };
    }
}

/// Says whether the connection is still good.
fn read_one(handle: &Handle, mut job: Box<dyn Job>, limits: Limits) -> bool {
    if let Err(error) = handle.run("begin") {
        job.answer(Some(error));
        return false;
    }
    let mut tx = Tx::new(Session::Sqlite(handle), clock::now() + limits.read_time, None);
    job.run(&mut tx);
    let good = !matches!(tx.failure, Some((_, DbError::Unavailable(_))));
    // There is nothing to store: the answer need not wait for the end.
    job.answer(None);
    good && (handle.outside() || handle.run("rollback").is_ok())
}
