//! Joining: a group's path, and the applications that walk it.
//!
//! Words: a *path* is an ordered list of *steps*; a change makes a new path, and open applications keep
//! theirs. Steps of one *block* are open at once; a step that does not apply is *spared*; done, skipped or spared, it is
//! *behind* an application. An *application* is a draft until its first step is sent; then it is sent, on the waiting
//! list, accepted, declined or withdrawn. Each step has one who acts: the applicant, the
//! members who are asked to *vouch*, or the coordinators; in a *training* the applicant and those who train by turns.
//! Owns: `paths`, `path_drafts`, `steps`, `questions`, `applications`, `done_steps`, `scores`, `answers`, `files`,
//! `file_parts`, `decisions`, `vouches`, `vouchers`, `reminders`, `spared`, `interview_slots`, `interviews`,
//! `acquaintances`, `consents`, `sendings`. Emits: `JoiningHeld`, `JoiningAgreed`, `JoiningRefused`, `StepDue`,
//! `VouchDue`, `VouchEnded`, `InterviewOffered`, `InterviewSet`, `InterviewOff`, `InterviewWanted`, `InterviewMissed`,
//! `InterviewDue`, `AcquaintanceAsked`, `AcquaintanceChanged`, `AcquaintanceOff`, `AcquaintanceAgreed`,
//! `AcquaintanceDeclined`, `ApplicationSent`, `ApplicationAccepted`, `ApplicationDeclined`, `ApplicationWaits`,
//! `ApplicationMoved`, `ApplicationWithdrawn`, `ApplicationLapsed`, `DraftEnds`, `StepEscalated`, `PathChanged`,
//! `DraftsCarried`, `DraftsLeft`, `VouchAsked`, `VouchGiven`, `VouchDeclined`, `VouchWithdrawn`.
//!
//! Published to slices above: `applications.id`, `applications.state`.

pub(crate) mod actions;
pub(crate) mod api;
pub(crate) mod flow;
pub mod model;
pub mod notice;
mod own;
pub mod pages;
mod queries;
mod routes;
pub mod rules;

pub(crate) use actions::ended::settle as settle_ended;
pub use actions::remind::remind;
pub use model::{Application, Path, Step};
pub(crate) use own::{data_of, files_of};
pub use own::{forget, sweep, sweep_files};
pub use pages::{
    board::BoardPage,
    bulk::BulkPage,
    figures::FiguresPage,
    mine::{MinePage, OnePage},
    review::ReviewPage,
};
pub use queries::{
    STATEMENTS, acquaintance::STATEMENTS as ACQUAINTANCE_STATEMENTS,
    consent::STATEMENTS as CONSENT_STATEMENTS, figures::STATEMENTS as FIGURES_STATEMENTS,
    file::STATEMENTS as FILE_STATEMENTS, interview::STATEMENTS as INTERVIEW_STATEMENTS,
    path::STATEMENTS as PATH_STATEMENTS, remind::STATEMENTS as REMIND_STATEMENTS,
    screening::STATEMENTS as SCREENING_STATEMENTS, sending::STATEMENTS as SENDING_STATEMENTS,
    spared::STATEMENTS as SPARED_STATEMENTS, vouch::STATEMENTS as VOUCH_STATEMENTS,
};
pub use routes::routes;

use crate::shell::{AppError, Cx, Work};
use mapalus_core::{
    ApplicationId, Denied, GroupId, Millis, PathId, Permissions, PersonId, Refusal, Standing,
};
use mapalus_db::{DbError, Tx, params};
use std::collections::HashMap;

/// What the group's page shows of joining: the path, and one's own latest application.
pub struct Panel {
    /// The steps in their order.
    pub steps: Vec<Step>,
    /// The latest application of the one who asks.
    pub own: Option<model::Own>,
    /// Whether something was decided on it that is not told yet.
    pub held: bool,
}

/// What the group's page shows of joining: one statement.
///
/// # Errors
/// The database's error.
pub fn panel(tx: &mut Tx<'_>, cx: &Cx, group: GroupId, person: Option<PersonId>) -> Result<Panel, DbError> {
    let (now, undo_millis) = undoing(cx);
    let rows: Vec<model::PanelRow> =
        tx.all(&queries::PANEL, &params![group, person, now.plus(-undo_millis)])?;
    let own = rows.first().and_then(|row| row.1.clone());
    let held = rows.first().is_some_and(|row| row.2);
    Ok(Panel { steps: rows.into_iter().map(|row| row.0).collect(), own, held })
}

/// Which steps ask for more vouches than there are members who may give them, and how many those are: one statement, none
/// where no step asks for vouches.
///
/// # Errors
/// The database's error.
pub fn few_givers(
    tx: &mut Tx<'_>,
    group: GroupId,
    steps: &[Step],
    now: Millis,
) -> Result<Option<rules::vouch::FewGivers>, DbError> {
    let asked = || steps.iter().map(|step| (Some(step.kind), step.needed));
    if !steps.iter().any(|step| step.kind == model::StepKind::Vouch) {
        return Ok(None);
    }
    let givers = actions::path::givers(tx, group, now)?;
    Ok(rules::vouch::few_givers(asked(), givers).into_iter().next())
}

/// Whose these applications are.
///
/// # Errors
/// The database's error.
pub fn applicants(
    tx: &mut Tx<'_>,
    applications: &[ApplicationId],
) -> Result<Vec<(ApplicationId, PersonId)>, DbError> {
    tx.all_in(&queries::APPLICANTS, &[], applications)
}

/// The applications of the wards of a guardian, first those that wait for them: one statement.
///
/// # Errors
/// The database's error.
pub fn of_wards(tx: &mut Tx<'_>, guardian: PersonId) -> Result<Vec<model::consent::OfWard>, DbError> {
    actions::consent::of_wards(tx, guardian)
}

/// How many applications wait for the coordinators of these groups, by group.
///
/// # Errors
/// The database's error.
pub fn waiting(tx: &mut Tx<'_>, groups: &[GroupId], now: Millis) -> Result<Vec<model::Waiting>, DbError> {
    tx.all_in(&queries::WAITING, &params![now], groups)
}

/// The applications of a person that are under way, newest first.
///
/// # Errors
/// The database's error.
pub fn open_of(tx: &mut Tx<'_>, cx: &Cx, person: PersonId) -> Result<Vec<Application>, DbError> {
    let mut all: Vec<Application> = tx.all(&queries::MINE, &params![person])?;
    let (now, undo_millis) = undoing(cx);
    let lately = |at: Millis| at > now.plus(-undo_millis);
    // A decision leaves its instant, begins a step, or puts on the waiting list: without any of it nothing is held.
    let may_be_held = |application: &Application| {
        application.state == model::ApplicationState::Waiting
            || lately(application.step_since)
            || application.decided_at.is_some_and(lately)
    };
    let held = match all.iter().any(may_be_held) {
        true => actions::sending::held_of(tx, person, (now, undo_millis))?,
        false => Vec::new(),
    };
    all.iter_mut().for_each(|application| rules::sending::as_told(application, None, &held));
    all.retain(|application| application.state.open());
    Ok(all)
}

/// What those who decide know of an applicant, as far as the applicant's groups see it: the profile, and whether a vouch
/// comes from another workplace, where the path asks for that.
pub(in crate::joining) fn known_of(
    tx: &mut Tx<'_>,
    application: &Application,
    (path, vouches): (&Path, &[model::vouch::Vouch]),
    lang: crate::shell::Lang,
) -> Result<(Option<crate::people::profile::ProfileView>, Option<bool>), DbError> {
    if !rules::shows_profile(application.state) {
        return Ok((None, None));
    }
    let person = application.person_id;
    let profile = crate::people::applied_with(tx, &[person], lang)?.remove(&person);
    let workplace = profile.as_ref().and_then(|profile| profile.workplace.as_deref());
    let elsewhere = rules::vouch::from_elsewhere(path, workplace, vouches);
    Ok((profile, elsewhere))
}

/// Where one's own applications stand, by application, and as far as one is told: two statements.
pub(in crate::joining) fn stands(
    tx: &mut Tx<'_>,
    cx: &Cx,
    person: PersonId,
    applications: &mut [Application],
) -> Result<HashMap<ApplicationId, model::mine::Stand>, DbError> {
    let held = actions::sending::held_of(tx, person, undoing(cx))?;
    applications.iter_mut().for_each(|application| rules::sending::as_told(application, None, &held));
    let ids: Vec<ApplicationId> = applications.iter().map(|application| application.id).collect();
    let steps: Vec<model::mine::StepOfMine> = tx.all_in(&queries::STEPS_OF_MINE, &params![cx.now], &ids)?;
    let of = |application: &Application| {
        let own: Vec<_> = steps.iter().filter(|step| step.id == application.id).cloned().collect();
        Some((application.id, rules::whose::stand(application, &own)?))
    };
    Ok(applications.iter().filter_map(of).collect())
}

/// How many requests to vouch wait for the answer of this person.
///
/// # Errors
/// The database's error.
pub fn vouches_due(tx: &mut Tx<'_>, person: PersonId, now: Millis) -> Result<usize, DbError> {
    let asked: Vec<model::vouch::AskedOf> = tx.all(&queries::vouch::ASKED_OF, &params![person])?;
    Ok(asked
        .iter()
        .filter(|asked| asked.state == model::vouch::VouchState::Asked && asked.ends_at > now)
        .count())
}

/// Begins, sends and signs in a person's name: the demonstration's applications walk the same path as all.
pub(crate) mod on_behalf {
    use super::{
        Application, Path, actions,
        model::{Answers, StepKind},
        queries,
    };
    use crate::{
        groups,
        shell::{AppError, Work},
    };
    use mapalus_core::{
        ApplicationId, GroupId, PersonId, Standing,
        access::{Apply, UseApplication},
    };
    use mapalus_db::params;

    /// Begins an application.
    pub(crate) fn begin(
        work: &mut Work<'_, '_>,
        group: GroupId,
        person: PersonId,
    ) -> Result<ApplicationId, AppError> {
        let group = groups::for_person(work.tx, group, person)?;
        let standing =
            Standing { person: Some(person), group: Some(group.standing()), ..Standing::default() };
        actions::begin(work, &standing.permit::<Apply>()?, &group)
    }

    fn own(
        work: &mut Work<'_, '_>,
        id: ApplicationId,
        person: PersonId,
    ) -> Result<(Application, Path, Standing), AppError> {
        let application: Application = work.tx.one(&queries::APPLICATION, &params![id, true])?;
        let path = queries::walk(work.tx, &application)?;
        Ok((application, path, Standing { person: Some(person), owner: true, ..Standing::default() }))
    }

    /// Sends its form.
    pub(crate) fn send(
        work: &mut Work<'_, '_>,
        id: ApplicationId,
        person: PersonId,
        answers: &Answers,
    ) -> Result<(), AppError> {
        let (application, path, standing) = own(work, id, person)?;
        let known = |key: &String| path.questions.iter().any(|question| &question.key == key);
        let answers =
            answers.iter().filter(|(key, _)| known(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let given = actions::Given { step: None, answers };
        actions::send(work, &standing.permit::<UseApplication>()?, &application, &path, &given).map(drop)
    }

    /// Accepts its agreement, if that is next.
    pub(crate) fn agree(
        work: &mut Work<'_, '_>,
        id: ApplicationId,
        person: PersonId,
    ) -> Result<(), AppError> {
        let (application, path, standing) = own(work, id, person)?;
        if path.open(&application).all(|step| step.kind != StepKind::Agreement) {
            return Ok(());
        }
        actions::agree(work, &standing.permit::<UseApplication>()?, &application, &path, None).map(drop)
    }
}

/// What follows for applications from what happened in slices below.
///
/// # Errors
/// The database's error.
pub(crate) fn follow(work: &mut Work<'_, '_>, event: &mapalus_core::Event) -> Result<(), DbError> {
    actions::training::follow(work, event)?;
    actions::vouch::follow(work, event)
}

/// Takes the drafts of a group to a path that stands.
///
/// # Errors
/// The database's error.
pub(crate) fn carry(work: &mut Work<'_, '_>, group: GroupId, path: PathId) -> Result<(), DbError> {
    actions::path::carry(work, group, path)
}

/// The steps of a path, for samples of other slices.
pub fn sample_steps() -> Vec<Step> {
    pages::sample_steps()
}

/// The answers that the one who asks may see. Applicants see all of theirs; reviewers those of steps that
/// were sent, and without every permission not those that only coordinators see.
fn keep_seen(standing: &Standing, path: &Path, answers: &mut Vec<model::Answer>) {
    let coordinator = standing.group.is_some_and(|group| group.permissions == Permissions::all());
    let sent = |answer: &model::Answer| path.behind(answer.step_id).is_some();
    let shown = |answer: &model::Answer| sent(answer) && (coordinator || !path.is_for_coordinators(answer));
    answers.retain(|answer| standing.owner || shown(answer));
}

/// The step that a form or a call names; none if it names none.
pub(in crate::joining) fn wanted(step: &str) -> Result<Option<mapalus_core::StepId>, Refusal> {
    if step.is_empty() {
        return Ok(None);
    }
    let unknown = || Refusal::new(mapalus_core::RefusalKind::Conflict, "joining-not-this-step");
    step.parse().map(Some).map_err(|_| unknown())
}

/// The instant, and for how long what was done can be undone.
fn undoing(cx: &Cx) -> (Millis, i64) {
    (cx.now, cx.app.settings.undo_millis)
}

/// An application as the one who asks sees it: its applicant nothing of what was decided and is not told yet.
fn load_seen(tx: &mut Tx<'_>, cx: &Cx, text: &str) -> Result<(Application, Path, Standing), AppError> {
    let (mut application, mut path, standing) = load(tx, cx, text)?;
    if standing.owner {
        let held = actions::sending::held_of(tx, application.person_id, undoing(cx))?;
        rules::sending::as_told(&mut application, Some(&mut path), &held);
    }
    Ok((application, path, standing))
}

/// An application with its path and what of it is behind, and how the one who asks stands to it.
fn load(tx: &mut Tx<'_>, cx: &Cx, text: &str) -> Result<(Application, Path, Standing), AppError> {
    // It may be the stranger's own; one that never was is answered alike.
    if cx.person().is_none() {
        return Err(Denied::SignIn.into());
    }
    let id: ApplicationId = text.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<Application> = tx.optional(&queries::APPLICATION, &params![id, false])?;
    let application = found.ok_or_else(Refusal::not_found)?;
    let group = crate::groups::standing_of(tx, application.group_id, cx.person())?;
    let owner = cx.person() == Some(application.person_id);
    let standing = Standing { owner, group, ..cx.standing() };
    let path = queries::walk(tx, &application)?;
    Ok((application, path, standing))
}
