//! Counting the statements of a request.

use std::cell::Cell;

tokio::task_local! {
    static COUNTER: Cell<u32>;
}

/// Runs a future and counts the statements of its reads and writes, those of tasks that it spawns
/// excepted. For tests that hold a page to its number of statements.
pub async fn count_statements<F: Future>(future: F) -> (F::Output, u32) {
    COUNTER
        .scope(Cell::new(0), async {
            let output = future.await;
            (output, COUNTER.with(Cell::get))
        })
        .await
}

/// Adds to the counter of the future that is running; outside of `count_statements` there is none.
pub(crate) fn add(statements: u32) {
    let _ = COUNTER.try_with(|counter| counter.set(counter.get() + statements));
}
