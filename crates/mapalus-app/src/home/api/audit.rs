//! Who did what in a group, over the API.

use crate::{
    home::audit::{self, Line, Wanted},
    shell::{AppError, Cx, text},
};
use axum::{extract::Path, http::StatusCode, response::Response};
use serde::Serialize;

/// Something that was done in a group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditView {
    /// When, RFC 3339 in UTC.
    pub made_at: String,
    /// The id of who did it, if they have or had an account and do not operate the instance.
    pub person: Option<String>,
    /// Their name, or who they were.
    pub name: String,
    /// The action, as the reference of access names it.
    pub action: String,
    /// What they did, in the language of the request.
    pub text: String,
    /// What became of it, in the language of the request.
    pub outcome: Option<String>,
    /// To whom or to what.
    pub subject: Option<String>,
    /// The reason that was given.
    pub reason: Option<String>,
    /// Whether a program did it for them.
    pub by_program: bool,
}

impl From<Line> for AuditView {
    fn from(line: Line) -> Self {
        Self {
            made_at: text::machine(line.at),
            person: line.actor.map(|id| id.to_string()),
            name: line.who,
            action: line.action,
            text: line.what,
            outcome: line.how,
            subject: line.subject,
            reason: line.reason,
            by_program: line.by_program,
        }
    }
}

/// What was done in a group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AuditList {
    /// What was done, newest first; what one's own permissions do not reach is left out.
    pub items: Vec<AuditView>,
    /// Cursor of the next page; null on the last one.
    pub next: Option<String>,
}

/// Who did what in a group, as far as one's own permissions reach. Nothing of safeguarding concerns.
#[utoipa::path(get, path = "/api/v1/groups/{group}/audit", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("person" = Option<String>, Query, description = "Id of a person who did it, or to whom it was done"),
        ("action" = Option<String>, Query, description = "An action, as the reference of access names it: `ChangeGroup`"),
        ("from" = Option<String>, Query, description = "The first day, `2026-12-05`, in your zone"),
        ("to" = Option<String>, Query, description = "The last day"),
        ("after" = Option<String>, Query, description = "Cursor of the page before")),
    responses((status = 200, description = "A page of what was done", body = AuditList)))]
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let wanted: Wanted = cx.query()?;
    let found = audit::find(&cx, group, &wanted, None).await?;
    let items = found.lines.into_iter().map(AuditView::from).collect();
    cx.json(StatusCode::OK, &AuditList { items, next: found.next })
}
