//! Dump and restore of PostgreSQL.

use super::{Applied, Filling, Item, Piece, Shape, Sink, Source, Table, check_width, quoted, values};
use crate::{
    DbError, Migration, Value, migrate,
    postgres::{Connector, classify, column},
};
use std::pin::pin;
use tokio_postgres::{
    Client,
    binary_copy::BinaryCopyInWriter,
    types::{ToSql, Type},
};

/// How many rows are fetched at once; one may hold a file.
const FETCH: &str = "fetch 50 from rows_of_table";

/// All of it is one long transaction.
const PATIENT: &str = "set statement_timeout = 0; set idle_in_transaction_session_timeout = 0";

const COLUMNS: &str = "
select t.relname::text, c.attname::text, format_type(c.atttypid, c.atttypmod),
       array_position(k.indkey::int2[], c.attnum)::bigint
from pg_class as t
join pg_namespace as n on n.oid = t.relnamespace and n.nspname = current_schema()
join pg_attribute as c on c.attrelid = t.oid and c.attnum > 0 and not c.attisdropped
left join pg_index as k on k.indrelid = t.oid and k.indisprimary
where t.relkind in ('r', 'p')
order by t.relname, c.attnum";

const REFERENCES: &str = "
select f.conrelid::regclass::text, f.conname::text, pg_get_constraintdef(f.oid)
from pg_constraint as f
join pg_namespace as n on n.oid = f.connamespace and n.nspname = current_schema()
where f.contype = 'f'
order by f.conname, f.conrelid";

fn failed(error: tokio_postgres::Error) -> DbError {
    classify("transfer", error)
}

pub(super) async fn dump<S: Sink>(connector: &Connector, sink: &mut S) -> Result<(), S::Error> {
    let line = connector.connect().await?;
    let work = async {
        line.client.batch_execute(PATIENT).await.map_err(failed)?;
        line.client.batch_execute("begin isolation level repeatable read read only").await.map_err(failed)?;
        read_all(&line.client, sink).await
    };
    let result = work.await;
    line.close().await;
    result
}

async fn read_all<S: Sink>(client: &Client, sink: &mut S) -> Result<(), S::Error> {
    let applied = client.query(migrate::APPLIED, &[]).await.map_err(failed)?;
    let applied: Vec<Applied> =
        applied.iter().map(|row| Applied { name: row.get(0), checksum: row.get(1) }).collect();
    sink.take(Piece::Start(&applied))?;
    for shape in &shapes(client).await? {
        sink.take(Piece::Table(&shape.table))?;
        let declare = format!("declare rows_of_table no scroll cursor for {}", shape.select());
        client.batch_execute(&declare).await.map_err(failed)?;
        let fetch = client.prepare(FETCH).await.map_err(failed)?;
        loop {
            let rows = client.query(&fetch, &[]).await.map_err(failed)?;
            for row in &rows {
                let values = values(&shape.table, |position| column(row, position))?;
                sink.take(Piece::Row(&values))?;
            }
            if rows.is_empty() {
                break;
            }
        }
        client.batch_execute("close rows_of_table").await.map_err(failed)?;
    }
    sink.done()
}

async fn shapes(client: &Client) -> Result<Vec<Shape>, DbError> {
    let rows = client.query(COLUMNS, &[]).await.map_err(failed)?;
    Shape::of(rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect())
}

pub(super) async fn restore<S, C>(
    connector: &Connector,
    migrations: &[Migration],
    source: &mut S,
    check: &mut C,
) -> Result<(), C::Error>
where
    S: Source<Error = C::Error>,
    C: Sink,
{
    let line = connector.connect().await?;
    let client = &line.client;
    let work = async {
        client.batch_execute(PATIENT).await.map_err(failed)?;
        client.batch_execute(migrate::LOCK).await.map_err(failed)?;
        client.batch_execute("begin").await.map_err(failed)?;
        let there = client.query(COLUMNS, &[]).await.map_err(failed)?;
        if let Some(row) = there.first() {
            return Err(DbError::Refused(format!(
                "the database is not empty, it has the table {}: make a new one",
                row.get::<_, String>(0)
            ))
            .into());
        }
        migrate::fill_postgres(client, migrations).await?;
        let shapes = shapes(client).await?;
        // Rows come table by table, not in the order of their references; these are made anew, and
        // looked at, when all rows are there.
        let references = client.query(REFERENCES, &[]).await.map_err(failed)?;
        for row in &references {
            let (table, name): (String, String) = (row.get(0), row.get(1));
            let drop_it = format!("alter table {table} drop constraint {}", quoted(&name));
            client.batch_execute(&drop_it).await.map_err(failed)?;
        }
        load(client, &shapes, source).await?;
        for row in &references {
            let (table, name, text): (String, String, String) = (row.get(0), row.get(1), row.get(2));
            let add = format!("alter table {table} add constraint {} {text}", quoted(&name));
            client.batch_execute(&add).await.map_err(failed)?;
        }
        read_all(client, check).await?;
        Ok(client.batch_execute("commit").await.map_err(failed)?)
    };
    // Where it failed the connection is closed, and the server forgets all of it.
    let result = work.await;
    line.close().await;
    result
}

async fn load<S: Source>(client: &Client, shapes: &[Shape], source: &mut S) -> Result<(), S::Error> {
    let mut filling = Filling::new(shapes);
    let mut next = source.next()?;
    while let Some(item) = next {
        let Item::Table(table) = item else {
            return Err(DbError::Refused("a row stands before its table".to_owned()).into());
        };
        next = load_table(client, filling.begin(&table)?, source).await?;
    }
    Ok(filling.end()?)
}

/// Fills one table; gives the item after its rows.
async fn load_table<S: Source>(
    client: &Client,
    table: &Table,
    source: &mut S,
) -> Result<Option<Item>, S::Error> {
    let name = quoted(&table.name);
    // Migrations may have put rows there; what is restored takes their place.
    client.batch_execute(&format!("delete from {name}")).await.map_err(failed)?;
    let names: Vec<String> = table.columns.iter().map(|column| quoted(&column.name)).collect();
    let copy = format!("copy {name} ({}) from stdin (format binary)", names.join(", "));
    let types: Vec<Type> = table.columns.iter().map(|column| column.kind.postgres()).collect();
    let rows = client.copy_in(&copy).await.map_err(failed)?;
    let mut rows = pin!(BinaryCopyInWriter::new(rows, &types));
    loop {
        match source.next()? {
            Some(Item::Row(row)) => {
                check_width(table, &row)?;
                let row: Vec<&(dyn ToSql + Sync)> = row.iter().map(|value: &Value| value as _).collect();
                rows.as_mut().write(&row).await.map_err(failed)?;
            }
            other => {
                rows.finish().await.map_err(failed)?;
                return Ok(other);
            }
        }
    }
}

impl super::Kind {
    const fn postgres(self) -> Type {
        match self {
            Self::Text => Type::TEXT,
            Self::Integer => Type::INT8,
            Self::Real => Type::FLOAT8,
            Self::Boolean => Type::BOOL,
            Self::Bytes => Type::BYTEA,
        }
    }
}
