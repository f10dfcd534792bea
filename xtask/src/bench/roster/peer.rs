//! CP-SAT on the same instance in the same run, in a Python environment of its own.

use super::Lab;
use super::runs::{Instance, Kind, Run, judged, number};
use crate::Outcome;
use crate::clock::Stopwatch;
use crate::place::{root, scratch};
use crate::process::{answers, command, run as run_command};
use std::fs;
use std::path::{Path, PathBuf};

/// Installs OR-Tools where it is missing; gives the Python that has it.
pub fn provide() -> Outcome<PathBuf> {
    let folder = scratch()?.join("ortools");
    let python = folder.join("bin/python");
    if !answers(&python.to_string_lossy(), ["-c", "import ortools"]) {
        run_command(command("python3").args(["-m", "venv", "--clear"]).arg(&folder))?;
        let mut pip = command(&python);
        run_command(pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "ortools"]))?;
    }
    Ok(python)
}

/// The peer on an instance, with as many threads as ours.
pub fn run(lab: &Lab<'_>, python: &Path, instance: &Instance) -> Outcome<Run> {
    let script = match (instance.kind, &lab.shared) {
        (Kind::Benchmark, _) => root().join("xtask/bench/peers/nrp_cp_sat.py"),
        (Kind::Volunteer, Some(shared)) => shared.join("cp_sat.py"),
        (Kind::Volunteer, None) => return Err("cp_sat.py is not here".to_owned()),
    };
    let solution = lab.folder.join(format!("{}-cp-sat.solution", instance.name));
    let mut solve = command(python);
    solve.arg(script).arg(&instance.file).args(["--workers", "2"]);
    solve.args(["--seconds", &lab.options.seconds.to_string()]).env("PYTHONDONTWRITEBYTECODE", "1");
    let since = Stopwatch::start();
    let output = solve.output().map_err(|error| format!("cannot run CP-SAT: {error}"))?;
    let (text, told) = (output.stdout, String::from_utf8_lossy(&output.stderr).into_owned());
    if !output.status.success() {
        return Err(format!("CP-SAT on {} ended with {}: {told}", instance.name, output.status));
    }
    fs::write(&solution, &text).map_err(|error| format!("cannot write {}: {error}", solution.display()))?;
    // The bound stands in the solution of the volunteers' format, else in what it told.
    let text = String::from_utf8_lossy(&text);
    let bound = number(&text, "bound").or_else(|| number(&told, "bound")).map(|bound| bound as i64);
    // It claims a bound of a billion where it found nothing; an empty roster is judged as what it is.
    let cost = if told.contains("cost None") { None } else { judged(instance, &solution)? };
    let proved = cost.is_some() && cost == bound;
    let seconds = since.seconds();
    Ok(Run { cost, bound, seconds, proved, steps: Vec::new(), megabytes: 0.0, solution })
}
