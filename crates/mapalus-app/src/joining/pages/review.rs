//! The coordinators' side of one application: read, decide, undo.

use super::{
    AnswerLine, StepLine, answer_lines, file, lines,
    meeting::{self, BringPart, Meetings, TalkPart},
    mine, sample,
    screening::{self, ScreeningPart},
    training::{self, CoursePart},
};
use crate::{
    growth::Course,
    joining::{
        self, actions,
        model::{
            Answer, Application, ApplicationState, Decision, Outcome, Path as JoiningPath, StepKind,
            interview::InterviewState,
        },
    },
    people::profile::ProfileView,
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted, forms},
};
use askama::Template;
use axum::{extract::Path, response::Response};
use mapalus_core::{
    Id, PersonId, Refusal, RefusalKind, StepId,
    access::{DecideApplication, SkipStep},
    chance::Counted,
};
use serde::Deserialize;

/// One application as a reviewer sees it.
#[derive(Template)]
#[template(path = "joining/templates/review.html")]
pub struct ReviewPage {
    pub(super) f: Frame,
    /// What was to be decided; the other is to skip a step.
    form: FormState,
    skipping: FormState,
    /// What came too late: others were faster.
    late: Option<Late>,
    application: Application,
    /// Prefix of the words for who acts.
    who: &'static str,
    lines: Vec<StepLine>,
    pub(super) answers: Vec<AnswerLine>,
    decisions: Vec<Decision>,
    /// How many must agree to accept.
    pub(super) approvals: i64,
    may_accept: bool,
    may_wait: bool,
    may_decline: bool,
    /// Who vouched.
    pub(super) vouches: Vec<super::vouch::VouchLine>,
    /// Whether one of them comes from another workplace, where the path asks for it.
    pub(super) elsewhere: Option<bool>,
    /// What reviewers gave.
    pub(super) screenings: Vec<ScreeningPart>,
    /// The training that is open, and whether the reviewer trains.
    course: Option<CoursePart>,
    trains: bool,
    /// Interviews.
    talks: Vec<TalkPart>,
    /// The members who get to know the applicant.
    brings: Vec<BringPart>,
    /// What the applicant tells of themselves.
    pub(super) profile: Option<ProfileView>,
    shows_words: bool,
    asks: bool,
    /// The steps that may be skipped.
    skips: Vec<Choice>,
}

/// A decision that others forestalled, and what is told of that.
struct Late {
    /// Message key of the heading.
    heading: &'static str,
    /// Why it was refused.
    why: String,
    /// What was chosen; nothing where a step was to be skipped.
    outcome: Option<Outcome>,
    /// The reason that was typed.
    reason: String,
    /// The version of the application on which it was based.
    seen: i64,
}

impl Late {
    fn of(form: &FormState) -> Option<Self> {
        let (field, why) = form.errors().first()?;
        let reason = if form.value("outcome").is_empty() { "skip_reason" } else { "reason" };
        field.is_empty().then(|| Self {
            heading: form.heading(),
            why: why.clone(),
            outcome: form.value("outcome").parse().ok(),
            reason: form.value(reason).to_owned(),
            seen: form.value("version").parse().unwrap_or(i64::MAX),
        })
    }
}

impl ReviewPage {
    pub(super) fn new(
        f: Frame,
        form: FormState,
        application: Application,
        path: &JoiningPath,
        answers: &[Answer],
        decisions: Vec<Decision>,
    ) -> Self {
        let skips = joining::rules::skippable(&application, path).into_iter();
        let skips = skips.map(|step| Choice::new(step.id.to_string(), step.name.clone())).collect();
        let step = path.at(application.place).filter(|step| step.kind == StepKind::Decision);
        let turn = |outcome| joining::rules::is_turn(outcome, application.state, step.map(|step| step.kind));
        let answers = answer_lines(&f, path, answers);
        let late = Late::of(&form);
        let form = if late.is_some() { form.told() } else { form };
        let (form, skipping) = if form.value("outcome").is_empty() {
            (FormState::new(), form)
        } else {
            (form, FormState::new())
        };
        Self {
            who: "joining-actor-other",
            lines: lines(&f, &application, path),
            answers,
            decisions,
            approvals: step.map_or(1, |step| step.approvals),
            may_accept: turn(Outcome::Accept),
            may_wait: turn(Outcome::Wait),
            may_decline: turn(Outcome::Decline),
            skips,
            vouches: Vec::new(),
            elsewhere: None,
            screenings: Vec::new(),
            course: None,
            trains: false,
            talks: Vec::new(),
            brings: Vec::new(),
            profile: None,
            shows_words: true,
            asks: false,
            f,
            form,
            skipping,
            late,
            application,
        }
    }

    /// What was decided since the one who comes too late looked.
    fn decided_since(&self, late: &Late) -> Vec<&Decision> {
        self.decisions.iter().filter(|decision| decision.version_after > late.seen).collect()
    }

    /// Whether every button of the decision needs a reason.
    fn needs_reason(&self) -> bool {
        !self.may_accept && !self.may_wait
    }

    fn reason_why(&self) -> &'static str {
        if self.needs_reason() { "joining-reason-why-decline" } else { "joining-reason-why" }
    }

    /// Whether what was typed has no field on the page any more.
    fn has_no_field(&self, late: &Late) -> bool {
        let field = if late.outcome.is_some() { self.may_decline } else { !self.skips.is_empty() };
        !field && !late.reason.is_empty()
    }

    /// Shows the training that is open.
    pub(super) fn show_course(&mut self, course: Option<&(joining::Step, Option<Course>)>, trains: bool) {
        if let Some(course) = course {
            let part = training::part(&self.f, &self.application, course);
            training::show_in(&mut self.lines, &course.0, &part);
            (self.course, self.trains) = (Some(part), trains);
        }
    }

    /// Shows what reviewers gave, as far as this one sees it.
    pub(super) fn show_screenings(
        &mut self,
        path: &JoiningPath,
        scored: (&[joining::model::screening::Scored], &[PersonId]),
        viewer: Option<PersonId>,
        refused: Option<&FormState>,
    ) {
        let of = (&self.application, path);
        self.screenings = screening::parts(&self.f, of, scored, viewer, refused);
        if self.screenings.iter().any(|part| part.form.as_ref().is_some_and(FormState::failed)) {
            // It is told where it was typed, and nowhere else.
            self.form = FormState::new();
            self.skipping = FormState::new();
            self.late = None;
        }
    }

    /// Shows interviews and acquaintances.
    pub(super) fn show_meetings(
        &mut self,
        path: &JoiningPath,
        meetings: &Meetings,
        (viewer, name): (Option<PersonId>, &str),
        refused: Option<&FormState>,
    ) {
        meetings.show(&self.f, &mut self.lines, path);
        let of = (&self.application, path);
        let noting = refused.filter(|form| form.has("interview_note"));
        let bringing = refused.filter(|form| form.has("how"));
        self.talks = meeting::talks(&self.f, of, meetings, viewer, noting);
        self.brings = meeting::brings(&self.f, of, meetings, (viewer, name), bringing);
    }

    /// Samples for the test that renders every page.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let path = sample::begun();
        let decision = || Decision {
            person_id: PersonId::new(sample::AT, &Counted::default()),
            name: "Stenly Wowor".to_owned(),
            outcome: Outcome::Accept,
            reason: "Berpengalaman.".to_owned(),
            made_at: sample::AT,
            version_after: 2,
        };
        let answer = |key: &str, value: &str| Answer {
            step_id: path.steps[0].id,
            key: key.to_owned(),
            value: value.to_owned(),
        };
        let files = file::sample(sample::application(ApplicationState::Sent, 2).id);
        let answers = [answer("q-several", "satu\ndua"), answer("q-file", &files[0].id.to_string())];
        let two = |state, place| (state, place, path.clone());
        let ways = [
            two(ApplicationState::Sent, 2),
            two(ApplicationState::Sent, 1),
            two(ApplicationState::Accepted, 2),
            (ApplicationState::Sent, 0, sample::wide()),
            (ApplicationState::Sent, 1, sample::screened().0),
            (ApplicationState::Waiting, 1, sample::screened().0),
            (ApplicationState::Sent, 1, sample::trained()),
            (ApplicationState::Sent, 1, sample::talking()),
            (ApplicationState::Sent, 1, sample::meeting()),
        ];
        ways.into_iter()
            .map(|(state, place, path)| {
                // What all gave is seen when the screening is behind.
                let mut scored =
                    path.steps.iter().any(|s| s.kind == StepKind::Screening).then(sample::screened);
                if let Some((path, _)) = scored.as_mut().filter(|_| state == ApplicationState::Waiting) {
                    path.done = sample::begun().done;
                    path.done[1].step_id = path.steps[1].id;
                }
                let application = sample::application(state, place);
                let f = Frame::sample(lang, "Review", true);
                let vouches = super::vouch::lines(&f, &sample::vouches());
                // One of them comes too late.
                let form = FormState::new().filled("outcome", "decline").filled("reason", "Penuh.");
                let changed = Refusal::new(RefusalKind::Changed, "refusal-changed");
                let form =
                    if place == 2 { form.filled("version", "1").refused(&changed, lang) } else { form };
                let mut page = Self::new(f, form, application, &path, &answers, vec![decision()]);
                page.vouches = vouches;
                if let Some((path, given)) = scored.as_ref().filter(|_| place == 1) {
                    let eligible: Vec<PersonId> = given.iter().map(|scored| scored.person_id).collect();
                    let viewer = eligible.first().copied();
                    let of = (&page.application, path);
                    page.screenings = screening::parts(&page.f, of, (given, &eligible), viewer, None);
                }
                if path.steps[1].kind == StepKind::Training {
                    let course = sample::courses().into_iter().next();
                    page.show_course(Some(&(path.steps[1].clone(), course)), true);
                }
                let meetings = Meetings::sample(&path, InterviewState::Missed);
                page.show_meetings(&path, &meetings, (None, "Fera"), None);
                page.elsewhere = Some(place == 2);
                page.profile = (place == 2).then(|| sample::profile(lang));
                file::show(&page.f, &mut page.answers, &files);
                page
            })
            .collect()
    }
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct DecideInput {
    outcome: String,
    #[serde(default)]
    reason: String,
    version: i64,
}

/// `POST /applications/{application}/decide`
pub async fn decide(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: DecideInput = posted.input()?;
    let outcome = forms::word::<Outcome>(&input.outcome).map_err(|_| Refusal::not_found())?;
    match decide_on(&cx, id.clone(), outcome, input.reason, Some(input.version)).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            mine::show(&cx, id, status, Some(form)).await
        }
    }
}

pub(in crate::joining) async fn decide_on(
    cx: &Cx,
    id: String,
    outcome: Outcome,
    reason: String,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("joining::decide", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<DecideApplication>()?;
        joining::rules::unchanged(&application, seen)?;
        let done = actions::decide(work, &permit, &application, &path, outcome, &reason)?;
        let told = match (outcome, done) {
            (Outcome::Accept, true) => "joining-done-accept",
            (Outcome::Accept, false) => "joining-done-approved",
            (Outcome::Decline, _) => "joining-done-decline",
            (Outcome::Wait, _) => "joining-done-wait",
        };
        let place = Place::at(format!("/groups/{}/applications", application.slug)).telling(told);
        Ok(place.undoable(format!("/applications/{}/undo", application.id)))
    })
    .await
}

/// `POST /applications/{application}/undo`
pub async fn undo(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let place = undo_on(&cx, id).await?;
    Ok(cx.see(&place))
}

pub(in crate::joining) async fn undo_on(cx: &Cx, id: String) -> Result<Place, AppError> {
    cx.write("joining::undo", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<DecideApplication>()?;
        actions::undo(work, &permit, &application, &path)?;
        Ok(Place::at(format!("/applications/{}", application.id)).telling("joining-done-undone"))
    })
    .await
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SkipInput {
    #[serde(default)]
    skip_reason: String,
    /// The step; the first that is open if none is named.
    #[serde(default)]
    step: String,
    version: i64,
}

/// `POST /applications/{application}/skip`
pub async fn skip(Path(id): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx.clone();
    let input: SkipInput = posted.input()?;
    let step = joining::wanted(&input.step)?;
    match skip_on(&cx, id.clone(), (step, input.skip_reason), Some(input.version)).await {
        Ok(place) => Ok(cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            mine::show(&cx, id, status, Some(form)).await
        }
    }
}

pub(in crate::joining) async fn skip_on(
    cx: &Cx,
    id: String,
    (step, reason): (Option<StepId>, String),
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("joining::skip", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<SkipStep>()?;
        joining::rules::unchanged(&application, seen)?;
        actions::skip(work, &permit, &application, &path, (step, &reason))?;
        let own = format!("/applications/{}", application.id);
        Ok(Place::at(own.as_str()).telling("joining-done-skipped").undoable(format!("{own}/undo")))
    })
    .await
}
