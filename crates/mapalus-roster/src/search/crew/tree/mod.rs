//! Branch and price: for rosters that are small enough, the best there is with its proof.
//!
//! A linear programme over whole choices of people ([`rows`]), whose columns come from each person's exact best choice
//! against its prices ([`days`]). Its bound is worked out in whole numbers. Where the choices are in parts, a guarded
//! shift is worked or not, or somebody has a seat or not, deepest first. On the way rosters are rounded and polished.

mod days;
mod decide;
mod rows;

use super::{
    board::Board,
    bound::PART,
    layout::Field,
    walk::{Schedule, walk},
};
use crate::search::Chance;
use days::{Days, FORCE, NEVER, Room};
use decide::Decision;
use rows::Rows;
use std::{
    cmp::Reverse,
    collections::{BinaryHeap, HashSet},
};

/// What the tree asks of whom it works for.
pub(super) trait Owner<'a> {
    /// The cost of the best roster known.
    fn cost(&self) -> i64;
    /// A roster was found.
    fn offer(&self, board: &Board<'a>);
    /// No roster costs less than this.
    fn raise(&self, bound: i64);
    /// Whether to stop.
    fn over(&self) -> bool;
}

/// A choice of a person that has a column.
struct Choice {
    person: usize,
    options: Vec<usize>,
    number: usize,
    /// Decisions that it contradicts.
    against: u32,
}

#[derive(PartialEq)]
enum Priced {
    /// Nothing here is better than what is known.
    Cut,
    /// The programme is at its best: the bound.
    Done(i64),
    /// It was stopped.
    Stopped,
}

/// So many prices together are still less than what forces an option.
const MOST_PRICES: i64 = 1024;

pub(super) struct Tree<'f, 'a> {
    field: &'a Field<'a>,
    owner: &'f dyn Owner<'a>,
    rows: Rows,
    days: Vec<Days>,
    room: Room,
    choices: Vec<Choice>,
    known: HashSet<(usize, Vec<usize>)>,
    /// Decisions on each option: how often it is barred, and how often it is forced.
    barred: Vec<Vec<u32>>,
    forced: Vec<Vec<u32>>,
    chance: Chance,
    nodes: u64,
    most_nodes: u64,
    /// The least bound of a node that ended in a roster dearer than it: more than that is not proved.
    unproved: i64,
    costs: Vec<i64>,
}

impl<'f, 'a> Tree<'f, 'a> {
    /// `None` where the roster is too large or has rules that only the walk knows.
    pub(super) fn new(
        field: &'a Field<'a>,
        owner: &'f dyn Owner<'a>,
        most_rows: usize,
        most_nodes: u64,
        mut chance: Chance,
    ) -> Option<Self> {
        if field.rich.contains(&true) || field.shifts.iter().any(|shift| shift.minutes <= 0) {
            return None;
        }
        if field.seats.len() + field.options.len() > most_rows {
            return None;
        }
        let days = (0..field.options.len()).map(|p| Days::of(field, p)).collect::<Option<Vec<_>>>()?;
        let rows = Rows::of(field, most_rows, &mut chance)?;
        if rows.largest() > FORCE / MOST_PRICES {
            return None;
        }
        let of_options = |n: u32| field.options.iter().map(|o| vec![n; o.len()]).collect();
        let mut out = Self {
            field,
            owner,
            rows,
            days,
            room: Room::default(),
            choices: Vec::new(),
            known: HashSet::new(),
            barred: of_options(0),
            forced: of_options(0),
            chance,
            nodes: 0,
            most_nodes,
            unproved: i64::MAX,
            costs: Vec::new(),
        };
        for &(p, seat) in &field.fixed {
            let option = field.options[p as usize].iter().position(|&x| x == seat)?;
            out.forced[p as usize][option] += 1;
        }
        Some(out)
    }

    /// Searches until all is proved or it is over.
    pub(super) fn run(&mut self, board: &Board<'a>) {
        for p in 0..self.days.len() {
            let own: Vec<usize> = board.own[p].iter().filter_map(|&x| self.option(p, x)).collect();
            self.add(p, own);
        }
        let mut open: BinaryHeap<Reverse<(i64, u64, Vec<Decision>)>> = BinaryHeap::new();
        open.push(Reverse((i64::MIN, 0, Vec::new())));
        let mut path: Vec<Decision> = Vec::new();
        while let Some(Reverse((bound, _, next))) = open.pop() {
            self.owner.raise(bound.min(self.unproved).min(self.owner.cost()));
            if bound >= self.owner.cost() {
                return;
            }
            self.go(&mut path, next);
            if !self.dive(&mut path, &mut open) {
                return;
            }
        }
        self.owner.raise(self.unproved.min(self.owner.cost()));
    }

    /// Decides deeper and deeper until nothing is in doubt or worth it; the other sides are left open. False where it
    /// was stopped.
    fn dive(
        &mut self,
        path: &mut Vec<Decision>,
        open: &mut BinaryHeap<Reverse<(i64, u64, Vec<Decision>)>>,
    ) -> bool {
        loop {
            self.nodes += 1;
            let root = path.is_empty();
            let bound = match self.price(root) {
                Priced::Cut => return true,
                Priced::Stopped => return false,
                Priced::Done(bound) => bound,
            };
            let shares: Vec<(f64, usize)> = (0..self.choices.len())
                .map(|c| (self.rows.linear.share(self.choices[c].number), c))
                .filter(|(share, _)| *share > 1e-3)
                .collect();
            if root || self.nodes.is_multiple_of(16) {
                self.round_off(&shares);
            }
            let Some(decision) = self.branch(&shares) else {
                self.take(&shares);
                if self.owner.cost() > bound {
                    self.unproved = self.unproved.min(bound);
                }
                return true;
            };
            if self.nodes > self.most_nodes {
                return false;
            }
            let side = path.iter().copied().chain([decision.other()]).collect();
            open.push(Reverse((bound, self.nodes, side)));
            path.push(decision);
            self.decide(decision, true);
            self.rows.linear.reprice();
        }
    }

    fn option(&self, p: usize, seat: u32) -> Option<usize> {
        self.field.options[p].iter().position(|&x| x == seat)
    }

    /// Adds a choice, unless it is known or breaks a rule that [`Days`] leaves out.
    fn add(&mut self, p: usize, mut options: Vec<usize>) -> bool {
        options.sort_unstable();
        if !self.is_legal(p, &options) || !self.known.insert((p, options.clone())) {
            return false;
        }
        let field = self.field;
        let mut entries: Vec<(u32, f64)> = vec![(self.rows.person[p], 1.0)];
        let (mut cost, mut minutes) = (0, 0);
        for &o in &options {
            entries.extend(self.rows.effects[p][o].iter().map(|&(row, v)| (row, v as f64)));
            cost += self.rows.own[p][o];
            minutes += self.minutes(p, o);
        }
        let cost = (cost / PART + field.load_cost(p, minutes)) as f64;
        let number = self.rows.linear.add(entries, cost, f64::INFINITY);
        self.choices.push(Choice { person: p, options, number, against: 0 });
        true
    }

    fn minutes(&self, p: usize, option: usize) -> i64 {
        let seat = self.field.options[p][option];
        self.field.shifts[self.field.seats[seat as usize].shift as usize].minutes
    }

    /// Whether each two of the options leave enough time; ways may be so odd that neighbours alone do not say it.
    fn is_legal(&self, p: usize, options: &[usize]) -> bool {
        let field = self.field;
        let rest = field.problem.people[p].limits.min_rest;
        let at = |o: usize| &field.shifts[field.seats[field.options[p][o] as usize].shift as usize];
        options
            .iter()
            .enumerate()
            .all(|(i, &a)| options[i + 1..].iter().all(|&b| field.apart_enough(at(a), at(b), rest)))
    }

    /// Prices until the programme is at its best, or says that nothing here is worth it.
    fn price(&mut self, root: bool) -> Priced {
        let (mut best, mut centre) = (i64::MIN, None::<Vec<i64>>);
        let mut smooth = if root { 0.6 } else { 0.0 };
        if self.rows.is_torn() {
            return Priced::Cut;
        }
        loop {
            let owner = self.owner;
            self.rows.linear.solve(&mut || owner.over());
            if owner.over() {
                return Priced::Stopped;
            }
            let prices = self.rows.whole_prices(centre.as_deref(), smooth);
            let mut sum = self.rows.worth(&prices);
            let mut added = false;
            for p in 0..self.days.len() {
                if p % 32 == 31 && owner.over() {
                    return Priced::Stopped;
                }
                let Some((least, options)) = self.best_of(p, &prices) else { return Priced::Cut };
                sum += least;
                let paid: f64 = self.rows.linear.price[self.rows.person[p] as usize];
                // The price of the person is not among the whole ones; the column says itself whether it gains.
                if self.gains(p, &options, paid) {
                    added |= self.add(p, options);
                }
            }
            if sum > best {
                best = sum;
                centre = (smooth > 0.0).then_some(prices);
            }
            let whole = best.div_euclid(PART) + i64::from(best.rem_euclid(PART) > 0);
            if root {
                owner.raise(whole.min(owner.cost()));
            }
            if whole >= owner.cost() {
                return Priced::Cut;
            }
            if !added {
                if smooth == 0.0 {
                    return Priced::Done(whole);
                }
                smooth = 0.0;
            }
        }
    }

    /// The best choice of a person at whole prices under the decisions; `None` where there is none.
    fn best_of(&mut self, p: usize, prices: &[i64]) -> Option<(i64, Vec<usize>)> {
        self.costs.clear();
        let mut forced = 0;
        for (o, effects) in self.rows.effects[p].iter().enumerate() {
            let paid: i64 = effects.iter().map(|&(row, v)| prices[row as usize] * v).sum();
            let mut cost = self.rows.own[p][o] - paid;
            if self.barred[p][o] > 0 {
                cost = NEVER;
            } else if self.forced[p][o] > 0 {
                cost -= FORCE;
                forced += FORCE;
            }
            self.costs.push(cost);
        }
        let (least, options) = self.days[p].best(self.field, &self.costs, &mut self.room);
        let all = self.forced[p].iter().enumerate().all(|(o, forced)| *forced == 0 || options.contains(&o));
        (all && least < NEVER).then(|| (least + forced, options))
    }

    /// Whether the choice, as a column, would gain at the prices of the programme.
    fn gains(&self, p: usize, options: &[usize], paid: f64) -> bool {
        let (mut cost, mut minutes) = (-paid, 0);
        for &o in options {
            let effects = self.rows.effects[p][o].iter();
            cost += self.rows.own[p][o] as f64 / PART as f64;
            cost -= effects.map(|&(row, v)| self.rows.linear.price[row as usize] * v as f64).sum::<f64>();
            minutes += self.minutes(p, o);
        }
        cost + (self.field.load_cost(p, minutes) as f64) < -1e-5
    }

    /// A roster of whole choices.
    fn take(&mut self, shares: &[(f64, usize)]) {
        let mut board = Board::new(self.field);
        for &(_, c) in shares.iter().filter(|(share, _)| *share > 0.5) {
            let choice = &self.choices[c];
            for &o in &choice.options {
                let seat = self.field.options[choice.person][o];
                if !board.stands(choice.person as u32, self.field.seats[seat as usize].shift) {
                    board.add(choice.person as u32, seat);
                }
            }
        }
        if board.penalty == 0 {
            self.owner.offer(&board);
        }
    }

    /// A roster from the larger parts of choices, walked on from for a moment.
    fn round_off(&mut self, shares: &[(f64, usize)]) {
        let mut board = Board::new(self.field);
        let mut order: Vec<(f64, usize)> = shares.to_vec();
        for (share, _) in &mut order {
            *share += 0.2 * self.chance.unit();
        }
        order.sort_by(|a, b| b.0.total_cmp(&a.0));
        for _ in 0..2 {
            for &(_, c) in &order {
                let choice = &self.choices[c];
                for &o in &choice.options {
                    let seat = self.field.options[choice.person][o];
                    if board.crew[seat as usize].len() < self.field.seats[seat as usize].want as usize
                        && board.fits(choice.person as u32, seat)
                    {
                        board.add(choice.person as u32, seat);
                    }
                }
            }
        }
        let steps = 20_000;
        let owner = self.owner;
        let mut best: Option<Board<'a>> = None;
        walk(&mut board, &Schedule { hot: 12.0, cold: 0.4, steps }, &mut self.chance, &mut |board, share| {
            if share < 0.0 && best.as_ref().is_none_or(|best| board.cost < best.cost) {
                best = Some(board.clone());
            }
            owner.over()
        });
        if let Some(best) = best.filter(|best| best.cost < owner.cost()) {
            owner.offer(&best);
        }
    }
}
