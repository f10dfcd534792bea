//! Rows with their head counts and sums, and what a change of them costs.

use super::{
    Cell, Row,
    layout::{Grid, NEVER},
};
use crate::{features, search::Chance};

/// A roster of a grid while it is searched.
#[derive(Clone)]
pub(crate) struct Board<'a> {
    pub grid: &'a Grid,
    pub rows: Vec<Row>,
    pub counts: Vec<i64>,
    units: Vec<i64>,
    weekends: Vec<i64>,
    of_kind: Vec<i64>,
    pub cost: i64,
    /// What a walk pays for each weekend with work besides; 0 but for walks.
    pub weekend_price: i64,
    all_weekends: i64,
    /// Cells that lack somebody at a cost, and where each stands in the list.
    short: Vec<u32>,
    short_at: Vec<u32>,
}

/// Not in the list.
const NOWHERE: u32 = u32::MAX;

impl<'a> Board<'a> {
    pub(crate) fn new(grid: &'a Grid, rows: Vec<Row>) -> Self {
        let mut out = Self {
            grid,
            counts: grid.counts(&rows),
            units: vec![0; rows.len()],
            weekends: vec![0; rows.len()],
            of_kind: vec![0; rows.len() * grid.kinds],
            cost: grid.cost(&rows),
            weekend_price: 0,
            all_weekends: 0,
            short: Vec::new(),
            short_at: vec![NOWHERE; grid.want.len()],
            rows,
        };
        for cell in 0..grid.want.len() {
            out.note_short(cell);
        }
        for p in 0..out.rows.len() {
            out.count(p, 1);
        }
        out
    }

    fn count(&mut self, p: usize, sign: i64) {
        let grid = self.grid;
        for day in 0..grid.days {
            if self.rows[p][day] > 0 {
                let kind = self.rows[p][day] as usize - 1;
                self.units[p] += sign * grid.length[kind];
                self.of_kind[p * grid.kinds + kind] += sign;
            }
        }
        self.move_weekends(p, sign * features::weekends::worked(&grid.weekend, &self.rows[p], 0, grid.days));
    }

    /// Takes a person's row as it is given; it must keep the rules.
    pub(crate) fn set_row(&mut self, p: usize, row: &[Cell]) {
        let grid = self.grid;
        self.cost -= grid.row_cost(p, &self.rows[p]);
        self.count(p, -1);
        for (day, &new) in row.iter().enumerate() {
            let old = self.rows[p][day];
            if old != new {
                self.cost += self.leave(day, old);
                self.cost += self.enter(day, new);
                self.rows[p][day] = new;
            }
        }
        self.count(p, 1);
        self.cost += grid.row_cost(p, &self.rows[p]);
    }

    #[inline]
    fn move_weekends(&mut self, p: usize, by: i64) {
        self.weekends[p] += by;
        self.all_weekends += by;
    }

    /// The cost as a walk sees it, with the price of weekends.
    #[inline]
    pub(crate) fn valued(&self) -> i64 {
        self.cost + self.weekend_price * self.all_weekends
    }

    /// Whether a person may work a weekend more.
    #[inline]
    pub(crate) fn has_weekend(&self, p: usize) -> bool {
        self.grid.lines[p].weekends.is_none_or(|most| self.weekends[p] < most as i64)
    }

    /// A cell that lacks somebody, by a number that is divided among them.
    #[inline]
    pub(crate) fn short_cell(&self, chance: &mut Chance) -> Option<usize> {
        (!self.short.is_empty()).then(|| self.short[chance.below(self.short.len())] as usize)
    }

    #[inline]
    fn note_short(&mut self, cell: usize) {
        let lacks = self.counts[cell] < self.grid.want[cell] && self.grid.below[cell] > 0;
        let at = self.short_at[cell];
        if lacks && at == NOWHERE {
            self.short_at[cell] = self.short.len() as u32;
            self.short.push(cell as u32);
        } else if !lacks && at != NOWHERE {
            self.short.swap_remove(at as usize);
            if let Some(&moved) = self.short.get(at as usize) {
                self.short_at[moved as usize] = at;
            }
            self.short_at[cell] = NOWHERE;
        }
    }

    /// What one person more in a cell costs.
    #[inline]
    pub(crate) fn price_of(&self, cell: usize) -> i64 {
        if self.counts[cell] < self.grid.want[cell] { -self.grid.below[cell] } else { self.grid.above[cell] }
    }

    /// Units that a person works above their most.
    #[inline]
    pub(crate) fn excess(&self, p: usize) -> i64 {
        self.units[p] - self.grid.lines[p].units.1
    }

    /// Whether a person works more weekends than they may.
    #[inline]
    pub(crate) fn has_too_many_weekends(&self, p: usize) -> bool {
        self.grid.lines[p].weekends.is_some_and(|most| self.weekends[p] > most as i64)
    }

    #[inline]
    fn leave(&mut self, day: usize, cell: Cell) -> i64 {
        if cell == 0 {
            return 0;
        }
        let at = day * self.grid.kinds + cell as usize - 1;
        self.counts[at] -= 1;
        self.note_short(at);
        if self.counts[at] < self.grid.want[at] { self.grid.below[at] } else { -self.grid.above[at] }
    }

    #[inline]
    fn enter(&mut self, day: usize, cell: Cell) -> i64 {
        if cell == 0 {
            return 0;
        }
        let at = day * self.grid.kinds + cell as usize - 1;
        self.counts[at] += 1;
        self.note_short(at);
        if self.counts[at] <= self.grid.want[at] { -self.grid.below[at] } else { self.grid.above[at] }
    }

    /// Cost of one person more in each cell.
    pub(crate) fn marginal(&self, without: usize, out: &mut Vec<i64>) {
        let grid = self.grid;
        out.clear();
        out.extend((0..grid.days * grid.kinds).map(|c| {
            let here = i64::from(self.rows[without][c / grid.kinds] as usize == c % grid.kinds + 1);
            if self.counts[c] - here < grid.want[c] { -grid.below[c] } else { grid.above[c] }
        }));
    }

    /// Gives `cells` to a person from day `from` on; returns the cost of the change and leaves the old cells in
    /// `cells`. The row may break rules until [`Board::keeps`] has been asked.
    pub(crate) fn swap_in(&mut self, p: usize, from: usize, cells: &mut [Cell]) -> i64 {
        let grid = self.grid;
        let line = &grid.lines[p];
        let to = from + cells.len();
        let mut delta = 0;
        let load_before = line.load.get(self.units[p].max(0) as usize).copied().unwrap_or(0);
        let (first, last) = (from.saturating_sub(1), (to + 1).min(grid.days));
        self.move_weekends(p, -features::weekends::worked(&grid.weekend, &self.rows[p], first, last));
        for (i, cell) in cells.iter_mut().enumerate() {
            let day = from + i;
            let (old, new) = (self.rows[p][day], *cell);
            if old == new {
                continue;
            }
            delta += self.leave(day, old) + self.enter(day, new);
            if old > 0 {
                let kind = old as usize - 1;
                delta -= line.cost[day * grid.kinds + kind].min(NEVER / 1000);
                self.units[p] -= grid.length[kind];
                self.of_kind[p * grid.kinds + kind] -= 1;
            }
            if new > 0 {
                let kind = new as usize - 1;
                delta += line.cost[day * grid.kinds + kind].min(NEVER / 1000);
                self.units[p] += grid.length[kind];
                self.of_kind[p * grid.kinds + kind] += 1;
            }
            self.rows[p][day] = new;
            *cell = old;
        }
        self.move_weekends(p, features::weekends::worked(&grid.weekend, &self.rows[p], first, last));
        let load_after = line.load.get(self.units[p].max(0) as usize).copied().unwrap_or(0);
        delta += load_after - load_before;
        self.cost += delta;
        delta
    }

    /// Whether the person may work these cells and stays within their minutes: what most changes fail at, without
    /// making them.
    #[inline]
    pub(crate) fn has_room(&self, p: usize, from: usize, cells: &[Cell]) -> bool {
        let grid = self.grid;
        let line = &grid.lines[p];
        let mut units = self.units[p];
        for (day, (&new, &old)) in (from..).zip(cells.iter().zip(&self.rows[p][from..])) {
            if new == old {
                continue;
            }
            if new > 0 {
                let kind = new as usize - 1;
                if line.cost[day * grid.kinds + kind] >= NEVER {
                    return false;
                }
                units += grid.length[kind];
            }
            if old > 0 {
                units -= grid.length[old as usize - 1];
            }
        }
        features::minutes::keeps(line.units, units)
    }

    /// Two people exchange days: the head counts stay. Done again it is undone. Gives the cost of the change; the rows
    /// may break rules.
    pub(crate) fn trade(&mut self, p: usize, q: usize, from: usize, to: usize) -> i64 {
        let grid = self.grid;
        let (first, last) = (from.saturating_sub(1), (to + 1).min(grid.days));
        let mut delta = 0;
        for who in [p, q] {
            self.move_weekends(who, -features::weekends::worked(&grid.weekend, &self.rows[who], first, last));
            delta -= self.load(who);
        }
        for day in from..to {
            let (a, b) = (self.rows[p][day], self.rows[q][day]);
            if a == b {
                continue;
            }
            for (who, old, new) in [(p, a, b), (q, b, a)] {
                let cost = &grid.lines[who].cost[day * grid.kinds..(day + 1) * grid.kinds];
                if old > 0 {
                    let kind = old as usize - 1;
                    delta -= cost[kind];
                    self.units[who] -= grid.length[kind];
                    self.of_kind[who * grid.kinds + kind] -= 1;
                }
                if new > 0 {
                    let kind = new as usize - 1;
                    delta += cost[kind];
                    self.units[who] += grid.length[kind];
                    self.of_kind[who * grid.kinds + kind] += 1;
                }
                self.rows[who][day] = new;
            }
        }
        for who in [p, q] {
            self.move_weekends(who, features::weekends::worked(&grid.weekend, &self.rows[who], first, last));
            delta += self.load(who);
        }
        self.cost += delta;
        delta
    }

    fn load(&self, p: usize) -> i64 {
        self.grid.lines[p].load.get(self.units[p].max(0) as usize).copied().unwrap_or(0)
    }

    /// Whether a person's row keeps the rules, after days `from..to` were changed.
    pub(crate) fn keeps(&self, p: usize, from: usize, to: usize) -> bool {
        let grid = self.grid;
        let line = &grid.lines[p];
        let row = &self.rows[p];
        if !features::minutes::keeps(line.units, self.units[p]) {
            return false;
        }
        if line.weekends.is_some_and(|w| self.weekends[p] > w as i64) {
            return false;
        }
        for (day, &cell) in (from..).zip(&row[from..to]) {
            if cell > 0 {
                let kind = cell as usize - 1;
                if line.cost[day * grid.kinds + kind] >= NEVER
                    || self.of_kind[p * grid.kinds + kind] > line.most[kind]
                {
                    return false;
                }
            }
        }
        let (first, last) = (from.saturating_sub(1), to.min(grid.days - 1));
        if !features::succession::keeps(&grid.follows, grid.kinds, row, first, last) {
            return false;
        }
        // Runs that touch the changed days.
        let mut day = from.saturating_sub(1);
        while day > 0 && (row[day - 1] > 0) == (row[day] > 0) {
            day -= 1;
        }
        while day <= to && day < grid.days {
            let (begin, works) = (day, row[day] > 0);
            while day < grid.days && (row[day] > 0) == works {
                day += 1;
            }
            let inner = begin > 0 && day < grid.days;
            let length = day - begin;
            let keeps = if works {
                let carried = if begin == 0 { line.before } else { 0 };
                let limits = (line.min_run, line.bounded.then_some(line.max_run));
                features::days_in_row::keeps(limits, length, carried, inner)
            } else {
                features::days_off_in_row::keeps(line.min_off, length, inner)
            };
            if !keeps {
                return false;
            }
        }
        true
    }
}
