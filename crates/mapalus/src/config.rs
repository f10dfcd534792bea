//! The configuration: a TOML file, the environment, the command line; the last one counts.

use anyhow::{Context, Result, anyhow, bail, ensure};
use mapalus_app::shell::app::{FACTOR_DAYS, Network};
use serde::Deserialize;
use std::path::{Path, PathBuf};

/// A setting, as the reference lists it.
pub struct Setting {
    /// Its key in the file; a dot leads into a section.
    pub key: &'static str,
    /// Its variable in the environment.
    pub variable: &'static str,
    /// What stands if it is not set.
    pub default: &'static str,
    /// What it is for.
    pub text: &'static str,
}

const fn setting(
    key: &'static str,
    variable: &'static str,
    default: &'static str,
    text: &'static str,
) -> Setting {
    Setting { key, variable, default, text }
}

/// Every setting. The reference is made of this list, and unknown ones are refused.
pub const SETTINGS: &[Setting] = &[
    setting(
        "data",
        "MAPALUS_DATA",
        "mapalus-data",
        "Folder of the embedded database, the instance key and the files. Not on a network disk.",
    ),
    setting("listen", "MAPALUS_LISTEN", "127.0.0.1:8080", "Address and port to listen on."),
    setting(
        "public_url",
        "MAPALUS_PUBLIC_URL",
        "",
        "Scheme, host and port by which people reach the instance, such as `https://mapalus.example.org`. Needed. A plain `http` address is taken for loopback only.",
    ),
    setting(
        "database",
        "MAPALUS_DATABASE",
        "sqlite:DATA/mapalus.db",
        "`sqlite:PATH` or `postgres://user:password@host/database`. A PostgreSQL database has encoding UTF8 and locale C.",
    ),
    setting(
        "contact",
        "MAPALUS_CONTACT",
        "",
        "Mail address of the people who run the instance; it stands in the privacy notice.",
    ),
    setting(
        "trusted_proxies",
        "MAPALUS_TRUSTED_PROXIES",
        "",
        "Networks of proxies whose `X-Forwarded-For` is believed, such as `127.0.0.1/32, 10.0.0.0/8`.",
    ),
    setting(
        "instance_key",
        "MAPALUS_INSTANCE_KEY",
        "DATA/instance.key",
        "The secret of which mailed links and second steps of signing in are made. Several nodes over one PostgreSQL share one; a single one makes its own file, readable by its user alone.",
    ),
    setting(
        "second_factor_days",
        "MAPALUS_SECOND_FACTOR_DAYS",
        "14",
        "Days within which whoever runs a group or the instance sets up a second step for signing in, counted from when they came to, or from the first start with a version that asks for it. `0`: at once.",
    ),
    setting(
        "mail.server",
        "MAPALUS_MAIL_SERVER",
        "",
        "Mail server: `smtps://user:password@host` (TLS), `smtp://user:password@host:587?tls=required` (STARTTLS) or `smtp://host:25`. Without it mail stays in the mailbox.",
    ),
    setting(
        "mail.sender",
        "MAPALUS_MAIL_SENDER",
        "",
        "Who writes: `Mapalus <mapalus@example.org>`. Needed with a mail server.",
    ),
    setting(
        "tls.certificate",
        "MAPALUS_TLS_CERTIFICATE",
        "",
        "File of the certificate chain (PEM), to serve https without a proxy.",
    ),
    setting("tls.key", "MAPALUS_TLS_KEY", "", "File of the private key (PEM)."),
];

/// The configuration of an instance.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Config {
    #[serde(default = "default_data")]
    pub data: PathBuf,
    #[serde(default = "default_listen")]
    pub listen: String,
    #[serde(default)]
    pub public_url: String,
    database: Option<String>,
    #[serde(default)]
    pub contact: String,
    #[serde(default)]
    trusted_proxies: String,
    pub instance_key: Option<String>,
    /// A number in the file, a text in the environment.
    second_factor_days: Option<toml::Value>,
    pub mail: Option<Mail>,
    pub tls: Option<Tls>,
    /// The file it was read from.
    #[serde(skip)]
    pub file: Option<PathBuf>,
}

/// The mail server.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mail {
    pub server: String,
    pub sender: String,
}

/// A certificate of one's own.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tls {
    pub certificate: PathBuf,
    pub key: PathBuf,
}

/// The reference of all settings, as Markdown.
pub fn reference() -> String {
    let mut text = String::from(
        "# Configuration\n\n\
         A TOML file (`--config FILE` or `MAPALUS_CONFIG`), then the environment, then the command line: the last \
         one counts.\nUnknown settings are refused. This page is what `mapalus doctor --reference` prints.\n\n\
         | key | variable | default | what it is for |\n| --- | --- | --- | --- |\n",
    );
    for s in SETTINGS {
        let default = if s.default.is_empty() { "none".to_owned() } else { format!("`{}`", s.default) };
        text.push_str(&format!("| `{}` | `{}` | {default} | {} |\n", s.key, s.variable, s.text));
    }
    text
}

fn default_data() -> PathBuf {
    "mapalus-data".into()
}

fn default_listen() -> String {
    "127.0.0.1:8080".to_owned()
}

impl Config {
    /// Reads the file, then the environment, then what was given on the command line.
    pub fn read<const N: usize>(
        file: Option<&Path>,
        environment: impl Iterator<Item = (String, String)>,
        given: [(&str, Option<String>); N],
    ) -> Result<Self> {
        let mut table = match file {
            None => toml::Table::new(),
            Some(path) => {
                let text = std::fs::read_to_string(path)
                    .with_context(|| format!("cannot read {}", path.display()))?;
                toml::from_str(&text).with_context(|| format!("{} is not TOML", path.display()))?
            }
        };
        for (variable, value) in environment.filter(|(variable, _)| variable.starts_with("MAPALUS_")) {
            // Not settings: where the settings are, and what must not stand beside them.
            if ["MAPALUS_CONFIG", crate::commands::backup::PASSPHRASE].contains(&variable.as_str()) {
                continue;
            }
            let setting = SETTINGS.iter().find(|setting| setting.variable == variable);
            let setting = setting
                .ok_or_else(|| anyhow!("{variable} is no setting; see docs/reference/configuration.md"))?;
            set(&mut table, setting.key, value)?;
        }
        for (key, value) in given {
            if let Some(value) = value {
                set(&mut table, key, value)?;
            }
        }
        let mut config: Self = table.try_into().context("the configuration does not fit")?;
        config.file = file.map(Path::to_owned);
        config.checked()
    }

    fn checked(mut self) -> Result<Self> {
        self.public_url = self.public_url.trim_end_matches('/').to_owned();
        self.proxies()?;
        self.factor_days()?;
        Ok(self)
    }

    /// The database's URL.
    pub fn database(&self) -> String {
        let own = || format!("sqlite:{}", self.data.join("mapalus.db").display());
        self.database.clone().unwrap_or_else(own)
    }

    /// The proxies whose forwarded headers are believed.
    pub fn proxies(&self) -> Result<Vec<Network>> {
        let parts = self.trusted_proxies.split([',', ' ']).filter(|part| !part.is_empty());
        parts.map(|part| part.parse().map_err(|reason: String| anyhow!(reason))).collect()
    }

    /// Days within which a second step is to be set up.
    pub fn factor_days(&self) -> Result<i64> {
        let days = match &self.second_factor_days {
            None => Some(FACTOR_DAYS),
            Some(toml::Value::Integer(days)) => Some(*days),
            Some(other) => other.as_str().and_then(|text| text.trim().parse().ok()),
        };
        days.filter(|days| (0..=365).contains(days)).context("second_factor_days is a number from 0 to 365")
    }

    /// Whether people can come by this public address without their passwords being read on the way.
    pub fn check_public_url(&self) -> Result<()> {
        ensure!(
            !self.public_url.is_empty(),
            "say by which address people reach the instance: --public-url https://mapalus.example.org"
        );
        if self.public_url.starts_with("https://") && self.public_url.len() > "https://".len() {
            return Ok(());
        }
        let Some(rest) = self.public_url.strip_prefix("http://") else {
            bail!("the public URL begins with https://, or for loopback with http://: {}", self.public_url);
        };
        let host = rest
            .strip_prefix('[')
            .map_or_else(|| rest.split(':').next().unwrap_or(""), |v6| v6.split(']').next().unwrap_or(""));
        let loopback = host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback());
        ensure!(
            loopback,
            "{} would send passwords in the clear. Either put Caddy or nginx with https in front \
             (`mapalus doctor --setup` prints the lines) or set tls.certificate and tls.key; \
             then use an https:// public URL",
            self.public_url
        );
        Ok(())
    }
}

fn set(table: &mut toml::Table, key: &str, value: String) -> Result<()> {
    match key.split_once('.') {
        None => {
            table.insert(key.to_owned(), toml::Value::String(value));
        }
        Some((section, key)) => {
            let section = table.entry(section).or_insert_with(|| toml::Value::Table(toml::Table::new()));
            let section = section
                .as_table_mut()
                .ok_or_else(|| anyhow!("a section of the configuration is no section"))?;
            section.insert(key.to_owned(), toml::Value::String(value));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(environment: &[(&str, &str)], given: [(&str, Option<String>); 1]) -> Result<Config> {
        let pairs = environment.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned()));
        Config::read(None, pairs, given)
    }

    #[test]
    fn the_command_line_wins_over_the_environment() {
        let config =
            read(&[("MAPALUS_LISTEN", "0.0.0.0:1"), ("HOME", "/")], [("listen", Some("127.0.0.1:2".into()))])
                .expect("it fits");
        assert_eq!(config.listen, "127.0.0.1:2");
        assert_eq!(config.database(), "sqlite:mapalus-data/mapalus.db");
    }

    #[test]
    fn unknown_settings_are_refused() {
        assert!(read(&[("MAPALUS_LISTN", "x")], [("listen", None)]).is_err());
        assert!(toml::from_str::<Config>("listn = 'x'").is_err());
        assert!(toml::from_str::<Config>("[mail]\nserver = 'x'\nsender = 'y'\nport = 1").is_err());
    }

    #[test]
    fn every_listed_setting_is_one_that_is_read() {
        let all: Vec<(String, String)> = SETTINGS
            .iter()
            .map(|s| {
                let value = match s.key {
                    "trusted_proxies" => "10.0.0.0/8",
                    "second_factor_days" => "7",
                    _ => "x",
                };
                (s.variable.to_owned(), value.to_owned())
            })
            .collect();
        let config = Config::read(None, all.into_iter(), [("data", None)]).expect("all are known");
        assert!(config.mail.is_some() && config.tls.is_some() && config.instance_key.is_some());
        assert_eq!(config.proxies().expect("they are networks").len(), 1);
        assert_eq!(config.factor_days().expect("it is a number"), 7);
    }

    #[test]
    fn days_are_a_number_in_the_file_as_in_the_environment() {
        let of =
            |text: &str| toml::from_str::<Config>(text).ok().and_then(|config| config.factor_days().ok());
        assert_eq!(of(""), Some(14));
        assert_eq!(of("second_factor_days = 30"), Some(30));
        assert_eq!(of("second_factor_days = '0'"), Some(0));
        for bad in ["second_factor_days = -1", "second_factor_days = 366", "second_factor_days = 'soon'"] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_plain_address_is_taken_for_loopback_only() {
        let check = |url: &str| {
            read(&[("MAPALUS_PUBLIC_URL", url)], [("data", None)]).and_then(|c| c.check_public_url()).is_ok()
        };
        for good in ["https://a.example", "http://127.0.0.1:8080", "http://localhost:1/", "http://[::1]:8080"]
        {
            assert!(check(good), "{good}");
        }
        for bad in [
            "",
            "http://a.example",
            "http://10.0.0.1",
            "ftp://a",
            "https://",
            "http://localhost.evil.example",
        ] {
            assert!(!check(bad), "{bad}");
        }
    }

    #[test]
    fn the_reference_of_settings_is_the_one_that_stands_in_the_docs() {
        let text = reference();
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/reference/configuration.md");
        if std::env::var_os("MAPALUS_BLESS").is_some() {
            std::fs::write(file, &text).expect("the reference can be written");
        }
        let stands = std::fs::read_to_string(file).unwrap_or_default();
        assert_eq!(stands, text, "run `cargo xtask docs`");
    }
}
