//! Linear programmes whose columns come one after the other: minimise `c x` where `A x = b`, `0 <= x <= upper`.
//!
//! A revised primal simplex on a sparse factored basis ([`factor`]). Right sides are shaken by a hair against
//! degeneracy, so that values are good to a few digits only: bounds are never read off here, but worked out in whole
//! numbers from the prices.

mod factor;

use factor::Factor;

/// Reduced costs above this are nothing to be gained.
const GAIN: f64 = 1e-6;
/// Entries below this are no pivots.
const PIVOT: f64 = 1e-7;
/// Columns looked at after one look at all.
const AT_ONCE: usize = 40;
/// Exchanges after which the basis is factored anew.
const EXCHANGES: usize = 100;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Basic(u32),
    Low,
    High,
}

pub(super) struct Linear {
    rows: usize,
    right: Vec<f64>,
    from: Vec<usize>,
    row: Vec<u32>,
    entry: Vec<f64>,
    cost: Vec<f64>,
    upper: Vec<f64>,
    closed: Vec<bool>,
    /// What a closed column costs more.
    dear: f64,
    place: Vec<Place>,
    basis: Vec<u32>,
    value: Vec<f64>,
    /// Price of each row.
    pub price: Vec<f64>,
    factor: Factor,
    alpha: Vec<f64>,
    by_row: Vec<f64>,
    by_place: Vec<f64>,
    rho: Vec<f64>,
}

impl Linear {
    /// A programme of these right sides; a column that is closed while it is in use costs `dear` more.
    pub(super) fn new(right: Vec<f64>, dear: f64) -> Self {
        let rows = right.len();
        Self {
            rows,
            right,
            from: vec![0],
            row: Vec::new(),
            entry: Vec::new(),
            cost: Vec::new(),
            upper: Vec::new(),
            closed: Vec::new(),
            dear,
            place: Vec::new(),
            basis: Vec::new(),
            value: vec![0.0; rows],
            price: vec![0.0; rows],
            factor: Factor::default(),
            alpha: vec![0.0; rows],
            by_row: vec![0.0; rows],
            by_place: vec![0.0; rows],
            rho: vec![0.0; rows],
        }
    }

    /// Adds a column that is not in use; gives its number.
    pub(super) fn add(
        &mut self,
        entries: impl IntoIterator<Item = (u32, f64)>,
        cost: f64,
        upper: f64,
    ) -> usize {
        for (row, value) in entries {
            self.row.push(row);
            self.entry.push(value);
        }
        self.from.push(self.row.len());
        self.cost.push(cost);
        self.upper.push(upper);
        self.closed.push(false);
        self.place.push(Place::Low);
        self.cost.len() - 1
    }

    /// Begins with these columns in use, as many as rows, which must not depend on one another, and these at their
    /// upper ends.
    pub(super) fn begin(&mut self, basis: Vec<usize>, high: &[usize]) {
        self.place.fill(Place::Low);
        high.iter().for_each(|&j| self.place[j] = Place::High);
        for (i, &j) in (0..).zip(&basis) {
            self.place[j] = Place::Basic(i);
        }
        self.basis = basis.into_iter().map(|j| j as u32).collect();
        self.refactor();
    }

    /// Gives a column another cost; [`Linear::reprice`] is to be called after it.
    pub(super) fn set_cost(&mut self, j: usize, cost: f64) {
        self.cost[j] = cost;
    }

    /// Closes or opens a column.
    pub(super) fn close(&mut self, j: usize, closed: bool) {
        self.closed[j] = closed;
    }

    pub(super) fn is_closed(&self, j: usize) -> bool {
        self.closed[j]
    }

    /// Work done so far: entries touched.
    pub(super) fn work(&self) -> u64 {
        self.factor.work
    }

    fn column(&self, j: usize) -> (&[u32], &[f64]) {
        let range = self.from[j]..self.from[j + 1];
        (&self.row[range.clone()], &self.entry[range])
    }

    fn cost_of(&self, j: usize) -> f64 {
        self.cost[j] + if self.closed[j] { self.dear } else { 0.0 }
    }

    /// What one more of a column saves (negative) or costs at the present prices.
    pub(super) fn reduced(&self, j: usize) -> f64 {
        let (row, entry) = self.column(j);
        let paid: f64 = row.iter().zip(entry).map(|(&r, &v)| self.price[r as usize] * v).sum();
        self.cost_of(j) - paid
    }

    /// How much of a column is in use.
    pub(super) fn share(&self, j: usize) -> f64 {
        match self.place[j] {
            Place::Basic(i) => self.value[i as usize],
            Place::Low => 0.0,
            Place::High => self.upper[j],
        }
    }

    /// The cost of what is in use.
    pub(super) fn objective(&self) -> f64 {
        let high = (0..self.cost.len()).filter(|&j| self.place[j] == Place::High);
        let high: f64 = high.map(|j| self.cost_of(j) * self.upper[j]).sum();
        high + self.basis.iter().zip(&self.value).map(|(&j, v)| self.cost_of(j as usize) * v).sum::<f64>()
    }

    fn refactor(&mut self) {
        let (from, row, entry, basis) = (&self.from, &self.row, &self.entry, &self.basis);
        let column = |c: usize| {
            let j = basis[c] as usize;
            (&row[from[j]..from[j + 1]], &entry[from[j]..from[j + 1]])
        };
        let replaced = self.factor.build(self.rows, &column);
        for (c, r) in replaced {
            // Errors have piled up until two columns were alike: a dear column of this row alone takes the place.
            let old = self.basis[c] as usize;
            self.place[old] = Place::Low;
            let new = self.add([(r as u32, 1.0)], self.dear, f64::INFINITY);
            self.place[new] = Place::Basic(c as u32);
            self.basis[c] = new as u32;
        }
        self.by_row.copy_from_slice(&self.right);
        for j in 0..self.cost.len() {
            if self.place[j] == Place::High {
                for k in self.from[j]..self.from[j + 1] {
                    self.by_row[self.row[k] as usize] -= self.entry[k] * self.upper[j];
                }
            }
        }
        self.factor.forward(&mut self.by_row, &mut self.value);
        self.reprice();
    }

    /// Works out all prices anew; to be called after columns were closed or opened.
    pub(super) fn reprice(&mut self) {
        for i in 0..self.rows {
            self.by_place[i] = self.cost_of(self.basis[i] as usize);
        }
        self.factor.backward(&mut self.by_place, &mut self.rho, &mut self.price);
    }

    /// Moves to an optimum of the present columns, or as far as `stop` lets it.
    pub(super) fn solve(&mut self, stop: &mut dyn FnMut() -> bool) {
        let mut best: Vec<(f64, usize)> = Vec::new();
        let mut fresh = false;
        loop {
            if self.factor.exchanges() >= EXCHANGES || self.factor.weight() > 60 * self.rows {
                self.refactor();
                fresh = true;
            }
            best.clear();
            for j in 0..self.cost.len() {
                let d = match self.place[j] {
                    Place::Low if !self.closed[j] => self.reduced(j),
                    Place::High => -self.reduced(j),
                    _ => continue,
                };
                if d < -GAIN {
                    best.push((d, j));
                }
            }
            self.factor.work += self.row.len() as u64 / 2;
            if best.is_empty() {
                // Prices that were only carried on may be wrong by a little.
                if fresh || self.factor.exchanges() == 0 {
                    return;
                }
                self.refactor();
                fresh = true;
                continue;
            }
            if stop() {
                return;
            }
            best.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
            best.truncate(AT_ONCE);
            let mut moved = false;
            for &(_, j) in &best {
                moved |= self.enter(j);
                fresh &= !moved;
                if self.factor.exchanges() >= EXCHANGES {
                    break;
                }
            }
            if !moved {
                return;
            }
        }
    }

    /// Brings a column in, or moves it to its other end, where that still gains.
    fn enter(&mut self, j: usize) -> bool {
        let d = self.reduced(j);
        let up = match self.place[j] {
            Place::Low if d < -GAIN => 1.0,
            Place::High if d > GAIN => -1.0,
            _ => return false,
        };
        for k in self.from[j]..self.from[j + 1] {
            self.by_row[self.row[k] as usize] = self.entry[k];
        }
        let mut alpha = std::mem::take(&mut self.alpha);
        self.factor.forward(&mut self.by_row, &mut alpha);
        let done = self.step(j, d, up, &alpha);
        self.alpha = alpha;
        done
    }

    fn step(&mut self, j: usize, d: f64, up: f64, alpha: &[f64]) -> bool {
        // How far it can go: first with a little indulgence, then the largest pivot within that (Harris).
        let room = |i: usize, a: f64| {
            let v = self.value[i];
            match a > 0.0 {
                true => v.max(0.0),
                false => (self.upper[self.basis[i] as usize] - v).max(0.0),
            }
        };
        let mut least = f64::INFINITY;
        for (i, &a) in alpha.iter().enumerate() {
            let a = a * up;
            if a.abs() > PIVOT {
                least = least.min((room(i, a) + 1e-7) / a.abs());
            }
        }
        if self.upper[j] <= least {
            for (value, a) in self.value.iter_mut().zip(alpha) {
                *value -= up * self.upper[j] * a;
            }
            self.place[j] = if up > 0.0 { Place::High } else { Place::Low };
            return true;
        }
        let mut leaving = (usize::MAX, 0.0_f64);
        if least.is_finite() {
            for (i, &a) in alpha.iter().enumerate() {
                let a = a * up;
                if a.abs() > PIVOT && a.abs() > leaving.1.abs() && room(i, a) / a.abs() <= least {
                    leaving = (i, a);
                }
            }
        }
        let (out, a) = leaving;
        if out == usize::MAX {
            return false;
        }
        let length = room(out, a) / a.abs();
        for (value, a) in self.value.iter_mut().zip(alpha) {
            *value -= up * length * a;
        }
        let old = self.basis[out] as usize;
        self.place[old] = if a > 0.0 { Place::Low } else { Place::High };
        self.value[out] = if up > 0.0 { length } else { self.upper[j] - length };
        self.basis[out] = j as u32;
        self.place[j] = Place::Basic(out as u32);
        // The row of the inverse that leaves says how the prices change.
        self.by_place.fill(0.0);
        self.by_place[out] = 1.0;
        let mut rho = std::mem::take(&mut self.rho);
        self.factor.backward(&mut self.by_place, &mut self.by_row, &mut rho);
        self.by_row.fill(0.0);
        let change = d / alpha[out];
        for (price, r) in self.price.iter_mut().zip(&rho) {
            *price += change * r;
        }
        self.rho = rho;
        self.factor.exchange(out, alpha);
        true
    }
}
