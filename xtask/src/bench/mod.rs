//! `cargo xtask bench`: how fast and how big, each figure beside its reference of the same run. It measures and judges
//! nothing: a missed target is said, and the run goes on.

mod browser;
mod page;
mod roster;
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

const PARTS: [(&str, Part); 6] = [
    ("start", start::measure),
    ("page", page::measure),
    ("browser", browser::measure),
    ("writes", writes::measure),
    ("search", search::measure),
    ("roster", roster::measure),
];

/// The part that runs for hours, and only where it is named.
const LONG: &str = "roster";

/// What is to be measured.
#[derive(Debug)]
pub struct Options {
    parts: Vec<&'static str>,
    groups: u64,
    roster: roster::Options,
}

impl Options {
    /// Reads the words after `bench`.
    pub fn parse(words: &[&str]) -> Outcome<Self> {
        let mut options = Self { parts: Vec::new(), groups: 1_000_000, roster: roster::Options::default() };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            match *word {
                "--groups" => options.groups = number(word, words.next())?,
                "--seconds" => options.roster.seconds = number(word, words.next())?,
                "--seeds" => options.roster.seeds = number(word, words.next())?,
                "--family" => options.roster.family = number(word, words.next())?,
                "--instances" => options.roster.only = (*words.next().unwrap_or(&"")).to_owned(),
                "--with-cp-sat" => options.roster.with_cp_sat = true,
                part => match PARTS.iter().find(|(name, _)| *name == part) {
                    Some((name, _)) => options.parts.push(*name),
                    None => {
                        let names = PARTS.map(|(name, _)| name).join(", ");
                        return Err(format!(
                            "bench: unknown word {part}; there are {names} and their options"
                        ));
                    }
                },
            }
        }
        Ok(options)
    }
}

/// The number behind an option.
fn number<T: std::str::FromStr>(option: &str, word: Option<&&str>) -> Outcome<T> {
    word.and_then(|word| word.parse().ok()).ok_or_else(|| format!("bench: {option} needs a number"))
}

/// What the parts of one run share.
struct Bench {
    folder: Folder,
    groups: u64,
    roster: roster::Options,
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
        aligned(&lines)
    }
}

/// Lines of cells as columns.
fn aligned<L: AsRef<[String]>>(lines: &[L]) -> String {
    let columns = lines.iter().map(|line| line.as_ref().len()).max().unwrap_or(0);
    let length = |line: &L, at: usize| line.as_ref().get(at).map_or(0, |cell| cell.chars().count());
    let widths: Vec<usize> =
        (0..columns).map(|at| lines.iter().map(|line| length(line, at)).max().unwrap_or(0)).collect();
    let line = |line: &L| {
        let cells = line.as_ref().iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}"));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    lines.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// Builds the release profile, measures the parts, prints the table.
pub fn run(options: &Options) -> Outcome {
    let chosen = |name: &str| (options.parts.is_empty() && name != LONG) || options.parts.contains(&name);
    if PARTS.iter().any(|(name, _)| !["search", LONG].contains(name) && chosen(name)) {
        process::run(&mut cargo(["build", "--release", "--package", "mapalus", "--package", "bench"]))?;
    }
    let bench = Bench {
        folder: Folder::make(&place::scratch()?, "bench", false)?,
        groups: options.groups,
        roster: options.roster.clone(),
    };
    let mut table = Table::default();
    for (name, measure) in PARTS.iter().filter(|(name, _)| chosen(name)) {
        println!("-- {name}");
        measure(&bench, &mut table)?;
    }
    if !table.0.is_empty() {
        println!("\n{}", table.text());
    }
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
