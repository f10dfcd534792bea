//! What was decided in the name of a group, over the API.

use crate::{
    groups::{model::decisions::DecidedView, pages::decisions as pages},
    shell::{AppError, Cx},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Serialize;

/// What was decided.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DecisionList {
    /// The decisions, newest first.
    pub items: Vec<DecidedView>,
    /// Cursor of the next page; null on the last one.
    pub next: Option<String>,
}

/// What was decided in the name of a group, as its members read it; whoever is suspended or excluded reads what concerns
/// them.
#[utoipa::path(get, path = "/api/v1/groups/{group}/decisions", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("topic" = Option<String>, Query, description = "`group`, `joining`, `roles`, `people`, `qualifications`, `safeguarding` or `operator`"),
        ("after" = Option<String>, Query, description = "Cursor of the page before")),
    responses((status = 200, description = "A page of the log", body = DecisionList)))]
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (_, log, ..) = pages::read(&cx, group).await?;
    let item = |decided| {
        let words = pages::words(cx.lang, &decided);
        DecidedView::of(decided, words)
    };
    let items = log.items.into_iter().map(item).collect();
    cx.json(StatusCode::OK, &DecisionList { items, next: log.next })
}
