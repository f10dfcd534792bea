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
pub(crate) mod pages;
mod panel;
mod queries;
pub mod rules;
pub mod template;

pub(crate) use actions::{ending::settle, rest::follow};
pub use model::{Card, Group, GroupKind, Member, Openness, RoleRow};
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

use crate::shell::{Cx, Routes};
use mapalus_core::{
    ByToken, GroupId, Millis, Permissions, PersonId, Refusal, Scope, Standing,
    access::{
        AnswerHiding, ChangeGroup, ChangeMembers, ChangeRoles, DeclineInvitation, EndGroup, Enter,
        GroupStanding, HandOver, JudgeGroup, LeaveGroup, MakeLinks, ManageMember, RunLink, RunQualifications,
        SeeDecisions, SeeMembers, SeePublic, UndoChange, UseAccount, UseDraft, WatchDoor,
    },
};
use mapalus_db::{DbError, Tx, params};

/// The routes of this slice. The group's page itself is composed in `home`.
pub fn routes() -> Routes {
    Routes::new()
        .get::<SeeMembers, _, _>("/groups/{group}/members", pages::members::members)
        .get::<LeaveGroup, _, _>("/groups/{group}/leave", pages::members::ask_leave)
        .post::<LeaveGroup, _, _>("/groups/{group}/leave", pages::members::leave)
        .get::<ManageMember, _, _>("/groups/{group}/members/{person}", pages::member::member)
        .post::<ChangeRoles, _, _>("/groups/{group}/members/{person}/roles", pages::member::roles)
        .post::<HandOver, _, _>("/groups/{group}/members/{person}/hand-over", pages::member::hand_over)
        .post::<ChangeMembers, _, _>("/groups/{group}/members/{person}/suspend", pages::member::suspend)
        .post::<ChangeMembers, _, _>("/groups/{group}/members/{person}/restore", pages::member::restore)
        .post::<ChangeMembers, _, _>("/groups/{group}/members/{person}/exclude", pages::member::exclude)
        .post::<UndoChange, _, _>("/groups/{group}/members/{person}/undo", pages::member::undo)
        .post::<ChangeMembers, _, _>("/groups/{group}/invite", pages::members::invite)
        .post::<UndoChange, _, _>("/groups/{group}/invitations/{invitation}/undo", pages::members::undo)
        .post::<DeclineInvitation, _, _>("/groups/{group}/decline", pages::members::decline)
        .post::<WatchDoor, _, _>("/groups/{group}/door-watch", pages::doors::wait)
        .post::<WatchDoor, _, _>("/groups/{group}/door-watch/remove", pages::doors::leave)
        .api_get::<UseAccount, _, _>(Scope::GroupsRead, "/api/v1/door-watches", api::doors::list)
        .api_post::<WatchDoor, _, _>(
            Scope::ProfileWrite,
            "/api/v1/groups/{group}/door-watch",
            api::doors::wait,
        )
        .api_delete::<WatchDoor, _, _>(
            Scope::ProfileWrite,
            "/api/v1/groups/{group}/door-watch",
            api::doors::leave,
        )
        .get::<MakeLinks, _, _>("/groups/{group}/links", pages::links::links)
        .post::<MakeLinks, _, _>("/groups/{group}/links", pages::links::make)
        .post::<ChangeGroup, _, _>("/groups/{group}/links/rules", pages::links::set_rules)
        .get::<RunLink, _, _>("/groups/{group}/links/{invite}", pages::links::link)
        .post::<RunLink, _, _>("/groups/{group}/links/{invite}/withdraw", pages::links::withdraw)
        .get::<Enter, _, _>("/invitation/{link}", pages::invitation::invitation)
        .post::<UseAccount, _, _>("/invitation/{link}", pages::invitation::take_up)
        .post::<Enter, _, _>("/invitation/{link}/decline", pages::invitation::refuse)
        .get::<ChangeRoles, _, _>("/groups/{group}/roles", pages::roles::roles)
        .get::<ChangeRoles, _, _>("/groups/{group}/roles/new", pages::roles::new)
        .post::<ChangeRoles, _, _>("/groups/{group}/roles", pages::roles::add)
        .get::<ChangeRoles, _, _>("/groups/{group}/roles/{role}", pages::roles::edit)
        .post::<ChangeRoles, _, _>("/groups/{group}/roles/{role}", pages::roles::change)
        .post::<ChangeRoles, _, _>("/groups/{group}/roles/{role}/remove", pages::roles::remove)
        .get::<ChangeGroup, _, _>("/groups/{group}/settings", pages::settings::settings)
        .post::<ChangeGroup, _, _>("/groups/{group}/settings", pages::settings::change)
        .get::<EndGroup, _, _>("/groups/{group}/close", pages::ending::ending)
        .post::<EndGroup, _, _>("/groups/{group}/close", pages::ending::end)
        .post::<UndoChange, _, _>("/groups/{group}/close/undo", pages::ending::undo)
        .api_post::<EndGroup, _, _>(ByToken::Never, "/api/v1/groups/{group}/close", api::ending::end)
        .api_post::<UndoChange, _, _>(
            Scope::GroupsWrite,
            "/api/v1/groups/{group}/close/undo",
            api::ending::undo,
        )
        .get::<SeePublic, _, _>("/suggest/areas", api::suggest_areas)
        .get::<SeePublic, _, _>("/suggest/occupations", api::suggest_occupations)
        .get::<SeePublic, _, _>("/suggest/near", api::suggest_near)
        .api_get::<SeeMembers, _, _>(Scope::MembersRead, "/api/v1/groups/{group}/members", api::members)
        .api_get::<ManageMember, _, _>(
            Scope::MembersRead,
            "/api/v1/groups/{group}/members/{person}",
            api::running::member,
        )
        .api_post::<LeaveGroup, _, _>(Scope::JoiningWrite, "/api/v1/groups/{group}/leave", api::leave)
        .api_post::<DeclineInvitation, _, _>(
            Scope::JoiningWrite,
            "/api/v1/groups/{group}/decline",
            api::invitations::decline,
        )
        .api_get::<Enter, _, _>(ByToken::Never, "/api/v1/invitation/{link}", api::invitations::mailed)
        .api_post::<UseAccount, _, _>(ByToken::Never, "/api/v1/invitation/{link}", api::invitations::take_up)
        .api_post::<Enter, _, _>(
            ByToken::Never,
            "/api/v1/invitation/{link}/decline",
            api::invitations::refuse,
        )
        .api_get::<ChangeMembers, _, _>(
            Scope::MembersRead,
            "/api/v1/groups/{group}/invitations",
            api::invitations::list,
        )
        .api_post::<ChangeMembers, _, _>(
            Scope::MembersWrite,
            "/api/v1/groups/{group}/invitations",
            api::invitations::invite,
        )
        .api_post::<UndoChange, _, _>(
            Scope::MembersWrite,
            "/api/v1/groups/{group}/invitations/{invitation}/undo",
            api::invitations::undo,
        )
        .api_post::<UndoChange, _, _>(
            Scope::MembersWrite,
            "/api/v1/groups/{group}/members/{person}/undo",
            api::running::undo,
        )
        .api_post::<HandOver, _, _>(
            ByToken::Never,
            "/api/v1/groups/{group}/members/{person}/hand-over",
            api::running::hand_over,
        )
        .api_put::<ChangeRoles, _, _>(
            Scope::MembersWrite,
            "/api/v1/groups/{group}/members/{person}/roles",
            api::running::set_roles,
        )
        .api_post::<ChangeMembers, _, _>(
            Scope::MembersWrite,
            "/api/v1/groups/{group}/members/{person}/suspend",
            api::running::suspend,
        )
        .api_post::<ChangeMembers, _, _>(
            Scope::MembersWrite,
            "/api/v1/groups/{group}/members/{person}/restore",
            api::running::restore,
        )
        .api_post::<ChangeMembers, _, _>(
            Scope::MembersWrite,
            "/api/v1/groups/{group}/members/{person}/exclude",
            api::running::exclude,
        )
        .api_get::<ChangeRoles, _, _>(Scope::GroupsRead, "/api/v1/groups/{group}/roles", api::running::roles)
        .api_post::<ChangeRoles, _, _>(
            Scope::GroupsWrite,
            "/api/v1/groups/{group}/roles",
            api::running::add_role,
        )
        .api_put::<ChangeRoles, _, _>(
            Scope::GroupsWrite,
            "/api/v1/groups/{group}/roles/{role}",
            api::running::change_role,
        )
        .api_delete::<ChangeRoles, _, _>(
            Scope::GroupsWrite,
            "/api/v1/groups/{group}/roles/{role}",
            api::running::remove_role,
        )
        .and(api_of_links())
        .and(routes_of_marks())
        .and(routes_of_qualifications())
}

fn api_of_links() -> Routes {
    let (read, write) = (Scope::MembersRead, Scope::MembersWrite);
    let (all, one) = ("/api/v1/groups/{group}/links", "/api/v1/groups/{group}/links/{invite}");
    let rules = "/api/v1/groups/{group}/link-rules";
    Routes::new()
        .api_get::<MakeLinks, _, _>(read, all, api::links::list)
        .api_post::<MakeLinks, _, _>(write, all, api::links::make)
        .api_get::<RunLink, _, _>(read, one, api::links::one)
        .api_delete::<RunLink, _, _>(write, one, api::links::withdraw)
        .api_get::<MakeLinks, _, _>(read, rules, api::links::rules)
        .api_put::<ChangeGroup, _, _>(Scope::GroupsWrite, rules, api::links::set_rules)
}

/// What was decided in a group, and what those who operate the instance say of it.
fn routes_of_marks() -> Routes {
    let never = ByToken::Never;
    let (hidden, all, one) =
        ("/api/v1/groups/{group}/hidden", "/api/v1/listed-groups", "/api/v1/listed-groups/{listed}");
    let (marks, undo) = ("/api/v1/listed-groups/{listed}/marks", "/api/v1/listed-groups/{listed}/marks/undo");
    Routes::new()
        .get::<SeeDecisions, _, _>("/groups/{group}/decisions", pages::decisions::decisions)
        .get::<AnswerHiding, _, _>("/groups/{group}/hidden", pages::hiding::hiding)
        .post::<AnswerHiding, _, _>("/groups/{group}/hidden", pages::hiding::answer)
        .get::<JudgeGroup, _, _>("/admin/groups", pages::marks::list)
        .get::<JudgeGroup, _, _>("/admin/groups/{listed}", pages::marks::one)
        .post::<JudgeGroup, _, _>("/admin/groups/{listed}/mark", pages::marks::mark)
        .post::<JudgeGroup, _, _>("/admin/groups/{listed}/undo", pages::marks::undo)
        .api_get::<SeeDecisions, _, _>(
            Scope::GroupsRead,
            "/api/v1/groups/{group}/decisions",
            api::decisions::list,
        )
        .api_get::<AnswerHiding, _, _>(Scope::GroupsRead, hidden, api::marks::hiding)
        .api_post::<AnswerHiding, _, _>(Scope::GroupsWrite, hidden, api::marks::answer)
        .api_get::<JudgeGroup, _, _>(never, all, api::marks::list)
        .api_get::<JudgeGroup, _, _>(never, one, api::marks::one)
        .api_post::<JudgeGroup, _, _>(never, marks, api::marks::mark)
        .api_post::<JudgeGroup, _, _>(never, undo, api::marks::undo)
}

fn routes_of_qualifications() -> Routes {
    let (read, write) = (Scope::MembersRead, Scope::MembersWrite);
    let (kinds, kind) =
        ("/api/v1/groups/{group}/qualifications/kinds", "/api/v1/groups/{group}/qualifications/kinds/{kind}");
    let member = "/api/v1/groups/{group}/members/{person}/qualifications";
    let (page, kind_page) =
        ("/groups/{group}/members/{person}/qualifications", "/groups/{group}/qualifications/kinds/{kind}");
    Routes::new()
        .get::<RunQualifications, _, _>(page, pages::check::check)
        .post::<RunQualifications, _, _>(page, pages::check::see)
        .post::<RunQualifications, _, _>("/groups/{group}/sights/{sight}/withdraw", pages::check::withdraw)
        .post::<RunQualifications, _, _>("/groups/{group}/sights/{sight}/undo", pages::check::undo)
        .get::<RunQualifications, _, _>("/groups/{group}/qualifications", pages::kinds::kinds)
        .post::<RunQualifications, _, _>("/groups/{group}/qualifications/kinds", pages::kinds::add)
        .get::<RunQualifications, _, _>(kind_page, pages::kinds::one)
        .post::<RunQualifications, _, _>(kind_page, pages::kinds::change)
        .post::<RunQualifications, _, _>(
            "/groups/{group}/qualifications/kinds/{kind}/retire",
            pages::kinds::retire,
        )
        .api_get::<RunQualifications, _, _>(read, "/api/v1/groups/{group}/qualifications", api::check::ending)
        .api_get::<RunQualifications, _, _>(read, kinds, api::check::list_kinds)
        .api_post::<RunQualifications, _, _>(Scope::GroupsWrite, kinds, api::check::add_kind)
        .api_put::<RunQualifications, _, _>(Scope::GroupsWrite, kind, api::check::change_kind)
        .api_delete::<RunQualifications, _, _>(Scope::GroupsWrite, kind, api::check::retire_kind)
        .api_get::<RunQualifications, _, _>(read, member, api::check::member)
        .api_post::<RunQualifications, _, _>(write, member, api::check::see)
        .api_post::<RunQualifications, _, _>(
            write,
            "/api/v1/groups/{group}/sights/{sight}/withdraw",
            api::check::withdraw,
        )
        .api_post::<RunQualifications, _, _>(
            write,
            "/api/v1/groups/{group}/sights/{sight}/undo",
            api::check::undo,
        )
}

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

/// Forgets a person who was erased: memberships end, roles are free.
///
/// # Errors
/// The database's error.
pub fn forget(work: &mut crate::shell::Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
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

/// Deletes what has had its time.
///
/// # Errors
/// The database's error.
pub(crate) fn sweep(work: &mut crate::shell::Work<'_, '_>) -> Result<(), DbError> {
    actions::doors::sweep(work)?;
    actions::drafts::sweep(work)?;
    actions::ending::sweep(work)?;
    actions::links::sweep(work)?;
    actions::watches::sweep(work)?;
    actions::undo::sweep(work)
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId) -> Result<serde_json::Value, DbError> {
    use crate::shell::text::machine;
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
