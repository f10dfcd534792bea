//! One's qualifications over the API, and the kinds that every group knows.

use super::{
    kinds as data,
    model::{QualificationInput, QualificationKindView, QualificationView},
    pages,
};
use crate::shell::{AppError, Cx, Place, Sent};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::access::SeePublic;
use serde::Serialize;

/// Kinds of qualification.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QualificationKindList {
    /// The kinds.
    pub items: Vec<QualificationKindView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// Qualifications of a person.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QualificationList {
    /// The qualifications.
    pub items: Vec<QualificationView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// The kinds of qualification that every group knows.
#[utoipa::path(get, path = "/api/v1/qualification-kinds", tag = "qualifications",
    responses((status = 200, description = "The kinds", body = QualificationKindList)))]
pub async fn kinds(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let items = data::all().iter().map(|kind| QualificationKindView::of(kind, cx.lang)).collect();
    cx.json(StatusCode::OK, &QualificationKindList { items, next: None })
}

/// What you hold.
#[utoipa::path(get, path = "/api/v1/me/qualifications", tag = "qualifications",
    responses((status = 200, description = "The qualifications", body = QualificationList)))]
pub async fn mine(cx: Cx) -> Result<Response, AppError> {
    let (held, sights) = pages::all(&cx).await?;
    let items = held.iter().map(|held| QualificationView::of(held, &sights, cx.now, cx.lang)).collect();
    cx.json(StatusCode::OK, &QualificationList { items, next: None })
}

/// The qualification of an id, or of the end of a place.
async fn at(cx: &Cx, status: StatusCode, id: &str) -> Result<Response, AppError> {
    let id = id.rsplit('/').next().unwrap_or("").to_owned();
    let (held, sights) = pages::load(cx, id).await?;
    cx.json_at(status, held.version, &QualificationView::of(&held, &sights, cx.now, cx.lang))
}

/// State a qualification that you hold: one of each kind.
#[utoipa::path(post, path = "/api/v1/me/qualifications", tag = "qualifications", request_body = QualificationInput,
    responses((status = 201, description = "The qualification", body = QualificationView)))]
pub async fn state(Sent { cx, input }: Sent<QualificationInput>) -> Result<Response, AppError> {
    let Place { location, .. } = pages::state_one(&cx, input).await?;
    at(&cx, StatusCode::CREATED, &location).await
}

/// A qualification that you hold.
#[utoipa::path(get, path = "/api/v1/me/qualifications/{qualification}", tag = "qualifications",
    params(("qualification" = String, Path, description = "The qualification's id")),
    responses((status = 200, description = "The qualification", body = QualificationView)))]
pub async fn one(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    at(&cx, StatusCode::OK, &id).await
}

/// Correct a qualification that you hold; its kind stays. With `If-Match` only as it was seen.
#[utoipa::path(put, path = "/api/v1/me/qualifications/{qualification}", tag = "qualifications",
    request_body = QualificationInput,
    params(("qualification" = String, Path, description = "The qualification's id")),
    responses((status = 200, description = "The qualification", body = QualificationView)))]
pub async fn correct(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<QualificationInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let Place { location, .. } = pages::correct_one(&cx, id, input, seen).await?;
    at(&cx, StatusCode::OK, &location).await
}

/// Remove a qualification that you hold: what groups saw of it counts no longer. With `If-Match` only as it was seen.
#[utoipa::path(delete, path = "/api/v1/me/qualifications/{qualification}", tag = "qualifications",
    params(("qualification" = String, Path, description = "The qualification's id")),
    responses((status = 204, description = "Removed")))]
pub async fn remove(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    pages::remove_one(&cx, id, seen).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
