//! Chance as an argument: who needs random bytes is given their source.

/// A source of random bytes.
pub trait Chance: Send + Sync {
    /// Fills the buffer with bytes that nobody can guess.
    fn fill(&self, buffer: &mut [u8]);
}

/// The operating system's random source.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemChance;

impl Chance for SystemChance {
    #[expect(clippy::disallowed_methods, reason = "the one place that asks the operating system")]
    fn fill(&self, buffer: &mut [u8]) {
        // A system without a random source can make no session and no id: nothing useful remains to do.
        getrandom::fill(buffer).expect("the operating system gives random bytes");
    }
}

/// Bytes that count upwards: the same in every run, for tests and samples.
#[derive(Debug, Default)]
pub struct Counted(std::sync::atomic::AtomicU64);

impl Chance for Counted {
    fn fill(&self, buffer: &mut [u8]) {
        let n = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1;
        buffer.fill(0);
        for (to, from) in buffer.iter_mut().rev().zip(n.to_le_bytes()) {
            *to = from;
        }
    }
}
