//! Moves that reach far: somebody takes a day that lacks people and gives up another, however many weeks away. Work is
//! moved to where it is wanted in one step instead of many small ones.

use super::{Cell, board::Board, layout::NEVER};
use crate::{
    features::weekends::{SATURDAY, SUNDAY},
    search::Chance,
};

/// Somebody takes a cell that lacks people, with days beside it where their rules ask for some, and gives up as much on
/// other days, however far away.
pub(super) fn transfer(board: &mut Board<'_>, temperature: f64, mine: &mut Vec<Cell>, chance: &mut Chance) {
    let grid = board.grid;
    let Some(cell) = board.short_cell(chance) else { return };
    let (day, kind) = (cell / grid.kinds, cell % grid.kinds);
    let people = board.rows.len();
    let can = |p: &usize| grid.lines[*p].cost[cell] < NEVER && board.rows[*p][day] == 0;
    // On a weekend rather somebody who may work one more.
    let has_weekend = |p: &usize| can(p) && board.has_weekend(*p);
    let (is_weekend, begin) = (grid.weekend[day] > 0 && chance.below(4) > 0, chance.below(people));
    let able = is_weekend.then(|| (begin..people).chain(0..begin).find(has_weekend)).flatten();
    let Some(p) = able.or_else(|| (0..6).map(|_| chance.below(people)).find(can)) else { return };
    let before = board.valued();
    let row = &board.rows[p];
    let beside = (day > 0 && row[day - 1] > 0) || (day + 1 < grid.days && row[day + 1] > 0);
    let (mut from, mut to) = (day, day + 1);
    if !beside || chance.below(4) == 0 {
        let length = grid.lines[p].min_run.max(1) + chance.below(3);
        from = day.saturating_sub(chance.below(length));
        to = (from + length).min(grid.days).max(day + 1);
    }
    mine.clear();
    for d in from..to {
        let last = mine.last().copied().unwrap_or(if from > 0 { row[from - 1] } else { 0 });
        mine.push(match row[d] {
            _ if d == day => kind as Cell + 1,
            0 => cheapest(board, p, d, last),
            cell => cell,
        });
    }
    if mine.contains(&0) {
        return;
    }
    take(board, p, from, mine, (temperature, before), chance, None);
}

/// Gives the cells to a person, who gives up as much elsewhere (`first` before others); all is taken back where it breaks
/// a rule or costs too much.
fn take(
    board: &mut Board<'_>,
    p: usize,
    from: usize,
    mine: &mut [Cell],
    (temperature, before): (f64, i64),
    chance: &mut Chance,
    mut first: Option<(usize, usize)>,
) {
    let to = from + mine.len();
    board.swap_in(p, from, mine);
    let mut given: [Option<(usize, usize)>; 2] = [None; 2];
    let mut undo: [[Cell; LONGEST_GIVEN]; 2] = [[0; LONGEST_GIVEN]; 2];
    for i in 0..2 {
        if first.is_none() && board.excess(p) <= 0 && !board.has_too_many_weekends(p) {
            break;
        }
        let Some((a, b)) = first.take().or_else(|| give_up(board, p, (from, to), chance)) else { break };
        board.swap_in(p, a, &mut undo[i][..b - a]);
        given[i] = Some((a, b));
    }
    let keeps = board.keeps(p, from, to) && given.iter().flatten().all(|&(a, b)| board.keeps(p, a, b));
    if !keeps || (board.valued() - before) as f64 > chance.patience(temperature) {
        for i in (0..2).rev() {
            if let Some((a, b)) = given[i] {
                board.swap_in(p, a, &mut undo[i][..b - a]);
            }
        }
        board.swap_in(p, from, mine);
    }
}

/// Of a weekend on which somebody works one day, they work both, and another that they half work is given up: weekends
/// are what is scarce where they are limited. Runs of work around it become no longer, days off no fewer.
pub(super) fn complete(board: &mut Board<'_>, temperature: f64, mine: &mut Vec<Cell>, chance: &mut Chance) {
    let grid = board.grid;
    let (people, days) = (board.rows.len(), grid.days);
    let Some(day) = board.short_cell(chance).map(|cell| cell / grid.kinds) else { return };
    let other = match grid.weekend[day] {
        SATURDAY if day + 1 < days => day + 1,
        SUNDAY if day > 0 => day - 1,
        _ => return,
    };
    let begin = chance.below(people);
    let half = |&p: &usize| board.rows[p][day] == 0 && board.rows[p][other] > 0;
    let Some(p) = (begin..people).chain(0..begin).find(half) else { return };
    let (row, line, before) = (&board.rows[p], &grid.lines[p], board.valued());
    let cell = fitting(board, p, day);
    if cell == 0 {
        return;
    }
    // The run that it becomes, and the runs on either side.
    let run_from = (0..day).rev().find(|&d| row[d] == 0).map_or(0, |d| d + 1);
    let run_to = (day + 1..days).find(|&d| row[d] == 0).unwrap_or(days);
    let (mut from, mut to) = (run_from, run_to);
    let too_long = if line.bounded { (run_to - run_from).saturating_sub(line.max_run) } else { 0 };
    // On the side where it grows the days off before the next run must be enough.
    if day > other {
        let next = (run_to..days).find(|&d| row[d] > 0).unwrap_or(days);
        if next < days && next - run_to < line.min_off {
            to = (run_to + line.min_off).min(days);
        }
    } else {
        let last = (0..run_from).rev().find(|&d| row[d] > 0);
        if last.is_some_and(|last| run_from - last - 1 < line.min_off) {
            from = run_from.saturating_sub(line.min_off);
        }
    }
    mine.clear();
    mine.extend((from..to).map(|d| match d {
        _ if d == day => cell,
        _ if !(run_from..run_to).contains(&d) => 0,
        _ if day > other && d < run_from + too_long => 0,
        _ if day < other && d >= run_to - too_long => 0,
        _ => row[d],
    }));
    let first = (chance.below(4) > 0).then(|| half_weekend(board, p, (from, to), chance)).flatten();
    take(board, p, from, mine, (temperature, before), chance, first);
}

/// Another weekend on which a person works one day, as the days to be given up for it.
fn half_weekend(
    board: &Board<'_>,
    p: usize,
    (from, to): (usize, usize),
    chance: &mut Chance,
) -> Option<(usize, usize)> {
    let (grid, row, days) = (board.grid, &board.rows[p], board.grid.days);
    let begin = chance.below(days);
    let is_half = |&d: &usize| {
        let other = match grid.weekend[d] {
            SATURDAY => d + 1,
            SUNDAY => d.wrapping_sub(1),
            _ => return false,
        };
        row[d] > 0
            && row.get(other).is_some_and(|cell| *cell == 0)
            && !(from.saturating_sub(1)..=to).contains(&d)
    };
    let day = (begin..days).chain(0..begin).find(is_half)?;
    // It stands at an end of its run; a run that would be too short goes as a whole.
    let run_from = (0..day).rev().find(|&d| row[d] == 0).map_or(0, |d| d + 1);
    let run_to = (day..days).find(|&d| row[d] == 0).unwrap_or(days);
    match run_to - run_from {
        length if length > grid.lines[p].min_run => Some((day, day + 1)),
        length if length <= LONGEST_GIVEN => Some((run_from, run_to)),
        _ => None,
    }
}

/// The cheapest kind for a person on a day between the cells beside it; 0 where there is none.
fn fitting(board: &Board<'_>, p: usize, day: usize) -> Cell {
    let (grid, row) = (board.grid, &board.rows[p]);
    let last = if day > 0 { row[day - 1] } else { 0 };
    let next = row.get(day + 1).copied().unwrap_or(0) as usize;
    let mut best = (i64::MAX, 0);
    for kind in 0..grid.kinds {
        let cell = day * grid.kinds + kind;
        let cost = grid.lines[p].cost[cell];
        let follows = last == 0 || grid.follows[(last as usize - 1) * grid.kinds + kind];
        if cost < NEVER && follows && (next == 0 || grid.follows[kind * grid.kinds + next - 1]) {
            best = best.min((cost + board.price_of(cell), kind as Cell + 1));
        }
    }
    best.1
}

/// The cheapest kind for a person on a day after the cell before it; 0 where there is none.
fn cheapest(board: &Board<'_>, p: usize, day: usize, last: Cell) -> Cell {
    let grid = board.grid;
    let mut best = (i64::MAX, 0);
    for kind in 0..grid.kinds {
        let cell = day * grid.kinds + kind;
        let cost = grid.lines[p].cost[cell];
        if cost < NEVER && (last == 0 || grid.follows[(last as usize - 1) * grid.kinds + kind]) {
            best = best.min((cost + board.price_of(cell), kind as Cell + 1));
        }
    }
    best.1
}

/// Days that a person gives up at once at most.
const LONGEST_GIVEN: usize = 4;

/// Days at an end of one of a person's runs of work, or a whole short run, that are missed the least of some.
fn give_up(
    board: &Board<'_>,
    p: usize,
    (from, to): (usize, usize),
    chance: &mut Chance,
) -> Option<(usize, usize)> {
    let (grid, row, line) = (board.grid, &board.rows[p], &board.grid.lines[p]);
    let weekend = board.has_too_many_weekends(p);
    let mut best: Option<(i64, usize, usize)> = None;
    for _ in 0..8 {
        let mut day = chance.below(grid.days);
        if weekend {
            day = (day..grid.days).find(|&d| grid.weekend[d] > 0).unwrap_or(day);
        }
        if row[day] == 0 || (from.saturating_sub(1)..=to).contains(&day) {
            continue;
        }
        let begin = (0..day).rev().find(|&d| row[d] == 0).map_or(0, |d| d + 1);
        let end = (day..grid.days).find(|&d| row[d] == 0).unwrap_or(grid.days);
        let spare = (end - begin).saturating_sub(line.min_run);
        let (a, b) = match chance.below(2) {
            _ if end - begin <= LONGEST_GIVEN && (spare == 0 || chance.below(4) == 0) => (begin, end),
            0 => (begin, begin + 1 + chance.below(spare.min(2))),
            _ => (end - 1 - chance.below(spare.min(2)), end),
        };
        let lost = |d: usize| {
            let cell = d * grid.kinds + row[d] as usize - 1;
            let short = board.counts[cell] <= grid.want[cell];
            (if short { grid.below[cell] } else { -grid.above[cell] }) - line.cost[cell]
        };
        // For each day, so that one is given up rather than two.
        let value = (a..b).map(lost).sum::<i64>();
        if best.is_none_or(|(least, ..)| value < least) {
            best = Some((value, a, b));
        }
    }
    best.map(|(_, a, b)| (a, b))
}
