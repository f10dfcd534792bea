//! Getting to know an applicant: coordinators bring them and members together, members answer.

use super::{mine, sample};
use crate::{
    joining::{
        self, actions,
        model::{
            Application, ApplicationState,
            acquaintance::{Acquaintance, AcquaintanceState, AskedTo, BringInput, Reply},
        },
        queries, rules,
    },
    shell::{AppError, Cx, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{
    AcquaintanceId, Id, Refusal, Standing,
    access::{BringTogether, GetToKnow, UseAccount},
    chance::Counted,
};
use mapalus_db::{Tx, params};

/// One request, as the member sees it.
#[derive(Template)]
#[template(path = "joining/templates/acquaintance.html")]
pub struct AcquaintancePage {
    f: Frame,
    asked: Acquaintance,
    applicant: String,
    group: String,
    group_lang: Lang,
    slug: String,
    /// What the member may say.
    may: Vec<Reply>,
    /// Why nothing can be said any more.
    closed: Option<&'static str>,
}

impl AcquaintancePage {
    fn new(f: Frame, asked: Acquaintance, (application, path): (Application, &joining::Path)) -> Self {
        let of = (&application, path);
        let says = |reply: &Reply| rules::acquaintance::answered(&asked, of, *reply);
        let offered = [Reply::Agree, Reply::Meet, Reply::Decline];
        let may: Vec<Reply> = offered.into_iter().filter(|reply| says(reply).is_ok()).collect();
        let closed = if may.is_empty() { says(&Reply::Agree).err().map(|refusal| refusal.key) } else { None };
        // What the state itself says needs no other word.
        let closed = closed.filter(|key| *key != "joining-acquaintance-answered");
        let Application { name: applicant, group_name: group, lang: group_lang, slug, .. } = application;
        Self { f, asked, applicant, group, group_lang, slug, may, closed }
    }

    fn may(&self, reply: Reply) -> bool {
        self.may.contains(&reply)
    }

    /// Samples for the test that renders every page: each state.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let path = sample::meeting();
        let page = |asked: Acquaintance| {
            let application = sample::application(ApplicationState::Sent, 1);
            Self::new(Frame::sample(lang, "Acquaintance", true), asked, (application, &path))
        };
        let mut all = sample::acquaintances(path.steps[1].id);
        let cancelled = Acquaintance { state: AcquaintanceState::Cancelled, ..all[0].clone() };
        all.push(cancelled);
        all.into_iter().map(page).collect()
    }

    /// A request in a list, for the sample of that.
    pub(super) fn sample_asked(state: AcquaintanceState) -> AskedTo {
        AskedTo {
            id: AcquaintanceId::new(sample::AT, &Counted::default()),
            applicant: "Rio Mandagi".to_owned(),
            group_name: "Advokat Manado".to_owned(),
            lang: Lang::Id,
            state,
            how: "Sabtu, 10.00, kantin Pengadilan Negeri Manado".to_owned(),
            asked_at: sample::AT,
        }
    }
}

/// A request with its application, for the member who was asked; for others there is none.
fn load(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &str,
) -> Result<(Acquaintance, Application, joining::Path, Standing), AppError> {
    let person = cx.person();
    if person.is_none() {
        return Err(mapalus_core::Denied::SignIn.into());
    }
    let id: AcquaintanceId = id.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<Acquaintance> = tx.optional(&queries::acquaintance::ACQUAINTANCE, &params![id])?;
    let asked = found.ok_or_else(Refusal::not_found)?;
    let found: Option<Application> =
        tx.optional(&queries::APPLICATION, &params![asked.application_id, false])?;
    let application = found.ok_or_else(Refusal::not_found)?;
    let path = queries::walk(tx, &application)?;
    let standing = Standing { owner: Some(asked.person_id) == person, ..cx.standing() };
    Ok((asked, application, path, standing))
}

/// `GET /acquaintances/{acquaintance}`
pub async fn acquaintance(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let (asked, application, path) = cx
        .read("joining::acquaintance", move |tx, cx| {
            let (asked, application, path, standing) = load(tx, cx, &id)?;
            standing.permit::<GetToKnow>()?;
            Ok((asked, application, path))
        })
        .await?;
    let f = cx.frame(cx.text("joining-acquaintance-title"));
    cx.html(&AcquaintancePage::new(f, asked, (application, &path)))
}

/// Whom one was asked to get to know.
pub(in crate::joining) async fn asked_of(cx: &Cx) -> Result<Vec<AskedTo>, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let asked = &queries::acquaintance::ASKED_TO;
    cx.read("joining::asked_to_know", move |tx, _| Ok(tx.all(asked, &params![person])?)).await
}

pub(in crate::joining) async fn reply(cx: &Cx, id: String, reply: Reply) -> Result<Place, AppError> {
    cx.write("joining::get_to_know", move |work, cx| {
        let (asked, application, path, standing) = load(work.tx, cx, &id)?;
        let permit = standing.permit::<GetToKnow>()?;
        actions::acquaintance::answer(work, &permit, &asked, (&application, &path), reply)?;
        let own = format!("/acquaintances/{}", asked.id);
        let place = Place::at(own.as_str());
        let undo = format!("{own}/undo");
        Ok(match reply {
            Reply::Agree => place.telling("joining-done-agreed-to-meet").undoable(undo),
            Reply::Decline => place.telling("joining-done-not-to-meet").undoable(undo),
            Reply::Meet => place.telling("joining-done-met"),
            Reply::Undo => place.telling("joining-done-undone"),
        })
    })
    .await
}

/// `POST /acquaintances/{acquaintance}/agree`
pub async fn agree(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    Ok(posted.cx.see(&reply(&posted.cx, id, Reply::Agree).await?))
}

/// `POST /acquaintances/{acquaintance}/decline`
pub async fn decline(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    Ok(posted.cx.see(&reply(&posted.cx, id, Reply::Decline).await?))
}

/// `POST /acquaintances/{acquaintance}/meet`
pub async fn meet(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    Ok(posted.cx.see(&reply(&posted.cx, id, Reply::Meet).await?))
}

/// `POST /acquaintances/{acquaintance}/undo`
pub async fn undo(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    Ok(posted.cx.see(&reply(&posted.cx, id, Reply::Undo).await?))
}

/// `POST /applications/{application}/acquaintances`: coordinators choose members.
pub async fn bring(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let of = |name: &str| {
        posted.fields.iter().filter(|(field, _)| field == name).map(|(_, v)| v.clone()).collect()
    };
    let input = BringInput { person: of("person"), how: posted.value("how").to_owned() };
    let seen = posted.value("version").parse().ok();
    match bring_for(&cx, id.clone(), input, seen).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            mine::show(&cx, id, status, Some(form)).await
        }
    }
}

pub(in crate::joining) async fn bring_for(
    cx: &Cx,
    id: String,
    input: BringInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("joining::bring", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<BringTogether>()?;
        rules::unchanged(&application, seen)?;
        actions::acquaintance::bring(work, &permit, &application, &path, &input)?;
        Ok(Place::at(format!("/applications/{}", application.id)).telling("joining-done-brought"))
    })
    .await
}

/// `POST /applications/{application}/acquaintances/{acquaintance}/cancel`
pub async fn cancel(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    Ok(posted.cx.see(&cancel_of(&posted.cx, ids).await?))
}

pub(in crate::joining) async fn cancel_of(cx: &Cx, ids: (String, String)) -> Result<Place, AppError> {
    cx.write("joining::cancel_acquaintance", move |work, cx| {
        let (application, _, standing) = joining::load(work.tx, cx, &ids.0)?;
        let permit = standing.permit::<BringTogether>()?;
        let id: AcquaintanceId = ids.1.parse().map_err(|_| Refusal::not_found())?;
        actions::acquaintance::cancel(work, &permit, &application, id)?;
        Ok(Place::at(format!("/applications/{}", application.id)).telling("joining-done-unasked"))
    })
    .await
}

/// One request that one was asked, whatever became of it.
pub(in crate::joining) async fn one(cx: &Cx, id: String) -> Result<AskedTo, AppError> {
    cx.read("joining::asked_to_know_one", move |tx, cx| {
        let (asked, application, _, standing) = load(tx, cx, &id)?;
        standing.permit::<GetToKnow>()?;
        let Application { name: applicant, group_name, lang, .. } = application;
        let Acquaintance { id, state, how, asked_at, .. } = asked;
        Ok(AskedTo { id, applicant, group_name, lang, state, how, asked_at })
    })
    .await
}
