//! Screening on the page of an application: the rubric, what one gives, what all gave.

use super::mine;
use crate::{
    joining::{
        self, actions,
        model::{
            Application, Path as JoiningPath, Step, StepKind,
            screening::{Scored, Scores, ScoresInput},
        },
        rules::screening::{self as rules, Figures},
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Place, Posted},
};
use axum::{extract::Path, response::Response};
use mapalus_core::{PersonId, access::ScoreApplication};

/// A criterion with what was given for it.
pub struct CriterionLine {
    /// Its name.
    pub name: String,
    /// What good looks like.
    pub good: String,
    /// How much it weighs, in words.
    pub weight: String,
    /// Name of its field.
    pub field: String,
    /// Mean and spread, in words; empty until they are shown.
    pub figures: String,
}

/// What one reviewer gave.
pub struct ReviewerLine {
    /// Their name.
    pub name: String,
    /// The scores, in the order of the criteria.
    pub scores: String,
    /// Why.
    pub note: String,
}

/// A screening as a reviewer sees it.
pub struct ScreeningPart {
    /// The step.
    pub step: String,
    /// Its name.
    pub name: String,
    /// How many have given their scores, in words.
    pub given: String,
    /// The criteria.
    pub criteria: Vec<CriterionLine>,
    /// What the scores come to, in words; empty until they are shown.
    pub figures: String,
    /// What each gave; empty until they are shown.
    pub reviewers: Vec<ReviewerLine>,
    /// The scores one may give, with the form; none for who may not.
    pub form: Option<FormState>,
    /// The possible scores.
    pub scale: Vec<Choice>,
}

/// Tenths as people read them, with the comma or point of their language.
pub(super) fn tenths(f: &Frame, mean: i64, spread: i64) -> String {
    let number = |tenths: i64| f.t2("joining-tenths", "whole", tenths / 10, "tenths", tenths % 10);
    f.t2("joining-screening-figures", "mean", number(mean).as_str(), "spread", number(spread).as_str())
}

/// The screenings of an application that are open or behind, for one who reviews it.
pub(super) fn parts(
    f: &Frame,
    (application, path): (&Application, &JoiningPath),
    (given, eligible): (&[Scored], &[PersonId]),
    viewer: Option<PersonId>,
    refused: Option<&FormState>,
) -> Vec<ScreeningPart> {
    let there = |step: &&Step| {
        let begun = path.behind(step.id).is_some() || path.open(application).any(|open| open.id == step.id);
        step.kind == StepKind::Screening && begun
    };
    let part = |step: &Step| {
        let of: Vec<&Scored> = given.iter().filter(|scored| scored.step_id == step.id).collect();
        let scores: Vec<Scores> = of.iter().map(|scored| scored.scores.clone()).collect();
        let found =
            rules::figures(&step.details.criteria, &scores).filter(|_| rules::revealed(path, step.id));
        let mine = of.iter().find(|scored| Some(scored.person_id) == viewer);
        let may = viewer.filter(|viewer| eligible.contains(viewer) || mine.is_some()).is_some_and(|viewer| {
            let vouched = !eligible.contains(&viewer);
            let has = |_| mine.is_some();
            rules::may_score((application, path), Some(step.id), (viewer, vouched), has).is_ok()
        });
        let (count, needed) = (of.len(), rules::needed(step, eligible.len()));
        ScreeningPart {
            step: step.id.to_string(),
            name: step.name.clone(),
            given: f.t2("joining-screening-given", "given", count, "needed", needed),
            criteria: criteria(f, step, found.as_ref()),
            figures: found.as_ref().map_or_else(String::new, |found| tenths(f, found.mean, found.spread)),
            reviewers: found.map_or_else(Vec::new, |_| of.iter().map(|scored| line(scored)).collect()),
            form: may.then(|| {
                let of = refused.filter(|form| form.value("step") == step.id.to_string());
                of.cloned().unwrap_or_else(|| filled(mine.copied()))
            }),
            scale: (rules::LEAST..=rules::MOST).map(|n| Choice::new(n.to_string(), n.to_string())).collect(),
        }
    };
    path.steps.iter().filter(there).map(part).collect()
}

fn criteria(f: &Frame, step: &Step, figures: Option<&Figures>) -> Vec<CriterionLine> {
    let line = |(n, criterion): (usize, &joining::model::screening::Criterion)| {
        let of = figures.and_then(|figures| figures.criteria.get(n));
        CriterionLine {
            name: criterion.name.clone(),
            good: criterion.good.clone(),
            weight: f.t1("joining-screening-weight", "weight", criterion.weight),
            field: format!("scores.{n}"),
            figures: of.map_or_else(String::new, |(mean, spread)| tenths(f, *mean, *spread)),
        }
    };
    step.details.criteria.iter().enumerate().map(line).collect()
}

fn line(scored: &Scored) -> ReviewerLine {
    let scores: Vec<String> = scored.scores.iter().map(|score| score.to_string()).collect();
    ReviewerLine { name: scored.name.clone(), scores: scores.join(" · "), note: scored.note.clone() }
}

fn filled(mine: Option<&Scored>) -> FormState {
    let Some(mine) = mine else {
        return FormState::new();
    };
    let form = FormState::new().filled("note", mine.note.as_str());
    mine.scores
        .iter()
        .enumerate()
        .fold(form, |form, (n, score)| form.filled(&format!("scores.{n}"), score.to_string()))
}

/// `POST /applications/{application}/scores`
pub async fn score(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let typed = |n: usize| posted.value(&format!("scores.{n}")).parse().unwrap_or(0);
    // A criterion that was left out is not sent at all.
    let place = |name: &str| name.strip_prefix("scores.").and_then(|n| n.parse::<usize>().ok());
    let count = posted.fields.iter().filter_map(|(name, _)| place(name)).max().map_or(0, |last| last + 1);
    let scores = (0..count.min(joining::rules::path::MOST_CRITERIA)).map(typed).collect();
    let (step, note) = (posted.value("step").to_owned(), posted.value("note").to_owned());
    let input = ScoresInput { step, scores, note };
    let seen = posted.value("version").parse().ok();
    match score_on(&cx, id.clone(), input, seen).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            mine::show(&cx, id, status, Some(form)).await
        }
    }
}

pub(in crate::joining) async fn score_on(
    cx: &Cx,
    id: String,
    input: ScoresInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("joining::score", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<ScoreApplication>()?;
        joining::rules::unchanged(&application, seen)?;
        let moved = actions::screening::score(work, &permit, &application, &path, &input)?;
        let told = if moved { "joining-done-scored-all" } else { "joining-done-scored" };
        Ok(Place::at(format!("/applications/{}", application.id)).telling(told))
    })
    .await
}
