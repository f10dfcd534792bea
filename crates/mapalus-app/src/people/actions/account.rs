//! One's own account: profile, photo, address, password, closing.

use super::super::{
    model::{Mail, Purpose},
    photo::Photo,
    profile::NewProfile,
    queries, rules,
};
use super::{make_link, owner, take_link};
use crate::shell::{AppError, Work};
use mapalus_core::{
    Event, LinkId, Permit, PersonId, Refusal, RefusalKind, SessionId,
    access::{Enter, GuardAccount, UseAccount},
};
use mapalus_db::{DbError, params};

/// Stores one's profile, if it stands as it was read.
pub fn set_profile(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    new: &NewProfile,
    version: i64,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    let before: String = work.tx.scalar(&queries::WORKPLACE, &params![person])?;
    store_profile(work, person, new, version)?;
    if before != new.workplace {
        work.emit(&Event::WorkplaceChanged { person })?;
    }
    work.record(permit, person, "profile")?;
    Ok(())
}

/// Stores a profile; the demonstration's people get theirs by it.
pub(crate) fn store_profile(
    work: &mut Work<'_, '_>,
    person: PersonId,
    new: &NewProfile,
    version: i64,
) -> Result<(), AppError> {
    let NewProfile { name, call, area, occupation, workplace, languages, causes, skills, about, shown } =
        new.clone();
    let row = params![
        person, name, call, area, occupation, workplace, languages, skills, about, shown, version, causes
    ];
    if work.tx.execute(&queries::SET_PROFILE, &row)? == 0 {
        return Err(Refusal::new(RefusalKind::Changed, "refusal-changed").into());
    }
    Ok(())
}

/// Stores one's photo, or removes it.
pub fn set_photo(
    work: &mut Work<'_, '_>,
    permit: &Permit<UseAccount>,
    photo: Option<&Photo>,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    match photo {
        Some(photo) => {
            work.tx.execute(&queries::SET_PHOTO, &params![person, photo.jpeg.clone(), &photo.digest])?;
        }
        None => {
            work.tx.execute(&queries::DROP_PHOTO, &params![person])?;
        }
    }
    work.record(permit, person, "photo")?;
    Ok(())
}

/// Asks for another mail address; the link that is sent there confirms it.
pub fn ask_for_mail(
    work: &mut Work<'_, '_>,
    permit: &Permit<GuardAccount>,
    mail: &Mail,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    let link = make_link(work, Purpose::Mail, Some(person), &mail.written)?;
    work.emit(&Event::MailChangeAsked { person, link })?;
    work.record(permit, person, "mail asked")?;
    Ok(())
}

/// Changes the mail address by the link that was sent to the new one.
pub fn change_mail(
    work: &mut Work<'_, '_>,
    permit: &Permit<Enter>,
    link: Option<LinkId>,
) -> Result<(), AppError> {
    let link = take_link(work, link, Purpose::Mail)?;
    let person = owner(&link)?;
    let folded = link.detail.to_lowercase();
    if work.tx.execute(&queries::SET_MAIL, &params![person, &link.detail, folded])? == 0 {
        return Err(Refusal::new(RefusalKind::Conflict, "people-mail-taken").into());
    }
    work.actor = Some(person);
    work.record(permit, person, "mail")?;
    work.emit(&Event::MailChanged { person })?;
    Ok(())
}

/// Sets a new password; all other sessions end. Tokens stay: whoever made one ends it by itself.
pub fn set_password(
    work: &mut Work<'_, '_>,
    permit: &Permit<GuardAccount>,
    password_hash: &str,
    session: SessionId,
) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    work.tx.execute(&queries::SET_PASSWORD, &params![person, password_hash])?;
    work.tx.execute(&queries::END_OTHER_SESSIONS, &params![person, session])?;
    work.tx.execute(&queries::FORGET_BROWSERS, &params![person])?;
    work.emit(&Event::PasswordChanged { person })?;
    work.record(permit, person, "password")?;
    Ok(())
}

/// Closes one's account: signed out and hidden at once, its tokens gone for good, erased when the time to return is over.
pub fn close(work: &mut Work<'_, '_>, permit: &Permit<GuardAccount>) -> Result<(), AppError> {
    let person = permit.signed_in()?;
    work.tx.execute_one(&queries::CLOSE, &params![person, work.now.plus(rules::RETURN_MILLIS)])?;
    // A ward accepted at once is seen, now that the account is held.
    super::guardian::may_close(work, person)?;
    work.tx.execute(&queries::END_SESSIONS, &params![person])?;
    work.tx.execute(&queries::FORGET_TOKENS_OF, &params![person])?;
    work.tx.execute(&queries::FORGET_BROWSERS, &params![person])?;
    work.record(permit, person, "close")?;
    work.emit(&Event::AccountClosing { person })?;
    Ok(())
}

/// Erases accounts whose time to return is over, twenty at most; the other slices follow the event.
/// Gives how many: until it gives none, there may be more.
pub(crate) fn erase_overdue(work: &mut Work<'_, '_>) -> Result<usize, DbError> {
    let overdue: Vec<(PersonId,)> = work.tx.all(&queries::OVERDUE, &params![work.now])?;
    for (person,) in &overdue {
        work.tx.execute(&queries::ERASE, &params![*person])?;
        work.tx.execute(&queries::DROP_PHOTO, &params![*person])?;
        super::connection::forget(work, *person)?;
        super::guardian::forget(work, *person)?;
        work.tx.execute(&queries::END_SESSIONS, &params![*person])?;
        work.tx.execute(&queries::FORGET_LINKS, &params![*person])?;
        work.tx.execute(&queries::FORGET_BROWSERS, &params![*person])?;
        super::factor::forget(work, *person)?;
        work.emit(&Event::PersonErased { person: *person })?;
    }
    Ok(overdue.len())
}
