//! The results on a map: an SVG of our own, with a table beside it. No tiles, no scripts, nothing from elsewhere.

use super::directory::{self, wanted::Wanted};
use crate::{
    groups::{Card, GroupKind},
    people,
    shell::{
        AppError, Cx, Frame, Lang,
        reference::{
            Level,
            areas::{Area, areas},
        },
    },
};
use askama::Template;
use axum::response::Response;
use mapalus_core::access::SeePublic;
use serde::Deserialize;
use std::{collections::BTreeSet, fmt::Write};

/// Size of the drawing.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 440.0;
/// Districts that are drawn at most.
const MOST_DOTS: usize = 700;
/// How far apart points are, in units of the drawing.
const APART: i64 = 4;
/// How often one may look closer.
const MOST_ZOOM: u32 = 4;
/// Degrees that the map shows at least.
const LEAST_DEGREES: f64 = 0.2;

/// A point of the earth, in degrees.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Spot {
    lat: f64,
    lon: f64,
}

impl Spot {
    fn of(area: &Area) -> Self {
        Self { lat: area.latitude, lon: area.longitude }
    }
}

/// The part of the earth that is drawn: near the equator a degree is as wide as it is high.
#[derive(Debug, Clone, Copy, PartialEq)]
struct View {
    middle: Spot,
    /// Degrees from the middle to the upper edge.
    up: f64,
}

impl View {
    /// All of these spots with some room around, or a place nearer by.
    fn new(spots: &[Spot], closer: Option<Spot>, zoom: u32) -> Option<Self> {
        let edge = |pick: fn(&Spot) -> f64, fold: fn(f64, f64) -> f64| spots.iter().map(pick).reduce(fold);
        let (south, north) = (edge(|s| s.lat, f64::min)?, edge(|s| s.lat, f64::max)?);
        let (west, east) = (edge(|s| s.lon, f64::min)?, edge(|s| s.lon, f64::max)?);
        let up = ((north - south) / 2.0).max((east - west) / 2.0 * HEIGHT / WIDTH).max(LEAST_DEGREES);
        let middle = Spot { lat: (north + south) / 2.0, lon: (west + east) / 2.0 };
        let middle = closer.filter(|_| zoom > 0).unwrap_or(middle);
        Some(Self { middle, up: up * 1.25 / f64::from(1 << zoom.min(MOST_ZOOM)) })
    }

    /// Where a spot stands in the drawing, if it does.
    fn at(self, spot: Spot) -> Option<(i64, i64)> {
        let scale = HEIGHT / 2.0 / self.up;
        let x = WIDTH / 2.0 + (spot.lon - self.middle.lon) * scale;
        let y = HEIGHT / 2.0 - (spot.lat - self.middle.lat) * scale;
        let inside = (0.0..=WIDTH).contains(&x) && (0.0..=HEIGHT).contains(&y);
        inside.then_some((x.round() as i64, y.round() as i64))
    }

    /// Kilometres that so much of the drawing's width is.
    fn km(self, part: f64) -> f64 {
        WIDTH * part / (HEIGHT / 2.0 / self.up) * 111.2 * self.middle.lat.to_radians().cos()
    }
}

/// A place with the groups that are at home there.
struct Mark {
    number: usize,
    area: &'static Area,
    groups: Vec<Card>,
    /// How far it is from where one looks, in words.
    far: String,
    /// Where it stands in the drawing.
    at: Option<(i64, i64)>,
    /// The address that looks closer.
    closer: String,
}

impl Mark {
    fn place(&self) -> String {
        areas().label(self.area.code)
    }
}

/// The map of a search.
#[derive(Template)]
#[template(path = "home/templates/map.html")]
pub struct MapPage {
    f: Frame,
    marks: Vec<Mark>,
    /// The districts, as one path of points.
    dots: String,
    /// From where one looks: its name and its place in the drawing.
    from: Option<(String, Option<(i64, i64)>)>,
    /// A line of so many kilometres, so wide in the drawing.
    ruler: (i64, i64),
    list: String,
    nearer: Option<String>,
    farther: Option<String>,
}

/// What of the map is looked at.
#[derive(Debug, Default, Deserialize)]
struct Look {
    /// How much closer than all of it.
    #[serde(default)]
    zoom: u32,
    /// Code of the place in the middle.
    #[serde(default)]
    around: String,
}

fn address(wanted: &Wanted, zoom: u32, at: &str) -> String {
    let list = wanted.with("q", &wanted.q).address();
    let query = list.split_once('?').map_or("", |(_, query)| query);
    let look = if zoom == 0 { String::new() } else { format!("zoom={zoom}&around={at}") };
    let parts: Vec<&str> = [query, &look].into_iter().filter(|part| !part.is_empty()).collect();
    if parts.is_empty() { "/groups/map".to_owned() } else { format!("/groups/map?{}", parts.join("&")) }
}

impl MapPage {
    fn new(
        f: Frame,
        (wanted, look): (&Wanted, &Look),
        from: Option<&'static Area>,
        groups: Vec<Card>,
    ) -> Self {
        let zoom = look.zoom.min(MOST_ZOOM);
        let mut marks: Vec<Mark> = Vec::new();
        for group in groups {
            let Some(area) = areas().get(&group.area) else { continue };
            match marks.iter_mut().find(|mark| mark.area.code == area.code) {
                Some(mark) => mark.groups.push(group),
                None => marks.push(Mark {
                    number: marks.len() + 1,
                    area,
                    groups: vec![group],
                    far: from.map_or(String::new(), |from| far(&f, from, area)),
                    at: None,
                    closer: address(wanted, (zoom + 1).min(MOST_ZOOM), area.code),
                }),
            }
        }
        let spots: Vec<Spot> = marks.iter().map(|mark| mark.area).chain(from).map(Spot::of).collect();
        let closer = areas().get(&look.around);
        let view = View::new(&spots, closer.map(Spot::of), zoom);
        for mark in &mut marks {
            mark.at = view.and_then(|view| view.at(Spot::of(mark.area)));
        }
        let at = closer.or(from).or(marks.first().map(|mark| mark.area)).map_or("", |area| area.code);
        Self {
            dots: view.map_or(String::new(), dots),
            ruler: view.map_or((0, 0), ruler),
            from: from.map(|from| (areas().label(from.code), view.and_then(|view| view.at(Spot::of(from))))),
            list: wanted.with("q", &wanted.q).address(),
            nearer: (zoom < MOST_ZOOM && !marks.is_empty()).then(|| address(wanted, zoom + 1, at)),
            farther: (zoom > 0).then(|| address(wanted, zoom - 1, at)),
            marks,
            f,
        }
    }

    /// Samples for the test that renders every page: nothing, two places, one closer.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |count: usize, zoom| {
            let card = |n: usize| {
                let area = ["71.71", "71.02"][n].to_owned();
                Card { area, ..super::sample_card(GroupKind::Volunteer, None) }
            };
            let look = Look { zoom, around: if zoom > 0 { "71.02".to_owned() } else { String::new() } };
            let wanted = Wanted { q: "banjir".to_owned(), ..Wanted::default() };
            let f = Frame::sample(lang, "Map", false);
            Self::new(f, (&wanted, &look), areas().get("71.71.04"), (0..count).map(card).collect())
        };
        vec![page(0, 0), page(2, 0), page(2, 2)]
    }
}

/// How far a place is from another, in words: what one may know of a distance between two middles.
fn far(f: &Frame, from: &Area, area: &Area) -> String {
    if from.code.split('.').take(2).eq(area.code.split('.').take(2)) {
        return f.t("home-map-same");
    }
    f.t1("home-why-km", "km", directory::rounded(from.km_to(area.latitude, area.longitude)))
}

/// The districts of a view, as the path of points that a round pen draws. Of those that would fall together one is drawn;
/// of more than are drawn at most every so many, so that no part of the country is left out.
fn dots(view: View) -> String {
    let districts = areas().all().iter().filter(|area| area.level == Level::District);
    let spots: BTreeSet<(i64, i64)> = districts
        .filter_map(|area| view.at(Spot::of(area)))
        .map(|(x, y)| (x / APART * APART, y / APART * APART))
        .collect();
    let mut path = String::new();
    for (x, y) in spots.iter().step_by(spots.len().div_ceil(MOST_DOTS).max(1)) {
        // Writing into a text cannot fail.
        let _ = write!(path, "M{x} {y}h0");
    }
    path
}

/// A line of a round number of kilometres, a fifth of the width at most: the kilometres, and how wide it is.
fn ruler(view: View) -> (i64, i64) {
    let fifth = view.km(0.2);
    let steps = [1_i64, 2, 5, 10, 20, 50, 100, 200, 500, 1_000];
    let km = steps.into_iter().rev().find(|km| *km as f64 <= fifth).unwrap_or(1);
    (km, (km as f64 / fifth * WIDTH / 5.0).round() as i64)
}

/// `GET /groups/map?q=&...&zoom=&around=`: the first page of a search.
pub async fn map(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let (wanted, look): (Wanted, Look) = (cx.query()?, cx.query()?);
    let home = match cx.person() {
        Some(person) => cx.read("home::own_area", move |tx, _| Ok(people::profile_of(tx, person)?)).await?,
        None => None,
    };
    let home = home.and_then(|profile| profile.area);
    let results = directory::find(&cx, &wanted).await?;
    let searched = wanted.place().ok().flatten();
    let from = searched.or_else(|| home.as_deref().and_then(|code| areas().get(code)));
    let groups = results.groups.into_iter().map(|found| found.group).collect();
    let f = cx.frame(cx.text("home-map-title")).for_everybody(cx.text("home-map-lead"));
    cx.html(&MapPage::new(f, (&wanted, &look), from, groups))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(code: &str) -> Spot {
        Spot::of(areas().get(code).unwrap())
    }

    #[test]
    fn all_that_was_found_stands_in_the_drawing_and_looking_closer_leaves_some_out() {
        let spots = [spot("71.71"), spot("31.71")];
        let view = View::new(&spots, None, 0).unwrap();
        assert!(spots.iter().all(|spot| view.at(*spot).is_some()));
        let closer = View::new(&spots, Some(spots[0]), 3).unwrap();
        assert_eq!(closer.at(spots[0]), Some((320, 220)));
        assert_eq!(closer.at(spots[1]), None);
        assert!(View::new(&[], None, 0).is_none());
    }

    #[test]
    fn north_is_up_and_the_ruler_tells_round_kilometres() {
        let spots = [spot("71.71"), spot("71.02")];
        let view = View::new(&spots, None, 0).unwrap();
        let (manado, minahasa) = (view.at(spots[0]).unwrap(), view.at(spots[1]).unwrap());
        assert!(manado.1 < minahasa.1, "Manado lies north of Tondano");
        let (km, width) = ruler(view);
        assert!([5, 10, 20].contains(&km) && (30..=128).contains(&width), "{km} {width}");
        assert!(dots(view).matches('M').count() > 20);
        // All of the country: no more than are drawn at most, from its west to its east.
        let all = dots(View { middle: spots[0], up: 40.0 });
        assert!(all.matches('M').count() <= MOST_DOTS);
        let east = |dot: &str| dot.split(' ').next().and_then(|x| x.parse::<i64>().ok());
        let far: Vec<i64> = all.split('M').filter_map(east).collect();
        assert!(far.iter().max() > Some(&400) && far.iter().min() < Some(&250), "{far:?}");
    }
}
