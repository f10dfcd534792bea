//! A proven lower bound, and prices of the cells, for grids of any size: Lagrange over head counts, minutes, weekends and
//! counts of kinds alike.
//!
//! With a price for each cell and for each person's unit of work, weekend and shift of a kind, the best roster costs no
//! less than the head counts at their own best and each person's cheapest row ([`super::row`]), worked out in whole
//! numbers. Prices move by the subgradient with Polyak's step. What the rows do on the way, on average, says how the work
//! lies over the days in a good roster.

use super::{columns::PART, layout::Grid, row::Pricer};

/// Where a first roster should put its work.
pub(super) struct Advice {
    /// What one more person in each cell is worth, in whole costs.
    pub worth: Vec<i64>,
    /// Work of each day.
    pub work: Vec<i64>,
    /// What a weekend more of somebody is worth, on average.
    pub weekend: i64,
}

pub(super) struct Dual<'a> {
    grid: &'a Grid,
    pricer: Pricer<'a>,
    /// Prices in parts: of the cells; of each person's units, weekends and kinds, each in its own scale.
    price: Vec<f64>,
    /// The smoothed slope.
    way: Vec<f64>,
    slope: Vec<f64>,
    /// The best bound so far, in parts, and the prices of the cells there.
    best: Option<(i64, Vec<i64>)>,
    work: Vec<f64>,
    step: f64,
    fruitless: u32,
}

/// How much the price of a weekend and of a shift of a kind move with one too many.
const SCALE: f64 = 0.5;

/// Rounds without a better bound after which the steps become shorter.
const FRUITLESS: u32 = 8;

impl<'a> Dual<'a> {
    /// `parts` is the grid with all costs in parts.
    pub(super) fn new(grid: &'a Grid, parts: &'a Grid) -> Self {
        let cells = grid.want.len();
        let all = cells + grid.lines.len() * (2 + grid.kinds);
        let mut price = vec![0.0; all];
        for (price, &below) in price.iter_mut().zip(&grid.below) {
            *price = (below * PART) as f64 / 2.0;
        }
        Self {
            grid,
            pricer: Pricer::new(parts),
            price,
            way: vec![0.0; all],
            slope: vec![0.0; all],
            best: None,
            work: vec![0.0; grid.days],
            step: 1.0,
            fruitless: 0,
        }
    }

    /// The bound in whole costs.
    pub(super) fn bound(&self) -> Option<i64> {
        let best = self.best.as_ref()?.0;
        Some(best.div_euclid(PART) + i64::from(best.rem_euclid(PART) > 0))
    }

    /// What the prices say of a good roster.
    pub(super) fn advice(&self) -> Option<Advice> {
        let (_, price) = self.best.as_ref()?;
        let (cells, people) = (self.grid.want.len(), self.grid.lines.len());
        let weekends = self.price[cells + people..cells + 2 * people].iter().sum::<f64>() * SCALE;
        Some(Advice {
            weekend: (weekends / (people as i64 * PART) as f64) as i64,
            worth: price.iter().map(|price| (price + PART / 2).div_euclid(PART)).collect(),
            work: self.work.iter().map(|work| (work * 16.0) as i64 + 1).collect(),
        })
    }

    /// One round of prices; `cost` is that of a roster, or about. False where it is not worth going on, or was stopped.
    pub(super) fn round(&mut self, cost: i64, stop: &mut dyn FnMut() -> bool) -> bool {
        let grid = self.grid;
        let (cells, people, kinds) = (grid.want.len(), grid.lines.len(), grid.kinds);
        let price: Vec<i64> = (0..cells)
            .map(|c| (self.price[c].round() as i64).clamp(-grid.above[c] * PART, grid.below[c] * PART))
            .collect();
        let longest = grid.length.iter().max().copied().unwrap_or(1).max(1) as f64;
        let scale = 0.25 / longest;
        let mut sum = grid.base * PART + (0..cells).map(|c| price[c] * grid.want[c]).sum::<i64>();
        for (slope, &want) in self.slope.iter_mut().zip(&grid.want) {
            *slope = want as f64;
        }
        let mut own = vec![0; cells];
        let mut work = vec![0.0; grid.days];
        for p in 0..people {
            if stop() {
                return false;
            }
            let line = &grid.lines[p];
            let (at_unit, at_weekend) = (cells + p, cells + people + p);
            let of_kinds = cells + 2 * people + p * kinds;
            let unit = (self.price[at_unit] * scale).round() as i64;
            let weekend = match line.weekends {
                Some(_) => (self.price[at_weekend] * SCALE).round() as i64,
                None => 0,
            };
            let is_limited = |k: usize| line.most[k] < grid.days as i64 && line.most[k] > 0;
            let of_kind: Vec<i64> = (0..kinds)
                .map(|k| if is_limited(k) { (self.price[of_kinds + k] * SCALE).round() as i64 } else { 0 })
                .collect();
            for (own, price) in own.chunks_mut(kinds).zip(price.chunks(kinds)) {
                for ((own, price), more) in own.iter_mut().zip(price).zip(&of_kind) {
                    *own = more - price;
                }
            }
            let Some((least, row)) = self.pricer.free(p, &own, unit, weekend) else { return false };
            sum += least + line.load.iter().min().copied().unwrap_or(0) * PART;
            let (mut units, mut counts) = (0, vec![0; kinds]);
            for (day, &cell) in row.iter().enumerate().filter(|(_, cell)| **cell > 0) {
                let kind = cell as usize - 1;
                units += grid.length[kind];
                counts[kind] += 1;
                self.slope[day * kinds + kind] -= 1.0;
                work[day] += 1.0;
            }
            let over = match unit {
                0 => (units - line.units.1).max(0) + (units - line.units.0).min(0),
                1.. => units - line.units.1,
                _ => units - line.units.0,
            };
            sum -= unit * if unit > 0 { line.units.1 } else { line.units.0 };
            self.slope[at_unit] = over as f64 * scale;
            let most = line.weekends.unwrap_or(grid.days) as i64;
            let weekends = crate::features::weekends::worked(&grid.weekend, &row, 0, grid.days);
            sum -= weekend * most;
            self.slope[at_weekend] =
                if line.weekends.is_some() { (weekends - most) as f64 * SCALE } else { 0.0 };
            for k in 0..kinds {
                sum -= of_kind[k] * line.most[k];
                let over = (counts[k] - line.most[k]) as f64 * SCALE;
                self.slope[of_kinds + k] = if is_limited(k) { over } else { 0.0 };
            }
        }
        let share = if self.best.is_none() { 1.0 } else { 0.08 };
        for (known, now) in self.work.iter_mut().zip(&work) {
            *known += share * (now - *known);
        }
        if self.best.as_ref().is_none_or(|(best, _)| sum > *best) {
            self.best = Some((sum, price));
            self.fruitless = 0;
        } else {
            self.fruitless += 1;
            if self.fruitless >= FRUITLESS {
                self.step *= 0.7;
                self.fruitless = 0;
            }
        }
        self.move_on(cost, sum)
    }

    /// Goes on in the way of the slope and a little in that of before, against going to and fro.
    fn move_on(&mut self, cost: i64, sum: i64) -> bool {
        let grid = self.grid;
        let (cells, people) = (grid.want.len(), grid.lines.len());
        for (i, (way, &slope)) in self.way.iter_mut().zip(&self.slope).enumerate() {
            // Where a price stands at its end already, what points outwards is nothing.
            let price = self.price[i];
            let is_out = match i {
                i if i < cells => {
                    (slope > 0.0 && price >= (grid.below[i] * PART) as f64)
                        || (slope < 0.0 && price <= (-grid.above[i] * PART) as f64)
                }
                i if i < cells + people => false,
                _ => slope < 0.0 && price <= 0.0,
            };
            *way = 0.6 * *way + if is_out { 0.0 } else { 0.4 * slope };
        }
        let norm: f64 = self.way.iter().map(|way| way * way).sum();
        if norm < 1e-6 || self.step < 0.001 {
            return false;
        }
        let length = self.step * (cost.saturating_mul(PART) - sum).max(PART) as f64 / norm;
        for (i, (price, way)) in self.price.iter_mut().zip(&self.way).enumerate() {
            *price += length * way;
            if i < cells {
                *price = price.clamp((-grid.above[i] * PART) as f64, (grid.below[i] * PART) as f64);
            } else if i >= cells + people {
                *price = price.max(0.0);
            }
        }
        true
    }
}
