//! Migrations, on both databases alike.

use crate::testing::*;
use mapalus_db::{Db, DbError, Migration, params};
use mapalus_db_test::db_test;

const NOTES: Migration = Migration {
    name: "0002_notes",
    sql: "create table notes (shift_id text not null references shifts (id));\ncreate index notes_by_shift on notes (shift_id);\n",
};

const BROKEN: Migration = Migration {
    name: "0002_broken",
    sql: "create table notes (shift_id text not null);\ninsert into nowhere values (1);\n",
};

mapalus_db::statements! {
    /// Names and times of applied migrations.
    APPLIED = "select name, applied_at from schema_migrations order by name";
    /// Whether the table is there.
    COUNT_NOTES = "select count(*) from notes";
}

#[db_test]
async fn each_migration_runs_once_and_is_recorded(db: Db) {
    let all = [MIGRATIONS[0], NOTES];
    assert_eq!(db.migrate(&all).await.unwrap(), ["0002_notes"]);
    assert_eq!(db.migrate(&all).await.unwrap(), Vec::<&str>::new());
    let applied = db.read("applied", |tx| tx.all::<(String, i64)>(&APPLIED, &[])).await.unwrap();
    assert_eq!(applied.len(), 2);
    assert_eq!(applied[1].0, "0002_notes");
    // Milliseconds, in this millennium.
    assert!((1_600_000_000_000..4_000_000_000_000).contains(&applied[1].1));
}

#[db_test]
async fn a_failed_migration_leaves_no_trace_and_may_be_run_again(db: Db) {
    let error = db.migrate(&[MIGRATIONS[0], BROKEN]).await.unwrap_err();
    assert_eq!(error.to_string(), "migration 0002_broken failed");
    assert!(chain(&error).contains("nowhere"), "{}", chain(&error));
    assert!(db.read("gone", |tx| tx.scalar::<i64>(&COUNT_NOTES, &[])).await.is_err());
    db.migrate(&[MIGRATIONS[0], NOTES]).await.unwrap();
    assert_eq!(db.read("there", |tx| tx.scalar::<i64>(&COUNT_NOTES, &[])).await.unwrap(), 0);
}

#[db_test]
async fn a_database_that_does_not_fit_the_program_is_refused_in_words(db: Db) {
    let changed = Migration { sql: "create table shifts (id text)", ..MIGRATIONS[0] };
    let error = db.migrate(&[changed]).await.unwrap_err();
    assert!(matches!(&error, DbError::Refused(text) if text.contains("0001_shifts")), "{error:?}");
    let error = db.migrate(&[]).await.unwrap_err();
    assert!(matches!(&error, DbError::Refused(text) if text.contains("does not know")));
    assert!(add_shift(&db, "a").await.is_ok());
}

#[db_test]
async fn nodes_that_start_together_migrate_once(db: Db) {
    let all: &[Migration] = &[MIGRATIONS[0], NOTES];
    let (one, two, three) = tokio::join!(db.migrate(all), db.migrate(all), db.migrate(all));
    let mut ran: Vec<_> = [one, two, three].map(Result::unwrap).concat();
    ran.sort_unstable();
    assert_eq!(ran, ["0002_notes"]);
}

#[tokio::test]
async fn a_rebuilt_table_keeps_what_refers_to_it() {
    const REBUILD: Migration = Migration {
        name: "0002_rebuild",
        sql: "
create table shifts_new (id text not null primary key, title text not null, seats bigint not null, version bigint not null);
insert into shifts_new select id, title, seats, version from shifts;
drop table shifts;
alter table shifts_new rename to shifts;
",
    };
    const LOSES: Migration = Migration { name: "0003_loses", sql: "delete from shifts;" };
    let test = database(mapalus_db::Backend::Sqlite).await;
    add_shift(&test.db, "a").await.unwrap();
    let sign_up = |tx: &mut mapalus_db::Tx<'_>| tx.execute(&SIGN_UP, &params!["a", "budi"]);
    test.db.write("sign up", sign_up).await.unwrap();
    test.db.migrate(&[MIGRATIONS[0], REBUILD]).await.unwrap();
    let signups = test.db.read("count", |tx| tx.scalar::<i64>(&COUNT_SIGNUPS, &[])).await.unwrap();
    assert_eq!(signups, 1);

    let error = test.db.migrate(&[MIGRATIONS[0], REBUILD, LOSES]).await.unwrap_err();
    assert!(chain(&error).contains("refers to another that is not there"), "{}", chain(&error));
    assert_eq!(count(&test.db).await, 1);
}
