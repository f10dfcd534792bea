//! Growth: what groups teach, and who has learned it.
//!
//! Words: a *training* has dates, each called a *sitting* here and a session on the pages; whoever takes part is *in* it,
//! *waits* in line for a seat, or is *offered* one that was freed, until then and no longer; once it was held, those who
//! train say how each did: *attended*, *passed*, to *repeat*, *absent*. Owns: `trainings`, `sittings`, `enrolments`.
//! Emits: `SittingAdded`, `SittingMoved`, `SittingCancelled`, `SittingSoon`, `SittingHeld`, `SeatFreed`, `SeatsLeft`, `SeatOffered`,
//! `SeatLapsed`, `TrainingAssessed`.
//!
//! To slices above it offers how people stand to a training ([`course`], [`stands`], [`passed`]), and to take, leave and
//! claim a seat under a permit of their own ([`seats`]).

pub(crate) mod actions;
pub(crate) mod api;
pub mod model;
pub mod notice;
pub mod pages;
mod queries;
pub mod rules;

pub use actions::{follow, remind, settle_ended, step_down};
pub use pages::{MinePage, SittingPage, TrainingPage, TrainingsPage};
pub use queries::STATEMENTS;

use crate::{
    groups::Group,
    shell::{AppError, Cx, Routes, Work, text::machine},
};
use mapalus_core::{
    EnrolmentId, GroupId, Millis, PersonId, Refusal, Scope, SittingId, Standing, TrainingId,
    access::{RunTrainings, SeeTrainings, UseAccount},
};
use mapalus_db::{DbError, Tx, params};
use model::{Enrolment, Own, Sitting, Training};

/// The routes of this slice.
pub fn routes() -> Routes {
    let one = "/groups/{group}/trainings/{training}";
    let sitting = "/groups/{group}/sittings/{sitting}";
    Routes::new()
        .get::<SeeTrainings, _, _>("/groups/{group}/trainings", pages::list)
        .post::<RunTrainings, _, _>("/groups/{group}/trainings", pages::run::add)
        .get::<SeeTrainings, _, _>(one, pages::one)
        .post::<RunTrainings, _, _>(one, pages::run::change)
        .post::<RunTrainings, _, _>("/groups/{group}/trainings/{training}/retire", pages::run::retire)
        .post::<RunTrainings, _, _>("/groups/{group}/trainings/{training}/sittings", pages::run::add_sitting)
        .get::<RunTrainings, _, _>(sitting, pages::run::sitting)
        .post::<RunTrainings, _, _>(sitting, pages::run::move_sitting)
        .post::<RunTrainings, _, _>("/groups/{group}/sittings/{sitting}/cancel", pages::run::cancel)
        .post::<RunTrainings, _, _>("/groups/{group}/sittings/{sitting}/undo", pages::run::undo)
        .post::<RunTrainings, _, _>("/groups/{group}/sittings/{sitting}/outcomes", pages::run::outcomes)
        .post::<RunTrainings, _, _>(
            "/groups/{group}/sittings/{sitting}/outcomes/undo",
            pages::run::undo_outcomes,
        )
        .post::<RunTrainings, _, _>("/groups/{group}/enrolments/{enrolment}", pages::run::outcome)
        .post::<SeeTrainings, _, _>("/groups/{group}/sittings/{sitting}/enrol", pages::enrol)
        .post::<SeeTrainings, _, _>("/groups/{group}/sittings/{sitting}/leave", pages::leave)
        .post::<SeeTrainings, _, _>("/groups/{group}/sittings/{sitting}/leave/undo", pages::come_back)
        .post::<SeeTrainings, _, _>("/groups/{group}/sittings/{sitting}/confirm", pages::confirm)
        .get::<UseAccount, _, _>("/me/trainings", pages::mine)
        .and(api_routes())
}

fn api_routes() -> Routes {
    let (read, write) = (Scope::GrowthRead, Scope::GrowthWrite);
    let (all, one) = ("/api/v1/groups/{group}/trainings", "/api/v1/groups/{group}/trainings/{training}");
    let sittings = "/api/v1/groups/{group}/trainings/{training}/sittings";
    let sitting = "/api/v1/groups/{group}/sittings/{sitting}";
    Routes::new()
        .api_get::<SeeTrainings, _, _>(read, all, api::list)
        .api_post::<RunTrainings, _, _>(write, all, api::add)
        .api_get::<SeeTrainings, _, _>(read, one, api::one)
        .api_put::<RunTrainings, _, _>(write, one, api::change)
        .api_delete::<RunTrainings, _, _>(write, one, api::retire)
        .api_get::<SeeTrainings, _, _>(read, "/api/v1/groups/{group}/sittings", api::sittings)
        .api_post::<RunTrainings, _, _>(write, sittings, api::add_sitting)
        .api_get::<SeeTrainings, _, _>(read, sitting, api::sitting)
        .api_put::<RunTrainings, _, _>(write, sitting, api::move_sitting)
        .api_post::<RunTrainings, _, _>(
            write,
            "/api/v1/groups/{group}/sittings/{sitting}/cancel",
            api::cancel,
        )
        .api_post::<RunTrainings, _, _>(write, "/api/v1/groups/{group}/sittings/{sitting}/undo", api::undo)
        .api_get::<RunTrainings, _, _>(
            read,
            "/api/v1/groups/{group}/sittings/{sitting}/enrolments",
            api::enrolments,
        )
        .api_post::<SeeTrainings, _, _>(write, "/api/v1/groups/{group}/sittings/{sitting}/enrol", api::enrol)
        .api_post::<SeeTrainings, _, _>(write, "/api/v1/groups/{group}/sittings/{sitting}/leave", api::leave)
        .api_post::<SeeTrainings, _, _>(
            write,
            "/api/v1/groups/{group}/sittings/{sitting}/confirm",
            api::confirm,
        )
        .api_post::<SeeTrainings, _, _>(
            write,
            "/api/v1/groups/{group}/sittings/{sitting}/leave/undo",
            api::come_back,
        )
        .api_post::<RunTrainings, _, _>(
            write,
            "/api/v1/groups/{group}/sittings/{sitting}/outcomes",
            api::outcomes,
        )
        .api_post::<RunTrainings, _, _>(
            write,
            "/api/v1/groups/{group}/sittings/{sitting}/outcomes/undo",
            api::undo_outcomes,
        )
        .api_put::<RunTrainings, _, _>(write, "/api/v1/groups/{group}/enrolments/{enrolment}", api::outcome)
        .api_get::<UseAccount, _, _>(read, "/api/v1/me/trainings", api::mine)
}

/// A training of a group, for one who stands so to the group.
fn load(
    tx: &mut Tx<'_>,
    cx: &Cx,
    (group, standing): (&Group, &Standing),
    training: &str,
) -> Result<Training, AppError> {
    standing.permit::<SeeTrainings>()?;
    let id: TrainingId = training.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<Training> = tx.optional(&queries::TRAINING, &params![id, group.id])?;
    let training = found.ok_or_else(Refusal::not_found)?;
    if sees(standing, training.for_applicants).is_err() {
        // Who takes part in it, be it for an application, sees it too.
        let takes_part: i64 = tx.scalar(&queries::TAKES_PART, &params![id, cx.person()])?;
        sees(standing, takes_part > 0)?;
    }
    Ok(training)
}

/// A date of a group, as the one who asks stands to it, for one who stands so to the group.
fn load_sitting(
    tx: &mut Tx<'_>,
    cx: &Cx,
    (group, standing): (&Group, &Standing),
    sitting: &str,
) -> Result<Sitting, AppError> {
    standing.permit::<SeeTrainings>()?;
    let id = sitting.parse().map_err(|_| Refusal::not_found())?;
    let sitting = queries::sitting(tx, id, group.id, cx.person())?.ok_or_else(Refusal::not_found)?;
    sees(standing, sitting.for_applicants || sitting.own.is_some())?;
    Ok(sitting)
}

/// The training of a date, also if it was ended since.
fn held_in(tx: &mut Tx<'_>, sitting: &Sitting) -> Result<Training, DbError> {
    tx.one(&queries::TRAINING_EVER, &params![sitting.training_id, sitting.group_id])
}

/// What is not for applicants is not there for them.
fn sees(standing: &Standing, for_applicants: bool) -> Result<(), Refusal> {
    let membership = standing.group.and_then(|group| group.membership);
    if for_applicants || membership.is_some_and(mapalus_core::MembershipState::belongs) {
        return Ok(());
    }
    Err(Refusal::not_found())
}

/// An enrolment of a group, with its date and training.
fn load_enrolment(
    tx: &mut Tx<'_>,
    group: &Group,
    text: &str,
) -> Result<(Enrolment, Sitting, Training), AppError> {
    let id = text.parse().map_err(|_| Refusal::not_found())?;
    let enrolment = queries::enrolment(tx, id, group.id)?.ok_or_else(Refusal::not_found)?;
    let sitting =
        queries::sitting(tx, enrolment.sitting_id, group.id, None)?.ok_or_else(Refusal::not_found)?;
    let training = held_in(tx, &sitting)?;
    Ok((enrolment, sitting, training))
}

/// A training with the dates that a person may take, and those in which they took part.
#[derive(Clone)]
pub(crate) struct Course {
    /// The training.
    pub training: Training,
    /// The dates, the first one first, as the person stands to them.
    pub sittings: Vec<Sitting>,
}

/// A training with one date as a person stands to it, and another, for samples of other slices.
pub(crate) fn sample_course(own: Option<model::State>) -> Course {
    use mapalus_core::time::DAY;
    let first = pages::sample_sitting(own);
    let over = matches!(own, Some(model::State::Repeat | model::State::Attended));
    let first = if over {
        let (starts_at, ends_at) = (first.starts_at.plus(-90 * DAY), first.ends_at.plus(-90 * DAY));
        Sitting { starts_at, ends_at, ..first }
    } else {
        first
    };
    let other = pages::sample_sitting(None);
    let (starts_at, ends_at) = (other.starts_at.plus(7 * DAY), other.ends_at.plus(7 * DAY));
    let other = Sitting { starts_at, ends_at, taken: 20, ..other };
    Course { training: pages::sample(), sittings: vec![first, other] }
}

/// A training of a group as a person stands to it; nothing, if it was ended: two statements.
///
/// # Errors
/// The database's error.
pub(crate) fn course(
    tx: &mut Tx<'_>,
    (group, training): (GroupId, TrainingId),
    person: PersonId,
    now: Millis,
) -> Result<Option<Course>, DbError> {
    let found: Option<Training> = tx.optional(&queries::TRAINING, &params![training, group])?;
    let Some(training) = found else { return Ok(None) };
    let sittings = tx.all(&queries::COURSE, &params![training.id, person, now])?;
    Ok(Some(Course { training, sittings }))
}

/// How people stand to the dates of a group's trainings that were not called off, the first one first.
///
/// # Errors
/// The database's error.
pub(crate) fn stands(
    tx: &mut Tx<'_>,
    group: GroupId,
    people: &[PersonId],
) -> Result<Vec<model::Stand>, DbError> {
    tx.all_in(&queries::STANDS, &[group.into()], people)
}

/// Which of these trainings have a date ahead.
///
/// # Errors
/// The database's error.
pub(crate) fn with_dates(
    tx: &mut Tx<'_>,
    trainings: &[TrainingId],
    now: Millis,
) -> Result<Vec<TrainingId>, DbError> {
    let rows: Vec<(TrainingId,)> = tx.all_in(&queries::WITH_DATES, &[now.into()], trainings)?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The trainings of a group that a person has passed since an instant, as far as that was told by another.
///
/// # Errors
/// The database's error.
pub(crate) fn passed(
    tx: &mut Tx<'_>,
    (group, person): (GroupId, PersonId),
    (since, told_by): (Millis, Millis),
) -> Result<Vec<TrainingId>, DbError> {
    let rows: Vec<(TrainingId,)> = tx.all(&queries::PASSED, &params![group, person, since, told_by])?;
    Ok(rows.into_iter().map(|(id,)| id).collect())
}

/// The trainings of a group, by title.
///
/// # Errors
/// The database's error.
pub(crate) fn trainings(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<Training>, DbError> {
    tx.all(&queries::TRAININGS, &params![group])
}

/// A date of a group, as a person stands to it.
///
/// # Errors
/// `not-found`.
pub(crate) fn sitting(
    tx: &mut Tx<'_>,
    (group, text): (GroupId, &str),
    person: PersonId,
) -> Result<Sitting, AppError> {
    let id = text.parse().map_err(|_| Refusal::not_found())?;
    Ok(queries::sitting(tx, id, group, Some(person))?.ok_or_else(Refusal::not_found)?)
}

/// How somebody did, in which training; nothing, if that was forgotten.
///
/// # Errors
/// The database's error.
pub(crate) fn outcome(
    tx: &mut Tx<'_>,
    (group, enrolment): (GroupId, EnrolmentId),
) -> Result<Option<(TrainingId, model::State)>, DbError> {
    let Some(found) = queries::enrolment(tx, enrolment, group)? else { return Ok(None) };
    let sitting = queries::sitting(tx, found.sitting_id, group, None)?;
    Ok(sitting.map(|sitting| (sitting.training_id, found.state)))
}

/// The training of a date, with whom it concerns.
///
/// # Errors
/// The database's error.
pub(crate) fn concerned(
    tx: &mut Tx<'_>,
    (group, sitting): (GroupId, SittingId),
) -> Result<Option<(TrainingId, Vec<PersonId>)>, DbError> {
    let Some(found) = queries::sitting(tx, sitting, group, None)? else { return Ok(None) };
    let rows: Vec<(PersonId, model::State)> = tx.all(&queries::CONCERNED, &params![sitting])?;
    Ok(Some((found.training_id, rows.into_iter().map(|(person, _)| person).collect())))
}

/// The training of a date that lies ahead.
///
/// # Errors
/// The database's error.
pub(crate) fn ahead(
    tx: &mut Tx<'_>,
    (group, sitting): (GroupId, SittingId),
    now: Millis,
) -> Result<Option<TrainingId>, DbError> {
    let found = queries::sitting(tx, sitting, group, None)?;
    Ok(found.filter(|sitting| sitting.is_ahead(&now)).map(|sitting| sitting.training_id))
}

/// Whether another date of the same training lies ahead that was there before this one.
///
/// # Errors
/// The database's error.
pub(crate) fn had_dates(tx: &mut Tx<'_>, sitting: SittingId, now: Millis) -> Result<bool, DbError> {
    Ok(tx.scalar::<i64>(&queries::EARLIER_DATES, &params![sitting, now])? > 0)
}

/// The title of a training; empty if it was ended.
///
/// # Errors
/// The database's error.
pub(crate) fn title(tx: &mut Tx<'_>, (group, training): (GroupId, TrainingId)) -> Result<String, DbError> {
    let found: Option<Training> = tx.optional(&queries::TRAINING, &params![training, group])?;
    Ok(found.map_or_else(String::new, |training| training.title))
}

/// The titles of those of these ids that are trainings or dates of one: two statements.
///
/// # Errors
/// The database's error.
pub fn titles(tx: &mut Tx<'_>, ids: &[String]) -> Result<Vec<(String, String)>, DbError> {
    let mut titles: Vec<(String, String)> = tx.all_in(&queries::TITLES, &[], ids)?;
    titles.append(&mut tx.all_in(&queries::TITLES_OF_DATES, &[], ids)?);
    Ok(titles)
}

/// Taking, leaving and claiming a seat, for slices above that have a permit of their own for it.
pub(crate) mod seats {
    pub(crate) use super::actions::{claim, let_go, return_to, take};
}

/// Trainings and dates in a group's name: those of a new group, and of the demonstration.
pub(crate) mod on_behalf {
    pub(crate) use super::actions::{add_date, begin, bind};
}

/// Forgets a person who was erased: their seats are passed on.
///
/// # Errors
/// The database's error.
pub fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    step_down(work, person, None)?;
    work.tx.execute(&queries::FORGET, &params![person])?;
    work.tx.execute(&queries::FORGET_NOTER, &params![person])?;
    work.tx.execute(&queries::FORGET_CANCELLER, &params![person])?;
    Ok(())
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId) -> Result<serde_json::Value, DbError> {
    let own: Vec<Own> = tx.all(&queries::ALL_OF, &params![person])?;
    let one = |own: &Own| {
        serde_json::json!({
            "training": own.title,
            "group": own.group_name,
            "starts_at": machine(own.starts_at),
            "cancelled_at": own.cancelled_at.map(machine),
            "state": own.state,
            "word": own.word,
            "since": machine(own.since),
            "offer_ends_at": own.offer_ends_at.map(machine),
            "noted_at": own.noted_at.map(machine),
        })
    };
    Ok(own.iter().map(one).collect())
}
