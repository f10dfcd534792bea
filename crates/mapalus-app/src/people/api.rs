//! Accounts over the API.

pub mod account;
pub mod tokens;

use super::{
    actions,
    model::{AccountView, SignInInput, SignUpInput},
    pages,
    profile::{Closeness, ProfileInput},
};
use crate::shell::{AppError, Cx, Place, Sent, or_newer};
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{
    Refusal,
    access::{Enter, UseAccount},
};
use serde::{Deserialize, Serialize};

/// What happens next after an account was asked for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Asked {
    /// Always `confirm`: the address has to be confirmed by the mailed link.
    pub next: &'static str,
}

/// A session that was begun; its secret is in the cookie.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionView {
    /// The session's id.
    pub id: String,
    /// The person's id.
    pub person: String,
    /// `code` if the session waits for the mailed code; then it does not count yet.
    pub next: Option<&'static str>,
}

/// The code that was mailed.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeInput {
    /// Six digits.
    pub code: String,
}

/// Ask for an account.
#[utoipa::path(post, path = "/api/v1/people", tag = "people", request_body = SignUpInput, responses(
    (status = 202, description = "A link to confirm the address is on its way, if the address was free", body = Asked),
))]
pub async fn sign_up(Sent { cx, input }: Sent<SignUpInput>) -> Result<Response, AppError> {
    pages::enter::ask_for_account(&cx, &input).await?;
    cx.json(StatusCode::ACCEPTED, &Asked { next: "confirm" })
}

/// Sign in: sets the session's cookie. A coordinator or operator in a new browser has to type the mailed code
/// before the session counts: `next` is then `code`.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "people", request_body = SignInInput, responses(
    (status = 201, description = "Signed in, or waiting for the code", body = SessionView),
))]
pub async fn sign_in(Sent { cx, input }: Sent<SignInInput>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let begun = actions::sign_in(&cx, &permit, &input).await?;
    entered(&cx, &begun)
}

/// Type the code that was mailed for a new browser.
#[utoipa::path(post, path = "/api/v1/sessions/code", tag = "people", request_body = CodeInput, responses(
    (status = 201, description = "Signed in", body = SessionView),
))]
pub async fn enter_code(Sent { cx, input }: Sent<CodeInput>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let begun = actions::enter_code(&cx, &permit, &input.code).await?;
    entered(&cx, &begun)
}

fn entered(cx: &Cx, begun: &actions::Begun) -> Result<Response, AppError> {
    let view = SessionView {
        id: begun.session.to_string(),
        person: begun.person.to_string(),
        next: begun.waits.then_some("code"),
    };
    let mut answer = cx.json(StatusCode::CREATED, &view)?;
    for cookie in pages::entered(cx, begun, &Place::at("/")).headers().get_all(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(answer)
}

/// End a session of one's own.
#[utoipa::path(delete, path = "/api/v1/sessions/{session}", tag = "people",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 204, description = "Ended")))]
pub async fn end_session(cx: Cx, Path(session): Path<String>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let session = super::session_id(&session).ok_or_else(Refusal::not_found)?;
    cx.write("people::end_session", move |work, _| {
        actions::end_session(work, &permit, session)?;
        Ok(Place::at("/api/v1/me"))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Change one's profile: all of its fields.
#[utoipa::path(patch, path = "/api/v1/me", tag = "people", request_body = ProfileInput,
    params(("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The account", body = AccountView)))]
pub async fn set_profile(Sent { cx, input }: Sent<ProfileInput>) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let version = match cx.if_match()? {
        Some(version) => Some(version),
        None => {
            cx.read("people::version", move |tx, _| Ok(super::profile_of(tx, person)?.map(|p| p.version)))
                .await?
        }
    };
    let done = pages::profile::store(&cx, &input, version).await;
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
    view.profile = profile.seen(Closeness::Oneself, cx.lang);
    cx.json_at(StatusCode::OK, view.version, &view)
}
