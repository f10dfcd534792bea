//! The words that other calls take by their code: areas, occupations, languages, causes.

use crate::shell::{
    AppError, Cx, Lang,
    forms::{self, Wrong},
    reference::{
        Area, Areas, Level, Occupation, areas as all_areas, causes as all_causes, languages as tongues,
        occupations as all_occupations,
    },
    text::fold,
};
use axum::{http::StatusCode, response::Response};
use mapalus_core::{Refusal, access::SeePublic};
use serde::{Deserialize, Serialize};

/// How many of them are given at most.
const MOST: usize = 20;
/// Characters of the words that are looked at.
const MOST_TYPED: usize = 80;

/// What is looked for.
#[derive(Debug, Deserialize)]
struct Looked {
    #[serde(default)]
    q: String,
    #[serde(default)]
    level: String,
    #[serde(default)]
    within: String,
}

impl Looked {
    fn words(&self) -> String {
        self.q.trim().chars().take(MOST_TYPED).collect()
    }
}

/// An area.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AreaView {
    /// Its code: `71`, `71.71`, `71.71.05`.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The name with that of the area that holds it: 668 names are shared.
    pub label: String,
    /// `province`, `regency` or `district`.
    pub level: &'static str,
    /// The code of the area that holds it.
    pub within: Option<String>,
    /// Its time zone.
    pub zone: String,
}

/// Areas.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AreaList {
    /// The areas, those that fit the words best first.
    pub items: Vec<AreaView>,
    /// Always null.
    pub next: Option<String>,
}

/// An occupation.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OccupationView {
    /// Code of ISCO-08, one to four digits.
    pub code: String,
    /// What people call it, in the language of the request: what the pages show.
    pub name: String,
    /// Its official title in the language of the request: of ISCO-08 in English, of KBJI 2014 in Indonesian.
    pub title: String,
    /// The name, title or synonym that fits the words; the name where a code was asked for, or nothing.
    pub called: String,
}

/// Occupations.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OccupationList {
    /// The occupations, those that fit the words best first.
    pub items: Vec<OccupationView>,
    /// Always null.
    pub next: Option<String>,
}

/// A language or a cause.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WordView {
    /// The key that other calls take.
    pub key: String,
    /// Its name in the language of the request.
    pub name: String,
}

/// Languages or causes.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WordList {
    /// The words, in the order in which the pages show them.
    pub items: Vec<WordView>,
    /// Always null.
    pub next: Option<String>,
}

const LEVELS: [(&str, Level); 3] =
    [("province", Level::Province), ("regency", Level::Regency), ("district", Level::District)];

fn area_view(area: &Area) -> AreaView {
    AreaView {
        code: area.code.to_owned(),
        name: area.name.to_owned(),
        label: all_areas().label(area.code),
        level: LEVELS.iter().find(|(_, level)| *level == area.level).map_or("", |(word, _)| word),
        within: all_areas().parent(area).map(|parent| parent.code.to_owned()),
        zone: Areas::zone(area.code).name().to_owned(),
    }
}

/// Areas by name, or those that lie directly within one; without either the provinces.
#[utoipa::path(get, path = "/api/v1/areas", tag = "words",
    params(("q" = Option<String>, Query, description = "The beginnings of words of the name, and of the area that holds it: 20 at most are given"),
        ("level" = Option<String>, Query, description = "Only `province`, `regency` or `district`"),
        ("within" = Option<String>, Query, description = "Only those directly within the area of this code")),
    responses((status = 200, description = "The areas", body = AreaList)))]
pub async fn areas(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let looked: Looked = cx.query()?;
    let level = match looked.level.as_str() {
        "" => None,
        word => Some(level_of(word)?),
    };
    let all = all_areas();
    let within = match looked.within.trim() {
        "" => None,
        code => {
            let unknown = || forms::unknown(("wrong-area", "wrong-area-near"), code, &[]).at("within");
            Some(all.get(code).ok_or_else(unknown)?)
        }
    };
    let words = looked.words();
    if words.is_empty() && within.is_none() && level.is_some_and(|level| level != Level::Province) {
        return Err(Wrong::plain("wrong-needed").at("q").into());
    }
    let here = |area: &&Area| within.is_none_or(|one| all.parent(area).is_some_and(|p| p.code == one.code));
    let items: Vec<AreaView> = if words.is_empty() {
        let top = level.or(within.is_none().then_some(Level::Province));
        let fits = |area: &&Area| top.is_none_or(|level| area.level == level) && here(area);
        all.all().iter().filter(fits).map(area_view).collect()
    } else {
        let levels: Vec<Level> =
            LEVELS.iter().map(|(_, l)| *l).filter(|l| level.is_none_or(|one| one == *l)).collect();
        let found = all.search(&words, &levels, usize::MAX);
        found.into_iter().filter(here).take(MOST).map(area_view).collect()
    };
    cx.json(StatusCode::OK, &AreaList { items, next: None })
}

fn level_of(word: &str) -> Result<Level, Refusal> {
    let known = LEVELS.iter().find(|(name, _)| *name == word);
    known.map(|(_, level)| *level).ok_or_else(|| Wrong::plain("wrong-choice").at("level"))
}

/// Occupations by code, or by name, title or synonym in either language; without words the major groups.
#[utoipa::path(get, path = "/api/v1/occupations", tag = "words",
    params(("q" = Option<String>, Query, description = "A code, or the beginnings of words of a name, title or synonym: 20 at most are given")),
    responses((status = 200, description = "The occupations", body = OccupationList)))]
pub async fn occupations(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let words = cx.query::<Looked>()?.words();
    let view = |one: &Occupation, called: &str| OccupationView {
        code: one.code.clone(),
        name: one.name(cx.lang).to_owned(),
        title: one.title(cx.lang).to_owned(),
        called: called.to_owned(),
    };
    let items = if words.is_empty() {
        let major = all_occupations().all().iter().filter(|one| one.code.len() == 1);
        major.map(|one| view(one, one.name(cx.lang))).collect()
    } else if let Some(one) = all_occupations().get(&words) {
        vec![view(one, one.name(cx.lang))]
    } else {
        let found = all_occupations().search(&words, MOST);
        found.iter().map(|hit| view(hit.occupation, hit.name)).collect()
    };
    cx.json(StatusCode::OK, &OccupationList { items, next: None })
}

/// Languages that a profile may name.
#[utoipa::path(get, path = "/api/v1/languages", tag = "words",
    params(("q" = Option<String>, Query, description = "Letters that the name holds, in either language")),
    responses((status = 200, description = "The languages", body = WordList)))]
pub async fn languages(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let words = fold(&cx.query::<Looked>()?.words());
    let names = |one: &tongues::Language| [Lang::Id, Lang::En].map(|lang| fold(one.name(lang)));
    let fits = |one: &&tongues::Language| names(one).iter().any(|name| name.contains(&words));
    let view =
        |one: &tongues::Language| WordView { key: one.code.clone(), name: one.name(cx.lang).to_owned() };
    let items = tongues::languages().iter().filter(fits).map(view).collect();
    cx.json(StatusCode::OK, &WordList { items, next: None })
}

/// Causes of volunteer groups.
#[utoipa::path(get, path = "/api/v1/causes", tag = "words",
    params(("q" = Option<String>, Query, description = "Words of the name, or everyday ones, in either language")),
    responses((status = 200, description = "The causes", body = WordList)))]
pub async fn causes(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let words = cx.query::<Looked>()?.words();
    let found = all_causes().iter().filter(|cause| words.is_empty() || cause.fits(&words));
    let view = |cause: &crate::shell::reference::Cause| WordView {
        key: cause.key.clone(),
        name: cause.name(cx.lang).to_owned(),
    };
    cx.json(StatusCode::OK, &WordList { items: found.map(view).collect(), next: None })
}
