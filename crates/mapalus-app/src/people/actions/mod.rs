//! Accounts are made, confirmed, entered and left. Passwords are hashed before a transaction begins.

pub mod account;
mod code;
pub mod connection;
pub mod consent;
pub mod factor;
pub mod guardian;
pub mod passkey;
pub mod proof;
mod sign_in;
pub mod token;

pub use code::{ask_for_code, enter_code, waits};
pub use sign_in::{BROWSER, sign_in};

use super::{
    model::{AccountState, Link, PRIVACY_VERSION, Password, Purpose, Secret, SignUp},
    queries, rules,
    session::{WAIT_MILLIS, Waits},
};
use crate::shell::{App, AppError, Cx, Lang, Place, Work, app::EntrustedSince, secrets};
use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use mapalus_core::{
    Event, LinkId, Permit, PersonId, Refusal, RefusalKind, SessionId,
    access::{Enter, EnterDemo, OperateInstance, UseAccount},
};
use mapalus_db::{DbError, params};
use std::{net::IpAddr, time::Duration};

/// Runs work on a password: two at once, others wait two seconds, then are told to try again.
async fn hashing<T: Send + 'static>(
    app: &App,
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, AppError> {
    let busy = || AppError::from(Refusal::new(RefusalKind::Unavailable, "refusal-busy"));
    let place = tokio::time::timeout(Duration::from_secs(2), app.hashing.acquire()).await;
    let _place = place.map_err(|_| busy())?.map_err(|_| busy())?;
    tokio::task::spawn_blocking(work).await.map_err(AppError::caused)
}

/// The hash of a password: argon2id, 19 MiB, two rounds, with a salt of its own.
pub async fn hash(app: &App, password: &str) -> Result<String, AppError> {
    let mut salt = [0u8; 16];
    app.chance.fill(&mut salt);
    let password = password.to_owned();
    let hashed: Result<PasswordHash, _> =
        hashing(app, move || Argon2::default().hash_password_with_salt(password.as_bytes(), &salt)).await?;
    Ok(hashed.map_err(|_| AppError::internal("a password could not be hashed"))?.to_string())
}

/// The hash of the password of a new account; empty for one that is opened by something else.
pub async fn hash_of(app: &App, password: Option<&Password>) -> Result<String, AppError> {
    match password {
        Some(password) => hash(app, &password.0).await,
        None => Ok(String::new()),
    }
}

/// A hash of nobody's password: an unknown address costs the same time as a known one.
const NOBODY: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$bWFwYWx1c25vYm9keXM$+zcCTUuW1c1yRXxZ5Hj5zs4AXbs4zpmOOn2ym1Wk2mY";

async fn fits(app: &App, password: &str, hash: Option<&str>) -> Result<bool, AppError> {
    // An account without a password takes the same time, too.
    let hash = hash.filter(|hash| !hash.is_empty());
    let (password, known) = (password.to_owned(), hash.is_some());
    let hash = hash.unwrap_or(NOBODY).to_owned();
    let fits = hashing(app, move || {
        PasswordHash::new(&hash)
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    Ok(fits.await? && known)
}

/// Network addresses as they are counted: an IPv6 one by its network.
pub(super) fn subject_of(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        IpAddr::V6(v6) => format!("{:x}", v6.to_bits() >> 64),
    }
}

/// Counts one more under a subject, and refuses it if that is too many.
pub(super) fn count(work: &mut Work<'_, '_>, subject: &str, most: i64) -> Result<(), AppError> {
    // Counted and limited in one statement: those that come at once see each other.
    if !queries::count_try(work.tx, subject, most, work.now)? {
        rules::one_more_try(&queries::tries(work.tx, subject)?, most, work.now)?;
    }
    Ok(())
}

/// Under what a mail is counted: the network address that asks for it, and the mail address it goes to.
fn mail_limits(address: IpAddr, to: &str) -> [(String, i64); 2] {
    [(format!("mail {}", subject_of(address)), rules::MAILS_OF_ADDRESS), mail_to_limit(to)]
}

fn mail_to_limit(to: &str) -> (String, i64) {
    (format!("mail to {}", secrets::digest(to)), rules::MAILS_TO_ADDRESS)
}

/// Counts a mail that one person asks for to another's address.
pub(super) fn count_mail_to(work: &mut Work<'_, '_>, to: &str) -> Result<(), AppError> {
    let (subject, most) = mail_to_limit(to);
    count(work, &subject, most)
}

pub(super) fn count_mail(work: &mut Work<'_, '_>, address: IpAddr, to: &str) -> Result<(), AppError> {
    mail_limits(address, to).iter().try_for_each(|(subject, most)| count(work, subject, *most))
}

/// Makes a link; earlier ones of the same person and purpose open nothing any more.
fn make_link(
    work: &mut Work<'_, '_>,
    purpose: Purpose,
    person: Option<PersonId>,
    detail: &str,
) -> Result<LinkId, DbError> {
    match person {
        Some(person) => work.tx.execute(&queries::SPEND_LINKS, &params![person, purpose, work.now])?,
        None => work.tx.execute(&queries::SPEND_SETUP_LINKS, &params![work.now])?,
    };
    let link: LinkId = work.id();
    let ends_at = work.now.plus(rules::link_millis(purpose));
    work.tx.execute(&queries::MAKE_LINK, &params![link, purpose, person, work.now, ends_at, detail])?;
    Ok(link)
}

/// Sends a new account the link that confirms its address, and leads on to a page of ours.
fn ask_to_confirm(work: &mut Work<'_, '_>, person: PersonId, next: &str) -> Result<(), DbError> {
    let next = Some(rules::own_path(next)).filter(|next| !rules::holds_secret(next)).unwrap_or("/");
    let link = make_link(work, Purpose::Confirm, Some(person), next)?;
    work.emit(&Event::SignedUp { person, link })?;
    Ok(())
}

/// A new account, with what its row holds besides what was filled in.
pub(crate) struct Making<'a> {
    pub account: &'a SignUp,
    pub password_hash: &'a str,
    pub operator: bool,
    pub state: AccountState,
}

/// Makes an account; `None` if there is one of this address.
pub(crate) fn make(work: &mut Work<'_, '_>, making: &Making<'_>) -> Result<Option<PersonId>, DbError> {
    let person: PersonId = work.id();
    let SignUp { name, call, mail, lang, .. } = making.account;
    let row = params![
        person,
        &name.0,
        call,
        &mail.written,
        &mail.folded,
        making.password_hash,
        lang,
        making.operator,
        making.state,
        PRIVACY_VERSION,
        work.now
    ];
    if work.tx.execute(&queries::MAKE_ACCOUNT, &row)? == 0 {
        return Ok(None);
    }
    if let Some(minor) = &making.account.minor {
        guardian::mark(work, person, Some(minor))?;
    }
    Ok(Some(person))
}

/// Whether the instance has an operator, without whom nobody signs up; a demonstration needs none.
///
/// # Errors
/// The database's error.
pub async fn takes_people(cx: &Cx) -> Result<bool, AppError> {
    cx.read("people::takes_people", |tx, cx| {
        Ok(cx.app.settings.demo || tx.scalar::<i64>(&queries::COUNT_OPERATORS, &[])? > 0)
    })
    .await
}

/// Whether an account may be asked for at all: looked at before a password is hashed.
///
/// # Errors
/// `people-no-operator` before the instance has one, `people-too-many-tries`.
pub async fn may_sign_up(cx: &Cx, mail: &str) -> Result<(), AppError> {
    let limits = mail_limits(cx.address, mail);
    cx.read("people::may_sign_up", move |tx, cx| {
        let operators: i64 = tx.scalar(&queries::COUNT_OPERATORS, &[])?;
        if operators == 0 && !cx.app.settings.demo {
            return Err(Refusal::new(RefusalKind::Conflict, "people-no-operator").into());
        }
        for (subject, most) in &limits {
            rules::one_more_try(&queries::tries(tx, subject)?, *most, cx.now)?;
        }
        Ok(())
    })
    .await
}

/// Asks for an account. The answer is the same whether the address has one already.
pub fn sign_up(
    work: &mut Work<'_, '_>,
    permit: &Permit<Enter>,
    account: &SignUp,
    password_hash: &str,
    address: IpAddr,
) -> Result<(), AppError> {
    count_mail(work, address, &account.mail.folded)?;
    let making = Making { account, password_hash, operator: false, state: AccountState::New };
    match make(work, &making)? {
        Some(person) => {
            work.actor = Some(person);
            work.record(permit, person, "")?;
            ask_to_confirm(work, person, &account.next)?;
        }
        None => {
            if let Some(person) = sign_up_again(work, account, password_hash)? {
                ask_to_confirm(work, person, &account.next)?;
            }
        }
    }
    Ok(())
}

/// A sign-up with an address that has an account. As long as nobody has confirmed the address, the latest
/// one to sign up counts: it is given, and nothing of the earlier ones opens anything.
fn sign_up_again(
    work: &mut Work<'_, '_>,
    account: &SignUp,
    password_hash: &str,
) -> Result<Option<PersonId>, AppError> {
    let Some(secret) = queries::secret(work.tx, &account.mail.folded)? else {
        return Ok(None);
    };
    let person = secret.id;
    if secret.state == AccountState::New {
        let SignUp { name, call, lang, .. } = account;
        let row = params![person, &name.0, call, password_hash, lang, PRIVACY_VERSION, work.now];
        // Of an address that is confirmed at once nothing is taken: then it is as that of any account.
        work.tx.execute_one(&queries::SIGN_UP_AGAIN, &row)?;
        guardian::mark(work, person, account.minor.as_ref())?;
        passkey::forget(work, person)?;
        Ok(Some(person))
    } else {
        work.emit(&Event::SignedUpAgain { person })?;
        Ok(None)
    }
}

/// A session that was begun: the secret for its cookie, and whose it is.
#[derive(Debug, Clone)]
pub struct Begun {
    /// The secret; only its digest is stored.
    pub token: String,
    /// The session.
    pub session: SessionId,
    /// Whose it is; nobody's as long as it waits.
    pub person: Option<PersonId>,
    /// The secret of a browser that was confirmed with it.
    pub browser: Option<String>,
    /// What it waits for.
    pub waits: Waits,
    /// Whether the account was being closed, and is not any more.
    pub returned: bool,
}

/// Begins a session. One that waits is kept for ten minutes; nobody gets one that waits for no person.
fn begin_session(
    work: &mut Work<'_, '_>,
    person: Option<PersonId>,
    agent: &str,
    waits: Waits,
) -> Result<Begun, DbError> {
    let (session, token): (SessionId, _) = (work.id(), secrets::token(work.chance));
    let agent: String = agent.chars().take(200).collect();
    let counts = waits == Waits::Nothing;
    let ends_at = work.now.plus(if counts { rules::SESSION_MILLIS } else { WAIT_MILLIS });
    let proved_until = work.now.plus(if counts { rules::PROOF_MILLIS } else { 0 });
    let row =
        params![session, person, secrets::digest(&token), agent, waits, work.now, ends_at, proved_until];
    work.tx.execute(&queries::BEGIN_SESSION, &row)?;
    Ok(Begun { token, session, person: person.filter(|_| counts), browser: None, waits, returned: false })
}

/// The user agent of a request.
pub fn agent(cx: &Cx) -> String {
    let header = cx.headers.get(axum::http::header::USER_AGENT);
    header.and_then(|value| value.to_str().ok()).unwrap_or("").to_owned()
}

/// Enters a demonstration as one of its people.
pub fn enter_demo(
    work: &mut Work<'_, '_>,
    _permit: &Permit<EnterDemo>,
    mail: &str,
    (agent, lang): (&str, Lang),
) -> Result<Begun, AppError> {
    let Some(secret) = queries::secret(work.tx, mail)? else {
        return Err(Refusal::not_found().into());
    };
    // Whoever looks around reads on in the language in which the door was read.
    work.tx.execute(&queries::SET_LANGUAGE, &params![secret.id, lang])?;
    let begun = begin_session(work, Some(secret.id), agent, Waits::Nothing)?;
    // Nobody of a demonstration has anything by which to prove who they are.
    let proved_until = work.now.plus(rules::SESSION_MILLIS);
    work.tx.execute(&queries::PROVE_SESSION, &params![begun.session, proved_until])?;
    Ok(begun)
}

/// Ends one of one's own sessions; it counts at once.
pub fn end_session(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    session: SessionId,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    if work.tx.execute(&queries::END_SESSION, &params![session, person])? == 0 {
        return Err(Refusal::not_found().into());
    }
    work.record(permit, session, "")?;
    Ok(())
}

/// Ends all of one's own sessions but the one that asks.
pub fn end_other_sessions(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    own: SessionId,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    work.tx.execute(&queries::END_OTHER_SESSIONS, &params![person, own])?;
    // Whoever sits at one of the others is asked for a code again.
    work.tx.execute(&queries::FORGET_BROWSERS, &params![person])?;
    work.record(permit, person, "others")?;
    Ok(())
}

/// Notes that a session is used, if nobody has within the hour.
pub fn note_session(work: &mut Work<'_, '_>, session: SessionId) -> Result<(), DbError> {
    let since = work.now.plus(-rules::NOTED_MILLIS);
    work.tx.execute(&queries::NOTE_SESSION, &params![session, work.now, since])?;
    Ok(())
}

/// Changes the language of one's account.
pub fn set_language(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    lang: Lang,
) -> Result<(), AppError> {
    work.tx.execute(&queries::SET_LANGUAGE, &params![permit.signed_in()?, lang])?;
    Ok(())
}

/// Takes a link for use: it must be there, of this purpose, unused and not over.
fn take_link(work: &mut Work<'_, '_>, id: Option<LinkId>, purpose: Purpose) -> Result<Link, AppError> {
    let found = match id {
        Some(id) => queries::link(work.tx, id)?,
        None => None,
    };
    let link = found
        .filter(|link| link.purpose == purpose)
        .ok_or_else(|| Refusal::new(RefusalKind::NotFound, "people-link-unknown"))?;
    rules::usable(&link, work.now)?;
    work.tx.execute_one(&queries::USE_LINK, &params![link.id, work.now])?;
    Ok(link)
}

fn owner(link: &Link) -> Result<PersonId, AppError> {
    link.person_id.ok_or(AppError::internal("a link without an owner"))
}

/// Confirms an address by its link, and signs in. Gives where the person wished to go when signing up.
pub fn confirm(
    work: &mut Work<'_, '_>,
    permit: &Permit<Enter>,
    link: Option<LinkId>,
    agent: &str,
) -> Result<(Begun, String), AppError> {
    let link = take_link(work, link, Purpose::Confirm)?;
    let person = owner(&link)?;
    let waits = guardian::confirmed(work, person)?;
    work.actor = Some(person);
    work.record(permit, person, "")?;
    // Nobody has a second step before the address is confirmed.
    let begun = begin_session(work, Some(person), agent, Waits::Nothing)?;
    let next = if waits == Some(true) { guardian::WAITING } else { rules::own_path(&link.detail) };
    Ok((begun, next.to_owned()))
}

/// Asks for a new password. The answer is the same whether the address has an account.
pub fn forget(
    work: &mut Work<'_, '_>,
    _permit: &Permit<Enter>,
    mail: &str,
    address: IpAddr,
) -> Result<(), AppError> {
    count_mail(work, address, mail)?;
    if let Some(secret) = queries::secret(work.tx, mail)? {
        let link = make_link(work, Purpose::Reset, Some(secret.id), "")?;
        work.emit(&Event::PasswordForgotten { person: secret.id, link })?;
    }
    Ok(())
}

/// Sets a new password by a link, ends all sessions and tokens and begins a new session; it waits for the second step
/// of who has one.
pub fn reset(
    work: &mut Work<'_, '_>,
    permit: &Permit<Enter>,
    link: Option<LinkId>,
    password_hash: &str,
    (agent, entrusted_since): (&str, EntrustedSince),
) -> Result<Begun, AppError> {
    let link = take_link(work, link, Purpose::Reset)?;
    let person = owner(&link)?;
    // Held from here on: whoever signs up anew at once adds no passkey that stays.
    work.tx.execute(&queries::SET_PASSWORD, &params![person, password_hash])?;
    let secret: Secret = work.tx.one(&queries::SECRET_OF, &params![person])?;
    if secret.state == AccountState::New {
        // Nobody had shown that the address was theirs when these were made.
        passkey::forget(work, person)?;
    }
    // Whoever reads the mail of the address owns the account.
    guardian::confirmed(work, person)?;
    work.tx.execute(&queries::END_SESSIONS, &params![person])?;
    token::end_all(work, person)?;
    work.tx.execute(&queries::FORGET_BROWSERS, &params![person])?;
    work.actor = Some(person);
    work.record(permit, person, "")?;
    work.emit(&Event::PasswordChanged { person })?;
    if factor::is_asked(work.tx, entrusted_since, person)? {
        return Ok(begin_session(work, Some(person), agent, Waits::Factor)?);
    }
    let returned = guardian::come_back(work, person)?;
    Ok(Begun { returned, ..begin_session(work, Some(person), agent, Waits::Nothing)? })
}

/// Makes the link for the operator's account, if there is no operator; an earlier one no longer counts.
pub(super) fn open_setup(work: &mut Work<'_, '_>) -> Result<Option<LinkId>, DbError> {
    if work.tx.scalar::<i64>(&queries::COUNT_OPERATORS, &[])? > 0 {
        return Ok(None);
    }
    make_link(work, Purpose::Setup, None, "").map(Some)
}

/// Makes the first account, the operator's, and signs in.
pub fn set_up(
    work: &mut Work<'_, '_>,
    permit: &Permit<Enter>,
    link: Option<LinkId>,
    account: &SignUp,
    password_hash: &str,
    agent: &str,
) -> Result<Begun, AppError> {
    take_link(work, link, Purpose::Setup)?;
    let making = Making { account, password_hash, operator: true, state: AccountState::Confirmed };
    let person = make(work, &making)?.ok_or_else(|| Refusal::new(RefusalKind::Gone, "people-link-used"))?;
    work.actor = Some(person);
    work.record(permit, person, "")?;
    Ok(begin_session(work, Some(person), agent, Waits::Nothing)?)
}

/// Confirms an account by the operator's hand.
pub fn confirm_by_hand(
    work: &mut Work<'_, '_>,
    permit: &Permit<OperateInstance>,
    person: PersonId,
) -> Result<Place, AppError> {
    let waits = guardian::confirmed(work, person)?.ok_or_else(Refusal::not_found)?;
    work.record(permit, person, "")?;
    let told = if waits { "people-done-confirmed-waits" } else { "people-done-confirmed-by-hand" };
    Ok(Place::at("/admin").telling(told))
}

/// Forgets accounts that nobody confirmed, sessions, codes, tokens and tries that are over.
pub fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let stale = params![work.now.plus(-rules::STALE_MILLIS)];
    work.tx.execute(&queries::FORGET_LINKS_OF_STALE, &stale)?;
    work.tx.execute(&queries::FORGET_GUARDIANS_OF_STALE, &stale)?;
    passkey::sweep(work)?;
    work.tx.execute(&queries::FORGET_STALE, &stale)?;
    work.tx.execute(&queries::FORGET_SESSIONS, &params![work.now])?;
    work.tx.execute(&queries::FORGET_CODES, &params![work.now])?;
    work.tx.execute(&queries::FORGET_TOKENS, &params![work.now.plus(-rules::TOKEN_KEPT_MILLIS)])?;
    connection::sweep(work)?;
    guardian::sweep(work)?;
    work.tx.execute(&queries::FORGET_TRIES, &params![work.now.plus(-rules::TRIES_MILLIS)])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_address_is_hashed_with_the_same_cost_as_a_known_one() {
        let nobody = PasswordHash::new(NOBODY).expect("it is read, or no time would be spent on it");
        let own: PasswordHash =
            Argon2::default().hash_password_with_salt(b"kopi", &[7; 16]).expect("it can be hashed");
        assert_eq!(
            (nobody.algorithm, nobody.params.to_string(), nobody.hash.map(|hash| hash.len())),
            (own.algorithm, own.params.to_string(), own.hash.map(|hash| hash.len()))
        );
    }
}
