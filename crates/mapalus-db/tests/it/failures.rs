//! Failures in the middle of a write, on both databases alike.

use crate::testing::*;
use mapalus_db::{
    Db, DbError, params,
    testing::{Fault, fail_commit, fail_statement},
};
use mapalus_db_test::db_test;

/// Two statements.
async fn add_two(db: &Db) -> Result<(), DbError> {
    db.write("two", |tx| {
        tx.execute(&ADD_SHIFT, &params!["a", "x", 1])?;
        tx.execute(&ADD_SHIFT, &params!["b", "x", 1])?;
        Ok(())
    })
    .await
}

#[db_test]
async fn a_write_whose_second_statement_fails_stores_nothing_and_the_next_one_works(db: Db) {
    let faults = [
        Fault::Error(DbError::Full),
        Fault::Error(DbError::Slow),
        Fault::RollBack(DbError::Full),
        Fault::Panic,
    ];
    for fault in faults {
        fail_statement(&db, 2, fault.clone());
        assert!(add_two(&db).await.is_err(), "{fault:?}");
        assert_eq!(count(&db).await, 0, "{fault:?}");
    }
    add_two(&db).await.unwrap();
    assert_eq!(count(&db).await, 2);
}

#[db_test]
async fn a_write_whose_commit_fails_is_not_acknowledged(db: Db) {
    fail_commit(&db, DbError::Full);
    assert!(matches!(add_two(&db).await, Err(DbError::Full)));
    assert_eq!(count(&db).await, 0);
    add_two(&db).await.unwrap();
}

#[db_test]
async fn a_write_that_got_in_the_way_of_another_runs_again(db: Db) {
    fail_statement(&db, 2, Fault::Error(DbError::Stale));
    add_two(&db).await.unwrap();
    assert_eq!(count(&db).await, 2);
}
