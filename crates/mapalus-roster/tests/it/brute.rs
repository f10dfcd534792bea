//! The rules that no foreign checker knows, on every roster of small instances, against their text written a second time
//! in another way: minute by minute, and as strings of days.

use crate::random::{self, Dice};
use mapalus_roster::{
    checker::{Rule, check},
    model::{Assignment, Problem, Roster},
};
use std::collections::{BTreeMap, BTreeSet};

/// A day of the calendar: weekday and number of the week, counted by walking from day 0.
fn calendar(problem: &Problem) -> Vec<(i64, i64)> {
    let (mut weekday, mut week) = (problem.first_weekday, 0);
    (0..problem.days())
        .map(|_| {
            let today = (weekday, week);
            weekday += 1;
            if weekday == 7 {
                (weekday, week) = (0, week + 1);
            }
            today
        })
        .collect()
}

/// What the shifts of one person break, told by their text.
fn personal(problem: &Problem, person: usize, shifts: &BTreeSet<u32>) -> BTreeSet<Rule> {
    let who = &problem.people[person];
    let (limits, calendar) = (&who.limits, calendar(problem));
    let mut out = BTreeSet::new();
    let day_of = |s: u32| (problem.shifts[s as usize].start / 1440) as usize;
    let mut days = vec!['.'; calendar.len()];
    let (mut per_day, mut per_week, mut weekends) = (BTreeMap::new(), BTreeMap::new(), BTreeSet::new());
    for &s in shifts {
        let (day, minutes) = (day_of(s), problem.shifts[s as usize].minutes);
        days[day] = '#';
        *per_day.entry(day).or_insert(0) += minutes;
        *per_week.entry(calendar[day].1).or_insert(0) += minutes;
        if calendar[day].0 >= 5 {
            weekends.insert(calendar[day].1);
        }
    }
    let total: i64 = per_day.values().sum();
    let mut judge = |rule: Rule, broken: bool| {
        if broken {
            out.insert(rule);
        }
    };
    judge(Rule::MaxMinutes, limits.max_minutes.is_some_and(|most| total > most));
    judge(Rule::MinMinutes, limits.min_minutes.is_some_and(|least| total < least));
    judge(
        Rule::MaxMinutesPerDay,
        per_day.values().any(|&m| limits.max_minutes_per_day.is_some_and(|most| m > most)),
    );
    judge(
        Rule::MaxMinutesPerWeek,
        per_week.values().any(|&m| limits.max_minutes_per_week.is_some_and(|most| m > most)),
    );
    judge(Rule::MaxWeekends, limits.max_weekends.is_some_and(|most| weekends.len() as i64 > most));
    // Days as a string; the days before the roster stand in front of it.
    let text: String = days.iter().collect();
    let before = "#".repeat(who.before.as_ref().map_or(0, |before| before.days as usize));
    if let Some(most) = limits.max_days_in_row {
        let too_many = "#".repeat(most as usize + 1);
        let with_before = if text.starts_with('#') { format!("{before}{text}") } else { text.clone() };
        judge(Rule::MaxDaysInRow, with_before.contains(&too_many));
    }
    let inner = |letter: char, other: char| -> Vec<usize> {
        let trimmed = text.trim_matches(letter);
        trimmed.split(other).map(str::len).filter(|&length| length > 0).collect()
    };
    if let Some(least) = limits.min_days_in_row {
        judge(Rule::MinDaysInRow, inner('#', '.').iter().any(|&length| (length as i64) < least));
    }
    if let Some(least) = limits.min_days_off_in_row {
        judge(Rule::MinDaysOffInRow, inner('.', '#').iter().any(|&length| (length as i64) < least));
    }
    for &(kind, most) in &limits.max_of_kind {
        let count = shifts.iter().filter(|&&s| problem.shifts[s as usize].kind == Some(kind)).count();
        judge(Rule::MaxOfKind, count as i64 > most);
    }
    for &a in shifts {
        for &b in shifts {
            let kinds = (problem.shifts[a as usize].kind, problem.shifts[b as usize].kind);
            if let (Some(first), Some(next)) = kinds {
                let forbidden = problem.kinds[first as usize].never_next.contains(&next);
                judge(Rule::NeverNext, forbidden && day_of(b) == day_of(a) + 1);
            }
            judge(Rule::Close, a != b && too_close(problem, person, a, b));
        }
    }
    if let Some(before) = &who.before {
        let earliest = shifts.iter().min_by_key(|&&s| (problem.shifts[s as usize].start, s));
        if let Some(&first) = earliest {
            let shift = &problem.shifts[first as usize];
            let away = problem.travel[before.place as usize * problem.places.len() + shift.place as usize];
            judge(Rule::Close, before.end + away > shift.start || before.end + limits.min_rest > shift.start);
        }
    }
    out
}

/// Whether one person cannot do both, going through the minutes of the earlier one and what must follow it.
fn too_close(problem: &Problem, person: usize, a: u32, b: u32) -> bool {
    let (mut first, mut next) = (&problem.shifts[a as usize], &problem.shifts[b as usize]);
    if first.start > next.start {
        (first, next) = (next, first);
    }
    let away = problem.travel[first.place as usize * problem.places.len() + next.place as usize];
    let rest = problem.people[person].limits.min_rest;
    let same_day = first.start / 1440 == next.start / 1440;
    let busy_for = if same_day { away } else { away.max(rest) };
    (first.start..first.end + busy_for).any(|minute| minute == next.start)
}

#[test]
fn the_limits_of_a_person_are_those_of_their_text_on_every_roster() {
    let (mut seen, mut legal, mut all) = (BTreeMap::new(), 0, 0);
    for seed in 0..60 {
        let problem = random::any_problem(&mut Dice::new(seed));
        let count = problem.shifts.len().min(8);
        for chosen in 0..1_u32 << count {
            let shifts: BTreeSet<u32> = (0..count as u32).filter(|s| chosen >> s & 1 == 1).collect();
            let assign = |&shift: &u32| {
                let role = problem.shifts[shift as usize].seats[0].role;
                Assignment { person: 0, shift, role }
            };
            let verdict = check(&problem, &Roster::new(shifts.iter().map(assign).collect()));
            let of_person = |rule: &Rule| {
                use Rule::{Apart, Fixed, Free, Full, Guard, Qualification};
                ![Free, Qualification, Full, Apart, Guard, Fixed].contains(rule)
            };
            let ours: BTreeSet<Rule> = verdict
                .broken
                .iter()
                .filter(|broken| broken.person == Some(0) && of_person(&broken.rule))
                .map(|broken| broken.rule)
                .collect();
            let theirs = personal(&problem, 0, &shifts);
            assert_eq!(ours, theirs, "seed {seed}, shifts {shifts:?}");
            (legal, all) = (legal + i32::from(ours.is_empty()), all + 1);
            for rule in ours {
                *seen.entry(rule).or_insert(0) += 1;
            }
        }
    }
    assert_eq!(seen.len(), 11, "rules that were broken: {seen:?}");
    assert!(seen.values().all(|&count| count >= 20), "{seen:?}");
    assert!(legal * 50 > all, "{legal} of {all} were legal");
}

#[test]
fn the_rules_of_a_shift_are_those_of_their_text_on_every_crew() {
    let mut seen = BTreeMap::new();
    for seed in 0..60 {
        let problem = random::any_problem(&mut Dice::new(seed));
        let people = problem.people.len().min(4) as u32;
        for (s, shift) in (0..).zip(&problem.shifts) {
            // Each person is out of the shift or in one of its two seats.
            for number in 0..3_u32.pow(people) {
                let crew: Vec<Assignment> = (0..people)
                    .filter_map(|person| {
                        let seat = (number / 3_u32.pow(person) % 3).checked_sub(1)?;
                        Some(Assignment { person, shift: s, role: shift.seats.get(seat as usize)?.role })
                    })
                    .collect();
                let verdict = check(&problem, &Roster::new(crew.clone()));
                let about = [Rule::Guard, Rule::Apart, Rule::Full, Rule::Qualification];
                let ours: BTreeSet<Rule> =
                    verdict.broken.iter().map(|b| b.rule).filter(|rule| about.contains(rule)).collect();
                let holds = |person: u32, needs: &[u32]| {
                    let has: BTreeSet<u32> = problem.people[person as usize].has.iter().copied().collect();
                    has.is_superset(&needs.iter().copied().collect())
                };
                let mut theirs = BTreeSet::new();
                if let Some(guard) = &shift.guard {
                    let cleared = crew.iter().filter(|a| holds(a.person, &guard.needs)).count();
                    if !crew.is_empty() && cleared < guard.least as usize {
                        theirs.insert(Rule::Guard);
                    }
                }
                let pairs = crew.iter().flat_map(|a| crew.iter().map(move |b| (a.person, b.person)));
                if pairs.into_iter().any(|pair| problem.apart.contains(&pair)) {
                    theirs.insert(Rule::Apart);
                }
                if crew.iter().any(|a| !holds(a.person, &problem.roles[a.role as usize].needs)) {
                    theirs.insert(Rule::Qualification);
                }
                let too_full = |seat: &mapalus_roster::model::Seat| {
                    crew.iter().filter(|a| a.role == seat.role).count() > seat.max as usize
                };
                if shift.seats.iter().any(too_full) {
                    theirs.insert(Rule::Full);
                }
                assert_eq!(ours, theirs, "seed {seed}, crew {crew:?}");
                for rule in ours {
                    *seen.entry(rule).or_insert(0) += 1;
                }
            }
        }
    }
    assert_eq!(seen.len(), 4, "{seen:?}");
}

#[test]
fn the_week_begins_on_monday_wherever_the_roster_begins() {
    // A week of 480 minutes at most: Sunday and Monday are two weeks, Monday and Sunday one.
    for first_weekday in 0..7 {
        for (one, other) in [(0, 1), (0, 6), (3, 9), (5, 6)] {
            let mut parts = (*random::any_problem(&mut Dice::new(1))).clone();
            parts.first_weekday = first_weekday;
            parts.horizon = 14 * 1440;
            parts.fixed.clear();
            parts.previous.clear();
            for (shift, day) in parts.shifts.iter_mut().zip([one, other]) {
                (shift.start, shift.end, shift.minutes) = (day * 1440 + 540, day * 1440 + 840, 300);
            }
            let limits = &mut parts.people[0].limits;
            *limits = mapalus_roster::model::Limits { max_minutes_per_week: Some(480), ..Default::default() };
            parts.shifts.truncate(2);
            parts.people.iter_mut().for_each(|person| person.wishes.clear());
            let problem = Problem::new(parts).unwrap();
            let both = (0..2).map(|shift| Assignment {
                person: 0,
                shift,
                role: problem.shifts[shift as usize].seats[0].role,
            });
            let verdict = check(&problem, &Roster::new(both.collect()));
            let broken = verdict.broken.iter().any(|b| b.rule == Rule::MaxMinutesPerWeek);
            let monday_between = (one + 1..=other).any(|day| (first_weekday + day) % 7 == 0);
            assert_eq!(broken, !monday_between, "first weekday {first_weekday}, days {one} and {other}");
        }
    }
}
