//! What a group saw, and the kinds of qualification that it made, over the API.

use crate::{
    groups::{
        model::rest::EndingView,
        pages::{check, kinds},
    },
    qualifications::{
        api::{QualificationKindList, QualificationList},
        model::{KindInput, QualificationKindView, QualificationView, SightInput, SightReason},
    },
    shell::{AppError, Cx, Place, Sent},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// What a group saw and is over, or will be within 45 days.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EndingList {
    /// The first end first, 200 at most.
    pub items: Vec<EndingView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// What the group saw and is over, or will be within 45 days.
#[utoipa::path(get, path = "/api/v1/groups/{group}/qualifications", tag = "qualifications",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "What ends", body = EndingList)))]
pub async fn ending(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (_, ending, _) = kinds::load(&cx, group).await?;
    let items = ending.into_iter().map(EndingView::from).collect();
    cx.json(StatusCode::OK, &EndingList { items, next: None })
}

/// The kinds that the group made.
#[utoipa::path(get, path = "/api/v1/groups/{group}/qualifications/kinds", tag = "qualifications",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The kinds", body = QualificationKindList)))]
pub async fn list_kinds(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (_, _, all) = kinds::load(&cx, group).await?;
    let items =
        all.iter().filter(|kind| kind.retired_at.is_none()).map(QualificationKindView::from).collect();
    cx.json(StatusCode::OK, &QualificationKindList { items, next: None })
}

/// The kind at a place: `/groups/{group}/qualifications/kinds/{kind}`.
async fn kind_at(cx: &Cx, status: StatusCode, place: &Place) -> Result<Response, AppError> {
    let mut parts = place.location.split('/').skip(2);
    let (group, kind) = (parts.next().unwrap_or(""), parts.nth(2).unwrap_or(""));
    let (_, kind) = kinds::load_one(cx, (group.to_owned(), kind.to_owned())).await?;
    cx.json_at(status, kind.version, &QualificationKindView::from(&kind))
}

/// Make a kind of the group's own.
#[utoipa::path(post, path = "/api/v1/groups/{group}/qualifications/kinds", tag = "qualifications",
    request_body = KindInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The kind", body = QualificationKindView)))]
pub async fn add_kind(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<KindInput>,
) -> Result<Response, AppError> {
    let place = kinds::add_to(&cx, group, input).await?;
    kind_at(&cx, StatusCode::CREATED, &place).await
}

/// Change a kind of the group's own. With `If-Match` only as it was seen.
#[utoipa::path(put, path = "/api/v1/groups/{group}/qualifications/kinds/{kind}", tag = "qualifications",
    request_body = KindInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("kind" = String, Path, description = "The kind's id")),
    responses((status = 200, description = "The kind", body = QualificationKindView)))]
pub async fn change_kind(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<KindInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let place = kinds::change_to(&cx, ids, input, seen).await?;
    kind_at(&cx, StatusCode::OK, &place).await
}

/// Cease to offer a kind of the group's own; what is held of it stays.
#[utoipa::path(delete, path = "/api/v1/groups/{group}/qualifications/kinds/{kind}", tag = "qualifications",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("kind" = String, Path, description = "The kind's id")),
    responses((status = 204, description = "No longer offered")))]
pub async fn retire_kind(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    kinds::retire_one(&cx, ids, seen).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn of_member(cx: &Cx, status: StatusCode, group: String, person: String) -> Result<Response, AppError> {
    let (_, _, held, sights, _) = check::load(cx, group, person).await?;
    let items = held.iter().map(|held| QualificationView::of(held, &sights, cx.now, cx.lang)).collect();
    cx.json(status, &QualificationList { items, next: None })
}

/// What a member holds, as those who check see it, with what the group has seen of it.
#[utoipa::path(get, path = "/api/v1/groups/{group}/members/{person}/qualifications", tag = "qualifications",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = String, Path, description = "The person's id")),
    responses((status = 200, description = "The qualifications", body = QualificationList)))]
pub async fn member(cx: Cx, Path((group, person)): Path<(String, String)>) -> Result<Response, AppError> {
    of_member(&cx, StatusCode::OK, group, person).await
}

/// Record that you saw the document of a member. What the group saw before of the kind counts no longer.
#[utoipa::path(post, path = "/api/v1/groups/{group}/members/{person}/qualifications", tag = "qualifications",
    request_body = SightInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = String, Path, description = "The person's id")),
    responses((status = 201, description = "The qualifications", body = QualificationList)))]
pub async fn see(
    Path((group, person)): Path<(String, String)>,
    Sent { cx, input }: Sent<SightInput>,
) -> Result<Response, AppError> {
    check::see_one(&cx, (group.clone(), person.clone()), input).await?;
    of_member(&cx, StatusCode::CREATED, group, person).await
}

/// Take back that the group has seen one, with a reason that its holder reads.
#[utoipa::path(post, path = "/api/v1/groups/{group}/sights/{sight}/withdraw", tag = "qualifications",
    request_body = SightReason,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sight" = String, Path, description = "Its id")),
    responses((status = 204, description = "Taken back")))]
pub async fn withdraw(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<SightReason>,
) -> Result<Response, AppError> {
    check::withdraw_one(&cx, ids, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Undo what you recorded or took back, within 20 seconds: nobody is told of it then.
#[utoipa::path(post, path = "/api/v1/groups/{group}/sights/{sight}/undo", tag = "qualifications",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sight" = String, Path, description = "Its id")),
    responses((status = 204, description = "Undone")))]
pub async fn undo(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    check::undo_one(&cx, ids).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
