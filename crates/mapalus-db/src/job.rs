//! Work on its way from a caller to a worker thread and back.

use crate::{DbError, Tx};
use std::panic::{AssertUnwindSafe, catch_unwind};
use tokio::sync::oneshot;

/// How often a write runs at most.
pub(crate) const ATTEMPTS: u32 = 3;

/// A closure of `read` or `write`, its types erased.
pub(crate) trait Job: Send {
    /// Whether it came through `write`.
    fn writes(&self) -> bool;
    /// Nobody waits for the answer any more.
    fn abandoned(&self) -> bool;
    /// Runs the closure and keeps its result; says whether it is `Ok`.
    fn run(&mut self, tx: &mut Tx<'_>) -> bool;
    /// Tells the caller: the refusal, or else the closure's last result.
    fn answer(self: Box<Self>, refusal: Option<DbError>);
}

/// What reaches the caller.
pub(crate) struct Answer<T, E> {
    pub(crate) result: Result<T, E>,
    /// All statements that ran, repetitions included.
    pub(crate) statements: u32,
}

pub(crate) struct Work<T, E, F> {
    name: &'static str,
    writes: bool,
    closure: F,
    result: Option<Result<T, E>>,
    statements: u32,
    reply: oneshot::Sender<Answer<T, E>>,
}

impl<T, E, F> Work<T, E, F> {
    pub(crate) fn new(
        name: &'static str,
        writes: bool,
        closure: F,
        reply: oneshot::Sender<Answer<T, E>>,
    ) -> Self {
        Self { name, writes, closure, result: None, statements: 0, reply }
    }
}

impl<T, E, F> Job for Work<T, E, F>
where
    T: Send,
    E: From<DbError> + Send,
    F: FnMut(&mut Tx<'_>) -> Result<T, E> + Send,
{
    fn writes(&self) -> bool {
        self.writes
    }

    fn abandoned(&self) -> bool {
        self.reply.is_closed()
    }

    fn run(&mut self, tx: &mut Tx<'_>) -> bool {
        // Dropped first: what a repetition replaces is never the answer, not even after a panic.
        self.result = None;
        let before = tx.statements();
        let result = catch_unwind(AssertUnwindSafe(|| (self.closure)(tx)));
        self.statements += tx.statements() - before;
        self.result = result.ok();
        matches!(self.result, Some(Ok(_)))
    }

    fn answer(self: Box<Self>, refusal: Option<DbError>) {
        let result = match (refusal, self.result) {
            (Some(refusal), _) => Err(E::from(refusal)),
            (None, Some(result)) => result,
            (None, None) => Err(E::from(DbError::Panicked { name: self.name })),
        };
        // A caller that left needs no answer.
        drop(self.reply.send(Answer { result, statements: self.statements }));
    }
}

/// What is to become of a transaction after its closure has run.
pub(crate) enum Verdict {
    /// Store it.
    Keep,
    /// Roll it back; the caller gets the refusal, or else what the closure returned.
    Undo(Option<DbError>),
    /// Roll it back and run it once more.
    Again,
}

/// Runs the closure once.
pub(crate) fn judge(job: &mut dyn Job, tx: &mut Tx<'_>, attempt: u32) -> Verdict {
    let ok = job.run(tx);
    match &tx.failure {
        _ if !ok && tx.again && attempt < ATTEMPTS => Verdict::Again,
        _ if !ok => Verdict::Undo(None),
        Some((statement, _)) => Verdict::Undo(Some(DbError::Failed { statement })),
        None if job.abandoned() => Verdict::Undo(None),
        None => Verdict::Keep,
    }
}
