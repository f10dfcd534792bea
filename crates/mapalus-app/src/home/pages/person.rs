//! A person's profile, as far as its owner shows it to the one who looks: that depends on their groups.

use crate::{
    groups,
    people::{
        self,
        pages::profile::{InGroup, PersonPage},
        profile::{Closeness, ProfileView},
    },
    shell::{AppError, Cx},
};
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{PersonId, Refusal, access::SeePerson};
use mapalus_db::Tx;

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

/// The profile, how close the one who asks is to the person, and the groups that both belong to.
pub(in crate::home) async fn view(
    cx: &Cx,
    person: &str,
) -> Result<(ProfileView, Closeness, Vec<groups::model::Shared>), AppError> {
    cx.standing().permit::<SeePerson>()?;
    let person = id(person)?;
    cx.read("home::person", move |tx, cx| {
        let (view, closeness) = seen(tx, cx, person)?;
        let shared = match (closeness, cx.person()) {
            (Closeness::Oneself | Closeness::SameGroup, Some(own)) => groups::shared(tx, own, person)?,
            _ => Vec::new(),
        };
        Ok((view, closeness, shared))
    })
    .await
}

/// `GET /people/{person}`
pub async fn person(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    let (view, closeness, shared) = view(&cx, &person).await?;
    let in_group = |shared: groups::model::Shared| InGroup {
        path: format!("/groups/{}", shared.slug),
        roles: shared.roles.as_deref().unwrap_or("").lines().map(str::to_owned).collect(),
        name: shared.name,
        lang: shared.lang,
    };
    let (f, back) = (cx.frame(view.name.clone()), cx.came_from());
    let shared = shared.into_iter().map(in_group).collect();
    cx.html(&PersonPage::new(f, view, closeness == Closeness::Oneself, shared, back))
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
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=86400")];
    Ok((StatusCode::OK, headers, jpeg).into_response())
}
