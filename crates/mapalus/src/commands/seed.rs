//! `mapalus seed starters`: something for the operator to begin with.

use super::serve;
use crate::{config::Config, node};
use anyhow::{Result, bail};
use mapalus_app::{
    home::starters,
    shell::{Lang, locale},
};
use mapalus_db::Options;

/// Gives the operator the templates as drafts in the operator's language, and says what came of it.
pub async fn starters(config: &Config) -> Result<()> {
    node::refuse_new(config)?;
    node::folder(&config.data)?;
    node::refuse_demo(&config.data)?;
    let db = node::open(&config.database(), Options::default()).await?;
    let key = node::key(config.instance_key.as_deref(), &config.data)?;
    // A draft is never found: nothing is written to an index.
    let index = mapalus_search::Index::in_memory(mapalus_search::Settings::default())?;
    let app = node::app(db, serve::settings(config)?, key, index);
    let outcome = starters::give(&app).await;
    app.db.close().await;
    let Some((given, _)) = outcome? else {
        bail!("{}", locale::message(Lang::En, "home-starters-no-operator", &[]));
    };
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX).into();
    let told = [
        ("made", count(given.made)),
        ("there", count(given.there)),
        ("opened", count(given.opened)),
        ("address", app.url("/drafts", None).into()),
    ];
    println!("{}", locale::message(Lang::En, "home-starters-done", &told));
    Ok(())
}
