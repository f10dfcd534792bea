//! What an applicant sent is taken back while nobody was told of it; what of a decision is not told yet is not seen.

use super::super::{
    model::{
        Application, ApplicationState, Done, Path,
        sending::{Held, Sending},
    },
    queries::{self, sending as statements},
    rules::{self, sending as seen},
};
use crate::{
    groups,
    shell::{AppError, Work, outbox},
};
use mapalus_core::{
    EventId, MembershipState, Millis, Permit, PersonId, Refusal, RefusalKind, access::UseApplication,
};
use mapalus_db::{DbError, Tx, params};

/// How an application stands before a step of it is sent, as far as no page keeps it.
pub(super) struct Before {
    membership: Option<MembershipState>,
    remind_at: Option<Millis>,
}

/// How an application stands, before a step of it is sent.
pub(super) fn before(work: &mut Work<'_, '_>, application: &Application) -> Result<Before, DbError> {
    let standing = groups::standing_of(work.tx, application.group_id, Some(application.person_id))?;
    Ok(Before {
        membership: standing.and_then(|standing| standing.membership),
        remind_at: work.tx.scalar(&statements::ALARM, &params![application.id])?,
    })
}

/// Keeps how an application stood before a step of it was sent.
pub(super) fn keep(
    work: &mut Work<'_, '_>,
    (application, path): (&Application, &Path),
    before: &Before,
    (after, event): (&Application, Option<EventId>),
) -> Result<(), DbError> {
    let done: Vec<Done> = work.tx.all(&queries::DONE_STEPS, &params![application.id])?;
    let new = done.iter().filter(|done| path.behind(done.step_id).is_none());
    let steps = new.map(|done| done.step_id.to_string()).collect::<Vec<_>>().join(" ");
    let row = params![
        application.id,
        work.now,
        event,
        steps,
        application.state,
        application.place,
        application.step_since,
        application.sent_at,
        application.decided_at,
        application.carried_from,
        before.remind_at,
        before.membership,
        after.version
    ];
    work.tx.execute(&statements::KEEP_SENDING, &row)?;
    Ok(())
}

/// Takes back what one sent last, a form or the acceptance of an agreement, as long as nobody was told and nothing
/// happened since: it stands as before, with its answers.
///
/// # Errors
/// `joining-send-told`.
pub fn undo(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
) -> Result<(), AppError> {
    let too_late = || AppError::from(Refusal::new(RefusalKind::Conflict, "joining-send-told"));
    let kept: Option<Sending> = work.tx.optional(&statements::SENDING, &params![application.id])?;
    let of_now = |sending: &Sending| {
        sending.version_after == application.version && work.now.0 - sending.made_at.0 < work.undo_millis
    };
    let sending = kept.filter(of_now).ok_or_else(too_late)?;
    let (group, person) = (application.group_id, application.person_id);
    let now = groups::standing_of(work.tx, group, Some(person))?.and_then(|standing| standing.membership);
    if now != Some(rules::membership_of(application.state, application.place, path)) {
        return Err(too_late());
    }
    if let Some(event) = sending.event_id
        && !outbox::take_back(work, event)?
    {
        return Err(too_late());
    }
    for step in sending.steps() {
        work.tx.execute(&queries::UNDO_DONE, &params![application.id, step])?;
    }
    let row = params![
        application.id,
        sending.state_before,
        sending.place_before,
        sending.since_before,
        sending.sent_before,
        sending.decided_before,
        sending.carried_before,
        sending.remind_before,
        application.version
    ];
    work.tx.execute_one(&statements::UNSEND, &row)?;
    work.tx.execute(&statements::DROP_SENDING, &params![application.id])?;
    // Who had nothing to do with the group has left it; who was invited is so again.
    let to = sending.membership_before.unwrap_or(MembershipState::Left);
    if to == MembershipState::Invited && now == Some(MembershipState::Active) {
        groups::actions::move_membership(work, group, person, MembershipState::Applied, "undone")?;
    }
    if now != Some(to) {
        groups::actions::move_membership(work, group, person, to, "undone")?;
    }
    work.record(permit, application.id, "undone")?;
    Ok(())
}

/// What was decided on the applications of a person and is not told yet: one statement.
pub(in crate::joining) fn held_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    (now, undo_millis): (Millis, i64),
) -> Result<Vec<Held>, DbError> {
    tx.all(&statements::HELD_OF, &params![person, now.plus(-undo_millis)])
}

/// A draft was saved: from now on it is kept for its time anew.
pub(super) fn saved(work: &mut Work<'_, '_>, application: &Application) -> Result<(), DbError> {
    if application.state == ApplicationState::Draft {
        let row = params![application.id, work.now, seen::draft_look_at(work.now)];
        work.tx.execute(&statements::SAVED, &row)?;
    }
    Ok(())
}
