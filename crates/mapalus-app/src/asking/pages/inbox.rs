//! Lists of questions: the group's inbox, and one's own.

use super::{After, sample};
use crate::{
    asking::{
        model::{Line, Shelf, State},
        queries,
    },
    groups::{self, Group},
    shell::{
        AppError, Cx, Frame, Lang,
        forms::Wrong,
        paging::{self, Paged},
    },
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{
    AskId, Millis, Refusal,
    access::{RunQuestions, UseAccount},
};
use serde::Deserialize;

/// The inbox of a group.
#[derive(Template)]
#[template(path = "asking/templates/inbox.html")]
pub struct InboxPage {
    f: Frame,
    name: String,
    group_lang: Lang,
    path: String,
    shelf: Shelf,
    lines: Paged<Line>,
}

impl InboxPage {
    /// The shelves: word, and whether it is the one that is shown.
    fn shelves(&self) -> Vec<(&'static str, bool)> {
        Shelf::ALL.iter().map(|shelf| (shelf.word(), *shelf == self.shelf)).collect()
    }

    /// Samples for the test that renders every page: an empty one and a full one.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |shelf, items, next| Self {
            f: Frame::sample(lang, "Inbox", true),
            name: "Relawan Siaga".to_owned(),
            group_lang: Lang::Id,
            path: "/groups/relawan".to_owned(),
            shelf,
            lines: Paged { items, next },
        };
        let full =
            vec![sample::line(State::Open), Line { name: String::new(), ..sample::line(State::Answered) }];
        vec![page(Shelf::Open, Vec::new(), None), page(Shelf::Mine, full, Some("x".to_owned()))]
    }
}

/// One's own questions.
#[derive(Template)]
#[template(path = "asking/templates/mine.html")]
pub struct MinePage {
    f: Frame,
    lines: Paged<Line>,
}

impl MinePage {
    /// Samples for the test that renders every page: none and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |items, next| Self { f: Frame::sample(lang, "Mine", true), lines: Paged { items, next } };
        vec![
            page(Vec::new(), None),
            page(vec![sample::line(State::Open), sample::line(State::Closed)], Some("x".to_owned())),
        ]
    }
}

/// What of the inbox is looked at.
#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    show: String,
    after: Option<String>,
}

/// Where a page begins: after the last question of the page before.
fn place(cx: &Cx, after: Option<&str>) -> Result<Option<(Millis, AskId)>, Refusal> {
    paging::place(cx, after, |[at, id]| Some((Millis(at.parse().ok()?), id.parse().ok()?)))
}

/// A page of the inbox: of the questions that wait, if no shelf is named.
pub(in crate::asking) async fn lines(
    cx: &Cx,
    group: String,
) -> Result<(Group, Shelf, Paged<Line>), AppError> {
    let wanted: Wanted = cx.query()?;
    let shelf = match wanted.show.parse() {
        Err(_) if cx.api && !wanted.show.is_empty() => {
            return Err(Wrong::plain("wrong-choice").at("show").into());
        }
        shelf => shelf.unwrap_or(Shelf::Open),
    };
    let after = place(cx, wanted.after.as_deref())?;
    cx.read("asking::inbox", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        let me = standing.permit::<RunQuestions>()?.signed_in()?;
        let lines = queries::inbox(tx, group.id, shelf, me, after)?;
        Ok((group, shelf, lines))
    })
    .await
}

/// `GET /groups/{group}/questions?show=&after=`
pub async fn inbox(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, shelf, lines) = lines(&cx, group).await?;
    let f = cx.frame(cx.text("asking-inbox-title"));
    let (name, group_lang, path) = (group.name.clone(), group.lang, group.path());
    cx.html(&InboxPage { f, name, group_lang, path, shelf, lines })
}

pub(in crate::asking) async fn own(cx: &Cx) -> Result<Paged<Line>, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let After { after } = cx.query()?;
    let after = place(cx, after.as_deref())?;
    cx.read("asking::mine", move |tx, _| Ok(queries::own(tx, person, after)?)).await
}

/// `GET /questions?after=`
pub async fn mine(cx: Cx) -> Result<Response, AppError> {
    let lines = own(&cx).await?;
    cx.html(&MinePage { f: cx.frame(cx.text("asking-mine-title")), lines })
}
