//! A person's profile, as far as its owner shows it to the one who looks: that depends on their groups.

use crate::{
    groups::{self, model::Shared},
    people::{
        self,
        connection::Between,
        pages::profile::{Holds, InGroup, PersonPage},
        profile::{Closeness, ProfileView},
    },
    qualifications::{self, model::Held},
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
fn seen(
    tx: &mut Tx<'_>,
    cx: &Cx,
    person: PersonId,
) -> Result<(ProfileView, Closeness, Option<Between>), AppError> {
    let between = match cx.person().filter(|own| *own != person) {
        Some(own) => Some(people::between(tx, own, person)?),
        None => None,
    };
    let profile = people::profile_of(tx, person)?.ok_or_else(Refusal::not_found)?;
    let young = people::young(tx, person)?;
    let guards = |own| young.as_ref().is_some_and(|young| young.guardian_id == Some(own));
    let closeness = match cx.person() {
        None => Closeness::Stranger,
        Some(own) if own == person => Closeness::Oneself,
        Some(own) if guards(own) || groups::share_group(tx, own, person)? => Closeness::SameGroup,
        Some(_) => Closeness::SignedIn,
    };
    // A minor is there for their own groups alone, whatever they show to whom.
    if young.is_some() && closeness < Closeness::SameGroup {
        return Err(Refusal::not_found().into());
    }
    let view = profile.seen(closeness, cx.lang).ok_or_else(Refusal::not_found)?;
    Ok((view, closeness, between))
}

fn id(text: &str) -> Result<PersonId, Refusal> {
    text.parse().map_err(|_| Refusal::not_found())
}

/// What the one who asks sees of a person.
pub(in crate::home) struct Seen {
    pub profile: ProfileView,
    pub closeness: Closeness,
    /// None for a stranger and for oneself.
    pub between: Option<Between>,
    /// The groups that both belong to.
    pub shared: Vec<Shared>,
    pub held: Vec<Held>,
}

/// The profile as the one who asks may see it, how they stand to the person, the groups that both belong to, and what
/// the person holds.
pub(in crate::home) async fn view(cx: &Cx, person: &str) -> Result<Seen, AppError> {
    cx.standing().permit::<SeePerson>()?;
    let person = id(person)?;
    cx.read("home::person", move |tx, cx| {
        let (profile, closeness, between) = seen(tx, cx, person)?;
        let shared = match (closeness, cx.person()) {
            (Closeness::Oneself | Closeness::SameGroup, Some(own)) => groups::shared(tx, own, person)?,
            _ => Vec::new(),
        };
        let held = qualifications::shown(tx, person, closeness, cx.now)?;
        Ok(Seen { profile, closeness, between, shared, held })
    })
    .await
}

/// `GET /people/{person}`
pub async fn person(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    let Seen { profile, closeness, between, shared, held } = view(&cx, &person).await?;
    let in_group = |shared: Shared| InGroup {
        path: format!("/groups/{}", shared.slug),
        roles: shared.roles.as_deref().unwrap_or("").lines().map(str::to_owned).collect(),
        name: shared.name,
        lang: shared.lang,
    };
    let (f, back) = (cx.frame(profile.name.clone()), cx.came_from());
    let shared = shared.into_iter().map(in_group).collect();
    let holds = |held: &Held| Holds { name: held.name(cx.lang), until: held.valid_until };
    let held = held.iter().map(holds).collect();
    cx.html(&PersonPage::new(f, profile, (closeness == Closeness::Oneself, between), (shared, held), back))
}

/// `GET /people/{person}/photo`
pub async fn photo(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<SeePerson>()?;
    let person = id(&person)?;
    let jpeg = cx
        .read("home::photo", move |tx, cx| {
            let (view, ..) = seen(tx, cx, person)?;
            view.photo.ok_or_else(Refusal::not_found)?;
            Ok(people::photo_of(tx, person)?)
        })
        .await?
        .ok_or_else(Refusal::not_found)?;
    // The address holds the digest; kept by this browser alone, for a day.
    let headers = [(header::CONTENT_TYPE, "image/jpeg"), (header::CACHE_CONTROL, "private, max-age=86400")];
    Ok((StatusCode::OK, headers, jpeg).into_response())
}
