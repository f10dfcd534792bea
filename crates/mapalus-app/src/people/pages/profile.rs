//! One's profile: fill it in, choose who sees what, look at it as others do; the photo.

use crate::{
    people::{
        actions,
        connection::Between,
        photo,
        profile::{self, Audience, Closeness, Part, Profile, ProfileBody, ProfileInput, ProfileView},
        queries,
    },
    shell::{
        AppError, Choice, ChoiceGroup, Cx, FormState, Frame, Lang, Place, Posted,
        reference::{areas, causes, occupations},
    },
};
use askama::Template;
use axum::response::Response;
use mapalus_core::{Id, PersonId, Refusal, RefusalKind, access::UseAccount, chance::Counted};
use mapalus_db::params;
use serde::Deserialize;

/// The form of one's profile.
#[derive(Template)]
#[template(path = "people/templates/profile.html")]
pub struct ProfilePage {
    f: Frame,
    form: FormState,
    photo_form: FormState,
    photo: Option<String>,
    version: i64,
    audiences: Vec<Choice>,
    causes: Vec<ChoiceGroup>,
}

impl ProfilePage {
    fn new(f: Frame, form: FormState, profile: &Profile) -> Self {
        let audiences =
            Audience::ALL.iter().map(|a| Choice::new(a.word(), f.word("people-audience", a))).collect();
        let photo = profile.photo.as_ref().map(|v| format!("/people/{}/photo?v={v}", profile.id));
        let cause = |cause: &causes::Cause| Choice::new(cause.key.as_str(), cause.name(f.language()));
        let branches = causes::branches();
        let causes = ChoiceGroup::all(
            branches.map(|(branch, causes)| (f.word("groups-causes", branch), causes.map(cause).collect())),
        );
        Self { causes, f, form, photo_form: FormState::new(), photo, version: profile.version, audiences }
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let profile = sample();
        Self::new(Frame::sample(lang, "Profile", true), filled(&profile, lang), &profile)
    }
}

/// One's profile as others see it.
#[derive(Template)]
#[template(path = "people/templates/preview.html")]
pub struct PreviewPage {
    f: Frame,
    audience: &'static str,
    view: Option<ProfileView>,
}

impl PreviewPage {
    /// Samples for the test that renders every page: shown, and hidden.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |audience, closeness| {
            let f = Frame::sample(lang, "Preview", true);
            Self { f, audience, view: sample().seen(closeness, lang) }
        };
        vec![page("groups", Closeness::SameGroup), page("public", Closeness::Stranger)]
    }
}

/// A person's profile.
#[derive(Template)]
#[template(path = "people/templates/person.html")]
pub struct PersonPage {
    f: Frame,
    view: ProfileView,
    initials: String,
    own: bool,
    groups: Vec<InGroup>,
    /// What the person holds.
    holds: Vec<Holds>,
    /// The page from which one came.
    back: Option<String>,
    /// How the one who looks stands to the person; none for a stranger and for oneself.
    between: Option<Between>,
    form: FormState,
}

/// A group in which the one who looks meets this person.
#[derive(Debug, Clone)]
pub struct InGroup {
    /// Where its page is.
    pub path: String,
    /// Its name.
    pub name: String,
    /// The language in which its people write.
    pub lang: Lang,
    /// The roles that the person holds there.
    pub roles: Vec<String>,
}

/// A qualification that a person holds, as far as it is shown to the one who looks.
#[derive(Debug, Clone)]
pub struct Holds {
    /// Its name.
    pub name: String,
    /// The last day on which it holds; none for life.
    pub until: Option<crate::shell::Day>,
}

impl PersonPage {
    /// The page of what one sees of a person: the groups where one meets them, and what they hold.
    pub fn new(
        f: Frame,
        view: ProfileView,
        (own, between): (bool, Option<Between>),
        (groups, holds): (Vec<InGroup>, Vec<Holds>),
        back: Option<String>,
    ) -> Self {
        let (initials, form) = (crate::shell::text::initials(&view.name), FormState::new());
        Self { f, initials, view, own, groups, holds, back, between, form }
    }

    /// Samples for the test that renders every page: another's, one's own.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |closeness, own: bool, between| {
            let view = sample().seen(closeness, lang).unwrap_or_default();
            let group = InGroup {
                path: "/groups/perawat-manado".to_owned(),
                name: "Perawat Manado".to_owned(),
                lang: Lang::Id,
                roles: vec!["Perawat".to_owned()],
            };
            let back = (!own).then(|| "/groups/perawat-manado/members".to_owned());
            let f = Frame::sample(lang, "Person", true);
            let holds = Holds { name: "BHD".to_owned(), until: Some(crate::shell::Day::from_number(20_500)) };
            Self::new(f, view, (own, between), (vec![group], vec![holds]), back)
        };
        use Between::{Asked, AskedBy, Blocked, Connected, Nothing};
        let others = [Nothing, Asked, AskedBy, Connected, Blocked];
        let others = others.map(|between| page(Closeness::SignedIn, false, Some(between)));
        others.into_iter().chain([page(Closeness::Oneself, true, None)]).collect()
    }
}

/// A profile for samples.
pub fn sample() -> Profile {
    Profile {
        id: PersonId::new(super::enter::SAMPLE_AT, &Counted::default()),
        name: "Maria Dewi Rumengan".to_owned(),
        call_name: "Maria".to_owned(),
        area: Some("71.71.04".to_owned()),
        occupation: Some("2221".to_owned()),
        workplace: "RSU Teduh".to_owned(),
        languages: "id".to_owned(),
        causes: "flood".to_owned(),
        skills: "triase\nmenjahit".to_owned(),
        about: "Saya bertugas malam.".to_owned(),
        shown: profile::Shown::default(),
        photo: Some("abc".to_owned()),
        version: 4,
    }
}

/// A profile as the form shows it.
fn filled(profile: &Profile, lang: Lang) -> FormState {
    let occupation = profile.occupation.as_deref();
    let occupation = occupation.map_or(String::new(), |code| occupations().label(code, lang));
    let form = FormState::new()
        .filled("name", profile.name.as_str())
        .filled("call", profile.call_name.as_str())
        .filled("occupation", occupation)
        .filled("workplace", profile.workplace.as_str())
        .filled("area", profile.area.as_deref().map_or(String::new(), |code| areas().label(code)))
        .filled("languages", profile.language_names(lang).join(", "))
        .filled("skills", profile.skills.lines().collect::<Vec<_>>().join(", "))
        .filled("about", profile.about.as_str());
    let form = profile.cause_keys().into_iter().fold(form, |form, key| form.filled("causes", key));
    Part::ALL
        .iter()
        .fold(form, |form, part| form.filled(&format!("shown_{part}"), profile.shown.of(*part).word()))
}

async fn own(cx: &Cx) -> Result<Profile, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    cx.read("people::own_profile", move |tx, _| Ok(tx.one(&queries::PROFILE, &params![person])?)).await
}

/// `GET /me/profile`
pub async fn show(cx: Cx) -> Result<Response, AppError> {
    let profile = own(&cx).await?;
    let form = filled(&profile, cx.lang);
    cx.html(&ProfilePage::new(cx.frame(cx.text("people-profile-title")), form, &profile))
}

/// `POST /me/profile`
pub async fn save(mut posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let version = posted.take("version").parse().ok();
    match store(&cx, &posted.input()?, version).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let profile = own(&cx).await?;
            cx.html_with(status, &ProfilePage::new(cx.frame(cx.text("people-profile-title")), form, &profile))
        }
    }
}

pub(in crate::people) async fn store(
    cx: &Cx,
    input: &ProfileInput,
    version: Option<i64>,
) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let new = profile::check(input)?;
    let version = version.ok_or_else(|| Refusal::new(RefusalKind::Changed, "refusal-changed"))?;
    cx.write("people::set_profile", move |work, _| {
        actions::account::set_profile(work, &permit, &new, version)?;
        Ok(Place::at("/me/profile").telling("people-done-profile"))
    })
    .await
}

/// Changes the parts of one's profile that are given, over the API.
///
/// # Errors
/// As the form; `refusal-changed` if it is no longer at the version that was read.
pub(in crate::people) async fn change_parts(
    cx: &Cx,
    body: ProfileBody,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    cx.write("people::change_profile", move |work, _| {
        let before: Profile = work.tx.one(&queries::PROFILE, &params![permit.signed_in()?])?;
        let new = profile::check(&body.clone().on(&before))?;
        actions::account::set_profile(work, &permit, &new, seen.unwrap_or(before.version))?;
        Ok(Place::at("/me/profile").telling("people-done-profile"))
    })
    .await
}

#[derive(Deserialize)]
struct As {
    #[serde(default, rename = "as")]
    audience: String,
}

/// `GET /me/profile/preview?as=public|signed-in|groups`
pub async fn preview(cx: Cx) -> Result<Response, AppError> {
    let query: As = cx.query()?;
    let (audience, closeness) = match query.audience.as_str() {
        "public" => ("public", Closeness::Stranger),
        "signed-in" => ("signed-in", Closeness::SignedIn),
        _ => ("groups", Closeness::SameGroup),
    };
    let view = own(&cx).await?.seen(closeness, cx.lang);
    cx.html(&PreviewPage { f: cx.frame(cx.text("people-preview-title")), audience, view })
}

/// `POST /me/photo`: a file, or `do=remove`.
pub async fn photo(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match store_photo(&cx, &posted).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let profile = own(&cx).await?;
            let f = cx.frame(cx.text("people-profile-title"));
            let mut page = ProfilePage::new(f, filled(&profile, cx.lang), &profile);
            page.photo_form = form;
            cx.html_with(status, &page)
        }
    }
}

async fn store_photo(cx: &Cx, posted: &Posted) -> Result<Place, AppError> {
    let remove = posted.value("do") == "remove";
    let bytes = if remove {
        None
    } else {
        let file = posted.files.iter().find(|file| file.field == "photo" && file.size > 0);
        if file.is_some_and(|file| file.size > photo::MOST_BYTES) {
            return Err(Refusal::new(RefusalKind::TooLarge, "people-photo-too-large").into());
        }
        Some(file.map(|file| file.bytes.clone()).unwrap_or_default())
    };
    keep_photo(cx, bytes).await
}

/// Makes these bytes one's photo, or removes it where there are none.
pub(in crate::people) async fn keep_photo(
    cx: &Cx,
    bytes: Option<axum::body::Bytes>,
) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let picture = match bytes {
        None => None,
        Some(bytes) if bytes.is_empty() => {
            let flaw =
                mapalus_core::Flaw { field: "photo".to_owned(), key: "wrong-needed", arguments: Vec::new() };
            return Err(Refusal::invalid(vec![flaw]).into());
        }
        Some(bytes) => Some(
            tokio::task::spawn_blocking(move || photo::read(&bytes)).await.map_err(AppError::caused)??,
        ),
    };
    let told = if picture.is_some() { "people-done-photo" } else { "people-done-photo-removed" };
    cx.write("people::set_photo", move |work, _| {
        actions::account::set_photo(work, &permit, picture.as_ref())?;
        Ok(Place::at("/me/profile").telling(told))
    })
    .await
}
