//! Groups: their pages, roles and memberships.
//!
//! Words: a group is *occupational* (people of one profession) or *volunteer* (people of one cause); its *topics* are
//! the occupations or causes it is about and the districts it serves; a *role* has duties, asks for qualifications and
//! allows its holders what its permissions say; it *rests* when one of them is over; a *membership* has exactly one
//! state; a *draft* is a group that somebody prepares: nothing but the filled-in form, its owner's alone; an
//! *invitation* goes to a mail address, whether an account has it or not; a *change* is what somebody who runs a group
//! did to one of its people, kept while it can be undone; a *link* invites whoever has it, within limits, and may
//! *spare* steps; a *watch* is a search that tells its person when a new group fits; a *decision* is what was decided
//! in the group's name, as its members read it; a *mark* is what those who operate the instance say of a group: that it
//! is *verified*, or *hidden*, and no longer.
//! Owns: `groups`, `group_topics`, `group_questions`, `group_drafts`, `draft_ends`, `roles`, `memberships`,
//! `role_holders`, `invitations`, `member_changes`, `changed_roles`, `link_rules`, `invite_links`, `link_takers`,
//! `watches`, `watch_finds`, `door_watches`, `group_decisions`, `group_marks`, `hiding_answers`. Emits: `GroupOpened`,
//! `GroupChanged`, `GroupClosed`, `GroupReopened`, `GroupEnded`, `MembershipChanged`, `MemberManaged`, `RolesChanged`,
//! `AddressInvited`, `InvitationDeclined`, `GroupsFound`, `RolesRest`, `RolesGoOn`, `GroupVerified`,
//! `VerificationEnded`, `GroupHidden`, `GroupShown`, `HidingAnswered`.
//!
//! Published to slices above: `groups.id`, `groups.slug`, `groups.name`, `groups.lang`, `groups.summary`,
//! `groups.visibility`, `groups.hidden_at`, `memberships.group_id`, `memberships.person_id`, `memberships.state`,
//! `memberships.since`, `groups.made_at`, `groups.ended_at`.

pub(crate) mod actions;
pub(crate) mod api;
pub mod document;
pub mod model;
pub mod notice;
mod own;
pub(crate) mod pages;
mod panel;
mod queries;
mod routes;
pub mod rules;
pub mod template;

pub(crate) use actions::{ending::settle, rest::follow};
pub use model::{Card, Group, GroupKind, Member, Openness, RoleRow};
pub use own::forget;
pub(crate) use own::{data_of, sweep};
pub use pages::{
    check::CheckPage,
    decisions::DecisionsPage,
    ending::EndingPage,
    hiding::HidingPage,
    invitation::InvitationPage,
    kinds::KindsPage,
    links::{LinkPage, LinksPage},
    marks::{JudgedPage, ListedPage},
    member::MemberPage,
    members::MembersPage,
    roles::{RolePage, RolesPage},
    settings::SettingsPage,
};
pub use panel::{
    Details, by_short, cards, causes_of, desk_since, desks, details, details_for, doors, due_watches, fresh,
    known_in, note_found, of_person, role_names, shared, sheet, sheets, waits_for_door, watch, watches,
};
pub use routes::routes;

/// Every statement of this slice.
pub(crate) fn statements() -> [&'static [&'static mapalus_db::Statement]; 13] {
    [
        queries::STATEMENTS,
        queries::changes::STATEMENTS,
        queries::decisions::STATEMENTS,
        queries::doors::STATEMENTS,
        queries::drafts::STATEMENTS,
        queries::ending::STATEMENTS,
        queries::known::STATEMENTS,
        queries::links::STATEMENTS,
        queries::listing::STATEMENTS,
        queries::marks::STATEMENTS,
        queries::rest::STATEMENTS,
        queries::roles::STATEMENTS,
        queries::watches::STATEMENTS,
    ]
}

use crate::shell::Cx;
use mapalus_core::{
    GroupId, Millis, Permissions, PersonId, Refusal, Standing,
    access::{GroupStanding, UseDraft},
};
use mapalus_db::{DbError, Tx, params};

/// A group by its address or id, with how the one who asks stands to it.
///
/// # Errors
/// Not found, if there is no such group. Whether one may see it says the standing.
pub fn standing(tx: &mut Tx<'_>, cx: &Cx, group: &str) -> Result<(Group, Standing), crate::shell::AppError> {
    let found: Option<Group> = tx.optional(&queries::GROUP, &params![group, cx.person()])?;
    let group = found.ok_or_else(Refusal::not_found)?;
    let standing = Standing { group: Some(group.standing()), ..cx.standing() };
    Ok((group, standing))
}

/// Folded name and area of the groups that have one of these folded names.
///
/// # Errors
/// The database's error.
pub(crate) fn named(tx: &mut Tx<'_>, names: &[String]) -> Result<Vec<(String, String)>, DbError> {
    tx.all_in(&queries::NAMED, &[], names)
}

/// A group as one person stands to it.
///
/// # Errors
/// The database's error.
pub fn for_person(tx: &mut Tx<'_>, group: GroupId, person: PersonId) -> Result<Group, DbError> {
    tx.one(&queries::GROUP, &params![group, person])
}

/// A group by its id, as a stranger sees it.
///
/// # Errors
/// The database's error.
pub fn find(tx: &mut Tx<'_>, group: GroupId) -> Result<Option<Group>, DbError> {
    tx.optional(&queries::GROUP, &params![group, None::<PersonId>])
}

/// How a person stands to a group now, read inside a write.
///
/// # Errors
/// The database's error.
pub fn standing_of(
    tx: &mut Tx<'_>,
    group: GroupId,
    person: Option<PersonId>,
) -> Result<Option<GroupStanding>, DbError> {
    let found: Option<Group> = tx.optional(&queries::GROUP, &params![group, person])?;
    Ok(found.map(|group| group.standing()))
}

/// Whether a person left a group while suspended from it: they come back by an invitation alone.
///
/// # Errors
/// The database's error.
pub fn left_suspended(tx: &mut Tx<'_>, group: GroupId, person: PersonId) -> Result<bool, DbError> {
    let now: Option<(mapalus_core::MembershipState, String)> =
        tx.optional(&queries::WHY, &params![group, person])?;
    Ok(now.is_some_and(|(state, why)| rules::is_left_suspended(state, &why)))
}

/// Why the membership of a person is as it is, in the words of who runs the group.
///
/// # Errors
/// The database's error.
pub fn why(tx: &mut Tx<'_>, group: GroupId, person: PersonId) -> Result<String, DbError> {
    let now: Option<(mapalus_core::MembershipState, String)> =
        tx.optional(&queries::WHY, &params![group, person])?;
    Ok(now.map_or_else(String::new, |(_, why)| why))
}

/// That a group was closed for good, and when: told to those who belonged to it, as long as its page is kept.
///
/// # Errors
/// The database's error.
pub fn ended_for(tx: &mut Tx<'_>, cx: &Cx, group: &Group) -> Result<Option<Refusal>, DbError> {
    let (Some(viewer), Some(ended_at)) = (&cx.viewer, group.ended_at) else {
        return Ok(None);
    };
    let kept = cx.now < ended_at.plus(actions::ending::KEPT_DAYS * mapalus_core::time::DAY);
    if !kept || !rules::is_ended_with_group(group.membership, &why(tx, group.id, viewer.person)?) {
        return Ok(None);
    }
    let day = crate::shell::text::day(ended_at, viewer.zone, cx.lang);
    let refusal = Refusal::new(mapalus_core::RefusalKind::Gone, "groups-ended-on");
    Ok(Some(refusal.with("group", group.name.as_str()).with("day", day)))
}

/// The active people of a group who hold a permission.
///
/// # Errors
/// The database's error.
pub fn holders(
    tx: &mut Tx<'_>,
    group: GroupId,
    permission: mapalus_core::Permission,
) -> Result<Vec<PersonId>, DbError> {
    let like = format!("%{}%", permission.word());
    let rows: Vec<(PersonId,)> = tx.all(&queries::roles::HOLDERS, &params![group, like])?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// How many active people of these groups hold a permission, by group.
///
/// # Errors
/// The database's error.
pub fn count_holders(
    tx: &mut Tx<'_>,
    groups: &[GroupId],
    permission: mapalus_core::Permission,
) -> Result<Vec<(GroupId, i64)>, DbError> {
    let like = format!("%{}%", permission.word());
    tx.all_in(&queries::roles::COUNT_HOLDERS, &params![like], groups)
}

/// Who runs a group: twelve at most.
///
/// # Errors
/// The database's error.
pub fn coordinators(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<Member>, DbError> {
    tx.all(&queries::roles::COORDINATORS, &params![group, "\n"])
}

/// The groups in which a person holds a permission.
///
/// # Errors
/// The database's error.
pub fn held_by(
    tx: &mut Tx<'_>,
    person: PersonId,
    permission: mapalus_core::Permission,
) -> Result<Vec<GroupId>, DbError> {
    let like = format!("%{}%", permission.word());
    let rows: Vec<(GroupId,)> = tx.all(&queries::roles::HELD_BY, &params![person, like])?;
    Ok(rows.into_iter().map(|(group,)| group).collect())
}

/// The name of a group and the path of its page.
///
/// # Errors
/// The database's error.
pub fn name_and_path(tx: &mut Tx<'_>, group: GroupId) -> Result<(String, String), DbError> {
    let (name, slug): (String, String) = tx.one(&queries::NAME, &params![group])?;
    Ok((name, format!("/groups/{slug}")))
}

/// How many active people of a group belong to it since then, founded it or help to run it.
///
/// # Errors
/// The database's error.
pub fn settled(tx: &mut Tx<'_>, group: GroupId, since: Millis) -> Result<i64, DbError> {
    tx.scalar(&queries::SETTLED, &params![group, since])
}

/// Where a person works, without a number, and where those of a group work who are adults and belong to it since then,
/// founded it or help to run it: each place with how many they are, the most first.
///
/// # Errors
/// The database's error.
pub fn workplaces(
    tx: &mut Tx<'_>,
    (group, person): (GroupId, PersonId),
    since: Millis,
) -> Result<Vec<(String, Option<i64>)>, DbError> {
    tx.all(&queries::WORKPLACES, &params![group, person, since])
}

/// Whether two people belong to the same group.
///
/// # Errors
/// The database's error.
pub fn share_group(tx: &mut Tx<'_>, one: PersonId, other: PersonId) -> Result<bool, DbError> {
    Ok(tx.scalar::<i64>(&queries::SHARE_GROUP, &params![one, other])? > 0)
}

/// Whether a person may close the account: not while a group would be left without a coordinator.
///
/// # Errors
/// `groups-close-coordinator` with the names of those groups.
pub fn may_close(tx: &mut Tx<'_>, person: PersonId) -> Result<(), crate::shell::AppError> {
    tx.execute(&queries::roles::LOCK_HELD, &params![person])?;
    let rows: Vec<(String,)> =
        tx.all(&queries::roles::ONLY_COORDINATOR, &params![person, Permissions::all()])?;
    let names: Vec<String> = rows.into_iter().map(|(name,)| name).collect();
    Ok(rules::may_close(&names)?)
}

/// The drafts of a person, in the order in which they were made.
///
/// # Errors
/// The database's error.
pub fn drafts(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<model::Draft>, DbError> {
    tx.all(&queries::drafts::DRAFTS, &params![person])
}

/// How many drafts a person has.
///
/// # Errors
/// The database's error.
pub fn count_drafts(tx: &mut Tx<'_>, person: PersonId) -> Result<i64, DbError> {
    tx.scalar(&queries::drafts::COUNT_DRAFTS, &params![person])
}

/// A draft of the one who asks, with how they stand to it: it is theirs.
///
/// # Errors
/// Not found, if there is no such draft or it is another's; `groups-draft-opened` and `groups-draft-discarded` for one
/// that is gone; a stranger is asked to sign in.
pub fn own_draft(
    tx: &mut Tx<'_>,
    cx: &Cx,
    draft: &str,
) -> Result<(model::Draft, Standing), crate::shell::AppError> {
    let found: Option<model::Draft> = match cx.person() {
        Some(person) => tx.optional(&queries::drafts::DRAFT, &params![draft, person])?,
        None => None,
    };
    let end = if found.is_none() { draft_end(tx, cx, draft)? } else { None };
    let standing = Standing { owner: found.is_some() || end.is_some(), ..cx.standing() };
    standing.permit::<UseDraft>()?;
    match (found, end) {
        (Some(draft), _) => Ok((draft, standing)),
        (None, Some(end)) => Err(rules::draft_over(&end).into()),
        (None, None) => Err(Refusal::not_found().into()),
    }
}

/// What came of a draft of the one who asks that is gone.
///
/// # Errors
/// The database's error.
pub fn draft_end(tx: &mut Tx<'_>, cx: &Cx, draft: &str) -> Result<Option<model::DraftEnd>, DbError> {
    match cx.person() {
        Some(person) => tx.optional(&queries::drafts::DRAFT_END, &params![draft, person]),
        None => Ok(None),
    }
}
