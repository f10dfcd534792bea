//! The rostering engine beside the best known values and CP-SAT: the public instances, a family of our own, and rosters of
//! volunteers. Every cost is that of a checker that shares no code with the engine.

mod family;
mod peer;
mod runs;
mod sheet;
mod volunteers;

use super::{Bench, Table};
use crate::process::{cargo, run};
use crate::{Outcome, place};
use runs::{Instance, Kind};
use sheet::Sheet;
use std::fs;
use std::path::{Path, PathBuf};

/// What of the roster is to be measured.
#[derive(Debug, Clone)]
pub struct Options {
    /// Seconds of each run.
    pub seconds: f64,
    /// Runs of each instance, with the seeds 1, 2, ...
    pub seeds: u64,
    /// Whether CP-SAT runs too.
    pub with_cp_sat: bool,
    /// Seed of the family of instances.
    pub family: u64,
    /// Only instances whose name contains this.
    pub only: String,
}

impl Default for Options {
    fn default() -> Self {
        Self { seconds: 60.0, seeds: 3, with_cp_sat: false, family: 1, only: String::new() }
    }
}

/// What the parts of the measurement share.
struct Lab<'a> {
    options: &'a Options,
    /// Where instances and solutions of this run are written.
    folder: PathBuf,
    /// The instances and generators that lie beside the checkout, if they do.
    shared: Option<PathBuf>,
    /// The Python that has OR-Tools, if it is asked for.
    python: Option<PathBuf>,
}

impl Lab<'_> {
    fn wants(&self, name: &str) -> bool {
        name.contains(&self.options.only)
    }

    /// Runs ours and the peer on an instance, and writes the line.
    fn compare(&self, instance: &Instance, sheet: &mut Sheet) -> Outcome {
        if !self.wants(&instance.name) {
            return Ok(());
        }
        let ours = (1..=self.options.seeds)
            .map(|seed| runs::ours(self, instance, self.options.seconds, seed))
            .collect::<Outcome<Vec<_>>>()?;
        let peer = self.python.as_ref().map(|python| peer::run(self, python, instance)).transpose()?;
        sheet.add(instance, &ours, peer.as_ref());
        Ok(())
    }
}

/// The folder `roster` beside the checkout, or in `MAPALUS_SHARED`.
fn shared() -> Option<PathBuf> {
    let beside = || place::root().join("../shared");
    let folder = std::env::var_os("MAPALUS_SHARED").map_or_else(beside, PathBuf::from).join("roster");
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "NOT MEASURED: there is no {}: neither the public instances nor the volunteers' rosters; \
         MAPALUS_SHARED names the folder above it",
        folder.display()
    );
    None
}

pub fn measure(bench: &Bench, table: &mut Table) -> Outcome {
    run(&mut cargo(["build", "--release", "--package", "mapalus-roster"]))?;
    let folder = bench.path("roster");
    fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
    let python = if bench.roster.with_cp_sat { Some(peer::provide()?) } else { None };
    let lab = Lab { options: &bench.roster, folder, shared: shared(), python };
    let mut sheet = Sheet::default();
    if let Some(shared) = &lab.shared {
        for instance in public(&shared.join("nrp"))? {
            lab.compare(&instance, &mut sheet)?;
        }
    }
    for (name, text) in family::instances(lab.options.family) {
        let file = lab.folder.join(format!("{name}.txt"));
        fs::write(&file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        let instance = Instance { name, file, kind: Kind::Benchmark, best_known: None };
        lab.compare(&instance, &mut sheet)?;
    }
    if let Some(shared) = &lab.shared {
        volunteers::measure(&lab, shared, &mut sheet, table)?;
    }
    println!("\n{}\n", sheet.text());
    Ok(())
}

/// The public instances with the best values known, from the table beside them.
fn public(folder: &Path) -> Outcome<Vec<Instance>> {
    let readme = folder.join("README.md");
    let text =
        fs::read_to_string(&readme).map_err(|error| format!("cannot read {}: {error}", readme.display()))?;
    let mut out = Vec::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, number, _, best, ..] = cells.as_slice() else { continue };
        if let (Ok(number), Ok(best)) = (number.parse::<u32>(), best.parse::<i64>()) {
            let name = format!("Instance{number}");
            let file = folder.join(format!("{name}.txt"));
            out.push(Instance { name, file, kind: Kind::Benchmark, best_known: Some(best) });
        }
    }
    if out.is_empty() { Err(format!("{} names no instance", readme.display())) } else { Ok(out) }
}
