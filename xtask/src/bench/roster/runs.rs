//! One run of the engine, judged by a foreign checker.

use super::Lab;
use crate::bench::Bench;
use crate::process::command;
use crate::{Outcome, clock, place};
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

/// Which of the formats an instance is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The text of the shift scheduling benchmark.
    Benchmark,
    /// `mapalus-roster/1`.
    Volunteer,
}

/// Something to fill.
#[derive(Debug, Clone)]
pub struct Instance {
    pub name: String,
    pub file: PathBuf,
    pub kind: Kind,
    /// The best value published.
    pub best_known: Option<i64>,
}

/// How far a run was at a time.
#[derive(Debug, Clone, Copy)]
pub struct Step {
    pub seconds: f64,
    pub cost: i64,
}

/// What came out of a run.
#[derive(Debug, Clone)]
pub struct Run {
    /// The cost by the foreign checker; `None` where a hard rule is broken.
    pub cost: Option<i64>,
    pub bound: Option<i64>,
    pub seconds: f64,
    pub proved: bool,
    /// Progress as it was told.
    pub steps: Vec<Step>,
    /// Most memory it held, in MB.
    pub megabytes: f64,
    pub solution: PathBuf,
}

/// The number behind a key in a line of JSON; `None` for null and where there is none.
pub fn number(line: &str, key: &str) -> Option<f64> {
    let rest = line.split_once(&format!("\"{key}\":"))?.1.trim_start();
    let end = rest.find(|c: char| !(c.is_ascii_digit() || "+-.eE".contains(c))).unwrap_or(rest.len());
    rest[..end].parse().ok()
}

/// The engine on an instance.
pub fn ours(lab: &Lab<'_>, instance: &Instance, seconds: f64, seed: u64) -> Outcome<Run> {
    let solution = lab.folder.join(format!("{}-{seed}.solution", instance.name));
    let mut solve = command(Bench::program("mapalus-roster"));
    solve.arg("solve").arg(&instance.file).args(["--threads", "2"]);
    solve.args(["--seconds", &seconds.to_string(), "--seed", &seed.to_string(), "--out"]).arg(&solution);
    let (said, progress, megabytes) = watched(lab, &mut solve)?;
    let line = said.lines().last().unwrap_or_default();
    let ended =
        number(line, "seconds").ok_or_else(|| format!("{}: the engine said {line:?}", instance.name))?;
    let steps = progress.lines().filter_map(step).collect();
    let bound = number(line, "bound").map(|bound| bound as i64);
    let cost = judged(instance, &solution)?;
    let proved = cost.is_some() && bound == cost;
    Ok(Run { cost, bound, seconds: ended, proved, steps, megabytes, solution })
}

/// `12.3 s: cost 4567, bound 4500, empty 3`.
fn step(line: &str) -> Option<Step> {
    let (seconds, rest) = line.split_once(" s: cost ")?;
    let cost = rest.split(',').next()?;
    Some(Step { seconds: seconds.trim().parse().ok()?, cost: cost.parse().ok()? })
}

/// Runs a program to its end: what it said, what it told meanwhile, and the most memory it held.
fn watched(lab: &Lab<'_>, program: &mut Command) -> Outcome<(String, String, f64)> {
    let (out, err) = (lab.folder.join("said"), lab.folder.join("told"));
    let create =
        |path: &Path| File::create(path).map_err(|error| format!("cannot write {}: {error}", path.display()));
    let child = program.stdin(Stdio::null()).stdout(create(&out)?).stderr(create(&err)?).spawn();
    let mut child = child.map_err(|error| format!("cannot run the engine: {error}"))?;
    let mut most = 0.0_f64;
    let limit = Duration::from_secs(2 * 3600);
    let status = clock::wait(limit, || {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = peak.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
        most = most.max(kilobytes.unwrap_or(0.0) * 1024.0 / 1e6);
        child.try_wait().map_err(|error| format!("cannot wait for the engine: {error}"))
    })?;
    let read = |path: &Path| fs::read_to_string(path).unwrap_or_default();
    match status {
        Some(status) if status.code().is_some_and(|code| code < 2) => Ok((read(&out), read(&err), most)),
        Some(status) => Err(format!("the engine ended with {status}: {}", read(&err))),
        None => {
            let _ = child.kill();
            let _ = child.wait();
            Err("the engine did not end within two hours".to_owned())
        }
    }
}

/// The cost by the checker that shares no code with the engine; `None` where a hard rule is broken.
pub fn judged(instance: &Instance, solution: &Path) -> Outcome<Option<i64>> {
    let (script, key) = match instance.kind {
        Kind::Benchmark => ("nrp_check.py", "objective"),
        Kind::Volunteer => ("check.py", "cost"),
    };
    let mut check = command("python3");
    check.arg(place::root().join("crates/mapalus-roster/tests/judges").join(script));
    check.arg(&instance.file).arg(solution);
    if instance.kind == Kind::Benchmark {
        check.arg("--json");
    }
    let output = check.output().map_err(|error| format!("cannot run {script}: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    match output.status.code() {
        Some(0) => {
            number(&said, key).map(|cost| Some(cost as i64)).ok_or_else(|| format!("{script} said {said}"))
        }
        Some(1) => Ok(None),
        _ => Err(format!("{script}: {said}{}", String::from_utf8_lossy(&output.stderr))),
    }
}
