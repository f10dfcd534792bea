//! The training that a step asks for: its applicant takes a session; whoever trains says how they did, and a pass does
//! the step.

use super::{
    super::{
        model::{Application, ApplicationState, Details, Path, Step, StepKind, training::Turn},
        queries,
        rules::{self, training as turns},
    },
    advance,
};
use crate::{
    groups,
    growth::{
        self, Course,
        model::{Sitting, State},
    },
    shell::{AppError, Work},
};
use mapalus_core::{
    ApplicationId, Event, GroupId, MembershipState, Millis, Permission, Permit, PersonId, Refusal,
    RefusalKind, TrainingId, access::UseApplication,
};
use mapalus_db::{DbError, Tx, params};

/// The training of a step as its applicant stands to it; nothing, if the group has ended it.
pub(in crate::joining) fn course(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
    now: Millis,
) -> Result<Option<Course>, DbError> {
    match step.details.training {
        Some(training) => growth::course(tx, (application.group_id, training), application.person_id, now),
        None => Ok(None),
    }
}

/// What is next in a training.
pub(in crate::joining) fn turn_of(course: Option<&Course>, now: Millis) -> Turn {
    course.map_or(Turn::Gone, |course| turns::turn_of(&course.sittings, now))
}

/// What is next at a step, if it is a training, and whether its applicant has stood in line in vain since it began.
pub(super) fn turn_since(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
    now: Millis,
) -> Result<(Option<Turn>, bool), DbError> {
    if step.kind != StepKind::Training {
        return Ok((None, false));
    }
    let course = course(tx, application, step, now)?;
    let sittings = course.as_ref().map_or(&[][..], |course| &course.sittings);
    let waited = turns::waited(sittings, application.step_since, now);
    Ok((Some(turn_of(course.as_ref(), now)), waited))
}

/// Who is to act in a training: its applicant, or those who train; nobody, while its applicant has a seat ahead.
pub(super) fn owing(
    tx: &mut Tx<'_>,
    application: &Application,
    step: &Step,
    now: Millis,
) -> Result<Vec<PersonId>, DbError> {
    let person = application.person_id;
    match turn_since(tx, application, step, now)?.0 {
        Some(turn) if turn.waits_for_applicant() => Ok(vec![person]),
        None | Some(Turn::Come | Turn::Passed) => Ok(Vec::new()),
        Some(_) => {
            let mut people = groups::holders(tx, application.group_id, Permission::Trainings)?;
            people.retain(|one| *one != person);
            Ok(people)
        }
    }
}

/// The open training of an application, and whether the date is one of it.
fn open_step<'p>(application: &Application, path: &'p Path, sitting: &Sitting) -> Result<&'p Step, Refusal> {
    let step = rules::may_do(application, path, StepKind::Training, None)?;
    if step.details.training != Some(sitting.training_id) {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-not-this-training"));
    }
    Ok(step)
}

fn still_joining(work: &mut Work<'_, '_>, application: &Application) -> Result<(), AppError> {
    let standing = groups::standing_of(work.tx, application.group_id, Some(application.person_id))?;
    let membership = standing.and_then(|standing| standing.membership);
    // Whoever was barred meanwhile takes no seat.
    if !matches!(membership, Some(MembershipState::Applied | MembershipState::Accepted)) {
        return Err(Refusal::new(RefusalKind::Conflict, "joining-over").into());
    }
    Ok(rules::still_joining(application, membership)?)
}

/// Takes a session for the step that is open: with a seat, or in line for one.
///
/// # Errors
/// `joining-not-this-step`, `joining-not-this-training`, `joining-over`; those of the training.
pub fn take(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    (application, path): (&Application, &Path),
    sitting: &Sitting,
) -> Result<State, AppError> {
    open_step(application, path, sitting)?;
    still_joining(work, application)?;
    let state = growth::seats::take(work, sitting, permit.signed_in()?)?;
    work.record(permit, application.id, state.word())?;
    Ok(state)
}

/// Leaves a session.
///
/// # Errors
/// Those of the training.
pub fn leave(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    application: &Application,
    sitting: &Sitting,
) -> Result<(), AppError> {
    growth::seats::let_go(work, sitting, permit.signed_in()?)?;
    work.record(permit, application.id, "left")?;
    Ok(())
}

/// Takes part after all in a session that one just left.
///
/// # Errors
/// Those of the training.
pub fn come_back(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    (application, path): (&Application, &Path),
    sitting: &Sitting,
) -> Result<(), AppError> {
    open_step(application, path, sitting)?;
    growth::seats::return_to(work, sitting, permit.signed_in()?)?;
    work.record(permit, application.id, "undone")?;
    Ok(())
}

/// Takes the seat that is held.
///
/// # Errors
/// Those of the training.
pub fn claim(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseApplication>,
    (application, path): (&Application, &Path),
    sitting: &Sitting,
) -> Result<(), AppError> {
    open_step(application, path, sitting)?;
    still_joining(work, application)?;
    growth::seats::claim(work, sitting, permit.signed_in()?)?;
    work.record(permit, application.id, "confirmed")?;
    Ok(())
}

/// Those of the steps that opened whose training was passed since the application was begun: told, and no longer undone.
pub(super) fn passed_already(
    work: &mut Work<'_, '_>,
    application: &Application,
    path: &Path,
) -> Result<Option<Step>, DbError> {
    let trains = |step: &&Step| step.kind == StepKind::Training;
    let open: Vec<&Step> = path.open(application).filter(trains).collect();
    if open.is_empty() {
        return Ok(None);
    }
    let whose = (application.group_id, application.person_id);
    let told = work.now.plus(-work.undo_millis);
    let passed = growth::passed(work.tx, whose, (application.made_at, told))?;
    let has = |step: &&&Step| step.details.training.is_some_and(|training| passed.contains(&training));
    Ok(open.iter().find(has).map(|step| (*step).clone()))
}

/// What follows from what happened in trainings: a pass does the step that asks for it. Whoever is to repeat it, was
/// absent, or whose session was called off has its time anew; so has who is offered a seat after standing in line, and who
/// had no session to take before this one.
///
/// # Errors
/// The database's error.
pub(crate) fn follow(work: &mut Work<'_, '_>, event: &Event) -> Result<(), DbError> {
    match *event {
        Event::TrainingAssessed { group, person, enrolment } => {
            let Some((training, state)) = growth::outcome(work.tx, (group, enrolment))? else {
                return Ok(());
            };
            match state {
                State::Passed => super::settled(pass(work, (group, person), training)),
                State::Repeat | State::Absent => anew(work, (group, person), training),
                _ => Ok(()),
            }
        }
        Event::SeatOffered { group, person, sitting } => {
            match growth::ahead(work.tx, (group, sitting), work.now)? {
                Some(training) => anew(work, (group, person), training),
                None => Ok(()),
            }
        }
        Event::SittingAdded { group, sitting } => {
            let Some(training) = growth::ahead(work.tx, (group, sitting), work.now)? else { return Ok(()) };
            let (rows, dates) =
                (trainees(work, group, training)?, growth::had_dates(work.tx, sitting, work.now)?);
            let people: Vec<PersonId> = rows.iter().map(|row| row.1).collect();
            let stands = growth::stands(work.tx, group, &people)?;
            let idle = |person: PersonId| {
                let own = stands.iter().filter(|at| at.person_id == person && at.training_id == training);
                turns::turn_of_stands(own, dates, work.now) == Turn::Plan
            };
            let waited: Vec<ApplicationId> =
                rows.into_iter().filter(|row| idle(row.1)).map(|row| row.0).collect();
            restart(work, &waited)
        }
        Event::SittingCancelled { group, sitting } => {
            let Some((training, people)) = growth::concerned(work.tx, (group, sitting))? else {
                return Ok(());
            };
            let mut rows = trainees(work, group, training)?;
            rows.retain(|row| people.contains(&row.1));
            restart(work, &rows.into_iter().map(|row| row.0).collect::<Vec<_>>())
        }
        _ => Ok(()),
    }
}

/// The applications to a group whose open step asks for this training, with their applicants.
fn trainees(
    work: &mut Work<'_, '_>,
    group: GroupId,
    training: TrainingId,
) -> Result<Vec<(ApplicationId, PersonId)>, DbError> {
    let rows: Vec<(ApplicationId, PersonId, Details)> = work.tx.all(&queries::TRAINEES, &params![group])?;
    let asks = |row: &(ApplicationId, PersonId, Details)| row.2.training == Some(training);
    Ok(rows.into_iter().filter(asks).map(|row| (row.0, row.1)).collect())
}

/// The open steps of these applications begin anew now.
fn restart(work: &mut Work<'_, '_>, applications: &[ApplicationId]) -> Result<(), DbError> {
    work.tx.execute_in(&queries::remind::RESTART, &params![work.now], applications)?;
    Ok(())
}

/// The application of a person to a group that is under way, with its open step that asks for this training.
fn asking(
    work: &mut Work<'_, '_>,
    (group, person): (GroupId, PersonId),
    training: TrainingId,
) -> Result<Option<(Application, Path, Step)>, DbError> {
    let found: Option<Application> = work.tx.optional(&queries::UNDER_WAY, &params![group, person])?;
    let Some(application) = found else { return Ok(None) };
    let path = queries::walk(work.tx, &application)?;
    let asks = |step: &&Step| step.kind == StepKind::Training && step.details.training == Some(training);
    let step = path.open(&application).find(asks).cloned();
    Ok(step.map(|step| (application, path, step)))
}

fn pass(work: &mut Work<'_, '_>, whose: (GroupId, PersonId), training: TrainingId) -> Result<(), AppError> {
    let Some((application, path, step)) = asking(work, whose, training)? else { return Ok(()) };
    let (after, _) = advance(work, application.clone(), &path, &step, "")?;
    let (id, group, person) = (after.id, after.group_id, after.person_id);
    if after.state == ApplicationState::Accepted && application.state != after.state {
        work.emit_held(&Event::ApplicationAccepted { application: id, group, person })?;
    } else if after.place != application.place {
        work.emit_held(&Event::ApplicationMoved { application: id, group, person })?;
    }
    Ok(())
}

fn anew(work: &mut Work<'_, '_>, whose: (GroupId, PersonId), training: TrainingId) -> Result<(), DbError> {
    let Some((application, ..)) = asking(work, whose, training)? else { return Ok(()) };
    restart(work, &[application.id])
}
