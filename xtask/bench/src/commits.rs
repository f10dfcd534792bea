//! Commits of one row, one by one: what the disk gives when nobody shares.

use crate::{MAKE, open};
use anyhow::Result;
use mapalus_db::{DbError, Options, params};
use std::time::Instant;

/// Prints how many commits a second there were.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
pub async fn count(file: &str, count: u64) -> Result<()> {
    let options = Options { group_jobs: 1, ..Options::default() };
    let db = open(file, options).await?;
    let since = Instant::now();
    for number in 0..count {
        let id = format!("{}-{number}", std::process::id());
        let made: Result<u64, DbError> =
            db.write("make", move |tx| tx.execute(&MAKE, &params![&id, "one", "row", 1])).await;
        made?;
    }
    println!("{:.1}", count as f64 / since.elapsed().as_secs_f64());
    db.close().await;
    Ok(())
}
