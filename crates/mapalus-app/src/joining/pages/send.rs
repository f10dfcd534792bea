//! What an applicant sends: the form, the acceptance of an agreement; and takes back.

use super::{file, mine::show};
use crate::{
    joining::{
        self, actions,
        model::{Answers, Application},
    },
    shell::{AppError, Cx, Place, Posted, PostedFiles},
};
use axum::{extract::Path, response::Response};
use mapalus_core::{StepId, access::UseApplication};

/// The answers that were posted, without what is pressed.
fn given(posted: &Posted) -> Answers {
    let mut answers = Answers::new();
    for (name, value) in posted.fields.iter().filter(|(name, _)| name != "do" && name != "step") {
        answers.entry(name.clone()).or_default().push(value.clone());
    }
    answers
}

/// `POST /applications/{application}/form`: `do=save` keeps the draft, `do=remove:FILE` too and without that
/// file, anything else sends.
pub async fn form(Path(id): Path<String>, posted: PostedFiles) -> Result<Response, AppError> {
    let PostedFiles(mut posted) = posted;
    let cx = posted.cx.clone();
    let seen = posted.take("version").parse().ok();
    let step = joining::wanted(posted.value("step"))?;
    let given = actions::Given { step, answers: given(&posted) };
    let (files, held) = posted.take_files();
    let (save, removed) = file::wish(posted.value("do"));
    let done = async {
        if let Err(error) = file::add_all(&cx, &id, files).await {
            return cx.earlier(error).await;
        }
        drop(held);
        if let Some(removed) = removed {
            // One that is gone already is what was wished.
            file::remove(&cx, &id, removed).await?;
        }
        fill(&cx, id.clone(), given, save, seen).await
    };
    match done.await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, id, status, Some(form)).await
        }
    }
}

pub(in crate::joining) async fn fill(
    cx: &Cx,
    id: String,
    given: actions::Given,
    save: bool,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("joining::fill", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<UseApplication>()?;
        joining::rules::unchanged(&application, seen)?;
        let place = Place::at(format!("/applications/{}", application.id));
        if save {
            actions::save(work, &permit, &application, &path, &given)?;
            return Ok(place.telling("joining-done-saved"));
        }
        let sent = actions::send(work, &permit, &application, &path, &given)?;
        Ok(match sent {
            actions::Sending::Held => place.telling("joining-done-guardian-asked"),
            actions::Sending::Done => place.telling("joining-done-sent").undoable(unsend(&application)),
        })
    })
    .await
}

/// `POST /applications/{application}/agree`
pub async fn agree(Path(id): Path<String>, mut posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let step = joining::wanted(posted.value("step"))?;
    let place = accept_agreement(&cx, id, step, posted.take("version").parse().ok()).await?;
    Ok(cx.see(&place))
}

pub(in crate::joining) async fn accept_agreement(
    cx: &Cx,
    id: String,
    step: Option<StepId>,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("joining::agree", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<UseApplication>()?;
        joining::rules::unchanged(&application, seen)?;
        let sent = actions::agree(work, &permit, &application, &path, step)?;
        let place = Place::at(format!("/applications/{}", application.id));
        Ok(match sent {
            actions::Sending::Held => place.telling("joining-done-guardian-asked"),
            actions::Sending::Done => place.telling("joining-done-agreed").undoable(unsend(&application)),
        })
    })
    .await
}

/// Where one takes back what one has just sent.
fn unsend(application: &Application) -> String {
    format!("/applications/{}/send/undo", application.id)
}

/// `POST /applications/{application}/send/undo`
pub async fn undo_send(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let place = undo_sent(&cx, id).await?;
    Ok(cx.see(&place))
}

pub(in crate::joining) async fn undo_sent(cx: &Cx, id: String) -> Result<Place, AppError> {
    cx.write("joining::undo_sending", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<UseApplication>()?;
        actions::sending::undo(work, &permit, &application, &path)?;
        Ok(Place::at(format!("/applications/{}", application.id)).telling("joining-done-unsent"))
    })
    .await
}
