//! What transactions promise, on both databases alike.

use crate::testing::*;
use mapalus_db::{Db, DbError, count_statements, params};
use mapalus_db_test::db_test;
use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering},
};

#[db_test]
async fn what_was_written_is_read(db: Db) {
    add_shift(&db, "a").await.unwrap();
    let expected = Shift { id: "a".into(), title: "First aid".into(), seats: 10, version: 1 };
    assert_eq!(shift(&db, "a").await.unwrap(), Some(expected));
    assert_eq!(shift(&db, "b").await.unwrap(), None);
}

#[db_test]
async fn an_error_of_the_closure_undoes_all_of_it_and_comes_back_as_it_is(db: Db) {
    #[derive(Debug)]
    enum Refusal {
        Full,
        Db,
    }
    impl From<DbError> for Refusal {
        fn from(_: DbError) -> Self {
            Self::Db
        }
    }
    let refused = db
        .write("refused", |tx| {
            tx.execute(&ADD_SHIFT, &params!["a", "x", 1])?;
            Err::<(), _>(Refusal::Full)
        })
        .await;
    assert!(matches!(refused, Err(Refusal::Full)), "{refused:?}");
    let failed: Result<i64, Refusal> =
        db.read("missing", |tx| Ok(tx.one::<(i64,)>(&SHIFT, &params!["a"])?.0)).await;
    assert!(matches!(failed, Err(Refusal::Db)));
    assert_eq!(count(&db).await, 0);
}

#[db_test]
async fn a_panic_undoes_its_write_and_hinders_no_other(db: Db) {
    let panicked = db
        .write("panics", |tx| -> Result<(), DbError> {
            tx.execute(&ADD_SHIFT, &params!["a", "x", 1])?;
            panic!("asked for")
        })
        .await;
    assert!(matches!(panicked, Err(DbError::Panicked { name: "panics" })), "{panicked:?}");
    let panicked = db.read("panics", |_| -> Result<(), DbError> { panic!("asked for") }).await;
    assert!(matches!(panicked, Err(DbError::Panicked { .. })));
    add_shift(&db, "b").await.unwrap();
    assert_eq!(count(&db).await, 1);
}

#[db_test]
async fn a_taken_key_a_missing_parent_and_a_failed_check_are_told_apart(db: Db) {
    add_shift(&db, "a").await.unwrap();
    let error = add_shift(&db, "a").await.unwrap_err();
    assert!(
        matches!(&error, DbError::Unique { constraint } if constraint == "shifts.id" || constraint == "shifts_pkey"),
        "{error:?}"
    );

    let sign_up =
        |shift: &'static str| db.write("sign up", move |tx| tx.execute(&SIGN_UP, &params![shift, "budi"]));
    assert_eq!(sign_up("a").await.unwrap(), 1);
    let error = sign_up("a").await.unwrap_err();
    assert!(
        matches!(&error, DbError::Unique { constraint } if constraint == "signups.shift_id, signups.person" || constraint == "signups_once"),
        "{error:?}"
    );
    let error = sign_up("none").await.unwrap_err();
    assert!(matches!(error, DbError::ForeignKey), "{error:?}");

    let add = |title: Option<&'static str>, seats: i64| {
        db.write("add", move |tx| tx.execute(&ADD_SHIFT, &params!["b", title, seats]))
    };
    let error = add(Some("x"), -1).await.unwrap_err();
    assert!(matches!(&error, DbError::Check { constraint } if constraint == "seats_left"), "{error:?}");
    let error = add(None, 1).await.unwrap_err();
    assert!(
        matches!(&error, DbError::Check { constraint } if constraint == "shifts.title must have a value"),
        "{error:?}"
    );
}

#[db_test]
async fn ok_after_a_failed_statement_is_not_stored(db: Db) {
    add_shift(&db, "a").await.unwrap();
    let stored = db
        .write("goes on", |tx| {
            tx.execute(&ADD_SHIFT, &params!["b", "x", 1])?;
            let taken = tx.execute(&ADD_SHIFT, &params!["a", "x", 1]);
            assert!(matches!(taken, Err(DbError::Unique { .. })));
            let refused = tx.execute(&ADD_SHIFT, &params!["c", "x", 1]);
            assert!(matches!(refused, Err(DbError::Failed { .. })));
            Ok::<_, DbError>(())
        })
        .await;
    assert!(matches!(stored, Err(DbError::Failed { .. })), "{stored:?}");
    assert_eq!(count(&db).await, 1);
}

#[db_test]
async fn no_row_and_more_than_one_are_told_apart(db: Db) {
    let one = || db.read("one", |tx| tx.one::<Shift>(&SHIFTS, &[]));
    assert!(matches!(one().await, Err(DbError::NoRow { statement: "it::testing::SHIFTS" })));
    add_shift(&db, "a").await.unwrap();
    assert_eq!(one().await.unwrap().id, "a");
    add_shift(&db, "b").await.unwrap();
    assert!(matches!(one().await, Err(DbError::ManyRows { .. })));
    let all = db.read("all", |tx| tx.all::<Shift>(&SHIFTS, &[])).await.unwrap();
    assert_eq!(all.len(), 2);
}

#[db_test]
async fn a_write_that_decided_on_an_old_row_runs_again_three_times_in_all(db: Db) {
    add_shift(&db, "a").await.unwrap();
    let runs = Arc::new(AtomicU32::new(0));
    let seen = Arc::clone(&runs);
    let stale = db
        .write("always stale", move |tx| {
            seen.fetch_add(1, Ordering::SeqCst);
            tx.execute_one(&TAKE_SEAT, &params!["a", 99])
        })
        .await;
    assert!(matches!(stale, Err(DbError::Stale)));
    assert_eq!(runs.load(Ordering::SeqCst), 3);

    let mut version = 0;
    let (stored, statements) = count_statements(db.write("stale once", move |tx| {
        version += 1;
        tx.execute(&ADD_SHIFT, &params!["b", "x", 1])?;
        tx.execute_one(&TAKE_SEAT, &params!["a", version - 1])
    }))
    .await;
    stored.unwrap();
    assert_eq!(statements, 4);
    assert_eq!(count(&db).await, 2);
}

#[db_test]
async fn a_read_sees_one_moment_only(db: Db) {
    let (ready, wait_ready) = tokio::sync::oneshot::channel();
    let (go, wait_go) = std::sync::mpsc::channel::<()>();
    let reading = tokio::spawn({
        let db = db.clone();
        async move {
            db.read("twice", move |tx| {
                let before = tx.scalar::<i64>(&COUNT_SHIFTS, &[])?;
                ready.send(()).unwrap();
                wait_go.recv().unwrap();
                Ok::<_, DbError>((before, tx.scalar::<i64>(&COUNT_SHIFTS, &[])?))
            })
            .await
        }
    });
    wait_ready.await.unwrap();
    add_shift(&db, "a").await.unwrap();
    go.send(()).unwrap();
    assert_eq!(reading.await.unwrap().unwrap(), (0, 0));
    assert_eq!(count(&db).await, 1);
}

#[db_test]
async fn a_read_cannot_write(db: Db) {
    let wrote = db.read("writes", |tx| tx.execute(&ADD_SHIFT, &params!["a", "x", 1])).await;
    assert!(wrote.is_err());
    assert_eq!(count(&db).await, 0);
}

#[db_test]
async fn fifty_at_once_for_ten_seats_give_ten_seats(db: Db) {
    add_shift(&db, "a").await.unwrap();
    let mut tasks = Vec::new();
    for person in 0..50 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            db.write("take", move |tx| {
                if tx.execute(&TAKE_SEAT_IF_LEFT, &params!["a"])? == 0 {
                    return Ok(false);
                }
                tx.execute(&SIGN_UP, &params!["a", format!("person {person}")])?;
                Ok::<_, DbError>(true)
            })
            .await
        }));
    }
    let mut seated = 0;
    for task in tasks {
        seated += u32::from(task.await.unwrap().unwrap());
    }
    assert_eq!(seated, 10);
    assert_eq!(shift(&db, "a").await.unwrap().unwrap().seats, 0);
    let signups = db.read("count", |tx| tx.scalar::<i64>(&COUNT_SIGNUPS, &[])).await.unwrap();
    assert_eq!(signups, 10);
}

#[db_test]
async fn versions_that_are_read_and_checked_lose_no_change(db: Db) {
    add_shift(&db, "a").await.unwrap();
    let mut tasks = Vec::new();
    for _ in 0..4 {
        let db = db.clone();
        tasks.push(tokio::spawn(async move {
            db.write("take", |tx| {
                let shift = tx.one::<Shift>(&SHIFT, &params!["a"])?;
                tx.execute_one(&TAKE_SEAT, &params!["a", shift.version])
            })
            .await
        }));
    }
    let mut taken = 0;
    for task in tasks {
        match task.await.unwrap() {
            Ok(()) => taken += 1,
            Err(error) => assert!(matches!(error, DbError::Stale), "{error:?}"),
        }
    }
    let shift = shift(&db, "a").await.unwrap().unwrap();
    assert!(taken > 0);
    assert_eq!((shift.seats, shift.version), (10 - taken, 1 + i64::from(taken)));
}

#[db_test]
async fn statements_are_counted_per_future(db: Db) {
    let ((), statements) = count_statements(async {
        add_shift(&db, "a").await.unwrap();
        count(&db).await;
        count(&db).await;
    })
    .await;
    assert_eq!(statements, 3);
    let (_, statements) = count_statements(async {}).await;
    assert_eq!(statements, 0);
}

#[db_test]
async fn a_closed_database_refuses_and_is_not_ready(db: Db) {
    db.ready().await.unwrap();
    add_shift(&db, "a").await.unwrap();
    db.close().await;
    assert!(matches!(add_shift(&db, "b").await, Err(DbError::Unavailable(_))));
    assert!(db.ready().await.is_err());
}

#[db_test]
async fn closing_finishes_what_waits(db: Db) {
    let waiting: Vec<_> = (0..20)
        .map(|n| {
            let db = db.clone();
            tokio::spawn(async move { add_shift(&db, &n.to_string()).await })
        })
        .collect();
    db.close().await;
    for task in waiting {
        match task.await.unwrap() {
            Ok(()) | Err(DbError::Unavailable(_)) => {}
            Err(error) => panic!("{error:?}"),
        }
    }
}
