//! Safeguarding over the API.

use super::{
    model::{
        AgesInput, ConcernInput, ConcernList, ConcernView, OutcomeInput, ProposalInput, ProposalList,
        ProposalView, SafeguardView, SafeguardingView,
    },
    pages::{concern, manage, operator},
};
use crate::shell::{AppError, Cx, Sent, or_newer};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};

async fn view(cx: &Cx, status: StatusCode, group: String) -> Result<Response, AppError> {
    let loaded = manage::load(cx, group).await?;
    let view = SafeguardingView {
        youngest: loaded.group.youngest,
        vulnerable: loaded.group.vulnerable,
        people: loaded.appointed.iter().map(SafeguardView::from).collect(),
        proposals: loaded.proposals.iter().map(ProposalView::from).collect(),
        version: loaded.group.version,
    };
    cx.json_at(status, view.version, &view)
}

/// Which ages a group takes, and who looks after the safety of minors in it.
#[utoipa::path(get, path = "/api/v1/groups/{group}/safeguarding", tag = "safeguarding",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "How it stands", body = SafeguardingView)))]
pub async fn show(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    view(&cx, StatusCode::OK, group).await
}

/// Set which ages a group takes. Minors only once somebody is appointed to look after them.
#[utoipa::path(put, path = "/api/v1/groups/{group}/safeguarding", tag = "safeguarding", request_body = AgesInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("If-Match" = Option<String>, Header, description = "The version of the group that was read")),
    responses((status = 204, description = "Set")))]
pub async fn set_ages(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<AgesInput>,
) -> Result<Response, AppError> {
    let done = manage::set_ages_of(&cx, group.clone(), input, cx.if_match()?).await;
    or_newer(done, view(&cx, StatusCode::OK, group)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Propose to appoint a member for safeguarding, or to dismiss one: another person confirms it.
#[utoipa::path(post, path = "/api/v1/groups/{group}/safeguarding/proposals", tag = "safeguarding",
    request_body = ProposalInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 204, description = "Proposed")))]
pub async fn propose(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<ProposalInput>,
) -> Result<Response, AppError> {
    manage::propose_in(&cx, group, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Take a proposal back, or do not agree with it. Within 20 seconds nobody hears of it.
#[utoipa::path(delete, path = "/api/v1/groups/{group}/safeguarding/proposals/{proposal}", tag = "safeguarding",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("proposal" = String, Path, description = "The proposal's id")),
    responses((status = 204, description = "Taken back")))]
pub async fn cancel(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    manage::cancel_in(&cx, ids).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Confirm what another person of the group proposed.
#[utoipa::path(post, path = "/api/v1/groups/{group}/safeguarding/proposals/{proposal}/confirm",
    tag = "safeguarding",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("proposal" = String, Path, description = "The proposal's id")),
    responses((status = 204, description = "Confirmed")))]
pub async fn confirm(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    manage::confirm_in(&cx, ids).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Give up one's own appointment.
#[utoipa::path(post, path = "/api/v1/groups/{group}/safeguarding/leave", tag = "safeguarding",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 204, description = "Given up")))]
pub async fn leave(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    concern::leave_in(&cx, group).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Report a concern to the safeguarding people of a group. Nobody else reads it.
#[utoipa::path(post, path = "/api/v1/groups/{group}/concerns", tag = "safeguarding", request_body = ConcernInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 204, description = "Reported")))]
pub async fn report(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<ConcernInput>,
) -> Result<Response, AppError> {
    concern::report_in(&cx, group, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// The concerns of a group that one reads as one of its safeguarding people: that they are there.
#[utoipa::path(get, path = "/api/v1/groups/{group}/concerns", tag = "safeguarding",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The concerns", body = ConcernList)))]
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (_, lines) = concern::load_list(&cx, group).await?;
    cx.json(StatusCode::OK, &ConcernList::from(lines))
}

/// A concern. That it was read is recorded.
#[utoipa::path(get, path = "/api/v1/groups/{group}/concerns/{concern}", tag = "safeguarding",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("concern" = String, Path, description = "The concern's id")),
    responses((status = 200, description = "The concern", body = ConcernView)))]
pub async fn one(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    let (_, of) = concern::read_one(&cx, ids).await?;
    cx.json(StatusCode::OK, &ConcernView::from(of))
}

/// Close a concern, telling what was done.
#[utoipa::path(post, path = "/api/v1/groups/{group}/concerns/{concern}/close", tag = "safeguarding",
    request_body = OutcomeInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("concern" = String, Path, description = "The concern's id")),
    responses((status = 204, description = "Closed")))]
pub async fn close(
    Path(ids): Path<(String, String)>,
    Sent { cx, input }: Sent<OutcomeInput>,
) -> Result<Response, AppError> {
    concern::close_in(&cx, ids, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Proposals of groups in which nobody else could confirm them, for an operator.
#[utoipa::path(get, path = "/api/v1/safeguarding/proposals", tag = "safeguarding",
    responses((status = 200, description = "The proposals", body = ProposalList)))]
pub async fn waiting(cx: Cx) -> Result<Response, AppError> {
    let items = operator::waiting(&cx).await?.iter().map(ProposalView::from).collect();
    cx.json(StatusCode::OK, &ProposalList { items, next: None })
}

/// Confirm such a proposal as an operator.
#[utoipa::path(post, path = "/api/v1/safeguarding/proposals/{proposal}/confirm", tag = "safeguarding",
    params(("proposal" = String, Path, description = "The proposal's id")),
    responses((status = 204, description = "Confirmed")))]
pub async fn confirm_for_group(cx: Cx, Path(proposal): Path<String>) -> Result<Response, AppError> {
    operator::confirm_by(&cx, proposal).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
