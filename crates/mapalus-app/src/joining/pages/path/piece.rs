//! One step, one question: their forms.

use super::{Newer, at, change, place};
use crate::{
    groups::{self, Group},
    growth::{self, model::Training},
    joining::{
        actions,
        model::{
            AGE, Overdue, QuestionKind, Seen, StepKind, Test,
            path::{Prepared, QuestionForm, QuestionInput, StepForm, StepInput},
        },
        rules,
    },
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Posted, Work},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{Refusal, StepId, access::ChangePath};
use serde::Deserialize;

/// The form of a step.
#[derive(Template)]
#[template(path = "joining/templates/step.html")]
pub struct StepPage {
    f: Frame,
    form: FormState,
    name: String,
    group_lang: Lang,
    path: String,
    /// Its number in the path, from 1; none for a new one.
    number: Option<usize>,
    kind: StepKind,
    version: i64,
    questions: Vec<QuestionInput>,
    /// The trainings that the group has.
    trainings: Vec<Choice>,
    /// What may follow when its deadline passes.
    overdues: Vec<Choice>,
    /// Whether it can be done beside the step before it.
    may_stand_beside: bool,
    /// What it may hang on.
    conditions: Vec<Choice>,
    newer: Option<Newer>,
}

/// What may follow when the deadline of a step of this kind passes.
fn overdues(f: &Frame, kind: StepKind) -> Vec<Choice> {
    let fitting = Overdue::ALL.iter().filter(|overdue| overdue.fits(kind));
    fitting.map(|overdue| Choice::new(overdue.word(), f.word("joining-overdue", overdue))).collect()
}

/// What a step at a place may hang on: each choice of the questions before it, and each way to hold a number.
fn conditions(f: &Frame, kind: StepKind, steps: &[StepInput], at: usize, beside: bool) -> Vec<Choice> {
    let mut choices = Vec::new();
    if kind == StepKind::Decision {
        return choices;
    }
    // Whoever sends an application has begun it: nothing of the first steps hangs on anything.
    if !rules::path::is_first(steps, at, beside) {
        for age in rules::path::AGES {
            choices
                .push(Choice::new(format!("{AGE} {} {age}", Test::Below), f.word("joining-if-under", age)));
        }
    }
    for question in rules::path::askable(steps, at, beside) {
        let fits = |test: &&Test| question.kind.parse().is_ok_and(|kind| test.fits(kind));
        for test in Test::ALL.iter().filter(fits) {
            let key = format!("{} {test}", question.key);
            let label = question.label.as_str();
            if *test == Test::Is {
                for option in &question.options {
                    let text = f.t2("joining-if-is", "question", label, "value", option.label.as_str());
                    choices.push(Choice::new(format!("{key} {}", option.key), text));
                }
            } else {
                choices.push(Choice::new(
                    key,
                    f.t2(format!("joining-if-{test}"), "question", label, "value", "…"),
                ));
            }
        }
    }
    choices
}

impl StepPage {
    fn action(&self) -> String {
        match self.number {
            Some(number) => format!("{}/path/{number}", self.path),
            None => format!("{}/path/new", self.path),
        }
    }

    /// The criteria that were typed, and empty rows for more: name, what good looks like, weight.
    fn criteria(&self) -> Vec<(String, String, String)> {
        let of = |name| self.form.values(name);
        let (names, goods, weights) = (of("criterion"), of("good"), of("weight"));
        let at = |list: &[String], n: usize| list.get(n).cloned().unwrap_or_default();
        let row = |n: usize| (at(&names, n), at(&goods, n), at(&weights, n));
        let typed = (0..names.len()).map(row).filter(|(name, good, _)| !name.is_empty() || !good.is_empty());
        let mut rows: Vec<_> = typed.collect();
        rows.resize(
            rules::path::MOST_CRITERIA.max(rows.len()),
            (String::new(), String::new(), "1".to_owned()),
        );
        rows
    }

    /// Samples for the test that renders every page: each kind, new and there already.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let path = super::super::sample::path();
        let form = StepInput::of(&path, &path.steps[0]);
        let f = Frame::sample(lang, "Step", true);
        let page = |(kind, number): (&StepKind, Option<usize>)| Self {
            overdues: overdues(&f, *kind),
            may_stand_beside: *kind != StepKind::Decision,
            conditions: conditions(&f, *kind, std::slice::from_ref(&form), 1, false),
            f: Frame::sample(lang, "Step", true),
            form: filled(&form),
            name: "Relawan".to_owned(),
            group_lang: Lang::Id,
            path: "/groups/relawan".to_owned(),
            number,
            kind: *kind,
            version: 1,
            questions: if *kind == StepKind::Form { form.questions.clone() } else { Vec::new() },
            trainings: number.map(|_| Choice::new("a", "Pelatihan dasar")).into_iter().collect(),
            newer: number.map(|_| Newer::sample()),
        };
        StepKind::ALL.iter().flat_map(|kind| [page((kind, None)), page((kind, Some(2)))]).collect()
    }
}

/// The form of a question.
#[derive(Template)]
#[template(path = "joining/templates/question.html")]
pub struct QuestionPage {
    f: Frame,
    form: FormState,
    name: String,
    group_lang: Lang,
    path: String,
    step: usize,
    step_name: String,
    /// Its number in the form, from 1; none for a new one.
    number: Option<usize>,
    kinds: Vec<Choice>,
    seen: Vec<Choice>,
    version: i64,
    newer: Option<Newer>,
}

impl QuestionPage {
    fn new(
        f: Frame,
        form: FormState,
        (name, path, group_lang): (String, String, Lang),
        (step, step_name): (usize, String),
        (number, version): (Option<usize>, i64),
    ) -> Self {
        let kind = |kind: &QuestionKind| Choice::new(kind.word(), f.word("joining-question-kind", kind));
        let kinds = QuestionKind::ALL.iter().map(kind).collect();
        let seen = |seen: &Seen| Choice::new(seen.word(), f.word("joining-seen", seen));
        let seen = Seen::ALL.iter().map(seen).collect();
        Self { f, form, name, group_lang, path, step, step_name, number, kinds, seen, version, newer: None }
    }

    fn action(&self) -> String {
        match self.number {
            Some(number) => format!("{}/path/{}/{number}", self.path, self.step),
            None => format!("{}/path/{}/new", self.path, self.step),
        }
    }

    /// Samples for the test that renders every page: new, and there already.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let path = super::super::sample::path();
        let form = StepInput::of(&path, &path.steps[0]);
        let page = |number| {
            let group = ("Relawan".to_owned(), "/groups/relawan".to_owned(), Lang::Id);
            let f = Frame::sample(lang, "Question", true);
            Self::new(f, asked(&form.questions[2]), group, (1, form.name.clone()), (number, 1))
        };
        vec![page(None), page(Some(3))]
    }
}

fn filled(step: &StepInput) -> FormState {
    let (mut only_if, mut number) = (String::new(), "");
    if let Some(condition) = &step.only_if {
        only_if = format!("{} {}", condition.question, condition.test);
        match condition.test == Test::Is.word() || condition.question == AGE {
            true => only_if = format!("{only_if} {}", condition.value),
            false => number = &condition.value,
        }
    }
    let form = step.criteria.iter().fold(FormState::new(), |form, criterion| {
        form.filled("criterion", criterion.name.as_str())
            .filled("good", criterion.good.as_str())
            .filled("weight", criterion.weight.to_string())
    });
    form.filled("reviewers", step.reviewers.to_string())
        .filled("training", step.training.as_str())
        .filled("change_hours", step.change_hours.to_string())
        .filled("overdue", step.overdue.as_str())
        .filled("beside", if step.beside { "yes" } else { "" })
        .filled("only_if", only_if)
        .filled("if_number", number)
        .filled("name", step.name.as_str())
        .filled("text", step.text.as_str())
        .filled("days", step.days.to_string())
        .filled("remind_days", step.remind_days.to_string())
        .filled("approvals", step.approvals.to_string())
        .filled("needed", step.needed.to_string())
        .filled("other_workplace", if step.other_workplace { "yes" } else { "" })
}

fn asked(question: &QuestionInput) -> FormState {
    let options: Vec<&str> = question.options.iter().map(|option| option.label.as_str()).collect();
    FormState::new()
        .filled("kind", question.kind.as_str())
        .filled("label", question.label.as_str())
        .filled("why", question.why.as_str())
        .filled("required", if question.required { "yes" } else { "" })
        .filled("visible", question.visible.as_str())
        .filled("delete_days", question.delete_days.to_string())
        .filled("options", options.join("\n"))
}

/// The fields of a step's form whose change is told, with their message keys.
const STEP_FIELDS: [(&str, &str); 6] = [
    ("name", "joining-path-name"),
    ("text", "joining-path-text"),
    ("days", "joining-path-days"),
    ("remind_days", "joining-path-remind"),
    ("needed", "joining-path-needed"),
    ("approvals", "joining-path-approvals"),
];

/// Those of a question's.
const QUESTION_FIELDS: [(&str, &str); 4] = [
    ("label", "joining-path-label"),
    ("why", "joining-path-why"),
    ("options", "joining-path-options"),
    ("delete_days", "joining-path-delete"),
];

/// Those of these fields that were in the form.
fn sent(form: &FormState, fields: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    fields.iter().filter(|(field, _)| form.has(field)).copied().collect()
}

/// The trainings of a group to choose from.
fn choices(trainings: &[Training]) -> Vec<Choice> {
    trainings.iter().map(|training| Choice::new(training.id.to_string(), training.title.as_str())).collect()
}

async fn load(cx: &Cx, group: String) -> Result<(Group, Prepared, Vec<Choice>), AppError> {
    cx.read("joining::prepared", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<ChangePath>()?;
        let prepared = actions::path::prepared(tx, group.id)?;
        let trainings = choices(&growth::trainings(tx, group.id)?);
        Ok((group, prepared, trainings))
    })
    .await
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    kind: String,
}

/// `GET /groups/{group}/path/new`: a step of the kind that the query names.
pub async fn new_step(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let kind = cx.query::<Wanted>()?.kind.parse().unwrap_or(StepKind::Form);
    let overdue = Overdue::Remind.to_string();
    let usual = StepInput {
        days: 7,
        remind_days: 2,
        approvals: 1,
        needed: 2,
        reviewers: 2,
        change_hours: 24,
        overdue,
        ..StepInput::default()
    };
    show_step(&cx, group, None, Some(kind), StatusCode::OK, Some(filled(&usual))).await
}

/// `GET /groups/{group}/path/{step}`
pub async fn step(cx: Cx, Path((group, number)): Path<(String, String)>) -> Result<Response, AppError> {
    show_step(&cx, group, Some(place(&number)?), None, StatusCode::OK, None).await
}

async fn show_step(
    cx: &Cx,
    group: String,
    at: Option<usize>,
    kind: Option<StepKind>,
    status: StatusCode,
    form: Option<FormState>,
) -> Result<Response, AppError> {
    let (group, prepared, trainings) = load(cx, group).await?;
    let version = prepared.version();
    let late = status == StatusCode::PRECONDITION_FAILED;
    // What was typed for a step that somebody took away meanwhile becomes a new one.
    let at = at.filter(|at| !late || *at < prepared.steps.len());
    let found = match at {
        Some(at) => Some(prepared.steps.get(at).cloned().ok_or_else(Refusal::not_found)?),
        None => None,
    };
    let newer = form.as_ref().filter(|_| late).map(|typed| {
        let now = found.as_ref().map(filled);
        let fields = if now.is_some() { sent(typed, &STEP_FIELDS) } else { Vec::new() };
        Newer::of(&prepared, typed, &now.unwrap_or_default(), &fields)
    });
    let stored = found.as_ref().and_then(|step| step.kind.parse().ok());
    let title = cx.text(if at.is_some() { "joining-path-change-step" } else { "joining-path-new-step" });
    let kind = stored.or(kind).unwrap_or(StepKind::Form);
    let f = cx.frame(title);
    // Of a new one the place is told by its kind; what is to stand beside another is seen when it is stored.
    let place = at.unwrap_or_else(|| {
        let new = StepInput { kind: kind.to_string(), ..StepInput::default() };
        rules::path::place_of_new(&prepared.steps, &new)
    });
    let beside = found.as_ref().is_some_and(|step| step.beside);
    let decided = place > 0 && prepared.steps[place - 1].kind == StepKind::Decision.word();
    let page = StepPage {
        overdues: overdues(&f, kind),
        may_stand_beside: place > 0 && !decided && kind != StepKind::Decision,
        conditions: conditions(&f, kind, &prepared.steps, place, beside),
        f,
        form: form.or_else(|| found.as_ref().map(filled)).unwrap_or_default(),
        name: group.name.clone(),
        group_lang: group.lang,
        path: group.path(),
        number: at.map(|at| at + 1),
        kind,
        version,
        questions: found.map_or(Vec::new(), |step| step.questions),
        trainings,
        newer,
    };
    cx.html_with(status, &page)
}

/// `POST /groups/{group}/path/new`
pub async fn add_step(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    stored_step(group, None, posted).await
}

/// `POST /groups/{group}/path/{step}`
pub async fn change_step(
    Path((group, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    stored_step(group, Some(place(&number)?), posted).await
}

async fn stored_step(group: String, to: Option<usize>, posted: Posted) -> Result<Response, AppError> {
    let input: StepForm = posted.input()?;
    let (seen, kind) = (input.version, input.kind.parse().ok());
    let store = move |_: &Work<'_, '_>, steps: &mut Vec<StepInput>| {
        let place = match to {
            Some(place) => {
                let step = at(steps, place)?;
                let input = StepForm { kind: step.kind.clone(), ..input.clone() };
                *step = rules::path::step_from(&input, step.questions.clone())?;
                place
            }
            None => {
                let new = rules::path::step_from(&input, Vec::new())?;
                let place = rules::path::place_of_new(steps, &new);
                steps.insert(place, new);
                place
            }
        };
        // A new form needs its questions next.
        let asks = to.is_none() && steps[place].kind == StepKind::Form.word();
        Ok(if asks { format!("/{}", place + 1) } else { String::new() })
    };
    match change(&posted.cx, group.clone(), seen, store).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_step(&posted.cx, group, to, kind, status, Some(form)).await
        }
    }
}

/// `GET /groups/{group}/path/{step}/new`
pub async fn new_question(
    cx: Cx,
    Path((group, number)): Path<(String, String)>,
) -> Result<Response, AppError> {
    let form = FormState::new().filled("kind", QuestionKind::Short.word()).filled("required", "yes");
    let form = form.filled("visible", Seen::Reviewers.word()).filled("delete_days", "90");
    show_question(&cx, group, place(&number)?, None, StatusCode::OK, Some(form)).await
}

/// `GET /groups/{group}/path/{step}/{question}`
pub async fn question(
    cx: Cx,
    Path((group, number, of)): Path<(String, String, String)>,
) -> Result<Response, AppError> {
    show_question(&cx, group, place(&number)?, Some(place(&of)?), StatusCode::OK, None).await
}

async fn show_question(
    cx: &Cx,
    group: String,
    step: usize,
    at: Option<usize>,
    status: StatusCode,
    form: Option<FormState>,
) -> Result<Response, AppError> {
    let (group, prepared, _) = load(cx, group).await?;
    let version = prepared.version();
    let late = status == StatusCode::PRECONDITION_FAILED;
    let found = prepared.steps.get(step).filter(|step| step.kind == StepKind::Form.word()).cloned();
    let found = found.ok_or_else(Refusal::not_found)?;
    // What was typed for a question that somebody took away meanwhile becomes a new one.
    let at = at.filter(|at| !late || *at < found.questions.len());
    let known = match at {
        Some(at) => Some(found.questions.get(at).map(asked).ok_or_else(Refusal::not_found)?),
        None => None,
    };
    let newer = form.as_ref().filter(|_| late).map(|typed| {
        let fields = if known.is_some() { sent(typed, &QUESTION_FIELDS) } else { Vec::new() };
        Newer::of(&prepared, typed, &known.clone().unwrap_or_default(), &fields)
    });
    let title =
        cx.text(if at.is_some() { "joining-path-change-question" } else { "joining-path-new-question" });
    let form = form.or(known).unwrap_or_default();
    let group = (group.name.clone(), group.path(), group.lang);
    let of = (step + 1, found.name);
    let mut page = QuestionPage::new(cx.frame(title), form, group, of, (at.map(|at| at + 1), version));
    page.newer = newer;
    cx.html_with(status, &page)
}

/// `POST /groups/{group}/path/{step}/new`
pub async fn add_question(
    Path((group, number)): Path<(String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    stored_question(group, place(&number)?, None, posted).await
}

/// `POST /groups/{group}/path/{step}/{question}`
pub async fn change_question(
    Path((group, number, of)): Path<(String, String, String)>,
    posted: Posted,
) -> Result<Response, AppError> {
    stored_question(group, place(&number)?, Some(place(&of)?), posted).await
}

async fn stored_question(
    group: String,
    step: usize,
    to: Option<usize>,
    posted: Posted,
) -> Result<Response, AppError> {
    let input: QuestionForm = posted.input()?;
    let seen = input.version;
    let store = move |work: &Work<'_, '_>, steps: &mut Vec<StepInput>| {
        let form = at(steps, step)?;
        let tail = work.id::<StepId>().to_string().split_off(28);
        match to {
            Some(to) => {
                let known = form.questions.get_mut(to).ok_or_else(Refusal::not_found)?;
                *known = rules::path::question_from(&input, Some(known), &tail)?;
            }
            None => form.questions.push(rules::path::question_from(&input, None, &tail)?),
        }
        Ok(format!("/{}", step + 1))
    };
    match change(&posted.cx, group.clone(), seen, store).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_question(&posted.cx, group, step, to, status, Some(form)).await
        }
    }
}
