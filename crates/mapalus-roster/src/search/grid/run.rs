//! The order of the search on a grid: a first roster, then one thread prices and dives while the others walk.

use super::{
    Row,
    anneal::{Schedule, walk},
    board::Board,
    columns::{Generator, Task, in_parts, settle},
    layout::Grid,
    row::Pricer,
};
use crate::{
    model::{Problem, Roster},
    search::{Chance, Outcome, Progress, Settings, Watch},
};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

/// What the threads share.
struct Shared<'a> {
    grid: &'a Grid,
    settings: &'a Settings,
    watch: &'a Watch<'a>,
    best: Mutex<(i64, Vec<Row>)>,
    cost: AtomicI64,
    bound: AtomicI64,
    proved: AtomicBool,
    steps: AtomicU64,
}

const NO_BOUND: i64 = i64::MIN;

impl Shared<'_> {
    fn offer(&self, board: &Board<'_>) {
        if board.cost >= self.cost.load(Ordering::Relaxed) {
            return;
        }
        let mut best = self.best.lock().unwrap_or_else(PoisonError::into_inner);
        if board.cost < best.0 {
            *best = (board.cost, board.rows.clone());
            self.cost.store(best.0, Ordering::Relaxed);
            drop(best);
            self.tell(&board.counts);
            self.compare();
        }
    }

    fn tell(&self, counts: &[i64]) {
        let empty = counts.iter().zip(&self.grid.want).map(|(n, want)| (want - n).max(0)).sum();
        let bound = self.bound.load(Ordering::Relaxed);
        self.watch.tell(&Progress {
            seconds: self.watch.elapsed(),
            cost: self.cost.load(Ordering::Relaxed),
            bound: (bound > NO_BOUND).then_some(bound),
            empty,
        });
    }

    fn compare(&self) {
        if self.bound.load(Ordering::Relaxed) >= self.cost.load(Ordering::Relaxed) {
            self.proved.store(true, Ordering::Relaxed);
        }
    }

    fn raise(&self, bound: Option<i64>) {
        if let Some(bound) = bound {
            self.bound.fetch_max(bound, Ordering::Relaxed);
            self.compare();
        }
    }

    fn over(&self) -> bool {
        self.proved.load(Ordering::Relaxed) || self.watch.is_over(self.settings)
    }

    fn best(&self) -> (i64, Vec<Row>) {
        self.best.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// First rows: each person in turn gets their best row against what is still wanted. `None` where somebody has none.
fn start_rows(grid: &Grid, pricer: &mut Pricer<'_>) -> Option<Vec<Row>> {
    let idle: Vec<Row> = vec![vec![0; grid.days]; grid.lines.len()];
    let mut counts = vec![0; grid.want.len()];
    let mut rows = idle;
    for p in 0..rows.len() {
        let prices: Vec<i64> = (0..counts.len())
            .map(|c| if counts[c] < grid.want[c] { -grid.below[c] } else { grid.above[c] })
            .collect();
        let found = pricer.best(p, &prices, None)?;
        for (day, &cell) in found.row.iter().enumerate().filter(|(_, c)| **c > 0) {
            counts[day * grid.kinds + cell as usize - 1] += 1;
        }
        rows[p] = found.row;
    }
    Some(rows)
}

/// First rows of the kinds of one length, the most common first, where whole rows of all kinds are too much.
fn start_coarsely(grid: &Grid) -> Option<Vec<Row>> {
    let mut lengths: Vec<i64> = grid.length.clone();
    lengths.sort_unstable();
    lengths.dedup();
    lengths.sort_by_key(|&l| std::cmp::Reverse(grid.length.iter().filter(|&&k| k == l).count()));
    lengths.into_iter().find_map(|length| {
        let coarse = grid.of_length(length);
        start_rows(&coarse, &mut Pricer::new(&coarse))
    })
}

/// Searches a grid.
pub(crate) fn run(
    problem: &Problem,
    grid: &Grid,
    settings: &Settings,
    start: Option<&Roster>,
    watch: &Watch<'_>,
) -> Outcome {
    let mut pricer = Pricer::new(grid);
    let previous = Roster::new(problem.previous.clone());
    let given = start.or(Some(&previous).filter(|r| !r.assignments.is_empty()));
    let kept = given.map(|roster| grid.rows(roster)).and_then(|rows| keep_legal(grid, &mut pricer, rows));
    let Some(rows) = kept.or_else(|| start_rows(grid, &mut pricer)).or_else(|| start_coarsely(grid)) else {
        return Outcome::default();
    };
    let board = Board::new(grid, rows);
    let parts = in_parts(grid);
    let shared = Shared {
        grid,
        settings,
        watch,
        best: Mutex::new((board.cost, board.rows.clone())),
        cost: AtomicI64::new(board.cost),
        bound: AtomicI64::new(NO_BOUND),
        proved: AtomicBool::new(false),
        steps: AtomicU64::new(0),
    };
    shared.tell(&board.counts);
    std::thread::scope(|scope| {
        for thread in 1..settings.threads.max(1) {
            let (shared, board) = (&shared, &board);
            scope.spawn(move || walk_on(shared, board.clone(), settings.seed, thread as u64));
        }
        price_on(&shared, &parts, board.clone(), settings.threads < 2);
    });
    let (_, rows) = shared.best();
    let bound = shared.bound.load(Ordering::Relaxed);
    Outcome {
        roster: grid.roster(problem, &rows),
        bound: (bound > NO_BOUND).then_some(bound),
        steps: shared.steps.load(Ordering::Relaxed),
        ..Outcome::default()
    }
}

/// The rows where they keep the rules, and the best others for those that do not.
fn keep_legal(grid: &Grid, pricer: &mut Pricer<'_>, rows: Vec<Row>) -> Option<Vec<Row>> {
    let mut board = Board::new(grid, rows);
    let broken: Vec<usize> = (0..board.rows.len()).filter(|&p| !board.keeps(p, 0, grid.days)).collect();
    for &p in &broken {
        board = replace(board, p, vec![0; grid.days]);
    }
    let mut prices = Vec::new();
    for &p in &broken {
        board.marginal(p, &mut prices);
        let found = pricer.best(p, &prices, None)?;
        board = replace(board, p, found.row);
    }
    Some(board.rows)
}

fn replace<'a>(board: Board<'a>, p: usize, row: Row) -> Board<'a> {
    let mut rows = board.rows;
    rows[p] = row;
    Board::new(board.grid, rows)
}

/// Rows of the largest linear programme that is tried.
const MOST_ROWS: usize = 700;

/// Prices, dives, and then solves for a few people at a time while the others stand.
fn price_on(shared: &Shared<'_>, parts: &Grid, mut board: Board<'_>, alone: bool) {
    let grid = board.grid;
    let mut chance = Chance::new(shared.settings.seed);
    let mut pricer = Pricer::new(grid);
    let everybody: Vec<usize> = (0..board.rows.len()).collect();
    let mut stop = |bound: Option<i64>| {
        shared.raise(bound);
        shared.over()
    };
    settle(&mut board, &mut pricer, &everybody, &mut stop);
    shared.offer(&board);
    let cells = (0..grid.want.len()).filter(|&c| grid.below[c] + grid.above[c] > 0).count();
    if cells + everybody.len() > MOST_ROWS {
        // The programme would take longer than it gives.
        return walk_on(shared, board, shared.settings.seed, 0);
    }
    if alone {
        let schedule = Schedule { hot: 40.0, cold: 1.0, steps: 2_000_000, refill: 400 };
        let until = shared.settings.seconds * 0.15;
        walk(&mut board, &mut pricer, &schedule, &mut chance, &mut |board, _| {
            shared.offer(board);
            shared.over() || shared.watch.elapsed() > until
        });
    }
    let mut generator = Generator::new(grid, parts);
    let limit = shared.settings.steps.unwrap_or(u64::MAX);
    for round in 0..limit {
        if shared.over() {
            return;
        }
        let (cost, rows) = shared.best();
        if cost != board.cost {
            board = Board::new(grid, rows);
        }
        shared.steps.fetch_add(1, Ordering::Relaxed);
        let whole = round < 1;
        let people = if whole {
            everybody.clone()
        } else {
            choose(&board, 4 + chance.below((everybody.len() / 2).min(18)), &mut chance)
        };
        let task = Task {
            people: &people,
            beat: board.cost,
            rounds: if whole { 100_000 } else { 60 },
            dive_rounds: if whole { 4 } else { 3 },
        };
        generator.learn(&board.rows);
        match generator.solve(&board, &task, &mut chance, &mut stop) {
            Some(rows) => {
                for (&p, row) in people.iter().zip(&rows) {
                    board.set_row(p, row);
                }
                settle(&mut board, &mut pricer, &everybody, &mut stop);
                shared.offer(&board);
            }
            None => {}
        }
    }
}

/// Some people: half of them by chance, half because they could work in a cell that lacks somebody.
fn choose(board: &Board<'_>, group: usize, chance: &mut Chance) -> Vec<usize> {
    let (n, grid) = (board.rows.len(), board.grid);
    let mut people: Vec<usize> = (0..n).collect();
    for i in 0..n {
        people.swap(i, i + chance.below(n - i));
    }
    let short: Vec<usize> =
        (0..grid.want.len()).filter(|&c| board.counts[c] < grid.want[c] && grid.below[c] > 0).collect();
    if !short.is_empty() {
        let cell = short[chance.below(short.len())];
        let able = |p: usize| grid.lines[p].cost[cell] < super::layout::NEVER;
        let mut half = 0;
        for i in 0..n {
            if half < group / 2 && able(people[i]) {
                people.swap(half, i);
                half += 1;
            }
        }
    }
    people.truncate(group);
    people.sort_unstable();
    people
}

/// Walks again and again from the best roster, slower each time.
fn walk_on(shared: &Shared<'_>, board: Board<'_>, seed: u64, thread: u64) {
    let grid = board.grid;
    let mut chance = Chance::new(seed ^ (thread << 32));
    let mut pricer = Pricer::new(grid);
    let cell_weight = grid.below.iter().copied().max().unwrap_or(1) as f64;
    let mut steps: u64 = 4_000_000;
    let mut board = board;
    let mut hot = cell_weight * 0.4;
    while !shared.over() {
        let schedule = Schedule { hot, cold: 0.7, steps, refill: 400 };
        walk(&mut board, &mut pricer, &schedule, &mut chance, &mut |board, _| {
            shared.offer(board);
            shared.over()
        });
        shared.steps.fetch_add(steps, Ordering::Relaxed);
        let (_, rows) = shared.best();
        board = Board::new(grid, rows);
        steps = steps * 3 / 2;
        hot = cell_weight * (0.05 + 0.2 * chance.unit());
    }
}
