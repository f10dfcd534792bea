//! One person's shifts as the rules see them.

use crate::model::{Limits, Problem, Shift};

/// The shifts of one person, and what is asked about them.
pub(crate) struct Own<'a> {
    pub(crate) problem: &'a Problem,
    /// Longest travel between any two places, in minutes.
    pub(crate) longest_travel: i64,
    pub(crate) person: u32,
    /// In order of their start.
    pub(crate) shifts: &'a [u32],
    /// The one that is new among them: the reasons name the other.
    pub(crate) new: Option<u32>,
}

impl<'a> Own<'a> {
    pub(super) fn shift(&self, shift: u32) -> &'a Shift {
        &self.problem.shifts[shift as usize]
    }

    pub(super) fn limits(&self) -> &'a Limits {
        &self.problem.people[self.person as usize].limits
    }

    /// Of two shifts the one that is not new; the later of two old ones.
    pub(super) fn other(&self, first: u32, next: u32) -> u32 {
        if self.new == Some(next) { first } else { next }
    }

    /// Days with work, in order; one may stand there twice.
    pub(super) fn days(&self) -> impl Iterator<Item = i64> {
        self.shifts.iter().map(|&s| self.shift(s).day())
    }

    /// Days worked in a row, ending on day -1.
    pub(super) fn carried(&self) -> i64 {
        self.problem.people[self.person as usize].before.as_ref().map_or(0, |before| before.days)
    }

    /// Minutes of each day or week that has any, to `each`.
    pub(super) fn sums(&self, key: impl Fn(&Shift) -> i64, mut each: impl FnMut(i64, i64)) {
        let mut at: Option<(i64, i64)> = None;
        for &s in self.shifts {
            let shift = self.shift(s);
            let here = key(shift);
            match &mut at {
                Some((known, sum)) if *known == here => *sum += shift.minutes,
                _ => {
                    if let Some((known, sum)) = at {
                        each(known, sum);
                    }
                    at = Some((here, shift.minutes));
                }
            }
        }
        if let Some((known, sum)) = at {
            each(known, sum);
        }
    }
}

/// What stands around a shift that somebody might take, from one look at their other shifts.
pub(crate) struct Around {
    /// Minutes of the day, the shift's own among them.
    pub(super) of_day: i64,
    /// A bit for each of the 62 days before that is worked, the nearest first.
    pub(super) before: u64,
    /// The same for the days after.
    pub(super) after: u64,
}

impl Around {
    /// Nothing but the shift itself.
    #[inline]
    pub(crate) fn alone(minutes: i64) -> Self {
        Self { of_day: minutes, before: 0, after: 0 }
    }

    /// Another shift, so many days later.
    #[inline]
    pub(crate) fn see(&mut self, days_later: i64, minutes: i64) {
        match days_later {
            0 => self.of_day += minutes,
            1..=62 => self.after |= 1 << (days_later - 1),
            -62..=-1 => self.before |= 1 << (-days_later - 1),
            _ => {}
        }
    }
}

/// Runs of consecutive days, as first and last, of days in order.
pub(crate) fn runs(days: impl Iterator<Item = i64>) -> impl Iterator<Item = (i64, i64)> {
    let mut days = days.peekable();
    std::iter::from_fn(move || {
        let first = days.next()?;
        let mut last = first;
        while let Some(day) = days.next_if(|&day| day <= last + 1) {
            last = day;
        }
        Some((first, last))
    })
}

#[cfg(test)]
mod tests {
    use super::runs;

    #[test]
    fn days_in_order_are_runs() {
        let of = |days: &[i64]| runs(days.iter().copied()).collect::<Vec<_>>();
        assert_eq!(of(&[]), []);
        assert_eq!(of(&[3]), [(3, 3)]);
        assert_eq!(of(&[0, 0, 1, 3, 4, 4, 9]), [(0, 1), (3, 4), (9, 9)]);
    }
}
