//! The record of who did what to what, when, why, and by which token if a program did it.

use super::{house::queries, work::Work};
use mapalus_core::{EventId, GroupId, Id, Millis, PersonId};
use mapalus_db::{DbError, Tx, params};

mapalus_db::record! {
    /// Something that was done in a group.
    #[derive(Debug, Clone)]
    pub struct Entry {
        /// Its id: later ones are greater.
        pub id: EventId,
        /// When.
        pub at: Millis,
        /// Who did it; none where nobody was signed in.
        pub actor: Option<PersonId>,
        /// The action, as the access table names it.
        pub action: String,
        /// The id of what it was done to.
        pub subject: String,
        /// A word for what became of it, or the reason that was given.
        pub why: String,
        /// The token, if a program did it.
        pub token: Option<String>,
    }
}

/// Which of the things that were done in a group are wanted.
#[derive(Debug, Clone)]
pub struct Sought<'s> {
    /// The group.
    pub group: GroupId,
    /// Names of actions; none gives nothing.
    pub actions: &'s [&'static str],
    /// Whoever did it, or to whom it was done.
    pub person: Option<PersonId>,
    /// From this instant on.
    pub from: Millis,
    /// Up to this instant, and not at it.
    pub to: Millis,
    /// Before this one.
    pub before: Option<EventId>,
}

/// What was done in a group, newest first.
///
/// # Errors
/// The database's error.
pub fn of_group(tx: &mut Tx<'_>, sought: &Sought<'_>, most: i64) -> Result<Vec<Entry>, DbError> {
    let (group, before) = (sought.group, sought.before.map_or_else(String::new, |id| id.to_string()));
    let person = sought.person.map_or_else(String::new, |id| id.to_string());
    let row = params![group, before, sought.from, sought.to, person, most];
    tx.all_in(&queries::RECORDS_IN, &row, sought.actions)
}

pub(super) fn record(
    work: &mut Work<'_, '_>,
    (action, group): (&str, Option<GroupId>),
    subject: impl std::fmt::Display,
    why: &str,
) -> Result<(), DbError> {
    let id = EventId::new(work.now, work.chance);
    let actor = work.actor.map(|person| person.to_string());
    let row = params![id, work.now.0, actor, action, subject.to_string(), why, work.token, group];
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
