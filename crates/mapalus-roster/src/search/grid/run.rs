//! The order of the search on a grid: a first roster, then each thread goes its way, the first one with the bound.

use super::{
    board::Board,
    columns::in_parts,
    dual::{Advice, Dual},
    layout::Grid,
    row::Pricer,
    settle::{keep_legal, start_rows},
    shared::Shared,
    worker::{Worker, is_for_pricing},
};
use crate::{
    model::{Problem, Roster},
    search::{Outcome, Settings, Watch},
};
use std::sync::atomic::Ordering;

/// Share of the time, or rounds where steps are limited, that are spent on prices before the first roster.
const ADVISING: f64 = 0.15;

/// Seconds of it at most: whoever has an hour does not want to wait so long for a first roster.
const ADVISING_SECONDS: f64 = 30.0;
const ADVISING_ROUNDS: u64 = 60;

/// The share where a programme of everybody gives better prices later, or a roster is there already.
const ADVISING_FIRST: f64 = 0.02;

/// What prices of all people together say of a good roster, and the bound that they prove; for a moment only where it is
/// to be `soon`.
fn advise(
    grid: &Grid,
    parts: &Grid,
    settings: &Settings,
    watch: &Watch<'_>,
    soon: bool,
) -> (Option<Advice>, Option<i64>) {
    let mut dual = Dual::new(grid, parts);
    let timed = settings.steps.is_none();
    let share = if soon { ADVISING_FIRST } else { ADVISING };
    let until = (share * settings.seconds).min(ADVISING_SECONDS);
    let late = || watch.is_over(settings) || (timed && watch.elapsed() > until);
    // About what a good roster costs: a twentieth of what nobody at all would.
    let idle: i64 = (0..grid.want.len()).map(|cell| grid.cover(cell, 0)).sum();
    let mut rounds = 0;
    while dual.round(grid.base + idle / 20, &mut || late()) && (timed || rounds < ADVISING_ROUNDS) {
        rounds += 1;
    }
    (dual.advice(), dual.bound())
}

/// Searches a grid; `None` where somebody got no row that keeps their rules.
pub(crate) fn run(
    problem: &Problem,
    grid: &Grid,
    settings: &Settings,
    start: Option<&Roster>,
    watch: &Watch<'_>,
) -> Option<Outcome> {
    let mut pricer = Pricer::new(grid);
    let previous = Roster::new(problem.previous.clone());
    let given = start.or(Some(&previous).filter(|r| !r.assignments.is_empty()));
    let kept = given.map(|roster| grid.rows(roster)).and_then(|rows| keep_legal(grid, &mut pricer, rows));
    let parts = in_parts(grid);
    // What is to be mended is to be mended soon.
    let soon = kept.is_some() || is_for_pricing(grid);
    let (advice, bound) = advise(grid, &parts, settings, watch, soon);
    let weekend = advice.as_ref().map_or(0, |advice| advice.weekend);
    let rows = match kept {
        Some(rows) => rows,
        None if is_for_pricing(grid) => start_rows(grid, &mut pricer, None)?,
        None => start_rows(grid, &mut pricer, advice.as_ref())?,
    };
    let board = Board::new(grid, rows);
    let shared = Shared::new(&board, settings, watch);
    shared.raise(bound);
    let threads = settings.threads.max(1) as u64;
    let mut best = (board.cost, board.rows.clone());
    std::thread::scope(|scope| {
        let (shared, parts) = (&shared, &parts);
        let others: Vec<_> = (1..threads)
            .map(|thread| {
                let worker = Worker::new(shared, parts, board.clone(), thread, weekend);
                scope.spawn(move || worker.run(false, false))
            })
            .collect();
        let mut found = vec![Worker::new(shared, parts, board.clone(), 0, weekend).run(true, threads == 1)];
        found.extend(others.into_iter().filter_map(|other| other.join().ok()));
        // In the order of the threads, so that equal costs always give the same roster.
        for rows in found {
            if rows.0 < best.0 {
                best = rows;
            }
        }
    });
    Some(Outcome {
        roster: grid.roster(problem, &best.1),
        bound: shared.bound(),
        steps: shared.steps.load(Ordering::Relaxed),
        ..Outcome::default()
    })
}
