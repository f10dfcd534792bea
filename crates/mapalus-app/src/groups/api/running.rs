//! Running a group over the API: roles and members.

use crate::{
    groups::{
        self, RoleRow,
        model::{OneMemberView, RoleInput, RoleWithHolders, RolesInput, WhyInput, rest::GapView},
        pages::{member, roles as pages},
        queries,
    },
    shell::{AppError, Cx, Sent, or_newer, text},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::{MembershipState, RoleId, access::ManageMember};
use mapalus_db::params;
use serde::Serialize;

/// The roles of a group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RoleList {
    /// The roles, in their order.
    pub items: Vec<RoleWithHolders>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

async fn list(cx: &Cx, group: String, status: StatusCode) -> Result<Response, AppError> {
    let pages::Loaded { roles, holders, gaps, .. } = pages::load(cx, group).await?;
    let view = |role: &RoleRow| RoleWithHolders {
        id: role.id.to_string(),
        name: role.name.clone(),
        duties: role.duties().into_iter().map(str::to_owned).collect(),
        qualifications: role.qualifications.split_whitespace().map(str::to_owned).collect(),
        permissions: role.permissions.iter().map(|permission| permission.word().to_owned()).collect(),
        holders: holders
            .iter()
            .filter(|holder| holder.role_id == role.id)
            .map(|holder| holder.person_id.to_string())
            .collect(),
        version: role.version,
        gaps: gaps.iter().filter(|gap| gap.role_id == role.id).map(GapView::from).collect(),
    };
    cx.json(status, &RoleList { items: roles.iter().map(view).collect(), next: None })
}

/// The roles of a group with those who hold them.
#[utoipa::path(get, path = "/api/v1/groups/{group}/roles", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The roles", body = RoleList)))]
pub async fn roles(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    list(&cx, group, StatusCode::OK).await
}

/// Make a role. One cannot allow more than one's own roles do.
#[utoipa::path(post, path = "/api/v1/groups/{group}/roles", tag = "groups", request_body = RoleInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The roles", body = RoleList)))]
pub async fn add_role(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<RoleInput>,
) -> Result<Response, AppError> {
    pages::store(&cx, group.clone(), (None, None), &input).await?;
    list(&cx, group, StatusCode::CREATED).await
}

/// Change a role. With `If-Match` only as it was seen.
#[utoipa::path(put, path = "/api/v1/groups/{group}/roles/{role}", tag = "groups", request_body = RoleInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("role" = String, Path, description = "The role's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The roles", body = RoleList)))]
pub async fn change_role(
    Path((group, role)): Path<(String, String)>,
    Sent { cx, input }: Sent<RoleInput>,
) -> Result<Response, AppError> {
    let of = (Some(role), cx.if_match()?);
    let done = pages::store(&cx, group.clone(), of, &input).await;
    or_newer(done, list(&cx, group.clone(), StatusCode::OK)).await?;
    list(&cx, group, StatusCode::OK).await
}

/// Remove a role that nobody holds. With `If-Match` only as it was seen.
#[utoipa::path(delete, path = "/api/v1/groups/{group}/roles/{role}", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("role" = String, Path, description = "The role's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 204, description = "Removed")))]
pub async fn remove_role(cx: Cx, Path((group, role)): Path<(String, String)>) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let done = pages::remove_role(&cx, group.clone(), role, seen).await;
    or_newer(done, list(&cx, group, StatusCode::OK)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// A member with the roles held, for those who run the group.
#[utoipa::path(get, path = "/api/v1/groups/{group}/members/{person}", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = String, Path, description = "The person's id")),
    responses((status = 200, description = "The member", body = OneMemberView)))]
pub async fn member(cx: Cx, Path((group, person)): Path<(String, String)>) -> Result<Response, AppError> {
    one(&cx, group, person).await
}

async fn one(cx: &Cx, group: String, person: String) -> Result<Response, AppError> {
    let (member, held): (_, Vec<(RoleId,)>) = cx
        .read("groups::member", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<ManageMember>()?;
            let member = member::one(tx, group.id, &person)?;
            let held = tx.all(&queries::roles::ROLES_OF, &params![group.id, member.person_id])?;
            Ok((member, held))
        })
        .await?;
    let view = OneMemberView {
        person: member.person_id.to_string(),
        state: member.state,
        since: text::machine(member.since),
        roles: held.into_iter().map(|(role,)| role.to_string()).collect(),
        version: member.version,
        name: member.name,
    };
    cx.json_at(StatusCode::OK, view.version, &view)
}

/// Give a member exactly these roles. With `If-Match` only if membership and roles are as they were seen.
#[utoipa::path(put, path = "/api/v1/groups/{group}/members/{person}/roles", tag = "groups", request_body = RolesInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = String, Path, description = "The person's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 204, description = "Done")))]
pub async fn set_roles(
    Path((group, person)): Path<(String, String)>,
    Sent { cx, input }: Sent<RolesInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let done = member::set_roles(&cx, group.clone(), person.clone(), input, seen).await;
    or_newer(done, one(&cx, group, person)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Suspend a member, with a reason that the member reads.
#[utoipa::path(post, path = "/api/v1/groups/{group}/members/{person}/suspend", tag = "groups", request_body = WhyInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "Done")))]
pub async fn suspend(
    Path((group, person)): Path<(String, String)>,
    Sent { cx, input }: Sent<WhyInput>,
) -> Result<Response, AppError> {
    member::manage(&cx, group, person, MembershipState::Suspended, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Restore a suspended member.
#[utoipa::path(post, path = "/api/v1/groups/{group}/members/{person}/restore", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "Done")))]
pub async fn restore(cx: Cx, Path((group, person)): Path<(String, String)>) -> Result<Response, AppError> {
    member::manage(&cx, group, person, MembershipState::Active, WhyInput::default()).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Exclude a member, with a reason that the member reads.
#[utoipa::path(post, path = "/api/v1/groups/{group}/members/{person}/exclude", tag = "groups", request_body = WhyInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "Done")))]
pub async fn exclude(
    Path((group, person)): Path<(String, String)>,
    Sent { cx, input }: Sent<WhyInput>,
) -> Result<Response, AppError> {
    member::manage(&cx, group, person, MembershipState::Excluded, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Hand over: the member gets the roles by which one runs the group, and one gives them up.
#[utoipa::path(post, path = "/api/v1/groups/{group}/members/{person}/hand-over", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "Done")))]
pub async fn hand_over(cx: Cx, Path((group, person)): Path<(String, String)>) -> Result<Response, AppError> {
    member::hand_over_to(&cx, group, person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Undo what you did to a member last, within 20 seconds: nobody is told of it then. After handing over, too.
#[utoipa::path(post, path = "/api/v1/groups/{group}/members/{person}/undo", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "Undone")))]
pub async fn undo(cx: Cx, Path((group, person)): Path<(String, String)>) -> Result<Response, AppError> {
    member::undo_of(&cx, group, person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
