//! What the index answers against a scan of all documents that does everything the slow way.

use std::collections::{BTreeMap, BTreeSet};

use mapalus_search::{Change, Count, Document, Facts, Near, Profile, Query, fit};

use crate::made::{AREAS, CAUSES, OCCUPATIONS, Source, WORDS, document};
use crate::{all, index};

fn has_occupation(document: &Document, code: &str) -> bool {
    let mut valid = document.occupations.iter().filter(|own| own.len() <= 4 && own.parse::<u16>().is_ok());
    valid.any(|own| own.starts_with(code) || code.starts_with(own.as_str()))
}

fn has_area(document: &Document, code: &str) -> bool {
    let parts: Vec<&str> = code.split('.').collect();
    document.areas.iter().any(|own| own.split('.').take(3).collect::<Vec<_>>().starts_with(&parts))
}

fn distance(document: &Document, near: &Near) -> Option<f64> {
    let (lat, lon) = document.point?;
    let vector = |lat: f64, lon: f64| {
        let (lat, lon) = (lat.to_radians(), lon.to_radians());
        [lat.cos() * lon.cos(), lat.cos() * lon.sin(), lat.sin()]
    };
    let (a, b) = (vector(lat, lon), vector(near.lat, near.lon));
    let chord = a.iter().zip(b).map(|(x, y)| (x - y).powi(2)).sum::<f64>().sqrt();
    Some(2.0 * 6371.0088 * (chord / 2.0).asin())
}

/// Whether it is in the answer, kind and time left out.
fn matches(query: &Query, document: &Document) -> bool {
    let text = [&document.name, &document.summary, &document.about].into_iter().chain(&document.words);
    let own: BTreeSet<&str> = text.flat_map(|text| text.split([' ', ','])).collect();
    let words = query.words.iter().flat_map(|words| words.split(' '));
    let near = query.near.as_ref();
    words.into_iter().all(|word| own.contains(word))
        && query.occupation.as_ref().is_none_or(|code| has_occupation(document, code))
        && query.cause.as_ref().is_none_or(|cause| document.causes.contains(cause))
        && query.area.as_ref().is_none_or(|area| has_area(document, area))
        && near.is_none_or(|near| {
            near.radius_km.is_none_or(|most| distance(document, near).is_some_and(|km| km <= most))
        })
}

fn counts<'a>(documents: &[&'a Document], keys: impl Fn(&'a Document) -> BTreeSet<String>) -> Vec<Count> {
    let mut out: BTreeMap<String, u64> = BTreeMap::new();
    for key in documents.iter().flat_map(|document| keys(document)) {
        *out.entry(key).or_default() += 1;
    }
    let mut out: Vec<Count> = out.into_iter().map(|(key, groups)| Count { key, groups }).collect();
    out.sort_by_key(|count| std::cmp::Reverse(count.groups));
    out
}

fn query(source: &mut Source) -> Query {
    let mut some =
        |list: &[&str], one_in: usize| (source.below(one_in) == 0).then(|| source.pick(list).to_owned());
    let (occupation, cause, area) = (some(&OCCUPATIONS[..8], 4), some(CAUSES, 4), some(&AREAS[..6], 4));
    let kind = some(&["occupational", "volunteer"], 3);
    let words = some(WORDS, 3).map(|first| match some(WORDS, 2) {
        Some(second) => format!("{first} {second}"),
        None => first,
    });
    let near = (source.below(2) == 0).then(|| Near {
        lat: 1.0 + source.below(1_000) as f64 / 1e3,
        lon: 124.5 + source.below(1_000) as f64 / 1e3,
        radius_km: source.pick(&[None, Some(3.0), Some(10.0), Some(40.0)]),
        areas: source.some(AREAS, 1),
    });
    let profile = (source.below(2) == 0).then(|| Profile {
        occupations: source.some(OCCUPATIONS, 2),
        areas: source.some(AREAS, 2),
        causes: source.some(CAUSES, 2),
    });
    Query { words, kind, occupation, cause, area, near, open_now: source.below(3) == 0, profile, ..all() }
}

#[test]
fn hits_order_and_facets_are_those_of_a_scan() {
    let mut source = Source::new(20_261_124);
    let mut documents: Vec<Document> = (0..700).map(|number| document(&mut source, number)).collect();
    let index = index(documents.clone());
    // Some change and some go, so that there are deleted ones in every segment.
    let mut number = documents.len();
    for _ in 0..4 {
        let mut changes = Vec::new();
        for _ in 0..40 {
            number += 1;
            let at = source.below(documents.len());
            if source.below(2) == 0 {
                changes.push(Change::Remove(documents.remove(at).id));
            } else {
                let newer = Document { id: documents[at].id.clone(), ..document(&mut source, number) };
                documents[at] = newer.clone();
                changes.push(newer.into());
            }
        }
        index.apply(changes, 2).expect("put");
    }
    let mut with_hits = 0;
    for round in 0..600 {
        let query = query(&mut source);
        let found = index.search(&query).expect("found");
        let matched: Vec<&Document> = documents.iter().filter(|document| matches(&query, document)).collect();
        if matched.is_empty() && query.words.as_ref().is_some_and(|words| words.contains(' ')) {
            continue; // Loosened: has tests of its own.
        }
        let right_kind = |d: &&&Document| query.kind.as_ref().is_none_or(|kind| *kind == d.kind);
        let right_time = |d: &&&Document| !query.open_now || d.taking;
        let of_any_kind: Vec<&Document> = matched.iter().filter(right_time).copied().collect();
        let of_any_time: Vec<&Document> = matched.iter().filter(right_kind).copied().collect();
        let answer: Vec<&Document> = of_any_kind.iter().filter(right_kind).copied().collect();
        let context = format!("round {round}: {query:?}");
        assert_eq!(found.total, answer.len() as u64, "{context}");
        with_hits += usize::from(!answer.is_empty());

        let facets = &found.facets;
        assert_eq!(facets.kinds, counts(&of_any_kind, |d| [d.kind.clone()].into()), "{context}");
        assert_eq!(facets.causes, counts(&answer, |d| d.causes.iter().cloned().collect()), "{context}");
        let province = |d: &Document| d.areas.iter().map(|area| area[..2].to_owned()).collect();
        assert_eq!(facets.provinces, counts(&answer, province), "{context}");
        let next = |d: &Document| {
            let Some(above) = &query.area else { return BTreeSet::new() };
            let level = above.matches('.').count() + 2;
            // Below districts nothing is counted.
            if level > 3 {
                return BTreeSet::new();
            }
            let line = |area: &String| area.split('.').take(level).collect::<Vec<_>>().join(".");
            let own = d.areas.iter().filter(|area| area.split('.').count() >= level).map(line);
            own.filter(|area| area.starts_with(&format!("{above}."))).collect()
        };
        assert_eq!(facets.areas, counts(&answer, next), "{context}");
        let open = of_any_time.iter().filter(|d| d.taking).count() as u64;
        assert_eq!((facets.open, facets.closed), (open, of_any_time.len() as u64 - open), "{context}");
        let deep = query.occupation.as_ref().map_or(0, |code| code.len() + 1);
        let occupations = |d: &Document| -> BTreeSet<String> {
            let codes = d.occupations.iter().filter(|code| code.len() <= 4 && code.parse::<u16>().is_ok());
            let prefixes = codes.flat_map(|code| (1..=code.len()).map(|len| code[..len].to_owned()));
            let above = query.occupation.clone().unwrap_or_default();
            prefixes
                .filter(|code| code.len() <= 2 || (code.len() == deep && code.starts_with(&above)))
                .collect()
        };
        // By each of them as many are found as it says: also those for all of something above it.
        let codes: BTreeSet<String> = answer.iter().flat_map(|d| occupations(d)).collect();
        let taking = |code: String| {
            let groups = answer.iter().filter(|d| has_occupation(d, &code)).count() as u64;
            Count { key: code, groups }
        };
        let mut expected: Vec<Count> = codes.into_iter().map(taking).collect();
        expected.sort_by_key(|count| std::cmp::Reverse(count.groups));
        assert_eq!(facets.occupations, expected, "{context}");

        if query.words.is_none() {
            let mut profile = query.profile.clone().unwrap_or_default();
            if let Some(near) = &query.near {
                profile.areas.clone_from(&near.areas);
            }
            let score = |d: &Document| {
                let facts = Facts {
                    occupations: d.occupations.clone(),
                    areas: d.areas.clone(),
                    causes: d.causes.clone(),
                    distance_km: query.near.as_ref().and_then(|near| distance(d, near)),
                    taking: d.taking,
                };
                fit(&profile, &facts).0
            };
            let mut order = answer.clone();
            let rounded = |d: &Document| (score(d) * 1e6).round() as i64;
            order.sort_by_key(|d| std::cmp::Reverse((rounded(d), d.members, d.made_at)));
            let expected: Vec<&str> = order.iter().take(50).map(|d| d.id.as_str()).collect();
            assert_eq!(crate::ids(&found), expected, "{context}");
            for (hit, document) in found.hits.iter().zip(order) {
                assert!((hit.score - score(document)).abs() < 1e-6, "{context}: {hit:?}");
                assert!((hit.score - hit.fit.sum).abs() < 1e-6, "{context}: {hit:?}");
            }
        }
    }
    assert!(with_hits > 200, "the queries find too little to be a test: {with_hits}");
}

#[test]
fn pages_repeat_nothing_and_leave_nothing_out() {
    let mut source = Source::new(5);
    let documents: Vec<Document> = (0..500).map(|number| document(&mut source, number % 3)).collect();
    let documents = documents.into_iter().enumerate().map(|(at, d)| Document { id: format!("g{at}"), ..d });
    let index = index(documents);
    for query in [all(), crate::words("banjir"), Query { open_now: true, ..all() }] {
        let total = index.search(&query).expect("found").total as usize;
        let mut seen = Vec::new();
        while let Some(offset) = (seen.len() < total + 50).then_some(seen.len()) {
            let page = index.search(&Query { offset, limit: 7, ..query.clone() }).expect("found");
            if page.hits.is_empty() {
                break;
            }
            assert_eq!(page.total as usize, total);
            seen.extend(page.hits);
        }
        assert_eq!(seen.len(), total);
        assert!(seen.windows(2).all(|two| two[0].score >= two[1].score));
        let once: BTreeSet<&str> = seen.iter().map(|hit| hit.id.as_str()).collect();
        assert_eq!(once.len(), total);
    }
}
