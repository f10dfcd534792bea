//! A group's path over the API.

use super::{
    super::{
        actions,
        model::{Path as JoiningPath, path::PathInput},
        pages,
        rules::vouch::{FewGivers, few_givers},
    },
    view::StepView,
};
use crate::{
    groups,
    shell::{AppError, Cx, Lang, Place, Sent, locale, or_newer},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::access::{ChangePath, SeeGroup};
use serde::Serialize;
use std::collections::BTreeMap;

/// A joining path.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PathView {
    /// Counts the paths that the group has had: send it as If-Match. 0 while there is none.
    pub number: i64,
    /// Its steps in their order.
    pub items: Vec<StepView>,
    /// What it asks for that there is hardly; for those who may change it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<WarningView>,
}

/// What a path asks for that there is hardly.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct WarningView {
    /// The place of the step, from 0.
    pub place: i64,
    /// `joining-path-few-givers`: more vouches than members who may give them.
    pub key: &'static str,
    /// `needed`: the vouches; `members`: those who may give them.
    pub arguments: BTreeMap<&'static str, i64>,
    /// The same in words.
    pub detail: String,
}

impl WarningView {
    fn new(few: FewGivers, lang: Lang) -> Self {
        let step = i64::try_from(few.step).unwrap_or(i64::MAX);
        let given = [("step", step.into()), ("needed", few.needed.into()), ("members", few.members.into())];
        Self {
            place: step - 1,
            key: FewGivers::KEY,
            arguments: BTreeMap::from([("needed", few.needed), ("members", few.members)]),
            detail: locale::message(lang, FewGivers::KEY, &given),
        }
    }
}

/// What joining a group takes.
#[utoipa::path(get, path = "/api/v1/groups/{group}/path", tag = "joining",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The steps", body = PathView)))]
pub async fn path(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (found, warnings) = cx
        .read("joining::path", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<SeeGroup>()?;
            let found = actions::path::in_use(tx, group.id)?;
            let mut warnings = Vec::new();
            if let Some((.., path)) = found.as_ref().filter(|_| standing.permit::<ChangePath>().is_ok()) {
                let givers = actions::path::givers(tx, group.id, cx.now)?;
                let asked = path.steps.iter().map(|step| (Some(step.kind), step.needed));
                warnings = few_givers(asked, givers);
            }
            Ok((found, warnings))
        })
        .await?;
    let steps = |path: &JoiningPath| path.steps.iter().map(|step| StepView::new(path, step)).collect();
    let warnings = warnings.into_iter().map(|few| WarningView::new(few, cx.lang)).collect();
    let (number, items) = found.map_or((0, Vec::new()), |(number, _, path)| (number, steps(&path)));
    let view = PathView { number, items, warnings };
    cx.json_at(StatusCode::OK, view.number, &view)
}

/// Put another path into use. Applications under way keep theirs; drafts follow question by question, after 20 seconds: until
/// then it can be taken back.
#[utoipa::path(put, path = "/api/v1/groups/{group}/path", tag = "joining", request_body = PathInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("If-Match" = Option<String>, Header, description = "The number of the path that was read")),
    responses((status = 200, description = "The path", body = PathView)))]
pub async fn replace(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<PathInput>,
) -> Result<Response, AppError> {
    let seen = cx.if_match()?;
    let done = cx.write("joining::replace_path", {
        let group = group.clone();
        move |work, cx| {
            let (group, standing) = groups::standing(work.tx, cx, &group)?;
            let permit = standing.permit::<ChangePath>()?;
            actions::path::publish(work, &permit, &group, seen, &input)?;
            Ok(Place::at(group.path()))
        }
    });
    or_newer(done.await, path(cx.clone(), Path(group.clone()))).await?;
    path(cx, Path(group)).await
}

/// Take back a path that was put into use less than 20 seconds ago and that nobody walks yet: what was in use before is
/// again, and the change is prepared.
#[utoipa::path(post, path = "/api/v1/groups/{group}/path/undo", tag = "joining",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The path that is in use again", body = PathView)))]
pub async fn undo(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    pages::path::undo_by(&cx, group.clone()).await?;
    path(cx, Path(group)).await
}
