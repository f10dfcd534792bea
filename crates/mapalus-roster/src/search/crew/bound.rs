//! A proven lower bound: each person's best days against prices of the seats, with some of their rules left out.
//!
//! Lagrange: with a price for each seat, the best roster costs no less than what each shift costs at its own best head
//! counts, worth their prices, plus what each person's best choice costs. Shifts are exact but for newcomers; where a
//! shift is guarded, cleared people have prices of their own, so that it is empty or has enough of them. The choice of
//! a person is relaxed ([`super::choice`]). Prices move by the subgradient with Polyak's step.

use super::{choice::Choice, layout::Field};

/// Prices are whole numbers of this part of a cost.
pub(super) const PART: i64 = 256;
const NEVER: i64 = i64::MAX / 8;

pub(super) struct Bound<'f> {
    field: &'f Field<'f>,
    choice: Choice<'f>,
    /// What one more person costs them in each slot, in parts; what the slot gains by them is the same. A slot is a
    /// seat, or what cleared people take of a seat under guard.
    price: Vec<i64>,
    /// Slot of the cleared in each seat; that of everybody where there is no guard.
    cleared: Vec<u32>,
    /// People who may take each slot.
    able: Vec<i64>,
    /// The best bound so far, in parts.
    best: Option<i64>,
    /// Head count that each slot wants less that it gets.
    slope: Vec<i64>,
    /// The smoothed slope.
    way: Vec<f64>,
    /// No price is farther from nothing.
    dearest: i64,
    step: f64,
    fruitless: u32,
}

impl<'f> Bound<'f> {
    pub(super) fn new(field: &'f Field<'f>) -> Self {
        let mut cleared: Vec<u32> = (0..field.seats.len() as u32).collect();
        let mut slots = field.seats.len();
        for (seat, slot) in cleared.iter_mut().enumerate() {
            if field.shifts[field.seats[seat].shift as usize].guard.is_some() {
                *slot = slots as u32;
                slots += 1;
            }
        }
        let slot_of = |p: usize, seat: u32| {
            let guard = field.shifts[field.seats[seat as usize].shift as usize].guard;
            match guard {
                Some((g, _)) if field.cleared[g][p] => cleared[seat as usize],
                _ => seat,
            }
        };
        let choice = Choice::new(field, &slot_of);
        let mut able = vec![0; slots];
        choice.slots().for_each(|slot| able[slot as usize] += 1);
        let price = vec![0; slots];
        let seats_of = |&(from, to): &(u32, u32)| &field.seats[from as usize..to as usize];
        let idle = |shift: &(u32, u32)| seats_of(shift).iter().map(|seat| seat.cost(0)).sum::<i64>();
        let dearest = field.seats_of.iter().map(idle).max().unwrap_or(0).saturating_add(1000).min(1 << 40);
        Self {
            field,
            choice,
            price,
            cleared,
            able,
            best: None,
            slope: vec![0; slots],
            way: vec![0.0; slots],
            dearest: dearest * PART,
            step: 1.0,
            fruitless: 0,
        }
    }

    /// The bound in whole costs.
    pub(super) fn whole(&self) -> Option<i64> {
        self.best.map(|b| b.div_euclid(PART) + i64::from(b.rem_euclid(PART) > 0))
    }

    /// One round of prices; `cost` is that of a roster. False where it is not worth going on.
    pub(super) fn round(&mut self, cost: i64, stop: &mut dyn FnMut() -> bool) -> bool {
        let field = self.field;
        let problem = field.problem;
        if field.shifts.iter().any(|shift| shift.minutes <= 0) || self.choice.is_too_large() {
            // What takes no time cannot be counted by it; what takes too much is not.
            return false;
        }
        let mut sum = (problem.unavoidable + problem.previous.len() as i64 * problem.costs.change) * PART;
        self.slope.fill(0);
        for (shift, at) in field.shifts.iter().enumerate() {
            sum += match at.guard {
                None => self.open_shift(shift),
                Some((_, least)) => self.guarded_shift(shift, least.max(0) as usize),
            };
        }
        for p in 0..field.options.len() {
            if stop() {
                return false;
            }
            sum += self.choice.best(p, &self.price, &mut self.slope);
        }
        if self.best.is_none_or(|best| sum > best) {
            self.best = Some(sum);
            self.fruitless = 0;
        } else {
            self.fruitless += 1;
            if self.fruitless >= 20 {
                self.step /= 1.5;
                self.fruitless = 0;
            }
        }
        if self.slope.iter().all(|&s| s == 0) || self.step < 0.0005 {
            return false;
        }
        // The way goes on a little in the direction it had, against going to and fro (Camerini, Fratta, Maffioli).
        for (way, &slope) in self.way.iter_mut().zip(&self.slope) {
            *way = 0.6 * *way + 0.4 * slope as f64;
        }
        let norm: f64 = self.way.iter().map(|way| way * way).sum::<f64>().max(0.1);
        let goal = (cost.saturating_mul(PART) - sum).max(PART) as f64;
        let length = self.step * goal / norm;
        for (price, way) in self.price.iter_mut().zip(&self.way) {
            // More wanted than came: it pays more.
            *price -= (length * way).round() as i64;
            // Nobody is worth more than all that a shift can cost.
            *price = (*price).clamp(-self.dearest, self.dearest);
        }
        true
    }

    /// The least that the seats of a shift cost, less what their people are worth.
    fn open_shift(&mut self, shift: usize) -> i64 {
        let (from, to) = self.field.seats_of[shift];
        let mut sum = 0;
        for x in from as usize..to as usize {
            let seat = &self.field.seats[x];
            let most = seat.max.min(self.able[x]);
            let value = |n: i64| seat.cost(n) * PART - self.price[x] * n;
            let counts = [0, seat.min.min(most), seat.want.min(most), most];
            let n = counts.into_iter().min_by_key(|&n| (value(n), -n)).unwrap_or(0);
            sum += value(n);
            self.slope[x] += n;
        }
        sum
    }

    /// The same where there is nobody, or at least `least` are cleared.
    fn guarded_shift(&mut self, shift: usize, least: usize) -> i64 {
        let (from, to) = self.field.seats_of[shift];
        let idle: i64 = (from..to).map(|x| self.field.seats[x as usize].cost(0) * PART).sum();
        // For each number of cleared people up to now, at most `least` counted: the cost, and how it came about.
        let mut reached = vec![(NEVER, Vec::new()); least + 1];
        reached[0] = (0, Vec::new());
        for x in from as usize..to as usize {
            let mut next: Vec<(i64, Vec<(i64, i64)>)> = vec![(NEVER, Vec::new()); least + 1];
            for (value, here, others) in self.counts(x) {
                for (k, (cost, way)) in reached.iter().enumerate().filter(|(_, r)| r.0 < NEVER) {
                    let to = (k + here as usize).min(least);
                    if cost + value < next[to].0 {
                        let mut way = way.clone();
                        way.push((here, others));
                        next[to] = (cost + value, way);
                    }
                }
            }
            reached = next;
        }
        let (cost, way) = &reached[least];
        if *cost >= idle {
            return idle;
        }
        for (x, &(here, others)) in (from as usize..to as usize).zip(way) {
            self.slope[self.cleared[x] as usize] += here;
            self.slope[x] += others;
        }
        *cost
    }

    /// For each number of cleared people in a seat: the least cost, that number, and the number of others.
    fn counts(&self, x: usize) -> Vec<(i64, i64, i64)> {
        let seat = &self.field.seats[x];
        let slot = self.cleared[x] as usize;
        let others = self.able[x];
        let with = |here: i64| {
            let most = (seat.max - here).min(others);
            let value = |n: i64| seat.cost(here + n) * PART - self.price[slot] * here - self.price[x] * n;
            let counts = [0, (seat.min - here).clamp(0, most), (seat.want - here).clamp(0, most), most];
            let n = counts.into_iter().min_by_key(|&n| (value(n), -n)).unwrap_or(0);
            (value(n), here, n)
        };
        (0..=seat.max.min(self.able[slot])).map(with).collect()
    }
}
