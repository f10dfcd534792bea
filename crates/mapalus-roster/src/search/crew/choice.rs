//! The best choice of seats of one person against prices, with some rules left out: rest between days, pairs, weekends,
//! kinds and shortest runs only add cost. Exact otherwise: no two shifts at a time, ways between the shifts of a day,
//! minutes in all and per day, days in a row, load.

use super::{bound::PART, layout::Field};

const NEVER: i64 = i64::MAX / 8;

/// A way to spend a day: cost, and the slots taken.
type Day = Vec<(i64, Vec<u32>)>;

/// A seat that a person may take: slot and own cost in parts.
#[derive(Clone, Copy)]
struct Offer {
    slot: u32,
    cost: i64,
}

/// Units of work of one person beyond which their table is too large.
pub(super) const MOST_UNITS: i64 = 100_000;

pub(super) struct Choice<'f> {
    field: &'f Field<'f>,
    /// Minutes of a unit.
    unit: i64,
    /// In the order of the field's options.
    options: Vec<Vec<Offer>>,
    value: Vec<i64>,
    next: Vec<i64>,
    /// For each day and entry, the run and the units before it.
    parents: Vec<(u16, u16)>,
}

/// An option of a day that may be worth it.
struct Item {
    start: i64,
    end: i64,
    place: u32,
    shift: u32,
    units: usize,
    cost: i64,
    slot: u32,
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl<'f> Choice<'f> {
    pub(super) fn new(field: &'f Field<'f>, slot_of: &dyn Fn(usize, u32) -> u32) -> Self {
        let option = |p: usize, x: u32| Offer { slot: slot_of(p, x), cost: field.own_cost(p, x) * PART };
        let unit = field.shifts.iter().fold(0, |a, s| gcd(a, s.minutes)).max(1);
        let options = (0..field.options.len())
            .map(|p| field.options[p].iter().map(|&x| option(p, x)).collect())
            .collect();
        Self { field, unit, options, value: Vec::new(), next: Vec::new(), parents: Vec::new() }
    }

    /// Whether somebody's table would be too large.
    pub(super) fn is_too_large(&self) -> bool {
        let field = self.field;
        (0..field.options.len()).any(|p| self.most_units(p) > MOST_UNITS)
    }

    /// Units that a person can work at most.
    fn most_units(&self, p: usize) -> i64 {
        let all: i64 = self.field.options[p].iter().map(|&x| self.minutes(x)).sum();
        let most = self.field.problem.people[p].limits.max_minutes;
        (most.unwrap_or(all).min(all) / self.unit).max(0)
    }

    /// The slot of each option of each person.
    pub(super) fn slots(&self) -> impl Iterator<Item = u32> {
        self.options.iter().flatten().map(|option| option.slot)
    }

    /// The cost of a person's best choice, in parts; takes what it takes off `slope`.
    pub(super) fn best(&mut self, p: usize, price: &[i64], slope: &mut [i64]) -> i64 {
        let field = self.field;
        let person = &field.problem.people[p];
        let limits = &person.limits;
        let most = self.most_units(p) as usize;
        let days = self.days(p, price, most);
        // The state is the run of days worked and the units so far.
        let runs = limits.max_days_in_row.filter(|&runs| runs < days.len() as i64);
        let states = runs.map_or(1, |runs| runs.max(0) as usize + 1);
        let (width, carried) = (most + 1, person.before.as_ref().map_or(0, |b| b.days.max(0) as usize));
        let size = states * width;
        self.value.clear();
        self.value.resize(size, NEVER);
        self.parents.clear();
        self.parents.resize(size * days.len(), (0, 0));
        let mut last = -1;
        self.value[if runs.is_some() { carried.min(states - 1) * width } else { 0 }] = 0;
        for (d, (day, ways)) in days.iter().enumerate() {
            let rested = *day > last + 1;
            last = *day;
            self.next.clear();
            self.next.resize(size, NEVER);
            let parents = &mut self.parents[d * size..(d + 1) * size];
            for at in (0..size).filter(|&at| self.value[at] < NEVER) {
                let (here, run, units) = (self.value[at], at / width, at % width);
                if here < self.next[units] {
                    self.next[units] = here;
                    parents[units] = (run as u16, 0);
                }
                let to = if runs.is_none() {
                    0
                } else if rested {
                    1
                } else {
                    run + 1
                };
                if to >= states {
                    continue;
                }
                for (more, (cost, _)) in ways.iter().enumerate().take(width - units).skip(1) {
                    let slot = to * width + units + more;
                    if *cost < NEVER && here + cost < self.next[slot] {
                        self.next[slot] = here + cost;
                        parents[slot] = (run as u16, more as u16);
                    }
                }
            }
            std::mem::swap(&mut self.value, &mut self.next);
        }
        let mut best = (NEVER, 0);
        for (at, &value) in self.value.iter().enumerate().filter(|(_, v)| **v < NEVER) {
            let load = field.load_cost(p, (at % width) as i64 * self.unit) * PART;
            best = best.min((value + load, at));
        }
        let mut at = best.1;
        for (d, (_, ways)) in days.iter().enumerate().rev() {
            let (run, units) = self.parents[d * size + at];
            if units > 0 {
                ways[units as usize].1.iter().for_each(|&slot| slope[slot as usize] -= 1);
            }
            at = run as usize * width + at % width - units as usize;
        }
        best.0
    }

    fn minutes(&self, seat: u32) -> i64 {
        self.field.shifts[self.field.seats[seat as usize].shift as usize].minutes
    }

    /// The days with something to gain, and the ways to spend each.
    fn days(&self, p: usize, price: &[i64], most: usize) -> Vec<(i64, Day)> {
        let field = self.field;
        let person = &field.problem.people[p];
        let per_day = person.limits.max_minutes_per_day;
        let per_day = per_day.map_or(most, |m| (m / self.unit).max(0) as usize).min(most);
        let missed = if person.wanted_minutes > 0 { field.problem.costs.underload * PART } else { 0 };
        let mut days: Vec<(i64, Day)> = Vec::new();
        let (mut items, mut of_day): (Vec<Item>, i64) = (Vec::new(), -1);
        for (&x, option) in field.options[p].iter().zip(&self.options[p]) {
            let (shift, at) = (field.seats[x as usize].shift, self.shift(x));
            if at.day != of_day {
                self.close(of_day, &mut items, per_day, &mut days);
                of_day = at.day;
            }
            let cost = option.cost + price[option.slot as usize];
            // Without it a choice that holds it is no dearer: it gains at most the hours that would be missed.
            if cost >= missed * (at.minutes / 60 + 1) {
                continue;
            }
            // Of each shift only the cheapest seat counts.
            match items.iter_mut().find(|item| item.shift == shift) {
                Some(item) if item.cost <= cost => {}
                Some(item) => (item.cost, item.slot) = (cost, option.slot),
                None => items.push(Item {
                    start: at.start,
                    end: at.end,
                    place: at.place,
                    shift,
                    units: (at.minutes / self.unit) as usize,
                    cost,
                    slot: option.slot,
                }),
            }
        }
        self.close(of_day, &mut items, per_day, &mut days);
        days
    }

    fn shift(&self, seat: u32) -> &super::layout::ShiftAt {
        &self.field.shifts[self.field.seats[seat as usize].shift as usize]
    }

    /// For each number of units, the cheapest choice of a day's items of which each can be reached from the one before.
    fn close(&self, day: i64, items: &mut Vec<Item>, most: usize, days: &mut Vec<(i64, Day)>) {
        if items.is_empty() {
            return;
        }
        items.sort_by_key(|item| (item.start, item.end, item.slot));
        let width = most + 1;
        // Best with an item as the last, for each number of units; and the item before it.
        let mut table = vec![(NEVER, usize::MAX); items.len() * width];
        for (i, item) in items.iter().enumerate() {
            if item.units > most {
                continue;
            }
            table[i * width + item.units] = (item.cost, usize::MAX);
            for (j, before) in items[..i].iter().enumerate() {
                let ways = self.field.problem.travel_minutes(before.place, item.place);
                if before.end + ways > item.start {
                    continue;
                }
                for units in item.units..=most {
                    let (value, _) = table[j * width + units - item.units];
                    if value < NEVER && value + item.cost < table[i * width + units].0 {
                        table[i * width + units] = (value + item.cost, j);
                    }
                }
            }
        }
        let mut ways: Day = vec![(NEVER, Vec::new()); width];
        for (units, way) in ways.iter_mut().enumerate() {
            let Some(mut i) = (0..items.len()).min_by_key(|&i| table[i * width + units].0) else { continue };
            way.0 = table[i * width + units].0;
            let mut left = units;
            while way.0 < NEVER && i < usize::MAX {
                way.1.push(items[i].slot);
                let before = table[i * width + left].1;
                left -= items[i].units;
                i = before;
            }
        }
        items.clear();
        days.push((day, ways));
    }
}
