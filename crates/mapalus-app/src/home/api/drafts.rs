//! Drafts of groups over the API: their owner's alone.

use crate::{
    groups::{
        self,
        model::{DraftInput, DraftView},
    },
    home::pages::drafts as pages,
    shell::{AppError, Cx, Sent, or_newer},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::access::{UseAccount, UseDraft};
use serde::Serialize;

/// One's drafts.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct DraftList {
    /// The drafts, in the order in which they were made.
    pub items: Vec<DraftView>,
    /// Always null: there is one of each template at most.
    pub next: Option<String>,
}

/// One's drafts of groups.
#[utoipa::path(get, path = "/api/v1/drafts", tag = "groups",
    responses((status = 200, description = "The drafts", body = DraftList)))]
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let drafts = cx.read("home::drafts", move |tx, _| Ok(groups::drafts(tx, person)?)).await?;
    let items = drafts.into_iter().map(DraftView::from).collect();
    cx.json(StatusCode::OK, &DraftList { items, next: None })
}

async fn view(cx: &Cx, draft: String) -> Result<Response, AppError> {
    let draft = cx
        .read("home::draft", move |tx, cx| {
            let (draft, standing) = groups::own_draft(tx, cx, &draft)?;
            standing.permit::<UseDraft>()?;
            Ok(draft)
        })
        .await?;
    cx.json_at(StatusCode::OK, draft.version, &DraftView::from(draft))
}

/// A draft. One that was opened answers 410 with the slug of the group.
#[utoipa::path(get, path = "/api/v1/drafts/{draft}", tag = "groups",
    params(("draft" = String, Path, description = "The draft's id")),
    responses((status = 200, description = "The draft", body = DraftView)))]
pub async fn one(cx: Cx, Path(draft): Path<String>) -> Result<Response, AppError> {
    view(&cx, draft).await
}

/// Keep what is to stand in a draft, all of it: fields may be empty until the group is opened.
#[utoipa::path(put, path = "/api/v1/drafts/{draft}", tag = "groups", request_body = DraftInput,
    params(("draft" = String, Path, description = "The draft's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The draft", body = DraftView)))]
pub async fn replace(
    Path(draft): Path<String>,
    Sent { cx, input }: Sent<DraftInput>,
) -> Result<Response, AppError> {
    let done = pages::keep(&cx, draft.clone(), input.into(), cx.if_match()?).await;
    or_newer(done, view(&cx, draft.clone())).await?;
    view(&cx, draft).await
}

/// Open a draft as a group, as it stands; one is its first member and coordinator. The draft is gone then.
#[utoipa::path(post, path = "/api/v1/drafts/{draft}/open", tag = "groups",
    params(("draft" = String, Path, description = "The draft's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 201, description = "The group", body = super::GroupView)))]
pub async fn open(cx: Cx, Path(draft): Path<String>) -> Result<Response, AppError> {
    let done = pages::open_it(&cx, draft.clone(), None, cx.if_match()?).await;
    let place = or_newer(done, view(&cx, draft)).await?;
    super::opened(&cx, &place).await
}

/// Throw a draft away.
#[utoipa::path(delete, path = "/api/v1/drafts/{draft}", tag = "groups",
    params(("draft" = String, Path, description = "The draft's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 204, description = "Thrown away")))]
pub async fn discard(cx: Cx, Path(draft): Path<String>) -> Result<Response, AppError> {
    let done = pages::throw_away(&cx, draft.clone(), cx.if_match()?).await;
    or_newer(done, view(&cx, draft)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
