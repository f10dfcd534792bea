//! Address, password, closing the account; the code for a new browser.

use super::entered;
use crate::{
    people::{
        actions,
        model::{Mail, Password, Purpose},
        rules,
    },
    shell::{AppError, Checks, Cx, FormState, Frame, Lang, Place, Posted, cx, kept},
};
use askama::Template;
use axum::{extract::Path, http::header, response::Response};
use mapalus_core::{
    Refusal,
    access::{Enter, UseAccount},
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
}

impl SettingsPage {
    fn new(f: Frame) -> Self {
        Self { f, mail_form: FormState::new(), password_form: FormState::new(), close_form: FormState::new() }
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self::new(Frame::sample(lang, "Settings", true))
    }
}

/// The form for the code that was mailed.
#[derive(Template)]
#[template(path = "people/templates/code.html")]
pub struct CodePage {
    f: Frame,
    form: FormState,
}

impl CodePage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self { f: Frame::sample(lang, "Code", false), form: FormState::new() }
    }
}

/// `GET /me/settings`
pub async fn settings(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<UseAccount>()?;
    cx.html(&SettingsPage::new(cx.frame(cx.text("people-settings-title"))))
}

/// Shows the forms again with one that was refused; each has field names of its own, and no password comes back.
fn again(
    posted: &Posted,
    error: AppError,
    which: fn(&mut SettingsPage) -> &mut FormState,
) -> Result<Response, AppError> {
    let (status, form) = posted.again(error)?;
    let mut page = SettingsPage::new(posted.cx.frame(posted.cx.text("people-settings-title")));
    *which(&mut page) = ["mail_password", "password", "new_password", "close_password"]
        .iter()
        .fold(form, |form, field| form.without(field));
    posted.cx.html_with(status, &page)
}

async fn check_password(cx: &Cx, password: &str, field: &str) -> Result<(), AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    actions::prove(cx, person, password, field).await
}

/// Another mail address.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MailInput {
    /// The new address.
    mail: String,
    /// The account's password.
    mail_password: String,
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
    let permit = cx.standing().permit::<UseAccount>()?;
    let mut checks = Checks::new();
    let mail = checks.field("mail", Mail::parse(&input.mail));
    let mail = checks.done(mail)?;
    check_password(cx, &input.mail_password, "mail_password").await?;
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
    /// The present one.
    password: String,
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
    let permit = cx.standing().permit::<UseAccount>()?;
    let viewer = cx.viewer.as_ref().ok_or_else(Refusal::not_found)?;
    let (session, name) = (viewer.session().ok_or_else(Refusal::not_found)?, viewer.name.clone());
    let mut checks = Checks::new();
    let new = checks.field("new_password", Password::new(&input.new_password, &[&name, "mapalus"]));
    let new = checks.done(new)?;
    check_password(cx, &input.password, "password").await?;
    let hash = actions::hash(&cx.app, &new.0).await?;
    cx.write("people::set_password", move |work, _| {
        actions::account::set_password(work, &permit, &hash, session)?;
        Ok(Place::at("/me").telling("people-done-password"))
    })
    .await
}

/// That one closes the account.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseInput {
    /// The account's password.
    close_password: String,
}

/// `POST /me/close`
pub async fn close(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match close_own(&cx, &posted.input()?).await {
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

pub(in crate::people) async fn close_own(cx: &Cx, input: &CloseInput) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    check_password(cx, &input.close_password, "close_password").await?;
    let may_close = cx.app.may_close;
    cx.write("people::close", move |work, _| {
        may_close(work.tx, permit.signed_in()?)?;
        actions::account::close(work, &permit)?;
        Ok(Place::at("/").telling("people-done-closed"))
    })
    .await
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

/// `GET /sign-in/code?next=`
pub async fn code(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let next: Next = cx.query()?;
    let form = FormState::new().filled("next", rules::own_path(&next.next));
    cx.html(&CodePage { f: cx.frame(cx.text("people-code-title")), form })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeInput {
    code: String,
    #[serde(default)]
    next: String,
}

/// `POST /sign-in/code`
pub async fn code_post(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let permit = cx.standing().permit::<Enter>()?;
    let input: CodeInput = posted.input()?;
    match actions::enter_code(&cx, &permit, &input.code).await {
        Ok(begun) => {
            let place = after_sign_in(&cx, &begun, &input.next).await?;
            Ok(entered(&cx, &begun, &place))
        }
        Err(error) => {
            let (status, form) = posted.again(error)?;
            cx.html_with(
                status,
                &CodePage { f: cx.frame(cx.text("people-code-title")), form: form.without("code") },
            )
        }
    }
}

/// Where one goes after signing in: the form that was kept, else the page that was asked for.
pub(in crate::people) async fn after_sign_in(
    cx: &Cx,
    begun: &actions::Begun,
    next: &str,
) -> Result<Place, AppError> {
    let next = rules::own_path(next);
    if begun.waits {
        let query = serde_html_form::to_string([("next", next)]).unwrap_or_default();
        return Ok(Place::at(format!("/sign-in/code?{query}")));
    }
    Ok(Place::at(if kept::offer(cx, begun.person).await? { "/kept" } else { next }))
}
