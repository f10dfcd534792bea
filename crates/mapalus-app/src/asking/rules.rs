//! What may be asked, said and done: pure decisions.

use super::model::{State, Thread, ThreadInput};
use crate::{
    people::{Mail, PersonName},
    shell::{
        Checks,
        forms::{self, Wrong},
    },
};
use mapalus_core::{
    Millis, Refusal, RefusalKind,
    time::{DAY, HOUR},
};

/// Characters of a question or an answer at most.
pub const MOST_TEXT: usize = 2_000;
/// Characters of a question at least.
const LEAST_QUESTION: usize = 10;
/// Characters of a subject at most: it may become a frequent question.
const MOST_SUBJECT: usize = 120;
/// Questions of one person in a quarter of an hour.
pub const QUESTIONS_OF_PERSON: i64 = 5;
/// Questions from one network address in a quarter of an hour.
pub const QUESTIONS_OF_ADDRESS: i64 = 20;
/// What one who asked may add to a question in a quarter of an hour.
pub const WORDS_OF_QUESTION: i64 = 10;
/// Questions of strangers that may wait in a group at once.
pub const MOST_WAITING: i64 = 100;
/// Ready answers that a group keeps at most.
pub const MOST_REPLIES: i64 = 100;
/// Words of a question at most.
pub const MOST_WORDS: i64 = 200;
/// Days for which the link holds that sends a stranger's question.
const CONFIRM_DAYS: i64 = 7;
/// Days after the last word for which a stranger's question is kept.
const KEPT_DAYS: i64 = 180;
/// Days whose answers tell the usual time.
pub const USUAL_DAYS: i64 = 90;
/// Answers that tell a usual time at least.
const LEAST_ANSWERS: usize = 3;

fn conflict(key: &'static str) -> Refusal {
    Refusal::new(RefusalKind::Conflict, key)
}

/// What a stranger filled in: name, address, question.
///
/// # Errors
/// Every field that does not hold.
pub fn of_stranger(input: &ThreadInput) -> Result<(String, Mail, String), Refusal> {
    let mut checks = Checks::new();
    let text = checks.field("text", forms::bounded(&input.text, LEAST_QUESTION, MOST_TEXT));
    let name = checks.field("name", PersonName::parse(&input.name));
    let mail = checks.field("mail", Mail::parse(&input.mail));
    // The first words of one whom nobody knows lead nowhere.
    if text.as_deref().is_some_and(has_link) {
        checks.wrong("text", Wrong::plain("asking-wrong-link"));
    }
    if name.as_ref().is_some_and(|name| has_link(&name.0)) {
        checks.wrong("name", Wrong::plain("asking-wrong-link"));
    }
    let parts = text.zip(name).zip(mail).map(|((text, name), mail)| (name.0, mail, text));
    checks.done(parts)
}

/// What one who is signed in filled in.
///
/// # Errors
/// If the question does not hold.
pub fn of_person(input: &ThreadInput) -> Result<String, Refusal> {
    let text = forms::bounded(&input.text, LEAST_QUESTION, MOST_TEXT);
    text.map_err(|wrong| wrong.at("text"))
}

/// Something more to say.
///
/// # Errors
/// If it does not hold.
pub fn word(text: &str) -> Result<String, Refusal> {
    forms::bounded(text, 1, MOST_TEXT).map_err(|wrong| wrong.at("text"))
}

/// What the one who asked says next: until the group has answered, a stranger's words lead nowhere.
///
/// # Errors
/// If it does not hold.
pub fn next_word(thread: &Thread, text: &str) -> Result<String, Refusal> {
    let text = word(text)?;
    if thread.by_stranger() && thread.first_answer_at.is_none() && has_link(&text) {
        return Err(Wrong::plain("asking-wrong-link").at("text"));
    }
    Ok(text)
}

/// A ready answer: title and text.
///
/// # Errors
/// Every field that does not hold.
pub fn reply(title: &str, text: &str) -> Result<(String, String), Refusal> {
    let mut checks = Checks::new();
    let title = checks.field("title", forms::line(title, 2, MOST_SUBJECT));
    let text = checks.field("text", forms::bounded(text, 1, MOST_TEXT));
    let parts = title.zip(text);
    checks.done(parts)
}

/// Why something is reported.
///
/// # Errors
/// If it does not hold.
pub fn reason(text: &str) -> Result<String, Refusal> {
    forms::bounded(text, 5, 500).map_err(|wrong| wrong.at("reason"))
}

fn has_link(text: &str) -> bool {
    let text = text.to_lowercase();
    text.contains("://") || text.split_whitespace().any(|word| word.starts_with("www.") || is_domain(word))
}

/// Whether a word is an address that programs make a link of: `contoh.id/x`, `t.me`.
fn is_domain(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_alphanumeric() && c != '/');
    let (host, path) =
        word.split_once(['/', '?', '#', ':']).map_or((word, None), |(host, path)| (host, Some(path)));
    let Some((name, end)) = host.rsplit_once('.') else {
        return false;
    };
    let known =
        ["com", "id", "net", "org", "me", "info", "io", "ly", "xyz", "site", "online", "link", "shop"];
    !name.is_empty() && (known.contains(&end) || (path.is_some() && end.len() >= 2 && end.is_ascii()))
}

/// The first sentence of a question, on one line.
pub fn subject(text: &str) -> String {
    let line = text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or("");
    let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
    let asked = line.find("? ").map_or(line.as_str(), |at| &line[..=at]);
    if asked.chars().count() <= MOST_SUBJECT {
        return asked.to_owned();
    }
    let cut: String = asked.chars().take(MOST_SUBJECT - 1).collect();
    // Not in the middle of a word, if there are words.
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{}…", whole.trim_end_matches([',', ';', ':']))
}

/// Whether what a stranger wrote may be sent to the group by its link.
///
/// # Errors
/// `asking-link-used`, `asking-link-over`, `asking-group-ended`.
pub fn may_confirm(thread: &Thread, now: Millis) -> Result<(), Refusal> {
    if thread.state != State::Unconfirmed {
        return Err(Refusal::new(RefusalKind::Gone, "asking-link-used"));
    }
    if thread.made_at <= unconfirmed_before(now) {
        return Err(Refusal::new(RefusalKind::Gone, "asking-link-over"));
    }
    still_there(thread)
}

/// Whether the group that is asked is still there.
///
/// # Errors
/// `asking-group-ended`.
pub fn still_there(thread: &Thread) -> Result<(), Refusal> {
    if thread.group_ended_at.is_some() {
        return Err(Refusal::new(RefusalKind::Gone, "asking-group-ended"));
    }
    Ok(())
}

/// Whether more may be said in a question of so many words.
///
/// # Errors
/// `asking-full`.
pub fn may_say(words: i64) -> Result<(), Refusal> {
    if words >= MOST_WORDS { Err(conflict("asking-full")) } else { Ok(()) }
}

/// Whether a group takes one more question of a stranger.
///
/// # Errors
/// `asking-queue`, if too many wait.
pub fn may_queue(waiting: i64) -> Result<(), Refusal> {
    if waiting >= MOST_WAITING { Err(Refusal::new(RefusalKind::TooMany, "asking-queue")) } else { Ok(()) }
}

/// Questions of strangers that were written before this and are not confirmed are deleted.
pub fn unconfirmed_before(now: Millis) -> Millis {
    now.plus(-CONFIRM_DAYS * DAY)
}

/// Questions of strangers in which nothing was said since are deleted.
pub fn silent_since(now: Millis) -> Millis {
    now.plus(-KEPT_DAYS * DAY)
}

/// The time in the middle of these, in milliseconds: half of the questions were answered sooner. None of too few.
pub fn usual(mut times: Vec<i64>) -> Option<i64> {
    times.sort_unstable();
    let (count, middle) = (times.len(), times.len() / 2);
    match count {
        ..LEAST_ANSWERS => None,
        _ if count % 2 == 1 => Some(times[middle]),
        _ => Some(i64::midpoint(times[middle - 1], times[middle])),
    }
}

/// A time in words: the message key, and how many hours or days, rounded up.
pub fn in_words(millis: i64) -> (&'static str, i64) {
    let up = |unit: i64| ((millis + unit - 1).div_euclid(unit)).max(1);
    if millis <= 48 * HOUR { ("asking-usual-hours", up(HOUR)) } else { ("asking-usual-days", up(DAY)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn input(text: &str, name: &str, mail: &str) -> ThreadInput {
        ThreadInput { text: text.into(), name: name.into(), mail: mail.into() }
    }

    #[test]
    fn the_first_words_of_a_stranger_hold_no_link() {
        let of = |text: &str| of_stranger(&input(text, "Suharti", "suharti@contoh.id"));
        for text in [
            "Apakah saya boleh ikut? Lihat https://contoh.id",
            "Apakah saya boleh ikut? WWW.contoh",
            "Daftar di murah.com, ya kak",
            "Klik bit.ly/abc sekarang juga",
            "Klik (t.me/x) sekarang juga",
            "Lihat murah.com?x=1 atau tanya saja",
            "Lihat murah.com:8080 atau tanya saja",
        ] {
            let refusal = of(text).unwrap_err();
            assert_eq!(refusal.fields[0].key, "asking-wrong-link", "{text}");
        }
        for text in ["Apakah saya boleh ikut jam 08.00 s.d. 10.00?", "Dokter Sp.OG boleh ikut/bantu juga?"] {
            assert!(of(text).is_ok(), "{text}");
        }
        let named =
            of_stranger(&input("Apakah saya boleh ikut?", "Klik bit.ly/x", "suharti@contoh.id")).unwrap_err();
        assert_eq!((named.fields[0].field.as_str(), named.fields[0].key), ("name", "asking-wrong-link"));
        assert!(of_person(&input("Lihat https://contoh.id, apakah ini kalian?", "", "")).is_ok());
    }

    #[test]
    fn all_that_is_wrong_with_a_strangers_question_is_told_at_once() {
        let refusal = of_stranger(&input("Halo", "", "suharti")).unwrap_err();
        let fields: Vec<_> = refusal.fields.iter().map(|flaw| flaw.field.as_str()).collect();
        assert_eq!(fields, ["text", "name", "mail"]);
    }

    #[test]
    fn a_subject_is_the_first_sentence_and_never_cut_in_a_word() {
        assert_eq!(subject("Bolehkah saya ikut? Saya perawat."), "Bolehkah saya ikut?");
        assert_eq!(subject("\n  Halo   kak\nSaya perawat."), "Halo kak");
        let long = subject(&"panjang ".repeat(40));
        assert!(long.chars().count() <= MOST_SUBJECT && long.ends_with("panjang…"), "{long}");
        assert_eq!(subject(&"x".repeat(300)).chars().count(), MOST_SUBJECT);
    }

    #[test]
    fn the_usual_time_is_the_one_in_the_middle_and_needs_three_answers() {
        assert_eq!(usual(vec![5, 1]), None);
        assert_eq!(usual(vec![900, 1, 5]), Some(5));
        assert_eq!(usual(vec![8, 1, 900, 4]), Some(6));
    }

    #[test]
    fn a_time_is_told_in_whole_hours_then_days() {
        assert_eq!(in_words(1), ("asking-usual-hours", 1));
        assert_eq!(in_words(HOUR + 1), ("asking-usual-hours", 2));
        assert_eq!(in_words(48 * HOUR), ("asking-usual-hours", 48));
        assert_eq!(in_words(48 * HOUR + 1), ("asking-usual-days", 3));
    }
}
