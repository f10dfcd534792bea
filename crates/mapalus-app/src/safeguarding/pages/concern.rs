//! The form by which a concern is reported; the concerns as those read them to whom they go.

use super::{SAMPLE_AT, sample_person};
use crate::{
    groups::Group,
    safeguarding::{
        self, actions,
        model::{Concern, ConcernInput, ConcernLine, OutcomeInput, Safeguard},
        rules,
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    ConcernId, Id, PersonId, Standing,
    access::{ReadConcerns, ReportConcern, SeeGroup},
    chance::Counted,
};

/// The form that reports a concern.
#[derive(Template)]
#[template(path = "safeguarding/templates/concern.html")]
pub struct ConcernPage {
    f: Frame,
    form: FormState,
    name: String,
    path: String,
    /// Where it leads back.
    back: String,
    group_lang: Lang,
    people: Vec<Choice>,
    /// Whether somebody would read it.
    read: bool,
    /// Whether the one who looks is one of those who read.
    reads: bool,
}

/// The concerns of a group: that they are there.
#[derive(Template)]
#[template(path = "safeguarding/templates/concerns.html")]
pub struct ConcernsPage {
    f: Frame,
    name: String,
    path: String,
    group_lang: Lang,
    lines: Vec<ConcernLine>,
}

/// One concern.
#[derive(Template)]
#[template(path = "safeguarding/templates/one.html")]
pub struct OneConcernPage {
    f: Frame,
    form: FormState,
    path: String,
    of: Concern,
}

impl ConcernPage {
    /// Samples for the test that renders every page: with and without somebody who reads.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |read| Self {
            f: Frame::sample(lang, "Concern", true),
            form: FormState::new(),
            name: "Relawan Siaga".to_owned(),
            path: "/groups/relawan".to_owned(),
            back: "/groups/relawan".to_owned(),
            group_lang: Lang::Id,
            people: vec![Choice::new("x", sample_person().name)],
            read,
            reads: read,
        };
        vec![page(true), page(false)]
    }
}

impl ConcernsPage {
    /// Samples for the test that renders every page: none and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let line = |closed_at| ConcernLine {
            id: ConcernId::new(SAMPLE_AT, &Counted::default()),
            made_at: SAMPLE_AT,
            closed_at,
        };
        let page = |lines| Self {
            f: Frame::sample(lang, "Concerns", true),
            name: "Relawan Siaga".to_owned(),
            path: "/groups/relawan".to_owned(),
            group_lang: Lang::Id,
            lines,
        };
        vec![page(Vec::new()), page(vec![line(None), line(Some(SAMPLE_AT))])]
    }
}

impl OneConcernPage {
    /// Samples for the test that renders every page: open, closed.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |closed: bool| Self {
            f: Frame::sample(lang, "Concern", true),
            form: FormState::new(),
            path: "/groups/relawan".to_owned(),
            of: Concern {
                id: ConcernId::new(SAMPLE_AT, &Counted::default()),
                person_id: Some(PersonId::new(SAMPLE_AT, &Counted::default())),
                name: "Deisy Rondonuwu".to_owned(),
                text: "Seorang pengurus mengajak peserta bertemu sendirian.".to_owned(),
                made_at: SAMPLE_AT,
                closed_at: closed.then_some(SAMPLE_AT),
                closer: "Stenly Wowor".to_owned(),
                outcome: "Sudah dibicarakan dengan orang tua.".to_owned(),
            },
        };
        vec![page(false), page(true)]
    }
}

/// What the form needs: the group, where it leads back, who is appointed, whom it may name.
type Form = (Group, String, Vec<Safeguard>, Vec<(PersonId, String)>);

/// Where the form leads back: to the group, or to their wards one who does not see it.
fn back(group: &Group, standing: &Standing) -> String {
    if standing.permit::<SeeGroup>().is_ok() { group.path() } else { "/wards".to_owned() }
}

async fn show(cx: &Cx, group: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let (group, back, people, nameable): Form = cx
        .read("safeguarding::form", move |tx, cx| {
            let (group, standing) = safeguarding::standing_of_reporter(tx, cx, &group)?;
            standing.permit::<ReportConcern>()?;
            let back = back(&group, &standing);
            let people = actions::safeguards(tx, group.id)?;
            let nameable = actions::nameable(tx, group.id, &people)?;
            Ok::<Form, AppError>((group, back, people, nameable))
        })
        .await?;
    let own = cx.person();
    let read = own.is_some_and(|own| rules::readers(&people, own, &[]).is_ok());
    let others = nameable.into_iter().filter(|(person, _)| Some(*person) != own);
    let page = ConcernPage {
        f: cx.frame(cx.text("safeguarding-concern-title")),
        form,
        path: group.path(),
        back,
        group_lang: group.lang,
        name: group.name,
        people: others.map(|(person, name)| Choice::new(person.to_string(), name)).collect(),
        read,
        reads: people.iter().any(|one| Some(one.person_id) == own),
    };
    cx.html_with(status, &page)
}

/// `GET /groups/{group}/concern`
pub async fn form(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

/// `POST /groups/{group}/concern`
pub async fn report(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: ConcernInput = posted.input()?;
    match report_in(&posted.cx, group.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, group, status, form).await
        }
    }
}

pub(in crate::safeguarding) async fn report_in(
    cx: &Cx,
    group: String,
    input: ConcernInput,
) -> Result<Place, AppError> {
    cx.write("safeguarding::report", move |work, cx| {
        let (group, standing) = safeguarding::standing_of_reporter(work.tx, cx, &group)?;
        let permit = standing.permit::<ReportConcern>()?;
        actions::report(work, &permit, group.id, &input)?;
        Ok(Place::at(back(&group, &standing)).telling("safeguarding-done-reported"))
    })
    .await
}

pub(in crate::safeguarding) async fn load_list(
    cx: &Cx,
    group: String,
) -> Result<(Group, Vec<ConcernLine>), AppError> {
    cx.read("safeguarding::concerns", move |tx, cx| {
        let (group, standing) = safeguarding::standing(tx, cx, &group)?;
        let permit = standing.permit::<ReadConcerns>()?;
        let lines = actions::concerns(tx, &permit, group.id)?;
        Ok((group, lines))
    })
    .await
}

/// `GET /groups/{group}/concerns`
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, lines) = load_list(&cx, group).await?;
    let f = cx.frame(cx.text("safeguarding-concerns-title")).at_desk();
    let (path, group_lang) = (group.path(), group.lang);
    cx.html(&ConcernsPage { f, name: group.name, path, group_lang, lines })
}

/// A concern. That it was read is recorded, so it is a write without a once-value.
pub(in crate::safeguarding) async fn read_one(
    cx: &Cx,
    (group, concern): (String, String),
) -> Result<(Group, Concern), AppError> {
    let context = cx.clone();
    cx.app
        .write_as(cx.person(), "safeguarding::read", move |work| {
            let (group, standing) = safeguarding::standing(work.tx, &context, &group)?;
            let permit = standing.permit::<ReadConcerns>()?;
            let of = actions::read(work, &permit, group.id, &concern)?;
            Ok::<_, AppError>((group, of))
        })
        .await
}

async fn show_one(
    cx: &Cx,
    ids: (String, String),
    status: StatusCode,
    form: FormState,
) -> Result<Response, AppError> {
    let (group, of) = read_one(cx, ids).await?;
    let f = cx.frame(cx.text("safeguarding-concern-one")).at_desk();
    cx.html_with(status, &OneConcernPage { f, form, path: group.path(), of })
}

/// `GET /groups/{group}/concerns/{concern}`
pub async fn one(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    show_one(&cx, ids, StatusCode::OK, FormState::new()).await
}

/// `POST /groups/{group}/concerns/{concern}/close`
pub async fn close(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let input: OutcomeInput = posted.input()?;
    match close_in(&posted.cx, ids.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_one(&posted.cx, ids, status, form).await
        }
    }
}

pub(in crate::safeguarding) async fn close_in(
    cx: &Cx,
    (group, concern): (String, String),
    input: OutcomeInput,
) -> Result<Place, AppError> {
    cx.write("safeguarding::close", move |work, cx| {
        let (group, standing) = safeguarding::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ReadConcerns>()?;
        actions::close(work, &permit, (group.id, &concern), &input.outcome)?;
        Ok(Place::at(format!("{}/concerns", group.path())).telling("safeguarding-done-closed"))
    })
    .await
}

pub(in crate::safeguarding) async fn leave_in(cx: &Cx, group: String) -> Result<Place, AppError> {
    cx.write("safeguarding::leave", move |work, cx| {
        let (group, standing) = safeguarding::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ReadConcerns>()?;
        actions::leave(work, &permit, group.id)?;
        Ok(Place::at(group.path()).telling("safeguarding-done-left"))
    })
    .await
}

/// `POST /groups/{group}/concerns/leave`
pub async fn leave(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let place = leave_in(&posted.cx, group).await?;
    Ok(posted.cx.see(&place))
}
