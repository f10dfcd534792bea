//! Small pure functions on text and time: folding, slugs, dates as people write them.

use super::locale::{self, Lang};
use chrono::{DateTime, Locale};
use chrono_tz::Tz;
use mapalus_core::{Argument, Millis};

/// A text folded for matching and sorting: lower case, one space between words, common accents off.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        if c.is_alphanumeric() {
            if gap && !out.is_empty() {
                out.push(' ');
            }
            gap = false;
            out.push(plain(c));
        } else if c != '\'' && c != '\u{2019}' {
            gap = true;
        }
    }
    out
}

fn plain(c: char) -> char {
    match c {
        'à' | 'á' | 'â' | 'ä' | 'ã' | 'å' => 'a',
        'ç' => 'c',
        'è' | 'é' | 'ê' | 'ë' => 'e',
        'ì' | 'í' | 'î' | 'ï' => 'i',
        'ñ' => 'n',
        'ò' | 'ó' | 'ô' | 'ö' | 'õ' => 'o',
        'ù' | 'ú' | 'û' | 'ü' => 'u',
        other => other,
    }
}

/// A readable part of an address made of a name: lower-case ASCII words joined by hyphens, at most 60 bytes.
pub fn slug(name: &str) -> String {
    let folded = fold(name);
    let mut out = String::new();
    for word in folded.split(' ').filter(|word| word.is_ascii() && !word.is_empty()) {
        if out.len() + word.len() + 1 > 60 {
            // Of a single long word its beginning.
            if out.is_empty() {
                out.push_str(&word[..59]);
            }
            break;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(word);
    }
    if out.is_empty() { "kelompok".to_owned() } else { out }
}

/// The first letters of a name's first and last word, for a picture's place.
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().filter(|w| w.starts_with(char::is_alphabetic)).collect();
    let first = words.first().and_then(|w| w.chars().next());
    let last = if words.len() > 1 { words.last().and_then(|w| w.chars().next()) } else { None };
    first.into_iter().chain(last).flat_map(char::to_uppercase).collect()
}

fn in_zone(at: Millis, zone: Tz) -> DateTime<Tz> {
    DateTime::from_timestamp_millis(at.0).unwrap_or_default().with_timezone(&zone)
}

fn formatted(at: Millis, zone: Tz, lang: Lang, pattern_key: &str) -> String {
    let pattern = locale::message(lang, pattern_key, &[]);
    let names = match lang {
        Lang::Id => Locale::id_ID,
        Lang::En => Locale::en_GB,
    };
    in_zone(at, zone).format_localized(&pattern, names).to_string()
}

/// A day: "Sab 5 Des 2026".
pub fn day(at: Millis, zone: Tz, lang: Lang) -> String {
    formatted(at, zone, lang, "shell-pattern-day")
}

/// An instant with its zone: "Sab 5 Des 2026, 08.00 WITA".
pub fn instant(at: Millis, zone: Tz, lang: Lang) -> String {
    formatted(at, zone, lang, "shell-pattern-instant")
}

/// What a zone is called at an instant: "WITA".
pub fn zone_name(at: Millis, zone: Tz) -> String {
    in_zone(at, zone).format("%Z").to_string()
}

/// A day and an hour in a zone, as the fields of a form hold them: "2026-12-05" and "08:00".
pub fn day_and_time(at: Millis, zone: Tz) -> (String, String) {
    let at = in_zone(at, zone);
    (at.format("%Y-%m-%d").to_string(), at.format("%H:%M").to_string())
}

/// The calendar year in a zone.
pub fn year(at: Millis, zone: Tz) -> i32 {
    chrono::Datelike::year(&in_zone(at, zone))
}

/// The instant as a machine reads it: RFC 3339 in UTC, to the second.
pub fn machine(at: Millis) -> String {
    DateTime::from_timestamp_millis(at.0)
        .unwrap_or_default()
        .to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
}

/// How long ago, in the largest whole unit: "3 hari lalu".
pub fn ago(at: Millis, now: Millis, lang: Lang) -> String {
    use mapalus_core::time::{DAY, HOUR, MINUTE};
    let past = (now.0 - at.0).max(0);
    let (key, count) = match past {
        _ if past < MINUTE => return locale::message(lang, "shell-ago-now", &[]),
        _ if past < HOUR => ("shell-ago-minutes", past / MINUTE),
        _ if past < DAY => ("shell-ago-hours", past / HOUR),
        _ => ("shell-ago-days", past / DAY),
    };
    locale::message(lang, key, &[("count", Argument::Number(count))])
}

/// Removes what no name or text needs: control characters but line breaks, direction overrides,
/// spaces at the ends; joins `\r\n`. The length is unchanged otherwise.
pub fn clean(text: &str) -> String {
    let text = text.replace("\r\n", "\n");
    let control = |c: char| c.is_control() && c != '\n' && c != '\t';
    let kept: String = text.chars().filter(|c| !is_unseen(*c) && !control(*c)).collect();
    kept.trim().to_owned()
}

/// Whether a character shows nothing and changes how others are shown or compared: overrides and marks of direction,
/// spaces without width, soft hyphens, tags. What joins letters stays: some scripts are written with it.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}' | '\u{200E}' | '\u{200F}' | '\u{202A}'..='\u{202E}'
        | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

/// Where WhatsApp takes words: it asks to whom they go.
pub fn whatsapp(words: &str) -> String {
    let query = serde_html_form::to_string([("text", words)]).unwrap_or_default();
    // A blank is `%20` in what is no form.
    format!("https://wa.me/?{}", query.replace('+', "%20"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fold_alike_whatever_their_case_accents_and_spaces() {
        assert_eq!(fold("  Kota   MANADO "), "kota manado");
        assert_eq!(fold("Ma'ruf José"), "maruf jose");
        assert_eq!(fold("Sp.OG"), "sp og");
    }

    #[test]
    fn a_slug_is_short_and_never_empty() {
        assert_eq!(slug("Relawan Bencana (Minahasa)"), "relawan-bencana-minahasa");
        assert_eq!(slug("医師会"), "kelompok");
        assert_eq!(slug(&"x".repeat(70)), "x".repeat(59));
        assert!(slug(&"panjang ".repeat(40)).len() <= 60);
    }

    #[test]
    fn initials_take_first_and_last_word() {
        assert_eq!(initials("Maria Dewi Rumengan"), "MR");
        assert_eq!(initials("Suharti"), "S");
        assert_eq!(initials("dr. Budi"), "DB");
        assert_eq!(initials("  "), "");
    }

    #[test]
    fn overrides_of_direction_and_control_characters_are_removed() {
        assert_eq!(clean(" a\u{202E}b\u{0}c\r\nd "), "abc\nd");
        assert_eq!(clean("Ma\u{200B}ri\u{200F}a\u{2062}\u{AD}\u{E0041}"), "Maria");
        assert_eq!(clean("می\u{200C}خواهم"), "می\u{200C}خواهم", "what joins letters stays");
    }
}
