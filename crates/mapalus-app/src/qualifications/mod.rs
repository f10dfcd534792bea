//! Qualifications: licences, trainings and clearances that people hold, and what groups have seen of them.
//!
//! Words: a *kind* is the instance's (a data file) or a group's own; its *holder* states a qualification; a group has
//! *seen* one when somebody who may looked at the document: what, by whom, when, until when it holds, and never the
//! document; a *clearance* says something of a person's past and is shown to its holder and those who check alone.
//! Owns: `qualification_kinds`, `qualifications`, `sights`, `end_reminders`. Emits: `QualificationSeen`,
//! `SightWithdrawn`, `QualificationsChanged`, `QualificationEnds`.
//!
//! Published to slices above: `qualification_kinds.id`, `qualification_kinds.name`, `qualification_kinds.group_id`,
//! `qualification_kinds.clearance`, `qualifications.id`, `qualifications.person_id`, `qualifications.kind`,
//! `sights.qualification_id`, `sights.group_id`, `sights.valid_until`, `sights.ended_at`.

pub mod actions;
pub(crate) mod api;
pub mod kinds;
pub mod model;
pub mod notice;
pub mod pages;
mod queries;
pub mod rules;

pub use actions::{remind, settle_ended};
pub use pages::{HeldPage, MinePage};
pub use queries::STATEMENTS;

use crate::{
    people::profile::Closeness,
    shell::{AppError, Cx, Routes, Work, text::machine},
};
use mapalus_core::{
    GroupId, KindId, Millis, PersonId, Refusal, Scope, SeenId, Standing,
    access::{SeePublic, UseAccount, UseQualification},
};
use mapalus_db::{DbError, Tx, params};
use model::{Glance, Held, Known, OwnKind, Sight};

/// The routes of this slice; those of a group stand in `groups`.
pub fn routes() -> Routes {
    let (read, write) = (Scope::ProfileRead, Scope::ProfileWrite);
    let (all, one) = ("/api/v1/me/qualifications", "/api/v1/me/qualifications/{qualification}");
    Routes::new()
        .get::<UseAccount, _, _>("/me/qualifications", pages::mine)
        .post::<UseAccount, _, _>("/me/qualifications", pages::state)
        .get::<UseQualification, _, _>("/me/qualifications/{qualification}", pages::one)
        .post::<UseQualification, _, _>("/me/qualifications/{qualification}", pages::correct)
        .post::<UseQualification, _, _>("/me/qualifications/{qualification}/remove", pages::remove)
        .api_get::<SeePublic, _, _>(Scope::GroupsRead, "/api/v1/qualification-kinds", api::kinds)
        .api_get::<UseAccount, _, _>(read, all, api::mine)
        .api_post::<UseAccount, _, _>(write, all, api::state)
        .api_get::<UseQualification, _, _>(read, one, api::one)
        .api_put::<UseQualification, _, _>(write, one, api::correct)
        .api_delete::<UseQualification, _, _>(write, one, api::remove)
}

/// A qualification of the one who asks, with how they stand to it: it is theirs.
fn own(tx: &mut Tx<'_>, cx: &Cx, text: &str) -> Result<(Held, Standing), AppError> {
    let found: Option<Held> = match (cx.person(), text.parse::<mapalus_core::QualificationId>()) {
        (Some(_), Ok(id)) => tx.optional(&queries::HELD, &params![id])?,
        _ => None,
    };
    let found = found.filter(|held| Some(held.person_id) == cx.person());
    let standing = Standing { owner: found.is_some(), ..cx.standing() };
    standing.permit::<UseQualification>()?;
    Ok((found.ok_or_else(Refusal::not_found)?, standing))
}

/// What a person holds, as one this close sees it: by name.
///
/// # Errors
/// The database's error.
pub fn shown(
    tx: &mut Tx<'_>,
    person: PersonId,
    closeness: Closeness,
    now: Millis,
) -> Result<Vec<Held>, DbError> {
    let mut held = queries::held_by(tx, person)?;
    held.retain(|held| rules::shows(held.audience, held.is_clearance(), closeness) && !held.over(&now));
    Ok(held)
}

/// What a person holds as those who check for a group see it, with what this group has seen, newest first.
///
/// # Errors
/// The database's error.
pub fn for_checker(
    tx: &mut Tx<'_>,
    group: GroupId,
    person: PersonId,
) -> Result<(Vec<Held>, Vec<Sight>), DbError> {
    let (mut held, mut sights) = (queries::held_by(tx, person)?, queries::sights_of(tx, person)?);
    sights.retain(|sight| sight.group_id == group);
    held.retain(|held| {
        let here = sights.iter().any(|sight| sight.qualification_id == held.id);
        rules::shows_to_checker(held.audience, here)
    });
    Ok((held, sights))
}

/// A sight of a group, with whose document it was.
///
/// # Errors
/// Not found, if there is none.
pub fn sight(tx: &mut Tx<'_>, group: GroupId, text: &str) -> Result<(Sight, PersonId), AppError> {
    let id: SeenId = text.parse().map_err(|_| Refusal::not_found())?;
    let sight = queries::sight(tx, group, id)?.ok_or_else(Refusal::not_found)?;
    let person = tx.scalar(&queries::HOLDER, &params![sight.qualification_id])?;
    Ok((sight, person))
}

/// What a group has seen of these people.
///
/// # Errors
/// The database's error.
pub fn glances(tx: &mut Tx<'_>, group: GroupId, people: &[PersonId]) -> Result<Vec<Glance>, DbError> {
    queries::glances(tx, group, people)
}

/// The kinds that a group made, also those that it no longer offers.
///
/// # Errors
/// The database's error.
pub fn kinds_of(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<OwnKind>, DbError> {
    queries::kinds(tx, group)
}

/// One of the kinds that a group made and offers.
///
/// # Errors
/// Not found, if there is none.
pub fn kind_of(tx: &mut Tx<'_>, group: GroupId, text: &str) -> Result<OwnKind, AppError> {
    let id: KindId = text.parse().map_err(|_| Refusal::not_found())?;
    let found = queries::kind(tx, id)?.filter(|kind| kind.group_id == group && kind.retired_at.is_none());
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// The kinds that a group knows, with their names.
///
/// # Errors
/// The database's error.
pub fn known(tx: &mut Tx<'_>, group: GroupId) -> Result<Known, DbError> {
    Ok(Known::with(&queries::kinds(tx, group)?))
}

/// Forgets a person who was erased: what they held, what was seen of it, who saw others'.
///
/// # Errors
/// The database's error.
pub fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_REMINDERS, &params![person])?;
    work.tx.execute(&queries::FORGET_SIGHTS, &params![person])?;
    work.tx.execute(&queries::FORGET_HELD, &params![person])?;
    work.tx.execute(&queries::FORGET_SEER, &params![person])?;
    work.tx.execute(&queries::FORGET_ENDER, &params![person])?;
    Ok(())
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId) -> Result<serde_json::Value, DbError> {
    let held: Vec<Held> = tx.all(&queries::ALL_OF, &params![person])?;
    let sights = queries::sights_of(tx, person)?;
    let seen = |sight: &&Sight| {
        serde_json::json!({
            "group": sight.group_name,
            "valid_until": sight.valid_until.map(|day| day.to_string()),
            "seen_at": machine(sight.seen_at),
            "seen_by": sight.seer,
            "ended_at": sight.ended_at.map(machine),
            "reason": sight.reason,
        })
    };
    let one = |held: &Held| {
        let own = sights.iter().filter(|sight| sight.qualification_id == held.id);
        serde_json::json!({
            "kind": held.kind,
            "name": held.kind_name,
            "number": held.number,
            "issuer": held.issuer,
            "issued_on": held.issued_on.map(|day| day.to_string()),
            "valid_until": held.valid_until.map(|day| day.to_string()),
            "shown_to": held.audience,
            "seen": own.collect::<Vec<_>>().iter().map(seen).collect::<Vec<_>>(),
        })
    };
    Ok(held.iter().map(one).collect())
}
