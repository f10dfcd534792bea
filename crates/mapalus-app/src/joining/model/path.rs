//! A path as coordinators write it, and as it is stored once it holds.

use super::{Condition, Details, Overdue, QuestionKind, Seen, Step, StepKind, screening::Criterion};
use mapalus_core::Millis;
use serde::{Deserialize, Serialize};

/// A whole path as it is written.
#[derive(Debug, Clone, Default, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PathInput {
    /// The steps in their order, 12 at most.
    pub items: Vec<StepInput>,
    /// Set it to say that whoever walks a path without a decision shall be a member: the group is open then.
    #[serde(default)]
    pub open: bool,
}

/// A step as it is written. What does not belong to its kind is left as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StepInput {
    /// `form`, `acquaintance`, `vouch`, `screening`, `interview`, `training`, `agreement` or `decision`.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Whether it is done beside the step before it: both are open at once.
    #[serde(default)]
    pub beside: bool,
    /// When it applies; always if that is not said. Never for a decision.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub only_if: Option<ConditionInput>,
    /// Days from its beginning to its deadline, 1 to 365.
    pub days: i64,
    /// Days before the deadline when one is reminded: less than `days`.
    #[serde(default)]
    pub remind_days: i64,
    /// What follows when the deadline passes: `remind`, `close` (not for steps of coordinators) or `escalate` (not for
    /// steps that the applicant does alone).
    #[serde(default = "remind")]
    pub overdue: String,
    /// The text to accept, for an agreement.
    #[serde(default)]
    pub text: String,
    /// How many coordinators must agree, for a decision: 1 to 10.
    #[serde(default = "one")]
    pub approvals: i64,
    /// How many members must vouch, for vouches: 1 to 5; how many must have met the applicant, for acquaintances: 1 or 2.
    #[serde(default)]
    pub needed: i64,
    /// Whether one of them comes from another workplace.
    #[serde(default)]
    pub other_workplace: bool,
    /// The criteria of a screening, 2 to 8.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Criterion>,
    /// How many reviewers give their scores in a screening: 1 to 5.
    #[serde(default)]
    pub reviewers: i64,
    /// The id of the training to be passed, for a training.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub training: String,
    /// Until how many hours before an interview the applicant may choose another time: 0 to 168.
    #[serde(default)]
    pub change_hours: i64,
    /// The questions of a form, 30 at most.
    #[serde(default)]
    pub questions: Vec<QuestionInput>,
}

const fn one() -> i64 {
    1
}

fn remind() -> String {
    Overdue::Remind.to_string()
}

/// When a step applies: only if the answer to a question of an earlier form says so.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConditionInput {
    /// Key of the question: one of a form before the steps that are done beside this one, to which an answer is needed.
    /// Or `@age`: the age of the applicant, as the account says it; not in the first steps.
    pub question: String,
    /// `is` for choices; `at-least`, `at-most` or `below` for numbers.
    pub test: String,
    /// The key of a choice, or a whole number. With `@age` 18 (all minors) or 16 (those of 13 to 15), and the test `below`.
    pub value: String,
}

impl From<&Condition> for ConditionInput {
    fn from(condition: &Condition) -> Self {
        let Condition { question, test, value } = condition;
        Self { question: question.clone(), test: test.to_string(), value: value.clone() }
    }
}

/// A question as it is written.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuestionInput {
    /// Its key, one in the path: answers of drafts follow a question by its key. Small letters, digits, hyphens.
    pub key: String,
    /// `short`, `long`, `choice`, `several`, `number`, `date` or `consent`.
    pub kind: String,
    /// The question.
    pub label: String,
    /// Why it is asked.
    #[serde(default)]
    pub why: String,
    /// Whether an answer is needed.
    #[serde(default)]
    pub required: bool,
    /// `reviewers` or `coordinators`: who sees the answer.
    pub visible: String,
    /// Days after the decision when the answer is deleted, 1 to 730.
    pub delete_days: i64,
    /// Possible answers, for `choice` and `several`: 2 to 20.
    #[serde(default)]
    pub options: Vec<OptionInput>,
}

/// A possible answer.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OptionInput {
    /// Its key, which is stored.
    pub key: String,
    /// Its text.
    pub label: String,
}

impl From<(&str, &str)> for OptionInput {
    fn from((key, label): (&str, &str)) -> Self {
        Self { key: key.to_owned(), label: label.to_owned() }
    }
}

/// A step that holds.
#[derive(Debug, Clone)]
pub struct NewStep {
    /// Its kind.
    pub kind: StepKind,
    /// Its name.
    pub name: String,
    /// Whether it is done beside the step before it.
    pub beside: bool,
    /// When it applies; none if always.
    pub only_if: Option<Condition>,
    /// The text of an agreement.
    pub text: String,
    /// Days from its beginning to its deadline.
    pub days: i64,
    /// Days before the deadline when one is reminded.
    pub remind_days: i64,
    /// What follows when the deadline passes.
    pub overdue: Overdue,
    /// How many coordinators must agree.
    pub approvals: i64,
    /// How many vouches are needed.
    pub needed: i64,
    /// Whether one of them comes from another workplace.
    pub other_workplace: bool,
    /// What only steps of its kind have.
    pub details: Details,
    /// Its questions.
    pub questions: Vec<NewQuestion>,
}

/// A question that holds.
#[derive(Debug, Clone)]
pub struct NewQuestion {
    /// Its key.
    pub key: String,
    /// Its kind.
    pub kind: QuestionKind,
    /// Whether an answer is needed.
    pub required: bool,
    /// The question.
    pub label: String,
    /// Why it is asked.
    pub why: String,
    /// Who sees the answer.
    pub visible: Seen,
    /// Days after the decision when the answer is deleted.
    pub delete_days: i64,
    /// Possible answers: key, tab, text; one a line.
    pub options: String,
}

mapalus_db::record! {
    /// A change of a path that coordinators prepare.
    #[derive(Debug, Clone)]
    pub struct PathDraft {
        /// The steps as [`StepInput`]s in JSON.
        pub body: String,
        /// The number of the path it changes.
        pub based_on: i64,
        /// When it was changed last.
        pub changed_at: Millis,
        /// Who did.
        pub name: Option<String>,
        /// Counts its changes.
        pub version: i64,
    }

    /// How many walk a group's paths.
    #[derive(Debug, Clone, Copy, Default)]
    pub struct Walking {
        /// Applications that were not sent yet: they follow a change.
        pub drafts: i64,
        /// Applications under way: they keep the path with which they began.
        pub sent: i64,
    }
}

/// A path under change: what its coordinators prepare, or the one in use.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The steps.
    pub steps: Vec<StepInput>,
    /// The number of the path in use; 0 if there is none.
    pub number: i64,
    /// Since when it is in use.
    pub since: Millis,
    /// What is prepared but not in use yet.
    pub draft: Option<PathDraft>,
}

impl Prepared {
    /// Counts the changes that are prepared; 0 if there are none.
    pub fn version(&self) -> i64 {
        self.draft.as_ref().map_or(0, |draft| draft.version)
    }

    /// Whether the path in use was replaced after the change was begun.
    pub fn outdated(&self) -> bool {
        self.draft.as_ref().is_some_and(|draft| draft.based_on != self.number)
    }
}

impl StepInput {
    /// A stored step as it would be written.
    pub fn of(path: &super::Path, step: &Step) -> Self {
        let question = |q: &super::Question| QuestionInput {
            key: q.key.clone(),
            kind: q.kind.word().to_owned(),
            label: q.label.clone(),
            why: q.why.clone(),
            required: q.required,
            visible: q.visible.word().to_owned(),
            delete_days: q.delete_days,
            options: q.options().map(OptionInput::from).collect(),
        };
        Self {
            kind: step.kind.word().to_owned(),
            name: step.name.clone(),
            beside: path.is_beside(step),
            only_if: step.only_if.as_ref().map(ConditionInput::from),
            days: step.days,
            remind_days: step.remind_days,
            overdue: step.overdue.to_string(),
            text: step.text.clone(),
            approvals: step.approvals,
            needed: step.needed,
            other_workplace: step.other_workplace,
            criteria: step.details.criteria.clone(),
            reviewers: step.details.reviewers,
            training: step.details.training.map_or_else(String::new, |training| training.to_string()),
            change_hours: step.details.change_hours,
            questions: path.questions_of(step.id).map(question).collect(),
        }
    }
}

mapalus_core::words! {
    /// What is done to a step or question as a whole.
    pub enum Shift {
        /// One place up.
        Up = "up",
        /// One place down.
        Down = "down",
        /// Away.
        Remove = "remove",
    }
}

/// A step as the form of its page sends it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepForm {
    /// Its kind.
    pub kind: String,
    /// Its name.
    #[serde(default)]
    pub name: String,
    /// Its text.
    #[serde(default)]
    pub text: String,
    /// Days to its deadline.
    #[serde(default)]
    pub days: String,
    /// Days before the deadline.
    #[serde(default)]
    pub remind_days: String,
    /// What follows when the deadline passes.
    #[serde(default)]
    pub overdue: String,
    /// Whether it is done beside the step before it.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub beside: bool,
    /// Its condition: key of the question, test, and the key of a choice; of a number the test alone.
    #[serde(default)]
    pub only_if: String,
    /// The number of a condition.
    #[serde(default)]
    pub if_number: String,
    /// How many coordinators.
    #[serde(default)]
    pub approvals: String,
    /// How many members.
    #[serde(default)]
    pub needed: String,
    /// Whether one is from another workplace.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub other_workplace: bool,
    /// Names of criteria.
    #[serde(default)]
    pub criterion: Vec<String>,
    /// What good looks like, for each.
    #[serde(default)]
    pub good: Vec<String>,
    /// The weight of each.
    #[serde(default)]
    pub weight: Vec<String>,
    /// How many reviewers.
    #[serde(default)]
    pub reviewers: String,
    /// Which training.
    #[serde(default)]
    pub training: String,
    /// How many hours.
    #[serde(default)]
    pub change_hours: String,
    /// The version of the change that was seen.
    pub version: i64,
}

/// A question as the form of its page sends it.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionForm {
    /// Its kind.
    #[serde(default)]
    pub kind: String,
    /// The question.
    #[serde(default)]
    pub label: String,
    /// Why it is asked.
    #[serde(default)]
    pub why: String,
    /// Whether an answer is needed.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub required: bool,
    /// Who sees the answer.
    #[serde(default)]
    pub visible: String,
    /// Days after the decision.
    #[serde(default)]
    pub delete_days: String,
    /// Possible answers, one a line.
    #[serde(default)]
    pub options: String,
    /// The version of the change that was seen.
    pub version: i64,
}
