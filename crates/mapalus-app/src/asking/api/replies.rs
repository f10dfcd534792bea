//! Ready answers over the API.

use crate::{
    asking::{
        model::{FrequentInput, Reply, ReplyInput, ReplyView},
        pages::{frequent, replies},
    },
    shell::{AppError, Cx, Place, Sent},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::Refusal;
use serde::Serialize;

/// The ready answers of a group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReplyList {
    /// The answers, by title.
    pub items: Vec<ReplyView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// The ready answer at a place: `/groups/{group}/replies/{reply}`.
async fn at(cx: &Cx, status: StatusCode, place: &Place) -> Result<Response, AppError> {
    let mut parts = place.location.rsplit('/');
    let (reply, _, group) = (parts.next(), parts.next(), parts.next());
    let (_, all) = replies::all(cx, group.unwrap_or("").to_owned()).await?;
    let found: Option<Reply> = all.into_iter().find(|one| Some(one.id.to_string().as_str()) == reply);
    let found = found.ok_or_else(Refusal::not_found)?;
    cx.json_at(status, found.version, &ReplyView::from(found))
}

/// The ready answers of a group.
#[utoipa::path(get, path = "/api/v1/groups/{group}/replies", tag = "asking",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The ready answers", body = ReplyList)))]
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (_, all) = replies::all(&cx, group).await?;
    let items = all.into_iter().map(ReplyView::from).collect();
    cx.json(StatusCode::OK, &ReplyList { items, next: None })
}

/// Add a ready answer.
#[utoipa::path(post, path = "/api/v1/groups/{group}/replies", tag = "asking", request_body = ReplyInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The ready answer", body = ReplyView)))]
pub async fn add(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<ReplyInput>,
) -> Result<Response, AppError> {
    let place = replies::add_to(&cx, group, input).await?;
    at(&cx, StatusCode::CREATED, &place).await
}

/// Change a ready answer. With `If-Match` only as it was seen.
#[utoipa::path(put, path = "/api/v1/groups/{group}/replies/{reply}", tag = "asking", request_body = ReplyInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("reply" = String, Path, description = "The id of the ready answer")),
    responses((status = 200, description = "The ready answer", body = ReplyView)))]
pub async fn change(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<ReplyInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let place = replies::change_to(&cx, ids, input, seen).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Remove a ready answer. With `If-Match` only as it was seen.
#[utoipa::path(delete, path = "/api/v1/groups/{group}/replies/{reply}", tag = "asking",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("reply" = String, Path, description = "The id of the ready answer")),
    responses((status = 204, description = "Removed")))]
pub async fn remove(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    replies::remove_one(&cx, ids, seen).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Keep an answer of the group ready.
#[utoipa::path(post, path = "/api/v1/questions/{ask}/words/{word}/keep", tag = "asking",
    params(("ask" = String, Path, description = "The question's id"),
        ("word" = String, Path, description = "The answer's id")),
    responses((status = 201, description = "The ready answer", body = ReplyView)))]
pub async fn keep(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    let place = replies::keep_word(&cx, ids).await?;
    at(&cx, StatusCode::CREATED, &place).await
}

/// Make a frequent question of the group out of this answer, in words for everybody. For those who may change its page,
/// too.
#[utoipa::path(post, path = "/api/v1/questions/{ask}/words/{word}/frequent", tag = "asking", request_body = FrequentInput,
    params(("ask" = String, Path, description = "The question's id"),
        ("word" = String, Path, description = "The answer's id")),
    responses((status = 204, description = "Done")))]
pub async fn frequent(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<FrequentInput>,
) -> Result<Response, AppError> {
    frequent::make_of(&cx, ids, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
