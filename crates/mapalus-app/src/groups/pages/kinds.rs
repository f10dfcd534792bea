//! What the group saw and is over soon, and the kinds of qualification that it made.

use crate::{
    groups::{
        self, Group,
        actions::decisions::{self, Decision},
        model::{decisions::Kind, rest::Ending},
        queries::rest,
        rules::rest as rules,
    },
    qualifications::{
        self, actions,
        model::{KindInput, Known, OwnKind},
    },
    shell::{AppError, Cx, Day, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{GroupId, Id, KindId, Millis, PersonId, access::RunQualifications, chance::Counted};
use mapalus_db::params;
use serde::Deserialize;

/// What is over soon, the group's own kinds and the form of one more; or the form of one.
#[derive(Template)]
#[template(path = "groups/templates/kinds.html")]
pub struct KindsPage {
    f: Frame,
    form: FormState,
    name: String,
    path: String,
    group_lang: Lang,
    ending: Vec<Ending>,
    known: Known,
    kinds: Vec<OwnKind>,
    /// The one that is changed.
    one: Option<KindId>,
}

impl KindsPage {
    fn action(&self) -> String {
        match self.one {
            Some(kind) => format!("{}/qualifications/kinds/{kind}", self.path),
            None => format!("{}/qualifications/kinds", self.path),
        }
    }

    fn over(&self, ending: &Ending) -> bool {
        ending.valid_until < Day::of(self.f.now())
    }

    fn kind_name(&self, ending: &Ending) -> String {
        self.known.name(&ending.kind, self.f.language()).unwrap_or_default()
    }

    /// Samples for the test that renders every page: nothing, some, one kind.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let (at, chance) = (Millis(1_779_000_000_000), Counted::default());
        let ending = |days| Ending {
            person_id: PersonId::new(at, &chance),
            name: "Deisy Rondonuwu".to_owned(),
            kind: "bls".to_owned(),
            valid_until: Day::of(Millis(1_780_000_000_000)).plus_days(days),
        };
        let kind = || OwnKind {
            id: KindId::new(at, &chance),
            group_id: GroupId::new(at, &chance),
            name: "Orientasi relawan".to_owned(),
            issuer: "Pengurus".to_owned(),
            months: 12,
            renewed_by: "Ikut orientasi lagi".to_owned(),
            clearance: true,
            retired_at: None,
            version: 1,
        };
        let page = |ending, kinds: Vec<OwnKind>, one| Self {
            f: Frame::sample(lang, "Qualifications", true),
            form: FormState::new().filled("version", "1"),
            name: "Relawan Siaga".to_owned(),
            path: "/groups/relawan".to_owned(),
            group_lang: Lang::Id,
            ending,
            known: Known::with(&kinds),
            kinds,
            one,
        };
        vec![
            page(Vec::new(), Vec::new(), None),
            page(vec![ending(-3), ending(20)], vec![kind()], None),
            page(Vec::new(), vec![kind()], Some(kind().id)),
        ]
    }
}

type Loaded = (Group, Vec<Ending>, Vec<OwnKind>);

pub(in crate::groups) async fn load(cx: &Cx, group: String) -> Result<Loaded, AppError> {
    cx.read("groups::kinds", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<RunQualifications>()?;
        let until = Day::of(cx.now).plus_days(rules::AHEAD_DAYS);
        let ending = tx.all(&rest::ENDING, &params![group.id, until])?;
        let kinds = qualifications::kinds_of(tx, group.id)?;
        Ok((group, ending, kinds))
    })
    .await
}

/// `GET /groups/{group}/qualifications`
pub async fn kinds(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

async fn show(cx: &Cx, group: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let (group, ending, all) = load(cx, group).await?;
    let (f, known) = (cx.frame(cx.text("groups-qualifications-title")), Known::with(&all));
    let kinds = all.into_iter().filter(|kind| kind.retired_at.is_none()).collect();
    let (path, group_lang) = (group.path(), group.lang);
    cx.html_with(
        status,
        &KindsPage { f, form, name: group.name, path, group_lang, ending, known, kinds, one: None },
    )
}

/// `POST /groups/{group}/qualifications/kinds`
pub async fn add(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: KindInput = posted.input()?;
    match add_to(&posted.cx, group.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&listed(place))),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, group, status, form).await
        }
    }
}

/// The list in which a kind stands.
fn listed(place: Place) -> Place {
    let list = place.location.split("/kinds/").next().map(str::to_owned);
    Place { location: list.unwrap_or_default(), ..place }
}

pub(in crate::groups) async fn add_to(cx: &Cx, group: String, input: KindInput) -> Result<Place, AppError> {
    cx.write("groups::add_kind", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunQualifications>()?;
        let kind = qualifications::rules::kind(&input)?;
        let id = actions::add_kind(work, &permit, group.id, &kind)?;
        decisions::made(work, group.id, &Decision::of(Kind::KindMade, &kind.name))?;
        Ok(Place::at(format!("{}/qualifications/kinds/{id}", group.path())).telling("groups-done-kind"))
    })
    .await
}

/// `GET /groups/{group}/qualifications/kinds/{kind}`
pub async fn one(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    edit(&cx, ids, StatusCode::OK, FormState::new()).await
}

pub(in crate::groups) async fn load_one(
    cx: &Cx,
    (group, kind): (String, String),
) -> Result<(Group, OwnKind), AppError> {
    cx.read("groups::kind", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<RunQualifications>()?;
        let kind = qualifications::kind_of(tx, group.id, &kind)?;
        Ok((group, kind))
    })
    .await
}

async fn edit(
    cx: &Cx,
    ids: (String, String),
    status: StatusCode,
    form: FormState,
) -> Result<Response, AppError> {
    let (group, kind) = load_one(cx, ids).await?;
    let filled = || {
        FormState::new()
            .filled("name", kind.name.as_str())
            .filled("issuer", kind.issuer.as_str())
            .filled("months", kind.months.to_string())
            .filled("renewed_by", kind.renewed_by.as_str())
            .filled("clearance", if kind.clearance { "yes" } else { "no" })
    };
    let form = form.or_stored(filled).without("version").filled("version", kind.version.to_string());
    let page = KindsPage {
        f: cx.frame(kind.name.clone()),
        form,
        path: group.path(),
        name: group.name,
        group_lang: group.lang,
        ending: Vec::new(),
        known: Known::default(),
        kinds: Vec::new(),
        one: Some(kind.id),
    };
    cx.html_with(status, &page)
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeForm {
    name: String,
    #[serde(default)]
    issuer: String,
    #[serde(default)]
    months: String,
    #[serde(default)]
    renewed_by: String,
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    clearance: bool,
    version: i64,
}

/// `POST /groups/{group}/qualifications/kinds/{kind}`
pub async fn change(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let ChangeForm { name, issuer, months, renewed_by, clearance, version } = posted.input()?;
    let input = KindInput { name, issuer, months, renewed_by, clearance };
    match change_to(&posted.cx, ids.clone(), input, Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&listed(place))),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            edit(&posted.cx, ids, status, form).await
        }
    }
}

pub(in crate::groups) async fn change_to(
    cx: &Cx,
    (group, kind): (String, String),
    input: KindInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("groups::change_kind", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunQualifications>()?;
        let own = qualifications::kind_of(work.tx, group.id, &kind)?;
        let kind = qualifications::rules::kind(&input)?;
        actions::change_kind(work, &permit, &own, &kind, seen)?;
        decisions::made(work, group.id, &Decision::of(Kind::KindChanged, &kind.name))?;
        Ok(Place::at(format!("{}/qualifications/kinds/{}", group.path(), own.id)).telling("groups-done-kind"))
    })
    .await
}

/// `POST /groups/{group}/qualifications/kinds/{kind}/retire`
pub async fn retire(Path(ids): Path<(String, String)>, mut posted: Posted) -> Result<Response, AppError> {
    let version = posted.version()?;
    match retire_one(&posted.cx, ids.clone(), Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            edit(&posted.cx, ids, status, form).await
        }
    }
}

pub(in crate::groups) async fn retire_one(
    cx: &Cx,
    (group, kind): (String, String),
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("groups::retire_kind", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunQualifications>()?;
        let own = qualifications::kind_of(work.tx, group.id, &kind)?;
        actions::retire_kind(work, &permit, &own, seen)?;
        decisions::made(work, group.id, &Decision::of(Kind::KindRetired, &own.name))?;
        Ok(Place::at(format!("{}/qualifications", group.path())).telling("groups-done-kind-retired"))
    })
    .await
}
