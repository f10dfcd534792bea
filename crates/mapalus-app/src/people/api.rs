//! Accounts over the API.

pub mod account;
pub mod consent;
pub mod factors;
pub mod guardian;
pub mod network;
pub mod passkeys;
pub mod sessions;
pub mod tokens;

use super::{
    model::{AccountView, SignUpInput},
    pages,
    profile::{Closeness, ProfileBody},
};
use crate::shell::{AppError, Cx, Sent, or_newer};
use axum::{http::StatusCode, response::Response};
use mapalus_core::{Refusal, access::UseAccount};
use serde::Serialize;

/// What happens next after an account was asked for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Asked {
    /// Always `confirm`: the address has to be confirmed by the mailed link.
    pub next: &'static str,
}

/// Ask for an account.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = SignUpInput, responses(
    (status = 202, description = "A link to confirm the address is on its way, if the address was free", body = Asked),
))]
pub async fn sign_up(Sent { cx, input }: Sent<SignUpInput>) -> Result<Response, AppError> {
    pages::enter::ask_for_account(&cx, &input).await?;
    cx.json(StatusCode::ACCEPTED, &Asked { next: "confirm" })
}

/// Change one's profile; what is left out stays.
#[utoipa::path(patch, path = "/api/v1/me", tag = "people", request_body = ProfileBody,
    params(("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The account", body = AccountView)))]
pub async fn set_profile(Sent { cx, input }: Sent<ProfileBody>) -> Result<Response, AppError> {
    let done = pages::profile::change_parts(&cx, input, cx.if_match()?).await;
    or_newer(done, me(cx.clone())).await?;
    me(cx).await
}

/// One's own account.
#[utoipa::path(get, path = "/api/v1/me", tag = "people",
    responses((status = 200, description = "The account", body = AccountView)))]
pub async fn me(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let (account, profile) = cx
        .read("people::me", move |tx, _| Ok((super::account(tx, person)?, super::profile_of(tx, person)?)))
        .await?;
    let profile = profile.ok_or_else(Refusal::not_found)?;
    let mut view = AccountView::from(account);
    view.version = profile.version;
    view.shown = Some((&profile.shown).into());
    view.profile = profile.seen(Closeness::Oneself, cx.lang);
    cx.json_at(StatusCode::OK, view.version, &view)
}
