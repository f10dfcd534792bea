//! The linear programme over columns: one row for each cell's head count, one for each person.
//!
//! `min c x`, `A x + below - above = want`, `sum of a person's columns = 1`. A revised primal simplex with an explicit
//! inverse: a few hundred rows, columns of some twenty ones. Right sides are shaken by a hair against degeneracy; bounds
//! are never read off here but worked out in whole numbers from the prices.

use crate::search::chance::Chance;
use std::collections::HashSet;

const TINY: f64 = 1e-9;

/// A column: cells it covers, its person, its cost.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub person: usize,
    pub cells: Vec<u32>,
    pub cost: f64,
    pub closed: bool,
}

/// Cost of a column that was closed while it was still in use.
const CLOSED: f64 = 1e5;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Basic {
    Column(usize),
    Below(usize),
    Above(usize),
}

pub(super) struct Master {
    /// Rows: cells first, then people.
    cells: usize,
    rows: usize,
    below: Vec<f64>,
    above: Vec<f64>,
    want: Vec<f64>,
    pub columns: Vec<Column>,
    known: HashSet<(usize, Vec<u32>)>,
    in_basis: Vec<bool>,
    below_in: Vec<bool>,
    above_in: Vec<bool>,
    basis: Vec<Basic>,
    /// Inverse of the basis, row by row.
    inverse: Vec<f64>,
    value: Vec<f64>,
    /// Price of each row.
    pub price: Vec<f64>,
    pivots: usize,
}

impl Master {
    /// A programme that begins with one column for each person, in their order.
    pub(super) fn new(
        below: Vec<f64>,
        above: Vec<f64>,
        want: &[f64],
        first: Vec<Column>,
        chance: &mut Chance,
    ) -> Self {
        let cells = below.len();
        let rows = cells + first.len();
        let want: Vec<f64> = want.iter().map(|w| w + (chance.unit() - 0.5) * 2e-5).collect();
        let mut out = Self {
            cells,
            rows,
            below,
            above,
            want,
            known: first.iter().map(|c| (c.person, c.cells.clone())).collect(),
            in_basis: vec![true; first.len()],
            below_in: vec![false; cells],
            above_in: vec![false; cells],
            basis: vec![Basic::Column(0); rows],
            inverse: vec![0.0; rows * rows],
            value: vec![0.0; rows],
            price: vec![0.0; rows],
            pivots: 0,
            columns: first,
        };
        out.start();
        out
    }

    fn start(&mut self) {
        let mut count = vec![0.0; self.cells];
        for column in &self.columns {
            for &cell in &column.cells {
                count[cell as usize] += 1.0;
            }
        }
        for (cell, count) in count.iter().enumerate() {
            let short = self.want[cell] - count;
            let sign = if short >= 0.0 { 1.0 } else { -1.0 };
            self.basis[cell] = if short >= 0.0 { Basic::Below(cell) } else { Basic::Above(cell) };
            self.below_in[cell] = short >= 0.0;
            self.above_in[cell] = short < 0.0;
            self.value[cell] = short.abs();
            self.inverse[cell * self.rows + cell] = sign;
        }
        for (i, column) in self.columns.iter().enumerate() {
            let row = self.cells + i;
            self.basis[row] = Basic::Column(i);
            self.value[row] = 1.0;
            self.inverse[row * self.rows + row] = 1.0;
            for &cell in &column.cells {
                let cell = cell as usize;
                self.inverse[cell * self.rows + row] -= self.inverse[cell * self.rows + cell];
            }
        }
        self.reprice();
    }

    fn cost(&self, basic: Basic) -> f64 {
        match basic {
            Basic::Column(j) => self.columns[j].cost + if self.columns[j].closed { CLOSED } else { 0.0 },
            Basic::Below(cell) => self.below[cell],
            Basic::Above(cell) => self.above[cell],
        }
    }

    /// Works out all prices from the inverse.
    pub(super) fn reprice(&mut self) {
        self.price.fill(0.0);
        for i in 0..self.rows {
            let cost = self.cost(self.basis[i]);
            if cost != 0.0 {
                let row = &self.inverse[i * self.rows..(i + 1) * self.rows];
                for (price, v) in self.price.iter_mut().zip(row) {
                    *price += cost * v;
                }
            }
        }
    }

    /// Adds a column, unless it stands there already.
    pub(super) fn add(&mut self, column: Column) -> bool {
        if !self.known.insert((column.person, column.cells.clone())) {
            return false;
        }
        self.columns.push(column);
        self.in_basis.push(false);
        true
    }

    fn reduced(&self, j: usize) -> f64 {
        let column = &self.columns[j];
        let paid: f64 = column.cells.iter().map(|&c| self.price[c as usize]).sum();
        column.cost - self.price[self.cells + column.person] - paid
    }

    /// The objective of the current basis.
    pub(super) fn objective(&self) -> f64 {
        (0..self.rows).map(|i| self.cost(self.basis[i]) * self.value[i]).sum()
    }

    /// Share of each open column that is in use.
    pub(super) fn shares(&self) -> Vec<(usize, f64)> {
        let used = self.basis.iter().zip(&self.value).filter_map(|(b, &v)| match b {
            Basic::Column(j) if v > 1e-4 => Some((*j, v)),
            _ => None,
        });
        used.collect()
    }

    fn candidates(&self) -> Vec<(f64, Basic)> {
        let mut out: Vec<(f64, Basic)> = Vec::new();
        for j in 0..self.columns.len() {
            if !self.in_basis[j] && !self.columns[j].closed {
                let d = self.reduced(j);
                if d < -1e-6 {
                    out.push((d, Basic::Column(j)));
                }
            }
        }
        for cell in 0..self.cells {
            if !self.below_in[cell] && self.below[cell] - self.price[cell] < -1e-6 {
                out.push((self.below[cell] - self.price[cell], Basic::Below(cell)));
            }
            if !self.above_in[cell] && self.above[cell] + self.price[cell] < -1e-6 {
                out.push((self.above[cell] + self.price[cell], Basic::Above(cell)));
            }
        }
        out.sort_by(|a, b| a.0.total_cmp(&b.0));
        out.truncate(40);
        out
    }

    fn reduced_of(&self, basic: Basic) -> f64 {
        match basic {
            Basic::Column(j) => self.reduced(j),
            Basic::Below(cell) => self.below[cell] - self.price[cell],
            Basic::Above(cell) => self.above[cell] + self.price[cell],
        }
    }

    /// Moves to an optimum of the present columns, or as far as `stop` lets it. Gives the work it was: entries of the
    /// inverse that were touched.
    pub(super) fn solve(&mut self, stop: &mut dyn FnMut() -> bool) -> u64 {
        let mut alpha = vec![0.0; self.rows];
        let mut work = 0;
        loop {
            let candidates = self.candidates();
            if candidates.is_empty() || stop() {
                return work;
            }
            let mut moved = false;
            for (_, entering) in candidates {
                let d = self.reduced_of(entering);
                if d < -1e-6 && self.pivot(entering, d, &mut alpha) {
                    moved = true;
                    work += (self.rows * self.rows / 4) as u64;
                }
            }
            if !moved {
                return work;
            }
            if self.pivots > 4 * self.rows + 600 {
                self.invert();
            }
        }
    }

    fn pivot(&mut self, entering: Basic, d: f64, alpha: &mut [f64]) -> bool {
        let rows = self.rows;
        let unit: [u32; 1];
        let (cells, person, sign): (&[u32], Option<usize>, f64) = match entering {
            Basic::Column(j) => (&self.columns[j].cells, Some(self.cells + self.columns[j].person), 1.0),
            Basic::Below(cell) => {
                unit = [cell as u32];
                (&unit, None, 1.0)
            }
            Basic::Above(cell) => {
                unit = [cell as u32];
                (&unit, None, -1.0)
            }
        };
        for (i, alpha) in alpha.iter_mut().enumerate() {
            let row = &self.inverse[i * rows..(i + 1) * rows];
            let sum: f64 = cells.iter().map(|&c| row[c as usize]).sum();
            *alpha = sign * sum + person.map_or(0.0, |p| row[p]);
        }
        let mut least = f64::INFINITY;
        for (&alpha, value) in alpha.iter().zip(&self.value).filter(|(a, _)| **a > 1e-7) {
            least = least.min((value.max(0.0) + 1e-7) / alpha);
        }
        if !least.is_finite() {
            return false;
        }
        let (mut leaving, mut largest) = (usize::MAX, 0.0);
        for (i, &alpha) in alpha.iter().enumerate().filter(|(_, a)| **a > 1e-7) {
            if self.value[i].max(0.0) / alpha <= least && alpha > largest {
                (leaving, largest) = (i, alpha);
            }
        }
        if leaving == usize::MAX {
            return false;
        }
        let step = self.value[leaving].max(0.0) / alpha[leaving];
        for (value, alpha) in self.value.iter_mut().zip(alpha.iter()) {
            *value -= step * alpha;
        }
        self.value[leaving] = step;
        self.mark(self.basis[leaving], false);
        self.mark(entering, true);
        self.basis[leaving] = entering;
        let scale = 1.0 / alpha[leaving];
        let pivot_row: Vec<f64> =
            self.inverse[leaving * rows..(leaving + 1) * rows].iter().map(|v| v * scale).collect();
        for (i, &factor) in alpha.iter().enumerate() {
            if i != leaving && factor.abs() > TINY {
                let row = &mut self.inverse[i * rows..(i + 1) * rows];
                for (v, p) in row.iter_mut().zip(&pivot_row) {
                    *v -= factor * p;
                }
            }
        }
        for (price, p) in self.price.iter_mut().zip(&pivot_row) {
            *price += d * p;
        }
        self.inverse[leaving * rows..(leaving + 1) * rows].copy_from_slice(&pivot_row);
        self.pivots += 1;
        true
    }

    fn mark(&mut self, basic: Basic, inside: bool) {
        match basic {
            Basic::Column(j) => self.in_basis[j] = inside,
            Basic::Below(cell) => self.below_in[cell] = inside,
            Basic::Above(cell) => self.above_in[cell] = inside,
        }
    }

    /// Works out the inverse again, against the errors that pivots pile up.
    fn invert(&mut self) {
        self.pivots = 0;
        let (rows, cells) = (self.rows, self.cells);
        let mut work = vec![0.0_f64; rows * 2 * rows];
        let wide = 2 * rows;
        for i in 0..rows {
            match self.basis[i] {
                Basic::Column(j) => {
                    for &c in &self.columns[j].cells {
                        work[c as usize * wide + i] = 1.0;
                    }
                    work[(cells + self.columns[j].person) * wide + i] = 1.0;
                }
                Basic::Below(cell) => work[cell * wide + i] = 1.0,
                Basic::Above(cell) => work[cell * wide + i] = -1.0,
            }
            work[i * wide + rows + i] = 1.0;
        }
        for column in 0..rows {
            let best = (column..rows)
                .max_by(|&a, &b| work[a * wide + column].abs().total_cmp(&work[b * wide + column].abs()));
            let Some(pivot) = best.filter(|&b| work[b * wide + column].abs() > 1e-8) else { return };
            if pivot != column {
                for k in 0..wide {
                    work.swap(pivot * wide + k, column * wide + k);
                }
            }
            let scale = 1.0 / work[column * wide + column];
            let row: Vec<f64> = work[column * wide..(column + 1) * wide].iter().map(|v| v * scale).collect();
            for i in (0..rows).filter(|&i| i != column) {
                let factor = work[i * wide + column];
                if factor != 0.0 {
                    let target = &mut work[i * wide + column..(i + 1) * wide];
                    for (v, p) in target.iter_mut().zip(&row[column..]) {
                        *v -= factor * p;
                    }
                }
            }
            work[column * wide..(column + 1) * wide].copy_from_slice(&row);
        }
        for i in 0..rows {
            self.inverse[i * rows..(i + 1) * rows].copy_from_slice(&work[i * wide + rows..(i + 1) * wide]);
            let row = &self.inverse[i * rows..(i + 1) * rows];
            let mut value: f64 = row[cells..].iter().sum();
            value += row[..cells].iter().zip(&self.want).map(|(a, b)| a * b).sum::<f64>();
            self.value[i] = value;
        }
        self.reprice();
    }
}
