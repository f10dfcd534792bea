//! A PostgreSQL server of this run's own: fresh, on a free loopback port, without safety on disk, gone at the end.

use crate::place::{self, Folder};
use crate::process::{self, Background};
use crate::{Outcome, needs};
use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// A running server. Fields are dropped in their order: first it stops, then its folder goes.
#[derive(Debug)]
pub struct Postgres {
    _server: Background,
    _folder: Folder,
    port: u16,
}

impl Postgres {
    /// Makes a database cluster (UTF-8, locale C, as the product asks for) and starts it; about two seconds.
    pub fn start(keep: bool) -> Outcome<Self> {
        let programs = programs().ok_or("PostgreSQL is not installed")?;
        let account = if needs::is_root() { Some(account("postgres")?) } else { None };
        let command = |program: &str| {
            let mut command = process::command(programs.join(program));
            // Its account may not read the folder that this tool was started in.
            command.current_dir("/").stdin(Stdio::null());
            if let Some((user, group)) = account {
                command.uid(user).gid(group);
            }
            command
        };
        let scratch = place::scratch()?;
        let folder = folder(&scratch, account, keep)?;
        let data = folder.path().join("data");

        process::capture(
            command("initdb")
                .args([
                    "--username=postgres",
                    "--auth=trust",
                    "--locale=C",
                    "--encoding=UTF8",
                    "--no-sync",
                    "-D",
                ])
                .arg(&data),
        )?;
        let port = place::free_port()?;
        let settings = [
            format!("port={port}"),
            "listen_addresses=127.0.0.1".to_owned(),
            "unix_socket_directories=".to_owned(),
            "max_connections=300".to_owned(),
            "fsync=off".to_owned(),
            "synchronous_commit=off".to_owned(),
            "full_page_writes=off".to_owned(),
        ];
        let mut postgres = command("postgres");
        postgres.arg("-D").arg(&data);
        for setting in settings {
            postgres.args(["-c", &setting]);
        }
        let mut server =
            Background::start("PostgreSQL", &mut postgres, "INT", &scratch.join("postgres.log"))?;
        let probe = ["-q", "-h", "127.0.0.1", "-p", &port.to_string()].map(str::to_owned);
        server.wait(Duration::from_secs(30), |_| {
            command("pg_isready").args(&probe).status().is_ok_and(|status| status.success()).then_some(())
        })?;
        Ok(Self { _server: server, _folder: folder, port })
    }

    /// Where tests find it, as its superuser.
    pub fn url(&self) -> String {
        format!("postgres://postgres@127.0.0.1:{}/postgres", self.port)
    }
}

/// The folder of the newest server programs: Debian keeps them out of the search path.
pub fn programs() -> Option<PathBuf> {
    let newest = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            Some((entry.file_name().to_str()?.parse::<u32>().ok()?, entry.path().join("bin")))
        })
        .filter(|(_, programs)| programs.join("initdb").is_file())
        .max();
    let elsewhere = || {
        let path = std::env::var_os("PATH")?;
        std::env::split_paths(&path).find(|folder| folder.join("initdb").is_file())
    };
    newest.map(|(_, programs)| programs).or_else(elsewhere)
}

/// PostgreSQL refuses to run as root, so root runs it as the account that its package makes.
fn account(name: &str) -> Outcome<(u32, u32)> {
    let accounts =
        fs::read_to_string("/etc/passwd").map_err(|error| format!("cannot read /etc/passwd: {error}"))?;
    accounts
        .lines()
        .map(|line| line.split(':').collect::<Vec<_>>())
        .find(|fields| fields[0] == name)
        .and_then(|fields| Some((fields.get(2)?.parse().ok()?, fields.get(3)?.parse().ok()?)))
        .ok_or_else(|| format!("PostgreSQL does not run as root, and there is no account {name}"))
}

/// A folder of the account's: under `target`, or in the system's temporary folder when the account cannot come there (a
/// checkout in /root).
fn folder(scratch: &Path, account: Option<(u32, u32)>, keep: bool) -> Outcome<Folder> {
    let Some((user, group)) = account else {
        return Folder::make(scratch, "pg", keep);
    };
    let mut reach = Command::new("test");
    reach.arg("-x").arg(scratch).uid(user).gid(group).current_dir("/");
    let folder = if reach.status().is_ok_and(|status| status.success()) {
        Folder::make(scratch, "pg", keep)?
    } else {
        Folder::make(&std::env::temp_dir(), "mapalus-pg", keep)?
    };
    chown(folder.path(), Some(user), Some(group))
        .map_err(|error| format!("cannot give {} to PostgreSQL: {error}", folder.path().display()))?;
    Ok(folder)
}
