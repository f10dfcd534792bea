//! The member's side of vouching: what one was asked, to give, to decline, to take back.

use super::{acquaintance::AcquaintancePage, sample};
use crate::{
    joining::{
        self, actions,
        model::{
            Application,
            acquaintance::{AcquaintanceState, AskedTo},
            vouch::{AskInput, AskedOf, GiveInput, Known, Relation, Vouch, VouchState},
        },
        queries,
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted, forms::Wrong},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Id, Millis, Refusal, Standing, VouchId,
    access::{UseAccount, UseApplication, Vouch as ToVouch},
    chance::Counted,
};
use mapalus_db::{Tx, params};

/// What one was asked.
#[derive(Template)]
#[template(path = "joining/templates/vouches.html")]
pub struct VouchesPage {
    f: Frame,
    asked: Vec<AskedOf>,
    /// Whom one was asked to get to know.
    to_know: Vec<AskedTo>,
}

/// One request, as the member sees it.
#[derive(Template)]
#[template(path = "joining/templates/vouch.html")]
pub struct VouchPage {
    f: Frame,
    form: FormState,
    vouch: Vouch,
    applicant: String,
    group: String,
    group_lang: Lang,
    slug: String,
    relations: Vec<Choice>,
    known: Vec<Choice>,
    /// Why it cannot be answered; nothing if it can.
    closed: Option<&'static str>,
    may_take_back: bool,
}

fn state(f: &Frame, state: VouchState, ends_at: Millis) -> &'static str {
    if state == VouchState::Asked && ends_at <= f.now() { "expired" } else { state.word() }
}

impl VouchesPage {
    fn state(&self, asked: &AskedOf) -> &'static str {
        state(&self.f, asked.state, asked.ends_at)
    }

    /// Samples for the test that renders every page: nothing asked, and each state.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let asked = |state: &VouchState| AskedOf {
            id: VouchId::new(sample::AT, &Counted::default()),
            applicant: "Rio Mandagi".to_owned(),
            group_name: "Dokter Manado".to_owned(),
            lang: Lang::Id,
            state: *state,
            asked_at: sample::AT,
            ends_at: sample::AT,
            relation: String::new(),
            known: String::new(),
            note: String::new(),
        };
        let page = |asked, to_know| Self { f: Frame::sample(lang, "Vouches", true), asked, to_know };
        let to_know =
            AcquaintanceState::ALL.iter().map(|state| AcquaintancePage::sample_asked(*state)).collect();
        vec![page(Vec::new(), Vec::new()), page(VouchState::ALL.iter().map(asked).collect(), to_know)]
    }
}

impl VouchPage {
    fn state(&self) -> &'static str {
        state(&self.f, self.vouch.state, self.vouch.ends_at)
    }

    fn new(
        f: Frame,
        form: FormState,
        vouch: Vouch,
        application: Application,
        (closed, may_take_back): (Option<&'static str>, bool),
    ) -> Self {
        let choice = |prefix, word: &str| Choice::new(word, f.word(prefix, word));
        let relations = Relation::ALL.iter().map(|r| choice("joining-relation", r.word())).collect();
        let known = Known::ALL.iter().map(|k| choice("joining-known", k.word())).collect();
        let Application { name: applicant, group_name: group, lang: group_lang, slug, .. } = application;
        Self { f, form, vouch, applicant, group, group_lang, slug, relations, known, closed, may_take_back }
    }

    /// Samples for the test that renders every page.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |vouch: Vouch| {
            let application = sample::application(super::super::model::ApplicationState::Sent, 1);
            let closed = (vouch.state != VouchState::Asked).then_some("joining-vouch-quota");
            let open = (closed, vouch.state == VouchState::Given);
            Self::new(Frame::sample(lang, "Vouch", true), FormState::new(), vouch, application, open)
        };
        sample::vouches().into_iter().map(page).collect()
    }
}

/// A request with its application, for the member who was asked; for others there is none.
fn load(
    tx: &mut Tx<'_>,
    cx: &Cx,
    id: &str,
) -> Result<(Vouch, Application, joining::Path, Standing), AppError> {
    let person = cx.person();
    if person.is_none() {
        return Err(mapalus_core::Denied::SignIn.into());
    }
    let id: VouchId = id.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<Vouch> = tx.optional(&queries::vouch::VOUCH, &params![id])?;
    let vouch = found.ok_or_else(Refusal::not_found)?;
    let found: Option<Application> =
        tx.optional(&queries::APPLICATION, &params![vouch.application_id, false])?;
    let application = found.ok_or_else(Refusal::not_found)?;
    let path = queries::walk(tx, &application)?;
    let standing = Standing { owner: vouch.giver_id == person, ..cx.standing() };
    Ok((vouch, application, path, standing))
}

/// `GET /vouches`
pub async fn vouches(cx: Cx) -> Result<Response, AppError> {
    let (asked, to_know) = (asked_of(&cx).await?, super::acquaintance::asked_of(&cx).await?);
    cx.html(&VouchesPage { f: cx.frame(cx.text("joining-vouches-title")), asked, to_know })
}

pub(in crate::joining) async fn asked_of(cx: &Cx) -> Result<Vec<AskedOf>, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    cx.read("joining::asked_of", move |tx, _| Ok(tx.all(&queries::vouch::ASKED_OF, &params![person])?)).await
}

/// One thing that one was asked.
pub(in crate::joining) async fn asked_one(cx: &Cx, id: String) -> Result<AskedOf, AppError> {
    cx.read("joining::asked_one", move |tx, cx| {
        let (vouch, _, _, standing) = load(tx, cx, &id)?;
        let person = standing.permit::<ToVouch>()?.signed_in()?;
        let asked: Vec<AskedOf> = tx.all(&queries::vouch::ASKED_OF, &params![person])?;
        Ok(asked.into_iter().find(|asked| asked.id == vouch.id).ok_or_else(Refusal::not_found)?)
    })
    .await
}

/// `GET /vouches/{vouch}`
pub async fn vouch(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    show(&cx, id, StatusCode::OK, FormState::new()).await
}

async fn show(cx: &Cx, id: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let (vouch, application, open) = cx
        .read("joining::vouch", move |tx, cx| {
            let (vouch, application, path, standing) = load(tx, cx, &id)?;
            let permit = standing.permit::<ToVouch>()?;
            let of = (&application, &path);
            let closed = match actions::vouch::may_give(tx, &permit, &vouch, of, cx.now) {
                Ok(()) => None,
                Err(AppError::Refusal(refusal)) => Some(refusal.key),
                Err(other) => return Err(other),
            };
            let may_take_back = joining::rules::vouch::take_back(&vouch, &application, &path).is_ok();
            Ok((vouch, application, (closed, may_take_back)))
        })
        .await?;
    let f = cx.frame(cx.text("joining-vouch-title"));
    cx.html_with(status, &VouchPage::new(f, form, vouch, application, open))
}

/// What a member answers.
#[derive(Debug, Clone)]
pub(in crate::joining) enum Reply {
    /// Vouches.
    Give(GiveInput),
    /// Does not.
    Decline,
    /// Takes a vouch back.
    TakeBack,
}

pub(in crate::joining) async fn reply(cx: &Cx, id: String, reply: Reply) -> Result<Place, AppError> {
    cx.write("joining::reply", move |work, cx| {
        let (vouch, application, path, standing) = load(work.tx, cx, &id)?;
        let permit = standing.permit::<ToVouch>()?;
        let of = (&application, &path);
        let place = Place::at("/vouches");
        let undo = format!("/vouches/{}/withdraw", vouch.id);
        Ok(match &reply {
            Reply::Give(input) => {
                actions::vouch::give(work, &permit, &vouch, of, input)?;
                place.telling("joining-done-vouched").undoable(undo)
            }
            Reply::Decline => {
                actions::vouch::decline(work, &permit, &vouch, of)?;
                place.telling("joining-done-not-vouched").undoable(undo)
            }
            Reply::TakeBack => {
                actions::vouch::take_back(work, &permit, &vouch, of)?;
                place.telling("joining-done-taken-back")
            }
        })
    })
    .await
}

/// `POST /vouches/{vouch}/give`
pub async fn give(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: GiveInput = posted.input()?;
    match reply(&cx, id.clone(), Reply::Give(input)).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, id, status, form).await
        }
    }
}

/// `POST /vouches/{vouch}/decline`
pub async fn decline(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = reply(&posted.cx, id, Reply::Decline).await?;
    Ok(posted.cx.see(&place))
}

/// `POST /vouches/{vouch}/withdraw`
pub async fn withdraw(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = reply(&posted.cx, id, Reply::TakeBack).await?;
    Ok(posted.cx.see(&place))
}

/// `POST /applications/{application}/vouches`: the applicant asks.
pub async fn ask(Path(id): Path<String>, mut posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let name = posted.take("name");
    let by_mail = posted.fields.iter().any(|(field, _)| field == "mail");
    let input: AskInput = posted.input()?;
    let done = if input.person.is_empty() && !by_mail {
        cx.earlier(Wrong::plain("joining-vouch-choose").at("person").into()).await
    } else {
        ask_for(&cx, id.clone(), input).await
    };
    match done {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            super::mine::show(&cx, id, status, Some(form.filled("name", name))).await
        }
    }
}

pub(in crate::joining) async fn ask_for(cx: &Cx, id: String, input: AskInput) -> Result<Place, AppError> {
    cx.write("joining::ask", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<UseApplication>()?;
        let whom = actions::vouch::whom(&input.person, &input.mail)?;
        let vouch = actions::vouch::ask(work, &permit, &application, &path, &whom)?;
        let own = format!("/applications/{}", application.id);
        Ok(Place::at(own.as_str())
            .telling("joining-done-asked")
            .undoable(format!("{own}/vouches/{vouch}/cancel")))
    })
    .await
}

/// `POST /applications/{application}/vouches/{vouch}/cancel`: the applicant takes a request back.
pub async fn cancel(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let place = cancel_own(&posted.cx, ids).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::joining) async fn cancel_own(cx: &Cx, ids: (String, String)) -> Result<Place, AppError> {
    cx.write("joining::cancel_vouch", move |work, cx| {
        let (application, _, standing) = joining::load(work.tx, cx, &ids.0)?;
        let permit = standing.permit::<UseApplication>()?;
        let vouch: VouchId = ids.1.parse().map_err(|_| Refusal::not_found())?;
        actions::vouch::cancel(work, &permit, application.id, vouch)?;
        Ok(Place::at(format!("/applications/{}", application.id)).telling("joining-done-unasked"))
    })
    .await
}

/// A request as applicant and reviewers see it.
#[derive(Debug, Clone)]
pub struct VouchLine {
    /// The request.
    pub id: VouchId,
    /// Whom the applicant asked.
    pub name: String,
    /// `asked`, `expired`, `given`, `declined`, `withdrawn` or `noted`.
    pub state: &'static str,
    /// Until when it may be answered.
    pub ends_at: Millis,
    /// How and how long the member knows the applicant, in words.
    pub known: String,
    /// More in words.
    pub note: String,
}

/// The requests of an application in words; what the applicant took back is left out.
pub(super) fn lines(f: &Frame, vouches: &[Vouch]) -> Vec<VouchLine> {
    let line = |vouch: &Vouch| {
        let noted = vouch.state == VouchState::Given && vouch.withdrawn_at.is_some();
        let state = if noted { "noted" } else { state(f, vouch.state, vouch.ends_at) };
        let known = if vouch.relation.is_empty() {
            String::new()
        } else {
            let relation = f.word("joining-relation", &vouch.relation);
            format!("{relation} · {}", f.word("joining-known", &vouch.known))
        };
        let (name, note) = (vouch.shown().to_owned(), vouch.note.clone());
        VouchLine { id: vouch.id, name, state, ends_at: vouch.ends_at, known, note }
    };
    vouches.iter().filter(|vouch| vouch.state != VouchState::Cancelled).map(line).collect()
}
