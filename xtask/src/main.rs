//! The project's own tasks, run as `cargo xtask TASK`. Standard library only, so that the first test run pays nothing
//! for the tool that runs it.

mod bench;
mod clock;
mod demo;
mod http;
mod needs;
mod place;
mod postgres;
mod process;
mod steps;
mod tasks;

use std::process::ExitCode;

/// What a task gives: nothing to say, or the sentence that a person needs in order to go on.
type Outcome<T = ()> = Result<T, String>;

const USAGE: &str = "\
cargo xtask TASK

  test [--fast] [--only STEP] [--keep]
          everything: format, lints, data, unit tests on both databases, pages, browser, API
          --fast       format, lints, build and the tests that need no PostgreSQL
          --only STEP  one step and what it needs
          --keep       leave the folders of PostgreSQL and the demo behind and say where they are
  bench [search] [page] [writes] [start] [--groups N]
          measures a release build: each figure beside its reference of the same run; all of them if none is named
          --groups N   groups in the search, 1000000 if not given
  bench roster [--seconds S] [--seeds N] [--family SEED] [--instances WORD] [--with-cp-sat]
          the rostering engine on public instances, on ten of its own making and on volunteers' rosters: for hours
          --seconds S       of each run, 60 if not given
          --seeds N         runs of each instance, 3 if not given
          --family SEED     of the ten instances, 1 if not given
          --instances WORD  only those whose name contains it
          --with-cp-sat     beside it OR-Tools CP-SAT on the same instances (installed by pip)
  shots   screenshots of the demo's screens into docs/guide/images
  docs    write the generated references again";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let outcome = match words.as_slice() {
        ["test", options @ ..] => steps::Options::parse(options).and_then(|options| steps::run(&options)),
        ["bench", options @ ..] => bench::Options::parse(options).and_then(|options| bench::run(&options)),
        ["shots"] => tasks::shots(),
        ["docs"] => tasks::docs(),
        _ => Err(USAGE.to_owned()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(reason) => {
            eprintln!("{reason}");
            ExitCode::FAILURE
        }
    }
}
