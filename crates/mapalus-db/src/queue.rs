//! A bounded queue between callers and worker threads.

use crate::DbError;
use std::{
    collections::VecDeque,
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
};

/// Never waits to put in, waits to take out.
pub(crate) struct Queue<J> {
    state: Mutex<State<J>>,
    filled: Condvar,
    capacity: usize,
}

struct State<J> {
    jobs: VecDeque<J>,
    closed: bool,
}

impl<J> Queue<J> {
    pub(crate) fn new(capacity: usize) -> Self {
        Self {
            state: Mutex::new(State { jobs: VecDeque::new(), closed: false }),
            filled: Condvar::new(),
            capacity: capacity.max(1),
        }
    }

    /// Puts a job at the end; a full queue is [`DbError::Busy`] at once.
    pub(crate) fn push(&self, job: J) -> Result<(), DbError> {
        let mut state = self.state();
        if state.closed {
            return Err(DbError::unavailable("the database is closed"));
        }
        if state.jobs.len() >= self.capacity {
            return Err(DbError::Busy);
        }
        state.jobs.push_back(job);
        drop(state);
        self.filled.notify_one();
        Ok(())
    }

    /// The next job, waiting for one; none once the queue is closed and empty.
    pub(crate) fn pop(&self) -> Option<J> {
        let mut state = self.state();
        loop {
            match state.jobs.pop_front() {
                Some(job) => return Some(job),
                None if state.closed => return None,
                None => {
                    state = self.filled.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    /// The next job, if one waits.
    pub(crate) fn try_pop(&self) -> Option<J> {
        self.state().jobs.pop_front()
    }

    /// Takes no more jobs; those inside are still given out.
    pub(crate) fn close(&self) {
        self.state().closed = true;
        self.filled.notify_all();
    }

    fn state(&self) -> MutexGuard<'_, State<J>> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_full_queue_refuses_at_once() {
        let queue = Queue::new(1);
        queue.push(1).expect("there is room");
        assert!(matches!(queue.push(2), Err(DbError::Busy)));
        assert_eq!(queue.pop(), Some(1));
        queue.push(3).expect("there is room");
    }

    #[test]
    fn a_closed_queue_gives_out_what_it_holds_and_takes_nothing() {
        let queue = Queue::new(8);
        queue.push(1).expect("there is room");
        queue.close();
        assert!(matches!(queue.push(2), Err(DbError::Unavailable(_))));
        assert_eq!(queue.pop(), Some(1));
        assert_eq!(queue.pop(), None);
    }
}
