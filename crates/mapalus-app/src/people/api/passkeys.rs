//! Passkeys over the API: what a browser's script calls, and any other client that holds some.

use super::{
    super::{
        actions::passkey as actions,
        pages,
        passkey::{
            Challenge, KeyAnswer, KeyEntered, KeyNameInput, KeySignUpInput, NewKeyAnswer, PasskeyList,
            PasskeyView,
        },
    },
    Asked,
};
use crate::shell::{AppError, Cx, Sent};
use axum::{
    extract::Path,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::access::{Enter, GuardAccount, UseAccount};

/// A challenge, with the cookie that ties it to its browser.
fn asked(cx: &Cx, (challenge, cookie): (Challenge, HeaderValue)) -> Result<Response, AppError> {
    let mut answer = cx.json(StatusCode::CREATED, &challenge)?;
    answer.headers_mut().append(header::SET_COOKIE, cookie);
    Ok(answer)
}

/// The same answer with the cookies of a page.
fn with_cookies(mut answer: Response, of: &Response) -> Response {
    for cookie in of.headers().get_all(header::SET_COOKIE) {
        answer.headers_mut().append(header::SET_COOKIE, cookie.clone());
    }
    answer
}

/// One's passkeys.
#[utoipa::path(get, path = "/api/v1/passkeys", tag = "people",
    responses((status = 200, description = "The passkeys", body = PasskeyList)))]
pub async fn list(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let own = cx.read("people::passkeys", move |tx, _| Ok(actions::passkeys(tx, person)?)).await?;
    cx.json(StatusCode::OK, &PasskeyList { items: own.iter().map(PasskeyView::from).collect(), next: None })
}

/// Ask for a challenge to make a passkey for one's account. It holds for ten minutes, for this browser, once.
#[utoipa::path(post, path = "/api/v1/passkeys/new", tag = "people",
    responses((status = 201, description = "The challenge", body = Challenge)))]
pub async fn ask_to_add(cx: Cx) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<GuardAccount>()?;
    asked(&cx, actions::ask_to_add(&cx, &permit).await?)
}

/// Add the passkey that was made for a challenge. Its owner must have been verified when it was made.
#[utoipa::path(post, path = "/api/v1/passkeys", tag = "people", request_body = NewKeyAnswer,
    responses((status = 201, description = "The passkeys", body = PasskeyList)))]
pub async fn add(Sent { cx, input }: Sent<NewKeyAnswer>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<GuardAccount>()?;
    let person = permit.signed_in()?;
    let place = actions::add(&cx, permit, &input).await?;
    let own = cx.read("people::passkeys", move |tx, _| Ok(actions::passkeys(tx, person)?)).await?;
    let list = PasskeyList { items: own.iter().map(PasskeyView::from).collect(), next: None };
    Ok(with_cookies(cx.json(StatusCode::CREATED, &list)?, &cx.see(&place)))
}

/// Rename a passkey.
#[utoipa::path(patch, path = "/api/v1/passkeys/{passkey}", tag = "people", request_body = KeyNameInput,
    params(("passkey" = String, Path, description = "The passkey's id")),
    responses((status = 204, description = "Renamed")))]
pub async fn rename(
    Path(key): Path<String>,
    Sent { cx, input }: Sent<KeyNameInput>,
) -> Result<Response, AppError> {
    pages::passkeys::rename_own(&cx, &key, input).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Remove a passkey.
#[utoipa::path(delete, path = "/api/v1/passkeys/{passkey}", tag = "people",
    params(("passkey" = String, Path, description = "The passkey's id")),
    responses((status = 204, description = "Removed")))]
pub async fn remove(cx: Cx, Path(key): Path<String>) -> Result<Response, AppError> {
    pages::passkeys::remove_own(&cx, &key).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

/// Ask for a challenge to sign in by a passkey, without saying whose. It holds for ten minutes, for this browser, once.
#[utoipa::path(post, path = "/api/v1/sessions/passkey/new", tag = "people",
    responses((status = 201, description = "The challenge", body = Challenge)))]
pub async fn ask_to_sign_in(cx: Cx) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    asked(&cx, actions::ask_to_sign_in(&cx, &permit).await?)
}

/// Sign in by a passkey: sets the session's cookie. No second step is asked for.
#[utoipa::path(post, path = "/api/v1/sessions/passkey", tag = "people", request_body = KeyAnswer,
    responses((status = 201, description = "Signed in", body = KeyEntered)))]
pub async fn sign_in(Sent { cx, input }: Sent<KeyAnswer>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<Enter>()?;
    let begun = actions::sign_in(&cx, &permit, &input).await?;
    let place = pages::after_step(&cx, &begun, &input.next).await?;
    let view = KeyEntered {
        person: begun.person.map(|person| person.to_string()).unwrap_or_default(),
        session: begun.session.to_string(),
        place: place.location.clone(),
    };
    let cookies = pages::entered(&cx, &begun, &place);
    Ok(with_cookies(cx.json(StatusCode::CREATED, &view)?, &cookies))
}

/// Ask for a challenge to prove anew who you are by a passkey.
#[utoipa::path(post, path = "/api/v1/sessions/proof/passkey/new", tag = "people",
    responses((status = 201, description = "The challenge", body = Challenge)))]
pub async fn ask_to_prove(cx: Cx) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    asked(&cx, actions::ask_to_prove(&cx, &permit).await?)
}

/// Prove anew who you are by a passkey of yours: what answers 403 with `refusal-prove` is open for ten minutes then.
#[utoipa::path(post, path = "/api/v1/sessions/proof/passkey", tag = "people", request_body = KeyAnswer,
    responses((status = 200, description = "Proved", body = KeyEntered)))]
pub async fn prove(Sent { cx, input }: Sent<KeyAnswer>) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let session = actions::prove(&cx, &permit, &input).await?;
    let view = KeyEntered {
        person: permit.signed_in()?.to_string(),
        session: session.to_string(),
        place: pages::proof::after_proof(&cx, &input.next).await?.location,
    };
    cx.json(StatusCode::OK, &view)
}

/// Ask for an account that is opened by a passkey instead of a password: the challenge to make one.
#[utoipa::path(post, path = "/api/v1/people/passkey/new", tag = "people", request_body = KeySignUpInput,
    responses((status = 201, description = "The challenge", body = Challenge)))]
pub async fn ask_to_sign_up(Sent { cx, input }: Sent<KeySignUpInput>) -> Result<Response, AppError> {
    let challenge = actions::ask_to_sign_up(&cx, input).await?;
    asked(&cx, challenge)
}

/// Make an account by the passkey that was made for a challenge.
#[utoipa::path(post, path = "/api/v1/people/passkey", tag = "people", request_body = NewKeyAnswer, responses(
    (status = 202, description = "A link to confirm the address is on its way, if the address was free", body = Asked),
))]
pub async fn sign_up(Sent { cx, input }: Sent<NewKeyAnswer>) -> Result<Response, AppError> {
    let (_, next) = actions::sign_up(&cx, &input).await?;
    let answer = cx.json(StatusCode::ACCEPTED, &Asked { next: "confirm" })?;
    Ok(pages::keep_next(&cx, answer, &next))
}
