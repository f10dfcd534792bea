//! Screening over the API.

use super::answer;
use crate::{
    joining::{
        model::{
            Path as JoiningPath, StepKind,
            screening::{Scored, Scores, ScoresInput},
        },
        pages::screening,
        rules::screening::{figures, revealed},
    },
    shell::{AppError, Sent, or_newer, text},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::PersonId;
use serde::Serialize;

/// A screening of an application, for reviewers.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ScreeningView {
    /// The id of the step.
    pub step: String,
    /// How many have given their scores.
    pub given: usize,
    /// What they come to; once so many have given theirs as are needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub figures: Option<FiguresView>,
    /// What each gave: only one's own until so many have given theirs as are needed.
    pub scores: Vec<ScoreView>,
}

/// What the scores of an applicant come to, in tenths.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FiguresView {
    /// The mean, each criterion by its weight: 42 is 4.2.
    pub mean_tenths: i64,
    /// How far the highest reviewer is above the lowest.
    pub spread_tenths: i64,
}

/// What one reviewer gave.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ScoreView {
    /// Who.
    pub person: String,
    /// Their name.
    pub name: String,
    /// A score for each criterion, in their order.
    pub scores: Vec<i64>,
    /// Why, in words.
    pub note: String,
    /// When, RFC 3339 in UTC.
    pub given_at: String,
}

/// The screenings of a path, as far as a viewer sees what was given.
pub(super) fn views(path: &JoiningPath, given: &[Scored], viewer: Option<PersonId>) -> Vec<ScreeningView> {
    let screenings = path.steps.iter().filter(|step| step.kind == StepKind::Screening);
    let view = |step: &super::super::Step| {
        let of: Vec<&Scored> = given.iter().filter(|scored| scored.step_id == step.id).collect();
        let all = revealed(path, step.id);
        let scores: Vec<Scores> = of.iter().map(|scored| scored.scores.clone()).collect();
        let found = figures(&step.details.criteria, &scores).filter(|_| all);
        let shown = of.iter().filter(|scored| all || Some(scored.person_id) == viewer);
        ScreeningView {
            step: step.id.to_string(),
            given: of.len(),
            figures: found.map(|f| FiguresView { mean_tenths: f.mean, spread_tenths: f.spread }),
            scores: shown
                .map(|scored| ScoreView {
                    person: scored.person_id.to_string(),
                    name: scored.name.clone(),
                    scores: scored.scores.iter().collect(),
                    note: scored.note.clone(),
                    given_at: text::machine(scored.given_at),
                })
                .collect(),
        }
    };
    screenings.map(view).collect()
}

/// Give an applicant scores in a screening, or give others until something is decided.
#[utoipa::path(put, path = "/api/v1/applications/{application}/scores", tag = "joining", request_body = ScoresInput,
    params(("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn score(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<ScoresInput>,
) -> Result<Response, AppError> {
    let done = screening::score_on(&cx, id.clone(), input, cx.if_match()?).await;
    or_newer(done, answer(&cx, StatusCode::OK, id.clone())).await?;
    answer(&cx, StatusCode::OK, id).await
}
