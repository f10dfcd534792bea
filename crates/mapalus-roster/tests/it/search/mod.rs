//! The search: what it gives is a roster, the same for the same seed, no better than its bound allows, and on rosters
//! small enough to try them all the best there is. Each accepted step compares its cost with the recomputed one in
//! builds with debug assertions, so every run here is a test of that too.

pub(crate) mod small;

use mapalus_roster::{
    checker::check,
    model::{Problem, Roster},
    search::{Chance, Outcome, Settings, Watch, solve},
};
use std::sync::{
    Mutex,
    atomic::{AtomicBool, AtomicU64, Ordering},
};

pub(crate) fn solved(problem: &Problem, settings: &Settings, start: Option<&Roster>) -> Outcome {
    let cancelled = AtomicBool::new(false);
    solve(problem, settings, start, &Watch::new(&|| 0.0, &cancelled, &|_| {}))
}

pub(crate) fn steps(n: u64, threads: usize, seed: u64) -> Settings {
    Settings { steps: Some(n), threads, seed, seconds: 1e9 }
}

/// Rosters of both searches.
fn some(count: u64) -> impl Iterator<Item = Problem> {
    (0..count).flat_map(|seed| {
        let mut chance = Chance::new(seed);
        [small::grid(&mut chance, 4, 14, 2), small::crew(&mut chance, 6, 12)]
    })
}

#[test]
fn what_comes_out_is_a_roster_and_costs_what_is_said() {
    for problem in some(25) {
        let outcome = solved(&problem, &steps(4000, 1, 7), None);
        let verdict = check(&problem, &outcome.roster);
        assert!(verdict.broken.is_empty(), "{}: {:?}", problem.name, verdict.broken);
        assert_eq!(verdict.cost, outcome.cost);
        assert!(outcome.bound.is_none_or(|bound| bound <= outcome.cost), "{}", problem.name);
    }
}

#[test]
fn the_same_seed_and_steps_give_the_same_roster() {
    for problem in some(6) {
        for threads in [1, 2, 3] {
            let (a, b) = (
                solved(&problem, &steps(3000, threads, 5), None),
                solved(&problem, &steps(3000, threads, 5), None),
            );
            assert_eq!(a.roster.assignments, b.roster.assignments, "{} with {threads}", problem.name);
            assert_eq!((a.cost, a.bound), (b.cost, b.bound), "{} with {threads}", problem.name);
        }
    }
}

#[test]
fn small_rosters_are_the_best_there_is_and_mostly_proved() {
    let mut proved = 0;
    for seed in 0..16 {
        let mut chance = Chance::new(1000 + seed);
        let problem = small::grid(&mut chance, 2, 4, 2);
        let best = small::best_of_all(&problem);
        let outcome = solved(&problem, &steps(60_000, 1, seed), None);
        assert_eq!(Some(outcome.cost), best, "grid {seed}");
        assert!(outcome.bound.is_some_and(|bound| bound <= outcome.cost), "grid {seed}");
        proved += usize::from(outcome.is_optimal());
    }
    assert!(proved >= 12, "proved {proved} of 16");
}

#[test]
fn small_crews_are_the_best_there_is_and_the_bound_stays_below() {
    let mut above_nothing = 0;
    for seed in 0..16 {
        let mut chance = Chance::new(2000 + seed);
        let problem = small::crew(&mut chance, 3, 4);
        let Some(best) = small::best_of_all(&problem) else { continue };
        let outcome = solved(&problem, &steps(60_000, 1, seed), None);
        assert_eq!(outcome.cost, best, "crew {seed}");
        assert!(
            outcome.bound.is_none_or(|bound| bound <= best),
            "crew {seed}: {:?} above {best}",
            outcome.bound
        );
        above_nothing += usize::from(outcome.bound == Some(best));
    }
    assert!(above_nothing >= 14, "the bound meets the best of {above_nothing} of 16 only");
}

#[test]
fn a_cancelled_search_gives_its_best() {
    for problem in some(4) {
        let (cancelled, best) = (AtomicBool::new(false), Mutex::new(i64::MAX));
        let listener = |progress: &mapalus_roster::search::Progress| {
            if let Ok(mut best) = best.lock() {
                *best = progress.cost.min(*best);
            }
            cancelled.store(true, Ordering::Relaxed);
        };
        let settings = Settings { seconds: 1e9, threads: 1, seed: 3, steps: None };
        let outcome = solve(&problem, &settings, None, &Watch::new(&|| 0.0, &cancelled, &listener));
        assert_eq!(outcome.hard, 0, "{}", problem.name);
        assert!(outcome.cost <= best.into_inner().unwrap());
    }
}

#[test]
fn a_search_ends_when_its_time_is_over() {
    for problem in some(4) {
        let (asked, cancelled) = (AtomicU64::new(0), AtomicBool::new(false));
        // A second for each hundred questions.
        let clock = || asked.fetch_add(1, Ordering::Relaxed) as f64 / 100.0;
        let settings = Settings { seconds: 4.0, threads: 2, seed: 3, steps: None };
        let outcome = solve(&problem, &settings, None, &Watch::new(&clock, &cancelled, &|_| {}));
        assert_eq!(outcome.hard, 0, "{}", problem.name);
        assert!(outcome.is_optimal() || outcome.seconds >= 4.0);
    }
}

#[test]
fn it_goes_on_from_a_roster_and_never_gives_a_worse_one() {
    for problem in some(6) {
        let first = solved(&problem, &steps(500, 1, 1), None);
        let second = solved(&problem, &steps(2000, 1, 2), Some(&first.roster));
        assert_eq!(second.hard, 0, "{}", problem.name);
        assert!(second.cost <= first.cost, "{}: {} after {}", problem.name, second.cost, first.cost);
    }
}
