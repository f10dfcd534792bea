//! A group is run: its page changes, roles are made and given, members are invited, suspended, excluded.

use super::{
    super::queries::{self, changes},
    decisions::{self, Decision},
    doors, move_membership, rest, stands,
    undo::{self, Kept},
};
use crate::{
    groups::{
        Group,
        model::{ChangeKind, Changed, NewRole, OneMember, RoleRow, decisions::Kind as Decided},
        rules,
    },
    people,
    shell::{AppError, Work},
};
use mapalus_core::{
    Event, GroupId, MembershipState, Permissions, Permit, PersonId, Refusal, RefusalKind, RoleId,
    access::{ChangeGroup, ChangeMembers, ChangeRoles, HandOver},
};
use mapalus_db::params;

/// Roles that a group may have.
const MOST_ROLES: i64 = 40;

/// Changes a group's page, topics and openness.
pub fn change(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeGroup>,
    group: &Group,
    changed: &Changed,
) -> Result<(), AppError> {
    queries::change(work.tx, group.id, changed, group.version)?;
    decisions::of_change(work, group, changed)?;
    work.record(permit, group.id, "")?;
    work.emit(&Event::GroupChanged { group: group.id })?;
    if rules::closes(group, changed) {
        work.emit_held(&Event::GroupClosed { group: group.id })?;
        doors::close(work, permit, group.id)?;
    }
    if rules::reopens(group, changed) {
        doors::open(work, permit, group.id)?;
    }
    Ok(())
}

/// Adds a frequent question to a group that stands as it was read.
pub(crate) fn add_question(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeGroup>,
    group: &Group,
    ask: &str,
    answer: &str,
) -> Result<(), AppError> {
    let now = crate::groups::details(work.tx, group.id)?.questions;
    let (ask, answer) = rules::one_more_question(&now, ask, answer)?;
    work.tx.execute_one(&queries::NEXT_VERSION, &params![group.id, group.version])?;
    let place = i64::try_from(now.len()).unwrap_or(i64::MAX);
    work.tx.execute(&queries::ADD_QUESTION, &params![group.id, place, ask, answer])?;
    work.record(permit, group.id, "question")?;
    work.emit(&Event::GroupChanged { group: group.id })?;
    Ok(())
}

/// Two who change who runs a group must see each other.
pub(super) fn lock(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), AppError> {
    Ok(work.tx.execute_one(&queries::LOCK, &params![group])?)
}

pub(super) fn still_run(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), AppError> {
    let left = work
        .tx
        .scalar(&queries::roles::COORDINATORS_BUT, &params![group, None::<PersonId>, Permissions::all()])?;
    Ok(rules::may_run(left)?)
}

fn role_of(work: &mut Work<'_, '_>, group: GroupId, role: RoleId) -> Result<RoleRow, AppError> {
    let found: Option<RoleRow> = work.tx.optional(&queries::roles::ROLE, &params![role, group])?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// Makes a role.
pub fn add_role(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeRoles>,
    group: GroupId,
    held: Permissions,
    role: &NewRole,
) -> Result<RoleId, AppError> {
    rules::may_give(held, role.permissions)?;
    lock(work, group)?;
    let (count, place): (i64, i64) = work.tx.one(&queries::roles::ROLES_COUNT, &params![group])?;
    if count >= MOST_ROLES {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-many-roles").with("most", MOST_ROLES).into());
    }
    let id: RoleId = work.id();
    queries::roles::add_role(work.tx, id, group, place, role)?;
    decisions::made(work, group, &Decision::of(Decided::RoleMade, &role.name))?;
    work.record(permit, id, "added")?;
    work.emit(&Event::GroupChanged { group })?;
    Ok(id)
}

/// Changes a role; what it allowed before and allows then must both be held by who changes it.
pub fn change_role(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeRoles>,
    group: GroupId,
    held: Permissions,
    (id, seen): (RoleId, Option<i64>),
    role: &NewRole,
) -> Result<(), AppError> {
    lock(work, group)?;
    let before = role_of(work, group, id)?;
    Refusal::if_changed(before.version, seen)?;
    rules::may_give(held, before.permissions.union(role.permissions))?;
    if !role.permissions.is_empty()
        && work.tx.scalar::<i64>(&queries::roles::MINORS_IN_ROLE, &params![id])? > 0
    {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-role-minor").into());
    }
    let (duties, wanted) = (role.duties.join("\n"), role.qualifications.join(" "));
    let row = params![id, group, &role.name, duties, wanted, role.permissions, before.version];
    work.tx.execute_one(&queries::roles::CHANGE_ROLE, &row)?;
    rest::settle(work, group)?;
    still_run(work, group)?;
    decisions::made(work, group, &Decision::of(Decided::RoleChanged, &role.name))?;
    work.record(permit, id, "changed")?;
    work.emit(&Event::GroupChanged { group })?;
    Ok(())
}

/// Removes a role that nobody holds.
pub fn remove_role(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeRoles>,
    group: GroupId,
    held: Permissions,
    (id, seen): (RoleId, Option<i64>),
) -> Result<(), AppError> {
    lock(work, group)?;
    let before = role_of(work, group, id)?;
    Refusal::if_changed(before.version, seen)?;
    rules::may_give(held, before.permissions)?;
    if work.tx.execute(&queries::roles::REMOVE_ROLE, &params![id, group])? == 0 {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-role-held").into());
    }
    decisions::made(work, group, &Decision::of(Decided::RoleRemoved, &before.name))?;
    work.record(permit, id, "removed")?;
    work.emit(&Event::GroupChanged { group })?;
    Ok(())
}

/// Whether others' affairs may be entrusted to a person: not to a minor.
fn may_be_entrusted(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), AppError> {
    if people::young(work.tx, person)?.is_some() {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-role-minor").into());
    }
    Ok(())
}

/// Gives a member exactly these roles: appoints to those that are new, dismisses from the others. Gives whether
/// that changed anything.
pub fn set_roles(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeRoles>,
    group: GroupId,
    held: Permissions,
    member: &OneMember,
    (roles, seen): (&[RoleId], Option<i64>),
) -> Result<bool, AppError> {
    lock(work, group)?;
    let now = stands(work, group, member.person_id)?.ok_or_else(Refusal::not_found)?;
    Refusal::if_changed(now.version, seen)?;
    let rows: Vec<(RoleId,)> = work.tx.all(&queries::roles::ROLES_OF, &params![group, member.person_id])?;
    let before: Vec<RoleId> = rows.into_iter().map(|(role,)| role).collect();
    let all: Vec<RoleRow> = work.tx.all(&queries::roles::ROLES, &params![group])?;
    let known = |id: &RoleId| all.iter().find(|role| role.id == *id).ok_or_else(Refusal::not_found);
    let (mut given, mut taken) = (Vec::new(), Vec::new());
    for id in roles.iter().filter(|id| !before.contains(id)) {
        rules::may_give(held, known(id)?.permissions)?;
        given.push(*id);
    }
    for id in before.iter().filter(|id| !roles.contains(id)) {
        rules::may_give(held, known(id)?.permissions)?;
        taken.push(*id);
    }
    if !given.is_empty() && member.state != MembershipState::Active {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-role-for-active").into());
    }
    if given.is_empty() && taken.is_empty() {
        return Ok(false);
    }
    let entrusts = |id: &RoleId| all.iter().any(|role| role.id == *id && !role.permissions.is_empty());
    if given.iter().any(entrusts) {
        may_be_entrusted(work, member.person_id)?;
    }
    let (actor, person) = (permit.signed_in()?, member.person_id);
    let version = Some(undo::touch(work, group, person)?);
    let event =
        if actor == person { None } else { Some(work.emit_held(&Event::RolesChanged { group, person })?) };
    let kept = Kept { event, version, ..Kept::of(ChangeKind::Roles, person) };
    let change = undo::keep(work, actor, group, &kept)?;
    let name = |id: &RoleId| all.iter().find(|role| role.id == *id).map_or("", |role| role.name.as_str());
    for (kind, roles) in [(Decided::RoleGiven, &given), (Decided::RoleTaken, &taken)] {
        for role in roles {
            decisions::held(work, group, &Decision::of(kind, name(role)).naming(person), change)?;
        }
    }
    for role in &given {
        queries::roles::appoint(work.tx, *role, person, group, work.now, work.actor)?;
        work.tx.execute(&changes::KEEP_ROLE, &params![change, *role, person, true])?;
    }
    for role in &taken {
        work.tx.execute(&changes::KEEP_ROLE, &params![change, *role, person, false])?;
        work.tx.execute(&queries::roles::DISMISS_ROLE, &params![*role, person, group])?;
    }
    rest::settle(work, group)?;
    still_run(work, group)?;
    work.record(permit, person, "roles")?;
    Ok(true)
}

/// Hands over: the member gets the roles by which one runs the group, and one gives them up.
pub fn hand_over(
    work: &mut Work<'_, '_>,
    permit: &Permit<HandOver>,
    group: GroupId,
    member: &OneMember,
) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    if own == member.person_id {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-not-oneself").into());
    }
    if member.state != MembershipState::Active {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-role-for-active").into());
    }
    may_be_entrusted(work, member.person_id)?;
    lock(work, group)?;
    let person = member.person_id;
    let held: Vec<(RoleId,)> = work.tx.all(&queries::roles::ROLES_OF, &params![group, own])?;
    let theirs: Vec<(RoleId,)> = work.tx.all(&queries::roles::ROLES_OF, &params![group, person])?;
    let all: Vec<RoleRow> = work.tx.all(&queries::roles::ROLES, &params![group])?;
    let leads = |id: &RoleId| all.iter().any(|role| role.id == *id && !role.permissions.is_empty());
    let version = Some(undo::touch(work, group, person)?);
    let own_version = Some(undo::touch(work, group, own)?);
    let event = Some(work.emit_held(&Event::RolesChanged { group, person })?);
    let kept = Kept { event, version, own_version, ..Kept::of(ChangeKind::HandOver, person) };
    let change = undo::keep(work, own, group, &kept)?;
    for (role,) in held.iter().filter(|(role,)| leads(role)) {
        if !theirs.contains(&(*role,)) {
            queries::roles::appoint(work.tx, *role, person, group, work.now, work.actor)?;
            work.tx.execute(&changes::KEEP_ROLE, &params![change, *role, person, true])?;
        }
        work.tx.execute(&changes::KEEP_ROLE, &params![change, *role, own, false])?;
        work.tx.execute(&queries::roles::DISMISS_ROLE, &params![*role, own, group])?;
    }
    rest::settle(work, group)?;
    still_run(work, group)?;
    let decision = Decision { other: Some(own), ..Decision::of(Decided::HandedOver, "").naming(person) };
    decisions::held(work, group, &decision, change)?;
    work.record(permit, person, "handed-over")?;
    Ok(())
}

/// Suspends, excludes or restores a member. The member is told with the reason.
pub fn manage(
    work: &mut Work<'_, '_>,
    permit: &Permit<ChangeMembers>,
    group: GroupId,
    held: Permissions,
    member: &OneMember,
    to: MembershipState,
    reason: &str,
) -> Result<(), AppError> {
    let (actor, person) = (permit.signed_in()?, member.person_id);
    rules::may_manage(actor == person, held, member.permissions())?;
    let reason = rules::reason(to, reason)?;
    lock(work, group)?;
    if to == MembershipState::Active && member.state != MembershipState::Suspended {
        return Err(Refusal::new(RefusalKind::Conflict, "groups-not-suspended").into());
    }
    let before = stands(work, group, person)?;
    let event = Some(work.emit_held(&Event::MemberManaged { group, person, state: to })?);
    let version = before.as_ref().map(|before| before.version + 1);
    let kept = Kept { before, event, version, ..Kept::of(ChangeKind::Membership, person) };
    let change = undo::keep(work, actor, group, &kept)?;
    if to == MembershipState::Excluded {
        work.tx.execute(&changes::KEEP_ROLES, &params![change, group, person])?;
    }
    move_membership(work, group, person, to, &reason)?;
    rest::settle(work, group)?;
    still_run(work, group)?;
    let kind = match to {
        MembershipState::Suspended => Decided::Suspended,
        MembershipState::Excluded => Decided::Excluded,
        _ => Decided::Restored,
    };
    // Members read who it is of those alone to whom something was entrusted in their name.
    let named = Some(person).filter(|_| !member.permissions().is_empty());
    let decision = Decision { named, concerns: Some((person, &reason)), ..Decision::of(kind, "") };
    decisions::held(work, group, &decision, change)?;
    work.record(permit, person, to.word())?;
    Ok(())
}
