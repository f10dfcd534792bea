//! `mapalus demo`: everything invented, nothing to set up.

use crate::{listen, node};
use anyhow::{Result, ensure};
use mapalus_app::shell::Settings;
use mapalus_db::Options;
use std::{net::SocketAddr, path::Path, time::Duration};

/// Starts a demonstration in a folder.
pub async fn run(data: &Path, address: &str) -> Result<()> {
    let named = address.starts_with("localhost:");
    let tcp = listen::bind(address).await?;
    let address: SocketAddr = tcp.local_addr()?;
    ensure!(
        address.ip().is_loopback(),
        "a demonstration has open doors: it listens on loopback only, such as 127.0.0.1:8080"
    );
    // Browsers have passkeys under a name, not under a number.
    let site = if named { format!("localhost:{}", address.port()) } else { address.to_string() };
    node::folder(data)?;
    node::mark_demo(data)?;
    // Whole groups are written at once, and nobody waits for them yet: a slow machine may take its time.
    let options = Options { write_time: Duration::from_secs(10), ..Options::default() };
    let db = node::open(&format!("sqlite:{}", data.join("mapalus.db").display()), options).await?;
    let settings = Settings {
        public_url: format!("http://{site}"),
        demo: true,
        mail: false,
        contact: "demo@mapalus.example".to_owned(),
        trusted_proxies: Vec::new(),
        undo_millis: mapalus_app::shell::app::UNDO_MILLIS,
        factor_days: mapalus_app::shell::app::FACTOR_DAYS,
        factor_from: mapalus_core::Millis(0),
    };
    let app = node::app(db, settings, node::key(None, data)?, node::index(data)?);
    mapalus_app::demo::seed(&app).await?;
    // The first page shows them at once.
    mapalus_app::search::follow(&app, mapalus_app::SOURCE).await?;
    node::run(app, listen::Socket::Plain(tcp), None, || {
        println!("listening on http://{site}");
        println!("sign in at    http://{site}/demo as");
        println!("  seeker      Meylan, a nurse in Manado who looks for a group");
        println!("  member      Fera, an emergency nurse in two groups");
        println!("  coordinator Stenly, who leads the disaster volunteers");
        println!("  johan       Johan, who runs the doctors and nurses, where members vouch");
    })
    .await
}
