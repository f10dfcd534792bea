//! Connections of PostgreSQL: how they are made, and which are refused.

use super::classify;
use crate::{Cause, DbError};
use std::{error::Error, net::IpAddr, sync::Arc, time::Duration};
use tokio::{task::JoinHandle, time};
use tokio_postgres::{
    Client, Config, NoTls, SimpleQueryMessage,
    config::{Host, SslMode, TargetSessionAttrs},
};
use tokio_postgres_rustls::MakeRustlsConnect;

/// How long a connection may take to be made, for each host of the URL.
const CONNECT: Duration = Duration::from_secs(5);

/// Run on each new connection. Order and keyset paging must agree with SQLite, which compares
/// bytes; a collation of another provider shows in how it sorts, whatever it is called.
const GREETING: &str = "
set statement_timeout = '8s';
set idle_in_transaction_session_timeout = '15s';
set client_min_messages = 'warning';
select current_setting('server_encoding') as encoding,
       datcollate as collation,
       ('a' > 'B' and 'é' > 'z')::text as bytewise
from pg_database
where datname = current_database()";

/// What it takes to open one more connection to the same database.
#[derive(Clone)]
pub(crate) struct Connector {
    config: Config,
    tls: Option<MakeRustlsConnect>,
}

impl Connector {
    /// From `postgres://...`; the text of an error never shows it, for it holds a password.
    pub(crate) fn new(url: &str) -> Result<Self, DbError> {
        // Certificates are always verified: the stricter names of other programs say no more.
        let url = url
            .replace("sslmode=verify-full", "sslmode=require")
            .replace("sslmode=verify-ca", "sslmode=require");
        let mut config: Config = url.parse().map_err(|error: tokio_postgres::Error| {
            let reason = error.source().map_or_else(|| error.to_string(), ToString::to_string);
            DbError::Refused(format!("the URL of the database is not understood: {reason}"))
        })?;
        if config.get_hosts().is_empty() {
            return Err(DbError::Refused("the URL of the database names no host".to_owned()));
        }
        if !url.contains("sslmode=") && config.get_hosts().iter().all(is_near) {
            config.ssl_mode(SslMode::Disable);
        }
        if config.get_hosts().len() > 1 && !url.contains("target_session_attrs=") {
            config.target_session_attrs(TargetSessionAttrs::ReadWrite);
        }
        if config.get_application_name().is_none() {
            config.application_name("mapalus");
        }
        config.connect_timeout(CONNECT);
        config.keepalives_idle(Duration::from_secs(10));
        config.keepalives_interval(Duration::from_secs(5));
        config.keepalives_retries(3);
        config.tcp_user_timeout(Duration::from_secs(10));
        let tls = match config.get_ssl_mode() {
            SslMode::Disable => None,
            mode => Some(tls(mode)?),
        };
        Ok(Self { config, tls })
    }

    /// The same server, another database.
    pub(crate) fn with_database(&self, name: &str) -> Self {
        let mut other = self.clone();
        other.config.dbname(name);
        other
    }

    /// A connection, driven by a task of the current runtime, checked to be usable for us.
    pub(crate) async fn connect(&self) -> Result<Line, DbError> {
        let line = self.connect_unchecked().await?;
        let client = &line.client;
        let greeting = async {
            let messages = client.simple_query(GREETING).await.map_err(|e| classify("greeting", e))?;
            let row = messages.iter().find_map(|message| match message {
                SimpleQueryMessage::Row(row) => Some(row),
                _ => None,
            });
            let value = |name| row.and_then(|row| row.get(name)).unwrap_or_default();
            check_locale(value("encoding"), value("collation"), value("bytewise"))
        };
        within(CONNECT, greeting).await?;
        Ok(line)
    }

    /// A connection of which nothing is known.
    pub(crate) async fn connect_unchecked(&self) -> Result<Line, DbError> {
        let hosts = u32::try_from(self.config.get_hosts().len()).unwrap_or(1);
        #[expect(clippy::disallowed_methods, reason = "this is the door")]
        let connecting = async {
            let error = |error| DbError::Unavailable(Cause::new(error));
            match &self.tls {
                None => {
                    let (client, driver) = self.config.connect(NoTls).await.map_err(error)?;
                    Ok(Line { client, driver: tokio::spawn(driver) })
                }
                Some(tls) => {
                    let (client, driver) = self.config.connect(tls.clone()).await.map_err(error)?;
                    Ok(Line { client, driver: tokio::spawn(driver) })
                }
            }
        };
        within(CONNECT * hosts.max(1), connecting).await
    }
}

/// A connection and the task that drives it, which ends once the client is dropped.
pub(crate) struct Line {
    pub(crate) client: Client,
    driver: JoinHandle<Result<(), tokio_postgres::Error>>,
}

impl Line {
    /// Says goodbye and waits until the connection is closed, or cuts it: a transaction left open
    /// would keep its locks.
    pub(crate) async fn close(self) {
        let Self { client, mut driver } = self;
        drop(client);
        if time::timeout(Duration::from_millis(200), &mut driver).await.is_err() {
            driver.abort();
            // Only that it has ended matters.
            drop(driver.await);
        }
    }
}

async fn within<T>(limit: Duration, work: impl Future<Output = Result<T, DbError>>) -> Result<T, DbError> {
    match time::timeout(limit, work).await {
        Ok(result) => result,
        Err(_) => Err(DbError::unavailable("no connection within the time allowed")),
    }
}

fn is_near(host: &Host) -> bool {
    match host {
        Host::Tcp(name) => {
            name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
        }
        Host::Unix(_) => true,
    }
}

fn tls(mode: SslMode) -> Result<MakeRustlsConnect, DbError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = rustls::RootCertStore::empty();
    let (added, _) = roots.add_parsable_certificates(found.certs);
    if added == 0 && mode == SslMode::Require {
        return Err(DbError::Refused(
            "this system has no root certificates, so that the database's cannot be verified".to_owned(),
        ));
    }
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| DbError::Refused(format!("encryption cannot be set up: {error}")))?
        .with_root_certificates(roots)
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// Whether a database keeps text and order as SQLite does.
fn check_locale(encoding: &str, collation: &str, bytewise: &str) -> Result<(), DbError> {
    if encoding == "UTF8" && matches!(collation, "C" | "POSIX") && bytewise == "true" {
        return Ok(());
    }
    Err(DbError::Refused(format!(
        "the PostgreSQL database has encoding {encoding} and collation {collation}; it must be \
         made with: create database mapalus template template0 encoding 'UTF8' locale 'C'"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_utf8_in_byte_order_is_accepted() {
        assert!(check_locale("UTF8", "C", "true").is_ok());
        assert!(check_locale("UTF8", "POSIX", "true").is_ok());
        let refused = check_locale("UTF8", "en_US.UTF-8", "false").expect_err("sorts by words").to_string();
        assert!(refused.contains("create database mapalus template template0"), "{refused}");
        assert!(check_locale("SQL_ASCII", "C", "true").is_err());
        // ICU sorts its own way, whatever the C library's locale is called.
        assert!(check_locale("UTF8", "C", "false").is_err());
    }

    #[test]
    fn encryption_is_off_only_towards_this_machine() {
        let mode = |url| Connector::new(url).map(|c| c.config.get_ssl_mode()).expect("a good URL");
        assert_eq!(mode("postgres://u@127.0.0.1/d"), SslMode::Disable);
        assert_eq!(mode("postgres://u@localhost/d"), SslMode::Disable);
        assert_eq!(mode("postgres://u@db.example/d"), SslMode::Prefer);
        assert_eq!(mode("postgres://u@db.example/d?sslmode=disable"), SslMode::Disable);
    }

    #[test]
    fn a_bad_url_is_refused_without_showing_its_password() {
        let error = Connector::new("postgres://u:secret@h/d?nonsense=1").map(drop).expect_err("nonsense");
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
