//! Codes with all below them, distances, the order of fit.

use mapalus_search::{Change, Document, Near, Profile, Query, Reason};

use crate::{all, found, ids, index, named};

fn text(list: &[&str]) -> Vec<String> {
    list.iter().map(|text| (*text).to_owned()).collect()
}

#[test]
fn an_occupation_finds_everything_below_it_and_what_is_for_all_of_a_wider_one() {
    let of = |id, codes: &[&str]| Document { occupations: text(codes), ..named(id, id) };
    let index =
        index([of("a", &["2221"]), of("b", &["222"]), of("c", &["2611", "2212"]), of("d", &["5321"])]);
    let below = |code: &str| found(&index, &Query { occupation: Some(code.to_owned()), ..all() });
    assert_eq!(below("2"), ["a", "b", "c"]);
    assert_eq!(below("22"), ["a", "b", "c"]);
    assert_eq!(below("222"), ["a", "b"]);
    assert_eq!(below("2221"), ["a", "b"]);
    assert_eq!(below("9"), Vec::<String>::new());
}

#[test]
fn an_area_finds_everything_in_it() {
    let of = |id, codes: &[&str]| Document { areas: text(codes), ..named(id, id) };
    let index =
        index([of("a", &["71.71.03"]), of("b", &["71.71"]), of("c", &["71.72.01"]), of("d", &["7.1"])]);
    let within = |code: &str| found(&index, &Query { area: Some(code.to_owned()), ..all() });
    assert_eq!(within("71"), ["a", "b", "c"]);
    assert_eq!(within("71.71"), ["a", "b"]);
    assert_eq!(within("71.71.03"), ["a"]);
}

#[test]
fn the_nearer_comes_first_and_the_radius_holds() {
    let at = |id, lat, lon| Document { point: Some((lat, lon)), ..named(id, id) };
    let index = index([
        at("bitung", 1.4404, 125.1217),
        at("manado", 1.4748, 124.8421),
        at("tomohon", 1.3229, 124.8403),
        at("jakarta", -6.2146, 106.8451),
        named("nowhere", "Nowhere"),
    ]);
    let near = |radius_km| Query {
        near: Some(Near { lat: 1.48, lon: 124.84, radius_km, areas: Vec::new() }),
        ..all()
    };
    let everywhere = index.search(&near(None)).expect("found");
    assert_eq!(ids(&everywhere), ["manado", "tomohon", "bitung", "jakarta", "nowhere"]);
    assert!(matches!(everywhere.hits[0].fit.reasons[..], [Reason::Near(km)] if km < 1.0));
    assert_eq!(everywhere.hits[4].fit.distance_km, None);
    assert_eq!(ids(&index.search(&near(Some(25.0))).expect("found")), ["manado", "tomohon"]);
    assert_eq!(ids(&index.search(&near(Some(2.0))).expect("found")), ["manado"]);
    assert_eq!(index.search(&near(Some(3_000.0))).expect("found").total, 4);
}

#[test]
fn strange_places_are_no_error() {
    let index = index([Document { point: Some((f64::NAN, 900.0)), ..named("a", "a") }]);
    for (lat, lon, radius_km) in [
        (f64::NAN, 0.0, Some(1.0)),
        (0.0, 0.0, Some(f64::NAN)),
        (0.0, 0.0, Some(-1.0)),
        (90.0, 180.0, Some(f64::INFINITY)),
        (0.0, 180.0, Some(1e9)),
    ] {
        let near = Near { lat, lon, radius_km, areas: text(&["", "....", "é.é"]) };
        index.search(&Query { near: Some(near), ..all() }).expect("an answer");
    }
}

#[test]
fn what_fits_better_comes_first_with_its_reasons() {
    let of = |id, codes: &[&str], areas: &[&str], taking| Document {
        occupations: text(codes),
        areas: text(areas),
        taking,
        ..named(id, id)
    };
    let index = index([
        of("stranger", &["5321"], &["31.71.01"], false),
        of("same", &["2221"], &["71.71.03"], true),
        of("far", &["2221"], &["31.71.01"], true),
        of("closed", &["2221"], &["71.71.03"], false),
        of("doctor", &["2212"], &["71.71.04"], true),
    ]);
    let profile = Profile { occupations: text(&["2221"]), areas: text(&["71.71.03"]), causes: Vec::new() };
    let found = index.search(&Query { profile: Some(profile), ..all() }).expect("found");
    assert_eq!(ids(&found), ["same", "closed", "far", "doctor", "stranger"]);
    assert_eq!(
        found.hits[0].fit.reasons,
        [Reason::SameUnit("2221".to_owned()), Reason::SameDistrict("71.71.03".to_owned()), Reason::Open]
    );
    assert_eq!(
        found.hits[3].fit.reasons,
        [Reason::SameSubMajor("22".to_owned()), Reason::SameRegency("71.71".to_owned()), Reason::Open]
    );
    assert_eq!(found.hits[4].fit.reasons, []);
    assert_eq!(found.hits[0].score, found.hits[0].fit.sum);
}

#[test]
fn equal_ones_stand_by_members_then_the_younger() {
    let of = |id, members, made_at| Document { members, made_at, ..named(id, id) };
    let index = index([of("a", 3, 10), of("b", 9, 10), of("c", 3, 20)]);
    assert_eq!(ids(&index.search(&all()).expect("found")), ["b", "c", "a"]);
}

#[test]
fn the_latest_put_counts_and_what_is_removed_is_gone() {
    let index = index([named("a", "Perawat"), named("b", "Guru")]);
    let newer = Document { taking: true, ..named("a", "Bidan") };
    index
        .apply([Change::from(newer), Change::Remove("b".to_owned()), Change::Remove("unknown".to_owned())], 2)
        .expect("put");
    assert_eq!(found(&index, &all()), ["a"]);
    assert_eq!(found(&index, &crate::words("perawat")), Vec::<String>::new());
    assert_eq!(found(&index, &crate::words("bidan")), ["a"]);
    assert_eq!((index.groups(), index.cursor()), (1, 2));
    let twice =
        [Change::from(named("a", "Satu")), Change::from(named("a", "Dua")), Change::from(named("c", "Tiga"))];
    index.apply(twice.into_iter().chain([Change::Remove("c".to_owned())]), 3).expect("put");
    assert_eq!(found(&index, &all()), ["a"]);
    assert_eq!(found(&index, &crate::words("dua")), ["a"]);
    index.clear().expect("cleared");
    assert_eq!((index.groups(), index.cursor()), (0, 0));
}
