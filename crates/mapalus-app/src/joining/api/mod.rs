//! Joining over the API.

pub mod acquaintance;
pub mod bulk;
pub mod consent;
pub mod figures;
pub mod file;
pub mod interview;
pub mod invited;
pub mod path;
pub mod screening;
pub mod training;
pub mod view;
pub mod vouch;

use self::view::{
    AnswersInput, ApplicationView, AppliedTo, ReasonInput, StepQuery, StepView, TicketList, TicketView,
    VouchView,
};
use super::{
    actions::Given,
    load_seen,
    model::{Answers, How, Outcome, StepKind, Ticket},
    pages::{board, file as files, join, review, send, withdraw as giving_up},
    queries,
};
use crate::{
    groups,
    shell::{
        AppError, Cx, Place, Sent, or_newer,
        paging::{self, PAGE},
        text,
    },
};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::Response,
};
use mapalus_core::access::{ReadApplication, SeeApplications, UseAccount};
use mapalus_db::params;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The application at a place, read anew: what every write of this slice answers.
async fn at(cx: &Cx, status: StatusCode, place: &Place) -> Result<Response, AppError> {
    let id = place.location.rsplit('/').next().unwrap_or("").to_owned();
    answer(cx, status, id).await
}

async fn answer(cx: &Cx, status: StatusCode, id: String) -> Result<Response, AppError> {
    let view = cx
        .read("joining::view", move |tx, cx| {
            let (application, path, standing) = load_seen(tx, cx, &id)?;
            standing.permit::<ReadApplication>()?;
            let mut stored = queries::answers(tx, application.id)?;
            super::keep_seen(&standing, &path, &mut stored);
            let named = super::model::file::named(&path, &stored);
            let files = super::model::file::views(&named, &files::load(tx, &path, application.id)?);
            let mut answers: BTreeMap<String, Answers> = BTreeMap::new();
            for answer in stored {
                let values = answer.value.lines().map(str::to_owned).collect();
                answers.entry(answer.step_id.to_string()).or_default().insert(answer.key, values);
            }
            let reviews = !standing.owner;
            let vouches: Vec<super::model::vouch::Vouch> =
                tx.all(&queries::vouch::VOUCHES, &params![application.id])?;
            let (profile, from_elsewhere) = match reviews {
                true => super::known_of(tx, &application, (&path, &vouches), cx.lang)?,
                false => (None, None),
            };
            let screenings = match reviews {
                true => screening::views(
                    &path,
                    &super::actions::screening::given(tx, application.id, &path)?,
                    cx.person(),
                ),
                false => Vec::new(),
            };
            let meetings = match interview::meets(&path) {
                true => super::pages::meeting::Meetings::load(tx, (&application, &path), (true, ""), cx.now)?,
                false => super::pages::meeting::Meetings::default(),
            };
            let word = |text: &str| if reviews { text.to_owned() } else { String::new() };
            let vouches = vouches
                .iter()
                .filter(|vouch| !reviews || vouch.given_at.is_some())
                .map(|vouch| VouchView {
                    id: vouch.id.to_string(),
                    name: vouch.shown().to_owned(),
                    state: vouch.state,
                    ends_at: text::machine(vouch.ends_at),
                    relation: word(&vouch.relation),
                    known: word(&vouch.known),
                    note: word(&vouch.note),
                })
                .collect();
            let next = path
                .at(application.place)
                .filter(|_| application.state.open() || application.decided_at.is_some());
            let ended = matches!(application.state.word(), "declined" | "withdrawn");
            let next = next.filter(|_| !ended);
            let trains = path.open(&application).find(|step| step.kind == StepKind::Training).cloned();
            let course = match trains {
                Some(step) => {
                    let course = super::actions::training::course(tx, &application, &step, cx.now)?;
                    Some(training::view(&(step, course), cx.now))
                }
                None => None,
            };
            let acts = next.map(|step| match &course {
                Some(course) if course.step == step.id.to_string() => course.turn.actor(),
                _ => step.actor(),
            });
            Ok(ApplicationView {
                id: application.id.to_string(),
                group: (&application).into(),
                applicant: (&application).into(),
                state: application.state,
                place: application.place,
                next: next.and_then(|step| match meetings.turn(step, cx.now) {
                    Some(turn) if path.open(&application).any(|open| open.id == step.id) => turn,
                    _ => acts,
                }),
                due_at: next.map(|step| text::machine(step.due(application.step_since))),
                sent_at: application.sent_at.map(text::machine),
                decided_at: application.decided_at.map(text::machine),
                reason: application.reason.clone(),
                version: application.version,
                steps: path.steps.iter().map(|step| StepView::new(&path, step)).collect(),
                vouches,
                from_elsewhere,
                screenings,
                course,
                interviews: interview::views(&meetings.interviews, reviews),
                acquaintances: acquaintance::views(&meetings.asked, reviews),
                profile,
                open: path.open(&application).map(|step| step.id.to_string()).collect(),
                skipped: path
                    .done
                    .iter()
                    .filter(|done| !done.skipped_for.is_empty())
                    .map(|done| (done.step_id.to_string(), done.skipped_for.clone()))
                    .collect(),
                spared: path
                    .done
                    .iter()
                    .filter(|done| done.how == How::Spared)
                    .map(|done| done.step_id.to_string())
                    .collect(),
                answers,
                files,
            })
        })
        .await?;
    let mut answer = cx.json_at(status, view.version, &view)?;
    if status == StatusCode::CREATED
        && let Ok(location) = HeaderValue::from_str(&format!("/api/v1/applications/{}", view.id))
    {
        answer.headers_mut().insert(header::LOCATION, location);
    }
    Ok(answer)
}

/// Begin an application, or find the one that is open.
#[utoipa::path(post, path = "/api/v1/groups/{group}/applications", tag = "joining",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The application, a draft", body = ApplicationView)))]
pub async fn begin(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let place = join::begin(&cx, group).await?;
    at(&cx, StatusCode::CREATED, &place).await
}

/// The applications of a group that are under way or were decided lately.
#[utoipa::path(get, path = "/api/v1/groups/{group}/applications", tag = "joining",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The applications, oldest first", body = TicketList)))]
pub async fn of_group(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, tickets): (AppliedTo, Vec<Ticket>) = cx
        .read("joining::board", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<SeeApplications>()?;
            Ok(((&group).into(), board::tickets(tx, group.id, cx.now)?))
        })
        .await?;
    let items = tickets.into_iter().map(|ticket| TicketView::to(&group, ticket)).collect();
    cx.json(StatusCode::OK, &TicketList { items, next: None })
}

#[derive(Deserialize)]
struct After {
    after: Option<String>,
}

/// One's own applications: those under way first, of each the newest first.
#[utoipa::path(get, path = "/api/v1/applications", tag = "joining",
    params(("after" = Option<String>, Query, description = "Cursor of the page before")),
    responses((status = 200, description = "A page of applications", body = TicketList)))]
pub async fn mine(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let query: After = cx.query()?;
    let after = paging::place(&cx, query.after.as_deref(), |[over, at, id]| {
        let known = matches!(over.as_str(), "0" | "1") && id.len() <= 64;
        known.then_some((over, at.parse::<i64>().ok()?, id))
    })?;
    let (over, at, id) = after.unwrap_or_else(|| ("0".to_owned(), i64::MAX, String::new()));
    let (rows, seen, stands) = cx
        .read("joining::mine", move |tx, cx| {
            let rows: Vec<super::Application> =
                tx.all(&queries::MINE_PAGE, &params![person, &over, at, &id, PAGE + 1])?;
            let mut seen = rows.clone();
            let stands = super::stands(tx, cx, person, &mut seen)?;
            Ok((rows, seen, stands))
        })
        .await?;
    let place = |a: &super::Application| {
        let over = if a.state.open() { "0" } else { "1" };
        paging::cursor(&[over, &a.made_at.0.to_string(), &a.id.to_string()])
    };
    // The place in the list is that of what stands; what is shown is what was told.
    let page = paging::paged(rows, place);
    let shown = seen.iter().take(page.items.len());
    let items = shown.map(|one| TicketView::of(one, stands.get(&one.id))).collect();
    cx.json(StatusCode::OK, &TicketList { items, next: page.next })
}

/// An application, for its applicant and the group's reviewers.
#[utoipa::path(get, path = "/api/v1/applications/{application}", tag = "joining",
    params(("application" = String, Path, description = "The application's id")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn one(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    answer(&cx, StatusCode::OK, id).await
}

/// Keep the answers of a form that is open, without sending it.
#[utoipa::path(patch, path = "/api/v1/applications/{application}", tag = "joining", request_body = AnswersInput,
    params(("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn save(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<AnswersInput>,
) -> Result<Response, AppError> {
    let given = Given { step: super::wanted(&input.step)?, answers: input.answers };
    let done = send::fill(&cx, id.clone(), given, true, cx.if_match()?).await;
    let place = or_newer(done, answer(&cx, StatusCode::OK, id)).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Send a form that is open.
#[utoipa::path(post, path = "/api/v1/applications/{application}/send", tag = "joining", request_body = AnswersInput,
    params(("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn send(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<AnswersInput>,
) -> Result<Response, AppError> {
    let given = Given { step: super::wanted(&input.step)?, answers: input.answers };
    let done = send::fill(&cx, id.clone(), given, false, cx.if_match()?).await;
    let place = or_newer(done, answer(&cx, StatusCode::OK, id)).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Accept an agreement that is open.
#[utoipa::path(post, path = "/api/v1/applications/{application}/agree", tag = "joining",
    params(StepQuery, ("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn agree(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let step = super::wanted(&cx.query::<StepQuery>()?.step)?;
    let done = send::accept_agreement(&cx, id.clone(), step, cx.if_match()?).await;
    let place = or_newer(done, answer(&cx, StatusCode::OK, id)).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Take back what one sent last, a form or the acceptance of an agreement, within 20 seconds: nobody is told of it then.
#[utoipa::path(post, path = "/api/v1/applications/{application}/send/undo", tag = "joining",
    params(("application" = String, Path, description = "The application's id")),
    responses((status = 200, description = "The application, as it stood before", body = ApplicationView)))]
pub async fn undo_sending(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let place = send::undo_sent(&cx, id).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Withdraw one's application.
#[utoipa::path(post, path = "/api/v1/applications/{application}/withdraw", tag = "joining",
    params(("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn withdraw(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let done = giving_up::withdraw_own(&cx, id.clone()).await;
    or_newer(done, answer(&cx, StatusCode::OK, id.clone())).await?;
    answer(&cx, StatusCode::OK, id).await
}

/// Take the withdrawal of one's application back within 20 seconds: nobody is told of it then.
#[utoipa::path(post, path = "/api/v1/applications/{application}/withdraw/undo", tag = "joining",
    params(("application" = String, Path, description = "The application's id")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn undo_withdrawal(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    giving_up::undo_own(&cx, id.clone()).await?;
    answer(&cx, StatusCode::OK, id).await
}

async fn decide(cx: &Cx, id: String, outcome: Outcome, reason: String) -> Result<Response, AppError> {
    let done = review::decide_on(cx, id.clone(), outcome, reason, cx.if_match()?).await;
    or_newer(done, answer(cx, StatusCode::OK, id.clone())).await?;
    answer(cx, StatusCode::OK, id).await
}

/// Accept an applicant.
#[utoipa::path(post, path = "/api/v1/applications/{application}/accept", tag = "joining", request_body = ReasonInput,
    params(("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn accept(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<ReasonInput>,
) -> Result<Response, AppError> {
    decide(&cx, id, Outcome::Accept, input.reason).await
}

/// Decline an applicant, with a reason.
#[utoipa::path(post, path = "/api/v1/applications/{application}/decline", tag = "joining", request_body = ReasonInput,
    params(("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn decline(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<ReasonInput>,
) -> Result<Response, AppError> {
    decide(&cx, id, Outcome::Decline, input.reason).await
}

/// Put an applicant on the waiting list.
#[utoipa::path(post, path = "/api/v1/applications/{application}/wait", tag = "joining", request_body = ReasonInput,
    params(("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn wait(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<ReasonInput>,
) -> Result<Response, AppError> {
    decide(&cx, id, Outcome::Wait, input.reason).await
}

/// Take one's latest decision back, within 20 seconds.
#[utoipa::path(post, path = "/api/v1/applications/{application}/undo", tag = "joining",
    params(("application" = String, Path, description = "The application's id")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn undo(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let place = review::undo_on(&cx, id).await?;
    at(&cx, StatusCode::OK, &place).await
}

/// Skip a step that is open, with a reason that the applicant reads.
#[utoipa::path(post, path = "/api/v1/applications/{application}/skip", tag = "joining", request_body = ReasonInput,
    params(StepQuery, ("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = ApplicationView)))]
pub async fn skip(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<ReasonInput>,
) -> Result<Response, AppError> {
    let step = super::wanted(&cx.query::<StepQuery>()?.step)?;
    let done = review::skip_on(&cx, id.clone(), (step, input.reason), cx.if_match()?).await;
    let place = or_newer(done, answer(&cx, StatusCode::OK, id)).await?;
    at(&cx, StatusCode::OK, &place).await
}
