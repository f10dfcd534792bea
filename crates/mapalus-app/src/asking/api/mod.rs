//! Questions over the API.

pub mod guard;
pub mod mailed;
pub mod replies;

use super::{
    model::{AssignInput, LineView, ThreadInput, ThreadView, WordInput},
    pages::{ask as form, inbox as lists, thread},
};
use crate::shell::{AppError, Cx, Place, Sent, paging::Paged};
use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Serialize;

/// A page of questions.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuestionList {
    /// The questions, the newest word first.
    pub items: Vec<LineView>,
    /// Cursor of the next page: give it as `after`.
    pub next: Option<String>,
}

/// What happens next after a stranger asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuestionBegun {
    /// Always `confirm`: the mailed link sends the question.
    pub next: &'static str,
}

impl From<Paged<super::model::Line>> for QuestionList {
    fn from(page: Paged<super::model::Line>) -> Self {
        Self { items: page.items.into_iter().map(LineView::from).collect(), next: page.next }
    }
}

/// The question at a place, as it stands now.
async fn at(cx: &Cx, status: StatusCode, place: &Place) -> Result<Response, AppError> {
    let (thread, words, staff) = thread::read(cx, thread::id_of(place)?).await?;
    cx.json_at(status, thread.version, &ThreadView::new(&thread, &words, staff))
}

/// Ask a group. Without an account name and mail address are needed, and nothing reaches the group before the mailed
/// link was followed.
#[utoipa::path(post, path = "/api/v1/groups/{group}/questions", tag = "asking", request_body = ThreadInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The question", body = ThreadView),
        (status = 202, description = "A link that sends it is on its way", body = QuestionBegun)))]
pub async fn ask(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<ThreadInput>,
) -> Result<Response, AppError> {
    let place = form::ask(&cx, group, input).await?;
    match cx.person() {
        Some(_) => at(&cx, StatusCode::CREATED, &place).await,
        None => cx.json(StatusCode::ACCEPTED, &QuestionBegun { next: "confirm" }),
    }
}

/// The inbox of a group.
#[utoipa::path(get, path = "/api/v1/groups/{group}/questions", tag = "asking",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("show" = Option<String>, Query, description = "`open` (as if nothing is given), `mine`, `answered` or `closed`"),
        ("after" = Option<String>, Query, description = "Cursor of the page before")),
    responses((status = 200, description = "A page of questions", body = QuestionList)))]
pub async fn inbox(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (_, _, lines) = lists::lines(&cx, group).await?;
    cx.json(StatusCode::OK, &QuestionList::from(lines))
}

/// One's own questions.
#[utoipa::path(get, path = "/api/v1/questions", tag = "asking",
    params(("after" = Option<String>, Query, description = "Cursor of the page before")),
    responses((status = 200, description = "A page of questions", body = QuestionList)))]
pub async fn mine(cx: Cx) -> Result<Response, AppError> {
    let lines = lists::own(&cx).await?;
    cx.json(StatusCode::OK, &QuestionList::from(lines))
}

/// A question with all that was said.
#[utoipa::path(get, path = "/api/v1/questions/{ask}", tag = "asking",
    params(("ask" = String, Path, description = "The question's id")),
    responses((status = 200, description = "The question", body = ThreadView)))]
pub async fn one(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let (thread, words, staff) = thread::read(&cx, id).await?;
    cx.json_at(StatusCode::OK, thread.version, &ThreadView::new(&thread, &words, staff))
}

/// Write more to one's own question. It is open again, if it was closed.
#[utoipa::path(post, path = "/api/v1/questions/{ask}/words", tag = "asking", request_body = WordInput,
    params(("ask" = String, Path, description = "The question's id")),
    responses((status = 200, description = "The question", body = ThreadView)))]
pub async fn more(Path(id): Path<String>, Sent { cx, input }: Sent<WordInput>) -> Result<Response, AppError> {
    let place = thread::more_on(&cx, id, input.text).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Answer a question. With `If-Match` only as it was seen.
#[utoipa::path(post, path = "/api/v1/questions/{ask}/answers", tag = "asking", request_body = WordInput,
    params(("ask" = String, Path, description = "The question's id")),
    responses((status = 200, description = "The question", body = ThreadView)))]
pub async fn answer(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<WordInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let place = thread::answer_on(&cx, id, input.text, seen).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Take one's own answer back within 20 seconds: the one who asked is told nothing then.
#[utoipa::path(post, path = "/api/v1/questions/{ask}/undo", tag = "asking",
    params(("ask" = String, Path, description = "The question's id")),
    responses((status = 200, description = "The question", body = ThreadView)))]
pub async fn undo(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let place = thread::undo_on(&cx, id).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Give a question to a coordinator, or to nobody.
#[utoipa::path(put, path = "/api/v1/questions/{ask}/assigned", tag = "asking", request_body = AssignInput,
    params(("ask" = String, Path, description = "The question's id")),
    responses((status = 200, description = "The question", body = ThreadView)))]
pub async fn assign(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<AssignInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let place = thread::assign_on(&cx, id, input, seen).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Close a question.
#[utoipa::path(post, path = "/api/v1/questions/{ask}/close", tag = "asking",
    params(("ask" = String, Path, description = "The question's id")),
    responses((status = 200, description = "The question", body = ThreadView)))]
pub async fn close(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let place = thread::close_on(&cx, id, true, seen).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Open a question that was closed.
#[utoipa::path(post, path = "/api/v1/questions/{ask}/reopen", tag = "asking",
    params(("ask" = String, Path, description = "The question's id")),
    responses((status = 200, description = "The question", body = ThreadView)))]
pub async fn reopen(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let place = thread::close_on(&cx, id, false, seen).await?;
    at(&cx, StatusCode::OK, &place).await
}
