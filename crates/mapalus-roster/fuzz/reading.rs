//! What is done with a text that may be anything: it is read or refused with its place, and what was read is judged,
//! explained, drawn, solved for a moment, written and read again. Nothing may panic.

use mapalus_roster::{
    checker::check,
    draw::draw,
    explain::{Standing, fairness, vacancies},
    formats::{read_problem, read_solution, write_solution},
    model::Problem,
    search::{Settings, Watch, solve},
};
use std::sync::atomic::AtomicBool;

/// Stands between an instance and its solution.
pub const BETWEEN: char = '\u{1e}';

/// Reads a text. Gives whether instance and solution could be read.
pub fn read(text: &str) -> (bool, bool) {
    let (instance, solution) = text.split_once(BETWEEN).unwrap_or((text, ""));
    let (problem, format) = match read_problem("instance", instance) {
        Ok(read) => read,
        Err(error) => {
            assert_eq!(error.file, "instance");
            assert!(!error.place.is_empty() && !error.expected.is_empty(), "{error:?}");
            return (false, false);
        }
    };
    let read = match read_solution(&problem, "solution", solution) {
        Ok(read) => read,
        Err(error) => {
            assert_eq!(error.file, "solution");
            assert!(!error.place.is_empty() && !error.expected.is_empty(), "{error:?}");
            return (true, false);
        }
    };
    check(&problem, &read.roster);
    if is_small(&problem) {
        let mut standing = Standing::new(&problem, &read.roster);
        for (shift, role, _) in vacancies(&problem, &read.roster).into_iter().take(2) {
            standing.vacancy(shift, role, 2);
        }
        for &assignment in read.roster.assignments.iter().take(2) {
            assert!(standing.why(assignment).is_some());
        }
        fairness(&standing.loads());
        draw(&problem, &read.roster);
        let cancelled = AtomicBool::new(false);
        let settings = Settings { steps: Some(40), ..Settings::default() };
        let watch = Watch::new(&|| 0.0, &cancelled, &|_| {});
        let solved = solve(&problem, &settings, None, &watch);
        assert_eq!(solved.cost, check(&problem, &solved.roster).cost);
        let text = write_solution(&problem, format, &solved.roster, solved.bound, solved.seconds);
        let again = read_solution(&problem, "again", &text).expect("what was written can be read");
        assert_eq!(again.roster.assignments, solved.roster.assignments);
    }
    (true, true)
}

/// Whether all of it is done in some milliseconds.
fn is_small(problem: &Problem) -> bool {
    problem.people.len() <= 8 && problem.shifts.len() <= 120 && problem.days() <= 60
}
