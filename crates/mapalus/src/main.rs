//! Mapalus: groups that help one another. The order in which it starts.

mod archive;
mod commands;
mod config;
mod listen;
mod node;

use anyhow::Result;
use clap::{Args, Parser, Subcommand};
use std::{path::PathBuf, process::ExitCode};

/// Find a group, join it, run it.
#[derive(Parser)]
#[command(name = "mapalus", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a demonstration: invented people and groups, an open mailbox, five doors without a password
    Demo {
        /// Folder of its data
        #[arg(long, default_value = "mapalus-data")]
        data: PathBuf,
        /// Address to listen on; a loopback address
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
    },
    /// Serve an instance for real use
    Serve(Settings),
    /// Write everything into one file, while the instance runs or while it does not
    Backup {
        /// Where to; it must not be there yet
        file: PathBuf,
        #[command(flatten)]
        settings: Settings,
        /// File whose first line is the passphrase that seals the instance key; - is standard input
        #[arg(long)]
        passphrase_file: Option<PathBuf>,
    },
    /// Fill an empty folder, or an empty PostgreSQL database, from a backup
    Restore {
        /// The backup
        file: PathBuf,
        #[command(flatten)]
        settings: Settings,
        /// File whose first line is the passphrase of the instance key; - is standard input
        #[arg(long)]
        passphrase_file: Option<PathBuf>,
        /// Do not restore the instance key; mailed links under way end, and no second step fits any more
        #[arg(long)]
        without_key: bool,
    },
    /// Read a table into the database; nothing is written without --apply
    Import {
        #[command(subcommand)]
        what: Import,
    },
    /// Give a new instance something to begin with
    Seed {
        #[command(subcommand)]
        what: Seed,
    },
    /// The second step of signing in of somebody who has lost phone and recovery codes
    SecondStep {
        #[command(subcommand)]
        what: SecondStep,
    },
    /// Fill the search index again from the database, while the instance does not serve
    Index(Settings),
    /// Fill a roster, check it, explain it, draw it: `mapalus roster --help` tells more
    #[command(disable_help_flag = true)]
    Roster {
        /// solve, check, explain or draw, with what it needs
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        words: Vec<String>,
    },
    /// Look at the set-up: what is there, what is missing
    Doctor {
        #[command(flatten)]
        settings: Settings,
        /// Print a systemd unit and the lines for Caddy and nginx
        #[arg(long)]
        setup: bool,
        /// Print every setting with its default and what it is for
        #[arg(long)]
        reference: bool,
        #[command(subcommand)]
        check: Option<Check>,
    },
}

#[derive(Subcommand)]
enum Import {
    /// Open groups, a row each; all of them or none
    Groups {
        /// The table: CSV, its first row names the columns
        file: PathBuf,
        #[command(flatten)]
        settings: Settings,
        /// Open them; without it the table is only checked
        #[arg(long)]
        apply: bool,
        /// Language of the groups: id or en
        #[arg(long, default_value = "id")]
        lang: mapalus_app::shell::Lang,
    },
}

#[derive(Subcommand)]
enum Seed {
    /// Give the operator a draft of each of the eight templates; nothing twice, and no living group
    Starters(Settings),
}

#[derive(Subcommand)]
enum SecondStep {
    /// Take it away, while the instance does not serve: the account is then opened by its password alone, and told so
    Remove {
        /// Mail address of the account
        mail: String,
        #[command(flatten)]
        settings: Settings,
    },
}

#[derive(Subcommand)]
enum Check {
    /// Send a mail to an address and explain the answer
    Mail {
        /// Where to
        to: String,
    },
}

/// Settings that stand in a file, in the environment and on the command line; the last one counts.
#[derive(Args)]
struct Settings {
    /// Configuration file (TOML)
    #[arg(long, env = "MAPALUS_CONFIG")]
    config: Option<PathBuf>,
    /// Folder of the database, the key and the files
    #[arg(long)]
    data: Option<PathBuf>,
    /// Address to listen on
    #[arg(long)]
    listen: Option<String>,
    /// Scheme, host and port by which people reach it
    #[arg(long)]
    public_url: Option<String>,
    /// sqlite:PATH or postgres://...
    #[arg(long)]
    database: Option<String>,
    /// Proxy whose forwarded headers are believed: a network such as 10.0.0.0/8
    #[arg(long = "trusted-proxy")]
    trusted_proxies: Vec<String>,
}

impl Settings {
    fn read(self) -> Result<config::Config> {
        let text = |path: PathBuf| path.to_string_lossy().into_owned();
        let proxies = (!self.trusted_proxies.is_empty()).then(|| self.trusted_proxies.join(","));
        let given = [
            ("data", self.data.map(text)),
            ("listen", self.listen),
            ("public_url", self.public_url),
            ("database", self.database),
            ("trusted_proxies", proxies),
        ];
        config::Config::read(self.config.as_deref(), std::env::vars(), given)
    }
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .with_env_filter(
            tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "info".into()),
        )
        .init();
    // One provider of cryptography for TLS, mail and the database.
    let _ = rustls::crypto::ring::default_provider().install_default();
    match run(cli.command) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("mapalus: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    match command {
        Command::Demo { data, listen } => runtime.block_on(commands::demo::run(&data, &listen)),
        Command::Serve(settings) => runtime.block_on(commands::serve::run(settings.read()?)),
        Command::Backup { file, settings, passphrase_file } => {
            runtime.block_on(commands::backup::write(&settings.read()?, &file, passphrase_file.as_deref()))
        }
        Command::Restore { file, settings, passphrase_file, without_key } => {
            let passphrase_file = passphrase_file.as_deref();
            let config = settings.read()?;
            runtime.block_on(commands::backup::restore(&config, &file, passphrase_file, without_key))
        }
        Command::Import { what: Import::Groups { file, settings, apply, lang } } => {
            runtime.block_on(commands::import::groups(&settings.read()?, &file, lang, apply))
        }
        Command::Seed { what: Seed::Starters(settings) } => {
            runtime.block_on(commands::seed::starters(&settings.read()?))
        }
        Command::SecondStep { what: SecondStep::Remove { mail, settings } } => {
            runtime.block_on(commands::second_step::remove(&settings.read()?, &mail))
        }
        Command::Roster { words } => return Ok(commands::roster::run(words)),
        Command::Index(settings) => runtime.block_on(commands::index::run(&settings.read()?)),
        Command::Doctor { setup: true, settings, .. } => {
            print!("{}", commands::doctor::setup(&settings.read()?));
            Ok(())
        }
        Command::Doctor { reference: true, .. } => {
            print!("{}", config::reference());
            Ok(())
        }
        Command::Doctor { settings, check: Some(Check::Mail { to }), .. } => {
            runtime.block_on(commands::doctor::mail(&settings.read()?, &to))
        }
        Command::Doctor { settings, .. } => runtime.block_on(commands::doctor::look(&settings.read()?)),
    }?;
    Ok(ExitCode::SUCCESS)
}
