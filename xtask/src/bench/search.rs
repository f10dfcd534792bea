//! The search, beside SQLite's FTS5: what the example of its crate prints, as figures with their targets.

use super::{Bench, Table};
use crate::Outcome;
use crate::process::{capture, cargo};

/// The mixes of queries that have a target: the middle and the 99th of a hundred, in milliseconds.
const TARGETS: [(&str, Option<f64>, f64); 3] = [
    ("place (5 to 50 km) and profile", Some(3.0), 15.0),
    ("place, a word and profile", Some(3.0), 15.0),
    ("broad word, one typing error, profile", None, 80.0),
];

pub fn measure(bench: &Bench, table: &mut Table) -> Outcome {
    let folder = bench.path("search");
    let groups = bench.groups.to_string();
    let mut example = cargo(["run", "--release", "--quiet", "--package", "mapalus-search"]);
    example.args(["--example", "search_bench", "--", &groups]).arg(&folder);
    let said = capture(&mut example)?;
    println!("{said}");
    let line = |begin: &str| said.lines().find_map(|line| line.strip_prefix(begin));
    let needed = |begin: &str| line(begin).ok_or_else(|| format!("the search tells nothing of `{begin}`"));
    for (name, middle, most) in TARGETS {
        let own = needed(&format!("{name}: "))?;
        let fts = ["", " (asked without the error)"]
            .iter()
            .find_map(|note| line(&format!("reference, {name}{note}: ")));
        for (part, target) in [("p50", middle), ("p99", Some(most))] {
            let measured = number_after(own, part)?;
            let reference = fts.map(|fts| number_after(fts, part)).transpose()?;
            table.row(
                &format!("search, {name}: {part}"),
                format!("{measured:.1} ms"),
                &reference.map_or_else(String::new, |other| format!("{other:.1} ms with FTS5")),
                &reference.map_or_else(String::new, |other| format!("{:.1}", measured / other)),
                &target.map_or_else(String::new, |target| format!("<= {target} ms")),
                target.map(|target| measured <= target),
            );
        }
    }
    let built = needed("index: built in ")?;
    let seconds = number_after(built, "")?;
    let disk = number_after(built.rsplit_once(", ").map_or("", |(_, rest)| rest), "")?;
    let fts = needed("reference, SQLite FTS5: built in ")?;
    let fts_seconds = number_after(fts, "")?;
    let fts_disk = number_after(fts.rsplit_once(", ").map_or("", |(_, rest)| rest), "")?;
    let ratio = |own: f64, other: f64| format!("{:.1}", own / other);
    table.row(
        "search, index built",
        format!("{seconds:.0} s"),
        &format!("{fts_seconds:.0} s with FTS5"),
        &ratio(seconds, fts_seconds),
        "<= 180 s",
        Some(seconds <= 180.0),
    );
    table.row(
        "search, index on disk",
        format!("{disk:.0} MB"),
        &format!("{fts_disk:.0} MB with FTS5"),
        &ratio(disk, fts_disk),
        "<= 1000 MB",
        Some(disk <= 1_000.0),
    );
    let resident = |line: &str, word: &str| -> Outcome<f64> {
        Ok(number_after(needed(&format!("{line}: "))?, word)? * 1024.0 / 1e6)
    };
    let rest = resident("memory at rest, after the first question", "VmRSS:")?;
    table.row("search, at rest", format!("{rest:.0} MB"), "", "", "", None);
    for (figure, word) in [("search, resident", "VmRSS:"), ("search, most resident", "VmHWM:")] {
        let resident = resident("memory after the queries", word)?;
        table.row(figure, format!("{resident:.0} MB"), "", "", "<= 600 MB", Some(resident <= 600.0));
    }
    Ok(())
}

/// The number that stands behind a word.
fn number_after(text: &str, word: &str) -> Outcome<f64> {
    let rest = text.split_once(word).map_or("", |(_, rest)| rest);
    let number = rest.split_whitespace().next().and_then(|number| number.parse().ok());
    number.ok_or_else(|| format!("no number behind `{word}` in `{text}`"))
}
