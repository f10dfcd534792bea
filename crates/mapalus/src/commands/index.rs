//! `mapalus index`: the search index is filled again from the database.

use super::serve;
use crate::{config::Config, node};
use anyhow::Result;
use mapalus_db::Options;

/// Empties the index of this folder and fills it. The instance does not serve meanwhile: one process at a
/// time writes an index.
pub async fn run(config: &Config) -> Result<()> {
    node::refuse_new(config)?;
    node::folder(&config.data)?;
    let index = node::index(&config.data)?;
    let db = node::open(&config.database(), Options::default()).await?;
    let key = node::key(config.instance_key.as_deref(), &config.data)?;
    let app = node::app(db, serve::settings(config)?, key, index);
    let filled = mapalus_app::search::fill(&app, mapalus_app::SOURCE).await;
    app.db.close().await;
    println!("groups in the search index: {}", filled?);
    Ok(())
}
