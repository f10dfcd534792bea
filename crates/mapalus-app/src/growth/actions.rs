//! Trainings and their dates are made, moved, called off; people enrol, leave, take a freed seat; how they did is told.

mod line;
mod outcome;
mod seat;

pub use line::{follow, remind, settle_ended, step_down};
pub use outcome::{note_all, note_outcome, undo_outcomes};
pub(crate) use seat::{claim, let_go, return_to, take};

use super::{
    model::{NewSitting, NewTraining, Sitting, State, Training},
    queries, rules,
};
use crate::{
    groups::{
        actions::decisions::{self, Decision},
        model::decisions::Kind,
    },
    shell::{AppError, Work, outbox},
};
use mapalus_core::{
    Event, GroupId, MembershipState, Permit, Refusal, RefusalKind, SittingId, TrainingId,
    access::{RunTrainings, SeeTrainings},
};
use mapalus_db::{DbError, params};

fn conflict(key: &'static str) -> AppError {
    Refusal::new(RefusalKind::Conflict, key).into()
}

/// Locks a training until the write is over: no date is added to one that is ended meanwhile, and none ended under it.
fn hold(work: &mut Work<'_, '_>, training: TrainingId) -> Result<(), AppError> {
    if work.tx.execute(&queries::LOCK_TRAINING, &params![training])? == 0 {
        return Err(conflict("growth-over"));
    }
    Ok(())
}

/// Notes for the group's members what was decided about a training.
fn decide(work: &mut Work<'_, '_>, group: GroupId, kind: Kind, title: &str) -> Result<(), AppError> {
    Ok(decisions::made(work, group, &Decision::of(kind, title))?)
}

/// Makes a training.
///
/// # Errors
/// `growth-many-trainings`.
pub fn add_training(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    group: GroupId,
    new: &NewTraining,
) -> Result<TrainingId, AppError> {
    if work.tx.scalar::<i64>(&queries::COUNT_TRAININGS, &params![group])? >= rules::MOST_TRAININGS {
        return Err(conflict("growth-many-trainings"));
    }
    let id: TrainingId = work.id();
    queries::add_training(work.tx, (id, group), new, work.now)?;
    decide(work, group, Kind::TrainingMade, &new.title)?;
    work.record(permit, id, "added")?;
    Ok(id)
}

/// Changes a training that stands as it was seen.
///
/// # Errors
/// `refusal-changed`.
pub fn change_training(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    training: &Training,
    new: &NewTraining,
    seen: Option<i64>,
) -> Result<(), AppError> {
    Refusal::if_changed(training.version, seen)?;
    let row =
        params![training.id, &new.title, &new.teaches, &new.grants, new.for_applicants, training.version];
    work.tx.execute_one(&queries::CHANGE_TRAINING, &row)?;
    decide(work, training.group_id, Kind::TrainingChanged, &new.title)?;
    work.record(permit, training.id, "changed")?;
    Ok(())
}

/// Ends a training that has no date ahead, and none under way.
///
/// # Errors
/// `refusal-changed`, `growth-has-dates`, `growth-in-path`; `growth-over`, if others ended it meanwhile.
pub fn retire_training(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    training: &Training,
    seen: Option<i64>,
) -> Result<(), AppError> {
    Refusal::if_changed(training.version, seen)?;
    if training.in_path {
        return Err(conflict("growth-in-path"));
    }
    hold(work, training.id)?;
    let row = params![training.id, work.now, training.version];
    if work.tx.execute(&queries::RETIRE_TRAINING, &row)? == 0 {
        return Err(conflict("growth-has-dates"));
    }
    decide(work, training.group_id, Kind::TrainingRetired, &training.title)?;
    work.record(permit, training.id, "retired")?;
    Ok(())
}

/// Makes a training of a new group, in the group's transaction.
///
/// # Errors
/// The database's error.
pub(crate) fn begin(
    work: &mut Work<'_, '_>,
    group: GroupId,
    new: &NewTraining,
) -> Result<TrainingId, DbError> {
    let id: TrainingId = work.id();
    queries::add_training(work.tx, (id, group), new, work.now)?;
    Ok(id)
}

/// Notes which trainings the joining path in use of a group asks for: those cannot be ended.
///
/// # Errors
/// The database's error.
pub(crate) fn bind(work: &mut Work<'_, '_>, group: GroupId, asked: &[TrainingId]) -> Result<(), DbError> {
    work.tx.execute(&queries::CLEAR_IN_PATH, &params![group])?;
    if !asked.is_empty() {
        work.tx.execute_in(&queries::SET_IN_PATH, &[group.into()], asked)?;
    }
    Ok(())
}

/// Stores a date, with when to look at it first.
pub(crate) fn add_date(
    work: &mut Work<'_, '_>,
    ids: (SittingId, TrainingId, GroupId),
    new: &NewSitting,
) -> Result<(), DbError> {
    let look = rules::first_look((new.starts_at, new.ends_at), work.now);
    queries::add_sitting(work.tx, ids, new, (look, work.now))
}

/// Adds a date.
///
/// # Errors
/// `growth-many-dates`; `growth-over`, if the training was ended meanwhile.
pub fn add_sitting(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    training: &Training,
    new: &NewSitting,
) -> Result<SittingId, AppError> {
    hold(work, training.id)?;
    let ahead: i64 = work.tx.scalar(&queries::COUNT_SITTINGS, &params![training.id, work.now])?;
    if ahead >= rules::MOST_SITTINGS {
        return Err(conflict("growth-many-dates"));
    }
    let id: SittingId = work.id();
    add_date(work, (id, training.id, training.group_id), new)?;
    work.emit_held(&Event::SittingAdded { group: training.group_id, sitting: id })?;
    work.record(permit, id, "added")?;
    Ok(id)
}

/// Moves a date that stands as it was seen. Those whom it concerns are told if the hour or the place changed; new
/// seats are offered to the line.
///
/// # Errors
/// `refusal-changed`, `growth-over`, `growth-seats-taken`.
pub fn move_sitting(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    sitting: &Sitting,
    new: &NewSitting,
    seen: Option<i64>,
) -> Result<(), AppError> {
    Refusal::if_changed(sitting.version, seen)?;
    if !sitting.is_ahead(&work.now) {
        return Err(conflict("growth-over"));
    }
    rules::enough_seats(new.seats, sitting.taken)?;
    let row = params![
        sitting.id,
        new.starts_at,
        new.ends_at,
        &new.area,
        &new.place,
        &new.link,
        new.seats,
        rules::first_look((new.starts_at, new.ends_at), work.now),
        sitting.version
    ];
    work.tx.execute_one(&queries::MOVE_SITTING, &row)?;
    let when = (sitting.starts_at, sitting.ends_at) != (new.starts_at, new.ends_at);
    let stays = sitting.area == new.area && sitting.place == new.place && sitting.link == new.link;
    if when || !stays {
        work.emit_held(&Event::SittingMoved { group: sitting.group_id, sitting: sitting.id })?;
    }
    line::offer_new_seats(work, (sitting.group_id, sitting.id), new.starts_at)?;
    work.record(permit, sitting.id, "moved")?;
    Ok(())
}

/// Calls off a date; those whom it concerns are told why.
///
/// # Errors
/// `growth-over`; a reason that does not hold.
pub fn cancel(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    sitting: &Sitting,
    reason: &str,
) -> Result<(), AppError> {
    let over = || conflict("growth-over");
    if !sitting.is_ahead(&work.now) {
        return Err(over());
    }
    let event = work.emit_held(&Event::SittingCancelled { group: sitting.group_id, sitting: sitting.id })?;
    let row = params![sitting.id, work.now, work.actor, event, reason];
    if work.tx.execute(&queries::CANCEL, &row)? == 0 {
        return Err(over());
    }
    work.record(permit, sitting.id, "cancelled")?;
    Ok(())
}

/// Lets a date stand that one just called off: nobody is told.
///
/// # Errors
/// `growth-too-late`; `growth-over`, if the training was ended meanwhile.
pub fn restore(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunTrainings>,
    sitting: &Sitting,
) -> Result<(), AppError> {
    hold(work, sitting.training_id)?;
    rules::may_undo(sitting, permit.signed_in()?, work.now, work.undo_millis)?;
    let taken = match sitting.cancel_event {
        Some(event) => outbox::take_back(work, event)?,
        None => false,
    };
    if !taken {
        return Err(conflict("growth-too-late"));
    }
    work.tx.execute_one(&queries::RESTORE, &params![sitting.id])?;
    work.record(permit, sitting.id, "undone")?;
    Ok(())
}

/// Enrols for a date: with a seat, if there is one and nobody stands in line; else at the end of the line.
///
/// # Errors
/// `growth-over`, `growth-not-for-applicants`, `growth-enrolled`, `growth-elsewhere`, `growth-line-full`.
pub fn enrol(
    work: &mut Work<'_, '_>,
    permit: &Permit<SeeTrainings>,
    sitting: &Sitting,
    membership: Option<MembershipState>,
) -> Result<State, AppError> {
    let person = permit.signed_in()?;
    rules::may_enrol(sitting, membership, work.now)?;
    let state = take(work, sitting, person)?;
    work.record(permit, sitting.id, state.word())?;
    Ok(state)
}

/// Leaves a date; the seat goes on to the first of the line when the time to undo it is over.
///
/// # Errors
/// `growth-over`, `growth-not-enrolled`.
pub fn leave(
    work: &mut Work<'_, '_>,
    permit: &Permit<SeeTrainings>,
    sitting: &Sitting,
) -> Result<(), AppError> {
    let_go(work, sitting, permit.signed_in()?)?;
    work.record(permit, sitting.id, "left")?;
    Ok(())
}

/// Takes part after all in a date that one just left, where one stood in it.
///
/// # Errors
/// `growth-too-late`.
pub fn come_back(
    work: &mut Work<'_, '_>,
    permit: &Permit<SeeTrainings>,
    sitting: &Sitting,
) -> Result<(), AppError> {
    return_to(work, sitting, permit.signed_in()?)?;
    work.record(permit, sitting.id, "undone")?;
    Ok(())
}

/// Takes the seat that is held for one.
///
/// # Errors
/// `growth-offer-over`.
pub fn confirm(
    work: &mut Work<'_, '_>,
    permit: &Permit<SeeTrainings>,
    sitting: &Sitting,
) -> Result<(), AppError> {
    claim(work, sitting, permit.signed_in()?)?;
    work.record(permit, sitting.id, "confirmed")?;
    Ok(())
}
