//! One question: those who asked go on, those who answer run it.

use super::sample;
use crate::{
    asking::{
        self, actions,
        model::{AssignInput, Reply, Side, State, Thread, Word, WordInput},
        queries,
    },
    groups,
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    Permission, PersonId, Refusal, Standing,
    access::{AnswerQuestion, ChangeGroup, ReadQuestion, UseQuestion},
};
use mapalus_db::{Tx, params};
use serde::Deserialize;

/// A question with all that was said.
#[derive(Template)]
#[template(path = "asking/templates/thread.html")]
pub struct ThreadPage {
    f: Frame,
    form: FormState,
    thread: Thread,
    words: Vec<Word>,
    /// Where its forms go.
    base: String,
    /// For those who answer: whom it may be given to, and how they stand to it.
    desk: Option<Desk>,
}

/// What those who answer see besides.
pub(in crate::asking) struct Desk {
    /// Who answers questions of the group, and nobody.
    pub helpers: Vec<Choice>,
    /// Whether it is given to the one who looks.
    pub mine: bool,
    /// The answers that the group keeps ready.
    pub replies: Vec<Reply>,
    /// Whether a good answer may become a frequent question.
    pub frequent: bool,
}

impl ThreadPage {
    /// The page of the one who asked.
    pub(super) fn own(f: Frame, form: FormState, thread: Thread, words: Vec<Word>, base: String) -> Self {
        Self { f, form, thread, words, base, desk: None }
    }

    /// Who says it: who asked, or who speaks for the group.
    fn speaker(&self, word: &Word) -> String {
        match word.side {
            Side::Asker => self.f.person(&self.thread.name),
            Side::Group => self.f.person(&word.name),
        }
    }

    fn of_group(&self, word: &Word) -> bool {
        word.side == Side::Group
    }

    fn title(&self) -> String {
        if self.thread.subject.is_empty() {
            self.f.t("asking-thread-title")
        } else {
            self.thread.subject.clone()
        }
    }

    /// Whether something may be made of it: an answer of the group that is there.
    fn kept(&self, word: &Word) -> bool {
        self.desk.is_some() && word.side == Side::Group && !word.text.is_empty()
    }

    fn frequent(&self) -> bool {
        self.desk.as_ref().is_some_and(|desk| desk.frequent) && !self.thread.subject.is_empty()
    }

    fn closed(&self) -> bool {
        self.thread.state == State::Closed
    }

    fn group_path(&self) -> String {
        format!("/groups/{}", self.thread.slug)
    }

    /// Samples for the test that renders every page: a stranger's, a person's, the group's.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |state, stranger, signed_in| {
            let thread = sample::thread(state, stranger);
            let base = thread.path();
            let f = Frame::sample(lang, "Question", signed_in);
            let form = FormState::new().filled("version", "3");
            Self::own(f, form, thread, sample::words(), base)
        };
        let desk = |mine| {
            let helper = Choice::new(sample::thread(State::Open, false).id.to_string(), "Stenly Wowor");
            let reply = Reply {
                id: mapalus_core::Id::new(sample::AT, &mapalus_core::chance::Counted::default()),
                title: "Tanpa pengalaman".to_owned(),
                text: "Boleh.".to_owned(),
                version: 1,
            };
            Some(Desk { helpers: vec![helper], mine, replies: vec![reply], frequent: mine })
        };
        let erased =
            Thread { name: String::new(), subject: String::new(), ..sample::thread(State::Closed, false) };
        vec![
            page(State::Open, true, false),
            page(State::Answered, false, true),
            Self { desk: desk(false), ..page(State::Open, true, true) },
            Self { desk: desk(true), thread: erased, ..page(State::Closed, false, true) },
        ]
    }
}

/// `GET /questions/{ask}`
pub async fn thread(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    show(&cx, id, StatusCode::OK, None).await
}

/// Whether the one who asks runs the question for the group: who asked it does not.
pub(in crate::asking) fn runs(standing: &Standing) -> bool {
    !standing.owner && standing.permit::<AnswerQuestion>().is_ok()
}

fn desk(tx: &mut Tx<'_>, cx: &Cx, standing: &Standing, thread: &Thread) -> Result<Desk, AppError> {
    let holders = groups::holders(tx, thread.group_id, Permission::Questions)?;
    let mut names: Vec<(PersonId, String)> = tx.all_in(&queries::NAMES, &[], &holders)?;
    names.retain(|(person, _)| Some(*person) != thread.person_id);
    names.sort_by(|one, other| one.1.cmp(&other.1));
    let helpers = names.into_iter().map(|(person, name)| Choice::new(person.to_string(), name)).collect();
    Ok(Desk {
        helpers,
        mine: thread.assigned_id.is_some() && thread.assigned_id == cx.person(),
        replies: tx.all(&queries::REPLIES, &params![thread.group_id])?,
        frequent: standing.permit::<ChangeGroup>().is_ok(),
    })
}

/// The ready answer to begin with.
#[derive(Debug, Deserialize)]
struct Wanted {
    reply: Option<String>,
}

/// The page of a question, with a form that was refused if there is one.
async fn show(
    cx: &Cx,
    id: String,
    status: StatusCode,
    form: Option<FormState>,
) -> Result<Response, AppError> {
    let (thread, words, desk) = cx
        .read("asking::thread", move |tx, cx| {
            let (thread, standing) = asking::load(tx, cx, &id)?;
            standing.permit::<ReadQuestion>()?;
            let words = queries::words(tx, thread.id)?;
            let desk = if runs(&standing) { Some(desk(tx, cx, &standing, &thread)?) } else { None };
            Ok((thread, words, desk))
        })
        .await?;
    let wanted: Wanted = cx.query()?;
    let ready = |desk: &Desk| {
        let found = desk.replies.iter().find(|reply| Some(reply.id.to_string()) == wanted.reply);
        found.map(|reply| FormState::new().filled("text", reply.text.as_str()))
    };
    let form = form.or_else(|| desk.as_ref().and_then(ready));
    // Somebody else changed it meanwhile: what was typed stays, and sending it again counts.
    let form = form.unwrap_or_default().without("version").filled("version", thread.version.to_string());
    let assigned = thread.assigned_id.map_or_else(String::new, |person| person.to_string());
    let form = if form.value("person").is_empty() { form.filled("person", assigned) } else { form };
    let f = cx.frame(cx.text("asking-thread-title"));
    let f = if desk.is_some() { f.at_desk() } else { f };
    let base = thread.path();
    cx.html_with(status, &ThreadPage { f, form, thread, words, base, desk })
}

/// `POST /questions/{ask}/words`: the one who asked goes on.
pub async fn more(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: WordInput = posted.input()?;
    let done = more_on(&posted.cx, id.clone(), input.text).await;
    told(posted, id, done).await
}

pub(super) async fn told(
    posted: Posted,
    id: String,
    done: Result<Place, AppError>,
) -> Result<Response, AppError> {
    match done {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, id, status, Some(form)).await
        }
    }
}

pub(in crate::asking) async fn more_on(cx: &Cx, id: String, text: String) -> Result<Place, AppError> {
    cx.write("asking::more", move |work, cx| {
        let (thread, standing) = asking::load(work.tx, cx, &id)?;
        let permit = standing.permit::<UseQuestion>()?;
        actions::more(work, &permit, &thread, &text)?;
        Ok(Place::at(thread.path()).telling("asking-done-more"))
    })
    .await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AnswerForm {
    #[serde(default)]
    text: String,
    version: i64,
}

/// `POST /questions/{ask}/answer`
pub async fn answer(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: AnswerForm = posted.input()?;
    let done = answer_on(&posted.cx, id.clone(), input.text, Some(input.version)).await;
    told(posted, id, done).await
}

pub(in crate::asking) async fn answer_on(
    cx: &Cx,
    id: String,
    text: String,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("asking::answer", move |work, cx| {
        let (thread, standing) = asking::load(work.tx, cx, &id)?;
        let permit = standing.permit::<AnswerQuestion>()?;
        Refusal::if_changed(thread.version, seen)?;
        actions::answer(work, &permit, &thread, &text)?;
        let undo = format!("/questions/{}/undo", thread.id);
        Ok(Place::at(thread.path()).telling("asking-done-answered").undoable(undo))
    })
    .await
}

/// `POST /questions/{ask}/undo`
pub async fn undo(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let done = undo_on(&posted.cx, id.clone()).await;
    told(posted, id, done).await
}

pub(in crate::asking) async fn undo_on(cx: &Cx, id: String) -> Result<Place, AppError> {
    cx.write("asking::undo", move |work, cx| {
        let (thread, standing) = asking::load(work.tx, cx, &id)?;
        let permit = standing.permit::<AnswerQuestion>()?;
        actions::undo_answer(work, &permit, &thread)?;
        Ok(Place::at(thread.path()).telling("asking-done-undone"))
    })
    .await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AssignForm {
    #[serde(default)]
    person: String,
    version: i64,
}

/// `POST /questions/{ask}/assign`
pub async fn assign(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let AssignForm { person, version } = posted.input()?;
    let done = assign_on(&posted.cx, id.clone(), AssignInput { person }, Some(version)).await;
    told(posted, id, done).await
}

pub(in crate::asking) async fn assign_on(
    cx: &Cx,
    id: String,
    input: AssignInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    let to: Option<PersonId> = match input.person.as_str() {
        "" => None,
        person => {
            let wrong = |_| crate::shell::forms::Wrong::plain("wrong-choice").at("person");
            Some(person.parse().map_err(wrong)?)
        }
    };
    cx.write("asking::assign", move |work, cx| {
        let (thread, standing) = asking::load(work.tx, cx, &id)?;
        let permit = standing.permit::<AnswerQuestion>()?;
        Refusal::if_changed(thread.version, seen)?;
        actions::assign(work, &permit, &thread, to)?;
        Ok(Place::at(thread.path()).telling("asking-done-assigned"))
    })
    .await
}

/// `POST /questions/{ask}/close`
pub async fn close(Path(id): Path<String>, mut posted: Posted) -> Result<Response, AppError> {
    let version = posted.version()?;
    let done = close_on(&posted.cx, id.clone(), true, Some(version)).await;
    told(posted, id, done).await
}

/// `POST /questions/{ask}/reopen`
pub async fn reopen(Path(id): Path<String>, mut posted: Posted) -> Result<Response, AppError> {
    let version = posted.version()?;
    let done = close_on(&posted.cx, id.clone(), false, Some(version)).await;
    told(posted, id, done).await
}

pub(in crate::asking) async fn close_on(
    cx: &Cx,
    id: String,
    closed: bool,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("asking::close", move |work, cx| {
        let (thread, standing) = asking::load(work.tx, cx, &id)?;
        let permit = standing.permit::<AnswerQuestion>()?;
        Refusal::if_changed(thread.version, seen)?;
        actions::close(work, &permit, &thread, closed)?;
        let told = if closed { "asking-done-closed" } else { "asking-done-reopened" };
        Ok(Place::at(thread.path()).telling(told))
    })
    .await
}

/// A question with what was said, for the API.
pub(in crate::asking) async fn read(cx: &Cx, id: String) -> Result<(Thread, Vec<Word>, bool), AppError> {
    cx.read("asking::one", move |tx, cx| {
        let (thread, standing) = asking::load(tx, cx, &id)?;
        standing.permit::<ReadQuestion>()?;
        let words = queries::words(tx, thread.id)?;
        Ok((thread, words, runs(&standing)))
    })
    .await
}

/// The id at the end of a question's path.
pub(in crate::asking) fn id_of(place: &Place) -> Result<String, AppError> {
    let id = place.location.rsplit('/').next().filter(|id| !id.is_empty());
    Ok(id.ok_or_else(Refusal::not_found)?.to_owned())
}
