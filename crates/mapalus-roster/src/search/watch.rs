//! When to stop, and whom to tell.

use std::sync::atomic::{AtomicBool, Ordering};

/// How long and how to search.
#[derive(Clone, Copy, Debug)]
pub struct Settings {
    /// Seconds after which to stop, by the watch.
    pub seconds: f64,
    /// Threads to use; at least 1.
    pub threads: usize,
    /// Seed of chance.
    pub seed: u64,
    /// Steps for each thread, after which to stop. With a limit of steps the threads do not talk to one another before
    /// the end, so that seed, threads and limit determine the roster.
    pub steps: Option<u64>,
}

impl Default for Settings {
    fn default() -> Self {
        Self { seconds: 60.0, threads: 1, seed: 1, steps: None }
    }
}

/// How far it is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Seconds since the start.
    pub seconds: f64,
    /// Cost of the best roster so far.
    pub cost: i64,
    /// The bound so far.
    pub bound: Option<i64>,
    /// People short of what is wanted in the best roster so far.
    pub empty: i64,
}

/// The clock, the way to stop, and the listener: from outside, since the library reads no clock.
pub struct Watch<'a> {
    clock: &'a (dyn Fn() -> f64 + Sync),
    cancelled: &'a AtomicBool,
    listener: &'a (dyn Fn(&Progress) + Sync),
}

impl<'a> Watch<'a> {
    /// `clock` gives seconds since the search began and never goes back.
    pub fn new(
        clock: &'a (dyn Fn() -> f64 + Sync),
        cancelled: &'a AtomicBool,
        listener: &'a (dyn Fn(&Progress) + Sync),
    ) -> Self {
        Self { clock, cancelled, listener }
    }

    /// Seconds since the search began.
    pub fn elapsed(&self) -> f64 {
        (self.clock)()
    }

    pub(crate) fn tell(&self, progress: &Progress) {
        (self.listener)(progress);
    }

    pub(crate) fn is_over(&self, settings: &Settings) -> bool {
        self.cancelled.load(Ordering::Relaxed) || self.elapsed() >= settings.seconds
    }
}
