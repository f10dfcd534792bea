//! Qualifications are stated, seen, taken back; kinds are made; ends are told.

use super::{
    kinds,
    model::{EndAlarm, Held, KindFacts, NewHeld, NewKind, OwnKind, Sight},
    queries, rules,
};
use crate::{
    people::profile::Audience,
    shell::{App, AppError, Day, Work, outbox},
};
use mapalus_core::{
    Event, GroupId, KindId, Permit, PersonId, QualificationId, Refusal, RefusalKind, SeenId,
    access::{Action, RunQualifications, UseAccount, UseQualification},
};
use mapalus_db::{DbError, Tx, params};

fn conflict(key: &'static str) -> AppError {
    Refusal::new(RefusalKind::Conflict, key).into()
}

/// What is known of a kind: of the instance, or of a group that offers it still.
///
/// # Errors
/// The database's error.
pub fn facts(tx: &mut Tx<'_>, key: &str) -> Result<Option<KindFacts>, DbError> {
    if let Some(kind) = kinds::get(key) {
        let (months, clearance) = (kind.validity_months, kind.clearance);
        return Ok(Some(KindFacts { key: key.to_owned(), months, clearance }));
    }
    let Ok(id) = key.parse::<KindId>() else { return Ok(None) };
    let own = queries::kind(tx, id)?.filter(|kind| kind.retired_at.is_none());
    Ok(own.map(|kind| KindFacts { key: key.to_owned(), months: kind.months, clearance: kind.clearance }))
}

/// Sets when to look at the ends of a qualification, after they changed.
fn set_alarm(work: &mut Work<'_, '_>, id: QualificationId) -> Result<(), DbError> {
    let next = rules::next_look(&ends(work.tx, id)?, work.now);
    work.tx.execute(&queries::SET_ALARM, &params![id, next])?;
    Ok(())
}

fn ends(tx: &mut Tx<'_>, id: QualificationId) -> Result<Vec<Day>, DbError> {
    let rows: Vec<(Day,)> = tx.all(&queries::ENDS, &params![id])?;
    Ok(rows.into_iter().map(|(day,)| day).collect())
}

/// States a qualification that one holds.
///
/// # Errors
/// `qualifications-held`, `qualifications-many`.
pub fn state(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    new: &NewHeld,
) -> Result<QualificationId, AppError> {
    let person = permit.signed_in()?;
    if work.tx.scalar::<i64>(&queries::COUNT_HELD, &params![person])? >= rules::MOST_HELD {
        return Err(conflict("qualifications-many"));
    }
    let id = work.id();
    if !queries::state(work.tx, (id, person), new, true, work.now)? {
        return Err(conflict("qualifications-held"));
    }
    // One that was removed keeps its id.
    let id: QualificationId = work.tx.scalar(&queries::OF_KIND, &params![person, &new.kind])?;
    set_alarm(work, id)?;
    work.record(permit, id, "stated")?;
    Ok(id)
}

/// Corrects what one states; what groups saw stays as they saw it.
///
/// # Errors
/// `refusal-changed`.
pub fn correct(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseQualification>,
    held: &Held,
    new: &NewHeld,
    seen: Option<i64>,
) -> Result<(), AppError> {
    Refusal::if_changed(held.version, seen)?;
    queries::correct(work.tx, held.id, new, (work.now, held.version))?;
    set_alarm(work, held.id)?;
    work.record(permit, held.id, "corrected")?;
    Ok(())
}

/// Removes a qualification of one's own: what groups saw of it counts no longer.
///
/// # Errors
/// `refusal-changed`.
pub fn remove(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseQualification>,
    held: &Held,
    seen: Option<i64>,
) -> Result<(), AppError> {
    Refusal::if_changed(held.version, seen)?;
    work.tx.execute_one(&queries::REMOVE, &params![held.id, work.now, held.version])?;
    work.tx.execute(&queries::END_SIGHTS, &params![held.id, work.now, work.actor])?;
    work.emit(&Event::QualificationsChanged { person: held.person_id })?;
    work.record(permit, held.id, "removed")?;
    Ok(())
}

/// Records that a group has seen the document of a person: what, by whom, until when. What it saw before of the kind
/// counts no longer. Its holder is told.
///
/// # Errors
/// `qualifications-not-oneself`; of an unknown kind or a day that is over, the field.
pub fn see<A: Action>(
    work: &mut Work<'_, '_>,
    permit: &Permit<A>,
    (group, group_name): (GroupId, &str),
    person: PersonId,
    (kind, valid_until): (&str, &str),
) -> Result<SeenId, AppError> {
    rules::not_oneself(permit.signed_in()?, person)?;
    let kind =
        facts(work.tx, kind)?.ok_or_else(|| crate::shell::forms::Wrong::plain("wrong-choice").at("kind"))?;
    let valid_until = rules::seen_until(valid_until, kind.months, Day::of(work.now))?;
    // Nothing of a person who stated nothing is shown to others before they say so.
    let new = NewHeld {
        kind: kind.key.clone(),
        number: String::new(),
        issuer: String::new(),
        issued_on: None,
        valid_until: None,
        audience: Audience::Me,
    };
    let id = work.id();
    queries::state(work.tx, (id, person), &new, false, work.now)?;
    let id: QualificationId = work.tx.scalar(&queries::OF_KIND, &params![person, &kind.key])?;
    let before: Option<(SeenId,)> = work.tx.optional(&queries::CURRENT, &params![id, group])?;
    let before = before.map(|(before,)| before);
    if let Some(before) = before {
        let row = params![before, work.now, work.actor, "", None::<mapalus_core::EventId>];
        work.tx.execute_one(&queries::END_SIGHT, &row)?;
    }
    let seen: SeenId = work.id();
    let event = work.emit_held(&Event::QualificationSeen { group, person, seen })?;
    let row = params![seen, id, group, group_name, valid_until, work.now, work.actor, event, before];
    work.tx.execute_one(&queries::SEE, &row)?;
    set_alarm(work, id)?;
    work.emit(&Event::QualificationsChanged { person })?;
    work.record(permit, seen, "seen")?;
    Ok(seen)
}

/// Takes back that a group has seen one, with a reason that its holder reads.
///
/// # Errors
/// `qualifications-not-seen`, if it counts no longer; a reason that does not hold.
pub fn withdraw(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunQualifications>,
    (sight, person): (&Sight, PersonId),
    reason: &str,
) -> Result<(), AppError> {
    let reason = rules::reason(reason)?;
    let (group, seen) = (sight.group_id, sight.id);
    let event = work.emit_held(&Event::SightWithdrawn { group, person, seen })?;
    let row = params![seen, work.now, work.actor, reason, event];
    if work.tx.execute(&queries::END_SIGHT, &row)? == 0 {
        return Err(conflict("qualifications-not-seen"));
    }
    set_alarm(work, sight.qualification_id)?;
    work.emit(&Event::QualificationsChanged { person })?;
    work.record(permit, seen, "withdrawn")?;
    Ok(())
}

/// Undoes what one just recorded or took back: what stood before counts again, and nobody is told.
///
/// # Errors
/// `qualifications-too-late`.
pub fn undo<A: Action>(
    work: &mut Work<'_, '_>,
    permit: &Permit<A>,
    (sight, person): (&Sight, PersonId),
) -> Result<(), AppError> {
    rules::may_undo(sight, permit.signed_in()?, work.now, work.undo_millis)?;
    let taken = match sight.event_id {
        Some(event) => outbox::take_back(work, event)?,
        None => false,
    };
    if !taken {
        return Err(conflict("qualifications-too-late"));
    }
    match (sight.ended_at, sight.replaces) {
        (Some(_), _) => {
            // Meanwhile it was seen anew, or its holder took it away.
            let (of, group) = (sight.qualification_id, sight.group_id);
            let anew: Option<(SeenId,)> = work.tx.optional(&queries::CURRENT, &params![of, group])?;
            let held: Option<Held> = work.tx.optional(&queries::HELD, &params![of])?;
            if anew.is_some() || held.is_none() {
                return Err(conflict("qualifications-too-late"));
            }
            work.tx.execute_one(&queries::REVIVE_SIGHT, &params![sight.id])?;
        }
        (None, before) => {
            work.tx.execute_one(&queries::DELETE_SIGHT, &params![sight.id])?;
            if let Some(before) = before {
                work.tx.execute_one(&queries::REVIVE_SIGHT, &params![before])?;
            }
        }
    }
    set_alarm(work, sight.qualification_id)?;
    work.tx.execute(&queries::DELETE_UNSEEN, &params![sight.qualification_id])?;
    work.emit(&Event::QualificationsChanged { person })?;
    work.record(permit, sight.id, "undone")?;
    Ok(())
}

/// Makes a kind of a group's own.
///
/// # Errors
/// `qualifications-many-kinds`.
pub fn add_kind(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunQualifications>,
    group: GroupId,
    kind: &NewKind,
) -> Result<KindId, AppError> {
    if work.tx.scalar::<i64>(&queries::COUNT_KINDS, &params![group])? >= rules::MOST_KINDS {
        return Err(conflict("qualifications-many-kinds"));
    }
    let id: KindId = work.id();
    queries::add_kind(work.tx, (id, group), kind, work.now)?;
    work.record(permit, id, "added")?;
    Ok(id)
}

/// Changes a kind of a group's own.
///
/// # Errors
/// `refusal-changed`.
pub fn change_kind(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunQualifications>,
    own: &OwnKind,
    kind: &NewKind,
    seen: Option<i64>,
) -> Result<(), AppError> {
    Refusal::if_changed(own.version, seen)?;
    queries::change_kind(work.tx, own.id, kind, own.version)?;
    if own.clearance && !kind.clearance {
        work.tx.execute(&queries::HIDE_HELD, &params![own.id])?;
    }
    work.record(permit, own.id, "changed")?;
    Ok(())
}

/// Ceases to offer a kind of a group's own; what is held of it stays.
///
/// # Errors
/// `refusal-changed`.
pub fn retire_kind(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunQualifications>,
    own: &OwnKind,
    seen: Option<i64>,
) -> Result<(), AppError> {
    Refusal::if_changed(own.version, seen)?;
    work.tx.execute_one(&queries::RETIRE_KIND, &params![own.id, work.now, own.version])?;
    work.record(permit, own.id, "retired")?;
    Ok(())
}

/// Tells of every end whose stage has come, twenty qualifications in a write; each stage once, whichever node looks.
///
/// # Errors
/// The database's error; what was done before stays done.
pub async fn remind(app: &App) -> Result<(), DbError> {
    app.while_due("qualifications::remind", &queries::NEXT_ALARM, |work| {
        let alarms: Vec<EndAlarm> = work.tx.all(&queries::ALARMS, &params![work.now])?;
        for alarm in alarms {
            remind_of(work, &alarm)?;
        }
        Ok(())
    })
    .await
}

fn remind_of(work: &mut Work<'_, '_>, alarm: &EndAlarm) -> Result<(), DbError> {
    let (person, qualification) = (alarm.person_id, alarm.id);
    let ends = ends(work.tx, qualification)?;
    let next = rules::next_look(&ends, work.now);
    if work.tx.execute(&queries::MOVE_ALARM, &params![qualification, alarm.remind_at, next])? == 0 {
        return Ok(());
    }
    for until in ends {
        let Some(days) = rules::reached(until, work.now) else { continue };
        if work.tx.execute(&queries::REMIND, &params![qualification, until, days, work.now])? == 1 {
            work.emit(&Event::QualificationEnds { person, qualification, until: until.number(), days })?;
        }
    }
    Ok(())
}

/// A group that was closed has seen nothing any more, and offers no kinds.
///
/// # Errors
/// The database's error.
pub fn settle_ended(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_GROUP, &params![group])?;
    work.tx.execute(&queries::RETIRE_KINDS, &params![group, work.now])?;
    Ok(())
}
