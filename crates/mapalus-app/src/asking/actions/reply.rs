//! Answers that a group keeps ready, and the good ones that become frequent questions.

use super::conflict;
use crate::{
    asking::{
        model::{Reply, Side, Thread, Word},
        queries, rules,
    },
    groups::{Group, actions::running},
    shell::{AppError, Work},
};
use mapalus_core::{
    GroupId, Permit, Refusal, RefusalKind, ReplyId, WordId,
    access::{Action, AnswerQuestion, ChangeGroup, RunQuestions},
};
use mapalus_db::params;

fn store<A: Action>(
    work: &mut Work<'_, '_>,
    permit: &Permit<A>,
    group: GroupId,
    title: &str,
    text: &str,
) -> Result<ReplyId, AppError> {
    let (title, text) = rules::reply(title, text)?;
    if work.tx.scalar::<i64>(&queries::COUNT_REPLIES, &params![group])? >= rules::MOST_REPLIES {
        return Err(conflict("asking-many-replies"));
    }
    let id: ReplyId = work.id();
    work.tx.execute(&queries::ADD_REPLY, &params![id, group, title, text, work.now, work.actor])?;
    work.record(permit, id, "kept")?;
    Ok(id)
}

/// Adds a ready answer.
///
/// # Errors
/// `asking-many-replies`.
pub fn add(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunQuestions>,
    group: GroupId,
    (title, text): (&str, &str),
) -> Result<ReplyId, AppError> {
    store(work, permit, group, title, text)
}

/// Changes a ready answer that stands as it was seen.
///
/// # Errors
/// Not found, `refusal-changed`.
pub fn change(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunQuestions>,
    reply: &Reply,
    (title, text): (&str, &str),
    seen: Option<i64>,
) -> Result<(), AppError> {
    let (title, text) = rules::reply(title, text)?;
    still(reply, seen)?;
    let row = params![reply.id, title, text, work.now, work.actor, reply.version];
    work.tx.execute_one(&queries::CHANGE_REPLY, &row)?;
    work.record(permit, reply.id, "changed")?;
    Ok(())
}

/// Removes a ready answer that stands as it was seen.
///
/// # Errors
/// `refusal-changed`.
pub fn remove(
    work: &mut Work<'_, '_>,
    permit: &Permit<RunQuestions>,
    reply: &Reply,
    seen: Option<i64>,
) -> Result<(), AppError> {
    still(reply, seen)?;
    work.tx.execute_one(&queries::REMOVE_REPLY, &params![reply.id, reply.version])?;
    work.record(permit, reply.id, "removed")?;
    Ok(())
}

fn still(reply: &Reply, seen: Option<i64>) -> Result<(), AppError> {
    match seen {
        Some(version) if version != reply.version => {
            Err(Refusal::new(RefusalKind::Changed, "refusal-changed").into())
        }
        _ => Ok(()),
    }
}

/// An answer of the group, as it was given.
fn given(work: &mut Work<'_, '_>, thread: &Thread, word: WordId) -> Result<Word, AppError> {
    let words = queries::words(work.tx, thread.id)?;
    let found = words.into_iter().find(|one| one.id == word && one.side == Side::Group);
    Ok(found.filter(|word| !word.text.is_empty()).ok_or_else(Refusal::not_found)?)
}

/// Keeps an answer ready, under what was asked.
///
/// # Errors
/// Not found if it is no answer of the group; as [`add`].
pub fn keep(
    work: &mut Work<'_, '_>,
    permit: &Permit<AnswerQuestion>,
    thread: &Thread,
    word: WordId,
) -> Result<ReplyId, AppError> {
    let word = given(work, thread, word)?;
    let title = match thread.subject.as_str() {
        "" => rules::subject(&word.text),
        subject => subject.to_owned(),
    };
    store(work, permit, thread.group_id, &title, &word.text)
}

/// Makes what was asked and this answer a frequent question of the group.
///
/// # Errors
/// Not found if it is no answer of the group; `asking-not-frequent`, `groups-question-there`.
pub fn frequent(
    work: &mut Work<'_, '_>,
    (permit, change): (&Permit<AnswerQuestion>, &Permit<ChangeGroup>),
    group: &Group,
    thread: &Thread,
    word: WordId,
) -> Result<(), AppError> {
    let word = given(work, thread, word)?;
    // Question and answer stand as they are: there is no field at which to tell what does not hold.
    let added = running::add_question(work, change, group, &thread.subject, &word.text);
    added.map_err(|error| match error {
        AppError::Refusal(refusal) if refusal.kind == RefusalKind::Invalid => conflict("asking-not-frequent"),
        error => error,
    })?;
    work.record(permit, thread.id, "frequent")?;
    Ok(())
}
