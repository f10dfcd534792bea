//! Reading and writing: `mapalus-roster/1` (JSON) and the text of the shift scheduling benchmark, told apart by content.
//!
//! Sources: the page of the format `mapalus-roster/1`; Curtois and Qu, "Computational results on new staff scheduling
//! benchmark instances" (2014), and the instances of schedulingbenchmarks.org/nrp.

mod benchmark;
mod volunteer;
mod volunteer_solution;

use crate::model::{Defect, Problem, Roster};
use std::fmt;

/// Which of the two a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `mapalus-roster/1`, JSON.
    Volunteer,
    /// The text of the shift scheduling benchmark.
    Benchmark,
}

/// A text that could not be read: where, and what was expected there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Malformed {
    /// Name of the file, as it was given.
    pub file: String,
    /// Line, or path inside the document.
    pub place: String,
    /// What was expected.
    pub expected: String,
}

impl fmt::Display for Malformed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}: expected {}", self.file, self.place, self.expected)
    }
}

impl std::error::Error for Malformed {}

impl Malformed {
    fn new(file: &str, place: impl Into<String>, expected: impl Into<String>) -> Self {
        Self { file: file.into(), place: place.into(), expected: expected.into() }
    }

    fn from_json(file: &str, error: &serde_json::Error) -> Self {
        let place = format!("line {}, column {}", error.line(), error.column());
        let text = error.to_string();
        let said = text.rfind(" at line ").map_or(text.as_str(), |at| &text[..at]);
        Self::new(file, place, format!("a document as the format says; {said}"))
    }

    fn from_defect(file: &str, defect: Defect) -> Self {
        Self::new(file, defect.place, defect.expected)
    }
}

/// Which format a text is in: JSON begins with a brace.
pub fn format_of(text: &str) -> Format {
    match text.trim_start_matches('\u{feff}').trim_start().starts_with('{') {
        true => Format::Volunteer,
        false => Format::Benchmark,
    }
}

/// Reads an instance. `file` is the name in errors, and the name of a benchmark instance, which carries none.
///
/// # Errors
/// File, place, and what was expected there.
pub fn read_problem(file: &str, text: &str) -> Result<(Problem, Format), Malformed> {
    let text = text.trim_start_matches('\u{feff}');
    let format = format_of(text);
    let parts = match format {
        Format::Volunteer => volunteer::read(file, text)?,
        Format::Benchmark => benchmark::read(file, text)?,
    };
    let problem = Problem::new(parts).map_err(|defect| Malformed::from_defect(file, defect))?;
    Ok((problem, format))
}

/// What a solution file holds.
#[derive(Clone, Debug, Default)]
pub struct Solution {
    /// The roster.
    pub roster: Roster,
    /// The lower bound that it claims.
    pub bound: Option<i64>,
}

/// Reads a solution of the problem.
///
/// # Errors
/// File, place, and what was expected there; a solution of another instance is refused.
pub fn read_solution(problem: &Problem, file: &str, text: &str) -> Result<Solution, Malformed> {
    let text = text.trim_start_matches('\u{feff}');
    match format_of(text) {
        Format::Volunteer => volunteer_solution::read(problem, file, text),
        Format::Benchmark => benchmark::read_solution(problem, file, text),
    }
}

/// Writes a solution; `bound` and `seconds` where they are known.
pub fn write_solution(
    problem: &Problem,
    format: Format,
    roster: &Roster,
    bound: Option<i64>,
    seconds: f64,
) -> String {
    match format {
        Format::Volunteer => volunteer_solution::write(problem, roster, bound, seconds),
        Format::Benchmark => benchmark::write_solution(problem, roster),
    }
}
