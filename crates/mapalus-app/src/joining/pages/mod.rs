//! Pages of joining.

pub mod acquaintance;
pub mod board;
pub mod bulk;
pub mod consent;
pub mod figures;
pub mod file;
pub mod interview;
pub mod invited;
pub mod join;
pub mod meeting;
pub mod mine;
pub mod path;
pub mod review;
mod sample;
pub mod screening;
pub mod send;
pub mod training;
pub mod vouch;
pub mod withdraw;

use super::model::{Application, Condition, How, Overdue, Path, Question, QuestionKind, Step};
use crate::shell::{Choice, Frame};
use mapalus_core::{FileId, Millis, StepId};

/// A step as its applicant and its reviewers see it.
#[derive(Debug, Clone)]
pub struct StepLine {
    /// The step.
    pub id: StepId,
    /// What it waits for, in words, where it is nobody's turn now; empty otherwise.
    pub at: String,
    /// Its name.
    pub name: String,
    /// `done`, `now`, `next`, `spared` or `declined`.
    pub state: &'static str,
    /// Who acts.
    pub actor: super::model::Actor,
    /// When it was done.
    pub done_at: Option<Millis>,
    /// Until when it is due, if it is open.
    pub due_at: Option<Millis>,
    /// Days it takes at most.
    pub days: i64,
    /// Why a coordinator skipped it; empty for one that was done.
    pub skipped_for: String,
    /// When it applies, in words; empty if always, and once that is settled for it.
    pub only_if: String,
    /// Whether it is done beside the one before it.
    pub beside: bool,
    /// Whether the application ends when its deadline passes.
    pub closes: bool,
}

/// A condition in words.
pub(super) fn condition_words(f: &Frame, path: &Path, condition: &Condition) -> String {
    if condition.is_age() {
        return f.word("joining-if-under", &condition.value);
    }
    let asked = path.questions.iter().find(|question| question.key == condition.question);
    let label = asked.map_or("", |question| question.label.as_str());
    let value = asked.map_or_else(String::new, |question| question.in_words(&condition.value, f.language()));
    f.t2(format!("joining-if-{}", condition.test), "question", label, "value", value.as_str())
}

/// The steps of an application, each with where it stands.
pub(super) fn lines(f: &Frame, application: &Application, path: &Path) -> Vec<StepLine> {
    use super::model::ApplicationState::{Declined, Withdrawn};
    let ended = matches!(application.state, Declined | Withdrawn);
    let line = |step: &Step| {
        let done = path.behind(step.id);
        let spared = done.is_some_and(|done| done.how == How::Spared);
        let done_at = done.filter(|_| !spared).map(|done| done.done_at);
        let present = path.open_at(application.place).any(|open| open.id == step.id);
        let state = match () {
            () if spared => "spared",
            () if done_at.is_some() => "done",
            () if present && ended => "declined",
            () if present => "now",
            () => "next",
        };
        let due_at = (state == "now").then(|| step.due(application.step_since));
        let skipped_for = done.map_or(String::new(), |done| done.skipped_for.clone());
        let (name, actor, days) = (step.name.clone(), step.actor(), step.days);
        let told = step.only_if.as_ref().filter(|_| matches!(state, "spared" | "next"));
        StepLine {
            id: step.id,
            at: String::new(),
            name,
            state,
            actor,
            done_at,
            due_at,
            days,
            skipped_for,
            only_if: told.map_or_else(String::new, |condition| condition_words(f, path, condition)),
            beside: path.is_beside(step),
            closes: state == "now" && step.overdue == Overdue::Close,
        }
    };
    path.steps.iter().map(line).collect()
}

/// A question with its possible answers, as a form's field.
#[derive(Debug, Clone)]
pub struct Field {
    /// Name of the field.
    pub name: String,
    /// Kind of the question.
    pub kind: &'static str,
    /// The question.
    pub label: String,
    /// Why it is asked.
    pub why: String,
    /// What our own words say of it: who sees the answer, and until when it is kept.
    pub note: String,
    /// Whether an answer is needed.
    pub required: bool,
    /// Possible answers.
    pub options: Vec<Choice>,
    /// The files that stand there.
    pub files: Vec<file::FileLine>,
    /// Whether there is room for one more.
    pub room: bool,
    /// Whether it came to the form after its applicant saw it last.
    pub new: bool,
}

/// A question as a form's field.
pub(super) fn field(f: &Frame, question: &Question) -> Field {
    let kept = f.t1("joining-kept", "days", question.delete_days);
    let kept = format!("{}. {kept}", f.word("joining-seen", question.visible));
    let limits = (question.kind == QuestionKind::File)
        .then(|| f.t1("joining-file-limits", "most", super::rules::file::MOST_FILES));
    let note = [limits, Some(kept)].into_iter().flatten().collect::<Vec<_>>().join(" ");
    Field {
        name: question.key.clone(),
        kind: match question.kind {
            QuestionKind::Number => "number",
            other => other.word(),
        },
        label: question.label.clone(),
        why: question.why.clone(),
        note,
        required: question.required,
        options: question.options().map(|(key, text)| Choice::new(key, text)).collect(),
        files: Vec::new(),
        room: true,
        new: false,
    }
}

/// An answer in words.
#[derive(Debug, Clone)]
pub struct AnswerLine {
    /// The question.
    pub label: String,
    /// The answer.
    pub answer: String,
    /// Whether people wrote it: it is in their language then.
    pub written: bool,
    /// The files that it names.
    named: Vec<FileId>,
    /// Those files.
    pub files: Vec<file::FileLine>,
}

/// The answers of an application in words, in the order of the questions.
pub(super) fn answer_lines(f: &Frame, path: &Path, answers: &[super::model::Answer]) -> Vec<AnswerLine> {
    let line = |question: &Question| {
        let answer = answers.iter().find(|a| a.step_id == question.step_id && a.key == question.key)?;
        Some(AnswerLine {
            label: question.label.clone(),
            answer: question.in_words(&answer.value, f.language()),
            written: question.kind.is_written(),
            named: match question.kind {
                QuestionKind::File => super::model::file::ids(&answer.value).collect(),
                _ => Vec::new(),
            },
            files: Vec::new(),
        })
    };
    path.questions.iter().filter_map(line).collect()
}

/// The steps of a path, for samples.
pub fn sample_steps() -> Vec<Step> {
    sample::path().steps
}
