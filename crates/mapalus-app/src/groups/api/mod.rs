//! Members over the API; what fields suggest while one types.

pub mod check;
pub mod decisions;
pub mod doors;
pub mod ending;
pub mod invitations;
pub mod links;
pub mod marks;
pub mod running;

use super::{model::MemberView, pages::members};
use crate::shell::{
    AppError, Cx,
    reference::{Level, areas, occupations},
};
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::access::{ManageMember, SeeMembers, SeePublic};
use serde::{Deserialize, Serialize};

/// A page of members.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct MemberList {
    /// The members.
    pub items: Vec<MemberView>,
    /// Cursor of the next page: give it as `after`.
    pub next: Option<String>,
}

/// The people of a group, oldest first.
#[utoipa::path(get, path = "/api/v1/groups/{group}/members", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group"),
        ("after" = Option<String>, Query, description = "Cursor of the page before")),
    responses((status = 200, description = "A page of members", body = MemberList)))]
pub async fn members(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let after = cx.query::<members::After>()?.place(&cx)?;
    let (page, gaps, skills) = cx
        .read("groups::members", move |tx, cx| {
            let (group, standing) = super::standing(tx, cx, &group)?;
            standing.permit::<SeeMembers>()?;
            let all = standing.permit::<ManageMember>().is_ok();
            let page = members::page_of(tx, group.id, after, (all, cx.person()))?;
            let gaps = members::gaps_of(tx, cx, &group, &standing, &page.items)?;
            let skills = members::skills_of(tx, &page.items)?;
            Ok((page, gaps, skills))
        })
        .await?;
    let items = page.items.into_iter().map(|member| MemberView::of(member, &gaps, &skills)).collect();
    cx.json(StatusCode::OK, &MemberList { items, next: page.next })
}

/// Leave a group. The last coordinator cannot.
#[utoipa::path(post, path = "/api/v1/groups/{group}/leave", tag = "groups",
    params(("group" = String, Path, description = "Id or slug of the group")),
    responses((status = 204, description = "Left")))]
pub async fn leave(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    members::leave_group(&cx, group).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
struct Typed {
    #[serde(default)]
    q: String,
    #[serde(default)]
    level: String,
}

#[derive(Serialize)]
struct Suggestion {
    value: String,
    label: String,
}

fn suggestions(cx: &Cx, list: &[Suggestion]) -> Result<Response, AppError> {
    let mut answer = cx.json(StatusCode::OK, &list)?;
    answer
        .headers_mut()
        .insert(header::CACHE_CONTROL, header::HeaderValue::from_static("private, max-age=600"));
    Ok(answer)
}

/// `GET /suggest/areas?q=&level=regency|district`: for fields with suggestions, eight at most.
pub async fn suggest_areas(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let typed: Typed = cx.query()?;
    let levels: &[Level] = match typed.level.as_str() {
        "regency" => &[Level::Regency],
        "district" => &[Level::District],
        _ => &[Level::Regency, Level::District],
    };
    let text: String = typed.q.chars().take(80).collect();
    let found = areas().search(&text, levels, 8);
    let label = |code| areas().label(code);
    let list: Vec<_> =
        found.iter().map(|area| Suggestion { value: label(area.code), label: label(area.code) }).collect();
    suggestions(&cx, &list)
}

#[derive(Deserialize)]
struct Position {
    lat: f64,
    lon: f64,
}

/// `GET /suggest/near?lat=&lon=`: the district around a position, or nothing where there is none within 100 km. The browser
/// rounds the position to about 100 m; it is stored nowhere.
pub async fn suggest_near(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let Position { lat, lon } = cx.query()?;
    let found = areas().nearest(lat, lon);
    let label = |code| areas().label(code);
    let list: Vec<_> =
        found.iter().map(|area| Suggestion { value: label(area.code), label: label(area.code) }).collect();
    cx.json(StatusCode::OK, &list)
}

/// `GET /suggest/occupations?q=`: eight at most.
pub async fn suggest_occupations(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let typed: Typed = cx.query()?;
    let text: String = typed.q.chars().take(80).collect();
    let list: Vec<_> = occupations()
        .search(&text, 8)
        .iter()
        .map(|hit| {
            let name = hit.occupation.name(cx.lang);
            let label = if hit.name == name { name.to_owned() } else { format!("{} ({name})", hit.name) };
            // The own word where it means the same; else what does.
            let same = occupations().typed(hit.name).is_ok_and(|meant| meant.code == hit.occupation.code);
            let value =
                if same { hit.name.to_owned() } else { occupations().label(&hit.occupation.code, cx.lang) };
            Suggestion { value, label }
        })
        .collect();
    suggestions(&cx, &list)
}
