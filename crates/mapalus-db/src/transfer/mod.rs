//! All rows of a database out and in again, table by table, in a form that both databases share.
//!
//! [`dump`] reads one snapshot while others write; [`restore`] fills an empty database in one
//! transaction, so that one that was interrupted leaves nothing behind. Rows come in the order of
//! their primary keys: the same rows give the same sequence on both databases. Neither holds more
//! than a few rows in memory.

mod postgres;
mod sqlite;

use crate::{ColumnError, DbError, Migration, Value, ValueRef, postgres::Connector};
use std::path::PathBuf;

/// The table that says which migrations were applied; its rows are told at the start, not dumped.
const MIGRATIONS: &str = "schema_migrations";

/// A migration that was applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Applied {
    /// Its name.
    pub name: String,
    /// The checksum of its text.
    pub checksum: String,
}

/// A table with its columns, in their order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Table {
    /// Its name.
    pub name: String,
    /// Its columns.
    pub columns: Vec<Column>,
}

/// A column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// What it holds.
    pub kind: Kind,
}

/// What a column holds, besides null.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// TEXT.
    Text,
    /// BIGINT.
    Integer,
    /// DOUBLE PRECISION.
    Real,
    /// BOOLEAN.
    Boolean,
    /// BYTEA.
    Bytes,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 5] = [Self::Text, Self::Integer, Self::Real, Self::Boolean, Self::Bytes];

    /// The type's name in the portable subset.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Integer => "bigint",
            Self::Real => "double precision",
            Self::Boolean => "boolean",
            Self::Bytes => "bytea",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name().eq_ignore_ascii_case(name))
    }
}

/// What a dump gives, one after another.
#[derive(Debug)]
pub enum Piece<'a> {
    /// First: the migrations that were applied.
    Start(&'a [Applied]),
    /// A table; its rows follow.
    Table(&'a Table),
    /// A row of the last table: a value for each column, of the column's kind or null.
    Row(&'a [ValueRef<'a>]),
}

/// Takes what a dump gives.
pub trait Sink {
    /// What can go wrong.
    type Error: From<DbError> + Send;

    /// Takes the next piece.
    ///
    /// # Errors
    /// Ends the dump with this error.
    fn take(&mut self, piece: Piece<'_>) -> Result<(), Self::Error>;

    /// After the last piece. In a restore the last thing before its commit.
    ///
    /// # Errors
    /// Ends the dump, and undoes the restore, with this error.
    fn done(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// What a restore takes, one after another.
#[derive(Debug)]
pub enum Item {
    /// A table; its rows follow.
    Table(Table),
    /// A row of the last table.
    Row(Vec<Value>),
}

/// Gives what a restore takes.
pub trait Source {
    /// What can go wrong.
    type Error: From<DbError> + Send;

    /// The next item; none at the end.
    ///
    /// # Errors
    /// Undoes the restore with this error.
    fn next(&mut self) -> Result<Option<Item>, Self::Error>;
}

/// Gives every row of the database at this URL, as it is at this moment, to the sink. A SQLite
/// database may be in use by a server meanwhile; its log grows until the dump ends.
///
/// # Errors
/// The sink's, or the database's.
pub async fn dump<S>(url: &str, mut sink: S) -> Result<S, S::Error>
where
    S: Sink + Send + 'static,
{
    match place(url)? {
        Ground::Sqlite(path) => {
            if !path.exists() {
                return Err(DbError::Refused(format!("there is no database {}", path.display())).into());
            }
            blocking(move || {
                sqlite::dump(&path, &mut sink)?;
                Ok(sink)
            })
            .await
        }
        Ground::Postgres(connector) => {
            postgres::dump(&connector, &mut sink).await?;
            Ok(sink)
        }
    }
}

/// Fills the empty database at this URL: these migrations, then all rows of the source, then
/// everything is read again into `check`, and only when that is done it is there.
///
/// # Errors
/// [`DbError::Refused`] where the database is not empty or the tables are not those of the
/// migrations; the source's; those of `check`. After an error, or after the process was killed,
/// the database is as empty as before.
pub async fn restore<S, C>(
    url: &str,
    migrations: &'static [Migration],
    mut source: S,
    mut check: C,
) -> Result<C, C::Error>
where
    S: Source<Error = C::Error> + Send + 'static,
    C: Sink + Send + 'static,
{
    match place(url)? {
        Ground::Sqlite(path) => {
            blocking(move || {
                sqlite::restore(&path, migrations, &mut source, &mut check)?;
                Ok(check)
            })
            .await
        }
        Ground::Postgres(connector) => {
            postgres::restore(&connector, migrations, &mut source, &mut check).await?;
            Ok(check)
        }
    }
}

enum Ground {
    Sqlite(PathBuf),
    Postgres(Box<Connector>),
}

fn place(url: &str) -> Result<Ground, DbError> {
    match url.strip_prefix("sqlite:") {
        Some(path) => Ok(Ground::Sqlite(path.strip_prefix("//").unwrap_or(path).into())),
        None => Connector::new(url).map(|connector| Ground::Postgres(Box::new(connector))),
    }
}

async fn blocking<T: Send + 'static, E: From<DbError> + Send + 'static>(
    work: impl FnOnce() -> Result<T, E> + Send + 'static,
) -> Result<T, E> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(error) => Err(DbError::Unavailable(crate::Cause::new(error)).into()),
    }
}

/// A table as the database describes it, with the columns of its primary key.
struct Shape {
    table: Table,
    key: Vec<String>,
}

impl Shape {
    /// Groups rows of table, column, type and place in the primary key.
    fn of(rows: Vec<(String, String, String, Option<i64>)>) -> Result<Vec<Self>, DbError> {
        let mut shapes: Vec<(Table, Vec<(i64, String)>)> = Vec::new();
        for (table, column, kind, place) in rows {
            if table == MIGRATIONS {
                continue;
            }
            let Some(kind) = Kind::named(&kind) else {
                return Err(DbError::Refused(format!(
                    "the column {table}.{column} has the type {kind}, which not both databases have"
                )));
            };
            if shapes.last().is_none_or(|(last, _)| last.name != table) {
                shapes.push((Table { name: table, columns: Vec::new() }, Vec::new()));
            }
            let Some((table, key)) = shapes.last_mut() else { continue };
            key.extend(place.map(|place| (place, column.clone())));
            table.columns.push(Column { name: column, kind });
        }
        let sorted = |(table, mut key): (Table, Vec<(i64, String)>)| {
            key.sort();
            Self { table, key: key.into_iter().map(|(_, column)| column).collect() }
        };
        Ok(shapes.into_iter().map(sorted).collect())
    }

    /// All rows, in the order of the primary key, or of all columns where there is none.
    fn select(&self) -> String {
        let all: Vec<String> = self.table.columns.iter().map(|column| quoted(&column.name)).collect();
        let key: Vec<String> = self.key.iter().map(|column| quoted(column)).collect();
        let order = if key.is_empty() { &all } else { &key };
        format!("select {} from {} order by {}", all.join(", "), quoted(&self.table.name), order.join(", "))
    }
}

fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// The values of a row, each as its column's kind.
fn values<'a>(
    table: &Table,
    read: impl Fn(usize) -> Result<ValueRef<'a>, ColumnError>,
) -> Result<Vec<ValueRef<'a>>, DbError> {
    let value = |(position, column): (usize, &Column)| {
        read(position).and_then(|value| fitting(column.kind, value)).map_err(|source| DbError::Column {
            statement: "dump",
            column: format!("{}.{}", table.name, column.name),
            source,
        })
    };
    table.columns.iter().enumerate().map(value).collect()
}

/// The value as a column's kind, or why it is none.
fn fitting(kind: Kind, value: ValueRef<'_>) -> Result<ValueRef<'_>, ColumnError> {
    match (kind, value) {
        (_, ValueRef::Null) => Ok(ValueRef::Null),
        (Kind::Text, value) => value.text().map(ValueRef::Text),
        (Kind::Integer, value) => value.integer().map(ValueRef::Integer),
        (Kind::Real, value) => value.real().map(ValueRef::Real),
        (Kind::Boolean, value) => value.boolean().map(ValueRef::Boolean),
        (Kind::Bytes, value) => value.bytes().map(ValueRef::Bytes),
    }
}

/// Which tables a restore has still to fill.
struct Filling<'a> {
    shapes: &'a [Shape],
    filled: Vec<&'a str>,
}

impl<'a> Filling<'a> {
    fn new(shapes: &'a [Shape]) -> Self {
        Self { shapes, filled: Vec::new() }
    }

    /// The table of this description, which must be there and come once.
    fn begin(&mut self, table: &Table) -> Result<&'a Table, DbError> {
        match self.shapes.iter().find(|shape| shape.table == *table) {
            Some(shape) if !self.filled.contains(&shape.table.name.as_str()) => {
                self.filled.push(&shape.table.name);
                Ok(&shape.table)
            }
            Some(_) => Err(DbError::Refused(format!("the table {} comes twice", table.name))),
            None => Err(DbError::Refused(format!(
                "the table {} is not as its migrations make it: other columns, or no such table",
                table.name
            ))),
        }
    }

    fn end(&self) -> Result<(), DbError> {
        match self.shapes.iter().find(|shape| !self.filled.contains(&shape.table.name.as_str())) {
            Some(shape) => Err(DbError::Refused(format!("the table {} is missing", shape.table.name))),
            None => Ok(()),
        }
    }
}

fn check_width(table: &Table, row: &[Value]) -> Result<(), DbError> {
    if row.len() == table.columns.len() {
        return Ok(());
    }
    Err(DbError::Refused(format!("a row of {} has {} values", table.name, row.len())))
}
