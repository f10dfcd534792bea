//! The best row of a person where minutes, weekends and counts of kinds have prices instead of limits: small enough for
//! a row of any length.

use super::{
    super::{Cell, Row, layout::NEVER},
    Pricer,
    programme::cheapest_kind,
};
use crate::features;

impl Pricer<'_> {
    /// The cheapest row of person `p` at `prices` of cells, of a unit of work, and of a weekend with work, with its cost
    /// there; load costs nothing here. `None` where successions and runs alone leave no row.
    pub(crate) fn free(&mut self, p: usize, prices: &[i64], unit: i64, weekend: i64) -> Option<(i64, Row)> {
        let grid = self.grid;
        let (line, automaton) = (&grid.lines[p], &self.automata[p]);
        let (groups, states, days) = (automaton.groups.len(), automaton.states, grid.days);
        self.layer.clear();
        self.layer.resize(states + 1, NEVER);
        self.layer[states] = 0;
        self.next.clear();
        self.next.resize(states + 1, NEVER);
        if self.parents.len() < states * days {
            self.parents.resize(states * days, 0);
        }
        self.work += (days * automaton.steps.iter().map(Vec::len).sum::<usize>()) as u64 / 4;
        for day in 0..days {
            let cells = day * grid.kinds..(day + 1) * grid.kinds;
            let (costs, paid) = (&line.cost[cells.clone()], &prices[cells]);
            self.cheapest.clear();
            for (kinds, units) in automaton.groups.iter().zip(&automaton.group_units) {
                let open = kinds.iter().filter(|&&k| costs[k] < NEVER);
                let least = open.map(|&k| costs[k] + paid[k]).min();
                self.cheapest.push(least.map_or(NEVER, |least| least + unit * units));
            }
            self.cheapest.push(0);
            self.next.fill(NEVER);
            let parents = &mut self.parents[day * states..(day + 1) * states];
            for (s, &value) in self.layer.iter().enumerate().filter(|(_, value)| **value < NEVER) {
                let (was_off, run) = automaton.off[s];
                let first = run == day + if was_off { 0 } else { line.before };
                let more = if features::weekends::begins(grid.weekend[day], was_off) { weekend } else { 0 };
                for step in &automaton.steps[s] {
                    let g = step.group as usize;
                    let price = self.cheapest[g];
                    if price >= NEVER || (step.if_first && !first) {
                        continue;
                    }
                    let to = value + price + if g < groups { more } else { 0 };
                    if to < self.next[step.to as usize] {
                        self.next[step.to as usize] = to;
                        parents[step.to as usize] = (s * (groups + 1) + g) as u16;
                    }
                }
            }
            std::mem::swap(&mut self.layer, &mut self.next);
        }
        let (mut s, least) =
            self.layer[..states].iter().copied().enumerate().min_by_key(|&(s, value)| (value, s))?;
        if least >= NEVER {
            return None;
        }
        let mut row: Row = vec![0; days];
        for day in (0..days).rev() {
            let parent = self.parents[day * states + s] as usize;
            let g = parent % (groups + 1);
            row[day] = match automaton.groups.get(g) {
                Some(group) => cheapest_kind(grid, p, prices, group, day)?,
                None => 0 as Cell,
            };
            s = parent / (groups + 1);
        }
        Some((least, row))
    }
}
