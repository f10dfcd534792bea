//! Who wishes to be told when a group takes people again waits for it, and is told once.

use super::{super::queries::doors as queries, running::lock};
use crate::{
    groups::Group,
    shell::{AppError, Work},
};
use mapalus_core::{
    Event, GroupId, Permit, Refusal, RefusalKind,
    access::{ChangeGroup, WatchDoor},
    time::DAY,
};
use mapalus_db::{DbError, params};

/// Groups for which one person waits at most.
const MOST_DOORS: i64 = 50;

/// Lets the person wait for the group; who waits already goes on doing so.
///
/// # Errors
/// `groups-door-open` if the group takes people, `groups-doors-many`.
pub fn wait(work: &mut Work<'_, '_>, permit: &Permit<WatchDoor>, group: &Group) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    // The group that opens meanwhile and the one who begins to wait see each other.
    lock(work, group.id)?;
    let waits: i64 = work.tx.scalar(&queries::WAITS_FOR_DOOR, &params![group.id, person])?;
    if waits > 0 {
        return Ok(());
    }
    if work.tx.execute(&queries::WAIT_FOR_DOOR, &params![group.id, person, work.now, MOST_DOORS])? == 0 {
        let many = work.tx.scalar::<i64>(&queries::COUNT_DOORS, &params![person])? >= MOST_DOORS;
        let key = if many { "groups-doors-many" } else { "groups-door-open" };
        return Err(Refusal::new(RefusalKind::Conflict, key).with("most", MOST_DOORS).into());
    }
    work.record(permit, group.id, "waits")?;
    Ok(())
}

/// The person waits for the group no longer.
pub fn leave(work: &mut Work<'_, '_>, permit: &Permit<WatchDoor>, group: GroupId) -> Result<(), AppError> {
    if work.tx.execute(&queries::LEAVE_DOOR, &params![group, permit.signed_in()?])? > 0 {
        work.record(permit, group, "left")?;
    }
    Ok(())
}

/// The group takes people again: those who wait are told, when that can be taken back no longer.
pub(super) fn open(
    work: &mut Work<'_, '_>,
    _permit: &Permit<ChangeGroup>,
    group: GroupId,
) -> Result<(), AppError> {
    if work.tx.execute(&queries::OPEN_DOOR, &params![group, work.now])? > 0 {
        work.emit_held(&Event::GroupReopened { group, at: work.now })?;
    }
    Ok(())
}

/// The group takes nobody again: those who were not told yet wait on.
pub(super) fn close(
    work: &mut Work<'_, '_>,
    _permit: &Permit<ChangeGroup>,
    group: GroupId,
) -> Result<(), AppError> {
    work.tx.execute(&queries::CLOSE_DOOR, &params![group, work.now.plus(-work.undo_millis)])?;
    Ok(())
}

/// Forgets those who were told a while ago.
pub(in crate::groups) fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_TOLD, &params![work.now.plus(-DAY)])?;
    Ok(())
}
