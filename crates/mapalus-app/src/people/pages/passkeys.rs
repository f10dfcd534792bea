//! Passkeys: making an account by one, naming and removing one's own.

use crate::{
    people::{
        actions::passkey as actions,
        passkey::{KeyNameInput, KeySignUpInput, Passkey},
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted, assets},
};
use askama::Template;
use axum::{extract::Path, http::header, response::Response};
use mapalus_core::{
    Id, PasskeyId, PersonId, Refusal,
    access::{Enter, GuardAccount, UseAccount},
};

/// For whom a browser is to make a passkey.
struct Asked {
    name: String,
    mail: String,
    /// The challenge as JSON, for the script.
    challenge: String,
}

/// The step of signing up at which the browser makes the passkey.
#[derive(Template)]
#[template(path = "people/templates/sign_up_passkey.html")]
pub struct KeySignUpPage {
    f: Frame,
    asked: Option<Asked>,
}

impl KeySignUpPage {
    /// Address of the script for passkeys.
    fn script(&self) -> &'static str {
        assets::passkey_js()
    }

    /// Samples for the test that renders every page: asked for, and over.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let asked = Asked {
            name: "Maria Rumengan".to_owned(),
            mail: "maria@contoh.id".to_owned(),
            challenge: "{}".to_owned(),
        };
        let page = |asked| Self { f: Frame::sample(lang, "Passkey", false), asked };
        vec![page(Some(asked)), page(None)]
    }
}

/// A passkey of one's own.
#[derive(Template)]
#[template(path = "people/templates/passkey.html")]
pub struct PasskeyPage {
    f: Frame,
    key: Passkey,
    form: FormState,
    remove_form: FormState,
}

impl PasskeyPage {
    fn new(f: Frame, key: Passkey) -> Self {
        let form = FormState::new().filled("name", &key.name);
        Self { f, key, form, remove_form: FormState::new() }
    }

    fn path(&self) -> String {
        path(self.key.id)
    }

    fn removal(&self) -> String {
        format!("{}/remove", path(self.key.id))
    }

    fn told(&self) -> String {
        told(&self.f, &self.key)
    }

    /// Samples for the test that renders every page.
    pub fn samples(lang: Lang) -> Vec<Self> {
        [1, 2].map(|n| Self::new(Frame::sample(lang, "Passkey", true), sample(n))).into()
    }
}

/// A passkey for samples.
pub(super) fn sample(n: u8) -> Passkey {
    let (at, chance) = (super::enter::SAMPLE_AT, mapalus_core::chance::Counted::default());
    Passkey {
        id: PasskeyId::new(at, &chance),
        person_id: PersonId::new(at, &chance),
        credential_id: n.to_string(),
        handle: String::new(),
        name: "Chrome, Android".to_owned(),
        synced: false,
        made_at: at,
        used_at: (n == 1).then_some(at),
    }
}

fn path(key: PasskeyId) -> String {
    format!("/me/factors/passkeys/{key}")
}

/// Since when a passkey is there, and when it was used last.
pub(super) fn told(f: &Frame, key: &Passkey) -> String {
    let since = f.t1("people-passkey-since", "when", f.day(&key.made_at));
    let used = match key.used_at {
        Some(used_at) => f.t1("people-app-used", "when", f.instant(&used_at)),
        None => f.t("people-app-unused"),
    };
    format!("{since} {used}")
}

/// `GET /sign-up/passkey`
pub async fn sign_up(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let asked = match actions::signing_up(&cx).await? {
        Some((input, challenge)) => {
            let challenge = serde_json::to_string(&challenge).map_err(AppError::caused)?;
            Some(Asked { name: input.name, mail: input.mail, challenge })
        }
        None => None,
    };
    cx.html(&KeySignUpPage { f: cx.frame(cx.text("people-passkey-make-title")), asked })
}

/// `POST /sign-up/passkey`: the form of `/sign-up` by its other button.
pub async fn sign_up_post(mut posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    posted.take("password");
    let input: KeySignUpInput = posted.input()?;
    match actions::ask_to_sign_up(&cx, input).await {
        Ok((_, cookie)) => {
            let mut answer = cx.see(&Place::at("/sign-up/passkey"));
            answer.headers_mut().append(header::SET_COOKIE, cookie);
            Ok(answer)
        }
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let f = cx.frame(cx.text("people-sign-up-title"));
            cx.html_with(status, &super::enter::SignUpPage::new(f, form, actions::are_there(&cx)))
        }
    }
}

async fn found(cx: &Cx, key: &str) -> Result<Passkey, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let key = id(key)?;
    let found = cx.read("people::own_passkey", move |tx, _| Ok(actions::passkey(tx, person, key)?)).await?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

fn id(key: &str) -> Result<PasskeyId, Refusal> {
    key.parse().map_err(|_| Refusal::not_found())
}

/// `GET /me/factors/passkeys/{passkey}`
pub async fn one(cx: Cx, Path(key): Path<String>) -> Result<Response, AppError> {
    let key = found(&cx, &key).await?;
    cx.html(&PasskeyPage::new(cx.frame(cx.text("people-passkey")), key))
}

/// `POST /me/factors/passkeys/{passkey}`
pub async fn rename(Path(key): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: KeyNameInput = posted.input()?;
    match rename_own(&cx, &key, input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let page = PasskeyPage::new(cx.frame(cx.text("people-passkey")), found(&cx, &key).await?);
            cx.html_with(status, &PasskeyPage { form, ..page })
        }
    }
}

pub(in crate::people) async fn rename_own(
    cx: &Cx,
    key: &str,
    input: KeyNameInput,
) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let key = id(key)?;
    cx.write("people::rename_passkey", move |work, _| {
        actions::rename(work, &permit, key, &input.name)?;
        Ok(Place::at("/me/factors").telling("people-done-passkey-renamed"))
    })
    .await
}

/// `POST /me/factors/passkeys/{passkey}/remove`
pub async fn remove(Path(key): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match remove_own(&cx, &key).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let page = PasskeyPage::new(cx.frame(cx.text("people-passkey")), found(&cx, &key).await?);
            cx.html_with(status, &PasskeyPage { remove_form: form, ..page })
        }
    }
}

pub(in crate::people) async fn remove_own(cx: &Cx, key: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<GuardAccount>()?;
    let (key, can_mail) = (id(key)?, cx.app.settings.can_mail());
    cx.write("people::remove_passkey", move |work, _| {
        actions::remove(work, &permit, key, can_mail)?;
        Ok(Place::at("/me/factors").telling("people-done-passkey-removed"))
    })
    .await
}
