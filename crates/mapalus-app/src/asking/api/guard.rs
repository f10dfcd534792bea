//! Against abuse, over the API.

use crate::{
    asking::{
        model::{BlockView, ReportInput, ReportView, ThreadView},
        pages::guard,
    },
    shell::{AppError, Cx, Sent},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use serde::Serialize;

/// Whose questions a group does not take.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct BlockList {
    /// The blocks, the newest first.
    pub items: Vec<BlockView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// What was reported.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportList {
    /// The reports that wait, oldest first, a hundred at most.
    pub items: Vec<ReportView>,
    /// Always null.
    pub next: Option<String>,
}

/// A report with its question.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ReportedQuestion {
    /// The report.
    pub report: ReportView,
    /// The question it speaks of.
    pub question: ThreadView,
}

/// Take no more questions of who wrote this one, and close it. They are told nothing.
#[utoipa::path(post, path = "/api/v1/questions/{ask}/block", tag = "asking",
    params(("ask" = String, Path, description = "The question's id")),
    responses((status = 204, description = "Done")))]
pub async fn block(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    guard::block_on(&cx, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Report a question to the operator.
#[utoipa::path(post, path = "/api/v1/questions/{ask}/report", tag = "asking", request_body = ReportInput,
    params(("ask" = String, Path, description = "The question's id")),
    responses((status = 204, description = "Done")))]
pub async fn report(
    Path(id): Path<String>,
    Sent { cx, input }: Sent<ReportInput>,
) -> Result<Response, AppError> {
    guard::report_on(&cx, id, input.reason).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Whose questions a group does not take.
#[utoipa::path(get, path = "/api/v1/groups/{group}/blocked", tag = "asking",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The blocks", body = BlockList)))]
pub async fn blocked(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (_, blocks) = guard::blocks(&cx, group).await?;
    let items = blocks.into_iter().map(BlockView::from).collect();
    cx.json(StatusCode::OK, &BlockList { items, next: None })
}

/// Take questions of somebody again.
#[utoipa::path(delete, path = "/api/v1/groups/{group}/blocked/{block}", tag = "asking",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("block" = String, Path, description = "The id of the block")),
    responses((status = 204, description = "Done")))]
pub async fn unblock(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    guard::unblock_one(&cx, ids).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// What was reported and waits for the operator.
#[utoipa::path(get, path = "/api/v1/reports", tag = "asking",
    responses((status = 200, description = "The reports", body = ReportList)))]
pub async fn reports(cx: Cx) -> Result<Response, AppError> {
    let items = guard::open_reports(&cx).await?.into_iter().map(ReportView::from).collect();
    cx.json(StatusCode::OK, &ReportList { items, next: None })
}

/// A report with the question it speaks of.
#[utoipa::path(get, path = "/api/v1/reports/{report}", tag = "asking",
    params(("report" = String, Path, description = "The report's id")),
    responses((status = 200, description = "The report", body = ReportedQuestion)))]
pub async fn one_report(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    let (report, thread, words) = guard::reported(&cx, id).await?;
    let question = ThreadView::new(&thread, &words, false);
    cx.json(StatusCode::OK, &ReportedQuestion { report: report.into(), question })
}

/// Settle a report.
#[utoipa::path(post, path = "/api/v1/reports/{report}/settle", tag = "asking",
    params(("report" = String, Path, description = "The report's id")),
    responses((status = 204, description = "Settled")))]
pub async fn settle(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    guard::settle_one(&cx, id).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}
