//! Searches that one keeps, over the API.

use crate::{
    groups::{
        self,
        model::{Watch, WatchFind},
    },
    home::pages::{directory::wanted::Wanted, watches as pages},
    shell::{AppError, Cx, Sent, text},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::access::UseAccount;
use serde::{Deserialize, Serialize};

/// A search to keep: what is left out restricts nothing.
#[derive(Debug, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchInput {
    /// Words: of the name, an occupation, a cause.
    #[serde(default)]
    pub q: String,
    /// `occupational` or `volunteer`.
    #[serde(default)]
    pub kind: String,
    /// Occupation, by code, name, title or synonym; those below it count too.
    #[serde(default)]
    pub occupation: String,
    /// Key of a cause.
    #[serde(default)]
    pub cause: String,
    /// Province, regency, town or district, by code or name.
    #[serde(default)]
    pub area: String,
    /// Kilometres around the area: 5, 10, 25, 50 or 100.
    #[serde(default)]
    pub km: String,
    /// `yes`: only those that take applications.
    #[serde(default)]
    pub open: String,
}

/// Whether a search is silent.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WatchBody {
    /// Whether it is silent.
    pub paused: bool,
}

/// A search that tells when a new group fits.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchView {
    /// The search's id.
    pub id: String,
    /// Path of the page that shows it.
    pub page: String,
    /// The search in words.
    pub words: String,
    /// Since when.
    pub made_at: String,
    /// Whether it is silent.
    pub paused: bool,
    /// The groups that it found, latest first.
    pub found: Vec<WatchFindView>,
}

/// A group that a search found.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchFindView {
    /// The group's id.
    pub group: String,
    /// Its name.
    pub name: String,
    /// When it was found.
    pub found_at: String,
}

/// One's searches.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WatchList {
    /// The searches, oldest first.
    pub items: Vec<WatchView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

fn view(cx: &Cx, watch: &Watch, finds: &[WatchFind]) -> WatchView {
    let find = |find: &WatchFind| WatchFindView {
        group: find.group_id.to_string(),
        name: find.name.clone(),
        found_at: text::machine(find.found_at),
    };
    WatchView {
        id: watch.id.to_string(),
        page: Wanted::stored(&watch.query).unwrap_or_default().address(),
        words: pages::words(&cx.frame(""), &watch.query),
        made_at: text::machine(watch.made_at),
        paused: watch.paused,
        found: finds.iter().filter(|one| one.watch_id == watch.id).map(find).collect(),
    }
}

async fn all(cx: &Cx) -> Result<Vec<WatchView>, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let (watches, finds) = cx.read("home::watches", move |tx, _| Ok(groups::watches(tx, person)?)).await?;
    Ok(watches.iter().map(|watch| view(cx, watch, &finds)).collect())
}

async fn answer(cx: &Cx, status: StatusCode, id: &str) -> Result<Response, AppError> {
    let mut all = all(cx).await?;
    all.retain(|watch| watch.id == id);
    cx.json(status, &all.pop().ok_or_else(mapalus_core::Refusal::not_found)?)
}

/// One's searches, and what they found.
#[utoipa::path(get, path = "/api/v1/watches", tag = "groups",
    responses((status = 200, description = "The searches", body = WatchList)))]
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    cx.json(StatusCode::OK, &WatchList { items: all(&cx).await?, next: None })
}

/// Keep a search: you are told when a new group fits, once a day at most.
#[utoipa::path(post, path = "/api/v1/watches", tag = "groups", request_body = WatchInput,
    responses((status = 201, description = "The search", body = WatchView)))]
pub async fn keep(Sent { cx, input }: Sent<WatchInput>) -> Result<Response, AppError> {
    let WatchInput { q, kind, occupation, cause, area, km, open } = input;
    let (at, after) = (String::new(), String::new());
    let wanted = Wanted { q, kind, occupation, cause, area, at, km, open, after };
    let place = pages::keep_by(&cx, &wanted).await?;
    answer(&cx, StatusCode::CREATED, place.location.rsplit('#').next().unwrap_or("")).await
}

/// Let a search be silent, or speak again.
#[utoipa::path(patch, path = "/api/v1/watches/{watch}", tag = "groups", request_body = WatchBody,
    params(("watch" = String, Path, description = "The search's id")),
    responses((status = 200, description = "The search", body = WatchView)))]
pub async fn change(
    Path(watch): Path<String>,
    Sent { cx, input }: Sent<WatchBody>,
) -> Result<Response, AppError> {
    pages::pause_by(&cx, watch.clone(), input.paused).await?;
    answer(&cx, StatusCode::OK, &watch).await
}

/// Remove a search, with what it found.
#[utoipa::path(delete, path = "/api/v1/watches/{watch}", tag = "groups",
    params(("watch" = String, Path, description = "The search's id")),
    responses((status = 204, description = "Removed")))]
pub async fn remove(cx: Cx, Path(watch): Path<String>) -> Result<Response, AppError> {
    pages::remove_by(&cx, watch).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
