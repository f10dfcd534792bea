//! A person's profile, as far as its owner shows it to the one who looks; one's own data.

use crate::{
    groups, joining, notices, people,
    people::profile::{Closeness, ProfileView},
    shell::{AppError, Cx, Frame, Lang, text},
};
use askama::Template;
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{
    PersonId, Refusal,
    access::{SeePerson, UseAccount},
};
use mapalus_db::Tx;

/// A person's profile.
#[derive(Template)]
#[template(path = "home/templates/person.html")]
pub struct PersonPage {
    f: Frame,
    view: ProfileView,
    initials: String,
    own: bool,
}

impl PersonPage {
    fn new(f: Frame, view: ProfileView, own: bool) -> Self {
        Self {
            f,
            initials: text::initials(&view.name),
            view,
            own,
        }
    }

    /// Samples for the test that renders every page: another's, one's own.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |closeness, own| {
            let view = people::pages::profile::sample()
                .seen(closeness, lang)
                .unwrap_or_default();
            Self::new(Frame::sample(lang, "Person", true), view, own)
        };
        vec![page(Closeness::SignedIn, false), page(Closeness::Oneself, true)]
    }
}

/// The profile of a person as the one who asks may see it, and how close they are.
fn seen(tx: &mut Tx<'_>, cx: &Cx, person: PersonId) -> Result<(ProfileView, Closeness), AppError> {
    let profile = people::profile_of(tx, person)?.ok_or_else(Refusal::not_found)?;
    let closeness = match cx.person() {
        None => Closeness::Stranger,
        Some(own) if own == person => Closeness::Oneself,
        Some(own) if groups::share_group(tx, own, person)? => Closeness::SameGroup,
        Some(_) => Closeness::SignedIn,
    };
    let view = profile.seen(closeness, cx.lang).ok_or_else(Refusal::not_found)?;
    Ok((view, closeness))
}

fn id(text: &str) -> Result<PersonId, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}

pub(in crate::home) async fn view(cx: &Cx, person: &str) -> Result<(ProfileView, Closeness), AppError> {
    cx.standing().permit::<SeePerson>()?;
    let person = id(person)?;
    cx.read("home::person", move |tx, cx| seen(tx, cx, person)).await
}

/// `GET /people/{person}`
pub async fn person(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    let (view, closeness) = view(&cx, &person).await?;
    let f = cx.frame(view.name.clone());
    cx.html(&PersonPage::new(f, view, closeness == Closeness::Oneself))
}

/// `GET /people/{person}/photo`
pub async fn photo(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<SeePerson>()?;
    let person = id(&person)?;
    let jpeg = cx
        .read("home::photo", move |tx, cx| {
            let (view, _) = seen(tx, cx, person)?;
            view.photo.ok_or_else(Refusal::not_found)?;
            Ok(people::photo_of(tx, person)?)
        })
        .await?
        .ok_or_else(Refusal::not_found)?;
    // The address holds the digest; kept by this browser alone, for a day.
    let headers = [
        (header::CONTENT_TYPE, "image/jpeg"),
        (header::CACHE_CONTROL, "private, max-age=86400"),
    ];
    Ok((StatusCode::OK, headers, jpeg).into_response())
}

/// `GET /me/data`: all that is stored of oneself, as a file.
pub async fn data(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let data = cx
        .read("home::data", move |tx, cx| {
            Ok(serde_json::json!({
                "account": people::data_of(tx, person, cx.now)?,
                "memberships": groups::data_of(tx, person)?,
                "applications": joining::data_of(tx, person)?,
                "notices": notices::data_of(tx, person)?,
            }))
        })
        .await?;
    let text = serde_json::to_string_pretty(&data).map_err(AppError::caused)?;
    let headers = [
        (header::CONTENT_TYPE, "application/json"),
        (
            header::CONTENT_DISPOSITION,
            "attachment; filename=\"mapalus.json\"",
        ),
    ];
    Ok((StatusCode::OK, headers, text).into_response())
}
