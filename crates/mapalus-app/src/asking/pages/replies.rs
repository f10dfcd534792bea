//! Ready answers: the list, one to change, and what is made of an answer.

use super::thread;
use crate::{
    asking::{
        self,
        actions::reply as actions,
        model::{Reply, ReplyInput},
        queries,
    },
    groups::{self, Group},
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Id, Refusal, ReplyId, Standing, WordId,
    access::{AnswerQuestion, RunQuestions},
    chance::Counted,
};
use mapalus_db::{Tx, params};
use serde::Deserialize;

/// The ready answers of a group, and the form of one more; or the form of one.
#[derive(Template)]
#[template(path = "asking/templates/replies.html")]
pub struct RepliesPage {
    f: Frame,
    form: FormState,
    name: String,
    group_lang: Lang,
    path: String,
    replies: Vec<Reply>,
    /// The one that is changed.
    one: Option<Reply>,
}

impl RepliesPage {
    fn action(&self) -> String {
        match &self.one {
            Some(reply) => format!("{}/replies/{}", self.path, reply.id),
            None => format!("{}/replies", self.path),
        }
    }

    /// Samples for the test that renders every page: none, some, and one.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let reply = || Reply {
            id: ReplyId::new(super::sample::AT, &Counted::default()),
            title: "Bolehkah ikut tanpa pengalaman?".to_owned(),
            text: "Boleh.\n\nLatihan setiap Sabtu.".to_owned(),
            version: 1,
        };
        let page = |replies, one| Self {
            f: Frame::sample(lang, "Replies", true),
            form: FormState::new().filled("version", "1"),
            name: "Relawan Siaga".to_owned(),
            group_lang: Lang::Id,
            path: "/groups/relawan".to_owned(),
            replies,
            one,
        };
        vec![page(Vec::new(), None), page(vec![reply()], None), page(Vec::new(), Some(reply()))]
    }
}

/// The ready answers of a group, by title.
pub(in crate::asking) async fn all(cx: &Cx, group: String) -> Result<(Group, Vec<Reply>), AppError> {
    cx.read("asking::replies", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<RunQuestions>()?;
        let replies = tx.all(&queries::REPLIES, &params![group.id])?;
        Ok((group, replies))
    })
    .await
}

/// `GET /groups/{group}/replies`
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

async fn show(cx: &Cx, group: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let (group, replies) = all(cx, group).await?;
    let f = cx.frame(cx.text("asking-replies-title"));
    let (name, group_lang, path) = (group.name.clone(), group.lang, group.path());
    cx.html_with(status, &RepliesPage { f, form, name, group_lang, path, replies, one: None })
}

/// A ready answer of a group, with how the one who asks stands to the group.
fn load(tx: &mut Tx<'_>, cx: &Cx, group: &str, reply: &str) -> Result<(Group, Standing, Reply), AppError> {
    let (group, standing) = groups::standing(tx, cx, group)?;
    standing.permit::<RunQuestions>()?;
    let found: Option<Reply> = tx.optional(&queries::REPLY, &params![group.id, reply])?;
    Ok((group, standing, found.ok_or_else(Refusal::not_found)?))
}

/// `GET /groups/{group}/replies/{reply}`
pub async fn one(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    edit(&cx, ids, StatusCode::OK, FormState::new()).await
}

async fn edit(
    cx: &Cx,
    (group, reply): (String, String),
    status: StatusCode,
    form: FormState,
) -> Result<Response, AppError> {
    let (group, reply) = cx
        .read("asking::reply", move |tx, cx| {
            let (group, _, reply) = load(tx, cx, &group, &reply)?;
            Ok((group, reply))
        })
        .await?;
    let stored =
        || FormState::new().filled("title", reply.title.as_str()).filled("text", reply.text.as_str());
    let form = form.or_stored(stored).without("version").filled("version", reply.version.to_string());
    let f = cx.frame(cx.text("asking-replies-title"));
    let (name, group_lang, path) = (group.name.clone(), group.lang, group.path());
    cx.html_with(
        status,
        &RepliesPage { f, form, name, group_lang, path, replies: Vec::new(), one: Some(reply) },
    )
}

/// `POST /groups/{group}/replies`
pub async fn add(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    match add_to(&posted.cx, group.clone(), posted.input()?).await {
        Ok(place) => Ok(posted.cx.see(&listed(place))),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, group, status, form).await
        }
    }
}

/// The list in place of one of it.
fn listed(place: Place) -> Place {
    let list = place.location.rsplit_once('/').map(|(list, _)| list.to_owned());
    Place { location: list.unwrap_or_default(), ..place }
}

pub(in crate::asking) async fn add_to(cx: &Cx, group: String, input: ReplyInput) -> Result<Place, AppError> {
    cx.write("asking::add_reply", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunQuestions>()?;
        let id = actions::add(work, &permit, group.id, (&input.title, &input.text))?;
        Ok(Place::at(format!("{}/replies/{id}", group.path())).telling("asking-done-kept"))
    })
    .await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ChangeForm {
    #[serde(default)]
    title: String,
    #[serde(default)]
    text: String,
    version: i64,
}

/// `POST /groups/{group}/replies/{reply}`
pub async fn change(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let ChangeForm { title, text, version } = posted.input()?;
    match change_to(&posted.cx, ids.clone(), ReplyInput { title, text }, Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&listed(place))),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            edit(&posted.cx, ids, status, form).await
        }
    }
}

pub(in crate::asking) async fn change_to(
    cx: &Cx,
    (group, reply): (String, String),
    input: ReplyInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("asking::change_reply", move |work, cx| {
        let (group, standing, reply) = load(work.tx, cx, &group, &reply)?;
        let permit = standing.permit::<RunQuestions>()?;
        actions::change(work, &permit, &reply, (&input.title, &input.text), seen)?;
        Ok(Place::at(format!("{}/replies/{}", group.path(), reply.id)).telling("asking-done-kept"))
    })
    .await
}

/// `POST /groups/{group}/replies/{reply}/remove`
pub async fn remove(Path(ids): Path<(String, String)>, mut posted: Posted) -> Result<Response, AppError> {
    let version = posted.version()?;
    match remove_one(&posted.cx, ids.clone(), Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            edit(&posted.cx, ids, status, form).await
        }
    }
}

pub(in crate::asking) async fn remove_one(
    cx: &Cx,
    (group, reply): (String, String),
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("asking::remove_reply", move |work, cx| {
        let (group, standing, reply) = load(work.tx, cx, &group, &reply)?;
        let permit = standing.permit::<RunQuestions>()?;
        actions::remove(work, &permit, &reply, seen)?;
        Ok(Place::at(format!("{}/replies", group.path())).telling("asking-done-removed"))
    })
    .await
}

/// `POST /questions/{ask}/words/{word}/keep`: keeps an answer ready.
pub async fn keep(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let id = ids.0.clone();
    let done = keep_word(&posted.cx, ids).await;
    thread::told(posted, id, done).await
}

pub(in crate::asking) async fn keep_word(cx: &Cx, (id, word): (String, String)) -> Result<Place, AppError> {
    cx.write("asking::keep", move |work, cx| {
        let (thread, standing) = asking::load(work.tx, cx, &id)?;
        let permit = standing.permit::<AnswerQuestion>()?;
        let word: WordId = word.parse().map_err(|_| Refusal::not_found())?;
        let reply = actions::keep(work, &permit, &thread, word)?;
        let path = format!("/groups/{}/replies/{reply}", thread.slug);
        Ok(Place::at(path).telling("asking-done-kept"))
    })
    .await
}
