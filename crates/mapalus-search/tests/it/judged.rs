//! Thirty pairs of groups, judged by hand: of each, the first fits the person better.

use mapalus_search::{Facts, Profile, fit};

/// Occupations, causes, areas (with spaces between), kilometres, whether it takes applications.
type Group = (&'static str, &'static str, &'static str, Option<f64>, bool);

fn list(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

fn sum(profile: &Profile, (occupations, causes, areas, distance_km, taking): Group) -> f64 {
    let (occupations, causes, areas) = (list(occupations), list(causes), list(areas));
    fit(profile, &Facts { occupations, causes, areas, distance_km, taking }).0
}

/// Judges pairs for one person.
fn judged(who: &str, (occupations, causes, areas): (&str, &str, &str), pairs: &[(Group, Group)]) {
    let profile = Profile { occupations: list(occupations), causes: list(causes), areas: list(areas) };
    for (better, worse) in pairs {
        let (more, less) = (sum(&profile, *better), sum(&profile, *worse));
        assert!(more > less, "{who}: {better:?} ({more:.2}) fits better than {worse:?} ({less:.2})");
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
