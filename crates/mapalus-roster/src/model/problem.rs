//! An instance that makes sense.

use super::{Assignment, DAY, LARGEST, Parts, Person, Seat, Shift};
use std::{collections::HashSet, fmt, ops::Deref};

/// Why parts make no problem.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// Where: a path such as `shifts[3].slots[0]`.
    pub place: String,
    /// What was expected there.
    pub expected: String,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: expected {}", self.place, self.expected)
    }
}

impl std::error::Error for Defect {}

/// Parts that make sense: every reference points at something, every stretch of time has a length.
#[derive(Clone, Debug)]
pub struct Problem {
    parts: Parts,
}

impl Deref for Problem {
    type Target = Parts;
    fn deref(&self) -> &Parts {
        &self.parts
    }
}

impl Problem {
    /// Looks at the parts and takes them.
    ///
    /// # Errors
    /// The first thing that makes no sense, with its place.
    pub fn new(parts: Parts) -> Result<Self, Defect> {
        look_at_lists(&parts)?;
        for (i, shift) in parts.shifts.iter().enumerate() {
            look_at_shift(&parts, i, shift)?;
        }
        for (i, person) in parts.people.iter().enumerate() {
            look_at_person(&parts, i, person)?;
        }
        look_at_pairs(&parts)?;
        look_at_costs(&parts)?;
        Ok(Self { parts })
    }

    /// Minutes from one place to another.
    pub fn travel_minutes(&self, from: u32, to: u32) -> i64 {
        self.parts.travel[from as usize * self.parts.places.len() + to as usize]
    }

    /// The seat of a role in a shift.
    pub fn seat(&self, shift: u32, role: u32) -> Option<&Seat> {
        self.parts.shifts[shift as usize].seats.iter().find(|seat| seat.role == role)
    }

    /// Number of days on which a shift may start.
    pub fn days(&self) -> i64 {
        (self.parts.horizon + DAY - 1) / DAY
    }

    /// Weekday of a day; 0 is Monday.
    pub fn weekday(&self, day: i64) -> i64 {
        (day + self.parts.first_weekday).rem_euclid(7)
    }

    /// Week of a day, Monday to Sunday, counted from that of day 0.
    pub fn week(&self, day: i64) -> i64 {
        (day + self.parts.first_weekday).div_euclid(7)
    }

    /// Whether the person holds what the role needs.
    pub fn qualifies(&self, person: u32, role: u32) -> bool {
        let has = &self.parts.people[person as usize].has;
        self.parts.roles[role as usize].needs.iter().all(|q| has.contains(q))
    }

    /// Whether the assignment is one that must stand.
    pub fn is_fixed(&self, assignment: Assignment) -> bool {
        self.parts.fixed.contains(&assignment)
    }
}

fn defect<T>(place: impl Into<String>, expected: impl Into<String>) -> Result<T, Defect> {
    Err(Defect { place: place.into(), expected: expected.into() })
}

fn modest(place: &str, values: &[i64]) -> Result<(), Defect> {
    match values.iter().find(|v| v.checked_abs().is_none_or(|v| v > LARGEST)) {
        Some(_) => defect(place, format!("whole numbers between -{LARGEST} and {LARGEST}")),
        None => Ok(()),
    }
}

fn look_at_lists(parts: &Parts) -> Result<(), Defect> {
    let lists: [(&str, Vec<&String>); 5] = [
        ("kinds", parts.kinds.iter().map(|x| &x.id).collect()),
        ("roles", parts.roles.iter().map(|x| &x.id).collect()),
        ("places", parts.places.iter().map(|x| &x.id).collect()),
        ("shifts", parts.shifts.iter().map(|x| &x.id).collect()),
        ("people", parts.people.iter().map(|x| &x.id).collect()),
    ];
    for (list, ids) in lists {
        let mut seen = HashSet::new();
        for (i, id) in ids.into_iter().enumerate() {
            if !seen.insert(id) {
                return defect(
                    format!("{list}[{i}].id"),
                    format!("an id that no other has, not {id:?} again"),
                );
            }
        }
    }
    if parts.travel.len() != parts.places.len() * parts.places.len() {
        return defect("travel", "a row and a column for each place");
    }
    modest("travel", &parts.travel)?;
    if parts.horizon < 0 || parts.horizon > 4000 * DAY {
        return defect("horizon", "minutes from 0 to 4,000 days");
    }
    if !(0..7).contains(&parts.first_weekday) {
        return defect("first_weekday", "0 (Monday) to 6");
    }
    for (i, kind) in parts.kinds.iter().enumerate() {
        if kind.never_next.iter().any(|&k| k as usize >= parts.kinds.len()) {
            return defect(format!("kinds[{i}].never_next"), "kinds of the list");
        }
    }
    for (i, role) in parts.roles.iter().enumerate() {
        if role.needs.iter().any(|&q| q as usize >= parts.qualifications.len()) {
            return defect(format!("roles[{i}].needs"), "qualifications of the list");
        }
    }
    Ok(())
}

fn look_at_shift(parts: &Parts, i: usize, shift: &Shift) -> Result<(), Defect> {
    let at = format!("shifts[{i}]");
    modest(&at, &[shift.start, shift.end, shift.minutes])?;
    if shift.start < 0 || shift.start >= shift.end {
        return defect(at, "0 <= start < end");
    }
    if shift.start >= parts.horizon {
        return defect(format!("{at}.start"), "a start inside the horizon");
    }
    if shift.minutes < 0 {
        return defect(format!("{at}.minutes"), "no fewer than 0");
    }
    if shift.place as usize >= parts.places.len() {
        return defect(format!("{at}.place"), "a place of the list");
    }
    if shift.kind.is_some_and(|k| k as usize >= parts.kinds.len()) {
        return defect(format!("{at}.kind"), "a kind of the list");
    }
    for (j, seat) in shift.seats.iter().enumerate() {
        let at = format!("{at}.slots[{j}]");
        if seat.role as usize >= parts.roles.len() {
            return defect(format!("{at}.role"), "a role of the list");
        }
        if shift.seats[..j].iter().any(|other| other.role == seat.role) {
            return defect(format!("{at}.role"), "a role that the shift does not have yet");
        }
        if seat.min > seat.want || seat.want > seat.max {
            return defect(at, "min <= want <= max");
        }
        modest(&at, &[seat.below_min, seat.below_want, seat.above_want, i64::from(seat.max)])?;
        if seat.below_min < 0 || seat.below_want < 0 || seat.above_want < 0 {
            return defect(at, "costs of at least 0");
        }
        // Sums of many such seats, in small parts of a cost, must still be numbers.
        let most = seat.above_want * i64::from(seat.max.min(parts.people.len() as u32));
        if seat.cost(0).max(most) > LARGEST {
            return defect(at, format!("at most {LARGEST} as the cost of nobody, or of everybody"));
        }
    }
    match &shift.guard {
        Some(guard) if guard.needs.iter().any(|&q| q as usize >= parts.qualifications.len()) => {
            defect(format!("{at}.guard.needs"), "qualifications of the list")
        }
        _ => Ok(()),
    }
}

fn look_at_person(parts: &Parts, i: usize, person: &Person) -> Result<(), Defect> {
    use super::WishFor::{Place, Role, Shift};
    let at = format!("people[{i}]");
    for (j, window) in person.free.iter().enumerate() {
        modest(&format!("{at}.free[{j}]"), &[window.from, window.to])?;
        if window.from >= window.to {
            return defect(format!("{at}.free[{j}]"), "a window with from < to");
        }
        if j > 0 && person.free[j - 1].to >= window.from {
            return defect(format!("{at}.free[{j}]"), "a window after the one before, not touching it");
        }
    }
    if person.has.iter().any(|&q| q as usize >= parts.qualifications.len()) {
        return defect(format!("{at}.has"), "qualifications of the list");
    }
    for (j, wish) in person.wishes.iter().enumerate() {
        let known = match wish.about {
            Shift(x) => (x as usize) < parts.shifts.len(),
            Role(x) => (x as usize) < parts.roles.len(),
            Place(x) => (x as usize) < parts.places.len(),
        };
        if !known {
            return defect(format!("{at}.wishes[{j}]"), "a shift, role or place of the lists");
        }
        modest(&format!("{at}.wishes[{j}]"), &[wish.cost])?;
    }
    let limits = &person.limits;
    for (name, value) in [
        ("max_minutes", limits.max_minutes),
        ("min_minutes", limits.min_minutes),
        ("max_minutes_per_day", limits.max_minutes_per_day),
        ("max_minutes_per_week", limits.max_minutes_per_week),
        ("max_days_in_row", limits.max_days_in_row),
        ("min_days_in_row", limits.min_days_in_row),
        ("min_days_off_in_row", limits.min_days_off_in_row),
        ("max_weekends", limits.max_weekends),
        ("min_rest", Some(limits.min_rest)),
        ("fair_minutes", person.fair_minutes),
        ("wanted_minutes", Some(person.wanted_minutes)),
    ] {
        modest(&format!("{at}.{name}"), &[value.unwrap_or(0)])?;
    }
    if limits.max_of_kind.iter().any(|&(k, n)| k as usize >= parts.kinds.len() || n < 0) {
        return defect(format!("{at}.max_of_kind"), "kinds of the list, counts of at least 0");
    }
    if let Some(before) = &person.before {
        modest(&format!("{at}.before"), &[before.end, before.days])?;
        if before.place as usize >= parts.places.len() {
            return defect(format!("{at}.before.place"), "a place of the list");
        }
    }
    Ok(())
}

fn look_at_pairs(parts: &Parts) -> Result<(), Defect> {
    for (list, pairs) in [("apart", &parts.apart), ("together", &parts.together)] {
        for (i, &(a, b)) in pairs.iter().enumerate() {
            if a == b || a.max(b) as usize >= parts.people.len() {
                return defect(format!("{list}[{i}]"), "two different people of the list");
            }
        }
    }
    for (list, assignments) in [("fixed", &parts.fixed), ("previous", &parts.previous)] {
        for (i, a) in assignments.iter().enumerate() {
            let shift = parts.shifts.get(a.shift as usize);
            let seat = shift.and_then(|shift| shift.seats.iter().find(|seat| seat.role == a.role));
            if a.person as usize >= parts.people.len() || seat.is_none() {
                return defect(format!("{list}[{i}]"), "a person, a shift and a role of that shift");
            }
        }
    }
    Ok(())
}

fn look_at_costs(parts: &Parts) -> Result<(), Defect> {
    let costs = &parts.costs;
    let rates: Vec<i64> = costs.overload.iter().flat_map(|t| [t.rate, t.hours.unwrap_or(0)]).collect();
    modest("costs.overload", &rates)?;
    modest(
        "costs",
        &[costs.newcomer_alone, costs.underload, costs.together, costs.change, parts.unavoidable],
    )?;
    if costs.newcomer_alone.min(costs.underload).min(costs.together).min(costs.change) < 0 {
        return defect("costs", "no cost below 0");
    }
    let tiers = &costs.overload;
    let open = tiers.iter().position(|tier| tier.hours.is_none());
    if open != tiers.len().checked_sub(1) || tiers.windows(2).any(|pair| pair[0].rate > pair[1].rate) {
        return defect(
            "costs.overload",
            "tiers whose rates never fall, the last and only the last without hours",
        );
    }
    if tiers.iter().any(|tier| tier.hours.is_some_and(|h| h < 0)) {
        return defect("costs.overload", "hours of at least 0");
    }
    Ok(())
}
