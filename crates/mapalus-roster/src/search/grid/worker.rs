//! One thread of the search on a grid: it walks, and solves for a few people on a few days while the others stand, each
//! as often as it pays.

use super::{
    Row,
    anneal::{Schedule, walk},
    board::Board,
    choose::choose,
    columns::{Generator, Task},
    layout::Grid,
    row::{Pricer, Stretch},
    settle::settle,
    shared::Shared,
};
use crate::search::Chance;

/// Work of a step of a walk, in the unit of [`Generator::work`].
const STEP_WORK: u64 = 60;

/// Work of a subprogramme that is about right: half a second, so that some dozen are tried in a minute.
const SMALL_WORK: u64 = 30_000_000;

/// Steps that a subprogramme counts for where steps are limited.
const TASK_STEPS: u64 = 20_000;

/// Rows of the largest linear programme: its inverse stands in memory as a whole.
const MOST_ROWS: usize = 1100;

/// Whether the programme of everybody on all days is small enough.
pub(super) fn is_for_pricing(grid: &Grid) -> bool {
    let cells = (0..grid.want.len()).filter(|&c| grid.below[c] + grid.above[c] > 0).count();
    cells + grid.lines.len() <= MOST_ROWS
}

pub(super) struct Worker<'s, 'a> {
    shared: &'s Shared<'a>,
    board: Board<'a>,
    /// The best roster of this thread.
    own: (i64, Vec<Row>),
    pricer: Pricer<'a>,
    generator: Generator<'a>,
    chance: Chance,
    /// Steps left, where they are limited.
    left: u64,
    /// Rows of the next subprogramme.
    size: f64,
    /// What a walk and a subprogramme have lately gained per work.
    gain: [f64; 2],
    /// What walks pay for weekends while they are hot.
    weekend: i64,
}

impl<'s, 'a> Worker<'s, 'a> {
    pub(super) fn new(
        shared: &'s Shared<'a>,
        parts: &'a Grid,
        board: Board<'a>,
        thread: u64,
        weekend: i64,
    ) -> Self {
        Self {
            own: (board.cost, board.rows.clone()),
            pricer: Pricer::new(shared.grid),
            generator: Generator::new(shared.grid, parts),
            chance: Chance::new(shared.settings.seed ^ (thread << 32)),
            left: shared.settings.steps.unwrap_or(u64::MAX),
            size: 120.0,
            gain: [f64::INFINITY; 2],
            weekend,
            shared,
            board,
        }
    }

    /// Searches until it is over; the first thread works out the bound as well. Gives its best roster.
    pub(super) fn run(mut self, prices: bool, alone: bool) -> (i64, Vec<Row>) {
        let shared = self.shared;
        settle(&mut self.board, &mut self.pricer, &mut || shared.over());
        self.note();
        if !is_for_pricing(self.board.grid) {
            // The whole is too large for a programme: the walk has its time as well.
            self.first_walk(0.75);
        } else if prices {
            if alone {
                self.first_walk(0.15);
            }
            self.price_all(if alone { 0.55 } else { 0.6 });
        } else {
            self.first_walk(0.25);
        }
        while self.left > 0 && !self.is_over() {
            self.begin_at_best();
            let (before, worked) = (self.board.cost, self.generator.work());
            let way = if self.chance.below(5) == 0 {
                self.chance.below(2)
            } else {
                usize::from(self.gain[1] >= self.gain[0])
            };
            let work = if way == 0 {
                let weight = self.weight();
                let hot = weight * (0.04 + 0.2 * self.chance.unit());
                let weekend = self.weekend / 2;
                self.walk(&Schedule { hot, cold: 0.7, steps: 1_500_000, refill: 400, weekend }) * STEP_WORK
            } else {
                self.solve_some();
                self.generator.work() - worked
            };
            let rate = (before - self.own.0).max(0) as f64 / work.max(1) as f64;
            let old = if self.gain[way].is_finite() { self.gain[way] } else { rate };
            self.gain[way] = 0.7 * old + 0.3 * rate;
        }
        self.own
    }

    fn is_over(&self) -> bool {
        self.shared.over() || self.generator.bound.is_some_and(|bound| bound >= self.own.0)
    }

    fn weight(&self) -> f64 {
        self.board.grid.below.iter().copied().max().unwrap_or(1) as f64
    }

    fn note(&mut self) {
        if self.board.cost < self.own.0 {
            self.own = (self.board.cost, self.board.rows.clone());
            self.shared.offer(&self.board);
        }
    }

    fn begin_at_best(&mut self) {
        if self.shared.talks() && self.shared.cost() < self.own.0 {
            self.own = self.shared.best();
        }
        if self.board.cost != self.own.0 {
            self.board = Board::new(self.board.grid, self.own.1.clone());
        }
    }

    /// A first walk from hot to cold that takes a share of the time or of the steps.
    fn first_walk(&mut self, share: f64) {
        let hot = self.weight() * 0.4;
        let weekend = self.weekend;
        let schedule = |steps| Schedule { hot, cold: 0.7, steps, refill: 400, weekend };
        let steps = match self.shared.settings.steps {
            Some(steps) => (steps as f64 * share) as u64,
            None => {
                let began = self.shared.watch.elapsed();
                self.walk(&Schedule { cold: hot, ..schedule(100_000) });
                let took = (self.shared.watch.elapsed() - began).max(1e-3);
                (self.shared.settings.seconds * share / took * 100_000.0) as u64
            }
        };
        self.walk(&schedule(steps.clamp(1000, 1 << 40)));
    }

    fn walk(&mut self, schedule: &Schedule) -> u64 {
        let schedule = Schedule { steps: schedule.steps.min(self.left), ..*schedule };
        let (shared, own) = (self.shared, &mut self.own);
        let done = walk(&mut self.board, &mut self.pricer, &schedule, &mut self.chance, &mut |board, _| {
            if board.cost < own.0 {
                *own = (board.cost, board.rows.clone());
                shared.offer(board);
            }
            shared.over()
        });
        self.count(done);
        done
    }

    fn count(&mut self, steps: u64) {
        self.shared.steps.fetch_add(steps, std::sync::atomic::Ordering::Relaxed);
        if self.shared.settings.steps.is_some() {
            self.left = self.left.saturating_sub(steps);
        }
    }

    /// The programme of everybody on all days: the bound, and a dive.
    fn price_all(&mut self, until: f64) {
        let (shared, grid) = (self.shared, self.board.grid);
        let everybody: Vec<usize> = (0..self.board.rows.len()).collect();
        self.begin_at_best();
        self.generator.learn(&self.board.rows);
        let task = Task {
            people: &everybody,
            days: Stretch::whole(grid),
            beat: self.board.cost,
            rounds: 100_000,
            dive_rounds: 4,
        };
        let timed = shared.talks();
        let found = self.generator.solve(&self.board, &task, &mut self.chance, &mut |bound| {
            shared.raise(bound);
            shared.over() || (timed && shared.share() > until)
        });
        if let Some(rows) = found {
            self.take(&everybody, &rows);
            settle(&mut self.board, &mut self.pricer, &mut || shared.over());
            self.note();
        }
        self.count(TASK_STEPS);
    }

    /// Solves for a few people on a few days.
    fn solve_some(&mut self) {
        let shared = self.shared;
        let (people, days) = choose(&self.board, self.size as usize, &mut self.chance);
        let worked = self.generator.work();
        let task = Task { people: &people, days, beat: self.board.cost, rounds: 80, dive_rounds: 3 };
        if days == Stretch::whole(self.board.grid) {
            self.generator.learn(&self.board.rows);
        }
        let before = self.board.cost;
        let found = self.generator.solve(&self.board, &task, &mut self.chance, &mut |_| shared.over());
        if let Some(rows) = found {
            self.take(&people, &rows);
        }
        let work = self.generator.work() - worked;
        if work > 4 * SMALL_WORK {
            self.size = (self.size * 0.85).max(40.0);
        } else if work < SMALL_WORK && self.board.cost == before {
            self.size = (self.size * 1.05).min(MOST_ROWS as f64);
        }
        self.count(TASK_STEPS);
    }

    /// Takes rows that were found for some people; where another thread has gone on meanwhile, on its roster too.
    fn take(&mut self, people: &[usize], rows: &[Row]) {
        let old: Vec<Row> = people.iter().map(|&p| self.board.rows[p].clone()).collect();
        for (&p, row) in people.iter().zip(rows) {
            self.board.set_row(p, row);
        }
        self.note();
        if !self.shared.talks() || self.shared.cost() >= self.own.0 {
            return;
        }
        let (cost, best) = self.shared.best();
        let mut board = Board::new(self.board.grid, best);
        for ((&p, row), old) in people.iter().zip(rows).zip(&old) {
            if board.rows[p] == *old {
                board.set_row(p, row);
            }
        }
        if board.cost < cost {
            self.board = board;
            self.note();
        }
    }
}
