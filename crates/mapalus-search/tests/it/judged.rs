//! Thirty pairs of groups, judged by hand: of each, the first fits the person better. They go through an index as
//! documents, the better one last, so that what becomes of them there is judged too.

use mapalus_search::{Document, Index, Near, Profile, Query};

use crate::{all, ids, index, named};

/// Occupations, causes, areas (with spaces between), kilometres, whether it takes applications.
type Group = (&'static str, &'static str, &'static str, Option<f64>, bool);

/// Where the person stands from whom kilometres are counted.
const HERE: (f64, f64) = (1.0, 124.0);
/// Kilometres of a degree north.
const DEGREE_KM: f64 = 111.195;

fn list(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

/// A group of which nothing else is known.
fn document(id: &str, (occupations, causes, areas, km, taking): Group) -> Document {
    Document {
        occupations: list(occupations),
        causes: list(causes),
        areas: list(areas),
        point: km.map(|km| (HERE.0 + km / DEGREE_KM, HERE.1)),
        taking,
        ..named(id, "Kelompok")
    }
}

/// What comes first of the two, and its score before that of the other.
fn first(index: &Index, query: &Query) -> (String, Vec<f64>) {
    let found = index.search(query).expect("found");
    (ids(&found)[0].to_owned(), found.hits.iter().map(|hit| hit.score).collect())
}

/// Judges pairs for one person, who looks from where the kilometres are counted.
fn judged(who: &str, (occupations, causes, areas): (&str, &str, &str), pairs: &[(Group, Group)]) {
    let profile = Profile { occupations: list(occupations), causes: list(causes), areas: list(areas) };
    let near = Near { lat: HERE.0, lon: HERE.1, radius_km: None, areas: list(areas) };
    let query = Query { profile: Some(profile), near: Some(near), ..all() };
    for (better, worse) in pairs {
        let index = index([document("worse", *worse), document("better", *better)]);
        let (best, scores) = first(&index, &query);
        let told = format!("{who}: {better:?} fits better than {worse:?}: {scores:?}");
        assert!(best == "better" && scores[0] > scores[1], "{told}");
    }
}

#[test]
fn a_nurse_in_manado_who_helps_at_floods() {
    judged(
        "nurse",
        ("2221", "flood", "71.71.03"),
        &[
            // Nurses before doctors, doctors before teachers.
            (("2221", "", "71.71", None, true), ("2212", "", "71.71", None, true)),
            (("2212", "", "71.71", None, true), ("2341", "", "71.71", None, true)),
            // Nurses and midwives together before doctors.
            (("222", "", "71.71", None, true), ("2211", "", "71.71", None, true)),
            // One's own district before the town, the town before the province, that before elsewhere.
            (("2221", "", "71.71.03", None, true), ("2221", "", "71.71.05", None, true)),
            (("2221", "", "71.71", None, true), ("2221", "", "71.73", None, true)),
            (("2221", "", "71.02", None, true), ("2221", "", "31.71", None, true)),
            // The own profession far away before a foreign one at the door.
            (("2221", "", "31.71", None, true), ("7231", "", "71.71", None, true)),
            // Flood relief here before waste here.
            (("", "flood", "71.71", None, true), ("", "waste", "71.71", None, true)),
            // Flood relief here before flood relief elsewhere.
            (("", "flood", "71.71", None, true), ("", "flood", "73.71", None, true)),
            // One that takes applications before one that does not.
            (("2221", "", "71.71", None, true), ("2221", "", "71.71", None, false)),
            // A closed group of nurses here before an open one of drivers here.
            (("2221", "", "71.71", None, false), ("8322", "", "71.71", None, true)),
            // Both profession and cause before the profession alone.
            (("2221", "flood", "71.71", None, true), ("2221", "", "71.71", None, true)),
        ],
    );
}

#[test]
fn a_teacher_in_yogyakarta_without_groups() {
    judged(
        "teacher",
        ("2341", "", "34.71.01"),
        &[
            (("2341", "", "34.71", None, true), ("2330", "", "34.71", None, true)),
            (("2330", "", "34.71", None, true), ("2611", "", "34.71", None, true)),
            // The near one of two alike.
            (("2341", "", "", Some(2.0), true), ("2341", "", "", Some(20.0), true)),
            (("2341", "", "", Some(20.0), true), ("2341", "", "", Some(200.0), true)),
            // Primary school teachers 100 km away before lawyers 5 km away.
            (("2341", "", "", Some(100.0), true), ("2611", "", "", Some(5.0), true)),
            // Teachers of all schools in the town before university teachers of the province.
            (("23", "", "34.71", None, true), ("2310", "", "34.04", None, true)),
            // Several occupations: the nearest counts, the others take nothing away.
            (("2341 2611", "", "34.71", None, true), ("2330", "", "34.71", None, true)),
            // A closed group of the own profession before an open one of another.
            (("2341", "", "34.71", None, false), ("2611", "", "34.71", None, true)),
            // A group that serves the district before one a kilometre nearer that does not.
            (("", "", "34.71.01", Some(3.0), true), ("", "", "34.02", Some(2.0), true)),
            // With no word of a profession, what is open here before what is closed here.
            (("", "children", "34.71", None, true), ("", "children", "34.71", None, false)),
        ],
    );
}

#[test]
fn a_student_without_a_profession_who_cares_for_waste_and_rivers() {
    judged(
        "student",
        ("", "waste rivers", "32.73.10"),
        &[
            (("", "waste", "32.73", None, true), ("", "orphans", "32.73", None, true)),
            (("", "rivers", "32.73", None, true), ("2221", "", "32.73", None, true)),
            // The next district before the next town, the next town before another island.
            (("", "waste", "32.73.11", None, true), ("", "waste", "32.77", None, true)),
            (("", "waste", "32.77", None, true), ("", "waste", "64.72", None, true)),
            // What one cares for in the next town before what one does not, in one's own.
            (("", "waste", "32.77", Some(12.0), true), ("", "elderly", "32.73", Some(6.0), true)),
            // Nearer, of the same.
            (("", "waste", "", Some(1.0), true), ("", "waste", "", Some(4.0), true)),
            // A group at the door that takes nobody behind one in town that does.
            (("", "waste", "32.73", Some(6.0), true), ("", "waste", "32.73", Some(4.0), false)),
            // Nothing in common but being open, before nothing at all.
            (("", "", "", None, true), ("", "", "", None, false)),
        ],
    );
}

#[test]
fn words_count_beside_the_fit_and_ties_go_to_the_larger_then_the_younger() {
    let nurse = Profile { occupations: list("2221"), areas: list("71.71.03"), causes: Vec::new() };
    let words = |words: &str| Query { words: Some(words.to_owned()), profile: Some(nurse.clone()), ..all() };
    let nurses = |id: &str, name: &str| Document {
        occupations: list("2221"),
        areas: list("71.71"),
        taking: true,
        ..named(id, name)
    };
    let about = |id: &str, about: &str| Document { about: about.to_owned(), ..nurses(id, "Sejawat Teluk") };
    let judge = |better: Document, worse: Document, query: &Query| {
        let told = format!("{better:?} before {worse:?}");
        let index = index([
            Document { id: "worse".to_owned(), ..worse },
            Document { id: "better".to_owned(), ..better },
        ]);
        assert_eq!(first(&index, query).0, "better", "{told}");
    };
    // A word in the name before one in the text.
    judge(nurses("a", "Perawat Luka"), about("b", "Kami belajar tentang luka."), &words("luka"));
    // Of two that have the word alike, the one that fits the person.
    let doctors = Document { occupations: list("2212"), ..nurses("b", "Belajar Luka") };
    judge(nurses("a", "Belajar Luka"), doctors, &words("luka"));
    // As it was typed before its stem.
    judge(nurses("a", "Perawat Mengajar"), nurses("b", "Perawat Pengajar"), &words("mengajar"));
    // Equal in all: more members, then the younger.
    let of = |members, made_at| Document { members, made_at, ..nurses("a", "Perawat Manado") };
    judge(of(20, 1), of(10, 2), &words("perawat"));
    judge(of(10, 2), of(10, 1), &words("perawat"));
    let everybody = Query { profile: Some(nurse.clone()), ..all() };
    judge(of(20, 1), of(10, 2), &everybody);
    judge(of(10, 2), of(10, 1), &everybody);
}
