//! Invitations over the API: to invite, to see what became of it, to undo it, to decline.

use crate::{
    groups::{
        self,
        model::{Invitation, InvitationView, InviteInput},
        pages::{invitation, members},
        queries::changes,
    },
    shell::{AppError, Cx, Sent},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::{LinkId, access::ChangeMembers};
use mapalus_db::params;
use serde::Serialize;

/// Whom a group invited.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InvitationList {
    /// The invitations of the last days, newest first: 50 at most.
    pub items: Vec<InvitationView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// Whom a group invited lately, and who declined.
#[utoipa::path(get, path = "/api/v1/groups/{group}/invitations", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The invitations", body = InvitationList)))]
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let items = cx
        .read("groups::invitations", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<ChangeMembers>()?;
            Ok(members::invitations_of(tx, group.id)?)
        })
        .await?;
    let items = items.into_iter().map(InvitationView::from).collect();
    cx.json(StatusCode::OK, &InvitationList { items, next: None })
}

/// Invite whoever has a mail address. The answer does not tell whether an account has it.
#[utoipa::path(post, path = "/api/v1/groups/{group}/invitations", tag = "groups", request_body = InviteInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The invitation", body = InvitationView)))]
pub async fn invite(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<InviteInput>,
) -> Result<Response, AppError> {
    let place = members::invite_by(&cx, group, &input).await?;
    // A call that is sent again leads to the invitation that it made the first time.
    let made: Option<LinkId> = place.undo.as_deref().and_then(|path| path.rsplit('/').nth(1)?.parse().ok());
    let made = made.ok_or_else(|| AppError::internal("an invitation has an id"))?;
    let found: Option<Invitation> = cx
        .read("groups::invitation", move |tx, _| Ok(tx.optional(&changes::INVITATION, &params![made])?))
        .await?;
    let found = found.ok_or_else(mapalus_core::Refusal::not_found)?;
    cx.json(StatusCode::CREATED, &InvitationView::from(found))
}

/// Undo an invitation of your own within 20 seconds: nobody is told of it then.
#[utoipa::path(post, path = "/api/v1/groups/{group}/invitations/{invitation}/undo", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("invitation" = String, Path, description = "The invitation's id")),
    responses((status = 204, description = "Undone")))]
pub async fn undo(cx: Cx, Path((group, invitation)): Path<(String, String)>) -> Result<Response, AppError> {
    members::undo_invitation(&cx, group, &invitation).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The group to which a mailed link invites.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InvitedGroup {
    /// The group's id.
    pub id: String,
    /// Its short name in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is, in one sentence.
    pub summary: String,
}

/// To which group a mailed link invites.
#[utoipa::path(get, path = "/api/v1/invitation/{link}", tag = "groups",
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 200, description = "The group", body = InvitedGroup)))]
pub async fn mailed(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    let group = invitation::invited_to(&cx, &link).await?;
    let view =
        InvitedGroup { id: group.id.to_string(), slug: group.slug, name: group.name, summary: group.summary };
    cx.json(StatusCode::OK, &view)
}

/// Take a mailed invitation up with one's account: one is invited then, and may apply.
#[utoipa::path(post, path = "/api/v1/invitation/{link}", tag = "groups",
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 204, description = "Taken up")))]
pub async fn take_up(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    invitation::take_up_by(&cx, &link).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Decline a mailed invitation; the link is all that it takes.
#[utoipa::path(post, path = "/api/v1/invitation/{link}/decline", tag = "groups",
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 204, description = "Declined")))]
pub async fn refuse(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    invitation::refuse_by(&cx, &link).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Decline a group's invitation. Those who run the group are told.
#[utoipa::path(post, path = "/api/v1/groups/{group}/decline", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 204, description = "Declined")))]
pub async fn decline(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    members::decline_invitation(&cx, group).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
