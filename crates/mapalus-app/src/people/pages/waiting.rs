//! What a minor sees until a guardian consents: for whom the account waits, and how to name another one.

use super::{enter::SAMPLE_AT, settings};
use crate::{
    people::{
        actions::guardian as actions,
        guardian::{GuardianInput, GuardianState, Guardianship},
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{http::StatusCode, response::Response};
use mapalus_core::{
    Id, PersonId, Refusal,
    access::{Enter, WaitForGuardian},
    chance::Counted,
};

/// What an account waits for.
#[derive(Template)]
#[template(path = "people/templates/waiting.html")]
pub struct WaitingPage {
    f: Frame,
    form: FormState,
    of: Guardianship,
}

impl WaitingPage {
    fn declined(&self) -> bool {
        self.of.state == GuardianState::Declined
    }

    /// Samples for the test that renders every page: asked, declined.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |state| Self {
            f: Frame::sample(lang, "Waiting", false),
            form: FormState::new().filled("guardian", "ibu@contoh.id"),
            of: sample(state),
        };
        vec![page(GuardianState::Asked), page(GuardianState::Declined)]
    }
}

/// A guardianship for samples.
pub(super) fn sample(state: GuardianState) -> Guardianship {
    let chance = Counted::default();
    let given = matches!(state, GuardianState::Given | GuardianState::Withdrawn);
    Guardianship {
        ward_id: PersonId::new(SAMPLE_AT, &chance),
        name: "Gita Pangemanan".to_owned(),
        ward_mail: "gita@contoh.id".to_owned(),
        mail: if given { String::new() } else { "ibu@contoh.id".to_owned() },
        guardian_id: given.then(|| PersonId::new(SAMPLE_AT, &chance)),
        state,
        asked_at: SAMPLE_AT,
        consent_version: given.then_some(2),
        consent_at: given.then_some(SAMPLE_AT),
        withdrawn_at: (state == GuardianState::Withdrawn).then_some(SAMPLE_AT),
        own_version: 2,
        own_at: SAMPLE_AT,
        birth_year: Some(2009),
        closing_at: (state == GuardianState::Withdrawn).then_some(SAMPLE_AT),
    }
}

pub(in crate::people) async fn load(cx: &Cx) -> Result<Guardianship, AppError> {
    let person = cx.standing().permit::<WaitForGuardian>()?.signed_in()?;
    cx.read("people::waiting", move |tx, _| actions::of(tx, person)).await
}

async fn show(cx: &Cx, status: StatusCode, form: Option<FormState>) -> Result<Response, AppError> {
    let of = load(cx).await?;
    let form = form.unwrap_or_else(|| FormState::new().filled("guardian", of.mail.as_str()));
    cx.html_with(status, &WaitingPage { f: cx.frame(cx.text("people-waiting-title")), form, of })
}

/// `GET /waiting`: whose account is open goes on, whoever is not signed in does so first.
pub async fn waiting(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    if cx.waiting.is_none() {
        let next = if cx.viewer.is_some() { "/" } else { "/sign-in" };
        return Ok(cx.see(&Place::at(next)));
    }
    show(&cx, StatusCode::OK, None).await
}

/// `POST /waiting/guardian`
pub async fn name(posted: Posted) -> Result<Response, AppError> {
    let input: GuardianInput = posted.input()?;
    match name_by(&posted.cx, input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, status, Some(form)).await
        }
    }
}

pub(in crate::people) async fn name_by(cx: &Cx, input: GuardianInput) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<WaitForGuardian>()?;
    cx.write("people::name_guardian", move |work, _| actions::name(work, &permit, &input.guardian)).await
}

/// `POST /waiting/sign-out`
pub async fn sign_out(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let permit = cx.standing().permit::<WaitForGuardian>()?;
    let (_, session) = cx.waiting.ok_or_else(Refusal::not_found)?;
    let place = cx
        .write("people::stop_waiting", move |work, _| {
            actions::sign_out(work, &permit, session)?;
            Ok(Place::at("/").telling("people-done-signed-out"))
        })
        .await?;
    Ok(settings::left(&cx, cx.see(&place)))
}
