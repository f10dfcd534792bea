//! The applicant's side: all of one's applications, and one with what there is to do at it.

use super::{
    AnswerLine, Field, StepLine, answer_lines, field, file, lines,
    meeting::{self, Meetings, Met, Talk},
    review, sample,
    training::{self, CoursePart},
    vouch::VouchLine,
};
use crate::{
    growth::Course,
    joining::{
        self, actions,
        model::{
            Actor, Answer, Application, ApplicationState, Done, How, Path as JoiningPath, Question, StepKind,
            consent::ConsentState,
            file::StoredFile,
            interview::InterviewState,
            mine::Stand,
            vouch::{Candidate, Vouch},
        },
        queries,
        rules::vouch::Asked,
    },
    people::{self, profile::ProfileView},
    shell::{AppError, Choice, Cx, FormState, Frame, Lang, forms::Wrong, locale},
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    ApplicationId, Id, Millis, Refusal, StepId,
    access::{ReadApplication, RunTrainings, UseAccount},
    chance::Counted,
};
use mapalus_db::{DbError, Tx, params};
use std::collections::HashMap;

/// One's own applications.
#[derive(Template)]
#[template(path = "joining/templates/mine.html")]
pub struct MinePage {
    f: Frame,
    applications: Vec<Application>,
    /// Where those stand that are under way.
    stands: HashMap<ApplicationId, Stand>,
}

impl MinePage {
    /// When it was withdrawn, if it was.
    fn withdrawn<'a>(&self, application: &'a Application) -> Option<&'a Millis> {
        application.decided_at.as_ref().filter(|_| application.state == ApplicationState::Withdrawn)
    }

    /// The step of an application, whose turn it is and until when, in words.
    fn stand(&self, application: &Application) -> Option<String> {
        let stand = self.stands.get(&application.id)?;
        let step = self.f.t2("joining-step-of", "number", stand.number, "count", stand.count);
        let Some(actor) = stand.actor else {
            return Some(step);
        };
        let who = self.f.word("joining-actor", actor);
        let until = self.f.day(&stand.due_at);
        Some(format!("{step} · {who} · {}", self.f.t1("joining-until", "until", until)))
    }

    /// Whether it is one's own turn in an application: its line is the button then.
    fn own_turn(&self, application: &Application) -> bool {
        let stand = self.stands.get(&application.id);
        stand.is_some_and(|stand| stand.actor == Some(Actor::Applicant))
    }

    /// Samples for the test that renders every page: none, and one in each state.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |applications: Vec<Application>| {
            let open = applications.iter().filter(|application| application.state.open());
            let stand = |(n, application): (usize, &Application)| {
                let actor = [Some(Actor::Applicant), Some(Actor::Coordinators), None][n % 3];
                let (step, due_at) = (StepId::new(sample::AT, &Counted::default()), sample::AT);
                (application.id, Stand { step, number: 2, count: 3, actor, due_at })
            };
            let stands = open.enumerate().map(stand).collect();
            Self { f: Frame::sample(lang, "Mine", true), applications, stands }
        };
        let of = |(n, state): (i64, &ApplicationState)| Application {
            id: ApplicationId::new(sample::AT.plus(n), &Counted::default()),
            ..sample::application(*state, 1)
        };
        vec![page(Vec::new()), page((0..).zip(ApplicationState::ALL).map(of).collect())]
    }
}

/// A step that the applicant has to do with now.
pub struct Turn {
    step: joining::Step,
    /// Its number in the path, from 1.
    number: i64,
    form: FormState,
    fields: Vec<Field>,
    /// Whether files stand in the form, or can be added.
    takes_files: bool,
    /// The interview, where it is one.
    talk: Option<Talk>,
}

/// One application as its applicant sees it, with the steps that are open.
#[derive(Template)]
#[template(path = "joining/templates/one.html")]
pub struct OnePage {
    f: Frame,
    /// The search for a member, and the request to one who was found.
    search: FormState,
    asking: FormState,
    application: Application,
    /// Prefix of the words for who acts.
    who: &'static str,
    lines: Vec<StepLine>,
    turns: Vec<Turn>,
    answers: Vec<AnswerLine>,
    vouches: Vec<VouchLine>,
    missing: i64,
    /// What the step asks for now.
    asked: Asked,
    /// The members who get to know the applicant.
    met: Vec<Met>,
    /// Whether the members who may be asked are those who have met the applicant.
    known: bool,
    candidates: Vec<Choice>,
    /// What they were found by.
    found_by: String,
    searched: bool,
    /// Whether what was searched has too few letters.
    short: bool,
    /// The applicant reads who vouched, not what they said.
    shows_words: bool,
    asks: bool,
    /// Why a draft cannot be sent now.
    closed: Option<String>,
    /// Of a minor's draft: what the guardian said.
    consent: Option<ConsentState>,
    /// What those who decide see of the profile, in one line; nothing where no form is next.
    passed_on: Option<String>,
    /// The training that is open.
    course: Option<CoursePart>,
}

impl OnePage {
    fn new(
        f: Frame,
        refused: Option<FormState>,
        application: Application,
        path: &JoiningPath,
        answers: &[Answer],
        vouching: Vouching,
    ) -> Self {
        let open = joining::rules::own_turns(&application, path);
        let sent: Vec<Answer> =
            answers.iter().filter(|a| open.iter().all(|step| step.id != a.step_id)).cloned().collect();
        let mut turns: Vec<Turn> = turns(&f, path, &open, answers, refused);
        let (lines, answers) = (lines(&f, &application, path), answer_lines(&f, path, &sent));
        let has = |kind| turns.iter().any(|turn| turn.step.kind == kind);
        let (asks, passes) = (has(StepKind::Vouch), has(StepKind::Form));
        let mut vouches = super::vouch::lines(&f, &vouching.vouches);
        if !asks {
            // What was asked waits no longer, whoever was asked.
            vouches.iter_mut().filter(|line| line.state == "asked").for_each(|line| line.state = "ended");
        }
        let candidates = vouching.candidates.into_iter();
        let candidates: Vec<Choice> = candidates.map(|c| Choice::new(c.id.to_string(), c.name)).collect();
        let vouch = turns.iter_mut().find(|turn| turn.step.kind == StepKind::Vouch);
        let form = vouch.as_ref().map(|turn| turn.form.clone()).unwrap_or_default();
        let search = FormState::new().filled("name", form.value("name"));
        let search = if vouching.searched && vouching.short {
            search.refused(&Wrong::plain("joining-vouch-search-short").at("name"), f.language())
        } else {
            search
        };
        let chosen = !form.value("person").is_empty() || form.error("person").is_some();
        let asking = match &candidates[..] {
            [only] if !chosen => FormState::new().filled("person", only.value.as_str()),
            _ if chosen => form,
            _ => FormState::new(),
        };
        if let Some(turn) = vouch.filter(|_| chosen) {
            // It is told at the choice, and nowhere else.
            turn.form = FormState::new();
        }
        let passed_on = passes.then(|| vouching.profile.as_ref().map_or_else(String::new, ProfileView::line));
        let (missing, searched, short) = (vouching.missing, vouching.searched, vouching.short);
        let found_by = search.value("name").to_owned();
        let closed = vouching.closed.as_ref().map(|refusal| refused_text(&f, refusal));
        Self {
            f,
            search,
            asking,
            found_by,
            application,
            who: "joining-actor",
            lines,
            turns,
            answers,
            vouches,
            missing,
            asked: vouching.asked,
            met: Vec::new(),
            known: vouching.known,
            candidates,
            searched,
            short,
            shows_words: false,
            asks,
            closed,
            consent: vouching.consent,
            passed_on,
            course: None,
        }
    }

    /// What is kept besides: while one waits, and of a draft.
    fn kept_else(&self) -> String {
        use joining::rules::sending::{DRAFT_DAYS, DRAFT_NOTICE_DAYS};
        self.f.t2("joining-kept-else", "days", DRAFT_DAYS, "notice", DRAFT_NOTICE_DAYS)
    }

    /// The same with the training that is open.
    fn with_course(mut self, course: Option<&(joining::Step, Option<Course>)>) -> Self {
        if let Some(course) = course {
            let part = training::part(&self.f, &self.application, course);
            training::show_in(&mut self.lines, &course.0, &part);
            self.course = Some(part);
        }
        self
    }

    /// The same with a mark at each question that was not asked before; nothing is marked if that is not known.
    fn marking_new(mut self, before: Option<&[Question]>) -> Self {
        let Some(before) = before else {
            return self;
        };
        for field in self.turns.iter_mut().flat_map(|turn| &mut turn.fields) {
            field.new =
                !before.iter().any(|asked| asked.key == field.name && asked.kind.word() == field.kind);
        }
        self
    }

    /// The same with interviews and acquaintances.
    fn with_meetings(mut self, path: &JoiningPath, meetings: &Meetings) -> Self {
        meetings.show(&self.f, &mut self.lines, path);
        self.met = meeting::ready(meetings);
        for turn in self.turns.iter_mut().filter(|turn| turn.step.kind == StepKind::Interview) {
            turn.talk = Some(Talk::new(&self.f, &turn.step, meetings));
        }
        self
    }

    /// The same with the files that answers name.
    fn with_files(mut self, path: &JoiningPath, answers: &[Answer], files: &[StoredFile]) -> Self {
        file::show(&self.f, &mut self.answers, files);
        for turn in &mut self.turns {
            file::show_in_form(&self.f, &mut turn.fields, (path, answers, turn.step.id), files);
        }
        self
    }

    /// Samples for the test that renders every page: each kind of step, and each end.
    pub fn samples(lang: Lang) -> Vec<Self> {
        use ApplicationState::{Accepted, Declined, Draft, Sent, Waiting};
        let page = |path: JoiningPath, state, place| {
            let application = sample::application(state, place);
            let form = FormState::new().filled("q-short", "Perawat");
            let files = file::sample(application.id);
            let ids: Vec<_> = files.iter().map(|file| file.id.to_string()).collect();
            let (step_id, key) = (path.steps[0].id, "q-file".to_owned());
            let answers = [Answer { step_id, key, value: ids.join("\n") }];
            let f = Frame::sample(lang, "One", true);
            let vouching = Vouching::sample(lang);
            Self::new(f, (state == Draft).then_some(form), application, &path, &answers, vouching)
                .with_files(&path, &answers, &files)
                .marking_new((state == Draft).then_some(&path.questions[..3]))
        };
        let meets = |path: JoiningPath, state| {
            let meetings = Meetings::sample(&path, state);
            let application = sample::application(Sent, 1);
            let f = Frame::sample(lang, "One", true);
            let vouching = Vouching { vouches: Vec::new(), ..Vouching::sample(lang) };
            Self::new(f, None, application, &path, &[], vouching).with_meetings(&path, &meetings)
        };
        let mut vouching = sample::begun();
        let mut vouch = vouching.steps[1].clone();
        (vouch.id, vouch.kind, vouch.place, vouch.block) =
            (StepId::new(sample::AT.plus(9), &Counted::default()), StepKind::Vouch, 3, 3);
        vouching.steps.push(vouch);
        let mut spared = sample::wide();
        spared.done = [(0, How::Done), (1, How::Done), (3, How::Spared)]
            .map(|(n, how)| Done {
                step_id: spared.steps[n].id,
                done_at: sample::AT,
                how,
                skipped_for: String::new(),
            })
            .to_vec();
        let trained = |course: Option<Course>| {
            let path = sample::trained();
            let step = path.steps[1].clone();
            page(path, Sent, 1).with_course(Some(&(step, course)))
        };
        let courses = sample::courses().into_iter().map(Some).chain([None]);
        let mut pages: Vec<Self> = courses.map(trained).collect();
        pages.extend([
            page(sample::path(), Draft, 0),
            page(sample::path(), Sent, 1),
            page(sample::begun(), Sent, 2),
            page(vouching, Sent, 3),
            page(sample::begun(), Waiting, 2),
            page(sample::begun(), Declined, 2),
            page(sample::begun(), Accepted, 4),
            page(sample::wide(), Sent, 0),
            page(spared, Sent, 2),
            meets(sample::talking(), InterviewState::Wanted),
            meets(sample::talking(), InterviewState::Taken),
            meets(sample::talking(), InterviewState::Missed),
            meets(sample::meeting(), InterviewState::Free),
        ]);
        pages
    }
}

/// A refusal in words.
fn refused_text(f: &Frame, refusal: &Refusal) -> String {
    locale::message(f.language(), refusal.key, &refusal.arguments)
}

/// What the applicant has to do with now: each step with its form. What was refused goes to the step to which it was
/// sent, or to the first.
fn turns(
    f: &Frame,
    path: &JoiningPath,
    open: &[&joining::Step],
    answers: &[Answer],
    mut refused: Option<FormState>,
) -> Vec<Turn> {
    let of = refused.as_ref().map(|form| form.value("step").to_owned()).unwrap_or_default();
    // Whoever asks a member names no step: there is one at a time that asks.
    let asks = refused.as_ref().is_some_and(|form| form.has("mail") || form.has("name"));
    let sent_to = |step: &&joining::Step| {
        if asks { step.kind == StepKind::Vouch } else { step.id.to_string() == of }
    };
    let at = open.iter().position(sent_to).unwrap_or(0);
    let turn = |(n, step): (usize, &&joining::Step)| {
        let fields: Vec<Field> = path.questions_of(step.id).map(|q| field(f, q)).collect();
        let form = if n == at { refused.take() } else { None };
        Turn {
            number: step.place + 1,
            takes_files: fields.iter().any(|field| field.kind == "file"),
            talk: None,
            fields,
            form: form.unwrap_or_else(|| typed(answers, step.id)),
            step: (*step).clone(),
        }
    };
    open.iter().enumerate().map(turn).collect()
}

/// `GET /applications`
pub async fn mine(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let (applications, stands) = cx
        .read("joining::mine", move |tx, cx| {
            let mut applications: Vec<Application> = tx.all(&queries::MINE, &params![person])?;
            let stands = joining::stands(tx, cx, person, &mut applications)?;
            Ok((applications, stands))
        })
        .await?;
    cx.html(&MinePage { f: cx.frame(cx.text("joining-mine-title")), applications, stands })
}

/// `GET /applications/{application}`: its applicant sees where it stands, a reviewer what to decide.
pub async fn one(cx: Cx, Path(id): Path<String>) -> Result<Response, AppError> {
    show(&cx, id, StatusCode::OK, None).await
}

/// The page of an application, with a form that was refused if there is one.
pub(super) async fn show(
    cx: &Cx,
    id: String,
    status: StatusCode,
    form: Option<FormState>,
) -> Result<Response, AppError> {
    let typed_name = form.as_ref().map(|form| form.value("name").to_owned());
    let name = typed_name.filter(|name| !name.is_empty()).unwrap_or(cx.query::<Searched>()?.name);
    let searched = name.clone();
    let (application, path, standing, (answers, files, before), review, (vouching, course, meetings)) = cx
        .read("joining::one", move |tx, cx| {
            let (application, path, standing) = joining::load_seen(tx, cx, &id)?;
            standing.permit::<ReadApplication>()?;
            let mut answers = queries::answers(tx, application.id)?;
            joining::keep_seen(&standing, &path, &mut answers);
            let review = if standing.owner {
                (Vec::new(), 0, (Vec::new(), Vec::new()))
            } else {
                let decisions = tx.all(&queries::DECISIONS, &params![application.id])?;
                let given = actions::screening::given(tx, application.id, &path)?;
                let screens = path.steps.iter().any(|step| step.kind == StepKind::Screening);
                let eligible =
                    if screens { actions::screening::eligible(tx, &application)? } else { Vec::new() };
                (decisions, actions::reviewers(tx, &application)?, (given, eligible))
            };
            let vouching = Vouching::load(tx, &application, &path, standing.owner, (&name, cx.lang, cx.now))?;
            let found = (standing.owner, name.as_str());
            let meetings = Meetings::load(tx, (&application, &path), found, cx.now)?;
            let files = file::load(tx, &path, application.id)?;
            let trains = path.open(&application).find(|step| step.kind == StepKind::Training).cloned();
            let course = match trains {
                Some(step) => {
                    let course = actions::training::course(tx, &application, &step, cx.now)?;
                    Some((step, course))
                }
                None => None,
            };
            let before: Option<Vec<Question>> = match application.carried_from.filter(|_| standing.owner) {
                Some(from) => Some(tx.all(&queries::path::QUESTIONS, &params![from])?),
                None => None,
            };
            Ok((application, path, standing, (answers, files, before), review, (vouching, course, meetings)))
        })
        .await?;
    let owner = standing.owner;
    let f = cx.frame(cx.text(if owner { "joining-one-title" } else { "joining-review-title" }));
    if owner {
        let mut page = OnePage::new(f, form, application, &path, &answers, vouching);
        for turn in page.turns.iter_mut().filter(|turn| turn.step.kind == StepKind::Vouch) {
            turn.form = std::mem::take(&mut turn.form).filled("name", searched.as_str());
        }
        let page = page.with_files(&path, &answers, &files);
        let page = page.with_course(course.as_ref()).with_meetings(&path, &meetings);
        return cx.html_with(status, &page.marking_new(before.as_deref()));
    }
    let (decisions, reviewers, (given, eligible)) = review;
    let needed = joining::rules::needed(path.at(application.place), reviewers);
    let refused = form.clone();
    // What is told at its own form is told nowhere else.
    let meets = |form: &FormState| form.has("interview_note") || form.has("how");
    let form = form.filter(|form| !meets(form)).unwrap_or_default();
    let mut page = review::ReviewPage::new(f.at_desk(), form, application, &path, &answers, decisions);
    page.approvals = needed;
    page.elsewhere = vouching.elsewhere;
    page.show_course(course.as_ref(), standing.permit::<RunTrainings>().is_ok());
    let scored = (given.as_slice(), eligible.as_slice());
    page.show_screenings(&path, scored, cx.person(), refused.as_ref());
    page.show_meetings(&path, &meetings, (cx.person(), &searched), refused.as_ref());
    page.profile.clone_from(&vouching.profile);
    page.vouches = super::vouch::lines(&page.f, &vouching.given());
    file::show(&page.f, &mut page.answers, &files);
    cx.html_with(status, &page)
}

/// What the applicant searches a member by.
#[derive(Debug, Default, serde::Deserialize)]
struct Searched {
    #[serde(default)]
    name: String,
}

/// What the page shows of vouches.
struct Vouching {
    vouches: Vec<Vouch>,
    missing: i64,
    asked: Asked,
    candidates: Vec<Candidate>,
    /// Whether they are those who have met the applicant.
    known: bool,
    searched: bool,
    short: bool,
    /// Why a draft cannot be sent now.
    closed: Option<Refusal>,
    /// Of a minor's draft: what the guardian said.
    consent: Option<ConsentState>,
    /// Whether a vouch comes from another workplace, where the path asks for it: for reviewers.
    elsewhere: Option<bool>,
    /// What the applicant tells of themselves to those who decide.
    profile: Option<ProfileView>,
}

impl Vouching {
    fn load(
        tx: &mut Tx<'_>,
        application: &Application,
        path: &JoiningPath,
        owner: bool,
        (name, lang, now): (&str, Lang, Millis),
    ) -> Result<Self, DbError> {
        let step = path.open(application).find(|step| step.kind == StepKind::Vouch);
        let (mut missing, mut candidates, mut known) = (0, Vec::new(), false);
        let mut asked = Asked::default();
        if let Some(step) = step.filter(|_| owner) {
            let (given, workplaces) = actions::vouch::counted(tx, application, step, now)?;
            missing = joining::rules::vouch::missing(step, &workplaces, &given);
            asked = joining::rules::vouch::asked(step, &workplaces, &given);
            candidates = queries::vouch::candidates(tx, application, name)?;
            let meets = path.steps.iter().any(|step| step.kind == StepKind::Acquaintance);
            if meets && name.is_empty() {
                candidates = queries::vouch::met(tx, application, step.id)?;
                known = !candidates.is_empty();
            }
        }
        let vouches = if path.steps.iter().any(|step| step.kind == StepKind::Vouch) {
            tx.all(&queries::vouch::VOUCHES, &params![application.id])?
        } else {
            Vec::new()
        };
        let (profile, elsewhere) = joining::known_of(tx, application, (path, &vouches), lang)?;
        let closed = match actions::may_send(tx, application, now) {
            Err(AppError::Refusal(refusal)) => Some(refusal),
            Err(AppError::Db(error)) => return Err(error),
            _ => None,
        };
        let consent = match application.state {
            ApplicationState::Draft if owner => actions::consent::of(tx, application.id)?,
            _ => None,
        };
        // Whoever is of age meanwhile waits for nobody.
        let consent = match consent {
            Some(of) if people::young(tx, application.person_id)?.is_some() => Some(of),
            _ => None,
        };
        Ok(Self {
            consent: consent.map(|of| of.state),
            vouches,
            missing,
            asked,
            candidates,
            known,
            searched: !name.is_empty(),
            short: queries::vouch::is_short(name),
            closed,
            elsewhere,
            profile,
        })
    }

    /// What reviewers see: who vouched, not who was asked.
    fn given(self) -> Vec<Vouch> {
        self.vouches.into_iter().filter(|vouch| vouch.given_at.is_some()).collect()
    }

    fn sample(lang: Lang) -> Self {
        Self {
            vouches: sample::vouches(),
            missing: 1,
            asked: Asked { vouches: 2, elsewhere: true, ..Asked::default() },
            candidates: Vec::new(),
            known: false,
            searched: true,
            short: false,
            closed: None,
            consent: Some(ConsentState::Asked),
            elsewhere: None,
            profile: Some(sample::profile(lang)),
        }
    }
}

/// The kept answers of a form.
fn typed(answers: &[Answer], step: StepId) -> FormState {
    let kept = answers.iter().filter(|answer| answer.step_id == step);
    kept.flat_map(|answer| answer.value.lines().map(|line| (answer.key.as_str(), line)).collect::<Vec<_>>())
        .fold(FormState::new(), |form, (key, value)| form.filled(key, value))
}
