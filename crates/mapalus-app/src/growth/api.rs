//! Trainings over the API.

use super::{
    model::{
        CancelInput, EnrolmentView, OutcomeInput, OutcomesInput, OwnTrainingView, SittingInput, SittingView,
        TrainingInput, TrainingView,
    },
    pages::{self, run},
};
use crate::shell::{AppError, Cx, Place, Sent};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// The trainings of a group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TrainingList {
    /// The trainings, by title.
    pub items: Vec<TrainingView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// Dates of trainings.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SittingList {
    /// The dates, the first one first, 100 at most.
    pub items: Vec<SittingView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// Who takes part in a date.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct EnrolmentList {
    /// Those with seats first, then the line in its order.
    pub items: Vec<EnrolmentView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// What you take part in.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OwnTrainingList {
    /// The latest first, 200 at most.
    pub items: Vec<OwnTrainingView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// The trainings of a group.
#[utoipa::path(get, path = "/api/v1/groups/{group}/trainings", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The trainings", body = TrainingList)))]
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let found = pages::all(&cx, group).await?;
    let items = found.trainings.iter().map(TrainingView::from).collect();
    cx.json(StatusCode::OK, &TrainingList { items, next: None })
}

/// The dates of a group's trainings that are not over.
#[utoipa::path(get, path = "/api/v1/groups/{group}/sittings", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The dates", body = SittingList)))]
pub async fn sittings(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (found, runs) = pages::dates(&cx, group).await?;
    let items = found.iter().map(|sitting| SittingView::new(sitting, runs)).collect();
    cx.json(StatusCode::OK, &SittingList { items, next: None })
}

async fn training_at(cx: &Cx, status: StatusCode, ids: (String, String)) -> Result<Response, AppError> {
    let (_, training, ..) = pages::load_one(cx, ids).await?;
    cx.json_at(status, training.version, &TrainingView::from(&training))
}

async fn date_at(cx: &Cx, status: StatusCode, ids: (String, String)) -> Result<Response, AppError> {
    let (sitting, runs) = pages::date(cx, ids).await?;
    cx.json_at(status, sitting.version, &SittingView::new(&sitting, runs))
}

/// Make a training.
#[utoipa::path(post, path = "/api/v1/groups/{group}/trainings", tag = "growth", request_body = TrainingInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The training", body = TrainingView)))]
pub async fn add(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<TrainingInput>,
) -> Result<Response, AppError> {
    let place = run::add_to(&cx, group, input).await?;
    training_at(&cx, StatusCode::CREATED, pages::parts(&place)?).await
}

/// A training.
#[utoipa::path(get, path = "/api/v1/groups/{group}/trainings/{training}", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("training" = String, Path, description = "The training's id")),
    responses((status = 200, description = "The training", body = TrainingView)))]
pub async fn one(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    training_at(&cx, StatusCode::OK, ids).await
}

/// Change a training. With `If-Match` only as it was seen.
#[utoipa::path(put, path = "/api/v1/groups/{group}/trainings/{training}", tag = "growth", request_body = TrainingInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("training" = String, Path, description = "The training's id")),
    responses((status = 200, description = "The training", body = TrainingView)))]
pub async fn change(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<TrainingInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    run::change_to(&cx, ids.clone(), input, seen).await?;
    training_at(&cx, StatusCode::OK, ids).await
}

/// End a training that has no date ahead or under way. With `If-Match` only as it was seen.
#[utoipa::path(delete, path = "/api/v1/groups/{group}/trainings/{training}", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("training" = String, Path, description = "The training's id")),
    responses((status = 204, description = "Ended")))]
pub async fn retire(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    run::retire_one(&cx, ids, seen).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Add a date.
#[utoipa::path(post, path = "/api/v1/groups/{group}/trainings/{training}/sittings", tag = "growth",
    request_body = SittingInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("training" = String, Path, description = "The training's id")),
    responses((status = 201, description = "The date", body = SittingView)))]
pub async fn add_sitting(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<SittingInput>,
) -> Result<Response, AppError> {
    let place = run::add_date(&cx, ids, input).await?;
    date_at(&cx, StatusCode::CREATED, pages::parts(&place)?).await
}

/// A date, as you stand to it.
#[utoipa::path(get, path = "/api/v1/groups/{group}/sittings/{sitting}", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "The date", body = SittingView)))]
pub async fn sitting(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    date_at(&cx, StatusCode::OK, ids).await
}

/// Move a date, or change its seats: those whom it concerns are told. With `If-Match` only as it was seen.
#[utoipa::path(put, path = "/api/v1/groups/{group}/sittings/{sitting}", tag = "growth", request_body = SittingInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "The date", body = SittingView)))]
pub async fn move_sitting(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<SittingInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    run::move_to(&cx, ids.clone(), input, seen).await?;
    date_at(&cx, StatusCode::OK, ids).await
}

/// Call off a date, with a reason that those whom it concerns read.
#[utoipa::path(post, path = "/api/v1/groups/{group}/sittings/{sitting}/cancel", tag = "growth",
    request_body = CancelInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "The date", body = SittingView)))]
pub async fn cancel(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<CancelInput>,
) -> Result<Response, AppError> {
    run::cancel_one(&cx, ids.clone(), input).await?;
    date_at(&cx, StatusCode::OK, ids).await
}

/// Let a date stand that you just called off, within 20 seconds: nobody is told.
#[utoipa::path(post, path = "/api/v1/groups/{group}/sittings/{sitting}/undo", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "The date", body = SittingView)))]
pub async fn undo(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    run::undo_one(&cx, ids.clone()).await?;
    date_at(&cx, StatusCode::OK, ids).await
}

/// Who takes part in a date, for those who train.
#[utoipa::path(get, path = "/api/v1/groups/{group}/sittings/{sitting}/enrolments", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "Who takes part", body = EnrolmentList)))]
pub async fn enrolments(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    all_at(&cx, ids).await
}

/// Enrol for a date: with a seat (`in`), or in line for one (`waiting`).
#[utoipa::path(post, path = "/api/v1/groups/{group}/sittings/{sitting}/enrol", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "The date", body = SittingView)))]
pub async fn enrol(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    pages::enrol_in(&cx, ids.clone()).await?;
    date_at(&cx, StatusCode::OK, ids).await
}

/// Leave a date: your seat is offered to the first of the line.
#[utoipa::path(post, path = "/api/v1/groups/{group}/sittings/{sitting}/leave", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "The date", body = SittingView)))]
pub async fn leave(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    pages::leave_from(&cx, ids.clone()).await?;
    date_at(&cx, StatusCode::OK, ids).await
}

/// Take part after all in a date that you just left, within 20 seconds.
#[utoipa::path(post, path = "/api/v1/groups/{group}/sittings/{sitting}/leave/undo", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "The date", body = SittingView)))]
pub async fn come_back(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    pages::come_back_to(&cx, ids.clone()).await?;
    date_at(&cx, StatusCode::OK, ids).await
}

/// Say of all who had a seat, and of whom nothing is noted yet, how they did: forty at most.
#[utoipa::path(post, path = "/api/v1/groups/{group}/sittings/{sitting}/outcomes", tag = "growth",
    request_body = OutcomesInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "Who takes part", body = EnrolmentList)))]
pub async fn outcomes(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<OutcomesInput>,
) -> Result<Response, AppError> {
    run::note_all(&cx, ids.clone(), input).await?;
    all_at(&cx, ids).await
}

/// Undo what you noted last of a date, within 20 seconds: nobody is told.
#[utoipa::path(post, path = "/api/v1/groups/{group}/sittings/{sitting}/outcomes/undo", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "Who takes part", body = EnrolmentList)))]
pub async fn undo_outcomes(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    run::undo_noted(&cx, ids.clone()).await?;
    all_at(&cx, ids).await
}

async fn all_at(cx: &Cx, ids: (String, String)) -> Result<Response, AppError> {
    let (_, _, enrolments) = run::load_all(cx, ids).await?;
    let items = enrolments.iter().map(EnrolmentView::from).collect();
    cx.json(StatusCode::OK, &EnrolmentList { items, next: None })
}

/// Take the seat that is held for you.
#[utoipa::path(post, path = "/api/v1/groups/{group}/sittings/{sitting}/confirm", tag = "growth",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("sitting" = String, Path, description = "The date's id")),
    responses((status = 200, description = "The date", body = SittingView)))]
pub async fn confirm(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    pages::confirm_in(&cx, ids.clone()).await?;
    date_at(&cx, StatusCode::OK, ids).await
}

/// Say how somebody did, with a word that they read. Who passes holds what the training grants.
#[utoipa::path(put, path = "/api/v1/groups/{group}/enrolments/{enrolment}", tag = "growth",
    request_body = OutcomeInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("enrolment" = String, Path, description = "The enrolment's id")),
    responses((status = 200, description = "Who takes part", body = EnrolmentList)))]
pub async fn outcome(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<OutcomeInput>,
) -> Result<Response, AppError> {
    let place: Place = run::note(&cx, ids, input).await?;
    all_at(&cx, pages::parts(&place)?).await
}

/// What you take part in, and how you did.
#[utoipa::path(get, path = "/api/v1/me/trainings", tag = "growth",
    responses((status = 200, description = "The trainings", body = OwnTrainingList)))]
pub async fn mine(cx: Cx) -> Result<Response, AppError> {
    let items = pages::own(&cx).await?.iter().map(OwnTrainingView::from).collect();
    cx.json(StatusCode::OK, &OwnTrainingList { items, next: None })
}
