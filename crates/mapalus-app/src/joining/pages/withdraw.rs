//! An applicant gives up: before that a page says what goes and what stays.

use super::sample;
use crate::{
    joining::{
        self, actions,
        model::{Application, ApplicationState},
    },
    shell::{AppError, Cx, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::access::UseApplication;

/// Before one withdraws: what goes, what stays.
#[derive(Template)]
#[template(path = "joining/templates/withdraw.html")]
pub struct WithdrawPage {
    f: Frame,
    application: Application,
}

impl WithdrawPage {
    fn draft(&self) -> bool {
        self.application.state == ApplicationState::Draft
    }

    /// Samples for the test that renders every page: a draft, and one that was sent.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |state| Self {
            f: Frame::sample(lang, "Withdraw", true),
            application: sample::application(state, 1),
        };
        vec![page(ApplicationState::Draft), page(ApplicationState::Sent)]
    }
}

/// `GET /applications/{application}/withdraw`
pub async fn ask(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let application = cx
        .read("joining::ask_withdraw", move |tx, cx| {
            let (application, _, standing) = joining::load_seen(tx, cx, &id)?;
            standing.permit::<UseApplication>()?;
            joining::rules::may_withdraw(&application)?;
            Ok(application)
        })
        .await?;
    cx.html(&WithdrawPage { f: cx.frame(cx.text("joining-withdraw-title")), application })
}

/// `POST /applications/{application}/withdraw`
pub async fn withdraw(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let place = withdraw_own(&cx, id).await?;
    Ok(cx.see(&place))
}

pub(in crate::joining) async fn withdraw_own(cx: &Cx, id: String) -> Result<Place, AppError> {
    cx.write("joining::withdraw", move |work, cx| {
        let (application, _, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<UseApplication>()?;
        joining::rules::unchanged(&application, cx.if_match()?)?;
        actions::withdraw(work, &permit, &application)?;
        let place = Place::at("/applications").telling("joining-done-withdrawn");
        Ok(match application.state {
            ApplicationState::Draft => place,
            _ => place.undoable(format!("/applications/{}/withdraw/undo", application.id)),
        })
    })
    .await
}

/// `POST /applications/{application}/withdraw/undo`
pub async fn undo(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let place = undo_own(&cx, id).await?;
    Ok(cx.see(&place))
}

pub(in crate::joining) async fn undo_own(cx: &Cx, id: String) -> Result<Place, AppError> {
    cx.write("joining::undo_withdrawal", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<UseApplication>()?;
        actions::undo_withdrawal(work, &permit, &application, &path)?;
        Ok(Place::at(format!("/applications/{}", application.id)).telling("joining-done-undone"))
    })
    .await
}
