//! Codes that are typed when signing in, and the way in by a mailed one alone.

use super::{Next, after_step, enter::SentPage, entered};
use crate::{
    people::{
        actions,
        model::Mail,
        rules,
        session::{EntryInput, Waits},
    },
    shell::{AppError, Checks, Cx, FormState, Frame, Lang, Place, Posted, assets},
};
use askama::Template;
use axum::response::Response;
use mapalus_core::access::Enter;
use serde::Deserialize;

/// The form that asks for a code by mail.
#[derive(Template)]
#[template(path = "people/templates/entry.html")]
pub struct EntryPage {
    f: Frame,
    form: FormState,
}

impl EntryPage {
    fn new(cx: &Cx, form: FormState) -> Self {
        Self { f: cx.frame(cx.text("people-entry-title")), form }
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self { f: Frame::sample(lang, "Code", false), form: FormState::new().filled("next", "/me") }
    }
}

/// The form for a code: a mailed one, or one of the second step.
#[derive(Template)]
#[template(path = "people/templates/code.html")]
pub struct CodePage {
    f: Frame,
    form: FormState,
    factor: bool,
    /// Whether the person has an app for it.
    app: bool,
    /// Whether the person has passkeys for it.
    passkeys: bool,
}

impl CodePage {
    async fn of(cx: &Cx, form: FormState) -> Result<Self, AppError> {
        let pending = actions::waits(cx).await?.filter(|pending| pending.waits == Waits::Factor);
        let (factor, app) = (pending.is_some(), pending.as_ref().is_some_and(|pending| pending.app));
        let passkeys = pending.is_some_and(|pending| pending.passkey) && actions::passkey::are_there(cx);
        Ok(Self { f: cx.frame(cx.text("people-code-title")), form, factor, app, passkeys })
    }

    /// Address of the script for passkeys.
    fn script(&self) -> &'static str {
        assets::passkey_js()
    }

    /// Samples for the test that renders every page: for a mailed code, and for the second step by app, by passkey, by both.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |factor, app, passkeys| {
            let f = Frame::sample(lang, "Code", false);
            Self { f, form: FormState::new(), factor, app, passkeys }
        };
        vec![
            page(false, false, false),
            page(true, true, false),
            page(true, false, true),
            page(true, true, true),
        ]
    }
}

/// `GET /sign-in/mail?next=`
pub async fn ask(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let next: Next = cx.query()?;
    if !cx.app.settings.can_mail() {
        let f = cx.frame(cx.text("people-entry-title"));
        return cx.html(&SentPage::new(f, "people-entry-title", "people-no-mail-text"));
    }
    cx.html(&EntryPage::new(&cx, FormState::new().filled("next", rules::own_path(&next.next))))
}

/// `POST /sign-in/mail`
pub async fn ask_post(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: EntryInput = posted.input()?;
    if cx.viewer.is_some() {
        return Ok(cx.see(&Place::at(rules::own_path(&input.next))));
    }
    match ask_for_code(&cx, &input).await {
        Ok(begun) => Ok(entered(&cx, &begun, &after_step(&cx, &begun, &input.next).await?)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            cx.html_with(status, &EntryPage::new(&cx, form))
        }
    }
}

pub(in crate::people) async fn ask_for_code(cx: &Cx, input: &EntryInput) -> Result<actions::Begun, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let mut checks = Checks::new();
    let mail = checks.field("mail", Mail::parse(&input.mail));
    let mail = checks.done(mail)?;
    actions::ask_for_code(cx, &permit, &mail).await
}

/// `GET /sign-in/code?next=`
pub async fn code(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let next: Next = cx.query()?;
    let form = FormState::new().filled("next", rules::own_path(&next.next));
    cx.html(&CodePage::of(&cx, form).await?)
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
    if cx.viewer.is_some() {
        // The same form once more: the first one has opened the session.
        return Ok(cx.see(&Place::at(rules::own_path(&input.next))));
    }
    match actions::enter_code(&cx, &permit, &input.code).await {
        Ok(begun) => Ok(entered(&cx, &begun, &after_step(&cx, &begun, &input.next).await?)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            cx.html_with(status, &CodePage::of(&cx, form.without("code")).await?)
        }
    }
}
