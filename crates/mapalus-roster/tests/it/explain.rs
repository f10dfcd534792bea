//! What is explained, held against the checker: reasons and costs of every person before every seat, ways that fill it.

use crate::random::{self, Dice};
use mapalus_roster::{
    checker::{Broken, Rule, check},
    explain::{Reason, Relaxation, Standing, fairness, vacancies},
    model::{Assignment, Person, Problem, Roster},
};
use std::collections::{BTreeMap, BTreeSet};

/// Rules that `after` breaks and `before` did not.
fn new_broken(problem: &Problem, before: &Roster, after: &Roster) -> Vec<Broken> {
    let mut old = check(problem, before).broken;
    let mut out = Vec::new();
    for broken in check(problem, after).broken {
        match old.iter().position(|b| *b == broken) {
            Some(at) => drop(old.swap_remove(at)),
            None => out.push(broken),
        }
    }
    out
}

fn with(roster: &Roster, a: Assignment) -> Roster {
    Roster::new(roster.assignments.iter().copied().chain([a]).collect())
}

fn seats(problem: &Problem) -> Vec<(u32, u32)> {
    let of = |(s, shift): (u32, &mapalus_roster::model::Shift)| {
        shift.seats.iter().map(move |seat| (s, seat.role)).collect::<Vec<_>>()
    };
    (0..).zip(&problem.shifts).flat_map(of).collect()
}

/// A random problem of all rules with a roster that breaks as little as chance finds.
fn example(seed: u64) -> (Problem, Roster) {
    let problem = random::any_problem(&mut Dice::new(seed));
    let roster = random::greedy(&mut Dice::new(seed ^ 77), &problem, 40, Vec::new());
    (problem, roster)
}

#[test]
fn reasons_and_costs_are_the_checkers_for_everybody_before_every_seat() {
    let mut seen = BTreeMap::new();
    for seed in 0..150 {
        let (problem, roster) = example(seed);
        let standing = Standing::new(&problem, &roster);
        let cost = check(&problem, &roster).cost;
        for (shift, role) in seats(&problem) {
            let mut able = Vec::new();
            for person in 0..problem.people.len() as u32 {
                let a = Assignment { person, shift, role };
                let candidate = standing.candidate(a);
                let context = format!("seed {seed}, {a:?}: {:?}", candidate.reasons);
                if standing.crew(shift).iter().any(|&(other, _)| other == person) {
                    assert!(candidate.reasons.iter().any(|r| matches!(r, Reason::Here { .. })), "{context}");
                    continue;
                }
                let after = with(&roster, a);
                assert_eq!(candidate.cost, check(&problem, &after).cost - cost, "{context}");
                assert_eq!(candidate.cost, candidate.terms.total(), "{context}");
                let ours: BTreeSet<Rule> = candidate.reasons.iter().map(Reason::rule).collect();
                let broken = new_broken(&problem, &roster, &after);
                let theirs: BTreeSet<Rule> =
                    broken.iter().map(|b| b.rule).filter(|r| *r != Rule::Fixed).collect();
                // A limit that is broken already and gets worse is a reason too; the checker names it once.
                assert!(ours.is_superset(&theirs), "{context}, but the checker says {theirs:?}");
                if check(&problem, &roster)
                    .broken
                    .iter()
                    .all(|b| b.rule == Rule::Fixed || b.person != Some(person))
                {
                    assert_eq!(ours, theirs, "{context}");
                }
                if ours.is_empty() {
                    able.push((candidate.cost, person));
                }
                for reason in &candidate.reasons {
                    *seen.entry(reason.key()).or_insert(0) += 1;
                }
            }
            able.sort_unstable();
            let substitutes = standing.substitutes(shift, role, usize::MAX);
            let found: Vec<_> = substitutes.iter().map(|c| (c.cost, c.person)).collect();
            assert_eq!(found, able, "seed {seed}, substitutes of {shift}/{role}");
        }
    }
    let keys = seen.keys().copied().collect::<Vec<_>>().join(" ");
    let all = "apart free full guard max_days_in_row max_minutes max_minutes_per_day max_minutes_per_week max_of_kind \
        max_weekends min_days_in_row min_days_off_in_row never_next qualification rest travel works";
    assert_eq!(keys, all);
}

#[test]
fn each_named_relaxation_applied_fills_the_seat() {
    let (mut seen, mut filled, mut teams) = (BTreeMap::new(), 0, 0);
    for seed in 0..300 {
        let (problem, roster) = example(seed);
        let cost = check(&problem, &roster).cost;
        let mut standing = Standing::new(&problem, &roster);
        for (shift, role, missing) in vacancies(&problem, &roster) {
            let vacancy = standing.vacancy(shift, role, 6);
            assert_eq!(vacancy.missing, missing);
            let hopeful = vacancy.people.iter().any(|candidate| {
                candidate.reasons.iter().all(|reason| {
                    matches!(reason, Reason::Qualification { .. } | Reason::Free | Reason::MaxMinutes { .. })
                })
            });
            assert!(
                !hopeful || !vacancy.ways.is_empty(),
                "seed {seed}: {shift}/{role} has no way: {vacancy:?}"
            );
            for way in &vacancy.ways {
                let context = format!("seed {seed}: {way:?}");
                let (eased, after) =
                    way.apply(&problem, &roster).unwrap_or_else(|e| panic!("{context}: {e}"));
                let sits = |roster: &Roster| {
                    roster.assignments.iter().filter(|a| (a.shift, a.role) == (shift, role)).count()
                };
                assert!(sits(&after) > sits(&roster), "{context}");
                assert_eq!((way.seats[0].shift, way.seats[0].role), (shift, role), "{context}");
                assert_eq!(new_broken(&eased, &roster, &after), [], "{context}");
                assert_eq!(check(&eased, &after).cost, cost + way.cost, "{context}");
                // Nothing is named in vain: without the last thing that is allowed something breaks.
                for left_out in 0..way.relaxations.len() {
                    let mut less = way.clone();
                    less.relaxations.remove(left_out);
                    let (eased, after) = less.apply(&problem, &roster).unwrap();
                    assert!(
                        !new_broken(&eased, &roster, &after).is_empty(),
                        "{context}: {left_out} is in vain"
                    );
                }
                way.relaxations.iter().for_each(|r| *seen.entry(r.key()).or_insert(0) += 1);
                filled += 1;
                teams += i32::from(way.seats.len() > 1);
            }
            let ranks: Vec<_> =
                vacancy.ways.iter().map(|way| way.relaxations.len() + way.seats.len()).collect();
            assert!(ranks.is_sorted(), "seed {seed}: {ranks:?}");
        }
        assert_eq!(standing.loads(), Standing::new(&problem, &roster).loads(), "a way left something behind");
    }
    assert!(filled > 500 && teams > 10, "{filled} ways, {teams} of them of several people");
    assert_eq!(seen.len(), 13, "kinds of relaxations that were named: {seen:?}");
}

#[test]
fn every_assignment_knows_its_reason_and_the_next_best() {
    let (mut alternatives, mut dearer) = (0, 0);
    for seed in 0..100 {
        let (problem, roster) = example(seed);
        let cost = check(&problem, &roster).cost;
        let mut standing = Standing::new(&problem, &roster);
        for &a in &roster.assignments {
            let why = standing.why(a).unwrap();
            let without = Roster::new(roster.assignments.iter().copied().filter(|b| *b != a).collect());
            assert_eq!(why.own.cost, cost - check(&problem, &without).cost, "seed {seed}, {a:?}");
            // The other test has held this against the checker; here it is laid out anew for each assignment.
            let empty = Standing::new(&problem, &without);
            let best = (0..problem.people.len() as u32)
                .filter(|&person| person != a.person)
                .map(|person| empty.candidate(Assignment { person, ..a }))
                .filter(|candidate| candidate.reasons.is_empty())
                .map(|candidate| (candidate.cost, candidate.person))
                .min();
            let next = why.next.as_ref().map(|next| (next.cost, next.person));
            assert_eq!(next, best, "seed {seed}, {a:?}");
            alternatives += usize::from(why.others > 0);
            dearer += usize::from(why.next.is_some_and(|next| next.cost > why.own.cost));
        }
        let nobody = Assignment { person: 0, shift: 0, role: 9 };
        assert!(standing.why(nobody).is_none());
    }
    assert!(alternatives > 50 && dearer > 20, "{alternatives}, {dearer}");
}

#[test]
fn the_sum_tells_who_holds_it_who_works_then_and_who_is_alone_kept_by_it() {
    let text = r#"{"format": "mapalus-roster/1", "name": "sum", "horizon": 2880,
        "roles": [{"id": "medic", "needs": ["licence"]}, {"id": "helper", "needs": []}],
        "places": [{"id": "post"}], "travel": [[0]],
        "shifts": [
            {"id": "night", "start": 1380, "end": 1500, "place": "post",
                "slots": [{"role": "medic", "min": 1, "want": 1, "max": 1, "weight": 1}]},
            {"id": "late", "start": 1200, "end": 1440, "place": "post",
                "slots": [{"role": "helper", "min": 0, "want": 1, "max": 2, "weight": 1}]},
            {"id": "early", "start": 1800, "end": 1860, "place": "post",
                "slots": [{"role": "helper", "min": 0, "want": 1, "max": 2, "weight": 1}]}],
        "people": [PEOPLE],
        "costs": {"unfilled_min": 1000, "unfilled_want": 100, "newcomer_alone": 0, "overload": [[null, 1]],
            "underload": 0, "together": 0, "change": 0}}"#;
    let person = |id: &str, has: &str, free: &str, most: i64| {
        format!(
            r#"{{"id": "{id}", "has": [{has}], "newcomer": false, "free": [{free}], "max_minutes": {most},
            "max_minutes_per_day": 900, "max_days_in_row": 9, "min_rest": 600, "fair_minutes": 900, "min_minutes": 0,
            "wishes": []}}"#
        )
    };
    let licence = r#""licence""#;
    let people = [
        person("works then", licence, "[0, 3000]", 900),
        person("rests", licence, "[0, 3000]", 900),
        person("at the limit and away", licence, "[0, 60]", 60),
        person("holds none", "", "[0, 60]", 60),
    ];
    let text = text.replace("PEOPLE", &people.join(","));
    let (problem, _) = mapalus_roster::formats::read_problem("sum", &text).unwrap();
    let helper = |person, shift| Assignment { person, shift, role: 1 };
    let roster = Roster::new(vec![helper(0, 1), helper(1, 2)]);
    let mut standing = Standing::new(&problem, &roster);
    let vacancy = standing.vacancy(0, 0, 3);
    assert_eq!((vacancy.qualified, vacancy.missing, vacancy.short_of_min), (3, 1, 1));
    let sums: Vec<_> = vacancy.in_sum.iter().map(|(key, count)| (*key, count.people, count.alone)).collect();
    assert_eq!(
        sums,
        [("free", 1, 0), ("max_minutes", 1, 0), ("qualification", 1, 1), ("rest", 1, 1), ("works", 1, 1)]
    );
    let ways: Vec<_> =
        vacancy.ways.iter().map(|way| (way.seats[0].person, way.relaxations.clone())).collect();
    assert_eq!(ways[0], (1, vec![Relaxation::MinRest { person: 1, least: 300 }]));
    assert_eq!(ways[1], (0, vec![Relaxation::GiveUp { assignment: helper(0, 1) }]));
    assert_eq!(ways[2], (1, vec![Relaxation::GiveUp { assignment: helper(1, 2) }]));
}

#[test]
fn loads_add_up_and_an_even_roster_is_even() {
    for seed in 0..40 {
        let (problem, roster) = example(seed);
        let standing = Standing::new(&problem, &roster);
        let (loads, terms) = (standing.loads(), check(&problem, &roster).terms);
        assert_eq!(loads.iter().map(|load| load.shifts).sum::<usize>(), roster.assignments.len());
        assert_eq!(loads.iter().map(|load| load.wishes).sum::<i64>(), terms.wishes);
        assert_eq!(loads.iter().map(|load| load.load).sum::<i64>(), terms.overload + terms.underload);
        let fair = fairness(&loads);
        assert!(fair.least_permille <= fair.mean_permille && fair.mean_permille <= fair.most_permille);
        assert!((0..1000).contains(&fair.gini_permille), "{fair:?}");
    }
    let mut parts = (*random::any_problem(&mut Dice::new(3))).clone();
    let one = Person { fair_minutes: Some(60), ..Person::default() };
    parts.people = (0..4).map(|i| Person { id: i.to_string(), ..one.clone() }).collect();
    parts.apart.clear();
    parts.together.clear();
    parts.fixed.clear();
    parts.previous.clear();
    let problem = Problem::new(parts).unwrap();
    let role = problem.shifts[0].seats[0].role;
    let sit =
        |people: u32| Roster::new((0..people).map(|person| Assignment { person, shift: 0, role }).collect());
    let even = fairness(&Standing::new(&problem, &sit(4)).loads());
    assert_eq!((even.gini_permille, even.without_shift), (0, 0));
    assert_eq!(even.least_permille, even.most_permille);
    let one = fairness(&Standing::new(&problem, &sit(1)).loads());
    assert_eq!((one.gini_permille, one.without_shift), (750, 3));
}
