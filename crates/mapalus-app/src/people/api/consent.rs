//! Which privacy notice one agreed to, over the API.

use crate::{
    people::{
        self,
        model::{PRIVACY_VERSION, PrivacyInput},
        pages::consent as pages,
    },
    shell::{AppError, Cx, Sent, text},
};
use axum::{http::StatusCode, response::Response};
use mapalus_core::{PersonId, access::UseAccount};
use serde::Serialize;

/// To which version of the privacy notice one agreed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ConsentView {
    /// The version of the notice that is shown now.
    pub version: i64,
    /// The version that one agreed to.
    pub agreed: i64,
    /// When one agreed to it, RFC 3339 in UTC.
    pub agreed_at: String,
    /// What changed from version to version: Markdown in the language of the request.
    pub changes: String,
}

async fn view(cx: &Cx, person: PersonId) -> Result<Response, AppError> {
    let account = cx.read("people::consent", move |tx, _| Ok(people::account(tx, person)?)).await?;
    let view = ConsentView {
        version: PRIVACY_VERSION,
        agreed: account.consent_version,
        agreed_at: text::machine(account.consent_at),
        changes: pages::changes_text(cx.lang).to_owned(),
    };
    cx.json(StatusCode::OK, &view)
}

/// To which version of the privacy notice one agreed, and which is shown now. If it is a newer one, all that writes is
/// refused with `refusal-consent` until one agrees; reading is not.
#[utoipa::path(get, path = "/api/v1/me/consent", tag = "people",
    responses((status = 200, description = "Both versions", body = ConsentView)))]
pub async fn show(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    view(&cx, person).await
}

/// Agree to the privacy notice as it is now, for oneself and for one's wards: by the person, never by a token.
#[utoipa::path(post, path = "/api/v1/me/consent", tag = "people", request_body = PrivacyInput,
    responses((status = 200, description = "Both versions", body = ConsentView)))]
pub async fn agree(Sent { cx, input }: Sent<PrivacyInput>) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    pages::agree(&cx, &input).await?;
    view(&cx, person).await
}
