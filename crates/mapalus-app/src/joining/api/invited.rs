//! Links that invite, over the API: what one leads to, and joining by it.

use super::at;
use crate::{
    joining::pages::invited::{self, Invited},
    shell::{AppError, Cx},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::access::Enter;
use serde::Serialize;

/// What a link that invites leads to.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InvitedView {
    /// Name of the group.
    pub name: String,
    /// One sentence.
    pub summary: String,
    /// Who invites; empty if they are away.
    pub invited_by: String,
    /// Until when the link holds.
    pub ends_at: String,
    /// Kinds of steps that are spared.
    pub spares: Vec<String>,
    /// Names of the steps that are left.
    pub steps: Vec<String>,
}

/// What a link that a member handed on leads to; 410 once it is used up, over or withdrawn.
#[utoipa::path(get, path = "/api/v1/invites/{link}", tag = "joining",
    params(("link" = String, Path, description = "The part of the address after `/invite/`")),
    responses((status = 200, description = "The invitation", body = InvitedView)))]
pub async fn one(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let id = invited::opened(&cx, &link);
    let found = cx.read("joining::invited", move |tx, cx| invited::load(tx, cx, id)).await?;
    let Invited { link, group, steps, holds } = found;
    let spares = holds?;
    let left = steps.iter().filter(|step| !crate::joining::rules::is_spared(step.kind, &spares, &steps));
    let view = InvitedView {
        name: group.name,
        summary: group.summary,
        invited_by: link.maker,
        ends_at: crate::shell::text::machine(link.ends_at),
        spares: spares.iter().map(ToString::to_string).collect(),
        steps: left.map(|step| step.name.clone()).collect(),
    };
    cx.json(StatusCode::OK, &view)
}

/// Join by a link: one is invited, and an application is begun that passes over what the link spares.
#[utoipa::path(post, path = "/api/v1/invites/{link}", tag = "joining",
    params(("link" = String, Path, description = "The part of the address after `/invite/`")),
    responses((status = 201, description = "The application", body = super::view::ApplicationView)))]
pub async fn come(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    let place = invited::come_by(&cx, &link).await?;
    at(&cx, StatusCode::CREATED, &place).await
}
