//! The text of the shift scheduling benchmark, instances and solutions.
//!
//! A shift type of a day becomes a shift of that kind that starts at midnight, so that two of a day exclude each other;
//! its one seat has the cover's requirement as `want`. A day off is a day that is not free. A request for a shift costs
//! its weight whatever happens and gives it back where the shift is worked.

use super::{Malformed, Solution};
use crate::model::{
    Assignment, DAY, Kind, Limits, Parts, Person, Place, Problem, Role, Roster, Seat, Shift, Window, Wish,
    WishFor,
};
use std::collections::{HashMap, HashSet};

/// Longest roster that is read, in days.
const MOST_DAYS: i64 = 3660;

struct Reader<'a> {
    file: &'a str,
    parts: Parts,
    days: i64,
    kinds: HashMap<String, u32>,
    people: HashMap<String, u32>,
    lengths: Vec<i64>,
    days_off: Vec<HashSet<i64>>,
    covered: HashSet<u32>,
}

struct Line<'a> {
    number: usize,
    fields: Vec<&'a str>,
}

impl Reader<'_> {
    fn wrong(&self, line: &Line<'_>, expected: impl Into<String>) -> Malformed {
        Malformed::new(self.file, format!("line {}", line.number), expected)
    }

    fn number(&self, line: &Line<'_>, i: usize, name: &str) -> Result<i64, Malformed> {
        let text = line.fields.get(i).map_or("", |field| field.trim());
        let value = text.parse::<i64>().ok().filter(|v| (0..=crate::model::LARGEST).contains(v));
        value.ok_or_else(|| self.wrong(line, format!("{name}: a whole number of at least 0, not {text:?}")))
    }

    fn day(&self, line: &Line<'_>, i: usize) -> Result<i64, Malformed> {
        let day = self.number(line, i, "the day")?;
        if day >= self.days {
            return Err(self.wrong(line, format!("a day from 0 to {}", self.days - 1)));
        }
        Ok(day)
    }

    fn known(
        &self,
        line: &Line<'_>,
        i: usize,
        map: &HashMap<String, u32>,
        what: &str,
    ) -> Result<u32, Malformed> {
        let text = line.fields.get(i).map_or("", |field| field.trim());
        map.get(text).copied().ok_or_else(|| self.wrong(line, format!("a known {what}, not {text:?}")))
    }

    fn shift_of(&self, day: i64, kind: u32) -> u32 {
        day as u32 * self.lengths.len() as u32 + kind
    }

    fn kind_row(&mut self, line: &Line<'_>) -> Result<(), Malformed> {
        let id = line.fields[0].trim().to_owned();
        let length = self.number(line, 1, "the length in minutes")?;
        // `-` is a day off in a roster.
        if length == 0 || id.is_empty() || id == "-" {
            return Err(self.wrong(line, "a shift id other than - and a length of at least 1 minute"));
        }
        if self.kinds.insert(id.clone(), self.lengths.len() as u32).is_some() {
            return Err(self.wrong(line, "a shift id that no other has"));
        }
        self.lengths.push(length);
        self.parts.kinds.push(Kind { id, never_next: Vec::new() });
        Ok(())
    }

    fn never_next_row(&mut self, i: usize, line: &Line<'_>) -> Result<(), Malformed> {
        for id in line.fields.get(2).unwrap_or(&"").split('|').map(str::trim).filter(|id| !id.is_empty()) {
            let next = self.kinds.get(id).copied();
            let next = next.ok_or_else(|| self.wrong(line, format!("a known shift id, not {id:?}")))?;
            self.parts.kinds[i].never_next.push(next);
        }
        Ok(())
    }

    fn staff_row(&mut self, line: &Line<'_>) -> Result<(), Malformed> {
        let id = line.fields[0].trim().to_owned();
        let mut limits = Limits {
            max_minutes: Some(self.number(line, 2, "MaxTotalMinutes")?),
            min_minutes: Some(self.number(line, 3, "MinTotalMinutes")?),
            max_days_in_row: Some(self.number(line, 4, "MaxConsecutiveShifts")?),
            min_days_in_row: Some(self.number(line, 5, "MinConsecutiveShifts")?),
            min_days_off_in_row: Some(self.number(line, 6, "MinConsecutiveDaysOff")?),
            max_weekends: Some(self.number(line, 7, "MaxWeekends")?),
            ..Limits::default()
        };
        for item in line.fields[1].split('|').map(str::trim).filter(|item| !item.is_empty()) {
            let (kind, count) = item.split_once('=').unwrap_or((item, ""));
            let known = self.kinds.get(kind.trim()).copied().zip(count.trim().parse::<u32>().ok());
            let (kind, count) = known
                .ok_or_else(|| self.wrong(line, format!("a known shift id, = and a count, not {item:?}")))?;
            limits.max_of_kind.push((kind, i64::from(count)));
        }
        if self.people.insert(id.clone(), self.parts.people.len() as u32).is_some() {
            return Err(self.wrong(line, "an employee id that no other has"));
        }
        self.parts.people.push(Person { id, limits, ..Person::default() });
        self.days_off.push(HashSet::new());
        Ok(())
    }

    fn days_off_row(&mut self, line: &Line<'_>) -> Result<(), Malformed> {
        let person = self.known(line, 0, &self.people, "employee")?;
        for i in 1..line.fields.len() {
            if !line.fields[i].trim().is_empty() {
                let day = self.day(line, i)?;
                self.days_off[person as usize].insert(day);
            }
        }
        Ok(())
    }

    fn request_row(&mut self, line: &Line<'_>, wished: bool) -> Result<(), Malformed> {
        let person = self.known(line, 0, &self.people, "employee")?;
        let (day, kind) = (self.day(line, 1)?, self.known(line, 2, &self.kinds, "shift")?);
        let weight = self.number(line, 3, "the weight")?;
        let cost = if wished { -weight } else { weight };
        self.parts.unavoidable += if wished { weight } else { 0 };
        let about = WishFor::Shift(self.shift_of(day, kind));
        self.parts.people[person as usize].wishes.push(Wish { cost, about });
        Ok(())
    }

    fn cover_row(&mut self, line: &Line<'_>) -> Result<(), Malformed> {
        let (day, kind) = (self.day(line, 0)?, self.known(line, 1, &self.kinds, "shift")?);
        let required = self.number(line, 2, "the requirement")?;
        let (below, above) =
            (self.number(line, 3, "weight for under")?, self.number(line, 4, "weight for over")?);
        let shift = self.shift_of(day, kind);
        if !self.covered.insert(shift) {
            return Err(self.wrong(line, "one requirement for a day and a shift"));
        }
        let seat = &mut self.parts.shifts[shift as usize].seats[0];
        (seat.want, seat.below_want, seat.above_want) = (required as u32, below, above);
        seat.max = seat.max.max(required as u32);
        Ok(())
    }

    /// The shifts, once kinds and people are known.
    fn lay_out(&mut self) -> Result<(), Malformed> {
        if self.days == 0 || self.days * self.lengths.len() as i64 > 10_000_000 {
            return Err(Malformed::new(
                self.file,
                "SECTION_HORIZON",
                "a number of days, before anything else",
            ));
        }
        let everybody = self.parts.people.len() as u32;
        for day in 0..self.days {
            for (kind, &minutes) in (0..).zip(&self.lengths) {
                let start = day * DAY;
                self.parts.shifts.push(Shift {
                    id: format!("{day}/{}", self.parts.kinds[kind as usize].id),
                    kind: Some(kind),
                    start,
                    end: start + minutes.min(DAY),
                    minutes,
                    place: 0,
                    seats: vec![Seat {
                        role: 0,
                        min: 0,
                        want: 0,
                        max: everybody,
                        below_min: 0,
                        below_want: 0,
                        above_want: 0,
                    }],
                    guard: None,
                });
            }
        }
        Ok(())
    }

    fn finish(mut self) -> Parts {
        for (person, off) in self.parts.people.iter_mut().zip(&self.days_off) {
            let mut at = 0;
            for day in (0..self.days).filter(|day| off.contains(day)).chain([self.days]) {
                if day > at {
                    person.free.push(Window { from: at * DAY, to: day * DAY });
                }
                at = day + 1;
            }
        }
        self.parts
    }
}

fn name_of(file: &str) -> String {
    std::path::Path::new(file).file_stem().map_or_else(|| file.into(), |s| s.to_string_lossy().into_owned())
}

pub(super) fn read(file: &str, text: &str) -> Result<Parts, Malformed> {
    let mut sections: HashMap<&str, Vec<Line<'_>>> = HashMap::new();
    let mut section = None;
    for (i, raw) in text.lines().enumerate() {
        let line = raw.trim();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if line.starts_with("SECTION_") {
            section = Some(line);
            sections.entry(line).or_default();
            continue;
        }
        let Some(section) = section else {
            return Err(Malformed::new(file, format!("line {}", i + 1), "a line that begins with SECTION_"));
        };
        let fields = line.split(',').collect();
        sections.entry(section).or_default().push(Line { number: i + 1, fields });
    }
    let need =
        |name: &str| sections.get(name).ok_or_else(|| Malformed::new(file, name, "this section in the file"));
    let mut reader = Reader {
        file,
        parts: Parts { name: name_of(file), ..Parts::default() },
        days: 0,
        kinds: HashMap::new(),
        people: HashMap::new(),
        lengths: Vec::new(),
        days_off: Vec::new(),
        covered: HashSet::new(),
    };
    let horizon = need("SECTION_HORIZON")?.first();
    let horizon = horizon.ok_or_else(|| Malformed::new(file, "SECTION_HORIZON", "a number of days"))?;
    reader.days = reader.number(horizon, 0, "the horizon in days")?;
    if !(1..=MOST_DAYS).contains(&reader.days) {
        return Err(reader.wrong(horizon, format!("1 to {MOST_DAYS} days")));
    }
    reader.parts.horizon = reader.days * DAY;
    reader.parts.places.push(Place { id: "anywhere".into() });
    reader.parts.travel.push(0);
    reader.parts.roles.push(Role { id: "staff".into(), needs: Vec::new() });
    for line in need("SECTION_SHIFTS")? {
        reader.kind_row(line)?;
    }
    for (i, line) in need("SECTION_SHIFTS")?.iter().enumerate() {
        reader.never_next_row(i, line)?;
    }
    for line in need("SECTION_STAFF")? {
        if line.fields.len() < 8 {
            return Err(reader.wrong(line, "eight fields: id, most of each shift, and six numbers"));
        }
        reader.staff_row(line)?;
    }
    reader.lay_out()?;
    let rows = |name: &str| sections.get(name).into_iter().flatten();
    for line in rows("SECTION_DAYS_OFF") {
        reader.days_off_row(line)?;
    }
    for line in rows("SECTION_SHIFT_ON_REQUESTS") {
        reader.request_row(line, true)?;
    }
    for line in rows("SECTION_SHIFT_OFF_REQUESTS") {
        reader.request_row(line, false)?;
    }
    for line in need("SECTION_COVER")? {
        reader.cover_row(line)?;
    }
    Ok(reader.finish())
}

pub(super) fn read_solution(problem: &Problem, file: &str, text: &str) -> Result<Solution, Malformed> {
    let people: HashMap<&str, u32> = problem.people.iter().map(|p| p.id.as_str()).zip(0..).collect();
    let shifts: HashMap<&str, u32> = problem.shifts.iter().map(|s| s.id.as_str()).zip(0..).collect();
    let (mut roster, mut seen) = (Roster::default(), HashSet::new());
    for (i, line) in text.lines().enumerate() {
        if line.starts_with('#') || line.trim().is_empty() {
            continue;
        }
        let mut tokens = line.split_whitespace();
        let id = tokens.next().unwrap_or_default();
        if !seen.insert(id) {
            let expected = format!("each employee once, not {id:?} again");
            return Err(Malformed::new(file, format!("line {}", i + 1), expected));
        }
        let Some(&person) = people.get(id) else {
            roster.strange.push(format!("the row of {id}"));
            continue;
        };
        let cells: Vec<&str> = tokens.collect();
        if cells.len() as i64 != problem.days() {
            roster.strange.push(format!("{} days in the row of {id}", cells.len()));
        }
        for (day, &cell) in cells.iter().take(problem.days() as usize).enumerate() {
            match shifts.get(format!("{day}/{cell}").as_str()) {
                _ if cell == "-" => {}
                Some(&shift) => roster.assignments.push(Assignment { person, shift, role: 0 }),
                None => roster.strange.push(format!("{cell} on day {day} in the row of {id}")),
            }
        }
    }
    if seen.len() < problem.people.len() || !people.keys().all(|id| seen.contains(id)) {
        roster.strange.push("not a row for each employee".into());
    }
    roster.assignments.sort_unstable();
    Ok(Solution { roster, bound: None })
}

pub(super) fn write_solution(problem: &Problem, roster: &Roster) -> String {
    let mut out = String::new();
    for (i, person) in (0..).zip(&problem.people) {
        let mut cells = vec!["-"; problem.days() as usize];
        for a in roster.of(i) {
            let shift = &problem.shifts[a.shift as usize];
            if let Some(kind) = shift.kind {
                cells[shift.day() as usize] = &problem.kinds[kind as usize].id;
            }
        }
        out.push_str(&person.id);
        for cell in cells {
            out.push(' ');
            out.push_str(cell);
        }
        out.push('\n');
    }
    out
}
