//! Appointments as calendar programs read them (iCalendar, RFC 5545; invitations, RFC 5546): pure text.

use mapalus_core::Millis;
use serde::{Deserialize, Serialize};

/// What becomes of an appointment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Method {
    /// It stands, newly or changed.
    Request,
    /// It does not take place.
    Cancel,
    /// It is kept by whoever loads it; nobody is invited.
    Publish,
}

impl Method {
    /// Its name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
            Self::Publish => "PUBLISH",
        }
    }
}

/// Somebody of an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Their name.
    pub name: String,
    /// Their mail address.
    pub mail: String,
}

/// An appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Appointment {
    /// Its name among all appointments of an instance, the same for each of its versions.
    pub uid: String,
    /// Counts its changes.
    pub sequence: i64,
    /// Whether it stands.
    pub method: Method,
    /// When this version was made.
    pub stamp: Millis,
    /// When it begins.
    pub starts_at: Millis,
    /// When it ends.
    pub ends_at: Millis,
    /// What it is.
    pub summary: String,
    /// More of it; may be empty.
    pub description: String,
    /// Where it is; may be empty.
    pub location: String,
    /// Where its page is.
    pub url: String,
    /// To whom it is sent.
    pub attendee: Party,
}

/// An instant in UTC, which every program shows in the zone of its own clock.
fn instant(at: Millis) -> String {
    let at = chrono::DateTime::from_timestamp_millis(at.0).unwrap_or_default();
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

/// A text as the value of a property: nothing in it ends the line or begins another.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.replace("\r\n", "\n").chars() {
        match c {
            '\\' | ';' | ',' => out.extend(['\\', c]),
            '\n' | '\r' | '\u{2028}' | '\u{2029}' => out.push_str("\\n"),
            c if c.is_control() => {}
            c => out.push(c),
        }
    }
    out
}

/// A text as a quoted parameter (RFC 6868): it holds neither quotes nor ends of lines.
fn quoted(text: &str) -> String {
    let plain: String = text.chars().filter(|c| !c.is_control()).collect();
    format!("\"{}\"", plain.replace('^', "^^").replace('"', "^'"))
}

/// An address as the value of a property. What no address holds is left out.
fn address(mail: &str) -> String {
    let plain = |c: &char| !c.is_control() && !c.is_whitespace() && !matches!(c, '<' | '>' | '"' | ',' | ';');
    format!("mailto:{}", mail.chars().filter(plain).collect::<String>())
}

/// A line, folded so that none is longer than 75 bytes and no character is cut.
fn fold(line: &str, out: &mut String) {
    let mut length = 0;
    for c in line.chars() {
        if length + c.len_utf8() > 75 {
            out.push_str("\r\n ");
            length = 1;
        }
        out.push(c);
        length += c.len_utf8();
    }
    out.push_str("\r\n");
}

/// The appointment as the text of a `text/calendar` part. `host` makes its name one of the whole world; in whose name it
/// is sent stands in no database.
pub fn text(of: &Appointment, host: &str, organizer: &Party) -> String {
    let status = match of.method {
        Method::Request | Method::Publish => "CONFIRMED",
        Method::Cancel => "CANCELLED",
    };
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//Mapalus//Mapalus//ID".to_owned(),
        format!("METHOD:{}", of.method.name()),
        "BEGIN:VEVENT".to_owned(),
        format!("UID:{}", escaped(&format!("{}@{host}", of.uid))),
        format!("SEQUENCE:{}", of.sequence),
        format!("DTSTAMP:{}", instant(of.stamp)),
        format!("DTSTART:{}", instant(of.starts_at)),
        format!("DTEND:{}", instant(of.ends_at)),
        format!("SUMMARY:{}", escaped(&of.summary)),
    ];
    for (name, value) in [("DESCRIPTION", &of.description), ("LOCATION", &of.location)] {
        if !value.is_empty() {
            lines.push(format!("{name}:{}", escaped(value)));
        }
    }
    lines.push(format!("URL:{}", escaped(&of.url)));
    lines.push(format!("ORGANIZER;CN={}:{}", quoted(&organizer.name), address(&organizer.mail)));
    let attendee = "ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;RSVP=FALSE";
    if of.method != Method::Publish {
        lines.push(format!("{attendee};CN={}:{}", quoted(&of.attendee.name), address(&of.attendee.mail)));
    }
    lines.push(format!("STATUS:{status}"));
    lines.push("END:VEVENT".to_owned());
    lines.push("END:VCALENDAR".to_owned());
    let mut out = String::new();
    lines.iter().for_each(|line| fold(line, &mut out));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn appointment() -> Appointment {
        Appointment {
            uid: "0190".to_owned(),
            sequence: 3,
            method: Method::Request,
            stamp: Millis(1_790_000_000_000),
            starts_at: Millis(1_790_600_400_000),
            ends_at: Millis(1_790_602_200_000),
            summary: "Wawancara: Relawan Siaga".to_owned(),
            description: String::new(),
            location: "Posko, Jl. Sam Ratulangi 1; lantai 2".to_owned(),
            url: "https://mapalus.example/applications/x".to_owned(),
            attendee: Party { name: "Rio \"R\" Mandagi".to_owned(), mail: "rio@example.org".to_owned() },
        }
    }

    fn sent(of: &Appointment) -> String {
        let organizer = Party { name: "Mapalus".to_owned(), mail: "mapalus@example.org".to_owned() };
        text(of, "mapalus.example", &organizer)
    }

    /// The lines as a program reads them: unfolded.
    fn unfolded(text: &str) -> Vec<String> {
        text.replace("\r\n ", "").split("\r\n").map(str::to_owned).filter(|line| !line.is_empty()).collect()
    }

    #[test]
    fn an_invitation_has_its_name_its_version_and_its_instants_in_utc() {
        let lines = unfolded(&sent(&appointment()));
        for line in [
            "METHOD:REQUEST",
            "UID:0190@mapalus.example",
            "SEQUENCE:3",
            "DTSTART:20260928T130000Z",
            "STATUS:CONFIRMED",
            "LOCATION:Posko\\, Jl. Sam Ratulangi 1\\; lantai 2",
            "ORGANIZER;CN=\"Mapalus\":mailto:mapalus@example.org",
        ] {
            assert!(lines.iter().any(|found| found == line), "{line} in {lines:#?}");
        }
        assert!(lines.iter().any(|line| line.ends_with("CN=\"Rio ^'R^' Mandagi\":mailto:rio@example.org")));
        let cancelled = sent(&Appointment { method: Method::Cancel, sequence: 4, ..appointment() });
        let kept = sent(&Appointment { method: Method::Publish, ..appointment() });
        assert!(kept.contains("METHOD:PUBLISH\r\n") && !kept.contains("ATTENDEE"));
        assert!(cancelled.contains("METHOD:CANCEL\r\n") && cancelled.contains("STATUS:CANCELLED\r\n"));
    }

    #[test]
    fn what_people_write_begins_no_line_of_its_own() {
        let evil = "x\r\nATTENDEE:mailto:evil@example.org\nBEGIN:VALARM\u{2028}\rEND:VEVENT\u{0}";
        let of = Appointment {
            summary: evil.to_owned(),
            location: evil.to_owned(),
            description: evil.to_owned(),
            uid: evil.to_owned(),
            url: evil.to_owned(),
            attendee: Party { name: evil.to_owned(), mail: evil.to_owned() },
            ..appointment()
        };
        let text = text(&of, evil, &of.attendee);
        let lines = unfolded(&text);
        let starts = |start: &str| lines.iter().filter(|line| line.starts_with(start)).count();
        assert_eq!((starts("ATTENDEE"), starts("BEGIN:"), starts("END:")), (1, 2, 2), "{lines:#?}");
        assert!(!text.replace("\r\n", "").contains(['\r', '\n', '\0']), "{text:?}");
    }

    #[test]
    fn no_line_is_longer_than_75_bytes_and_no_character_is_cut() {
        let long = "Ü€𝄞 wawancara ".repeat(40);
        let text = sent(&Appointment { summary: long.clone(), ..appointment() });
        assert!(text.split("\r\n").all(|line| line.len() <= 75), "{text}");
        assert!(unfolded(&text).contains(&format!("SUMMARY:{long}").trim_end_matches('\n').to_owned()));
    }
}
