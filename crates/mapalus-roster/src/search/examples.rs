//! The examples of the integration tests, for tests of what is private.

#[path = "../../tests/it/random/any.rs"]
mod any;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../../tests/it/random/dice.rs"]
mod dice;
#[expect(dead_code, reason = "other tests use more of it")]
#[path = "../../tests/it/search/small.rs"]
mod small;

pub(super) use any::any_problem;
pub(super) use dice::Dice;
pub(super) use small::{crew, grid};

use proptest::{
    collection::vec,
    prelude::any as anything,
    test_runner::{Config, RngSeed, TestRunner},
};

/// Holds a property of so many examples, the same in every run.
pub(super) fn for_all(cases: u32, holds: impl Fn(Dice)) {
    let rng_seed = RngSeed::Fixed(20_261_130);
    let config = Config { cases, rng_seed, failure_persistence: None, ..Config::default() };
    let run = TestRunner::new(config).run(&vec(anything::<u32>(), 700), |numbers| {
        holds(Dice::of(numbers));
        Ok(())
    });
    run.unwrap_or_else(|failure| panic!("{failure}"));
}
