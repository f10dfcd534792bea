//! Applications are begun, filled, sent, withdrawn and decided.

pub mod acquaintance;
pub mod consent;
pub(crate) mod ended;
pub mod file;
pub mod interview;
pub(crate) mod invited;
pub mod path;
pub mod remind;
pub mod screening;
pub mod sending;
pub mod training;
pub mod vouch;

use super::{
    model::{
        Answers, Application, ApplicationState, Condition, Done, How, Outcome, Own, Path, Step, StepKind,
    },
    queries,
    rules::{self, Decided},
};
use crate::{
    groups::{self, Group},
    people, safeguarding,
    shell::{AppError, Work, forms, outbox},
};
use mapalus_core::{
    ApplicationId, Event, EventId, MembershipState, Millis, PathId, Permission, Permit, PersonId, Refusal,
    RefusalKind, StepId,
    access::{Apply, DecideApplication, SkipStep, UseApplication},
};
use mapalus_db::{DbError, Tx, params};

/// Whether a person may begin an application to a group now.
///
/// # Errors
/// Those of [`rules::may_begin`] and [`safeguarding::may_join`], `joining-group-ended`, `joining-left-suspended`.
pub(in crate::joining) fn may_begin(
    tx: &mut Tx<'_>,
    group: &Group,
    person: PersonId,
    has_path: bool,
    now: Millis,
) -> Result<(), AppError> {
    if group.ended_at.is_some() {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-group-ended").into());
    }
    rules::may_begin(group.taking, group.sign_up, group.membership, has_path)?;
    safeguarding::may_join(tx, group, person, now)?;
    if group.membership == Some(MembershipState::Left) && groups::left_suspended(tx, group.id, person)? {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-left-suspended").into());
    }
    Ok(())
}

/// Begins an application with the newest path, or finds the one that is open.
pub fn begin(
    work: &mut Work<'_, '_>,
    permit: &Permit<Apply>,
    group: &Group,
) -> Result<ApplicationId, AppError> {
    let person = permit.signed_in()?;
    let own: Option<Own> = work.tx.optional(&queries::OWN, &params![group.id, person])?;
    if let Some(own) = own.as_ref().filter(|own| own.state.open()) {
        return Ok(own.id);
    }
    let path: Option<(PathId, i64, Millis)> =
        work.tx.optional(&queries::path::PATH_IN_USE, &params![group.id])?;
    may_begin(work.tx, group, person, path.is_some(), work.now)?;
    let (path, ..) = path.ok_or_else(|| Refusal::new(RefusalKind::Conflict, "joining-no-path"))?;
    let id: ApplicationId = work.id();
    // A path that is taken back at the same moment is waited for; what is in use then is read anew.
    work.tx.execute_one(&queries::path::HOLD_IN_USE, &params![path])?;
    let begun = work.tx.execute(&queries::BEGIN, &params![id, group.id, person, path, work.now])?;
    if begun == 0 {
        // Two tabs at once: the other one began it.
        let own: Own = work.tx.one(&queries::OWN, &params![group.id, person])?;
        return Ok(own.id);
    }
    work.tx
        .execute(&queries::sending::SAVED, &params![id, work.now, rules::sending::draft_look_at(work.now)])?;
    if let Some(earlier) = own {
        // Who applies again is asked nothing twice, as long as the answers are kept.
        work.tx.execute(&queries::sending::TAKE_OVER, &params![id, path, earlier.id])?;
    }
    if group.membership == Some(MembershipState::Invited) {
        groups::actions::acted(work, group.id, person)?;
    }
    work.record(permit, id, "")?;
    Ok(id)
}

/// Takes the application, so that what stands in it changes by one write after the other: not its version, by
/// which two tabs with typed answers are told apart. To be called before what stands is read.
fn hold(work: &mut Work<'_, '_>, application: &Application) -> Result<(), DbError> {
    work.tx.execute_one(&queries::HOLD, &params![application.id, application.version])
}

/// What an applicant answers: the form, which is the first that is open if none is named, and the answers.
#[derive(Debug, Clone)]
pub struct Given {
    /// The form.
    pub step: Option<StepId>,
    /// The answers by the key of their question.
    pub answers: Answers,
}

/// Answers as they are stored: key and value.
type Kept = Vec<(String, String)>;

/// Stores the answers of an open form; gives it, and the answers as they are stored.
fn keep_answers<'p>(
    work: &mut Work<'_, '_>,
    application: &Application,
    path: &'p Path,
    given: &Given,
    draft: bool,
) -> Result<(&'p Step, Kept), AppError> {
    let step = rules::may_do(application, path, StepKind::Form, given.step)?;
    let questions: Vec<_> = path.questions_of(step.id).collect();
    hold(work, application)?;
    let files = file::standing(work.tx, application, path, &questions)?;
    let answers = rules::answers(&questions, &given.answers, &files, draft)?;
    queries::keep_answers(work.tx, application.id, step.id, &answers)?;
    sending::saved(work, application)?;
    Ok((step, answers))
}

/// Keeps the answers of an open form, without sending it.
pub fn save(
    work: &mut Work<'_, '_>,
    _permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
    given: &Given,
) -> Result<(), AppError> {
    keep_answers(work, application, path, given, true)?;
    // The same standing, one version on: two tabs that save at once do not mix.
    Ok(queries::keep(work.tx, application)?)
}

/// Whether what is a draft may be sent now: the group may have closed since it was begun.
///
/// # Errors
/// Those of [`rules::may_begin`] and [`safeguarding::may_join`].
pub(in crate::joining) fn may_send(
    tx: &mut Tx<'_>,
    application: &Application,
    now: Millis,
) -> Result<(), AppError> {
    if application.state != ApplicationState::Draft {
        return Ok(());
    }
    if application.group_ended_at.is_some() {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-group-ended").into());
    }
    let group = groups::for_person(tx, application.group_id, application.person_id)?;
    rules::may_begin(group.taking, group.sign_up, group.membership, true)?;
    safeguarding::may_join(tx, &group, application.person_id, now)
}

/// What came of it that somebody sent their step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sending {
    /// It was done.
    Done,
    /// A minor's: it waits until the guardian agrees.
    Held,
}

/// Steps that do not apply are behind from now on.
fn spare(
    work: &mut Work<'_, '_>,
    application: &Application,
    path: &mut Path,
    steps: Vec<StepId>,
) -> Result<(), DbError> {
    for spared in steps {
        behind(work, application, spared, How::Spared, "")?;
        let (done_at, skipped_for) = (work.now, String::new());
        path.done.push(Done { step_id: spared, done_at, how: How::Spared, skipped_for });
    }
    Ok(())
}

/// When an application is sent: spares its applicant what is for others by age.
fn spare_by_age(work: &mut Work<'_, '_>, application: &Application, path: &mut Path) -> Result<(), AppError> {
    let looks = path.steps.iter().any(|step| step.only_if.as_ref().is_some_and(Condition::is_age));
    if application.state != ApplicationState::Draft || !looks {
        return Ok(());
    }
    let young = people::young(work.tx, application.person_id)?;
    let least_age = young.map(|young| people::rules::guardian::least_age(young.birth_year, work.now));
    let spared = rules::spared_by_age(path, least_age);
    Ok(spare(work, application, path, spared)?)
}

/// Sends an open form. What its answers spare is not needed from then on.
pub fn send(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
    given: &Given,
) -> Result<Sending, AppError> {
    let (step, answers) = keep_answers(work, application, path, given, false)?;
    may_send(work.tx, application, work.now)?;
    if consent::is_held(work, application, step)? {
        // The same standing, one version on.
        queries::keep(work.tx, application)?;
        return Ok(Sending::Held);
    }
    let (before, from) = (sending::before(work, application)?, path);
    let mut path = path.clone();
    spare_by_age(work, application, &mut path)?;
    let spared = rules::spared(&path, step.id, &answers);
    spare(work, application, &mut path, spared)?;
    let (after, told) = advance(work, application.clone(), &path, step, "")?;
    sending::keep(work, (application, from), &before, (&after, told))?;
    work.record(permit, application.id, "form")?;
    Ok(Sending::Done)
}

/// Accepts an open agreement, which is the first if none is named.
pub fn agree(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
    step: Option<StepId>,
) -> Result<Sending, AppError> {
    let step = rules::may_do(application, path, StepKind::Agreement, step)?;
    may_send(work.tx, application, work.now)?;
    if consent::is_held(work, application, step)? {
        queries::keep(work.tx, application)?;
        return Ok(Sending::Held);
    }
    let (before, from) = (sending::before(work, application)?, path);
    let mut path = path.clone();
    spare_by_age(work, application, &mut path)?;
    let (after, told) = advance(work, application.clone(), &path, step, "")?;
    sending::keep(work, (application, from), &before, (&after, told))?;
    work.record(permit, application.id, "agreement")?;
    Ok(Sending::Done)
}

/// Notes that a step is behind an application.
fn behind(
    work: &mut Work<'_, '_>,
    application: &Application,
    step: StepId,
    how: How,
    reason: &str,
) -> Result<(), DbError> {
    let row = params![application.id, step, how, work.now, work.actor, reason];
    work.tx.execute(&queries::DONE, &row)?;
    Ok(())
}

/// A step is done: the application moves on when all are that stand beside it, and the membership with it.
/// Gives the application as it stands then, with the event that tells the coordinators if it is their turn. A step
/// that is skipped says why.
fn advance(
    work: &mut Work<'_, '_>,
    mut application: Application,
    path: &Path,
    step: &Step,
    skipped_for: &str,
) -> Result<(Application, Option<EventId>), AppError> {
    let (group, person) = (application.group_id, application.person_id);
    let now = groups::standing_of(work.tx, group, Some(person))?.and_then(|standing| standing.membership);
    rules::still_joining(&application, now)?;
    let next = rules::advance(&application, path, step, &[]);
    let how = if skipped_for.is_empty() { How::Done } else { How::Skipped };
    behind(work, &application, step.id, how, skipped_for)?;
    let first_sent = application.state == ApplicationState::Draft;
    application.place = next.place;
    application.state = next.state;
    if next.begins {
        application.step_since = work.now;
    }
    if first_sent {
        application.sent_at = Some(work.now);
    }
    if next.state == ApplicationState::Accepted && application.decided_at.is_none() {
        application.decided_at = Some(work.now);
    }
    queries::keep(work.tx, &application)?;
    application.version += 1;

    let (group, person) = (application.group_id, application.person_id);
    let now = groups::standing_of(work.tx, group, Some(person))?.and_then(|standing| standing.membership);
    if now != Some(next.membership) {
        groups::actions::move_membership(work, group, person, next.membership, "joining")?;
    }
    // The coordinators hear of it when it is their turn, or when it comes in at all.
    let block = path.at(next.place).map(|step| step.block);
    let theirs = |step: &&Step| Some(step.block) == block && step.kind.asks_coordinators();
    let their_turn =
        next.begins && path.steps.iter().filter(theirs).any(|step| path.behind(step.id).is_none());
    let told = their_turn.then_some(Event::ApplicationSent { application: application.id, group, person });
    let told = told.map(|event| work.emit_held(&event)).transpose()?;
    let mut path = path.clone();
    let (done_at, skipped_for) = (work.now, skipped_for.to_owned());
    path.done.push(Done { step_id: step.id, done_at, how, skipped_for });
    // What was passed before it was asked for is behind at once.
    if let Some(passed) = training::passed_already(work, &application, &path)? {
        let (after, turn) = advance(work, application, &path, &passed, "")?;
        return Ok((after, told.or(turn)));
    }
    Ok((application, told))
}

/// Nobody else has seen a draft: nothing is kept of one that is given up, and its files go with its answers.
fn forget_draft(work: &mut Work<'_, '_>, application: ApplicationId) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_ANSWERS_TO, &params![application])?;
    work.tx.execute(&queries::consent::END_CONSENT, &params![application])?;
    Ok(())
}

/// Ends a draft that nobody has saved for long, as if its applicant had given it up.
fn give_up(work: &mut Work<'_, '_>, draft: &Application) -> Result<(), DbError> {
    let mut ended = draft.clone();
    ended.state = ApplicationState::Withdrawn;
    ended.decided_at = Some(work.now);
    queries::keep(work.tx, &ended)?;
    forget_draft(work, draft.id)
}

/// Withdraws an application that is under way.
pub fn withdraw(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
) -> Result<(), AppError> {
    rules::may_withdraw(application)?;
    let (group, person) = (application.group_id, application.person_id);
    let mut changed = application.clone();
    changed.state = ApplicationState::Withdrawn;
    changed.decided_at = Some(work.now);
    queries::keep(work.tx, &changed)?;
    if application.state == ApplicationState::Draft {
        forget_draft(work, application.id)?;
    } else {
        groups::actions::move_membership(work, group, person, MembershipState::Left, "withdrawn")?;
        let told = Event::ApplicationWithdrawn { application: application.id, group, person };
        let event = work.emit_held(&told)?;
        work.tx.execute(&queries::KEEP_WITHDRAWAL, &params![application.id, application.state, event])?;
    }
    work.record(permit, application.id, "")?;
    Ok(())
}

/// Takes the withdrawal of an application back, as long as nobody was told and nothing happened to the membership
/// since; it goes on where it stood.
pub fn undo_withdrawal(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
    path: &Path,
) -> Result<(), AppError> {
    let too_late = || AppError::from(Refusal::new(RefusalKind::Conflict, "joining-withdrawal-told"));
    let (group, person) = (application.group_id, application.person_id);
    let kept: Option<(ApplicationState, EventId)> =
        work.tx.optional(&queries::WITHDRAWAL, &params![application.id])?;
    let (state, event) = kept.ok_or_else(too_late)?;
    let now = groups::standing_of(work.tx, group, Some(person))?.and_then(|standing| standing.membership);
    if now != Some(MembershipState::Left) || !outbox::take_back(work, event)? {
        return Err(too_late());
    }
    let mut before = application.clone();
    (before.state, before.decided_at) = (state, None);
    queries::keep(work.tx, &before).map_err(|error| match error {
        // Begun anew meanwhile.
        DbError::Unique { .. } => too_late(),
        other => other.into(),
    })?;
    let to = rules::membership_of(state, application.place, path);
    groups::actions::move_membership(work, group, person, to, "undone")?;
    work.record(permit, application.id, "undone")?;
    Ok(())
}

/// How a step that was skipped stands among the decisions, so that it is undone as they are.
const SKIP: &str = "skip";

/// Skips an open step, which is the first if none is named, with a reason that stands in the record and that the applicant reads when the time
/// to undo it is over.
pub fn skip(
    work: &mut Work<'_, '_>,
    permit: &Permit<SkipStep>,
    application: &Application,
    path: &Path,
    (step, reason): (Option<StepId>, &str),
) -> Result<(), AppError> {
    let reviewer = permit.signed_in()?;
    let own = reviewer == application.person_id;
    let reason = forms::bounded(reason, 0, 500).map_err(|wrong| wrong.at("skip_reason"))?;
    let step = rules::skip(application, path, step, own, &reason)?;
    let (after, turn) = advance(work, application.clone(), path, step, &reason)?;
    let (id, group, person) = (after.id, after.group_id, after.person_id);
    let newly = after.state == ApplicationState::Accepted && application.state != after.state;
    let told = if newly {
        Event::ApplicationAccepted { application: id, group, person }
    } else {
        Event::ApplicationMoved { application: id, group, person }
    };
    let event = Some(work.emit_held(&told)?);
    let told = Told { event, turn, version_after: after.version };
    keep_decision(work, application, (step.id, reviewer), (SKIP, ""), &told)?;
    work.record(permit, id, &reason)?;
    Ok(())
}

/// How many may decide on an application: everybody who holds the permission, but the applicant.
pub(in crate::joining) fn reviewers(tx: &mut Tx<'_>, application: &Application) -> Result<i64, DbError> {
    let holders = groups::holders(tx, application.group_id, Permission::Applications)?;
    let others = holders.iter().filter(|person| **person != application.person_id).count();
    Ok(i64::try_from(others).unwrap_or(i64::MAX))
}

/// A reviewer's decision. The applicant is told when the time to undo it is over.
/// Gives whether it is final (`false`: others must agree too).
pub fn decide(
    work: &mut Work<'_, '_>,
    permit: &Permit<DecideApplication>,
    application: &Application,
    path: &Path,
    outcome: Outcome,
    reason: &str,
) -> Result<bool, AppError> {
    let reviewer = permit.signed_in()?;
    let own = reviewer == application.person_id;
    let step = path.at(application.place);
    let step = step.ok_or_else(|| Refusal::new(RefusalKind::Conflict, "joining-not-decidable"))?;
    let approvals = work.tx.scalar(&queries::APPROVALS, &params![application.id, step.id, reviewer])?;
    let reviewers = reviewers(work.tx, application)?;
    let reason = forms::bounded(reason, 0, 1_000).map_err(|wrong| wrong.at("reason"))?;
    let decided = rules::decide(application, path, outcome, own, &reason, (approvals, reviewers))?;
    let (id, group, person) = (application.id, application.group_id, application.person_id);
    let (mut event, mut turn) = (None, None);
    let version_after = match decided {
        Decided::Approved => {
            // One version on, so that two approvals at once see each other.
            queries::keep(work.tx, application)?;
            application.version + 1
        }
        Decided::Now(ApplicationState::Accepted) => {
            let mut accepted = application.clone();
            accepted.reason.clone_from(&reason);
            accepted.state = ApplicationState::Sent;
            let (after, theirs) = advance(work, accepted, path, step, "")?;
            turn = theirs;
            let told = match after.state {
                ApplicationState::Accepted => Event::ApplicationAccepted { application: id, group, person },
                _ => Event::ApplicationMoved { application: id, group, person },
            };
            event = Some(work.emit_held(&told)?);
            after.version
        }
        Decided::Now(state) => {
            let mut changed = application.clone();
            changed.state = state;
            changed.reason.clone_from(&reason);
            if state == ApplicationState::Declined {
                changed.decided_at = Some(work.now);
                groups::actions::move_membership(work, group, person, MembershipState::Left, "declined")?;
                event =
                    Some(work.emit_held(&Event::ApplicationDeclined { application: id, group, person })?);
            } else {
                event = Some(work.emit_held(&Event::ApplicationWaits { application: id, group, person })?);
            }
            queries::keep(work.tx, &changed)?;
            application.version + 1
        }
    };
    let told = Told { event, turn, version_after };
    keep_decision(work, application, (step.id, reviewer), (outcome.word(), &reason), &told)?;
    work.record(permit, id, outcome.word())?;
    Ok(decided != Decided::Approved)
}

/// Whom a decision tells, and the version of the application after it.
struct Told {
    /// The event to the applicant, if there is one.
    event: Option<EventId>,
    /// The event to the coordinators whose turn it is then.
    turn: Option<EventId>,
    version_after: i64,
}

/// Keeps a decision with the application as it stood before.
fn keep_decision(
    work: &mut Work<'_, '_>,
    before: &Application,
    (step, reviewer): (StepId, PersonId),
    (outcome, reason): (&str, &str),
    told: &Told,
) -> Result<(), AppError> {
    let decision: EventId = work.id();
    let row = params![
        decision,
        before.id,
        step,
        reviewer,
        outcome,
        reason,
        work.now,
        told.event,
        told.turn,
        before.state,
        before.place,
        before.step_since,
        &before.reason,
        told.version_after
    ];
    work.tx.execute(&queries::KEEP_DECISION, &row).map_err(|error| match error {
        DbError::Unique { .. } => {
            AppError::from(Refusal::new(RefusalKind::Conflict, "joining-decided-already"))
        }
        other => other.into(),
    })?;
    Ok(())
}

mapalus_db::record! {
    struct Latest {
        id: EventId,
        step_id: StepId,
        event_id: Option<EventId>,
        turn_event_id: Option<EventId>,
        state_before: ApplicationState,
        place_before: i64,
        since_before: Millis,
        reason_before: String,
        version_after: i64,
    }
}

/// Takes one's latest decision back, or the step that one skipped, as long as nobody was told and nothing happened
/// since: neither to the application nor to the membership.
pub fn undo(
    work: &mut Work<'_, '_>,
    permit: &Permit<DecideApplication>,
    application: &Application,
    path: &Path,
) -> Result<(), AppError> {
    let too_late = || AppError::from(Refusal::new(RefusalKind::Conflict, "joining-too-late"));
    let reviewer = permit.signed_in()?;
    let latest: Option<Latest> =
        work.tx.optional(&queries::LATEST_DECISION, &params![application.id, reviewer])?;
    let latest = latest.filter(|latest| latest.version_after == application.version).ok_or_else(too_late)?;
    let (group, person) = (application.group_id, application.person_id);
    let now = groups::standing_of(work.tx, group, Some(person))?.and_then(|standing| standing.membership);
    if now != Some(rules::membership_of(application.state, application.place, path)) {
        return Err(too_late());
    }
    for event in [latest.event_id, latest.turn_event_id].into_iter().flatten() {
        if !outbox::take_back(work, event)? {
            return Err(too_late());
        }
    }
    if work.tx.execute(&queries::UNDO_DECISION, &params![latest.id, work.now])? == 0 {
        return Err(too_late());
    }
    let mut before = application.clone();
    before.state = latest.state_before;
    before.place = latest.place_before;
    before.step_since = latest.since_before;
    if before.state != ApplicationState::Accepted {
        before.decided_at = None;
    }
    before.reason = latest.reason_before;
    // A decline or the waiting list put no step behind.
    work.tx.execute(&queries::UNDO_DONE, &params![application.id, latest.step_id])?;
    queries::keep(work.tx, &before)?;
    let to = rules::membership_of(before.state, before.place, path);
    if now != Some(to) {
        groups::actions::move_membership(work, group, person, to, "undone")?;
    }
    work.record(permit, application.id, "undone")?;
    Ok(())
}

/// What follows for an application from what happened elsewhere: whoever has left meanwhile, or was barred, is not joining
/// any more, and that is no failure. It is asked before anything is written.
fn settled<T: Default>(done: Result<T, AppError>) -> Result<T, DbError> {
    match done {
        Ok(done) => Ok(done),
        Err(AppError::Db(error)) => Err(error),
        Err(AppError::Refusal(_)) => Ok(T::default()),
        Err(error) => {
            tracing::error!(error = &error as &dyn std::error::Error, "a step failed");
            Ok(T::default())
        }
    }
}
