//! The engine's own program: `mapalus-roster solve INSTANCE`.

use std::process::ExitCode;

fn main() -> ExitCode {
    #[expect(clippy::disallowed_methods, reason = "the edge: the clock of the search begins here")]
    let began = std::time::Instant::now();
    mapalus_roster::cli::run(std::env::args().skip(1), &move || began.elapsed().as_secs_f64())
}
