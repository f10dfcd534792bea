//! Our checker beside the two foreign ones, on a thousand random rosters of each format.

use crate::{
    properties::for_all,
    random::{self, Dice},
};
use mapalus_roster::{
    checker::{Rule, check},
    formats::{read_problem, read_solution},
};
use serde_json::{Value, json};
use std::{
    cell::RefCell,
    collections::BTreeSet,
    io::{BufRead, BufReader, Write},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, ChildStdout, Command, Stdio},
};

/// Rosters of each format.
const ROSTERS: u32 = 1000;

/// The foreign checkers, in a Python that has been started once.
pub(crate) struct Judges {
    child: Child,
    to: Option<ChildStdin>,
    from: BufReader<ChildStdout>,
}

pub(crate) fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judges")
}

impl Judges {
    pub(crate) fn start() -> Self {
        let mut python = Command::new("python3");
        python.arg(folder().join("driver.py")).env("PYTHONDONTWRITEBYTECODE", "1");
        let mut child = python
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("the foreign checkers are Python: please install python3");
        let (to, from) = (child.stdin.take(), child.stdout.take().unwrap());
        Self { child, to, from: BufReader::new(from) }
    }

    pub(crate) fn ask(&mut self, instance: &str, solution: &str) -> Value {
        let line = json!({"instance": instance, "solution": solution});
        writeln!(self.to.as_mut().unwrap(), "{line}").unwrap();
        let mut answer = String::new();
        self.from.read_line(&mut answer).unwrap();
        serde_json::from_str(&answer).unwrap_or_else(|_| panic!("the driver ended, after {line}"))
    }
}

impl Drop for Judges {
    fn drop(&mut self) {
        drop(self.to.take());
        let _ = self.child.wait();
    }
}

/// The rule of which a foreign checker speaks.
fn rule_of(said: &str) -> Rule {
    let words = [
        ("no such person", Rule::Unknown),
        ("lacks a qualification", Rule::Qualification),
        ("is not free", Rule::Free),
        ("times in", Rule::Twice),
        ("at most", Rule::Full),
        (" share ", Rule::Apart),
        ("has fewer than", Rule::Guard),
        ("too close", Rule::Close),
        ("max_minutes_per_day", Rule::MaxMinutesPerDay),
        ("max_minutes", Rule::MaxMinutes),
        ("max_days_in_row", Rule::MaxDaysInRow),
        ("fixed assignment missing", Rule::Fixed),
        ("staff", Rule::Unknown),
        ("length", Rule::Unknown),
        ("unknown", Rule::Unknown),
        ("dayoff", Rule::Free),
        ("rotation", Rule::NeverNext),
        ("maxtype", Rule::MaxOfKind),
        ("maxminutes", Rule::MaxMinutes),
        ("minminutes", Rule::MinMinutes),
        ("maxcons", Rule::MaxDaysInRow),
        ("mincons", Rule::MinDaysInRow),
        ("minoff", Rule::MinDaysOffInRow),
        ("weekend", Rule::MaxWeekends),
    ];
    let known = words.iter().find(|(word, _)| said.contains(word));
    known.unwrap_or_else(|| panic!("a foreign checker says something new: {said}")).1
}

/// Asks both about one roster. Gives the rules that are broken.
fn agree(judges: &mut Judges, instance: &str, solution: &str) -> BTreeSet<Rule> {
    let (problem, _) = read_problem("instance", instance).unwrap_or_else(|e| panic!("{e}\n{instance}"));
    let roster = read_solution(&problem, "solution", solution).unwrap().roster;
    let verdict = check(&problem, &roster);
    let ours: BTreeSet<Rule> = verdict.broken.iter().map(|broken| broken.rule).collect();
    let said = judges.ask(instance, solution);
    let broken = said["broken"].as_array().unwrap_or_else(|| panic!("{said}\n{instance}"));
    let theirs: BTreeSet<Rule> = broken.iter().map(|text| rule_of(text.as_str().unwrap())).collect();
    let context = || format!("theirs {said}, ours {verdict:?}\n{instance}\n{solution}");
    if theirs.contains(&Rule::Unknown) {
        // What is not there counts in part in the foreign sums, and not at all in ours; both refuse the roster.
        assert!(ours.contains(&Rule::Unknown), "{}", context());
        return ours;
    }
    assert_eq!(ours, theirs, "{}", context());
    assert_eq!(json!(verdict.cost), said["cost"], "{}", context());
    let term = |name: &str| said["terms"][name].as_i64().unwrap_or(0);
    let terms = &verdict.terms;
    if instance.starts_with('{') {
        for (name, cost) in
            terms.named().into_iter().filter(|(name, _)| !["change", "unavoidable"].contains(name))
        {
            assert_eq!(cost, term(name), "{name}, {}", context());
        }
        assert_eq!(terms.change + terms.unavoidable, term("change"), "{}", context());
    } else {
        assert_eq!(terms.unfilled_want, term("under"), "{}", context());
        assert_eq!(terms.overfilled, term("over"), "{}", context());
        assert_eq!(terms.wishes + terms.unavoidable, term("on") + term("off"), "{}", context());
    }
    ours
}

/// Every rule must have been broken and enough rosters must have been legal, or the test has gone blind.
fn settle(seen: &[BTreeSet<Rule>], rules: &[Rule]) {
    for rule in rules {
        let count = seen.iter().filter(|broken| broken.contains(rule)).count();
        let alone = seen.iter().filter(|broken| broken.len() == 1 && broken.contains(rule)).count();
        assert!(count >= 10 && alone >= 1, "{rule} was broken {count} times, {alone} times alone");
    }
    let legal = seen.iter().filter(|broken| broken.is_empty()).count();
    assert!(legal * 4 >= seen.len(), "only {legal} rosters were legal");
    assert!(legal * 4 <= seen.len() * 3, "{legal} rosters were legal");
}

/// Asks both about a thousand rosters. Gives the rules that each breaks.
fn agreed(example: fn(&mut Dice) -> (String, String)) -> Vec<BTreeSet<Rule>> {
    let (judges, seen) = (RefCell::new(Judges::start()), RefCell::new(Vec::new()));
    for_all(ROSTERS, |mut dice| {
        let (instance, solution) = example(&mut dice);
        let broken = agree(&mut judges.borrow_mut(), &instance, &solution);
        seen.borrow_mut().push(broken);
    });
    seen.into_inner()
}

#[test]
fn our_checker_agrees_with_the_volunteer_one_on_a_thousand_rosters() {
    let seen = agreed(random::volunteer);
    use Rule::*;
    settle(
        &seen,
        &[
            Unknown,
            Qualification,
            Free,
            Full,
            Apart,
            Guard,
            Close,
            MaxMinutes,
            MaxMinutesPerDay,
            MaxDaysInRow,
            Fixed,
        ],
    );
    assert!(seen.iter().filter(|broken| broken.contains(&Twice)).count() >= 10);
}

#[test]
fn our_checker_agrees_with_the_benchmark_one_on_a_thousand_rosters() {
    let seen = agreed(random::benchmark);
    use Rule::*;
    settle(
        &seen,
        &[
            Unknown,
            Free,
            NeverNext,
            MaxOfKind,
            MaxMinutes,
            MinMinutes,
            MaxDaysInRow,
            MinDaysInRow,
            MinDaysOffInRow,
            MaxWeekends,
        ],
    );
}

#[test]
fn the_foreign_checkers_are_those_of_the_design() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let shared = std::env::var_os("MAPALUS_SHARED").map_or_else(|| root.join("../shared"), PathBuf::from);
    for name in ["check.py", "nrp_check.py"] {
        let own = std::fs::read_to_string(folder().join(name)).unwrap();
        let beside = shared.join("roster").join(name);
        match std::fs::read_to_string(&beside) {
            Ok(text) => assert!(own == text, "tests/judges/{name} is not {}: copy it", beside.display()),
            Err(error) => eprintln!(
                "NOT COMPARED: {}: {error}. The copy in tests/judges is used; MAPALUS_SHARED names the folder.",
                beside.display()
            ),
        }
    }
}
