//! Other programs: run to their end, read, or kept in the background and stopped whatever happens to this one.

use crate::{Outcome, clock};
use std::ffi::OsStr;
use std::fs::{self, File};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

/// The unit of processor times in `/proc`: the same on every Linux that Rust runs on.
const TICKS_A_SECOND: f64 = 100.0;

/// A command without the variables that describe this tool's own package to it. Build scripts of dependencies watch some
/// of them, and would be built a second time.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    for (name, _) in std::env::vars_os() {
        let about_this_package = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name == "CARGO_CRATE_NAME"
        });
        if about_this_package {
            command.env_remove(&name);
        }
    }
    command
}

/// The cargo that runs this tool, in the checkout.
pub fn cargo<const N: usize>(arguments: [&str; N]) -> Command {
    let mut cargo = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(arguments).current_dir(crate::place::root());
    cargo
}

/// Whether `program` answers `--version`.
pub fn answers<const N: usize>(program: &str, arguments: [&str; N]) -> bool {
    command(program)
        .args(arguments)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// Runs a command to its end, its output shown as it comes; says what it runs.
pub fn run(command: &mut Command) -> Outcome {
    let line = shown(command);
    println!("   {line}");
    let status =
        command.stdin(Stdio::null()).status().map_err(|error| format!("cannot run `{line}`: {error}"))?;
    if status.success() { Ok(()) } else { Err(format!("`{line}` ended with {status}")) }
}

/// What a command prints on its standard output; its errors are shown as they come.
pub fn capture(command: &mut Command) -> Outcome<String> {
    let line = shown(command);
    let output = command
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("cannot run `{line}`: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{line}` ended with {}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| format!("`{line}` printed something that is not UTF-8"))
}

/// The command as one would type it, without secrets: a header's value is not shown.
fn shown(command: &Command) -> String {
    let mut words =
        vec![Path::new(command.get_program()).file_name().unwrap_or_default().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|word| {
        let word = word.to_string_lossy();
        if word.starts_with("Cookie:") { "Cookie:...".to_owned() } else { word.into_owned() }
    }));
    words.join(" ")
}

/// A program in the background. It is asked to stop when this value goes; if this whole process is killed, a watching
/// shell sees its pipe close and does the same.
#[derive(Debug)]
pub struct Background {
    name: &'static str,
    child: Child,
    watch: Child,
    log: PathBuf,
}

impl Background {
    /// Starts `command` in a process group of its own (a Ctrl-C in the terminal reaches it through the watch only), both
    /// its outputs in `log`. `signal` (`TERM`, `INT`) is how it is asked to stop.
    pub fn start(name: &'static str, command: &mut Command, signal: &str, log: &Path) -> Outcome<Self> {
        let open = || File::options().append(true).open(log);
        let outputs = File::create(log).and_then(|_| Ok((open()?, open()?)));
        let (out, err) = outputs.map_err(|error| format!("cannot write {}: {error}", log.display()))?;
        let mut child = command
            .stdin(Stdio::null())
            .stdout(out)
            .stderr(err)
            .process_group(0)
            .spawn()
            .map_err(|error| format!("cannot start {name} (`{}`): {error}", shown(command)))?;
        let watch = Command::new("sh")
            .args(["-c", r#"read line; kill -s "$1" "$2" 2>/dev/null"#, "watch", signal])
            .arg(child.id().to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn();
        match watch {
            Ok(watch) => Ok(Self { name, child, watch, log: log.to_owned() }),
            Err(error) => {
                // Without its watch it would outlive us.
                let _ = child.kill();
                let _ = child.wait();
                Err(format!("cannot start the watch of {name}: {error}"))
            }
        }
    }

    /// Waits until `ready` gives a value. Fails with the end of the log if the program ends first or `limit` passes.
    pub fn wait<T>(&mut self, limit: Duration, mut ready: impl FnMut(&str) -> Option<T>) -> Outcome<T> {
        let value = clock::wait(limit, || match ready(&self.read_log()) {
            Some(value) => Ok(Some(value)),
            None => match self.ended() {
                Some(status) => Err(format!("{} ended with {status}:\n{}", self.name, self.log_end())),
                None => Ok(None),
            },
        })?;
        value.ok_or_else(|| {
            format!("{} did not answer within {} s:\n{}", self.name, limit.as_secs(), self.log_end())
        })
    }

    /// Memory that it holds now, in MB, where the system tells.
    pub fn resident_megabytes(&self) -> Option<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
        let kilobytes: f64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
        Some(kilobytes * 1024.0 / 1e6)
    }

    /// Seconds of processor time that it has used so far, its threads and the system on its behalf included. Told in
    /// hundredths.
    pub fn cpu_seconds(&self) -> Outcome<f64> {
        let path = format!("/proc/{}/stat", self.child.id());
        let text = fs::read_to_string(&path).map_err(|error| format!("cannot read {path}: {error}"))?;
        // Behind the name in brackets, which may hold anything: user and system time are the 12th and 13th.
        let fields = text.rsplit_once(')').map_or("", |(_, rest)| rest).split_whitespace().skip(11).take(2);
        let ticks: Vec<f64> = fields.filter_map(|field| field.parse().ok()).collect();
        match ticks.as_slice() {
            [user, system] => Ok((user + system) / TICKS_A_SECOND),
            _ => Err(format!("{path} does not tell the processor time")),
        }
    }

    fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    fn read_log(&self) -> String {
        fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }

    fn log_end(&self) -> String {
        let log = self.read_log();
        let lines: Vec<&str> = log.lines().collect();
        let end = lines[lines.len().saturating_sub(30)..].join("\n");
        format!("{end}\n(the whole log: {})", self.log.display())
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        if self.ended().is_some() {
            // Its id may belong to another by now: the watch goes without a word.
            let _ = self.watch.kill();
            let _ = self.watch.wait();
            return;
        }
        // Closing its pipe makes the watch send the signal.
        drop(self.watch.stdin.take());
        let _ = self.watch.wait();
        let stopped = clock::wait(Duration::from_secs(15), || Ok(self.ended()));
        if !matches!(stopped, Ok(Some(_))) {
            eprintln!("{} did not stop within 15 s and was killed", self.name);
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}
