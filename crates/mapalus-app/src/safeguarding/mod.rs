//! Safeguarding: which ages a group takes, who in it looks after the safety of minors and other vulnerable people, and
//! what is reported to them.
//!
//! Words: a group takes *ages*, from 13, 16 or 18 on; its *safeguarding people* are appointed by two: one *proposes*,
//! another *confirms*; a *concern* is what somebody reports to them. Nobody else reads it, whoever runs the group, and
//! none of them whom it is about. Owns: `safeguards`, `safeguard_proposals`, `concerns`, `concern_bars`.
//! Emits: `SafeguardProposed`, `SafeguardAppointed`, `SafeguardEnded`, `ConcernReported`.

pub(crate) mod actions;
pub(crate) mod api;
pub mod model;
pub mod notice;
pub(crate) mod pages;
mod queries;
pub mod rules;

pub use pages::{
    concern::{ConcernPage, ConcernsPage, OneConcernPage},
    manage::SafeguardingPage,
    operator::ProposalsPage,
};
pub use queries::STATEMENTS;

use crate::{
    groups::{self, Group},
    people,
    shell::{AppError, Cx, Routes, Work},
};
use mapalus_core::{
    ByToken, GroupId, Millis, PersonId, Scope, Standing,
    access::{
        ChangeGroup, ConfirmForGroup, ConfirmSafeguard, ProposeSafeguard, ReadConcerns, ReportConcern,
        SeeSafeguarding,
    },
    time::DAY,
};
use mapalus_db::{DbError, Tx, params};

/// The routes of this slice.
pub fn routes() -> Routes {
    let page = "/groups/{group}/safeguarding";
    Routes::new()
        .get::<SeeSafeguarding, _, _>(page, pages::manage::show)
        .post::<ChangeGroup, _, _>("/groups/{group}/safeguarding/ages", pages::manage::set_ages)
        .post::<ProposeSafeguard, _, _>("/groups/{group}/safeguarding/propose", pages::manage::propose)
        .post::<ProposeSafeguard, _, _>(
            "/groups/{group}/safeguarding/{proposal}/cancel",
            pages::manage::cancel,
        )
        .post::<ConfirmSafeguard, _, _>(
            "/groups/{group}/safeguarding/{proposal}/confirm",
            pages::manage::confirm,
        )
        .get::<ReportConcern, _, _>("/groups/{group}/concern", pages::concern::form)
        .post::<ReportConcern, _, _>("/groups/{group}/concern", pages::concern::report)
        .get::<ReadConcerns, _, _>("/groups/{group}/concerns", pages::concern::list)
        .post::<ReadConcerns, _, _>("/groups/{group}/concerns/leave", pages::concern::leave)
        .get::<ReadConcerns, _, _>("/groups/{group}/concerns/{concern}", pages::concern::one)
        .post::<ReadConcerns, _, _>("/groups/{group}/concerns/{concern}/close", pages::concern::close)
        .get::<ConfirmForGroup, _, _>("/admin/safeguarding", pages::operator::list)
        .post::<ConfirmForGroup, _, _>("/admin/safeguarding/{proposal}/confirm", pages::operator::confirm)
        .and(api_routes())
}

fn api_routes() -> Routes {
    let never = ByToken::Never;
    let group = "/api/v1/groups/{group}/safeguarding";
    let (proposals, proposal) = (
        "/api/v1/groups/{group}/safeguarding/proposals",
        "/api/v1/groups/{group}/safeguarding/proposals/{proposal}",
    );
    let (concerns, concern) =
        ("/api/v1/groups/{group}/concerns", "/api/v1/groups/{group}/concerns/{concern}");
    Routes::new()
        .api_get::<SeeSafeguarding, _, _>(Scope::GroupsRead, group, api::show)
        .api_put::<ChangeGroup, _, _>(Scope::GroupsWrite, group, api::set_ages)
        .api_post::<ProposeSafeguard, _, _>(Scope::MembersWrite, proposals, api::propose)
        .api_delete::<ProposeSafeguard, _, _>(Scope::MembersWrite, proposal, api::cancel)
        .api_post::<ConfirmSafeguard, _, _>(
            never,
            "/api/v1/groups/{group}/safeguarding/proposals/{proposal}/confirm",
            api::confirm,
        )
        .api_post::<ReportConcern, _, _>(never, concerns, api::report)
        .api_get::<ReadConcerns, _, _>(never, concerns, api::list)
        .api_get::<ReadConcerns, _, _>(never, concern, api::one)
        .api_post::<ReadConcerns, _, _>(never, "/api/v1/groups/{group}/concerns/{concern}/close", api::close)
        .api_post::<ReadConcerns, _, _>(never, "/api/v1/groups/{group}/safeguarding/leave", api::leave)
        .api_get::<ConfirmForGroup, _, _>(never, "/api/v1/safeguarding/proposals", api::waiting)
        .api_post::<ConfirmForGroup, _, _>(
            never,
            "/api/v1/safeguarding/proposals/{proposal}/confirm",
            api::confirm_for_group,
        )
}

/// A group with how the one who asks stands to it, also as one of its safeguarding people.
///
/// # Errors
/// Not found, if there is no such group.
pub(crate) fn standing(tx: &mut Tx<'_>, cx: &Cx, group: &str) -> Result<(Group, Standing), AppError> {
    let (group, standing) = groups::standing(tx, cx, group)?;
    let safeguards = match cx.person() {
        Some(person) => tx.scalar::<i64>(&queries::IS_SAFEGUARD, &params![group.id, person])? > 0,
        None => false,
    };
    Ok((group, Standing { safeguards, ..standing }))
}

/// A group with how one who reports a concern stands to it: their own it is as the guardian of one of its people.
///
/// # Errors
/// Not found, if there is no such group.
fn standing_of_reporter(tx: &mut Tx<'_>, cx: &Cx, group: &str) -> Result<(Group, Standing), AppError> {
    let (group, standing) = groups::standing(tx, cx, group)?;
    let owner = match cx.person() {
        Some(person) => tx.scalar::<i64>(&queries::WARDS_IN, &params![person, group.id])? > 0,
        None => false,
    };
    Ok((group, Standing { owner, ..standing }))
}

/// Whether a group takes a person of that age, and is ready for them. Adults it always does.
///
/// # Errors
/// `safeguarding-age` with the age from which it takes people, `safeguarding-nobody` if nobody looks after minors.
pub fn may_join(tx: &mut Tx<'_>, group: &Group, person: PersonId, now: Millis) -> Result<(), AppError> {
    let Some(young) = people::young(tx, person)? else {
        return Ok(());
    };
    let appointed = actions::safeguards(tx, group.id)?.len();
    Ok(rules::may_join(group.youngest, young.ages(now), appointed)?)
}

/// Takes back what waits in a group that was closed for good.
///
/// # Errors
/// The database's error.
pub fn settle_ended(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), DbError> {
    work.tx.execute(&queries::END_PROPOSALS, &params![group])?;
    work.tx.execute(&queries::END_SAFEGUARDS, &params![group])?;
    Ok(())
}

/// Forgets a person who was erased. What they reported stays for those who look into it, without their name.
///
/// # Errors
/// The database's error.
pub fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_REPORTER, &params![person])?;
    work.tx.execute(&queries::FORGET_BARS_OF, &params![person])?;
    work.tx.execute(&queries::FORGET_PROPOSALS_OF, &params![person])?;
    work.tx.execute(&queries::FORGET_SAFEGUARD, &params![person])?;
    Ok(())
}

/// Deletes concerns a year after they were closed, or after the end of their group, and proposals that nobody confirmed.
///
/// # Errors
/// The database's error.
pub fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let before = work.now.plus(-rules::KEPT_DAYS * DAY);
    work.tx.execute(&queries::FORGET_OLD_BARS, &params![before])?;
    work.tx.execute(&queries::FORGET_OLD_CONCERNS, &params![before])?;
    let proposed = work.now.plus(-rules::PROPOSED_DAYS * DAY);
    work.tx.execute(&queries::FORGET_OLD_PROPOSALS, &params![proposed])?;
    Ok(())
}

/// Appoints somebody, without asking: for groups of the demonstration.
pub(crate) fn appoint(
    work: &mut Work<'_, '_>,
    group: GroupId,
    person: PersonId,
    (proposed_by, confirmed_by): (PersonId, PersonId),
) -> Result<(), DbError> {
    let row = params![group, person, work.now, proposed_by, confirmed_by];
    work.tx.execute(&queries::APPOINT, &row)?;
    Ok(())
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId) -> Result<serde_json::Value, DbError> {
    use crate::shell::text::machine;
    let reported: Vec<model::OwnConcern> = tx.all(&queries::REPORTED_BY, &params![person])?;
    let appointed: Vec<(String, Millis)> = tx.all(&queries::APPOINTED_IN, &params![person])?;
    let concern = |own: &model::OwnConcern| serde_json::json!({ "group": own.name, "text": own.text, "made_at": machine(own.made_at) });
    let one =
        |(group, since): &(String, Millis)| serde_json::json!({ "group": group, "since": machine(*since) });
    Ok(serde_json::json!({
        "concerns_reported": reported.iter().map(concern).collect::<Vec<_>>(),
        "appointed_in": appointed.iter().map(one).collect::<Vec<_>>(),
    }))
}
