//! A problem as a grid of people and days, in flat arrays; `None` where it is no grid.

use super::{Cell, Row};
use crate::{
    features,
    model::{Assignment, DAY, Problem, Roster},
};

/// More than any cost of a cell: the cell is not allowed.
pub(crate) const NEVER: i64 = i64::MAX / 8;

/// One person's rules.
#[derive(Clone, Debug)]
pub(crate) struct Line {
    /// Cost of the cell (day, kind) at `day * kinds + kind`, [`NEVER`] where it is not allowed.
    pub cost: Vec<i64>,
    /// Least and most units of work in all.
    pub units: (i64, i64),
    /// Days worked in a row: least; most, or the least once more where there is no most.
    pub min_run: usize,
    /// See `min_run`.
    pub max_run: usize,
    /// Whether `max_run` is a limit.
    pub bounded: bool,
    /// Days off in a row, at least 1.
    pub min_off: usize,
    /// Days worked in a row up to day 0.
    pub before: usize,
    /// Weekends at most.
    pub weekends: Option<usize>,
    /// Shifts of each kind at most; more than the days where there is no limit.
    pub most: Vec<i64>,
    /// Cost of the units worked in all, from 0 to the most; empty where load costs nothing.
    pub load: Vec<i64>,
    /// Cost of nothing: what previous assignments lose and get back from their cells.
    pub base: i64,
}

/// All of a grid.
#[derive(Clone, Debug)]
pub(crate) struct Grid {
    pub days: usize,
    pub kinds: usize,
    /// Minutes of one unit of work.
    pub unit: i64,
    /// Units of each kind.
    pub length: Vec<i64>,
    /// Whether kind `b` may follow kind `a` the next day, at `a * kinds + b`.
    pub follows: Vec<bool>,
    /// Whether the day is a Saturday (1), a Sunday (2) or neither (0).
    pub weekend: Vec<u8>,
    pub lines: Vec<Line>,
    /// Head count wanted of each cell, and the cost of each person below and above.
    pub want: Vec<i64>,
    pub below: Vec<i64>,
    pub above: Vec<i64>,
    /// Cost that no roster avoids.
    pub base: i64,
    /// Shift of each cell.
    shift: Vec<Option<u32>>,
    /// Cell of each shift: day and kind.
    place: Vec<(usize, usize)>,
}

fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

impl Grid {
    /// The grid of a problem whose shifts have kinds, at most one of a kind and day, and whose people meet only in
    /// the head counts.
    pub(crate) fn of(problem: &Problem) -> Option<Self> {
        let (days, kinds, people) = (problem.days() as usize, problem.kinds.len(), problem.people.len());
        if kinds == 0 || kinds > 120 || days == 0 || people == 0 {
            return None;
        }
        if !problem.apart.is_empty() || (!problem.together.is_empty() && problem.costs.together > 0) {
            return None;
        }
        if problem.costs.newcomer_alone > 0 && problem.people.iter().any(|p| p.newcomer) {
            return None;
        }
        if !problem.fixed.is_empty() || problem.people.iter().any(|p| p.limits.max_minutes_per_week.is_some())
        {
            return None;
        }
        let cells = days * kinds;
        let mut grid = Self {
            days,
            kinds,
            unit: 0,
            length: vec![0; kinds],
            follows: features::succession::table(&problem.kinds),
            weekend: (0..days as i64)
                .map(|day| features::weekends::of_weekday(problem.weekday(day)))
                .collect(),
            lines: Vec::new(),
            want: vec![0; cells],
            below: vec![0; cells],
            above: vec![0; cells],
            base: problem.unavoidable,
            shift: vec![None; cells],
            place: Vec::new(),
        };
        for (s, shift) in (0..).zip(&problem.shifts) {
            let (day, kind) = (shift.day() as usize, shift.kind? as usize);
            let cell = day * kinds + kind;
            let [seat] = &shift.seats[..] else { return None };
            // All of a day exclude one another, and none reaches into the next.
            let whole_day = shift.start == day as i64 * DAY && shift.end <= shift.start + DAY;
            let same_length = grid.length[kind] == 0 || grid.length[kind] == shift.minutes;
            if grid.shift[cell].is_some() || !whole_day || !same_length || shift.guard.is_some() {
                return None;
            }
            if (seat.max as usize) < people || shift.minutes == 0 {
                return None;
            }
            (grid.below[cell], grid.above[cell]) = features::head_count::slopes(seat)?;
            grid.want[cell] = i64::from(seat.want);
            grid.shift[cell] = Some(s);
            grid.length[kind] = shift.minutes;
            grid.place.push((day, kind));
            // Rest and ways matter only where they can forbid something.
            let gap_to_next = shift.end + problem.people.iter().map(|p| p.limits.min_rest).max().unwrap_or(0);
            let ways = problem.travel.iter().copied().max().unwrap_or(0);
            if gap_to_next.max(shift.end + ways) > (day as i64 + 1) * DAY {
                return None;
            }
        }
        grid.unit = grid.length.iter().fold(0, |a, &b| gcd(a, b));
        if grid.unit == 0 {
            return None;
        }
        for length in &mut grid.length {
            *length /= grid.unit;
        }
        let mut previous = problem.previous.clone();
        previous.sort_unstable();
        for person in 0..people as u32 {
            let line = grid.line(problem, person, &previous)?;
            grid.base += line.base;
            grid.lines.push(line);
        }
        Some(grid)
    }

    fn line(&self, problem: &Problem, p: u32, previous: &[Assignment]) -> Option<Line> {
        let person = &problem.people[p as usize];
        let limits = &person.limits;
        let most = features::kind_count::most(limits, self.kinds, self.days as i64 + 1);
        let longest = self.days as i64 * self.length.iter().max()?;
        let units = features::minutes::in_units(limits, self.unit, longest);
        let mut cost = vec![NEVER; self.days * self.kinds];
        let mut base = 0;
        for (cell, shift) in self.shift.iter().enumerate() {
            let Some(s) = *shift else { continue };
            let shift = &problem.shifts[s as usize];
            let role = shift.seats[0].role;
            let a = Assignment { person: p, shift: s, role };
            let given_back = features::change::more(problem.costs.change, previous, a);
            base -= given_back;
            if features::spacing::is_rested(problem, person, shift.start, shift.place)
                && features::minutes_per_day::alone(limits, shift.minutes)
                && most[cell % self.kinds] > 0
                && problem.qualifies(p, role)
                && features::availability::fits(person, shift.start, shift.end)
            {
                cost[cell] = given_back + features::wishes::cost(&person.wishes, s, role, shift.place);
            }
        }
        let loads = person.fair_minutes.is_some() || person.wanted_minutes > 0;
        let load = match loads {
            true => (0..=units.1.max(0))
                .map(|u| features::load::cost(problem, p, u * self.unit).iter().sum())
                .collect(),
            false => Vec::new(),
        };
        let min_run = limits.min_days_in_row.unwrap_or(1).max(1) as usize;
        Some(Line {
            cost,
            units,
            min_run,
            max_run: limits.max_days_in_row.map_or(min_run, |m| m.max(0) as usize),
            bounded: limits.max_days_in_row.is_some(),
            min_off: limits.min_days_off_in_row.unwrap_or(1).max(1) as usize,
            before: person.before.as_ref().map_or(0, |b| b.days.max(0) as usize),
            weekends: limits.max_weekends.map(|m| m.max(0) as usize),
            most,
            load,
            base,
        })
    }

    /// Head counts of each cell.
    pub(crate) fn counts(&self, rows: &[Row]) -> Vec<i64> {
        let mut counts = vec![0; self.days * self.kinds];
        for row in rows {
            for (day, &cell) in row.iter().enumerate().filter(|(_, cell)| **cell > 0) {
                counts[day * self.kinds + cell as usize - 1] += 1;
            }
        }
        counts
    }

    /// Cost of `n` people in a cell.
    #[inline]
    pub(crate) fn cover(&self, cell: usize, n: i64) -> i64 {
        let short = self.want[cell] - n;
        if short > 0 { short * self.below[cell] } else { -short * self.above[cell] }
    }

    /// Cost of a person's row, head counts apart.
    pub(crate) fn row_cost(&self, p: usize, row: &[Cell]) -> i64 {
        let line = &self.lines[p];
        let (mut cost, mut units) = (0, 0);
        for (day, &cell) in row.iter().enumerate().filter(|(_, cell)| **cell > 0) {
            let kind = cell as usize - 1;
            cost += line.cost[day * self.kinds + kind];
            units += self.length[kind];
        }
        cost + line.load.get(units as usize).copied().unwrap_or(0)
    }

    /// Cost of all.
    pub(crate) fn cost(&self, rows: &[Row]) -> i64 {
        let counts = self.counts(rows);
        let cover: i64 = counts.iter().enumerate().map(|(cell, &n)| self.cover(cell, n)).sum();
        let own: i64 = rows.iter().enumerate().map(|(p, row)| self.row_cost(p, row)).sum();
        self.base + cover + own
    }

    /// The rows as a roster.
    pub(crate) fn roster(&self, problem: &Problem, rows: &[Row]) -> Roster {
        let mut out = Vec::new();
        for (person, row) in (0..).zip(rows) {
            for (day, &cell) in row.iter().enumerate().filter(|(_, cell)| **cell > 0) {
                if let Some(shift) = self.shift[day * self.kinds + cell as usize - 1] {
                    let role = problem.shifts[shift as usize].seats[0].role;
                    out.push(Assignment { person, shift, role });
                }
            }
        }
        Roster::new(out)
    }

    /// A roster as rows; of two shifts of a day the later entry counts.
    pub(crate) fn rows(&self, roster: &Roster) -> Vec<Row> {
        let mut rows = vec![vec![0; self.days]; self.lines.len()];
        for a in &roster.assignments {
            let (day, kind) = self.place[a.shift as usize];
            rows[a.person as usize][day] = kind as Cell + 1;
        }
        rows
    }
}
