//! Writes that share a commit on SQLite: none spoils another, none is acknowledged falsely.

use crate::testing::*;
use mapalus_db::{
    Backend, Db, DbError, Options, Tx, params,
    testing::{Fault, TestDatabase, database_with, fail_commit, fail_statement, options},
};
use std::{future::poll_fn, pin::Pin, sync::mpsc, task::Poll, time::Duration};

mapalus_db::statements! {
    /// Takes a while.
    SPEND_TIME = "
        with recursive n (x) as (select 1 union all select x + 1 from n where x < 3000000)
        select count(*) from n";
    /// Never ends.
    NEVER_ENDS = "
        with recursive n (x) as (select 1 union all select x + 1 from n)
        select count(*) from n";
    /// Never ends, writing.
    NEVER_ENDS_WRITING = "
        insert into shifts (id, title, seats)
        with recursive n (x) as (select 1 union all select x + 1 from n)
        select cast(x % 2 as text), 'x', 1 from n where x < 0";
    /// Rolls the whole transaction back, by a trigger.
    ROLL_BACK = "insert into traps (id) values (1)";
    /// Both rows of one job are there.
    COUNT_PAIRS = "
        select count(*) from shifts s join signups u on u.shift_id = s.id where s.id = $1";
}

type Waiting<T> = Pin<Box<dyn Future<Output = Result<T, DbError>> + Send>>;

/// A database whose groups end only when no write waits.
async fn patient() -> TestDatabase {
    with(Options { group_time: Duration::from_secs(60), ..options() }).await
}

async fn with(options: Options) -> TestDatabase {
    database_with(Backend::Sqlite, MIGRATIONS, options).await
}

/// Begins a group and holds it open until the sender speaks, so that what is queued meanwhile
/// joins it.
async fn hold(db: &Db) -> (mpsc::Sender<()>, Waiting<()>) {
    let (ready, wait_ready) = tokio::sync::oneshot::channel();
    let (go, wait_go) = mpsc::channel();
    let mut ready = Some(ready);
    let mut holding = queued(db, move |_| {
        if let Some(ready) = ready.take() {
            ready.send(()).unwrap();
        }
        wait_go.recv().unwrap();
        Ok(())
    })
    .await;
    tokio::select! {
        _ = &mut holding => panic!("it holds"),
        held = wait_ready => held.unwrap(),
    }
    (go, holding)
}

/// A write that stands in the queue.
async fn queued<T: Send + 'static>(
    db: &Db,
    closure: impl FnMut(&mut Tx<'_>) -> Result<T, DbError> + Send + 'static,
) -> Waiting<T> {
    let db = db.clone();
    let mut write: Waiting<T> = Box::pin(async move { db.write("queued", closure).await });
    poll_fn(|context| {
        // Only an answer at once, which is a refusal, must not be lost.
        match write.as_mut().poll(context) {
            Poll::Ready(result) => {
                write = Box::pin(std::future::ready(result));
            }
            Poll::Pending => {}
        }
        Poll::Ready(())
    })
    .await;
    write
}

/// A job of two statements.
async fn pair(db: &Db, id: &str) -> Waiting<()> {
    let id = id.to_owned();
    queued(db, move |tx| {
        tx.execute(&ADD_SHIFT, &params![&id, "x", 1])?;
        tx.execute(&SIGN_UP, &params![&id, "budi"])?;
        Ok(())
    })
    .await
}

async fn pairs(db: &Db, id: &str) -> i64 {
    let id = id.to_owned();
    db.read("pairs", move |tx| tx.scalar(&COUNT_PAIRS, &params![id])).await.unwrap()
}

/// Runs eight jobs of two statements in one group; gives their answers, having checked that those
/// stored are those acknowledged.
async fn group_of_eight(db: &Db) -> Vec<Result<(), DbError>> {
    let (go, holding) = hold(db).await;
    let mut jobs = Vec::new();
    for id in 1..=8 {
        jobs.push(pair(db, &format!("job {id}")).await);
    }
    go.send(()).unwrap();
    let mut answers = Vec::new();
    for job in jobs {
        answers.push(job.await);
    }
    // It is of the same group and shares its fate, and has nothing to lose.
    drop(holding.await);
    for (answer, id) in answers.iter().zip(1..) {
        let stored = pairs(db, &format!("job {id}")).await == 1;
        assert_eq!(stored, answer.is_ok(), "job {id}: {answer:?}");
    }
    let acknowledged = answers.iter().filter(|answer| answer.is_ok()).count();
    assert_eq!(count(db).await, acknowledged as i64);
    answers
}

#[tokio::test]
async fn a_group_of_eight_stores_eight() {
    let test = patient().await;
    assert!(group_of_eight(&test.db).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn a_failure_at_any_statement_of_a_group_refuses_the_one_that_failed() {
    let faults = || {
        [
            Fault::Error(DbError::Full),
            Fault::Error(DbError::Slow),
            Fault::Error(DbError::ForeignKey),
            Fault::Panic,
        ]
    };
    for nth in 1..=16 {
        for fault in faults() {
            let test = patient().await;
            fail_statement(&test.db, nth, fault);
            let answers = group_of_eight(&test.db).await;
            for (answer, job) in answers.iter().zip(1..) {
                assert_eq!(answer.is_err(), job == nth.div_ceil(2), "job {job} of {nth}: {answer:?}");
            }
        }
    }
}

#[tokio::test]
async fn a_rollback_by_sqlite_at_any_statement_refuses_the_whole_group_and_the_next_write_works() {
    for nth in 1..=16 {
        let test = patient().await;
        fail_statement(&test.db, nth, Fault::RollBack(DbError::Full));
        let answers = group_of_eight(&test.db).await;
        // Those behind the failure may have come into a group of their own, after it.
        let failed = nth.div_ceil(2) as usize;
        assert!(answers[..failed].iter().all(|answer| matches!(answer, Err(DbError::Full))));
        assert!(answers[failed..].iter().all(Result::is_ok));
        add_shift(&test.db, "after").await.unwrap();
    }
}

#[tokio::test]
async fn an_input_error_that_rolls_back_refuses_the_group_as_unavailable() {
    let test = patient().await;
    let error = DbError::Slow;
    fail_statement(&test.db, 6, Fault::RollBack(error));
    let answers = group_of_eight(&test.db).await;
    assert!(answers[..3].iter().all(|answer| matches!(answer, Err(DbError::Unavailable(_)))));
}

#[tokio::test]
async fn a_failed_commit_refuses_the_whole_group_and_the_next_write_works() {
    let test = patient().await;
    fail_commit(&test.db, DbError::Full);
    let answers = group_of_eight(&test.db).await;
    assert!(answers.iter().all(|answer| matches!(answer, Err(DbError::Full))), "{answers:?}");
    assert!(group_of_eight(&test.db).await.iter().all(Result::is_ok));
}

#[tokio::test]
async fn a_transaction_that_sqlite_really_rolls_back_is_not_acknowledged() {
    let test = patient().await;
    let trap = mapalus_db::Migration {
        name: "0002_trap",
        sql: "
create table traps (id bigint not null primary key);
create trigger trap before insert on traps begin select raise(rollback, 'trapped'); end;
",
    };
    test.db.migrate(&[MIGRATIONS[0], trap]).await.unwrap();
    let (go, holding) = hold(&test.db).await;
    let before = pair(&test.db, "before").await;
    let trapped = queued(&test.db, |tx| {
        // Goes on as if nothing had happened, and says that all is well.
        drop(tx.execute(&ROLL_BACK, &[]));
        drop(tx.execute(&ADD_SHIFT, &params!["trapped", "x", 1]));
        Ok(())
    })
    .await;
    let after = pair(&test.db, "after").await;
    go.send(()).unwrap();
    assert!(matches!(before.await, Err(DbError::Unavailable(_))));
    assert!(matches!(trapped.await, Err(DbError::Unavailable(_))));
    assert!(matches!(holding.await, Err(DbError::Unavailable(_))));
    after.await.unwrap();
    assert_eq!(count(&test.db).await, 1);
}

#[tokio::test]
async fn a_caller_that_left_before_its_write_ran_leaves_no_trace() {
    let test = patient().await;
    let (go, holding) = hold(&test.db).await;
    let one = pair(&test.db, "one").await;
    let left = pair(&test.db, "left").await;
    let two = pair(&test.db, "two").await;
    drop(left);
    go.send(()).unwrap();
    one.await.unwrap();
    two.await.unwrap();
    holding.await.unwrap();
    assert_eq!(pairs(&test.db, "left").await, 0);
    assert_eq!(count(&test.db).await, 2);
}

#[tokio::test]
async fn a_caller_that_left_while_its_write_ran_leaves_no_trace() {
    let test = patient().await;
    let (ready, wait_ready) = tokio::sync::oneshot::channel();
    let (go, wait_go) = mpsc::channel::<()>();
    let mut ready = Some(ready);
    let left = queued(&test.db, move |tx| {
        tx.execute(&ADD_SHIFT, &params!["left", "x", 1])?;
        if let Some(ready) = ready.take() {
            ready.send(()).unwrap();
        }
        wait_go.recv().unwrap();
        Ok(())
    })
    .await;
    wait_ready.await.unwrap();
    drop(left);
    let other = pair(&test.db, "other").await;
    go.send(()).unwrap();
    other.await.unwrap();
    assert_eq!(count(&test.db).await, 1);
}

#[tokio::test]
async fn a_write_past_its_time_starts_no_further_statement_and_hinders_no_other() {
    let test = with(Options {
        group_time: Duration::from_secs(60),
        write_time: Duration::from_millis(30),
        ..options()
    })
    .await;
    let (go, holding) = hold(&test.db).await;
    let one = pair(&test.db, "one").await;
    let slow = queued(&test.db, |tx| {
        tx.execute(&ADD_SHIFT, &params!["slow", "x", 1])?;
        tx.scalar::<i64>(&SPEND_TIME, &[])?;
        tx.execute(&SIGN_UP, &params!["slow", "budi"])
    })
    .await;
    let two = pair(&test.db, "two").await;
    go.send(()).unwrap();
    holding.await.unwrap();
    one.await.unwrap();
    assert!(matches!(slow.await, Err(DbError::Slow)));
    two.await.unwrap();
    assert_eq!(count(&test.db).await, 2);
}

#[tokio::test]
async fn a_statement_that_does_not_end_is_stopped() {
    let test = with(Options { statement_time: Duration::from_millis(50), ..options() }).await;
    let never = |tx: &mut Tx<'_>| tx.scalar::<i64>(&NEVER_ENDS, &[]);
    assert!(matches!(test.db.read("never", never).await, Err(DbError::Slow)));
    assert!(matches!(test.db.write("never", never).await, Err(DbError::Slow)));
    // Stopped while it writes, SQLite rolls back everything.
    let writing = |tx: &mut Tx<'_>| tx.execute(&NEVER_ENDS_WRITING, &[]);
    let stopped = test.db.write("never", writing).await;
    assert!(matches!(stopped, Err(DbError::Unavailable(_) | DbError::Slow)), "{stopped:?}");
    add_shift(&test.db, "a").await.unwrap();
    assert_eq!(count(&test.db).await, 1);
}

#[tokio::test]
async fn a_full_queue_refuses_at_once() {
    let test = with(Options { queue: 2, ..options() }).await;
    let (go, holding) = hold(&test.db).await;
    let one = pair(&test.db, "one").await;
    let two = pair(&test.db, "two").await;
    let three = pair(&test.db, "three").await;
    assert!(matches!(three.await, Err(DbError::Busy)));
    go.send(()).unwrap();
    holding.await.unwrap();
    one.await.unwrap();
    two.await.unwrap();
}

#[tokio::test]
async fn a_group_takes_no_more_than_its_limit() {
    let test = with(Options { group_jobs: 4, group_time: Duration::from_secs(60), ..options() }).await;
    fail_commit(&test.db, DbError::Full);
    let answers = group_of_eight(&test.db).await;
    // With the one that holds it open, the first group has three of the eight.
    assert_eq!(answers.iter().filter(|answer| answer.is_err()).count(), 3);
}
