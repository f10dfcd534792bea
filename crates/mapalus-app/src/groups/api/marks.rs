//! What those who operate the instance say of groups, and what those who run a hidden one answer, over the API.

use crate::{
    groups::{
        model::marks::{AnswerInput, AnswerView, ListedGroupView, MarkInput, MarkView, SinceView},
        pages::{hiding, marks as pages},
    },
    shell::{AppError, Cx, Sent},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Serialize;

/// Groups of the instance.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ListedGroups {
    /// The groups, by name.
    pub items: Vec<ListedGroupView>,
    /// Cursor of the next page; null on the last one.
    pub next: Option<String>,
}

/// A group of the instance with what was said of it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct JudgedGroup {
    /// The group.
    #[serde(flatten)]
    pub group: ListedGroupView,
    /// What was said of it, the latest first, 50 at most.
    pub marks: Vec<MarkView>,
    /// What those who run it answered when it was hidden, the latest first, 50 at most.
    pub answers: Vec<AnswerView>,
}

/// Whether a group is hidden, and what those who run it answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct HidingView {
    /// Since when it is hidden, and why; null if it is not.
    pub hidden: Option<SinceView>,
    /// What those who run it answered, the latest first, 50 at most.
    pub answers: Vec<AnswerView>,
}

/// The groups of the instance: that they are there, not what is in them.
#[utoipa::path(get, path = "/api/v1/listed-groups", tag = "operating",
    params(("q" = Option<String>, Query, description = "Letters of the name"),
        ("state" = Option<String>, Query, description = "`hidden` or `verified`"),
        ("after" = Option<String>, Query, description = "Cursor of the page before")),
    responses((status = 200, description = "A page of groups", body = ListedGroups)))]
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    let (groups, _) = pages::listed(&cx).await?;
    let items = groups.items.iter().map(ListedGroupView::from).collect();
    cx.json(StatusCode::OK, &ListedGroups { items, next: groups.next })
}

/// One of them, with what was said of it.
#[utoipa::path(get, path = "/api/v1/listed-groups/{listed}", tag = "operating",
    params(("listed" = String, Path, description = "The group's id")),
    responses((status = 200, description = "The group", body = JudgedGroup)))]
pub async fn one(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group).await
}

async fn show(cx: &Cx, group: String) -> Result<Response, AppError> {
    let (group, marks, answers) = pages::judged(cx, group).await?;
    let view = JudgedGroup {
        group: ListedGroupView::from(&group),
        marks: marks.iter().map(MarkView::from).collect(),
        answers: answers.iter().map(AnswerView::from).collect(),
    };
    cx.json(StatusCode::OK, &view)
}

/// Verify a group, hide it, or take that back, with a reason. It counts at once; those who run the group are told after 20
/// seconds.
#[utoipa::path(post, path = "/api/v1/listed-groups/{listed}/marks", tag = "operating", request_body = MarkInput,
    params(("listed" = String, Path, description = "The group's id")),
    responses((status = 200, description = "The group", body = JudgedGroup)))]
pub async fn mark(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<MarkInput>,
) -> Result<Response, AppError> {
    pages::mark_by(&cx, group.clone(), input).await?;
    show(&cx, group).await
}

/// Take back within 20 seconds what you said last: the group stands as before, and nobody is told.
#[utoipa::path(post, path = "/api/v1/listed-groups/{listed}/marks/undo", tag = "operating",
    params(("listed" = String, Path, description = "The group's id")),
    responses((status = 200, description = "The group", body = JudgedGroup)))]
pub async fn undo(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    pages::undo_by(&cx, group.clone()).await?;
    show(&cx, group).await
}

/// Whether those who operate the instance hide the group, and what was answered.
#[utoipa::path(get, path = "/api/v1/groups/{group}/hidden", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "Whether it is hidden", body = HidingView)))]
pub async fn hiding(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    hidden(&cx, group).await
}

async fn hidden(cx: &Cx, group: String) -> Result<Response, AppError> {
    let (group, answers) = hiding::read(cx, group).await?;
    let view = HidingView {
        hidden: SinceView::of(group.hidden_at, group.hidden_why.as_deref()),
        answers: answers.iter().map(AnswerView::from).collect(),
    };
    cx.json(StatusCode::OK, &view)
}

/// Answer that the group is hidden: those who operate the instance are told.
#[utoipa::path(post, path = "/api/v1/groups/{group}/hidden", tag = "groups", request_body = AnswerInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "What was answered", body = HidingView)))]
pub async fn answer(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<AnswerInput>,
) -> Result<Response, AppError> {
    hiding::answer_by(&cx, group.clone(), input).await?;
    hidden(&cx, group).await
}
