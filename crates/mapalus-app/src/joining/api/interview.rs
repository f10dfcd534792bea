//! Interviews over the API.

use super::answer;
use crate::{
    groups,
    joining::{
        self, actions,
        model::{
            Path as JoiningPath, StepKind,
            interview::{
                Interview, InterviewState, MoveInput, OfferInput, ResultInput, Slot, SlotState, TakeInput,
            },
        },
        pages::interview::{self, Fate, Wish},
    },
    shell::{AppError, Cx, Sent, or_newer, text},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::access::{ReadApplication, RunInterviews};
use serde::Serialize;

/// A time at which a group offers interviews.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SlotView {
    /// Its id.
    pub id: String,
    /// The name of the steps at which it may be taken.
    pub step: String,
    /// When it begins, RFC 3339 in UTC.
    pub starts_at: String,
    /// When it ends, RFC 3339 in UTC.
    pub ends_at: String,
    /// The zone of the group's place.
    pub zone: String,
    /// Where: a place, or a link.
    pub place: String,
    /// How many may take it.
    pub seats: i64,
    /// How many have.
    pub taken: i64,
    /// Who talks with them.
    pub host: String,
    /// `offered` or `cancelled`.
    #[schema(value_type = String)]
    pub state: SlotState,
    /// Why it was moved or cancelled; for those who run the group.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// The applications that have taken it; for those who run the group.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub applications: Vec<String>,
    /// The version: send it as If-Match.
    pub version: i64,
}

impl From<Slot> for SlotView {
    fn from(slot: Slot) -> Self {
        Self {
            id: slot.id.to_string(),
            step: slot.step_name,
            starts_at: text::machine(slot.starts_at),
            ends_at: text::machine(slot.ends_at),
            zone: slot.zone,
            place: slot.place,
            seats: slot.seats,
            taken: slot.taken,
            host: slot.host,
            state: slot.state,
            reason: slot.reason,
            applications: Vec::new(),
            version: slot.version,
        }
    }
}

/// Times.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SlotList {
    /// The times, soonest first.
    pub items: Vec<SlotView>,
    /// Always none: there are three hundred at most.
    pub next: Option<String>,
}

/// Why a time is cancelled.
#[derive(Debug, Clone, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelInput {
    /// Why; needed where somebody has taken it, who reads it.
    #[serde(default)]
    pub reason: String,
}

/// An interview of an application.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct InterviewView {
    /// Its id.
    pub id: String,
    /// The id of the step.
    pub step: String,
    /// `wanted` (none of the times suits), `free` (a time was given back or cancelled), `taken`, `missed`, `held` or
    /// `unsuited`; the last is for reviewers, others read `held`.
    #[schema(value_type = String)]
    pub state: InterviewState,
    /// The id of its time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub slot: Option<String>,
    /// When it begins, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub starts_at: Option<String>,
    /// When it ends, RFC 3339 in UTC.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends_at: Option<String>,
    /// Where: a place, or a link.
    pub place: String,
    /// Who talks with the applicant.
    pub host: String,
    /// Counts the versions of the invitation.
    pub sequence: i64,
    /// What was noted; for reviewers.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// The interviews of an application, as far as one sees them.
pub(super) fn views(interviews: &[Interview], reviews: bool) -> Vec<InterviewView> {
    let state = |state| match state {
        InterviewState::Unsuited if !reviews => InterviewState::Held,
        other => other,
    };
    let view = |interview: &Interview| InterviewView {
        id: interview.id.to_string(),
        step: interview.step_id.to_string(),
        state: state(interview.state),
        slot: interview.slot_id.map(|slot| slot.to_string()),
        starts_at: interview.starts_at.map(text::machine),
        ends_at: interview.ends_at.map(text::machine),
        place: interview.place.clone(),
        host: interview.host.clone(),
        sequence: interview.sequence,
        note: if reviews { interview.note.clone() } else { String::new() },
    };
    interviews.iter().map(view).collect()
}

async fn list(cx: &Cx, group: String, status: StatusCode) -> Result<Response, AppError> {
    let times = cx
        .read("joining::interviews", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<RunInterviews>()?;
            Ok(interview::times(tx, group, cx.now)?)
        })
        .await?;
    let view = |slot: Slot| {
        let of = times.takers.iter().filter(|taker| taker.slot_id == slot.id);
        SlotView {
            applications: of.map(|taker| taker.application_id.to_string()).collect(),
            ..SlotView::from(slot)
        }
    };
    let items = times.slots.clone().into_iter().map(view).collect();
    cx.json(status, &SlotList { items, next: None })
}

/// The times at which a group offers interviews: those to come, and those of the last thirty days.
#[utoipa::path(get, path = "/api/v1/groups/{group}/interviews", tag = "joining",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The times", body = SlotList)))]
pub async fn slots(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    list(&cx, group, StatusCode::OK).await
}

/// Offer times for interviews, one after the other.
#[utoipa::path(post, path = "/api/v1/groups/{group}/interviews", tag = "joining", request_body = OfferInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The times", body = SlotList)))]
pub async fn offer(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<OfferInput>,
) -> Result<Response, AppError> {
    interview::offer_for(&cx, group.clone(), input).await?;
    list(&cx, group, StatusCode::CREATED).await
}

async fn run(cx: Cx, of: (String, String), fate: Fate) -> Result<Response, AppError> {
    let done = interview::run_slot(&cx, of.clone(), fate, cx.if_match()?).await;
    or_newer(done, list(&cx, of.0.clone(), StatusCode::OK)).await?;
    list(&cx, of.0, StatusCode::OK).await
}

/// Move a time: who has taken it is told.
#[utoipa::path(put, path = "/api/v1/groups/{group}/interviews/{slot}", tag = "joining", request_body = MoveInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("slot" = String, Path, description = "The id of the time"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The times", body = SlotList)))]
pub async fn move_slot(
    Path(of): Path<(String, String)>,
    Sent { cx, input }: Sent<MoveInput>,
) -> Result<Response, AppError> {
    run(cx, of, Fate::Moved(input)).await
}

/// Cancel a time: who has taken it is told, and chooses another.
#[utoipa::path(post, path = "/api/v1/groups/{group}/interviews/{slot}/cancel", tag = "joining",
    request_body = CancelInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("slot" = String, Path, description = "The id of the time"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The times", body = SlotList)))]
pub async fn cancel_slot(
    Path(of): Path<(String, String)>,
    Sent { cx, input }: Sent<CancelInput>,
) -> Result<Response, AppError> {
    run(cx, of, Fate::Cancelled(input.reason)).await
}

/// The times that may be taken at the interview that is open.
#[utoipa::path(get, path = "/api/v1/applications/{application}/slots", tag = "joining",
    params(("application" = String, Path, description = "The application's id")),
    responses((status = 200, description = "The times; none where no interview is open", body = SlotList)))]
pub async fn free(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let slots = cx
        .read("joining::free", move |tx, cx| {
            let (application, path, standing) = joining::load(tx, cx, &id)?;
            standing.permit::<ReadApplication>()?;
            let step = path.open(&application).find(|step| step.kind == StepKind::Interview);
            Ok(match step {
                Some(step) => actions::interview::free(tx, &application, step, cx.now)?,
                None => Vec::new(),
            })
        })
        .await?;
    // Who comes by a link is told of it once the time is taken.
    let view = |slot: Slot| {
        let place = if slot.is_link() { String::new() } else { slot.place.clone() };
        // Why it was moved was meant for who had it then.
        SlotView { place, reason: String::new(), ..SlotView::from(slot) }
    };
    cx.json(StatusCode::OK, &SlotList { items: slots.into_iter().map(view).collect(), next: None })
}

async fn wish(cx: Cx, id: String, wish: Wish) -> Result<Response, AppError> {
    interview::wish(&cx, id.clone(), wish).await?;
    answer(&cx, StatusCode::OK, id).await
}

/// Take a time, or another one instead.
#[utoipa::path(put, path = "/api/v1/applications/{application}/interview", tag = "joining", request_body = TakeInput,
    params(("application" = String, Path, description = "The application's id")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn take(Path(id): Path<String>, Sent { cx, input }: Sent<TakeInput>) -> Result<Response, AppError> {
    wish(cx, id, Wish::Take(input)).await
}

/// Give a time back that was taken.
#[utoipa::path(delete, path = "/api/v1/applications/{application}/interview", tag = "joining",
    params(("application" = String, Path, description = "The application's id")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn leave(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    wish(cx, id, Wish::Leave).await
}

/// Say that none of the times suits, or that there are none.
#[utoipa::path(post, path = "/api/v1/applications/{application}/interview/want", tag = "joining",
    params(("application" = String, Path, description = "The application's id")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn want(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    wish(cx, id, Wish::Want).await
}

/// Note how an interview went.
#[utoipa::path(post, path = "/api/v1/applications/{application}/interview/note", tag = "joining",
    request_body = ResultInput,
    params(("application" = String, Path, description = "The application's id"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The application", body = super::view::ApplicationView)))]
pub async fn note(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<ResultInput>,
) -> Result<Response, AppError> {
    let done = interview::note_on(&cx, id.clone(), input, cx.if_match()?).await;
    or_newer(done, answer(&cx, StatusCode::OK, id.clone())).await?;
    answer(&cx, StatusCode::OK, id).await
}

/// Whether a path has an interview or an acquaintance.
pub(super) fn meets(path: &JoiningPath) -> bool {
    path.steps.iter().any(|step| matches!(step.kind, StepKind::Interview | StepKind::Acquaintance))
}
