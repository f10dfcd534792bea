//! The figures of a path over the API.

use crate::{
    joining::{model::figures::StepFigures, pages::figures},
    shell::{AppError, Cx},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Serialize;

/// The figures of a path.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FiguresList {
    /// Of each step of the path in use, in their order; none while nobody walks it.
    pub items: Vec<StepFigures>,
    /// Always none: a path has 12 steps at most.
    pub next: Option<String>,
}

/// How many came to each step of the path in use within a year, are there, gave up, and how long it takes.
#[utoipa::path(get, path = "/api/v1/groups/{group}/applications/figures", tag = "joining",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The figures", body = FiguresList)))]
pub async fn figures(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (_, items) = figures::load(&cx, group).await?;
    cx.json(StatusCode::OK, &FiguresList { items, next: None })
}
