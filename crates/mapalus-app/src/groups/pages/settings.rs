//! Changing a group: its page, what it is about, who finds it and who may join.

use crate::{
    groups::{
        self, Details, Group, GroupKind, Openness,
        actions::running,
        model::{ChangeBody, ChangeInput, TopicKind},
        rules,
    },
    shell::{AppError, Choice, ChoiceGroup, Cx, FormState, Frame, Lang, Place, Posted},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{Refusal, RefusalKind, access::ChangeGroup};

/// Empty pairs of question and answer that the form offers beside those that are there.
const MORE_QUESTIONS: usize = 2;

/// The form of a group.
#[derive(Template)]
#[template(path = "groups/templates/settings.html")]
pub struct SettingsPage {
    f: Frame,
    form: FormState,
    name: String,
    path: String,
    kind: GroupKind,
    causes: Vec<ChoiceGroup>,
    sign_ups: Vec<Choice>,
    visibilities: Vec<Choice>,
    questions: Vec<(String, String)>,
}

impl SettingsPage {
    fn new(f: Frame, group: &Group, form: FormState, questions: Vec<(String, String)>) -> Self {
        let open = group.sign_up == Openness::Open;
        Self {
            causes: super::all_causes(&f),
            sign_ups: super::sign_ups(&f, |offered| (offered == Openness::Open) == open),
            visibilities: super::visibilities(&f),
            name: group.name.clone(),
            path: group.path(),
            kind: group.kind,
            f,
            form,
            questions,
        }
    }

    fn occupational(&self) -> bool {
        self.kind == GroupKind::Occupational
    }

    /// Samples for the test that renders every page: of both kinds.
    pub fn samples(lang: Lang, group: &Group) -> Vec<Self> {
        let page = |kind| {
            let group = Group { kind, ..group.clone() };
            let form = FormState::new().filled("name", group.name.as_str()).filled("sign_up", "application");
            let questions = vec![("Siapa?".to_owned(), "Semua.".to_owned()), Default::default()];
            Self::new(Frame::sample(lang, "Settings", true), &group, form, questions)
        };
        GroupKind::ALL.iter().map(|kind| page(*kind)).collect()
    }
}

/// The input that would leave a group as it is.
pub(in crate::groups) fn as_it_is(group: &Group, details: &Details, lang: Lang) -> ChangeInput {
    let of = |kind: TopicKind| details.topics.iter().filter(move |topic| topic.topic == kind);
    let occupation = |code: &str| crate::shell::reference::occupations().label(code, lang);
    ChangeInput {
        name: group.name.clone(),
        summary: group.summary.clone(),
        about: group.about.clone(),
        rules: group.rules.clone(),
        ask: details.questions.iter().map(|question| question.ask.clone()).collect(),
        answer: details.questions.iter().map(|question| question.answer.clone()).collect(),
        occupations: of(TopicKind::Occupation).map(|t| occupation(&t.code)).collect::<Vec<_>>().join("\n"),
        causes: of(TopicKind::Cause).map(|topic| topic.code.clone()).collect(),
        area: group.area.clone(),
        districts: of(TopicKind::District).map(|topic| topic.label(lang)).collect::<Vec<_>>().join("\n"),
        point: group.point().map_or(String::new(), |point| point.to_string()),
        sign_up: group.sign_up.word().to_owned(),
        visibility: group.visibility.word().to_owned(),
        taking: group.taking,
        version: group.version,
    }
}

fn filled(input: &ChangeInput) -> FormState {
    let form = FormState::new()
        .filled("name", input.name.as_str())
        .filled("summary", input.summary.as_str())
        .filled("about", input.about.as_str())
        .filled("rules", input.rules.as_str())
        .filled("occupations", input.occupations.as_str())
        .filled("area", crate::shell::reference::areas().label(&input.area))
        .filled("districts", input.districts.as_str())
        .filled("point", input.point.as_str())
        .filled("sign_up", input.sign_up.as_str())
        .filled("visibility", input.visibility.as_str())
        .filled("taking", if input.taking { "yes" } else { "" })
        .filled("version", input.version.to_string());
    input.causes.iter().fold(form, |form, cause| form.filled("causes", cause.as_str()))
}

/// The pairs that were typed, and empty ones for more.
fn pairs(ask: &[String], answer: &[String]) -> Vec<(String, String)> {
    let pair = |n: usize| (ask[n].clone(), answer.get(n).cloned().unwrap_or_default());
    let typed = (0..ask.len()).map(pair).filter(|(ask, answer)| !ask.is_empty() || !answer.is_empty());
    typed.chain((0..MORE_QUESTIONS).map(|_| Default::default())).collect()
}

async fn load(cx: &Cx, group: String) -> Result<(Group, Details), AppError> {
    cx.read("groups::settings", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<ChangeGroup>()?;
        let details = groups::details(tx, group.id)?;
        Ok((group, details))
    })
    .await
}

/// `GET /groups/{group}/settings`
pub async fn settings(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    let (group, details) = load(&cx, group).await?;
    let input = as_it_is(&group, &details, cx.lang);
    let questions = pairs(&input.ask, &input.answer);
    let f = cx.frame(cx.text("groups-settings-title"));
    cx.html(&SettingsPage::new(f, &group, filled(&input), questions))
}

/// `POST /groups/{group}/settings`
pub async fn change(Path(slug): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: ChangeInput = posted.input()?;
    let typed = pairs(&input.ask, &input.answer);
    match change_by(&cx, slug.clone(), input).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let (group, _) = load(&cx, slug).await?;
            // Somebody else changed it meanwhile: what was typed stays, and sending it again counts.
            let form = match status {
                StatusCode::PRECONDITION_FAILED => {
                    form.without("version").filled("version", group.version.to_string())
                }
                _ => form,
            };
            let f = cx.frame(cx.text("groups-settings-title"));
            cx.html_with(status, &SettingsPage::new(f, &group, form, typed))
        }
    }
}

/// Changes the parts of a group that are given, over the API.
///
/// # Errors
/// As the form; `refusal-changed` if it is no longer at the version that was read.
pub(crate) async fn change_parts(cx: &Cx, group: String, body: ChangeBody) -> Result<Place, AppError> {
    let seen = cx.if_match()?;
    let (now, details) = load(cx, group.clone()).await?;
    let mut input = as_it_is(&now, &details, cx.lang);
    let set = |place: &mut String, given: Option<String>| {
        if let Some(given) = given {
            *place = given;
        }
    };
    set(&mut input.name, body.name);
    set(&mut input.summary, body.summary);
    set(&mut input.about, body.about);
    set(&mut input.rules, body.rules.map(|rules| rules.join("\n")));
    set(&mut input.occupations, body.occupations.map(|list| list.join("\n")));
    set(&mut input.area, body.area);
    set(&mut input.districts, body.districts.map(|list| list.join("\n")));
    set(&mut input.point, body.point);
    set(&mut input.sign_up, body.sign_up);
    set(&mut input.visibility, body.visibility);
    if let Some(questions) = body.questions {
        (input.ask, input.answer) = questions.into_iter().map(|q| (q.ask, q.answer)).unzip();
    }
    input.causes = body.causes.unwrap_or(input.causes);
    input.taking = body.taking.unwrap_or(input.taking);
    input.version = seen.unwrap_or(input.version);
    change_by(cx, group, input).await
}

/// Changes a group that is still at the version of the input.
pub(in crate::groups) async fn change_by(
    cx: &Cx,
    group: String,
    input: ChangeInput,
) -> Result<Place, AppError> {
    cx.write("groups::change", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<ChangeGroup>()?;
        if group.version != input.version {
            return Err(Refusal::new(RefusalKind::Changed, "refusal-changed").into());
        }
        let changed = rules::change(group.kind, group.sign_up, &input)?;
        running::change(work, &permit, &group, &changed)?;
        Ok(Place::at(group.path()).telling("groups-done-changed"))
    })
    .await
}
