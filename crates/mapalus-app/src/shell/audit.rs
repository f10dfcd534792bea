//! The record of who did what to what, when, why, and by which token if a program did it.

use super::{house::queries, work::Work};
use mapalus_core::{EventId, Id};
use mapalus_db::{DbError, params};

pub(super) fn record(
    work: &mut Work<'_, '_>,
    action: &str,
    subject: impl std::fmt::Display,
    why: &str,
) -> Result<(), DbError> {
    let id = EventId::new(work.now, work.chance);
    let actor = work.actor.map(|person| person.to_string());
    let row = params![id, work.now.0, actor, action, subject.to_string(), why, work.token];
    work.tx.execute(&queries::RECORD, &row)?;
    Ok(())
}

pub(super) fn forget_words(
    work: &mut Work<'_, '_>,
    action: &str,
    subjects: &[String],
) -> Result<(), DbError> {
    work.tx.execute_in(&queries::FORGET_WORDS, &params![action], subjects)?;
    Ok(())
}
