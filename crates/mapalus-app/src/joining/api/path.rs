//! A group's path over the API.

use super::{
    super::{
        actions,
        model::{Path as JoiningPath, path::PathInput},
    },
    view::StepView,
};
use crate::{
    groups,
    shell::{AppError, Cx, Place, Sent, or_newer},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::access::{ChangePath, SeeGroup};
use serde::Serialize;

/// A joining path.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PathView {
    /// Counts the paths that the group has had: send it as If-Match. 0 while there is none.
    pub number: i64,
    /// Its steps in their order.
    pub items: Vec<StepView>,
}

/// What joining a group takes.
#[utoipa::path(get, path = "/api/v1/groups/{group}/path", tag = "joining",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The steps", body = PathView)))]
pub async fn path(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let found = cx
        .read("joining::path", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<SeeGroup>()?;
            Ok(actions::path::in_use(tx, group.id)?)
        })
        .await?;
    let steps = |path: &JoiningPath| path.steps.iter().map(|step| StepView::new(path, step)).collect();
    let view = found.map_or(PathView { number: 0, items: Vec::new() }, |(number, _, path)| PathView {
        number,
        items: steps(&path),
    });
    cx.json_at(StatusCode::OK, view.number, &view)
}

/// Put another path into use. Applications under way keep theirs; drafts follow question by question.
#[utoipa::path(put, path = "/api/v1/groups/{group}/path", tag = "joining", request_body = PathInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("If-Match" = Option<String>, Header, description = "The number of the path that was read")),
    responses((status = 200, description = "The path", body = PathView)))]
pub async fn replace(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<PathInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let done = cx.write("joining::replace_path", {
        let group = group.clone();
        move |work, cx| {
            let (group, standing) = groups::standing(work.tx, cx, &group)?;
            let permit = standing.permit::<ChangePath>()?;
            actions::path::publish(work, &permit, &group, seen, &input)?;
            Ok(Place::at(group.path()))
        }
    });
    or_newer(done.await, path(cx.clone(), Path(group.clone()))).await?;
    path(cx, Path(group)).await
}
