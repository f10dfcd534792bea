//! The best row of one person against prices: an exact dynamic programme over days.
//!
//! State: what the day before leaves (kind's class of followers and length of the run of work, or length of the run of
//! days off), units worked, weekends worked, and counts of those kinds whose limit has turned out to matter. Kinds that
//! are alike in length and in what may stand beside them are one choice: the cheapest of the day. Work is pruned by
//! the units that can still be reached.

use super::{
    Cell, Row,
    layout::{Grid, Line, NEVER},
};

/// Counts of at most this many combinations are tracked; beyond it the row is repaired by raising prices.
const MOST_TRACKED: usize = 120;

/// Entries of a table that is still worked out; a stretch of a larger one can be.
const LARGEST_TABLE: usize = 60_000_000;

#[derive(Clone, Debug)]
struct Step {
    /// Group of kinds, or `groups` for a day off.
    group: u16,
    /// State after it.
    to: u16,
    /// 0: always; 1: only where the run before it began on day 0 (it may be short).
    if_first: bool,
}

/// What does not change from call to call for one person.
#[derive(Clone, Debug)]
pub(crate) struct Automaton {
    states: usize,
    /// Steps of each state; the last entry is that of nothing before day 0.
    steps: Vec<Vec<Step>>,
    /// For each state whether it is a day off, and its run.
    off: Vec<(bool, usize)>,
    /// Kinds of each group.
    groups: Vec<Vec<usize>>,
    group_units: Vec<i64>,
    /// Index of each kind among the tracked.
    tracked: Vec<usize>,
    /// Most units that `n` days can hold.
    reach: Vec<i64>,
}

impl Automaton {
    fn new(grid: &Grid, line: &Line, tracked: &[usize]) -> Self {
        let allowed: Vec<usize> = (0..grid.kinds)
            .filter(|&k| (0..grid.days).any(|d| line.cost[d * grid.kinds + k] < NEVER))
            .collect();
        let after = |k: usize| allowed.iter().map(|&b| grid.follows[k * grid.kinds + b]).collect::<Vec<_>>();
        let upon = |k: usize| allowed.iter().map(|&a| grid.follows[a * grid.kinds + k]).collect::<Vec<_>>();
        let mut classes: Vec<Vec<bool>> = Vec::new();
        let mut class_of = vec![0; grid.kinds];
        for &k in &allowed {
            class_of[k] = classes.iter().position(|c| *c == after(k)).unwrap_or_else(|| {
                classes.push(after(k));
                classes.len() - 1
            });
        }
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for &k in &allowed {
            let alike = |g: &&mut Vec<usize>| {
                let a = g[0];
                grid.length[a] == grid.length[k]
                    && class_of[a] == class_of[k]
                    && upon(a) == upon(k)
                    && !tracked.contains(&a)
                    && !tracked.contains(&k)
            };
            match groups.iter_mut().find(alike) {
                Some(group) => group.push(k),
                None => groups.push(vec![k]),
            }
        }
        let (runs, offs) = (line.max_run.min(grid.days + 1), line.min_off.min(grid.days + 1));
        let works = classes.len() * runs;
        let states = works + offs;
        let state = |class: usize, run: usize| (class * runs + run - 1) as u16;
        let work = |from: Option<usize>, run: usize, if_first: bool, steps: &mut Vec<Step>| {
            for (g, kinds) in groups.iter().enumerate() {
                if from.is_none_or(|class| {
                    let at = allowed.iter().position(|&a| a == kinds[0]);
                    at.is_some_and(|at| classes[class][at])
                }) {
                    steps.push(Step { group: g as u16, to: state(class_of[kinds[0]], run), if_first });
                }
            }
        };
        let rest = groups.len() as u16;
        let mut steps = vec![Vec::new(); states + 1];
        let mut off = vec![(true, 0); states + 1];
        for class in 0..classes.len() {
            for run in 1..=runs {
                let s = state(class, run) as usize;
                off[s] = (false, run);
                if run < runs || !line.bounded {
                    work(Some(class), (run + 1).min(runs), false, &mut steps[s]);
                }
                let if_first = run < line.min_run;
                steps[s].push(Step { group: rest, to: works as u16, if_first });
            }
        }
        for run in 1..=offs {
            let s = works + run - 1;
            off[s] = (true, run);
            work(None, 1, run < offs, &mut steps[s]);
            steps[s].push(Step {
                group: rest,
                to: (works + (run + 1).min(offs) - 1) as u16,
                if_first: false,
            });
        }
        let first = line.before + 1;
        if first <= runs || !line.bounded {
            if runs > 0 {
                work(None, first.min(runs), false, &mut steps[states]);
            }
        }
        steps[states].push(Step { group: rest, to: works as u16, if_first: false });
        let longest = groups.iter().map(|g| grid.length[g[0]]).max().unwrap_or(0);
        let reach = (0..=grid.days)
            .map(|n| {
                let worked = match line.bounded {
                    true => n / (runs + offs) * runs + (n % (runs + offs)).min(runs),
                    false => n,
                };
                worked as i64 * longest
            })
            .collect();
        let group_units = groups.iter().map(|g| grid.length[g[0]]).collect();
        Self { states, steps, off, groups, group_units, tracked: tracked.to_vec(), reach }
    }
}

/// Works out rows of one grid; keeps its memory and what it has learnt about each person.
pub(crate) struct Pricer<'a> {
    grid: &'a Grid,
    automata: Vec<Automaton>,
    layer: Vec<i64>,
    next: Vec<i64>,
    parents: Vec<u16>,
    cheapest: Vec<(i64, Cell)>,
}

/// A stretch of days to be filled anew; outside of it the row stands.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stretch {
    pub from: usize,
    pub to: usize,
}

/// What [`Pricer::best`] found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub row: Row,
    /// No row of the person costs less than this at these prices.
    pub least: i64,
}

struct Budget {
    units: (i64, i64),
    weekends: usize,
    counts: Vec<usize>,
    outside_units: i64,
}

impl<'a> Pricer<'a> {
    pub(crate) fn new(grid: &'a Grid) -> Self {
        let automata = grid.lines.iter().map(|line| Automaton::new(grid, line, &[])).collect();
        let (layer, next) = (Vec::new(), Vec::new());
        Self { grid, automata, layer, next, parents: Vec::new(), cheapest: Vec::new() }
    }

    /// The cheapest row of person `p` at `prices` (of each cell, added to the person's own cost of it) that agrees
    /// with `row` outside of the stretch. `None` where there is none.
    pub(crate) fn best(
        &mut self,
        p: usize,
        prices: &[i64],
        row: Option<(&[Cell], Stretch)>,
    ) -> Option<Found> {
        let (grid, mut raised) = (self.grid, None::<Vec<i64>>);
        let mut least = None;
        for round in 0..40_i64 {
            let (out, cost) = self.programme(p, raised.as_deref().unwrap_or(prices), row)?;
            least.get_or_insert(cost);
            let mut counts = vec![0; grid.kinds];
            for &cell in out.iter().filter(|cell| **cell > 0) {
                counts[cell as usize - 1] += 1;
            }
            let line = &grid.lines[p];
            let Some(over) = (0..grid.kinds).find(|&k| counts[k] > line.most[k]) else {
                let cost = self.cost_at(p, prices, &out);
                return Some(Found { row: out, least: least.unwrap_or(cost).min(cost) });
            };
            let automaton = &self.automata[p];
            let size: i64 = automaton.tracked.iter().map(|&k| line.most[k] + 1).product();
            if size * (line.most[over] + 1) <= MOST_TRACKED as i64 {
                let mut tracked = automaton.tracked.clone();
                tracked.push(over);
                self.automata[p] = Automaton::new(grid, line, &tracked);
                if raised.is_none() {
                    least = None;
                }
            } else {
                // Too many counts to carry: make the kind dear until the row keeps its limit.
                let prices = raised.get_or_insert_with(|| prices.to_vec());
                let step = 1 + round * round * 64;
                for day in 0..grid.days {
                    prices[day * grid.kinds + over] += step * (counts[over] - line.most[over]);
                }
            }
        }
        None
    }

    fn cost_at(&self, p: usize, prices: &[i64], row: &[Cell]) -> i64 {
        let worked = row.iter().enumerate().filter(|(_, cell)| **cell > 0);
        let paid: i64 = worked.map(|(day, &cell)| prices[day * self.grid.kinds + cell as usize - 1]).sum();
        paid + self.grid.row_cost(p, row)
    }

    fn budget(&self, p: usize, outside: &[(usize, Cell)], row: Option<&[Cell]>) -> Option<Budget> {
        let (grid, line, automaton) = (self.grid, &self.grid.lines[p], &self.automata[p]);
        let units: i64 = outside
            .iter()
            .filter(|(_, cell)| *cell > 0)
            .map(|(_, cell)| grid.length[*cell as usize - 1])
            .sum();
        let mut counts: Vec<i64> = automaton.tracked.iter().map(|&k| line.most[k]).collect();
        for (_, cell) in outside.iter().filter(|(_, cell)| *cell > 0) {
            if let Some(t) = automaton.tracked.iter().position(|&k| k == *cell as usize - 1) {
                counts[t] -= 1;
            }
        }
        let mut weekends = line.weekends.map_or(0, |w| w as i64);
        if line.weekends.is_some() {
            for &(day, cell) in outside.iter().filter(|(_, cell)| *cell > 0) {
                let first = match grid.weekend[day] {
                    1 => true,
                    2 => day == 0 || row.is_some_and(|row| row[day - 1] == 0),
                    _ => false,
                };
                let _ = cell;
                weekends -= i64::from(first);
            }
        }
        if weekends < 0 || line.units.1 < units || counts.iter().any(|&c| c < 0) {
            return None;
        }
        Some(Budget {
            units: ((line.units.0 - units).max(0), line.units.1 - units),
            weekends: weekends as usize,
            counts: counts.into_iter().map(|c| c as usize).collect(),
            outside_units: units,
        })
    }

    /// State that the days before `day` leave.
    fn state_before(&self, p: usize, row: &[Cell], day: usize) -> Option<usize> {
        let automaton = &self.automata[p];
        let mut state = automaton.states;
        for (d, &cell) in row[..day].iter().enumerate() {
            let rest = automaton.groups.len();
            let group = match cell {
                0 => rest,
                cell => automaton.groups.iter().position(|g| g.contains(&(cell as usize - 1)))?,
            };
            let first = self.is_first(p, state, d);
            let step = automaton.steps[state]
                .iter()
                .find(|s| s.group as usize == group && (!s.if_first || first))?;
            state = step.to as usize;
        }
        Some(state)
    }

    /// Whether the run that `state` stands in, seen before `day`, began on day 0.
    fn is_first(&self, p: usize, state: usize, day: usize) -> bool {
        let (off, run) = self.automata[p].off[state];
        run == day + if off { 0 } else { self.grid.lines[p].before }
    }

    #[expect(clippy::too_many_lines, reason = "one loop nest whose parts share a dozen sizes")]
    fn programme(
        &mut self,
        p: usize,
        prices: &[i64],
        given: Option<(&[Cell], Stretch)>,
    ) -> Option<(Row, i64)> {
        let grid = self.grid;
        let line = &grid.lines[p];
        let days = grid.days;
        let (from, to) = given.map_or((0, days), |(_, s)| (s.from, s.to));
        // After the stretch the days are forced until the state no longer depends on it.
        let mut end = to;
        if let Some((row, _)) = given {
            let (mut rested, mut worked) = (0, false);
            while end < days && !(worked && rested >= line.min_off) {
                worked |= row[end] > 0;
                rested = if row[end] == 0 { rested + 1 } else { 0 };
                end += 1;
            }
        }
        let start = match given {
            Some((row, _)) => self.state_before(p, row, from)?,
            None => self.automata[p].states,
        };
        let outside: Vec<(usize, Cell)> = given.map_or_else(Vec::new, |(row, _)| {
            (0..days).filter(|d| !(from..end).contains(d)).map(|d| (d, row[d])).collect()
        });
        let budget = self.budget(p, &outside, given.map(|(row, _)| row))?;
        let automaton = &self.automata[p];
        let width_s = automaton.states;
        let groups = automaton.groups.len();
        let counts_size: usize = budget.counts.iter().map(|c| c + 1).product();
        let mut count_stride = vec![0; groups + 1];
        let mut count_limit = vec![(1, usize::MAX); groups + 1];
        let mut stride = 1;
        for (t, &k) in automaton.tracked.iter().enumerate() {
            if let Some(g) = automaton.groups.iter().position(|g| g[0] == k) {
                count_stride[g] = stride;
                count_limit[g] = (stride, budget.counts[t]);
            }
            stride *= budget.counts[t] + 1;
        }
        let weekends = budget.weekends + 1;
        let limited = line.weekends.is_some();
        let (low, high) = budget.units;
        let high = high.min(automaton.reach[end - from]);
        if low > high {
            return None;
        }
        let per_unit = weekends * counts_size * width_s;
        let span = end - from;
        // Units that can still be reached after each day: only this band is kept.
        let band_after = |i: usize| {
            let low = (low - automaton.reach[span - i - 1]).max(0) as usize;
            (low, high.min(automaton.reach[i + 1]) as usize)
        };
        let wide =
            (0..span).map(|i| (band_after(i).1 + 1).saturating_sub(band_after(i).0)).max().unwrap_or(1);
        let size = wide * per_unit;
        if size.checked_mul(span).is_none_or(|n| n > LARGEST_TABLE) {
            return None;
        }
        self.layer.clear();
        self.layer.resize(size, NEVER);
        self.next.clear();
        self.next.resize(size, NEVER);
        if self.parents.len() < size * span {
            self.parents.resize(size * span, 0);
        }
        self.cheapest.clear();
        self.cheapest.resize(groups + 1, (0, 0));
        let mut band = (0_usize, 0_usize);
        for (i, day) in (from..end).enumerate() {
            let forced = given.filter(|_| day >= to).map(|(row, _)| row[day]);
            for (g, kinds) in automaton.groups.iter().enumerate() {
                let mut best = (NEVER, 0);
                for &k in kinds {
                    let cell = day * grid.kinds + k;
                    if forced.is_none_or(|f| f == k as Cell + 1) && line.cost[cell] < NEVER {
                        best = best.min((line.cost[cell] + prices[cell], k as Cell + 1));
                    }
                }
                self.cheapest[g] = best;
            }
            self.cheapest[groups] = if forced.is_none_or(|f| f == 0) { (0, 0) } else { (NEVER, 0) };
            let (next_low, next_high) = band_after(i);
            if next_low > next_high {
                return None;
            }
            self.next[..(next_high + 1 - next_low) * per_unit].fill(NEVER);
            let weekend = grid.weekend[day];
            let parents = &mut self.parents[i * size..(i + 1) * size];
            for u in band.0..=band.1 {
                for w in 0..weekends {
                    for c in 0..counts_size {
                        let at = ((u - band.0) * weekends + w) * counts_size + c;
                        for s in 0..if i == 0 { 1 } else { width_s } {
                            let (s, value) = match i {
                                0 if u == 0 && w == 0 && c == 0 => (start, 0),
                                0 => continue,
                                _ => (s, self.layer[at * width_s + s]),
                            };
                            if value >= NEVER {
                                continue;
                            }
                            let (was_off, run) = automaton.off[s];
                            for step in &automaton.steps[s] {
                                let g = step.group as usize;
                                let (price, _) = self.cheapest[g];
                                if price >= NEVER {
                                    continue;
                                }
                                if step.if_first && run != day + if was_off { 0 } else { line.before } {
                                    continue;
                                }
                                let to_at = if g == groups {
                                    if u < next_low || u > next_high {
                                        continue;
                                    }
                                    ((u - next_low) * weekends + w) * counts_size + c
                                } else {
                                    let nu = u + automaton.group_units[g] as usize;
                                    if nu < next_low || nu > next_high {
                                        continue;
                                    }
                                    let counts_weekend =
                                        limited && (weekend == 1 || (weekend == 2 && was_off));
                                    let nw = w + usize::from(counts_weekend);
                                    if nw >= weekends {
                                        continue;
                                    }
                                    let nc = c + count_stride[g];
                                    if count_stride[g] > 0 {
                                        let (stride, limit) = count_limit[g];
                                        if (c / stride) % (limit + 1) == limit {
                                            continue;
                                        }
                                    }
                                    ((nu - next_low) * weekends + nw) * counts_size + nc
                                };
                                let cost = value + price;
                                let slot = to_at * width_s + step.to as usize;
                                if cost < self.next[slot] {
                                    self.next[slot] = cost;
                                    parents[slot] = (s * (groups + 1) + g) as u16;
                                }
                            }
                        }
                    }
                }
            }
            std::mem::swap(&mut self.layer, &mut self.next);
            band = (next_low, next_high);
        }
        let lows: Vec<usize> = (0..span).map(|i| band_after(i).0).collect();
        let sizes = (size, weekends, counts_size, low, high);
        self.trace(p, prices, given, (from, to, end), &budget, sizes, &count_stride, &lows)
    }

    #[expect(
        clippy::too_many_arguments,
        clippy::type_complexity,
        reason = "the sizes of one programme, passed once"
    )]
    fn trace(
        &mut self,
        p: usize,
        prices: &[i64],
        given: Option<(&[Cell], Stretch)>,
        (from, to, end): (usize, usize, usize),
        budget: &Budget,
        (size, weekends, counts_size, low, high): (usize, usize, usize, i64, i64),
        count_stride: &[usize],
        lows: &[usize],
    ) -> Option<(Row, i64)> {
        let grid = self.grid;
        let (line, automaton) = (&grid.lines[p], &self.automata[p]);
        let (width_s, groups) = (automaton.states, automaton.groups.len());
        let target = match given {
            // The forced days end well rested, whatever the stretch holds.
            Some(_) if end < grid.days => Some(width_s - 1),
            _ => None,
        };
        let mut best = (NEVER, 0);
        for u in low as usize..=high as usize {
            let load = line.load.get(u + budget.outside_units as usize).copied().unwrap_or(0);
            let (at, per_unit) = (u - lows[lows.len() - 1], weekends * counts_size * width_s);
            for slot in at * per_unit..(at + 1) * per_unit {
                let value = self.layer[slot];
                if value < NEVER && value + load < best.0 && target.is_none_or(|t| slot % width_s == t) {
                    best = (value + load, slot);
                }
            }
        }
        if best.0 >= NEVER {
            return None;
        }
        let mut row = given.map_or_else(|| vec![0; grid.days], |(row, _)| row.to_vec());
        let mut slot = best.1;
        for (i, day) in (from..end).enumerate().rev() {
            let parent = self.parents[i * size + slot] as usize;
            let (s, g) = (parent / (groups + 1), parent % (groups + 1));
            let at = slot / width_s;
            let (mut c, mut w, mut u) =
                (at % counts_size, at / counts_size % weekends, at / counts_size / weekends + lows[i]);
            if g < groups {
                if day < to {
                    let cost = |k: usize| line.cost[day * grid.kinds + k];
                    let kinds = automaton.groups[g].iter().filter(|&&k| cost(k) < NEVER);
                    let kind = kinds.min_by_key(|&&k| (cost(k) + prices[day * grid.kinds + k], k))?;
                    row[day] = *kind as Cell + 1;
                }
                u -= automaton.group_units[g] as usize;
                c -= count_stride[g];
                let weekend = grid.weekend[day];
                if line.weekends.is_some() && (weekend == 1 || (weekend == 2 && automaton.off[s].0)) {
                    w -= 1;
                }
            } else {
                row[day] = 0;
            }
            if i > 0 {
                slot = (((u - lows[i - 1]) * weekends + w) * counts_size + c) * width_s + s;
            }
        }
        let outside: i64 = outside_cost(grid, p, prices, given, from..end);
        Some((row, best.0 + outside))
    }
}

fn outside_cost(
    grid: &Grid,
    p: usize,
    prices: &[i64],
    given: Option<(&[Cell], Stretch)>,
    inside: std::ops::Range<usize>,
) -> i64 {
    let Some((row, _)) = given else { return 0 };
    let outside = (0..grid.days).filter(|d| !inside.contains(d) && row[*d] > 0);
    outside.map(|d| d * grid.kinds + row[d] as usize - 1).map(|c| prices[c] + grid.lines[p].cost[c]).sum()
}
