//! Searches are kept, paused and removed; what they find is noted, and told once a day at most.

use super::super::{model::Looked, queries::watches as queries};
use crate::shell::{AppError, Work};
use mapalus_core::{
    Event, Millis, Permit, PersonId, Refusal, RefusalKind, WatchId,
    access::{UseAccount, UseWatch},
    time::{DAY, HOUR, MINUTE},
};
use mapalus_db::{DbError, params};
use std::collections::BTreeSet;

/// Searches of one person at most.
const MOST_WATCHES: i64 = 10;
/// How long what was found is kept.
const FOUND_MILLIS: i64 = 90 * DAY;
/// A group that was opened in a write that took its time is not missed.
const OVERLAP_MILLIS: i64 = MINUTE;

/// Keeps a search; the same one again is the one that is kept.
///
/// # Errors
/// `groups-watches-many`.
pub fn keep(work: &mut Work<'_, '_>, permit: &Permit<UseAccount>, query: &str) -> Result<WatchId, AppError> {
    let person = permit.signed_in()?;
    let same: Option<(WatchId,)> = work.tx.optional(&queries::WATCH_LIKE, &params![person, query])?;
    if let Some((id,)) = same {
        return Ok(id);
    }
    let (count, due_at): (i64, Option<Millis>) = work.tx.one(&queries::COUNT_WATCHES, &params![person])?;
    if count >= MOST_WATCHES {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-watches-many")
            .with("most", MOST_WATCHES)
            .into());
    }
    // All of a person's are looked at together: what they find goes in one mail.
    let due_at = due_at.unwrap_or(work.now.plus(HOUR));
    let id: WatchId = work.id();
    if work.tx.execute(&queries::KEEP_WATCH, &params![id, person, query, work.now, due_at])? == 0 {
        // Kept in another tab at the same time.
        let same: Option<(WatchId,)> = work.tx.optional(&queries::WATCH_LIKE, &params![person, query])?;
        return same.map(|(id,)| id).ok_or(DbError::Stale.into());
    }
    work.record(permit, id, "")?;
    Ok(id)
}

/// Lets a search be silent, or speak again: of groups that are opened from now on.
pub fn pause(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseWatch>,
    watch: WatchId,
    paused: bool,
) -> Result<(), AppError> {
    work.tx.execute(&queries::PAUSE_WATCH, &params![watch, permit.signed_in()?, paused, work.now])?;
    work.record(permit, watch, if paused { "paused" } else { "goes on" })?;
    Ok(())
}

/// Removes a search, with what it found.
pub fn remove(work: &mut Work<'_, '_>, permit: &Permit<UseWatch>, watch: WatchId) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    work.tx.execute(&queries::FORGET_FINDS, &params![watch, person])?;
    work.tx.execute(&queries::REMOVE_WATCH, &params![watch, person])?;
    work.record(permit, watch, "removed")?;
    Ok(())
}

/// Notes what searches found when they looked at the groups opened until an instant. Who is told of something is not
/// looked for before the next day.
///
/// # Errors
/// The database's error.
pub fn note(work: &mut Work<'_, '_>, at: Millis, looked: &[Looked]) -> Result<(), DbError> {
    let people: BTreeSet<PersonId> = looked.iter().map(|looked| looked.person).collect();
    let mut told = BTreeSet::new();
    for Looked { watch, person, groups } in looked {
        for group in groups {
            if work.tx.execute(&queries::FIND, &params![*watch, *group, at, *person])? > 0 {
                told.insert(*person);
            }
        }
        work.tx.execute(&queries::LOOKED, &params![*watch, at.plus(-OVERLAP_MILLIS)])?;
    }
    for person in people {
        let pause = if told.contains(&person) { DAY } else { HOUR };
        work.tx.execute(&queries::LOOK_AGAIN, &params![person, at.plus(pause)])?;
        if told.contains(&person) {
            work.emit(&Event::GroupsFound { person, at })?;
        }
    }
    Ok(())
}

/// Forgets what was found a while ago.
pub fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_OLD_FINDS, &params![work.now.plus(-FOUND_MILLIS)])?;
    Ok(())
}
