//! The second step of signing in is set up, used and given up.

use super::{
    super::{
        factor::{AppInput, Factors, NewApp, Totp},
        model::Account,
        queries::{self, factor as sql},
        rules::{
            self,
            factor::{self as codes, Typed},
        },
    },
    count, passkey,
    sign_in::same,
};
use crate::shell::{AppError, Cx, Place, Viewer, Work, app::EntrustedSince, cx, forms::Wrong, kept, secrets};
use mapalus_core::{Event, Permit, PersonId, RecoveryId, Refusal, RefusalKind, access::GuardAccount};
use mapalus_db::{DbError, Tx, Value, params};

/// Whether a person has a second step: an app, or a passkey.
pub(in crate::people) fn is_set(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    Ok(has_app(tx, person)? || passkey::count_of(tx, person)? > 0)
}

fn has_app(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    Ok(tx.scalar::<i64>(&sql::HAS_APP, &params![person])? > 0)
}

/// Whether a second step is asked for after a password or a mailed code. Whoever set up an app wants it; a passkey is
/// another way in for everybody, and the second step of those to whom something is entrusted and who have recovery codes.
pub(super) fn is_asked(
    tx: &mut Tx<'_>,
    entrusted_since: EntrustedSince,
    person: PersonId,
) -> Result<bool, DbError> {
    if has_app(tx, person)? {
        return Ok(true);
    }
    // Without recovery codes whoever loses the device would never come in again.
    let recovers = tx.scalar::<i64>(&sql::COUNT_RECOVERY, &params![person])? > 0;
    Ok(recovers && passkey::count_of(tx, person)? > 0 && entrusted_since(tx, person)?.is_some())
}

/// With the last way of a second step its recovery codes go.
pub(super) fn end_recovery_if_last(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    if !is_set(work.tx, person)? {
        work.tx.execute(&sql::DROP_RECOVERY, &params![person])?;
    }
    Ok(())
}

/// The second step of a person.
pub(in crate::people) fn factors(tx: &mut Tx<'_>, person: PersonId) -> Result<Factors, DbError> {
    let totp: Option<Totp> = tx.optional(&sql::TOTP, &params![person])?;
    let recovery_left = tx.scalar(&sql::COUNT_RECOVERY, &params![person])?;
    Ok(Factors { totp, recovery_left, passkeys: passkey::passkeys(tx, person)? })
}

/// What an app is told to give codes for this account; nothing is stored before one of them was typed.
///
/// # Errors
/// The database's error.
pub async fn new_app(cx: &Cx, seed: Option<&str>) -> Result<NewApp, AppError> {
    let person = cx.standing().permit::<GuardAccount>()?.signed_in()?;
    let account: Account =
        cx.read("people::account", move |tx, _| Ok(tx.one(&queries::ACCOUNT, &params![person])?)).await?;
    let drawn = seed.and_then(|seed| codes::seed(seed).ok());
    let seed = drawn.unwrap_or_else(|| secrets::nonce(&*cx.app.chance));
    let secret = cx.app.key.totp(person, &seed);
    let host = cx.app.settings.host();
    codes::new_app(seed, secret, &account.mail, &format!("Mapalus {host}")).map_err(AppError::caused)
}

/// Sets up an app, in the place of an earlier one, by a code that it shows; gives new recovery codes. All other
/// sessions end: they were begun without it.
///
/// # Errors
/// `people-wrong-app-code`; `people-recovery-gone` if the form was sent before and the codes are no longer those.
pub async fn set_up(cx: &Cx, input: &AppInput) -> Result<Vec<String>, AppError> {
    let permit = cx.standing().permit::<GuardAccount>()?;
    let person = permit.signed_in()?;
    let session = cx.viewer.as_ref().and_then(Viewer::session).ok_or_else(Refusal::not_found)?;
    let seed = codes::seed(&input.seed).map_err(|wrong| wrong.at("code"))?;
    let code: String = input.code.chars().filter(|c| !c.is_whitespace()).take(20).collect();
    let secret = cx.app.key.totp(person, &seed);
    let once = once(cx);
    let value = once.clone();
    let place = cx
        .write("people::set_app", move |work, cx| {
            let step = codes::step_of(secret, &code, work.now);
            let step = step.ok_or_else(|| Wrong::plain("people-wrong-app-code").at("code"))?;
            work.tx.execute_one(&sql::SET_TOTP, &params![person, &seed, step, work.now])?;
            work.tx.execute(&queries::END_OTHER_SESSIONS, &params![person, session])?;
            let set = renew(work, cx, person, &value)?;
            work.record(&permit, person, "app")?;
            work.emit(&Event::FactorSet { person })?;
            Ok(place_of(set))
        })
        .await?;
    told(cx, person, &place, &once).await
}

/// Makes new recovery codes; the old ones no longer work.
///
/// # Errors
/// `people-factor-none` without an app; `people-recovery-gone` as in [`set_up`].
pub async fn renew_recovery(cx: &Cx) -> Result<Vec<String>, AppError> {
    let permit = cx.standing().permit::<GuardAccount>()?;
    let person = permit.signed_in()?;
    let once = once(cx);
    let value = once.clone();
    let place = cx
        .write("people::renew_recovery", move |work, cx| {
            if !is_set(work.tx, person)? {
                return Err(Refusal::new(RefusalKind::Conflict, "people-factor-none").into());
            }
            let set = renew(work, cx, person, &value)?;
            work.record(&permit, person, "recovery codes")?;
            work.emit(&Event::RecoveryMade { person })?;
            Ok(place_of(set))
        })
        .await?;
    told(cx, person, &place, &once).await
}

/// Gives up the second step, with its recovery codes.
///
/// # Errors
/// Not found without one.
pub fn remove(work: &mut Work<'_, '_>, permit: &Permit<GuardAccount>) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    work.tx.execute(&queries::passkey::HOLD_WAYS, &params![person])?;
    if work.tx.execute(&sql::DROP_TOTP, &params![person])? == 0 {
        return Err(Refusal::not_found().into());
    }
    end_recovery_if_last(work, person)?;
    work.record(permit, person, "no app")?;
    work.emit(&Event::FactorRemoved { person })?;
    Ok(())
}

/// Gives up all there is of a second step: the app, the passkeys, the recovery codes; whether there was any.
pub(in crate::people) fn remove_all(
    work: &mut Work<'_, '_>,
    permit: &Permit<GuardAccount>,
) -> Result<bool, AppError> {
    let person = permit.signed_in()?;
    let there = is_set(work.tx, person)?;
    if there {
        forget(work, person)?;
        work.record(permit, person, "no factor")?;
        work.emit(&Event::FactorRemoved { person })?;
    }
    Ok(there)
}

/// Forgets the second step of a person who is erased.
pub(super) fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&sql::DROP_TOTP, &params![person])?;
    work.tx.execute(&sql::DROP_RECOVERY, &params![person])?;
    passkey::forget(work, person)
}

/// Takes a code of the app or a recovery code, each once; whether it was one. Wrong ones are counted: those of the
/// browser in which the person signed in before by themselves, so that nobody else shuts it out.
///
/// # Errors
/// `people-too-many-tries`.
pub(super) fn try_code(
    work: &mut Work<'_, '_>,
    cx: &Cx,
    person: PersonId,
    code: &str,
) -> Result<bool, AppError> {
    let mark = cx::cookie(&cx.headers, kept::MARK);
    let own = mark.is_some_and(|mark| same(&cx.app.key.mark(person), mark));
    let subject = format!("factor {}{person}", if own { "known " } else { "" });
    count(work, &subject, rules::TRIES_OF_ACCOUNT)?;
    let fits = match codes::typed(code) {
        Typed::App(code) => take_app_code(work, cx, person, &code)?,
        Typed::Recovery(code) => {
            let digest = digest(cx, person, &code);
            let used = work.tx.execute(&sql::USE_RECOVERY, &params![person, digest])? == 1;
            if used {
                work.emit(&Event::RecoveryUsed { person })?;
            }
            used
        }
    };
    if fits {
        work.tx.execute(&queries::FORGET_TRIES_OF, &params![&subject])?;
    }
    Ok(fits)
}

fn take_app_code(work: &mut Work<'_, '_>, cx: &Cx, person: PersonId, code: &str) -> Result<bool, DbError> {
    let Some(totp) = work.tx.optional::<Totp>(&sql::TOTP, &params![person])? else {
        return Ok(false);
    };
    let Some(step) = codes::step_of(cx.app.key.totp(person, &totp.seed), code, work.now) else {
        return Ok(false);
    };
    Ok(work.tx.execute(&sql::TAKE_STEP, &params![person, &totp.seed, step, work.now])? == 1)
}

fn once(cx: &Cx) -> String {
    cx.once().map_or_else(|| secrets::nonce(&*cx.app.chance), str::to_owned)
}

/// Under what a recovery code is kept.
fn digest(cx: &Cx, person: PersonId, code: &str) -> String {
    cx.app.key.seal(format!("recovery {person} {code}"))
}

fn renew(work: &mut Work<'_, '_>, cx: &Cx, person: PersonId, once: &str) -> Result<RecoveryId, DbError> {
    let set: RecoveryId = work.id();
    work.tx.execute(&sql::DROP_RECOVERY, &params![person])?;
    let digests = cx.app.key.recovery(set, once).map(|code| Value::from(digest(cx, person, &code)));
    let row: Vec<Value> = params![person, set].into_iter().chain(digests).collect();
    work.tx.execute(&sql::ADD_RECOVERY, &row)?;
    Ok(set)
}

fn place_of(set: RecoveryId) -> Place {
    Place::at(format!("/me/factors#{set}"))
}

/// The recovery codes that a form made, as long as they are those that work.
async fn told(cx: &Cx, person: PersonId, place: &Place, once: &str) -> Result<Vec<String>, AppError> {
    let set = place.location.rsplit('#').next().and_then(|set| set.parse::<RecoveryId>().ok());
    let set = set.ok_or_else(|| AppError::internal("recovery codes were made without a place"))?;
    let there = cx.read("people::recovery_set", move |tx, _| {
        Ok(tx.scalar::<i64>(&sql::HAS_RECOVERY_SET, &params![person, set])? > 0)
    });
    if !there.await? {
        return Err(Refusal::new(RefusalKind::Gone, "people-recovery-gone").into());
    }
    Ok(cx.app.key.recovery(set, once).iter().map(|code| codes::in_parts(code)).collect())
}
