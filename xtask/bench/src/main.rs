//! What the benchmark measures beside the product, as processes of their own:
//!
//! - `bench page FILE`: a bare axum handler with one lookup through `mapalus-db` and a page of 10 KB;
//! - `bench commits FILE COUNT`: so many commits of one row, one by one, with the settings of the product;
//! - `bench statements DATA PATH COOKIES`: how many statements a page of an instance runs.

mod commits;
mod page;
mod statements;

use anyhow::{Result, bail};
use mapalus_core::Millis;
use mapalus_db::{Db, Migration, Options};

const MIGRATIONS: &[Migration] = &[Migration {
    name: "0001_things",
    sql: "create table things (id text primary key, name text not null, about text not null, made_at bigint not null);",
}];

mapalus_db::statements! {
    /// Makes a thing.
    MAKE = "insert into things (id, name, about, made_at) values ($1, $2, $3, $4)";
    /// A thing.
    THING = "select id, name, about, made_at from things where id = $1";
}

mapalus_db::record! {
    /// A thing.
    struct Thing {
        id: String,
        name: String,
        about: String,
        made_at: Millis,
    }
}

async fn open(file: &str, options: Options) -> Result<Db> {
    let db = Db::open(&format!("sqlite:{file}"), options).await?;
    db.migrate(MIGRATIONS).await?;
    Ok(db)
}

fn main() -> Result<()> {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    // As the product has it.
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match words.as_slice() {
        ["page", file] => runtime.block_on(page::serve(file)),
        ["commits", file, count] => runtime.block_on(commits::count(file, count.parse()?)),
        ["statements", data, path, cookies] => runtime.block_on(statements::count(data, path, cookies)),
        _ => bail!("bench page FILE | commits FILE COUNT | statements DATA PATH COOKIES"),
    }
}
