//! What a group teaches, its dates, and one's own.

pub(crate) mod run;

use super::{
    actions, load, load_sitting,
    model::{Own, Sitting, State, Training},
    queries, rules,
};
use crate::{
    groups::{self, Group},
    qualifications::{self, kinds, model::Known},
    shell::{
        AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted,
        reference::{Areas, areas},
        text,
    },
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{
    GroupId, Id, Millis, Refusal, RefusalKind, SittingId, Standing, TrainingId,
    access::{RunTrainings, SeeTrainings, UseAccount},
    chance::Counted,
    time::{DAY, HOUR},
};
use mapalus_db::params;

pub use run::SittingPage;

/// What a group teaches, with what comes next; for those who train the form of one more.
#[derive(Template)]
#[template(path = "growth/templates/trainings.html")]
pub struct TrainingsPage {
    f: Frame,
    form: FormState,
    name: String,
    path: String,
    group_lang: Lang,
    trainings: Vec<Training>,
    next: Vec<Next>,
    kinds: Vec<Choice>,
    runs: bool,
}

/// The first date ahead of a training: when, and the code of its district or regency.
type Next = (TrainingId, Millis, String);

/// A training with its dates.
#[derive(Template)]
#[template(path = "growth/templates/training.html")]
pub struct TrainingPage {
    f: Frame,
    form: FormState,
    sitting_form: FormState,
    /// What a button of the page was refused for.
    refused: FormState,
    name: String,
    path: String,
    group_lang: Lang,
    training: Training,
    sittings: Vec<Sitting>,
    known: Known,
    kinds: Vec<Choice>,
    /// Whether its dates are open to the one who asks.
    may_enrol: bool,
    runs: bool,
}

/// What one takes part in.
#[derive(Template)]
#[template(path = "growth/templates/mine.html")]
pub struct MinePage {
    f: Frame,
    own: Vec<Own>,
}

/// When a date is, by the clock of its place.
pub(crate) fn when(f: &Frame, starts_at: Millis, area: &str) -> String {
    text::instant(starts_at, Areas::zone(area), f.language())
}

impl TrainingsPage {
    fn next(&self, training: &Training) -> Option<String> {
        let next = self.next.iter().find(|next| next.0 == training.id);
        next.map(|(_, starts_at, area)| when(&self.f, *starts_at, area))
    }

    /// Samples for the test that renders every page: none, some, for those who train.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |trainings, next, runs| {
            let f = Frame::sample(lang, "Trainings", true);
            Self {
                kinds: granted(&[], lang),
                f,
                form: FormState::new(),
                name: "Relawan Siaga".to_owned(),
                path: "/groups/relawan".to_owned(),
                group_lang: Lang::Id,
                trainings,
                next,
                runs,
            }
        };
        let first = sample_sitting(None);
        vec![
            page(Vec::new(), Vec::new(), false),
            page(vec![sample()], vec![(sample().id, first.starts_at, first.area)], false),
            page(vec![sample()], Vec::new(), true),
        ]
    }
}

impl TrainingPage {
    fn own_path(&self) -> String {
        format!("{}/trainings/{}", self.path, self.training.id)
    }

    fn when(&self, sitting: &Sitting) -> String {
        when(&self.f, sitting.starts_at, &sitting.area)
    }

    fn until(&self, sitting: &Sitting) -> String {
        when(&self.f, sitting.ends_at, &sitting.area)
    }

    fn ahead(&self, sitting: &Sitting) -> bool {
        sitting.is_ahead(&self.f.now())
    }

    /// Whether one may enrol: not while one has a seat, an offer or a place in line, nor after it.
    fn enrols(&self, sitting: &Sitting) -> bool {
        let free = matches!(sitting.own, None | Some(State::Left));
        free && self.may_enrol && rules::may_take(&self.sittings, sitting, self.f.now())
    }

    /// Whether whoever takes it now stands in line first.
    fn queues(&self, sitting: &Sitting) -> bool {
        sitting.free() == Some(0) || sitting.waiting > 0
    }

    fn grants(&self) -> Option<String> {
        self.known.name(&self.training.grants, self.f.language())
    }

    /// Samples for the test that renders every page: one for each way to stand to a date; for those
    /// who train; refused.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let page = |sittings, runs| {
            let f = Frame::sample(lang, "Training", true);
            Self {
                kinds: granted(&[], lang),
                f,
                form: filled(&sample()),
                sitting_form: FormState::new(),
                refused: FormState::new(),
                name: "Relawan Siaga".to_owned(),
                path: "/groups/relawan".to_owned(),
                group_lang: Lang::Id,
                training: sample(),
                sittings,
                known: Known::default(),
                may_enrol: true,
                runs,
            }
        };
        let all = State::ALL.iter().map(|state| sample_sitting(Some(*state)));
        let off = Sitting {
            cancelled_at: Some(AT),
            reason: "Pelatih sakit.".to_owned(),
            ..sample_sitting(Some(State::In))
        };
        let all: Vec<Sitting> = all.chain([sample_sitting(None), off]).collect();
        let refusal = Refusal::new(RefusalKind::Conflict, "growth-has-dates");
        let refused = Self { refused: FormState::new().refused(&refusal, lang), ..page(all.clone(), true) };
        vec![page(Vec::new(), false), page(all.clone(), false), page(all, true), refused]
    }
}

impl MinePage {
    fn when(&self, own: &Own) -> String {
        when(&self.f, own.starts_at, &own.area)
    }

    /// Samples for the test that renders every page: nothing and some.
    pub fn samples(lang: Lang) -> Vec<Self> {
        let own = |state: &State| Own {
            sitting_id: SittingId::new(AT, &Counted::default()),
            training_id: TrainingId::new(AT, &Counted::default()),
            title: "Bantuan hidup dasar".to_owned(),
            group_name: "Relawan Siaga".to_owned(),
            slug: "relawan".to_owned(),
            starts_at: AT,
            area: "71.71".to_owned(),
            cancelled_at: (*state == State::Waiting).then_some(AT),
            state: *state,
            word: if *state == State::Repeat { "Ulangi bagian kompresi.".to_owned() } else { String::new() },
            since: AT,
            offer_ends_at: None,
            noted_at: None,
        };
        let page = |own| Self { f: Frame::sample(lang, "Trainings", true), own };
        vec![page(Vec::new()), page(State::ALL.iter().map(own).collect())]
    }
}

/// The instant of samples.
pub(super) const AT: Millis = Millis(1_780_500_000_000);

pub(super) fn sample() -> Training {
    Training {
        id: TrainingId::new(AT, &Counted::default()),
        group_id: GroupId::new(AT, &Counted::default()),
        title: "Bantuan hidup dasar".to_owned(),
        teaches: "Kompresi dada.\n\nMenolong yang tersedak.".to_owned(),
        grants: "bls".to_owned(),
        for_applicants: true,
        in_path: false,
        version: 2,
    }
}

pub(super) fn sample_sitting(own: Option<State>) -> Sitting {
    Sitting {
        id: SittingId::new(AT, &Counted::default()),
        training_id: TrainingId::new(AT, &Counted::default()),
        title: "Bantuan hidup dasar".to_owned(),
        group_id: GroupId::new(AT, &Counted::default()),
        for_applicants: true,
        starts_at: AT.plus(3 * DAY),
        ends_at: AT.plus(3 * DAY + 4 * HOUR),
        area: "71.71.04".to_owned(),
        place: "Aula RSU Teduh".to_owned(),
        link: "https://rapat.example/bhd".to_owned(),
        seats: Some(20),
        taken: 19,
        waiting: 2,
        cancelled_at: None,
        cancelled_by: None,
        cancel_event: None,
        reason: String::new(),
        version: 3,
        own,
        offer_ends_at: (own == Some(State::Offered)).then_some(AT.plus(DAY)),
        own_word: (own == Some(State::Repeat)).then(|| "Ulangi bagian kompresi.".to_owned()),
    }
}

/// What a training may grant.
fn granted(own: &[qualifications::model::OwnKind], lang: Lang) -> Vec<Choice> {
    let own = own.iter().filter(|kind| kind.retired_at.is_none());
    let own = own.map(|kind| Choice::new(kind.id.to_string(), kind.name.as_str()));
    let all = kinds::all().iter().map(|kind| Choice::new(kind.key.as_str(), kind.name.get(lang)));
    own.chain(all).collect()
}

fn filled(training: &Training) -> FormState {
    FormState::new()
        .filled("title", training.title.as_str())
        .filled("teaches", training.teaches.as_str())
        .filled("grants", training.grants.as_str())
        .filled("for_applicants", if training.for_applicants { "yes" } else { "no" })
        .filled("version", training.version.to_string())
}

/// What of a group's trainings the one who asks sees, with what comes next.
pub(super) struct Loaded {
    pub group: Group,
    pub trainings: Vec<Training>,
    pub next: Vec<Next>,
    pub kinds: Vec<qualifications::model::OwnKind>,
    pub runs: bool,
}

pub(super) async fn all(cx: &Cx, group: String) -> Result<Loaded, AppError> {
    cx.read("growth::all", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<SeeTrainings>()?;
        let runs = standing.permit::<RunTrainings>().is_ok();
        let mut trainings: Vec<Training> = tx.all(&queries::TRAININGS, &params![group.id])?;
        trainings.retain(|training| super::sees(&standing, training.for_applicants).is_ok());
        let next = tx.all(&queries::NEXT_DATES, &params![group.id, cx.now])?;
        let kinds = if runs { qualifications::kinds_of(tx, group.id)? } else { Vec::new() };
        Ok(Loaded { group, trainings, next, kinds, runs })
    })
    .await
}

/// The dates of a group that are not over, as far as the one who asks sees them, and whether they train there.
pub(super) async fn dates(cx: &Cx, group: String) -> Result<(Vec<Sitting>, bool), AppError> {
    cx.read("growth::sittings", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<SeeTrainings>()?;
        let runs = standing.permit::<RunTrainings>().is_ok();
        let mut sittings: Vec<Sitting> =
            tx.all(&queries::SITTINGS, &params![group.id, cx.person(), cx.now])?;
        sittings.retain(|sitting| super::sees(&standing, sitting.for_applicants).is_ok());
        Ok((sittings, runs))
    })
    .await
}

/// `GET /groups/{group}/trainings`
pub async fn list(cx: Cx, Path(group): Path<String>) -> Result<Response, AppError> {
    show(&cx, group, StatusCode::OK, FormState::new()).await
}

pub(super) async fn show(
    cx: &Cx,
    group: String,
    status: StatusCode,
    form: FormState,
) -> Result<Response, AppError> {
    let Loaded { group, trainings, next, kinds, runs } = all(cx, group).await?;
    let f = cx.frame(cx.text("growth-title"));
    let (path, group_lang, kinds) = (group.path(), group.lang, granted(&kinds, cx.lang));
    let page = TrainingsPage { f, form, name: group.name, path, group_lang, trainings, next, kinds, runs };
    cx.html_with(status, &page)
}

/// A training with its dates, the group's kinds, whether one may take part, and whether one trains.
type LoadedOne = (Group, Training, Vec<Sitting>, Vec<qualifications::model::OwnKind>, (bool, bool));

/// A training with its dates, and those in which one took part; for those who train also those that are over since 60
/// days.
pub(super) async fn load_one(cx: &Cx, (group, training): (String, String)) -> Result<LoadedOne, AppError> {
    cx.read("growth::one", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        let training = load(tx, cx, (&group, &standing), &training)?;
        let runs = standing.permit::<RunTrainings>().is_ok();
        let since = if runs { cx.now.plus(-60 * DAY) } else { cx.now };
        let sittings = tx.all(&queries::COURSE, &params![training.id, cx.person(), since])?;
        let kinds = qualifications::kinds_of(tx, group.id)?;
        let may_enrol = super::sees(&standing, training.for_applicants).is_ok();
        Ok((group, training, sittings, kinds, (may_enrol, runs)))
    })
    .await
}

/// `GET /groups/{group}/trainings/{training}`
pub async fn one(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    show_one(&cx, ids, StatusCode::OK, Refused::Nothing).await
}

/// What of the page was refused, with what was typed.
pub(super) enum Refused {
    /// Nothing.
    Nothing,
    /// A change of the training.
    Change(FormState),
    /// A new date.
    Date(FormState),
    /// A button.
    Button(FormState),
}

pub(super) async fn show_one(
    cx: &Cx,
    ids: (String, String),
    status: StatusCode,
    refused: Refused,
) -> Result<Response, AppError> {
    let (group, training, sittings, own, (may_enrol, runs)) = load_one(cx, ids).await?;
    let mut form = filled(&training);
    let mut sitting_form = FormState::new().filled("area", areas().label(&group.area));
    let mut button = FormState::new();
    match refused {
        Refused::Nothing => {}
        Refused::Change(typed) => form = typed.filled("version", training.version.to_string()),
        Refused::Date(typed) => sitting_form = typed,
        Refused::Button(typed) => button = typed,
    }
    let page = TrainingPage {
        f: cx.frame(training.title.clone()),
        form,
        sitting_form,
        refused: button,
        path: group.path(),
        name: group.name,
        group_lang: group.lang,
        known: Known::with(&own),
        kinds: granted(&own, cx.lang),
        training,
        sittings,
        may_enrol,
        runs,
    };
    cx.html_with(status, &page)
}

fn membership(standing: &Standing) -> Option<mapalus_core::MembershipState> {
    standing.group.and_then(|group| group.membership)
}

/// The training to which a date leads back.
fn back(group: &Group, sitting: &Sitting) -> String {
    format!("{}/trainings/{}", group.path(), sitting.training_id)
}

/// `POST /groups/{group}/sittings/{sitting}/enrol`
pub async fn enrol(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let done = enrol_in(&posted.cx, ids.clone()).await;
    answered(posted, ids, done).await
}

pub(super) async fn enrol_in(cx: &Cx, (group, sitting): (String, String)) -> Result<Place, AppError> {
    cx.write("growth::enrol", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let sitting = load_sitting(work.tx, cx, (&group, &standing), &sitting)?;
        let permit = standing.permit::<SeeTrainings>()?;
        let state = actions::enrol(work, &permit, &sitting, membership(&standing))?;
        let told = if state == State::In { "growth-done-in" } else { "growth-done-waiting" };
        Ok(Place::at(back(&group, &sitting)).telling(told))
    })
    .await
}

/// `POST /groups/{group}/sittings/{sitting}/leave`
pub async fn leave(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let done = leave_from(&posted.cx, ids.clone()).await;
    answered(posted, ids, done).await
}

pub(super) async fn leave_from(cx: &Cx, (group, sitting): (String, String)) -> Result<Place, AppError> {
    cx.write("growth::leave", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let sitting = load_sitting(work.tx, cx, (&group, &standing), &sitting)?;
        let permit = standing.permit::<SeeTrainings>()?;
        actions::leave(work, &permit, &sitting)?;
        let undo = format!("{}/sittings/{}/leave/undo", group.path(), sitting.id);
        Ok(Place::at(back(&group, &sitting)).telling("growth-done-left").undoable(undo))
    })
    .await
}

/// `POST /groups/{group}/sittings/{sitting}/leave/undo`
pub async fn come_back(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let done = come_back_to(&posted.cx, ids.clone()).await;
    answered(posted, ids, done).await
}

pub(super) async fn come_back_to(cx: &Cx, (group, sitting): (String, String)) -> Result<Place, AppError> {
    cx.write("growth::come_back", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let sitting = load_sitting(work.tx, cx, (&group, &standing), &sitting)?;
        let permit = standing.permit::<SeeTrainings>()?;
        actions::come_back(work, &permit, &sitting)?;
        Ok(Place::at(back(&group, &sitting)).telling("growth-done-back"))
    })
    .await
}

/// `POST /groups/{group}/sittings/{sitting}/confirm`
pub async fn confirm(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let done = confirm_in(&posted.cx, ids.clone()).await;
    answered(posted, ids, done).await
}

pub(super) async fn confirm_in(cx: &Cx, (group, sitting): (String, String)) -> Result<Place, AppError> {
    cx.write("growth::confirm", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let sitting = load_sitting(work.tx, cx, (&group, &standing), &sitting)?;
        let permit = standing.permit::<SeeTrainings>()?;
        actions::confirm(work, &permit, &sitting)?;
        Ok(Place::at(back(&group, &sitting)).telling("growth-done-in"))
    })
    .await
}

/// Where it led; what was refused stands on the training's page as it is now.
async fn answered(
    posted: Posted,
    ids: (String, String),
    done: Result<Place, AppError>,
) -> Result<Response, AppError> {
    match done {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let training = date(&posted.cx, ids.clone()).await?.0.training_id;
            show_one(&posted.cx, (ids.0, training.to_string()), status, Refused::Button(form)).await
        }
    }
}

pub(super) async fn own(cx: &Cx) -> Result<Vec<Own>, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    cx.read("growth::mine", move |tx, _| Ok(tx.all(&queries::OWN, &params![person])?)).await
}

/// `GET /me/trainings`
pub async fn mine(cx: Cx) -> Result<Response, AppError> {
    let own = own(&cx).await?;
    cx.html(&MinePage { f: cx.frame(cx.text("growth-mine-title")), own })
}

/// One date of a group, and whether the one who asks trains there.
pub(super) async fn date(cx: &Cx, (group, sitting): (String, String)) -> Result<(Sitting, bool), AppError> {
    cx.read("growth::sitting", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        let sitting = load_sitting(tx, cx, (&group, &standing), &sitting)?;
        Ok::<_, AppError>((sitting, standing.permit::<RunTrainings>().is_ok()))
    })
    .await
}

/// The parts of the address of a date: `/groups/{group}/sittings/{sitting}`.
pub(super) fn parts(place: &Place) -> Result<(String, String), Refusal> {
    let mut parts = place.location.split('/').skip(2);
    match (parts.next(), parts.nth(1)) {
        (Some(group), Some(id)) => Ok((group.to_owned(), id.to_owned())),
        _ => Err(Refusal::not_found()),
    }
}
