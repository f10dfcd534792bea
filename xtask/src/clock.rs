//! The one place of this tool that reads the clock and waits.

use crate::Outcome;
use std::thread;
use std::time::{Duration, Instant};

/// Time since a start, for steps that are timed for people.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts to count now.
    #[expect(
        clippy::disallowed_methods,
        reason = "a task runner times its steps; the product takes time as an argument"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Seconds since the start.
    pub fn seconds(self) -> f64 {
        self.0.elapsed().as_secs_f64()
    }
}

/// Asks `ready` every 10 ms until it gives a value or fails. `None` when `limit` has passed without either.
#[expect(
    clippy::disallowed_methods,
    reason = "waits for other processes, which tell nobody when they are ready"
)]
pub fn wait<T>(limit: Duration, mut ready: impl FnMut() -> Outcome<Option<T>>) -> Outcome<Option<T>> {
    let since = Stopwatch::start();
    loop {
        if let Some(value) = ready()? {
            return Ok(Some(value));
        }
        if since.seconds() > limit.as_secs_f64() {
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(10));
    }
}
