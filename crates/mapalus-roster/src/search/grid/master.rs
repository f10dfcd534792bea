//! The linear programme over columns: one row for each cell's head count, one for each person.
//!
//! `min c x`, `A x + below - above = want`, `sum of a person's columns = 1`. Right sides are shaken by a hair against
//! degeneracy; bounds are never read off here but worked out in whole numbers from the prices.

use crate::search::{chance::Chance, linear::Linear};
use std::collections::HashSet;

/// A column: cells it covers, its person, its cost.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub person: usize,
    pub cells: Vec<u32>,
    pub cost: f64,
}

/// Cost of a column that was closed while it was still in use.
const CLOSED: f64 = 1e5;

pub(super) struct Master {
    /// Rows: cells first, then people.
    cells: usize,
    pub columns: Vec<Column>,
    known: HashSet<(usize, Vec<u32>)>,
    /// Number of each column in the programme.
    number: Vec<usize>,
    linear: Linear,
}

impl Master {
    /// A programme that begins with one column for each person, in their order.
    pub(super) fn new(
        below: &[f64],
        above: &[f64],
        want: &[f64],
        first: Vec<Column>,
        chance: &mut Chance,
    ) -> Self {
        let cells = below.len();
        let mut right: Vec<f64> = want.iter().map(|w| w + (chance.unit() - 0.5) * 2e-5).collect();
        right.resize(cells + first.len(), 1.0);
        let mut short = right[..cells].to_vec();
        for column in &first {
            column.cells.iter().for_each(|&cell| short[cell as usize] -= 1.0);
        }
        let mut linear = Linear::new(right, CLOSED);
        let mut basis = Vec::new();
        for (cell, (&below, &above)) in below.iter().zip(above).enumerate() {
            let under = linear.add([(cell as u32, 1.0)], below, f64::INFINITY);
            let over = linear.add([(cell as u32, -1.0)], above, f64::INFINITY);
            basis.push(if short[cell] >= 0.0 { under } else { over });
        }
        let mut out = Self { cells, columns: Vec::new(), known: HashSet::new(), number: Vec::new(), linear };
        for column in first {
            out.add(column);
        }
        basis.extend(&out.number);
        out.linear.begin(basis, &[]);
        out
    }

    /// Price of each row.
    pub(super) fn price(&self) -> &[f64] {
        &self.linear.price
    }

    /// Works out all prices anew.
    pub(super) fn reprice(&mut self) {
        self.linear.reprice();
    }

    /// Adds a column, unless it stands there already.
    pub(super) fn add(&mut self, column: Column) -> bool {
        if !self.known.insert((column.person, column.cells.clone())) {
            return false;
        }
        let person = ((self.cells + column.person) as u32, 1.0);
        let entries = column.cells.iter().map(|&cell| (cell, 1.0)).chain([person]);
        self.number.push(self.linear.add(entries, column.cost, f64::INFINITY));
        self.columns.push(column);
        true
    }

    /// Leaves a column out from now on.
    pub(super) fn close(&mut self, j: usize) {
        self.linear.close(self.number[j], true);
    }

    /// The objective of the current basis.
    pub(super) fn objective(&self) -> f64 {
        self.linear.objective()
    }

    /// Share of each open column that is in use.
    pub(super) fn shares(&self) -> Vec<(usize, f64)> {
        let open = (0..self.columns.len()).filter(|&j| !self.linear.is_closed(self.number[j]));
        open.map(|j| (j, self.linear.share(self.number[j]))).filter(|(_, share)| *share > 1e-4).collect()
    }

    /// Moves to an optimum of the present columns, or as far as `stop` lets it. Gives the work it was.
    pub(super) fn solve(&mut self, stop: &mut dyn FnMut() -> bool) -> u64 {
        let before = self.linear.work();
        self.linear.solve(stop);
        self.linear.work() - before
    }
}
