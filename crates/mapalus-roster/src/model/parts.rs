//! The nouns of a roster, as plain data. Everything refers to everything else by its place in a list.

/// A stretch of time in minutes from the start of the roster; the end is not part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Window {
    /// First minute.
    pub from: i64,
    /// The minute after the last.
    pub to: i64,
}

impl Window {
    /// Whether all of `from..to` lies in the window.
    pub fn covers(self, from: i64, to: i64) -> bool {
        self.from <= from && to <= self.to
    }
}

/// A kind of shift (early, late, night): what counts and successions are limited by.
#[derive(Clone, Debug, Default)]
pub struct Kind {
    /// Name, unique among the kinds.
    pub id: String,
    /// Kinds that nobody may work on the day after one of this kind.
    pub never_next: Vec<u32>,
}

/// What a person does in a shift.
#[derive(Clone, Debug, Default)]
pub struct Role {
    /// Name, unique among the roles.
    pub id: String,
    /// Qualifications that a person must hold, all of them.
    pub needs: Vec<u32>,
}

/// Where a shift is.
#[derive(Clone, Debug, Default)]
pub struct Place {
    /// Name, unique among the places.
    pub id: String,
}

/// The places for one role in one shift, and what it costs to fill them badly.
#[derive(Clone, Debug)]
pub struct Seat {
    /// The role.
    pub role: u32,
    /// Head count below which the shift is in trouble.
    pub min: u32,
    /// Head count that is wished for; at least `min`.
    pub want: u32,
    /// Head count that is never exceeded; at least `want`.
    pub max: u32,
    /// Cost of each person short of `min`.
    pub below_min: i64,
    /// Cost of each person short of `want`; one short of `min` pays both.
    pub below_want: i64,
    /// Cost of each person above `want`.
    pub above_want: i64,
}

impl Seat {
    /// Cost of `people` in these places.
    pub fn cost(&self, people: u32) -> i64 {
        self.below_min * i64::from(self.min.saturating_sub(people))
            + self.below_want * i64::from(self.want.saturating_sub(people))
            + self.above_want * i64::from(people.saturating_sub(self.want))
    }
}

/// Vulnerable people are present: nobody works, or at least `least` who hold all of `needs`.
#[derive(Clone, Debug)]
pub struct Guard {
    /// Qualifications that count as cleared, all of them.
    pub needs: Vec<u32>,
    /// How many cleared people must be there, in whatever role.
    pub least: u32,
}

/// A piece of work at a time and a place.
#[derive(Clone, Debug)]
pub struct Shift {
    /// Name, unique among the shifts.
    pub id: String,
    /// Its kind, where kinds are used.
    pub kind: Option<u32>,
    /// First minute; its day is the day of the shift.
    pub start: i64,
    /// The minute after the last.
    pub end: i64,
    /// Minutes that count as worked; usually `end - start`.
    pub minutes: i64,
    /// Where.
    pub place: u32,
    /// What is needed; a role at most once.
    pub seats: Vec<Seat>,
    /// Who must be there before anybody is.
    pub guard: Option<Guard>,
}

impl Shift {
    /// The day on which it starts, counted from 0.
    pub fn day(&self) -> i64 {
        self.start.div_euclid(super::DAY)
    }
}

/// What a person may be asked to do; each `None` is no limit.
#[derive(Clone, Debug, Default)]
pub struct Limits {
    /// Most minutes in all.
    pub max_minutes: Option<i64>,
    /// Fewest minutes in all; a hard rule, unlike `Person::wanted_minutes`.
    pub min_minutes: Option<i64>,
    /// Most minutes in the shifts of one day.
    pub max_minutes_per_day: Option<i64>,
    /// Most minutes in the shifts of one week, Monday to Sunday.
    pub max_minutes_per_week: Option<i64>,
    /// Most consecutive days with a shift.
    pub max_days_in_row: Option<i64>,
    /// Fewest consecutive days with a shift; runs at either end of the roster may be shorter.
    pub min_days_in_row: Option<i64>,
    /// Fewest consecutive days without a shift; runs at either end of the roster may be shorter.
    pub min_days_off_in_row: Option<i64>,
    /// Most weekends (Saturday or Sunday) with a shift.
    pub max_weekends: Option<i64>,
    /// Minutes between shifts of different days.
    pub min_rest: i64,
    /// Most shifts of a kind: kind, count.
    pub max_of_kind: Vec<(u32, i64)>,
}

/// What a wish is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WishFor {
    /// One shift.
    Shift(u32),
    /// A role in any shift.
    Role(u32),
    /// Any shift at a place.
    Place(u32),
}

/// What a person would like (negative cost) or would rather not.
#[derive(Clone, Copy, Debug)]
pub struct Wish {
    /// Cost of each assignment that matches.
    pub cost: i64,
    /// What matches.
    pub about: WishFor,
}

/// What somebody worked before minute 0.
#[derive(Clone, Debug)]
pub struct Before {
    /// End of their last shift, in minutes; may lie after 0.
    pub end: i64,
    /// Where it was.
    pub place: u32,
    /// How many days in a row they have worked, ending on day -1.
    pub days: i64,
}

/// Somebody who can be asked.
#[derive(Clone, Debug, Default)]
pub struct Person {
    /// Name, unique among the people.
    pub id: String,
    /// Qualifications held.
    pub has: Vec<u32>,
    /// Should not be the only kind of person in a shift.
    pub newcomer: bool,
    /// When they may work, in order, disjoint, not touching.
    pub free: Vec<Window>,
    /// Hard limits.
    pub limits: Limits,
    /// Minutes above which work costs `Costs::overload`; `None` where no load is unfair.
    pub fair_minutes: Option<i64>,
    /// Minutes below which work is missed, at `Costs::underload` an hour.
    pub wanted_minutes: i64,
    /// Likes and dislikes.
    pub wishes: Vec<Wish>,
    /// What they come from.
    pub before: Option<Before>,
}

/// One person in one role of one shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Assignment {
    /// Who.
    pub person: u32,
    /// Where and when.
    pub shift: u32,
    /// As what.
    pub role: u32,
}

/// A step of the cost of overload.
#[derive(Clone, Copy, Debug)]
pub struct Tier {
    /// Hours in this step; the last is open.
    pub hours: Option<i64>,
    /// Cost of each.
    pub rate: i64,
}

/// Weights that belong to no seat; none is negative.
#[derive(Clone, Debug, Default)]
pub struct Costs {
    /// Each shift with a newcomer and nobody who is none.
    pub newcomer_alone: i64,
    /// Started hours above the fair share, step by step; rates never fall.
    pub overload: Vec<Tier>,
    /// Each started hour below the wanted minutes.
    pub underload: i64,
    /// Each shift with exactly one of a `together` pair.
    pub together: i64,
    /// Each previous assignment that is given up.
    pub change: i64,
}

/// All of an instance, before anybody has looked whether it makes sense.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Name of the instance.
    pub name: String,
    /// Length in minutes; shifts start inside it.
    pub horizon: i64,
    /// Weekday of day 0; 0 is Monday.
    pub first_weekday: i64,
    /// Names of the qualifications.
    pub qualifications: Vec<String>,
    /// Kinds of shifts; may be empty.
    pub kinds: Vec<Kind>,
    /// Roles.
    pub roles: Vec<Role>,
    /// Places.
    pub places: Vec<Place>,
    /// Minutes from place i to place j at `i * places + j`; no metric is promised.
    pub travel: Vec<i64>,
    /// Shifts.
    pub shifts: Vec<Shift>,
    /// People.
    pub people: Vec<Person>,
    /// Pairs who never share a shift.
    pub apart: Vec<(u32, u32)>,
    /// Pairs who would rather share their shifts.
    pub together: Vec<(u32, u32)>,
    /// Assignments that must stand, whether the person is free or not.
    pub fixed: Vec<Assignment>,
    /// Assignments of the roster that is published already.
    pub previous: Vec<Assignment>,
    /// Cost that no roster avoids (a previous assignment to a shift that is gone; a wish for each day off).
    pub unavoidable: i64,
    /// Weights.
    pub costs: Costs,
}
