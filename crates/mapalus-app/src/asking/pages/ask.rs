//! Asking a group: the form, and what comes after it.

use crate::{
    asking::{
        self, actions,
        model::{Asker, NewAsk, ThreadInput},
        rules,
    },
    groups::{self, Group},
    people,
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{PersonId, Refusal, RefusalKind, access::AskGroup};

/// The form by which one asks a group.
#[derive(Template)]
#[template(path = "asking/templates/ask.html")]
pub struct AskPage {
    f: Frame,
    form: FormState,
    name: String,
    group_lang: Lang,
    path: String,
    /// Whether one without an account may ask: the link that sends the question has to be mailed.
    mails: bool,
    usual: Option<i64>,
}

impl AskPage {
    fn usual(&self) -> Option<String> {
        self.usual.map(|time| {
            let (key, count) = rules::in_words(time);
            self.f.t1(key, "count", count)
        })
    }

    fn sign_in(&self) -> String {
        format!("/sign-in?next={}/ask", self.path)
    }

    /// Samples for the test that renders every page: a stranger's, one without mail, a person's.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |signed_in, mails, form| Self {
            f: Frame::sample(lang, "Ask", signed_in),
            form,
            name: "Relawan Siaga Bencana Manado".to_owned(),
            group_lang: Lang::Id,
            path: "/groups/relawan-manado".to_owned(),
            mails,
            usual: mails.then_some(7_200_000),
        };
        let wrong = Refusal::invalid(vec![mapalus_core::Flaw {
            field: "text".to_owned(),
            key: "asking-wrong-link",
            arguments: Vec::new(),
        }]);
        let refused = FormState::new().filled("text", "Lihat www.contoh.id").refused(&wrong, lang);
        vec![
            page(false, true, FormState::new()),
            page(false, true, refused),
            page(false, false, FormState::new()),
            page(true, true, FormState::new()),
        ]
    }
}

/// What happens next, after a stranger asked.
#[derive(Template)]
#[template(path = "asking/templates/sent.html")]
pub struct SentPage {
    f: Frame,
    path: String,
}

impl SentPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self { f: Frame::sample(lang, "Sent", false), path: "/groups/relawan-manado".to_owned() }
    }
}

fn mails(cx: &Cx) -> bool {
    cx.app.settings.mail || cx.app.settings.demo
}

async fn page(cx: &Cx, group: String, form: FormState) -> Result<AskPage, AppError> {
    let (group, usual) = cx
        .read("asking::form", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<AskGroup>()?;
            let usual = asking::usual_time(tx, group.id, cx.now)?;
            Ok((group, usual))
        })
        .await?;
    let (name, group_lang, path) = (group.name.clone(), group.lang, group.path());
    Ok(AskPage { f: frame(cx, &group), form, name, group_lang, path, mails: mails(cx), usual })
}

fn frame(cx: &Cx, group: &Group) -> Frame {
    let f = cx.frame(cx.text("asking-title"));
    if group.is_public() { f.for_everybody(cx.text("asking-lead")) } else { f }
}

/// `GET /groups/{group}/ask`
pub async fn form(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    cx.html(&page(&cx, group, FormState::new()).await?)
}

/// `POST /groups/{group}/ask`
pub async fn post(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    match ask(&cx, group.clone(), posted.input()?).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            cx.html_with(status, &page(&cx, group, form).await?)
        }
    }
}

/// The question of one who is signed in, or of a stranger: it holds then.
fn of_stranger(cx: &Cx, input: &ThreadInput) -> Result<NewAsk, AppError> {
    let (name, mail, text) = rules::of_stranger(input)?;
    if !mails(cx) {
        return Err(Refusal::new(RefusalKind::Conflict, "asking-no-mail").into());
    }
    let seal = cx.app.key.seal(&mail.folded);
    let asker = Asker::Stranger { name, mail: mail.written, lang: cx.lang };
    Ok(NewAsk { asker, mail_folded: mail.folded, seal, text })
}

pub(in crate::asking) async fn ask(cx: &Cx, group: String, input: ThreadInput) -> Result<Place, AppError> {
    cx.write("asking::ask", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<AskGroup>()?;
        let new = match permit.person() {
            Some(person) => of_person(work.tx, cx, person, &input)?,
            None => of_stranger(cx, &input)?,
        };
        let id = actions::ask(work, &permit, group.id, &new, cx.address)?;
        Ok(match permit.person() {
            Some(_) => Place::at(format!("/questions/{id}")).telling("asking-done-sent"),
            None => Place::at(format!("{}/ask/sent", group.path())),
        })
    })
    .await
}

fn of_person(
    tx: &mut mapalus_db::Tx<'_>,
    cx: &Cx,
    person: PersonId,
    input: &ThreadInput,
) -> Result<NewAsk, AppError> {
    let text = rules::of_person(input)?;
    let contact = people::contacts(tx, &[person])?.pop().ok_or_else(Refusal::not_found)?;
    let mail = contact.mail.to_lowercase();
    let seal = cx.app.key.seal(&mail);
    Ok(NewAsk { asker: Asker::Person(person), mail_folded: mail, seal, text })
}

/// `GET /groups/{group}/ask/sent`
pub async fn sent(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let group = cx
        .read("asking::sent", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<AskGroup>()?;
            Ok(group)
        })
        .await?;
    cx.html(&SentPage { f: cx.frame(cx.text("asking-sent-title")), path: group.path() })
}
