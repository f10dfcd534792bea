//! The command line, as a function: `mapalus-roster ...` and `mapalus roster ...` call it.

mod args;
mod explain;

use crate::{
    checker::check,
    draw::draw,
    formats::{Format, Solution, read_problem, read_solution, write_solution},
    model::Problem,
    search::{Progress, Settings, Watch, solve},
};
use args::Args;
use serde_json::json;
use std::{
    io::Write,
    process::ExitCode,
    sync::{Mutex, atomic::AtomicBool},
};

/// What it can do.
pub const USAGE: &str = "\
Fills shifts with people around their lives, says how good the result is, and why.

  solve INSTANCE [--seconds 60] [--threads 2] [--seed 1] [--steps N] [--start SOLUTION] [--out FILE]
          fills the roster: progress on standard error, at the end one line of JSON on standard output
          --seconds N   stop after this time, or earlier where the best is proved
          --steps N     stop after this many steps of each thread: the same roster on every machine
          --start FILE  begin with this roster
          --out FILE    write the roster there
  check INSTANCE SOLUTION
          says in one line of JSON which hard rules are broken and what the roster costs, term by term
  explain INSTANCE SOLUTION [--seat SHIFT/ROLE]
          a line of JSON for each seat that lacks people, each assignment, each person, and the fairness;
          with --seat only that seat, person by person
  draw INSTANCE SOLUTION --out FILE.svg
          a picture: time lines of each place and of each person, empty seats in red

Reads mapalus-roster/1 (JSON) and the text of the shift scheduling benchmark, told apart by content.
Status: 0 fine, 1 a hard rule is broken, 2 bad input.";

/// Seconds since some beginning; never goes back.
pub type Clock<'a> = &'a (dyn Fn() -> f64 + Sync);

/// Runs a command. `clock` gives seconds since the program began.
pub fn run(args: impl IntoIterator<Item = String>, clock: Clock<'_>) -> ExitCode {
    match Args::of(args).and_then(|args| command(args.as_ref(), clock)) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::from(1),
        Err(text) => {
            eprintln!("{text}");
            ExitCode::from(2)
        }
    }
}

/// One line on standard output; whoever does not listen any more (`| head`) is not told.
fn say(line: &impl std::fmt::Display) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn text_of(file: &str) -> Result<String, String> {
    let bytes = std::fs::read(file).map_err(|error| format!("{file}: {error}"))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        format!("{file}: byte {at}: expected text in UTF-8")
    })
}

fn instance(args: &Args) -> Result<(Problem, Format), String> {
    let file = args.file(0);
    read_problem(file, &text_of(file)?).map_err(|error| error.to_string())
}

fn solution(problem: &Problem, file: &str) -> Result<Solution, String> {
    read_solution(problem, file, &text_of(file)?).map_err(|error| error.to_string())
}

fn command(args: Option<&Args>, clock: Clock<'_>) -> Result<bool, String> {
    let Some(args) = args else {
        say(&USAGE);
        return Ok(true);
    };
    match args.command.as_str() {
        "solve" => fill(args, clock),
        "check" => judge(args),
        "explain" => explain::run(args, clock),
        _ => picture(args),
    }
}

fn fill(args: &Args, clock: Clock<'_>) -> Result<bool, String> {
    let settings = Settings {
        seconds: args.number("seconds", 60.0)?,
        threads: args.number("threads", 2)?,
        seed: args.number("seed", 1)?,
        steps: args.option("steps").map(|_| args.number("steps", 0)).transpose()?,
    };
    if !(settings.seconds >= 0.0 && settings.threads >= 1) {
        return Err("solve: expected --seconds of at least 0 and --threads of at least 1".into());
    }
    let (problem, format) = instance(args)?;
    let start =
        args.option("start").map(|file| solution(&problem, file)).transpose()?.map(|start| start.roster);
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
    say(&json!({"instance": problem.name, "cost": outcome.cost, "bound": outcome.bound, "seconds": seconds,
        "hard": outcome.hard, "optimal": outcome.is_optimal()}));
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
    say(
        &json!({"instance": problem.name, "broken": broken.len(), "cost": verdict.cost, "bound": solution.bound,
        "terms": terms, "assignments": solution.roster.assignments.len(),
        "first_broken": broken.iter().take(5).collect::<Vec<_>>()}),
    );
    Ok(broken.is_empty())
}

fn picture(args: &Args) -> Result<bool, String> {
    let file = args.option("out").ok_or("draw: expected --out FILE.svg")?;
    let (problem, _) = instance(args)?;
    let roster = solution(&problem, args.file(1))?.roster;
    std::fs::write(file, draw(&problem, &roster)).map_err(|error| format!("{file}: {error}"))?;
    Ok(true)
}
