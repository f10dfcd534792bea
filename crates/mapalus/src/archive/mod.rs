//! The file of a backup: lines of JSON, the same whichever database it came from.
//!
//! The first line says what it is and which migrations were applied. Each table follows: a line
//! with its name and columns, a line (an array) for each row, a line with the number of its rows
//! and their SHA-256. The last line counts all and holds the SHA-256 of everything before it, so
//! that a file that was cut off is known as one. Written and read as a stream.

mod read;
mod seal;
mod write;

pub use read::{Contents, Rows, check};
pub use seal::{Sealed, long_enough};
pub use write::{Compare, Writer};

use mapalus_db::{
    Backend,
    transfer::{Applied, Column, Kind, Table},
};
use serde::{Deserialize, Serialize};

/// The format that this version writes and reads.
pub const FORMAT: u32 = 1;

/// The longest line: a row holds a photo or a file, never more.
const LONGEST_LINE: u64 = 64 << 20;

/// The first line.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// [`FORMAT`]; stands first so that other formats are known as such.
    pub mapalus_backup: u32,
    /// The version of the program that wrote it.
    pub program: String,
    /// When it was begun: milliseconds since 1970.
    pub made_at: i64,
    /// `sqlite` or `postgres`.
    pub from: String,
    /// Whether it is of a demonstration.
    pub demo: bool,
    /// Name and checksum of each migration.
    pub migrations: Vec<(String, String)>,
    /// The instance key, sealed with a passphrase; absent if none was given.
    pub key: Option<Sealed>,
}

impl Header {
    /// The header of a backup that begins now; the migrations are filled in by the dump.
    pub fn new(made_at: i64, from: Backend, demo: bool, key: Option<Sealed>) -> Self {
        let from = match from {
            Backend::Sqlite => "sqlite",
            Backend::Postgres => "postgres",
        };
        Self {
            mapalus_backup: FORMAT,
            program: env!("CARGO_PKG_VERSION").to_owned(),
            made_at,
            from: from.to_owned(),
            demo,
            migrations: Vec::new(),
            key,
        }
    }

    fn applied(&mut self, applied: &[Applied]) {
        self.migrations = applied.iter().map(|a| (a.name.clone(), a.checksum.clone())).collect();
    }
}

/// The line before a table's rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct TableLine {
    table: String,
    /// Name and type of each column.
    columns: Vec<(String, String)>,
}

impl TableLine {
    fn of(table: &Table) -> Self {
        let column = |column: &Column| (column.name.clone(), column.kind.name().to_owned());
        Self { table: table.name.clone(), columns: table.columns.iter().map(column).collect() }
    }

    /// The table, if all its types are known.
    fn table(self) -> Option<Table> {
        let column = |(name, kind): (String, String)| Some(Column { kind: Kind::named(&kind)?, name });
        Some(Table {
            columns: self.columns.into_iter().map(column).collect::<Option<_>>()?,
            name: self.table,
        })
    }
}

/// The line after a table's rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableEnd {
    /// The table's name.
    pub end: String,
    /// How many rows.
    pub rows: u64,
    /// SHA-256 of the table's first line and its rows, each with its line end.
    pub sha256: String,
}

/// The last line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FileEnd {
    end_of_backup: bool,
    tables: u64,
    rows: u64,
    /// SHA-256 of everything before this line.
    sha256: String,
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
