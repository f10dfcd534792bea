//! Links that invite, over the API: what the group allows, to make them, to see who came, to withdraw them.

use crate::{
    groups::{
        self,
        actions::links as acting,
        model::{LinkInput, LinkRulesInput, LinkRulesView, LinkView},
        pages::links,
    },
    shell::{AppError, Cx, Sent, or_newer},
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use mapalus_core::{
    Refusal,
    access::{MakeLinks, RunLink},
};
use serde::Serialize;

/// The links of a group.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct LinkList {
    /// The links, newest first, 50 at most: one's own, or all for those who may invite.
    pub items: Vec<LinkView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// The links of a group that one may hand on, and who came by each.
#[utoipa::path(get, path = "/api/v1/groups/{group}/links", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The links", body = LinkList)))]
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (all, takers) = cx
        .read("groups::links", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            let permit = standing.permit::<MakeLinks>()?;
            Ok(links::links_of(tx, &group, permit.person(), cx.now)?)
        })
        .await?;
    let view = |link: groups::model::InviteLink| {
        let url = links::url_of(&cx, link.id);
        LinkView::new(link, url, &takers, cx.now)
    };
    cx.json(StatusCode::OK, &LinkList { items: all.into_iter().map(view).collect(), next: None })
}

/// Make a link that invites so many at most, for so many days, and spares steps that the group lets it spare.
#[utoipa::path(post, path = "/api/v1/groups/{group}/links", tag = "groups", request_body = LinkInput,
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 201, description = "The link", body = LinkView)))]
pub async fn make(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<LinkInput>,
) -> Result<Response, AppError> {
    let place = links::make_by(&cx, group.clone(), input).await?;
    let id = place.location.rsplit('/').next().unwrap_or("").to_owned();
    answer(&cx, StatusCode::CREATED, (group, id)).await
}

async fn answer(cx: &Cx, status: StatusCode, (group, link): (String, String)) -> Result<Response, AppError> {
    let (link, takers) = cx
        .read("groups::link", move |tx, cx| {
            let (group, link, standing) = links::one_of(tx, cx, (&group, &link))?;
            standing.permit::<RunLink>()?;
            let (_, takers) = links::links_of(tx, &group, cx.person(), cx.now)?;
            Ok((link.ok_or_else(Refusal::not_found)?, takers))
        })
        .await?;
    let url = links::url_of(cx, link.id);
    cx.json(status, &LinkView::new(link, url, &takers, cx.now))
}

/// A link, and who came by it.
#[utoipa::path(get, path = "/api/v1/groups/{group}/links/{invite}", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("invite" = String, Path, description = "The link's id")),
    responses((status = 200, description = "The link", body = LinkView)))]
pub async fn one(cx: Cx, Path(of): Path<(String, String)>) -> Result<Response, AppError> {
    answer(&cx, StatusCode::OK, of).await
}

/// Withdraw a link: nobody new comes by it.
#[utoipa::path(delete, path = "/api/v1/groups/{group}/links/{invite}", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("invite" = String, Path, description = "The link's id")),
    responses((status = 204, description = "Withdrawn")))]
pub async fn withdraw(cx: Cx, Path((group, link)): Path<(String, String)>) -> Result<Response, AppError> {
    links::withdraw_by(&cx, group, link).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn rules_at(cx: &Cx, group: String) -> Result<Response, AppError> {
    let rules = cx
        .read("groups::link_rules", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<MakeLinks>()?;
            Ok(acting::rules_of(tx, group.id)?)
        })
        .await?;
    cx.json_at(StatusCode::OK, rules.version, &LinkRulesView::from(rules))
}

/// Who makes links for a group, and what they may spare.
#[utoipa::path(get, path = "/api/v1/groups/{group}/link-rules", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 200, description = "The rules", body = LinkRulesView)))]
pub async fn rules(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    rules_at(&cx, group).await
}

/// Say who makes links for a group, and what they may spare.
#[utoipa::path(put, path = "/api/v1/groups/{group}/link-rules", tag = "groups", request_body = LinkRulesInput,
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("If-Match" = Option<String>, Header, description = "The version that was read")),
    responses((status = 200, description = "The rules", body = LinkRulesView)))]
pub async fn set_rules(
    Path(group): Path<String>,
    Sent { cx, input }: Sent<LinkRulesInput>,
) -> Result<Response, AppError> {
    let input = LinkRulesInput { version: cx.if_match()?, ..input };
    let done = links::set_rules_by(&cx, group.clone(), input).await;
    or_newer(done, rules_at(&cx, group.clone())).await?;
    rules_at(&cx, group).await
}
