//! The training of a step over the API.

use super::answer;
use crate::{
    growth::{Course, model::SittingView},
    joining::{
        actions,
        model::{Step, training::CourseView},
        pages::training::{self, Act},
    },
    shell::{AppError, Cx},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::Millis;

/// The training of an open step.
pub(super) fn view((step, course): &(Step, Option<Course>), now: Millis) -> CourseView {
    let sittings = course.as_ref().map_or(&[][..], |course| &course.sittings);
    CourseView {
        step: step.id.to_string(),
        training: course.as_ref().map(|course| course.training.id.to_string()),
        turn: actions::training::turn_of(course.as_ref(), now),
        sittings: sittings.iter().map(|sitting| SittingView::new(sitting, false)).collect(),
    }
}

async fn done(cx: &Cx, ids: (String, String), act: Act) -> Result<Response, AppError> {
    training::done(cx, ids.clone(), act).await?;
    answer(cx, StatusCode::OK, ids.0).await
}

/// Take a session of the training that a step asks for: with a seat (`in`), or in line for one (`waiting`).
#[utoipa::path(post, path = "/api/v1/applications/{application}/sessions/{sitting}/take", tag = "joining",
    params(("application" = String, Path, description = "The application's id"),
        ("sitting" = String, Path, description = "The session's id")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn take(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    done(&cx, ids, Act::Take).await
}

/// Leave a session; within 20 seconds that can be undone, then the seat goes to the first of the line.
#[utoipa::path(post, path = "/api/v1/applications/{application}/sessions/{sitting}/leave", tag = "joining",
    params(("application" = String, Path, description = "The application's id"),
        ("sitting" = String, Path, description = "The session's id")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn leave(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    done(&cx, ids, Act::Leave).await
}

/// Take part after all in a session that you just left.
#[utoipa::path(post, path = "/api/v1/applications/{application}/sessions/{sitting}/leave/undo", tag = "joining",
    params(("application" = String, Path, description = "The application's id"),
        ("sitting" = String, Path, description = "The session's id")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn back(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    done(&cx, ids, Act::Back).await
}

/// Take the seat that is held for you in a session.
#[utoipa::path(post, path = "/api/v1/applications/{application}/sessions/{sitting}/claim", tag = "joining",
    params(("application" = String, Path, description = "The application's id"),
        ("sitting" = String, Path, description = "The session's id")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn claim(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    done(&cx, ids, Act::Claim).await
}
