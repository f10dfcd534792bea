//! The doors of a demonstration: five people, no password.

use super::entered;
use crate::{
    people::actions,
    shell::{AppError, Cx, FormState, Frame, Lang, Place, kept},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{Refusal, access::EnterDemo};

/// The people as whom one may enter, with the page on which they begin.
pub const DOORS: [(&str, &str); 5] = [
    ("seeker", "/groups"),
    ("member", "/"),
    ("coordinator", "/desk"),
    ("johan", "/desk"),
    ("gita", "/groups"),
];

/// The mail address of a person of the demonstration.
pub fn mail_of(key: &str) -> String {
    format!("{key}@demo.mapalus.example")
}

/// The doors.
#[derive(Template)]
#[template(path = "people/templates/demo.html")]
pub struct DemoPage {
    f: Frame,
    form: FormState,
    doors: Vec<&'static str>,
}

impl DemoPage {
    fn new(f: Frame) -> Self {
        Self { f, form: FormState::new(), doors: DOORS.iter().map(|(who, _)| *who).collect() }
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self::new(Frame::sample(lang, "Demo", false))
    }
}

/// `GET /demo`
pub async fn demo(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<EnterDemo>()?;
    cx.html(&DemoPage::new(cx.frame(cx.text("people-demo-title"))))
}

/// `POST /demo/{who}`: a door, not a write that could happen twice; it needs no once-value.
pub async fn demo_post(cx: Cx, Path(who): Path<String>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<EnterDemo>()?;
    let (_, first_page) = DOORS.iter().find(|(door, _)| *door == who).ok_or_else(Refusal::not_found)?;
    let (mail, agent, lang) = (mail_of(&who), actions::agent(&cx), cx.lang);
    let begun = cx
        .app
        .write_as(None, "people::enter_demo", move |work| {
            actions::enter_demo(work, &permit, &mail, (&agent, lang))
        })
        .await?;
    let kept = match begun.person {
        Some(person) => kept::offer(&cx, person).await?,
        None => false,
    };
    Ok(entered(&cx, &begun, &Place::at(if kept { "/kept" } else { *first_page })))
}
