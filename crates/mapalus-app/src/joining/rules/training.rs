//! What is next in the training of a step: pure decisions.

use super::super::model::{Overdue, Step, StepKind, training::Turn};
use crate::growth::model::{Sitting, Stand, State};
use mapalus_core::Millis;

/// How somebody stands to a date: their state, when it begins and ends, until when a seat is held for them.
type At = (State, Millis, Millis, Option<Millis>);

/// What is next for one who stands so to the dates of a training that were not called off, the first one first;
/// `dates`: whether one lies ahead.
fn turn(stands: impl DoubleEndedIterator<Item = At>, dates: bool, now: Millis) -> Turn {
    let mut latest = None;
    for at in stands {
        match at.0 {
            State::Passed => return Turn::Passed,
            State::Left => {}
            _ => latest = Some(at),
        }
    }
    let next = if dates { Turn::Take } else { Turn::Plan };
    let Some((state, starts_at, ends_at, held_until)) = latest else { return next };
    match state {
        State::In if ends_at > now => Turn::Come,
        State::In | State::Attended => Turn::Tell,
        State::Offered if starts_at > now && held_until.is_some_and(|until| until > now) => Turn::Confirm,
        State::Waiting if starts_at > now => Turn::Line,
        _ => next,
    }
}

/// What is next for the one who stands so to the dates of a training.
pub fn turn_of(sittings: &[Sitting], now: Millis) -> Turn {
    let held = sittings.iter().filter(|sitting| sitting.cancelled_at.is_none());
    let at = |sitting: &Sitting| {
        sitting.own.map(|own| (own, sitting.starts_at, sitting.ends_at, sitting.offer_ends_at))
    };
    let dates = sittings.iter().any(|sitting| sitting.is_ahead(&now));
    turn(held.filter_map(at), dates, now)
}

/// The same, from what many stand to at once.
pub fn turn_of_stands<'s>(
    stands: impl DoubleEndedIterator<Item = &'s Stand>,
    dates: bool,
    now: Millis,
) -> Turn {
    let at = |stand: &Stand| (stand.state, stand.starts_at, stand.ends_at, stand.offer_ends_at);
    turn(stands.map(at), dates, now)
}

/// Whether one stood in line for a date that began since then, and none gave up their seat.
pub fn waited(sittings: &[Sitting], since: Millis, now: Millis) -> bool {
    let in_vain = |sitting: &Sitting| {
        let began = sitting.starts_at > since && sitting.starts_at <= now;
        began && sitting.own == Some(State::Waiting) && sitting.cancelled_at.is_none()
    };
    sittings.iter().any(in_vain)
}

/// Whether the deadline of a step that closes ends the application: of a training only while its applicant has
/// something to do. Who has a seat, or waits for others, is not left out for that.
pub fn closes(step: &Step, turn: Option<Turn>) -> bool {
    let owes = turn.is_none_or(Turn::waits_for_applicant);
    step.overdue == Overdue::Close && (step.kind != StepKind::Training || owes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::time::{DAY, HOUR};

    const NOW: Millis = Millis(1_795_500_000_000);

    fn at(state: State, days: i64) -> At {
        let starts_at = NOW.plus(days * DAY);
        (state, starts_at, starts_at.plus(4 * HOUR), (state == State::Offered).then_some(NOW.plus(HOUR)))
    }

    fn next(stands: &[At], dates: bool) -> Turn {
        turn(stands.iter().copied(), dates, NOW)
    }

    #[test]
    fn who_has_nothing_takes_a_date_and_where_there_is_none_one_is_planned() {
        assert_eq!(next(&[], true), Turn::Take);
        assert_eq!(next(&[], false), Turn::Plan);
        assert_eq!(next(&[at(State::Left, 3)], true), Turn::Take);
    }

    #[test]
    fn a_seat_is_held_until_the_date_is_over_and_then_those_who_train_are_to_tell() {
        assert_eq!(next(&[at(State::In, 3)], true), Turn::Come);
        let under_way = (State::In, NOW.plus(-HOUR), NOW.plus(HOUR), None);
        assert_eq!(next(&[under_way], false), Turn::Come);
        assert_eq!(next(&[at(State::In, -1)], true), Turn::Tell);
        assert_eq!(next(&[at(State::Attended, -1)], true), Turn::Tell);
        assert_eq!(next(&[at(State::Waiting, 3)], true), Turn::Line);
        assert_eq!(next(&[at(State::Waiting, -1)], true), Turn::Take, "nobody gave them a seat");
        assert_eq!(next(&[at(State::Offered, 3)], true), Turn::Confirm);
        let late = (State::Offered, NOW.plus(DAY), NOW.plus(2 * DAY), Some(NOW));
        assert_eq!(next(&[late], true), Turn::Take);
    }

    #[test]
    fn who_is_to_repeat_or_was_absent_takes_another_and_a_pass_stays() {
        assert_eq!(next(&[at(State::Repeat, -9)], true), Turn::Take);
        assert_eq!(next(&[at(State::Absent, -9)], false), Turn::Plan);
        assert_eq!(next(&[at(State::Repeat, -9), at(State::In, 2)], true), Turn::Come);
        assert_eq!(next(&[at(State::Passed, -9), at(State::In, 2)], true), Turn::Passed);
    }

    #[test]
    fn what_others_leave_undone_ends_no_application() {
        let mut step = super::super::tests::path(&[StepKind::Training]).steps.remove(0);
        step.overdue = Overdue::Close;
        for turn in Turn::ALL {
            assert_eq!(closes(&step, Some(*turn)), matches!(turn, Turn::Take | Turn::Confirm), "{turn}");
        }
        step.kind = StepKind::Form;
        assert!(closes(&step, None));
    }
}
