//! Steps, the path they make, and how far an application has walked it.

use super::{Answer, Application, Question, QuestionKind, Seen, screening::Criterion};
use mapalus_core::{ApplicationId, Millis, StepId, TrainingId, time::DAY};
use mapalus_db::{DbError, FromRow, Row};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

mapalus_core::words! {
    /// The kind of a step.
    pub enum StepKind {
        /// The applicant answers questions.
        Form = "form",
        /// Coordinators bring the applicant and members together.
        Acquaintance = "acquaintance",
        /// Members speak for the applicant.
        Vouch = "vouch",
        /// Coordinators score the applicant by criteria.
        Screening = "screening",
        /// The applicant takes part in a training and passes it.
        Training = "training",
        /// The applicant takes one of the times that are offered, and coordinators talk with them.
        Interview = "interview",
        /// The applicant accepts a text.
        Agreement = "agreement",
        /// The coordinators decide.
        Decision = "decision",
    }
}

impl StepKind {
    /// Who acts in a step of this kind.
    pub const fn actor(self) -> Actor {
        match self {
            Self::Form | Self::Training | Self::Agreement => Actor::Applicant,
            Self::Vouch => Actor::Members,
            // The members whom they ask act later.
            Self::Acquaintance | Self::Screening | Self::Decision => Actor::Coordinators,
            Self::Interview => Actor::Both,
        }
    }

    /// Whether the applicant does it alone: with such a step an application begins.
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Form | Self::Agreement)
    }

    /// Whether it may be the coordinators' turn in a step of this kind.
    pub const fn asks_coordinators(self) -> bool {
        matches!(self.actor(), Actor::Coordinators | Actor::Both)
    }

    /// Whether the applicant has to do with an open step of this kind, or sees more of it than whose turn it is.
    pub const fn concerns_applicant(self) -> bool {
        !matches!(self, Self::Screening | Self::Decision)
    }

    /// Whether several of this kind may be open beside one another: what is done in them says of which it is.
    pub const fn several(self) -> bool {
        matches!(self, Self::Form | Self::Agreement)
    }
}

mapalus_core::words! {
    /// Who acts in a step.
    pub enum Actor {
        /// The applicant.
        Applicant = "applicant",
        /// The members who are asked.
        Members = "members",
        /// The coordinators.
        Coordinators = "coordinators",
        /// The applicant and the coordinators, one after the other.
        Both = "both",
    }
}

mapalus_core::words! {
    /// What follows when the deadline of a step passes.
    pub enum Overdue {
        /// Who owes it is reminded.
        Remind = "remind",
        /// The application ends; its applicant is told and may begin again.
        Close = "close",
        /// Those who run the group are told too.
        Escalate = "escalate",
    }
}

impl Overdue {
    /// Whether a step of this kind may say so: what others leave undone ends nobody's application, but that members
    /// who were asked do not answer may; and an applicant is not reported to anybody, but where others act too.
    pub const fn fits(self, kind: StepKind) -> bool {
        match self {
            Self::Remind => true,
            Self::Close => !matches!(kind.actor(), Actor::Coordinators),
            Self::Escalate => !kind.is_own(),
        }
    }
}

mapalus_core::words! {
    /// How an answer is held against a condition.
    pub enum Test {
        /// It is this choice, or this one is among its choices.
        Is = "is",
        /// It is this number or more.
        AtLeast = "at-least",
        /// It is this number or less.
        AtMost = "at-most",
        /// It is less than this number.
        Below = "below",
    }
}

impl Test {
    /// Whether answers to a question of this kind can be tested so.
    pub const fn fits(self, kind: QuestionKind) -> bool {
        match self {
            Self::Is => matches!(kind, QuestionKind::Choice | QuestionKind::Several),
            Self::AtLeast | Self::AtMost | Self::Below => matches!(kind, QuestionKind::Number),
        }
    }
}

/// When a step applies: only if the answer to a question of an earlier form says so, or the age of the applicant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Condition {
    /// Key of the question.
    pub question: String,
    /// How its answer is held against the value.
    pub test: Test,
    /// Key of a choice, or a number.
    pub value: String,
}

/// In the place of a question: the age of the applicant, as the account says it.
pub const AGE: &str = "@age";

impl Condition {
    /// Whether it looks at the age of the applicant, not at an answer.
    pub fn is_age(&self) -> bool {
        self.question == AGE
    }

    /// Whether a step applies to somebody of at least that age; an adult has none.
    pub fn met_by_age(&self, least_age: Option<i64>) -> bool {
        let below: i64 = self.value.parse().unwrap_or(i64::MAX);
        least_age.is_some_and(|age| age < below)
    }

    /// Whether an answer, several choices a line each, meets it. Where there is none, the step applies: whoever lets a
    /// form be skipped has not said that what follows from it is not needed.
    pub fn met(&self, answer: Option<&str>) -> bool {
        let Some(answer) = answer else {
            return true;
        };
        let number = |test: fn(i64, i64) -> bool| match (answer.parse(), self.value.parse()) {
            (Ok(answer), Ok(value)) => test(answer, value),
            _ => true,
        };
        match self.test {
            Test::Is => answer.lines().any(|choice| choice == self.value),
            Test::AtLeast => number(|answer, value| answer >= value),
            Test::AtMost => number(|answer, value| answer <= value),
            Test::Below => number(|answer, value| answer < value),
        }
    }
}

impl fmt::Display for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.question, self.test, self.value)
    }
}

impl FromStr for Condition {
    type Err = mapalus_core::membership::UnknownWord;

    /// Keys and numbers hold no space.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut parts = text.splitn(3, ' ').map(str::to_owned);
        match (parts.next(), parts.next(), parts.next()) {
            (Some(question), Some(test), Some(value)) => Ok(Self { question, test: test.parse()?, value }),
            _ => Err(mapalus_core::membership::UnknownWord),
        }
    }
}

/// What only steps of one kind have. It is stored as JSON: no kind knows the columns of another.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    /// The criteria of a screening.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Criterion>,
    /// How many reviewers give their scores in a screening.
    pub reviewers: i64,
    /// Which training is to be passed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<TrainingId>,
    /// Until how many hours before an interview its applicant may choose another time.
    pub change_hours: i64,
}

impl fmt::Display for Details {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&serde_json::to_string(self).map_err(|_| fmt::Error)?)
    }
}

impl FromStr for Details {
    type Err = serde_json::Error;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        serde_json::from_str(text)
    }
}

mapalus_core::words! {
    /// How a step came to be behind an application.
    pub enum How {
        /// It was done.
        Done = "done",
        /// A coordinator skipped it, with a reason.
        Skipped = "skipped",
        /// It does not apply: an answer says so.
        Spared = "spared",
    }
}

mapalus_db::text_columns!(StepKind, Overdue, Condition, Details, How);

mapalus_db::record! {
    /// A step of a path.
    #[derive(Debug, Clone)]
    pub struct Step {
        /// The step.
        pub id: StepId,
        /// Its place in the path, from 0.
        pub place: i64,
        /// The block to which it belongs, from 0: all steps of a block are done beside one another.
        pub block: i64,
        /// When it applies; none if always.
        pub only_if: Option<Condition>,
        /// Its kind.
        pub kind: StepKind,
        /// Its name.
        pub name: String,
        /// The text of an agreement; empty otherwise.
        pub text: String,
        /// Days from its beginning to its deadline.
        pub days: i64,
        /// Days before the deadline when one is reminded.
        pub remind_days: i64,
        /// What follows when the deadline passes.
        pub overdue: Overdue,
        /// How many coordinators must agree to accept.
        pub approvals: i64,
        /// How many vouches are needed.
        pub needed: i64,
        /// Whether one of them comes from another workplace.
        pub other_workplace: bool,
        /// What only steps of its kind have.
        pub details: Details,
    }

    /// A step that is behind an application: done, skipped, or not needed.
    #[derive(Debug, Clone)]
    pub struct Done {
        /// The step.
        pub step_id: StepId,
        /// When.
        pub done_at: Millis,
        /// How.
        pub how: How,
        /// Why a coordinator skipped it; empty otherwise.
        pub skipped_for: String,
    }
}

/// A step of a group's newest path, with one's latest application to the group, and whether something was decided on
/// that which is not told yet.
pub struct PanelRow(pub Step, pub Option<super::Own>, pub bool);

impl FromRow for PanelRow {
    fn from_row(row: &Row<'_>) -> Result<Self, DbError> {
        let (id, state): (Option<ApplicationId>, Option<super::ApplicationState>) =
            (row.get("own_id")?, row.get("own_state")?);
        let held: Option<Millis> = row.get("held_at")?;
        let own = id.zip(state).map(|(id, state)| super::Own { id, state });
        Ok(Self(Step::from_row(row)?, own, held.is_some()))
    }
}

impl Step {
    /// Who acts in it.
    pub const fn actor(&self) -> Actor {
        self.kind.actor()
    }

    /// When it is due if it began then.
    pub const fn due(&self, since: Millis) -> Millis {
        since.plus(self.days * DAY)
    }
}

/// A path with its questions; of an application also what of it is behind.
#[derive(Debug, Clone)]
pub struct Path {
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// The questions of all its forms, in their order.
    pub questions: Vec<Question>,
    /// Of an application: the steps that are behind it.
    pub done: Vec<Done>,
}

impl Path {
    /// The step at a place; none after the last.
    pub fn at(&self, place: i64) -> Option<&Step> {
        self.steps.iter().find(|step| step.place == place)
    }

    /// A step of it.
    pub fn step(&self, id: StepId) -> Option<&Step> {
        self.steps.iter().find(|step| step.id == id)
    }

    /// What became of a step, if it is behind.
    pub fn behind(&self, id: StepId) -> Option<&Done> {
        self.done.iter().find(|done| done.step_id == id)
    }

    /// The steps that are open at a place: those of its block that are not behind. The place is that of the first one.
    pub fn open_at(&self, place: i64) -> impl Iterator<Item = &Step> {
        let block = self.at(place).map(|step| step.block);
        self.steps.iter().filter(move |step| Some(step.block) == block && self.behind(step.id).is_none())
    }

    /// The steps of which it is the turn in an application that stands so. Until it is sent, nobody but its applicant has
    /// to do with it; once it has ended or waits, nobody has.
    pub fn open(&self, application: &Application) -> impl Iterator<Item = &Step> {
        use super::ApplicationState::{Accepted, Draft, Sent};
        let state = application.state;
        self.open_at(application.place).filter(move |step| match state {
            Draft => step.kind.is_own(),
            Sent | Accepted => true,
            _ => false,
        })
    }

    /// Whether a step is done beside the one before it.
    pub fn is_beside(&self, step: &Step) -> bool {
        self.steps.iter().any(|before| before.place < step.place && before.block == step.block)
    }

    /// The questions of a step.
    pub fn questions_of(&self, step: StepId) -> impl Iterator<Item = &Question> {
        self.questions.iter().filter(move |question| question.step_id == step)
    }

    /// Whether a form of it asks for files.
    pub fn asks_for_files(&self) -> bool {
        self.questions.iter().any(|question| question.kind == QuestionKind::File)
    }

    /// Whether only coordinators, and not every reviewer, see an answer.
    pub fn is_for_coordinators(&self, answer: &Answer) -> bool {
        let of = self.questions.iter().find(|q| q.step_id == answer.step_id && q.key == answer.key);
        of.is_none_or(|question| question.visible == Seen::Coordinators)
    }

    /// Whether coordinators decide at this place or later.
    pub fn decides_from(&self, place: i64) -> bool {
        self.steps.iter().any(|step| step.kind == StepKind::Decision && step.place >= place)
    }
}
