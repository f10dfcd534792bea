//! Questions are asked, sent, answered, given to a coordinator, closed.

pub mod guard;
pub mod reply;

use super::{
    model::{Asker, NewAsk, Side, State, Thread},
    queries, rules,
};
use crate::{
    groups, people,
    shell::{AppError, Work, forms::Wrong, outbox},
};
use mapalus_core::{
    AskId, Event, EventId, GroupId, LinkId, Millis, Permission, Permit, PersonId, Refusal, RefusalKind,
    WordId,
    access::{Action, AnswerQuestion, AskGroup, Enter, UseQuestion},
};
use mapalus_db::{DbError, params};
use std::net::IpAddr;

fn conflict(key: &'static str) -> AppError {
    Refusal::new(RefusalKind::Conflict, key).into()
}

/// What may be done so often: told in our own words.
fn limited(result: Result<(), AppError>) -> Result<(), AppError> {
    result.map_err(|error| match error {
        AppError::Refusal(refusal) if refusal.kind == RefusalKind::TooMany => {
            Refusal { key: "asking-too-many", ..refusal }.into()
        }
        error => error,
    })
}

/// Whoever is blocked is told that it cannot be sent, and no more.
fn not_blocked(
    work: &mut Work<'_, '_>,
    group: GroupId,
    seal: &str,
    person: Option<PersonId>,
) -> Result<(), AppError> {
    match work.tx.scalar::<i64>(&queries::IS_BLOCKED, &params![group, seal, person])? {
        0 => Ok(()),
        _ => Err(conflict("asking-cannot-send")),
    }
}

/// Those who come at once may be a few more: the queue bounds the work of coordinators, no number is promised.
fn may_queue(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), AppError> {
    Ok(rules::may_queue(work.tx.scalar(&queries::QUEUE, &params![group])?)?)
}

/// Asks a group. A stranger's question waits for the link that is mailed; nobody sees it before.
///
/// # Errors
/// `asking-cannot-send`, `asking-too-many`, `asking-queue`.
pub fn ask(
    work: &mut Work<'_, '_>,
    permit: &Permit<AskGroup>,
    group: GroupId,
    new: &NewAsk,
    address: IpAddr,
) -> Result<AskId, AppError> {
    limited(people::limit(work, "ask from", &people::counted(address), rules::QUESTIONS_OF_ADDRESS))?;
    let (person, link) = match &new.asker {
        Asker::Person(person) => {
            limited(people::limit(work, "ask by", &person.to_string(), rules::QUESTIONS_OF_PERSON))?;
            (Some(*person), None)
        }
        Asker::Stranger { .. } => {
            limited(people::limit_mail(work, address, &new.mail_folded))?;
            (None, Some(work.id::<LinkId>()))
        }
    };
    match person {
        Some(_) => not_blocked(work, group, &new.seal, person)?,
        // Whoever knows an address alone is not told whether the group takes its questions: the mailed link is.
        None => may_queue(work, group)?,
    }
    let (id, word): (AskId, WordId) = (work.id(), work.id());
    let subject = rules::subject(&new.text);
    queries::make(work.tx, (id, word), link, group, (new, &subject), work.now)?;
    let event = if link.is_some() { Event::AskBegun { ask: id } } else { Event::AskSent { ask: id } };
    work.emit(&event)?;
    work.record(permit, id, "")?;
    Ok(id)
}

/// Sends a stranger's question to the group.
///
/// # Errors
/// `asking-link-used`, `asking-link-over`, `asking-group-ended`, `asking-cannot-send`.
pub fn confirm(work: &mut Work<'_, '_>, permit: &Permit<Enter>, thread: &Thread) -> Result<(), AppError> {
    rules::may_confirm(thread, work.now)?;
    not_blocked(work, thread.group_id, &thread.seal, None)?;
    may_queue(work, thread.group_id)?;
    work.tx.execute_one(&queries::CONFIRM, &params![thread.id, work.now])?;
    work.emit(&Event::AskSent { ask: thread.id })?;
    work.record(permit, thread.id, "confirmed")?;
    Ok(())
}

/// Who asked says more, with the permit of its owner or by the mailed link. A question that was closed is open again.
fn go_on<A: Action>(
    work: &mut Work<'_, '_>,
    permit: &Permit<A>,
    thread: &Thread,
    text: &str,
) -> Result<(), AppError> {
    rules::still_there(thread)?;
    let text = rules::next_word(thread, text)?;
    limited(people::limit(work, "ask more", &thread.id.to_string(), rules::WORDS_OF_QUESTION))?;
    not_blocked(work, thread.group_id, &thread.seal, thread.person_id)?;
    let word = say(work, thread, Side::Asker, thread.person_id, &text)?;
    work.tx.execute_one(&queries::CONTINUE, &params![thread.id, work.now])?;
    work.emit(&Event::AskContinued { ask: thread.id, word })?;
    work.record(permit, thread.id, "continued")?;
    Ok(())
}

/// The one whose question it is says more.
///
/// # Errors
/// `asking-group-ended`, `asking-cannot-send`, `asking-too-many`, `asking-full`.
pub fn more(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseQuestion>,
    thread: &Thread,
    text: &str,
) -> Result<(), AppError> {
    go_on(work, permit, thread, text)
}

/// The same by the mailed link.
///
/// # Errors
/// As [`more`].
pub fn more_by_link(
    work: &mut Work<'_, '_>,
    permit: &Permit<Enter>,
    thread: &Thread,
    text: &str,
) -> Result<(), AppError> {
    go_on(work, permit, thread, text)
}

fn say(
    work: &mut Work<'_, '_>,
    thread: &Thread,
    side: Side,
    person: Option<PersonId>,
    text: &str,
) -> Result<WordId, AppError> {
    let place: i64 = work.tx.scalar(&queries::COUNT_WORDS, &params![thread.id])?;
    rules::may_say(place)?;
    let word: WordId = work.id();
    work.tx.execute(&queries::ADD_WORD, &params![word, thread.id, place, side, person, text, work.now])?;
    Ok(word)
}

/// Nobody sees what is not confirmed; nobody answers themselves.
fn may_run(thread: &Thread, person: PersonId) -> Result<(), AppError> {
    if thread.state == State::Unconfirmed {
        return Err(Refusal::not_found().into());
    }
    if thread.person_id == Some(person) {
        return Err(conflict("asking-own"));
    }
    Ok(())
}

/// Answers. Of two who answer at once the second one is told, and nothing is lost.
///
/// # Errors
/// `refusal-changed`, `asking-own`, `asking-full`.
pub fn answer(
    work: &mut Work<'_, '_>,
    permit: &Permit<AnswerQuestion>,
    thread: &Thread,
    text: &str,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    may_run(thread, person)?;
    let text = rules::word(text)?;
    let word = say(work, thread, Side::Group, Some(person), &text)?;
    work.tx.execute_one(&queries::ANSWER, &params![thread.id, work.now, person, thread.version])?;
    let event = work.emit_held(&Event::AskAnswered { ask: thread.id, word })?;
    let before = params![word, event, thread.state, thread.assigned_id, thread.last_at, thread.version + 1];
    work.tx.execute(&queries::KEEP_BEFORE, &before)?;
    work.record(permit, thread.id, "answered")?;
    Ok(())
}

mapalus_db::record! {
    struct Answered {
        id: WordId,
        event_id: EventId,
        state_before: State,
        assigned_before: Option<PersonId>,
        last_before: Millis,
        made_at: Millis,
        version_after: i64,
    }
}

/// Takes one's answer back, as long as nobody was told of it and nothing was said or done since.
///
/// # Errors
/// `asking-too-late`, `asking-own`.
pub fn undo_answer(
    work: &mut Work<'_, '_>,
    permit: &Permit<AnswerQuestion>,
    thread: &Thread,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    may_run(thread, person)?;
    let too_late = || conflict("asking-too-late");
    let latest: Option<Answered> = work.tx.optional(&queries::LATEST_ANSWER, &params![thread.id, person])?;
    let latest = latest.filter(|latest| latest.version_after == thread.version).ok_or_else(too_late)?;
    if !outbox::take_back(work, latest.event_id)? {
        return Err(too_late());
    }
    work.tx.execute(&queries::DELETE_WORD, &params![latest.id])?;
    let Answered { state_before, assigned_before, last_before, made_at, .. } = latest;
    let before = params![thread.id, state_before, assigned_before, last_before, made_at, thread.version];
    work.tx.execute_one(&queries::UNANSWER, &before)?;
    work.record(permit, thread.id, "undone")?;
    Ok(())
}

/// Gives a question to a coordinator, or to nobody.
///
/// # Errors
/// `wrong-choice` for one who answers no questions of the group.
pub fn assign(
    work: &mut Work<'_, '_>,
    permit: &Permit<AnswerQuestion>,
    thread: &Thread,
    to: Option<PersonId>,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    may_run(thread, person)?;
    if let Some(to) = to {
        let holders = groups::holders(work.tx, thread.group_id, Permission::Questions)?;
        if !holders.contains(&to) || thread.person_id == Some(to) {
            return Err(Wrong::plain("wrong-choice").at("person").into());
        }
    }
    if to == thread.assigned_id {
        return Ok(());
    }
    work.tx.execute_one(&queries::ASSIGN, &params![thread.id, to, thread.version])?;
    if let Some(to) = to.filter(|to| *to != person) {
        work.emit_held(&Event::AskAssigned { ask: thread.id, person: to })?;
    }
    work.record(permit, thread.id, "assigned")?;
    Ok(())
}

/// Closes a question, or opens it again.
///
/// # Errors
/// `asking-own`, `refusal-changed`.
pub fn close(
    work: &mut Work<'_, '_>,
    permit: &Permit<AnswerQuestion>,
    thread: &Thread,
    closed: bool,
) -> Result<(), AppError> {
    may_run(thread, permit.signed_in()?)?;
    if (thread.state == State::Closed) == closed {
        return Ok(());
    }
    let state = if closed { State::Closed } else { State::Open };
    work.tx.execute_one(&queries::SET_STATE, &params![thread.id, state, thread.version])?;
    work.record(permit, thread.id, state.word())?;
    Ok(())
}

/// Ends what was asked of a group that was closed for good. Those who wait for its answer are told, each by an event of
/// their own, so that no write is held up.
///
/// # Errors
/// The database's error.
pub(crate) fn settle_ended(work: &mut Work<'_, '_>, group: GroupId) -> Result<(), DbError> {
    let open: Vec<(AskId,)> = work.tx.all(&queries::OPEN_IN, &params![group])?;
    for (ask,) in open {
        work.emit(&Event::AskEnded { ask })?;
    }
    work.tx.execute(&queries::CLOSE_IN, &params![group])?;
    work.tx.execute(&queries::REMOVE_REPLIES, &params![group])?;
    work.tx.execute(&queries::REMOVE_BLOCKS, &params![group])?;
    Ok(())
}

/// Deletes the old questions of strangers, a hundred at a time: no write is held up. Their notices go with them.
///
/// # Errors
/// The database's error; what was deleted before stays deleted.
pub async fn sweep(app: &crate::shell::App) -> Result<(), DbError> {
    loop {
        let now = app.clock.now();
        let before = params![rules::unconfirmed_before(now), rules::silent_since(now)];
        let read = before.clone();
        let old: Vec<(AskId,)> = app.db.read("asking::old", move |tx| tx.all(&queries::OLD, &read)).await?;
        if old.is_empty() {
            return Ok(());
        }
        app.write_as(None, "asking::sweep", move |work| {
            // Whoever wrote meanwhile keeps what they wrote.
            let still: Vec<(AskId,)> = work.tx.all(&queries::OLD, &before)?;
            for (ask,) in old.iter().filter(|ask| still.contains(ask)) {
                work.tx.execute(&queries::DELETE_REPORTS, &params![*ask])?;
                work.tx.execute(&queries::DELETE_WORDS, &params![*ask])?;
                work.tx.execute(&queries::DELETE, &params![*ask])?;
                if let Some(who) = super::model::stands_for(*ask) {
                    work.emit(&Event::AskForgotten { who })?;
                }
            }
            Ok::<_, DbError>(())
        })
        .await?;
    }
}
