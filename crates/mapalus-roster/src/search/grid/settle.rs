//! First rows, and the simplest way down: each person in turn gets their best days while the others stand.

use super::{
    Row,
    board::Board,
    dual::Advice,
    layout::Grid,
    row::{Pricer, Stretch},
};
use crate::search::Chance;

/// First rows: each person in turn gets a good row against what is still wanted. `None` where somebody has none.
pub(super) fn start_rows(grid: &Grid, pricer: &mut Pricer<'_>, advice: Option<&Advice>) -> Option<Vec<Row>> {
    let mut counts = vec![0; grid.want.len()];
    let mut rows = Vec::new();
    for p in 0..grid.lines.len() {
        let prices: Vec<i64> = (0..counts.len())
            .map(|c| match advice {
                _ if counts[c] >= grid.want[c] => grid.above[c],
                // What is worth nothing to a fraction is still to be filled.
                Some(advice) => -(advice.worth[c] * 3 + grid.below[c]) / 4,
                None => -grid.below[c],
            })
            .collect();
        let row = new_row(grid, pricer, p, &prices, advice)?;
        for (day, &cell) in row.iter().enumerate().filter(|(_, c)| **c > 0) {
            counts[day * grid.kinds + cell as usize - 1] += 1;
        }
        rows.push(row);
    }
    Some(rows)
}

/// A row of a person at prices: stretch by stretch where there are many days, at once where that finds none; the other
/// way round where there are few.
fn new_row(
    grid: &Grid,
    pricer: &mut Pricer<'_>,
    p: usize,
    prices: &[i64],
    advice: Option<&Advice>,
) -> Option<Row> {
    let work = advice.map(|advice| &advice.work[..]);
    let whole = |pricer: &mut Pricer<'_>| pricer.best(p, prices, None).map(|found| found.row);
    if grid.days <= LONGEST {
        whole(pricer).or_else(|| pricer.build(p, prices, work))
    } else {
        let advised = work.and_then(|work| pricer.build(p, prices, Some(work)));
        advised.or_else(|| pricer.build(p, prices, None)).or_else(|| whole(pricer))
    }
}

/// Days that are filled anew at once.
const LONGEST: usize = 42;

/// Gives each person in turn their best days while the others stand, until nobody gains.
pub(super) fn settle(board: &mut Board<'_>, pricer: &mut Pricer<'_>, stop: &mut dyn FnMut() -> bool) {
    let days = board.grid.days;
    let (length, step) = if days <= LONGEST { (days, days) } else { (LONGEST / 2, LONGEST / 3) };
    let mut prices = Vec::new();
    loop {
        let before = board.cost;
        for p in 0..board.rows.len() {
            for from in (0..days.saturating_sub(length - step).max(1)).step_by(step) {
                if stop() {
                    return;
                }
                refit(board, pricer, p, Stretch { from, to: (from + length).min(days) }, &mut prices);
            }
        }
        if board.cost >= before {
            return;
        }
    }
}

/// Gives a person their best days of a stretch; never a worse roster.
fn refit(board: &mut Board<'_>, pricer: &mut Pricer<'_>, p: usize, stretch: Stretch, prices: &mut Vec<i64>) {
    board.marginal(p, prices);
    if let Some(found) = pricer.best(p, prices, Some((&board.rows[p], stretch)))
        && found.row != board.rows[p]
    {
        let (cost, old) = (board.cost, board.rows[p].clone());
        board.set_row(p, &found.row);
        if board.cost > cost {
            board.set_row(p, &old);
        }
    }
}

/// The rows where they keep the rules, and good others for those that do not.
pub(super) fn keep_legal(grid: &Grid, pricer: &mut Pricer<'_>, rows: Vec<Row>) -> Option<Vec<Row>> {
    let mut board = Board::new(grid, rows);
    let broken: Vec<usize> = (0..board.rows.len()).filter(|&p| !board.keeps(p, 0, grid.days)).collect();
    for &p in &broken {
        board = replace(board, p, vec![0; grid.days]);
    }
    let mut prices = Vec::new();
    for &p in &broken {
        board.marginal(p, &mut prices);
        let row = new_row(grid, pricer, p, &prices, None)?;
        board = replace(board, p, row);
    }
    Some(board.rows)
}

fn replace<'a>(board: Board<'a>, p: usize, row: Row) -> Board<'a> {
    let mut rows = board.rows;
    rows[p] = row;
    Board::new(board.grid, rows)
}

/// A window of days, for moves that refill one.
pub(super) fn window(days: usize, length: usize, chance: &mut Chance) -> Stretch {
    let length = length.clamp(1, days);
    let from = chance.below(days - length + 1);
    Stretch { from, to: from + length }
}
