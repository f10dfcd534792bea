//! Questions of people without an account, by their mailed links.

use crate::{
    asking::{
        model::{ThreadView, WordInput},
        pages::mailed,
    },
    shell::{AppError, Cx, Place, Sent},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{Refusal, access::Enter};
use serde::Serialize;

/// A question that was sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuestionSent {
    /// What stands in place of the link from now on: the question is under `/api/v1/asked/` with it.
    pub link: String,
    /// The question.
    pub question: ThreadView,
}

fn link_of(place: &Place) -> Result<String, AppError> {
    let link = place.location.strip_prefix("/asked/").ok_or_else(Refusal::not_found)?;
    Ok(link.to_owned())
}

async fn view(cx: &Cx, link: String) -> Result<(i64, ThreadView), AppError> {
    let (thread, words) = mailed::read(cx, link).await?;
    Ok((thread.version, ThreadView::new(&thread, &words, false)))
}

/// Send a question to its group, once, by the link that was mailed to confirm the address.
#[utoipa::path(post, path = "/api/v1/ask/{link}", tag = "asking",
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 200, description = "The question, and how it goes on", body = QuestionSent)))]
pub async fn confirm(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    let link = link_of(&mailed::send(&cx, link).await?)?;
    let (version, question) = view(&cx, link.clone()).await?;
    cx.json_at(StatusCode::OK, version, &QuestionSent { link, question })
}

/// A question by the link that continues it.
#[utoipa::path(get, path = "/api/v1/asked/{link}", tag = "asking",
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 200, description = "The question", body = ThreadView)))]
pub async fn one(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let (version, question) = view(&cx, link).await?;
    cx.json_at(StatusCode::OK, version, &question)
}

/// Write more by the link that continues a question.
#[utoipa::path(post, path = "/api/v1/asked/{link}/words", tag = "asking", request_body = WordInput,
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 200, description = "The question", body = ThreadView)))]
pub async fn more(
    Path(link): Path<String>,
    Sent { cx, input }: Sent<WordInput>,
) -> Result<Response, AppError> {
    let place = mailed::say(&cx, link, input.text).await?;
    let (version, question) = view(&cx, link_of(&place)?).await?;
    cx.json_at(StatusCode::OK, version, &question)
}
