//! The routes of this slice: pages and API.

use super::{api, pages};
use crate::shell::Routes;
use mapalus_core::{
    ByToken, Scope,
    access::{
        AnswerHiding, ChangeGroup, ChangeMembers, ChangeRoles, DeclineInvitation, EndGroup, Enter, HandOver,
        JudgeGroup, LeaveGroup, MakeLinks, ManageMember, RunLink, RunQualifications, SeeDecisions,
        SeeMembers, SeePublic, UndoChange, UseAccount, WatchDoor,
    },
};

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
