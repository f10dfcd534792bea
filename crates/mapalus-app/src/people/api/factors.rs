//! One's own second step over the API: only for a session.

use super::super::{
    actions::factor as actions,
    factor::{AppInput, FactorsView, NewAppView, RecoveryView},
};
use crate::shell::{AppError, Cx, Place, Sent};
use axum::{
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::access::{GuardAccount, UseAccount};

/// One's second step of signing in.
#[utoipa::path(get, path = "/api/v1/factors", tag = "people",
    responses((status = 200, description = "What is set up", body = FactorsView)))]
pub async fn show(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let factors = cx.read("people::factors", move |tx, _| Ok(actions::factors(tx, person)?)).await?;
    cx.json(StatusCode::OK, &FactorsView::new(&factors, cx.factor_due_at()))
}

/// Draw a secret for an app that gives codes. Nothing is set up before one of its codes is sent.
#[utoipa::path(post, path = "/api/v1/factors/app/new", tag = "people",
    responses((status = 200, description = "The secret", body = NewAppView)))]
pub async fn new_app(cx: Cx) -> Result<Response, AppError> {
    let app = actions::new_app(&cx, None).await?;
    cx.json(StatusCode::OK, &NewAppView::from(app))
}

/// Set up an app, in the place of an earlier one, by a code that it shows; all other sessions end. The recovery codes are
/// told this once; the same Idempotency-Key tells them again within 24 hours.
#[utoipa::path(post, path = "/api/v1/factors/app", tag = "people", request_body = AppInput,
    responses((status = 201, description = "Set up, with recovery codes", body = RecoveryView)))]
pub async fn set_up(Sent { cx, input }: Sent<AppInput>) -> Result<Response, AppError> {
    let recovery_codes = actions::set_up(&cx, &input).await?;
    cx.json(StatusCode::CREATED, &RecoveryView { recovery_codes })
}

/// Give up the second step, with its recovery codes.
#[utoipa::path(delete, path = "/api/v1/factors/app", tag = "people",
    responses((status = 204, description = "Given up")))]
pub async fn remove(cx: Cx) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<GuardAccount>()?;
    cx.write("people::remove_app", move |work, _| {
        actions::remove(work, &permit)?;
        Ok(Place::at("/me/factors"))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Make ten new recovery codes; the old ones no longer work. They are told this once.
#[utoipa::path(post, path = "/api/v1/factors/recovery", tag = "people",
    responses((status = 201, description = "The codes", body = RecoveryView)))]
pub async fn recovery(cx: Cx) -> Result<Response, AppError> {
    let recovery_codes = actions::renew_recovery(&cx).await?;
    cx.json(StatusCode::CREATED, &RecoveryView { recovery_codes })
}
