//! The programme over choices of people: a row for what each seat wants and needs, one for each person, and those of
//! the rules by which people meet: guards, newcomers alone, pairs apart and together.

use super::super::{bound::PART, layout::Field};
use crate::search::{Chance, linear::Linear};

/// Units of a whole number that are decided one by one.
const UNITS: i64 = 8;

/// A column that belongs to nobody: cost, most, and where it stands.
struct Slack {
    number: usize,
    cost: i64,
    most: Option<i64>,
    rows: Vec<(u32, i64)>,
}

/// The rows, and what each option of each person puts into them.
pub(super) struct Rows {
    pub linear: Linear,
    right: Vec<i64>,
    slacks: Vec<Slack>,
    /// For each person and option: row and entry.
    pub effects: Vec<Vec<Vec<(u32, i64)>>>,
    /// For each person and option: the cost in parts.
    pub own: Vec<Vec<i64>>,
    /// Row of each person.
    pub person: Vec<u32>,
    /// Slack that says whether a guarded shift is worked, and the shift.
    pub worked: Vec<(usize, u32)>,
    /// Whole numbers that may be decided, each as slacks of one unit and perhaps one of the rest: people short in each
    /// role, newcomers alone, people short in each seat.
    pub groups: Vec<Vec<usize>>,
    /// How many of the groups are sums over others.
    pub sums: usize,
    /// What decisions say of each slack: how often it is closed, and how often it must be used up.
    closed: Vec<u32>,
    must: Vec<u32>,
    dear: i64,
    /// Cost that no choice changes.
    pub base: i64,
}

/// Cost, most, and where it stands, of a slack that is in no programme yet.
type Loose = (i64, Option<i64>, Vec<(u32, i64)>);

struct Builder {
    right: Vec<i64>,
    slacks: Vec<Loose>,
    /// Slacks in use at the start, by row, and at their upper ends.
    basis: Vec<usize>,
    high: Vec<usize>,
}

impl Builder {
    fn row(&mut self, right: i64) -> u32 {
        self.right.push(right);
        self.basis.push(usize::MAX);
        self.right.len() as u32 - 1
    }

    fn slack(&mut self, cost: i64, most: Option<i64>, rows: Vec<(u32, i64)>) -> usize {
        self.slacks.push((cost, most, rows));
        self.slacks.len() - 1
    }

    /// A whole number up to `most` as slacks of `sign` in `rows`, the first of them in units.
    fn whole(&mut self, cost: i64, most: i64, rows: &[(u32, i64)]) -> Vec<usize> {
        let units = most.min(UNITS);
        let mut out: Vec<usize> = (0..units).map(|_| self.slack(cost, Some(1), rows.to_vec())).collect();
        if most > units {
            out.push(self.slack(cost, Some(most - units), rows.to_vec()));
        }
        out
    }

    /// A row that counts these slacks, and the count as a whole number.
    fn count(&mut self, slacks: &[usize]) -> Option<Vec<usize>> {
        let most: i64 = slacks.iter().filter_map(|&slack| self.slacks[slack].1).sum();
        if slacks.len() < 2 || most < 1 {
            return None;
        }
        let row = self.row(0);
        slacks.iter().for_each(|&slack| self.slacks[slack].2.push((row, 1)));
        let mut units = self.whole(0, UNITS.min(most), &[(row, -1)]);
        let rest = self.slack(0, Some(most), vec![(row, -1)]);
        self.basis[row as usize] = rest;
        units.push(rest);
        Some(units)
    }

    /// A row in which a seat is empty, or what is to be added to it as often as the seat wants people is there.
    fn not_both_less(&mut self, short_of: &[Vec<usize>], seat: u32, want: i64) -> Option<(u32, i64)> {
        let short = &short_of[seat as usize];
        if short.is_empty() {
            return None;
        }
        let row = self.limit(want, -1);
        short.iter().for_each(|&short| self.slacks[short].2.push((row, 1)));
        Some((row, want))
    }

    /// A row `... + rows - more = 0` or `... + less = right` whose own slack is in use at the start.
    fn limit(&mut self, right: i64, sign: i64) -> u32 {
        let row = self.row(right);
        self.basis[row as usize] = self.slack(0, None, vec![(row, sign)]);
        row
    }
}

impl Rows {
    /// `None` where there would be more than `most` rows.
    pub(super) fn of(field: &Field<'_>, most: usize, chance: &mut Chance) -> Option<Self> {
        let problem = field.problem;
        let people = problem.people.len();
        let mut b = Builder { right: Vec::new(), slacks: Vec::new(), basis: Vec::new(), high: Vec::new() };
        let mut base = problem.unavoidable + problem.previous.len() as i64 * problem.costs.change;
        let mut effects: Vec<Vec<Vec<(u32, i64)>>> =
            field.options.iter().map(|options| vec![Vec::new(); options.len()]).collect();
        let mut own: Vec<Vec<i64>> = (0..people)
            .map(|p| field.options[p].iter().map(|&x| field.own_cost(p, x) * PART).collect())
            .collect();
        let mut short_of: Vec<Vec<usize>> = vec![Vec::new(); field.seats.len()];
        let mut of_seat: Vec<Vec<(u32, i64)>> = vec![Vec::new(); field.seats.len()];
        for (x, seat) in field.seats.iter().enumerate() {
            if field.candidates[x].is_empty() {
                base += seat.cost(0);
                continue;
            }
            let both = seat.min == seat.want;
            let row = b.row(seat.want);
            let short = seat.below_want + if both { seat.below_min } else { 0 };
            short_of[x] = b.whole(short, seat.want, &[(row, 1)]);
            match short_of[x].split_last() {
                Some((&last, others)) => {
                    b.basis[row as usize] = last;
                    b.high.extend(others);
                }
                None => b.basis[row as usize] = b.slack(0, None, vec![(row, 1)]),
            }
            let beyond = (seat.max.min(field.candidates[x].len() as i64) - seat.want).max(0);
            b.slack(seat.above_want, Some(beyond), vec![(row, -1)]);
            of_seat[x].push((row, 1));
            if !both && seat.min > 0 && seat.below_min > 0 {
                let row = b.row(seat.min);
                b.basis[row as usize] = b.slack(seat.below_min, Some(seat.min), vec![(row, 1)]);
                b.slack(0, None, vec![(row, -1)]);
                of_seat[x].push((row, 1));
            }
        }
        for (p, effects) in effects.iter_mut().enumerate() {
            for (effects, &x) in effects.iter_mut().zip(&field.options[p]) {
                effects.extend(&of_seat[x as usize]);
            }
        }
        // Options of each shift: person, option.
        let mut of_shift: Vec<Vec<(usize, usize)>> = vec![Vec::new(); field.shifts.len()];
        for (p, options) in field.options.iter().enumerate() {
            for (o, &x) in options.iter().enumerate() {
                of_shift[field.seats[x as usize].shift as usize].push((p, o));
            }
        }
        let (mut worked, mut alone) = (Vec::new(), Vec::new());
        for (s, options) in (0..).zip(&of_shift) {
            if b.right.len() + people > most {
                return None;
            }
            if let Some((g, least)) = field.shifts[s as usize].guard.filter(|(_, least)| *least > 0) {
                let enough = b.limit(0, -1);
                let mut rows = vec![(enough, -least)];
                for chunk in options.chunk_by(|a, b| a.0 == b.0) {
                    let row = b.limit(0, 1);
                    rows.push((row, -1));
                    for &(p, o) in chunk {
                        effects[p][o].push((row, 1));
                        if field.cleared[g][p] {
                            effects[p][o].push((enough, 1));
                        }
                    }
                }
                // Where it is not worked, each of its seats is empty.
                for x in field.seats_of[s as usize].0..field.seats_of[s as usize].1 {
                    rows.extend(b.not_both_less(&short_of, x, field.seats[x as usize].want));
                }
                worked.push((b.slack(0, Some(1), rows), s));
            }
            if problem.costs.newcomer_alone > 0 {
                let mut rows = Vec::new();
                for chunk in options.chunk_by(|a, b| a.0 == b.0) {
                    if problem.people[chunk[0].0].newcomer {
                        let row = b.limit(0, 1);
                        rows.push((row, -1));
                        chunk.iter().for_each(|&(p, o)| effects[p][o].push((row, 1)));
                    }
                }
                let mut old: Vec<(u32, i64)> = rows.clone();
                // Where nobody is there who is no newcomer and none is alone, each seat is empty.
                if !rows.is_empty() {
                    for x in field.seats_of[s as usize].0..field.seats_of[s as usize].1 {
                        let some = b.not_both_less(&short_of, x, field.seats[x as usize].want);
                        rows.extend(some);
                        old.extend(some);
                    }
                }
                for &(p, o) in options.iter().filter(|(p, _)| !problem.people[*p].newcomer) {
                    effects[p][o].extend(&old);
                }
                if !rows.is_empty() {
                    alone.push(b.slack(problem.costs.newcomer_alone, Some(1), rows));
                }
            }
            let own_of = |p: usize| options.iter().filter(move |option| option.0 == p);
            for (p, pairs) in field.apart.iter().enumerate() {
                for &q in pairs.iter().filter(|&&q| p < q as usize) {
                    let q = q as usize;
                    if own_of(p).next().is_some() && own_of(q).next().is_some() {
                        let row = b.limit(1, 1);
                        own_of(p).chain(own_of(q)).for_each(|&(p, o)| effects[p][o].push((row, 1)));
                    }
                }
            }
            for (p, pairs) in field.together.iter().enumerate() {
                for &q in pairs.iter().filter(|&&q| p < q as usize) {
                    let q = q as usize;
                    if own_of(p).next().is_none() || own_of(q).next().is_none() {
                        let alone = own_of(p).chain(own_of(q));
                        alone.for_each(|&(p, o)| own[p][o] += problem.costs.together * PART);
                        continue;
                    }
                    let (one, other) = (b.limit(0, 1), b.limit(0, 1));
                    for (who, sign) in [(p, 1), (q, -1)] {
                        own_of(who).for_each(|&(p, o)| effects[p][o].extend([(one, sign), (other, -sign)]));
                    }
                    b.slack(problem.costs.together, Some(1), vec![(one, -1), (other, -1)]);
                }
            }
        }
        let mut groups: Vec<Vec<usize>> = Vec::new();
        for role in 0..problem.roles.len() as u32 {
            let of_role = (0..field.seats.len()).filter(|&x| field.seats[x].role == role);
            let short: Vec<usize> = of_role.flat_map(|x| short_of[x].iter().copied()).collect();
            groups.extend(b.count(&short));
        }
        groups.extend(b.count(&alone));
        let sums = groups.len();
        groups.extend(short_of.into_iter().filter(|short| !short.is_empty()));
        let person: Vec<u32> = (0..people).map(|_| b.row(1)).collect();
        (b.right.len() <= most)
            .then(|| Self::build(b, effects, own, person, (worked, groups, sums), base, chance))
    }

    fn build(
        b: Builder,
        effects: Vec<Vec<Vec<(u32, i64)>>>,
        own: Vec<Vec<i64>>,
        person: Vec<u32>,
        (worked, groups, sums): (Vec<(usize, u32)>, Vec<Vec<usize>>, usize),
        base: i64,
        chance: &mut Chance,
    ) -> Self {
        let dear = 100_000 + b.slacks.iter().map(|slack| slack.0.saturating_mul(10)).max().unwrap_or(0);
        let whole = dear;
        let dear = dear as f64;
        // Shaken so that the slack in use at the start stays above nothing.
        let first = person.first().map_or(b.right.len(), |&row| row as usize);
        let shaken = b.right.iter().enumerate().map(|(row, &right)| match b.slacks.get(b.basis[row]) {
            Some(slack) => {
                let entry = slack.2.iter().find(|entry| entry.0 as usize == row).map_or(0, |entry| entry.1);
                right as f64 + entry as f64 * chance.unit() * 1e-5
            }
            None => right as f64,
        });
        let mut linear = Linear::new(shaken.collect(), dear);
        let mut slacks = Vec::new();
        for (cost, most, rows) in b.slacks {
            let upper = most.map_or(f64::INFINITY, |most| most as f64 + 1e-4);
            let number = linear.add(rows.iter().map(|&(r, v)| (r, v as f64)), cost as f64, upper);
            slacks.push(Slack { number, cost, most, rows });
        }
        let mut basis: Vec<usize> =
            b.basis[..first].iter().map(|&slack| slacks.get(slack).map_or(0, |s| s.number)).collect();
        for &row in &person {
            // Until a person's first choices come, a dear nobody stands in.
            basis.push(linear.add([(row, 1.0)], dear, f64::INFINITY));
        }
        let high: Vec<usize> = b.high.iter().map(|&slack| slacks[slack].number).collect();
        linear.begin(basis, &high);
        Self {
            linear,
            right: b.right,
            closed: vec![0; slacks.len()],
            must: vec![0; slacks.len()],
            dear: whole,
            slacks,
            effects,
            own,
            person,
            worked,
            groups,
            sums,
            base,
        }
    }

    /// No less than what a price or an own cost may be, in parts.
    pub(super) fn largest(&self) -> i64 {
        let own = self.own.iter().flatten().map(|cost| cost.saturating_abs()).max().unwrap_or(0);
        own.max(self.dear.saturating_mul(PART))
    }

    /// Prices in whole parts at which no slack without a limit is worth anything.
    pub(super) fn whole_prices(&self, centre: Option<&[i64]>, smooth: f64) -> Vec<i64> {
        let mut out: Vec<i64> =
            self.linear.price.iter().map(|price| (price * PART as f64).round() as i64).collect();
        if let Some(centre) = centre {
            for (price, &centre) in out.iter_mut().zip(centre) {
                *price = (smooth * centre as f64 + (1.0 - smooth) * *price as f64).round() as i64;
            }
        }
        for slack in self.slacks.iter().filter(|slack| slack.most.is_none()) {
            let (row, sign) = slack.rows[0];
            let price = &mut out[row as usize];
            *price =
                if sign > 0 { (*price).min(slack.cost * PART) } else { (*price).max(-slack.cost * PART) };
        }
        out
    }

    /// What the rows and the slacks are worth at whole prices, without the people: a part of the bound, in parts.
    pub(super) fn worth(&self, prices: &[i64]) -> i64 {
        let people = self.person.first().map_or(self.right.len(), |&row| row as usize);
        let mut sum: i64 = self.right[..people].iter().zip(prices).map(|(right, price)| right * price).sum();
        for (i, slack) in self.slacks.iter().enumerate() {
            let Some(most) = slack.most.filter(|_| self.closed[i] == 0) else { continue };
            let paid: i64 = slack.rows.iter().map(|&(row, v)| prices[row as usize] * v).sum();
            if self.must[i] > 0 {
                sum += (slack.cost * PART - paid) * most;
            } else {
                sum += (slack.cost * PART - paid).min(0) * most;
            }
        }
        sum + self.base * PART
    }

    /// A slack is not used, where this holds.
    pub(super) fn close(&mut self, slack: usize, holds: bool) {
        let closed = &mut self.closed[slack];
        *closed = if holds { *closed + 1 } else { *closed - 1 };
        self.linear.close(self.slacks[slack].number, self.closed[slack] > 0);
    }

    /// A slack is used up, where this holds.
    pub(super) fn force(&mut self, slack: usize, holds: bool) {
        let must = &mut self.must[slack];
        *must = if holds { *must + 1 } else { *must - 1 };
        let extra = if self.must[slack] > 0 { -self.dear } else { 0 };
        let Slack { number, cost, .. } = self.slacks[slack];
        self.linear.set_cost(number, (cost + extra) as f64);
    }

    /// Whether a slack is closed and must be used up at once.
    pub(super) fn is_torn(&self) -> bool {
        self.must.iter().zip(&self.closed).any(|(must, closed)| *must > 0 && *closed > 0)
    }

    /// How much of a slack is in use.
    pub(super) fn share(&self, slack: usize) -> f64 {
        self.linear.share(self.slacks[slack].number)
    }
}
