//! What was done to a member is kept with what stood before, and undone as long as nobody was told.

use super::{
    super::queries::changes,
    decisions, rest,
    running::{lock, still_run},
    stands,
};
use crate::{
    groups::{
        Group,
        model::{Change, ChangeKind, ChangedRole, Stands},
        rules,
    },
    shell::{AppError, Work, outbox},
};
use mapalus_core::{
    Event, EventId, GroupId, LinkId, MembershipState, Permit, PersonId, Refusal, RefusalKind, Standing,
    access::{ChangeMembers, ChangeRoles, UndoChange},
    time::DAY,
};
use mapalus_db::{DbError, params};

/// What is kept of a change besides the roles.
pub(super) struct Kept {
    pub kind: ChangeKind,
    pub person: Option<PersonId>,
    pub invitation: Option<LinkId>,
    /// The membership before, where it moved.
    pub before: Option<Stands>,
    /// The event that tells of it, if it tells anybody.
    pub event: Option<EventId>,
    /// The version of the membership after it.
    pub version: Option<i64>,
    /// The version of the own membership after handing over.
    pub own_version: Option<i64>,
}

impl Kept {
    /// A change of a person's roles or membership of which nothing more is known yet.
    pub(super) fn of(kind: ChangeKind, person: PersonId) -> Self {
        Self {
            kind,
            person: Some(person),
            invitation: None,
            before: None,
            event: None,
            version: None,
            own_version: None,
        }
    }
}

/// Keeps what is done to one of a group's people by the one who does it. To be called before roles change hands.
pub(super) fn keep(
    work: &mut Work<'_, '_>,
    actor: PersonId,
    group: GroupId,
    kept: &Kept,
) -> Result<EventId, DbError> {
    let id: EventId = work.id();
    let before = kept.before.as_ref();
    let row = params![
        id,
        group,
        kept.kind,
        actor,
        kept.person,
        kept.invitation,
        work.now,
        kept.event,
        before.map(|before| before.state),
        before.map(|before| before.since),
        before.map(|before| before.changed_at),
        before.and_then(|before| before.changed_by),
        before.map(|before| before.why.as_str()),
        kept.version,
        kept.own_version
    ];
    work.tx.execute(&changes::KEEP, &row)?;
    Ok(id)
}

/// Counts a change that leaves the state of a membership; gives its version then.
pub(super) fn touch(work: &mut Work<'_, '_>, group: GroupId, person: PersonId) -> Result<i64, AppError> {
    work.tx.execute_one(&changes::TOUCH, &params![group, person])?;
    let stands = stands(work, group, person)?.ok_or_else(Refusal::not_found)?;
    Ok(stands.version)
}

/// What is to be undone: the latest that one did to a person, or an invitation of one's own.
#[derive(Debug, Clone, Copy)]
pub enum Target {
    /// A person of the group.
    Person(PersonId),
    /// An invitation.
    Invitation(LinkId),
}

/// One's own change that is to be undone, if there is one.
pub fn found(
    work: &mut Work<'_, '_>,
    actor: PersonId,
    group: GroupId,
    target: Target,
) -> Result<Option<Change>, DbError> {
    match target {
        Target::Person(person) => work.tx.optional(&changes::LATEST, &params![actor, group, person]),
        Target::Invitation(link) => work.tx.optional(&changes::INVITED, &params![actor, group, link]),
    }
}

/// Undoes what one did, as long as nobody was told and nothing has happened to the member since. Roles that have
/// changed meanwhile are not given back, nor what one could not give now.
pub fn undo(
    work: &mut Work<'_, '_>,
    permit: &Permit<UndoChange>,
    standing: &Standing,
    group: &Group,
    target: Target,
) -> Result<(), AppError> {
    let too_late = || AppError::from(Refusal::new(RefusalKind::Conflict, "groups-too-late"));
    let actor = permit.signed_in()?;
    lock(work, group.id)?;
    // Read when nobody else of the group can change it any more.
    let change = found(work, actor, group.id, target)?.ok_or_else(too_late)?;
    match change.kind {
        ChangeKind::Membership | ChangeKind::Invitation => {
            standing.permit::<ChangeMembers>()?;
        }
        ChangeKind::Roles => {
            standing.permit::<ChangeRoles>()?;
        }
        // Who handed over holds nothing any more, who declined held nothing: that the own membership is as it was
        // then is enough.
        ChangeKind::HandOver | ChangeKind::Decline => {}
    }
    let now = match change.person_id {
        Some(person) => stands(work, group.id, person)?.map(|stands| stands.version),
        None => None,
    };
    let own = stands(work, group.id, actor)?.map(|stands| stands.version);
    rules::may_undo(&change, (now, own), work.now, work.undo_millis)?;
    let roles: Vec<ChangedRole> = work.tx.all(&changes::CHANGED_ROLES, &params![change.id])?;
    rules::may_undo_roles(change.kind, group.standing().permissions, &roles)?;
    if let Some(event) = change.event_id
        && !outbox::take_back(work, event)?
    {
        return Err(too_late());
    }
    if work.tx.execute(&changes::UNDO, &params![change.id, work.now])? == 0 {
        return Err(too_late());
    }
    if let Some(invitation) = change.invitation_id
        && work.tx.execute(&changes::UNDO_INVITATION, &params![invitation])? == 0
    {
        return Err(too_late());
    }
    if change.kind == ChangeKind::Decline {
        work.tx.execute(&changes::REOPEN, &params![group.id, change.person_id, change.made_at])?;
    }
    if let (Some(person), Some(version)) = (change.person_id, change.version_after) {
        put_back(work, group.id, person, (&change, version))?;
    }
    if !roles.is_empty() {
        work.tx.execute(&changes::TAKE_GIVEN, &params![change.id])?;
        work.tx.execute(&changes::GIVE_BACK, &params![change.id, group.id])?;
        if change.actor_version_after.is_some() {
            touch(work, group.id, actor)?;
        }
    }
    rest::settle(work, group.id)?;
    still_run(work, group.id)?;
    decisions::undone(work, change.id)?;
    match change.person_id {
        Some(person) => work.record(permit, person, "undone")?,
        None => work.record(permit, group.id, "undone")?,
    }
    Ok(())
}

/// The membership as it stood before; of roles alone, one version on.
fn put_back(
    work: &mut Work<'_, '_>,
    group: GroupId,
    person: PersonId,
    (change, version): (&Change, i64),
) -> Result<(), AppError> {
    let moved = !matches!(change.kind, ChangeKind::Roles | ChangeKind::HandOver);
    if !moved {
        touch(work, group, person)?;
        return Ok(());
    }
    let Some(state) = change.state_before else {
        work.tx.execute_one(&changes::TAKE_AWAY, &params![group, person, version])?;
        work.emit(&Event::MembershipChanged { group, person, state: MembershipState::Left })?;
        return Ok(());
    };
    let row = params![
        group,
        person,
        state,
        change.since_before.unwrap_or(work.now),
        change.changed_at_before.unwrap_or(work.now),
        change.changed_by_before,
        change.why_before.as_deref().unwrap_or(""),
        version
    ];
    work.tx.execute_one(&changes::PUT_BACK, &row)?;
    work.emit(&Event::MembershipChanged { group, person, state })?;
    Ok(())
}

/// Forgets what cannot be undone any more: reasons stand in it; and invitations that have ended.
pub fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let day_ago = work.now.plus(-DAY);
    work.tx.execute(&changes::FORGET_OLD_ROLES, &params![day_ago])?;
    work.tx.execute(&changes::FORGET_OLD, &params![day_ago])?;
    work.tx.execute(&changes::FORGET_ENDED, &params![work.now])?;
    Ok(())
}
