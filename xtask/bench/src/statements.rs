//! How many statements a page runs.

use anyhow::{Result, ensure};
use axum::{
    body::Body,
    http::{Request, header},
};
use mapalus_app::shell::{App, Settings, secrets::InstanceKey};
use mapalus_core::{chance::SystemChance, time::SystemClock};
use mapalus_db::{Db, Options, count_statements};
use std::sync::Arc;
use tower_service::Service;

/// Prints how many statements the page at `path` of the instance in the folder runs, for whom the cookies say.
pub async fn count(data: &str, path: &str, cookies: &str) -> Result<()> {
    let db = Db::open(&format!("sqlite:{data}/mapalus.db"), Options::default()).await?;
    let settings = Settings {
        public_url: "http://127.0.0.1".to_owned(),
        demo: true,
        mail: false,
        contact: String::new(),
        trusted_proxies: Vec::new(),
        undo_millis: mapalus_app::shell::app::UNDO_MILLIS,
        factor_days: 14,
        factor_from: mapalus_core::Clock::now(&SystemClock),
    };
    let index = mapalus_search::Index::in_memory(mapalus_search::Settings::default())?;
    let (clock, chance) = (Arc::new(SystemClock), Arc::new(SystemChance));
    let key = InstanceKey::new(&SystemChance);
    let app = App::new(db.clone(), clock, chance, settings, key, mapalus_app::COMPOSED, index);
    let request = Request::get(path).header(header::COOKIE, cookies).body(Body::empty())?;
    let (answer, count) = count_statements(mapalus_app::router(app).call(request)).await;
    let status = answer?.status();
    ensure!(status.is_success(), "{path} answered {status}");
    println!("{count}");
    db.close().await;
    Ok(())
}
