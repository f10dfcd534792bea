//! One without an account: the link that sends the question, and the one that continues it.

use super::{sample, thread::ThreadPage};
use crate::{
    asking::{
        self, actions,
        model::WordInput,
        notice::{CONFIRM, CONTINUE},
        queries, rules,
    },
    groups,
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Permit, Refusal, Standing,
    access::{AskGroup, Enter},
};
use mapalus_db::Tx;

/// The button that sends a question: mail programs look at links by themselves, so the link alone does nothing.
#[derive(Template)]
#[template(path = "asking/templates/confirm.html")]
pub struct ConfirmPage {
    f: Frame,
    form: FormState,
    action: String,
    group: String,
    text: String,
}

impl ConfirmPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self {
            f: Frame::sample(lang, "Confirm", false),
            form: FormState::new(),
            action: "/ask/x".to_owned(),
            group: "Relawan Siaga Bencana Manado".to_owned(),
            text: sample::words()[0].text.clone(),
        }
    }
}

/// `GET /ask/{link}`
pub async fn confirm(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let action = format!("/ask/{link}");
    let (thread, words) = cx
        .read("asking::confirm", move |tx, cx| {
            let (thread, _) = unsent(tx, cx, &link)?;
            rules::may_confirm(&thread, cx.now)?;
            let words = queries::words(tx, thread.id)?;
            Ok((thread, words))
        })
        .await?;
    let f = cx.frame(cx.text("asking-confirm-title"));
    let text = words.into_iter().next().map_or_else(String::new, |word| word.text);
    cx.html(&ConfirmPage { f, form: FormState::new(), action, group: thread.group_name, text })
}

/// `POST /ask/{link}`
pub async fn confirm_post(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    Ok(cx.see(&send(&cx, link).await?))
}

/// The question of a link that sends it. The group may have turned private since it was asked.
fn unsent(
    tx: &mut Tx<'_>,
    cx: &Cx,
    link: &str,
) -> Result<(asking::model::Thread, Permit<AskGroup>), AppError> {
    let thread = asking::by_link(tx, cx, CONFIRM, link)?;
    let group = groups::standing_of(tx, thread.group_id, None)?;
    let standing = Standing { group, ..Standing::default() };
    Ok((thread, standing.permit::<AskGroup>().map_err(|_| Refusal::not_found())?))
}

pub(in crate::asking) async fn send(cx: &Cx, link: String) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let id = cx.app.key.open_link(CONFIRM, &link).ok_or_else(Refusal::not_found)?;
    let place = cx
        .write("asking::send", move |work, cx| {
            let (thread, _) = unsent(work.tx, cx, &link)?;
            actions::confirm(work, &permit, &thread)?;
            Ok(Place::at(ASKED).telling("asking-done-sent"))
        })
        .await?;
    Ok(with_link(place, &cx.app.key.link(CONTINUE, id)))
}

/// Where one without an account goes on, before the secret: what is stored of a write has none.
const ASKED: &str = "/asked/";

fn with_link(place: Place, link: &str) -> Place {
    Place { location: format!("{ASKED}{link}"), ..place }
}

/// `GET /asked/{link}`
pub async fn thread(cx: Cx, Path(link): Path<String>) -> Result<Response, AppError> {
    show(&cx, link, StatusCode::OK, FormState::new()).await
}

async fn show(cx: &Cx, link: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    cx.standing().permit::<Enter>()?;
    let base = format!("/asked/{link}");
    let (thread, words) = read(cx, link).await?;
    let f = cx.frame(cx.text("asking-thread-title"));
    cx.html_with(status, &ThreadPage::own(f, form, thread, words, base))
}

/// The question of a link that continues it, with what was said.
pub(in crate::asking) async fn read(
    cx: &Cx,
    link: String,
) -> Result<(asking::model::Thread, Vec<asking::model::Word>), AppError> {
    cx.read("asking::asked", move |tx, cx| {
        let thread = asking::by_link(tx, cx, CONTINUE, &link)?;
        let words = queries::words(tx, thread.id)?;
        Ok((thread, words))
    })
    .await
}

/// `POST /asked/{link}/words`
pub async fn more(Path(link): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: WordInput = posted.input()?;
    match say(&cx, link.clone(), input.text).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&cx, link, status, form).await
        }
    }
}

pub(in crate::asking) async fn say(cx: &Cx, link: String, text: String) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let by = link.clone();
    let place = cx
        .write("asking::more_by_link", move |work, cx| {
            let thread = asking::by_link(work.tx, cx, CONTINUE, &by)?;
            actions::more_by_link(work, &permit, &thread, &text)?;
            Ok(Place::at(ASKED).telling("asking-done-more"))
        })
        .await?;
    Ok(with_link(place, &link))
}
