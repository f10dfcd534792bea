//! Texts of one language on a page of the other: the fixed parts around the values of each message.

use mapalus_app::{TEXTS, shell::Lang};
use std::collections::BTreeSet;

/// A part that is so long is looked for anywhere in a page; a shorter one has to be a whole text of it.
const LONG: usize = 12;

/// The texts of a language that another does not have.
pub(super) struct Foreign {
    lang: Lang,
    long: Vec<String>,
    short: BTreeSet<String>,
}

/// What of a message file is read out or shown: the fixed parts of each message, one for each case of a choice.
fn parts(file: &str) -> BTreeSet<String> {
    let mut parts = BTreeSet::new();
    for line in file.lines().filter(|line| !line.starts_with('#')) {
        // A message begins with its key, a case of a choice with its word in brackets; other lines go on.
        let begins = line.starts_with(|c: char| c.is_ascii_alphabetic());
        let text = match line.split_once('=') {
            Some((_, text)) if begins => text,
            _ => line,
        };
        let case = text.trim_start().trim_start_matches('*');
        let text =
            case.strip_prefix('[').and_then(|case| case.split_once(']')).map_or(text, |(_, text)| text);
        // What stands in braces is a value, or the head of a choice.
        for piece in text.split(['{', '}']).enumerate().filter(|(n, _)| n % 2 == usize::from(closes(text))) {
            let piece = piece.1.trim_matches(|c: char| c.is_whitespace() || ".,:;()\"".contains(c));
            if piece.chars().filter(|c| c.is_alphabetic()).count() > 2 {
                parts.insert(piece.to_owned());
            }
        }
    }
    parts
}

/// Whether a line begins within braces: it closes what another opened.
fn closes(text: &str) -> bool {
    match (text.find('{'), text.find('}')) {
        (Some(open), Some(close)) => close < open,
        (None, Some(_)) => true,
        _ => false,
    }
}

impl Foreign {
    /// What has no place on a page of this language.
    pub(super) fn to(lang: Lang) -> Self {
        let of = |lang: Lang| -> BTreeSet<String> {
            TEXTS.iter().flat_map(|text| parts(if lang == Lang::Id { text.id } else { text.en })).collect()
        };
        let own = of(lang);
        // A part that is within one of the own texts tells nothing.
        let mut foreign = of(lang.other());
        foreign.retain(|part| !own.iter().any(|own| own.contains(part.as_str())));
        let (long, short): (Vec<_>, Vec<_>) = foreign.into_iter().partition(|part| part.len() >= LONG);
        assert!(long.len() > 500 && short.len() > 50, "the texts were read: {} {}", long.len(), short.len());
        Self { lang, long, short: short.into_iter().collect() }
    }

    /// The first of them that a page holds, if any. What people wrote is marked with its own language, and passed over.
    pub(super) fn found_in(&self, html: &str) -> Option<String> {
        let texts = texts(html, self.lang);
        let long = self.long.iter().find(|part| texts.iter().any(|text| text.contains(part.as_str())));
        let trimmed = |text: &String| text.trim_matches(|c: char| !c.is_alphanumeric()).to_owned();
        let short = || texts.iter().map(trimmed).find(|text| self.short.contains(text));
        long.cloned().or_else(short)
    }
}

/// The texts of a page that are in its language, and the attributes that are read out.
fn texts(html: &str, lang: Lang) -> Vec<String> {
    let mut found = Vec::new();
    // The elements that are open, each with whether it is in the language of the page.
    let mut open: Vec<(String, bool)> = Vec::new();
    let mut pieces = html.split('<');
    found.extend(pieces.next().map(unescaped));
    for piece in pieces {
        let Some((tag, text)) = piece.split_once('>') else { continue };
        let name: String = tag.trim_start_matches('/').chars().take_while(|c| c.is_alphanumeric()).collect();
        let here = open.last().is_none_or(|(_, here)| *here);
        if tag.starts_with('/') {
            if let Some(at) = open.iter().rposition(|(open, _)| *open == name) {
                open.truncate(at);
            }
        } else if !name.is_empty() {
            let own = attribute(tag, "lang").map_or(here, |own| own == lang.code());
            // The title of a sample is the test's.
            if own && attribute(tag, "property") != Some("og:title") {
                let said = ["aria-label", "alt", "title", "placeholder", "content"];
                found.extend(said.into_iter().filter_map(|name| attribute(tag, name)).map(unescaped));
            }
            let void = ["meta", "link", "input", "img", "br", "hr", "use", "wbr", "source", "path", "rect"];
            if !tag.ends_with('/') && !void.contains(&name.as_str()) {
                open.push((name, own));
            }
        }
        let (script, here) = open.last().map_or((false, true), |(name, here)| {
            (["script", "style", "textarea", "title"].contains(&name.as_str()), *here)
        });
        if here && !script {
            found.push(unescaped(text));
        }
    }
    found.retain(|text| !text.trim().is_empty());
    found
}

fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    tag.split_once(&format!(" {name}=\"")).and_then(|(_, rest)| rest.split('"').next())
}

fn unescaped(text: &str) -> String {
    let mut text = text.to_owned();
    for (sign, is) in [("&#39;", "'"), ("&#34;", "\""), ("&quot;", "\""), ("&lt;", "<"), ("&gt;", ">")] {
        text = text.replace(sign, is);
    }
    text.replace("&#38;", "&").replace("&amp;", "&")
}

#[test]
fn the_fixed_parts_of_messages_are_read() {
    let file = "# A note\na-b = Sent by { $name } on { $day }.\na-c = { $count ->\n    [one] one application waits\n   *[other] { $count } applications wait\n} for a decision\na-d =\n    The first line\n    and another.\n";
    let read: Vec<String> = parts(file).into_iter().collect();
    let expected = [
        "Sent by",
        "The first line",
        "and another",
        "applications wait",
        "for a decision",
        "one application waits",
    ];
    assert_eq!(read, expected);
}

#[test]
fn what_people_wrote_is_passed_over_and_the_rest_of_the_page_is_not() {
    let html = "<html lang=\"en\"><p>Own <b lang=\"id\">Milik <i>orang</i></b> again</p><img alt=\"A&amp;B\"></html>";
    assert_eq!(texts(html, Lang::En), ["Own ", " again", "A&B"]);
}
