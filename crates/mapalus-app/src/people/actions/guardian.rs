//! A minor names a guardian; the guardian consents, withdraws that, and is free when the minor is of age.

use super::{
    super::{
        guardian::{GuardianState, Guardianship, Minor, Young},
        model::{AccountState, Mail, PRIVACY_VERSION, Purpose, Secret},
        queries::{self, guardian},
        rules::{self, guardian as decide},
    },
    count, count_mail_to, make_link, owner, take_link, token,
};
use crate::shell::{AppError, Place, Work};
use mapalus_core::{
    Event, LinkId, Permit, PersonId, Refusal, RefusalKind, SessionId,
    access::{Enter, GuardWard, UseAccount, UseWards, WaitForGuardian},
};
use mapalus_db::{DbError, Tx, params};

/// The page on which a minor waits.
pub const WAITING: &str = "/waiting";

/// The guardianship of a minor.
///
/// # Errors
/// Not found.
pub fn of(tx: &mut Tx<'_>, ward: PersonId) -> Result<Guardianship, AppError> {
    let found: Option<Guardianship> = tx.optional(&guardian::GUARDIANSHIP, &params![ward])?;
    Ok(found.ok_or_else(Refusal::not_found)?)
}

/// The wards of a guardian.
pub fn wards(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<Guardianship>, DbError> {
    tx.all(&guardian::WARDS, &params![person])
}

/// A minor with who answers for them; none for an adult.
pub fn young(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Young>, DbError> {
    tx.optional(&guardian::YOUNG, &params![person])
}

/// Notes of a new account whether it is a minor's, and whom the minor names.
pub(crate) fn mark(work: &mut Work<'_, '_>, person: PersonId, minor: Option<&Minor>) -> Result<(), DbError> {
    match minor {
        Some(minor) => {
            work.tx.execute(&guardian::MARK_MINOR, &params![person, minor.birth_year])?;
            let row = params![person, &minor.guardian.written, work.now];
            work.tx.execute(&guardian::NAME_GUARDIAN, &row)?;
        }
        None => {
            work.tx.execute(&guardian::COME_OF_AGE, &params![person])?;
            work.tx.execute(&guardian::DROP_GUARDIAN, &params![person])?;
        }
    }
    Ok(())
}

/// The address of an account is confirmed: an adult's is open, a minor's waits, and the guardian is asked. Gives whether
/// it waits; none if it was confirmed before.
pub(super) fn confirmed(work: &mut Work<'_, '_>, person: PersonId) -> Result<Option<bool>, AppError> {
    if work.tx.execute(&queries::CONFIRM_ACCOUNT, &params![person])? == 0 {
        return Ok(None);
    }
    let waits = young(work.tx, person)?.is_some();
    if waits {
        ask(work, person)?;
    }
    Ok(Some(waits))
}

/// Whether an account waits for a guardian.
pub(crate) fn waits(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    let secret: Option<Secret> = tx.optional(&queries::SECRET_OF, &params![person])?;
    Ok(secret.is_some_and(|secret| secret.state == AccountState::Waiting))
}

/// Sends the one who was named the link by which they answer.
fn ask(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), AppError> {
    let named = of(work.tx, person)?;
    count_mail_to(work, &named.mail.to_lowercase())?;
    let link = make_link(work, Purpose::Guardian, Some(person), "")?;
    work.emit(&Event::GuardianAsked { person, link })?;
    Ok(())
}

/// Ends the session of one who waits.
pub fn sign_out(
    work: &mut Work<'_, '_>,
    permit: &Permit<WaitForGuardian>,
    session: SessionId,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    work.tx.execute(&queries::END_SESSION, &params![session, person])?;
    Ok(())
}

/// Names another guardian, or the same one anew: an earlier link opens nothing any more, and the time to answer begins
/// again.
///
/// # Errors
/// `people-too-many-tries`, `people-guardian-settled`, what is wrong with the address.
pub fn name(
    work: &mut Work<'_, '_>,
    permit: &Permit<WaitForGuardian>,
    typed: &str,
) -> Result<Place, AppError> {
    let person = permit.signed_in()?;
    work.actor = Some(person);
    let now = of(work.tx, person)?;
    let mail: Mail =
        decide::guardian(typed, &now.ward_mail.to_lowercase()).map_err(|wrong| wrong.at("guardian"))?;
    count(work, &format!("guardian {person}"), decide::NAMED)?;
    if work.tx.execute(&guardian::NAME_GUARDIAN, &params![person, &mail.written, work.now])? == 0 {
        return Err(Refusal::new(RefusalKind::Gone, "people-guardian-settled").into());
    }
    ask(work, person)?;
    work.record(permit, person, "guardian")?;
    Ok(Place::at(WAITING).telling("people-done-guardian"))
}

/// Consents for a minor by the mailed link: their account is open then.
///
/// # Errors
/// Those of the link, `people-guardian-minor`, `people-guardian-settled`.
pub fn consent(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseWards>,
    link: Option<LinkId>,
) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    let link = take_link(work, link, Purpose::Guardian)?;
    let ward = owner(&link)?;
    let is_minor = young(work.tx, own)?.is_some();
    decide::may_consent(&of(work.tx, ward)?, own, is_minor)?;
    let row = params![ward, own, PRIVACY_VERSION, work.now];
    work.tx.execute_one(&guardian::GIVE_CONSENT, &row)?;
    // Whoever closes their account at once answers for nobody, or does not close it.
    work.tx.execute_one(&queries::HOLD, &params![own, AccountState::Confirmed])?;
    work.tx.execute_one(&guardian::OPEN_WAITING, &params![ward])?;
    work.record(permit, ward, "consented")?;
    work.emit(&Event::WardAccepted { person: ward, guardian: own })?;
    Ok(())
}

/// Does not consent: the minor is told, and may name another one.
///
/// # Errors
/// Those of the link, `people-guardian-settled`.
pub fn decline(
    work: &mut Work<'_, '_>,
    permit: &Permit<Enter>,
    link: Option<LinkId>,
) -> Result<(), AppError> {
    let link = take_link(work, link, Purpose::Guardian)?;
    let ward = owner(&link)?;
    decide::open(&of(work.tx, ward)?)?;
    work.tx.execute_one(&guardian::DECLINE_CONSENT, &params![ward])?;
    work.record(permit, ward, "declined")?;
    work.emit(&Event::WardDeclined { person: ward })?;
    Ok(())
}

/// Withdraws the consent for a ward: their account is hidden at once, and erased when the time to return is over.
///
/// # Errors
/// Not found, if the consent does not stand.
pub fn withdraw(work: &mut Work<'_, '_>, permit: &Permit<GuardWard>, ward: PersonId) -> Result<(), AppError> {
    let own = permit.signed_in()?;
    if work.tx.execute(&guardian::WITHDRAW_CONSENT, &params![ward, own, work.now])? == 0 {
        return Err(Refusal::not_found().into());
    }
    // A ward who comes back at once is seen to be back, or sees that it is withdrawn.
    work.tx.execute(&queries::HOLD, &params![ward, None::<AccountState>])?;
    let until = work.now.plus(rules::RETURN_MILLIS);
    // One who has begun to close it is erased at the earlier time.
    work.tx.execute(&queries::CLOSE, &params![ward, until])?;
    work.tx.execute(&queries::END_SESSIONS, &params![ward])?;
    token::forget_all(work, ward)?;
    work.tx.execute(&queries::FORGET_BROWSERS, &params![ward])?;
    work.record(permit, ward, "withdrawn")?;
    work.emit(&Event::ConsentWithdrawn { person: ward, guardian: own })?;
    Ok(())
}

/// Gives the consent for a ward again, as long as the account is there: it is as before. One that its owner closes
/// stays so. Gives whether it is open.
///
/// # Errors
/// `people-consent-stands`, if nothing was withdrawn.
pub fn restore(
    work: &mut Work<'_, '_>,
    permit: &Permit<GuardWard>,
    of: &Guardianship,
) -> Result<bool, AppError> {
    let (own, ward) = (permit.signed_in()?, of.ward_id);
    let row = params![ward, own, PRIVACY_VERSION, work.now];
    if work.tx.execute(&guardian::RESTORE_CONSENT, &row)? == 0 {
        return Err(Refusal::new(RefusalKind::Conflict, "people-consent-stands").into());
    }
    work.record(permit, ward, "restored")?;
    if !decide::closed_with_consent(of) {
        return Ok(false);
    }
    work.tx.execute(&queries::RETURN, &params![ward])?;
    work.emit(&Event::ConsentRestored { person: ward, guardian: own })?;
    Ok(true)
}

/// Who signs in while the account is being closed has come back; a minor whose guardian withdrew their consent has not.
/// Gives whether the account was being closed.
///
/// # Errors
/// `people-consent-withdrawn`.
pub(super) fn come_back(work: &mut Work<'_, '_>, person: PersonId) -> Result<bool, AppError> {
    if work.tx.execute(&queries::HOLD, &params![person, AccountState::Closing])? == 0 {
        return Ok(false);
    }
    let found: Option<Guardianship> = work.tx.optional(&guardian::GUARDIANSHIP, &params![person])?;
    if found.is_some_and(|of| of.state == GuardianState::Withdrawn) {
        return Err(Refusal::new(RefusalKind::Conflict, "people-consent-withdrawn").into());
    }
    Ok(work.tx.execute(&queries::RETURN, &params![person])? > 0)
}

/// Whether a person may close their account as far as minors depend on it.
///
/// # Errors
/// `people-close-guardian`.
pub(super) fn may_close(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), AppError> {
    Ok(decide::may_close(&wards(work.tx, person)?)?)
}

/// Puts a minor under a guardian whose account is there, as if both had consented.
pub(in crate::people) fn settle(
    work: &mut Work<'_, '_>,
    ward: PersonId,
    birth_year: i64,
    by: PersonId,
) -> Result<(), DbError> {
    work.tx.execute(&guardian::MARK_MINOR, &params![ward, birth_year])?;
    work.tx.execute(&guardian::NAME_GUARDIAN, &params![ward, "", work.now])?;
    work.tx.execute(&guardian::GIVE_CONSENT, &params![ward, by, PRIVACY_VERSION, work.now])?;
    Ok(())
}

/// Lets go of accounts to which nobody consented in time, and of those who are of age.
pub(super) fn sweep(work: &mut Work<'_, '_>) -> Result<(), DbError> {
    let asked = work.now.plus(-rules::STALE_MILLIS);
    work.tx.execute(&guardian::CLOSE_UNANSWERED, &params![asked, work.now])?;
    let of_age: Vec<(PersonId, Option<PersonId>)> =
        work.tx.all(&guardian::OF_AGE, &params![decide::of_age_year(work.now)])?;
    for (person, answered) in of_age {
        if work.tx.execute(&guardian::COME_OF_AGE, &params![person])? == 0 {
            continue;
        }
        work.tx.execute(&guardian::DROP_GUARDIAN, &params![person])?;
        work.tx.execute(&guardian::END_WITH_MINORS, &params![person, work.now])?;
        if let Some(guardian) = answered {
            work.emit(&Event::GuardianshipEnded { person, guardian })?;
        }
    }
    Ok(())
}

/// Forgets who answered for a person who is erased, and for whom they did.
pub(super) fn forget(work: &mut Work<'_, '_>, person: PersonId) -> Result<(), DbError> {
    work.tx.execute(&guardian::FORGET_GUARDIANSHIPS_OF, &params![person])?;
    Ok(())
}

/// A guardian who agrees to a newer privacy notice does so for their wards as well.
pub fn agree_for_wards(
    work: &mut Work<'_, '_>,
    _permit: &Permit<UseAccount>,
    person: PersonId,
) -> Result<(), DbError> {
    work.tx.execute(&guardian::AGREE_FOR_WARDS, &params![person, PRIVACY_VERSION, work.now])?;
    Ok(())
}
