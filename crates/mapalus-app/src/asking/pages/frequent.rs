//! A good answer becomes a frequent question of the group: in words for everybody, since what was asked was for the
//! group alone.

use crate::{
    asking::{self, actions::reply as actions, model::FrequentInput, queries},
    groups,
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Refusal, RefusalKind, WordId,
    access::{AnswerQuestion, ChangeGroup},
};

/// The form of a frequent question that is made of an answer.
#[derive(Template)]
#[template(path = "asking/templates/frequent.html")]
pub struct FrequentPage {
    f: Frame,
    form: FormState,
    /// Path of the question.
    back: String,
    action: String,
}

impl FrequentPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self {
            f: Frame::sample(lang, "Frequent", true),
            form: FormState::new().filled("answer", super::sample::words()[1].text.clone()),
            back: "/questions/x".to_owned(),
            action: "/questions/x/words/y/frequent".to_owned(),
        }
    }
}

fn id_of(word: &str) -> Result<WordId, Refusal> {
    word.parse().map_err(|_| Refusal::not_found())
}

/// `GET /questions/{ask}/words/{word}/frequent`
pub async fn form(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    show(&cx, ids, StatusCode::OK, None).await
}

async fn show(
    cx: &Cx,
    (id, word): (String, String),
    status: StatusCode,
    form: Option<FormState>,
) -> Result<Response, AppError> {
    let back = format!("/questions/{id}");
    let action = format!("{back}/words/{word}/frequent");
    let answer = cx
        .read("asking::frequent_form", move |tx, cx| {
            let (thread, standing) = asking::load(tx, cx, &id)?;
            standing.permit::<AnswerQuestion>()?;
            Ok(actions::given(&queries::words(tx, thread.id)?, id_of(&word)?)?.text.clone())
        })
        .await?;
    let form = form.unwrap_or_else(|| FormState::new().filled("answer", answer));
    let f = cx.frame(cx.text("asking-frequent")).at_desk();
    cx.html_with(status, &FrequentPage { f, form, back, action })
}

/// `POST /questions/{ask}/words/{word}/frequent`
pub async fn make(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let input: FrequentInput = posted.input()?;
    match make_of(&posted.cx, ids.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, ids, status, Some(form)).await
        }
    }
}

pub(in crate::asking) async fn make_of(
    cx: &Cx,
    (id, word): (String, String),
    input: FrequentInput,
) -> Result<Place, AppError> {
    cx.write("asking::frequent", move |work, cx| {
        let (thread, standing) = asking::load(work.tx, cx, &id)?;
        let permit = standing.permit::<AnswerQuestion>()?;
        let no = |_| Refusal::new(RefusalKind::Conflict, "asking-not-settings");
        let change = standing.permit::<ChangeGroup>().map_err(no)?;
        let (group, _) = groups::standing(work.tx, cx, &thread.slug)?;
        let text = (input.ask.as_str(), input.answer.as_str());
        actions::frequent(work, (&permit, &change), &group, (&thread, id_of(&word)?), text)?;
        Ok(Place::at(format!("{}/settings", group.path())).telling("asking-done-frequent"))
    })
    .await
}
