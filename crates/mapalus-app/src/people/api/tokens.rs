//! One's own tokens over the API: only for a session, since no token makes or ends another.

use super::super::{
    self as people, actions,
    token::{NewTokenView, TokenInput, TokenList, TokenView},
};
use crate::shell::{AppError, Cx, Place, Sent};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::{Refusal, TokenId, access::UseTokens};

/// One's own tokens, without their secrets.
#[utoipa::path(get, path = "/api/v1/tokens", tag = "people",
    responses((status = 200, description = "The tokens", body = TokenList)))]
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseTokens>()?.signed_in()?;
    let tokens = cx.read("people::tokens", move |tx, _| Ok(people::tokens(tx, person)?)).await?;
    cx.json(StatusCode::OK, &TokenList { items: tokens.iter().map(TokenView::from).collect(), next: None })
}

/// Make a token. Its secret is told this once; the same Idempotency-Key tells it again within 24 hours.
#[utoipa::path(post, path = "/api/v1/tokens", tag = "people", request_body = TokenInput,
    responses((status = 201, description = "The token with its secret", body = NewTokenView)))]
pub async fn make(Sent { cx, input }: Sent<TokenInput>) -> Result<Response, AppError> {
    let (token, secret) = actions::token::make(&cx, &input).await?;
    cx.json(StatusCode::CREATED, &NewTokenView { token: TokenView::from(&token), secret })
}

/// End a token of one's own; it counts at once.
#[utoipa::path(delete, path = "/api/v1/tokens/{token}", tag = "people",
    params(("token" = String, Path, description = "The token's id")),
    responses((status = 204, description = "Ended")))]
pub async fn end(cx: Cx, Path(token): Path<String>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<UseTokens>()?;
    let token: TokenId = token.parse().map_err(|_| Refusal::not_found())?;
    cx.write("people::end_token", move |work, _| {
        actions::token::end(work, &permit, token)?;
        Ok(Place::at("/me/tokens"))
    })
    .await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
