//! Signing in by password, the code that confirms a browser, and the password asked for once more.

use super::{
    super::{
        model::{AccountState, Link, Purpose, Secret, Session, SignInInput},
        queries, rules,
    },
    Begun, agent, ask_to_confirm, begin_session, count, count_mail, fits, make_link, subject_of,
};
use crate::shell::{AppError, Cx, Work, app::LoadViewer, cx, forms::Wrong, kept, secrets};
use argon2::password_hash::phc::PasswordHash;
use mapalus_core::{Event, Flaw, Permit, PersonId, Refusal, RefusalKind, access::Enter};
use mapalus_db::{DbError, params};

/// Signs in by address and password.
///
/// # Errors
/// `people-wrong-sign-in` for both a wrong address and a wrong password; `people-not-confirmed` when the
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
    let can_mail = cx.app.settings.can_mail();
    if secret.state == AccountState::New {
        if !can_mail {
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
    let load_viewer = cx.app.load_viewer;
    cx.app
        .write_as(Some(person), "people::sign_in", move |work| {
            work.tx.execute(&queries::FORGET_TRIES_OF, &params![&of_account])?;
            // Who signs in while the account is being closed has come back.
            work.tx.execute(&queries::RETURN, &params![person])?;
            let mut begun = begin_session(work, person, &agent)?;
            if can_mail && asks_for_code(work, load_viewer, &begun, known.as_deref())? {
                work.tx.execute(&queries::HOLD_SESSION, &params![begun.session])?;
                let session = begun.session.to_string();
                let link = make_link(work, Purpose::Code, Some(person), &session)?;
                work.emit(&Event::CodeAsked { person, link })?;
                begun.waits = true;
            }
            Ok(begun)
        })
        .await
}

/// Name of the cookie by which a confirmed browser is known again.
pub const BROWSER: &str = "browser";

/// Until there is a second factor, coordinators and operators confirm each new browser by a mailed code.
fn asks_for_code(
    work: &mut Work<'_, '_>,
    load_viewer: LoadViewer,
    begun: &Begun,
    known: Option<&str>,
) -> Result<bool, DbError> {
    let viewer = load_viewer(work.tx, &secrets::digest(&begun.token), work.now)?;
    let trusted = viewer.is_some_and(|viewer| viewer.operator || viewer.desks);
    let seen = match known {
        Some(digest) => work.tx.scalar::<i64>(&queries::KNOWN_BROWSER, &params![begun.person, digest])? > 0,
        None => false,
    };
    Ok(trusted && !seen)
}

/// Confirms a new browser by the mailed code.
///
/// # Errors
/// `people-wrong-code` (five tries), `people-code-over`.
pub async fn enter_code(cx: &Cx, _permit: &Permit<Enter>, code: &str) -> Result<Begun, AppError> {
    let over = || AppError::from(Refusal::new(RefusalKind::Gone, "people-code-over"));
    let name = cx::session_cookie(cx.app.settings.secure());
    let token = cx::cookie(&cx.headers, name).ok_or_else(over)?.to_owned();
    let (code, app): (String, _) = (code.chars().filter(char::is_ascii_digit).collect(), cx.app.clone());
    cx.app
        .write_as(None, "people::enter_code", move |work| {
            let pending: Option<Session> =
                work.tx.optional(&queries::PENDING_SESSION, &params![secrets::digest(&token), work.now])?;
            let session = pending.ok_or_else(over)?;
            let person = session.person_id;
            let asked = params![person, session.id.to_string()];
            let link: Option<Link> = work.tx.optional(&queries::CODE_LINK, &asked)?;
            let link = link.filter(|link| link.tries < rules::CODE_TRIES).ok_or_else(over)?;
            rules::usable(&link, work.now)?;
            if !same(&app.key.code(link.id), &code) {
                work.tx.execute(&queries::COUNT_CODE, &params![link.id])?;
                return Ok(None);
            }
            work.tx.execute_one(&queries::USE_LINK, &params![link.id, work.now])?;
            work.tx.execute(&queries::CONFIRM_SESSION, &params![session.id])?;
            let browser = secrets::token(work.chance);
            let row = params![person, secrets::digest(&browser), work.now];
            work.tx.execute(&queries::REMEMBER_BROWSER, &row)?;
            let token = token.clone();
            Ok::<_, AppError>(Some(Begun {
                token,
                session: session.id,
                person,
                browser: Some(browser),
                waits: false,
            }))
        })
        .await?
        .ok_or_else(|| {
            let flaw = Flaw { field: "code".to_owned(), key: "people-wrong-code", arguments: Vec::new() };
            Refusal::invalid(vec![flaw]).into()
        })
}

/// Compares secrets in a time that does not tell where they differ.
fn same(a: &str, b: &str) -> bool {
    a.len() == b.len() && a.bytes().zip(b.bytes()).fold(0, |difference, (a, b)| difference | (a ^ b)) == 0
}

/// Whether this is the password of a signed-in person, before something that matters. Wrong ones are counted.
///
/// # Errors
/// `people-too-many-tries`.
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
    let short = password.len() <= super::super::model::Password::MOST_BYTES;
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

/// Asks for the password once more before something that matters.
///
/// # Errors
/// `people-wrong-own-password` at the field; `people-too-many-tries`.
pub async fn prove(cx: &Cx, person: PersonId, password: &str, field: &str) -> Result<(), AppError> {
    if is_password_of(cx, person, password).await? {
        return Ok(());
    }
    Err(Wrong::plain("people-wrong-own-password").at(field).into())
}

/// Whether a person has a password: those of a demonstration have none.
///
/// # Errors
/// The database's error.
pub async fn has_password(cx: &Cx, person: PersonId) -> Result<bool, AppError> {
    let secret = cx.read("people::has_password", move |tx, _| {
        let secret: Secret = tx.one(&queries::SECRET_OF, &params![person])?;
        Ok(secret)
    });
    Ok(PasswordHash::new(&secret.await?.password_hash).is_ok())
}

fn wrong_sign_in() -> AppError {
    Refusal::new(RefusalKind::Conflict, "people-wrong-sign-in").into()
}
