//! What a guardian says of their ward's joining, over the API.

use super::super::pages::consent;
use crate::shell::{AppError, Cx};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// Agree, as the guardian, that a ward joins a group: the application is sent.
#[utoipa::path(post, path = "/api/v1/joinings/{joining}/agree", tag = "joining",
    params(("joining" = String, Path, description = "Id of the ward's application")),
    responses((status = 204, description = "Agreed")))]
pub async fn give(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    consent::give_by(&cx, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Do not agree. The ward is told.
#[utoipa::path(post, path = "/api/v1/joinings/{joining}/decline", tag = "joining",
    params(("joining" = String, Path, description = "Id of the ward's application")),
    responses((status = 204, description = "Declined")))]
pub async fn decline(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    consent::decline_by(&cx, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
