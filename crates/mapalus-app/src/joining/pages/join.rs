//! The first look at a group's path, with one button to begin.

use super::sample;
use crate::{
    groups,
    joining::{self, actions},
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::access::Apply;

/// The first look at a group's path: begin, with one button.
#[derive(Template)]
#[template(path = "joining/templates/join.html")]
pub struct JoinPage {
    f: Frame,
    form: FormState,
    name: String,
    group_lang: Lang,
    path: String,
    steps: Vec<joining::Step>,
}

/// `GET /groups/{group}/join`
pub async fn join(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, panel) = cx
        .read("joining::join", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            let permit = standing.permit::<Apply>()?;
            let panel = joining::panel(tx, group.id, permit.person())?;
            Ok((group, panel))
        })
        .await?;
    if let Some(own) = panel.own.filter(|own| own.state.open()) {
        return Ok(cx.see(&Place::at(format!("/applications/{}", own.id))));
    }
    let f = cx.frame(cx.text("joining-join-title"));
    let (path, group_lang) = (group.path(), group.lang);
    cx.html(&JoinPage { f, form: FormState::new(), path, name: group.name, group_lang, steps: panel.steps })
}

impl JoinPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self {
            f: Frame::sample(lang, "Join", true),
            form: FormState::new(),
            name: "Relawan Siaga Bencana".to_owned(),
            group_lang: Lang::Id,
            path: "/groups/relawan".to_owned(),
            steps: sample::path().steps,
        }
    }
}

/// `POST /groups/{group}/join`
pub async fn join_post(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let place = begin(&cx, group).await?;
    Ok(cx.see(&place))
}

pub(in crate::joining) async fn begin(cx: &Cx, group: String) -> Result<Place, AppError> {
    cx.write("joining::begin", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<Apply>()?;
        let id = actions::begin(work, &permit, &group)?;
        Ok(Place::at(format!("/applications/{id}")))
    })
    .await
}
