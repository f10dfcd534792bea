//! Those who operate the instance verify a group or hide it, and take that back; those who run a hidden one answer.

use super::{
    super::queries::marks as queries,
    decisions::{self, Decision},
};
use crate::{
    groups::{
        Group,
        model::{
            decisions::Kind,
            marks::{GroupMark, HidingAnswer, ListedGroup, Mark},
        },
        rules::marks as rules,
    },
    people,
    shell::{AppError, Work, outbox},
};
use mapalus_core::{
    AnswerId, Event, GroupId, MarkId, Permit, Refusal,
    access::{AnswerHiding, JudgeGroup},
};
use mapalus_db::{DbError, Tx, params};

/// A group as those who operate the instance see it.
///
/// # Errors
/// Not found.
pub fn one(tx: &mut Tx<'_>, group: &str) -> Result<ListedGroup, AppError> {
    let id: GroupId = group.parse().map_err(|_| Refusal::not_found())?;
    let found: Option<ListedGroup> = tx.optional(&queries::ONE, &params![id])?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// What was said of a group, the latest first.
pub fn marks(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<GroupMark>, DbError> {
    tx.all(&queries::MARKS, &params![group])
}

/// What those who run a hidden group said to that, the latest first.
pub fn answers(tx: &mut Tx<'_>, group: GroupId) -> Result<Vec<HidingAnswer>, DbError> {
    tx.all(&queries::ANSWERS, &params![group])
}

/// Whether a group is hidden.
pub fn is_hidden(tx: &mut Tx<'_>, group: GroupId) -> Result<bool, DbError> {
    Ok(tx.scalar::<i64>(&queries::IS_HIDDEN, &params![group])? > 0)
}

/// Says something of a group: it counts at once, and those who run it are told when it can be undone no longer.
///
/// # Errors
/// Those of [`rules::may_mark`]; what is wrong with the reason.
pub fn mark(
    work: &mut Work<'_, '_>,
    permit: &Permit<JudgeGroup>,
    group: &ListedGroup,
    (mark, reason): (Mark, &str),
) -> Result<(), AppError> {
    let by = permit.signed_in()?;
    rules::may_mark(group, mark)?;
    let reason = rules::reason(reason).map_err(|wrong| wrong.at("reason"))?;
    let id = group.id;
    let (set, event) = match mark {
        Mark::Verified => (&queries::VERIFY, work.emit_held(&Event::GroupVerified { group: id })?),
        Mark::Unverified => (&queries::UNVERIFY, work.emit_held(&Event::VerificationEnded { group: id })?),
        Mark::Hidden => (&queries::HIDE, work.emit_held(&Event::GroupHidden { group: id })?),
        Mark::Shown => (&queries::SHOW, work.emit_held(&Event::GroupShown { group: id })?),
    };
    // Two at once: the second one reads anew, and finds it so.
    match mark {
        Mark::Verified | Mark::Hidden => work.tx.execute_one(set, &params![id, work.now, &reason])?,
        Mark::Unverified | Mark::Shown => work.tx.execute_one(set, &params![id])?,
    }
    let note: MarkId = work.id();
    work.tx.execute(&queries::MARK, &params![note, id, mark, &reason, work.now, by, event])?;
    let kind = match mark {
        Mark::Verified => Kind::Verified,
        Mark::Unverified => Kind::Unverified,
        Mark::Hidden => Kind::Hidden,
        Mark::Shown => Kind::Shown,
    };
    decisions::held(work, id, &Decision::of(kind, &reason), note)?;
    work.record_in(permit, id, id, mark.word())?;
    work.emit(&Event::GroupChanged { group: id })?;
    Ok(())
}

/// Takes back what one has just said of a group: it stands as before, and nobody was told.
///
/// # Errors
/// `groups-mark-too-late`.
pub fn take_back(
    work: &mut Work<'_, '_>,
    permit: &Permit<JudgeGroup>,
    group: &ListedGroup,
) -> Result<(), AppError> {
    let marks = marks(work.tx, group.id)?;
    let last = rules::may_take_back(&marks, permit.signed_in()?, work.now, work.undo_millis)?;
    if !outbox::take_back(work, last.event_id)? {
        return Err(rules::too_late().into());
    }
    work.tx.execute_one(&queries::UNMARK, &params![last.id])?;
    decisions::undone(work, last.id)?;
    let (id, before) = (group.id, rules::before(&marks));
    match (last.mark, before) {
        (Mark::Verified, _) => work.tx.execute_one(&queries::UNVERIFY, &params![id])?,
        (Mark::Hidden, _) => work.tx.execute_one(&queries::SHOW, &params![id])?,
        (Mark::Unverified, Some(before)) => {
            work.tx.execute_one(&queries::VERIFY, &params![id, before.at, &before.reason])?;
        }
        (Mark::Shown, Some(before)) => {
            work.tx.execute_one(&queries::HIDE, &params![id, before.at, &before.reason])?;
        }
        // What is taken back had been said: that stands among the marks.
        (Mark::Unverified | Mark::Shown, None) => return Err(rules::too_late().into()),
    }
    work.record_in(permit, id, id, "undone")?;
    work.emit(&Event::GroupChanged { group: id })?;
    Ok(())
}

/// Answers that one's group is hidden: those who operate the instance are told.
///
/// # Errors
/// Those of [`rules::answer`]; `people-too-many-tries`.
pub fn answer(
    work: &mut Work<'_, '_>,
    permit: &Permit<AnswerHiding>,
    group: &Group,
    text: &str,
) -> Result<(), AppError> {
    let text = rules::answer(group.hidden_at.is_some(), text)?;
    people::limit(work, "hiding", &group.id.to_string(), rules::ANSWERED)?;
    let id: AnswerId = work.id();
    work.tx.execute(&queries::ANSWER, &params![id, group.id, permit.signed_in()?, text, work.now])?;
    work.record(permit, group.id, "answered")?;
    work.emit(&Event::HidingAnswered { group: group.id })?;
    Ok(())
}
