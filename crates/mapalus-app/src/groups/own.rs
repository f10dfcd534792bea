//! What is stored of a person here: given to them, forgotten, deleted after its time.

use super::{actions, drafts, model, queries, watches};
use crate::shell::{Work, text::machine};
use mapalus_core::{Millis, PersonId};
use mapalus_db::{DbError, Tx, params};

/// Forgets a person who was erased: memberships end, roles are free.
///
/// # Errors
/// The database's error.
pub fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::roles::DISMISS_EVERYWHERE, &params![person])?;
    work.tx.execute(&queries::changes::FORGET_ROLES_OF, &params![person])?;
    work.tx.execute(&queries::changes::FORGET_OF, &params![person])?;
    work.tx.execute(&queries::changes::FORGET_INVITATIONS_OF, &params![person])?;
    work.tx.execute(&queries::FORGET_WHY, &params![person])?;
    work.tx.execute(&queries::watches::FORGET_FINDS_OF, &params![person])?;
    work.tx.execute(&queries::watches::FORGET_WATCHES_OF, &params![person])?;
    work.tx.execute(&queries::doors::FORGET_DOORS_OF, &params![person])?;
    work.tx.execute(&queries::links::FORGET_TAKEN_BY, &params![person])?;
    work.tx.execute(&queries::links::END_LINKS_OF, &params![person, work.now])?;
    work.tx.execute(&queries::drafts::FORGET_DRAFTS, &params![person])?;
    work.tx.execute(&queries::drafts::FORGET_DRAFT_ENDS, &params![person])?;
    work.tx.execute(&queries::decisions::FORGET_NAMED, &params![person])?;
    work.tx.execute(&queries::decisions::FORGET_OTHER, &params![person])?;
    work.tx.execute(&queries::decisions::FORGET_PERSON, &params![person])?;
    work.tx.execute(&queries::marks::FORGET_ANSWERER, &params![person])?;
    work.tx.execute(&queries::marks::FORGET_JUDGE, &params![person])?;
    work.tx.execute(&queries::END_MEMBERSHIPS, &params![person, work.now])?;
    Ok(())
}

/// Deletes what has had its time.
///
/// # Errors
/// The database's error.
pub(crate) fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    actions::doors::sweep(work)?;
    actions::drafts::sweep(work)?;
    actions::ending::sweep(work)?;
    actions::links::sweep(work)?;
    actions::watches::sweep(work)?;
    actions::undo::sweep(work)
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId) -> Result<serde_json::Value, DbError> {
    let rows: Vec<model::OwnMembership> = tx.all(&queries::MEMBERSHIPS_OF, &params![person])?;
    let row = |own: model::OwnMembership| {
        serde_json::json!({
            "group": own.name,
            "state": own.state,
            "since": machine(own.since),
            "changed_at": machine(own.changed_at),
            "why": own.why,
        })
    };
    let invitations: Vec<model::OwnInvitation> =
        tx.all(&queries::changes::INVITATIONS_OF, &params![person])?;
    let invitation = |own: &model::OwnInvitation| {
        serde_json::json!({
            "group": own.name,
            "mail": own.mail,
            "state": own.state,
            "made_at": machine(own.made_at),
        })
    };
    let roles: Vec<(String, String, Millis)> = tx.all(&queries::roles::ALL_ROLES_OF, &params![person])?;
    let role = |(group, name, since): &(String, String, Millis)| serde_json::json!({ "group": group, "role": name, "since": machine(*since) });
    let drafts = drafts(tx, person)?;
    let made: Vec<model::OwnLink> = tx.all(&queries::links::LINKS_OF, &params![person])?;
    let taken: Vec<model::OwnLink> = tx.all(&queries::links::TAKEN_BY, &params![person])?;
    let link = |own: &model::OwnLink| serde_json::json!({ "group": own.name, "note": own.note, "at": machine(own.at) });
    let decided: Vec<model::decisions::OwnDecision> =
        tx.all(&queries::decisions::OF_PERSON, &params![person])?;
    let decision = |own: &model::decisions::OwnDecision| serde_json::json!({ "group": own.name, "decision": own.kind, "what": own.what, "why": own.why, "at": machine(own.made_at) });
    let answered: Vec<(String, String, Millis)> = tx.all(&queries::marks::ANSWERS_OF, &params![person])?;
    let answer = |(group, text, at): &(String, String, Millis)| serde_json::json!({ "group": group, "text": text, "at": machine(*at) });
    let (watches, _) = watches(tx, person)?;
    let watch = |own: &model::Watch| serde_json::json!({ "query": own.query, "made_at": machine(own.made_at), "paused": own.paused });
    let doors: Vec<(String, Millis)> = tx.all(&queries::doors::ALL_DOORS_OF, &params![person])?;
    let door =
        |(group, at): &(String, Millis)| serde_json::json!({ "group": group, "made_at": machine(*at) });
    Ok(serde_json::json!({
        "decisions": decided.iter().map(decision).collect::<Vec<_>>(),
        "answers_for_hidden_groups": answered.iter().map(answer).collect::<Vec<_>>(),
        "groups_waited_for": doors.iter().map(door).collect::<Vec<_>>(),
        "searches": watches.iter().map(watch).collect::<Vec<_>>(),
        "links_made": made.iter().map(link).collect::<Vec<_>>(),
        "links_taken": taken.iter().map(link).collect::<Vec<_>>(),
        "roles": roles.iter().map(role).collect::<Vec<_>>(),
        "memberships": rows.into_iter().map(row).collect::<Vec<_>>(),
        "invitations": invitations.iter().map(invitation).collect::<Vec<_>>(),
        "drafts": drafts.into_iter().map(model::DraftView::from).collect::<Vec<_>>(),
    }))
}
