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
    Refusal, Standing,
    access::{AskGroup, Enter},
};

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
            let thread = asking::by_link(tx, cx, CONFIRM, &link)?;
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

pub(in crate::asking) async fn send(cx: &Cx, link: String) -> Result<Place, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    cx.write("asking::send", move |work, cx| {
        let thread = asking::by_link(work.tx, cx, CONFIRM, &link)?;
        // The group may have turned private meanwhile.
        let group = groups::standing_of(work.tx, thread.group_id, None)?;
        Standing { group, ..Standing::default() }.permit::<AskGroup>().map_err(|_| Refusal::not_found())?;
        actions::confirm(work, &permit, &thread)?;
        Ok(Place::at(place(cx, &thread)?).telling("asking-done-sent"))
    })
    .await
}

/// The path by which one without an account goes on.
fn place(cx: &Cx, thread: &asking::model::Thread) -> Result<String, AppError> {
    let link = thread.link.ok_or_else(Refusal::not_found)?;
    Ok(format!("/asked/{}", cx.app.key.link(CONTINUE, link)))
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
    cx.write("asking::more_by_link", move |work, cx| {
        let thread = asking::by_link(work.tx, cx, CONTINUE, &link)?;
        actions::more_by_link(work, &permit, &thread, &text)?;
        Ok(Place::at(place(cx, &thread)?).telling("asking-done-more"))
    })
    .await
}
