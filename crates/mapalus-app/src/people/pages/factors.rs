//! The second step of signing in: what is set up, the form for an app, recovery codes.

use crate::{
    people::{
        actions::{factor as actions, passkey},
        factor::{AppInput, Factors, NewApp, Totp},
        passkey::Passkey,
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted, assets, qr::Qr},
};
use askama::Template;
use axum::{http::StatusCode, response::Response};
use mapalus_core::{
    Millis,
    access::{GuardAccount, UseAccount},
};

/// What is set up.
#[derive(Template)]
#[template(path = "people/templates/factors.html")]
pub struct FactorsPage {
    f: Frame,
    factors: Factors,
    /// Whether others entrust something to the person: they need it.
    needed: bool,
    /// Whether browsers have passkeys here.
    there: bool,
    /// Whether a passkey can be added at once.
    proved: bool,
    /// Whether the person has a passkey and came without it.
    weak: bool,
    form: FormState,
}

impl FactorsPage {
    /// Samples for the test that renders every page: nothing set up, an app that was used, one with few codes left.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let key = |n: u8, name: &str, synced| Passkey {
            name: name.to_owned(),
            synced,
            ..super::passkeys::sample(n)
        };
        let page = |totp, recovery_left, needed, passkeys: bool| {
            let f = Frame::sample(lang, "Second step", true);
            let both = || vec![key(1, "Chrome, Android", true), key(2, "Kunci cadangan di laci", false)];
            let passkeys = if passkeys { both() } else { Vec::new() };
            let weak = needed && !passkeys.is_empty();
            let (there, proved, form) = (true, !needed, FormState::new());
            let factors = Factors { totp, recovery_left, passkeys };
            Self { f, factors, needed, there, proved, weak, form }
        };
        let at = super::enter::SAMPLE_AT;
        let totp = |used_at| Some(Totp { seed: String::new(), last_step: 0, made_at: at, used_at });
        vec![
            page(None, 0, true, false),
            page(totp(Some(at)), 10, true, false),
            page(totp(None), 2, false, false),
            page(None, 0, false, true),
            page(None, 10, true, true),
        ]
    }

    /// Address of the script for passkeys.
    fn script(&self) -> &'static str {
        assets::passkey_js()
    }

    /// Since when a passkey is there, and when it was used last.
    fn told(&self, key: &Passkey) -> String {
        super::passkeys::told(&self.f, key)
    }
}

/// The form to set up an app.
#[derive(Template)]
#[template(path = "people/templates/app.html")]
pub struct AppPage {
    f: Frame,
    form: FormState,
    app: NewApp,
    qr: Option<Qr>,
}

impl AppPage {
    fn new(f: Frame, app: NewApp, form: FormState) -> Self {
        let qr = Qr::new(&app.uri);
        Self { f, form, app, qr }
    }

    /// The secret as it is read off and typed: four by four.
    fn secret(&self) -> String {
        let letters: Vec<char> = self.app.secret.chars().collect();
        letters.chunks(4).map(|four| four.iter().collect()).collect::<Vec<String>>().join(" ")
    }

    /// Samples for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let secret = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ".to_owned();
        let uri = format!("otpauth://totp/Mapalus:maria%40contoh.id?secret={secret}&issuer=Mapalus");
        let app = NewApp { seed: "c2FtcGxlLXNlZWQtc2FtcA".to_owned(), secret, uri };
        Self::new(Frame::sample(lang, "App", true), app, FormState::new())
    }
}

/// Recovery codes that were just made.
#[derive(Template)]
#[template(path = "people/templates/recovery.html")]
pub struct RecoveryPage {
    f: Frame,
    codes: Vec<String>,
    /// Whether an app was set up with them.
    set_up: bool,
}

impl RecoveryPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let codes = (0..10).map(|n| format!("a{n}bc3-def4{n}")).collect();
        Self { f: Frame::sample(lang, "Codes", true), codes, set_up: true }
    }
}

/// `GET /me/factors`
pub async fn show(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let factors = cx.read("people::factors", move |tx, _| Ok(actions::factors(tx, person)?)).await?;
    let entrusted: Option<Millis> = cx.viewer.as_ref().and_then(|viewer| viewer.entrusted_since);
    let needed = entrusted.is_some() && !cx.app.settings.demo;
    let f = cx.frame(cx.text("people-factors-title"));
    let weak = needed && !factors.passkeys.is_empty() && cx.viewer.as_ref().is_some_and(|v| !v.factor);
    let (there, proved, form) = (passkey::are_there(&cx), cx.proved(), FormState::new());
    cx.html(&FactorsPage { f, factors, needed, there, proved, weak, form })
}

/// `GET /me/factors/app`
pub async fn app(cx: Cx) -> Result<Response, AppError> {
    form(&cx, StatusCode::OK, FormState::new()).await
}

async fn form(cx: &Cx, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    // The same secret again: the app has it already.
    let app = actions::new_app(cx, Some(form.value("seed"))).await?;
    cx.html_with(status, &AppPage::new(cx.frame(cx.text("people-app-title")), app, form))
}

/// `POST /me/factors/app`: the recovery codes stand in the answer itself, and nowhere else.
pub async fn app_post(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: AppInput = posted.input()?;
    match actions::set_up(&cx, &input).await {
        Ok(codes) => told(&cx, codes, true),
        Err(error) => {
            let (status, again) = posted.again(error)?;
            form(&cx, status, again.without("code")).await
        }
    }
}

fn told(cx: &Cx, codes: Vec<String>, set_up: bool) -> Result<Response, AppError> {
    let mut f = cx.frame(cx.text("people-recovery-title"));
    // What was asked for is done: the page no longer asks for it.
    f.factor_due_at = None;
    cx.html_with(StatusCode::CREATED, &RecoveryPage { f, codes, set_up })
}

/// `POST /me/factors/app/remove`
pub async fn remove(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let permit = cx.standing().permit::<GuardAccount>()?;
    let place = cx
        .write("people::remove_app", move |work, _| {
            actions::remove(work, &permit)?;
            Ok(Place::at("/me/factors").telling("people-done-app-removed"))
        })
        .await?;
    Ok(cx.see(&place))
}

/// `POST /me/factors/recovery`
pub async fn recovery(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let codes = actions::renew_recovery(&cx).await?;
    told(&cx, codes, false)
}
