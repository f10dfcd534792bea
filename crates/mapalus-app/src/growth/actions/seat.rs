//! A seat is taken, given up, taken back, claimed: by whoever may, as the caller's permit says.

use super::{
    super::{
        model::{Enrolment, Noted, Sitting, State},
        queries, rules,
    },
    conflict, hold, line,
};
use crate::shell::{AppError, Work, outbox};
use mapalus_core::{EnrolmentId, Event, Millis, PersonId};
use mapalus_db::params;

/// Takes a seat of a date for a person, if there is one and nobody stands in line; else puts them at its end.
///
/// # Errors
/// `growth-over`, `growth-enrolled`, `growth-elsewhere`, `growth-line-full`.
pub(crate) fn take(work: &mut Work<'_, '_>, sitting: &Sitting, person: PersonId) -> Result<State, AppError> {
    rules::lies_ahead(sitting, work.now)?;
    // The training first: of two dates that one takes at once, one is refused.
    hold(work, sitting.training_id)?;
    work.tx.execute_one(&queries::LOCK, &params![sitting.id])?;
    let row = params![sitting.training_id, person, sitting.id, work.now];
    rules::once(work.tx.scalar(&queries::ELSEWHERE, &row)?)?;
    let seat = work.tx.execute(&queries::TAKE_SEAT, &params![sitting.id])? == 1;
    if !seat {
        rules::line_has_room(work.tx.scalar(&queries::COUNT_WAITING, &params![sitting.id])?)?;
    }
    let state = if seat { State::In } else { State::Waiting };
    let id: EnrolmentId = work.id();
    if work.tx.execute(&queries::ENROL, &params![id, sitting.id, person, state, work.now])? == 0 {
        return Err(conflict("growth-enrolled"));
    }
    Ok(state)
}

/// Gives up what a person has of a date. A seat goes on when the time to undo that is over.
///
/// # Errors
/// `growth-over`, `growth-not-enrolled`.
pub(crate) fn let_go(work: &mut Work<'_, '_>, sitting: &Sitting, person: PersonId) -> Result<(), AppError> {
    rules::may_leave(sitting, work.now)?;
    work.tx.execute_one(&queries::LOCK, &params![sitting.id])?;
    let own = line::own_of(work, sitting.id, person)?.ok_or_else(|| conflict("growth-not-enrolled"))?;
    let event = if own.state.holds_seat() {
        let (group, sitting) = (sitting.group_id, sitting.id);
        Some(work.emit_held(&Event::SeatFreed { group, person, sitting })?)
    } else {
        None
    };
    work.tx.execute_one(&queries::SET_LEFT, &params![own.id, own.state, event, work.now])?;
    Ok(())
}

/// Undoes that a person gave up what they had of a date.
///
/// # Errors
/// `growth-too-late`.
pub(crate) fn return_to(
    work: &mut Work<'_, '_>,
    sitting: &Sitting,
    person: PersonId,
) -> Result<(), AppError> {
    let too_late = || conflict("growth-too-late");
    rules::lies_ahead(sitting, work.now).map_err(|_| too_late())?;
    hold(work, sitting.training_id)?;
    work.tx.execute_one(&queries::LOCK, &params![sitting.id])?;
    let since = work.now.plus(-work.undo_millis);
    let noted: Vec<Noted> = work.tx.all(&queries::NOTED, &params![sitting.id, person, since])?;
    let left = sitting.own == Some(State::Left);
    let noted = noted.into_iter().find(|noted| left && noted.person_id == person).ok_or_else(too_late)?;
    let row = params![sitting.training_id, person, sitting.id, work.now];
    rules::once(work.tx.scalar(&queries::ELSEWHERE, &row)?)?;
    if let Some(event) = noted.event_id {
        // Whose event went out has no seat any more.
        if !outbox::take_back(work, event)? {
            return Err(too_late());
        }
    }
    work.tx.execute_one(&queries::SET_BACK, &params![noted.id])?;
    Ok(())
}

/// Takes the seat that is held for a person.
///
/// # Errors
/// `growth-offer-over`.
pub(crate) fn claim(work: &mut Work<'_, '_>, sitting: &Sitting, person: PersonId) -> Result<(), AppError> {
    rules::may_confirm(sitting, work.now)?;
    work.tx.execute_one(&queries::LOCK, &params![sitting.id])?;
    let own: Option<Enrolment> = work.tx.optional(&queries::OF_PERSON, &params![sitting.id, person])?;
    let own = own.ok_or_else(|| conflict("growth-offer-over"))?;
    let row = params![own.id, State::Offered, State::In, None::<Millis>];
    if work.tx.execute(&queries::SET_STATE, &row)? == 0 {
        return Err(conflict("growth-offer-over"));
    }
    Ok(())
}
