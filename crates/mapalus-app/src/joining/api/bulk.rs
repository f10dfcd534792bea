//! Several applications at once, over the API.

use crate::{
    joining::{
        model::bulk::{DecideManyInput, UndoManyInput},
        pages::bulk::{self, Fate},
    },
    shell::{AppError, Cx, Sent},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Serialize;

/// What became of each.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FateList {
    /// In the order in which they were sent.
    pub items: Vec<FateView>,
    /// Always none: there are 50 at most.
    pub next: Option<String>,
}

/// What became of one.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FateView {
    /// The application's id.
    pub id: String,
    /// The applicant's name.
    pub name: String,
    /// Whether it was done.
    pub done: bool,
    /// What was done, or why nothing was: a key.
    pub key: String,
    /// The same in words.
    pub detail: String,
}

fn answer(cx: &Cx, fates: Vec<Fate>) -> Result<Response, AppError> {
    let view = |fate: Fate| FateView {
        id: fate.id.to_string(),
        detail: fate.text(cx.lang),
        done: fate.done.is_ok(),
        key: fate.done.unwrap_or_else(|refusal| refusal.key.to_owned()),
        name: fate.name,
    };
    cx.json(StatusCode::OK, &FateList { items: fates.into_iter().map(view).collect(), next: None })
}

/// Decide on several applications: each under its own rule.
#[utoipa::path(post, path = "/api/v1/groups/{group}/applications/decide", tag = "joining",
    request_body = DecideManyInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "What became of each", body = FateList)))]
pub async fn decide(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<DecideManyInput>,
) -> Result<Response, AppError> {
    let (_, fates) = bulk::decide_many(&cx, group, input).await?;
    answer(&cx, fates)
}

/// Take back what one just did to several applications, within 20 seconds.
#[utoipa::path(post, path = "/api/v1/groups/{group}/applications/undo", tag = "joining",
    request_body = UndoManyInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "What became of each", body = FateList)))]
pub async fn undo(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<UndoManyInput>,
) -> Result<Response, AppError> {
    let (_, fates) = bulk::undo_many(&cx, group, input.applications).await?;
    answer(&cx, fates)
}
