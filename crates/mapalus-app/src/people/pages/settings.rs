//! Address, password, closing the account.

use crate::{
    people::{
        actions,
        model::{Mail, Password, Purpose},
    },
    shell::{AppError, Checks, Cx, FormState, Frame, Lang, Place, Posted, cx},
};
use askama::Template;
use axum::{extract::Path, http::header, response::Response};
use mapalus_core::{
    Refusal,
    access::{Enter, GuardAccount, UseAccount},
};
use serde::Deserialize;

/// Forms for address, password and closing.
#[derive(Template)]
#[template(path = "people/templates/settings.html")]
pub struct SettingsPage {
    f: Frame,
    mail_form: FormState,
    password_form: FormState,
    close_form: FormState,
    /// Whether a new password can be typed at once: one that was typed before a proof would be lost.
    proved: bool,
}

impl SettingsPage {
    fn new(f: Frame, proved: bool) -> Self {
        let [mail_form, password_form, close_form] = [FormState::new(), FormState::new(), FormState::new()];
        Self { f, mail_form, password_form, close_form, proved }
    }

    /// Samples for the test that renders every page: before a proof of who it is, and after.
    pub fn samples(lang: Lang) -> Vec<Self> {
        [false, true].map(|proved| Self::new(Frame::sample(lang, "Settings", true), proved)).into()
    }
}

/// `GET /me/settings`
pub async fn settings(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<UseAccount>()?;
    cx.html(&SettingsPage::new(cx.frame(cx.text("people-settings-title")), cx.proved()))
}

/// Shows the forms again with one that was refused; no password comes back.
fn again(
    posted: &Posted,
    error: AppError,
    which: fn(&mut SettingsPage) -> &mut FormState,
) -> Result<Response, AppError> {
    let (status, form) = posted.again(error)?;
    let cx = &posted.cx;
    let mut page = SettingsPage::new(cx.frame(cx.text("people-settings-title")), cx.proved());
    *which(&mut page) = form.without("new_password");
    cx.html_with(status, &page)
}

/// Another mail address.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailInput {
    /// The new address.
    mail: String,
}

/// `POST /me/mail`
pub async fn mail(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match ask_for_mail(&cx, &posted.input()?).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => again(&posted, error, |page| &mut page.mail_form),
    }
}

pub(in crate::people) async fn ask_for_mail(cx: &Cx, input: &MailInput) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<GuardAccount>()?;
    let mut checks = Checks::new();
    let mail = checks.field("mail", Mail::parse(&input.mail));
    let mail = checks.done(mail)?;
    cx.write("people::ask_for_mail", move |work, _| {
        actions::account::ask_for_mail(work, &permit, &mail)?;
        Ok(Place::at("/me/settings").telling("people-done-mail-asked"))
    })
    .await
}

/// `GET /mail/{link}`
pub async fn confirm_mail(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    super::links::confirm_page(&cx, Purpose::Mail, &link, "people-confirm-mail-button").await
}

/// `POST /mail/{link}`
pub async fn confirm_mail_post(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = change_mail(&posted.cx, &link).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::people) async fn change_mail(cx: &Cx, link: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let id = cx.app.key.open_link(Purpose::Mail.word(), link);
    cx.write("people::change_mail", move |work, _| {
        actions::account::change_mail(work, &permit, id)?;
        Ok(Place::at("/me").telling("people-done-mail"))
    })
    .await
}

/// Another password.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PasswordInput {
    /// The new one.
    new_password: String,
}

/// `POST /me/password`
pub async fn password(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match set_password(&cx, &posted.input()?).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => again(&posted, error, |page| &mut page.password_form),
    }
}

pub(in crate::people) async fn set_password(cx: &Cx, input: &PasswordInput) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<GuardAccount>()?;
    let viewer = cx.viewer.as_ref().ok_or_else(Refusal::not_found)?;
    let (session, name) = (viewer.session().ok_or_else(Refusal::not_found)?, viewer.name.clone());
    let mut checks = Checks::new();
    let new = checks.field("new_password", Password::new(&input.new_password, &[&name, "mapalus"]));
    let new = checks.done(new)?;
    let hash = actions::hash(&cx.app, &new.0).await?;
    cx.write("people::set_password", move |work, _| {
        actions::account::set_password(work, &permit, &hash, session)?;
        Ok(Place::at("/me").telling("people-done-password"))
    })
    .await
}

/// `POST /me/close`
pub async fn close(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match close_own(&cx).await {
        Ok(place) => Ok(left(&cx, cx.see(&place))),
        Err(error) => again(&posted, error, |page| &mut page.close_form),
    }
}

/// An answer that takes the session's cookie away.
pub(in crate::people) fn left(cx: &Cx, mut answer: Response) -> Response {
    let secure = cx.app.settings.secure();
    let gone = cx::set_cookie(cx::session_cookie(secure), "", 0, secure);
    answer.headers_mut().append(header::SET_COOKIE, gone);
    answer
}

pub(in crate::people) async fn close_own(cx: &Cx) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<GuardAccount>()?;
    let may_close = cx.app.may_close;
    cx.write("people::close", move |work, _| {
        may_close(work.tx, permit.signed_in()?)?;
        actions::account::close(work, &permit)?;
        Ok(Place::at("/").telling("people-done-closed"))
    })
    .await
}
