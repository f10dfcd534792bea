//! Minors and their guardians over the API.

use super::super::{
    guardian::{AskedForView, ConsentInput, GuardianInput, WaitingView},
    pages::{guardian, waiting},
};
use crate::shell::{AppError, Cx, Sent, text};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};

/// What one's account waits for: the consent of a guardian.
#[utoipa::path(get, path = "/api/v1/waiting", tag = "people",
    responses((status = 200, description = "What it waits for", body = WaitingView)))]
pub async fn waiting(cx: Cx) -> Result<Response, AppError> {
    let of = waiting::load(&cx).await?;
    cx.json(StatusCode::OK, &WaitingView::from(&of))
}

/// Name another guardian, or ask the same one anew.
#[utoipa::path(post, path = "/api/v1/waiting/guardian", tag = "people", request_body = GuardianInput,
    responses((status = 200, description = "What the account waits for", body = WaitingView)))]
pub async fn name(Sent { cx, input }: Sent<GuardianInput>) -> Result<Response, AppError> {
    waiting::name_by(&cx, input).await?;
    waiting(cx).await
}

/// For whom a guardian is asked to consent, by the mailed link.
#[utoipa::path(get, path = "/api/v1/guardian/{link}", tag = "people",
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 200, description = "Who asks", body = AskedForView)))]
pub async fn asked(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    let (of, ends_at) = guardian::load(&cx, &link).await?;
    let view = AskedForView { name: of.name, mail: of.ward_mail, ends_at: text::machine(ends_at) };
    cx.json(StatusCode::OK, &view)
}

/// Consent for a minor by the mailed link: their account is open then.
#[utoipa::path(post, path = "/api/v1/guardian/{link}", tag = "people", request_body = ConsentInput,
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 204, description = "Consented")))]
pub async fn consent(
    Path(link): Path<String>,
    Sent { cx, input }: Sent<ConsentInput>,
) -> Result<Response, AppError> {
    guardian::consent_by(&cx, &link, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Do not consent. The minor is told, and may name another guardian.
#[utoipa::path(post, path = "/api/v1/guardian/{link}/decline", tag = "people",
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 204, description = "Declined")))]
pub async fn decline(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    guardian::decline_by(&cx, &link).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Withdraw one's consent: the ward's account is hidden at once, and erased after 14 days.
#[utoipa::path(post, path = "/api/v1/wards/{ward}/withdraw", tag = "people",
    params(("ward" = String, Path, description = "The ward's id")),
    responses((status = 204, description = "Withdrawn")))]
pub async fn withdraw(cx: Cx, Path(ward): Path<String>) -> Result<Response, AppError> {
    guardian::withdraw_by(&cx, &ward).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Give it again within that time: the account is as before.
#[utoipa::path(post, path = "/api/v1/wards/{ward}/restore", tag = "people",
    params(("ward" = String, Path, description = "The ward's id")),
    responses((status = 204, description = "Restored")))]
pub async fn restore(cx: Cx, Path(ward): Path<String>) -> Result<Response, AppError> {
    guardian::restore_by(&cx, &ward).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
