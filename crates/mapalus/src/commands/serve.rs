//! `mapalus serve`: an instance for real use.

use crate::{config::Config, listen, node};
use anyhow::{Context, Result};
use mapalus_app::{
    notices::deliver::Mailer,
    people,
    shell::{Settings, house},
};
use mapalus_core::{Clock, Millis, time::SystemClock};
use mapalus_db::Options;

/// What the shared state needs of the configuration.
pub fn settings(config: &Config) -> Result<Settings> {
    Ok(Settings {
        public_url: config.public_url.clone(),
        demo: false,
        mail: config.mail.is_some(),
        contact: config.contact.clone(),
        trusted_proxies: config.proxies()?,
        undo_millis: mapalus_app::shell::app::UNDO_MILLIS,
        factor_days: config.factor_days()?,
        // From the first start, which is looked up in the database.
        factor_from: Millis(0),
    })
}

/// The mail server, if one is set.
pub fn mailer(config: &Config) -> Result<Option<Mailer>> {
    config.mail.as_ref().map(|mail| Mailer::new(&mail.server, &mail.sender)).transpose().context("mail")
}

/// Serves an instance.
pub async fn run(config: Config) -> Result<()> {
    config.check_public_url()?;
    node::folder(&config.data)?;
    node::refuse_demo(&config.data)?;
    let (mut settings, mailer) = (settings(&config)?, mailer(&config)?);
    let db = node::open(&config.database(), Options::default()).await?;
    settings.factor_from = house::asks_for_factor_since(&db, SystemClock.now()).await?;
    let key = node::key(config.instance_key.as_deref(), &config.data)?;
    let tcp = listen::bind(&config.listen).await?;
    let address = tcp.local_addr()?;
    let listener = match &config.tls {
        Some(tls) => listen::Socket::Tls(listen::TlsListener::new(tcp, &tls.certificate, &tls.key)?),
        None => listen::Socket::Plain(tcp),
    };
    let app = node::app(db, settings, key, node::index(&config.data)?);
    let first = people::first_link(&app).await?;
    if mailer.is_none() {
        tracing::warn!(
            "no mail server is set: mail stays in the mailbox, and the operator confirms accounts by hand"
        );
    }
    let (scheme, public) = (if config.tls.is_some() { "https" } else { "http" }, config.public_url.clone());
    node::run(app, listener, mailer, || {
        println!("listening on {scheme}://{address}");
        println!("people reach it at {public}");
        if let Some(link) = first {
            println!("nobody has an account yet; make the operator's within 7 days, by this link only:");
            println!("  {public}/setup/{link}");
        }
    })
    .await
}
