//! To be told when a group takes people again, over the API.

use crate::{
    groups::{self, model::DoorWatch, pages::doors as pages},
    shell::{AppError, Cx, text},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::{Refusal, access::UseAccount};
use serde::Serialize;

/// A group for which one waits until it takes people again.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DoorWatchView {
    /// The group's id.
    pub group: String,
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// Since when one waits.
    pub made_at: String,
}

/// The groups for which one waits.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DoorWatchList {
    /// The groups, by name.
    pub items: Vec<DoorWatchView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

impl From<DoorWatch> for DoorWatchView {
    fn from(watch: DoorWatch) -> Self {
        Self {
            group: watch.group_id.to_string(),
            slug: watch.slug,
            name: watch.name,
            made_at: text::machine(watch.made_at),
        }
    }
}

async fn all(cx: &Cx) -> Result<Vec<DoorWatchView>, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let doors = cx.read("groups::doors", move |tx, _| Ok(groups::doors(tx, person)?)).await?;
    Ok(doors.into_iter().map(DoorWatchView::from).collect())
}

/// The groups that one wishes to be told of when they take people again.
#[utoipa::path(get, path = "/api/v1/door-watches", tag = "groups",
    responses((status = 200, description = "The groups", body = DoorWatchList)))]
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    cx.json(StatusCode::OK, &DoorWatchList { items: all(&cx).await?, next: None })
}

/// Be told once when this group takes people again. Refused for a group that does.
#[utoipa::path(post, path = "/api/v1/groups/{group}/door-watch", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The group, and since when one waits", body = DoorWatchView)))]
pub async fn wait(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    pages::wait_by(&cx, group.clone()).await?;
    let own = all(&cx).await?.into_iter().find(|watch| watch.group == group || watch.slug == group);
    cx.json(StatusCode::CREATED, &own.ok_or_else(Refusal::not_found)?)
}

/// Wait for this group no longer.
#[utoipa::path(delete, path = "/api/v1/groups/{group}/door-watch", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 204, description = "One is not told")))]
pub async fn leave(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    pages::leave_by(&cx, group).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
