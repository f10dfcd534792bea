//! What a guardian does with an application of their ward that waits for them.

use crate::{
    joining::{
        Application, Path as JoiningPath, actions::consent as actions, model::consent::Consent, queries,
    },
    people,
    shell::{AppError, Cx, Place, Posted, Work},
};
use axum::{extract::Path, response::Response};
use mapalus_core::{ApplicationId, Permit, Refusal, Standing, access::ConsentToJoining};
use mapalus_db::params;

/// The application of a ward that the one who asks was asked about.
fn load(
    work: &mut Work<'_, '_>,
    cx: &Cx,
    id: &str,
) -> Result<(Permit<ConsentToJoining>, Application, JoiningPath, Consent), AppError> {
    if cx.person().is_none() {
        cx.standing().permit::<ConsentToJoining>()?;
    }
    let id: ApplicationId = id.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<Application> = work.tx.optional(&queries::APPLICATION, &params![id, false])?;
    let application = found.ok_or_else(Refusal::not_found)?;
    let consent = actions::of(work.tx, id)?.ok_or_else(Refusal::not_found)?;
    let young = people::young(work.tx, application.person_id)?;
    let answers_for = young.and_then(|young| young.guardian_id);
    let owner = answers_for == Some(consent.guardian_id) && answers_for == cx.person();
    let permit = Standing { owner, ..cx.standing() }.permit()?;
    let path = queries::walk(work.tx, &application)?;
    Ok((permit, application, path, consent))
}

pub(in crate::joining) async fn give_by(cx: &Cx, id: String) -> Result<Place, AppError> {
    cx.write("joining::consent", move |work, cx| {
        let (permit, application, path, consent) = load(work, cx, &id)?;
        actions::give(work, &permit, &application, &path, &consent)?;
        Ok(Place::at("/wards").telling("joining-done-consent"))
    })
    .await
}

pub(in crate::joining) async fn decline_by(cx: &Cx, id: String) -> Result<Place, AppError> {
    cx.write("joining::decline_consent", move |work, cx| {
        let (permit, application, ..) = load(work, cx, &id)?;
        actions::decline(work, &permit, &application)?;
        Ok(Place::at("/wards").telling("joining-done-consent-declined"))
    })
    .await
}

/// `POST /joinings/{joining}/agree`
pub async fn give(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = give_by(&posted.cx, id).await?;
    Ok(posted.cx.see(&place))
}

/// `POST /joinings/{joining}/decline`
pub async fn decline(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = decline_by(&posted.cx, id).await?;
    Ok(posted.cx.see(&place))
}
