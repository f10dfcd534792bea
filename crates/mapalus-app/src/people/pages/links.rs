//! Pages behind mailed links. A GET shows; only the button changes something.

use super::{enter::SentPage, entered};
use crate::{
    people::{
        actions,
        model::{Mail, Password, Purpose, SignUpInput},
        queries, rules,
    },
    shell::{AppError, Checks, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{LinkId, Refusal, RefusalKind, access::Enter};
use serde::Deserialize;

/// One button that confirms an address.
#[derive(Template)]
#[template(path = "people/templates/confirm.html")]
pub struct ConfirmPage {
    f: Frame,
    form: FormState,
    action: String,
    button: &'static str,
}

/// The form that asks for a link to set a new password.
#[derive(Template)]
#[template(path = "people/templates/forgot.html")]
pub struct ForgotPage {
    f: Frame,
    form: FormState,
}

/// The form that sets a new password.
#[derive(Template)]
#[template(path = "people/templates/reset.html")]
pub struct ResetPage {
    f: Frame,
    form: FormState,
    action: String,
}

/// The form that makes the first account.
#[derive(Template)]
#[template(path = "people/templates/setup.html")]
pub struct SetupPage {
    f: Frame,
    form: FormState,
    action: String,
}

impl ConfirmPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let f = Frame::sample(lang, "Confirm", false);
        Self { f, form: FormState::new(), action: "/confirm/x".to_owned(), button: "people-confirm-button" }
    }
}

impl ForgotPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self { f: Frame::sample(lang, "Forgot", false), form: FormState::new() }
    }
}

impl ResetPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let f = Frame::sample(lang, "Reset", false);
        Self { f, form: FormState::new(), action: "/reset/x".to_owned() }
    }
}

impl SetupPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let f = Frame::sample(lang, "Setup", false);
        Self { f, form: FormState::new(), action: "/setup/x".to_owned() }
    }
}

pub(super) fn opened(cx: &Cx, purpose: Purpose, secret: &str) -> Option<LinkId> {
    cx.app.key.open_link(purpose.word(), secret)
}

/// Tells at once, on GET, that a link is used, over or unknown.
async fn still_usable(cx: &Cx, purpose: Purpose, secret: &str) -> Result<(), AppError> {
    let unknown = || Refusal::new(RefusalKind::NotFound, "people-link-unknown");
    let id = opened(cx, purpose, secret).ok_or_else(unknown)?;
    let link = cx.read("people::link", move |tx, _| Ok(queries::link(tx, id)?)).await?;
    let link = link.filter(|link| link.purpose == purpose).ok_or_else(unknown)?;
    Ok(rules::usable(&link, cx.now)?)
}

/// The page of a link that one button confirms.
pub(super) async fn confirm_page(
    cx: &Cx,
    purpose: Purpose,
    link: &str,
    button: &'static str,
) -> Result<Response, AppError> {
    still_usable(cx, purpose, link).await?;
    let f = cx.frame(cx.text("people-confirm-title"));
    cx.html(&ConfirmPage { f, form: FormState::new(), action: format!("/{purpose}/{link}"), button })
}

/// `GET /confirm/{link}`
pub async fn confirm(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    confirm_page(&cx, Purpose::Confirm, &link, "people-confirm-button").await
}

/// `POST /confirm/{link}`
pub async fn confirm_post(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let (begun, next) = confirm_by(&cx, &link).await?;
    if next == actions::guardian::WAITING {
        return Ok(entered(&cx, &begun, &Place::at(next).telling("people-done-confirmed-waits")));
    }
    let next = super::kept_next(&cx).unwrap_or(next);
    Ok(entered(&cx, &begun, &Place::at(next).telling("people-done-confirmed")))
}

pub(in crate::people) async fn confirm_by(cx: &Cx, link: &str) -> Result<(actions::Begun, String), AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let (id, agent) = (opened(cx, Purpose::Confirm, link), actions::agent(cx));
    cx.app.write_as(None, "people::confirm", move |work| actions::confirm(work, &permit, id, &agent)).await
}

/// `GET /forgot`
pub async fn forgot(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let f = cx.frame(cx.text("people-forgot-title"));
    if !cx.app.settings.can_mail() {
        return cx.html(&SentPage::new(f, "people-forgot-title", "people-no-mail-text"));
    }
    cx.html(&ForgotPage { f, form: FormState::new() })
}

/// Whose password is to be set anew.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ForgotInput {
    /// The account's mail address.
    mail: String,
}

/// `POST /forgot`
pub async fn forgot_post(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: ForgotInput = posted.input()?;
    match ask_for_reset(&cx, &input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            cx.html_with(status, &ForgotPage { f: cx.frame(cx.text("people-forgot-title")), form })
        }
    }
}

pub(in crate::people) async fn ask_for_reset(cx: &Cx, input: &ForgotInput) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let mut checks = Checks::new();
    let mail = checks.field("mail", Mail::parse(&input.mail));
    let mail = checks.done(mail)?;
    cx.write("people::forget", move |work, cx| {
        actions::forget(work, &permit, &mail.folded, cx.address)?;
        Ok(Place::at("/forgot/sent"))
    })
    .await
}

/// `GET /forgot/sent`
pub async fn forgot_sent(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let f = cx.frame(cx.text("people-forgot-sent-title"));
    if !cx.app.settings.can_mail() {
        return cx.html(&SentPage::new(f, "people-forgot-title", "people-no-mail-text"));
    }
    cx.html(&SentPage::new(f, "people-forgot-sent-title", "people-forgot-sent-text"))
}

/// `GET /reset/{link}`
pub async fn reset(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    still_usable(&cx, Purpose::Reset, &link).await?;
    let f = cx.frame(cx.text("people-reset-title"));
    cx.html(&ResetPage { f, form: FormState::new(), action: format!("/reset/{link}") })
}

/// A new password by a mailed link.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ResetInput {
    /// The new password.
    pub(in crate::people) password: String,
}

/// `POST /reset/{link}`
pub async fn reset_post(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: ResetInput = posted.input()?;
    match set_password(&cx, &link, &input.password).await {
        Ok(begun) => {
            let place = super::after_step(&cx, &begun, "/").await?;
            Ok(entered(&cx, &begun, &place.telling("people-done-password")))
        }
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let (f, action) = (cx.frame(cx.text("people-reset-title")), format!("/reset/{link}"));
            cx.html_with(status, &ResetPage { f, form: form.without("password"), action })
        }
    }
}

pub(in crate::people) async fn set_password(
    cx: &Cx,
    link: &str,
    password: &str,
) -> Result<actions::Begun, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let mut checks = Checks::new();
    let password = checks.field("password", Password::new(password, &["mapalus"]));
    let password = checks.done(password)?;
    still_usable(cx, Purpose::Reset, link).await?;
    let hash = actions::hash(&cx.app, &password.0).await?;
    let (id, agent) = (opened(cx, Purpose::Reset, link), actions::agent(cx));
    let entrusted_since = cx.app.entrusted_since;
    cx.app
        .write_as(None, "people::reset", move |work| {
            actions::reset(work, &permit, id, &hash, (&agent, entrusted_since))
        })
        .await
}

/// `GET /setup/{link}`
pub async fn setup(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    still_usable(&cx, Purpose::Setup, &link).await?;
    let f = cx.frame(cx.text("people-setup-title"));
    cx.html(&SetupPage { f, form: FormState::new(), action: format!("/setup/{link}") })
}

/// `POST /setup/{link}`
pub async fn setup_post(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match make_first(&cx, &link, &posted.input()?).await {
        Ok(answer) => Ok(answer),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let (f, action) = (cx.frame(cx.text("people-setup-title")), format!("/setup/{link}"));
            cx.html_with(status, &SetupPage { f, form: form.without("password"), action })
        }
    }
}

async fn make_first(cx: &Cx, link: &str, input: &SignUpInput) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let account = rules::set_up(input, cx.lang)?;
    still_usable(cx, Purpose::Setup, link).await?;
    let hash = actions::hash_of(&cx.app, account.password.as_ref()).await?;
    let (id, agent) = (opened(cx, Purpose::Setup, link), actions::agent(cx));
    let begun = cx
        .app
        .write_as(None, "people::set_up", move |work| {
            actions::set_up(work, &permit, id, &account, &hash, &agent)
        })
        .await?;
    Ok(entered(cx, &begun, &Place::at("/admin").telling("people-done-set-up")))
}
