//! Pages in a browser, as a cheap phone on a slow line gets them: paints, blocking, jumps, Lighthouse's score.

use super::{Bench, Table};
use crate::Outcome;
use crate::needs::{self, Need};
use crate::place::{root, scratch};
use crate::process::{capture, command, run};
use std::path::PathBuf;

/// The version of Lighthouse whose score is meant.
const LIGHTHOUSE: &str = "lighthouse@12.8.2";

pub fn measure(bench: &Bench, table: &mut Table) -> Outcome {
    needs::provide(&[Need::Chromium, Need::NodePackages])?;
    let (_demo, url, _) = bench.demo(&bench.path("browser"))?;
    let mut node = command("node");
    node.arg("speed.mjs")
        .current_dir(root().join("e2e"))
        .env("CHROMIUM", needs::chromium())
        .env("MAPALUS_URL", url);
    match lighthouse() {
        Ok(entry) => drop(node.env("MAPALUS_LIGHTHOUSE", entry)),
        Err(reason) => println!("   without Lighthouse: {reason}"),
    }
    for line in capture(&mut node)?.lines() {
        let cells: Vec<&str> = line.split('\t').collect();
        let [figure, measured, reference, target, met] = cells[..] else {
            return Err(format!("speed.mjs said {line:?}"));
        };
        let met = met.parse().ok();
        table.row(figure, measured.to_owned(), reference, "", target, met);
    }
    Ok(())
}

/// Lighthouse, installed beside the build where it is missing: no test needs it.
fn lighthouse() -> Outcome<PathBuf> {
    let folder = scratch()?.join("lighthouse");
    let entry = folder.join("node_modules/lighthouse/core/index.js");
    if !entry.is_file() {
        std::fs::create_dir_all(&folder)
            .map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        run(command("npm")
            .args(["install", "--no-audit", "--no-fund", "--prefix"])
            .arg(&folder)
            .arg(LIGHTHOUSE))?;
    }
    Ok(entry)
}
