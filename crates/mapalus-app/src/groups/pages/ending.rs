//! Closing a group for good: what happens is told before it is done.

use crate::{
    groups::{
        self, Group,
        actions::ending::{self, KEPT_DAYS},
    },
    shell::{AppError, Cx, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::access::{EndGroup, UndoChange};
use serde::Deserialize;

/// What closing a group means.
#[derive(Template)]
#[template(path = "groups/templates/ending.html")]
pub struct EndingPage {
    f: Frame,
    group: Group,
    /// Days for which the page is kept.
    days: i64,
    /// Whether the one who looks may do it.
    may: bool,
}

impl EndingPage {
    fn new(f: Frame, group: Group) -> Self {
        let may = groups::rules::may_end(group.standing().permissions).is_ok();
        Self { f, group, days: KEPT_DAYS, may }
    }

    /// Samples for the test that renders every page: for who may do it, and for who may not.
    pub fn samples(lang: Lang, group: &Group) -> Vec<Self> {
        let page = |group| Self::new(Frame::sample(lang, "Close", true), group);
        vec![page(group.clone()), page(Group { held: None, ..group.clone() })]
    }
}

/// The group as it was seen.
#[derive(Debug, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EndInput {
    /// The version that was read: it is closed only as it was seen.
    pub version: i64,
}

/// `GET /groups/{group}/close`
pub async fn ending(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let group = cx
        .read("groups::ending", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<EndGroup>()?;
            Ok(group)
        })
        .await?;
    let f = cx.frame(cx.text("groups-end-title"));
    cx.html(&EndingPage::new(f, group))
}

/// `POST /groups/{group}/close`
pub async fn end(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: EndInput = posted.input()?;
    let cx = posted.cx;
    let place = end_by(&cx, group, &input).await?;
    Ok(cx.see(&place))
}

pub(in crate::groups) async fn end_by(cx: &Cx, group: String, input: &EndInput) -> Result<Place, AppError> {
    let version = input.version;
    cx.write("groups::end", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<EndGroup>()?;
        ending::end(work, &permit, &group, version)?;
        let place = Place::at("/groups").telling("groups-done-ended");
        Ok(place.undoable(format!("{}/close/undo", group.path())))
    })
    .await
}

/// `POST /groups/{group}/close/undo`
pub async fn undo(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let place = undo_by(&cx, group).await?;
    Ok(cx.see(&place))
}

pub(in crate::groups) async fn undo_by(cx: &Cx, group: String) -> Result<Place, AppError> {
    cx.write("groups::undo_end", move |work, cx| {
        let (group, mut standing) = groups::standing(work.tx, cx, &group)?;
        standing.owner = cx.person().is_some() && group.ended_by == cx.person();
        let permit = standing.permit::<UndoChange>()?;
        ending::undo(work, &permit, &group)?;
        Ok(Place::at(group.path()).telling("groups-done-undone"))
    })
    .await
}
