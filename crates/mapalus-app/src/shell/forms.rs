//! Forms: what was typed, what is wrong with it, and the checks that find out.

use super::{
    locale::{self, Lang},
    reference::{Level, areas, occupations},
};
use chrono::{NaiveDateTime, NaiveTime};
use chrono_tz::Tz;
use mapalus_core::{Argument, Flaw, Millis, Refusal, RefusalKind};
use std::collections::BTreeMap;

/// Why a value does not hold: a message key with its arguments. A model's `parse` answers it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wrong(pub &'static str, pub Vec<(&'static str, Argument)>);

impl Wrong {
    /// With a message that needs no arguments.
    pub const fn plain(key: &'static str) -> Self {
        Self(key, Vec::new())
    }

    /// The refusal of one field for this.
    pub fn at(self, field: &str) -> Refusal {
        Refusal::invalid(vec![Flaw { field: field.to_owned(), key: self.0, arguments: self.1 }])
    }
}

/// Gathers what is wrong with the fields of an input, so that all of it is told at once.
#[derive(Debug, Default)]
pub struct Checks {
    flaws: Vec<Flaw>,
}

impl Checks {
    /// Nothing wrong so far.
    pub fn new() -> Self {
        Self::default()
    }

    /// The value if it holds; otherwise what is wrong is noted under the field's name.
    pub fn field<T>(&mut self, name: &str, value: Result<T, Wrong>) -> Option<T> {
        match value {
            Ok(value) => Some(value),
            Err(Wrong(key, arguments)) => {
                self.flaws.push(Flaw { field: name.to_owned(), key, arguments });
                None
            }
        }
    }

    /// The parts of a larger input if they hold; otherwise what is wrong with them is noted as it is.
    pub fn part<T>(&mut self, parts: Result<T, Refusal>) -> Option<T> {
        parts.map_err(|refusal| self.flaws.extend(refusal.fields)).ok()
    }

    /// Notes that a field does not hold.
    pub fn wrong(&mut self, name: &str, wrong: Wrong) {
        self.field::<()>(name, Err(wrong));
    }

    /// The refusal of all that is wrong, or the parts in hand if nothing is.
    ///
    /// # Errors
    /// [`RefusalKind::Invalid`] with every flaw.
    pub fn done<T>(self, parts: Option<T>) -> Result<T, Refusal> {
        match parts {
            Some(parts) if self.flaws.is_empty() => Ok(parts),
            _ => Err(Refusal::invalid(self.flaws)),
        }
    }
}

/// A text of so many characters at least and at most, cleaned of what no text needs.
///
/// # Errors
/// `wrong-needed`, `wrong-short` or `wrong-long`.
pub fn bounded(text: &str, least: usize, most: usize) -> Result<String, Wrong> {
    let text = super::text::clean(text);
    let length = text.chars().count();
    if length == 0 && least > 0 {
        return Err(Wrong::plain("wrong-needed"));
    }
    if length < least {
        return Err(Wrong("wrong-short", vec![("least", Argument::Number(least as i64))]));
    }
    if length > most {
        let over = vec![("most", Argument::Number(most as i64)), ("length", Argument::Number(length as i64))];
        return Err(Wrong("wrong-long", over));
    }
    Ok(text)
}

/// The same on one line.
///
/// # Errors
/// As [`bounded`].
pub fn line(text: &str, least: usize, most: usize) -> Result<String, Wrong> {
    let text = super::text::clean(text);
    let joined = text.split_whitespace().collect::<Vec<_>>().join(" ");
    bounded(&joined, least, most)
}

/// One of the words of a closed list.
///
/// # Errors
/// `wrong-needed` for an empty one, `wrong-choice` for an unknown one.
pub fn word<T: std::str::FromStr>(text: &str) -> Result<T, Wrong> {
    if text.is_empty() {
        return Err(Wrong::plain("wrong-needed"));
    }
    text.parse().map_err(|_| Wrong::plain("wrong-choice"))
}

/// A time of day; browsers send seconds where they are not zero, and some people write a point.
pub fn time(text: &str) -> Option<NaiveTime> {
    let typed = text.trim().replace('.', ":");
    let read = |pattern| NaiveTime::parse_from_str(&typed, pattern).ok();
    read("%H:%M").or_else(|| read("%H:%M:%S"))
}

/// The instant at which the clock of a zone shows this, the first one where there are two; none that it skips.
pub fn at_clock(shown: NaiveDateTime, zone: Tz) -> Option<Millis> {
    shown.and_local_timezone(zone).earliest().map(|at| Millis(at.timestamp_millis()))
}

/// Reads an area that a person typed.
///
/// # Errors
/// `wrong-area`, with the nearest matches where there are some.
pub fn area(text: &str, levels: &[Level]) -> Result<String, Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::plain("wrong-needed"));
    }
    areas()
        .typed(text, levels)
        .map(|area| area.code.to_owned())
        .map_err(|near| unknown(("wrong-area", "wrong-area-near"), text, &near))
}

/// Reads an occupation that a person typed.
///
/// # Errors
/// `wrong-occupation`, with the nearest matches where there are some.
pub fn occupation(text: &str) -> Result<String, Wrong> {
    if text.trim().is_empty() {
        return Err(Wrong::plain("wrong-needed"));
    }
    occupations()
        .typed(text)
        .map(|occupation| occupation.code.clone())
        .map_err(|near| unknown(("wrong-occupation", "wrong-occupation-near"), text, &near))
}

/// Why a word is not known, with the nearest matches where there are some: keys without and with them.
pub fn unknown((bare, with_near): (&'static str, &'static str), text: &str, near: &[String]) -> Wrong {
    let text: String = text.trim().chars().take(60).collect();
    if near.is_empty() {
        Wrong(bare, vec![("text", text.into())])
    } else {
        Wrong(with_near, vec![("text", text.into()), ("near", near.join("; ").into())])
    }
}

/// One possible answer of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
    /// A line under it; may be empty.
    pub note: String,
}

impl Choice {
    /// A possible answer without a note.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into(), note: String::new() }
    }

    /// The same with a note.
    #[must_use]
    pub fn noting(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }
}

/// Possible answers that belong together, of a field with many.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChoiceGroup {
    /// What they have in common.
    pub title: String,
    /// The answers.
    pub choices: Vec<Choice>,
    /// How many of the field stand before them.
    before: usize,
}

impl ChoiceGroup {
    /// Groups of answers, in their order.
    pub fn all(groups: impl IntoIterator<Item = (String, Vec<Choice>)>) -> Vec<Self> {
        let mut before = 0;
        let group = |(title, choices): (String, Vec<Choice>)| {
            let group = Self { title, before, choices };
            before += group.choices.len();
            group
        };
        groups.into_iter().map(group).collect()
    }

    /// Whether it is shown unfolded: one of its answers was given, or it is the first and something is wrong.
    pub fn unfolded(&self, form: &FormState, name: &str) -> bool {
        let wrong = self.before == 0 && form.error(name).is_some();
        wrong || self.choices.iter().any(|choice| form.is(name, &choice.value))
    }

    /// The id of one of its answers; the first of the field has that to which what went wrong leads.
    pub fn id(&self, name: &str, number: &usize) -> String {
        match self.before + number {
            0 => format!("f-{name}"),
            place => format!("f-{name}-{}", place + 1),
        }
    }
}

/// A form as it is shown: what stands in its fields and what is wrong.
#[derive(Debug, Clone, Default)]
pub struct FormState {
    values: BTreeMap<String, Vec<String>>,
    errors: Vec<(String, String)>,
    /// Fields with what they may have meant: what is shown, and what would stand in the field.
    near: Vec<(String, Vec<(String, String)>)>,
    /// Why it was refused, if not for what stands in it.
    kind: Option<RefusalKind>,
}

impl FormState {
    /// An empty form.
    pub fn new() -> Self {
        Self::default()
    }

    /// The same with a value in a field.
    #[must_use]
    pub fn filled(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.entry(name.to_owned()).or_default().push(value.into());
        self
    }

    /// A form that shows again what was sent.
    pub fn kept(pairs: &[(String, String)]) -> Self {
        let mut form = Self::default();
        for (name, value) in pairs {
            form.values.entry(name.clone()).or_default().push(value.clone());
        }
        form
    }

    /// The same, telling why it was refused.
    #[must_use]
    pub fn refused(mut self, refusal: &Refusal, lang: Lang) -> Self {
        self.kind = (refusal.kind != RefusalKind::Invalid).then_some(refusal.kind);
        if refusal.kind != RefusalKind::Invalid || refusal.fields.is_empty() {
            self.errors.push((String::new(), locale::message(lang, refusal.key, &refusal.arguments)));
        }
        for flaw in &refusal.fields {
            let near = near(flaw, self.value(&flaw.field));
            self.near.push((flaw.field.clone(), near));
            self.errors.push((flaw.field.clone(), locale::message(lang, flaw.key, &flaw.arguments)));
        }
        self
    }

    /// The same, where the page itself tells what is wrong.
    #[must_use]
    pub fn told(mut self) -> Self {
        self.errors.clear();
        self.near.clear();
        self.kind = None;
        self
    }

    /// The same over what is stored, where nothing was typed: a button was refused, not a field.
    #[must_use]
    pub fn or_stored(self, stored: impl FnOnce() -> Self) -> Self {
        if self.values.is_empty() { Self { values: stored().values, ..self } } else { self }
    }

    /// Never shows a secret again.
    #[must_use]
    pub fn without(mut self, name: &str) -> Self {
        self.values.remove(name);
        self
    }

    /// What stands in a field.
    pub fn value(&self, name: &str) -> &str {
        self.values.get(name).and_then(|values| values.first()).map_or("", String::as_str)
    }

    /// Whether a field for a day holds one, or nothing. What is no day is shown as the words it is.
    pub fn is_day(&self, name: &str) -> bool {
        super::Day::typed(self.value(name)).is_ok()
    }

    /// All that stands in fields of one name.
    pub fn values(&self, name: &str) -> Vec<String> {
        self.values.get(name).cloned().unwrap_or_default()
    }

    /// Whether a field was in the form.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Whether a field has this answer.
    pub fn is(&self, name: &str, value: &str) -> bool {
        self.values.get(name).is_some_and(|values| values.iter().any(|v| v == value))
    }

    /// What is wrong with a field.
    pub fn error(&self, name: &str) -> Option<String> {
        self.errors.iter().find(|(field, _)| field == name).map(|(_, text)| text.clone())
    }

    /// What a field may have meant: what is shown, and what would stand in it.
    pub fn near(&self, name: &str) -> &[(String, String)] {
        self.near.iter().find(|(field, _)| field == name).map_or(&[], |(_, near)| near)
    }

    /// All that is wrong: field (empty for the whole form) and text.
    pub fn errors(&self) -> &[(String, String)] {
        &self.errors
    }

    /// Message key of the heading over what is wrong: not everything is the person's to mend.
    pub fn heading(&self) -> &'static str {
        match self.kind {
            None | Some(RefusalKind::Conflict | RefusalKind::TooLarge | RefusalKind::WrongKind) => {
                "shell-errors"
            }
            Some(kind) => super::error::heading(kind),
        }
    }

    /// Whether something is wrong.
    pub fn failed(&self) -> bool {
        !self.errors.is_empty()
    }
}

/// The nearest matches of a word that is not known, each in the place of that word in what was typed.
fn near(flaw: &Flaw, typed: &str) -> Vec<(String, String)> {
    let text = |name: &str| {
        let found = flaw.arguments.iter().find(|(own, _)| *own == name);
        found.and_then(|(_, value)| if let Argument::Text(text) = value { Some(text.as_str()) } else { None })
    };
    let (Some(word), Some(near)) = (text("text"), text("near")) else {
        return Vec::new();
    };
    if !typed.contains(word) {
        return Vec::new();
    }
    near.split("; ").map(|one| (one.to_owned(), typed.replacen(word, one, 1))).collect()
}

/// The name under which a match is chosen for a field.
pub const PICK: &str = "pick:";

/// Puts what was chosen among the nearest matches into its field.
pub fn picked(fields: &mut Vec<(String, String)>) {
    let (picks, mut rest): (Vec<_>, Vec<_>) = fields.drain(..).partition(|(name, _)| name.starts_with(PICK));
    for (name, value) in picks {
        let field = rest.iter_mut().find(|(own, _)| *own == name[PICK.len()..]);
        if let Some((_, place)) = field {
            *place = value;
        }
    }
    *fields = rest;
}

/// Reads a yes from a form's `yes` or `on` and from JSON's `true`.
///
/// # Errors
/// For anything else than a yes or a no.
pub fn yes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    struct Yes;
    impl serde::de::Visitor<'_> for Yes {
        type Value = bool;
        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("true or false")
        }
        fn visit_bool<E>(self, value: bool) -> Result<bool, E> {
            Ok(value)
        }
        fn visit_str<E: serde::de::Error>(self, value: &str) -> Result<bool, E> {
            match value {
                "yes" | "on" | "true" => Ok(true),
                "no" | "false" | "" => Ok(false),
                _ => Err(E::custom("neither yes nor no")),
            }
        }
    }
    deserializer.deserialize_any(Yes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_that_is_wrong_is_told_at_once() {
        let mut checks = Checks::new();
        let name = checks.field("name", line(" ", 1, 80));
        let about = checks.field("about", bounded("too long", 0, 3));
        let refusal = checks.done(name.zip(about)).unwrap_err();
        let fields: Vec<_> = refusal.fields.iter().map(|flaw| (flaw.field.as_str(), flaw.key)).collect();
        assert_eq!(fields, [("name", "wrong-needed"), ("about", "wrong-long")]);
    }

    #[test]
    fn what_was_meant_takes_the_place_of_what_was_not_known() {
        let arguments = vec![("text", "Inggrs".into()), ("near", "Inggris; Inggris Kuno".into())];
        let flaw = Flaw { field: "languages".into(), key: "wrong-language-near", arguments };
        let form = FormState::new().filled("languages", "Indonesia, Inggrs");
        let form = form.refused(&Refusal::invalid(vec![flaw]), Lang::Id);
        let pair = |label: &str, value: &str| (label.to_owned(), value.to_owned());
        let both = [pair("Inggris", "Indonesia, Inggris"), pair("Inggris Kuno", "Indonesia, Inggris Kuno")];
        assert_eq!(form.near("languages"), both);
        assert!(form.near("area").is_empty());
        let mut sent =
            vec![pair("languages", "Indonesia, Inggrs"), pair("pick:languages", "Indonesia, Inggris")];
        picked(&mut sent);
        assert_eq!(sent, [pair("languages", "Indonesia, Inggris")]);
    }

    #[test]
    fn grouped_answers_have_ids_of_their_own_and_unfold_where_one_was_given() {
        let choices = |values: &[&str]| values.iter().map(|v| Choice::new(*v, *v)).collect::<Vec<_>>();
        let groups =
            ChoiceGroup::all([("A".to_owned(), choices(&["a", "b"])), ("B".to_owned(), choices(&["c"]))]);
        let ids = [groups[0].id("x", &0), groups[0].id("x", &1), groups[1].id("x", &0)];
        assert_eq!(ids, ["f-x", "f-x-2", "f-x-3"]);
        let form = FormState::new().filled("x", "c");
        assert_eq!([groups[0].unfolded(&form, "x"), groups[1].unfolded(&form, "x")], [false, true]);
    }

    #[test]
    fn a_line_has_no_breaks_and_single_spaces() {
        assert_eq!(line("  Maria \n  Dewi ", 1, 20), Ok("Maria Dewi".to_owned()));
        assert_eq!(line("Maria \u{202E} Dewi", 1, 20), Ok("Maria Dewi".to_owned()));
        assert_eq!(line("\u{200B}", 1, 20), Err(Wrong::plain("wrong-needed")));
    }
}
