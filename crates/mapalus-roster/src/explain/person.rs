//! The rules about one person's shifts, each with how far it is from being kept.

use super::Reason;
use crate::model::{Problem, Shift};

/// The shifts of one person, and what is asked about them.
pub(super) struct Own<'a> {
    pub(super) problem: &'a Problem,
    /// Longest travel between any two places, in minutes.
    pub(super) longest_travel: i64,
    pub(super) person: u32,
    /// In order of their start.
    pub(super) shifts: &'a [u32],
    /// The one that is new among them: the reasons name the other.
    pub(super) new: Option<u32>,
}

impl Own<'_> {
    fn shift(&self, shift: u32) -> &Shift {
        &self.problem.shifts[shift as usize]
    }

    /// All rules that these shifts break. Cost: some tens of nanoseconds a shift.
    pub(super) fn broken(&self, out: &mut Vec<Reason>) {
        self.close(out);
        self.minutes(out);
        self.kinds(out);
        self.days(out);
    }

    fn close(&self, out: &mut Vec<Reason>) {
        let person = &self.problem.people[self.person as usize];
        let rest = person.limits.min_rest;
        if let (Some(before), Some(&first)) = (&person.before, self.shifts.first()) {
            let first = self.shift(first);
            let travel = self.problem.travel_minutes(before.place, first.place);
            out.extend(too_close(None, first.start - before.end, travel, Some(rest)));
        }
        let longest = self.longest_travel.max(rest);
        for (i, &a) in self.shifts.iter().enumerate() {
            let first = self.shift(a);
            for &b in &self.shifts[i + 1..] {
                let next = self.shift(b);
                let gap = next.start - first.end;
                if gap >= longest {
                    break;
                }
                let travel = self.problem.travel_minutes(first.place, next.place);
                let rest = (first.day() != next.day()).then_some(rest);
                let other = if self.new == Some(b) { a } else { b };
                out.extend(too_close(Some(other), gap, travel, rest));
            }
        }
    }

    fn minutes(&self, out: &mut Vec<Reason>) {
        let limits = &self.problem.people[self.person as usize].limits;
        let total: i64 = self.shifts.iter().map(|&s| self.shift(s).minutes).sum();
        if let Some(over) = limits.max_minutes.map(|most| total - most).filter(|&over| over > 0) {
            out.push(Reason::MaxMinutes { over });
        }
        if let Some(short) = limits.min_minutes.map(|least| least - total).filter(|&short| short > 0) {
            out.push(Reason::MinMinutes { short });
        }
        if let Some(most) = limits.max_minutes_per_day {
            self.sums(
                |shift| shift.day(),
                |day, sum| {
                    if sum > most {
                        out.push(Reason::MaxMinutesPerDay { day, over: sum - most });
                    }
                },
            );
        }
        if let Some(most) = limits.max_minutes_per_week {
            self.sums(
                |shift| self.problem.week(shift.day()),
                |week, sum| {
                    if sum > most {
                        out.push(Reason::MaxMinutesPerWeek { week, over: sum - most });
                    }
                },
            );
        }
    }

    /// Minutes of each day or week that has any.
    fn sums(&self, key: impl Fn(&Shift) -> i64, mut each: impl FnMut(i64, i64)) {
        let mut at: Option<(i64, i64)> = None;
        for &s in self.shifts {
            let shift = self.shift(s);
            let here = key(shift);
            match &mut at {
                Some((known, sum)) if *known == here => *sum += shift.minutes,
                _ => {
                    if let Some((known, sum)) = at {
                        each(known, sum);
                    }
                    at = Some((here, shift.minutes));
                }
            }
        }
        if let Some((known, sum)) = at {
            each(known, sum);
        }
    }

    fn kinds(&self, out: &mut Vec<Reason>) {
        let limits = &self.problem.people[self.person as usize].limits;
        for &(kind, most) in &limits.max_of_kind {
            let count = self.shifts.iter().filter(|&&s| self.shift(s).kind == Some(kind)).count() as i64;
            if count > most {
                out.push(Reason::MaxOfKind { kind, over: count - most });
            }
        }
        if self.problem.kinds.is_empty() {
            return;
        }
        for (i, &a) in self.shifts.iter().enumerate() {
            let first = self.shift(a);
            let Some(kind) = first.kind else { continue };
            let never = &self.problem.kinds[kind as usize].never_next;
            let day = first.day();
            let later = self.shifts[i + 1..].iter().take_while(|&&b| self.shift(b).day() <= day + 1);
            for &b in later {
                let next = self.shift(b);
                if let Some(next_kind) =
                    next.kind.filter(|kind| next.day() == day + 1 && never.contains(kind))
                {
                    let shift = if self.new == Some(b) { a } else { b };
                    out.push(Reason::NeverNext { shift, first: kind, next: next_kind });
                }
            }
        }
    }

    fn days(&self, out: &mut Vec<Reason>) {
        let person = &self.problem.people[self.person as usize];
        let before = person.before.as_ref().map_or(0, |before| before.days);
        let horizon = self.problem.days().max(1);
        let limits = &person.limits;
        let end_of_run = |first: i64, last: i64, out: &mut Vec<Reason>| {
            let length = last + 1 - first;
            let in_row = length + if first == 0 { before } else { 0 };
            if let Some(over) = limits.max_days_in_row.map(|most| in_row - most).filter(|&over| over > 0) {
                out.push(Reason::MaxDaysInRow { over });
            }
            let inner = first > 0 && last + 1 < horizon;
            let short = limits.min_days_in_row.map(|least| least - length);
            if let Some(short) = short.filter(|&short| inner && short > 0) {
                out.push(Reason::MinDaysInRow { short });
            }
        };
        let (mut run, mut weekends, mut weekend) = (None, 0, None);
        for &s in self.shifts {
            let day = self.shift(s).day();
            match run {
                Some((_, last)) if last == day => continue,
                Some((first, last)) if last + 1 == day => run = Some((first, day)),
                Some((first, last)) => {
                    end_of_run(first, last, out);
                    let short = limits.min_days_off_in_row.map(|least| least - (day - last - 1));
                    if let Some(short) = short.filter(|&short| short > 0) {
                        out.push(Reason::MinDaysOffInRow { short });
                    }
                    run = Some((day, day));
                }
                None => run = Some((day, day)),
            }
            if self.problem.weekday(day) >= 5 && weekend != Some(self.problem.week(day)) {
                weekend = Some(self.problem.week(day));
                weekends += 1;
            }
        }
        if let Some((first, last)) = run {
            end_of_run(first, last, out);
        }
        if let Some(over) = limits.max_weekends.map(|most| weekends - most).filter(|&over| over > 0) {
            out.push(Reason::MaxWeekends { over });
        }
    }
}

/// Why two shifts with `gap` minutes between them are too close; `rest` only where their days differ.
fn too_close(shift: Option<u32>, gap: i64, travel: i64, rest: Option<i64>) -> Option<Reason> {
    if gap >= travel.max(rest.unwrap_or(travel)) {
        return None;
    }
    Some(match rest {
        _ if gap < 0 => Reason::Works { shift },
        _ if gap < travel => Reason::Travel { shift, short: travel - gap },
        rest => Reason::Rest { shift, short: rest.unwrap_or(gap) - gap },
    })
}
