//! Column generation: the linear programme over rows of people, its bound, and rosters by diving into it.
//!
//! Bound: with prices of the cells, each person's cheapest row and the head counts' own optimum add up to no more than
//! the best roster costs (Lagrange); worked out in whole numbers of 1/1024. Prices are smoothed (Wentges 1997). The
//! dive fixes the rows that the programme uses most, prices again for the others, and goes on.

use super::{
    Cell, Row,
    board::Board,
    layout::Grid,
    master::{Column, Master},
    row::{Pricer, Stretch},
};
use crate::search::chance::Chance;
use std::collections::HashMap;

/// Prices are whole numbers of this part of a cost.
pub(super) const PART: i64 = 1024;

/// Rows kept for each person from one programme to the next.
const POOL: usize = 400;

/// Rows of the pool with which a programme begins, for each person.
const KNOWN: usize = 60;

/// The grid with all costs in parts.
pub(super) fn in_parts(grid: &Grid) -> Grid {
    let mut out = grid.clone();
    for line in &mut out.lines {
        line.cost.iter_mut().filter(|c| **c < super::layout::NEVER).for_each(|c| *c *= PART);
        line.load.iter_mut().for_each(|c| *c *= PART);
    }
    out
}

/// What a programme is about: these people on these days, the others standing.
pub(super) struct Task<'t> {
    pub people: &'t [usize],
    /// Days that are open; what the people do on others stands.
    pub days: Stretch,
    /// A cost that is worth nothing to reach again.
    pub beat: i64,
    /// Rounds of pricing before the dive, and after each of its steps.
    pub rounds: usize,
    pub dive_rounds: usize,
}

/// Generates columns for one grid.
pub(super) struct Generator<'a> {
    grid: &'a Grid,
    pricer: Pricer<'a>,
    pool: Vec<HashMap<Row, u32>>,
    age: u32,
    /// The best prices known, in parts.
    pub prices: Vec<i64>,
    /// The best bound known, in whole costs.
    pub bound: Option<i64>,
    /// Whether the pricing was finished once.
    pub converged: bool,
    pivoting: u64,
}

struct Programme {
    master: Master,
    rows: Vec<Row>,
    /// Row of the master of each cell.
    index: Vec<u32>,
    /// Cell of each row.
    cell: Vec<usize>,
    /// Cost of what the programme does not see.
    rest: f64,
}

impl<'a> Generator<'a> {
    /// `parts` is the same grid as [`in_parts`] gives it.
    pub(super) fn new(grid: &'a Grid, parts: &'a Grid) -> Self {
        Self {
            grid,
            pricer: Pricer::new(parts),
            pool: vec![HashMap::new(); grid.lines.len()],
            age: 0,
            prices: vec![0; grid.days * grid.kinds],
            bound: None,
            converged: false,
            pivoting: 0,
        }
    }

    fn column(&self, index: &[u32], person: usize, p: usize, row: &[Cell]) -> Column {
        let worked = row.iter().enumerate().filter(|(_, cell)| **cell > 0);
        let cells =
            worked.map(|(d, &c)| index[d * self.grid.kinds + c as usize - 1]).filter(|&i| i < u32::MAX);
        let cells = cells.collect();
        Column { person, cells, cost: self.grid.row_cost(p, row) as f64 }
    }

    fn keep(&mut self, p: usize, row: &Row) {
        self.age += 1;
        let age = self.age;
        self.pool[p].insert(row.clone(), age);
        if self.pool[p].len() > POOL {
            let mut ages: Vec<u32> = self.pool[p].values().copied().collect();
            ages.sort_unstable();
            let median = ages[ages.len() / 2];
            self.pool[p].retain(|_, age| *age >= median);
        }
    }

    /// Rows that somebody else found.
    pub(super) fn learn(&mut self, rows: &[Row]) {
        for (p, row) in rows.iter().enumerate() {
            self.keep(p, row);
        }
    }

    fn is_all_days(&self, task: &Task<'_>) -> bool {
        task.days == Stretch::whole(self.grid)
    }

    fn is_whole(&self, task: &Task<'_>) -> bool {
        task.people.len() == self.grid.lines.len() && self.is_all_days(task)
    }

    /// Work done so far, in about a hundred-millionth of a second of a present machine.
    pub(super) fn work(&self) -> u64 {
        self.pricer.work * 8 + self.pivoting
    }

    fn programme(&mut self, board: &Board<'_>, task: &Task<'_>, chance: &mut Chance) -> Programme {
        let (grid, people, days) = (self.grid, task.people, task.days);
        let mut want: Vec<i64> = (0..grid.want.len()).map(|c| grid.want[c] - board.counts[c]).collect();
        let mut useful = vec![false; want.len()];
        for &p in people {
            for (day, &cell) in board.rows[p].iter().enumerate().filter(|(_, c)| **c > 0) {
                want[day * grid.kinds + cell as usize - 1] += 1;
            }
            for (c, useful) in useful.iter_mut().enumerate() {
                *useful |= grid.lines[p].cost[c] < super::layout::NEVER;
            }
        }
        let (mut index, mut cell) = (vec![u32::MAX; want.len()], Vec::new());
        for c in 0..want.len() {
            let inside = (days.from..days.to).contains(&(c / grid.kinds));
            if inside && useful[c] && (grid.below[c] > 0 || grid.above[c] > 0) {
                index[c] = cell.len() as u32;
                cell.push(c);
            }
        }
        let mut rest = board.cost as f64;
        for &c in &cell {
            rest -= grid.cover(c, board.counts[c]) as f64;
        }
        for &p in people {
            rest -= grid.row_cost(p, &board.rows[p]) as f64;
        }
        let first: Vec<Column> =
            people.iter().enumerate().map(|(i, &p)| self.column(&index, i, p, &board.rows[p])).collect();
        let mut rows: Vec<Row> = people.iter().map(|&p| board.rows[p].clone()).collect();
        let below: Vec<f64> = cell.iter().map(|&c| grid.below[c] as f64).collect();
        let above: Vec<f64> = cell.iter().map(|&c| grid.above[c] as f64).collect();
        let wanted: Vec<f64> = cell.iter().map(|&c| want[c] as f64).collect();
        let mut master = Master::new(&below, &above, &wanted, first, chance);
        for (i, &p) in people.iter().enumerate() {
            // The rows that are worth most at the best prices.
            let value = |row: &Row| {
                let worked = row.iter().enumerate().filter(|(_, cell)| **cell > 0);
                let paid = worked.map(|(d, &c)| self.prices[d * grid.kinds + c as usize - 1]).sum::<i64>();
                grid.row_cost(p, row) * PART - paid
            };
            let now = &board.rows[p];
            let agrees =
                |row: &&Row| row[..days.from] == now[..days.from] && row[days.to..] == now[days.to..];
            let mut known: Vec<(i64, &Row)> =
                self.pool[p].keys().filter(agrees).map(|row| (value(row), row)).collect();
            known.sort_unstable();
            known.truncate(KNOWN);
            for (_, row) in known {
                if master.add(self.column(&index, i, p, row)) {
                    rows.push(row.clone());
                }
            }
        }
        Programme { master, rows, index, cell, rest }
    }

    /// Solves the programme of the task and dives. Gives rows for its people, where they were found; takes the bound
    /// where the task is everybody.
    pub(super) fn solve(
        &mut self,
        board: &Board<'_>,
        task: &Task<'_>,
        chance: &mut Chance,
        stop: &mut dyn FnMut(Option<i64>) -> bool,
    ) -> Option<Vec<Row>> {
        let mut programme = self.programme(board, task, chance);
        let mut open: Vec<bool> = vec![true; task.people.len()];
        if !self.price(&mut programme, board, task, &open, task.rounds, stop) {
            return None;
        }
        let mut chosen: Vec<Option<usize>> = vec![None; task.people.len()];
        loop {
            if programme.master.objective() + programme.rest > task.beat as f64 - 0.99 || stop(None) {
                return None;
            }
            let mut best: Vec<(f64, usize)> = vec![(0.0, usize::MAX); task.people.len()];
            for (j, share) in programme.master.shares() {
                let person = programme.master.columns[j].person;
                if share > best[person].0 {
                    best[person] = (share, j);
                }
            }
            let waiting = (0..open.len()).filter(|&i| open[i]);
            let top = waiting.clone().max_by(|&a, &b| best[a].0.total_cmp(&best[b].0))?;
            let sure = best[top].0.min(0.85 + 0.15 * chance.unit());
            let fixed: Vec<usize> =
                waiting.filter(|&i| best[i].0 >= sure && best[i].1 < usize::MAX).collect();
            if fixed.is_empty() {
                return None;
            }
            for i in fixed {
                open[i] = false;
                chosen[i] = Some(best[i].1);
                for j in 0..programme.master.columns.len() {
                    if programme.master.columns[j].person == i && j != best[i].1 {
                        programme.master.close(j);
                    }
                }
            }
            programme.master.reprice();
            if !open.contains(&true) {
                break;
            }
            if !self.price(&mut programme, board, task, &open, task.dive_rounds, stop) {
                return None;
            }
        }
        chosen.into_iter().map(|j| j.map(|j| programme.rows[j].clone())).collect()
    }

    /// Prices until nothing improves or the rounds are over. False: there is nothing here, or it was stopped.
    fn price(
        &mut self,
        programme: &mut Programme,
        board: &Board<'_>,
        task: &Task<'_>,
        open: &[bool],
        rounds: usize,
        stop: &mut dyn FnMut(Option<i64>) -> bool,
    ) -> bool {
        let grid = self.grid;
        let all = self.is_whole(task) && !open.contains(&false);
        let cells = grid.want.len();
        let mut centre: Option<(i64, Vec<i64>)> = None;
        let mut smooth = if all { 0.7 } else { 0.3 };
        for _ in 0..rounds {
            self.pivoting += programme.master.solve(&mut || stop(None));
            let mut prices = vec![0_i64; cells];
            for (i, &c) in programme.cell.iter().enumerate() {
                let mut price = programme.master.price()[i] * PART as f64;
                if let Some((_, centre)) = &centre {
                    price = smooth * centre[c] as f64 + (1.0 - smooth) * price;
                }
                prices[c] = (price.round() as i64).clamp(-grid.above[c] * PART, grid.below[c] * PART);
            }
            let own: Vec<i64> = prices.iter().map(|p| -p).collect();
            let (mut sum, mut added, mut gap) = (0, false, 0.0);
            for (i, &p) in task.people.iter().enumerate().filter(|(i, _)| open[*i]) {
                if stop(None) {
                    return false;
                }
                let given = Some((&board.rows[p][..], task.days));
                let Some(found) = self.pricer.best(p, &own, given) else { return false };
                sum += found.least;
                let column = self.column(&programme.index, i, p, &found.row);
                let paid: f64 = column.cells.iter().map(|&c| programme.master.price()[c as usize]).sum();
                let reduced = column.cost - paid - programme.master.price()[programme.cell.len() + i];
                if reduced < -1e-5 {
                    gap -= reduced;
                    if programme.master.add(column) {
                        programme.rows.push(found.row.clone());
                        added = true;
                    }
                }
                if self.is_all_days(task) {
                    self.keep(p, &found.row);
                }
            }
            if all {
                let offered: i64 = (0..cells).map(|c| prices[c] * grid.want[c]).sum();
                let bound = grid.base
                    + (sum + offered).div_euclid(PART)
                    + i64::from((sum + offered).rem_euclid(PART) > 0);
                let exact = sum + offered;
                if centre.as_ref().is_none_or(|(best, _)| exact > *best) {
                    self.prices.clone_from(&prices);
                    centre = Some((exact, prices));
                }
                if self.bound.is_none_or(|b| bound > b) {
                    self.bound = Some(bound);
                }
                if stop(self.bound) || self.bound.is_some_and(|b| b >= task.beat) {
                    return false;
                }
                let programme_cost = programme.master.objective() + programme.rest;
                if let (Some(bound), true) = (self.bound, added)
                    && bound as f64 >= programme_cost - 1e-3
                {
                    self.converged = true;
                    break;
                }
            } else if centre.is_none() {
                centre = Some((0, prices));
            } else if let Some((_, centre)) = &mut centre {
                *centre = prices;
            }
            if !added {
                if smooth == 0.0 {
                    self.converged |= all;
                    break;
                }
                smooth = 0.0;
            } else if !all && gap < 0.02 {
                break;
            }
        }
        self.pivoting += programme.master.solve(&mut || stop(None));
        true
    }
}
