//! A proven lower bound: each person's best days against prices of the seats, with some of their rules left out.
//!
//! Lagrange: with a price for each seat, the best roster costs no less than what the seats cost at their own best head
//! count plus what each person's best choice costs. The choice is relaxed (ways, rest between days, pairs, guards and
//! newcomers are left out: they only add cost), and exact otherwise: no two shifts at a time, minutes in all and per
//! day, days in a row, load. Prices move by the subgradient with Polyak's step.

use super::layout::Field;

/// Prices are whole numbers of this part of a cost.
const PART: i64 = 256;
const NEVER: i64 = i64::MAX / 8;

pub(super) struct Bound<'f> {
    field: &'f Field<'f>,
    /// Minutes of a unit.
    unit: i64,
    /// Own cost of each option, in parts.
    own: Vec<Vec<i64>>,
    /// Price of each seat, in parts.
    price: Vec<i64>,
    best_price: Vec<i64>,
    /// The best bound so far, in parts.
    pub best: Option<i64>,
    taken: Vec<i64>,
    step: f64,
    fruitless: u32,
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl<'f> Bound<'f> {
    pub(super) fn new(field: &'f Field<'f>) -> Self {
        let unit = field.shifts.iter().fold(0, |a, s| gcd(a, s.minutes)).max(1);
        let own = (0..field.options.len())
            .map(|p| field.options[p].iter().map(|&x| field.own_cost(p, x) * PART).collect())
            .collect();
        let price: Vec<i64> = field
            .seats
            .iter()
            .zip(&field.candidates)
            .map(|(s, c)| if (c.len() as i64) < s.want { s.below_want * PART } else { 0 })
            .collect();
        let n = field.seats.len();
        let best_price = price.clone();
        Self { field, unit, own, price, best_price, best: None, taken: vec![0; n], step: 1.2, fruitless: 0 }
    }

    /// The bound in whole costs.
    pub(super) fn whole(&self) -> Option<i64> {
        self.best.map(|b| b.div_euclid(PART) + i64::from(b.rem_euclid(PART) > 0))
    }

    /// One round of prices; `cost` is that of a roster. False where it is not worth going on.
    pub(super) fn round(&mut self, cost: i64, stop: &mut dyn FnMut() -> bool) -> bool {
        let field = self.field;
        let problem = field.problem;
        self.taken.fill(0);
        let mut sum = (problem.unavoidable + problem.previous.len() as i64 * problem.costs.change) * PART;
        let mut slope = vec![0_i64; field.seats.len()];
        for (x, seat) in field.seats.iter().enumerate() {
            let most = seat.max.min(field.candidates[x].len() as i64);
            let value = |n: i64| seat.cost(n) * PART + self.price[x] * n;
            let counts = [0, seat.min.min(most), seat.want.min(most), most];
            let n = counts.into_iter().min_by_key(|&n| (value(n), -n)).unwrap_or(0);
            sum += value(n);
            slope[x] = n;
        }
        for p in 0..field.options.len() {
            if stop() {
                return false;
            }
            sum += self.person(p);
        }
        if self.best.is_none_or(|best| sum > best) {
            self.best = Some(sum);
            self.best_price.clone_from(&self.price);
            self.fruitless = 0;
        } else {
            self.fruitless += 1;
            if self.fruitless >= 12 {
                self.step /= 2.0;
                self.fruitless = 0;
                self.price.clone_from(&self.best_price);
            }
        }
        let mut norm = 0.0;
        for x in 0..slope.len() {
            slope[x] -= self.taken[x];
            norm += (slope[x] * slope[x]) as f64;
        }
        let goal = (cost * PART - sum).max(PART) as f64;
        if norm == 0.0 || self.step < 0.002 {
            return false;
        }
        let length = self.step * goal / norm;
        for (x, seat) in field.seats.iter().enumerate() {
            let most = (seat.below_min + seat.below_want) * PART;
            let moved = (length * slope[x] as f64).round() as i64;
            self.price[x] = (self.price[x] + moved).clamp(-most, seat.above_want * PART);
        }
        true
    }

    /// The cheapest relaxed choice of a person; counts what it takes.
    fn person(&mut self, p: usize) -> i64 {
        let field = self.field;
        let limits = &field.problem.people[p].limits;
        let options = &field.options[p];
        let shift = |x: u32| &field.shifts[field.seats[x as usize].shift as usize];
        let all: i64 = options.iter().map(|&x| shift(x).minutes).sum();
        let most = (limits.max_minutes.unwrap_or(all).min(all) / self.unit).max(0) as usize;
        let runs = limits.max_days_in_row.unwrap_or(i64::MAX).clamp(0, 31) as usize;
        let bounded = limits.max_days_in_row.is_some_and(|r| r <= 31);
        // Days with something to gain: day, cost by units, choice by units.
        let mut days: Vec<(i64, Vec<(i64, Vec<u32>)>)> = Vec::new();
        let mut i = 0;
        while i < options.len() {
            let day = shift(options[i]).day;
            let j = i + options[i..].iter().take_while(|&&x| shift(x).day == day).count();
            let per_day =
                limits.max_minutes_per_day.map_or(most, |m| (m / self.unit).max(0) as usize).min(most);
            days.push((day, self.day(p, i, j, per_day)));
            i = j;
        }
        // Over days: state is the run of days worked and the units so far.
        let states = if bounded { runs + 1 } else { 1 };
        let width = most + 1;
        let mut value = vec![NEVER; states * width];
        value[0] = 0;
        let carried = field.problem.people[p].before.as_ref().map_or(0, |b| b.days.max(0) as usize);
        if bounded && carried > 0 {
            value.fill(NEVER);
            value[carried.min(states - 1) * width] = 0;
        }
        let (mut parents, mut last): (Vec<Vec<(u16, u16)>>, i64) = (Vec::new(), -1);
        for (day, choices) in &days {
            if bounded && *day > last + 1 {
                // Days without any option end the run.
                let mut rested = vec![NEVER; states * width];
                for (at, &v) in value.iter().enumerate() {
                    rested[at % width] = rested[at % width].min(v);
                }
                let mut to_zero = vec![(0_u16, 0_u16); states * width];
                for (u, to) in to_zero.iter_mut().take(width).enumerate() {
                    let run = (0..states).min_by_key(|r| value[r * width + u]).unwrap_or(0);
                    *to = (run as u16, 0);
                }
                parents.push(to_zero);
                value = rested;
            }
            last = *day;
            let mut next = vec![NEVER; states * width];
            let mut from = vec![(0_u16, 0_u16); states * width];
            for run in 0..states {
                for u in 0..width {
                    let here = value[run * width + u];
                    if here >= NEVER {
                        continue;
                    }
                    if here < next[u] {
                        next[u] = here;
                        from[u] = (run as u16, 0);
                    }
                    let to = if bounded { run + 1 } else { 0 };
                    if to >= states {
                        continue;
                    }
                    for (units, (cost, taken)) in choices.iter().enumerate().take(width - u) {
                        if !taken.is_empty() && *cost < NEVER {
                            let slot = to * width + u + units;
                            if here + cost < next[slot] {
                                next[slot] = here + cost;
                                from[slot] = (run as u16, units as u16);
                            }
                        }
                    }
                }
            }
            value = next;
            parents.push(from);
        }
        let mut best = (NEVER, 0);
        for (at, &v) in value.iter().enumerate().filter(|(_, v)| **v < NEVER) {
            best = best.min((v + field.load_cost(p, (at % width) as i64 * self.unit) * PART, at));
        }
        if best.0 >= NEVER {
            return 0;
        }
        let (mut at, mut k) = (best.1, parents.len());
        let mut next_day = i64::MAX;
        for d in (0..days.len()).rev() {
            let (day, choices) = &days[d];
            let _ = next_day;
            k -= 1;
            let (run, units) = parents[k][at];
            for &x in &choices[units as usize].1 {
                if units > 0 {
                    self.taken[x as usize] += 1;
                }
            }
            at = run as usize * width + at % width - units as usize;
            let gap = bounded && *day > if d == 0 { 0 } else { days[d - 1].0 + 1 };
            if gap {
                k -= 1;
                let (run, _) = parents[k][at];
                at = run as usize * width + at % width;
            }
            next_day = *day;
        }
        best.0
    }

    /// For each number of units, the cheapest choice of a person's options `from..to`, all of one day, none at the same
    /// time as another. Units at 0 hold nothing.
    fn day(&self, p: usize, from: usize, to: usize, most: usize) -> Vec<(i64, Vec<u32>)> {
        let field = self.field;
        let options = &field.options[p][from..to];
        let shift = |x: u32| &field.shifts[field.seats[x as usize].shift as usize];
        // Of each shift only the cheapest seat counts; dear ones are worth nothing but where wanted minutes are missed.
        let mut best: Vec<(i64, i64, i64, u32)> = Vec::new();
        for (i, &x) in options.iter().enumerate() {
            let cost = self.own[p][from + i] + self.price[x as usize];
            let at = shift(x);
            match best.last_mut() {
                Some(last) if field.seats[last.3 as usize].shift == field.seats[x as usize].shift => {
                    if cost < last.2 {
                        (last.2, last.3) = (cost, x);
                    }
                }
                _ => best.push((at.end, at.start, cost, x)),
            }
        }
        best.sort_unstable();
        let mut table: Vec<Vec<(i64, Option<usize>)>> = vec![vec![(NEVER, None); most + 1]];
        table[0][0] = (0, None);
        for (i, &(_, start, cost, x)) in best.iter().enumerate() {
            let units = (shift(x).minutes / self.unit) as usize;
            let free = best[..i].partition_point(|o| o.0 <= start);
            let mut row = table[i].iter().map(|&(v, _)| (v, None)).collect::<Vec<_>>();
            for u in units..=most {
                let (v, _) = table[free][u - units];
                if v < NEVER && v + cost < row[u].0 {
                    row[u] = (v + cost, Some(free));
                }
            }
            table.push(row);
        }
        (0..=most)
            .map(|u| {
                let (cost, mut taken, mut left, mut i) = (table[best.len()][u].0, Vec::new(), u, best.len());
                if cost >= NEVER {
                    return (cost, taken);
                }
                while i > 0 {
                    match table[i][left].1 {
                        Some(free) => {
                            let x = best[i - 1].3;
                            taken.push(x);
                            left -= (shift(x).minutes / self.unit) as usize;
                            i = free;
                        }
                        None => i -= 1,
                    }
                }
                (cost, taken)
            })
            .collect()
    }
}
