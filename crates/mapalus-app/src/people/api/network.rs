//! One's network over the API; reports of people to those who operate the instance.

use crate::{
    people::{
        actions::connection as actions,
        connection::{
            BetweenView, BlockedPersonView, ConnectInput, KnownToInput, KnownView, NetworkView,
            PersonReportInput, PersonReportView,
        },
        pages::network as pages,
    },
    shell::{AppError, Cx, Sent},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::access::UseAccount;
use serde::Serialize;

async fn whole(cx: &Cx) -> Result<Response, AppError> {
    let own = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let network = cx.read("people::network", move |tx, _| Ok(pages::network_of(tx, own)?)).await?;
    let view = NetworkView {
        items: network.known.iter().map(|known| KnownView::new(known, own)).collect(),
        blocked: network.blocked.iter().map(BlockedPersonView::from).collect(),
        known_to: network.known_to,
    };
    cx.json(StatusCode::OK, &view)
}

/// One's network: connections, open questions, whom one blocked, who may know of one's groups.
#[utoipa::path(get, path = "/api/v1/network", tag = "people",
    responses((status = 200, description = "The network", body = NetworkView)))]
pub async fn network(cx: Cx) -> Result<Response, AppError> {
    whole(&cx).await
}

/// Say who may know that one belongs to a group.
#[utoipa::path(patch, path = "/api/v1/network", tag = "people", request_body = KnownToInput,
    responses((status = 200, description = "The network", body = NetworkView)))]
pub async fn set_known_to(Sent { cx, input }: Sent<KnownToInput>) -> Result<Response, AppError> {
    pages::set_known_to(&cx, input).await?;
    whole(&cx).await
}

/// Ask somebody to be connected, or accept what they asked. Within 20 seconds it can be taken back before they are told.
#[utoipa::path(post, path = "/api/v1/people/{person}/connection", tag = "people", request_body = ConnectInput,
    params(("person" = String, Path, description = "The person's id")),
    responses((status = 200, description = "How the two stand", body = BetweenView)))]
pub async fn connect(
    Path(person): Path<String>,
    Sent { cx, input }: Sent<ConnectInput>,
) -> Result<Response, AppError> {
    pages::connect_by(&cx, &person, input).await?;
    let own = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let other = pages::person_id(&person)?;
    let between =
        cx.read("people::pair", move |tx, _| Ok(actions::pair(tx, own, other)?.between(own))).await?;
    cx.json(StatusCode::OK, &BetweenView { person, state: between.word().to_owned() })
}

/// End a connection, take back what one asked, or decline what one was asked. The other one is not told.
#[utoipa::path(delete, path = "/api/v1/people/{person}/connection", tag = "people",
    params(("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "Ended")))]
pub async fn part(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    pages::part_by(&cx, &person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Block somebody: they do not find you any more, and are told nothing.
#[utoipa::path(post, path = "/api/v1/people/{person}/block", tag = "people",
    params(("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "Blocked")))]
pub async fn block(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    pages::block_by(&cx, &person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Block somebody no more.
#[utoipa::path(delete, path = "/api/v1/people/{person}/block", tag = "people",
    params(("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "No longer blocked")))]
pub async fn unblock(cx: Cx, Path(person): Path<String>) -> Result<Response, AppError> {
    pages::unblock_by(&cx, &person).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Report a person to those who operate the instance.
#[utoipa::path(post, path = "/api/v1/people/{person}/report", tag = "people", request_body = PersonReportInput,
    params(("person" = String, Path, description = "The person's id")),
    responses((status = 204, description = "Reported")))]
pub async fn report(
    Path(person): Path<String>,
    Sent { cx, input }: Sent<PersonReportInput>,
) -> Result<Response, AppError> {
    pages::report_by(&cx, &person, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// People who were reported.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PersonReportList {
    /// The reports, oldest first: 100 at most.
    pub items: Vec<PersonReportView>,
    /// Always null: what comes after them is seen when they are dealt with.
    pub next: Option<String>,
}

/// People who were reported and not dealt with; not to the one who is reported.
#[utoipa::path(get, path = "/api/v1/people-reports", tag = "people",
    responses((status = 200, description = "The reports", body = PersonReportList)))]
pub async fn reports(cx: Cx) -> Result<Response, AppError> {
    let reports = pages::open_reports(&cx).await?;
    let items = reports.iter().map(PersonReportView::from).collect();
    cx.json(StatusCode::OK, &PersonReportList { items, next: None })
}

/// Note that a report is dealt with.
#[utoipa::path(post, path = "/api/v1/people-reports/{report}/settle", tag = "people",
    params(("report" = String, Path, description = "The report's id")),
    responses((status = 204, description = "Dealt with")))]
pub async fn settle(cx: Cx, Path(report): Path<String>) -> Result<Response, AppError> {
    pages::settle_by(&cx, &report).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
