//! The order of the search on a grid: a first roster, then each thread goes its way, the first one with the bound.

use super::{
    board::Board,
    columns::in_parts,
    layout::Grid,
    row::Pricer,
    settle::{keep_legal, start_rows},
    shared::Shared,
    worker::Worker,
};
use crate::{
    model::{Problem, Roster},
    search::{Outcome, Settings, Watch},
};
use std::sync::atomic::Ordering;

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
    let rows = kept.or_else(|| start_rows(grid, &mut pricer))?;
    let board = Board::new(grid, rows);
    let parts = in_parts(grid);
    let shared = Shared::new(&board, settings, watch);
    let threads = settings.threads.max(1) as u64;
    let mut best = (board.cost, board.rows.clone());
    std::thread::scope(|scope| {
        let (shared, parts) = (&shared, &parts);
        let others: Vec<_> = (1..threads)
            .map(|thread| {
                let worker = Worker::new(shared, parts, board.clone(), thread);
                scope.spawn(move || worker.run(false, false))
            })
            .collect();
        let mut found = vec![Worker::new(shared, parts, board.clone(), 0).run(true, threads == 1)];
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
