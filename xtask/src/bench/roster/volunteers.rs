//! Rosters of volunteers: small to 10,000 people, a real event, a repair; substitutes; growth.

use super::runs::{Instance, Kind, Run, number, ours};
use super::{Lab, sheet::Sheet};
use crate::Outcome;
use crate::bench::{Bench, Table};
use crate::process::{capture, command};
use std::fs;
use std::path::{Path, PathBuf};

/// Name, words for the generator.
const INSTANCES: &[(&str, &str)] = &[
    ("relief-30", "new --people 30 --days 14 --seed 1"),
    ("relief-30-x0.6", "new --people 30 --days 14 --pressure 0.6 --seed 2"),
    ("relief-120", "new --people 120 --days 14 --seed 1"),
    ("relief-120-x0.6", "new --people 120 --days 14 --pressure 0.6 --seed 2"),
    ("relief-120-x1.1", "new --people 120 --days 14 --pressure 1.1 --seed 3"),
    ("relief-300", "new --people 300 --days 14 --seed 1"),
    ("relief-300-x1.1", "new --people 300 --days 14 --pressure 1.1 --seed 2"),
    ("relief-1000", "new --people 1000 --days 14 --places 12 --pressure 1.1 --seed 1"),
    ("event-700", "event SHIFTS --people 700 --seed 1"),
    ("relief-2000", "new --people 2000 --days 14 --places 20 --seed 1"),
    ("relief-10000", "new --people 10000 --days 14 --places 60 --seed 1"),
];

/// Most people for whom the peer is asked: beyond them it builds for minutes.
const PEER_PEOPLE: usize = 2000;

/// Cost of an empty seat in the generator's weights.
const SEAT: f64 = 100.0;

fn generate(lab: &Lab<'_>, shared: &Path, name: &str, words: &[String]) -> Outcome<Instance> {
    let file = lab.folder.join(format!("{name}.json"));
    let mut python = command("python3");
    python.arg(shared.join("generate.py")).args(words).env("PYTHONDONTWRITEBYTECODE", "1");
    let text = capture(&mut python)?;
    fs::write(&file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
    Ok(Instance { name: name.to_owned(), file, kind: Kind::Volunteer, best_known: None })
}

fn read(path: &Path) -> Outcome<String> {
    fs::read_to_string(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

/// The numbers behind each place where a key stands, added up.
fn sum(text: &str, key: &str) -> f64 {
    text.match_indices(key).filter_map(|(at, _)| number(&text[at..], key.trim_matches(['"', ':']))).sum()
}

pub fn measure(lab: &Lab<'_>, shared: &Path, sheet: &mut Sheet, table: &mut Table) -> Outcome {
    let mut growth: Vec<(f64, f64)> = Vec::new();
    for (name, words) in INSTANCES {
        let wanted = lab.wants(name) || (*name == "relief-2000" && lab.wants("repair"));
        if !wanted {
            continue;
        }
        let event = shared.join("../data/shifts-emf-2022/Shift.json").to_string_lossy().into_owned();
        let words: Vec<String> = words.split(' ').map(|word| word.replace("SHIFTS", &event)).collect();
        let instance = generate(lab, shared, name, &words)?;
        let people: usize =
            words.iter().skip_while(|word| *word != "--people").nth(1).map_or(0, |n| n.parse().unwrap_or(0));
        let runs = (1..=lab.options.seeds)
            .map(|seed| ours(lab, &instance, lab.options.seconds, seed))
            .collect::<Outcome<Vec<_>>>()?;
        let python = lab.python.as_ref().filter(|_| people <= PEER_PEOPLE);
        let peer = python.map(|python| super::peer::run(lab, python, &instance)).transpose()?;
        sheet.add(&instance, &runs, peer.as_ref());
        let seats = sum(&read(&instance.file)?, "\"want\":");
        if name.starts_with("relief") && !name.contains("-x") {
            growth.push((people as f64 * seats, reached(&runs[0], seats)));
        }
        match *name {
            "relief-1000" => substitutes(&instance, &runs[0], table)?,
            "relief-2000" => repair(lab, shared, &instance, &runs[0], table)?,
            "relief-10000" => large(&runs[0], seats, table),
            _ => {}
        }
    }
    for pair in growth.windows(2) {
        let ((size, seconds), (next, later)) = (pair[0], pair[1]);
        let tenfold = (later.max(0.1) / seconds.max(0.1)).powf(1.0 / (next / size).log10());
        table.row(
            &format!(
                "roster, people x seats {size:.0} to {next:.0}: time to within 1 % of the seats of the end"
            ),
            format!("{seconds:.1} to {later:.1} s"),
            "",
            &format!("{tenfold:.1} a tenfold"),
            "",
            None,
        );
    }
    Ok(())
}

/// Seconds until a run was within 1 % of the wanted seats of where it ended.
fn reached(run: &Run, seats: f64) -> f64 {
    let Some(end) = run.cost else { return run.seconds };
    let near = end as f64 + seats * 0.01 * SEAT;
    run.steps.iter().find(|step| step.cost as f64 <= near).map_or(run.seconds, |step| step.seconds)
}

fn substitutes(instance: &Instance, run: &Run, table: &mut Table) -> Outcome {
    let mut explain = command(Bench::program("mapalus-roster"));
    let said = capture(explain.arg("explain").arg(&instance.file).arg(&run.solution))?;
    let mut micros: Vec<f64> = said.lines().filter_map(|line| number(line, "substitutes_micros")).collect();
    micros.sort_by(f64::total_cmp);
    let (Some(&most), count) = (micros.last(), micros.len()) else {
        table.row("roster, substitutes", "no seat is empty".into(), "", "", "<= 1000 us", None);
        return Ok(());
    };
    table.row(
        &format!("roster, all substitutes of {count} empty seats, 1,000 people"),
        format!("{:.0} us (most {most:.0})", micros[count / 2]),
        "",
        "",
        "<= 1000 us",
        Some(most <= 1000.0),
    );
    Ok(())
}

fn repair(lab: &Lab<'_>, shared: &Path, instance: &Instance, run: &Run, table: &mut Table) -> Outcome {
    if run.cost.is_none() {
        return Ok(());
    }
    let path = |path: &PathBuf| path.to_string_lossy().into_owned();
    let words =
        ["repair".to_owned(), path(&instance.file), path(&run.solution), "--drop".into(), "0.03".into()];
    let broken = generate(lab, shared, "repair-2000", &words)?;
    let mended = ours(lab, &broken, 2.0, 1)?;
    // An assignment is a line of its own kind: the texts hold nothing else with a person in front.
    let assignments = |file: &Path| -> Outcome<std::collections::BTreeSet<String>> {
        let text = read(file)?.replace(": ", ":").replace(", ", ",");
        let text = text.rsplit_once("\"assignments\":").map_or("", |(_, rest)| rest).to_owned();
        let one = |piece: &str| {
            let mut fields: Vec<&str> = piece.trim_matches(['[', ']', '{', '}', ',']).split(',').collect();
            fields.retain(|field| {
                ["\"person\"", "\"shift\"", "\"role\""].iter().any(|key| field.starts_with(key))
            });
            fields.sort_unstable();
            (fields.len() == 3).then(|| fields.join(",").replace(['[', ']', '{', '}'], ""))
        };
        Ok(text.split("},{").filter_map(one).collect())
    };
    let (before, after) = (assignments(&run.solution)?, assignments(&mended.solution)?);
    let given_up = before.difference(&after).count();
    let taken_up = after.difference(&before).count();
    let kept = read(&broken.file)?;
    let kept = kept.rsplit_once("\"previous\":").map_or(0, |(_, rest)| rest.matches("\"person\":").count());
    let gone = before.len().saturating_sub(kept.min(before.len()));
    let (changes, unavoidable) = (given_up + taken_up, 2 * gone);
    let cost = mended.cost.map_or_else(|| "not legal".to_owned(), |cost| format!("cost {cost}"));
    table.row(
        "roster, repair of 3 % drop-outs among 2,000 people",
        format!("{changes} changes in {:.1} s, {cost}", mended.seconds),
        &format!("{unavoidable}: {gone} seats lost and filled again"),
        &format!("{:.2}", changes as f64 / unavoidable.max(1) as f64),
        "<= 2.0 in 2 s",
        Some(mended.cost.is_some() && changes <= 2 * unavoidable),
    );
    Ok(())
}

fn large(run: &Run, seats: f64, table: &mut Table) {
    let first = run.steps.first().map_or(run.seconds, |step| step.seconds);
    table.row(
        "roster, 10,000 people: first roster",
        format!("{first:.1} s"),
        "",
        "",
        "<= 5 s",
        Some(first <= 5.0 && run.cost.is_some()),
    );
    table.row(
        "roster, 10,000 people: memory",
        format!("{:.0} MB", run.megabytes),
        "",
        "",
        "<= 1500 MB",
        Some(run.megabytes <= 1500.0),
    );
    let at = |seconds: f64| run.steps.iter().rev().find(|step| step.seconds <= seconds).map(|step| step.cost);
    if let (Some(before), Some(end)) = (at(run.seconds - 10.0), run.cost) {
        let lost = (before - end) as f64 / SEAT / seats * 100.0;
        table.row(
            "roster, 10,000 people: still gained in the last 10 s",
            format!("{lost:.2} % of the seats"),
            "",
            "",
            "< 1 % after 60 s",
            (run.seconds >= 60.0).then_some(lost < 1.0),
        );
    }
}
