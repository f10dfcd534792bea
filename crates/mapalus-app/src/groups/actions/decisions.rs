//! What is decided in the name of a group is noted for its members: with the write that does it, and gone if that is undone.

use super::super::queries::decisions as queries;
use crate::{
    groups::{
        Group,
        model::{
            Changed,
            decisions::{Decided, Kind, Reader, Topic},
        },
        rules::decisions as rules,
    },
    shell::{Work, paging::PAGE},
};
use mapalus_core::{DecisionId, GroupId, Id, Millis, PersonId};
use mapalus_db::{DbError, Tx, params};

/// Something that is decided.
#[derive(Debug, Clone)]
pub struct Decision<'d> {
    /// What.
    pub kind: Kind,
    /// The name of a thing, a number, a word or a sentence.
    pub what: &'d str,
    /// Who is named by it.
    pub named: Option<PersonId>,
    /// With whom they changed places.
    pub other: Option<PersonId>,
    /// Whom it concerns and who alone reads why.
    pub concerns: Option<(PersonId, &'d str)>,
}

impl<'d> Decision<'d> {
    /// A decision about a thing.
    pub fn of(kind: Kind, what: &'d str) -> Self {
        Self { kind, what, named: None, other: None, concerns: None }
    }

    /// The same, of somebody who is named.
    #[must_use]
    pub fn naming(mut self, person: PersonId) -> Self {
        self.named = Some(person);
        self
    }
}

/// Notes what was decided: members read it at once.
///
/// # Errors
/// The database's error.
pub fn made(work: &mut Work<'_, '_>, group: GroupId, decision: &Decision<'_>) -> Result<(), DbError> {
    note(work, group, decision, (None, work.now))
}

/// Notes what was decided and can be undone for a while: members read it when that is over. `cause` is what is undone then.
///
/// # Errors
/// The database's error.
pub fn held(
    work: &mut Work<'_, '_>,
    group: GroupId,
    decision: &Decision<'_>,
    cause: impl Id,
) -> Result<(), DbError> {
    let due = work.now.plus(work.undo_millis);
    note(work, group, decision, (Some(cause.to_string()), due))
}

fn note(
    work: &mut Work<'_, '_>,
    group: GroupId,
    decision: &Decision<'_>,
    (cause, due_at): (Option<String>, Millis),
) -> Result<(), DbError> {
    let id: DecisionId = work.id();
    let line = rules::line(decision.kind, id, work.now);
    let (person, why) = decision.concerns.map_or((None, ""), |(person, why)| (Some(person), why));
    let row = params![
        id,
        group,
        decision.kind.topic(),
        decision.kind,
        decision.what,
        decision.named,
        decision.other,
        person,
        why,
        line,
        cause,
        work.now,
        due_at
    ];
    work.tx.execute(&queries::DECIDE, &row)?;
    Ok(())
}

/// Forgets what was undone.
///
/// # Errors
/// The database's error.
pub fn undone(work: &mut Work<'_, '_>, cause: impl Id) -> Result<(), DbError> {
    work.tx.execute(&queries::UNDO, &params![cause.to_string()])?;
    Ok(())
}

/// Notes what a change of a group's page decides.
pub(super) fn of_change(work: &mut Work<'_, '_>, group: &Group, changed: &Changed) -> Result<(), DbError> {
    for (kind, what) in rules::decided(group, changed) {
        made(work, group.id, &Decision::of(kind, what))?;
    }
    Ok(())
}

/// Lines of the log of a group, one more than a page: of a topic, or all, from one on.
///
/// # Errors
/// The database's error.
pub fn log(
    tx: &mut Tx<'_>,
    group: GroupId,
    reader: Reader,
    now: Millis,
    (topic, after): (Option<Topic>, Option<DecisionId>),
) -> Result<Vec<Decided>, DbError> {
    let topic = topic.map_or("", Topic::word);
    let after = after.map_or_else(String::new, |id| id.to_string());
    let row = params![group, now, reader.person, reader.belongs, topic, after, PAGE + 1];
    tx.all(&queries::LOG, &row)
}
