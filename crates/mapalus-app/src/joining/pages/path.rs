//! The path builder: a coordinator prepares a path step by step and puts it into use as a whole.

mod piece;

pub use piece::{
    QuestionPage, StepPage, add_question, add_step, change_question, change_step, new_question, new_step,
    question, step,
};

use crate::{
    groups::{self, Group},
    joining::{
        actions,
        model::{
            Overdue, Step, StepKind, Test,
            path::{ConditionInput, PathDraft, Prepared, Shift, StepInput, Walking},
        },
        queries,
        rules::{self, vouch::FewGivers},
    },
    shell::{AppError, Cx, FormState, Frame, Lang, Place, Posted, Work, frame::ToArgument, locale},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{Millis, Refusal, RefusalKind, access::ChangePath};
use mapalus_db::params;

/// A group's path as its coordinators see and change it.
#[derive(Template)]
#[template(path = "joining/templates/path.html")]
pub struct PathPage {
    f: Frame,
    form: FormState,
    /// Why what was just wished is not done: somebody was faster.
    late: Option<String>,
    name: String,
    group_lang: Lang,
    path: String,
    prepared: Prepared,
    walking: Walking,
    /// Whether the group takes whoever walks this path, and did not before.
    opens: bool,
    /// What the path asks for that there is hardly.
    warnings: Vec<FewGivers>,
}

impl PathPage {
    fn new(
        f: Frame,
        form: FormState,
        group: &Group,
        prepared: Prepared,
        (walking, givers): (Walking, i64),
    ) -> Self {
        let asked = prepared.steps.iter().map(|step| (step.kind.parse().ok(), step.needed));
        let warnings = rules::vouch::few_givers(asked, givers);
        let decides = prepared.steps.iter().any(|step| step.kind == StepKind::Decision.word());
        let opens = !decides && group.sign_up == groups::Openness::Application;
        let (name, path, group_lang) = (group.name.clone(), group.path(), group.lang);
        let late = form.error("");
        let form = if late.is_some() { form.told() } else { form };
        Self { f, form, late, name, group_lang, path, prepared, walking, opens, warnings }
    }

    fn warning(&self, few: &FewGivers) -> String {
        let given = [
            ("step", few.step.argument()),
            ("needed", few.needed.argument()),
            ("members", few.members.argument()),
        ];
        locale::message(self.f.language(), FewGivers::KEY, &given)
    }

    /// When a step applies, in words.
    fn condition(&self, condition: &ConditionInput) -> String {
        let mut asked = self.prepared.steps.iter().flat_map(|step| &step.questions);
        let asked = asked.rfind(|question| question.key == condition.question);
        let label = asked.map_or(condition.question.as_str(), |question| question.label.as_str());
        let choice = asked.and_then(|q| q.options.iter().find(|option| option.key == condition.value));
        let value = choice.map_or(condition.value.as_str(), |option| option.label.as_str());
        let key = condition
            .test
            .parse::<Test>()
            .map_or("joining-if-is".to_owned(), |test| format!("joining-if-{test}"));
        self.f.t2(&key, "question", label, "value", value)
    }

    /// What is wrong with a step, when it was to be put into use.
    fn flaws(&self, place: &usize) -> Vec<String> {
        let start = format!("items.{place}.");
        let of = self.form.errors().iter().filter(|(field, _)| field.starts_with(&start));
        of.map(|(_, text)| text.clone()).collect()
    }

    fn who(&self, step: &StepInput) -> String {
        let actor = step.kind.parse().map(|kind: StepKind| kind.actor());
        actor.map_or_else(|_| String::new(), |actor| self.f.word("joining-actor-other", actor))
    }

    /// Samples for the test that renders every page: a path in use, and a change that is prepared.
    pub fn samples(lang: Lang, group: &Group) -> Vec<Self> {
        let path = super::sample::path();
        let steps: Vec<_> = path.steps.iter().map(|step: &Step| StepInput::of(&path, step)).collect();
        let at = super::sample::AT;
        let draft = |based_on| PathDraft {
            body: String::new(),
            based_on,
            changed_at: at,
            name: Some("Stenly Wowor".to_owned()),
            version: 4,
        };
        let page = |steps: &[StepInput], draft| {
            let prepared = Prepared { steps: steps.to_vec(), number: 2, since: at, draft };
            let walking = Walking { drafts: 2, sent: 1 };
            Self::new(Frame::sample(lang, "Path", true), FormState::new(), group, prepared, (walking, 1))
        };
        let mut vouching = steps.clone();
        (vouching[1].kind, vouching[1].needed) = (StepKind::Vouch.to_string(), 3);
        (vouching[1].beside, vouching[1].overdue) = (true, Overdue::Escalate.to_string());
        let (question, test, value) = ("q-number".to_owned(), Test::Below.to_string(), "18".to_owned());
        vouching[2].only_if = Some(ConditionInput { question, test, value });
        vec![
            page(&steps, None),
            page(&vouching, None),
            page(&steps[..1], Some(draft(2))),
            page(&[], Some(draft(1))),
        ]
    }
}

/// `GET /groups/{group}/path`
pub async fn path(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

async fn show(cx: &Cx, group: String, status: StatusCode, form: FormState) -> Result<Response, AppError> {
    let (group, prepared, walking) = cx
        .read("joining::prepared", move |tx, cx| {
            let (group, standing) = groups::standing(tx, cx, &group)?;
            standing.permit::<ChangePath>()?;
            let prepared = actions::path::prepared(tx, group.id)?;
            let walking: Walking = tx.one(&queries::path::WALKING, &params![group.id])?;
            let walking = (walking, actions::path::givers(tx, group.id, cx.now)?);
            Ok((group, prepared, walking))
        })
        .await?;
    let f = cx.frame(cx.text("joining-path-title"));
    cx.html_with(status, &PathPage::new(f, form, &group, prepared, walking))
}

/// What another coordinator did while a form was filled.
pub struct Newer {
    /// Who changed what is prepared last, and when; nothing if that was put into use or thrown away.
    by: Option<(String, Millis)>,
    /// What differs: the field's message key, and what stands there now.
    fields: Vec<(&'static str, String)>,
}

impl Newer {
    /// What `now` has that `typed` has not.
    fn of(prepared: &Prepared, typed: &FormState, now: &FormState, labels: &[(&str, &'static str)]) -> Self {
        let by =
            prepared.draft.as_ref().map(|draft| (draft.name.clone().unwrap_or_default(), draft.changed_at));
        let differs = labels.iter().filter(|(field, _)| typed.value(field).trim() != now.value(field).trim());
        let fields = differs.map(|(field, label)| (*label, now.value(field).to_owned())).collect();
        Self { by, fields }
    }

    /// A sample for the test that renders every page.
    fn sample() -> Self {
        let by = Some(("Stenly Wowor".to_owned(), super::sample::AT));
        Self {
            by,
            fields: vec![("joining-path-name", "Wawancara".to_owned()), ("joining-path-days", String::new())],
        }
    }
}

fn seen(posted: &Posted) -> Result<i64, AppError> {
    let malformed = || Refusal::new(RefusalKind::Malformed, "refusal-form").into();
    posted.value("version").parse().map_err(|_| malformed())
}

/// A place that an address counts from 1.
fn place(number: &str) -> Result<usize, Refusal> {
    number.parse::<usize>().ok().and_then(|number| number.checked_sub(1)).ok_or_else(Refusal::not_found)
}

fn at(steps: &mut [StepInput], place: usize) -> Result<&mut StepInput, Refusal> {
    steps.get_mut(place).ok_or_else(Refusal::not_found)
}

/// Changes what is prepared, which must be at the version that was seen. Leads to where `edit` says, below the path.
async fn change<E>(cx: &Cx, group: String, seen: i64, edit: E) -> Result<Place, AppError>
where
    E: Fn(&Work<'_, '_>, &mut Vec<StepInput>) -> Result<String, Refusal> + Send + 'static,
{
    cx.write("joining::prepare_path", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangePath>()?;
        let before = actions::path::prepared(work.tx, group.id)?;
        if before.version() != seen {
            return Err(Refusal::new(RefusalKind::Changed, "refusal-changed").into());
        }
        let mut steps = before.steps.clone();
        let below = edit(work, &mut steps)?;
        actions::path::prepare(work, &permit, group.id, (&before, seen), &steps)?;
        Ok(Place::at(format!("{}/path{below}", group.path())).telling("joining-done-prepared"))
    })
    .await
}

fn how(posted: &Posted) -> Result<Shift, AppError> {
    let malformed = || Refusal::new(RefusalKind::Malformed, "refusal-form").into();
    posted.value("do").parse().map_err(|_| malformed())
}

/// `POST /groups/{group}/path/{step}/move`: up, down or away.
pub async fn shift_step(
    Path((group, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    let (how, at) = (how(&posted)?, place(&number)?);
    let moved = change(&posted.cx, group.clone(), seen(&posted)?, move |_, steps| {
        rules::path::shift(steps, at, how)?;
        Ok(String::new())
    });
    answer(moved.await, group, posted).await
}

/// `POST /groups/{group}/path/{step}/{question}/move`: up, down or away.
pub async fn shift_question(
    Path((group, number, of)): Path<(String, String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    let (how, step, of) = (how(&posted)?, place(&number)?, place(&of)?);
    let moved = change(&posted.cx, group.clone(), seen(&posted)?, move |_, steps| {
        rules::path::shift(&mut at(steps, step)?.questions, of, how)?;
        Ok(format!("/{}", step + 1))
    });
    answer(moved.await, group, posted).await
}

/// Leads on, or back to the path with what went wrong.
async fn answer(done: Result<Place, AppError>, group: String, posted: Posted) -> Result<Response, AppError> {
    match done {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, group, status, form).await
        }
    }
}

/// `POST /groups/{group}/path/publish`
pub async fn publish(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let seen = seen(&posted)?;
    let open = posted.value("open") == "yes";
    let done = posted.cx.write("joining::publish_path", {
        let group = group.clone();
        move |work, cx| {
            let (group, standing) = groups::standing(work.tx, cx, &group)?;
            let permit = standing.permit::<ChangePath>()?;
            let prepared = actions::path::prepared(work.tx, group.id)?;
            actions::path::publish_prepared(work, &permit, &group, (prepared, seen), open)?;
            let path = format!("{}/path", group.path());
            Ok(Place::at(path.as_str()).telling("joining-done-in-use").undoable(format!("{path}/undo")))
        }
    });
    answer(done.await, group, posted).await
}

/// `POST /groups/{group}/path/undo`: what was in use before is in use again.
pub async fn undo(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let done = undo_by(&posted.cx, group.clone());
    answer(done.await, group, posted).await
}

pub(in crate::joining) async fn undo_by(cx: &Cx, group: String) -> Result<Place, AppError> {
    cx.write("joining::undo_path", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangePath>()?;
        actions::path::undo(work, &permit, &group)?;
        Ok(Place::at(format!("{}/path", group.path())).telling("joining-done-path-undone"))
    })
    .await
}

/// `POST /groups/{group}/path/discard`
pub async fn discard(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let seen = seen(&posted)?;
    let done = posted.cx.write("joining::discard_path", {
        let group = group.clone();
        move |work, cx| {
            let (group, standing) = groups::standing(work.tx, cx, &group)?;
            let permit = standing.permit::<ChangePath>()?;
            actions::path::discard(work, &permit, group.id, seen)?;
            Ok(Place::at(format!("{}/path", group.path())).telling("joining-done-discarded"))
        }
    });
    answer(done.await, group, posted).await
}
