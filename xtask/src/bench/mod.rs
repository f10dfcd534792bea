//! `cargo xtask bench`: how fast and how big, each figure beside its reference of the same run. It measures and judges
//! nothing: a missed target is said, and the run goes on.

mod page;
mod search;
mod start;
mod writes;

// The clients of the program's own tests.
#[path = "../../../crates/mapalus/tests/it/http.rs"]
mod http;
#[path = "../../../crates/mapalus/tests/it/load.rs"]
#[expect(dead_code, reason = "the tests of the program use more of it")]
mod load;

use crate::place::{self, Folder};
use crate::process::{self, Background, cargo, command};
use crate::{Outcome, demo};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A group of the demonstration.
const GROUP: &str = "/groups/relawan-siaga-bencana-manado-dan-minahasa";

type Part = fn(&Bench, &mut Table) -> Outcome;

const PARTS: [(&str, Part); 4] = [
    ("start", start::measure),
    ("page", page::measure),
    ("writes", writes::measure),
    ("search", search::measure),
];

/// What is to be measured.
#[derive(Debug)]
pub struct Options {
    parts: Vec<&'static str>,
    groups: u64,
}

impl Options {
    /// Reads the words after `bench`.
    pub fn parse(words: &[&str]) -> Outcome<Self> {
        let (mut parts, mut groups) = (Vec::new(), 1_000_000);
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if *word == "--groups" {
                let number = words.next().and_then(|number| number.parse().ok());
                groups = number.ok_or("bench: --groups needs a number")?;
            } else if let Some((name, _)) = PARTS.iter().find(|(name, _)| name == word) {
                parts.push(*name);
            } else {
                let names = PARTS.map(|(name, _)| name).join(", ");
                return Err(format!("bench: unknown word {word}; there are {names} and --groups N"));
            }
        }
        Ok(Self { parts, groups })
    }
}

/// What the parts of one run share.
struct Bench {
    folder: Folder,
    groups: u64,
}

impl Bench {
    /// A program of the release build.
    fn program(name: &str) -> PathBuf {
        place::release().join(name)
    }

    /// A place that only this part uses.
    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The demonstration in a folder, made if it is not there.
    fn demo(&self, data: &Path) -> Outcome<(Background, String, f64)> {
        demo::start(&Self::program("mapalus"), data, self.folder.path())
    }

    /// The references.
    fn reference(words: &[&str]) -> Command {
        let mut reference = command(Self::program("bench"));
        reference.args(words);
        reference
    }
}

/// A figure of the table.
struct Row {
    figure: String,
    measured: String,
    reference: String,
    ratio: String,
    target: String,
    /// Whether the target was met; `None` if there is none.
    met: Option<bool>,
}

/// The figures so far.
#[derive(Default)]
struct Table(Vec<Row>);

impl Table {
    /// A figure with its reference of the same run (empty if there is none), their ratio, and the target.
    fn row(
        &mut self,
        figure: &str,
        measured: String,
        reference: &str,
        ratio: &str,
        target: &str,
        met: Option<bool>,
    ) {
        let row = Row {
            figure: figure.to_owned(),
            measured,
            reference: reference.to_owned(),
            ratio: ratio.to_owned(),
            target: target.to_owned(),
            met,
        };
        println!("   {}: {} {} {}", row.figure, row.measured, row.reference, row.ratio);
        self.0.push(row);
    }

    fn text(&self) -> String {
        let head = ["figure", "measured", "reference", "ratio", "target", ""].map(str::to_owned);
        let lines: Vec<[String; 6]> = std::iter::once(head)
            .chain(self.0.iter().map(|row| {
                let met = match row.met {
                    Some(true) => "met",
                    Some(false) => "MISSED",
                    None => "",
                };
                [&row.figure, &row.measured, &row.reference, &row.ratio, &row.target, met].map(str::to_owned)
            }))
            .collect();
        let widest = |at: usize| lines.iter().map(|line| line[at].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..6).map(widest).collect();
        let line = |line: &[String; 6]| {
            let cells = line.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        };
        lines.iter().map(line).collect::<Vec<_>>().join("\n")
    }
}

/// Builds the release profile, measures the parts, prints the table.
pub fn run(options: &Options) -> Outcome {
    let chosen = |name: &str| options.parts.is_empty() || options.parts.contains(&name);
    if PARTS.iter().any(|(name, _)| *name != "search" && chosen(name)) {
        process::run(&mut cargo(["build", "--release", "--package", "mapalus", "--package", "bench"]))?;
    }
    let bench = Bench { folder: Folder::make(&place::scratch()?, "bench", false)?, groups: options.groups };
    let mut table = Table::default();
    for (name, measure) in PARTS.iter().filter(|(name, _)| chosen(name)) {
        println!("-- {name}");
        measure(&bench, &mut table)?;
    }
    println!("\n{}", table.text());
    println!("{}", machine());
    Ok(())
}

/// On what it ran: figures of different machines say nothing of one another.
fn machine() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let read = |path: &str| fs::read_to_string(path).unwrap_or_default();
    let info = read("/proc/cpuinfo");
    let model = info.lines().find_map(|line| line.strip_prefix("model name")).unwrap_or("");
    let model = model.trim_start_matches([' ', '\t', ':']);
    let load = read("/proc/loadavg");
    let load = load.split(' ').next().unwrap_or("");
    format!("{cores} cores, {model}; load of the machine at the end {load}")
}
