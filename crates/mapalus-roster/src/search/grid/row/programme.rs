//! The programme itself: one layer of values for each day, and for each entry the step that led there.

use super::{
    super::{
        Cell, Row,
        layout::{Grid, NEVER},
    },
    MOST_TRACKED, Plan, Pricer,
    automaton::Automaton,
};
use crate::features;

/// Entries of a table that is still worked out; a stretch of a larger one can be.
const LARGEST_TABLE: usize = 60_000_000;

/// Entries of a table beyond which no more counts of kinds are carried.
const CARRYING_TABLE: usize = 20_000_000;

/// The sizes of a table. An entry of a layer is `((units * weekends + w) * counts + c) * states + s`.
struct Sizes {
    weekends: usize,
    counts: usize,
    states: usize,
    /// Entries of a layer.
    layer: usize,
    /// For each group the stride of its count and the limit; stride 0 where none is carried.
    count: Vec<(usize, usize)>,
    /// After each day the units that can still lead to the goal: only this band is kept.
    band: Vec<(usize, usize)>,
}

impl Sizes {
    /// `None` where the goal cannot be reached or the table would be too large.
    fn of(plan: &Plan<'_>, automaton: &Automaton) -> Option<Self> {
        let span = plan.end - plan.from;
        let (low, high) = (plan.units.0, plan.units.1.min(automaton.reach[span]));
        if low > high {
            return None;
        }
        let band: Vec<(usize, usize)> = (0..span)
            .map(|i| {
                let least = (low - automaton.reach[span - i - 1]).max(0) as usize;
                (least, high.min(automaton.reach[i + 1]) as usize)
            })
            .collect();
        if band.iter().any(|(least, most)| least > most) {
            return None;
        }
        let wide = band.iter().map(|(least, most)| most + 1 - least).max().unwrap_or(1);
        let (weekends, states) = (plan.weekends + 1, automaton.states);
        let mut count = vec![(0, usize::MAX); automaton.groups.len() + 1];
        let mut stride = 1;
        // A limit that the days cannot reach is none; of too many the smallest are carried.
        let mut limited: Vec<usize> = (0..plan.counts.len()).filter(|&t| plan.counts[t] < span).collect();
        limited.sort_by_key(|&t| plan.counts[t]);
        for t in limited {
            let (kind, limit) = (automaton.tracked[t], plan.counts[t]);
            let carried = stride * (limit + 1);
            if carried > MOST_TRACKED || carried * wide * weekends * states * span > CARRYING_TABLE {
                break;
            }
            if let Some(g) = automaton.groups.iter().position(|g| g[0] == kind) {
                count[g] = (stride, limit);
                stride = carried;
            }
        }
        let layer = wide * weekends * stride * states;
        let fits = layer.checked_mul(span).is_some_and(|n| n <= LARGEST_TABLE);
        fits.then_some(Self { weekends, counts: stride, states, layer, count, band })
    }

    fn entry(&self, day: usize, units: usize, weekends: usize, counts: usize) -> usize {
        (((units - self.band[day].0) * self.weekends + weekends) * self.counts + counts) * self.states
    }
}

impl Pricer<'_> {
    /// The cheapest row of a plan and its cost.
    pub(super) fn programme(&mut self, p: usize, prices: &[i64], plan: &Plan<'_>) -> Option<(Row, i64)> {
        let sizes = Sizes::of(plan, &self.automata[p])?;
        let span = plan.end - plan.from;
        for layer in [&mut self.layer, &mut self.next] {
            layer.clear();
            layer.resize(sizes.layer, NEVER);
        }
        if self.parents.len() < sizes.layer * span {
            self.parents.resize(sizes.layer * span, 0);
        }
        self.work += (sizes.layer * span) as u64;
        for i in 0..span {
            self.price_day(p, prices, plan, plan.from + i);
            self.advance(p, plan, &sizes, i);
            std::mem::swap(&mut self.layer, &mut self.next);
        }
        self.trace(p, prices, plan, &sizes)
    }

    /// The cheapest kind of each group on a day.
    fn price_day(&mut self, p: usize, prices: &[i64], plan: &Plan<'_>, day: usize) {
        let (line, automaton, kinds) = (&self.grid.lines[p], &self.automata[p], self.grid.kinds);
        let forced = (day >= plan.to).then(|| plan.row[day]);
        self.cheapest.clear();
        for group in &automaton.groups {
            let costs = group.iter().filter(|&&k| forced.is_none_or(|f| f == k as Cell + 1));
            let cells = costs.map(|&k| day * kinds + k).filter(|&c| line.cost[c] < NEVER);
            self.cheapest.push(cells.map(|c| line.cost[c] + prices[c]).min().unwrap_or(NEVER));
        }
        self.cheapest.push(if forced.is_none_or(|f| f == 0) { 0 } else { NEVER });
    }

    /// From the layer before a day to that after it.
    fn advance(&mut self, p: usize, plan: &Plan<'_>, sizes: &Sizes, i: usize) {
        let (grid, automaton) = (self.grid, &self.automata[p]);
        let line = &grid.lines[p];
        let (groups, states, day) = (automaton.groups.len(), sizes.states, plan.from + i);
        let (low, high) = sizes.band[i];
        let per_unit = sizes.weekends * sizes.counts * states;
        self.next[..(high + 1 - low) * per_unit].fill(NEVER);
        let parents = &mut self.parents[i * sizes.layer..(i + 1) * sizes.layer];
        let weekend = if line.weekends.is_some() { grid.weekend[day] } else { 0 };
        let mut leave = |next: &mut [i64], at: (usize, usize, usize), s: usize, value: i64| {
            let (u, w, c) = at;
            let (was_off, run) = automaton.off[s];
            let first = run == day + if was_off { 0 } else { line.before };
            let nw = w + usize::from(features::weekends::begins(weekend, was_off));
            for step in &automaton.steps[s] {
                let g = step.group as usize;
                let price = self.cheapest[g];
                if price >= NEVER || (step.if_first && !first) {
                    continue;
                }
                let to = if g == groups {
                    if u < low || u > high {
                        continue;
                    }
                    sizes.entry(i, u, w, c)
                } else {
                    let nu = u + automaton.group_units[g] as usize;
                    let (stride, limit) = sizes.count[g];
                    if nu < low
                        || nu > high
                        || nw >= sizes.weekends
                        || stride > 0 && (c / stride) % (limit + 1) == limit
                    {
                        continue;
                    }
                    sizes.entry(i, nu, nw, c + stride)
                };
                let slot = to + step.to as usize;
                if value + price < next[slot] {
                    next[slot] = value + price;
                    parents[slot] = (s * (groups + 1) + g) as u16;
                }
            }
        };
        if i == 0 {
            return leave(&mut self.next, (0, 0, 0), plan.start, 0);
        }
        let mut slot = 0;
        for u in sizes.band[i - 1].0..=sizes.band[i - 1].1 {
            for w in 0..sizes.weekends {
                for c in 0..sizes.counts {
                    for s in 0..states {
                        let value = self.layer[slot];
                        slot += 1;
                        if value < NEVER {
                            leave(&mut self.next, (u, w, c), s, value);
                        }
                    }
                }
            }
        }
    }

    fn trace(&self, p: usize, prices: &[i64], plan: &Plan<'_>, sizes: &Sizes) -> Option<(Row, i64)> {
        let grid = self.grid;
        let (line, automaton) = (&grid.lines[p], &self.automata[p]);
        let (states, groups) = (sizes.states, automaton.groups.len());
        let (low, high) = *sizes.band.last()?;
        let per_unit = sizes.weekends * sizes.counts * states;
        let mut best = (NEVER, 0);
        for u in low.max(plan.units.0 as usize)..=high {
            let load = line.load.get(u + plan.outside_units as usize).copied().unwrap_or(0);
            for slot in (u - low) * per_unit..(u - low + 1) * per_unit {
                let value = self.layer[slot];
                let ends = plan.target.is_none_or(|t| slot % states == t);
                if value < NEVER && value + load < best.0 && ends {
                    best = (value + load, slot);
                }
            }
        }
        if best.0 >= NEVER {
            return None;
        }
        let mut row = if plan.row.is_empty() { vec![0; grid.days] } else { plan.row.to_vec() };
        let mut slot = best.1;
        for (i, day) in (plan.from..plan.end).enumerate().rev() {
            let parent = self.parents[i * sizes.layer + slot] as usize;
            let (s, g) = (parent / (groups + 1), parent % (groups + 1));
            let at = slot / states;
            let (mut c, mut w) = (at % sizes.counts, at / sizes.counts % sizes.weekends);
            let mut u = at / sizes.counts / sizes.weekends + sizes.band[i].0;
            if g < groups {
                if day < plan.to {
                    row[day] = cheapest_kind(grid, p, prices, &automaton.groups[g], day)?;
                }
                u -= automaton.group_units[g] as usize;
                c -= sizes.count[g].0;
                if line.weekends.is_some()
                    && features::weekends::begins(grid.weekend[day], automaton.off[s].0)
                {
                    w -= 1;
                }
            } else if day < plan.to {
                row[day] = 0;
            }
            if i > 0 {
                slot = sizes.entry(i - 1, u, w, c) + s;
            }
        }
        Some((row, best.0 + plan.outside_cost))
    }
}

pub(super) fn cheapest_kind(
    grid: &Grid,
    p: usize,
    prices: &[i64],
    group: &[usize],
    day: usize,
) -> Option<Cell> {
    let cost = |k: usize| grid.lines[p].cost[day * grid.kinds + k];
    let kinds = group.iter().filter(|&&k| cost(k) < NEVER);
    kinds.min_by_key(|&&k| (cost(k) + prices[day * grid.kinds + k], k)).map(|&k| k as Cell + 1)
}
