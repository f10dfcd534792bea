//! The demo, as the README starts it, for the browser and the API runner.

use crate::clock::Stopwatch;
use crate::place::{self, Folder};
use crate::process::{self, Background};
use crate::{Outcome, process::command};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// From nothing the demo makes its whole community; a slow machine may take its time.
const FIRST_START: Duration = Duration::from_secs(120);

/// A running demo. Fields are dropped in their order: first it stops, then its folder goes.
#[derive(Debug)]
pub struct Demo {
    server: Background,
    folder: Folder,
    url: String,
}

impl Demo {
    /// Starts the built program in an empty folder, stops it, keeps a copy of what it made for stories that want a
    /// community of their own, and starts it again on its data. Prints how long both starts took.
    pub fn start(keep: bool) -> Outcome<Self> {
        let folder = Folder::make(&place::scratch()?, "demo", keep)?;
        let (program, data) = (place::built("mapalus")?, folder.path().join("data"));
        let (first, url, seconds) = start(&program, &data, folder.path())?;
        println!("   {url} answered {seconds:.2} s after its start from nothing");
        drop(first);
        process::run(command("cp").arg("-r").arg(&data).arg(folder.path().join("community")))?;
        let (server, url, seconds) = start(&program, &data, folder.path())?;
        println!(
            "   {url} answered {seconds:.2} s after its start on existing data (release build: 0.30 at most)"
        );
        if let Some(megabytes) = server.resident_megabytes() {
            println!("   it holds {megabytes:.0} MB of memory (at rest: 90 at most)");
        }
        Ok(Self { server, folder, url })
    }

    /// `http://127.0.0.1:PORT`.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A data folder of the demo as it was right after its first start, at rest: to copy, not to run on.
    pub fn community(&self) -> PathBuf {
        self.folder.path().join("community")
    }

    /// Memory that it holds now, in MB, where the system tells.
    pub fn resident_megabytes(&self) -> Option<f64> {
        self.server.resident_megabytes()
    }
}

/// Starts the demo of this program; gives it with its address and the seconds until it said that it listens.
pub fn start(program: &Path, data: &Path, working: &Path) -> Outcome<(Background, String, f64)> {
    let (since, listen) = (Stopwatch::start(), listen()?);
    let mut demo = program_in(program, working);
    demo.args(["demo", "--listen", &listen, "--data"]).arg(data);
    let mut server = Background::start("the demo", &mut demo, "TERM", &place::scratch()?.join("demo.log"))?;
    let ready = format!("listening on http://{listen}");
    server.wait(FIRST_START, |log| log.contains(&ready).then_some(()))?;
    Ok((server, format!("http://{listen}"), since.seconds()))
}

/// An empty instance for real use, with its address and the path by which the operator's account is made.
pub fn serve(working: &Path) -> Outcome<(Background, String, String)> {
    let listen = listen()?;
    let site = format!("http://{listen}");
    let mut serve = program_in(&place::built("mapalus")?, working);
    serve.args(["serve", "--data", "data", "--listen", &listen, "--public-url", &site]);
    let mut server = Background::start("mapalus", &mut serve, "TERM", &place::scratch()?.join("serve.log"))?;
    let setup = server.wait(FIRST_START, |log| {
        let path = |word: &str| word.strip_prefix(site.as_str()).map(str::to_owned);
        let setup = log.split_whitespace().filter_map(path).find(|path| path.starts_with("/setup/"));
        setup.filter(|_| log.contains("listening on "))
    })?;
    Ok((server, site, setup))
}

fn listen() -> Outcome<String> {
    Ok(format!("127.0.0.1:{}", place::free_port()?))
}

/// The program in a folder. Settings of whoever runs the tests are not its own.
fn program_in(program: &Path, working: &Path) -> Command {
    let mut program = command(program);
    program.current_dir(working);
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("MAPALUS_")) {
            program.env_remove(name);
        }
    }
    program
}
