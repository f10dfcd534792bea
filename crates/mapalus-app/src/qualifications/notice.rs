//! What holders are told: that a group saw their document or takes that back, and that it ends.

use super::{
    model::{Held, Sight},
    queries, rules,
};
use crate::{
    people::{self, Contact},
    shell::{
        Happened,
        notice::{Draft, Kind},
    },
};
use mapalus_core::{Event, GroupId, PersonId, QualificationId, SeenId};
use mapalus_db::{DbError, Tx, params};

/// The notices that an event asks for.
///
/// # Errors
/// The database's error.
pub fn of(tx: &mut Tx<'_>, happened: &Happened) -> Result<Vec<Draft>, DbError> {
    match happened.event {
        Event::QualificationSeen { group, person, seen } => of_sight(tx, (group, seen), person, |sight| {
            sight.ended_at.is_none().then_some("qualifications-notice-seen")
        }),
        Event::SightWithdrawn { group, person, seen } => of_sight(tx, (group, seen), person, |sight| {
            sight.ended_at.map(|_| "qualifications-notice-withdrawn")
        }),
        Event::QualificationEnds { person, qualification, until, days } => {
            ends(tx, (person, qualification), until, days)
        }
        _ => Ok(Vec::new()),
    }
}

fn about(to: &Contact, key: &'static str, held: &Held) -> Draft {
    Draft {
        to: to.clone().into(),
        key,
        kind: Kind::Reminders,
        group: None,
        arguments: vec![("kind", held.name(to.lang).into())],
        path: held.path(),
        secret: None,
        mail_only: false,
        about: Some(held.person_id),
    }
}

/// Undone meanwhile: there is nothing to tell.
fn of_sight(
    tx: &mut Tx<'_>,
    (group, seen): (GroupId, SeenId),
    person: PersonId,
    key: impl Fn(&Sight) -> Option<&'static str>,
) -> Result<Vec<Draft>, DbError> {
    let Some(sight) = queries::sight(tx, group, seen)? else { return Ok(Vec::new()) };
    let held: Option<Held> = tx.optional(&queries::HELD, &params![sight.qualification_id])?;
    let (Some(held), Some(key)) = (held, key(&sight)) else { return Ok(Vec::new()) };
    let draft = |to: Contact| {
        let mut draft = about(&to, key, &held);
        let until = sight.valid_until.map_or_else(String::new, |day| day.text(to.lang));
        draft.arguments.extend([
            ("group", sight.group_name.as_str().into()),
            ("until", until.into()),
            ("reason", sight.reason.as_str().into()),
        ]);
        Draft { kind: Kind::Groups, group: Some(group), ..draft }
    };
    Ok(people::contacts(tx, &[person])?.into_iter().map(draft).collect())
}

/// An end that is not any more, for it was renewed meanwhile, is not told.
fn ends(
    tx: &mut Tx<'_>,
    (person, qualification): (PersonId, QualificationId),
    until: i64,
    days: i64,
) -> Result<Vec<Draft>, DbError> {
    let key = match days {
        rules::OVER => return Ok(Vec::new()),
        0 => "qualifications-notice-last-day",
        _ => "qualifications-notice-ends",
    };
    let held: Option<Held> = tx.optional(&queries::HELD, &params![qualification])?;
    let rows: Vec<(crate::shell::Day,)> = tx.all(&queries::ENDS, &params![qualification])?;
    let day = rows.into_iter().map(|(day,)| day).find(|day| day.number() == until);
    let (Some(held), Some(day)) = (held, day) else { return Ok(Vec::new()) };
    let draft = |to: Contact| {
        let mut draft = about(&to, key, &held);
        draft.arguments.extend([
            ("until", day.text(to.lang).into()),
            ("days", days.into()),
            ("renew", held.renewed_by(to.lang).into()),
        ]);
        draft
    };
    Ok(people::contacts(tx, &[person])?.into_iter().map(draft).collect())
}
