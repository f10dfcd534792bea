//! A group is closed for good: at once nobody finds it, and when the time to undo it is over its people are told.

use super::{
    super::queries::{doors, ending},
    decisions::{self, Decision},
    running::{lock, still_run},
};
use crate::{
    groups::{Group, model::decisions::Kind, rules},
    shell::{AppError, Work, outbox},
};
use mapalus_core::{
    Event, EventId, GroupId, Permit, Refusal, RefusalKind,
    access::{EndGroup, UndoChange},
    time::DAY,
};
use mapalus_db::{DbError, params};

/// Days for which the page of a closed group is kept.
pub const KEPT_DAYS: i64 = 30;

/// Closes a group.
pub fn end(
    work: &mut Work<'_, '_>,
    permit: &Permit<EndGroup>,
    group: &Group,
    version: i64,
) -> Result<(), AppError> {
    let by = permit.signed_in()?;
    rules::may_end(group.standing().permissions)?;
    if group.version != version {
        return Err(Refusal::new(RefusalKind::Changed, "refusal-changed").into());
    }
    lock(work, group.id)?;
    let event = work.emit_held(&Event::GroupEnded { group: group.id, by })?;
    work.tx.execute_one(&ending::END, &params![group.id, work.now, by, event, version])?;
    decisions::held(work, group.id, &Decision::of(Kind::Ended, ""), event)?;
    work.record(permit, group.id, "")?;
    work.emit(&Event::GroupChanged { group: group.id })?;
    Ok(())
}

/// Opens a group again that one has just closed: nobody was told.
pub fn undo(work: &mut Work<'_, '_>, permit: &Permit<UndoChange>, group: &Group) -> Result<(), AppError> {
    let too_late = || AppError::from(Refusal::new(RefusalKind::Conflict, "groups-end-too-late"));
    let by = permit.signed_in()?;
    rules::may_take_back(group.ended_at, work.now, work.undo_millis)?;
    lock(work, group.id)?;
    let event: Option<(Option<EventId>,)> = work.tx.optional(&ending::END_EVENT, &params![group.id])?;
    let Some((Some(event),)) = event else {
        return Err(too_late());
    };
    if !outbox::take_back(work, event)? {
        return Err(too_late());
    }
    work.tx.execute_one(&ending::TAKE_BACK, &params![group.id, by])?;
    // Those who ran it may have left meanwhile.
    still_run(work, group.id)?;
    decisions::undone(work, event)?;
    work.record(permit, group.id, "reopened")?;
    work.emit(&Event::GroupChanged { group: group.id })?;
    Ok(())
}

/// What goes with a group whose end stands: memberships, roles, invitations. To be called when its people were told.
pub(crate) fn settle(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), DbError> {
    if work.tx.execute(&ending::SEAL, &params![group])? == 0 {
        return Ok(());
    }
    work.tx.execute(&ending::DISMISS, &params![group])?;
    work.tx.execute(&ending::END_MEMBERSHIPS, &params![group, work.now])?;
    work.tx.execute(&ending::END_INVITATIONS, &params![group])?;
    work.tx.execute(&doors::FORGET_DOOR, &params![group])?;
    // Those who have a draft are told as of any group that takes nobody any more.
    work.emit(&Event::GroupClosed { group })?;
    Ok(())
}

/// Clears the pages of groups that have been closed for long.
pub(in crate::groups) fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let before = work.now.plus(-KEPT_DAYS * DAY);
    work.tx.execute(&ending::CLEAR_QUESTIONS, &params![before])?;
    work.tx.execute(&ending::CLEAR_ROLES, &params![before])?;
    work.tx.execute(&ending::CLEAR_TOPICS, &params![before])?;
    work.tx.execute(&ending::CLEAR_DECISIONS, &params![before])?;
    work.tx.execute(&ending::CLEAR_ANSWERS, &params![before])?;
    work.tx.execute(&ending::CLEAR, &params![before])?;
    Ok(())
}
