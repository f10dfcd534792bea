//! Our own texts: about Mapalus and its data, and the privacy notice.

use crate::shell::{AppError, Cx, Frame, Lang, markdown, reference::data_file};
use askama::Template;
use axum::response::Response;
use mapalus_core::access::SeePublic;

/// A text of our own.
#[derive(Template)]
#[template(path = "home/templates/text.html")]
pub struct TextPage {
    f: Frame,
    html: String,
}

impl TextPage {
    /// Samples for the test that renders every page.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page =
            |text: &str| Self { f: Frame::sample(lang, "Text", false), html: markdown::own_text(text) };
        vec![page(about_text(lang)), page(privacy_text(lang))]
    }
}

fn about_text(lang: Lang) -> &'static str {
    match lang {
        Lang::Id => data_file!("texts/about.id.md"),
        Lang::En => data_file!("texts/about.en.md"),
    }
}

fn privacy_text(lang: Lang) -> &'static str {
    match lang {
        Lang::Id => data_file!("texts/privacy.id.md"),
        Lang::En => data_file!("texts/privacy.en.md"),
    }
}

/// The text with the address of the people who run the instance.
fn with_contact(cx: &Cx, text: &str) -> String {
    let contact = match cx.app.settings.contact.as_str() {
        "" => cx.text("home-no-contact"),
        contact => contact.to_owned(),
    };
    text.replace("{contact}", &contact)
}

/// `GET /about`
pub async fn about(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let f = cx.frame(cx.text("home-about-title")).for_everybody(cx.text("home-lead"));
    cx.html(&TextPage { f, html: markdown::own_text(&with_contact(&cx, about_text(cx.lang))) })
}

/// `GET /privacy`
pub async fn privacy(cx: Cx) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let text = with_contact(&cx, privacy_text(cx.lang));
    let f = cx.frame(cx.text("home-privacy-title")).for_everybody("");
    cx.html(&TextPage { f, html: markdown::own_text(&text) })
}
