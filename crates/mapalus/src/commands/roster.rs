//! `mapalus roster`: the command line of the rostering engine.

use std::{process::ExitCode, time::Instant};

/// Hands the words on.
pub fn run(words: Vec<String>) -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "the edge: the clock of the search begins here")]
    let began = Instant::now();
    mapalus_roster::cli::run(words, &move || began.elapsed().as_secs_f64())
}
