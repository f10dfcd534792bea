//! Writing a backup, and comparing a database with one.

use super::{FileEnd, Header, TableEnd, TableLine, hex};
use anyhow::{Result, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use mapalus_db::{
    ValueRef,
    transfer::{Piece, Sink},
};
use serde::{Serialize, Serializer};
use sha2::{Digest, Sha256};
use std::io::Write;

/// Writes what a dump gives.
pub struct Writer<W> {
    out: W,
    header: Header,
    whole: Sha256,
    table: Option<(String, u64, Sha256)>,
    ends: Vec<TableEnd>,
    line: Vec<u8>,
}

impl<W: Write> Writer<W> {
    /// Into this.
    pub fn new(out: W, header: Header) -> Self {
        Self { out, header, whole: Sha256::new(), table: None, ends: Vec::new(), line: Vec::new() }
    }

    /// What it wrote into, and how many rows of how many tables.
    pub fn ended(self) -> (W, u64, usize) {
        (self.out, self.ends.iter().map(|end| end.rows).sum(), self.ends.len())
    }

    fn line(&mut self, line: &impl Serialize) -> Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, line)?;
        self.line.push(b'\n');
        self.whole.update(&self.line);
        Ok(self.out.write_all(&self.line)?)
    }

    fn end_table(&mut self) -> Result<()> {
        if let Some((end, rows, sum)) = self.table.take() {
            let end = TableEnd { end, rows, sha256: hex(&sum.finalize()) };
            self.line(&end)?;
            self.ends.push(end);
        }
        Ok(())
    }
}

impl<W: Write> Sink for Writer<W> {
    type Error = anyhow::Error;

    fn take(&mut self, piece: Piece<'_>) -> Result<()> {
        match piece {
            Piece::Start(applied) => {
                self.header.applied(applied);
                let header = self.header.clone();
                self.line(&header)
            }
            Piece::Table(table) => {
                self.end_table()?;
                self.line(&TableLine::of(table))?;
                self.table = Some((table.name.clone(), 0, Sha256::new_with_prefix(&self.line)));
                Ok(())
            }
            Piece::Row(row) => {
                self.line(&Row(row))?;
                if let Some((_, rows, sum)) = &mut self.table {
                    *rows += 1;
                    sum.update(&self.line);
                }
                Ok(())
            }
        }
    }

    fn done(&mut self) -> Result<()> {
        self.end_table()?;
        let end = FileEnd {
            end_of_backup: true,
            tables: self.ends.len() as u64,
            rows: self.ends.iter().map(|end| end.rows).sum(),
            sha256: hex(&self.whole.clone().finalize()),
        };
        self.line(&end)?;
        Ok(self.out.flush()?)
    }
}

/// Compares what a dump gives with the tables of a backup, and then does the last thing.
pub struct Compare<F> {
    writer: Writer<std::io::Sink>,
    expected: Vec<TableEnd>,
    last: F,
}

impl<F: FnMut() -> Result<()>> Compare<F> {
    /// With the tables of a backup.
    pub fn new(header: Header, expected: Vec<TableEnd>, last: F) -> Self {
        Self { writer: Writer::new(std::io::sink(), header), expected, last }
    }
}

impl<F: FnMut() -> Result<()>> Sink for Compare<F> {
    type Error = anyhow::Error;

    fn take(&mut self, piece: Piece<'_>) -> Result<()> {
        self.writer.take(piece)
    }

    fn done(&mut self) -> Result<()> {
        self.writer.done()?;
        for expected in &self.expected {
            ensure!(
                self.writer.ends.contains(expected),
                "the table {} is not the same when it is read back",
                expected.end
            );
        }
        ensure!(self.writer.ends.len() == self.expected.len(), "there are more tables than in the backup");
        (self.last)()
    }
}

struct Row<'a>(&'a [ValueRef<'a>]);

impl Serialize for Row<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.0.iter().map(|value| Cell(*value)))
    }
}

struct Cell<'a>(ValueRef<'a>);

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            ValueRef::Null => to.serialize_unit(),
            ValueRef::Text(text) => to.serialize_str(text),
            ValueRef::Integer(integer) => to.serialize_i64(integer),
            // As text: the shortest one that gives the same number again, and JSON has no infinity.
            ValueRef::Real(real) => to.collect_str(&format_args!("{real:?}")),
            ValueRef::Boolean(boolean) => to.serialize_bool(boolean),
            ValueRef::Bytes(bytes) => to.serialize_str(&STANDARD.encode(bytes)),
        }
    }
}
