//! For those who train: trainings and dates are made, changed, called off; how each did.

use super::{AT, Refused, sample_sitting, show, show_one, when};
use crate::{
    groups::{self, Group},
    growth::{
        actions, held_in, load, load_enrolment, load_sitting,
        model::{
            CancelInput, Enrolment, OutcomeInput, OutcomesInput, Sitting, SittingInput, State, TrainingInput,
        },
        queries, rules,
    },
    qualifications,
    shell::{
        AppError, Choice, Cx, FormState, Frame, Lang, Place, Posted, Work,
        reference::{Areas, areas},
        text,
    },
};
use askama::Template;
use axum::{extract::Path, http::StatusCode, response::Response};
use mapalus_core::{EnrolmentId, Id, PersonId, Refusal, RefusalKind, access::RunTrainings, chance::Counted};
use mapalus_db::params;

/// A date for those who train: who takes part, how each did, moving it, calling it off.
#[derive(Template)]
#[template(path = "growth/templates/sitting.html")]
pub struct SittingPage {
    f: Frame,
    form: FormState,
    cancel_form: FormState,
    /// How all did of whom nothing is noted yet.
    all_form: FormState,
    /// What a result was refused for.
    refused: FormState,
    name: String,
    path: String,
    group_lang: Lang,
    sitting: Sitting,
    enrolments: Vec<Enrolment>,
    outcomes: Vec<Choice>,
    viewer: Option<PersonId>,
}

impl SittingPage {
    /// How many they are of whom nothing is noted yet, once one may.
    fn untold(&self) -> usize {
        let untold = |one: &&Enrolment| one.state == State::In && Some(one.person_id) != self.viewer;
        if rules::tells(&self.sitting, self.f.now()) {
            let most = usize::try_from(rules::MOST_AT_ONCE).unwrap_or(usize::MAX);
            self.enrolments.iter().filter(untold).count().min(most)
        } else {
            0
        }
    }

    fn own_path(&self) -> String {
        format!("{}/sittings/{}", self.path, self.sitting.id)
    }

    fn when(&self) -> String {
        when(&self.f, self.sitting.starts_at, &self.sitting.area)
    }

    fn ahead(&self) -> bool {
        self.sitting.is_ahead(&self.f.now())
    }

    /// Whether one may say how somebody did.
    fn told(&self, enrolment: &Enrolment) -> bool {
        let seat = !matches!(enrolment.state, State::Waiting | State::Offered | State::Left);
        let settled = enrolment.state == State::Passed || Some(enrolment.person_id) == self.viewer;
        seat && !settled && rules::tells(&self.sitting, self.f.now())
    }

    fn outcome_form(&self, enrolment: &Enrolment) -> FormState {
        let form = FormState::new().filled("word", enrolment.word.as_str());
        let state =
            if State::OUTCOMES.contains(&enrolment.state) { enrolment.state } else { State::Attended };
        form.filled("outcome", state.word())
    }

    fn new(f: Frame, group: &Group, sitting: Sitting, enrolments: Vec<Enrolment>) -> Self {
        let outcome = |state: &State| Choice::new(state.word(), f.word("growth-state", state));
        let outcomes = State::OUTCOMES.iter().map(outcome).collect();
        Self {
            form: filled(&sitting),
            cancel_form: FormState::new(),
            all_form: FormState::new().filled("outcome", State::Passed.word()),
            refused: FormState::new(),
            name: group.name.clone(),
            path: group.path(),
            group_lang: group.lang,
            sitting,
            enrolments,
            outcomes,
            viewer: None,
            f,
        }
    }

    /// Samples for the test that renders every page: ahead, held, called off, refused.
    pub fn samples(lang: Lang, group: &Group) -> Vec<Self> {
        let one = |state: &State| Enrolment {
            id: EnrolmentId::new(AT, &Counted::default()),
            sitting_id: sample_sitting(None).id,
            person_id: PersonId::new(AT, &Counted::default()),
            name: "Deisy Rondonuwu".to_owned(),
            state: *state,
            since: AT,
            offer_ends_at: None,
            word: String::new(),
        };
        let page = |sitting, states: &[State]| {
            let f = Frame::sample(lang, "Session", true);
            Self::new(f, group, sitting, states.iter().map(one).collect())
        };
        let held = Sitting { starts_at: mapalus_core::Millis(0), ..sample_sitting(None) };
        let off =
            Sitting { cancelled_at: Some(AT), reason: "Pelatih sakit.".to_owned(), ..sample_sitting(None) };
        let refusal = |key| FormState::new().refused(&Refusal::new(RefusalKind::Conflict, key), lang);
        let result = Self { refused: refusal("growth-not-oneself"), ..page(held.clone(), State::ALL) };
        let cancel = Self { cancel_form: refusal("growth-over"), ..page(sample_sitting(None), &[State::In]) };
        let plain = [page(sample_sitting(None), &[]), page(held, State::ALL), page(off, &[State::In])];
        plain.into_iter().chain([result, cancel]).collect()
    }
}

fn filled(sitting: &Sitting) -> FormState {
    let zone = Areas::zone(&sitting.area);
    let hour = |at: mapalus_core::Millis| {
        let (day, time) = text::day_and_time(at, zone);
        format!("{day}T{time}")
    };
    FormState::new()
        .filled("starts", hour(sitting.starts_at))
        .filled("ends", hour(sitting.ends_at))
        .filled("area", areas().label(&sitting.area))
        .filled("place", sitting.place.as_str())
        .filled("link", sitting.link.as_str())
        .filled("seats", sitting.seats.map_or_else(String::new, |seats| seats.to_string()))
        .filled("version", sitting.version.to_string())
}

/// Whether the kind that a training grants is the instance's, or one that the group offers.
fn grants_known(work: &mut Work<'_, '_>, group: &Group, kind: &str) -> Result<bool, AppError> {
    if qualifications::kinds::get(kind).is_some() {
        return Ok(true);
    }
    Ok(!kind.is_empty() && qualifications::kind_of(work.tx, group.id, kind).is_ok())
}

/// `POST /groups/{group}/trainings`
pub async fn add(Path(group): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let input: TrainingInput = posted.input()?;
    match add_to(&posted.cx, group.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show(&posted.cx, group, status, form).await
        }
    }
}

pub(in crate::growth) async fn add_to(
    cx: &Cx,
    group: String,
    input: TrainingInput,
) -> Result<Place, AppError> {
    cx.write("growth::add", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let known = grants_known(work, &group, &input.grants)?;
        let new = rules::training(&input, known)?;
        let id = actions::add_training(work, &permit, group.id, &new)?;
        Ok(Place::at(format!("{}/trainings/{id}", group.path())).telling("growth-done-training"))
    })
    .await
}

/// `POST /groups/{group}/trainings/{training}`
pub async fn change(Path(ids): Path<(String, String)>, mut posted: Posted) -> Result<Response, AppError> {
    let version = posted.version()?;
    let input: TrainingInput = posted.input()?;
    match change_to(&posted.cx, ids.clone(), input, Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_one(&posted.cx, ids, status, Refused::Change(form)).await
        }
    }
}

pub(in crate::growth) async fn change_to(
    cx: &Cx,
    (group, training): (String, String),
    input: TrainingInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("growth::change", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let training = load(work.tx, cx, (&group, &standing), &training)?;
        let known = grants_known(work, &group, &input.grants)?;
        // A kind that is offered no longer may stay.
        let new = rules::training(&input, known || input.grants == training.grants)?;
        actions::change_training(work, &permit, &training, &new, seen)?;
        Ok(Place::at(format!("{}/trainings/{}", group.path(), training.id)).telling("growth-done-training"))
    })
    .await
}

/// `POST /groups/{group}/trainings/{training}/retire`
pub async fn retire(Path(ids): Path<(String, String)>, mut posted: Posted) -> Result<Response, AppError> {
    let version = posted.version()?;
    match retire_one(&posted.cx, ids.clone(), Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_one(&posted.cx, ids, status, Refused::Button(form)).await
        }
    }
}

pub(in crate::growth) async fn retire_one(
    cx: &Cx,
    (group, training): (String, String),
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("growth::retire", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let training = load(work.tx, cx, (&group, &standing), &training)?;
        actions::retire_training(work, &permit, &training, seen)?;
        Ok(Place::at(format!("{}/trainings", group.path())).telling("growth-done-retired"))
    })
    .await
}

/// `POST /groups/{group}/trainings/{training}/sittings`
pub async fn add_sitting(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let input: SittingInput = posted.input()?;
    match add_date(&posted.cx, ids.clone(), input).await {
        Ok(place) => {
            let (group, training) = ids;
            Ok(posted.cx.see(&Place { location: format!("/groups/{group}/trainings/{training}"), ..place }))
        }
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_one(&posted.cx, ids, status, Refused::Date(form)).await
        }
    }
}

pub(in crate::growth) async fn add_date(
    cx: &Cx,
    (group, training): (String, String),
    input: SittingInput,
) -> Result<Place, AppError> {
    cx.write("growth::add_sitting", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let training = load(work.tx, cx, (&group, &standing), &training)?;
        let new = rules::sitting(&input, work.now)?;
        let id = actions::add_sitting(work, &permit, &training, &new)?;
        Ok(Place::at(format!("{}/sittings/{id}", group.path())).telling("growth-done-date"))
    })
    .await
}

type Loaded = (Group, Sitting, Vec<Enrolment>);

pub(in crate::growth) async fn load_all(
    cx: &Cx,
    (group, sitting): (String, String),
) -> Result<Loaded, AppError> {
    cx.read("growth::enrolments", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<RunTrainings>()?;
        let sitting = load_sitting(tx, cx, (&group, &standing), &sitting)?;
        let enrolments = tx.all(&queries::ENROLMENTS, &params![sitting.id])?;
        Ok((group, sitting, enrolments))
    })
    .await
}

/// `GET /groups/{group}/sittings/{sitting}`
pub async fn sitting(cx: Cx, Path(ids): Path<(String, String)>) -> Result<Response, AppError> {
    show_sitting(&cx, ids, StatusCode::OK, Refusing::Nothing).await
}

/// What of the page was refused, with what was typed.
enum Refusing {
    /// Nothing.
    Nothing,
    /// The date is moved.
    Move(FormState),
    /// It is called off.
    Cancel(FormState),
    /// How one did, or all.
    Outcome(FormState),
}

async fn show_sitting(
    cx: &Cx,
    ids: (String, String),
    status: StatusCode,
    refused: Refusing,
) -> Result<Response, AppError> {
    let (group, sitting, enrolments) = load_all(cx, ids).await?;
    let mut page = SittingPage::new(cx.frame(sitting.title.clone()).at_desk(), &group, sitting, enrolments);
    page.viewer = cx.person();
    match refused {
        Refusing::Nothing => {}
        Refusing::Move(typed) => page.form = typed.filled("version", page.sitting.version.to_string()),
        Refusing::Cancel(typed) => page.cancel_form = typed,
        Refusing::Outcome(typed) => page.refused = typed,
    }
    cx.html_with(status, &page)
}

/// `POST /groups/{group}/sittings/{sitting}`
pub async fn move_sitting(
    Path(ids): Path<(String, String)>,
    mut posted: Posted,
) -> Result<Response, AppError> {
    let version = posted.version()?;
    let input: SittingInput = posted.input()?;
    match move_to(&posted.cx, ids.clone(), input, Some(version)).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_sitting(&posted.cx, ids, status, Refusing::Move(form)).await
        }
    }
}

pub(in crate::growth) async fn move_to(
    cx: &Cx,
    (group, sitting): (String, String),
    input: SittingInput,
    seen: Option<i64>,
) -> Result<Place, AppError> {
    cx.write("growth::move", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let sitting = load_sitting(work.tx, cx, (&group, &standing), &sitting)?;
        let new = rules::sitting(&input, work.now)?;
        actions::move_sitting(work, &permit, &sitting, &new, seen)?;
        Ok(Place::at(format!("{}/sittings/{}", group.path(), sitting.id)).telling("growth-done-moved"))
    })
    .await
}

/// `POST /groups/{group}/sittings/{sitting}/cancel`
pub async fn cancel(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let input: CancelInput = posted.input()?;
    match cancel_one(&posted.cx, ids.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_sitting(&posted.cx, ids, status, Refusing::Cancel(form)).await
        }
    }
}

pub(in crate::growth) async fn cancel_one(
    cx: &Cx,
    (group, sitting): (String, String),
    input: CancelInput,
) -> Result<Place, AppError> {
    cx.write("growth::cancel", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let sitting = load_sitting(work.tx, cx, (&group, &standing), &sitting)?;
        actions::cancel(work, &permit, &sitting, &rules::reason(&input)?)?;
        let path = format!("{}/sittings/{}", group.path(), sitting.id);
        Ok(Place::at(path.as_str()).telling("growth-done-cancelled").undoable(format!("{path}/undo")))
    })
    .await
}

/// `POST /groups/{group}/sittings/{sitting}/undo`
pub async fn undo(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let place = undo_one(&posted.cx, ids).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::growth) async fn undo_one(
    cx: &Cx,
    (group, sitting): (String, String),
) -> Result<Place, AppError> {
    cx.write("growth::undo", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let sitting = load_sitting(work.tx, cx, (&group, &standing), &sitting)?;
        actions::restore(work, &permit, &sitting)?;
        Ok(Place::at(format!("{}/sittings/{}", group.path(), sitting.id)).telling("growth-done-undone"))
    })
    .await
}

/// `POST /groups/{group}/enrolments/{enrolment}`
pub async fn outcome(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let input: OutcomeInput = posted.input()?;
    match note(&posted.cx, ids.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            let (group, enrolment) = ids;
            let sitting = sitting_of(&posted.cx, group.clone(), enrolment).await?;
            show_sitting(&posted.cx, (group, sitting), status, Refusing::Outcome(form)).await
        }
    }
}

async fn sitting_of(cx: &Cx, group: String, enrolment: String) -> Result<String, AppError> {
    cx.read("growth::sitting_of", move |tx, cx| {
        let (group, standing) = groups::standing(tx, cx, &group)?;
        standing.permit::<RunTrainings>()?;
        Ok(load_enrolment(tx, &group, &enrolment)?.1.id.to_string())
    })
    .await
}

pub(in crate::growth) async fn note(
    cx: &Cx,
    (group, enrolment): (String, String),
    input: OutcomeInput,
) -> Result<Place, AppError> {
    cx.write("growth::outcome", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let (enrolment, sitting, training) = load_enrolment(work.tx, &group, &enrolment)?;
        let (state, word) = rules::outcome(&input, (&sitting, &enrolment), permit.signed_in()?, work.now)?;
        let of = (&training, &sitting, group.name.as_str());
        actions::note_outcome(work, &permit, of, &enrolment, (state, &word))?;
        let path = format!("{}/sittings/{}", group.path(), sitting.id);
        Ok(Place::at(path.as_str()).telling("growth-done-outcome").undoable(format!("{path}/outcomes/undo")))
    })
    .await
}

/// `POST /groups/{group}/sittings/{sitting}/outcomes`: the same of all of whom nothing is noted yet.
pub async fn outcomes(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let input: OutcomesInput = posted.input()?;
    match note_all(&posted.cx, ids.clone(), input).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let (status, form) = posted.again(error)?;
            show_sitting(&posted.cx, ids, status, Refusing::Outcome(form)).await
        }
    }
}

pub(in crate::growth) async fn note_all(
    cx: &Cx,
    (group, sitting): (String, String),
    input: OutcomesInput,
) -> Result<Place, AppError> {
    cx.write("growth::outcomes", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let sitting = load_sitting(work.tx, cx, (&group, &standing), &sitting)?;
        let training = held_in(work.tx, &sitting)?;
        let state = rules::outcome_of_all(&input.outcome, &sitting, work.now)?;
        actions::note_all(work, &permit, (&training, &sitting, group.name.as_str()), state)?;
        let path = format!("{}/sittings/{}", group.path(), sitting.id);
        Ok(Place::at(path.as_str()).telling("growth-done-outcomes").undoable(format!("{path}/outcomes/undo")))
    })
    .await
}

/// `POST /groups/{group}/sittings/{sitting}/outcomes/undo`
pub async fn undo_outcomes(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    let place = undo_noted(&posted.cx, ids).await?;
    Ok(posted.cx.see(&place))
}

pub(in crate::growth) async fn undo_noted(
    cx: &Cx,
    (group, sitting): (String, String),
) -> Result<Place, AppError> {
    cx.write("growth::undo_outcomes", move |work, cx| {
        let (group, standing) = groups::standing(work.tx, cx, &group)?;
        let permit = standing.permit::<RunTrainings>()?;
        let sitting = load_sitting(work.tx, cx, (&group, &standing), &sitting)?;
        actions::undo_outcomes(work, &permit, &sitting)?;
        Ok(Place::at(format!("{}/sittings/{}", group.path(), sitting.id)).telling("growth-done-back-outcome"))
    })
    .await
}
