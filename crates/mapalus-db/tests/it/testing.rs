//! What the tests share: tables, statements, databases.

use mapalus_db::{Backend, Db, DbError, Migration, params, record, testing::TestDatabase};

pub const MIGRATIONS: &[Migration] = &[Migration {
    name: "0001_shifts",
    sql: "
create table shifts (
  id text not null primary key,
  title text not null,
  seats bigint not null constraint seats_left check (seats >= 0),
  version bigint not null default 1
);
create table signups (
  shift_id text not null references shifts (id),
  person text not null,
  constraint signups_once unique (shift_id, person)
);
create table kinds (
  id bigint not null primary key,
  words text,
  amount double precision,
  truth boolean,
  raw bytea
);
",
}];

/// What `#[db_test]` calls.
pub async fn database(backend: Backend) -> TestDatabase {
    mapalus_db::testing::database(backend, MIGRATIONS).await
}

record! {
    /// A shift.
    #[derive(Debug, Clone, PartialEq)]
    pub struct Shift {
        /// Its id.
        pub id: String,
        /// In words.
        pub title: String,
        /// Seats left.
        pub seats: u32,
        /// Counts its changes.
        pub version: i64,
    }
}

mapalus_db::statements! {
    /// Adds a shift.
    ADD_SHIFT = "insert into shifts (id, title, seats) values ($1, $2, $3)";
    /// A shift by id.
    SHIFT = "select id, title, seats, version from shifts where id = $1";
    /// All shifts by id.
    SHIFTS = "select version, seats, title, id from shifts order by id";
    /// How many shifts there are.
    COUNT_SHIFTS = "select count(*) from shifts";
    /// Removes all shifts.
    REMOVE_SHIFTS = "delete from shifts";
    /// Takes a seat of a shift as it was read.
    TAKE_SEAT = "
        update shifts
        set seats = seats - 1, version = version + 1
        where id = $1 and version = $2";
    /// Takes a seat if one is left.
    TAKE_SEAT_IF_LEFT = "
        update shifts
        set seats = seats - 1, version = version + 1
        where id = $1 and seats > 0";
    /// Signs a person up.
    SIGN_UP = "insert into signups (shift_id, person) values ($1, $2)";
    /// How many have signed up.
    COUNT_SIGNUPS = "select count(*) from signups";
}

/// Adds a shift of ten seats.
pub async fn add_shift(db: &Db, id: &str) -> Result<(), DbError> {
    let id = id.to_owned();
    db.write("add shift", move |tx| tx.execute(&ADD_SHIFT, &params![&id, "First aid", 10]).map(drop)).await
}

/// The shift's title, seats and version.
pub async fn shift(db: &Db, id: &str) -> Result<Option<Shift>, DbError> {
    let id = id.to_owned();
    db.read("shift", move |tx| tx.optional(&SHIFT, &params![id])).await
}

/// Removes all shifts.
pub async fn remove_shifts(db: &Db) {
    let removed: Result<u64, DbError> = db.write("remove shifts", |tx| tx.execute(&REMOVE_SHIFTS, &[])).await;
    removed.unwrap();
}

/// How many shifts there are.
pub async fn count(db: &Db) -> i64 {
    db.read("count", |tx| tx.scalar::<i64>(&COUNT_SHIFTS, &[])).await.unwrap()
}

/// An error and its sources in one line.
pub fn chain(error: &dyn std::error::Error) -> String {
    match error.source() {
        Some(source) => format!("{error}: {}", chain(source)),
        None => error.to_string(),
    }
}
