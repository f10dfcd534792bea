//! The first look at a group's path, with one button to begin.

use super::sample;
use crate::{
    groups,
    joining::{self, actions},
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted, locale},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{Refusal, RefusalKind, access::Apply};

/// The first look at a group's path: begin, with one button.
#[derive(Template)]
#[template(path = "joining/templates/join.html")]
pub struct JoinPage {
    f: Frame,
    form: FormState,
    name: String,
    group_lang: Lang,
    path: String,
    steps: Vec<joining::Step>,
    /// Why one cannot begin now, and the way on.
    closed: Option<Closed>,
}

/// Why one cannot begin, in words, and where one goes on instead.
struct Closed {
    why: String,
    href: String,
    /// Message key of the way on.
    way: &'static str,
}

impl Closed {
    fn new(f: &Frame, refusal: &Refusal, path: &str) -> Self {
        let (href, way) = match refusal.key {
            "joining-is-member" => (format!("{path}/members"), "joining-member-members"),
            "joining-closed" | "joining-group-ended" => {
                ("/groups?open=yes".to_owned(), "joining-invited-others")
            }
            "joining-barred" => ("/groups".to_owned(), "joining-invited-others"),
            _ => (format!("{path}/ask"), "asking-title"),
        };
        Self { why: locale::message(f.language(), refusal.key, &refusal.arguments), href, way }
    }
}

/// `GET /groups/{group}/join`
pub async fn join(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, panel, closed): (_, joining::Panel, _) = cx
        .read("joining::join", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            let permit = standing.permit::<Apply>()?;
            let person = permit.signed_in()?;
            let panel = joining::panel(tx, cx, group.id, Some(person))?;
            let closed = match actions::may_begin(tx, &group, person, !panel.steps.is_empty(), cx.now) {
                Ok(()) => None,
                Err(AppError::Refusal(refusal)) => Some(refusal),
                Err(error) => return Err(error),
            };
            Ok((group, panel, closed))
        })
        .await?;
    let held = panel.held;
    if let Some(own) = panel.own.filter(|own| own.state.open() || held) {
        return Ok(cx.see(&Place::at(format!("/applications/{}", own.id))));
    }
    let f = cx.frame(cx.text("joining-join-title"));
    let (path, group_lang) = (group.path(), group.lang);
    let closed = closed.map(|refusal| Closed::new(&f, &refusal, &path));
    let (form, name, steps) = (FormState::new(), group.name, panel.steps);
    cx.html(&JoinPage { f, form, path, name, group_lang, steps, closed })
}

impl JoinPage {
    /// Samples for the test that renders every page: one may begin, one is a member, the group takes nobody.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |why: Option<&'static str>| {
            let f = Frame::sample(lang, "Join", true);
            let path = "/groups/relawan".to_owned();
            let refusal = why.map(|key| Refusal::new(RefusalKind::Conflict, key));
            Self {
                closed: refusal.map(|refusal| Closed::new(&f, &refusal, &path)),
                f,
                form: FormState::new(),
                name: "Relawan Siaga Bencana".to_owned(),
                group_lang: Lang::Id,
                path,
                steps: sample::path().steps,
            }
        };
        vec![page(None), page(Some("joining-is-member")), page(Some("joining-closed"))]
    }
}

/// `POST /groups/{group}/join`
pub async fn join_post(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let place = begin(&cx, group).await?;
    Ok(cx.see(&place))
}

pub(in crate::joining) async fn begin(cx: &Cx, group: String) -> Result<Place, AppError> {
    cx.write("joining::begin", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<Apply>()?;
        let id = actions::begin(work, &permit, &group)?;
        Ok(Place::at(format!("/applications/{id}")))
    })
    .await
}
