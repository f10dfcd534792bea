//! People connect, part, block and report each other.

use super::{
    super::{
        connection::{Between, ConnectionState, Pair},
        queries::connection as queries,
        rules::connection::{self as rules, Wish},
    },
    count,
};
use crate::shell::{AppError, Work};
use mapalus_core::{
    Event, Permit, PersonId, Refusal, RefusalKind, ReportId,
    access::{OperateInstance, UseAccount},
    time::DAY,
};
use mapalus_db::{DbError, Tx, params};

/// Reports of one person in a quarter of an hour.
const REPORTS_OF_PERSON: i64 = 5;

/// The two as their row has them.
fn ordered(one: PersonId, other: PersonId) -> (PersonId, PersonId) {
    if one.to_string() < other.to_string() { (one, other) } else { (other, one) }
}

/// How one person stands to another.
///
/// # Errors
/// Not found, if there never was such a person.
pub fn pair(tx: &mut Tx<'_>, own: PersonId, other: PersonId) -> Result<Pair, AppError> {
    let found: Option<Pair> = tx.optional(&queries::PAIR, &params![own, other])?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// Asks somebody to be connected, or accepts what they asked. Gives how the two stand then.
pub fn connect(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    other: PersonId,
    word: &str,
) -> Result<Between, AppError> {
    let own = permit.signed_in()?;
    // One's questions are counted one after the other.
    work.tx.execute_one(&queries::HOLD_PERSON, &params![own])?;
    let stands = pair(work.tx, own, other)?;
    let (low, high) = ordered(own, other);
    let state = match rules::wish(&stands, own, other, work.now)? {
        Wish::Stands => return Ok(stands.between(own)),
        Wish::Accept => return accept(work, permit, own, other),
        Wish::Ask => ConnectionState::Asked,
        Wish::AskInVain => ConnectionState::Declined,
    };
    let word = rules::word(word)?;
    let asked = params![own, work.now.plus(-DAY)];
    let (open, lately): (i64, i64) = work.tx.one(&queries::COUNT_ASKED, &asked)?;
    rules::one_more(open, lately)?;
    count(work, &format!("connect {own}"), rules::ASKED_A_DAY)?;
    let row = params![low, high, own, word, state, work.now];
    let asked = work.tx.execute(&queries::ASK, &row)? + work.tx.execute(&queries::ASK_AGAIN, &row)?;
    if asked == 0 {
        // The other one asked at the same time: both wish it.
        let now = pair(work.tx, own, other)?;
        return match rules::wish(&now, own, other, work.now)? {
            Wish::Accept => accept(work, permit, own, other),
            _ => Err(DbError::Stale.into()),
        };
    }
    if state == ConnectionState::Asked {
        work.emit_held(&Event::ConnectionAsked { person: other, by: own })?;
    }
    work.record(permit, other, "asked")?;
    Ok(Between::Asked)
}

/// Accepts what the other one asked: they are told.
fn accept(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    own: PersonId,
    other: PersonId,
) -> Result<Between, AppError> {
    let (low, high) = ordered(own, other);
    work.tx.execute_one(&queries::ACCEPT, &params![low, high, own, work.now])?;
    work.emit(&Event::ConnectionHeld { person: other, by: own })?;
    work.record(permit, other, "accepted")?;
    Ok(Between::Connected)
}

/// Ends a connection, takes back what one asked, or declines what one was asked. The other one is not told.
pub fn part(work: &mut Work<'_, '_>, permit: &Permit<UseAccount>, other: PersonId) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    let statement = match pair(work.tx, own, other)?.between(own) {
        Between::AskedBy => &queries::DECLINE,
        Between::Asked | Between::Connected => &queries::END,
        // It is as they wish.
        Between::Nothing | Between::Blocked | Between::Apart => return Ok(()),
    };
    let (low, high) = ordered(own, other);
    work.tx.execute_one(statement, &params![low, high, own, work.now])?;
    work.record(permit, other, "parted")?;
    Ok(())
}

/// Blocks somebody: whatever stood between the two ends, and they do not find one any more. They are told nothing.
pub fn block(work: &mut Work<'_, '_>, permit: &Permit<UseAccount>, other: PersonId) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    if own == other {
        return Err(Refusal::not_found().into());
    }
    pair(work.tx, own, other)?;
    work.tx.execute(&queries::BLOCK_PERSON, &params![own, other, work.now])?;
    let (low, high) = ordered(own, other);
    work.tx.execute(&queries::END_BETWEEN, &params![low, high, work.now, other])?;
    work.record(permit, other, "blocked")?;
    Ok(())
}

/// Blocks somebody no more.
pub fn unblock(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    other: PersonId,
) -> Result<(), AppError> {
    work.tx.execute(&queries::UNBLOCK_PERSON, &params![permit.signed_in()?, other])?;
    work.record(permit, other, "unblocked")?;
    Ok(())
}

/// Says who may know that one belongs to a group.
pub fn set_known_to(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    known_to: &str,
) -> Result<(), AppError> {
    let known_to = rules::known_to(known_to)?;
    work.tx.execute(&queries::SET_KNOWN_TO, &params![permit.signed_in()?, known_to])?;
    Ok(())
}

/// Reports a person to those who operate the instance, but to that person.
///
/// # Errors
/// `people-reported` if it is reported already and not dealt with.
pub fn report(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    other: PersonId,
    reason: &str,
) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    if own == other {
        return Err(Refusal::not_found().into());
    }
    rules::found(Some(&pair(work.tx, own, other)?))?;
    let reason = rules::reason(reason)?;
    count(work, &format!("report person {own}"), REPORTS_OF_PERSON)?;
    let id: ReportId = work.id();
    let row = params![id, own, other, reason, work.now];
    if work.tx.execute(&queries::REPORT_PERSON, &row)? == 0 {
        return Err(Refusal::new(RefusalKind::Conflict, "people-reported").into());
    }
    work.emit(&Event::PersonReported { report: id })?;
    work.record(permit, other, "reported")?;
    Ok(())
}

/// Notes that a report is dealt with.
pub fn settle(
    work: &mut Work<'_, '_>,
    permit: &Permit<OperateInstance>,
    report: ReportId,
) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    if work.tx.execute(&queries::SETTLE_PERSON_REPORT, &params![report, work.now, own])? == 0 {
        return Err(Refusal::not_found().into());
    }
    work.record(permit, report, "settled")?;
    Ok(())
}

/// Forgets what ended a while ago.
pub(super) fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let over = work.now.plus(-rules::AGAIN_MILLIS);
    work.tx.execute(&queries::FORGET_ENDED_CONNECTIONS, &params![over])?;
    let settled = work.now.plus(-rules::REPORT_KEPT_MILLIS);
    work.tx.execute(&queries::FORGET_SETTLED_REPORTS, &params![settled])?;
    Ok(())
}

/// Forgets the network of a person who is erased.
pub(super) fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_CONNECTIONS_OF, &params![person])?;
    work.tx.execute(&queries::FORGET_BLOCKS_OF, &params![person])?;
    work.tx.execute(&queries::FORGET_NETWORK_CHOICE_OF, &params![person])?;
    work.tx.execute(&queries::FORGET_PERSON_REPORTS_OF, &params![person])?;
    Ok(())
}
