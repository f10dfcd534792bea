//! Passkeys are made, shown, renamed and removed. What is asked of a browser is kept here, for that browser, and taken
//! once, whether the answer fits or not.

use super::{
    super::{
        model::{Account, AccountState, SignUp},
        passkey::{
            Ceremony, CeremonyPurpose, Challenge, KeyAnswer, KeySignUpInput, NewKeyAnswer, Passkey,
            ShownPasskey,
        },
        queries::{self, passkey as sql},
        rules::{self, passkey as keys},
        session::Waits,
    },
    Begun, Making, agent, ask_to_confirm, begin_session, count, count_mail, factor, guardian, make, proof,
    subject_of,
};
use crate::{
    people::session::device_name,
    shell::{AppError, Cx, Place, Viewer, Work, cx, forms::Wrong, secrets},
};
use axum::http::HeaderValue;
use mapalus_core::{
    CeremonyId, Event, PasskeyId, Permit, PersonId, Refusal, RefusalKind, SessionId,
    access::{Enter, GuardAccount, UseAccount},
    time::SECOND,
};
use mapalus_db::{DbError, Tx, params};
use serde::{Deserialize, Serialize};
use webauthn_rs::prelude::{Uuid, Webauthn};

/// Name of the cookie by which a browser is known that was asked for a passkey.
const BROWSER: &str = "ceremony";

/// Whether browsers have passkeys where this instance is reached.
pub fn are_there(cx: &Cx) -> bool {
    party(cx).is_ok()
}

fn party(cx: &Cx) -> Result<Webauthn, Refusal> {
    keys::party(&cx.app.settings.public_url)
        .ok_or_else(|| Refusal::new(RefusalKind::Conflict, "people-passkey-not-here"))
}

/// The passkeys of a person, the oldest first.
pub(in crate::people) fn passkeys(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Passkey>, DbError> {
    tx.all(&sql::PASSKEYS, &params![person])
}

/// A passkey of a person.
pub(in crate::people) fn passkey(
    tx: &mut Tx<'_>,
    person: PersonId,
    key: PasskeyId,
) -> Result<Option<Passkey>, DbError> {
    tx.optional(&sql::PASSKEY, &params![key, person])
}

/// How many passkeys a person has.
pub(in crate::people) fn count_of(tx: &mut Tx<'_>, person: PersonId) -> Result<i64, DbError> {
    tx.scalar(&sql::COUNT_PASSKEYS, &params![person])
}

/// The secret of this browser: the one that it has, or a new one.
fn browser(cx: &Cx) -> String {
    let own = cx::cookie(&cx.headers, BROWSER).filter(|secret| (20..=64).contains(&secret.len()));
    own.map_or_else(|| secrets::token(&*cx.app.chance), str::to_owned)
}

fn digest(secret: &str) -> String {
    secrets::digest(format!("ceremony {secret}"))
}

/// The cookie that ties a challenge to the browser that got it.
fn tie(cx: &Cx, secret: &str) -> HeaderValue {
    cx::set_cookie(BROWSER, secret, keys::CEREMONY_MILLIS / SECOND, cx.app.settings.secure())
}

/// What was filled in to sign up, and what the browser was asked for.
#[derive(Serialize, Deserialize)]
struct SignUpDetail {
    input: KeySignUpInput,
    options: serde_json::Value,
    handle: String,
}

/// A challenge that is to be kept.
struct New {
    purpose: CeremonyPurpose,
    person: Option<PersonId>,
    state: String,
    detail: String,
}

/// Keeps a challenge for this browser; gives its id and the cookie.
async fn keep(cx: &Cx, new: New) -> Result<(CeremonyId, HeaderValue), AppError> {
    let secret = browser(cx);
    let (browser, subject) = (digest(&secret), format!("passkey {}", subject_of(cx.address)));
    let id = cx
        .app
        .write_as(new.person, "people::keep_ceremony", move |work| {
            count(work, &subject, keys::CEREMONIES_OF_ADDRESS)?;
            let id: CeremonyId = work.id();
            let ends_at = work.now.plus(keys::CEREMONY_MILLIS);
            let New { purpose, person, state, detail } = &new;
            let row = params![id, purpose, &browser, *person, state, detail, work.now, ends_at];
            work.tx.execute(&sql::ADD_CEREMONY, &row)?;
            Ok::<_, AppError>(id)
        })
        .await?;
    Ok((id, tie(cx, &secret)))
}

/// A challenge of this browser, if it holds.
async fn held(cx: &Cx, id: &str, purpose: CeremonyPurpose) -> Result<Option<Ceremony>, AppError> {
    let (Ok(id), Some(secret)) = (id.parse::<CeremonyId>(), cx::cookie(&cx.headers, BROWSER)) else {
        return Ok(None);
    };
    let browser = digest(secret);
    cx.read("people::ceremony", move |tx, cx| {
        Ok(tx.optional(&sql::CEREMONY, &params![id, purpose, browser, cx.now])?)
    })
    .await
}

/// Takes a challenge within the write that goes on with it: whoever comes second is told that it is over.
fn take(work: &mut Work<'_, '_>, id: CeremonyId) -> Result<(), AppError> {
    match work.tx.execute(&sql::TAKE_CEREMONY, &params![id])? {
        0 => Err(keys::over().into()),
        _ => Ok(()),
    }
}

/// A challenge whose answer did not fit is taken too.
async fn spent<T>(cx: &Cx, id: CeremonyId, result: Result<T, AppError>) -> Result<T, AppError> {
    if result.is_err() {
        cx.app
            .write_as(None, "people::spend_ceremony", move |work| {
                work.tx.execute(&sql::TAKE_CEREMONY, &params![id])
            })
            .await?;
    }
    result
}

/// Asks a browser for a passkey, to sign in or to prove anew who one is.
async fn ask(
    cx: &Cx,
    purpose: CeremonyPurpose,
    person: Option<PersonId>,
) -> Result<(Challenge, HeaderValue), AppError> {
    let (challenge, state) = party(cx)?.start_discoverable_authentication().map_err(AppError::caused)?;
    let options = serde_json::to_value(&challenge.public_key).map_err(AppError::caused)?;
    let new = New { purpose, person, state: keys::keep(&state)?, detail: String::new() };
    let (id, cookie) = keep(cx, new).await?;
    Ok((Challenge { ceremony: id.to_string(), options }, cookie))
}

/// Asks a browser for a passkey to sign in by.
///
/// # Errors
/// `people-passkey-not-here`, `people-too-many-tries`.
pub async fn ask_to_sign_in(cx: &Cx, _permit: &Permit<Enter>) -> Result<(Challenge, HeaderValue), AppError> {
    ask(cx, CeremonyPurpose::SignIn, None).await
}

/// Asks a browser for a passkey, to prove anew who one is.
///
/// # Errors
/// As [`ask_to_sign_in`].
pub async fn ask_to_prove(
    cx: &Cx,
    permit: &Permit<UseAccount>,
) -> Result<(Challenge, HeaderValue), AppError> {
    ask(cx, CeremonyPurpose::Prove, Some(permit.signed_in()?)).await
}

/// A passkey that fits its challenge, with what is to be kept of it.
#[derive(Clone)]
struct Fits {
    key: ShownPasskey,
    credential: String,
    synced: bool,
}

/// Looks up the passkey that a browser shows, and checks it.
async fn fits(cx: &Cx, ceremony: &Ceremony, answer: &serde_json::Value) -> Result<Fits, AppError> {
    let party = party(cx)?;
    let (answer, id, handle) = keys::shown(&party, answer)?;
    let row = params![id, handle.to_string()];
    let found = cx.read("people::passkey", move |tx, _| Ok(tx.optional(&sql::SHOWN_PASSKEY, &row)?)).await?;
    let key: ShownPasskey =
        found.ok_or_else(|| Refusal::new(RefusalKind::Conflict, "people-passkey-unknown"))?;
    let (credential, synced) = keys::used(&party, &answer, &ceremony.state, &key.credential)?;
    Ok(Fits { key, credential, synced })
}

/// Keeps what a passkey told; it must stand as it was read.
fn note(work: &mut Work<'_, '_>, fits: &Fits) -> Result<(), AppError> {
    let row = params![fits.key.id, fits.key.version, &fits.credential, fits.synced, work.now];
    match work.tx.execute(&sql::USE_PASSKEY, &row)? {
        0 => Err(Refusal::new(RefusalKind::Conflict, "people-passkey-at-once").into()),
        _ => Ok(()),
    }
}

/// Signs in by a passkey: whoever unlocked it needs no second step.
///
/// # Errors
/// `people-passkey-over`, `people-passkey-unknown`, why it is not taken; `people-not-confirmed` as for a password.
pub async fn sign_in(cx: &Cx, _permit: &Permit<Enter>, input: &KeyAnswer) -> Result<Begun, AppError> {
    let ceremony = held(cx, &input.ceremony, CeremonyPurpose::SignIn).await?.ok_or_else(keys::over)?;
    let id = ceremony.id;
    let fits = spent(cx, id, fits(cx, &ceremony, &input.credential).await).await?;
    if fits.key.state == AccountState::New {
        let told = not_confirmed(cx, &fits, &input.next).await.unwrap_or_else(|error| error);
        return spent(cx, id, Err(told)).await;
    }
    let (agent, person) = (agent(cx), fits.key.person_id);
    let pending = cx::cookie(&cx.headers, cx::session_cookie(cx.app.settings.secure())).map(secrets::digest);
    let begun = cx
        .app
        .write_as(Some(person), "people::sign_in_by_passkey", move |work| {
            take(work, id)?;
            note(work, &fits)?;
            if let Some(pending) = &pending {
                work.tx.execute(&sql::END_PENDING, &params![pending])?;
            }
            let mut begun = begin_session(work, Some(person), &agent, Waits::Nothing)?;
            work.tx.execute(&sql::KEY_SESSION, &params![begun.session])?;
            begun.returned = guardian::come_back(work, person)?;
            Ok(begun)
        })
        .await;
    spent(cx, id, begun).await
}

/// The refusal of an account whose address nobody has confirmed; the link is sent once more where mail goes out.
async fn not_confirmed(cx: &Cx, fits: &Fits, next: &str) -> Result<AppError, AppError> {
    if !cx.app.settings.can_mail() {
        return Ok(Refusal::new(RefusalKind::Conflict, "people-not-confirmed-no-mail").into());
    }
    let (person, mail, next) = (fits.key.person_id, fits.key.mail_folded.clone(), next.to_owned());
    let address = cx.address;
    cx.app
        .write_as(None, "people::confirm_again", move |work| {
            count_mail(work, address, &mail)?;
            Ok::<_, AppError>(ask_to_confirm(work, person, &next)?)
        })
        .await?;
    Ok(Refusal::new(RefusalKind::Conflict, "people-not-confirmed").into())
}

/// Proves by a passkey of one's own who one is; it holds for ten minutes, for this session.
///
/// # Errors
/// As [`sign_in`]; `people-passkey-other` for somebody else's.
pub async fn prove(cx: &Cx, permit: &Permit<UseAccount>, input: &KeyAnswer) -> Result<SessionId, AppError> {
    let person = permit.signed_in()?;
    let session = cx.viewer.as_ref().and_then(Viewer::session).ok_or_else(Refusal::not_found)?;
    let ceremony = held(cx, &input.ceremony, CeremonyPurpose::Prove).await?;
    let ceremony = ceremony.filter(|held| held.person_id == Some(person)).ok_or_else(keys::over)?;
    let id = ceremony.id;
    let checked = match fits(cx, &ceremony, &input.credential).await {
        Ok(fits) if fits.key.person_id != person => {
            Err(Refusal::new(RefusalKind::Conflict, "people-passkey-other").into())
        }
        other => other,
    };
    let fits = spent(cx, id, checked).await?;
    let proved = cx
        .app
        .write_as(Some(person), "people::prove_by_passkey", move |work| {
            take(work, id)?;
            note(work, &fits)?;
            proof::proved(work, session)?;
            work.tx.execute(&sql::KEY_SESSION, &params![session])?;
            Ok::<_, AppError>(session)
        })
        .await;
    spent(cx, id, proved).await
}

/// Asks a browser to make a passkey for one's account.
///
/// # Errors
/// `people-passkeys-full`, `people-passkey-not-here`, `people-too-many-tries`.
pub async fn ask_to_add(
    cx: &Cx,
    permit: &Permit<GuardAccount>,
) -> Result<(Challenge, HeaderValue), AppError> {
    let person = permit.signed_in()?;
    let party = party(cx)?;
    let (account, own): (Account, Vec<Passkey>) = cx
        .read("people::passkeys", move |tx, _| {
            Ok((tx.one(&queries::ACCOUNT, &params![person])?, passkeys(tx, person)?))
        })
        .await?;
    keys::room(own.len())?;
    let handle = own.first().and_then(|key| key.handle.parse::<Uuid>().ok()).unwrap_or_else(|| handle(cx));
    let exclude = own.iter().filter_map(|key| keys::id_bytes(&key.credential_id)).collect();
    let started = party.start_passkey_registration(handle, &account.mail, &account.name, Some(exclude));
    let (challenge, state) = started.map_err(AppError::caused)?;
    let new = New {
        purpose: CeremonyPurpose::Add,
        person: Some(person),
        state: keys::keep(&state)?,
        detail: handle.to_string(),
    };
    let options = keys::creation_options(&challenge)?;
    let (id, cookie) = keep(cx, new).await?;
    Ok((Challenge { ceremony: id.to_string(), options }, cookie))
}

/// By what devices know an account: drawn by chance, so that it says nothing of it.
fn handle(cx: &Cx) -> Uuid {
    let mut bytes = [0; 16];
    cx.app.chance.fill(&mut bytes);
    Uuid::from_bytes(bytes)
}

/// What a passkey is called if its owner does not say: the browser and its system.
fn name_of(cx: &Cx, name: &str) -> Result<String, AppError> {
    let name = keys::name(name, 0).map_err(|wrong| wrong.at("name"))?;
    if !name.is_empty() {
        return Ok(name);
    }
    let device = device_name(&agent(cx));
    Ok(if device.trim().is_empty() { cx.text("people-passkey") } else { device })
}

/// Adds the passkey that a browser made to one's account.
///
/// # Errors
/// `people-passkey-over`, `people-passkeys-full`, `people-passkey-taken`, why it is not taken.
pub async fn add(cx: &Cx, permit: Permit<GuardAccount>, input: &NewKeyAnswer) -> Result<Place, AppError> {
    let person = permit.signed_in()?;
    let session = cx.viewer.as_ref().and_then(Viewer::session).ok_or_else(Refusal::not_found)?;
    let name = name_of(cx, &input.name)?;
    let ceremony = held(cx, &input.ceremony, CeremonyPurpose::Add).await?;
    let ceremony = ceremony.filter(|held| held.person_id == Some(person));
    let Some(ceremony) = ceremony else {
        return cx.earlier(keys::over().into()).await;
    };
    let (id, handle) = (ceremony.id, ceremony.detail.clone());
    let party = party(cx)?;
    let made = spent(cx, id, keys::made(&party, &input.credential, &ceremony.state)).await?;
    let added = cx.write("people::add_passkey", move |work, _| {
        take(work, id)?;
        let key = store(work, person, &made, (&handle, &name))?;
        work.tx.execute(&sql::KEY_SESSION, &params![session])?;
        work.record(&permit, key, "passkey")?;
        work.emit(&Event::PasskeyAdded { person })?;
        Ok(Place::at("/me/factors").telling("people-done-passkey"))
    });
    spent(cx, id, added.await).await
}

fn store(
    work: &mut Work<'_, '_>,
    person: PersonId,
    made: &keys::Made,
    (handle, name): (&str, &str),
) -> Result<PasskeyId, AppError> {
    work.tx.execute(&sql::HOLD_WAYS, &params![person])?;
    let taken: Vec<(i64,)> = work.tx.all(&sql::PASSKEY_PLACES, &params![person])?;
    let place = keys::free_place(&taken.into_iter().map(|(place,)| place).collect::<Vec<_>>())?;
    let key: PasskeyId = work.id();
    let row = params![
        key,
        person,
        place,
        &made.credential_id,
        handle,
        name,
        &made.credential,
        made.synced,
        work.now
    ];
    match work.tx.execute(&sql::ADD_PASSKEY, &row)? {
        0 => Err(Refusal::new(RefusalKind::Conflict, "people-passkey-taken").into()),
        _ => Ok(key),
    }
}

/// Renames a passkey of one's own.
///
/// # Errors
/// Not found; a name that does not hold.
pub fn rename(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    key: PasskeyId,
    name: &str,
) -> Result<(), AppError> {
    let name = keys::name(name, 1).map_err(|wrong: Wrong| wrong.at("name"))?;
    if work.tx.execute(&sql::RENAME_PASSKEY, &params![key, permit.signed_in()?, name])? == 0 {
        return Err(Refusal::not_found().into());
    }
    work.record(permit, key, "passkey renamed")?;
    Ok(())
}

/// Removes a passkey of one's own; with the last way of a second step go its recovery codes.
///
/// # Errors
/// Not found; `people-passkey-last` if nothing else would open the account.
pub fn remove(
    work: &mut Work<'_, '_>,
    permit: &Permit<GuardAccount>,
    key: PasskeyId,
    can_mail: bool,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    work.tx.execute(&sql::HOLD_WAYS, &params![person])?;
    if work.tx.execute(&sql::REMOVE_PASSKEY, &params![key, person])? == 0 {
        return Err(Refusal::not_found().into());
    }
    if count_of(work.tx, person)? == 0 {
        let secret: super::super::model::Secret = work.tx.one(&queries::SECRET_OF, &params![person])?;
        if secret.password_hash.is_empty() && !can_mail {
            return Err(Refusal::new(RefusalKind::Conflict, "people-passkey-last").into());
        }
        factor::end_recovery_if_last(work, person)?;
    }
    work.record(permit, key, "no passkey")?;
    work.emit(&Event::PasskeyRemoved { person })?;
    Ok(())
}

/// Checks what was filled in for an account that a passkey opens, and asks the browser to make one.
///
/// # Errors
/// Every field that does not hold; as [`super::may_sign_up`]; `people-passkey-not-here`.
pub async fn ask_to_sign_up(cx: &Cx, input: KeySignUpInput) -> Result<(Challenge, HeaderValue), AppError> {
    cx.standing().permit::<Enter>()?;
    let account = keys::sign_up(&input, cx.lang, cx.now)?;
    let party = party(cx)?;
    super::may_sign_up(cx, &account.mail.folded).await?;
    let handle = handle(cx);
    let started = party.start_passkey_registration(handle, &account.mail.written, &account.name.0, None);
    let (challenge, state) = started.map_err(AppError::caused)?;
    let options = keys::creation_options(&challenge)?;
    let detail = SignUpDetail { input, options: options.clone(), handle: handle.to_string() };
    let new = New {
        purpose: CeremonyPurpose::SignUp,
        person: None,
        state: keys::keep(&state)?,
        detail: keys::keep(&detail)?,
    };
    let (id, cookie) = keep(cx, new).await?;
    Ok((Challenge { ceremony: id.to_string(), options }, cookie))
}

/// For whom this browser is to make a passkey, and what it was asked for; none if it was not, or too long ago.
///
/// # Errors
/// The database's error.
pub async fn signing_up(cx: &Cx) -> Result<Option<(KeySignUpInput, Challenge)>, AppError> {
    let Some(secret) = cx::cookie(&cx.headers, BROWSER) else {
        return Ok(None);
    };
    let browser = digest(secret);
    let found: Option<Ceremony> = cx
        .read("people::signing_up", move |tx, cx| {
            Ok(tx.optional(&sql::NEWEST_CEREMONY, &params![browser, CeremonyPurpose::SignUp, cx.now])?)
        })
        .await?;
    let Some(ceremony) = found else {
        return Ok(None);
    };
    let SignUpDetail { input, options, .. } = keys::kept(&ceremony.detail)?;
    Ok(Some((input, Challenge { ceremony: ceremony.id.to_string(), options })))
}

/// Makes an account that is opened by the passkey that a browser made. The answer is the same whether the address has an
/// account already.
///
/// # Errors
/// `people-passkey-over`, why it is not taken, `people-too-many-tries`.
pub async fn sign_up(cx: &Cx, input: &NewKeyAnswer) -> Result<(Place, String), AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let name = name_of(cx, &input.name)?;
    let Some(ceremony) = held(cx, &input.ceremony, CeremonyPurpose::SignUp).await? else {
        return Ok((cx.earlier(keys::over().into()).await?, String::new()));
    };
    let (id, party) = (ceremony.id, party(cx)?);
    let SignUpDetail { input: filled, handle, .. } = keys::kept(&ceremony.detail)?;
    let account = keys::sign_up(&filled, cx.lang, cx.now)?;
    let made = spent(cx, id, keys::made(&party, &input.credential, &ceremony.state)).await?;
    let next = account.next.clone();
    let place = cx
        .write("people::sign_up_by_passkey", move |work, cx| {
            take(work, id)?;
            count_mail(work, cx.address, &account.mail.folded)?;
            open(work, &permit, &account, &made, (&handle, &name))?;
            Ok(Place::at("/sign-up/sent"))
        })
        .await;
    Ok((spent(cx, id, place).await?, next))
}

fn open(
    work: &mut Work<'_, '_>,
    permit: &Permit<Enter>,
    account: &SignUp,
    made: &keys::Made,
    key: (&str, &str),
) -> Result<(), AppError> {
    let making = Making { account, password_hash: "", operator: false, state: AccountState::New };
    let person = match make(work, &making)? {
        Some(person) => person,
        None => match super::sign_up_again(work, account, "")? {
            Some(person) => person,
            None => return Ok(()),
        },
    };
    store(work, person, made, key)?;
    work.actor = Some(person);
    work.record(permit, person, "passkey")?;
    ask_to_confirm(work, person, &account.next)?;
    Ok(())
}

/// Forgets the passkeys of a person, and what was asked for.
pub(super) fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&sql::FORGET_PASSKEYS, &params![person])?;
    work.tx.execute(&sql::FORGET_CEREMONIES_OF, &params![person])?;
    Ok(())
}

/// Forgets passkeys of accounts that nobody confirmed, and challenges that are over.
pub(super) fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    work.tx.execute(&sql::FORGET_STALE_PASSKEYS, &params![work.now.plus(-rules::STALE_MILLIS)])?;
    work.tx.execute(&sql::FORGET_CEREMONIES, &params![work.now])?;
    Ok(())
}
