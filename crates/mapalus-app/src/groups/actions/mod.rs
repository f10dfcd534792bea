//! Groups are opened; memberships move from state to state, and every move is recorded.

pub(crate) mod decisions;
pub(crate) mod doors;
pub(crate) mod drafts;
pub(crate) mod ending;
pub(crate) mod invite;
pub(crate) mod links;
pub(crate) mod marks;
pub(crate) mod rest;
pub(crate) mod running;
pub(crate) mod undo;
pub(crate) mod watches;

use super::{
    model::{Group, NewGroup, Openness, Stands, decisions::Kind},
    queries, rules,
};
use crate::{
    people::{self, guardian::Ages},
    shell::{AppError, Work, text},
};
use decisions::Decision;
use mapalus_core::{
    Event, GroupId, GroupVisibility, MembershipState, Permissions, Permit, PersonId, Refusal, RefusalKind,
    RoleId,
    access::{LeaveGroup, OpenGroup},
};
use mapalus_db::{DbError, Tx, params};

/// A group that was opened.
#[derive(Debug, Clone)]
pub struct Opened {
    /// The group.
    pub id: GroupId,
    /// Its part of the address.
    pub slug: String,
    /// Its roles by their key in the template.
    pub roles: Vec<(String, RoleId)>,
}

/// Opens a group; the one who opens it is its first member and coordinator.
pub fn open(
    work: &mut Work<'_, '_>,
    permit: &Permit<OpenGroup>,
    group: &NewGroup,
) -> Result<Opened, AppError> {
    let founder = permit.signed_in()?;
    if people::young(work.tx, founder)?.is_some() {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-open-minor").into());
    }
    let id: GroupId = work.id();
    let base = text::slug(&group.name);
    // A shared name gets a number; after a few, the end of its id, which is shared with none.
    let tail = id.to_string().split_off(28);
    // The address of a group that is not public cannot be guessed from its name.
    let plain = std::iter::once(base.clone()).chain((2..6).map(|n| format!("{base}-{n}")));
    let public = group.visibility == GroupVisibility::Public;
    let mut slugs = plain.filter(|_| public).chain([format!("{base}-{tail}")]);
    let slug = loop {
        let slug = slugs.next().ok_or(AppError::internal("no address is free for a group"))?;
        if !is_taken_word(&slug) && queries::make(work.tx, id, &slug, group, work.now)? {
            break slug;
        }
    };
    move_membership(work, id, founder, MembershipState::Active, "founder")?;
    let mut roles = Vec::with_capacity(group.roles.len());
    for (place, role) in (0i64..).zip(&group.roles) {
        let role_id: RoleId = work.id();
        queries::roles::add_role(work.tx, role_id, id, place, role)?;
        if role.permissions == Permissions::all() {
            queries::roles::appoint(work.tx, role_id, founder, id, work.now, Some(founder))?;
        }
        roles.push((role.key.clone(), role_id));
    }
    work.record_in(permit, id, id, "")?;
    decisions::made(work, id, &Decision::of(Kind::Opened, ""))?;
    work.emit(&Event::GroupOpened { group: id, by: founder })?;
    Ok(Opened { id, slug, roles })
}

/// Words that stand in the address where a group's name does; an id there is a group's id.
fn is_taken_word(slug: &str) -> bool {
    matches!(slug, "new" | "near" | "map" | "feed") || slug.parse::<GroupId>().is_ok()
}

/// Appoints a member to a role, without asking: for groups that the demonstration opens.
pub(crate) fn appoint(
    work: &mut Work<'_, '_>,
    group: GroupId,
    role: RoleId,
    person: PersonId,
) -> Result<(), DbError> {
    queries::roles::appoint(work.tx, role, person, group, work.now, work.actor)
}

/// Sets how one becomes a member of a group that stands as it was read. Called by the slice that knows its path,
/// after its own permit.
pub(crate) fn set_openness(
    work: &mut Work<'_, '_>,
    group: &Group,
    openness: Openness,
) -> Result<(), DbError> {
    work.tx.execute_one(&queries::SET_OPENNESS, &params![group.id, openness, group.version])?;
    work.emit(&Event::GroupChanged { group: group.id })?;
    Ok(())
}

/// Sets whom a group takes that stands as it was read, and whether it works with vulnerable people. Called by the slice
/// that looks after their safety, after its own permit.
pub(crate) fn set_ages(
    work: &mut Work<'_, '_>,
    group: &Group,
    (youngest, vulnerable): (Ages, bool),
) -> Result<(), DbError> {
    work.tx.execute_one(&queries::SET_AGES, &params![group.id, youngest, vulnerable, group.version])?;
    if youngest != group.youngest {
        decisions::made(work, group.id, &Decision::of(Kind::Ages, youngest.word()))?;
    }
    if vulnerable != group.vulnerable {
        decisions::made(work, group.id, &Decision::of(Kind::Vulnerable, rules::decisions::yes(vulnerable)))?;
    }
    work.emit(&Event::GroupChanged { group: group.id })?;
    Ok(())
}

/// Takes a group, so that two changes that must see each other do. For slices above, after their own permit.
pub(crate) fn hold(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), DbError> {
    work.tx.execute_one(&queries::LOCK, &params![group])
}

/// A membership as it stands.
fn stands(work: &mut Work<'_, '_>, group: GroupId, person: PersonId) -> Result<Option<Stands>, DbError> {
    work.tx.optional(&queries::changes::STANDS, &params![group, person])
}

/// Moves a membership to a state, if the rules allow that move. Called by the actions of this slice and
/// of those above, after their own permit.
pub(crate) fn move_membership(
    work: &mut Work<'_, '_>,
    group: GroupId,
    person: PersonId,
    to: MembershipState,
    why: &str,
) -> Result<(), AppError> {
    let now = stands(work, group, person)?;
    rules::may_move(now.as_ref().map(|now| now.state), to)?;
    match &now {
        None => {
            let row = params![group, person, to, work.now, work.actor, why];
            if work.tx.execute(&queries::BEGIN_MEMBERSHIP, &row)? == 0 {
                return Err(Refusal::new(RefusalKind::Changed, "refusal-changed").into());
            }
        }
        Some(standing) => {
            let joins = to.belongs() && !standing.state.belongs();
            let row = params![group, person, to, work.now, work.actor, why, joins, standing.version];
            work.tx.execute_one(&queries::MOVE_MEMBERSHIP, &row)?;
        }
    }
    if !to.belongs() && to != MembershipState::Suspended {
        work.tx.execute(&queries::roles::DISMISS, &params![group, person])?;
    }
    work.emit(&Event::MembershipChanged { group, person, state: to })?;
    Ok(())
}

/// Counts that one who is invited has acted: the invitation is not undone under their hands. Called by the slice in
/// which they act, after its own permit.
pub(crate) fn acted(work: &mut Work<'_, '_>, group: GroupId, person: PersonId) -> Result<(), DbError> {
    work.tx.execute_one(&queries::changes::TOUCH, &params![group, person])
}

/// Whether one may leave: the last coordinator stays.
///
/// # Errors
/// The database's error; within, `groups-last-coordinator`.
pub fn may_leave(
    tx: &mut Tx<'_>,
    permit: &Permit<LeaveGroup>,
    group: GroupId,
    held: Permissions,
) -> Result<Result<(), Refusal>, AppError> {
    let person = permit.signed_in()?;
    let others = tx.scalar(&queries::roles::COORDINATORS_BUT, &params![group, person, Permissions::all()])?;
    Ok(rules::may_leave(held, others))
}

/// Leaves a group, also while suspended from it. The last coordinator cannot.
pub fn leave(
    work: &mut Work<'_, '_>,
    permit: &Permit<LeaveGroup>,
    group: GroupId,
    held: Permissions,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    // Two coordinators who leave at once must see each other.
    work.tx.execute_one(&queries::LOCK, &params![group])?;
    may_leave(work.tx, permit, group, held)??;
    let suspended = stands(work, group, person)?.is_some_and(|now| now.state == MembershipState::Suspended);
    let why = if suspended { rules::LEFT_SUSPENDED } else { "left" };
    move_membership(work, group, person, MembershipState::Left, why)?;
    work.record(permit, group, "")?;
    Ok(())
}
