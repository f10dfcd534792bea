//! Telling: notices in the application and mail, fed from the outbox.
//!
//! Knows no slice: each gives a function from events to drafts. A mailed secret never stands in the
//! database; it is made when the mail is rendered. Without a mail server mails are *kept*, and only a
//! demonstration and operators read them.
//!
//! A notice has a *kind*, and is about a *thing*, mostly a group. Who does not want a kind as mail stops it: in the
//! settings, or by the link in each mail. Mails of one kind about one thing that are due together go out as one, a
//! *bundle*; after one has gone out the next waits until ten minutes are over. What concerns the account (links,
//! codes, safety) is a thing of its own each time, and so never waits.
//! Owns: `notices`, `mails`, `mail_stops`.

pub(crate) mod api;
pub(crate) mod choices;
pub mod deliver;
pub mod letter;
pub(crate) mod pages;
mod queries;

pub use choices::{ChoicesPage, StopPage};
pub use letter::Letter;
pub use pages::{LetterPage, MailboxPage, NoticesPage};
pub use queries::STATEMENTS;

use crate::shell::{
    Happened, Lang, Routes, Work, locale,
    notice::{Draft, Tell},
    text,
};
use chrono_tz::Tz;
use mapalus_core::{
    Argument, ByToken, MailId, Millis, NoticeId, PersonId, Scope,
    access::{Enter, ReadMailbox, UseAccount},
    time::{DAY, MINUTE},
};
use mapalus_db::{DbError, Tx, params};

/// The routes of this slice.
pub fn routes() -> Routes {
    Routes::new()
        .get::<UseAccount, _, _>("/notices", pages::notices)
        .post::<UseAccount, _, _>("/notices/read", pages::read)
        .api_get::<UseAccount, _, _>(Scope::NoticesRead, "/api/v1/notices", pages::api_notices)
        .api_post::<UseAccount, _, _>(ByToken::Never, "/api/v1/notices/read", api::read)
        .api_get::<ReadMailbox, _, _>(ByToken::Never, "/api/v1/mails", api::mails)
        .api_get::<ReadMailbox, _, _>(ByToken::Never, "/api/v1/mails/{mail}", api::mail)
        .get::<UseAccount, _, _>("/me/notices", choices::choices)
        .post::<UseAccount, _, _>("/me/notices", choices::choose)
        .api_get::<UseAccount, _, _>(Scope::NoticesRead, "/api/v1/me/notices", choices::api_choices)
        .api_patch::<UseAccount, _, _>(Scope::ProfileWrite, "/api/v1/me/notices", choices::api_choose)
        .get::<Enter, _, _>("/unsubscribe/{way}", choices::stop)
        .post_from_anywhere::<Enter, _, _>("/unsubscribe/{way}", choices::stop_post)
        .get::<ReadMailbox, _, _>("/mailbox", pages::mailbox)
        .get::<ReadMailbox, _, _>("/mailbox/{mail}", pages::letter)
}

/// How many notices a person has not read.
///
/// # Errors
/// The database's error.
pub fn unread(tx: &mut Tx<'_>, person: PersonId) -> Result<i64, DbError> {
    tx.scalar(&queries::UNREAD, &params![person])
}

/// Stores what an event has to tell, in the transaction that moves the follower's cursor.
///
/// # Errors
/// The database's error.
pub fn follow(work: &mut Work<'_, '_>, happened: &Happened, tell: &[Tell]) -> Result<(), DbError> {
    for tell in tell {
        for draft in tell(work.tx, happened)? {
            store(work, &draft)?;
        }
    }
    Ok(())
}

/// After a mail about a thing the next one of its kind about it waits until so many milliseconds are over: what
/// comes meanwhile goes out in one.
const BUNDLE_MILLIS: i64 = 10 * MINUTE;

/// Days for which a mail to an address without an account is kept after it was made: whoever makes an account with it
/// and closes it is erased later than that.
const UNKNOWN_DAYS: i64 = 7;

fn store(work: &mut Work<'_, '_>, draft: &Draft) -> Result<(), DbError> {
    let arguments = write_arguments(&draft.arguments);
    let Draft { to, key, kind, path, about, secret, mail_only, .. } = draft;
    if let Some(person) = to.person.filter(|_| !mail_only) {
        let id: NoticeId = work.id();
        work.tx.execute(&queries::TELL, &params![id, person, *key, &arguments, path, *about, work.now])?;
    }
    let stopped: i64 = work.tx.scalar(&queries::IS_STOPPED, &params![to.person, *kind])?;
    if stopped > 0 && kind.may_stop() {
        return Ok(());
    }
    let id: MailId = work.id();
    let (mut thing, mut next_at) = (id.to_string(), work.now);
    if let Some(group) = draft.group {
        thing = group.to_string();
        let row = params![to.person, *kind, &thing, work.now.plus(-DAY), BUNDLE_MILLIS];
        let after: Option<Millis> = work.tx.scalar(&queries::MAIL_AFTER, &row)?;
        next_at = after.map_or(work.now, |after| after.max(work.now));
    }
    let row = params![
        id,
        to.person,
        &to.mail,
        &to.name,
        &to.call,
        to.lang,
        to.zone.name(),
        *kind,
        thing,
        *key,
        &arguments,
        path,
        *about,
        secret.as_ref().map(|secret| secret.purpose.as_str()),
        secret.as_ref().map(|secret| secret.link),
        next_at,
        work.now
    ];
    work.tx.execute(&queries::MAIL, &row)?;
    Ok(())
}

/// Forgets a person who was erased.
///
/// # Errors
/// The database's error.
pub fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_NOTICES, &params![person])?;
    work.tx.execute(&queries::FORGET_MAILS, &params![person])?;
    work.tx.execute(&queries::FORGET_STOPS, &params![person])?;
    Ok(())
}

/// Forgets mails that went out thirty days ago: they hold addresses.
///
/// # Errors
/// The database's error.
pub fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    work.tx.execute(&queries::FORGET_SENT, &params![work.now.plus(-30 * DAY)])?;
    work.tx.execute(&queries::FORGET_UNKNOWN, &params![work.now.plus(-UNKNOWN_DAYS * DAY)])?;
    Ok(())
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId) -> Result<serde_json::Value, DbError> {
    let rows: Vec<pages::Notice> = tx.all(&queries::NOTICES, &params![person, "g", 1_000])?;
    let notice = |n: &pages::Notice| serde_json::json!({ "key": n.key, "arguments": n.arguments, "made_at": text::machine(n.made_at) });
    let notices: Vec<_> = rows.iter().map(notice).collect();
    Ok(serde_json::json!({ "notices": notices, "not_mailed": choices::stops(tx, person)? }))
}

/// Marks all notices of a person as read that were made before this write.
fn read_all(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&queries::READ, &params![person, work.now])?;
    Ok(())
}

/// Arguments as the database keeps them: a JSON object.
fn write_arguments(arguments: &[(&'static str, Argument)]) -> String {
    let object: serde_json::Map<String, serde_json::Value> =
        arguments.iter().map(|(name, value)| ((*name).to_owned(), serde_json::json!(value))).collect();
    serde_json::Value::Object(object).to_string()
}

/// Arguments as they were kept; an unreadable one is left out.
fn read_arguments(text: &str) -> Vec<(String, Argument)> {
    let object: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).unwrap_or_default();
    let argument = |value: serde_json::Value| match value {
        serde_json::Value::Number(number) => number.as_i64().map(Argument::Number),
        serde_json::Value::String(text) => Some(Argument::Text(text)),
        _ => None,
    };
    object.into_iter().filter_map(|(name, value)| Some((name, argument(value)?))).collect()
}

/// A message of a key with kept arguments; instants among them are told in this zone.
fn message(lang: Lang, zone: Tz, key: &str, arguments: &[(String, Argument)]) -> String {
    let told = |(name, value): &(String, Argument)| match value {
        Argument::Number(at) if name.ends_with("_at") => text::instant(Millis(*at), zone, lang).into(),
        value => value.clone(),
    };
    let told: Vec<(&str, Argument)> = arguments.iter().map(|one| (one.0.as_str(), told(one))).collect();
    locale::message(lang, key, &told)
}

/// The zone of this name; that of Jakarta if there is none.
fn zone(name: &str) -> Tz {
    name.parse().unwrap_or(Tz::Asia__Jakarta)
}
