//! Solutions of `mapalus-roster/1`.

use super::{Malformed, Solution, volunteer::AssignmentText};
use crate::model::{Assignment, Problem, Roster};
use serde::Deserialize;
use serde_json::json;
use std::collections::HashMap;

#[derive(Deserialize)]
struct Document {
    #[serde(default)]
    format: Option<String>,
    instance: String,
    assignments: Vec<AssignmentText>,
    #[serde(default)]
    bound: Option<i64>,
}

pub(super) fn read(problem: &Problem, file: &str, text: &str) -> Result<Solution, Malformed> {
    let doc: Document = serde_json::from_str(text).map_err(|error| Malformed::from_json(file, &error))?;
    if doc.format.as_deref().is_some_and(|format| format != "mapalus-roster-solution/1") {
        return Err(Malformed::new(file, "format", "\"mapalus-roster-solution/1\""));
    }
    if doc.instance != problem.name {
        let expected = format!("a solution of {:?}, not of {:?}", problem.name, doc.instance);
        return Err(Malformed::new(file, "instance", expected));
    }
    fn numbers<'a>(ids: impl Iterator<Item = &'a String>) -> HashMap<&'a str, u32> {
        ids.map(String::as_str).zip(0..).collect()
    }
    let people = numbers(problem.people.iter().map(|x| &x.id));
    let shifts = numbers(problem.shifts.iter().map(|x| &x.id));
    let roles = numbers(problem.roles.iter().map(|x| &x.id));
    let mut roster = Roster::default();
    for a in &doc.assignments {
        let found = (people.get(&*a.person), shifts.get(&*a.shift), roles.get(&*a.role));
        match found {
            (Some(&person), Some(&shift), Some(&role)) if problem.seat(shift, role).is_some() => {
                roster.assignments.push(Assignment { person, shift, role });
            }
            _ => roster.strange.push(format!("{} in {} of {}", a.person, a.role, a.shift)),
        }
    }
    roster.assignments.sort_unstable();
    Ok(Solution { roster, bound: doc.bound })
}

pub(super) fn write(problem: &Problem, roster: &Roster, bound: Option<i64>, seconds: f64) -> String {
    let assignments: Vec<_> = roster
        .assignments
        .iter()
        .map(|a| {
            json!({
                "person": problem.people[a.person as usize].id,
                "shift": problem.shifts[a.shift as usize].id,
                "role": problem.roles[a.role as usize].id,
            })
        })
        .collect();
    let mut doc = json!({
        "format": "mapalus-roster-solution/1",
        "instance": problem.name,
        "assignments": assignments,
        "seconds": (seconds * 10.0).round() / 10.0,
    });
    if let Some(bound) = bound {
        doc["bound"] = json!(bound);
    }
    format!("{doc}\n")
}
