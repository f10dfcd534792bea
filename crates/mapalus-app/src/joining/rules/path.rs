//! What a path may hold, and how coordinators change it piece by piece: pure decisions.

use super::super::model::{
    Actor, StepKind,
    path::{
        NewQuestion, NewStep, OptionInput, PathInput, QuestionForm, QuestionInput, Shift, StepForm, StepInput,
    },
};
use crate::{
    groups::Openness,
    shell::{
        Checks,
        forms::{self, Wrong},
        text,
    },
};
use mapalus_core::{Argument, Flaw, Refusal, RefusalKind};
use std::collections::BTreeSet;

/// Steps of a path at most.
pub const MOST_STEPS: usize = 12;
/// Questions of a form at most.
pub const MOST_QUESTIONS: usize = 30;
/// Possible answers of a question at most.
pub const MOST_OPTIONS: usize = 20;

fn within(number: i64, least: i64, most: i64) -> Result<i64, Wrong> {
    if (least..=most).contains(&number) {
        return Ok(number);
    }
    if least == most {
        return Err(Wrong("joining-wrong-only", vec![("only", Argument::Number(least))]));
    }
    Err(Wrong(
        "joining-wrong-range",
        vec![("least", Argument::Number(least)), ("most", Argument::Number(most))],
    ))
}

fn most(count: usize, most: usize) -> Result<(), Wrong> {
    if count <= most {
        return Ok(());
    }
    Err(Wrong(
        "joining-wrong-many",
        vec![("most", Argument::Number(i64::try_from(most).unwrap_or(i64::MAX)))],
    ))
}

/// Whether a path that is being prepared has no more parts than one may have.
///
/// # Errors
/// `joining-wrong-many`.
pub fn bounded(steps: &[StepInput]) -> Result<(), Refusal> {
    let questions = steps.iter().map(|step| step.questions.len()).max().unwrap_or(0);
    let held = most(steps.len(), MOST_STEPS).and_then(|()| most(questions, MOST_QUESTIONS));
    held.map_err(|Wrong(key, arguments)| {
        arguments.into_iter().fold(Refusal::new(RefusalKind::Conflict, key), |refusal, (name, value)| {
            refusal.with(name, value)
        })
    })
}

/// A number that somebody typed; what is none lies outside every range.
fn typed(number: &str) -> i64 {
    number.trim().parse().unwrap_or(-1)
}

/// A step without its questions.
///
/// # Errors
/// What is wrong, under the names of the fields.
pub fn step(input: &StepInput) -> Result<NewStep, Refusal> {
    let mut checks = Checks::new();
    let kind = checks.field("kind", forms::word::<StepKind>(&input.kind));
    let name = checks.field("name", forms::line(&input.name, 1, 80));
    let days = checks.field("days", within(input.days, 1, 365));
    let remind_days = checks.field("remind_days", within(input.remind_days, 0, input.days.clamp(1, 365) - 1));
    let of = |kinds: StepKind| kind == Some(kinds);
    let text =
        if of(StepKind::Agreement) { forms::bounded(&input.text, 1, 10_000) } else { Ok(String::new()) };
    let text = checks.field("text", text);
    let approvals = if of(StepKind::Decision) { within(input.approvals, 1, 10) } else { Ok(1) };
    let approvals = checks.field("approvals", approvals);
    let needed = if of(StepKind::Vouch) { within(input.needed, 1, 5) } else { Ok(0) };
    let needed = checks.field("needed", needed);
    if !of(StepKind::Form) && !input.questions.is_empty() {
        checks.wrong("questions", Wrong::plain("joining-path-no-questions"));
    }
    checks.field("questions", most(input.questions.len(), MOST_QUESTIONS));
    let numbers = days.zip(remind_days).zip(approvals).zip(needed);
    let parts = kind.zip(name).zip(text).zip(numbers);
    let (((kind, name), text), (((days, remind_days), approvals), needed)) = checks.done(parts)?;
    let other_workplace = kind == StepKind::Vouch && input.other_workplace;
    let questions = Vec::new();
    Ok(NewStep { kind, name, text, days, remind_days, approvals, needed, other_workplace, questions })
}

fn key(text: &str) -> Result<String, Wrong> {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if (1..=40).contains(&text.len()) && text.chars().all(plain) {
        return Ok(text.to_owned());
    }
    Err(Wrong::plain("joining-wrong-key"))
}

/// A question.
///
/// # Errors
/// What is wrong, under the names of the fields.
pub fn question(input: &QuestionInput) -> Result<NewQuestion, Refusal> {
    use super::super::model::QuestionKind;
    let mut checks = Checks::new();
    let own = checks.field("key", key(&input.key));
    let kind = checks.field("kind", forms::word::<QuestionKind>(&input.kind));
    let label = checks.field("label", forms::line(&input.label, 1, 200));
    let why = checks.field("why", forms::line(&input.why, 0, 300));
    let visible = checks.field("visible", forms::word(&input.visible));
    let delete_days = checks.field("delete_days", within(input.delete_days, 1, 730));
    let chooses = matches!(kind, Some(QuestionKind::Choice | QuestionKind::Several));
    let options = checks.field("options", if chooses { options(&input.options) } else { Ok(String::new()) });
    let texts = label.zip(why).zip(options);
    let parts = own.zip(kind).zip(texts).zip(visible.zip(delete_days));
    let (((key, kind), ((label, why), options)), (visible, delete_days)) = checks.done(parts)?;
    Ok(NewQuestion { key, kind, required: input.required, label, why, visible, delete_days, options })
}

fn options(given: &[OptionInput]) -> Result<String, Wrong> {
    most(given.len(), MOST_OPTIONS)?;
    if given.len() < 2 {
        return Err(Wrong::plain("joining-wrong-options"));
    }
    let (mut keys, mut lines) = (BTreeSet::new(), Vec::with_capacity(given.len()));
    let mut labels = BTreeSet::new();
    for option in given {
        let own = key(&option.key)?;
        let label = forms::line(&option.label, 1, 120)?;
        if !labels.insert(label.to_lowercase()) {
            return Err(Wrong("joining-wrong-option-twice", vec![("text", label.into())]));
        }
        lines.push(format!("{own}\t{label}"));
        if !keys.insert(own) {
            return Err(Wrong::plain("joining-wrong-key-twice"));
        }
    }
    Ok(lines.join("\n"))
}

/// A whole path, and how one becomes a member of its group then: a path without a decision opens the group to
/// whoever walks it, one with a decision makes it a group by application. A group by invitation stays one.
///
/// # Errors
/// What is wrong, each under the place where it stands: `items.0.questions.2.label`.
pub fn whole(input: &PathInput, now: Openness) -> Result<(Vec<NewStep>, Openness), Refusal> {
    let mut flaws = Vec::new();
    let mut note = |at: String, refusal: Refusal| {
        flaws.extend(
            refusal.fields.into_iter().map(|flaw| Flaw { field: format!("{at}.{}", flaw.field), ..flaw }),
        );
    };
    let (mut steps, mut keys) = (Vec::new(), BTreeSet::new());
    for (n, given) in input.items.iter().take(MOST_STEPS + 1).enumerate() {
        let mut made = step(given).map_err(|refusal| note(format!("items.{n}"), refusal)).ok();
        for (m, given) in given.questions.iter().take(MOST_QUESTIONS + 1).enumerate() {
            let at = format!("items.{n}.questions.{m}");
            if !keys.insert(&given.key) {
                note(at.clone(), Wrong::plain("joining-wrong-key-twice").at("key"));
            }
            match (question(given), &mut made) {
                (Ok(question), Some(step)) => step.questions.push(question),
                (Ok(_), None) => {}
                (Err(refusal), _) => note(at, refusal),
            }
        }
        if made.as_ref().is_some_and(|step| step.kind == StepKind::Form && step.questions.is_empty()) {
            let name = vec![("step", given.name.as_str().into())];
            note(format!("items.{n}"), Wrong("joining-path-form-empty", name).at("questions"));
        }
        steps.extend(made);
    }
    let mut checks = Checks::new();
    if input.items.is_empty() {
        checks.wrong("items", Wrong::plain("joining-path-empty"));
    }
    checks.field("items", most(input.items.len(), MOST_STEPS));
    // The applicant begins: an application that nobody has sent is nobody else's matter.
    let first = input.items.first().and_then(|step| step.kind.parse::<StepKind>().ok());
    if first.is_some_and(|kind| kind.actor() != Actor::Applicant) {
        checks.wrong("items", Wrong::plain("joining-path-begins"));
    }
    let decides = input.items.iter().any(|step| step.kind == StepKind::Decision.word());
    let openness = match (decides, now) {
        (true, Openness::Open) => Openness::Application,
        (false, Openness::Invitation) => {
            checks.wrong("items", Wrong::plain("joining-path-needs-decision"));
            now
        }
        (false, Openness::Application) => {
            if !input.open {
                checks.wrong("open", Wrong::plain("joining-path-opens"));
            }
            Openness::Open
        }
        _ => now,
    };
    if let Err(refusal) = checks.done(Some(())) {
        flaws.extend(refusal.fields);
    }
    if flaws.is_empty() { Ok((steps, openness)) } else { Err(Refusal::invalid(flaws)) }
}

/// A step as its form leaves it: its questions stay.
///
/// # Errors
/// What is wrong, under the names of the fields.
pub fn step_from(form: &StepForm, questions: Vec<QuestionInput>) -> Result<StepInput, Refusal> {
    let kind = form.kind.as_str();
    let input = StepInput {
        kind: form.kind.clone(),
        name: form.name.clone(),
        days: typed(&form.days),
        remind_days: typed(&form.remind_days),
        text: form.text.clone(),
        approvals: if kind == StepKind::Decision.word() { typed(&form.approvals) } else { 1 },
        needed: if kind == StepKind::Vouch.word() { typed(&form.needed) } else { 0 },
        other_workplace: form.other_workplace,
        questions,
    };
    let held = step(&input)?;
    Ok(StepInput { name: held.name, text: held.text, other_workplace: held.other_workplace, ..input })
}

/// A question as its form leaves it. `tail` ends the keys of what is new: no question and no answer ever had them.
///
/// # Errors
/// What is wrong, under the names of the fields.
pub fn question_from(
    form: &QuestionForm,
    before: Option<&QuestionInput>,
    tail: &str,
) -> Result<QuestionInput, Refusal> {
    let known = before.map_or(&[][..], |before| &before.options);
    if let Some(twice) = twice(&form.options) {
        return Err(Wrong("joining-wrong-option-twice", vec![("text", twice.into())]).at("options"));
    }
    let input = QuestionInput {
        key: before.map_or_else(|| fresh_key(&form.label, tail), |before| before.key.clone()),
        kind: form.kind.clone(),
        label: form.label.clone(),
        why: form.why.clone(),
        required: form.required,
        visible: form.visible.clone(),
        delete_days: typed(&form.delete_days),
        options: options_from(&form.options, known, tail),
    };
    let held = question(&input)?;
    let options = if held.options.is_empty() { Vec::new() } else { input.options };
    Ok(QuestionInput { label: held.label, why: held.why, options, ..input })
}

/// A line that somebody typed twice.
fn twice(lines: &str) -> Option<&str> {
    let mut seen = BTreeSet::new();
    let typed = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    typed.into_iter().find(|line| !seen.insert(line.to_lowercase()))
}

/// The key of a new question: its words and the tail.
fn fresh_key(label: &str, tail: &str) -> String {
    let words: String = text::slug(label).chars().take(24).collect();
    format!("{}-{tail}", words.trim_matches('-')).trim_matches('-').to_owned()
}

/// The possible answers that somebody typed, one a line. One that was there keeps its key, and so does the only one
/// whose text changed, in its place; all others are new.
fn options_from(lines: &str, known: &[OptionInput], tail: &str) -> Vec<OptionInput> {
    let mut options: Vec<OptionInput> = Vec::new();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()).take(MOST_OPTIONS + 1) {
        if options.iter().all(|before| before.label != line) {
            options.push(OptionInput { key: String::new(), label: line.to_owned() });
        }
    }
    let lost: Vec<usize> =
        (0..known.len()).filter(|n| options.iter().all(|option| option.label != known[*n].label)).collect();
    let mended = (options.len() == known.len() && lost.len() == 1).then(|| lost[0]);
    for (n, option) in options.iter_mut().enumerate() {
        let same = known.iter().position(|before| before.label == option.label);
        let before = same.or(mended.filter(|place| *place == n));
        option.key = before.map_or_else(|| format!("o{}-{tail}", n + 1), |before| known[before].key.clone());
    }
    options
}

/// Moves or removes one of a list.
///
/// # Errors
/// Not found, for a place that the list does not have.
pub fn shift<T>(list: &mut Vec<T>, at: usize, how: Shift) -> Result<(), Refusal> {
    if at >= list.len() {
        return Err(Refusal::not_found());
    }
    match how {
        Shift::Up if at > 0 => list.swap(at, at - 1),
        Shift::Down if at + 1 < list.len() => list.swap(at, at + 1),
        Shift::Remove => {
            list.remove(at);
        }
        Shift::Up | Shift::Down => {}
    }
    Ok(())
}

/// Where a new step goes: before the decision that ends the path, or at its end.
pub fn place_of_new(steps: &[StepInput], new: &StepInput) -> usize {
    let decision = StepKind::Decision.word();
    match steps.last() {
        Some(last) if last.kind == decision && new.kind != decision => steps.len() - 1,
        _ => steps.len(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(keys: &[&str]) -> StepInput {
        let question = |key: &&str| QuestionInput {
            key: (*key).to_owned(),
            kind: "short".into(),
            label: "Apa?".into(),
            visible: "reviewers".into(),
            delete_days: 90,
            ..QuestionInput::default()
        };
        let questions = keys.iter().map(question).collect();
        StepInput { kind: "form".into(), name: "Formulir".into(), days: 7, questions, ..StepInput::default() }
    }

    fn decision() -> StepInput {
        StepInput {
            kind: "decision".into(),
            name: "Keputusan".into(),
            days: 7,
            approvals: 1,
            ..StepInput::default()
        }
    }

    fn fields(items: Vec<StepInput>, now: Openness) -> Vec<(String, &'static str)> {
        let refusal = whole(&PathInput { items, open: false }, now).unwrap_err();
        refusal.fields.into_iter().map(|flaw| (flaw.field, flaw.key)).collect()
    }

    #[test]
    fn a_path_without_a_decision_opens_its_group_only_when_that_is_said() {
        let items = vec![form(&["why"])];
        let told = |field: &str, key| vec![(field.to_owned(), key)];
        assert_eq!(fields(items.clone(), Openness::Application), told("open", "joining-path-opens"));
        assert_eq!(fields(items.clone(), Openness::Invitation), told("items", "joining-path-needs-decision"));
        let after = |items, open, now| whole(&PathInput { items, open }, now).map(|(_, openness)| openness);
        assert_eq!(after(items.clone(), true, Openness::Application), Ok(Openness::Open));
        assert_eq!(after(items, false, Openness::Open), Ok(Openness::Open));
        let decided = vec![form(&["why"]), decision()];
        assert_eq!(after(decided.clone(), false, Openness::Open), Ok(Openness::Application));
        assert_eq!(after(decided, false, Openness::Invitation), Ok(Openness::Invitation));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_place() {
        let mut broken = form(&["why", "why"]);
        broken.questions[1].label = String::new();
        broken.days = 0;
        let told = fields(vec![broken, decision()], Openness::Application);
        let places: Vec<&str> = told.iter().map(|(field, _)| field.as_str()).collect();
        assert_eq!(places, ["items.0.days", "items.0.questions.1.key", "items.0.questions.1.label"]);
        let empty = fields(vec![form(&[]), decision()], Openness::Application);
        assert_eq!(empty, [("items.0.questions".to_owned(), "joining-path-form-empty")]);
        assert_eq!(fields(Vec::new(), Openness::Open)[0].1, "joining-path-empty");
        let many: Vec<_> = [form(&["why"])].into_iter().chain(vec![decision(); 12]).collect();
        assert_eq!(fields(many, Openness::Open)[0].1, "joining-wrong-many");
    }

    #[test]
    fn the_applicant_begins_a_path() {
        let vouches =
            StepInput { kind: "vouch".into(), name: "Rekomendasi".into(), days: 7, needed: 2, ..form(&[]) };
        for first in [decision(), vouches] {
            let told = fields(vec![first, form(&["why"]), decision()], Openness::Application);
            assert_eq!(told, [("items".to_owned(), "joining-path-begins")]);
        }
    }

    #[test]
    fn what_is_refused_for_its_number_names_the_right_limit() {
        let told = |steps: &[StepInput]| bounded(steps).unwrap_err().arguments;
        assert_eq!(told(&vec![decision(); 13]), [("most", Argument::Number(12))]);
        assert_eq!(told(&[form(&["x"; 31])]), [("most", Argument::Number(30))]);
        assert!(bounded(&vec![decision(); 12]).is_ok());
    }

    #[test]
    fn a_reminder_comes_before_its_deadline() {
        let remind = |days, remind_days| step(&StepInput { days, remind_days, ..decision() }).is_ok();
        assert!(remind(7, 0) && remind(7, 6) && !remind(7, 7) && !remind(7, -1) && !remind(366, 1));
    }

    #[test]
    fn possible_answers_keep_their_keys_when_their_text_is_mended() {
        let option = |key: &str, label: &str| OptionInput { key: key.into(), label: label.into() };
        let known = [option("medis", "Medis"), option("log", "Logistk")];
        assert_eq!(
            options_from("Medis\n Logistik \n\n", &known, "7f"),
            [option("medis", "Medis"), option("log", "Logistik")]
        );
        // One more: what is not known is new.
        assert_eq!(
            options_from("Logistk\nDapur\nMedis\nDapur", &known, "7f"),
            [option("log", "Logistk"), option("o2-7f", "Dapur"), option("medis", "Medis")]
        );
        // Both changed, or another one in another place: nobody's answer becomes one that they did not give.
        assert_eq!(
            options_from("Dapur\nEvakuasi", &known, "7f"),
            [option("o1-7f", "Dapur"), option("o2-7f", "Evakuasi")]
        );
        assert_eq!(
            options_from("Evakuasi\nMedis", &known, "7f"),
            [option("o1-7f", "Evakuasi"), option("medis", "Medis")]
        );
    }

    #[test]
    fn a_question_of_choice_has_at_least_two_answers_and_others_have_none() {
        let form = |kind: &str, options: &str| QuestionForm {
            kind: kind.into(),
            label: "Kapan?".into(),
            visible: "reviewers".into(),
            delete_days: "90".into(),
            options: options.into(),
            ..QuestionForm::default()
        };
        let made = |kind, options| question_from(&form(kind, options), None, "7f");
        assert_eq!(made("choice", "Pagi\nSore").map(|q| q.options.len()), Ok(2));
        assert_eq!(made("choice", "Pagi").unwrap_err().fields[0].key, "joining-wrong-options");
        assert_eq!(
            made("choice", "Pagi\nSore\npagi ").unwrap_err().fields[0].key,
            "joining-wrong-option-twice"
        );
        assert_eq!(
            made("short", "Pagi\nSore").map(|q| (q.key, q.options.len())),
            Ok(("kapan-7f".to_owned(), 0))
        );
    }

    #[test]
    fn steps_move_by_one_and_stay_at_the_ends() {
        let after = |at, how| {
            let mut list = vec!['a', 'b', 'c'];
            shift(&mut list, at, how).map(|()| list.into_iter().collect::<String>()).ok()
        };
        assert_eq!(after(1, Shift::Up).as_deref(), Some("bac"));
        assert_eq!(after(0, Shift::Up).as_deref(), Some("abc"));
        assert_eq!(after(2, Shift::Down).as_deref(), Some("abc"));
        assert_eq!(after(1, Shift::Remove).as_deref(), Some("ac"));
        assert_eq!(after(3, Shift::Remove), None);
        assert_eq!(place_of_new(&[form(&[]), decision()], &form(&[])), 1);
        assert_eq!(place_of_new(&[form(&[]), decision()], &decision()), 2);
    }
}
