//! Signing in over the API, one's sessions, and the proof of who one is.

use super::super::{
    self as people,
    actions::{self, proof},
    model::SignInInput,
    pages,
    session::{EntryInput, OpenSessionView, ProofInput, SessionList, SessionView, Waits},
};
use crate::shell::{AppError, Cx, Place, Sent, Viewer};
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{
    Refusal,
    access::{Enter, UseAccount},
};
use serde::Deserialize;

/// A code for a session that waits.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CodeInput {
    /// The eight digits that were mailed; or six digits of the app, or a recovery code.
    pub code: String,
}

/// Sign in: sets the session's cookie. It does not count yet where `next` names what it waits for: who has a second step
/// types a code of the app, a coordinator or operator without one types the code that is mailed for a new browser.
#[utoipa::path(post, path = "/api/v1/sessions", tag = "people", request_body = SignInInput, responses(
    (status = 201, description = "Signed in, or waiting for a code", body = SessionView),
))]
pub async fn sign_in(Sent { cx, input }: Sent<SignInInput>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let begun = actions::sign_in(&cx, &permit, &input).await?;
    entered(&cx, &begun)
}

/// Ask for a code by mail, to sign in without a password. The answer is the same whether the address has an account.
#[utoipa::path(post, path = "/api/v1/sessions/mail", tag = "people", request_body = EntryInput, responses(
    (status = 201, description = "Waiting for the code, if the address has an account", body = SessionView),
))]
pub async fn ask_for_code(Sent { cx, input }: Sent<EntryInput>) -> Result<Response, AppError> {
    let begun = pages::code::ask_for_code(&cx, &input).await?;
    entered(&cx, &begun)
}

/// Type the code for which the session of the cookie waits. After a mailed code it may wait for the second step.
#[utoipa::path(post, path = "/api/v1/sessions/code", tag = "people", request_body = CodeInput, responses(
    (status = 201, description = "Signed in, or waiting for the second step", body = SessionView),
))]
pub async fn enter_code(Sent { cx, input }: Sent<CodeInput>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let begun = actions::enter_code(&cx, &permit, &input.code).await?;
    entered(&cx, &begun)
}

/// The answer to a step of signing in, with its cookies.
pub(super) fn entered(cx: &Cx, begun: &actions::Begun) -> Result<Response, AppError> {
    let view = SessionView {
        id: begun.session.to_string(),
        person: begun.person.map(|person| person.to_string()),
        next: (begun.waits != Waits::Nothing).then_some(begun.waits.word()),
    };
    let mut answer = cx.json(StatusCode::CREATED, &view)?;
    for cookie in pages::entered(cx, begun, &Place::at("/")).headers().get_all(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    Ok(answer)
}

/// Prove anew who you are, by the password or a code: what answers 403 with `refusal-prove` is open for ten minutes then.
#[utoipa::path(post, path = "/api/v1/sessions/proof", tag = "people", request_body = ProofInput,
    responses((status = 204, description = "Proved")))]
pub async fn prove(Sent { cx, input }: Sent<ProofInput>) -> Result<Response, AppError> {
    proof::prove(&cx, &input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// One's signed-in devices.
#[utoipa::path(get, path = "/api/v1/sessions", tag = "people",
    responses((status = 200, description = "The sessions", body = SessionList)))]
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let open = cx.read("people::sessions", move |tx, cx| Ok(people::sessions(tx, person, cx.now)?)).await?;
    let current = cx.viewer.as_ref().and_then(Viewer::session);
    let items = open.iter().map(|session| OpenSessionView::new(session, current)).collect();
    cx.json(StatusCode::OK, &SessionList { items, next: None })
}

/// End all sessions of one's own but the one that asks.
#[utoipa::path(delete, path = "/api/v1/sessions", tag = "people",
    responses((status = 204, description = "Ended")))]
pub async fn end_others(cx: Cx) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let own = cx.viewer.as_ref().and_then(Viewer::session).ok_or_else(Refusal::not_found)?;
    cx.write("people::end_other_sessions", move |work, _| {
        actions::end_other_sessions(work, &permit, own)?;
        Ok(Place::at("/me"))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// End a session of one's own.
#[utoipa::path(delete, path = "/api/v1/sessions/{session}", tag = "people",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 204, description = "Ended")))]
pub async fn end(cx: Cx, Path(session): Path<String>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let session = people::session_id(&session).ok_or_else(Refusal::not_found)?;
    cx.write("people::end_session", move |work, _| {
        actions::end_session(work, &permit, session)?;
        Ok(Place::at("/api/v1/me"))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
