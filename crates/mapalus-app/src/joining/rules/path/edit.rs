//! How coordinators change a path piece by piece: pure decisions.

use super::{
    super::super::model::{
        Overdue, StepKind,
        path::{ConditionInput, OptionInput, QuestionForm, QuestionInput, Shift, StepForm, StepInput},
        screening::Criterion,
    },
    MOST_CRITERIA, MOST_OPTIONS, question, step,
};
use crate::shell::{forms::Wrong, text};
use mapalus_core::Refusal;
use std::collections::BTreeSet;

/// A number that somebody typed; what is none lies outside every range.
fn typed(number: &str) -> i64 {
    number.trim().parse().unwrap_or(-1)
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
        overdue: if form.overdue.is_empty() { Overdue::Remind.to_string() } else { form.overdue.clone() },
        beside: form.beside && kind != StepKind::Decision.word(),
        only_if: condition_from(&form.only_if, &form.if_number)?,
        text: form.text.clone(),
        approvals: if kind == StepKind::Decision.word() { typed(&form.approvals) } else { 1 },
        needed: if [StepKind::Vouch.word(), StepKind::Acquaintance.word()].contains(&kind) {
            typed(&form.needed)
        } else {
            0
        },
        other_workplace: form.other_workplace,
        criteria: if kind == StepKind::Screening.word() { criteria_from(form) } else { Vec::new() },
        reviewers: if kind == StepKind::Screening.word() { typed(&form.reviewers) } else { 0 },
        training: if kind == StepKind::Training.word() { form.training.clone() } else { String::new() },
        change_hours: if kind == StepKind::Interview.word() { typed(&form.change_hours) } else { 0 },
        questions,
    };
    let held = step(&input).map_err(at_rows)?;
    let criteria = held.details.criteria;
    Ok(StepInput {
        name: held.name,
        text: held.text,
        other_workplace: held.other_workplace,
        criteria,
        ..input
    })
}

/// What is wrong with a row of criteria is told where the rows begin.
fn at_rows(mut refusal: Refusal) -> Refusal {
    let rows = refusal.fields.iter_mut().filter(|flaw| flaw.field.starts_with("criteria"));
    rows.for_each(|flaw| flaw.field = "criterion".to_owned());
    refusal
}

/// The criteria that somebody typed; rows that are left empty are none.
fn criteria_from(form: &StepForm) -> Vec<Criterion> {
    let at = |list: &[String], n: usize| list.get(n).map_or("", |text| text.trim()).to_owned();
    let row = |n: usize| {
        let (name, good, weight) = (at(&form.criterion, n), at(&form.good, n), at(&form.weight, n));
        let is_row = !name.is_empty() || !good.is_empty();
        is_row.then(|| Criterion { name, good, weight: typed(&weight) })
    };
    (0..form.criterion.len().min(MOST_CRITERIA + 1)).filter_map(row).collect()
}

/// A condition as its form leaves it: `question is choice`, or `question below` with the number beside it.
fn condition_from(chosen: &str, number: &str) -> Result<Option<ConditionInput>, Refusal> {
    let mut parts = chosen.splitn(3, ' ').map(str::to_owned);
    let (Some(question), Some(test)) = (parts.next(), parts.next()) else {
        return Ok(None);
    };
    let value = match parts.next() {
        Some(choice) => choice,
        None => number
            .trim()
            .parse::<i64>()
            .map(|number| number.to_string())
            .map_err(|_| Wrong::plain("joining-wrong-number").at("if_number"))?,
    };
    Ok(Some(ConditionInput { question, test, value }))
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
    let mut typed = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    typed.find(|line| !seen.insert(line.to_lowercase()))
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
        let of = |kind: &str| StepInput { kind: kind.into(), ..StepInput::default() };
        assert_eq!(place_of_new(&[of("form"), of("decision")], &of("form")), 1);
        assert_eq!(place_of_new(&[of("form"), of("decision")], &of("decision")), 2);
    }
}
