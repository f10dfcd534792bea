//! A first row stretch by stretch, for a row that is too long for one programme.

use super::{super::layout::NEVER, Cell, Plan, Pricer, Row, Stretch};
use crate::features;

/// How a row is built: days kept of each stretch, days looked ahead, shifts above its share that a stretch should hold.
const WAYS: [(usize, usize, i64); 6] =
    [(14, 7, 1), (28, 14, 1), (28, 14, 3), (14, 14, 2), (42, 21, 4), (7, 14, 3)];

impl Pricer<'_> {
    /// A good row at `prices`: each stretch is the best for its share of what the whole row may use up, by the days that
    /// can be worked and, where it is known, the work of each. `None` where none was found.
    pub(crate) fn build(&mut self, p: usize, prices: &[i64], work: Option<&[i64]>) -> Option<Row> {
        WAYS.into_iter().find_map(|way| self.build_by(p, prices, way, work))
    }

    fn build_by(
        &mut self,
        p: usize,
        prices: &[i64],
        (keep, ahead, slack): (usize, usize, i64),
        work: Option<&[i64]>,
    ) -> Option<Row> {
        let (days, kinds) = (self.grid.days, self.grid.kinds);
        // What the first days may use up goes by the days on which the person can work: holidays count for nothing.
        let cost = &self.grid.lines[p].cost;
        let mut open = vec![0];
        for (day, cells) in cost.chunks(kinds).enumerate() {
            let is_open = cells.iter().any(|&c| c < NEVER);
            open.push(open[day] + if is_open { work.map_or(1, |work| work[day]) } else { 0 });
        }
        let mut row: Row = vec![0; days];
        let (mut from, mut back) = (0, 0);
        while from < days {
            let to = (from + (keep + ahead) * (back + 1)).min(days);
            // As much as it can hold, from a little more than its share down: others make up for what it lacks.
            let found = [0, 1, 2, 3, 4, 6, 9, 40].into_iter().find_map(|less| {
                self.improve(p, prices, Stretch { from, to }, (40, false), |pricer, _| {
                    pricer.open_plan(p, &row, (from, to), (open[to], open[days]), (slack - less, slack + 3))
                })
            });
            let Some(found) = found else {
                // The end does not work out: go back, and fill more days at once.
                if back >= 4 || from == 0 {
                    return None;
                }
                back += 1;
                from = from.saturating_sub(keep * back);
                row[from..].fill(0);
                continue;
            };
            let kept = if to == days { days } else { from + keep };
            row[from..kept].copy_from_slice(&found.row[from..kept]);
            from = kept;
        }
        Some(row)
    }

    /// A plan for the days `from..to` after a row's first days, with nothing behind it.
    fn open_plan<'r>(
        &self,
        p: usize,
        row: &'r [Cell],
        (from, to): (usize, usize),
        (open, all_open): (i64, i64),
        (more, most): (i64, i64),
    ) -> Option<Plan<'r>> {
        let (grid, line, automaton) = (self.grid, &self.grid.lines[p], &self.automata[p]);
        let last = to == grid.days;
        let share =
            |all: i64, spare: i64| if last { all } else { (all * open / all_open.max(1) + spare).min(all) };
        let longest = grid.length.iter().max().copied().unwrap_or(1);
        let (mut units, mut weekends) = (0, 0);
        let mut counts: Vec<i64> = automaton.tracked.iter().map(|&k| share(line.most[k], most)).collect();
        for (day, &cell) in row[..from].iter().enumerate().filter(|(_, cell)| **cell > 0) {
            let kind = cell as usize - 1;
            units += grid.length[kind];
            if let Some(t) = automaton.tracked.iter().position(|&k| k == kind) {
                counts[t] -= 1;
            }
            let begins = features::weekends::begins(grid.weekend[day], day == 0 || row[day - 1] == 0);
            weekends += i64::from(begins);
        }
        let high = share(line.units.1, most * longest) - units;
        let low = (share(line.units.0, more * longest) - units).max(0);
        let left = line.weekends.map_or(0, |w| share(w as i64, most - 3) - weekends);
        if high < 0 {
            return None;
        }
        Some(Plan {
            row,
            from,
            to,
            end: to,
            start: self.state_before(p, row, from)?,
            target: None,
            units: (low, high),
            weekends: left.max(0) as usize,
            counts: counts.into_iter().map(|c| c.max(0) as usize).collect(),
            outside_units: units,
            outside_cost: 0,
        })
    }
}
