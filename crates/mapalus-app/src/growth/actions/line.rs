//! The line for seats: a freed seat goes to the first, who is told and has until then to take it.

use super::super::{
    model::{Enrolment, OfferAlarm, SittingAlarm, State},
    queries, rules,
};
use crate::{
    groups,
    shell::{App, Work},
};
use mapalus_core::{EnrolmentId, Event, GroupId, MembershipState, Millis, PersonId, SittingId};
use mapalus_db::{DbError, params};

/// Holds a seat that is taken already for the first of the line; frees it where nobody stands in line.
fn pass_on(
    work: &mut Work<'_, '_>,
    (group, sitting): (GroupId, SittingId),
    starts_at: Millis,
) -> Result<(), DbError> {
    let first: Option<(EnrolmentId, PersonId)> =
        work.tx.optional(&queries::FIRST_IN_LINE, &params![sitting, 1_i64])?;
    let Some((enrolment, person)) = first.filter(|_| starts_at > work.now) else {
        work.tx.execute(&queries::FREE_SEAT, &params![sitting])?;
        return Ok(());
    };
    let until = rules::offer_ends(starts_at, work.now);
    work.tx.execute_one(&queries::SET_STATE, &params![enrolment, State::Waiting, State::Offered, until])?;
    work.emit(&Event::SeatOffered { group, person, sitting })?;
    Ok(())
}

/// Offers seats that a date has more than before to those who stand in line: one event each, and four statements.
pub(super) fn offer_new_seats(
    work: &mut Work<'_, '_>,
    (group, sitting): (GroupId, SittingId),
    starts_at: Millis,
) -> Result<(), DbError> {
    let free: Option<i64> = work.tx.scalar(&queries::FREE_SEATS, &params![sitting])?;
    let free = free.unwrap_or(rules::MOST_IN_LINE).min(rules::MOST_IN_LINE);
    if free <= 0 {
        return Ok(());
    }
    let line: Vec<(EnrolmentId, PersonId)> = work.tx.all(&queries::FIRST_IN_LINE, &params![sitting, free])?;
    let ids: Vec<EnrolmentId> = line.iter().map(|(id, _)| *id).collect();
    let until = rules::offer_ends(starts_at, work.now);
    let offered = work.tx.execute_in(&queries::OFFER, &params![until], &ids)?;
    if offered > 0 {
        let offered = i64::try_from(offered).unwrap_or(i64::MAX);
        work.tx.execute_one(&queries::TAKE_FOR_LINE, &params![sitting, offered])?;
    }
    for (_, person) in line {
        work.emit(&Event::SeatOffered { group, person, sitting })?;
    }
    Ok(())
}

/// What a person has of a date ahead.
pub(super) fn own_of(
    work: &mut Work<'_, '_>,
    sitting: SittingId,
    person: PersonId,
) -> Result<Option<Enrolment>, DbError> {
    let own: Option<Enrolment> = work.tx.optional(&queries::OF_PERSON, &params![sitting, person])?;
    Ok(own.filter(|own| own.state.holds_seat() || own.state == State::Waiting))
}

/// Takes a person out of a date, and passes on the seat that was theirs.
fn give_up(
    work: &mut Work<'_, '_>,
    place: (GroupId, SittingId),
    starts_at: Millis,
    person: PersonId,
) -> Result<(), DbError> {
    work.tx.execute_one(&queries::LOCK, &params![place.1])?;
    let Some(own) = own_of(work, place.1, person)? else { return Ok(()) };
    work.tx.execute_one(&queries::SET_STATE, &params![own.id, own.state, State::Left, None::<Millis>])?;
    if own.state.holds_seat() {
        pass_on(work, place, starts_at)?;
    }
    Ok(())
}

/// Takes a person out of all dates ahead, of one group or of all: they left it, or were erased.
///
/// # Errors
/// The database's error.
pub fn step_down(work: &mut Work<'_, '_>, person: PersonId, group: Option<GroupId>) -> Result<(), DbError> {
    loop {
        let rows: Vec<(SittingId, GroupId, Millis)> =
            work.tx.all(&queries::AHEAD_OF, &params![person, work.now, group])?;
        if rows.is_empty() {
            return Ok(());
        }
        for (sitting, group, starts_at) in rows {
            give_up(work, (group, sitting), starts_at, person)?;
        }
    }
}

/// The dates ahead of a group that was closed are over; its people are told that it is.
///
/// # Errors
/// The database's error.
pub fn settle_ended(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), DbError> {
    work.tx.execute(&queries::CANCEL_ALL, &params![group, work.now])?;
    Ok(())
}

/// What follows from what was done: a seat that was given up goes on; who left a group leaves its dates, unless they
/// came back while that could be undone.
///
/// # Errors
/// The database's error.
pub fn follow(work: &mut Work<'_, '_>, event: &Event) -> Result<(), DbError> {
    match *event {
        Event::SeatFreed { group, sitting, .. } => {
            work.tx.execute(&queries::LOCK, &params![sitting])?;
            if let Some(found) = queries::sitting(work.tx, sitting, group, None)? {
                pass_on(work, (group, sitting), found.starts_at)?;
            }
            Ok(())
        }
        Event::MembershipChanged {
            group,
            person,
            state: MembershipState::Left | MembershipState::Excluded,
        } => {
            work.emit_held(&Event::SeatsLeft { group, person })?;
            Ok(())
        }
        Event::SeatsLeft { group, person } => {
            let standing = groups::standing_of(work.tx, group, Some(person))?;
            let gone = standing.and_then(|standing| standing.membership).is_none_or(|membership| {
                matches!(membership, MembershipState::Left | MembershipState::Excluded)
            });
            if gone { step_down(work, person, Some(group)) } else { Ok(()) }
        }
        _ => Ok(()),
    }
}

/// Reminds those who come to a date the day before, asks those who train how each did once it is over, and passes on
/// seats that were held long enough, twenty of each in a write; each once, whichever node looks.
///
/// # Errors
/// The database's error; what was done before stays done.
pub async fn remind(app: &App) -> Result<(), DbError> {
    app.while_due("growth::remind", &queries::NEXT_ALARM, |work| {
        remind_sittings(work)?;
        end_offers(work)
    })
    .await
}

fn remind_sittings(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let alarms: Vec<SittingAlarm> = work.tx.all(&queries::SITTING_ALARMS, &params![work.now])?;
    for alarm in alarms {
        let (group, sitting) = (alarm.group_id, alarm.id);
        let before = alarm.remind_at < alarm.starts_at;
        let next = before.then(|| rules::after_it(alarm.ends_at));
        if work.tx.execute(&queries::SET_ALARM, &params![sitting, alarm.remind_at, next])? == 0 {
            continue;
        }
        if !before {
            if work.tx.scalar::<i64>(&queries::COUNT_UNTOLD, &params![sitting])? > 0 {
                work.emit(&Event::SittingHeld { group, sitting })?;
            }
        } else if work.now < alarm.starts_at {
            // Whoever looks late has nothing to say of what has begun.
            work.emit(&Event::SittingSoon { group, sitting })?;
        }
    }
    Ok(())
}

fn end_offers(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let alarms: Vec<OfferAlarm> = work.tx.all(&queries::OFFER_ALARMS, &params![work.now])?;
    for alarm in alarms {
        work.tx.execute_one(&queries::LOCK, &params![alarm.sitting_id])?;
        let row = params![alarm.id, State::Offered, State::Left, None::<Millis>];
        if work.tx.execute(&queries::SET_STATE, &row)? == 1 {
            let (group, sitting, person) = (alarm.group_id, alarm.sitting_id, alarm.person_id);
            work.emit(&Event::SeatLapsed { group, person, sitting })?;
            pass_on(work, (group, sitting), alarm.starts_at)?;
        }
    }
    Ok(())
}
