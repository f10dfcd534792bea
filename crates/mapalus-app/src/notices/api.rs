//! Notices are read, and the mailbox of mails that were not sent, over the API.

use super::pages;
use crate::shell::{AppError, Cx, calendar, text};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// A mail that was not sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct KeptMail {
    /// The mail's id.
    pub id: String,
    /// Where it would have gone.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// When it was made, RFC 3339 in UTC.
    pub made_at: String,
    /// What it says; none in a list.
    pub text: Option<String>,
    /// The appointment that it brings, as iCalendar; none in a list.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<String>,
}

/// Mails that were not sent.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct KeptMailList {
    /// The mails, newest first.
    pub items: Vec<KeptMail>,
    /// Always null: there are a hundred at most.
    pub next: Option<String>,
}

/// Mark all of one's notices as read.
#[utoipa::path(post, path = "/api/v1/notices/read", tag = "notices",
    responses((status = 204, description = "Read")))]
pub async fn read(cx: Cx) -> Result<Response, AppError> {
    pages::read_own(&cx).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Mails that were not sent, where there is no mail server: for an operator, and in a demonstration.
#[utoipa::path(get, path = "/api/v1/mails", tag = "notices",
    responses((status = 200, description = "The mails", body = KeptMailList)))]
pub async fn mails(cx: Cx) -> Result<Response, AppError> {
    let view = |mail: pages::MailLine| KeptMail {
        id: mail.id.to_string(),
        to: mail.to,
        subject: mail.subject,
        made_at: text::machine(mail.made_at),
        text: None,
        calendar: None,
    };
    let items = pages::kept(&cx).await?.into_iter().map(view).collect();
    cx.json(StatusCode::OK, &KeptMailList { items, next: None })
}

/// A mail that was not sent. An operator's look is recorded, for the mail is another's.
#[utoipa::path(get, path = "/api/v1/mails/{mail}", tag = "notices",
    params(("mail" = String, Path, description = "The mail's id")),
    responses((status = 200, description = "The mail", body = KeptMail)))]
pub async fn mail(cx: Cx, Path(mail): Path<String>) -> Result<Response, AppError> {
    let (row, letter) = pages::kept_one(&cx, &mail).await?;
    let view = KeptMail {
        id: row.id.to_string(),
        to: row.address,
        text: Some(letter.plain()),
        calendar: letter.calendar.as_ref().map(|(of, host)| {
            let sender = calendar::Party { name: "Mapalus".to_owned(), mail: format!("mapalus@{host}") };
            calendar::text(of, host, &sender)
        }),
        made_at: text::machine(row.made_at),
        subject: letter.subject,
    };
    cx.json(StatusCode::OK, &view)
}
