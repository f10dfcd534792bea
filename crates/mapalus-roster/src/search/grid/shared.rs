//! What the threads of a search on a grid share: the best roster, the bound, and when it is over.

use super::{Row, board::Board, layout::Grid};
use crate::search::{Progress, Settings, Watch};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
};

const NO_BOUND: i64 = i64::MIN;

pub(super) struct Shared<'a> {
    pub grid: &'a Grid,
    pub settings: &'a Settings,
    pub watch: &'a Watch<'a>,
    best: Mutex<(i64, Vec<Row>)>,
    cost: AtomicI64,
    bound: AtomicI64,
    proved: AtomicBool,
    pub steps: AtomicU64,
}

impl<'a> Shared<'a> {
    pub(super) fn new(board: &Board<'a>, settings: &'a Settings, watch: &'a Watch<'a>) -> Self {
        let shared = Self {
            grid: board.grid,
            settings,
            watch,
            best: Mutex::new((board.cost, board.rows.clone())),
            cost: AtomicI64::new(board.cost),
            bound: AtomicI64::new(NO_BOUND),
            proved: AtomicBool::new(false),
            steps: AtomicU64::new(0),
        };
        shared.tell(&board.counts);
        shared
    }

    /// Whether the threads may look at one another: not where the result must be the same on every machine.
    pub(super) fn talks(&self) -> bool {
        self.settings.steps.is_none()
    }

    /// Takes the roster where it is the best so far.
    pub(super) fn offer(&self, board: &Board<'_>) {
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
        self.watch.tell(&Progress {
            seconds: self.watch.elapsed(),
            cost: self.cost.load(Ordering::Relaxed),
            bound: self.bound(),
            empty,
        });
    }

    fn compare(&self) {
        if self.talks() && self.bound.load(Ordering::Relaxed) >= self.cost.load(Ordering::Relaxed) {
            self.proved.store(true, Ordering::Relaxed);
        }
    }

    pub(super) fn raise(&self, bound: Option<i64>) {
        if let Some(bound) = bound {
            self.bound.fetch_max(bound, Ordering::Relaxed);
            self.compare();
        }
    }

    pub(super) fn bound(&self) -> Option<i64> {
        Some(self.bound.load(Ordering::Relaxed)).filter(|&bound| bound > NO_BOUND)
    }

    /// Whether the time is over, or nothing is left to be found.
    pub(super) fn over(&self) -> bool {
        self.proved.load(Ordering::Relaxed) || self.watch.is_over(self.settings)
    }

    /// Share of the time that is over.
    pub(super) fn share(&self) -> f64 {
        self.watch.elapsed() / self.settings.seconds.max(1e-9)
    }

    pub(super) fn cost(&self) -> i64 {
        self.cost.load(Ordering::Relaxed)
    }

    pub(super) fn best(&self) -> (i64, Vec<Row>) {
        self.best.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
