//! Reading a backup: once to check all of it, once more for its rows.

use super::{FORMAT, FileEnd, Header, LONGEST_LINE, TableEnd, TableLine, hex};
use anyhow::{Context, Result, bail, ensure};
use base64::{Engine, engine::general_purpose::STANDARD};
use mapalus_db::{
    Value,
    transfer::{Item, Kind, Source, Table},
};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::io::{BufRead, Read};

/// What a backup holds, after all of it was checked.
#[derive(Debug)]
pub struct Contents {
    /// Its first line.
    pub header: Header,
    /// Its tables, in their order.
    pub tables: Vec<TableEnd>,
}

impl Contents {
    /// How many rows in all.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

enum Line {
    Table(Table),
    Row(Vec<Value>),
    EndOfTable(TableEnd),
    EndOfFile(FileEnd),
}

/// Reads lines and sums them up.
struct Lines<R> {
    from: R,
    line: Vec<u8>,
    number: u64,
    whole: Sha256,
    /// The sum before the last line.
    before: Sha256,
    table: Option<Table>,
}

impl<R: BufRead> Lines<R> {
    fn new(from: R) -> Self {
        let (whole, before) = (Sha256::new(), Sha256::new());
        Self { from, line: Vec::new(), number: 0, whole, before, table: None }
    }

    /// The next line with its end.
    fn read(&mut self) -> Result<&[u8]> {
        self.line.clear();
        self.number += 1;
        self.from.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut self.line)?;
        ensure!(self.line.ends_with(b"\n"), "the backup is cut off in line {}", self.number);
        self.before.clone_from(&self.whole);
        self.whole.update(&self.line);
        Ok(&self.line)
    }

    fn header(&mut self) -> Result<Header> {
        let line = self.read().context("this is no backup of Mapalus")?;
        let known: Json = serde_json::from_slice(line).context("this is no backup of Mapalus")?;
        match known.get("mapalus_backup").and_then(Json::as_u64) {
            Some(format) if format == u64::from(FORMAT) => {}
            Some(format) => bail!("the backup has format {format}; this version of Mapalus reads {FORMAT}"),
            None => bail!("this is no backup of Mapalus"),
        }
        serde_json::from_value(known).context("the first line of the backup is damaged")
    }

    fn next(&mut self) -> Result<Line> {
        self.read()?;
        let parsed = self.parse();
        parsed.with_context(|| format!("the backup is damaged in line {}", self.number))
    }

    fn parse(&mut self) -> Result<Line> {
        if self.line.starts_with(b"[") {
            let table = self.table.as_ref().context("a row stands outside of a table")?;
            return Ok(Line::Row(row(table, serde_json::from_slice(&self.line)?)?));
        }
        if self.line.starts_with(b"{\"table\"") {
            let line: TableLine = serde_json::from_slice(&self.line)?;
            let table = line.table().context("a column has an unknown type")?;
            self.table = Some(table.clone());
            return Ok(Line::Table(table));
        }
        if self.line.starts_with(b"{\"end\"") {
            self.table = None;
            return Ok(Line::EndOfTable(serde_json::from_slice(&self.line)?));
        }
        Ok(Line::EndOfFile(serde_json::from_slice(&self.line)?))
    }
}

fn row(table: &Table, cells: Vec<Json>) -> Result<Vec<Value>> {
    ensure!(cells.len() == table.columns.len(), "a row of {} has {} values", table.name, cells.len());
    let value = |(cell, kind): (Json, Kind)| {
        Some(match (kind, cell) {
            (_, Json::Null) => Value::Null,
            (Kind::Text, Json::String(text)) => Value::Text(text),
            (Kind::Integer, Json::Number(number)) => Value::Integer(number.as_i64()?),
            (Kind::Real, Json::String(text)) => Value::Real(text.parse().ok()?),
            (Kind::Boolean, Json::Bool(boolean)) => Value::Boolean(boolean),
            (Kind::Bytes, Json::String(text)) => Value::Bytes(STANDARD.decode(text).ok()?),
            _ => return None,
        })
    };
    let kinds = table.columns.iter().map(|column| column.kind);
    let row: Option<Vec<Value>> = cells.into_iter().zip(kinds).map(value).collect();
    row.with_context(|| format!("a value of {} is not of its column's type", table.name))
}

/// Reads all of a backup: its format, each value, each sum, and that nothing is missing.
pub fn check(from: impl BufRead) -> Result<Contents> {
    let mut lines = Lines::new(from);
    let header = lines.header()?;
    let mut tables: Vec<TableEnd> = Vec::new();
    let mut open: Option<(String, u64, Sha256)> = None;
    loop {
        match lines.next()? {
            Line::Table(table) => {
                ensure!(open.is_none(), "a table begins within another in line {}", lines.number);
                open = Some((table.name, 0, Sha256::new_with_prefix(&lines.line)));
            }
            Line::Row(_) => {
                if let Some((_, rows, sum)) = &mut open {
                    *rows += 1;
                    sum.update(&lines.line);
                }
            }
            Line::EndOfTable(end) => {
                let found =
                    open.take().map(|(end, rows, sum)| TableEnd { end, rows, sha256: hex(&sum.finalize()) });
                ensure!(found.as_ref() == Some(&end), "the table {} is damaged", end.end);
                tables.push(end);
            }
            Line::EndOfFile(end) => {
                let contents = Contents { header, tables };
                let found = FileEnd {
                    end_of_backup: true,
                    tables: contents.tables.len() as u64,
                    rows: contents.rows(),
                    sha256: hex(&lines.before.finalize()),
                };
                ensure!(open.is_none() && found == end, "the backup is damaged: its sum is another");
                let rest = lines.from.fill_buf()?.len();
                ensure!(rest == 0, "something stands after the end of the backup");
                return Ok(contents);
            }
        }
    }
}

/// The rows of a backup that was checked.
pub struct Rows<R>(Lines<R>);

impl<R: BufRead> Rows<R> {
    /// From the beginning of the file.
    pub fn new(from: R) -> Result<Self> {
        let mut lines = Lines::new(from);
        lines.header()?;
        Ok(Self(lines))
    }
}

impl<R: BufRead> Source for Rows<R> {
    type Error = anyhow::Error;

    fn next(&mut self) -> Result<Option<Item>> {
        loop {
            match self.0.next()? {
                Line::Table(table) => return Ok(Some(Item::Table(table))),
                Line::Row(row) => return Ok(Some(Item::Row(row))),
                Line::EndOfTable(_) => {}
                Line::EndOfFile(_) => return Ok(None),
            }
        }
    }
}
