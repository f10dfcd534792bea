//! Rows, and the types that are read from them.

use crate::{ColumnError, DbError, FromColumn, Statement, ValueRef};

/// One row of a result, alive while it is being read.
pub struct Row<'a> {
    statement: &'static Statement,
    source: Source<'a>,
}

enum Source<'a> {
    Sqlite(&'a rusqlite::Row<'a>, &'a [String]),
    Postgres(&'a tokio_postgres::Row),
}

impl<'a> Row<'a> {
    pub(crate) fn sqlite(
        statement: &'static Statement,
        row: &'a rusqlite::Row<'a>,
        columns: &'a [String],
    ) -> Self {
        Self { statement, source: Source::Sqlite(row, columns) }
    }

    pub(crate) fn postgres(statement: &'static Statement, row: &'a tokio_postgres::Row) -> Self {
        Self { statement, source: Source::Postgres(row) }
    }

    /// The column at this position, from 0.
    pub fn at<T: FromColumn>(&self, position: usize) -> Result<T, DbError> {
        self.value(position)
            .and_then(T::from_column)
            .map_err(|source| self.error(self.name(position).unwrap_or("?"), source))
    }

    /// The column of this name. Cost: a comparison per column before it.
    pub fn get<T: FromColumn>(&self, name: &str) -> Result<T, DbError> {
        self.find(name, 0)
    }

    /// Reads columns by name, fastest when asked for in their order.
    pub fn columns(&self) -> Columns<'_> {
        Columns { row: self, next: 0 }
    }

    fn find<T: FromColumn>(&self, name: &str, hint: usize) -> Result<T, DbError> {
        let position = if self.name(hint) == Some(name) {
            Some(hint)
        } else {
            (0..self.width()).find(|&position| self.name(position) == Some(name))
        };
        match position {
            Some(position) => self.at(position),
            None => Err(self.error(name, ColumnError::new("there is no such column"))),
        }
    }

    fn width(&self) -> usize {
        match self.source {
            Source::Sqlite(_, columns) => columns.len(),
            Source::Postgres(row) => row.len(),
        }
    }

    fn name(&self, position: usize) -> Option<&str> {
        match self.source {
            Source::Sqlite(_, columns) => columns.get(position).map(String::as_str),
            Source::Postgres(row) => row.columns().get(position).map(|column| column.name()),
        }
    }

    fn value(&self, position: usize) -> Result<ValueRef<'_>, ColumnError> {
        match self.source {
            Source::Sqlite(row, _) => crate::sqlite::column(row, position),
            Source::Postgres(row) => crate::postgres::column(row, position),
        }
    }

    fn error(&self, column: &str, source: ColumnError) -> DbError {
        DbError::Column { statement: self.statement.name, column: column.to_owned(), source }
    }
}

/// Reads the columns of a row by name; see [`Row::columns`].
pub struct Columns<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl Columns<'_> {
    /// The column of this name; usually the one after the last asked for, else it is searched.
    pub fn get<T: FromColumn>(&mut self, name: &str) -> Result<T, DbError> {
        let hint = self.next;
        self.next += 1;
        self.row.find(name.strip_prefix("r#").unwrap_or(name), hint)
    }
}

/// A type that a row can be read into: what [`record!`](crate::record) declares, or a tuple of up
/// to four columns by position.
pub trait FromRow: Sized {
    /// Reads one row.
    fn from_row(row: &Row<'_>) -> Result<Self, DbError>;
}

macro_rules! tuples {
    ($($($name:ident $position:literal),+;)+) => {$(
        impl<$($name: FromColumn),+> FromRow for ($($name,)+) {
            fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
                Ok(($(row.at::<$name>($position)?,)+))
            }
        }
    )+};
}

tuples! {
    A 0;
    A 0, B 1;
    A 0, B 1, C 2;
    A 0, B 1, C 2, D 3;
}

/// Declares structs that are read from rows: each field from the column of its name.
///
/// Columns without a field are ignored, a field without a column is an error. Cheapest when the
/// fields stand in the order of the columns.
///
/// ```
/// mapalus_db::record! {
///     /// What lists show of a person.
///     #[derive(Debug, Clone)]
///     pub struct Card {
///         /// Whose.
///         pub id: String,
///         /// As the person writes it.
///         pub name: Option<String>,
///     }
/// }
/// ```
#[macro_export]
macro_rules! record {
    ($(
        $(#[$meta:meta])*
        $vis:vis struct $name:ident {
            $($(#[$field_meta:meta])* $field_vis:vis $field:ident : $type:ty),+ $(,)?
        }
    )+) => {$(
        $(#[$meta])*
        $vis struct $name {
            $($(#[$field_meta])* $field_vis $field: $type),+
        }

        impl $crate::FromRow for $name {
            fn from_row(row: &$crate::Row<'_>) -> ::std::result::Result<Self, $crate::DbError> {
                let mut columns = row.columns();
                Ok(Self { $($field: columns.get(stringify!($field))?),+ })
            }
        }
    )+};
}
