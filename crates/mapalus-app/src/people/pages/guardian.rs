//! The page behind the link that a guardian gets: who asks, for what, and the consent. And what a guardian does with it
//! later.

use super::{enter::SAMPLE_AT, links::opened, network::person_id, waiting};
use crate::{
    people::{
        actions::guardian as actions,
        guardian::{ConsentInput, GuardianState, Guardianship},
        model::{Link, PRIVACY_VERSION, Purpose},
        queries, rules,
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Millis, PersonId, Refusal, RefusalKind, Standing,
    access::{Enter, GuardWard, UseWards},
};

/// Who asks for a guardian's consent, and the form that gives it.
#[derive(Template)]
#[template(path = "people/templates/guardian.html")]
pub struct GuardianPage {
    f: Frame,
    form: FormState,
    of: Guardianship,
    /// The last part of the page's address.
    link: String,
    ends_at: Millis,
    version: i64,
    /// Whether the one who looks is under age, who consents for nobody.
    young: bool,
}

impl GuardianPage {
    /// The way in, which leads back to this page.
    fn door(&self, page: &str) -> String {
        super::with_next(page, &format!("/guardian/{}", self.link))
    }

    /// Samples for the test that renders every page: a stranger's, that of one signed in, of a minor.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |signed_in, young| Self {
            f: Frame::sample(lang, "Guardian", signed_in),
            form: FormState::new(),
            of: waiting::sample(GuardianState::Asked),
            link: "x.y".to_owned(),
            ends_at: SAMPLE_AT,
            version: PRIVACY_VERSION,
            young,
        };
        vec![page(false, false), page(true, false), page(true, true)]
    }
}

/// The guardianship of a link that can be answered still, and until when.
pub(in crate::people) async fn load(cx: &Cx, secret: &str) -> Result<(Guardianship, Millis), AppError> {
    cx.standing().permit::<Enter>()?;
    let unknown = || Refusal::new(RefusalKind::NotFound, "people-link-unknown");
    let id = opened(cx, Purpose::Guardian, secret).ok_or_else(unknown)?;
    cx.read("people::guardian", move |tx, cx| {
        let link: Option<Link> = queries::link(tx, id)?.filter(|link| link.purpose == Purpose::Guardian);
        let link = link.ok_or_else(unknown)?;
        rules::usable(&link, cx.now)?;
        let of = actions::of(tx, link.person_id.ok_or_else(unknown)?)?;
        rules::guardian::open(&of)?;
        Ok((of, link.ends_at))
    })
    .await
}

async fn show(cx: &Cx, link: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let (of, ends_at) = load(cx, &link).await?;
    let young = cx.waiting.is_some() || cx.viewer.as_ref().is_some_and(|viewer| viewer.born.is_some());
    let f = cx.frame(cx.text("people-guardian-title"));
    cx.html_with(status, &GuardianPage { f, form, of, link, ends_at, version: PRIVACY_VERSION, young })
}

/// `GET /guardian/{link}`
pub async fn asked(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    show(&cx, link, StatusCode::OK, FormState::new()).await
}

/// `POST /guardian/{link}`
pub async fn consent(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: ConsentInput = posted.input()?;
    match consent_by(&posted.cx, &link, input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, link, status, form).await
        }
    }
}

pub(in crate::people) async fn consent_by(
    cx: &Cx,
    link: &str,
    input: ConsentInput,
) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseWards>()?;
    rules::guardian::said(input.parent, input.consent)?;
    let id = opened(cx, Purpose::Guardian, link);
    cx.write("people::consent", move |work, _| {
        actions::consent(work, &permit, id)?;
        Ok(Place::at("/wards").telling("people-done-ward"))
    })
    .await
}

/// `POST /guardian/{link}/decline`
pub async fn decline(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = decline_by(&posted.cx, &link).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::people) async fn decline_by(cx: &Cx, link: &str) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let id = opened(cx, Purpose::Guardian, link);
    cx.write("people::decline_consent", move |work, _| {
        actions::decline(work, &permit, id)?;
        Ok(Place::at("/").telling("people-done-ward-declined"))
    })
    .await
}

/// How the one who asks stands to a ward: they answer for them, or there is no such ward.
fn standing(cx: &Cx, of: &Guardianship) -> Standing {
    Standing { owner: of.guardian_id.is_some() && of.guardian_id == cx.person(), ..cx.standing() }
}

/// Whose ward it is, if somebody is signed in at all.
fn ward_id(cx: &Cx, ward: &str) -> Result<PersonId, AppError> {
    if cx.person().is_none() {
        // Nobody's: whoever is asked to sign in learns nothing of it.
        cx.standing().permit::<GuardWard>()?;
    }
    Ok(person_id(ward)?)
}

pub(in crate::people) async fn withdraw_by(cx: &Cx, ward: &str) -> Result<Place, AppError> {
    let ward = ward_id(cx, ward)?;
    cx.write("people::withdraw_consent", move |work, cx| {
        let of = actions::of(work.tx, ward)?;
        actions::withdraw(work, &standing(cx, &of).permit()?, ward)?;
        Ok(Place::at("/wards").telling("people-done-consent-withdrawn"))
    })
    .await
}

/// `POST /wards/{ward}/withdraw`
pub async fn withdraw(Path(ward): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = withdraw_by(&posted.cx, &ward).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::people) async fn restore_by(cx: &Cx, ward: &str) -> Result<Place, AppError> {
    let ward = ward_id(cx, ward)?;
    cx.write("people::restore_consent", move |work, cx| {
        let of = actions::of(work.tx, ward)?;
        let open = actions::restore(work, &standing(cx, &of).permit()?, &of)?;
        let told = if open { "people-done-consent-restored" } else { "people-done-consent-restored-closing" };
        Ok(Place::at("/wards").telling(told))
    })
    .await
}

/// `POST /wards/{ward}/restore`
pub async fn restore(Path(ward): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = restore_by(&posted.cx, &ward).await?;
    Ok(posted.cx.see(&place))
}
