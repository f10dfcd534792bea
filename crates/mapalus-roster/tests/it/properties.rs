//! Properties of all examples. Each example is a list of numbers that decide it; where one fails, the list is made as
//! small as it may be. The lists are the same in every run.

use crate::{
    random::{self, Dice},
    search::{small, solved, steps},
};
use mapalus_roster::{
    checker::check,
    formats::{read_problem, read_solution, write_solution},
    model::{Assignment, Roster},
    search::Chance,
};
use proptest::{
    collection::vec,
    prelude::any,
    test_runner::{Config, RngSeed, TestRunner},
};

/// Numbers that decide an example; one that needs more goes on as plainly as it may.
const NUMBERS: usize = 700;

/// Holds a property of so many examples.
pub(crate) fn for_all(cases: u32, holds: impl Fn(Dice)) {
    let rng_seed = RngSeed::Fixed(20_261_130);
    let config = Config { cases, rng_seed, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&vec(any::<u32>(), NUMBERS), |numbers| {
        holds(Dice::of(numbers));
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}

#[test]
fn a_roster_that_is_written_is_read_as_it_was() {
    for_all(200, |mut dice| {
        let (instance, solution) = match dice.percent(50) {
            true => random::volunteer(&mut dice),
            false => random::benchmark(&mut dice),
        };
        let (problem, format) = read_problem("instance", &instance).unwrap();
        let roster = read_solution(&problem, "solution", &solution).unwrap().roster;
        let text = write_solution(&problem, format, &roster, Some(7), 1.5);
        let again = read_solution(&problem, "again", &text).unwrap();
        assert_eq!(again.roster.assignments, roster.assignments, "{text}");
        assert!(again.roster.strange.is_empty(), "{text}");
    });
}

#[test]
fn the_order_of_the_assignments_says_nothing() {
    for_all(200, |mut dice| {
        let problem = random::any_problem(&mut dice);
        let roster = random::greedy(&mut dice, &problem, 30, Vec::new());
        let mut turned: Vec<Assignment> = roster.assignments.clone();
        turned.reverse();
        let (one, other) = (check(&problem, &roster), check(&problem, &Roster::new(turned)));
        assert_eq!((one.cost, one.broken), (other.cost, other.broken));
    });
}

#[test]
fn what_is_solved_is_legal_and_bounded_and_replayed_by_its_seed() {
    for_all(60, |mut dice| {
        let mut chance = Chance::new(dice.number(0, 1 << 30) as u64);
        let (threads, seed) = (dice.number(1, 3) as usize, dice.number(0, 1 << 30) as u64);
        let problem = match dice.percent(50) {
            true => small::grid(&mut chance, 4, 10, 2),
            false => small::crew(&mut chance, 5, 8),
        };
        let settings = steps(dice.number(1, 1500) as u64, threads, seed);
        let (one, again) = (solved(&problem, &settings, None), solved(&problem, &settings, None));
        assert_eq!(one.roster.assignments, again.roster.assignments);
        assert_eq!((one.cost, one.bound, one.steps), (again.cost, again.bound, again.steps));
        let verdict = check(&problem, &one.roster);
        assert!(verdict.broken.is_empty(), "{:?}", verdict.broken);
        assert_eq!(verdict.cost, one.cost);
        assert!(one.bound.is_none_or(|bound| bound <= one.cost), "{:?} above {}", one.bound, one.cost);
    });
}
