//! A problem in flat arrays: seats, shifts, who may sit where.

use crate::{
    features,
    model::{Assignment, Guard, Problem},
};

/// A seat of a shift.
#[derive(Clone, Debug)]
pub(super) struct SeatAt {
    pub shift: u32,
    pub role: u32,
    pub min: i64,
    pub want: i64,
    pub max: i64,
    pub below_min: i64,
    pub below_want: i64,
    pub above_want: i64,
}

impl SeatAt {
    /// Cost of `n` people.
    #[inline]
    pub(super) fn cost(&self, n: i64) -> i64 {
        let below_and_above = (self.below_min, self.below_want, self.above_want);
        features::head_count::cost(n, (self.min, self.want), below_and_above)
    }
}

/// What the walk asks of a shift.
#[derive(Clone, Debug)]
pub(super) struct ShiftAt {
    pub start: i64,
    pub end: i64,
    pub minutes: i64,
    pub day: i64,
    pub week: i64,
    pub weekend: bool,
    pub place: u32,
    pub kind: Option<u32>,
    /// Index of the guard's needs, and how many are needed.
    pub guard: Option<(usize, i64)>,
    /// Cost of each cleared person who is missing while somebody is there; more than any seat gives.
    pub guard_penalty: i64,
}

/// What is fixed while the search runs.
pub(super) struct Field<'a> {
    pub problem: &'a Problem,
    pub seats: Vec<SeatAt>,
    pub shifts: Vec<ShiftAt>,
    /// Seats of each shift: from, to.
    pub seats_of: Vec<(u32, u32)>,
    /// Seats that each person may take, by start.
    pub options: Vec<Vec<u32>>,
    /// People who may take each seat.
    pub candidates: Vec<Vec<u32>>,
    /// Pairs by person.
    pub apart: Vec<Vec<u32>>,
    pub together: Vec<Vec<u32>>,
    /// For each distinct guard, who is cleared.
    pub cleared: Vec<Vec<bool>>,
    /// Assignments that must stand: person, seat.
    pub fixed: Vec<(u32, u32)>,
    /// Seats that each person held before; giving one up costs `change`.
    pub previous: Vec<Vec<u32>>,
    /// Whether the person has rules of weeks, weekends, kinds or shortest runs.
    pub rich: Vec<bool>,
    pub load: Vec<Vec<i64>>,
    /// Shifts under guard that can be worked, and who is cleared for which seat of each.
    pub guarded: Vec<(u32, Vec<(u32, u32)>)>,
}

/// Minutes of one entry of [`Field::load`]; a started hour has 60 of them.
pub(super) const LOAD_STEP: i64 = 1;

impl<'a> Field<'a> {
    pub(super) fn of(problem: &'a Problem) -> Self {
        let (mut seats, mut seats_of) = (Vec::new(), Vec::new());
        let (mut shifts, mut guards) = (Vec::new(), Vec::<&Guard>::new());
        for (s, shift) in (0..).zip(&problem.shifts) {
            let from = seats.len() as u32;
            let mut most = 0;
            for seat in &shift.seats {
                most = most.max(seat.below_min + seat.below_want);
                seats.push(SeatAt {
                    shift: s,
                    role: seat.role,
                    min: i64::from(seat.min),
                    want: i64::from(seat.want),
                    max: i64::from(seat.max),
                    below_min: seat.below_min,
                    below_want: seat.below_want,
                    above_want: seat.above_want,
                });
            }
            seats_of.push((from, seats.len() as u32));
            let guard = shift.guard.as_ref().map(|guard| {
                let known = guards.iter().position(|g| g.needs == guard.needs);
                let index = known.unwrap_or_else(|| {
                    guards.push(guard);
                    guards.len() - 1
                });
                (index, i64::from(guard.least))
            });
            let day = shift.day();
            shifts.push(ShiftAt {
                start: shift.start,
                end: shift.end,
                minutes: shift.minutes,
                day,
                week: problem.week(day),
                weekend: problem.weekday(day) >= 5,
                place: shift.place,
                kind: shift.kind,
                guard,
                guard_penalty: most + 150,
            });
        }
        let people = problem.people.len();
        let pairs = |list: &[(u32, u32)]| {
            let mut out = vec![Vec::new(); people];
            for &(a, b) in list {
                out[a as usize].push(b);
                out[b as usize].push(a);
            }
            out
        };
        let is_cleared = |guard: &Guard| {
            problem.people.iter().map(|person| features::guard::is_cleared(guard, person)).collect()
        };
        let cleared = guards.iter().map(|&guard| is_cleared(guard)).collect();
        let mut field = Self {
            problem,
            shifts,
            seats_of,
            options: vec![Vec::new(); people],
            candidates: vec![Vec::new(); seats.len()],
            apart: pairs(&problem.apart),
            together: pairs(&problem.together),
            cleared,
            fixed: Vec::new(),
            previous: vec![Vec::new(); people],
            rich: Vec::new(),
            load: Vec::new(),
            guarded: Vec::new(),
            seats,
        };
        field.fixed = problem.fixed.iter().filter_map(|&a| Some((a.person, field.seat_of(a)?))).collect();
        field.fixed.sort_unstable();
        field.fixed.dedup();
        for &a in &problem.previous {
            if let Some(seat) = field.seat_of(a) {
                field.previous[a.person as usize].push(seat);
            }
        }
        for p in 0..people {
            field.look_at_person(p);
        }
        field.close_unguardable();
        field.list_guarded();
        field
    }

    fn list_guarded(&mut self) {
        for (s, shift) in self.shifts.iter().enumerate() {
            let Some((g, _)) = shift.guard else { continue };
            let (from, to) = self.seats_of[s];
            let cleared: Vec<(u32, u32)> = (from..to)
                .flat_map(|x| self.candidates[x as usize].iter().map(move |&p| (p, x)))
                .filter(|&(p, _)| self.cleared[g][p as usize])
                .collect();
            if !cleared.is_empty() {
                self.guarded.push((s as u32, cleared));
            }
        }
    }

    /// Nobody can ever work where too few are cleared.
    fn close_unguardable(&mut self) {
        let mut closed = vec![false; self.seats.len()];
        for (s, shift) in self.shifts.iter().enumerate() {
            let Some((g, least)) = shift.guard else { continue };
            let (from, to) = self.seats_of[s];
            let mut cleared: Vec<u32> = (from..to)
                .flat_map(|x| self.candidates[x as usize].iter().copied())
                .filter(|&p| self.cleared[g][p as usize])
                .collect();
            cleared.sort_unstable();
            cleared.dedup();
            if (cleared.len() as i64) < least {
                (from..to).for_each(|x| closed[x as usize] = true);
            }
        }
        let fixed = std::mem::take(&mut self.fixed);
        for (seat, _) in closed.iter().enumerate().filter(|(_, closed)| **closed) {
            self.candidates[seat].retain(|&p| fixed.contains(&(p, seat as u32)));
        }
        for (p, options) in self.options.iter_mut().enumerate() {
            options.retain(|&x| !closed[x as usize] || fixed.contains(&(p as u32, x)));
        }
        self.fixed = fixed;
    }

    /// The seat of an assignment.
    pub(super) fn seat_of(&self, a: Assignment) -> Option<u32> {
        let (from, to) = self.seats_of[a.shift as usize];
        (from..to).find(|&seat| self.seats[seat as usize].role == a.role)
    }

    fn look_at_person(&mut self, p: usize) {
        let problem = self.problem;
        let person = &problem.people[p];
        let limits = &person.limits;
        let roles: Vec<bool> =
            (0..problem.roles.len() as u32).map(|r| problem.qualifies(p as u32, r)).collect();
        let mut order: Vec<u32> = Vec::new();
        for (s, shift) in self.shifts.iter().enumerate() {
            if !features::availability::fits(person, shift.start, shift.end)
                || !features::spacing::is_rested(problem, person, shift.start, shift.place)
                || !features::minutes_per_day::alone(limits, shift.minutes)
            {
                continue;
            }
            let (from, to) = self.seats_of[s];
            let seats = (from..to)
                .filter(|&x| roles[self.seats[x as usize].role as usize] && self.seats[x as usize].max > 0);
            order.extend(seats);
        }
        for &(_, seat) in self.fixed.iter().filter(|(q, _)| *q as usize == p) {
            if !order.contains(&seat) {
                order.push(seat);
            }
        }
        order.sort_by_key(|&x| (self.shifts[self.seats[x as usize].shift as usize].start, x));
        for &seat in &order {
            self.candidates[seat as usize].push(p as u32);
        }
        self.options[p] = order;
        self.rich.push(
            limits.min_minutes.is_some()
                || limits.max_minutes_per_week.is_some()
                || limits.min_days_in_row.is_some()
                || limits.min_days_off_in_row.is_some()
                || limits.max_weekends.is_some()
                || !limits.max_of_kind.is_empty()
                || problem.kinds.iter().any(|k| !k.never_next.is_empty()),
        );
        let most = limits.max_minutes.unwrap_or(20_000).clamp(0, 20_000);
        let load = |minutes: i64| features::load::cost(problem, p as u32, minutes).iter().sum();
        self.load.push((0..=most / LOAD_STEP).map(|m| load(m * LOAD_STEP)).collect());
    }

    /// Cost of a person's minutes.
    #[inline]
    pub(super) fn load_cost(&self, p: usize, minutes: i64) -> i64 {
        match self.load[p].get(minutes as usize) {
            Some(&cost) => cost,
            None => features::load::cost(self.problem, p as u32, minutes).iter().sum(),
        }
    }

    /// What it costs that the person sits there: wishes, and what a previous assignment gives back.
    pub(super) fn own_cost(&self, p: usize, seat: u32) -> i64 {
        let at = &self.seats[seat as usize];
        let place = self.shifts[at.shift as usize].place;
        let cost = features::wishes::cost(&self.problem.people[p].wishes, at.shift, at.role, place);
        let held = self.previous[p].iter().filter(|&&s| s == seat).count() as i64;
        cost - held * self.problem.costs.change
    }

    /// Whether two shifts of a person leave enough time between them; `a` does not start after `b`.
    #[inline]
    pub(super) fn apart_enough(&self, a: &ShiftAt, b: &ShiftAt, min_rest: i64) -> bool {
        let travel = self.problem.travel_minutes(a.place, b.place);
        features::spacing::fits(b.start - a.end, travel, a.day == b.day, min_rest)
    }
}
