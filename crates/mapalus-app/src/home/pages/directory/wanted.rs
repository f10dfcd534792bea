//! What is looked for: the address of the page holds it, so that it can be shared.

use crate::{
    groups::model::Point,
    shell::{
        Frame,
        forms::{self, Wrong},
        reference::{Level, areas, areas::Area, causes, occupations, says_nothing},
    },
};
use mapalus_core::Refusal;
use mapalus_search::{Meaning, Near, Profile, Query, terms};
use serde::{Deserialize, Serialize};

/// Groups on one page.
pub const PAGE: usize = 20;
/// Distances that can be chosen, in kilometres.
pub const DISTANCES: [u32; 5] = [5, 10, 25, 50, 100];
/// Characters of all words at most.
const MOST_WORDS: usize = 80;
/// Bytes of one word at most: longer ones are in no index.
const MOST_OF_A_WORD: usize = 48;
/// Words that are looked at together for their meaning.
const LONGEST_PHRASE: usize = 4;

/// What is looked for.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub struct Wanted {
    /// Words: of the name, an occupation, a cause.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub q: String,
    /// Kind of group.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub kind: String,
    /// Occupation, by code, name, title or synonym; those below it count too, and groups for all of something above it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub occupation: String,
    /// Key of a cause.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub cause: String,
    /// Province, regency, town or district, by name or code.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub area: String,
    /// Kilometres around it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub km: String,
    /// The position of the device, for this search alone: latitude and longitude. It counts where the area is the district
    /// around it, or left out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// `yes` for those that take applications now.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub open: String,
    /// Cursor.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub after: String,
}

impl Wanted {
    /// The query of the index, for one who is known by this profile, or what is wrong with what was asked.
    ///
    /// # Errors
    /// An unknown kind, occupation, cause or area, with the nearest matches.
    pub fn query(&self, profile: Option<Profile>) -> Result<Query, Refusal> {
        let choice = || Wrong::plain("wrong-choice");
        let kind = match self.kind.as_str() {
            "" => None,
            kind => Some(kind.parse::<crate::groups::GroupKind>().map_err(|_| choice().at("kind"))?),
        };
        let occupation = match self.occupation.trim() {
            "" => None,
            typed => Some(forms::occupation(typed).map_err(|wrong| wrong.at("occupation"))?),
        };
        let cause = match self.cause.as_str() {
            "" => None,
            key => Some(causes::get(key).ok_or_else(|| Wrong::plain("wrong-cause").at("cause"))?),
        };
        let area = self.place().map_err(|wrong| wrong.at("area"))?;
        let at = self.at(area)?;
        let radius = match self.km.as_str() {
            "" => None,
            km => {
                let km = km.parse().ok().filter(|km| DISTANCES.contains(km));
                Some(km.ok_or_else(|| choice().at("km"))?)
            }
        };
        let open_now = match self.open.as_str() {
            "" => false,
            "yes" => true,
            _ => return Err(choice().at("open")),
        };
        let typed = readable(&self.q).map_err(|wrong| wrong.at("q"))?;
        let (words, meanings) = typed.as_deref().map(understood).unzip();
        // The middle of a province is near nobody: it is looked into, not around.
        let around = area.filter(|area| area.level != Level::Province);
        let there = match (at, around) {
            (Some(at), _) => Some(here(at, radius)),
            (None, area) => area.map(|area| near(area, radius)),
        };
        Ok(Query {
            meanings: meanings.unwrap_or_default(),
            words,
            kind: kind.map(|kind| kind.word().to_owned()),
            occupation,
            cause: cause.map(|cause| cause.key.clone()),
            area: area.filter(|_| radius.is_none() || around.is_none()).map(|area| area.code.to_owned()),
            near: there.or_else(|| home(profile.as_ref())),
            open_now,
            profile,
            offset: 0,
            limit: PAGE,
        })
    }

    /// The area that is meant.
    pub(in crate::home) fn place(&self) -> Result<Option<&'static Area>, Wrong> {
        const LEVELS: [Level; 3] = [Level::Regency, Level::Province, Level::District];
        match self.area.trim() {
            "" => Ok(None),
            // A name that a town shares with its districts means the town.
            typed => {
                let code = LEVELS.iter().find_map(|level| forms::area(typed, &[*level]).ok());
                let code = code.map_or_else(|| forms::area(typed, &LEVELS), Ok)?;
                Ok(areas().get(&code))
            }
        }
    }

    /// The position of the device, if it counts: whoever types another place looks from there.
    fn at(&self, area: Option<&Area>) -> Result<Option<Point>, Refusal> {
        if self.at.is_empty() {
            return Ok(None);
        }
        let point = Point::parse(&self.at).map_err(|_| Wrong::plain("home-here-none").at("at"))?;
        let around = areas().nearest(point.latitude, point.longitude);
        let own = area.is_none_or(|area| around.is_some_and(|around| around.code == area.code));
        Ok(Some(point).filter(|_| own))
    }

    /// The code of the area into which one looks; empty if one looks around it, or everywhere.
    pub fn within(&self) -> &'static str {
        let area = self.place().ok().flatten();
        let into = area.filter(|area| self.km.is_empty() || area.level == Level::Province);
        into.map_or("", |area| area.code)
    }

    /// Whether it is looked for from the position of a device.
    pub fn is_from_device(&self) -> bool {
        self.place().is_ok_and(|area| self.at(area).is_ok_and(|at| at.is_some()))
    }

    /// The address of this search.
    pub fn address(&self) -> String {
        match serde_html_form::to_string(self) {
            Ok(query) if !query.is_empty() => format!("/groups?{query}"),
            _ => "/groups".to_owned(),
        }
    }

    /// The same search with another value in a field, from its first page.
    #[must_use]
    pub fn with(&self, field: &str, value: &str) -> Self {
        let mut other = Self { after: String::new(), ..self.clone() };
        let place = match field {
            "kind" => &mut other.kind,
            "occupation" => &mut other.occupation,
            "cause" => &mut other.cause,
            "area" => {
                other.at = String::new();
                &mut other.area
            }
            "open" => &mut other.open,
            _ => &mut other.q,
        };
        value.clone_into(place);
        other
    }

    /// The search of these parameters, as it was stored.
    pub fn stored(query: &str) -> Option<Self> {
        serde_html_form::from_str(query).ok()
    }

    /// The parameters of this search, to be stored: what is meant by them, without the page.
    ///
    /// # Errors
    /// As [`Wanted::query`].
    pub fn to_store(&self) -> Result<String, Refusal> {
        let query = self.query(None)?;
        let q: String = self.q.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(80).collect();
        let typed = self.place().ok().flatten();
        // A position is never stored: the district around it stands for it.
        let around = self.at(typed)?.and_then(|at| areas().nearest(at.latitude, at.longitude));
        let place = around.or(typed);
        let stored = Self {
            q,
            occupation: query.occupation.unwrap_or_default(),
            area: place.map_or(String::new(), |area| area.code.to_owned()),
            at: String::new(),
            after: String::new(),
            ..self.clone()
        };
        Ok(stored.address().split_once('?').map_or(String::new(), |(_, query)| query.to_owned()))
    }

    /// What this search looks for, in words.
    pub fn words(&self, f: &Frame) -> Vec<String> {
        let lang = f.language();
        let mut words = Vec::new();
        if !self.q.is_empty() {
            words.push(f.t1("home-watch-words", "words", self.q.as_str()));
        }
        if !self.kind.is_empty() {
            words.push(f.word("groups-kind", &self.kind));
        }
        words.extend(occupations().get(&self.occupation).map(|one| one.name(lang).to_owned()));
        words.extend(causes::get(&self.cause).map(|cause| cause.name(lang).to_owned()));
        words.extend(areas().get(&self.area).map(|area| areas().label(area.code)));
        if let Ok(km) = self.km.parse::<i64>() {
            words.push(f.t1("home-within-km", "km", km));
        }
        if self.open == "yes" {
            words.push(f.t("home-taking-yes"));
        }
        words
    }

    /// Whether something narrows the search.
    pub fn narrowed(&self) -> bool {
        self.with("q", &self.q).address() != "/groups"
    }
}

/// Around the position of a device.
fn here(at: Point, radius: Option<u32>) -> Near {
    let (lat, lon) = (at.latitude, at.longitude);
    Near {
        lat,
        lon,
        radius_km: radius.map(f64::from),
        areas: areas().nearest(lat, lon).map(|area| area.code.to_owned()).into_iter().collect(),
    }
}

/// The words, if the index reads them: what it passes over would find everything.
fn readable(q: &str) -> Result<Option<String>, Wrong> {
    let long = q.split(|c: char| !c.is_alphanumeric()).find(|word| word.len() > MOST_OF_A_WORD);
    if let Some(word) = long {
        let over = [("most", MOST_OF_A_WORD), ("length", word.chars().count())];
        return Err(Wrong("wrong-long", over.map(|(name, count)| (name, (count as i64).into())).into()));
    }
    let q = forms::bounded(q, 0, MOST_WORDS)?;
    Ok((!q.is_empty()).then_some(q))
}

/// Around an area; a district and a town know in which larger ones they lie.
fn near(area: &Area, radius: Option<u32>) -> Near {
    Near {
        lat: area.latitude,
        lon: area.longitude,
        radius_km: radius.map(f64::from),
        areas: vec![area.code.to_owned()],
    }
}

/// Where the person lives, if nothing else was asked.
fn home(profile: Option<&Profile>) -> Option<Near> {
    let area = profile?.areas.first().and_then(|code| areas().get(code))?;
    Some(near(area, None))
}

/// The words that are looked for, and what they mean. Of an everyday sentence those that say nothing are left out, unless
/// there are no others; something that is called by several words is known with them ("people with disabilities").
fn understood(typed: &str) -> (String, Vec<Meaning>) {
    let all: Vec<String> = typed.split_whitespace().flat_map(terms).collect();
    let says: Vec<bool> = all.iter().map(|term| !says_nothing(term)).collect();
    if !says.contains(&true) {
        return (all.join(" "), meanings(&all));
    }
    let kept: Vec<String> =
        all.iter().zip(&says).filter(|(_, says)| **says).map(|(term, _)| term.clone()).collect();
    let before = |at: usize| says[..at].iter().filter(|says| **says).count();
    let mut found = meanings(&kept);
    for whole in meanings(&all) {
        let meaning = Meaning { terms: before(whole.terms.start)..before(whole.terms.end), ..whole };
        if !meaning.terms.is_empty() && !found.contains(&meaning) {
            found.push(meaning);
        }
    }
    found.sort_by_key(|meaning| std::cmp::Reverse(meaning.terms.len()));
    (kept.join(" "), found)
}

/// What the words mean: for each run of words, longest first, the occupations and causes that are called so.
fn meanings(terms: &[String]) -> Vec<Meaning> {
    let mut found = Vec::new();
    for length in (1..=LONGEST_PHRASE.min(terms.len())).rev() {
        for from in 0..=terms.len() - length {
            let phrase = terms[from..from + length].join(" ");
            let named = occupations().named(&phrase).into_iter().map(|o| o.code.clone()).collect::<Vec<_>>();
            let causes = causes().iter().filter(|cause| cause.words().contains(&phrase));
            let causes: Vec<String> = causes.map(|cause| cause.key.clone()).collect();
            if !(named.is_empty() && causes.is_empty()) {
                found.push(Meaning {
                    terms: from..from + length,
                    occupations: named,
                    causes,
                    words: Vec::new(),
                });
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shell::reference;

    #[test]
    fn words_mean_the_occupation_and_the_cause_that_are_called_so() {
        let of = |words: &str| {
            understood(words)
                .1
                .into_iter()
                .flat_map(|m| m.occupations.into_iter().chain(m.causes))
                .collect::<Vec<_>>()
        };
        assert!(of("dokter anak manado").contains(&"2212".to_owned()));
        assert!(of("advokat").contains(&"2611".to_owned()));
        assert!(of("paediatrician").contains(&"2212".to_owned()));
        assert!(of("banjir").contains(&"flood".to_owned()), "{:?}", of("banjir"));
        assert_eq!(of("xyz"), Vec::<String>::new());
    }

    #[test]
    fn words_written_without_a_look_at_the_files_mean_what_a_person_expects() {
        for kind in ["occupation", "cause"] {
            let words = reference::everyday(kind);
            let missed: Vec<_> = words
                .iter()
                .filter(|(word, expected)| {
                    let (kept, found) = understood(word);
                    let whole = 0..terms(&kept).len();
                    let of = found.into_iter().filter(|meaning| meaning.terms == whole);
                    !of.flat_map(|m| m.occupations.into_iter().chain(m.causes))
                        .any(|one| expected.contains(&one))
                })
                .collect();
            assert!(
                words.len() >= 20 && missed.is_empty(),
                "{} of {}: {missed:#?}",
                missed.len(),
                words.len()
            );
        }
    }

    #[test]
    fn of_a_sentence_the_words_that_say_something_are_looked_for() {
        for (typed, looked_for) in [
            ("nurses in manado", "nurses manado"),
            ("Lawyers, in Makassar!", "lawyers makassar"),
            ("doctors near manado", "doctors manado"),
            ("relawan untuk bencana", "relawan bencana"),
            ("kelompok yang peduli difabel", "difabel"),
            ("cari kelompok perawat", "perawat"),
            ("saya mau bergabung dengan kelompok guru di Bandung", "guru bandung"),
            ("kelompok yang ada di", "kelompok yang ada di"),
            ("the", "the"),
        ] {
            let query = Wanted { q: typed.into(), ..Wanted::default() }.query(None).expect("it holds");
            assert_eq!(query.words.as_deref(), Some(looked_for), "{typed}");
        }
        // What is called by several words keeps its meaning, at the places of those that are left.
        let (words, found) = understood("help for people with disabilities");
        assert_eq!(words, "help people disabilities");
        let whole = found.iter().find(|meaning| meaning.causes.iter().any(|cause| cause == "disability"));
        assert_eq!(whole.map(|meaning| meaning.terms.clone()), Some(1..3), "{found:?}");
        let (words, found) = understood("kelompok dokter anak di manado");
        assert_eq!(words, "dokter anak manado");
        assert!(found.iter().any(|m| m.terms == (0..2) && m.occupations.contains(&"2212".to_owned())));
        // As many words as are typed: the index reads the first twelve of those that are left.
        let (words, _) = understood(&format!("{}perawat", "di ".repeat(20)));
        assert_eq!(words, "perawat");
    }

    #[test]
    fn what_is_unknown_is_refused_with_its_field() {
        let field = |wanted: Wanted| wanted.query(None).unwrap_err().fields[0].field.clone();
        assert_eq!(field(Wanted { q: "guru ".repeat(17), ..Wanted::default() }), "q");
        assert_eq!(field(Wanted { q: "x".repeat(49), ..Wanted::default() }), "q");
        assert_eq!(field(Wanted { kind: "x".into(), ..Wanted::default() }), "kind");
        assert_eq!(field(Wanted { occupation: "qqq".into(), ..Wanted::default() }), "occupation");
        assert_eq!(field(Wanted { cause: "x".into(), ..Wanted::default() }), "cause");
        assert_eq!(field(Wanted { area: "Atlantis".into(), ..Wanted::default() }), "area");
        assert_eq!(field(Wanted { km: "7".into(), ..Wanted::default() }), "km");
    }

    #[test]
    fn a_place_is_looked_into_or_around() {
        let within =
            Wanted { area: "Kota Manado".into(), ..Wanted::default() }.query(None).expect("it holds");
        assert_eq!(
            (within.area.as_deref(), within.near.map(|near| near.radius_km)),
            (Some("71.71"), Some(None))
        );
        let around = Wanted { area: "71.71".into(), km: "25".into(), ..Wanted::default() }
            .query(None)
            .expect("it holds");
        assert_eq!((around.area, around.near.and_then(|near| near.radius_km)), (None, Some(25.0)));
        let province =
            Wanted { area: "71".into(), km: "25".into(), ..Wanted::default() }.query(None).expect("it holds");
        assert_eq!((province.area.as_deref(), province.near), (Some("71"), None));
    }

    #[test]
    fn a_position_counts_where_its_own_district_is_the_place() {
        let at = |at: &str, area: &str| Wanted { at: at.into(), area: area.into(), ..Wanted::default() };
        let lat = |wanted: &Wanted| wanted.query(None).expect("it holds").near.map(|near| near.lat);
        let own = areas().nearest(1.475, 124.842).expect("it is in Manado").code;
        assert_eq!(lat(&at("1.475,124.842", own)), Some(1.475));
        assert_eq!(lat(&at("1.475,124.842", "")), Some(1.475));
        assert!(at("1.475,124.842", own).is_from_device());
        // Another place was typed afterwards.
        let elsewhere = at("1.475,124.842", "Kota Bandung");
        assert!(!elsewhere.is_from_device() && lat(&elsewhere).is_some_and(|lat| lat < 0.0));
        assert_eq!(elsewhere.with("area", "71").at, "", "a place that is chosen takes it away");
        assert_eq!(at("here", "").query(None).unwrap_err().fields[0].field, "at");
    }

    #[test]
    fn an_address_holds_the_whole_search() {
        let wanted = Wanted { q: "guru".into(), open: "yes".into(), ..Wanted::default() };
        assert_eq!(wanted.address(), "/groups?q=guru&open=yes");
        assert_eq!(wanted.with("q", "").with("open", "").address(), "/groups");
        assert!(wanted.narrowed() && !Wanted::default().narrowed());
    }
}
