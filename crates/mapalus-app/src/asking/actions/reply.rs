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
    GroupId, Permit, Refusal, ReplyId, WordId,
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
    Refusal::if_changed(reply.version, seen)?;
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
    Refusal::if_changed(reply.version, seen)?;
    work.tx.execute_one(&queries::REMOVE_REPLY, &params![reply.id, reply.version])?;
    work.record(permit, reply.id, "removed")?;
    Ok(())
}

/// An answer of the group, of what was said.
///
/// # Errors
/// Not found if it is no answer of the group.
pub fn given(words: &[Word], word: WordId) -> Result<&Word, Refusal> {
    let found = words.iter().find(|one| one.id == word && one.side == Side::Group);
    found.filter(|word| !word.text.is_empty()).ok_or_else(Refusal::not_found)
}

/// Keeps an answer ready, under its own first words: what was asked is the asker's.
///
/// # Errors
/// Not found if it is no answer of the group; as [`add`].
pub fn keep(
    work: &mut Work<'_, '_>,
    permit: &Permit<AnswerQuestion>,
    thread: &Thread,
    word: WordId,
) -> Result<ReplyId, AppError> {
    let words = queries::words(work.tx, thread.id)?;
    let word = given(&words, word)?;
    store(work, permit, thread.group_id, &rules::subject(&word.text), &word.text)
}

/// Makes a frequent question of the group out of this answer, in words for everybody: what was asked was for the group
/// alone.
///
/// # Errors
/// Not found if it is no answer of the group; `groups-question-there`; every field that does not hold.
pub fn frequent(
    work: &mut Work<'_, '_>,
    (permit, change): (&Permit<AnswerQuestion>, &Permit<ChangeGroup>),
    group: &Group,
    (thread, word): (&Thread, WordId),
    (ask, answer): (&str, &str),
) -> Result<(), AppError> {
    given(&queries::words(work.tx, thread.id)?, word)?;
    running::add_question(work, change, group, ask, answer)?;
    work.record(permit, thread.id, "frequent")?;
    Ok(())
}
