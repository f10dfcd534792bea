//! The program as it is called: words, status, the last line.

use crate::random::{self, Dice};
use serde_json::Value;
use std::{
    path::PathBuf,
    process::{Command, Output},
};

/// A folder of its own for one test.
fn folder(name: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&path).unwrap();
    path
}

fn run(words: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_mapalus-roster")).args(words).output().unwrap()
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

fn last_line(output: &Output) -> Value {
    let said = text(&output.stdout);
    let line = said.lines().last().unwrap_or_else(|| panic!("nothing was said: {}", text(&output.stderr)));
    serde_json::from_str(line).unwrap_or_else(|_| panic!("the last line is no JSON: {line}"))
}

/// Writes an instance of each format and gives its path and that of its solution.
fn files(name: &str) -> Vec<(String, String)> {
    let folder = folder(name);
    [("a.json", random::volunteer(&mut Dice::new(4)).0), ("b.txt", random::benchmark(&mut Dice::new(4)).0)]
        .into_iter()
        .map(|(file, text)| {
            let path = folder.join(file);
            std::fs::write(&path, text).unwrap();
            (path.display().to_string(), folder.join(format!("{file}.solution")).display().to_string())
        })
        .collect()
}

#[test]
fn a_roster_is_solved_checked_explained_and_drawn() {
    for (instance, solution) in files("whole") {
        let solved =
            run(&["solve", &instance, "--seconds", "0.3", "--threads=1", "--seed", "2", "--out", &solution]);
        let line = last_line(&solved);
        for key in ["cost", "bound", "seconds", "hard", "optimal", "instance"] {
            assert!(line.get(key).is_some(), "{key} is missing in {line}");
        }
        let hard = line["hard"].as_u64().unwrap();
        assert_eq!(solved.status.code(), Some(i32::from(hard > 0)), "{line}");
        let checked = run(&["check", &instance, &solution]);
        let verdict = last_line(&checked);
        assert_eq!(checked.status.code(), solved.status.code(), "{verdict}");
        assert_eq!((&verdict["cost"], &verdict["broken"]), (&line["cost"], &line["hard"]), "{instance}");
        let terms: i64 = verdict["terms"].as_object().unwrap().values().filter_map(Value::as_i64).sum();
        assert_eq!(verdict["cost"], terms);
        let explained = run(&["explain", &instance, &solution]);
        assert_eq!(explained.status.code(), Some(0), "{}", text(&explained.stderr));
        let lines: Vec<Value> =
            text(&explained.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert!(lines.last().unwrap().get("fairness").is_some());
        let assignments = lines.iter().filter(|line| line.get("assignment").is_some()).count();
        assert_eq!(verdict["assignments"], assignments);
        let picture = format!("{solution}.svg");
        assert_eq!(run(&["draw", &instance, &solution, "--out", &picture]).status.code(), Some(0));
        assert!(std::fs::read_to_string(picture).unwrap().starts_with("<svg"));
        let again = run(&["solve", &instance, "--seconds", "0", "--start", &solution]);
        assert!(again.status.code().is_some_and(|code| code < 2), "{}", text(&again.stderr));
    }
}

#[test]
fn a_seat_is_explained_person_by_person() {
    let (instance, solution) = &files("seat")[0];
    run(&["solve", instance, "--seconds", "0.2", "--out", solution]);
    let (problem, _) =
        mapalus_roster::formats::read_problem("a", &random::volunteer(&mut Dice::new(4)).0).unwrap();
    let shift = &problem.shifts[0];
    let seat = format!("{}/{}", shift.id, problem.roles[shift.seats[0].role as usize].id);
    let said = run(&["explain", instance, solution, "--seat", &seat]);
    assert_eq!(said.status.code(), Some(0), "{}", text(&said.stderr));
    let first: Value = serde_json::from_str(text(&said.stdout).lines().next().unwrap()).unwrap();
    assert_eq!(first["people"].as_array().unwrap().len(), problem.people.len());
    let wrong = run(&["explain", instance, solution, "--seat", "here/there"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(text(&wrong.stderr).contains("expected SHIFT/ROLE of the instance, not \"here/there\""));
}

#[test]
fn bad_input_has_status_2_and_one_line_that_says_where() {
    let path = folder("bad").join("bad.json");
    std::fs::write(&path, "{\"format\": 1}").unwrap();
    let bad = path.display().to_string();
    let latin = folder("bad").join("latin.txt");
    std::fs::write(&latin, b"SECTION_\xe4").unwrap();
    let latin = latin.display().to_string();
    for (words, said) in [
        (vec!["solve", &bad], "bad.json: line 1, column "),
        (vec!["solve", &latin], "latin.txt: byte 8: expected text in UTF-8"),
        (vec!["solve", "not-there.json"], "not-there.json: "),
        (vec!["solve"], "solve: expected INSTANCE, not 0 files"),
        (vec!["check", &bad], "check: expected INSTANCE SOLUTION, not 1 files"),
        (vec!["solve", &bad, "--seconds"], "--seconds: expected a value"),
        (vec!["solve", &bad, "--seconds", "soon"], "--seconds: expected a number, not \"soon\""),
        (vec!["solve", &bad, "--threads", "0"], "--threads of at least 1"),
        (vec!["solve", &bad, "--seconds", "NaN"], "--seconds of at least 0"),
        (vec!["check", &bad, &bad, "--seed", "1"], "--seed: expected one of"),
        (vec!["draw", &bad, &bad], "draw: expected --out FILE.svg"),
        (vec!["guess"], "expected solve, check, explain or draw, not \"guess\""),
        (vec![], "expected solve, check, explain or draw"),
    ] {
        let output = run(&words);
        let (out, err) = (text(&output.stdout), text(&output.stderr));
        assert_eq!(output.status.code(), Some(2), "{words:?}: {out}{err}");
        assert!(err.contains(said) && err.trim_end().lines().count() == 1, "{words:?}: {err}");
        assert!(out.is_empty(), "{words:?}: {out}");
    }
}

#[test]
fn help_is_given_where_it_is_asked_for() {
    for words in [vec!["--help"], vec!["help"], vec!["-h"], vec!["solve", "--help"], vec!["check", "x", "-h"]]
    {
        let output = run(&words);
        assert_eq!(output.status.code(), Some(0), "{words:?}");
        assert!(text(&output.stdout).contains("solve INSTANCE [--seconds 60]"), "{words:?}");
    }
}
