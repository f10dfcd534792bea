//! Sign up, sign in.

use super::{Next, after_step, entered};
use crate::{
    people::{
        actions,
        model::{AgeBand, SignInInput, SignUpInput},
        rules,
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted, assets, kept},
};
use askama::Template;
use axum::{http::StatusCode, response::Response};
use mapalus_core::{Millis, access::Enter};

/// The form for a new account.
#[derive(Template)]
#[template(path = "people/templates/sign_up.html")]
pub struct SignUpPage {
    f: Frame,
    form: FormState,
    ages: Vec<Choice>,
    years: Vec<Choice>,
    /// Whether browsers have passkeys here.
    passkeys: bool,
}

/// The possible answers to how old one is.
pub(crate) fn ages(f: &Frame) -> Vec<Choice> {
    let year = crate::shell::text::year(f.now(), chrono_tz::Asia::Jakarta);
    // In the year of a birthday both sides of it are possible: the day decides, and is not asked.
    let years = |ago: i32| (year - ago).to_string();
    let note = |band: AgeBand| match band {
        AgeBand::Adult => f.t2("people-age-adult-note", "year", years(19), "next", years(18)),
        AgeBand::Teen => f.t2("people-age-teen-note", "from", years(18), "to", years(13)),
        AgeBand::Child => f.t2("people-age-child-note", "year", years(12), "before", years(13)),
    };
    AgeBand::ALL.iter().map(|b| Choice::new(b.word(), f.word("people-age", b)).noting(note(*b))).collect()
}

/// The years in which those may be born who are 13 to 17.
pub(crate) fn years(f: &Frame) -> Vec<Choice> {
    let choice = |year: i64| Choice::new(year.to_string(), year.to_string());
    rules::guardian::years(f.now()).map(choice).collect()
}

impl SignUpPage {
    pub(super) fn new(f: Frame, form: FormState, passkeys: bool) -> Self {
        let ages = ages(&f);
        let years = years(&f);
        Self { f, form, ages, years, passkeys }
    }

    /// Address of the script for passkeys.
    fn script(&self) -> &'static str {
        assets::passkey_js()
    }

    /// The page that one wished to see, as a value in an address.
    fn next(&self) -> String {
        in_address(&self.form)
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self::new(
            Frame::sample(lang, "Sign up", false),
            FormState::new().filled("name", "Maria Rumengan"),
            true,
        )
    }
}

/// A page that says what happens next, after something was mailed.
#[derive(Template)]
#[template(path = "people/templates/sent.html")]
pub struct SentPage {
    f: Frame,
    title: &'static str,
    text: &'static str,
}

impl SentPage {
    pub(super) fn new(f: Frame, title: &'static str, text: &'static str) -> Self {
        Self { f, title, text }
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let f = Frame::sample(lang, "Sent", false);
        Self::new(f, "people-sign-up-sent-title", "people-sign-up-sent-text")
    }
}

/// The form to sign in.
#[derive(Template)]
#[template(path = "people/templates/sign_in.html")]
pub struct SignInPage {
    f: Frame,
    form: FormState,
    kept: bool,
    /// Whether a code can be mailed in the place of a password.
    mail: bool,
    /// Whether browsers have passkeys here.
    passkeys: bool,
}

fn in_address(form: &FormState) -> String {
    serde_html_form::to_string([("next", form.value("next"))]).unwrap_or_default()
}

impl SignInPage {
    async fn of(cx: &Cx, f: Frame, form: FormState) -> Result<Self, AppError> {
        let (kept, mail) = (kept::waits(cx).await?, cx.app.settings.can_mail());
        Ok(Self { f, form, kept, mail, passkeys: actions::passkey::are_there(cx) })
    }

    /// Address of the script for passkeys.
    fn script(&self) -> &'static str {
        assets::passkey_js()
    }

    /// The page that one wished to see, as a value in an address.
    fn next(&self) -> String {
        in_address(&self.form)
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self {
            f: Frame::sample(lang, "Sign in", false),
            form: FormState::new().filled("next", "/me"),
            kept: true,
            mail: true,
            passkeys: true,
        }
    }
}

/// `GET /sign-up`
pub async fn sign_up(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let next: Next = cx.query()?;
    let f = cx.frame(cx.text("people-sign-up-title")).for_everybody(cx.text("people-sign-up-lead"));
    if !actions::takes_people(&cx).await? {
        return cx.html(&SentPage::new(f, "people-sign-up-title", "people-no-operator"));
    }
    cx.html(&SignUpPage::new(
        f,
        FormState::new().filled("next", rules::own_path(&next.next)),
        actions::passkey::are_there(&cx),
    ))
}

/// `POST /sign-up`
pub async fn sign_up_post(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: SignUpInput = posted.input()?;
    match ask_for_account(&cx, &input).await {
        Ok(place) => Ok(super::keep_next(&cx, cx.see(&place), &input.next)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let f = cx.frame(cx.text("people-sign-up-title"));
            cx.html_with(
                status,
                &SignUpPage::new(f, form.without("password"), actions::passkey::are_there(&cx)),
            )
        }
    }
}

pub(in crate::people) async fn ask_for_account(cx: &Cx, input: &SignUpInput) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let account = rules::sign_up(input, cx.lang, cx.now)?;
    actions::may_sign_up(cx, &account.mail.folded).await?;
    let hash = actions::hash_of(&cx.app, account.password.as_ref()).await?;
    cx.write("people::sign_up", move |work, cx| {
        actions::sign_up(work, &permit, &account, &hash, cx.address)?;
        Ok(Place::at("/sign-up/sent"))
    })
    .await
}

/// `GET /sign-up/sent`
pub async fn sign_up_sent(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let (title, text) = if cx.app.settings.can_mail() {
        ("people-sign-up-sent-title", "people-sign-up-sent-text")
    } else {
        ("people-sign-up-noted-title", "people-sign-up-sent-no-mail")
    };
    cx.html(&SentPage::new(cx.frame(cx.text(title)), title, text))
}

/// `GET /sign-in?next=`
pub async fn sign_in(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let next: Next = cx.query()?;
    let next = rules::own_path(&next.next);
    if cx.viewer.is_some() {
        return Ok(cx.see(&Place::at(next)));
    }
    if cx.waiting.is_some() {
        return Ok(cx.see(&Place::at(actions::guardian::WAITING)));
    }
    let form = FormState::new().filled("next", next);
    let f = cx.frame(cx.text("people-sign-in-title")).for_everybody("");
    cx.html(&SignInPage::of(&cx, f, form).await?)
}

/// `POST /sign-in`
pub async fn sign_in_post(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let permit = cx.standing().permit::<Enter>()?;
    let input: SignInInput = posted.input()?;
    match actions::sign_in(&cx, &permit, &input).await {
        Ok(begun) => {
            let place = after_step(&cx, &begun, &input.next).await?;
            Ok(entered(&cx, &begun, &place))
        }
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let status =
                if status == StatusCode::CONFLICT { StatusCode::UNPROCESSABLE_ENTITY } else { status };
            let f = cx.frame(cx.text("people-sign-in-title"));
            cx.html_with(status, &SignInPage::of(&cx, f, form.without("password")).await?)
        }
    }
}

/// The instant of samples.
pub const SAMPLE_AT: Millis = Millis(1_779_900_000_000);
