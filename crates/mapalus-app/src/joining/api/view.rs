//! What goes over the wire: steps, applications, lists; and what comes back.

use super::super::model::{
    Actor, Answers, Application, ApplicationState, Overdue, Path, Question, QuestionKind, Seen, Step,
    StepKind, Ticket,
    file::FileView,
    mine::Stand,
    path::{ConditionInput, OptionInput},
    screening::Criterion,
    training::CourseView,
    vouch::VouchState,
};
use crate::{groups::Group, people::profile::ProfileView, shell::text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A step as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StepView {
    /// The step's id.
    pub id: String,
    /// Its place, from 0.
    pub place: i64,
    /// `form`, `acquaintance`, `vouch`, `screening`, `interview`, `training`, `agreement` or `decision`.
    #[schema(value_type = String)]
    pub kind: StepKind,
    /// Its name.
    pub name: String,
    /// Whether it is done beside the step before it: both are open at once.
    pub beside: bool,
    /// When it applies; always if that is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_if: Option<ConditionInput>,
    /// Who acts: `applicant`, `members`, `coordinators` or `both`, one after the other.
    #[schema(value_type = String)]
    pub actor: Actor,
    /// Days from its beginning to its deadline.
    pub days: i64,
    /// Days before the deadline when one is reminded.
    pub remind_days: i64,
    /// What follows when the deadline passes: `remind`, `close` or `escalate`.
    #[schema(value_type = String)]
    pub overdue: Overdue,
    /// How many coordinators must agree.
    pub approvals: i64,
    /// Vouches that are needed, or members who must have met the applicant.
    pub needed: i64,
    /// Whether one of them comes from another workplace.
    pub other_workplace: bool,
    /// The text to accept, for an agreement.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The criteria, for a screening.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub criteria: Vec<Criterion>,
    /// How many reviewers give their scores, for a screening.
    pub reviewers: i64,
    /// The id of the training to be passed, for a training.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub training: Option<String>,
    /// Until how many hours before it another time may be chosen, for an interview.
    pub change_hours: i64,
    /// The questions, for a form.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub questions: Vec<QuestionView>,
}

/// A question as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct QuestionView {
    /// Its key: under it the answer is sent.
    pub key: String,
    /// Its kind.
    #[schema(value_type = String)]
    pub kind: QuestionKind,
    /// Whether an answer is needed.
    pub required: bool,
    /// The question.
    pub label: String,
    /// Why it is asked.
    pub why: String,
    /// Days after the decision when its answer is deleted.
    pub delete_days: i64,
    /// Who sees the answer: `reviewers` or `coordinators`.
    #[schema(value_type = String)]
    pub visible: Seen,
    /// Possible answers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<OptionInput>,
}

impl StepView {
    /// A step with its questions.
    pub fn new(path: &Path, step: &Step) -> Self {
        let question = |q: &Question| QuestionView {
            key: q.key.clone(),
            kind: q.kind,
            required: q.required,
            label: q.label.clone(),
            why: q.why.clone(),
            delete_days: q.delete_days,
            visible: q.visible,
            options: q.options().map(OptionInput::from).collect(),
        };
        Self {
            id: step.id.to_string(),
            place: step.place,
            kind: step.kind,
            name: step.name.clone(),
            beside: path.is_beside(step),
            only_if: step.only_if.as_ref().map(ConditionInput::from),
            actor: step.actor(),
            days: step.days,
            remind_days: step.remind_days,
            overdue: step.overdue,
            approvals: step.approvals,
            needed: step.needed,
            other_workplace: step.other_workplace,
            text: step.text.clone(),
            criteria: step.details.criteria.clone(),
            reviewers: step.details.reviewers,
            training: step.details.training.map(|training| training.to_string()),
            change_hours: step.details.change_hours,
            questions: path.questions_of(step.id).map(question).collect(),
        }
    }
}

/// An application as the API shows it.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ApplicationView {
    /// The application's id.
    pub id: String,
    /// The group.
    pub group: AppliedTo,
    /// The applicant.
    pub applicant: Applicant,
    /// `draft`, `sent`, `waiting`, `accepted`, `declined` or `withdrawn`.
    #[schema(value_type = String)]
    pub state: ApplicationState,
    /// The place of the first step that is open; beyond the last when all is done.
    pub place: i64,
    /// The ids of the steps that are open: all of them are done beside one another.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// Who acts next; nobody when it has ended, or while an interview is to come.
    #[schema(value_type = Option<String>)]
    pub next: Option<Actor>,
    /// Until when, RFC 3339 in UTC.
    pub due_at: Option<String>,
    /// When it was sent, RFC 3339 in UTC.
    pub sent_at: Option<String>,
    /// When it was decided, RFC 3339 in UTC.
    pub decided_at: Option<String>,
    /// The reason of the decision.
    pub reason: String,
    /// The version: send it as If-Match.
    pub version: i64,
    /// The path.
    pub steps: Vec<StepView>,
    /// Why steps were skipped, by step id.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub skipped: BTreeMap<String, String>,
    /// The ids of steps that do not apply: an answer says so.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub spared: Vec<String>,
    /// Whom the applicant asked to vouch.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub vouches: Vec<VouchView>,
    /// Whether one of them comes from another workplace, where the path asks for it; for reviewers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub from_elsewhere: Option<bool>,
    /// What reviewers gave; for reviewers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub screenings: Vec<super::screening::ScreeningView>,
    /// The training that is open, as the applicant stands to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub course: Option<CourseView>,
    /// The interviews, oldest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub interviews: Vec<super::interview::InterviewView>,
    /// The members who get to know the applicant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub acquaintances: Vec<super::acquaintance::AcquaintanceView>,
    /// What the applicant tells of themselves, as their groups see it; for reviewers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profile: Option<ProfileView>,
    /// The answers by step id and question key; of files their ids.
    pub answers: BTreeMap<String, Answers>,
    /// The files that answers name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub files: Vec<FileView>,
}

/// The group to which somebody applies.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct AppliedTo {
    /// The group's id.
    pub id: String,
    /// Its part of the address.
    pub slug: String,
    /// Its name.
    pub name: String,
}

impl From<&Application> for AppliedTo {
    fn from(application: &Application) -> Self {
        let Application { group_id, slug, group_name, .. } = application;
        Self { id: group_id.to_string(), slug: slug.clone(), name: group_name.clone() }
    }
}

impl From<&Group> for AppliedTo {
    fn from(group: &Group) -> Self {
        Self { id: group.id.to_string(), slug: group.slug.clone(), name: group.name.clone() }
    }
}

/// Who applies.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Applicant {
    /// The person's id.
    pub id: String,
    /// Their name.
    pub name: String,
}

impl From<&Application> for Applicant {
    fn from(application: &Application) -> Self {
        Self { id: application.person_id.to_string(), name: application.name.clone() }
    }
}

/// A list of applications.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TicketList {
    /// The applications.
    pub items: Vec<TicketView>,
    /// Cursor of the next page: give it as `after`.
    pub next: Option<String>,
}

/// An application in a list.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TicketView {
    /// The application's id.
    pub id: String,
    /// The group.
    pub group: AppliedTo,
    /// The applicant.
    pub applicant: Applicant,
    /// Its state.
    #[schema(value_type = String)]
    pub state: ApplicationState,
    /// When it was sent, RFC 3339 in UTC.
    pub sent_at: Option<String>,
    /// The version: send it as If-Match.
    pub version: i64,
    /// The step that is open, where it is under way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stand: Option<StandView>,
    /// The vouches that were given, where the path asks for any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vouches: Option<VouchesView>,
}

/// The step at which an application stands.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct StandView {
    /// Its number among those that apply, from 1; in a group's list it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<i64>,
    /// How many apply; in a group's list it is left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub count: Option<i64>,
    /// Who acts; nobody while an interview is to come.
    #[schema(value_type = Option<String>)]
    pub next: Option<Actor>,
    /// Until when, RFC 3339 in UTC.
    pub due_at: Option<String>,
}

/// How many vouches were given.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VouchesView {
    /// Those that count.
    pub given: i64,
    /// Those that the path asks for.
    pub needed: i64,
}

impl TicketView {
    /// An application to this group.
    pub fn to(group: &AppliedTo, ticket: Ticket) -> Self {
        let due_at = ticket.due_at().map(text::machine);
        Self {
            stand: ticket.actor().map(|next| StandView {
                number: None,
                count: None,
                next: Some(next),
                due_at,
            }),
            vouches: (ticket.vouches_needed > 0)
                .then_some(VouchesView { given: ticket.vouched, needed: ticket.vouches_needed }),
            id: ticket.id.to_string(),
            group: group.clone(),
            applicant: Applicant { id: ticket.person_id.to_string(), name: ticket.name },
            state: ticket.state,
            sent_at: ticket.sent_at.map(text::machine),
            version: ticket.version,
        }
    }
}

impl TicketView {
    /// One's own application, with where it stands.
    pub fn of(application: &Application, stand: Option<&Stand>) -> Self {
        let stand = stand.map(|stand| StandView {
            number: Some(stand.number),
            count: Some(stand.count),
            next: stand.actor,
            due_at: Some(text::machine(stand.due_at)),
        });
        Self {
            stand,
            vouches: None,
            id: application.id.to_string(),
            group: application.into(),
            applicant: application.into(),
            state: application.state,
            sent_at: application.sent_at.map(text::machine),
            version: application.version,
        }
    }
}

/// Of which step a call speaks.
#[derive(Debug, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
pub struct StepQuery {
    /// The id of the step; without it the first of its kind that is open.
    #[serde(default)]
    pub step: String,
}

/// Answers of a form.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswersInput {
    /// The id of the form; without it the first that is open.
    #[serde(default)]
    pub step: String,
    /// Answers by the key of their question; a list for several answers, `["yes"]` for a consent.
    #[serde(default)]
    pub answers: Answers,
}

/// Why a decision is as it is.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReasonInput {
    /// The reason in words; needed for a decline.
    #[serde(default)]
    pub reason: String,
}

/// A request to vouch as the API shows it with its application.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VouchView {
    /// Its id.
    pub id: String,
    /// Whom the applicant asked: what was typed, until the member has given.
    pub name: String,
    /// `asked`, `given`, `declined`, `cancelled` or `withdrawn`.
    #[schema(value_type = String)]
    pub state: VouchState,
    /// Until when it may be answered, RFC 3339 in UTC.
    pub ends_at: String,
    /// How the member knows the applicant; for reviewers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub relation: String,
    /// How long; for reviewers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub known: String,
    /// More in words; for reviewers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}
