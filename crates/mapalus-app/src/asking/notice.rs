//! What those who ask and those who answer are told.

use super::{
    model::{State, Thread, stands_for},
    queries,
};
use crate::{
    groups, people,
    shell::{
        Happened,
        notice::{Draft, Kind, Recipient, Secret, Told},
    },
};
use mapalus_core::{AskId, Event, Permission, PersonId};
use mapalus_db::{DbError, Tx};

/// What the mailed link is for that sends a stranger's question.
pub const CONFIRM: &str = "ask";
/// What the mailed link is for that continues it.
pub const CONTINUE: &str = "asked";

/// The notices that an event asks for.
///
/// # Errors
/// The database's error.
pub fn of(tx: &mut Tx<'_>, happened: &Happened) -> Result<Vec<Draft>, DbError> {
    match happened.event {
        Event::AskBegun { ask } => {
            let found = queries::thread(tx, ask)?.filter(|thread| thread.state == State::Unconfirmed);
            Ok(found.and_then(|thread| confirm(&thread)).into_iter().collect())
        }
        Event::AskSent { ask } => {
            let Some(thread) = seen(tx, ask)? else { return Ok(Vec::new()) };
            let to = groups::holders(tx, thread.group_id, Permission::Questions)?;
            let mut drafts = to_group(tx, &thread, &to, "asking-notice-sent")?;
            // Like all that concerns an account it neither waits nor holds up the answer.
            let own = to_stranger(&thread, "asking-mail-sent");
            drafts.extend(own.map(|draft| Draft { kind: Kind::Account, group: None, ..draft }));
            Ok(drafts)
        }
        Event::AskContinued { ask, .. } => {
            let Some(thread) = seen(tx, ask)? else { return Ok(Vec::new()) };
            let mut to = groups::holders(tx, thread.group_id, Permission::Questions)?;
            // The one whose it is, if they still answer.
            if let Some(own) = thread.assigned_id.filter(|own| to.contains(own)) {
                to = vec![own];
            }
            to_group(tx, &thread, &to, "asking-notice-continued")
        }
        Event::AskAssigned { ask, person } => match seen(tx, ask)? {
            Some(thread) if thread.assigned_id == Some(person) => {
                to_group(tx, &thread, &[person], "asking-notice-assigned")
            }
            _ => Ok(Vec::new()),
        },
        Event::AskReported { ask, .. } => {
            let (found, operator) = (seen(tx, ask)?, people::operator(tx)?);
            let (Some(thread), Some((operator, _))) = (found, operator) else { return Ok(Vec::new()) };
            let draft = |to: people::Contact| Draft {
                group: None,
                arguments: vec![("group", thread.group_name.as_str().into())],
                path: "/admin/reports".to_owned(),
                ..about(&thread, to.into(), "asking-notice-reported", Kind::Account)
            };
            Ok(people::contacts(tx, &[operator])?.into_iter().map(draft).collect())
        }
        Event::AskAnswered { ask, .. } => {
            to_asker(tx, ask, ("asking-mail-answered", "asking-notice-answered"))
        }
        Event::AskEnded { ask } => to_asker(tx, ask, ("asking-mail-ended", "asking-notice-ended")),
        _ => Ok(Vec::new()),
    }
}

/// Which of these still hold: a question that somebody answered or closed meanwhile waits for nobody.
///
/// # Errors
/// The database's error.
pub fn holds(tx: &mut Tx<'_>, told: &[Told]) -> Result<Vec<bool>, DbError> {
    let waits = |told: &Told| -> Option<AskId> {
        let waits = matches!(told.key.as_str(), "asking-notice-sent" | "asking-notice-continued");
        told.path.strip_prefix("/questions/").filter(|_| waits)?.parse().ok()
    };
    let asked: Vec<AskId> = told.iter().filter_map(waits).collect();
    let open: Vec<(AskId,)> = tx.all_in(&queries::STILL_OPEN, &[], &asked)?;
    Ok(told.iter().map(|told| waits(told).is_none_or(|ask| open.contains(&(ask,)))).collect())
}

/// A question that is still there and that the group may see.
fn seen(tx: &mut Tx<'_>, ask: AskId) -> Result<Option<Thread>, DbError> {
    Ok(queries::thread(tx, ask)?.filter(|thread| thread.state != State::Unconfirmed))
}

fn about(thread: &Thread, to: Recipient, key: &'static str, kind: Kind) -> Draft {
    Draft {
        to,
        key,
        kind,
        group: Some(thread.group_id),
        arguments: vec![("name", thread.name.as_str().into()), ("group", thread.group_name.as_str().into())],
        path: thread.path(),
        secret: None,
        mail_only: false,
        about: thread.person_id.or_else(|| stands_for(thread.id)),
    }
}

fn to_group(
    tx: &mut Tx<'_>,
    thread: &Thread,
    to: &[PersonId],
    key: &'static str,
) -> Result<Vec<Draft>, DbError> {
    // Nobody is told of what they asked themselves.
    let to: Vec<PersonId> = to.iter().copied().filter(|to| Some(*to) != thread.person_id).collect();
    let draft = |to: people::Contact| about(thread, to.into(), key, Kind::Questions);
    Ok(people::contacts(tx, &to)?.into_iter().map(draft).collect())
}

/// To the one who asked: by mail, if they have no account.
fn to_asker(
    tx: &mut Tx<'_>,
    ask: AskId,
    (mail, notice): (&'static str, &'static str),
) -> Result<Vec<Draft>, DbError> {
    let Some(thread) = seen(tx, ask)? else { return Ok(Vec::new()) };
    if let Some(draft) = to_stranger(&thread, mail) {
        return Ok(vec![draft]);
    }
    let own: Vec<PersonId> = thread.person_id.into_iter().collect();
    let draft = |to: people::Contact| about(&thread, to.into(), notice, Kind::Answers);
    Ok(people::contacts(tx, &own)?.into_iter().map(draft).collect())
}

fn stranger(thread: &Thread, name: &str) -> Option<Recipient> {
    Some(Recipient {
        person: Some(stands_for(thread.id)?),
        name: name.to_owned(),
        call: name.to_owned(),
        mail: thread.mail.clone(),
        lang: thread.lang,
        zone: chrono_tz::Asia::Jakarta,
    })
}

/// Nobody has confirmed the address: the mail carries no word that was typed.
fn confirm(thread: &Thread) -> Option<Draft> {
    let link = thread.link?;
    let draft = about(thread, stranger(thread, "")?, "asking-mail-confirm", Kind::Account);
    Some(Draft {
        group: None,
        arguments: vec![("group", thread.group_name.as_str().into())],
        secret: Some(Secret { purpose: CONFIRM.to_owned(), link }),
        mail_only: true,
        ..draft
    })
}

/// A mail to one without an account, with the link that continues the question.
fn to_stranger(thread: &Thread, key: &'static str) -> Option<Draft> {
    let link = thread.link?;
    let draft = about(thread, stranger(thread, &thread.name)?, key, Kind::Answers);
    let secret = Some(Secret { purpose: CONTINUE.to_owned(), link });
    Some(Draft { secret, mail_only: true, ..draft })
}
