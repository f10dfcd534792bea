//! Those who run a group offer times for interviews, move and cancel them.

use super::super::super::{
    model::interview::{InterviewState, MoveInput, OfferInput, Slot, Taker},
    queries,
    rules::interview as rule,
};
use crate::{
    groups::{self, Group},
    shell::{AppError, Work, forms::Wrong, reference::Areas},
};
use mapalus_core::{
    ApplicationId, Event, GroupId, Millis, Permission, Permit, PersonId, Refusal, RefusalKind, SlotId,
    access::RunInterviews,
};
use mapalus_db::{DbError, Tx, params};

/// The names of the interviews to which a group's applicants come.
pub(in crate::joining) fn names(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<String>, DbError> {
    let rows: Vec<(String,)> = tx.all(&queries::interview::NAMES, &params![group])?;
    Ok(rows.into_iter().map(|(name,)| name).collect())
}

/// A time of a group.
pub(in crate::joining) fn slot(tx: &mut Tx<'_>, group: GroupId, id: SlotId) -> Result<Slot, AppError> {
    let found: Option<Slot> = tx.optional(&queries::interview::SLOT, &params![id, group])?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// Offers times, one after the other.
pub fn offer(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunInterviews>,
    group: &Group,
    input: &OfferInput,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    let zone = Areas::zone(&group.area);
    let offer = rule::offer(input, &names(work.tx, group.id)?, zone, work.now)?;
    let host: PersonId = match input.host.as_str() {
        "" => person,
        host => host.parse().map_err(|_| Wrong::plain("wrong-choice").at("host"))?,
    };
    if !groups::holders(work.tx, group.id, Permission::Applications)?.contains(&host) {
        return Err(Wrong::plain("wrong-choice").at("host").into());
    }
    let ahead: i64 = work.tx.scalar(&queries::interview::COUNT_AHEAD, &params![group.id, work.now])?;
    if ahead + i64::try_from(offer.times.len()).unwrap_or(i64::MAX) > rule::MOST_AHEAD {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-interview-many")
            .with("most", rule::MOST_AHEAD)
            .into());
    }
    let mut first = None;
    for (starts_at, ends_at) in &offer.times {
        let id: SlotId = work.id();
        first = first.or(Some(id));
        let row = params![
            id,
            group.id,
            &input.step,
            *starts_at,
            *ends_at,
            zone.name(),
            &offer.place,
            offer.seats,
            host,
            work.now
        ];
        work.tx.execute(&queries::interview::OFFER, &row)?;
    }
    if let Some(slot) = first {
        work.emit_held(&Event::InterviewOffered { group: group.id, slot })?;
    }
    work.record(permit, group.id, "offered")?;
    Ok(())
}

/// Moves a time that stands as it was seen: who has taken it is told, and why.
pub fn move_slot(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunInterviews>,
    slot: &Slot,
    seen: i64,
    input: &MoveInput,
) -> Result<(), AppError> {
    if slot.version != seen {
        return Err(Refusal::new(RefusalKind::Changed, "refusal-changed").into());
    }
    let (to, reason) = rule::moved(slot, input, work.now)?;
    let (starts_at, ends_at) = to.times.first().copied().unwrap_or((slot.starts_at, slot.ends_at));
    let row = params![slot.id, starts_at, ends_at, &to.place, to.seats, &reason, seen];
    work.tx.execute_one(&queries::interview::MOVE_SLOT, &row)?;
    let same = (starts_at, ends_at, &to.place) == (slot.starts_at, slot.ends_at, &slot.place);
    let taken: Vec<Taker> = work.tx.all(&queries::interview::TAKEN_AT, &params![slot.id])?;
    // More places alone concern nobody who has one.
    for taker in taken.iter().filter(|_| !same) {
        let look = rule::remind_at(starts_at, ends_at, work.now);
        let (interview, application, sequence) = (taker.id, taker.application_id, taker.sequence + 1);
        let event = work.emit_held(&Event::InterviewSet { interview, application, sequence, moved: true })?;
        let state = InterviewState::Taken;
        let row = params![interview, slot.id, state, work.now, event, look, taker.sequence, &reason];
        work.tx.execute_one(&queries::interview::CHANGE, &row)?;
    }
    work.record(permit, slot.group_id, if same { "seats" } else { "moved" })?;
    Ok(())
}

/// A time does not take place: who has taken it chooses another.
pub(super) fn call_off(work: &mut Work<'_, '_>, slot: SlotId, by_group: bool) -> Result<(), DbError> {
    let taken: Vec<Taker> = work.tx.all(&queries::interview::TAKEN_AT, &params![slot])?;
    for taker in &taken {
        super::timeless(work, taker.id, InterviewState::Free, taker.sequence)?;
        let (interview, application, sequence) = (taker.id, taker.application_id, taker.sequence + 1);
        work.emit_held(&Event::InterviewOff { interview, application, slot, sequence, by_group })?;
    }
    // They choose anew, and have as long for it as at first.
    let applications: Vec<ApplicationId> = taken.iter().map(|taker| taker.application_id).collect();
    work.tx.execute_in(&queries::remind::RESTART, &params![work.now], &applications)?;
    Ok(())
}

/// Cancels a time that stands as it was seen.
pub fn cancel_slot(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunInterviews>,
    slot: &Slot,
    seen: i64,
    reason: &str,
) -> Result<(), AppError> {
    if slot.version != seen {
        return Err(Refusal::new(RefusalKind::Changed, "refusal-changed").into());
    }
    rule::may_run(slot, work.now)?;
    let reason = rule::reason(slot, reason).map_err(|wrong| wrong.at("reason"))?;
    work.tx.execute_one(&queries::interview::CANCEL_SLOT, &params![slot.id, &reason, seen])?;
    call_off(work, slot.id, true)?;
    work.record(permit, slot.group_id, "cancelled")?;
    Ok(())
}

/// The first of the times that were offered at an instant, as long as one of them is free.
pub(in crate::joining) fn left(
    tx: &mut Tx<'_>,
    group: GroupId,
    first: SlotId,
    at: Millis,
) -> Result<Option<Slot>, DbError> {
    let found: Option<Slot> = tx.optional(&queries::interview::SLOT, &params![first, group])?;
    let Some(slot) = found else {
        return Ok(None);
    };
    let free: i64 = tx.scalar(&queries::interview::COUNT_LEFT, &params![group, &slot.step_name, at])?;
    Ok((free > 0).then_some(slot))
}

/// Those who waited for a time have as long to choose one as at first: the steps of those begin anew of which there was none
/// before an offer.
pub(in crate::joining) fn restart(
    work: &mut Work<'_, '_>,
    group: GroupId,
    first: SlotId,
    at: Millis,
) -> Result<(), DbError> {
    let Some(slot) = left(work.tx, group, first, at)? else {
        return Ok(());
    };
    let row = params![group, &slot.step_name, at, at];
    let waiting: Vec<(ApplicationId, PersonId)> = work.tx.all(&queries::interview::WAITERS, &row)?;
    let applications: Vec<ApplicationId> = waiting.into_iter().map(|(application, _)| application).collect();
    work.tx.execute_in(&queries::remind::RESTART, &params![at], &applications)?;
    // Their wish for other times is met.
    work.tx.execute_in(&queries::interview::ANSWERED, &params![&slot.step_name, at], &applications)?;
    Ok(())
}
