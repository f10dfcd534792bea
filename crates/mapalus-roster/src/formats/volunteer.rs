//! Instances of `mapalus-roster/1`.

use super::Malformed;
use crate::model::{
    Assignment, Before, Costs, Guard, Limits, Parts, Person, Place, Role, Seat, Shift, Tier, Window, Wish,
    WishFor,
};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
struct Document {
    format: String,
    name: String,
    #[serde(default)]
    start: Option<String>,
    horizon: i64,
    roles: Vec<RoleText>,
    places: Vec<PlaceText>,
    travel: Vec<Vec<i64>>,
    shifts: Vec<ShiftText>,
    people: Vec<PersonText>,
    #[serde(default)]
    apart: Vec<(String, String)>,
    #[serde(default)]
    together: Vec<(String, String)>,
    #[serde(default)]
    fixed: Vec<AssignmentText>,
    #[serde(default)]
    previous: Vec<AssignmentText>,
    costs: CostsText,
}

#[derive(Deserialize)]
struct RoleText {
    id: String,
    needs: Vec<String>,
}

#[derive(Deserialize)]
struct PlaceText {
    id: String,
}

#[derive(Deserialize)]
struct SlotText {
    role: String,
    min: u32,
    want: u32,
    max: u32,
    weight: i64,
}

#[derive(Deserialize)]
struct GuardText {
    needs: Vec<String>,
    least: u32,
}

#[derive(Deserialize)]
struct ShiftText {
    id: String,
    start: i64,
    end: i64,
    place: String,
    slots: Vec<SlotText>,
    #[serde(default)]
    guard: Option<GuardText>,
}

#[derive(Deserialize)]
struct WishText {
    cost: i64,
    #[serde(default)]
    shift: Option<String>,
    #[serde(default)]
    role: Option<String>,
    #[serde(default)]
    place: Option<String>,
}

#[derive(Deserialize)]
struct BeforeText {
    end: i64,
    place: String,
    days: i64,
}

#[derive(Deserialize)]
struct PersonText {
    id: String,
    has: Vec<String>,
    newcomer: bool,
    free: Vec<(i64, i64)>,
    max_minutes: i64,
    max_minutes_per_day: i64,
    max_days_in_row: i64,
    min_rest: i64,
    fair_minutes: i64,
    min_minutes: i64,
    wishes: Vec<WishText>,
    #[serde(default)]
    before: Option<BeforeText>,
}

#[derive(Deserialize)]
pub(super) struct AssignmentText {
    pub(super) person: String,
    pub(super) shift: String,
    pub(super) role: String,
}

#[derive(Deserialize)]
struct CostsText {
    unfilled_min: i64,
    unfilled_want: i64,
    newcomer_alone: i64,
    overload: Vec<(Option<i64>, i64)>,
    underload: i64,
    together: i64,
    change: i64,
}

/// Ids of the document and their places in the lists.
struct Names<'a> {
    file: &'a str,
    roles: HashMap<String, u32>,
    places: HashMap<String, u32>,
    shifts: HashMap<String, u32>,
    people: HashMap<String, u32>,
    qualifications: HashMap<String, u32>,
}

fn numbered<'a>(ids: impl Iterator<Item = &'a String>) -> HashMap<String, u32> {
    let mut out = HashMap::new();
    for (i, id) in (0..).zip(ids) {
        out.entry(id.clone()).or_insert(i);
    }
    out
}

impl Names<'_> {
    fn find(
        &self,
        map: &HashMap<String, u32>,
        id: &str,
        at: impl FnOnce() -> String,
    ) -> Result<u32, Malformed> {
        map.get(id).copied().ok_or_else(|| Malformed::new(self.file, at(), format!("a known id, not {id:?}")))
    }

    fn held(&mut self, names: &[String]) -> Vec<u32> {
        let mut out: Vec<u32> = Vec::new();
        for name in names {
            let next = self.qualifications.len() as u32;
            let q = *self.qualifications.entry(name.clone()).or_insert(next);
            if !out.contains(&q) {
                out.push(q);
            }
        }
        out.sort_unstable();
        out
    }

    fn assignment(&self, a: &AssignmentText, at: impl Fn() -> String) -> Result<Assignment, Malformed> {
        Ok(Assignment {
            person: self.find(&self.people, &a.person, || format!("{}.person", at()))?,
            shift: self.find(&self.shifts, &a.shift, || format!("{}.shift", at()))?,
            role: self.find(&self.roles, &a.role, || format!("{}.role", at()))?,
        })
    }
}

/// Days since 1970-01-01 of a date (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn days_from_civil(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * (month + if month > 2 { -3 } else { 9 }) + 2) / 5 + day - 1;
    era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468
}

/// Weekday of the date at the head of an RFC 3339 time; 0 is Monday.
fn weekday(text: &str) -> Option<i64> {
    let mut fields = text.get(..10)?.split('-').map(|field| field.parse::<i64>().ok());
    let (year, month, day) = (fields.next()??, fields.next()??, fields.next()??);
    let fine = (1..=12).contains(&month) && (1..=31).contains(&day);
    fine.then(|| (days_from_civil(year, month, day) + 3).rem_euclid(7))
}

pub(super) fn read(file: &str, text: &str) -> Result<Parts, Malformed> {
    let doc: Document = serde_json::from_str(text).map_err(|error| Malformed::from_json(file, &error))?;
    if doc.format != "mapalus-roster/1" {
        return Err(Malformed::new(file, "format", format!("\"mapalus-roster/1\", not {:?}", doc.format)));
    }
    let mut names = Names {
        file,
        roles: numbered(doc.roles.iter().map(|x| &x.id)),
        places: numbered(doc.places.iter().map(|x| &x.id)),
        shifts: numbered(doc.shifts.iter().map(|x| &x.id)),
        people: numbered(doc.people.iter().map(|x| &x.id)),
        qualifications: HashMap::new(),
    };
    let first_weekday = match &doc.start {
        None => 0,
        Some(start) => weekday(start)
            .ok_or_else(|| Malformed::new(file, "start", format!("a time of RFC 3339, not {start:?}")))?,
    };
    let mut parts = Parts { name: doc.name.clone(), horizon: doc.horizon, first_weekday, ..Parts::default() };
    for role in &doc.roles {
        parts.roles.push(Role { id: role.id.clone(), needs: names.held(&role.needs) });
    }
    parts.places = doc.places.iter().map(|place| Place { id: place.id.clone() }).collect();
    if doc.travel.iter().any(|row| row.len() != doc.places.len()) {
        return Err(Malformed::new(file, "travel", "a row and a column for each place"));
    }
    parts.travel = doc.travel.concat();
    for (i, shift) in doc.shifts.iter().enumerate() {
        parts.shifts.push(read_shift(&mut names, &doc.costs, i, shift)?);
    }
    for (i, person) in doc.people.iter().enumerate() {
        parts.people.push(read_person(&mut names, i, person)?);
    }
    parts.apart = read_pairs(&names, "apart", &doc.apart)?;
    parts.together = read_pairs(&names, "together", &doc.together)?;
    for (i, a) in doc.fixed.iter().enumerate() {
        parts.fixed.push(names.assignment(a, || format!("fixed[{i}]"))?);
    }
    for (i, a) in doc.previous.iter().enumerate() {
        match names.assignment(a, || format!("previous[{i}]")) {
            Ok(a) if parts.shifts[a.shift as usize].seats.iter().any(|seat| seat.role == a.role) => {
                parts.previous.push(a);
            }
            // What is gone cannot stand: everybody pays for it.
            _ => parts.unavoidable += doc.costs.change,
        }
    }
    let c = &doc.costs;
    parts.costs = Costs {
        newcomer_alone: c.newcomer_alone,
        overload: c.overload.iter().map(|&(hours, rate)| Tier { hours, rate }).collect(),
        underload: c.underload,
        together: c.together,
        change: c.change,
    };
    if parts.costs.overload.is_empty() {
        return Err(Malformed::new(file, "costs.overload", "at least one tier"));
    }
    let mut qualifications = vec![String::new(); names.qualifications.len()];
    for (name, q) in names.qualifications {
        qualifications[q as usize] = name;
    }
    parts.qualifications = qualifications;
    Ok(parts)
}

fn read_shift(
    names: &mut Names<'_>,
    costs: &CostsText,
    i: usize,
    shift: &ShiftText,
) -> Result<Shift, Malformed> {
    let mut seats = Vec::new();
    for (j, slot) in shift.slots.iter().enumerate() {
        let at = || format!("shifts[{i}].slots[{j}].role");
        if slot.weight < 1 {
            return Err(Malformed::new(names.file, format!("shifts[{i}].slots[{j}].weight"), "at least 1"));
        }
        seats.push(Seat {
            role: names.find(&names.roles, &slot.role, at)?,
            min: slot.min,
            want: slot.want,
            max: slot.max,
            below_min: costs.unfilled_min.saturating_mul(slot.weight),
            below_want: costs.unfilled_want.saturating_mul(slot.weight),
            above_want: 0,
        });
    }
    Ok(Shift {
        id: shift.id.clone(),
        kind: None,
        start: shift.start,
        end: shift.end,
        minutes: shift.end.saturating_sub(shift.start),
        place: names.find(&names.places, &shift.place, || format!("shifts[{i}].place"))?,
        seats,
        guard: shift.guard.as_ref().map(|g| Guard { needs: names.held(&g.needs), least: g.least }),
    })
}

fn read_person(names: &mut Names<'_>, i: usize, person: &PersonText) -> Result<Person, Malformed> {
    let mut wishes = Vec::new();
    for (j, wish) in person.wishes.iter().enumerate() {
        let about = match (&wish.shift, &wish.role, &wish.place) {
            (Some(id), None, None) => names.shifts.get(id).map(|&x| WishFor::Shift(x)),
            (None, Some(id), None) => names.roles.get(id).map(|&x| WishFor::Role(x)),
            (None, None, Some(id)) => names.places.get(id).map(|&x| WishFor::Place(x)),
            _ => {
                let at = format!("people[{i}].wishes[{j}]");
                return Err(Malformed::new(names.file, at, "exactly one of shift, role, place"));
            }
        };
        // A wish for something that is not in this roster matches nothing.
        wishes.extend(about.map(|about| Wish { cost: wish.cost, about }));
    }
    let before = match &person.before {
        None => None,
        Some(before) => Some(Before {
            end: before.end,
            place: names.find(&names.places, &before.place, || format!("people[{i}].before.place"))?,
            days: before.days,
        }),
    };
    Ok(Person {
        id: person.id.clone(),
        has: names.held(&person.has),
        newcomer: person.newcomer,
        free: person.free.iter().map(|&(from, to)| Window { from, to }).collect(),
        limits: Limits {
            max_minutes: Some(person.max_minutes),
            max_minutes_per_day: Some(person.max_minutes_per_day),
            max_days_in_row: Some(person.max_days_in_row),
            min_rest: person.min_rest,
            ..Limits::default()
        },
        fair_minutes: Some(person.fair_minutes),
        wanted_minutes: person.min_minutes,
        wishes,
        before,
    })
}

fn read_pairs(
    names: &Names<'_>,
    list: &str,
    pairs: &[(String, String)],
) -> Result<Vec<(u32, u32)>, Malformed> {
    let mut out = Vec::new();
    for (i, (a, b)) in pairs.iter().enumerate() {
        let at = || format!("{list}[{i}]");
        out.push((names.find(&names.people, a, at)?, names.find(&names.people, b, at)?));
    }
    Ok(out)
}
