//! What people are told of their accounts.

use super::{
    connection::{Between, Pair},
    guardian::{GuardianState, Guardianship},
    model::Purpose,
    queries::{
        connection::{OPERATORS_BUT, PAIR, REPORTED},
        guardian::GUARDIANSHIP,
    },
    rules::STALE_MILLIS,
};
use crate::shell::{
    Happened,
    notice::{Draft, Kind, Recipient, Secret},
};
use mapalus_core::{Event, LinkId, PersonId, ReportId, TokenId};
use mapalus_db::{DbError, Tx, params};

/// The mails that an event asks for.
///
/// # Errors
/// The database's error.
pub fn of(tx: &mut Tx<'_>, happened: &Happened) -> Result<Vec<Draft>, DbError> {
    let (person, key, secret) = match happened.event {
        Event::SignedUp { person, link } => (person, "people-mail-confirm", secret(Purpose::Confirm, link)),
        Event::SignedUpAgain { person } => (person, "people-mail-again", None),
        Event::PasswordForgotten { person, link } => {
            (person, "people-mail-reset", secret(Purpose::Reset, link))
        }
        Event::EntryAsked { person, link } => (person, "people-mail-entry", secret(Purpose::Code, link)),
        Event::CodeAsked { person, link } => (person, "people-mail-code", secret(Purpose::Code, link)),
        Event::MailChanged { person } => (person, "people-mail-changed", None),
        Event::AccountClosing { person } => (person, "people-mail-closing", None),
        Event::MailChangeAsked { person, link } => return new_address(tx, person, link),
        Event::PasswordChanged { person } => (person, "people-mail-password", None),
        Event::ConnectionAsked { person, by } => return connection(tx, person, by, "people-notice-asked"),
        Event::ConnectionHeld { person, by } => return connection(tx, person, by, "people-notice-connected"),
        Event::PersonReported { report } => return reported(tx, report),
        Event::GuardianAsked { person, link } => return guardian_asked(tx, person, link),
        Event::WardAccepted { person, guardian } => {
            return of_ward(tx, person, guardian, "people-notice-ward-accepted");
        }
        Event::ConsentRestored { person, guardian } => {
            return of_ward(tx, person, guardian, "people-notice-consent-restored");
        }
        Event::WardDeclined { person } => (person, "people-mail-ward-declined", None),
        Event::ConsentWithdrawn { person, .. } => (person, "people-mail-consent-withdrawn", None),
        Event::GuardianshipEnded { person, guardian } => {
            let mut drafts = of_ward(tx, person, guardian, "people-notice-of-age")?;
            drafts.extend(of_ward(tx, guardian, person, "people-notice-ward-of-age")?);
            return Ok(drafts);
        }
        Event::FactorSet { person } => return of_factors(tx, person, "people-mail-factor-set"),
        Event::FactorRemoved { person } => return of_factors(tx, person, "people-mail-factor-removed"),
        Event::PasskeyAdded { person } => return of_factors(tx, person, "people-mail-passkey-added"),
        Event::PasskeyRemoved { person } => return of_factors(tx, person, "people-mail-passkey-removed"),
        Event::RecoveryMade { person } => return of_factors(tx, person, "people-mail-recovery-made"),
        Event::RecoveryUsed { person } => return of_factors(tx, person, "people-mail-recovery-used"),
        Event::TokenMade { person, token } => return new_token(tx, person, token),
        Event::TokenEnds { person, token } => return token_ends(tx, person, token),
        _ => return Ok(Vec::new()),
    };
    Ok(mail(tx, person, key, secret)?.into_iter().collect())
}

fn secret(purpose: Purpose, link: LinkId) -> Option<Secret> {
    Some(Secret { purpose: purpose.word().to_owned(), link })
}

fn mail(
    tx: &mut Tx<'_>,
    person: PersonId,
    key: &'static str,
    secret: Option<Secret>,
) -> Result<Option<Draft>, DbError> {
    // Also people whose address is not confirmed yet.
    let found: Option<super::Account> = tx.optional(&super::queries::ACCOUNT, &params![person])?;
    let Some(account) = found.filter(|account| !account.mail.is_empty()) else {
        return Ok(None);
    };
    // Nobody has confirmed the address of a new account: its mail carries no word that a stranger typed.
    let known = key != "people-mail-confirm";
    let words = |text: String| Some(text).filter(|_| known).unwrap_or_default();
    let to = Recipient {
        person: Some(person),
        name: words(account.name),
        call: words(account.call_name),
        mail: account.mail,
        lang: account.lang,
        zone: chrono_tz::Asia::Jakarta,
    };
    let path = match key {
        "people-mail-again" | "people-mail-closing" | "people-mail-consent-withdrawn" => "/sign-in",
        "people-mail-ward-declined" => "/waiting",
        _ => "/me",
    };
    let path = path.to_owned();
    Ok(Some(Draft {
        to,
        key,
        kind: Kind::Account,
        group: None,
        arguments: Vec::new(),
        path,
        secret,
        mail_only: true,
        about: None,
    }))
}

/// The mail that asks a guardian for their consent: to the address that the minor named, in the minor's language. Of
/// the minor it carries the address alone, which is confirmed, and no word that a stranger typed.
fn guardian_asked(tx: &mut Tx<'_>, person: PersonId, link: LinkId) -> Result<Vec<Draft>, DbError> {
    let found: Option<Guardianship> = tx.optional(&GUARDIANSHIP, &params![person])?;
    let Some(of) = found.filter(|of| of.state == GuardianState::Asked) else {
        return Ok(Vec::new());
    };
    let account: super::Account = tx.one(&super::queries::ACCOUNT, &params![person])?;
    let to = Recipient {
        person: None,
        name: String::new(),
        call: String::new(),
        mail: of.mail,
        lang: account.lang,
        zone: chrono_tz::Asia::Jakarta,
    };
    Ok(vec![Draft {
        to,
        key: "people-mail-guardian",
        kind: Kind::Account,
        group: None,
        arguments: vec![("mail", of.ward_mail.into()), ("until_at", of.asked_at.plus(STALE_MILLIS).0.into())],
        path: "/wards".to_owned(),
        secret: secret(Purpose::Guardian, link),
        mail_only: true,
        about: Some(person),
    }])
}

/// What is told of one of the two to the other: of a guardianship and its end.
fn of_ward(tx: &mut Tx<'_>, to: PersonId, other: PersonId, key: &'static str) -> Result<Vec<Draft>, DbError> {
    let name = super::contacts(tx, &[other])?.pop().map_or_else(String::new, |contact| contact.name);
    let draft = |contact: super::Contact| Draft {
        to: contact.into(),
        key,
        kind: Kind::Account,
        group: None,
        arguments: vec![("name", name.as_str().into())],
        path: "/me".to_owned(),
        secret: None,
        mail_only: false,
        about: Some(other),
    };
    Ok(super::contacts(tx, &[to])?.into_iter().map(draft).collect())
}

/// That somebody asks to be connected, or accepted, if it stands so still.
fn connection(
    tx: &mut Tx<'_>,
    person: PersonId,
    by: PersonId,
    key: &'static str,
) -> Result<Vec<Draft>, DbError> {
    let found: Option<Pair> = tx.optional(&PAIR, &params![person, by])?;
    let wanted = if key == "people-notice-asked" { Between::AskedBy } else { Between::Connected };
    if found.is_none_or(|pair| !pair.there || pair.blocked || pair.between(person) != wanted) {
        return Ok(Vec::new());
    }
    let Some(other) = super::contacts(tx, &[by])?.pop() else {
        return Ok(Vec::new());
    };
    let draft = |contact: super::Contact| Draft {
        to: contact.into(),
        key,
        kind: Kind::Network,
        group: None,
        arguments: vec![("name", other.name.as_str().into())],
        path: "/network".to_owned(),
        secret: None,
        mail_only: false,
        about: Some(by),
    };
    Ok(super::contacts(tx, &[person])?.into_iter().map(draft).collect())
}

/// That a person was reported, to those who operate the instance and are not that person.
fn reported(tx: &mut Tx<'_>, report: ReportId) -> Result<Vec<Draft>, DbError> {
    let found: Option<(PersonId,)> = tx.optional(&REPORTED, &params![report])?;
    let Some((other,)) = found else {
        return Ok(Vec::new());
    };
    let operators: Vec<(PersonId,)> = tx.all(&OPERATORS_BUT, &params![other])?;
    let operators: Vec<PersonId> = operators.into_iter().map(|(person,)| person).collect();
    let draft = |contact: super::Contact| Draft {
        to: contact.into(),
        key: "people-notice-reported",
        kind: Kind::Account,
        group: None,
        arguments: Vec::new(),
        path: "/admin/people-reports".to_owned(),
        secret: None,
        mail_only: false,
        about: None,
    };
    Ok(super::contacts(tx, &operators)?.into_iter().map(draft).collect())
}

/// What happened to the second step: by mail and among the notices, so that nobody changes it unnoticed.
fn of_factors(tx: &mut Tx<'_>, person: PersonId, key: &'static str) -> Result<Vec<Draft>, DbError> {
    let left = super::actions::factor::factors(tx, person)?.recovery_left;
    let mut draft = mail(tx, person, key, None)?;
    if let Some(draft) = &mut draft {
        draft.arguments = vec![("left", left.into())];
        draft.path = "/me/factors".to_owned();
        draft.mail_only = false;
    }
    Ok(draft.into_iter().collect())
}

/// That a token was made: by mail and among the notices, so that nobody makes one unnoticed.
fn new_token(tx: &mut Tx<'_>, person: PersonId, token: TokenId) -> Result<Vec<Draft>, DbError> {
    let Some(found) = super::token_of(tx, person, token)? else {
        return Ok(Vec::new());
    };
    let mut draft = mail(tx, person, "people-mail-token", None)?;
    if let Some(draft) = &mut draft {
        draft.arguments = vec![("name", found.name.into())];
        draft.path = "/me/tokens".to_owned();
        draft.mail_only = false;
    }
    Ok(draft.into_iter().collect())
}

/// That a token ends soon, unless its person has ended it or the account since.
fn token_ends(tx: &mut Tx<'_>, person: PersonId, token: TokenId) -> Result<Vec<Draft>, DbError> {
    let Some(found) = super::token_of(tx, person, token)? else {
        return Ok(Vec::new());
    };
    let contacts = super::contacts(tx, &[person])?;
    let draft = |contact: super::Contact| Draft {
        to: contact.into(),
        key: "people-remind-token",
        kind: Kind::Reminders,
        group: None,
        arguments: vec![("name", found.name.clone().into()), ("ends_at", found.ends_at.0.into())],
        path: "/me/tokens".to_owned(),
        secret: None,
        mail_only: false,
        about: None,
    };
    Ok(contacts.into_iter().map(draft).collect())
}

/// The mail that goes to the new address, to confirm it.
fn new_address(tx: &mut Tx<'_>, person: PersonId, link: LinkId) -> Result<Vec<Draft>, DbError> {
    let Some(found) = super::queries::link(tx, link)? else {
        return Ok(Vec::new());
    };
    let mut draft = mail(tx, person, "people-mail-new-address", secret(Purpose::Mail, link))?;
    if let Some(draft) = &mut draft {
        draft.to.mail = found.detail;
    }
    Ok(draft.into_iter().collect())
}
