//! Vouching over the API.

use super::at;
use crate::{
    joining::{
        self,
        model::vouch::{AskInput, AskedView, Candidate, GiveInput},
        pages::vouch::{self, Reply},
        queries,
    },
    shell::{AppError, Cx, Sent},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::access::UseApplication;
use serde::{Deserialize, Serialize};

/// What one was asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AskedList {
    /// The requests, newest first.
    pub items: Vec<AskedView>,
    /// Always none: there are fifty at most.
    pub next: Option<String>,
}

/// A member who may be asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CandidateView {
    /// Their id.
    pub id: String,
    /// Their name.
    pub name: String,
}

/// Members who may be asked.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct CandidateList {
    /// The members, by name.
    pub items: Vec<CandidateView>,
    /// Always none: there are ten at most.
    pub next: Option<String>,
}

/// What to search for.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct NameQuery {
    /// The beginning of a word of the name, three letters at least.
    #[serde(default)]
    pub name: String,
}

/// What members were asked to vouch for by the one who asks for this list.
#[utoipa::path(get, path = "/api/v1/vouches", tag = "joining",
    responses((status = 200, description = "The requests", body = AskedList)))]
pub async fn asked(cx: Cx) -> Result<Response, AppError> {
    let items = vouch::asked_of(&cx).await?.into_iter().map(AskedView::from).collect();
    cx.json(StatusCode::OK, &AskedList { items, next: None })
}

/// One thing that one was asked.
#[utoipa::path(get, path = "/api/v1/vouches/{vouch}", tag = "joining",
    params(("vouch" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "The request", body = AskedView)))]
pub async fn one(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let asked = vouch::asked_one(&cx, id).await?;
    cx.json(StatusCode::OK, &AskedView::from(asked))
}

/// Members of the group whom an applicant may ask, by name.
#[utoipa::path(get, path = "/api/v1/applications/{application}/candidates", tag = "joining",
    params(("application" = String, Path, description = "The application's id"), NameQuery),
    responses((status = 200, description = "Ten members at most", body = CandidateList)))]
pub async fn candidates(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let name = cx.query::<NameQuery>()?.name;
    let found: Vec<Candidate> = cx
        .read("joining::candidates", move |tx, cx| {
            let (application, _, standing) = joining::load(tx, cx, &id)?;
            standing.permit::<UseApplication>()?;
            Ok(queries::vouch::candidates(tx, &application, &name)?)
        })
        .await?;
    let view = |c: Candidate| CandidateView { id: c.id.to_string(), name: c.name };
    cx.json(StatusCode::OK, &CandidateList { items: found.into_iter().map(view).collect(), next: None })
}

/// Ask a member to vouch, by id or by mail address.
#[utoipa::path(post, path = "/api/v1/applications/{application}/vouches", tag = "joining", request_body = AskInput,
    params(("application" = String, Path, description = "The application's id")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn ask(Path(id): Path<String>, Sent { cx, input }: Sent<AskInput>) -> Result<Response, AppError> {
    let place = vouch::ask_for(&cx, id, input).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Take a request to vouch back that was not answered.
#[utoipa::path(post, path = "/api/v1/applications/{application}/vouches/{vouch}/cancel", tag = "joining",
    params(("application" = String, Path, description = "The application's id"),
        ("vouch" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn cancel(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    let place = vouch::cancel_own(&cx, ids).await?;
    at(&cx, StatusCode::OK, &place).await
}

async fn reply(cx: &Cx, id: String, reply: Reply) -> Result<Response, AppError> {
    vouch::reply(cx, id, reply).await?;
    let items = vouch::asked_of(cx).await?.into_iter().map(AskedView::from).collect();
    cx.json(StatusCode::OK, &AskedList { items, next: None })
}

/// Vouch for the applicant.
#[utoipa::path(post, path = "/api/v1/vouches/{vouch}/give", tag = "joining", request_body = GiveInput,
    params(("vouch" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "All that one was asked", body = AskedList)))]
pub async fn give(Path(id): Path<String>, Sent { cx, input }: Sent<GiveInput>) -> Result<Response, AppError> {
    reply(&cx, id, Reply::Give(input)).await
}

/// Do not vouch for the applicant.
#[utoipa::path(post, path = "/api/v1/vouches/{vouch}/decline", tag = "joining",
    params(("vouch" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "All that one was asked", body = AskedList)))]
pub async fn decline(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    reply(&cx, id, Reply::Decline).await
}

/// Take one's vouch back.
#[utoipa::path(post, path = "/api/v1/vouches/{vouch}/withdraw", tag = "joining",
    params(("vouch" = String, Path, description = "The id of the request")),
    responses((status = 200, description = "All that one was asked", body = AskedList)))]
pub async fn withdraw(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    reply(&cx, id, Reply::TakeBack).await
}
