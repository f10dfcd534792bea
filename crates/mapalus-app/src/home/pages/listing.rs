//! What programs list: the sheets of public groups for search engines, and the newest groups as a feed.

use crate::{
    groups::{self, model::Fresh},
    shell::{
        AppError, Checks, Cx,
        forms::{self, Wrong},
        reference::{Level, areas, occupations},
        text,
    },
};
use askama::Template;
use axum::{
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{GroupId, Refusal, access::SeePublic, time::DAY};
use serde::Deserialize;

/// Days for which a group counts as new.
const NEW_DAYS: i64 = 365;
/// Pages that are for everybody and no group's.
const PAGES: [&str; 4] = ["/", "/groups", "/about", "/privacy"];

/// The list of the sheets.
#[derive(Template)]
#[template(path = "home/templates/sitemap.xml")]
struct Sheets {
    sheets: Vec<String>,
}

/// The addresses of a sheet.
#[derive(Template)]
#[template(path = "home/templates/sheet.xml")]
struct Sheet {
    urls: Vec<String>,
}

/// The newest groups.
#[derive(Template)]
#[template(path = "home/templates/feed.xml")]
struct Feed {
    lang: &'static str,
    title: String,
    /// The address of this feed; it is its name, too.
    own: String,
    /// The page that shows the same.
    page: String,
    updated: String,
    origin: String,
    groups: Vec<Fresh>,
}

impl Feed {
    fn at(&self, group: &Fresh) -> String {
        text::machine(group.made_at)
    }

    fn place(&self, group: &Fresh) -> String {
        super::directory::place(&group.area)
    }
}

/// What everybody may keep for a while.
fn answer(kind: &'static str, page: &impl Template) -> Result<Response, AppError> {
    let body = page.render().map_err(AppError::caused)?;
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "public, max-age=900")];
    Ok((StatusCode::OK, headers, body).into_response())
}

/// `GET /sitemap.xml`
pub async fn sheets(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let firsts = cx.read("home::sheets", |tx, _| Ok(groups::sheets(tx)?)).await?;
    let mut sheets = vec![cx.app.url("/sitemaps/pages", None)];
    sheets.extend(firsts.iter().map(|first| cx.app.url(&format!("/sitemaps/{first}"), None)));
    answer("application/xml; charset=utf-8", &Sheets { sheets })
}

/// `GET /sitemaps/{sheet}`: `pages`, or the first group of a sheet.
pub async fn sheet(cx: Cx, Path(sheet): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let paths = match sheet.as_str() {
        "pages" => PAGES.iter().map(|path| (*path).to_owned()).collect(),
        first => {
            let first: GroupId = first.parse().map_err(|_| Refusal::not_found())?;
            cx.read("home::sheet", move |tx, _| Ok(groups::sheet(tx, first)?)).await?
        }
    };
    let urls = paths.iter().map(|path| cx.app.url(path, None)).collect();
    answer("application/xml; charset=utf-8", &Sheet { urls })
}

/// `GET /robots.txt`
pub async fn robots(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let text = format!("User-agent: *\nDisallow:\nSitemap: {}\n", cx.app.url("/sitemap.xml", None));
    let headers = [(header::CONTENT_TYPE, "text/plain; charset=utf-8")];
    Ok((StatusCode::OK, headers, text).into_response())
}

/// Of which groups one wants to hear.
#[derive(Debug, Default, Deserialize)]
struct Wanted {
    /// Province, regency or town, or district: name or code.
    #[serde(default)]
    area: String,
    /// Occupation: code, name, title or synonym.
    #[serde(default)]
    occupation: String,
}

/// The address of the feed of an area and an occupation, as they were typed.
pub(super) fn address(area: &str, occupation: &str) -> String {
    let parts = [("area", area), ("occupation", occupation)];
    let parts: Vec<_> = parts.into_iter().filter(|(_, value)| !value.is_empty()).collect();
    match serde_html_form::to_string(parts) {
        Ok(query) if !query.is_empty() => format!("/groups.atom?{query}"),
        _ => "/groups.atom".to_owned(),
    }
}

/// What was typed, as its code; nothing stays nothing.
fn code_of(typed: &str, read: impl Fn(&str) -> Result<String, Wrong>) -> Result<String, Wrong> {
    if typed.trim().is_empty() { Ok(String::new()) } else { read(typed) }
}

/// `GET /groups.atom?area=&occupation=`: the groups of the last year, newest first.
pub async fn feed(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let wanted: Wanted = cx.query()?;
    let levels = [Level::Province, Level::Regency, Level::District];
    let mut checks = Checks::new();
    let area = checks.field("area", code_of(&wanted.area, |text| forms::area(text, &levels)));
    let occupation = checks.field("occupation", code_of(&wanted.occupation, forms::occupation));
    let codes = checks.done(area.zip(occupation))?;
    let mut title = vec![cx.text("shell-feed")];
    title.extend(occupations().get(&codes.1).map(|one| one.name(cx.lang).to_owned()));
    title.extend(areas().get(&codes.0).map(|area| areas().label(area.code)));
    let own = address(&codes.0, &codes.1);
    let groups = cx
        .read("home::feed", move |tx, cx| {
            Ok(groups::fresh(tx, (&codes.0, &codes.1), cx.now.plus(-NEW_DAYS * DAY))?)
        })
        .await?;
    let updated = groups.first().map_or(mapalus_core::Millis(0), |group| group.made_at);
    let feed = Feed {
        lang: cx.lang.code(),
        title: title.join(" · "),
        page: cx.app.url(&own.replacen("/groups.atom", "/groups", 1), None),
        own: cx.app.url(&own, None),
        updated: text::machine(updated),
        origin: cx.app.settings.public_url.clone(),
        groups,
    };
    answer("application/atom+xml; charset=utf-8", &feed)
}
