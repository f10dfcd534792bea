//! What a path may hold, and how coordinators change it piece by piece: pure decisions.

mod edit;
mod structure;

pub use edit::{place_of_new, question_from, shift, step_from};
pub use structure::{AGES, askable, is_first};

use super::super::model::{
    Details, Overdue, StepKind,
    path::{NewQuestion, NewStep, OptionInput, PathInput, QuestionInput, StepInput},
    screening::Criterion,
};
use crate::{
    groups::Openness,
    shell::{
        Checks,
        forms::{self, Wrong},
    },
};
use mapalus_core::{Argument, Flaw, Refusal, RefusalKind, TrainingId};
use std::collections::BTreeSet;

/// Steps of a path at most.
pub const MOST_STEPS: usize = 12;
/// Questions of a form at most.
pub const MOST_QUESTIONS: usize = 30;
/// Criteria of a screening at least.
pub const LEAST_CRITERIA: usize = 2;
/// Criteria of a screening at most.
pub const MOST_CRITERIA: usize = 8;
/// Members who have met an applicant, at most.
pub const MOST_MET: i64 = super::acquaintance::MEMBERS;
/// Hours before an interview until which its applicant may choose another time, at most.
pub const MOST_CHANGE_HOURS: i64 = 168;
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

/// A step without its questions and its condition: what looks at other steps is for [`whole`].
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
    let overdue = forms::word::<Overdue>(&input.overdue).and_then(|overdue| match kind {
        Some(kind) if !overdue.fits(kind) => Err(Wrong::plain("joining-wrong-overdue")),
        _ => Ok(overdue),
    });
    let overdue = checks.field("overdue", overdue);
    let approvals = if of(StepKind::Decision) { within(input.approvals, 1, 10) } else { Ok(1) };
    let approvals = checks.field("approvals", approvals);
    let needed = match kind {
        Some(StepKind::Vouch) => within(input.needed, 1, 5),
        Some(StepKind::Acquaintance) => within(input.needed, 1, MOST_MET),
        _ => Ok(0),
    };
    let needed = checks.field("needed", needed);
    let details = if of(StepKind::Screening) {
        checks.part(criteria(&input.criteria)).zip(checks.field("reviewers", within(input.reviewers, 1, 5)))
    } else {
        Some((Vec::new(), 0))
    };
    let training = if of(StepKind::Training) { named(&input.training).map(Some) } else { Ok(None) };
    let training = checks.field("training", training);
    let change_hours =
        if of(StepKind::Interview) { within(input.change_hours, 0, MOST_CHANGE_HOURS) } else { Ok(0) };
    let change_hours = checks.field("change_hours", change_hours);
    let details = details.zip(training.zip(change_hours));
    let details = details.map(|((criteria, reviewers), (training, change_hours))| Details {
        criteria,
        reviewers,
        training,
        change_hours,
    });
    if !of(StepKind::Form) && !input.questions.is_empty() {
        checks.wrong("questions", Wrong::plain("joining-path-no-questions"));
    }
    checks.field("questions", most(input.questions.len(), MOST_QUESTIONS));
    let numbers = days.zip(remind_days).zip(approvals).zip(needed);
    let parts = kind.zip(name).zip(text.zip(overdue)).zip(numbers.zip(details));
    let (((kind, name), (text, overdue)), ((((days, remind_days), approvals), needed), details)) =
        checks.done(parts)?;
    Ok(NewStep {
        kind,
        name,
        beside: input.beside,
        only_if: None,
        text,
        days,
        remind_days,
        overdue,
        approvals,
        needed,
        other_workplace: kind == StepKind::Vouch && input.other_workplace,
        details,
        questions: Vec::new(),
    })
}

/// The training that a step names; whether the group has it is told by the one who stores the path.
fn named(training: &str) -> Result<TrainingId, Wrong> {
    let key = if training.is_empty() { "wrong-needed" } else { "joining-wrong-training" };
    training.parse().map_err(|_| Wrong::plain(key))
}

/// Whether a group has the trainings that the steps of a path ask for.
///
/// # Errors
/// Each that it has not, under its place: `items.2.training`.
pub fn has_trainings(steps: &[NewStep], offered: &[TrainingId]) -> Result<(), Refusal> {
    let mut checks = Checks::new();
    for (n, step) in steps.iter().enumerate() {
        if step.details.training.is_some_and(|training| !offered.contains(&training)) {
            checks.wrong(&format!("items.{n}.training"), Wrong::plain("joining-wrong-training"));
        }
    }
    checks.done(Some(()))
}

/// The criteria of a screening: 2 to 8, each once.
fn criteria(given: &[Criterion]) -> Result<Vec<Criterion>, Refusal> {
    let mut checks = Checks::new();
    let mut names = BTreeSet::new();
    let mut held = Vec::with_capacity(given.len());
    for (n, criterion) in given.iter().take(MOST_CRITERIA).enumerate() {
        let name = checks.field(&format!("criteria.{n}.name"), forms::line(&criterion.name, 1, 80));
        let good = checks.field(&format!("criteria.{n}.good"), forms::line(&criterion.good, 0, 200));
        let weight = checks.field(&format!("criteria.{n}.weight"), within(criterion.weight, 1, 3));
        if name.as_ref().is_some_and(|name| !names.insert(name.clone())) {
            checks.wrong(&format!("criteria.{n}.name"), Wrong::plain("joining-wrong-criterion-twice"));
        }
        held.extend(name.zip(good).zip(weight).map(|((name, good), weight)| Criterion {
            name,
            good,
            weight,
        }));
    }
    if !(LEAST_CRITERIA..=MOST_CRITERIA).contains(&given.len()) {
        let (least, most) = (LEAST_CRITERIA as i64, MOST_CRITERIA as i64);
        let bounds = vec![("least", Argument::Number(least)), ("most", Argument::Number(most))];
        checks.wrong("criteria", Wrong("joining-wrong-criteria", bounds));
    }
    checks.done(Some(held))
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
    match structure::conditions(&input.items) {
        Ok(conditions) => {
            steps.iter_mut().zip(conditions).for_each(|(step, condition)| step.only_if = condition);
        }
        Err(refusal) => flaws.extend(refusal.fields),
    }
    let mut checks = Checks::new();
    if input.items.is_empty() {
        checks.wrong("items", Wrong::plain("joining-path-empty"));
    }
    checks.field("items", most(input.items.len(), MOST_STEPS));
    // The applicant begins: an application that nobody has sent is nobody else's matter.
    let first = input.items.first().and_then(|step| step.kind.parse::<StepKind>().ok());
    if first.is_some_and(|kind| !kind.is_own()) {
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
        StepInput {
            kind: "form".into(),
            name: "Formulir".into(),
            days: 7,
            overdue: "remind".into(),
            questions,
            ..StepInput::default()
        }
    }

    fn decision() -> StepInput {
        StepInput {
            kind: "decision".into(),
            name: "Keputusan".into(),
            days: 7,
            overdue: "remind".into(),
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
        let training = StepInput {
            kind: "training".into(),
            training: "0197f0a2-7c4e-7abc-8def-0123456789ab".into(),
            ..decision()
        };
        for first in [decision(), vouches, training] {
            let told = fields(vec![first, form(&["why"]), decision()], Openness::Application);
            assert_eq!(told, [("items".to_owned(), "joining-path-begins")]);
        }
    }

    #[test]
    fn a_screening_has_two_to_eight_criteria_each_once() {
        let screening = |names: &[&str]| StepInput {
            kind: "screening".into(),
            name: "Penilaian".into(),
            criteria: names
                .iter()
                .map(|name| Criterion { name: (*name).into(), good: String::new(), weight: 1 })
                .collect(),
            reviewers: 2,
            ..decision()
        };
        let flaws = |input: &StepInput| {
            let refusal = step(input).unwrap_err();
            refusal.fields.into_iter().map(|flaw| (flaw.field, flaw.key)).collect::<Vec<_>>()
        };
        assert!(step(&screening(&["Motivasi", "Waktu"])).is_ok());
        assert_eq!(flaws(&screening(&["Motivasi"])), [("criteria".to_owned(), "joining-wrong-criteria")]);
        assert_eq!(flaws(&screening(&["a"; 9]))[0].1, "joining-wrong-criterion-twice");
        let mut heavy = screening(&["Motivasi", "Waktu"]);
        (heavy.criteria[1].weight, heavy.reviewers) = (4, 0);
        let told: Vec<String> = flaws(&heavy).into_iter().map(|(field, _)| field).collect();
        assert_eq!(told, ["criteria.1.weight", "reviewers"]);
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
}
