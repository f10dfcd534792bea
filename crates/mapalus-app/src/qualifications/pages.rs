//! What one holds: the list, one to correct, who saw it and when it ends.

use super::{
    actions, kinds,
    model::{Held, QualificationInput, Sight},
    own, queries, rules,
};
use crate::{
    people::profile::Audience,
    shell::{AppError, Choice, Cx, Day, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    GroupId, Id, Millis, PersonId, QualificationId, SeenId,
    access::{UseAccount, UseQualification},
    chance::Counted,
};
use serde::Deserialize;

/// What one holds, and the form of one more.
#[derive(Template)]
#[template(path = "qualifications/templates/mine.html")]
pub struct MinePage {
    f: Frame,
    form: FormState,
    held: Vec<Held>,
    sights: Vec<Sight>,
    kinds: Vec<Choice>,
    audiences: Vec<Choice>,
}

/// One that one holds, with what groups saw of it.
#[derive(Template)]
#[template(path = "qualifications/templates/one.html")]
pub struct HeldPage {
    f: Frame,
    form: FormState,
    held: Held,
    sights: Vec<Sight>,
    audiences: Vec<Choice>,
}

/// To whom one is shown: a clearance to nobody but oneself and those who check.
fn audiences(f: &Frame, clearance: bool) -> Vec<Choice> {
    let open = |audience: &&Audience| !clearance || matches!(audience, Audience::Me | Audience::Groups);
    let word = |audience: &Audience| match clearance {
        true => f.word("qualifications-audience", audience),
        false => f.word("people-audience", audience),
    };
    Audience::ALL.iter().filter(open).map(|a| Choice::new(a.word(), word(a))).collect()
}

impl MinePage {
    fn seen(&self, held: &Held) -> Vec<&Sight> {
        let now = self.f.now();
        self.sights.iter().filter(|s| s.qualification_id == held.id && s.counts(&now)).collect()
    }

    fn over(&self, held: &Held) -> bool {
        held.over(&self.f.now())
    }

    /// Samples for the test that renders every page: none, some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |held, sights| {
            let f = Frame::sample(lang, "Qualifications", true);
            Self::new(f, FormState::new(), (held, sights), None)
        };
        vec![
            page(Vec::new(), Vec::new()),
            page(vec![sample("bls"), sample("police-clearance")], vec![sample_sight()]),
        ]
    }

    fn new(f: Frame, form: FormState, (held, sights): (Vec<Held>, Vec<Sight>), own: Option<Choice>) -> Self {
        let lang = f.language();
        let offered = kinds::all().iter().filter(|kind| held.iter().all(|held| held.kind != kind.key));
        let kinds = offered.map(|kind| Choice::new(kind.key.as_str(), kind.name.get(lang)));
        Self {
            kinds: own.into_iter().chain(kinds).collect(),
            audiences: audiences(&f, false),
            f,
            form,
            held,
            sights,
        }
    }
}

impl HeldPage {
    fn counts(&self, sight: &Sight) -> bool {
        sight.counts(&self.f.now())
    }

    fn over(&self) -> bool {
        self.held.over(&self.f.now())
    }

    fn new(f: Frame, form: FormState, (held, sights): (Held, Vec<Sight>)) -> Self {
        Self { audiences: audiences(&f, held.is_clearance()), f, form, held, sights }
    }

    /// Samples for the test that renders every page: seen, taken back, a clearance.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |kind, sights| {
            let f = Frame::sample(lang, "Qualification", true);
            Self::new(f, filled(&sample(kind)), (sample(kind), sights))
        };
        let over = Sight { ended_at: Some(AT), reason: "Nomornya salah.".to_owned(), ..sample_sight() };
        vec![page("bls", vec![sample_sight(), over]), page("police-clearance", Vec::new())]
    }
}

/// The instant of samples.
const AT: Millis = Millis(1_779_900_000_000);

/// A qualification for samples.
pub(crate) fn sample(kind: &str) -> Held {
    let chance = Counted::default();
    Held {
        id: QualificationId::new(AT, &chance),
        person_id: PersonId::new(AT, &chance),
        kind: kind.to_owned(),
        kind_name: None,
        kind_clearance: None,
        stated: true,
        number: "BHD-0412".to_owned(),
        issuer: "RSU Teduh".to_owned(),
        issued_on: Some(Day::of(AT)),
        valid_until: Some(Day::of(AT).plus_months(24)),
        audience: Audience::Groups,
        version: 2,
    }
}

/// What a group saw of it, for samples.
pub(crate) fn sample_sight() -> Sight {
    let chance = Counted::default();
    Sight {
        id: SeenId::new(AT, &chance),
        qualification_id: QualificationId::new(AT, &chance),
        group_id: GroupId::new(AT, &chance),
        group_name: "Relawan Siaga Bencana Manado".to_owned(),
        valid_until: Some(Day::of(AT).plus_months(24)),
        seen_at: AT,
        seen_by: Some(PersonId::new(AT, &chance)),
        seer: "Stenly Wowor".to_owned(),
        event_id: None,
        ended_at: None,
        ended_by: None,
        reason: String::new(),
        replaces: None,
    }
}

fn filled(held: &Held) -> FormState {
    let day = |day: Option<Day>| day.map_or_else(String::new, |day| day.to_string());
    FormState::new()
        .filled("number", held.number.as_str())
        .filled("issuer", held.issuer.as_str())
        .filled("issued_on", day(held.issued_on))
        .filled("valid_until", day(held.valid_until))
        .filled("audience", held.audience.word())
        .filled("version", held.version.to_string())
}

#[derive(Deserialize)]
struct Wanted {
    #[serde(default)]
    kind: String,
}

pub(in crate::qualifications) async fn all(cx: &Cx) -> Result<(Vec<Held>, Vec<Sight>), AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    cx.read("qualifications::mine", move |tx, _| {
        Ok((queries::held_by(tx, person)?, queries::sights_of(tx, person)?))
    })
    .await
}

/// `GET /me/qualifications?kind=`: with the kind of a group's own that a link brings along.
pub async fn mine(cx: Cx) -> Result<Response, AppError> {
    show(&cx, StatusCode::OK, None).await
}

async fn show(cx: &Cx, status: StatusCode, form: Option<FormState>) -> Result<Response, AppError> {
    let wanted: Wanted = cx.query()?;
    let found = all(cx).await?;
    let own = cx
        .read("qualifications::kind", move |tx, _| {
            Ok(match wanted.kind.parse() {
                Ok(id) => queries::kind(tx, id)?.filter(|kind| kind.retired_at.is_none()),
                Err(_) => None,
            })
        })
        .await?;
    let own = own.map(|kind| Choice::new(kind.id.to_string(), kind.name));
    let form = form.unwrap_or_else(|| {
        let form = FormState::new().filled("audience", Audience::Groups.word());
        own.iter().fold(form, |form, kind| form.filled("kind", kind.value.as_str()))
    });
    let f = cx.frame(cx.text("qualifications-title"));
    cx.html_with(status, &MinePage::new(f, form, found, own))
}

/// `POST /me/qualifications`
pub async fn state(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match state_one(&cx, posted.input()?).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, status, Some(form)).await
        }
    }
}

pub(in crate::qualifications) async fn state_one(
    cx: &Cx,
    input: QualificationInput,
) -> Result<Place, AppError> {
    cx.write("qualifications::state", move |work, cx| {
        let permit = cx.standing().permit::<UseAccount>()?;
        let kind = actions::facts(work.tx, &input.kind)?;
        let new = rules::stated(&input, kind.as_ref(), Day::of(work.now))?;
        let id = actions::state(work, &permit, &new)?;
        Ok(Place::at(format!("/me/qualifications/{id}")).telling("qualifications-done-stated"))
    })
    .await
}

pub(in crate::qualifications) async fn load(cx: &Cx, id: String) -> Result<(Held, Vec<Sight>), AppError> {
    cx.read("qualifications::one", move |tx, cx| {
        let (held, _) = own(tx, cx, &id)?;
        let mut sights = queries::sights_of(tx, held.person_id)?;
        sights.retain(|sight| sight.qualification_id == held.id);
        Ok((held, sights))
    })
    .await
}

/// `GET /me/qualifications/{qualification}`
pub async fn one(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    show_one(&cx, id, StatusCode::OK, FormState::new()).await
}

async fn show_one(cx: &Cx, id: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let found = load(cx, id).await?;
    let form = form.or_stored(|| filled(&found.0));
    let form = form.without("version").filled("version", found.0.version.to_string());
    let f = cx.frame(found.0.name(cx.lang));
    cx.html_with(status, &HeldPage::new(f, form, found))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CorrectForm {
    #[serde(default)]
    number: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    issued_on: String,
    #[serde(default)]
    valid_until: String,
    #[serde(default)]
    audience: String,
    version: i64,
}

/// `POST /me/qualifications/{qualification}`
pub async fn correct(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let form: CorrectForm = posted.input()?;
    let CorrectForm { number, issuer, issued_on, valid_until, audience, version } = form;
    let input = QualificationInput { kind: String::new(), number, issuer, issued_on, valid_until, audience };
    match correct_one(&posted.cx, id.clone(), input, Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_one(&posted.cx, id, status, form).await
        }
    }
}

pub(in crate::qualifications) async fn correct_one(
    cx: &Cx,
    id: String,
    input: QualificationInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("qualifications::correct", move |work, cx| {
        let (held, standing) = own(work.tx, cx, &id)?;
        let permit = standing.permit::<UseQualification>()?;
        let kind = super::model::KindFacts::of(&held, actions::facts(work.tx, &held.kind)?);
        let new = rules::stated(&input, Some(&kind), Day::of(work.now))?;
        actions::correct(work, &permit, &held, &new, seen)?;
        Ok(Place::at(held.path()).telling("qualifications-done-corrected"))
    })
    .await
}

/// `POST /me/qualifications/{qualification}/remove`
pub async fn remove(Path(id): Path<String>, mut posted: Posted) -> Result<Response, AppError> {
    let version = posted.version()?;
    match remove_one(&posted.cx, id.clone(), Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_one(&posted.cx, id, status, form).await
        }
    }
}

pub(in crate::qualifications) async fn remove_one(
    cx: &Cx,
    id: String,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("qualifications::remove", move |work, cx| {
        let (held, standing) = own(work.tx, cx, &id)?;
        let permit = standing.permit::<UseQualification>()?;
        actions::remove(work, &permit, &held, seen)?;
        Ok(Place::at("/me/qualifications").telling("qualifications-done-removed"))
    })
    .await
}
