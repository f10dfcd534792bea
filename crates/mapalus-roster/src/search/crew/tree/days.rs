//! The best choice of seats of one person against prices, exactly: no two shifts at a time, ways and rest between
//! them, minutes in all and per day, days in a row, load. A dynamic programme over the days whose state is the last
//! shift (where it forbids something later), the run of days worked, and the units worked so far.

use super::super::{bound::PART, choice::MOST_UNITS, layout::Field};

pub(super) const NEVER: i64 = i64::MAX / 8;

/// What an option pays that must be taken, in parts: far more than all else that a person's options may cost.
pub(super) const FORCE: i64 = 1 << 46;

/// Ways to spend the days of one person beyond which a programme of this kind is too large.
const MOST_CHAINS: usize = 3000;

/// A shift that the person may work, in one of some seats.
struct Item {
    shift: u32,
    units: usize,
    /// Options of the person: from, to.
    options: (usize, usize),
    /// Class of whoever worked it last; 0 where it forbids nothing on later days.
    class: usize,
}

/// Shifts of one day, one after the other.
struct Chain {
    items: Vec<usize>,
    units: usize,
}

/// A day with something to work.
struct Day {
    day: i64,
    chains: Vec<Chain>,
}

/// What does not change from call to call for one person.
pub(super) struct Days {
    person: usize,
    unit: i64,
    most: usize,
    items: Vec<Item>,
    days: Vec<Day>,
    /// For each class from 1: the items it forbids, and the last day of one.
    classes: Vec<(Vec<bool>, i64)>,
    /// Days in a row at most, where that is a limit.
    runs: Option<usize>,
    carried: usize,
}

/// Memory of the programme.
#[derive(Default)]
pub(super) struct Room {
    value: Vec<i64>,
    next: Vec<i64>,
    /// For each day and entry, the entry before and the chain.
    parents: Vec<(u32, u32)>,
    /// Cost of each item, and its cheapest option.
    cheapest: Vec<(i64, usize)>,
    ways: Vec<(usize, usize, i64, u32)>,
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Days {
    /// `None` where there are too many ways.
    pub(super) fn of(field: &Field<'_>, p: usize) -> Option<Self> {
        let person = &field.problem.people[p];
        let shift_of = |x: u32| field.seats[x as usize].shift;
        let options = &field.options[p];
        let (mut items, mut unit, mut all): (Vec<Item>, i64, i64) = (Vec::new(), 0, 0);
        for (o, &x) in options.iter().enumerate() {
            match items.last_mut() {
                Some(item) if item.shift == shift_of(x) => item.options.1 = o + 1,
                _ => {
                    let minutes = field.shifts[shift_of(x) as usize].minutes;
                    unit = gcd(unit, minutes);
                    all += minutes;
                    items.push(Item { shift: shift_of(x), units: 0, options: (o, o + 1), class: 0 });
                }
            }
        }
        let unit = unit.max(1);
        let at = |item: &Item| &field.shifts[item.shift as usize];
        items.iter_mut().for_each(|item| {
            item.units = (field.shifts[item.shift as usize].minutes / unit) as usize;
        });
        let mut classes = Vec::new();
        for i in 0..items.len() {
            let a = at(&items[i]);
            let forbidden = |j: &Item| {
                let b = at(j);
                b.day > a.day && !field.apart_enough(a, b, person.limits.min_rest)
            };
            let forbids: Vec<bool> = items.iter().map(forbidden).collect();
            let last = items.iter().zip(&forbids).filter(|(_, f)| **f).map(|(j, _)| at(j).day).max();
            if let Some(last) = last {
                classes.push((forbids, last));
                items[i].class = classes.len();
            }
        }
        let per_day = person.limits.max_minutes_per_day.unwrap_or(all).min(all).max(0) / unit;
        let most = (person.limits.max_minutes.unwrap_or(all).min(all).max(0) / unit) as usize;
        if most as i64 > MOST_UNITS {
            return None;
        }
        let mut days: Vec<Day> = Vec::new();
        let mut count = 0;
        for i in 0..items.len() {
            let day = at(&items[i]).day;
            if days.last().is_none_or(|last| last.day != day) {
                days.push(Day { day, chains: Vec::new() });
            }
            let chains = &mut days.last_mut()?.chains;
            let known = chains.len();
            if items[i].units as i64 <= per_day {
                chains.push(Chain { items: vec![i], units: items[i].units });
            }
            for c in 0..known {
                let units = chains[c].units + items[i].units;
                let fits = |&j: &usize| field.apart_enough(at(&items[j]), at(&items[i]), 0);
                if units as i64 <= per_day && chains[c].items.iter().all(fits) {
                    let longer = chains[c].items.iter().copied().chain([i]).collect();
                    chains.push(Chain { items: longer, units });
                }
            }
            count += chains.len() - known;
            if count > MOST_CHAINS {
                return None;
            }
        }
        let carried = person.before.as_ref().map_or(0, |before| before.days.max(0) as usize);
        let longest = (days.len() + carried) as i64;
        let runs = person.limits.max_days_in_row.filter(|&runs| runs < longest);
        let runs = runs.map(|runs| runs.max(0) as usize);
        Some(Self { person: p, unit, most, items, days, classes, runs, carried })
    }

    /// The least cost at these costs of the options, in parts, and the options taken.
    pub(super) fn best(&self, field: &Field<'_>, costs: &[i64], room: &mut Room) -> (i64, Vec<usize>) {
        room.cheapest.clear();
        for item in &self.items {
            let options = item.options.0..item.options.1;
            let cheapest = options.map(|o| (costs[o], o)).min();
            room.cheapest.push(cheapest.unwrap_or((NEVER, 0)));
        }
        let (states, width) = (self.runs.map_or(1, |runs| runs + 1), self.most + 1);
        let layer = states * width;
        let size = layer * (self.classes.len() + 1);
        room.value.clear();
        room.value.resize(size, NEVER);
        room.parents.clear();
        room.parents.resize(size * self.days.len(), (0, 0));
        room.value[if self.runs.is_some() { self.carried.min(states - 1) * width } else { 0 }] = 0;
        let mut last = -1;
        for d in 0..self.days.len() {
            self.spend(d, last, room);
            last = self.days[d].day;
            std::mem::swap(&mut room.value, &mut room.next);
        }
        let mut best = (NEVER, 0);
        for (at, &value) in room.value.iter().enumerate().filter(|(_, v)| **v < NEVER) {
            let load = field.load_cost(self.person, (at % width) as i64 * self.unit) * PART;
            best = best.min((value + load, at));
        }
        let (mut at, mut taken) = (best.1, Vec::new());
        for (d, day) in self.days.iter().enumerate().rev() {
            let (before, chain) = room.parents[d * size + at];
            if chain < u32::MAX {
                let items = day.chains[chain as usize].items.iter();
                taken.extend(items.map(|&i| room.cheapest[i].1));
            }
            at = before as usize;
        }
        taken.sort_unstable();
        (best.0, taken)
    }

    /// From the layer before a day to that after it.
    fn spend(&self, d: usize, last: i64, room: &mut Room) {
        let (states, width) = (self.runs.map_or(1, |runs| runs + 1), self.most + 1);
        let layer = states * width;
        let size = layer * (self.classes.len() + 1);
        let Day { day, chains } = &self.days[d];
        room.next.clear();
        room.next.resize(size, NEVER);
        let parents = &mut room.parents[d * size..(d + 1) * size];
        for class in 0..=self.classes.len() {
            let from = class * layer;
            if room.value[from..from + layer].iter().all(|&v| v >= NEVER) {
                continue;
            }
            let after = if class > 0 && self.classes[class - 1].1 > *day { class } else { 0 };
            room.ways.clear();
            for (c, chain) in (0..).zip(chains) {
                let cost: i64 = chain.items.iter().map(|&i| room.cheapest[i].0.min(NEVER / 64)).sum();
                if cost >= NEVER / 64 {
                    continue;
                }
                if class > 0 && chain.items.iter().any(|&i| self.classes[class - 1].0[i]) {
                    continue;
                }
                let to = chain.items.last().map_or(0, |&i| self.items[i].class);
                match room.ways.iter_mut().find(|way| way.0 == chain.units && way.1 == to) {
                    Some(way) if way.2 <= cost => {}
                    Some(way) => (way.2, way.3) = (cost, c),
                    None => room.ways.push((chain.units, to, cost, c)),
                }
            }
            for run in 0..states {
                let run_after = match self.runs {
                    None => Some(0),
                    Some(_) if *day > last + 1 => Some(1),
                    Some(most) => Some(run + 1).filter(|&run| run <= most),
                };
                let run_after = run_after.filter(|&run| run < states);
                for units in 0..width {
                    let at = from + run * width + units;
                    let here = room.value[at];
                    if here >= NEVER {
                        continue;
                    }
                    let off = after * layer + units;
                    if here < room.next[off] {
                        room.next[off] = here;
                        parents[off] = (at as u32, u32::MAX);
                    }
                    let Some(run) = run_after else { continue };
                    for &(more, to, cost, chain) in &room.ways {
                        if units + more < width {
                            let slot = to * layer + run * width + units + more;
                            if here + cost < room.next[slot] {
                                room.next[slot] = here + cost;
                                parents[slot] = (at as u32, chain);
                            }
                        }
                    }
                }
            }
        }
    }
}
