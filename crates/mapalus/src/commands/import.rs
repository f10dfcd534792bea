//! `mapalus import groups`: groups from a table.

use super::serve;
use crate::{config::Config, node};
use anyhow::{Context, Result, bail};
use mapalus_app::{
    MIGRATIONS,
    home::import,
    shell::{Lang, locale},
};
use mapalus_db::{Db, Options};
use std::{fs::File, io::Read, path::Path, time::Duration};

/// Checks the table; opens its groups in this language if `apply`. Commands answer in English, as `--help` does.
pub async fn groups(config: &Config, file: &Path, lang: Lang, apply: bool) -> Result<()> {
    let mut table = Vec::new();
    let from = File::open(file).with_context(|| format!("cannot read {}", file.display()))?;
    from.take(import::MOST_BYTES as u64 + 1).read_to_end(&mut table)?;
    node::refuse_new(config)?;
    node::folder(&config.data)?;
    // All groups are one transaction, and nobody waits for it: the instance does not serve meanwhile.
    let options = Options { write_time: Duration::from_secs(120), ..Options::default() };
    let db = Db::open(&config.database(), options).await?;
    db.migrate(MIGRATIONS).await?;
    let key = node::key(config.instance_key.as_deref(), &config.data)?;
    // The server's index follows the outbox by itself when it starts.
    let index = mapalus_search::Index::in_memory(mapalus_search::Settings::default())?;
    let app = node::app(db, serve::settings(config)?, key, index);
    let outcome = import::groups(&app, &table, lang, apply).await;
    app.db.close().await;
    let say = |key, count: usize| locale::message(Lang::En, key, &[("count", (count as i64).into())]);
    match outcome? {
        Ok(count) => {
            println!("{}", say(if apply { "home-import-done" } else { "home-import-dry" }, count));
            Ok(())
        }
        Err(complaints) => {
            for complaint in &complaints {
                println!("{}", complaint.text(Lang::En));
            }
            bail!("{}", say("home-import-bad", complaints.len()))
        }
    }
}
