//! What chance decides, in words.

use mapalus_roster::search::Chance;

/// Where the numbers come from: a seed, or a list that a test makes smaller to find the least that fails.
#[derive(Clone, Debug)]
enum Source {
    Seed(Chance),
    List(std::vec::IntoIter<u32>),
}

/// Chance with words.
#[derive(Clone, Debug)]
pub(crate) struct Dice(Source);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Source::Seed(Chance::new(seed)))
    }
    /// Decides by a list; once it is over, everything is as little as it may be.
    pub(crate) fn of(list: Vec<u32>) -> Self {
        Self(Source::List(list.into_iter()))
    }
    fn below(&mut self, n: usize) -> usize {
        match &mut self.0 {
            Source::Seed(chance) => chance.below(n),
            Source::List(list) => ((u64::from(list.next().unwrap_or(0)) * n as u64) >> 32) as usize,
        }
    }
    /// From `from` up to and with `to`.
    pub(crate) fn number(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from + 1) as usize) as i64
    }
    pub(crate) fn percent(&mut self, chance: i64) -> bool {
        self.number(0, 99) >= 100 - chance
    }
    pub(crate) fn index(&mut self, length: usize) -> u32 {
        self.below(length) as u32
    }
    pub(crate) fn pick<T: Clone>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())].clone()
    }
    pub(crate) fn some<T: Clone>(&mut self, of: &[T], chance: i64) -> Vec<T> {
        of.iter().filter(|_| self.percent(chance)).cloned().collect()
    }
}
