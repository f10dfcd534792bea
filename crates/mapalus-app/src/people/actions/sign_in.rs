//! Signing in by password; what a session then waits for.

use super::{
    super::{
        model::{AccountState, Secret, SignInInput},
        queries, rules,
        session::Waits,
    },
    Begun, agent, ask_to_confirm, begin_session,
    code::mail_code,
    count, count_mail, factor, fits, guardian, subject_of,
};
use crate::shell::{App, AppError, Cx, Work, cx, kept, secrets};
use mapalus_core::{Event, Permit, PersonId, Refusal, RefusalKind, access::Enter};
use mapalus_db::{DbError, params};

/// Signs in by address and password.
///
/// # Errors
/// `people-consent-withdrawn` for a minor whose guardian withdrew their consent; `people-wrong-sign-in` for both a wrong address and a wrong password; `people-not-confirmed` when the
/// password is right and the address not yet confirmed (a new link is then sent); `people-too-many-tries`.
pub async fn sign_in(cx: &Cx, _permit: &Permit<Enter>, input: &SignInInput) -> Result<Begun, AppError> {
    let mail = input.mail.trim().to_lowercase();
    if input.password.len() > super::super::model::Password::MOST_BYTES || mail.len() > 254 {
        return Err(wrong_sign_in());
    }
    let stranger = format!("account {} {}", secrets::digest(&mail), subject_of(cx.address));
    let (folded, of_address) = (mail.clone(), format!("address {}", subject_of(cx.address)));
    let (key, mark) = (cx.app.key.clone(), cx::cookie(&cx.headers, kept::MARK).map(str::to_owned));
    // Counted before the password is looked at, so that guesses at once are counted too; given back on success.
    let (secret, of_account): (Option<Secret>, String) = cx
        .app
        .write_as(None, "people::try_sign_in", move |work| {
            let secret = queries::secret(work.tx, &folded)?;
            // A browser in which this person signed in before has tries of its own: guesses of strangers, even behind
            // the same address, do not shut it out. Its mark cannot be made without the key of the instance.
            let known = secret.as_ref().map(|secret| key.mark(secret.id));
            if let (Some(known), Some(mark)) = (known, &mark)
                && same(&known, mark)
            {
                let own = format!("known {}", secrets::digest(&known));
                count(work, &own, rules::TRIES_OF_ACCOUNT)?;
                return Ok((secret, own));
            }
            count(work, &of_address, rules::TRIES_OF_ADDRESS)?;
            count(work, &stranger, rules::TRIES_OF_ACCOUNT)?;
            Ok::<_, AppError>((secret, stranger.clone()))
        })
        .await?;
    let hash = secret.as_ref().map(|secret| secret.password_hash.as_str());
    let right = fits(&cx.app, &input.password, hash).await?;
    let agent = agent(cx);
    let secret = secret.filter(|_| right);
    let Some(secret) = secret else {
        return Err(wrong_sign_in());
    };
    let address = cx.address;
    if secret.state == AccountState::New {
        if !cx.app.settings.can_mail() {
            return Err(Refusal::new(RefusalKind::Conflict, "people-not-confirmed-no-mail").into());
        }
        let (person, next) = (secret.id, input.next.clone());
        cx.app
            .write_as(None, "people::confirm_again", move |work| {
                count_mail(work, address, &mail)?;
                Ok::<_, AppError>(ask_to_confirm(work, person, &next)?)
            })
            .await?;
        return Err(Refusal::new(RefusalKind::Conflict, "people-not-confirmed").into());
    }
    let person = secret.id;
    let known = cx::cookie(&cx.headers, BROWSER).map(secrets::digest);
    let app = cx.app.clone();
    cx.app
        .write_as(Some(person), "people::sign_in", move |work| {
            work.tx.execute(&queries::FORGET_TRIES_OF, &params![&of_account])?;
            let waits = asks_for(work, &app, person, known.as_deref())?;
            let mut begun = begin_session(work, Some(person), &agent, waits)?;
            match waits {
                Waits::Nothing => begun.returned = guardian::come_back(work, person)?,
                Waits::Code => {
                    let link = mail_code(work, begun.session, Some(person))?;
                    work.emit(&Event::CodeAsked { person, link })?;
                }
                Waits::Factor => {}
            }
            Ok::<_, AppError>(begun)
        })
        .await
}

/// Name of the cookie by which a confirmed browser is known again.
pub const BROWSER: &str = "browser";

/// What is asked for after the password: the second step of who has one. Others to whom something is entrusted confirm
/// each new browser by a mailed code.
fn asks_for(
    work: &mut Work<'_, '_>,
    app: &App,
    person: PersonId,
    known: Option<&str>,
) -> Result<Waits, DbError> {
    if factor::is_asked(work.tx, app.entrusted_since, person)? {
        return Ok(Waits::Factor);
    }
    if !app.settings.can_mail() || (app.entrusted_since)(work.tx, person)?.is_none() {
        return Ok(Waits::Nothing);
    }
    let seen = match known {
        Some(digest) => work.tx.scalar::<i64>(&queries::KNOWN_BROWSER, &params![person, digest])? > 0,
        None => false,
    };
    Ok(if seen { Waits::Nothing } else { Waits::Code })
}

/// Compares secrets in a time that does not tell where they differ.
pub(super) fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

fn wrong_sign_in() -> AppError {
    Refusal::new(RefusalKind::Conflict, "people-wrong-sign-in").into()
}
