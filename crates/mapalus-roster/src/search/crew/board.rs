//! Who sits where while it is searched, and what one more or one less costs.

use super::layout::{Field, ShiftAt};
use crate::{
    features::{self, Around},
    model::{Assignment, Roster},
};

/// Cost of one unit of a rule that says "at least" and that no single step can keep: a day, an hour.
const SHORT: i64 = 2_000;

/// A roster while it is searched.
#[derive(Clone)]
pub(super) struct Board<'a> {
    pub field: &'a Field<'a>,
    /// Seats of each person, by the start of their shift.
    pub own: Vec<Vec<u32>>,
    /// People in each seat.
    pub crew: Vec<Vec<u32>>,
    minutes: Vec<i64>,
    /// Per shift: people, newcomers, cleared people.
    present: Vec<[i32; 3]>,
    /// Cost with penalties.
    pub cost: i64,
    /// Penalties alone; 0 in a roster that keeps the rules.
    pub penalty: i64,
    /// Seats that lack somebody, and where each stands in the list.
    pub short: Vec<u32>,
    short_at: Vec<u32>,
}

impl<'a> Board<'a> {
    /// Nobody anywhere.
    pub(super) fn new(field: &'a Field<'a>) -> Self {
        let problem = field.problem;
        let seats = field.seats.len();
        let mut out = Self {
            field,
            own: vec![Vec::new(); problem.people.len()],
            crew: vec![Vec::new(); seats],
            minutes: vec![0; problem.people.len()],
            present: vec![[0; 3]; field.shifts.len()],
            cost: problem.unavoidable + problem.previous.len() as i64 * problem.costs.change,
            penalty: 0,
            short: Vec::new(),
            short_at: vec![u32::MAX; seats],
        };
        for seat in 0..seats as u32 {
            out.cost += field.seats[seat as usize].cost(0);
            out.note_short(seat);
        }
        for p in 0..problem.people.len() {
            out.cost += field.load_cost(p, 0);
            out.penalty += out.lacking(p);
        }
        out.cost += out.penalty;
        for &(p, seat) in &field.fixed {
            out.add(p, seat);
        }
        out
    }

    fn note_short(&mut self, seat: u32) {
        let at = &self.field.seats[seat as usize];
        let lacks = (self.crew[seat as usize].len() as i64) < at.want;
        let place = self.short_at[seat as usize];
        if lacks && place == u32::MAX {
            self.short_at[seat as usize] = self.short.len() as u32;
            self.short.push(seat);
        } else if !lacks && place != u32::MAX {
            self.short.swap_remove(place as usize);
            if let Some(&moved) = self.short.get(place as usize) {
                self.short_at[moved as usize] = place;
            }
            self.short_at[seat as usize] = u32::MAX;
        }
    }

    /// What a shift costs for who is there together: newcomers alone; and the guard's penalty.
    fn team(&self, shift: usize) -> (i64, i64) {
        let [all, fresh, cleared] = self.present[shift];
        if all == 0 {
            return (0, 0);
        }
        let (all, fresh, cleared) = (i64::from(all), i64::from(fresh), i64::from(cleared));
        let alone = features::newcomer::cost(self.field.problem.costs.newcomer_alone, all, fresh);
        let at = &self.field.shifts[shift];
        let missing = at.guard.map_or(0, |(_, least)| features::guard::lacks(least, all, cleared));
        (alone, missing * at.guard_penalty)
    }

    /// Penalty of a person for rules of "at least".
    fn lacking(&self, p: usize) -> i64 {
        if !self.field.rich[p] {
            return 0;
        }
        let limits = &self.field.problem.people[p].limits;
        let mut units = (features::minutes::lacks(limits, self.minutes[p]) + 59) / 60;
        if limits.min_days_in_row.is_some() || limits.min_days_off_in_row.is_some() {
            let (horizon, mut before) = (self.field.problem.days(), None);
            for run in features::runs(self.own[p].iter().map(|&x| self.shift(x).day)) {
                units += features::days_in_row::lacks(limits, run, horizon);
                units += before.map_or(0, |before| features::days_off_in_row::lacks(limits, before, run));
                before = Some(run);
            }
        }
        units * SHORT
    }

    fn shift(&self, seat: u32) -> &ShiftAt {
        &self.field.shifts[self.field.seats[seat as usize].shift as usize]
    }

    /// Whether a person stands in a shift.
    pub(super) fn stands(&self, p: u32, shift: u32) -> bool {
        self.own[p as usize].iter().any(|&x| self.field.seats[x as usize].shift == shift)
    }

    /// How many of the person's `together` pairs the shift splits, less those it joins.
    fn splits(&self, p: u32, shift: u32) -> i64 {
        let partners = &self.field.together[p as usize];
        let there = partners.iter().map(|&q| self.stands(q, shift));
        features::together::more(self.field.problem.costs.together, there)
    }

    /// Seats the person.
    pub(super) fn add(&mut self, p: u32, seat: u32) {
        self.turn(p, seat, 1);
    }

    /// Takes the person away.
    pub(super) fn remove(&mut self, p: u32, seat: u32) {
        self.turn(p, seat, -1);
    }

    fn turn(&mut self, p: u32, seat: u32, sign: i64) {
        let field = self.field;
        let (who, at) = (p as usize, &field.seats[seat as usize]);
        let shift = at.shift as usize;
        let n = self.crew[seat as usize].len() as i64;
        let (alone, guarded) = self.team(shift);
        let lacked = self.lacking(who);
        self.cost -= at.cost(n) + alone + guarded + lacked + field.load_cost(who, self.minutes[who]);
        self.penalty -= guarded + lacked;
        let start = field.shifts[shift].start;
        if sign > 0 {
            self.cost += field.own_cost(who, seat) + self.splits(p, at.shift);
            self.crew[seat as usize].push(p);
            let place = self.own[who].partition_point(|&x| self.shift(x).start <= start);
            self.own[who].insert(place, seat);
        } else {
            if let Some(place) = self.crew[seat as usize].iter().position(|&q| q == p) {
                self.crew[seat as usize].swap_remove(place);
            }
            self.own[who].retain(|&x| x != seat);
            self.cost -= field.own_cost(who, seat) + self.splits(p, at.shift);
        }
        self.minutes[who] += sign * field.shifts[shift].minutes;
        let present = &mut self.present[shift];
        let sign32 = sign as i32;
        present[0] += sign32;
        present[1] += if field.problem.people[who].newcomer { sign32 } else { 0 };
        if let Some((g, _)) = field.shifts[shift].guard {
            present[2] += if field.cleared[g][who] { sign32 } else { 0 };
        }
        let (alone, guarded) = self.team(shift);
        let lacked = self.lacking(who);
        self.cost += at.cost(n + sign) + alone + guarded + lacked + field.load_cost(who, self.minutes[who]);
        self.penalty += guarded + lacked;
        self.note_short(seat);
    }

    /// How many cleared people a guarded shift lacks, whether anybody is there or not.
    pub(super) fn lacks_cleared(&self, shift: u32) -> i64 {
        let guard = self.field.shifts[shift as usize].guard;
        guard.map_or(0, |(_, least)| (least - i64::from(self.present[shift as usize][2])).max(0))
    }

    /// Whether a seat may be left without making a guarded shift worse than empty.
    pub(super) fn may_leave(&self, p: u32, seat: u32) -> bool {
        let shift = self.field.seats[seat as usize].shift as usize;
        let Some((g, least)) = self.field.shifts[shift].guard else { return true };
        let [all, _, cleared] = self.present[shift];
        let is_cleared = self.field.cleared[g][p as usize];
        features::guard::may_leave(least, i64::from(all), i64::from(cleared), is_cleared)
    }

    /// Whether the seat can take the person: room, company, guard; not their own time.
    pub(super) fn has_room(&self, p: u32, seat: u32) -> bool {
        let at = &self.field.seats[seat as usize];
        let n = self.crew[seat as usize].len() as i64;
        if !features::head_count::fits(at.max, n) || self.stands(p, at.shift) {
            return false;
        }
        if !features::apart::fits(&self.field.apart[p as usize], |q| self.stands(q, at.shift)) {
            return false;
        }
        let shift = at.shift as usize;
        self.field.shifts[shift].guard.is_none_or(|(g, least)| {
            let cleared = i64::from(self.present[shift][2]);
            features::guard::fits(least, cleared, self.field.cleared[g][p as usize])
        })
    }

    /// The one seat of the person that stands in the way of this one in time, or that they have none.
    /// `None` where there are several.
    pub(super) fn obstacle(&self, p: u32, seat: u32) -> Option<Option<u32>> {
        let at = self.shift(seat);
        let min_rest = self.field.problem.people[p as usize].limits.min_rest;
        let mut found = None;
        for &x in &self.own[p as usize] {
            let other = self.shift(x);
            let (a, b) = if other.start <= at.start { (other, at) } else { (at, other) };
            if !self.field.apart_enough(a, b, min_rest) {
                if found.is_some() {
                    return None;
                }
                found = Some(x);
            }
        }
        Some(found)
    }

    /// Whether the person's own rules allow the seat beside the others they hold.
    pub(super) fn has_time(&self, p: u32, seat: u32) -> bool {
        let field = self.field;
        let at = self.shift(seat);
        let person = &field.problem.people[p as usize];
        let limits = &person.limits;
        if !features::minutes::fits(limits, self.minutes[p as usize], at.minutes) {
            return false;
        }
        let mut around = Around::alone(at.minutes);
        for &x in &self.own[p as usize] {
            let other = self.shift(x);
            let (a, b) = if other.start <= at.start { (other, at) } else { (at, other) };
            if !field.apart_enough(a, b, limits.min_rest) {
                return false;
            }
            around.see(other.day - at.day, other.minutes);
        }
        let carried = person.before.as_ref().map_or(0, |before| before.days);
        features::minutes_per_day::fits(limits, &around)
            && features::days_in_row::fits(limits, &around, at.day, carried)
            && (!field.rich[p as usize] || self.rich_rules(p, at))
    }

    fn rich_rules(&self, p: u32, at: &ShiftAt) -> bool {
        let problem = self.field.problem;
        let limits = &problem.people[p as usize].limits;
        let others = || self.own[p as usize].iter().map(|&x| self.shift(x));
        let weekends = || others().filter(|other| other.weekend).map(|other| other.week);
        let weeks = others().map(|other| (other.week, other.minutes));
        features::minutes_per_week::fits(limits, (at.week, at.minutes), weeks)
            && (!at.weekend || features::weekends::fits(limits, at.week, weekends()))
            && at.kind.is_none_or(|kind| {
                let around = others().map(|other| (other.day - at.day, other.kind));
                features::kind_count::fits(limits, kind, others().map(|other| other.kind))
                    && features::succession::fits(&problem.kinds, kind, around)
            })
    }

    /// Whether the person may take the seat now.
    pub(super) fn fits(&self, p: u32, seat: u32) -> bool {
        self.has_room(p, seat) && self.has_time(p, seat)
    }

    /// Whether the assignment must stand.
    pub(super) fn is_fixed(&self, p: u32, seat: u32) -> bool {
        !self.field.fixed.is_empty() && self.field.fixed.binary_search(&(p, seat)).is_ok()
    }

    /// Empties guarded shifts that have too few cleared people.
    pub(super) fn clear_broken(&mut self) {
        for shift in 0..self.field.shifts.len() {
            if self.team(shift).1 > 0 {
                let (from, to) = self.field.seats_of[shift];
                for seat in from..to {
                    for p in self.crew[seat as usize].clone() {
                        if !self.is_fixed(p, seat) {
                            self.remove(p, seat);
                        }
                    }
                }
            }
        }
    }

    /// The assignments.
    pub(super) fn roster(&self) -> Roster {
        let mut out = Vec::new();
        for (seat, crew) in self.field.seats.iter().zip(&self.crew) {
            out.extend(crew.iter().map(|&person| Assignment { person, shift: seat.shift, role: seat.role }));
        }
        Roster::new(out)
    }

    /// People short of what is wanted.
    pub(super) fn empty(&self) -> i64 {
        let lacks =
            |&seat: &u32| self.field.seats[seat as usize].want - self.crew[seat as usize].len() as i64;
        self.short.iter().map(lacks).sum()
    }

    /// The cost of all, worked out anew by the judge; for tests and debug builds.
    pub(super) fn judged(&self) -> i64 {
        crate::checker::check(self.field.problem, &self.roster()).cost
    }
}
