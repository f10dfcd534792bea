//! One's own account over the API: address, password, photo, data, closing; what mailed links do; accounts that an
//! operator confirms. A token reaches none of what opens or shuts the account.

use super::{
    super::{
        self as people,
        model::Account,
        pages::{
            admin,
            links::{self, ForgotInput, ResetInput},
            profile,
            settings::{self, MailInput, PasswordInput},
        },
        queries,
        session::SessionView,
    },
    sessions::entered,
};
use crate::shell::{AppError, Cx, Sent, Uploaded, text};
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{
    Refusal,
    access::{GuardAccount, OperateInstance, UseAccount},
};
use serde::Serialize;

/// What happens next after a mail was asked for.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MailAsked {
    /// Always `mail`: the mailed link goes on.
    pub next: &'static str,
}

/// An account that waits to be confirmed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WaitingAccount {
    /// The person's id.
    pub id: String,
    /// Full name.
    pub name: String,
    /// Mail address.
    pub mail: String,
    /// When the account was made, RFC 3339 in UTC.
    pub made_at: String,
}

/// Accounts that wait to be confirmed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WaitingAccountList {
    /// The accounts, oldest first.
    pub items: Vec<WaitingAccount>,
    /// Always null: there are a hundred at most.
    pub next: Option<String>,
}

/// Confirm the address of a new account by the mailed link, and sign in.
#[utoipa::path(post, path = "/api/v1/confirm/{link}", tag = "people",
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 201, description = "Signed in", body = SessionView)))]
pub async fn confirm(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    let (begun, _) = links::confirm_by(&cx, &link).await?;
    entered(&cx, &begun)
}

/// Ask for a link to set a new password. The answer is the same whether the address has an account.
#[utoipa::path(post, path = "/api/v1/forgot", tag = "people", request_body = ForgotInput,
    responses((status = 202, description = "A link is on its way, if the address has an account", body = MailAsked)))]
pub async fn forgot(Sent { cx, input }: Sent<ForgotInput>) -> Result<Response, AppError> {
    links::ask_for_reset(&cx, &input).await?;
    cx.json(StatusCode::ACCEPTED, &MailAsked { next: "mail" })
}

/// Set a new password by the mailed link, and sign in; who has a second step types a code of the app then. All other
/// sessions and all tokens end.
#[utoipa::path(post, path = "/api/v1/reset/{link}", tag = "people", request_body = ResetInput,
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 201, description = "Signed in, or waiting for a code", body = SessionView)))]
pub async fn reset(
    Path(link): Path<String>,
    Sent { cx, input }: Sent<ResetInput>,
) -> Result<Response, AppError> {
    let begun = links::set_password(&cx, &link, &input.password).await?;
    entered(&cx, &begun)
}

/// Ask for another mail address; the link that is sent there changes it.
#[utoipa::path(post, path = "/api/v1/me/mail", tag = "people", request_body = MailInput,
    responses((status = 202, description = "A link is on its way to the new address", body = MailAsked)))]
pub async fn ask_for_mail(Sent { cx, input }: Sent<MailInput>) -> Result<Response, AppError> {
    settings::ask_for_mail(&cx, &input).await?;
    cx.json(StatusCode::ACCEPTED, &MailAsked { next: "mail" })
}

/// Change the mail address by the link that was sent to the new one.
#[utoipa::path(post, path = "/api/v1/mail/{link}", tag = "people",
    params(("link" = String, Path, description = "The last part of the mailed link")),
    responses((status = 204, description = "Changed")))]
pub async fn change_mail(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    settings::change_mail(&cx, &link).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Set a new password. All other sessions end.
#[utoipa::path(post, path = "/api/v1/me/password", tag = "people", request_body = PasswordInput,
    responses((status = 204, description = "Set")))]
pub async fn set_password(Sent { cx, input }: Sent<PasswordInput>) -> Result<Response, AppError> {
    settings::set_password(&cx, &input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Close one's account: signed out and hidden at once. Within 14 days one returns by signing in; then it is erased.
#[utoipa::path(post, path = "/api/v1/me/close", tag = "people",
    responses((status = 204, description = "Closed")))]
pub async fn close(cx: Cx) -> Result<Response, AppError> {
    settings::close_own(&cx).await?;
    Ok(settings::left(&cx, StatusCode::NO_CONTENT.into_response()))
}

/// One's own photo.
#[utoipa::path(get, path = "/api/v1/me/photo", tag = "people",
    responses((status = 200, description = "The photo", content((Vec<u8> = "image/jpeg")))))]
pub async fn photo(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let jpeg = cx.read("people::photo", move |tx, _| Ok(people::photo_of(tx, person)?)).await?;
    let jpeg = jpeg.ok_or_else(Refusal::not_found)?;
    Ok((StatusCode::OK, [(header::CONTENT_TYPE, "image/jpeg")], jpeg).into_response())
}

/// Send a photo of oneself: JPEG, PNG or WebP of 8 MB or 40 megapixels. It is made small and loses what the camera
/// wrote into it.
#[utoipa::path(post, path = "/api/v1/me/photo", tag = "people",
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The picture"),
    responses((status = 204, description = "Kept")))]
pub async fn keep_photo(sent: Uploaded) -> Result<Response, AppError> {
    let Uploaded { cx, bytes, held } = sent;
    profile::keep_photo(&cx, Some(bytes)).await?;
    drop(held);
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Remove one's photo.
#[utoipa::path(delete, path = "/api/v1/me/photo", tag = "people",
    responses((status = 204, description = "Removed")))]
pub async fn drop_photo(cx: Cx) -> Result<Response, AppError> {
    profile::keep_photo(&cx, None).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// All that is stored of oneself.
#[utoipa::path(get, path = "/api/v1/me/data", tag = "people",
    responses((status = 200, description = "The data, part by part", body = serde_json::Value)))]
pub async fn data(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<GuardAccount>()?.signed_in()?;
    let data_of = cx.app.data_of;
    let data = cx.read("people::data", move |tx, cx| Ok(data_of(tx, person, cx.now)?)).await?;
    cx.json(StatusCode::OK, &data)
}

/// Accounts that wait to be confirmed, for an operator.
#[utoipa::path(get, path = "/api/v1/accounts", tag = "people",
    responses((status = 200, description = "The accounts", body = WaitingAccountList)))]
pub async fn waiting(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<OperateInstance>()?;
    let waiting: Vec<Account> =
        cx.read("people::waiting", |tx, _| Ok(tx.all(&queries::WAITING_ACCOUNTS, &[])?)).await?;
    let view = |account: Account| WaitingAccount {
        id: account.id.to_string(),
        name: account.name,
        mail: account.mail,
        made_at: text::machine(account.made_at),
    };
    let items = waiting.into_iter().map(view).collect();
    cx.json(StatusCode::OK, &WaitingAccountList { items, next: None })
}

/// Confirm an account by hand, as an operator.
#[utoipa::path(post, path = "/api/v1/accounts/{person}/confirm", tag = "people",
    params(("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "Confirmed")))]
pub async fn confirm_by_hand(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    admin::confirm_by_hand(&cx, &person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
