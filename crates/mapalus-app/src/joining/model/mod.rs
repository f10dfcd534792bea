//! Paths, steps, questions, applications.

pub mod acquaintance;
pub mod bulk;
pub mod consent;
pub mod figures;
pub mod file;
pub mod interview;
pub mod mine;
pub mod path;
pub mod remind;
pub mod screening;
pub mod sending;
mod step;
pub mod training;
pub mod vouch;

pub use step::{AGE, Actor, Condition, Details, Done, How, Overdue, PanelRow, Path, Step, StepKind, Test};

use crate::shell::{Lang, text};
use mapalus_core::{ApplicationId, GroupId, Millis, PathId, PersonId, StepId};
use std::collections::BTreeMap;

mapalus_core::words! {
    /// The kind of a question.
    pub enum QuestionKind {
        /// One line.
        Short = "short",
        /// Paragraphs.
        Long = "long",
        /// One of several answers.
        Choice = "choice",
        /// Any of several answers.
        Several = "several",
        /// A whole number.
        Number = "number",
        /// A day.
        Date = "date",
        /// One file, or a few.
        File = "file",
        /// A yes.
        Consent = "consent",
    }
}

impl QuestionKind {
    /// Whether an answer may be several, a line each.
    pub const fn is_list(self) -> bool {
        matches!(self, Self::Several | Self::File)
    }

    /// Whether its answers are words that people wrote, be it as a possible answer.
    pub const fn is_written(self) -> bool {
        matches!(self, Self::Short | Self::Long | Self::Choice | Self::Several)
    }
}

mapalus_core::words! {
    /// Who sees an answer, besides its applicant.
    pub enum Seen {
        /// Everybody who may review applications.
        Reviewers = "reviewers",
        /// Coordinators alone.
        Coordinators = "coordinators",
    }
}

mapalus_core::words! {
    /// The state of an application.
    pub enum ApplicationState {
        /// Not sent yet.
        Draft = "draft",
        /// Under way.
        Sent = "sent",
        /// On the waiting list.
        Waiting = "waiting",
        /// Accepted; steps may remain.
        Accepted = "accepted",
        /// Declined, with a reason.
        Declined = "declined",
        /// Withdrawn by its applicant.
        Withdrawn = "withdrawn",
    }
}

impl ApplicationState {
    /// Whether it is still under way before a decision.
    pub const fn open(self) -> bool {
        matches!(self, Self::Draft | Self::Sent | Self::Waiting)
    }
}

mapalus_core::words! {
    /// What a reviewer decides.
    pub enum Outcome {
        /// Take the applicant in.
        Accept = "accept",
        /// Do not.
        Decline = "decline",
        /// Put on the waiting list.
        Wait = "wait",
    }
}

mapalus_db::text_columns!(QuestionKind, Seen, ApplicationState, Outcome);

mapalus_db::record! {
    /// A question of a form.
    #[derive(Debug, Clone)]
    pub struct Question {
        /// The step it belongs to.
        pub step_id: StepId,
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
        /// Days after the decision when its answer is deleted.
        pub delete_days: i64,
        /// Possible answers: key, tab, text; one a line.
        pub options: String,
    }

    /// An application.
    #[derive(Debug, Clone)]
    pub struct Application {
        /// The application.
        pub id: ApplicationId,
        /// The group.
        pub group_id: GroupId,
        /// The group's part of the address.
        pub slug: String,
        /// The group's name.
        pub group_name: String,
        /// The language in which its people write.
        pub lang: Lang,
        /// When the group was closed for good.
        pub group_ended_at: Option<Millis>,
        /// The applicant.
        pub person_id: PersonId,
        /// The applicant's name.
        pub name: String,
        /// The path it walks.
        pub path_id: PathId,
        /// Of a draft that was carried over to it: the path with which it began; until it is sent.
        pub carried_from: Option<PathId>,
        /// Its state.
        pub state: ApplicationState,
        /// The place of its step.
        pub place: i64,
        /// When that step began.
        pub step_since: Millis,
        /// When it was begun.
        pub made_at: Millis,
        /// When it was sent.
        pub sent_at: Option<Millis>,
        /// When it was decided.
        pub decided_at: Option<Millis>,
        /// The reason of the decision.
        pub reason: String,
        /// Counts its changes.
        pub version: i64,
    }

    /// One's own latest application to a group.
    #[derive(Debug, Clone)]
    pub struct Own {
        /// The application.
        pub id: ApplicationId,
        /// Its state.
        pub state: ApplicationState,
    }

    /// How many applications of a group wait for its coordinators.
    #[derive(Debug, Clone)]
    pub struct Waiting {
        /// The group.
        pub group_id: GroupId,
        /// How many.
        pub count: i64,
        /// When the oldest was sent.
        pub oldest: Option<Millis>,
    }

    /// An application on the board.
    #[derive(Debug, Clone)]
    pub struct Ticket {
        /// The application.
        pub id: ApplicationId,
        /// The applicant.
        pub person_id: PersonId,
        /// The applicant's name.
        pub name: String,
        /// Its state.
        pub state: ApplicationState,
        /// When it was sent.
        pub sent_at: Option<Millis>,
        /// When it was decided.
        pub decided_at: Option<Millis>,
        /// When its step began.
        pub step_since: Millis,
        /// Counts its changes.
        pub version: i64,
        /// Kind of the first step that is open; none after the last.
        pub kind: Option<StepKind>,
        /// How many open steps are the coordinators'.
        pub theirs: i64,
        /// How many vouches count, and how many its path asks for.
        pub vouched: i64,
        /// See before.
        pub vouches_needed: i64,
        /// What a training that is open has of its own.
        pub trains: Option<Details>,
        /// Name of its step.
        pub step_name: Option<String>,
        /// Days of its step.
        pub days: Option<i64>,
    }

    /// A decision of one coordinator.
    #[derive(Debug, Clone)]
    pub struct Decision {
        /// Who decided.
        pub person_id: PersonId,
        /// Their name.
        pub name: String,
        /// What.
        pub outcome: Outcome,
        /// Why.
        pub reason: String,
        /// When.
        pub made_at: Millis,
        /// The version of the application after it.
        pub version_after: i64,
    }

    /// An application as its applicant's own data.
    #[derive(Debug, Clone)]
    pub struct OwnApplication {
        /// The application.
        pub id: ApplicationId,
        /// The group's name.
        pub group_name: String,
        /// Its state.
        pub state: ApplicationState,
        /// When it was begun.
        pub made_at: Millis,
        /// When it was sent.
        pub sent_at: Option<Millis>,
        /// When it was decided.
        pub decided_at: Option<Millis>,
        /// The reason of the decision.
        pub reason: String,
    }

    /// A decision as the own data of the one who made it.
    #[derive(Debug, Clone)]
    pub struct OwnDecision {
        /// The application.
        pub application_id: ApplicationId,
        /// The group's name.
        pub group_name: String,
        /// What it was.
        pub outcome: String,
        /// Why.
        pub reason: String,
        /// When.
        pub made_at: Millis,
    }

    /// An answer as its applicant's own data.
    #[derive(Debug, Clone)]
    pub struct OwnAnswer {
        /// The application.
        pub application_id: ApplicationId,
        /// The question.
        pub label: String,
        /// Its kind.
        pub kind: QuestionKind,
        /// The answer.
        pub value: String,
    }

    /// A stored answer.
    #[derive(Debug, Clone)]
    pub struct Answer {
        /// The step.
        pub step_id: StepId,
        /// The question.
        pub key: String,
        /// The answer; several answers a line each.
        pub value: String,
    }
}

impl Ticket {
    /// Who acts in what is open; nobody once it is decided or waits.
    pub fn actor(&self) -> Option<Actor> {
        let under_way = matches!(self.state, ApplicationState::Sent | ApplicationState::Accepted);
        match self.kind.filter(|_| under_way)? {
            _ if self.theirs > 0 => Some(Actor::Coordinators),
            // A talk with a time to take.
            StepKind::Interview => Some(Actor::Applicant),
            // The members who were asked to get to know the applicant.
            StepKind::Acquaintance => Some(Actor::Members),
            kind => Some(kind.actor()),
        }
    }

    /// Until when its step is to be done.
    pub fn due_at(&self) -> Option<Millis> {
        self.actor()?;
        Some(self.step_since.plus(self.days? * mapalus_core::time::DAY))
    }
}

/// Answers by the key of their question; several answers are several values.
pub type Answers = BTreeMap<String, Vec<String>>;

impl Question {
    /// Possible answers: key and text.
    pub fn options(&self) -> impl Iterator<Item = (&str, &str)> {
        self.options.lines().filter_map(|line| line.split_once('\t'))
    }

    /// A stored answer in words; files have names instead.
    pub fn in_words(&self, value: &str, lang: Lang) -> String {
        let label = |key: &str| {
            self.options().find(|(k, _)| *k == key).map_or_else(|| key.to_owned(), |o| o.1.to_owned())
        };
        match self.kind {
            QuestionKind::Choice | QuestionKind::Several => {
                value.lines().map(label).collect::<Vec<_>>().join(", ")
            }
            QuestionKind::Consent => crate::shell::locale::message(lang, "joining-yes", &[]),
            QuestionKind::Date => chrono::NaiveDate::parse_from_str(value, "%Y-%m-%d")
                .ok()
                .and_then(|date| date.and_hms_opt(12, 0, 0))
                .map_or_else(
                    || value.to_owned(),
                    |noon| text::day(Millis(noon.and_utc().timestamp_millis()), chrono_tz::UTC, lang),
                ),
            QuestionKind::File => String::new(),
            _ => value.to_owned(),
        }
    }
}
