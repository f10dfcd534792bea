//! `explain`: the data of [`crate::explain`] as lines of JSON, with the ids of the instance.

use super::{Args, Clock, instance, say, solution};
use crate::{
    checker::Terms,
    explain::{Candidate, Count, Reason, Relaxation, Standing, Vacancy, Way, Why, fairness, vacancies},
    model::{Assignment, Problem},
};
use serde_json::{Map, Value, json};

/// Ways that are shown for a seat.
const WAYS: usize = 5;
/// Substitutes that are shown for a seat.
const SUBSTITUTES: usize = 10;

pub(super) fn run(args: &Args, clock: Clock<'_>) -> Result<bool, String> {
    let (problem, _) = instance(args)?;
    let roster = solution(&problem, args.file(1))?.roster;
    let mut standing = Standing::new(&problem, &roster);
    let words = Words(&problem);
    if let Some(text) = args.option("seat") {
        let (shift, role) = seat(&problem, text)
            .ok_or_else(|| format!("--seat: expected SHIFT/ROLE of the instance, not {text:?}"))?;
        one_seat(&mut standing, &words, (shift, role), true, clock);
        let here: Vec<_> = standing.crew(shift).iter().filter(|(_, other)| *other == role).copied().collect();
        for (person, role) in here {
            why(&mut standing, &words, Assignment { person, shift, role });
        }
        return Ok(true);
    }
    for (shift, role, _) in vacancies(&problem, &roster) {
        one_seat(&mut standing, &words, (shift, role), false, clock);
    }
    for &assignment in &roster.assignments {
        why(&mut standing, &words, assignment);
    }
    let loads = standing.loads();
    for load in &loads {
        say(&json!({"person": words.person(load.person), "shifts": load.shifts, "days": load.days,
            "weekends": load.weekends, "minutes": load.minutes, "fair_minutes": load.fair_minutes,
            "wanted_minutes": load.wanted_minutes, "share_permille": load.share_permille(),
            "wishes_met": load.wishes_met, "wishes_crossed": load.wishes_crossed, "wishes_cost": load.wishes,
            "load_cost": load.load}));
    }
    let fair = fairness(&loads);
    say(&json!({"fairness": {"people": fair.people, "without_shift": fair.without_shift,
        "above_fair": fair.above_fair, "least_permille": fair.least_permille,
        "mean_permille": fair.mean_permille, "most_permille": fair.most_permille,
        "gini_permille": fair.gini_permille}}));
    Ok(true)
}

/// `SHIFT/ROLE`; either id may hold a slash.
fn seat(problem: &Problem, text: &str) -> Option<(u32, u32)> {
    text.match_indices('/').find_map(|(at, _)| {
        let shift = problem.shifts.iter().position(|shift| shift.id == text[..at])? as u32;
        let role = problem.roles.iter().position(|role| role.id == text[at + 1..])? as u32;
        problem.seat(shift, role).map(|_| (shift, role))
    })
}

fn one_seat(
    standing: &mut Standing<'_>,
    words: &Words<'_>,
    (shift, role): (u32, u32),
    whole: bool,
    clock: Clock<'_>,
) {
    let began = clock();
    let substitutes = standing.substitutes(shift, role, SUBSTITUTES);
    let micros = ((clock() - began) * 1e6).round();
    let vacancy = standing.vacancy(shift, role, WAYS);
    let mut line = words.vacancy(&vacancy);
    line["substitutes"] = substitutes.iter().map(|candidate| words.candidate(candidate)).collect();
    line["substitutes_micros"] = json!(micros);
    if whole {
        line["people"] = vacancy.people.iter().map(|candidate| words.candidate(candidate)).collect();
    }
    say(&line);
}

fn why(standing: &mut Standing<'_>, words: &Words<'_>, assignment: Assignment) {
    if let Some(why) = standing.why(assignment) {
        say(&words.why(&why));
    }
}

/// Ids for numbers.
struct Words<'a>(&'a Problem);

impl Words<'_> {
    fn person(&self, person: u32) -> &str {
        &self.0.people[person as usize].id
    }

    fn shift(&self, shift: u32) -> &str {
        &self.0.shifts[shift as usize].id
    }

    fn role(&self, role: u32) -> &str {
        &self.0.roles[role as usize].id
    }

    fn kind(&self, kind: u32) -> &str {
        &self.0.kinds[kind as usize].id
    }

    fn assignment(&self, a: Assignment) -> Value {
        json!({"person": self.person(a.person), "shift": self.shift(a.shift), "role": self.role(a.role)})
    }

    fn vacancy(&self, vacancy: &Vacancy) -> Value {
        let sums: Map<String, Value> = vacancy
            .in_sum
            .iter()
            .map(|(key, Count { people, alone })| ((*key).into(), json!({"people": people, "alone": alone})))
            .collect();
        let ways: Vec<Value> = vacancy.ways.iter().map(|way| self.way(way)).collect();
        json!({"shift": self.shift(vacancy.shift), "role": self.role(vacancy.role), "missing": vacancy.missing,
            "short_of_min": vacancy.short_of_min, "qualified": vacancy.qualified, "kept_away": sums, "ways": ways})
    }

    fn candidate(&self, candidate: &Candidate) -> Value {
        let reasons: Vec<Value> = candidate.reasons.iter().map(|reason| self.reason(reason)).collect();
        let terms = terms(&candidate.terms);
        json!({"person": self.person(candidate.person), "cost": candidate.cost, "terms": terms, "reasons": reasons})
    }

    fn why(&self, why: &Why) -> Value {
        let next = why.next.as_ref().map(|next| self.candidate(next));
        let more = why.next.as_ref().map(|next| next.cost - why.own.cost);
        json!({"assignment": self.assignment(why.assignment), "fixed": why.fixed, "cost": why.own.cost,
            "terms": terms(&why.own.terms), "others": why.others, "next": next, "next_costs_more": more})
    }

    fn reason(&self, reason: &Reason) -> Value {
        let place =
            |shift: &Option<u32>| shift.map_or("before the roster", |shift| self.shift(shift)).to_owned();
        let mut out = json!({"reason": reason.key(), "by": reason.amount()});
        match reason {
            Reason::Qualification { missing } => {
                let names = missing.iter().map(|&q| self.0.qualifications[q as usize].as_str());
                out["missing"] = names.collect();
            }
            Reason::Here { role } => out["role"] = json!(self.role(*role)),
            Reason::Apart { person } => out["person"] = json!(self.person(*person)),
            Reason::Works { shift } | Reason::Travel { shift, .. } | Reason::Rest { shift, .. } => {
                out["shift"] = json!(place(shift));
            }
            Reason::MaxMinutesPerDay { day, .. } => out["day"] = json!(day),
            Reason::MaxMinutesPerWeek { week, .. } => out["week"] = json!(week),
            Reason::MaxOfKind { kind, .. } => out["kind"] = json!(self.kind(*kind)),
            Reason::NeverNext { shift, first, next } => {
                out["shift"] = json!(self.shift(*shift));
                out["kinds"] = json!([self.kind(*first), self.kind(*next)]);
            }
            _ => {}
        }
        out
    }

    fn way(&self, way: &Way) -> Value {
        let seats: Vec<Value> = way.seats.iter().map(|&a| self.assignment(a)).collect();
        let allow: Vec<Value> =
            way.relaxations.iter().map(|relaxation| self.relaxation(relaxation)).collect();
        json!({"seats": seats, "allow": allow, "cost": way.cost})
    }

    fn relaxation(&self, relaxation: &Relaxation) -> Value {
        use Relaxation as R;
        let mut out = json!({"allow": relaxation.key()});
        let (person, limit) = match *relaxation {
            R::MaxMinutes { person, most }
            | R::MaxMinutesPerDay { person, most }
            | R::MaxMinutesPerWeek { person, most }
            | R::MaxDaysInRow { person, most }
            | R::MaxWeekends { person, most } => (Some(person), Some(most)),
            R::MinDaysInRow { person, least }
            | R::MinDaysOffInRow { person, least }
            | R::MinRest { person, least } => (Some(person), Some(least)),
            R::MaxOfKind { person, kind, most } => {
                out["kind"] = json!(self.kind(kind));
                (Some(person), Some(most))
            }
            R::Free { person, window } => {
                out["window"] = json!([window.from, window.to]);
                (Some(person), None)
            }
            R::GiveUp { assignment } => {
                out["assignment"] = self.assignment(assignment);
                (Some(assignment.person), None)
            }
            R::Follow { first, next } => {
                out["kinds"] = json!([self.kind(first), self.kind(next)]);
                (None, None)
            }
            R::Hold { person, qualification } => {
                out["qualification"] = json!(self.0.qualifications[qualification as usize]);
                (Some(person), None)
            }
        };
        if let Some(person) = person {
            out["person"] = json!(self.person(person));
        }
        if let Some(limit) = limit {
            out["limit"] = json!(limit);
        }
        out
    }
}

/// The terms that are not 0.
fn terms(terms: &Terms) -> Map<String, Value> {
    terms
        .named()
        .iter()
        .filter(|(_, cost)| *cost != 0)
        .map(|&(name, cost)| (name.into(), json!(cost)))
        .collect()
}
