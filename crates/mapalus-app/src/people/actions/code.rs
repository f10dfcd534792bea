//! Codes that are typed when signing in: mailed ones, with a password or without, and those of a second step.

use super::{
    super::{
        model::{AccountState, Link, Mail, Purpose},
        queries, rules,
        session::{Pending, WAIT_MILLIS, Waits},
    },
    Begun, agent, ask_to_confirm, begin_session, count_mail, factor, guardian,
    sign_in::same,
};
use crate::shell::{AppError, Cx, Work, cx, secrets};
use mapalus_core::{Event, Flaw, LinkId, Permit, PersonId, Refusal, RefusalKind, SessionId, access::Enter};
use mapalus_db::{DbError, params};

/// Makes the code for a session that waits for it.
pub(super) fn mail_code(
    work: &mut Work<'_, '_>,
    session: SessionId,
    person: Option<PersonId>,
) -> Result<LinkId, DbError> {
    let link: LinkId = work.id();
    let ends_at = work.now.plus(WAIT_MILLIS);
    let row = params![link, Purpose::Code, person, work.now, ends_at, session.to_string()];
    work.tx.execute(&queries::MAKE_LINK, &row)?;
    Ok(link)
}

/// Asks for a code to sign in by, in the place of a password. The answer is the same whether the address has an
/// account: where it has none, a session waits for a code that nobody gets.
///
/// # Errors
/// `people-too-many-tries`.
pub async fn ask_for_code(cx: &Cx, _permit: &Permit<Enter>, mail: &Mail) -> Result<Begun, AppError> {
    if !cx.app.settings.can_mail() {
        return Err(Refusal::new(RefusalKind::Conflict, "people-no-mail-text").into());
    }
    let (mail, address, agent) = (mail.folded.clone(), cx.address, agent(cx));
    cx.app
        .write_as(None, "people::ask_for_code", move |work| {
            count_mail(work, address, &mail)?;
            let secret = queries::secret(work.tx, &mail)?;
            // Nobody has confirmed the address of a new account: it is sent the link that does.
            let (new, person) = match secret {
                Some(secret) if secret.state == AccountState::New => (Some(secret.id), None),
                secret => (None, secret.map(|secret| secret.id)),
            };
            let begun = begin_session(work, person, &agent, Waits::Code)?;
            let link = mail_code(work, begun.session, person)?;
            if let Some(person) = new {
                ask_to_confirm(work, person, "/")?;
            }
            if let Some(person) = person {
                work.emit(&Event::EntryAsked { person, link })?;
            }
            Ok(begun)
        })
        .await
}

/// The secret of this browser's session.
fn token(cx: &Cx) -> Option<String> {
    cx::cookie(&cx.headers, cx::session_cookie(cx.app.settings.secure())).map(str::to_owned)
}

/// What the session of this browser waits for.
///
/// # Errors
/// The database's error.
pub async fn waits(cx: &Cx) -> Result<Option<Pending>, AppError> {
    let Some(token) = token(cx) else {
        return Ok(None);
    };
    let found = cx.read("people::waits", move |tx, cx| {
        let digest = secrets::digest(&token);
        let pending: Option<Pending> = tx.optional(&queries::PENDING_SESSION, &params![digest, cx.now])?;
        Ok(pending)
    });
    found.await
}

/// Goes on with a session that waits, by the code it waits for. After a mailed code it may wait for the second step.
///
/// # Errors
/// `people-wrong-code` (a mailed one: five tries), `people-code-over`, `people-too-many-tries`.
pub async fn enter_code(cx: &Cx, _permit: &Permit<Enter>, code: &str) -> Result<Begun, AppError> {
    let token = token(cx).ok_or_else(over)?;
    let (code, context): (String, _) = (code.chars().take(100).collect(), cx.clone());
    cx.app
        .write_as(None, "people::enter_code", move |work| {
            let digest = secrets::digest(&token);
            let pending: Option<Pending> =
                work.tx.optional(&queries::PENDING_SESSION, &params![digest, work.now])?;
            let pending = pending.ok_or_else(over)?;
            let mut begun = Begun {
                token: token.clone(),
                session: pending.id,
                person: None,
                browser: None,
                waits: Waits::Nothing,
                returned: false,
            };
            let person = match pending.waits {
                Waits::Code => by_mail(work, &context, &pending, &code)?,
                _ => by_factor(work, &context, &pending, &code)?,
            };
            let Some(person) = person else {
                return Ok(None);
            };
            let entrusted = context.app.entrusted_since;
            if pending.waits == Waits::Code && factor::is_asked(work.tx, entrusted, person)? {
                let until = work.now.plus(WAIT_MILLIS);
                work.tx.execute_one(&queries::HOLD_SESSION, &params![pending.id, Waits::Factor, until])?;
                return Ok(Some(Begun { waits: Waits::Factor, ..begun }));
            }
            let ends_at = work.now.plus(rules::SESSION_MILLIS);
            let proved_until = work.now.plus(rules::PROOF_MILLIS);
            let row = params![pending.id, work.now, ends_at, proved_until];
            work.tx.execute_one(&queries::OPEN_SESSION, &row)?;
            if pending.waits == Waits::Factor {
                work.tx.execute(&queries::passkey::KEY_SESSION, &params![pending.id])?;
            }
            begun.returned = guardian::come_back(work, person)?;
            begun.person = Some(person);
            if pending.waits == Waits::Code {
                let browser = secrets::token(work.chance);
                let row = params![person, secrets::digest(&browser), work.now];
                work.tx.execute(&queries::REMEMBER_BROWSER, &row)?;
                begun.browser = Some(browser);
            }
            Ok::<_, AppError>(Some(begun))
        })
        .await?
        .ok_or_else(wrong_code)
}

/// Whose mailed code it is; none for a wrong one, which is counted.
fn by_mail(
    work: &mut Work<'_, '_>,
    cx: &Cx,
    pending: &Pending,
    code: &str,
) -> Result<Option<PersonId>, AppError> {
    let asked = params![pending.id.to_string(), work.now];
    let link: Option<Link> = work.tx.optional(&queries::CODE_LINK, &asked)?;
    let link = link.ok_or_else(over)?;
    rules::usable(&link, work.now)?;
    // Counted first, and limited by the database: those that come at once see each other.
    if work.tx.execute(&queries::COUNT_CODE, &params![link.id, rules::CODE_TRIES])? == 0 {
        return Err(over());
    }
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let right = same(&cx.app.key.code(link.id), &code);
    let Some(person) = pending.person_id.filter(|_| right) else {
        return Ok(None);
    };
    work.tx.execute_one(&queries::USE_LINK, &params![link.id, work.now])?;
    Ok(Some(person))
}

/// Whose second step it is; none for a wrong code, which is counted.
fn by_factor(
    work: &mut Work<'_, '_>,
    cx: &Cx,
    pending: &Pending,
    code: &str,
) -> Result<Option<PersonId>, AppError> {
    let person = pending.person_id.ok_or_else(over)?;
    let fits = factor::try_code(work, cx, person, code)?;
    Ok(fits.then_some(person))
}

fn over() -> AppError {
    Refusal::new(RefusalKind::Gone, "people-code-over").into()
}

fn wrong_code() -> AppError {
    let flaw = Flaw { field: "code".to_owned(), key: "people-wrong-code", arguments: Vec::new() };
    Refusal::invalid(vec![flaw]).into()
}
