//! Discover: groups by words, kind, occupation, cause and place, in the order in which they fit.

pub(in crate::home) mod wanted;

use super::sample_card;
use crate::{
    groups::{self, Card, GroupKind},
    people,
    shell::{
        AppError, Choice, ChoiceGroup, Cx, FormState, Frame, Lang, forms, locale, paging,
        reference::{areas, causes, occupations},
    },
};
use askama::Template;
use axum::response::Response;
use mapalus_core::{GroupId, PersonId, Refusal, access::SeePublic};
use mapalus_db::{DbError, Tx};
use mapalus_search::{Count, Facets, Fit, Found, Profile, Reason};
use serde::Serialize;
use std::collections::BTreeMap;
use wanted::{DISTANCES, PAGE, Wanted};

/// Causes and occupations that are offered to narrow by.
const MOST_OFFERED: usize = 8;
/// Provinces, regencies and towns, districts that are offered: of each level.
const MOST_PLACES: usize = 12;

/// Why a group fits.
#[derive(Debug, Clone, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Why {
    /// Which reason it is: `name`, `occupation-meant`, `cause-meant`, `occupation`, `near-occupation`, `cause`, `district`,
    /// `regency`, `distance`, `distance-exact` or `open`.
    pub key: &'static str,
    /// What it speaks of: the code of the `occupation`, the key of the `cause`, the code of the `area`, or the `km`.
    #[schema(value_type = Object)]
    pub arguments: BTreeMap<&'static str, serde_json::Value>,
    /// The reason in the language of the request.
    pub text: String,
}

/// A group that was found.
pub struct FoundGroup {
    /// The group.
    pub group: Card,
    /// Why it fits, the strongest reason first.
    pub whys: Vec<Why>,
    /// The names of those whom the one who looks knows in it.
    pub known: Vec<String>,
}

impl FoundGroup {
    /// Why it fits, in words.
    pub(in crate::home) fn why(&self) -> Vec<String> {
        texts(&self.whys)
    }
}

/// What was found.
pub struct Results {
    /// The groups of this page.
    pub groups: Vec<FoundGroup>,
    /// How many there are in all.
    pub total: u64,
    /// How many have what.
    pub facets: Facets,
    /// No group had all words: these have some.
    pub loosened: bool,
    /// Cursor of the next page.
    pub next: Option<String>,
}

/// A way to narrow the search: where it leads, what it is called, how many there are.
struct Way {
    href: String,
    label: String,
    count: u64,
    /// Whether it is set; it then leads back.
    set: bool,
}

/// A set of ways.
struct Ways {
    title: String,
    ways: Vec<Way>,
}

impl Ways {
    /// Whether one of them is set: what is folded away narrows nothing.
    fn unfolded(&self) -> bool {
        self.ways.iter().any(|way| way.set)
    }
}

/// Discover.
#[derive(Template)]
#[template(path = "home/templates/directory.html")]
pub struct DirectoryPage {
    f: Frame,
    form: FormState,
    kinds: Vec<Choice>,
    causes: Vec<ChoiceGroup>,
    distances: Vec<Choice>,
    results: Results,
    ways: Vec<Ways>,
    next: Option<String>,
    narrowed: bool,
    /// The parameters of the search, to be told when a new group fits; and its address.
    watch: (String, String),
}

impl DirectoryPage {
    fn new(f: Frame, wanted: &Wanted, results: Results, refusal: Option<&Refusal>) -> Self {
        let lang = f.language();
        let mut form = FormState::new()
            .filled("q", wanted.q.as_str())
            .filled("kind", wanted.kind.as_str())
            .filled("occupation", occupation(&wanted.occupation, lang))
            .filled("cause", wanted.cause.as_str())
            .filled("area", areas().get(&wanted.area).map_or(wanted.area.clone(), |a| areas().label(a.code)))
            .filled("km", wanted.km.as_str())
            .filled("at", wanted.at.as_str())
            .filled("open", wanted.open.as_str());
        if let Some(refusal) = refusal {
            form = form.refused(refusal, lang);
        }
        let next = results.next.clone().map(|after| Wanted { after, ..wanted.clone() }.address());
        let distance = |km: &u32| Choice::new(km.to_string(), f.t1("home-within-km", "km", i64::from(*km)));
        Self {
            kinds: groups::pages::kinds(&f),
            causes: groups::pages::all_causes(&f),
            distances: DISTANCES.iter().map(distance).collect(),
            ways: ways(&f, wanted, &results.facets, results.total),
            narrowed: wanted.narrowed(),
            watch: (wanted.to_store().unwrap_or_default(), wanted.with("q", &wanted.q).address()),
            next,
            results,
            form,
            f,
        }
    }

    /// Whether one of the rarer filters is set.
    fn more(&self) -> bool {
        ["kind", "occupation", "cause", "open"]
            .iter()
            .any(|field| !self.form.value(field).is_empty() || self.form.error(field).is_some())
    }

    /// The same search on a map.
    fn map(&self) -> String {
        self.watch.1.replacen("/groups", "/groups/map", 1)
    }

    /// Where one who is not signed in goes first.
    fn sign_in(&self) -> String {
        let next = serde_html_form::to_string([("next", self.watch.1.as_str())]).unwrap_or_default();
        format!("/sign-in?{next}")
    }

    /// Samples for the test that renders every page: nothing, something, an unknown area.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |count: usize, wanted: Wanted| {
            let refusal = wanted.query(None).err();
            let f = Frame::sample(lang, "Groups", false);
            let reasons =
                vec![Reason::SameUnit("2221".into()), Reason::SameDistrict("71.71.03".into()), Reason::Open];
            let group = |kind: &GroupKind| FoundGroup {
                group: sample_card(*kind, None),
                known: vec!["Fera Lumenta".to_owned(), "Deisy Rondonuwu".to_owned()],
                whys: whys(&Fit { sum: 1.0, reasons: reasons.clone(), ..Fit::default() }, None, false, lang),
            };
            let of = |key: &str| vec![Count { key: key.to_owned(), groups: 2 }];
            let facets = Facets {
                kinds: of("volunteer"),
                causes: of("flood"),
                occupations: of("22"),
                provinces: of("71"),
                areas: of("71.71"),
                open: 1,
                closed: 1,
            };
            let results = Results {
                groups: GroupKind::ALL.iter().take(count).map(group).collect(),
                total: count as u64,
                facets: if count > 0 { facets } else { Facets::default() },
                loosened: count > 0,
                next: (count > 0).then(|| "x".to_owned()),
            };
            Self::new(f, &wanted, results, refusal.as_ref())
        };
        vec![
            page(0, Wanted { q: "bencana".to_owned(), ..Wanted::default() }),
            page(2, Wanted { cause: "flood".to_owned(), area: "71".to_owned(), ..Wanted::default() }),
            page(0, Wanted { area: "Atlantis".to_owned(), ..Wanted::default() }),
        ]
    }
}

fn occupation(typed: &str, lang: Lang) -> String {
    let known = occupations().get(typed.trim());
    known.map_or_else(|| typed.to_owned(), |one| occupations().label(&one.code, lang))
}

/// The ways to narrow further, and back.
fn ways(f: &Frame, wanted: &Wanted, facets: &Facets, total: u64) -> Vec<Ways> {
    let lang = f.language();
    let set =
        |title: &str, field: &str, now: &str, counts: &[Count], label: &dyn Fn(&str) -> Option<String>| {
            let way = |count: &Count| {
                let set = count.key == now;
                let other = wanted.with(field, if set { "" } else { &count.key });
                Some(Way { href: other.address(), label: label(&count.key)?, count: count.groups, set })
            };
            Ways { title: f.t(title), ways: counts.iter().filter_map(way).take(MOST_OFFERED).collect() }
        };
    let kind = |key: &str| Some(f.word("groups-kind", key));
    let cause = |key: &str| causes::get(key).map(|cause| cause.name(lang).to_owned());
    let occupation = |key: &str| occupations().get(key).map(|one| one.name(lang).to_owned());
    // A single digit says nothing of a profession.
    let professions: Vec<Count> =
        facets.occupations.iter().filter(|count| count.key.len() > 1).cloned().collect();
    let open = [Count { key: "yes".to_owned(), groups: facets.open }];
    let open = if facets.open > 0 { &open[..] } else { &[] };
    let chosen = occupations().typed(&wanted.occupation).map_or("", |one| one.code.as_str());
    let mut ways = vec![
        set("home-kind", "kind", &wanted.kind, &facets.kinds, &kind),
        set("home-taking-now", "open", &wanted.open, open, &|_| Some(f.t("home-taking-yes"))),
        set("home-causes", "cause", &wanted.cause, &facets.causes, &cause),
        set("home-occupation", "occupation", chosen, &professions, &occupation),
    ];
    ways.extend(places(f, wanted, facets, total));
    ways.retain(|ways| !ways.ways.is_empty());
    ways
}

/// From the provinces down to where one looks: each level is offered once the one above it is chosen, and what is chosen
/// leads back to that one.
fn places(f: &Frame, wanted: &Wanted, facets: &Facets, total: u64) -> Vec<Ways> {
    let within = wanted.within();
    let ends =
        within.match_indices('.').map(|(at, _)| at).chain((!within.is_empty()).then_some(within.len()));
    let line: Vec<&str> = ends.map(|end| &within[..end]).collect();
    let titles = ["home-province", "home-area", "home-district"].into_iter().enumerate();
    let of_level = |(level, title): (usize, &str)| {
        let chosen = line.get(level).copied();
        let counts = match chosen {
            _ if level == 0 => facets.provinces.clone(),
            Some(chosen) => vec![Count { key: chosen.to_owned(), groups: total }],
            None if level == line.len() => facets.areas.clone(),
            None => Vec::new(),
        };
        let above = level.checked_sub(1).and_then(|above| line.get(above)).copied().unwrap_or("");
        let way = |count: &Count| {
            let set = chosen == Some(count.key.as_str());
            let other = wanted.with("area", if set { above } else { &count.key });
            let label = areas().get(&count.key)?.name.to_owned();
            Some(Way { href: other.address(), label, count: count.groups, set })
        };
        Ways { title: f.t(title), ways: counts.iter().filter_map(way).take(MOST_PLACES).collect() }
    };
    titles.map(of_level).collect()
}

/// Why a group fits, as it is told: the distance as it is shown, not as it was computed. A place is called one's own only
/// where it is that of the profile; one that was searched has its name. A distance is told to the tenth of a kilometre only
/// where it is `exact`: from the position of a device to the group's own point.
pub(in crate::home) fn whys(fit: &Fit, profile: Option<&Profile>, exact: bool, lang: Lang) -> Vec<Why> {
    let message = |key: &str, arguments: &[(&'static str, mapalus_core::Argument)]| {
        locale::message(lang, key, arguments)
    };
    let plain = |key: &str| message(key, &[]);
    let called = |code: &str| occupations().get(code).map_or(String::new(), |one| one.name(lang).to_owned());
    let cause_name = |key: &str| causes::get(key).map_or(String::new(), |one| one.name(lang).to_owned());
    let own = |area: &str| {
        let homes = profile.into_iter().flat_map(|profile| &profile.areas);
        homes
            .into_iter()
            .any(|home| home.strip_prefix(area).is_some_and(|rest| rest.is_empty() || rest.starts_with('.')))
    };
    let at = |area: &str, key: &str| {
        if own(area) {
            plain(key)
        } else {
            message("home-why-place", &[("place", areas().label(area).into())])
        }
    };
    let of = |key, name: &'static str, what: &str, text: String| Why {
        key,
        arguments: std::iter::once((name, what.into())).collect(),
        text,
    };
    let bare = |key, text: String| Why { key, arguments: BTreeMap::new(), text };
    let far = |key, km: serde_json::Value, text: String| Why {
        key,
        arguments: std::iter::once(("km", km)).collect(),
        text,
    };
    let mut place = false;
    let mut words = Vec::new();
    for reason in &fit.reasons {
        words.push(match reason {
            Reason::NameMatches => bare("name", plain("home-why-name")),
            Reason::OccupationMeant(code) => of("occupation-meant", "occupation", code, called(code)),
            Reason::CauseMeant(key) => of("cause-meant", "cause", key, cause_name(key)),
            Reason::SameUnit(code) => {
                let text = message("home-why-occupation", &[("occupation", called(code).into())]);
                of("occupation", "occupation", code, text)
            }
            Reason::SameMinor(code) | Reason::SameSubMajor(code) => {
                // A group for all of a wider occupation is one for each of them.
                let whole = fit.whole.as_deref().filter(|whole| whole.len() > 1);
                let (key, says) = match whole {
                    Some(_) => ("occupation", "home-why-occupation"),
                    None => ("near-occupation", "home-why-near-occupation"),
                };
                let code = whole.unwrap_or(code);
                of(key, "occupation", code, message(says, &[("occupation", called(code).into())]))
            }
            // One digit of the classification is no reason to tell.
            Reason::SameMajor(_) => continue,
            Reason::SameCause(key) => {
                let text = message("home-why-cause", &[("cause", cause_name(key).into())]);
                of("cause", "cause", key, text)
            }
            Reason::SameDistrict(area) => {
                place = true;
                of("district", "area", area, at(area, "home-why-district"))
            }
            Reason::SameRegency(area) => {
                place = true;
                of("regency", "area", area, at(area, "home-why-regency"))
            }
            Reason::SameProvince(_) => continue,
            Reason::Near(km) if exact => {
                let text = message("home-why-km-exact", &[("km", tenths(*km, lang).into())]);
                far("distance-exact", ((km * 10.0).round() / 10.0).into(), text)
            }
            Reason::Near(km) if !place => {
                let text = message("home-why-km", &[("km", rounded(*km).into())]);
                far("distance", rounded(*km).into(), text)
            }
            Reason::Near(_) => continue,
            Reason::Open => bare("open", plain("home-why-open")),
        });
    }
    words.retain(|why| !why.text.is_empty());
    once(&words)
}

/// Each reason once: not a second time alone what stands in another with more words.
fn once(words: &[Why]) -> Vec<Why> {
    let mut kept: Vec<Why> = Vec::with_capacity(words.len());
    for (at, why) in words.iter().enumerate() {
        let more = words.iter().any(|other| other.text.ends_with(&format!(": {}", why.text)));
        if !more && words[..at].iter().all(|other| other.text != why.text) {
            kept.push(why.clone());
        }
    }
    kept
}

/// Reasons in words.
fn texts(whys: &[Why]) -> Vec<String> {
    whys.iter().map(|why| why.text.clone()).collect()
}

/// Kilometres to the tenth, as they are written in a language.
fn tenths(km: f64, lang: Lang) -> String {
    let text = format!("{km:.1}");
    if lang == Lang::Id { text.replace('.', ",") } else { text }
}

/// Kilometres between the middles of two areas: to 5 below 50, to 10 above.
pub(in crate::home) fn rounded(km: f64) -> i64 {
    let step = if km < 50.0 { 5.0 } else { 10.0 };
    ((km / step).round() * step).max(5.0) as i64
}

/// What the index may know of the one who looks.
fn profile(tx: &mut Tx<'_>, person: PersonId) -> Result<Profile, DbError> {
    let known = people::profile_of(tx, person)?;
    let mut causes = known.as_ref().map_or(Vec::new(), people::profile::Profile::cause_keys);
    let (occupation, area) = known.map_or((None, None), |profile| (profile.occupation, profile.area));
    // What one has chosen first, then what one's groups are about.
    for cause in groups::causes_of(tx, person)? {
        if !causes.contains(&cause) {
            causes.push(cause);
        }
    }
    Ok(Profile { occupations: occupation.into_iter().collect(), areas: area.into_iter().collect(), causes })
}

/// Finds what is wanted, in the order in which it fits the one who asks.
///
/// # Errors
/// What is wrong with what was asked, the database's error, or the index's.
pub(in crate::home) async fn find(cx: &Cx, wanted: &Wanted) -> Result<Results, AppError> {
    let profile = match cx.person() {
        Some(person) => Some(cx.read("home::profile", move |tx, _| Ok(profile(tx, person)?)).await?),
        None => None,
    };
    let mut query = wanted.query(profile.clone())?;
    let skipped = |offset: &usize| *offset <= mapalus_search::MOST_SKIPPED;
    let after = Some(wanted.after.as_str());
    query.offset = paging::place(cx, after, |[offset]| offset.parse().ok().filter(skipped))?.unwrap_or(0);
    let offset = query.offset;
    let found: Found = cx.app.find(query).await?;
    let seen = offset + found.hits.len();
    let next =
        (found.hits.len() == PAGE && (seen as u64) < found.total && seen <= mapalus_search::MOST_SKIPPED)
            .then(|| paging::cursor(&[&seen.to_string()]));
    // What the index gives are candidates: who may be seen says the database.
    let ids: Vec<GroupId> = found.hits.iter().filter_map(|hit| hit.id.parse().ok()).collect();
    let (cards, known) = cx
        .read("home::found", move |tx, cx| {
            let cards = groups::cards(tx, &ids, cx.person())?;
            Ok((cards, groups::known_in(tx, cx.person(), &ids)?))
        })
        .await?;
    let device = wanted.is_from_device();
    let why = |card: &Card| {
        let exact = device && card.point().is_some();
        let id = card.id.to_string();
        let hit = found.hits.iter().find(|hit| hit.id == id);
        hit.map(|hit| whys(&hit.fit, profile.as_ref(), exact, cx.lang)).unwrap_or_default()
    };
    let groups = cards.into_iter().map(|group| {
        let whys = why(&group);
        let names = known.iter().filter(|one| one.group_id == group.id).map(|one| one.name.clone());
        FoundGroup { whys, known: names.collect(), group }
    });
    let groups = groups.collect();
    Ok(Results { groups, total: found.total, facets: found.facets, loosened: found.loosened, next })
}

/// `GET /groups?q=&kind=&occupation=&cause=&area=&km=&open=&after=`
pub async fn directory(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let wanted: Wanted = cx.query()?;
    // What was chosen among the nearest matches takes the place of what was typed.
    let pairs: Vec<(String, String)> = cx.query()?;
    let picks = pairs.iter().filter_map(|(name, value)| Some((name.strip_prefix(forms::PICK)?, value)));
    let picks = picks.filter(|(field, _)| matches!(*field, "occupation" | "area"));
    let wanted = picks.fold(wanted, |wanted, (field, value)| wanted.with(field, value));
    let f = cx.frame(cx.text("home-discover-title")).for_everybody(cx.text("home-discover-lead"));
    match find(&cx, &wanted).await {
        Ok(results) => {
            let f = f.with_feed(super::listing::address(&wanted.area, &wanted.occupation));
            cx.html(&DirectoryPage::new(f, &wanted, results, None))
        }
        Err(AppError::Refusal(refusal)) => {
            let none = Results {
                groups: Vec::new(),
                total: 0,
                facets: Facets::default(),
                loosened: false,
                next: None,
            };
            let status = crate::shell::error::status(refusal.kind);
            cx.html_with(status, &DirectoryPage::new(f, &wanted, none, Some(&refusal)))
        }
        Err(error) => Err(error),
    }
}

/// Where a group is at home, in words.
pub(in crate::home) fn place(area: &str) -> String {
    areas().label(area)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_place_is_called_ones_own() {
        let nurse = Profile { areas: vec!["71.71.04".to_owned()], ..Profile::default() };
        let of = |area: &str, profile| {
            let same = if area.len() > 5 { Reason::SameDistrict } else { Reason::SameRegency };
            let fit = Fit { reasons: vec![same(area.to_owned()), Reason::Near(3.0)], ..Fit::default() };
            texts(&whys(&fit, profile, false, Lang::Id))
        };
        let own = |key| vec![locale::message(Lang::Id, key, &[])];
        let named = |code| {
            vec![locale::message(Lang::Id, "home-why-place", &[("place", areas().label(code).into())])]
        };
        assert_eq!(of("71.71.04", Some(&nurse)), own("home-why-district"));
        assert_eq!(of("71.71", Some(&nurse)), own("home-why-regency"));
        assert_eq!(of("71.71.05", Some(&nurse)), named("71.71.05"));
        assert_eq!(of("71.71", None), named("71.71"));
    }

    #[test]
    fn a_group_for_all_of_a_wider_occupation_is_for_the_profession() {
        let nurse = Profile { occupations: vec!["2221".to_owned()], ..Profile::default() };
        let of = |whole: Option<&str>| {
            let reasons = vec![Reason::SameMinor("222".to_owned())];
            let fit = Fit { reasons, whole: whole.map(str::to_owned), ..Fit::default() };
            texts(&whys(&fit, Some(&nurse), false, Lang::Id))
        };
        let says = |key| {
            let name = occupations().get("222").map_or("", |one| one.name(Lang::Id));
            vec![locale::message(Lang::Id, key, &[("occupation", name.into())])]
        };
        assert_eq!(of(Some("222")), says("home-why-occupation"));
        assert_eq!(of(None), says("home-why-near-occupation"));
    }

    #[test]
    fn no_reason_is_told_twice() {
        let words = ["Perawat", "untuk profesi Anda: Perawat", "Banjir", "di Manado", "Banjir"];
        let whys = words.map(|text| Why { key: "name", arguments: BTreeMap::new(), text: text.to_owned() });
        assert_eq!(texts(&once(&whys)), ["untuk profesi Anda: Perawat", "Banjir", "di Manado"]);
    }

    #[test]
    fn a_distance_is_told_as_exactly_as_it_is_known() {
        assert_eq!((tenths(1.26, Lang::Id).as_str(), tenths(1.26, Lang::En).as_str()), ("1,3", "1.3"));
        assert_eq!([0.0, 7.4, 12.6, 48.0, 74.0, 146.0].map(rounded), [5, 5, 15, 50, 70, 150]);
    }
}
