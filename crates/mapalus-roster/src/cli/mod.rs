//! The command line, as a function: `mapalus-roster ...` and `mapalus roster ...` call it.

mod args;

use crate::{
    checker::check,
    draw::draw,
    explain::{explain_seat, loads, vacancies},
    formats::{Format, Solution, read_problem, read_solution, write_solution},
    model::Problem,
    search::{Progress, Settings, Watch, solve},
};
use args::Args;
use serde_json::json;
use std::{
    process::ExitCode,
    sync::{Mutex, atomic::AtomicBool},
};

/// What it can do.
pub const USAGE: &str = "\
usage:
  solve INSTANCE [--seconds 60] [--threads 2] [--seed 1] [--steps N] [--start SOLUTION] [--out FILE]
  check INSTANCE SOLUTION
  explain INSTANCE SOLUTION [--seat SHIFT/ROLE]
  draw INSTANCE SOLUTION --out FILE.svg
Both formats are read, told apart by content. Status: 0 fine, 1 a hard rule is broken, 2 bad input.";

/// Runs a command. `clock` gives seconds since the program began.
pub fn run(args: impl IntoIterator<Item = String>, clock: &(dyn Fn() -> f64 + Sync)) -> ExitCode {
    match Args::of(args).and_then(|args| command(&args, clock)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(text) => {
            eprintln!("{text}");
            ExitCode::from(2)
        }
    }
}

fn text_of(file: &str) -> Result<String, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    String::from_utf8(bytes).map_err(|_| format!("{file}: expected text in UTF-8"))
}

fn instance(args: &Args) -> Result<(Problem, Format), String> {
    let file = args.file(0).ok_or(USAGE)?;
    read_problem(file, &text_of(file)?).map_err(|error| error.to_string())
}

fn solution(problem: &Problem, file: Option<&str>) -> Result<Solution, String> {
    let file = file.ok_or(USAGE)?;
    read_solution(problem, file, &text_of(file)?).map_err(|error| error.to_string())
}

fn command(args: &Args, clock: &(dyn Fn() -> f64 + Sync)) -> Result<bool, String> {
    match args.command.as_str() {
        "solve" => fill(args, clock),
        "check" => judge(args),
        "explain" => explain(args),
        "draw" => picture(args),
        _ => Err(USAGE.into()),
    }
}

fn fill(args: &Args, clock: &(dyn Fn() -> f64 + Sync)) -> Result<bool, String> {
    let (problem, format) = instance(args)?;
    let start = match args.option("start") {
        Some(file) => Some(solution(&problem, Some(file))?.roster),
        None => None,
    };
    let settings = Settings {
        seconds: args.number("seconds", 60.0)?,
        threads: args.number("threads", 2)?,
        seed: args.number("seed", 1)?,
        steps: args.option("steps").map(|_| args.number("steps", 0)).transpose()?,
    };
    let (cancelled, told) = (AtomicBool::new(false), Mutex::new(-1.0));
    let listener = |progress: &Progress| {
        // At most ten lines a second.
        let Ok(mut last) = told.lock() else { return };
        if progress.seconds - *last >= 0.1 {
            *last = progress.seconds;
            let bound = progress.bound.map_or_else(|| "none".into(), |bound| bound.to_string());
            eprintln!(
                "{:.1} s: cost {}, bound {bound}, empty {}",
                progress.seconds, progress.cost, progress.empty
            );
        }
    };
    let outcome = solve(&problem, &settings, start.as_ref(), &Watch::new(clock, &cancelled, &listener));
    if let Some(file) = args.option("out") {
        let text = write_solution(&problem, format, &outcome.roster, outcome.bound, outcome.seconds);
        std::fs::write(file, text).map_err(|error| format!("{file}: {error}"))?;
    }
    let seconds = (outcome.seconds * 100.0).round() / 100.0;
    println!(
        "{}",
        json!({"instance": problem.name, "cost": outcome.cost, "bound": outcome.bound, "seconds": seconds,
            "hard": outcome.hard, "optimal": outcome.is_optimal()})
    );
    Ok(outcome.hard == 0)
}

fn judge(args: &Args) -> Result<bool, String> {
    let (problem, _) = instance(args)?;
    let solution = solution(&problem, args.file(1))?;
    let verdict = check(&problem, &solution.roster);
    let terms: serde_json::Map<String, serde_json::Value> =
        verdict.terms.named().iter().map(|&(name, cost)| (name.into(), json!(cost))).collect();
    let mut broken: Vec<String> = verdict.broken.iter().map(|b| b.line(&problem)).collect();
    if let Some(bound) = solution.bound.filter(|&bound| bound > verdict.cost) {
        broken.push(format!("the claimed bound {bound} is above the cost {}", verdict.cost));
    }
    println!(
        "{}",
        json!({"instance": problem.name, "broken": broken.len(), "cost": verdict.cost, "terms": terms,
            "first_broken": broken.iter().take(5).collect::<Vec<_>>()})
    );
    Ok(broken.is_empty())
}

fn explain(args: &Args) -> Result<bool, String> {
    let (problem, _) = instance(args)?;
    let roster = solution(&problem, args.file(1))?.roster;
    let seats = match args.option("seat") {
        None => vacancies(&problem, &roster).into_iter().map(|(shift, role, _)| (shift, role)).collect(),
        Some(text) => {
            let known = text.rsplit_once('/').and_then(|(shift, role)| {
                let shift = problem.shifts.iter().position(|s| s.id == shift)? as u32;
                let role = problem.roles.iter().position(|r| r.id == role)? as u32;
                problem.seat(shift, role).map(|_| (shift, role))
            });
            vec![known.ok_or_else(|| format!("--seat: expected SHIFT/ROLE of the instance, not {text:?}"))?]
        }
    };
    let person = |p: u32| problem.people[p as usize].id.as_str();
    for (shift, role) in seats {
        let vacancy = explain_seat(&problem, &roster, shift, role);
        let reasons: serde_json::Map<String, serde_json::Value> =
            vacancy.in_sum.iter().map(|(rule, n)| (rule.to_string(), json!(n))).collect();
        let list = |candidates: &[crate::explain::Candidate]| -> Vec<serde_json::Value> {
            let shown = candidates.iter().take(5);
            shown
                .map(|c| {
                    let reasons: Vec<String> = c.reasons.iter().map(ToString::to_string).collect();
                    json!({"person": person(c.person), "cost": c.cost, "reasons": reasons})
                })
                .collect()
        };
        println!(
            "{}",
            json!({"shift": problem.shifts[shift as usize].id, "role": problem.roles[role as usize].id,
                "missing": vacancy.missing, "kept_away": reasons, "one_rule_away": list(&vacancy.one_away),
                "substitutes": list(&vacancy.substitutes)})
        );
    }
    if args.option("seat").is_none() {
        for load in loads(&problem, &roster) {
            println!(
                "{}",
                json!({"person": person(load.person), "shifts": load.shifts, "minutes": load.minutes,
                    "fair_minutes": load.fair_minutes, "wishes": load.wishes})
            );
        }
    }
    Ok(true)
}

fn picture(args: &Args) -> Result<bool, String> {
    let (problem, _) = instance(args)?;
    let roster = solution(&problem, args.file(1))?.roster;
    let file = args.option("out").ok_or("draw: expected --out FILE.svg")?;
    std::fs::write(file, draw(&problem, &roster)).map_err(|error| format!("{file}: {error}"))?;
    Ok(true)
}
