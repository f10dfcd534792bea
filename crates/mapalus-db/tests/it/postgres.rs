//! What only PostgreSQL does.

use crate::testing::*;
use mapalus_db::{
    Backend, Db, DbError, Options, params,
    testing::{TestDatabase, database_with, options},
};
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
    mpsc,
};

mapalus_db::statements! {
    /// Closes all other connections to this database.
    CLOSE_OTHERS = "
        select count(pg_terminate_backend(pid, 5000))
        from pg_stat_activity
        where datname = current_database() and pid <> pg_backend_pid()";
    /// Who serves this connection.
    SELF = "select pg_backend_pid()";
    /// Ends when told to.
    CANCELLED = "select pg_cancel_backend(pg_backend_pid())";
    /// Locks a shift.
    LOCK = "update shifts set version = version + 1 where id = $1";
}

async fn with(connections: usize) -> TestDatabase {
    let options = Options { connections, ..options() };
    database_with(Backend::Postgres, MIGRATIONS, options).await
}

#[tokio::test]
async fn a_connection_that_the_server_closed_is_replaced_unseen() {
    let test = with(1).await;
    let other = Db::open(&test.url, options()).await.unwrap();
    let before = test.db.read("self", |tx| tx.scalar::<i64>(&SELF, &[])).await.unwrap();
    for _ in 0..2 {
        other.read("close", |tx| tx.scalar::<i64>(&CLOSE_OTHERS, &[])).await.unwrap();
        add_shift(&test.db, &format!("{before}")).await.ok();
        let after = test.db.read("self", |tx| tx.scalar::<i64>(&SELF, &[])).await.unwrap();
        assert_ne!(before, after);
    }
    assert_eq!(count(&test.db).await, 1);
}

#[tokio::test]
async fn a_connection_lost_in_the_middle_of_a_write_is_not_acknowledged() {
    let test = with(2).await;
    let db = test.db.clone();
    let (ready, wait_ready) = mpsc::channel();
    let (go, wait_go) = mpsc::channel::<()>();
    let writing = tokio::spawn(async move {
        db.write("lost", move |tx| {
            tx.execute(&ADD_SHIFT, &params!["a", "x", 1])?;
            ready.send(()).unwrap();
            wait_go.recv().unwrap();
            tx.execute(&ADD_SHIFT, &params!["b", "x", 1])
        })
        .await
    });
    tokio::task::spawn_blocking(move || wait_ready.recv().unwrap()).await.unwrap();
    test.db.read("close", |tx| tx.scalar::<i64>(&CLOSE_OTHERS, &[])).await.unwrap();
    go.send(()).unwrap();
    let lost = writing.await.unwrap();
    assert!(matches!(lost, Err(DbError::Unavailable(_))), "{lost:?}");
    assert_eq!(count(&test.db).await, 0);
    add_shift(&test.db, "a").await.unwrap();
}

#[tokio::test]
async fn a_write_whose_connection_is_lost_before_its_commit_is_not_acknowledged() {
    let test = with(2).await;
    let db = test.db.clone();
    let (ready, wait_ready) = mpsc::channel();
    let (go, wait_go) = mpsc::channel::<()>();
    let writing = tokio::spawn(async move {
        db.write("lost", move |tx| {
            tx.execute(&ADD_SHIFT, &params!["a", "x", 1])?;
            ready.send(()).unwrap();
            wait_go.recv().unwrap();
            Ok::<_, DbError>(())
        })
        .await
    });
    tokio::task::spawn_blocking(move || wait_ready.recv().unwrap()).await.unwrap();
    test.db.read("close", |tx| tx.scalar::<i64>(&CLOSE_OTHERS, &[])).await.unwrap();
    go.send(()).unwrap();
    assert!(matches!(writing.await.unwrap(), Err(DbError::Unavailable(_))));
    assert_eq!(count(&test.db).await, 0);
}

#[tokio::test]
async fn two_that_wait_for_each_other_both_succeed() {
    let test = with(2).await;
    add_shift(&test.db, "a").await.unwrap();
    add_shift(&test.db, "b").await.unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let meeting = Arc::new(std::sync::Barrier::new(2));
    let mut tasks = Vec::new();
    for (first, second) in [("a", "b"), ("b", "a")] {
        let (db, runs, meeting) = (test.db.clone(), Arc::clone(&runs), Arc::clone(&meeting));
        let mut once = true;
        tasks.push(tokio::spawn(async move {
            db.write("both", move |tx| {
                runs.fetch_add(1, Ordering::SeqCst);
                tx.execute_one(&LOCK, &params![first])?;
                if std::mem::take(&mut once) {
                    meeting.wait();
                }
                tx.execute_one(&LOCK, &params![second])
            })
            .await
        }));
    }
    for task in tasks {
        task.await.unwrap().unwrap();
    }
    assert_eq!(runs.load(Ordering::SeqCst), 3);
    assert_eq!(shift(&test.db, "a").await.unwrap().unwrap().version, 3);
}

#[tokio::test]
async fn a_cancelled_statement_took_too_long() {
    let test = with(1).await;
    let cancelled = test.db.read("cancel", |tx| tx.scalar::<bool>(&CANCELLED, &[])).await;
    assert!(matches!(cancelled, Err(DbError::Slow)), "{cancelled:?}");
    test.db.ready().await.unwrap();
}

#[tokio::test]
async fn a_caller_that_left_while_its_write_ran_leaves_no_trace() {
    let test = with(1).await;
    let (ready, wait_ready) = mpsc::channel();
    let (go, wait_go) = mpsc::channel::<()>();
    let db = test.db.clone();
    let writing = tokio::spawn(async move {
        db.write("left", move |tx| {
            tx.execute(&ADD_SHIFT, &params!["left", "x", 1])?;
            ready.send(()).unwrap();
            wait_go.recv().unwrap();
            Ok::<_, DbError>(())
        })
        .await
    });
    tokio::task::spawn_blocking(move || wait_ready.recv().unwrap()).await.unwrap();
    writing.abort();
    assert!(writing.await.unwrap_err().is_cancelled());
    go.send(()).unwrap();
    assert_eq!(count(&test.db).await, 0);
}

#[tokio::test]
async fn a_server_that_is_not_there_is_unavailable() {
    let error = Db::open("postgres://u@127.0.0.1:1/d", options()).await.map(drop).unwrap_err();
    assert!(matches!(error, DbError::Unavailable(_)), "{error:?}");
}

#[tokio::test]
async fn a_database_of_another_encoding_is_refused_with_the_command_that_makes_a_right_one() {
    let test = with(1).await;
    #[expect(clippy::disallowed_methods, reason = "makes a database, outside of a transaction")]
    let (client, driver) = tokio_postgres::connect(&test.url, tokio_postgres::NoTls).await.unwrap();
    let driver = tokio::spawn(driver);
    let name = format!("{}_ascii", test.url.rsplit('/').next().unwrap());
    let create = format!("create database {name} template template0 encoding 'SQL_ASCII' locale 'C'");
    client.batch_execute(&create).await.unwrap();
    let url = format!("{}/{name}", test.url.rsplit_once('/').unwrap().0);
    let error = Db::open(&url, options()).await.map(drop).unwrap_err();
    client.batch_execute(&format!("drop database {name} with (force)")).await.unwrap();
    drop(client);
    driver.await.unwrap().unwrap();
    assert!(
        matches!(&error, DbError::Refused(text) if text.contains("encoding 'UTF8' locale 'C'")),
        "{error:?}"
    );
}
