//! What those who take part are told: moved, called off, the day before, a seat for them, how they did.

use super::{
    model::{Enrolment, Sitting, State},
    queries,
};
use crate::{
    groups, people,
    shell::{
        Happened,
        notice::{Draft, Kind},
    },
};
use mapalus_core::{EnrolmentId, Event, GroupId, Permission, PersonId, SittingId, Standing};
use mapalus_db::{DbError, Statement, Tx, params};
use std::collections::HashMap;

/// The notices that an event asks for.
///
/// # Errors
/// The database's error.
pub fn of(tx: &mut Tx<'_>, happened: &Happened) -> Result<Vec<Draft>, DbError> {
    match happened.event {
        Event::SittingMoved { group, sitting } => {
            to_all(tx, (group, sitting), &queries::CONCERNED, ("growth-notice-moved", false))
        }
        Event::SittingCancelled { group, sitting } => {
            to_all(tx, (group, sitting), &queries::CONCERNED, ("growth-notice-cancelled", true))
        }
        Event::SittingSoon { group, sitting } => {
            to_all(tx, (group, sitting), &queries::COMING, ("growth-notice-soon", false))
        }
        Event::SittingHeld { group, sitting } => held(tx, (group, sitting)),
        Event::SeatOffered { group, person, sitting } => {
            to_one(tx, (group, sitting), person, "growth-notice-offered")
        }
        Event::SeatLapsed { group, person, sitting } => {
            to_one(tx, (group, sitting), person, "growth-notice-lapsed")
        }
        Event::TrainingAssessed { group, person, enrolment } => assessed(tx, (group, enrolment), person),
        _ => Ok(Vec::new()),
    }
}

/// What waits for an answer, or is to be remembered.
const REMINDING: [&str; 3] = ["growth-notice-soon", "growth-notice-offered", "growth-notice-held"];

/// A date with the name and path of its group, if it is called off or not as the event says.
fn found(
    tx: &mut Tx<'_>,
    (group, sitting): (GroupId, SittingId),
    person: Option<PersonId>,
    cancelled: bool,
) -> Result<Option<(Sitting, String, String)>, DbError> {
    let sitting = queries::sitting(tx, sitting, group, person)?;
    let Some(sitting) = sitting.filter(|sitting| sitting.cancelled_at.is_some() == cancelled) else {
        return Ok(None);
    };
    let (name, path) = groups::name_and_path(tx, group)?;
    Ok(Some((sitting, name, path)))
}

/// What one is told of a date; the address of what is held over the net, if one has a seat.
fn draft(
    to: people::Contact,
    key: &'static str,
    (sitting, name, path): &(Sitting, String, String),
    own: Option<State>,
) -> Draft {
    let mut place = sitting.place_in_words();
    if own.is_some_and(State::holds_seat) && !sitting.link.is_empty() {
        place = format!("{place}, {}", sitting.link);
    }
    let mut arguments = vec![
        ("training", sitting.title.as_str().into()),
        ("group", name.as_str().into()),
        ("starts_at", sitting.starts_at.0.into()),
        ("place", place.into()),
        ("reason", sitting.reason.as_str().into()),
    ];
    if let Some(until) = sitting.offer_ends_at {
        arguments.push(("until_at", until.0.into()));
    }
    Draft {
        to: to.into(),
        key,
        kind: if REMINDING.contains(&key) { Kind::Reminders } else { Kind::Groups },
        group: Some(sitting.group_id),
        arguments,
        path: format!("{path}/trainings/{}", sitting.training_id),
        secret: None,
        mail_only: false,
        about: None,
    }
}

fn to_all(
    tx: &mut Tx<'_>,
    place: (GroupId, SittingId),
    whom: &'static Statement,
    (key, cancelled): (&'static str, bool),
) -> Result<Vec<Draft>, DbError> {
    let Some(found) = found(tx, place, None, cancelled)? else { return Ok(Vec::new()) };
    let rows: Vec<(PersonId, State)> = tx.all(whom, &params![place.1])?;
    let states: HashMap<PersonId, State> = rows.iter().copied().collect();
    let to: Vec<PersonId> = rows.into_iter().map(|(person, _)| person).collect();
    let told = |to: people::Contact| {
        let own = states.get(&to.id).copied();
        draft(to, key, &found, own)
    };
    Ok(people::contacts(tx, &to)?.into_iter().map(told).collect())
}

/// Those who train are asked how each did, as long as that is not noted of all.
fn held(tx: &mut Tx<'_>, place: (GroupId, SittingId)) -> Result<Vec<Draft>, DbError> {
    let Some(found) = found(tx, place, None, false)? else { return Ok(Vec::new()) };
    if tx.scalar::<i64>(&queries::COUNT_UNTOLD, &params![place.1])? == 0 {
        return Ok(Vec::new());
    }
    let to = groups::holders(tx, place.0, Permission::Trainings)?;
    let path = format!("{}/sittings/{}", found.2, place.1);
    let told =
        |to: people::Contact| Draft { path: path.clone(), ..draft(to, "growth-notice-held", &found, None) };
    Ok(people::contacts(tx, &to)?.into_iter().map(told).collect())
}

/// Nobody is told of a seat in what was called off.
fn to_one(
    tx: &mut Tx<'_>,
    place: (GroupId, SittingId),
    person: PersonId,
    key: &'static str,
) -> Result<Vec<Draft>, DbError> {
    let Some(found) = found(tx, place, Some(person), false)? else { return Ok(Vec::new()) };
    // One who has answered meanwhile needs no offer.
    if key == "growth-notice-offered" && found.0.offer_ends_at.is_none() {
        return Ok(Vec::new());
    }
    let own = found.0.own;
    let mut drafts: Vec<Draft> =
        people::contacts(tx, &[person])?.into_iter().map(|to| draft(to, key, &found, own)).collect();
    let standing = Standing { group: groups::standing_of(tx, place.0, Some(person))?, ..Standing::default() };
    if super::sees(&standing, found.0.for_applicants || found.0.takes_part()).is_err() {
        // Who applies sees such a training no longer without a seat in it.
        for draft in &mut drafts {
            "/me/trainings".clone_into(&mut draft.path);
        }
    }
    Ok(drafts)
}

fn assessed(
    tx: &mut Tx<'_>,
    (group, enrolment): (GroupId, EnrolmentId),
    person: PersonId,
) -> Result<Vec<Draft>, DbError> {
    use State::{Absent, Attended, Passed, Repeat};
    let Some(Enrolment { sitting_id, state, word, .. }) = queries::enrolment(tx, enrolment, group)? else {
        return Ok(Vec::new());
    };
    let Some(found) = found(tx, (group, sitting_id), Some(person), false)? else { return Ok(Vec::new()) };
    let key = match state {
        Attended => "growth-notice-attended",
        Passed => "growth-notice-passed",
        Repeat => "growth-notice-repeat",
        Absent => "growth-notice-absent",
        _ => return Ok(Vec::new()),
    };
    let told = |to: people::Contact| {
        let mut draft = draft(to, key, &found, None);
        draft.arguments.push(("word", word.as_str().into()));
        Draft { about: Some(person), path: "/me/trainings".to_owned(), ..draft }
    };
    Ok(people::contacts(tx, &[person])?.into_iter().map(told).collect())
}
