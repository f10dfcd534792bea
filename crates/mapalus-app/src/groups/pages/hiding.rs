//! A group that is hidden: why, what those who run it said, and the form in which they answer.

use crate::{
    groups::{
        self, Group,
        actions::marks as actions,
        model::marks::{AnswerInput, HidingAnswer},
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted, forms::Wrong},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{AnswerId, Id, Millis, access::AnswerHiding, chance::Counted};

/// Why a group is hidden.
#[derive(Template)]
#[template(path = "groups/templates/hiding.html")]
pub struct HidingPage {
    f: Frame,
    form: FormState,
    group: Group,
    since: Millis,
    answers: Vec<HidingAnswer>,
}

impl HidingPage {
    /// Samples for the test that renders every page: nothing answered, an answer, one that was too short.
    pub fn samples(lang: Lang, group: &Group) -> Vec<Self> {
        let since = Millis(1_779_900_000_000);
        let answer = || HidingAnswer {
            id: AnswerId::new(since, &Counted::default()),
            name: "Stenly Wowor".to_owned(),
            text: "Kami sudah membenahinya.".to_owned(),
            at: since,
        };
        let page = |form, answers| Self {
            f: Frame::sample(lang, "Hidden", true),
            form,
            group: Group {
                hidden_at: Some(since),
                hidden_why: Some("Meminta uang muka dari pendaftar.".to_owned()),
                ..group.clone()
            },
            since,
            answers,
        };
        let wrong = Wrong::plain("wrong-choice").at("text");
        vec![
            page(FormState::new(), Vec::new()),
            page(FormState::new(), vec![answer()]),
            page(FormState::new().filled("text", "x").refused(&wrong, lang), vec![answer()]),
        ]
    }
}

/// The group, and what those who run it answered.
pub(in crate::groups) async fn read(cx: &Cx, group: String) -> Result<(Group, Vec<HidingAnswer>), AppError> {
    cx.read("groups::hiding", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<AnswerHiding>()?;
        let answers = actions::answers(tx, group.id)?;
        Ok((group, answers))
    })
    .await
}

async fn show(cx: &Cx, group: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let (group, answers) = read(cx, group).await?;
    let Some(since) = group.hidden_at else {
        // It is shown again: its page says so.
        return Ok(cx.see(&Place::at(group.path())));
    };
    let f = cx.frame(cx.text("groups-hiding-title"));
    cx.html_with(status, &HidingPage { f, form, group, since, answers })
}

/// `GET /groups/{group}/hidden`
pub async fn hiding(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

/// `POST /groups/{group}/hidden`
pub async fn answer(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: AnswerInput = posted.input()?;
    match answer_by(&posted.cx, group.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, group, status, form).await
        }
    }
}

pub(in crate::groups) async fn answer_by(
    cx: &Cx,
    group: String,
    input: AnswerInput,
) -> Result<Place, AppError> {
    cx.write("groups::answer_hiding", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<AnswerHiding>()?;
        actions::answer(work, &permit, &group, &input.text)?;
        Ok(Place::at(format!("{}/hidden", group.path())).telling("groups-done-answered"))
    })
    .await
}
