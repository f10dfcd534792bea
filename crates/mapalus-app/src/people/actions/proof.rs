//! Proving anew who one is, before something that cannot be undone or that opens a door.

use super::{
    super::{
        model::{Password, Secret},
        queries, rules,
        session::ProofInput,
    },
    count, factor, fits, passkey,
};
use crate::shell::{AppError, Cx, Viewer, Work, forms::Wrong};
use argon2::password_hash::phc::PasswordHash;
use mapalus_core::{PersonId, Refusal, SessionId, access::UseAccount};
use mapalus_db::{DbError, params};

/// By what a person can prove who they are.
#[derive(Debug, Clone, Copy)]
pub struct Means {
    /// By a password: those of a demonstration have none.
    pub password: bool,
    /// By a code of the app, or a recovery code.
    pub app: bool,
    /// By a passkey.
    pub passkey: bool,
}

/// By what a person can prove who they are.
///
/// # Errors
/// The database's error.
pub async fn means(cx: &Cx, person: PersonId) -> Result<Means, AppError> {
    let there = passkey::are_there(cx);
    cx.read("people::means", move |tx, _| {
        let secret: Secret = tx.one(&queries::SECRET_OF, &params![person])?;
        let password = PasswordHash::new(&secret.password_hash).is_ok();
        let factors = factor::factors(tx, person)?;
        let app = factors.totp.is_some() || factors.recovery_left > 0;
        Ok(Means { password, app, passkey: !factors.passkeys.is_empty() && there })
    })
    .await
}

/// Proves who one is, by password or by a code; it holds for ten minutes, for this session.
///
/// # Errors
/// `people-wrong-own-password` or `people-wrong-code` at the field; `people-too-many-tries`.
pub async fn prove(cx: &Cx, input: &ProofInput) -> Result<(), AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let session = cx.viewer.as_ref().and_then(Viewer::session).ok_or_else(Refusal::not_found)?;
    let by_code = !input.code.is_empty();
    let (right, wrong) = if input.code.is_empty() {
        let wrong = Wrong::plain("people-wrong-own-password").at("password");
        (is_password_of(cx, person, &input.password).await?, wrong)
    } else {
        let (code, context): (String, _) = (input.code.chars().take(100).collect(), cx.clone());
        let fits = cx.app.write_as(Some(person), "people::try_own_code", move |work| {
            factor::try_code(work, &context, person, &code)
        });
        (fits.await?, Wrong::plain("people-wrong-code").at("code"))
    };
    if !right {
        return Err(wrong.into());
    }
    cx.app
        .write_as(Some(person), "people::prove", move |work| {
            proved(work, session)?;
            if by_code {
                work.tx.execute(&queries::passkey::KEY_SESSION, &params![session])?;
            }
            Ok::<_, DbError>(())
        })
        .await?;
    Ok(())
}

/// A session has proved who it is.
pub(super) fn proved(work: &mut Work<'_, '_>, session: SessionId) -> Result<(), DbError> {
    let until = work.now.plus(rules::PROOF_MILLIS);
    work.tx.execute(&queries::PROVE_SESSION, &params![session, until])?;
    Ok(())
}

/// Whether this is the password of a signed-in person. Wrong ones are counted.
async fn is_password_of(cx: &Cx, person: PersonId, password: &str) -> Result<bool, AppError> {
    let subject = format!("own {person}");
    let of_person = subject.clone();
    let secret: Secret = cx
        .app
        .write_as(None, "people::try_own_password", move |work| {
            count(work, &of_person, rules::TRIES_OF_ACCOUNT)?;
            Ok::<_, AppError>(work.tx.one(&queries::SECRET_OF, &params![person])?)
        })
        .await?;
    let short = password.len() <= Password::MOST_BYTES;
    if short && fits(&cx.app, password, Some(&secret.password_hash)).await? {
        let forget = params![&subject];
        cx.app
            .write_as(None, "people::right_password", move |work| {
                work.tx.execute(&queries::FORGET_TRIES_OF, &forget)
            })
            .await?;
        return Ok(true);
    }
    Ok(false)
}
