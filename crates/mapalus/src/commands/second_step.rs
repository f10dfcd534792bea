//! `mapalus second-step remove`: the way back for who has lost phone and recovery codes.

use super::serve;
use crate::{config::Config, node};
use anyhow::{Result, bail};
use mapalus_app::people;
use mapalus_db::Options;

/// Takes the second step of an account away.
pub async fn remove(config: &Config, mail: &str) -> Result<()> {
    node::refuse_new(config)?;
    node::refuse_demo(&config.data)?;
    let db = node::open(&config.database(), Options::default()).await?;
    let key = node::key(config.instance_key.as_deref(), &config.data)?;
    let index = mapalus_search::Index::in_memory(mapalus_search::Settings::default())?;
    let app = node::app(db, serve::settings(config)?, key, index);
    let removed = people::remove_factor(&app, mail).await;
    app.db.close().await;
    if !removed? {
        bail!("no account with the address {mail} has a second step");
    }
    println!("{mail} signs in without a second step now, and is told so by mail");
    Ok(())
}
