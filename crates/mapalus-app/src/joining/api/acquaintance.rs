//! Getting to know applicants over the API.

use super::answer;
use crate::{
    joining::{
        model::acquaintance::{Acquaintance, AcquaintanceState, AskedToView, BringInput, Reply},
        pages::acquaintance,
    },
    shell::{AppError, Cx, Sent, or_newer, text},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Serialize;

/// Whom one was asked to get to know.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AskedToList {
    /// The requests, newest first.
    pub items: Vec<AskedToView>,
    /// Always none: there are fifty at most.
    pub next: Option<String>,
}

/// A member who gets to know an applicant.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AcquaintanceView {
    /// Its id.
    pub id: String,
    /// The id of the step.
    pub step: String,
    /// The member.
    pub person: String,
    /// Their name.
    pub name: String,
    /// `asked`, `agreed`, `declined` or `met`; applicants see those who are ready or have met them.
    #[schema(value_type = String)]
    pub state: AcquaintanceState,
    /// Where and when they meet, or how.
    pub how: String,
    /// When the member was asked, RFC 3339 in UTC.
    pub asked_at: String,
}

/// The acquaintances of an application, as far as one sees them.
pub(super) fn views(asked: &[Acquaintance], reviews: bool) -> Vec<AcquaintanceView> {
    let shown = |one: &&Acquaintance| {
        reviews || matches!(one.state, AcquaintanceState::Agreed | AcquaintanceState::Met)
    };
    let view = |one: &Acquaintance| AcquaintanceView {
        id: one.id.to_string(),
        step: one.step_id.to_string(),
        person: one.person_id.to_string(),
        name: one.name.clone(),
        state: one.state,
        how: one.how.clone(),
        asked_at: text::machine(one.asked_at),
    };
    asked.iter().filter(shown).map(view).collect()
}

/// Ask members to get to know an applicant, or arrange anew where and when they meet.
#[utoipa::path(post, path = "/api/v1/applications/{application}/acquaintances", tag = "joining",
    request_body = BringInput,
    params(("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn bring(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<BringInput>,
) -> Result<Response, AppError> {
    let done = acquaintance::bring_for(&cx, id.clone(), input, cx.if_match()?).await;
    or_newer(done, answer(&cx, StatusCode::OK, id.clone())).await?;
    answer(&cx, StatusCode::OK, id).await
}

/// Take a request back: another member can be asked then.
#[utoipa::path(post, path = "/api/v1/applications/{application}/acquaintances/{acquaintance}/cancel", tag = "joining",
    params(("application" = String, Path, description = "The application's id"),
        ("acquaintance" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn cancel(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    acquaintance::cancel_of(&cx, ids.clone()).await?;
    answer(&cx, StatusCode::OK, ids.0).await
}

async fn list(cx: &Cx) -> Result<Response, AppError> {
    let items = acquaintance::asked_of(cx).await?.into_iter().map(AskedToView::from).collect();
    cx.json(StatusCode::OK, &AskedToList { items, next: None })
}

/// Whom one was asked to get to know.
#[utoipa::path(get, path = "/api/v1/acquaintances", tag = "joining",
    responses((status = 200, description = "The requests", body = AskedToList)))]
pub async fn asked(cx: Cx) -> Result<Response, AppError> {
    list(&cx).await
}

/// One of them.
#[utoipa::path(get, path = "/api/v1/acquaintances/{acquaintance}", tag = "joining",
    params(("acquaintance" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "The request", body = AskedToView)))]
pub async fn one(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let asked = acquaintance::one(&cx, id).await?;
    cx.json(StatusCode::OK, &AskedToView::from(asked))
}

async fn reply(cx: &Cx, id: String, reply: Reply) -> Result<Response, AppError> {
    acquaintance::reply(cx, id, reply).await?;
    list(cx).await
}

/// Say that one is ready to meet the applicant.
#[utoipa::path(post, path = "/api/v1/acquaintances/{acquaintance}/agree", tag = "joining",
    params(("acquaintance" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "All that one was asked", body = AskedToList)))]
pub async fn agree(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    reply(&cx, id, Reply::Agree).await
}

/// Say that one cannot meet the applicant.
#[utoipa::path(post, path = "/api/v1/acquaintances/{acquaintance}/decline", tag = "joining",
    params(("acquaintance" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "All that one was asked", body = AskedToList)))]
pub async fn decline(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    reply(&cx, id, Reply::Decline).await
}

/// Say that one has met the applicant.
#[utoipa::path(post, path = "/api/v1/acquaintances/{acquaintance}/meet", tag = "joining",
    params(("acquaintance" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "All that one was asked", body = AskedToList)))]
pub async fn meet(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    reply(&cx, id, Reply::Meet).await
}

/// Take one's last answer back: a yes or no as long as nobody was told, a meeting as long as its step is open.
#[utoipa::path(post, path = "/api/v1/acquaintances/{acquaintance}/undo", tag = "joining",
    params(("acquaintance" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "All that one was asked", body = AskedToList)))]
pub async fn undo(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    reply(&cx, id, Reply::Undo).await
}
