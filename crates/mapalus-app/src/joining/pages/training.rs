//! The training of a step on the page of an application: where its applicant stands, which sessions there are.

use super::{StepLine, mine};
use crate::{
    growth::{
        self, Course,
        model::{Sitting, State},
        pages::when,
        rules::may_take,
    },
    joining::{
        self, actions,
        model::{Application, Step, training::Turn},
    },
    shell::{AppError, Cx, Frame, Place, Posted},
};
use axum::{extract::Path, response::Response};
use mapalus_core::{Millis, access::UseApplication};

/// A session as its applicant and those who train see it.
pub struct SessionLine {
    /// The session's id.
    pub id: String,
    /// When it begins.
    pub starts_at: Millis,
    /// The same in words, by the clock of its place.
    pub when: String,
    /// When it ends, in words.
    pub until: String,
    /// Where it is.
    pub place: String,
    /// Where it is held over the net; empty for who has no seat.
    pub link: String,
    /// Seats that nobody has; none without a limit.
    pub free: Option<i64>,
    /// How many stand in line.
    pub waiting: i64,
    /// How the applicant stands to it.
    pub own: Option<State>,
    /// A word on how they did.
    pub word: String,
    /// Until when a seat is held for them.
    pub held_until: Option<Millis>,
    /// Whether they may take it.
    pub takes: bool,
    /// Whether they may leave it.
    pub leaves: bool,
    /// Whether they may take the seat that is held for them.
    pub claims: bool,
}

/// The training of a step that is open.
pub struct CoursePart {
    /// The step's id.
    pub step: String,
    /// Its number in the path, from 1.
    pub number: i64,
    /// Title of the training; empty if the group has ended it.
    pub title: String,
    /// What it teaches.
    pub teaches: String,
    /// Page of the training.
    pub path: String,
    /// What is next.
    pub turn: Turn,
    /// The sessions that the applicant has to do with, or had.
    pub own: Vec<SessionLine>,
    /// The other ones ahead.
    pub others: Vec<SessionLine>,
}

fn line(f: &Frame, sittings: &[Sitting], sitting: &Sitting) -> SessionLine {
    let (now, ahead) = (f.now(), sitting.is_ahead(&f.now()));
    let has = |states: &[State]| ahead && sitting.own.is_some_and(|own| states.contains(&own));
    let held = sitting.offer_ends_at.filter(|until| has(&[State::Offered]) && *until > now);
    SessionLine {
        id: sitting.id.to_string(),
        starts_at: sitting.starts_at,
        when: when(f, sitting.starts_at, &sitting.area),
        until: when(f, sitting.ends_at, &sitting.area),
        place: sitting.place_in_words(),
        link: if sitting.takes_part() { sitting.link.clone() } else { String::new() },
        free: sitting.free(),
        waiting: sitting.waiting,
        own: sitting.own.filter(|own| *own != State::Left),
        word: sitting.own_word.clone().unwrap_or_default(),
        held_until: held,
        takes: matches!(sitting.own, None | Some(State::Left)) && may_take(sittings, sitting, now),
        leaves: has(&[State::In, State::Offered, State::Waiting]),
        claims: held.is_some(),
    }
}

/// The training of an open step, with its sessions.
pub(super) fn part(
    f: &Frame,
    application: &Application,
    (step, course): &(Step, Option<Course>),
) -> CoursePart {
    let now = f.now();
    let sittings = course.as_ref().map_or(&[][..], |course| &course.sittings);
    let stands = |sitting: &&Sitting| sitting.own.is_some_and(|own| own != State::Left);
    let held = sittings.iter().filter(|sitting| sitting.cancelled_at.is_none());
    let (own, others): (Vec<&Sitting>, Vec<&Sitting>) = held.partition(stands);
    let lines = |of: Vec<&Sitting>| of.into_iter().map(|one| line(f, sittings, one)).collect();
    let training = course.as_ref().map(|course| &course.training);
    CoursePart {
        step: step.id.to_string(),
        number: step.place + 1,
        title: training.map_or_else(String::new, |training| training.title.clone()),
        teaches: training.map_or_else(String::new, |training| training.teaches.clone()),
        path: training.map_or_else(String::new, |training| {
            format!("/groups/{}/trainings/{}", application.slug, training.id)
        }),
        turn: actions::training::turn_of(course.as_ref(), now),
        own: lines(own),
        others: lines(others.into_iter().filter(|sitting| sitting.is_ahead(&now)).collect()),
    }
}

/// Who acts in an open training, and until when: who has a seat is there then.
pub(super) fn show_in(lines: &mut [StepLine], step: &Step, part: &CoursePart) {
    let at = usize::try_from(step.place).unwrap_or(usize::MAX);
    if let Some(line) = lines.get_mut(at).filter(|line| line.state == "now") {
        line.actor = part.turn.actor();
        let comes =
            part.own.iter().filter(|_| part.turn == Turn::Come).map(|session| session.starts_at).max();
        line.due_at = line.due_at.max(comes);
        line.closes = line.closes && part.turn.waits_for_applicant();
    }
}

/// What is done to a session.
#[derive(Debug, Clone, Copy)]
pub(in crate::joining) enum Act {
    /// Take it.
    Take,
    /// Leave it.
    Leave,
    /// Undo that.
    Back,
    /// Take the seat that is held.
    Claim,
}

/// `POST /applications/{application}/sessions/{sitting}/take`
pub async fn take(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    answered(posted, ids, Act::Take).await
}

/// `POST /applications/{application}/sessions/{sitting}/leave`
pub async fn leave(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    answered(posted, ids, Act::Leave).await
}

/// `POST /applications/{application}/sessions/{sitting}/leave/undo`
pub async fn back(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    answered(posted, ids, Act::Back).await
}

/// `POST /applications/{application}/sessions/{sitting}/claim`
pub async fn claim(Path(ids): Path<(String, String)>, posted: Posted) -> Result<Response, AppError> {
    answered(posted, ids, Act::Claim).await
}

async fn answered(posted: Posted, ids: (String, String), act: Act) -> Result<Response, AppError> {
    match done(&posted.cx, ids.clone(), act).await {
        Ok(place) => Ok(posted.cx.see(&place)),
        Err(error) => {
            let cx = posted.cx.clone();
            let (status, form) = posted.again(error)?;
            mine::show(&cx, ids.0, status, Some(form)).await
        }
    }
}

pub(in crate::joining) async fn done(
    cx: &Cx,
    (id, sitting): (String, String),
    act: Act,
) -> Result<Place, AppError> {
    cx.write("joining::session", move |work, cx| {
        let (application, path, standing) = joining::load(work.tx, cx, &id)?;
        let permit = standing.permit::<UseApplication>()?;
        let person = permit.signed_in()?;
        let sitting = growth::sitting(work.tx, (application.group_id, &sitting), person)?;
        let (of, own) = ((&application, &path), format!("/applications/{}", application.id));
        let place = Place::at(own.as_str());
        Ok(match act {
            Act::Take => match actions::training::take(work, &permit, of, &sitting)? {
                State::In => place.telling("growth-done-in"),
                _ => place.telling("growth-done-waiting"),
            },
            Act::Leave => {
                actions::training::leave(work, &permit, &application, &sitting)?;
                let undo = format!("{own}/sessions/{}/leave/undo", sitting.id);
                place.telling("growth-done-left").undoable(undo)
            }
            Act::Back => {
                actions::training::come_back(work, &permit, of, &sitting)?;
                place.telling("growth-done-back")
            }
            Act::Claim => {
                actions::training::claim(work, &permit, of, &sitting)?;
                place.telling("growth-done-in")
            }
        })
    })
    .await
}
