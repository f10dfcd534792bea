//! All rows out of one database and into another.

use crate::testing::*;
use mapalus_db::{
    Backend, Db, DbError, Value, ValueRef, params,
    testing::{TestDatabase, TestFolder, options},
    transfer::{self, Applied, Item, Piece, Sink, Source, Table},
};
use std::collections::VecDeque;

/// Keeps what it is given, as text for comparison and as items to be given back.
#[derive(Default)]
struct Kept {
    applied: Vec<Applied>,
    items: VecDeque<Item>,
    refuse: bool,
}

impl Kept {
    fn text(&self) -> Vec<String> {
        self.items.iter().map(|item| format!("{item:?}")).collect()
    }
}

fn owned(value: &ValueRef<'_>) -> Value {
    match *value {
        ValueRef::Null => Value::Null,
        ValueRef::Text(text) => text.into(),
        ValueRef::Integer(integer) => integer.into(),
        ValueRef::Real(real) => real.into(),
        ValueRef::Boolean(boolean) => boolean.into(),
        ValueRef::Bytes(bytes) => bytes.into(),
    }
}

impl Sink for Kept {
    type Error = DbError;

    fn take(&mut self, piece: Piece<'_>) -> Result<(), DbError> {
        match piece {
            Piece::Start(applied) => self.applied = applied.to_vec(),
            Piece::Table(table) => self.items.push_back(Item::Table(table.clone())),
            Piece::Row(row) => self.items.push_back(Item::Row(row.iter().map(owned).collect())),
        }
        Ok(())
    }

    fn done(&mut self) -> Result<(), DbError> {
        if self.refuse { Err(DbError::Refused("it is not the same".to_owned())) } else { Ok(()) }
    }
}

impl Source for Kept {
    type Error = DbError;

    fn next(&mut self) -> Result<Option<Item>, DbError> {
        Ok(self.items.pop_front())
    }
}

/// A URL of an empty database, with what keeps it alive.
enum Empty {
    Sqlite(TestFolder),
    Postgres(TestDatabase),
}

impl Empty {
    async fn new(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => Self::Sqlite(TestFolder::new()),
            // Only the list of migrations makes a database of these tests: none makes an empty one,
            // but for the table of migrations, which a restore must find absent.
            Backend::Postgres => {
                let made = mapalus_db::testing::database(Backend::Postgres, &[]).await;
                made.db.write("empty", |tx| tx.execute(&DROP_MIGRATIONS, &[])).await.unwrap();
                Self::Postgres(made)
            }
        }
    }

    fn url(&self) -> String {
        match self {
            Self::Sqlite(folder) => format!("sqlite:{}", folder.path().join("mapalus.db").display()),
            Self::Postgres(made) => made.url.clone(),
        }
    }

    /// Nothing of a restore is left.
    async fn is_empty(&self) -> bool {
        match self {
            Self::Sqlite(folder) => {
                let left = std::fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name());
                left.into_iter().all(|name| name == "mapalus.lock")
            }
            Self::Postgres(made) => {
                made.db.read("count", |tx| tx.scalar::<i64>(&COUNT_TABLES, &[])).await.unwrap() == 0
            }
        }
    }
}

mapalus_db::statements! {
    /// Makes a database without migrations really empty.
    DROP_MIGRATIONS = "drop table schema_migrations";
    /// How many tables of ours there are.
    COUNT_TABLES = "select count(*) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace";
    /// Puts values of every kind.
    PUT_KIND = "insert into kinds (id, words, amount, truth, raw) values ($1, $2, $3, $4, $5)";
    /// Takes a place of a shift.
    SIGN_UP_ANYBODY = "insert into signups (shift_id, person) values ($1, $2)";
}

async fn fill(db: &Db) {
    for n in 0..120 {
        add_shift(db, &format!("{n:03}")).await.unwrap();
    }
    db.write("fill", |tx| {
        for n in 0..120_i64 {
            tx.execute(&SIGN_UP_ANYBODY, &params![format!("{n:03}"), "Meylan"])?;
        }
        let raw: Vec<u8> = (0..=255).collect();
        let texts = ["", "é\u{301} 🌋", "a\nb\"c\\d\u{1}", "'; drop table kinds; --"];
        for (id, text) in (0_i64..).zip(texts) {
            tx.execute(&PUT_KIND, &params![id - 2, text, 0.1 + 0.2, id % 2 == 0, raw.clone()])?;
        }
        let none: Option<String> = None;
        tx.execute(&PUT_KIND, &params![i64::MAX, none.clone(), 1.0, false, Vec::new()])?;
        let nothing = [i64::MIN.into(), Value::Null, Value::Null, Value::Null, Value::Null];
        tx.execute(&PUT_KIND, &nothing).map(drop)
    })
    .await
    .unwrap();
}

async fn dumped(url: &str) -> Kept {
    transfer::dump(url, Kept::default()).await.unwrap()
}

const BOTH: [Backend; 2] = [Backend::Sqlite, Backend::Postgres];

#[tokio::test]
async fn every_row_comes_through_between_both_databases() {
    for from in BOTH {
        let test = database(from).await;
        fill(&test.db).await;
        for to in BOTH {
            let source = dumped(&test.url).await;
            let (names, expected) = (source.applied.clone(), source.text());
            assert_eq!(expected.len(), 3 + 120 + 120 + 6);
            let empty = Empty::new(to).await;
            let read = transfer::restore(&empty.url(), MIGRATIONS, source, Kept::default()).await.unwrap();
            assert_eq!((&read.applied, &read.text()), (&names, &expected), "{from:?} to {to:?}, read back");
            let again = dumped(&empty.url()).await;
            assert_eq!((&again.applied, again.text()), (&names, expected), "{from:?} to {to:?}");

            // It is a database like any other: at the same migrations, its references looked after.
            let db = Db::open(&empty.url(), options()).await.unwrap();
            assert_eq!(db.migrate(MIGRATIONS).await.unwrap(), Vec::<&str>::new());
            assert_eq!(count(&db).await, 120);
            let stranger =
                db.write("stranger", |tx| tx.execute(&SIGN_UP_ANYBODY, &params!["none", "x"])).await;
            assert!(matches!(stranger, Err(DbError::ForeignKey)), "{stranger:?}");
            db.close().await;
        }
    }
}

#[tokio::test]
async fn what_cannot_be_restored_leaves_both_databases_as_empty_as_they_were() {
    let test = database(Backend::Sqlite).await;
    fill(&test.db).await;
    let spoil: [fn(&mut Kept); 5] = [
        |kept| drop(kept.items.pop_back()),
        |kept| kept.items.rotate_left(1),
        |kept| {
            let first = kept.items.iter().position(|item| matches!(item, Item::Row(_))).unwrap();
            if let Item::Row(row) = &mut kept.items[first] {
                row.pop();
            }
        },
        // A sign-up for a shift that is not there.
        |kept| {
            let last = kept.items.iter().rposition(|item| matches!(item, Item::Row(_))).unwrap();
            if let Item::Row(row) = &mut kept.items[last] {
                row[0] = "none".into();
            }
        },
        |kept| {
            if let Some(Item::Table(Table { columns, .. })) = kept.items.front_mut() {
                columns.pop();
            }
        },
    ];
    for to in BOTH {
        let empty = Empty::new(to).await;
        for (n, spoil) in spoil.iter().enumerate() {
            let mut source = dumped(&test.url).await;
            spoil(&mut source);
            // Missing rows are nothing that a database can know: who compares finds out.
            let check = Kept { refuse: n == 0, ..Kept::default() };
            let failed = transfer::restore(&empty.url(), MIGRATIONS, source, check).await.map(drop);
            assert!(failed.is_err(), "{to:?} {n}");
            assert!(empty.is_empty().await, "{to:?} {n}: {failed:?}");
        }
        // And it may be tried again.
        let source = dumped(&test.url).await;
        drop(transfer::restore(&empty.url(), MIGRATIONS, source, Kept::default()).await.unwrap());
        let again = dumped(&test.url).await;
        let refused = transfer::restore(&empty.url(), MIGRATIONS, again, Kept::default()).await.map(drop);
        assert!(matches!(refused, Err(DbError::Refused(_))), "{to:?}: {refused:?}");
    }
}

#[tokio::test]
async fn a_dump_beside_writers_is_one_moment_on_both_databases() {
    for backend in BOTH {
        let test = database(backend).await;
        let writing = tokio::spawn({
            let db = test.db.clone();
            async move {
                for n in 0..300 {
                    // Both rows or none, in every dump.
                    let id = format!("{n:04}");
                    db.write("pair", move |tx| {
                        tx.execute(&ADD_SHIFT, &params![&id, "", 1])?;
                        tx.execute(&SIGN_UP_ANYBODY, &params![&id, "Fera"])
                    })
                    .await
                    .unwrap();
                }
            }
        });
        let mut seen = Vec::new();
        while !writing.is_finished() {
            let kept = dumped(&test.url).await;
            let rows = kept.items.iter().filter(|item| matches!(item, Item::Row(_))).count();
            assert_eq!(rows % 2, 0, "{backend:?}");
            seen.push(rows);
        }
        writing.await.unwrap();
        assert!(seen.is_sorted(), "{backend:?}: {seen:?}");
    }
}
