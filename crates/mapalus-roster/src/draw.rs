//! A roster as a picture: time lines of each place with a bar for each seat, filled or empty, and of each person with
//! what they work and when they are free.

use crate::{
    explain::vacancies,
    model::{DAY, Problem, Roster, Shift},
};
use std::fmt::Write;

/// Width of the labels, height of a line and width of a day, in pixels.
const LEFT: i64 = 120;
const LINE: i64 = 16;
const DAY_WIDTH: i64 = 120;

const STYLE: &str = "text{font:10px sans-serif;fill:#222}.place,.head{font-weight:bold}.day{fill:none;stroke:#ddd}\
.weekend{fill:#f1f1f1}.line{stroke:#eee}.free{fill:#dff0df}.work{stroke:#555}.empty{fill:#fff;stroke:#c00;\
stroke-dasharray:3 2}.missing{fill:#c00}.inside{font-size:8px}";

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

/// Bars for the people that one seat lacks; beyond it the picture tells nothing more.
const MOST_EMPTY: u32 = 200;

/// Draws line after line.
struct Picture<'a> {
    problem: &'a Problem,
    out: String,
    line: i64,
}

/// The roster as SVG. Colours say the kind of shift or, where there is none, the role; empty seats are dashed in red.
pub fn draw(problem: &Problem, roster: &Roster) -> String {
    let mut picture = Picture { problem, out: String::new(), line: 2 };
    let empty = vacancies(problem, roster);
    for place in 0..problem.places.len() as u32 {
        picture.place(place, roster, &empty);
    }
    picture.line += 1;
    for person in 0..problem.people.len() as u32 {
        picture.person(person, roster);
    }
    picture.finish()
}

impl Picture<'_> {
    fn x(minute: i64) -> i64 {
        LEFT + minute * DAY_WIDTH / DAY
    }

    fn text(&mut self, class: &str, x: i64, text: &str, wide: i64) {
        // About five pixels a letter inside a bar, six beside it; what does not fit is cut.
        let letter = if class.starts_with("inside") { 5 } else { 6 };
        let fits = (wide / letter).max(1) as usize;
        let cut: String = text.chars().take(fits).collect();
        let _ = writeln!(
            self.out,
            "<text class=\"{class}\" x=\"{x}\" y=\"{}\">{}</text>",
            self.line * LINE + 12,
            escaped(&cut)
        );
    }

    fn rule(&mut self) {
        let (y, end) = (self.line * LINE, Self::x(self.problem.days() * DAY));
        let _ = writeln!(self.out, "<path class=\"line\" d=\"M0 {y}H{end}\"></path>");
    }

    /// A bar over the time of a shift; `who` is written in it, the whole in its title.
    fn bar(&mut self, shift: &Shift, role: u32, who: &str, is_empty: bool) {
        let (x, y) = (Self::x(shift.start), self.line * LINE + 2);
        let wide = (Self::x(shift.end) - x).max(3);
        let hue = (u64::from(shift.kind.unwrap_or(role)) * 137 + 200) % 360;
        let style = match is_empty {
            true => "class=\"empty\"".to_owned(),
            false => format!("class=\"work\" fill=\"hsl({hue},60%,75%)\""),
        };
        let title = format!("{}: {} {who}", shift.id, self.problem.roles[role as usize].id);
        let _ = writeln!(
            self.out,
            "<rect {style} x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{}\" rx=\"2\"><title>{}</title></rect>",
            LINE - 4,
            escaped(title.trim_end())
        );
        if wide >= 12 && !who.is_empty() {
            let class = if is_empty { "inside missing" } else { "inside" };
            self.text(class, x + 2, who, wide);
        }
    }

    /// The seats of the shifts at a place, in as many lines as they need beside one another.
    fn place(&mut self, place: u32, roster: &Roster, empty: &[(u32, u32, u32)]) {
        let problem = self.problem;
        let mut seats: Vec<(i64, u32, u32, Option<u32>)> = Vec::new();
        for a in &roster.assignments {
            let shift = &problem.shifts[a.shift as usize];
            if shift.place == place {
                seats.push((shift.start, a.shift, a.role, Some(a.person)));
            }
        }
        for &(shift, role, missing) in empty {
            let at = &problem.shifts[shift as usize];
            if at.place == place {
                seats.extend((0..missing.min(MOST_EMPTY)).map(|_| (at.start, shift, role, None)));
            }
        }
        // Empty seats before filled ones: they are what one looks for.
        seats.sort_unstable_by_key(|&(start, shift, role, person)| (start, shift, role, person));
        let mut lanes: Vec<i64> = vec![i64::MIN];
        let first = self.line;
        self.rule();
        self.text("place", 2, &problem.places[place as usize].id, LEFT - 8);
        for (start, shift, role, person) in seats {
            let at = &problem.shifts[shift as usize];
            let free = lanes.iter().position(|&end| end <= start);
            let lane = free.unwrap_or_else(|| {
                lanes.push(i64::MIN);
                lanes.len() - 1
            });
            lanes[lane] = at.end;
            self.line = first + lane as i64;
            match person {
                Some(person) => self.bar(at, role, &problem.people[person as usize].id, false),
                None => self.bar(at, role, &problem.roles[role as usize].id, true),
            }
        }
        self.line = first + lanes.len() as i64;
    }

    fn person(&mut self, person: u32, roster: &Roster) {
        let (problem, end) = (self.problem, self.problem.days() * DAY);
        let who = &problem.people[person as usize];
        self.rule();
        for window in &who.free {
            let (from, to) = (Self::x(window.from.clamp(0, end)), Self::x(window.to.clamp(0, end)));
            let _ = writeln!(
                self.out,
                "<rect class=\"free\" x=\"{from}\" y=\"{}\" width=\"{}\" height=\"{}\"></rect>",
                self.line * LINE + 1,
                to - from,
                LINE - 2
            );
        }
        self.text("person", 2, &who.id, LEFT - 8);
        for a in roster.of(person) {
            let shift = &problem.shifts[a.shift as usize];
            let what = match shift.kind {
                Some(kind) => &problem.kinds[kind as usize].id,
                None => &problem.roles[a.role as usize].id,
            };
            self.bar(shift, a.role, what, false);
        }
        self.line += 1;
    }

    /// Puts the days behind it all.
    fn finish(self) -> String {
        // What lasts longer than the roster is drawn too.
        let last = self.problem.shifts.iter().map(|shift| shift.end).max().unwrap_or(0);
        let wide = Self::x(last.max(self.problem.days() * DAY)) + 8;
        let high = (self.line + 1) * LINE;
        let mut out = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide}\" height=\"{high}\" viewBox=\"0 0 {wide} {high}\">\n\
             <style>{STYLE}</style>\n\
             <rect fill=\"#fff\" width=\"{wide}\" height=\"{high}\"></rect>\n<text class=\"head\" x=\"2\" y=\"12\">{}</text>\n",
            escaped(&self.problem.name)
        );
        for day in 0..self.problem.days() {
            let class = if self.problem.weekday(day) >= 5 { "day weekend" } else { "day" };
            let _ = writeln!(
                out,
                "<rect class=\"{class}\" x=\"{}\" y=\"16\" width=\"{DAY_WIDTH}\" height=\"{}\"></rect>\
                 <text class=\"date\" x=\"{}\" y=\"28\">{}</text>",
                Self::x(day * DAY),
                high - 16,
                Self::x(day * DAY) + 3,
                day + 1
            );
        }
        out.push_str(&self.out);
        out.push_str("</svg>\n");
        out
    }
}
