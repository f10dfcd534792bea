//! What is no instance and no solution: refused with file, place and what was expected; never a panic.

use crate::{
    judges::Judges,
    random::{self, Dice},
};
use mapalus_roster::{
    checker::check,
    formats::{format_of, read_problem, read_solution},
};
use serde_json::{Value, json};
use std::path::Path;

/// Texts that have been changed at random; each reader must read or refuse them.
const TEXTS: u64 = 4000;

/// Changes some bytes, or leaves out, repeats or swaps a piece.
pub(crate) fn mutated(dice: &mut Dice, text: &str) -> String {
    let mut bytes = text.as_bytes().to_vec();
    for _ in 0..dice.number(1, 4) {
        if bytes.is_empty() {
            break;
        }
        let at = dice.index(bytes.len()) as usize;
        let end = (at + dice.number(1, 12) as usize).min(bytes.len());
        match dice.number(0, 6) {
            0 => bytes[at] = dice.number(0, 255) as u8,
            1 => bytes[at] = dice.pick(b"0123456789-,:|{}[]\"\n#="),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].to_vec();
                bytes.splice(at..at, piece);
            }
            4 => {
                let number = dice.pick(&[
                    "-1",
                    "0",
                    "4294967296",
                    "9223372036854775807",
                    "99999999999999999999",
                    "1e9",
                ]);
                bytes.splice(at..end, number.bytes());
            }
            5 => bytes.truncate(at),
            _ => {
                let other = dice.index(bytes.len()) as usize;
                bytes.swap(at, other);
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn texts_changed_at_random_are_read_or_refused_with_their_place() {
    let (mut read, mut refused) = (0, 0);
    for seed in 0..TEXTS {
        let (instance, solution) = if seed % 2 == 0 {
            random::volunteer(&mut Dice::new(seed % 100))
        } else {
            random::benchmark(&mut Dice::new(seed % 100))
        };
        let mut dice = Dice::new(seed ^ 0xBAD);
        let (bad_instance, bad_solution) = (mutated(&mut dice, &instance), mutated(&mut dice, &solution));
        let mut look = |error: mapalus_roster::formats::Malformed, file: &str| {
            assert_eq!(error.file, file);
            assert!(!error.place.is_empty() && !error.expected.is_empty(), "seed {seed}: {error:?}");
            refused += 1;
        };
        match read_problem("instance", &bad_instance) {
            Err(error) => look(error, "instance"),
            Ok((problem, _)) => {
                read += 1;
                if let Ok(solution) = read_solution(&problem, "solution", &solution) {
                    check(&problem, &solution.roster);
                }
            }
        }
        let (problem, _) = read_problem("instance", &instance).unwrap();
        match read_solution(&problem, "solution", &bad_solution) {
            Err(error) => look(error, "solution"),
            Ok(solution) => {
                read += 1;
                check(&problem, &solution.roster);
            }
        }
    }
    assert!(read > 500 && refused > 500, "{read} were read, {refused} refused");
}

/// An instance that is fine, and what is done to it; the place and the words of the error.
const WRONG: &[(&str, &str, &str, &str)] = &[
    ("/format", r#""mapalus-roster/2""#, "format", "mapalus-roster/1"),
    ("/start", r#""tomorrow""#, "start", "RFC 3339"),
    ("/travel/0", "[0]", "travel", "a row and a column for each place"),
    ("/places/1/id", r#""post""#, "places[1].id", "an id that no other has"),
    ("/people/1/id", r#""Ani""#, "people[1].id", "an id that no other has"),
    ("/shifts/0/start", "-30", "shifts[0]", "0 <= start < end"),
    ("/shifts/0/end", "540", "shifts[0]", "0 <= start < end"),
    ("/shifts/0/start", "1440", "shifts[0]", ""),
    ("/shifts/0/place", r#""nowhere""#, "shifts[0].place", "a known id, not \"nowhere\""),
    ("/shifts/0/slots/0/role", r#""cook""#, "shifts[0].slots[0].role", "a known id, not \"cook\""),
    ("/shifts/0/slots/1/role", r#""medic""#, "shifts[0].slots[1].role", "does not have yet"),
    ("/shifts/0/slots/0/want", "9", "shifts[0].slots[0]", "min <= want <= max"),
    ("/shifts/0/slots/0/weight", "0", "shifts[0].slots[0].weight", "at least 1"),
    ("/people/0/free", "[[60, 60]]", "people[0].free[0]", "from < to"),
    ("/people/0/free", "[[0, 60], [60, 90]]", "people[0].free[1]", "not touching"),
    ("/people/0/wishes", r#"[{"cost": 1}]"#, "people[0].wishes[0]", "exactly one of shift, role, place"),
    (
        "/people/0/wishes",
        r#"[{"cost": 1, "role": "medic", "place": "post"}]"#,
        "people[0].wishes[0]",
        "exactly one",
    ),
    ("/costs/overload", "[]", "costs.overload", "at least one tier"),
    ("/costs/overload", "[[4, 2], [4, 6]]", "costs.overload", "the last"),
    ("/costs/overload", "[[4, 6], [null, 2]]", "costs.overload", "rates never fall"),
    ("/costs/underload", "-1", "costs", "no cost below 0"),
    ("/apart", r#"[["Ani", "Ani"]]"#, "apart[0]", "two different people"),
    ("/together", r#"[["Ani", "Eve"]]"#, "together[0]", "a known id, not \"Eve\""),
    ("/fixed", r#"[{"person": "Ani", "shift": "s", "role": "driver"}]"#, "fixed[0]", "a role of that shift"),
];

fn fine() -> Value {
    let person = |id: &str| {
        json!({"id": id, "has": [], "newcomer": false, "free": [[0, 1440]], "max_minutes": 600,
            "max_minutes_per_day": 600, "max_days_in_row": 3, "min_rest": 600, "fair_minutes": 300,
            "min_minutes": 0, "wishes": []})
    };
    let slot = |role: &str| json!({"role": role, "min": 1, "want": 1, "max": 2, "weight": 1});
    json!({"format": "mapalus-roster/1", "name": "fine", "start": "2026-12-04T00:00:00+07:00", "horizon": 1440,
        "roles": [{"id": "medic", "needs": []}, {"id": "helper", "needs": []}, {"id": "driver", "needs": []}],
        "places": [{"id": "post"}, {"id": "school"}], "travel": [[0, 9], [9, 0]],
        "shifts": [{"id": "s", "start": 540, "end": 600, "place": "post", "slots": [slot("medic"), slot("helper")]}],
        "people": [person("Ani"), person("Budi")], "apart": [], "together": [], "fixed": [], "previous": [],
        "costs": {"unfilled_min": 1000, "unfilled_want": 100, "newcomer_alone": 0, "overload": [[4, 2], [null, 6]],
            "underload": 0, "together": 0, "change": 0}})
}

#[test]
fn an_instance_that_breaks_the_format_is_refused_by_both_with_the_place_of_the_fault() {
    let mut judges = Judges::start();
    let solution = r#"{"instance": "fine", "assignments": []}"#;
    let whole = fine().to_string();
    assert!(read_problem("f.json", &whole).is_ok());
    assert!(judges.ask(&whole, solution)["bad_input"].is_null());
    for (pointer, value, place, expected) in WRONG {
        let mut wrong = fine();
        *wrong.pointer_mut(pointer).unwrap() = serde_json::from_str(value).unwrap();
        let text = wrong.to_string();
        let error = read_problem("f.json", &text).expect_err(pointer);
        assert_eq!((&*error.file, &*error.place), ("f.json", *place), "{pointer} = {value}: {error}");
        assert!(error.expected.contains(expected), "{pointer} = {value}: {error}");
        // The foreign one looks at neither the version nor the time of minute 0.
        if !["/format", "/start"].contains(pointer) {
            assert!(judges.ask(&text, solution)["bad_input"].is_array(), "{pointer} = {value}");
        }
    }
    // A field that is missing, of another type or no JSON at all has a line and a column.
    for (text, said) in [
        (whole.replace("\"horizon\":1440,", ""), "missing field `horizon`"),
        (whole.replace("\"horizon\":1440", "\"horizon\":\"long\""), "invalid type: string \"long\""),
        (whole.replace("\"max\":2", "\"max\":-2"), "invalid value: integer `-2`"),
        (whole[..whole.len() - 3].to_owned(), "EOF"),
    ] {
        let error = read_problem("f.json", &text).expect_err(said);
        assert!(error.place.starts_with("line 1, column ") && error.expected.contains(said), "{error}");
    }
}

#[test]
fn a_solution_of_another_instance_is_refused_and_what_it_makes_up_is_named() {
    let (problem, _) = read_problem("f.json", &fine().to_string()).unwrap();
    let read = |text: &str| read_solution(&problem, "s.json", text);
    let other = read(r#"{"instance": "other", "assignments": []}"#).unwrap_err();
    assert_eq!((&*other.place, &*other.expected), ("instance", "a solution of \"fine\", not of \"other\""));
    let version =
        read(r#"{"format": "mapalus-roster/1", "instance": "fine", "assignments": []}"#).unwrap_err();
    assert_eq!(version.place, "format");
    let strange =
        r#"{"instance": "fine", "assignments": [{"person": "Ani", "shift": "s", "role": "driver"}]}"#;
    let roster = read(strange).unwrap().roster;
    assert_eq!(roster.strange, ["Ani in driver of s"]);
    assert_eq!(check(&problem, &roster).broken.len(), 1);
}

#[test]
fn a_benchmark_text_is_refused_with_its_line() {
    let good = "SECTION_HORIZON\n7\nSECTION_SHIFTS\nE,480,\nSECTION_STAFF\nA,E=7,4000,0,5,1,1,1\n\
        SECTION_DAYS_OFF\nA,0\nSECTION_SHIFT_ON_REQUESTS\nA,1,E,2\nSECTION_SHIFT_OFF_REQUESTS\nA,2,E,3\n\
        SECTION_COVER\n0,E,1,100,1\n";
    assert!(read_problem("f.txt", good).is_ok());
    for (from, to, place, expected) in [
        ("SECTION_HORIZON\n7", "7", "line 1", "SECTION_"),
        ("SECTION_COVER", "SECTION_CROWD", "SECTION_COVER", "this section"),
        ("\n7\n", "\n0\n", "line 2", "1 to 3660 days"),
        ("\n7\n", "\nseven\n", "line 2", "a whole number of at least 0, not \"seven\""),
        ("E,480,", "E,0,", "line 4", "a length of at least 1 minute"),
        ("E,480,", "-,480,", "line 4", "a shift id other than -"),
        ("E,480,", "E,480,N", "line 4", "a known shift id, not \"N\""),
        ("E,480,\n", "E,480,\nE,60,\n", "line 5", "a shift id that no other has"),
        ("A,E=7", "A,N=7", "line 6", "not \"N=7\""),
        ("A,E=7,4000,0,5,1,1,1", "A,E=7,4000,0,5,1,1", "line 6", "eight fields"),
        ("5,1,1,1\n", "5,1,1,1\nA,E=7,1,1,1,1,1,1\n", "line 7", "an employee id that no other has"),
        ("\nA,0\n", "\nB,0\n", "line 8", "a known employee, not \"B\""),
        ("\nA,0\n", "\nA,7\n", "line 8", "a day from 0 to 6"),
        ("A,1,E,2", "A,1,E,-2", "line 10", "the weight"),
        ("A,2,E,3", "A,2,N,3", "line 12", "a known shift"),
        ("0,E,1,100,1", "0,E,1,100,1\n0,E,2,100,1", "line 15", "one requirement"),
        ("0,E,1,100,1", "0,E,1", "line 14", "weight for under"),
    ] {
        let text = good.replacen(from, to, 1);
        assert_ne!(text, good);
        let error = read_problem("f.txt", &text).expect_err(to);
        assert_eq!((&*error.file, &*error.place), ("f.txt", place), "{to:?}: {error}");
        assert!(error.expected.contains(expected), "{to:?}: {error}");
    }
    let (problem, _) = read_problem("f.txt", good).unwrap();
    let twice = read_solution(&problem, "f.sol", "A - - - - - - -\nA - - - - - - -\n").unwrap_err();
    assert_eq!((&*twice.place, &*twice.expected), ("line 2", "each employee once, not \"A\" again"));
}

#[test]
fn the_formats_are_told_apart_by_content() {
    use mapalus_roster::formats::Format::{Benchmark, Volunteer};
    assert_eq!(format_of("\u{feff}\n  {\"format\""), Volunteer);
    assert_eq!(format_of("\u{feff}SECTION_HORIZON"), Benchmark);
    assert_eq!(format_of(""), Benchmark);
    let empty = read_problem("empty.txt", "").unwrap_err();
    assert_eq!(empty.to_string(), "empty.txt: SECTION_HORIZON: expected this section in the file");
}

#[test]
fn the_public_instances_are_read_where_they_lie_beside_the_checkout() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("MAPALUS_SHARED").map_or_else(|| root.join("../shared"), Into::into);
    let folder = shared.join("roster/nrp");
    let Ok(entries) = std::fs::read_dir(&folder) else {
        eprintln!("NOT READ: there is no {}; MAPALUS_SHARED names the folder.", folder.display());
        return;
    };
    let mut count = 0;
    for entry in entries.flatten().filter(|entry| entry.path().extension().is_some_and(|end| end == "txt")) {
        let file = entry.path().display().to_string();
        let text = std::fs::read_to_string(entry.path()).unwrap();
        read_problem(&file, &text).unwrap_or_else(|error| panic!("{error}"));
        count += 1;
    }
    assert_eq!(count, 16, "instances in {}", folder.display());
}
