//! Dump and restore of SQLite.

use super::{Applied, Filling, Item, Piece, Shape, Sink, Source, check_width, quoted, values};
use crate::{
    Cause, DbError, Migration, Synchronous, migrate,
    place::Place,
    sqlite::{Handle, Opener, classify, column},
};
use std::{fs, io, path::Path, time::Duration};

fn opener(path: &Path) -> Opener {
    Opener { path: path.to_owned(), synchronous: Synchronous::Full, statement_time: Duration::MAX }
}

fn failed(error: rusqlite::Error) -> DbError {
    classify("transfer", error)
}

pub(super) fn dump<S: Sink>(path: &Path, sink: &mut S) -> Result<(), S::Error> {
    // No hold on the folder: the server has it. A reader hinders no writer.
    let handle = opener(path).reader()?;
    handle.run("begin")?;
    read_all(&handle, sink)?;
    handle.abandon();
    Ok(())
}

fn read_all<S: Sink>(handle: &Handle, sink: &mut S) -> Result<(), S::Error> {
    let applied = applied(handle).map_err(failed)?;
    sink.take(Piece::Start(&applied))?;
    for shape in &shapes(handle)? {
        sink.take(Piece::Table(&shape.table))?;
        let mut statement = handle.connection().prepare(&shape.select()).map_err(failed)?;
        let mut rows = statement.query([]).map_err(failed)?;
        while let Some(row) = rows.next().map_err(failed)? {
            let values = values(&shape.table, |position| column(row, position))?;
            sink.take(Piece::Row(&values))?;
        }
    }
    sink.done()
}

fn applied(handle: &Handle) -> rusqlite::Result<Vec<Applied>> {
    let mut statement = handle.connection().prepare(migrate::APPLIED)?;
    statement.query_map([], |row| Ok(Applied { name: row.get(0)?, checksum: row.get(1)? }))?.collect()
}

fn shapes(handle: &Handle) -> Result<Vec<Shape>, DbError> {
    let read = || -> rusqlite::Result<Vec<_>> {
        let mut statement = handle.connection().prepare(
            "select t.name, c.name, lower(c.type), nullif(c.pk, 0)
             from sqlite_schema as t, pragma_table_info(t.name) as c
             where t.type = 'table' and t.name not like 'sqlite\\_%' escape '\\'
             order by t.name, c.cid",
        )?;
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?.collect()
    };
    Shape::of(read().map_err(failed)?)
}

pub(super) fn restore<S, C>(
    path: &Path,
    migrations: &[Migration],
    source: &mut S,
    check: &mut C,
) -> Result<(), C::Error>
where
    S: Source<Error = C::Error>,
    C: Sink,
{
    if path.exists() {
        return Err(DbError::Refused(format!("{} is there already", path.display())).into());
    }
    // Under another name until it is whole: what was interrupted is never taken for a database.
    let part = path.with_added_extension("restoring");
    let place = Place::take(&part)?;
    remove(&part)?;
    let filled = fill(&part, migrations, source, check);
    let ended = filled.and_then(|()| Ok(appear(&part, path).map_err(told)?));
    if ended.is_err() {
        // The error that led here says more than one of tidying up.
        drop(remove(&part));
    }
    drop(place);
    ended
}

fn fill<S, C>(part: &Path, migrations: &[Migration], source: &mut S, check: &mut C) -> Result<(), C::Error>
where
    S: Source<Error = C::Error>,
    C: Sink,
{
    drop(crate::place::private(part).map_err(told)?);
    let handle = opener(part).writer()?;
    // Rows come table by table, not in the order of their references; looked at in the end.
    handle.run("pragma foreign_keys = off")?;
    handle.run("begin immediate")?;
    migrate::fill_sqlite(&handle, migrations)?;
    let shapes = shapes(&handle)?;
    load(&handle, &shapes, source)?;
    let broken = || handle.connection().prepare("pragma foreign_key_check")?.exists([]);
    if broken().map_err(failed)? {
        return Err(DbError::ForeignKey.into());
    }
    read_all(&handle, check)?;
    handle.run("commit")?;
    handle.checkpoint()?;
    Ok(())
}

fn load<S: Source>(handle: &Handle, shapes: &[Shape], source: &mut S) -> Result<(), S::Error> {
    let mut filling = Filling::new(shapes);
    let mut next = source.next()?;
    while let Some(item) = next {
        let Item::Table(table) = item else {
            return Err(DbError::Refused("a row stands before its table".to_owned()).into());
        };
        let table = filling.begin(&table)?;
        // Migrations may have put rows there; what is restored takes their place.
        let empty = format!("delete from {}", quoted(&table.name));
        handle.run_all(&empty).map_err(failed)?;
        let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
        let places: Vec<String> = (1..=names.len()).map(|n| format!("?{n}")).collect();
        let insert = format!(
            "insert into {} ({}) values ({})",
            quoted(&table.name),
            names.join(", "),
            places.join(", ")
        );
        let mut insert = handle.connection().prepare(&insert).map_err(failed)?;
        next = loop {
            match source.next()? {
                Some(Item::Row(row)) => {
                    check_width(table, &row)?;
                    insert.execute(rusqlite::params_from_iter(&row)).map_err(failed)?;
                }
                other => break other,
            }
        };
    }
    Ok(filling.end()?)
}

/// The file under its own name, and the disk knows it.
fn appear(part: &Path, path: &Path) -> io::Result<()> {
    fs::File::open(part)?.sync_all()?;
    fs::rename(part, path)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    fs::File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
}

/// Removes a database and its log.
fn remove(path: &Path) -> Result<(), DbError> {
    for end in ["", "-wal", "-shm"] {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        match fs::remove_file(&name) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(told(error)),
            _ => {}
        }
    }
    Ok(())
}

fn told(error: io::Error) -> DbError {
    match error.kind() {
        io::ErrorKind::StorageFull => DbError::Full,
        _ => DbError::Unavailable(Cause::new(error)),
    }
}
