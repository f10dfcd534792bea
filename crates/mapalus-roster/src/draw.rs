//! A roster as a picture: a line for each person, the shifts along it, and the seats that are empty below.

use crate::{
    explain::vacancies,
    model::{DAY, Problem, Roster},
};
use std::fmt::Write;

const LEFT: i64 = 120;
const LINE: i64 = 16;
const DAY_WIDTH: i64 = 96;

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// The roster as SVG. Colours say the kind of shift or the role; empty seats are outlined in red at the bottom.
pub fn draw(problem: &Problem, roster: &Roster) -> String {
    let empty = vacancies(problem, roster);
    let lines = problem.people.len() as i64 + empty.len() as i64 + 2;
    let x = |minute: i64| LEFT + minute * DAY_WIDTH / DAY;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" font-family=\"sans-serif\" font-size=\"10\">\n",
        x((problem.days() + 1) * DAY),
        lines * LINE
    );
    for day in 0..problem.days() {
        let fill = if problem.weekday(day) >= 5 { "#eee" } else { "#fff" };
        let _ = writeln!(
            out,
            "<rect x=\"{}\" y=\"0\" width=\"{DAY_WIDTH}\" height=\"{}\" fill=\"{fill}\"/><text x=\"{}\" y=\"12\">{day}</text>",
            x(day * DAY),
            lines * LINE,
            x(day * DAY) + 2
        );
    }
    let mut bar = |line: i64, label: &str, shift: u32, role: u32, is_empty: bool| {
        let at = &problem.shifts[shift as usize];
        let hue = (u64::from(at.kind.unwrap_or(role)) * 137) % 360;
        let style = match is_empty {
            true => "fill=\"none\" stroke=\"#c00\"".to_owned(),
            false => format!("fill=\"hsl({hue},60%,70%)\" stroke=\"#555\""),
        };
        let y = (line + 1) * LINE;
        let _ = writeln!(
            out,
            "<text x=\"2\" y=\"{}\">{}</text><rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" {style}><title>{}</title></rect>",
            y + 12,
            escaped(label),
            x(at.start),
            y + 2,
            (x(at.end) - x(at.start)).max(2),
            LINE - 4,
            escaped(&format!("{} {}", at.id, problem.roles[role as usize].id))
        );
    };
    for a in &roster.assignments {
        bar(i64::from(a.person), &problem.people[a.person as usize].id, a.shift, a.role, false);
    }
    for (line, &(shift, role, missing)) in (problem.people.len() as i64..).zip(&empty) {
        let label =
            format!("{} {} -{missing}", problem.shifts[shift as usize].id, problem.roles[role as usize].id);
        bar(line, &label, shift, role, true);
    }
    out.push_str("</svg>\n");
    out
}
