//! When one is reminded: pure decisions.

use super::super::model::remind::Stage;
use mapalus_core::{Millis, time::DAY};

/// What somebody has to do, and until when.
#[derive(Debug, Clone, Copy)]
pub struct Debt {
    /// When it began.
    pub since: Millis,
    /// Until when it is to be done.
    pub due_at: Millis,
    /// Days before that when one is reminded; 0: not before it.
    pub remind_days: i64,
    /// Whether one is reminded once and no more: of a draft that nobody waits for.
    pub once: bool,
}

/// What a look at a debt finds.
#[derive(Debug, PartialEq, Eq)]
pub struct Look {
    /// The reminder for which it is time; it may have gone out already.
    pub stage: Option<Stage>,
    /// When to look again.
    pub next: Option<Millis>,
}

impl Debt {
    /// When one is reminded first: so many days before the deadline as the path says, but not before half of the
    /// time is over.
    pub const fn first_at(self) -> Millis {
        if self.remind_days <= 0 || self.due_at.0 <= self.since.0 {
            return self.due_at;
        }
        let half = Millis(self.since.0 + (self.due_at.0 - self.since.0) / 2);
        let asked = self.due_at.plus(-self.remind_days * DAY);
        if asked.0 < half.0 { half } else { asked }
    }

    /// What is to be said at this instant. Whoever looks late says what holds by then, and nothing twice.
    pub fn look(self, now: Millis) -> Look {
        let first = self.first_at();
        if now < first {
            return Look { stage: None, next: Some(first) };
        }
        if self.once {
            return Look { stage: Some(Stage::Before), next: None };
        }
        if now < self.due_at {
            return Look { stage: Some(Stage::Before), next: Some(self.due_at) };
        }
        Look { stage: Some(Stage::Passed), next: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAYS: fn(i64) -> Millis = |days| Millis(days * DAY);

    fn debt(days: i64, remind_days: i64, once: bool) -> Debt {
        Debt { since: DAYS(100), due_at: DAYS(100 + days), remind_days, once }
    }

    fn look(debt: Debt, day: i64) -> (Option<Stage>, Option<i64>) {
        let look = debt.look(DAYS(100 + day));
        (look.stage, look.next.map(|at| at.0 / DAY - 100))
    }

    #[test]
    fn one_is_reminded_before_the_deadline_and_once_it_has_passed() {
        let fortnight = debt(14, 3, false);
        assert_eq!(look(fortnight, 0), (None, Some(11)));
        assert_eq!(look(fortnight, 11), (Some(Stage::Before), Some(14)));
        assert_eq!(look(fortnight, 13), (Some(Stage::Before), Some(14)));
        assert_eq!(look(fortnight, 14), (Some(Stage::Passed), None));
        assert_eq!(look(fortnight, 400), (Some(Stage::Passed), None));
    }

    #[test]
    fn nobody_is_reminded_before_half_of_the_time_is_over() {
        assert_eq!(look(debt(4, 30, false), 0), (None, Some(2)));
        assert_eq!(look(debt(4, 30, false), 2), (Some(Stage::Before), Some(4)));
    }

    #[test]
    fn a_path_may_remind_at_the_deadline_only() {
        assert_eq!(look(debt(7, 0, false), 6), (None, Some(7)));
        assert_eq!(look(debt(7, 0, false), 7), (Some(Stage::Passed), None));
    }

    #[test]
    fn of_a_draft_one_is_reminded_once() {
        assert_eq!(look(debt(14, 2, true), 11), (None, Some(12)));
        assert_eq!(look(debt(14, 2, true), 12), (Some(Stage::Before), None));
        assert_eq!(look(debt(14, 0, true), 90), (Some(Stage::Before), None));
    }

    #[test]
    fn a_look_is_never_set_for_an_instant_that_is_past() {
        for day in 0..40 {
            for remind_days in 0..20 {
                for once in [false, true] {
                    let debt = debt(14, remind_days, once);
                    let next = debt.look(DAYS(100 + day)).next;
                    assert!(next.is_none_or(|next| next > DAYS(100 + day)), "{day} {remind_days}");
                }
            }
        }
    }
}
