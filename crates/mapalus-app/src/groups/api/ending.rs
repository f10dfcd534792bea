//! Closing a group over the API.

use crate::{
    groups::pages::ending::{self as pages, EndInput},
    shell::{AppError, Cx, Sent},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Close a group for good, as one who holds every permission: nobody finds it any more at once; after 20 seconds its people
/// are told, and what is under way in it ends.
#[utoipa::path(post, path = "/api/v1/groups/{group}/close", tag = "groups", request_body = EndInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 204, description = "Closed")))]
pub async fn end(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<EndInput>,
) -> Result<Response, AppError> {
    pages::end_by(&cx, group, &input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Open a group again that you closed, within 20 seconds: nobody is told then.
#[utoipa::path(post, path = "/api/v1/groups/{group}/close/undo", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 204, description = "Open again")))]
pub async fn undo(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    pages::undo_by(&cx, group).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
