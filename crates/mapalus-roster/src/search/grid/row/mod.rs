//! The best row of one person against prices: an exact dynamic programme over days.
//!
//! State: what the day before leaves (kind's class of followers and length of the run of work, or length of the run of
//! days off), units worked, weekends worked, and counts of those kinds whose limit has turned out to matter. Kinds that
//! are alike in length and in what may stand beside them are one choice: the cheapest of the day. Work is pruned by
//! the units that can still be reached. A stretch of a row can be filled anew while the rest stands; a row too long for
//! one programme is built stretch by stretch.

mod automaton;
mod build;
mod free;
mod programme;

use super::{Cell, Row, layout::Grid};
use crate::features;
use automaton::Automaton;

/// Counts of at most this many combinations are tracked; beyond it the row is repaired by raising prices.
const MOST_TRACKED: usize = 120;

/// A stretch of days to be filled anew; outside of it the row stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stretch {
    pub from: usize,
    pub to: usize,
}

impl Stretch {
    /// All of a grid.
    pub(crate) fn whole(grid: &Grid) -> Self {
        Self { from: 0, to: grid.days }
    }
}

/// What [`Pricer::best`] found.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub row: Row,
    /// No row of the person costs less than this at these prices.
    pub least: i64,
}

/// Works out rows of one grid; keeps its memory and what it has learnt about each person.
pub(crate) struct Pricer<'a> {
    grid: &'a Grid,
    automata: Vec<Automaton>,
    layer: Vec<i64>,
    next: Vec<i64>,
    parents: Vec<u16>,
    cheapest: Vec<i64>,
    /// Entries of tables worked out so far: a clock that is the same on every machine.
    pub work: u64,
}

/// A programme: days to fill, the state before them, and what they may use up.
struct Plan<'r> {
    /// The row outside of the days; days from `to` on are forced to what stands there.
    row: &'r [Cell],
    from: usize,
    to: usize,
    end: usize,
    start: usize,
    /// State after the last day, where it must be one.
    target: Option<usize>,
    /// Units of the days: least and most.
    units: (i64, i64),
    weekends: usize,
    /// Of each tracked kind, at most.
    counts: Vec<usize>,
    /// Units outside of the days, and the cost there.
    outside_units: i64,
    outside_cost: i64,
}

impl<'a> Pricer<'a> {
    pub(crate) fn new(grid: &'a Grid) -> Self {
        let automata = grid.lines.iter().map(|line| Automaton::new(grid, line, &[])).collect();
        let (layer, next) = (Vec::new(), Vec::new());
        Self { grid, automata, layer, next, parents: Vec::new(), cheapest: Vec::new(), work: 0 }
    }

    /// The cheapest row of person `p` at `prices` (of each cell, added to the person's own cost of it) that agrees
    /// with `row` outside of the stretch. `None` where there is none, or where the table would be too large.
    pub(crate) fn best(
        &mut self,
        p: usize,
        prices: &[i64],
        row: Option<(&[Cell], Stretch)>,
    ) -> Option<Found> {
        let grid = self.grid;
        let idle: Row = Vec::new();
        let (row, stretch) = match row {
            Some((row, stretch)) if stretch != Stretch::whole(grid) => (Some(row), stretch),
            _ => (None, Stretch::whole(grid)),
        };
        self.improve(p, prices, stretch, (if row.is_some() { 8 } else { 40 }, true), |pricer, prices| {
            match row {
                Some(row) => pricer.refill_plan(p, prices, row, stretch),
                None => Some(pricer.whole_plan(p, &idle)),
            }
        })
    }

    /// Runs the programme of a plan until its row keeps the counts of kinds that the programme does not carry. Where it
    /// may `carry`, a kind that was too often is carried from then on.
    fn improve<'r>(
        &mut self,
        p: usize,
        prices: &[i64],
        stretch: Stretch,
        (rounds, carry): (i64, bool),
        plan: impl Fn(&Self, &[i64]) -> Option<Plan<'r>>,
    ) -> Option<Found> {
        let (grid, mut raised) = (self.grid, None::<Vec<i64>>);
        let mut least = None;
        for round in 0..rounds {
            let now = raised.as_deref().unwrap_or(prices);
            let plan = plan(self, now)?;
            let (out, cost) = self.programme(p, now, &plan)?;
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
            let inside = (stretch.from..stretch.to).filter(|&d| out[d] as usize == over + 1).count() as i64;
            let room = (line.most[over] - (counts[over] - inside)).max(0) as usize;
            let span = plan.end - plan.from;
            let size: usize = plan.counts.iter().filter(|&&c| c < span).map(|c| c + 1).product();
            let mut tracked = self.automata[p].tracked.clone();
            if carry && size * (room + 1) <= MOST_TRACKED && !tracked.contains(&over) {
                tracked.push(over);
                self.automata[p] = Automaton::new(grid, line, &tracked);
                if raised.is_none() {
                    least = None;
                }
            } else {
                // Too many counts to carry: make the kind dear until the row keeps its limit.
                let prices = raised.get_or_insert_with(|| prices.to_vec());
                let step = 1 + round * round * 64;
                for day in stretch.from..stretch.to {
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

    fn whole_plan<'r>(&self, p: usize, idle: &'r [Cell]) -> Plan<'r> {
        let (days, line) = (self.grid.days, &self.grid.lines[p]);
        let automaton = &self.automata[p];
        Plan {
            row: idle,
            from: 0,
            to: days,
            end: days,
            start: automaton.states,
            target: None,
            units: line.units,
            weekends: line.weekends.unwrap_or(0),
            counts: automaton.tracked.iter().map(|&k| line.most[k].max(0) as usize).collect(),
            outside_units: 0,
            outside_cost: 0,
        }
    }

    fn refill_plan<'r>(
        &self,
        p: usize,
        prices: &[i64],
        row: &'r [Cell],
        stretch: Stretch,
    ) -> Option<Plan<'r>> {
        let (grid, line, automaton) = (self.grid, &self.grid.lines[p], &self.automata[p]);
        // After the stretch the days are forced until the state no longer depends on it.
        let (mut end, mut rested, mut worked) = (stretch.to, 0, false);
        while end < grid.days && !(worked && rested >= line.min_off) {
            worked |= row[end] > 0;
            rested = if row[end] == 0 { rested + 1 } else { 0 };
            end += 1;
        }
        let mut plan = Plan {
            row,
            from: stretch.from,
            to: stretch.to,
            end,
            start: self.state_before(p, row, stretch.from)?,
            target: (end < grid.days).then(|| automaton.states - 1),
            units: (0, 0),
            weekends: 0,
            counts: Vec::new(),
            outside_units: 0,
            outside_cost: 0,
        };
        let mut counts: Vec<i64> = automaton.tracked.iter().map(|&k| line.most[k]).collect();
        let mut weekends = line.weekends.map_or(0, |w| w as i64);
        for day in (0..stretch.from).chain(end..grid.days).filter(|&d| row[d] > 0) {
            let kind = row[day] as usize - 1;
            let cell = day * grid.kinds + kind;
            plan.outside_units += grid.length[kind];
            plan.outside_cost += prices[cell] + line.cost[cell];
            if let Some(t) = automaton.tracked.iter().position(|&k| k == kind) {
                counts[t] -= 1;
            }
            let begins = features::weekends::begins(grid.weekend[day], day == 0 || row[day - 1] == 0);
            weekends -= i64::from(begins && line.weekends.is_some());
        }
        if weekends < 0 || line.units.1 < plan.outside_units || counts.iter().any(|&c| c < 0) {
            return None;
        }
        plan.units = ((line.units.0 - plan.outside_units).max(0), line.units.1 - plan.outside_units);
        plan.weekends = weekends as usize;
        plan.counts = counts.into_iter().map(|c| c as usize).collect();
        Some(plan)
    }

    /// State that the days before `day` leave.
    fn state_before(&self, p: usize, row: &[Cell], day: usize) -> Option<usize> {
        let automaton = &self.automata[p];
        let mut state = automaton.states;
        for (d, &cell) in row[..day].iter().enumerate() {
            let rest = automaton.groups.len() as u16;
            let group = match cell {
                0 => rest,
                cell => automaton.group_of[cell as usize - 1],
            };
            let first = self.is_first(p, state, d);
            let step = automaton.steps[state].iter().find(|s| s.group == group && (!s.if_first || first))?;
            state = step.to as usize;
        }
        Some(state)
    }

    /// Whether the run that `state` stands in, seen before `day`, began on day 0.
    fn is_first(&self, p: usize, state: usize, day: usize) -> bool {
        let (off, run) = self.automata[p].off[state];
        run == day + if off { 0 } else { self.grid.lines[p].before }
    }
}
