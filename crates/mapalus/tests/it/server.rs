//! The program's processes.

use crate::http::Line;
use std::{
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Output, Stdio},
};

/// The program, without the settings of whoever runs the tests.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_mapalus"));
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(|name| name.starts_with("MAPALUS_")) {
            program.env_remove(name);
        }
    }
    program.env("RUST_LOG", "warn");
    program
}

/// Runs the program to its end; panics with its words if it fails.
pub fn run(program: &mut Command) -> String {
    let Output { status, stdout, stderr } = program.output().expect("the program can be run");
    assert!(status.success(), "{program:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).into_owned()
}

/// Runs the program, which must fail; gives its words.
pub fn refused(program: &mut Command) -> String {
    let Output { status, stdout, stderr } = program.output().expect("the program can be run");
    assert!(!status.success(), "{program:?}: {}", String::from_utf8_lossy(&stdout));
    String::from_utf8_lossy(&stderr).into_owned()
}

/// A process that serves. Killed when dropped.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    /// Starts it on this folder and waits until it answers.
    pub fn start(data: &Path) -> Self {
        Self::demo(data, program())
    }

    /// The same, with all that it logs added to a file.
    pub fn start_logging(data: &Path, log: &Path) -> Self {
        let log = std::fs::File::options().create(true).append(true).open(log).expect("the log is opened");
        let mut demo = program();
        demo.env("RUST_LOG", "debug").stderr(log);
        Self::demo(data, demo)
    }

    fn demo(data: &Path, mut program: Command) -> Self {
        Self::run(program.args(["demo", "--listen", "127.0.0.1:0", "--data"]).arg(data))
    }

    /// Starts what serves and waits until it answers.
    pub fn run(serve: &mut Command) -> Self {
        let mut child = serve.stdout(Stdio::piped()).spawn().expect("the program starts");
        let said = BufReader::new(child.stdout.take().expect("it is piped"));
        let mut lines = said.lines().map_while(Result::ok);
        let address =
            lines.find_map(|line| Some(line.strip_prefix("listening on ")?.split_once("://")?.1.to_owned()));
        // What else it says is read, so that it never waits for a reader.
        std::thread::spawn(move || lines.for_each(drop));
        match address {
            Some(address) => Self { child, address },
            None => panic!("it did not start: {:?}", child.wait()),
        }
    }

    /// Ends it in the midst of whatever it does.
    pub fn kill(mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it ends");
    }

    /// Asks it to stop.
    pub fn ask_to_stop(&self) {
        let status = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        assert!(status.expect("there is a kill").success());
    }

    /// Waits until it has ended by itself, and well.
    pub fn ended(mut self) {
        let status = self.child.wait().expect("it ends");
        assert!(status.success(), "it ended with {status}");
    }

    /// Signs in by a door of the demonstration; gives the cookies.
    pub fn enter(&self, who: &str) -> String {
        let mut line = Line::open(&self.address).expect("it listens");
        let answer = line.ask("POST", &format!("/demo/{who}"), &[], "").expect("it answers");
        assert_eq!(answer.status, 303, "{answer:?}");
        let cookies = answer.all("set-cookie").filter_map(|cookie| cookie.split(';').next());
        cookies.collect::<Vec<_>>().join("; ")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Ended already, or not to outlive its test.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
