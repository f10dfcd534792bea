//! Pages of accounts.

pub mod account;
pub mod admin;
pub mod code;
pub mod consent;
pub mod demo;
pub mod enter;
pub mod factors;
pub mod guardian;
pub mod links;
pub mod network;
pub mod passkeys;
pub mod profile;
pub mod proof;
pub mod settings;
pub mod tokens;
pub mod waiting;

use super::{actions::Begun, model::PRIVACY_VERSION};
use crate::shell::{AppError, Cx, Place, cx, kept};
use axum::{http::header, response::Response};
use serde::Deserialize;

/// Name of the cookie in which a browser keeps where to go on when the address of a new account is confirmed, if that
/// holds a mailed secret: it is not stored with the account.
const NEXT: &str = "next";

/// The same answer, telling the browser to keep where to go on for as long as the link to confirm holds.
pub(super) fn keep_next(context: &Cx, mut answer: Response, next: &str) -> Response {
    let next = super::rules::own_path(next);
    let plain = next.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"/-_.?=&".contains(&byte));
    if super::rules::holds_secret(next) && plain {
        let seconds = super::rules::link_millis(super::model::Purpose::Confirm) / mapalus_core::time::SECOND;
        let kept = cx::set_cookie(NEXT, next, seconds, context.app.settings.secure());
        answer.headers_mut().append(header::SET_COOKIE, kept);
    }
    answer
}

/// Where a browser goes on that has kept it.
pub(super) fn kept_next(context: &Cx) -> Option<String> {
    Some(super::rules::own_path(cx::cookie(&context.headers, NEXT)?).to_owned())
}

/// The redirect to a place as a signed-in person: sets the session's cookie, and the marks that outlive it, by which
/// a form that is posted after its end is kept for this browser and this person. Of a session that waits, the cookie
/// alone: it is nobody's yet.
pub(super) fn entered(context: &Cx, begun: &Begun, place: &Place) -> Response {
    let mut answer = context.see(place);
    let secure = context.app.settings.secure();
    let name = cx::session_cookie(secure);
    let seconds = super::rules::SESSION_MILLIS / mapalus_core::time::SECOND;
    let mut cookies = vec![cx::set_cookie(name, &begun.token, seconds, secure)];
    if let Some(person) = begun.person {
        let mark = context.app.key.mark(person);
        cookies.push(cx::set_cookie(kept::MARK, &mark, 10 * seconds, secure));
        cookies.push(cx::set_cookie(kept::DEVICE, &kept::device(context), 10 * seconds, secure));
        if cx::cookie(&context.headers, NEXT).is_some() {
            cookies.push(cx::set_cookie(NEXT, "", 0, secure));
        }
    }
    if let Some(browser) = &begun.browser {
        cookies.push(cx::set_cookie(super::actions::BROWSER, browser, 10 * seconds, secure));
    }
    for cookie in cookies {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}

/// Where one goes after a step of signing in: to the next step, to the form that was kept, or to the page that was
/// asked for.
pub(super) async fn after_step(cx: &Cx, begun: &Begun, next: &str) -> Result<Place, AppError> {
    let next = super::rules::own_path(next);
    let Some(person) = begun.person else {
        return Ok(Place::at(with_next("/sign-in/code", next)));
    };
    let waits = cx.read("people::waits", move |tx, _| Ok(super::actions::guardian::waits(tx, person)?));
    if waits.await? {
        return Ok(Place::at(super::actions::guardian::WAITING));
    }
    let (old, _) = consent::standing(cx, person).await?;
    let place = Place::at(match () {
        // What was kept is offered when they have agreed.
        () if old < PRIVACY_VERSION => with_next("/consent", next),
        () if kept::offer(cx, person).await? => "/kept".to_owned(),
        () => next.to_owned(),
    });
    Ok(if begun.returned { place.telling("people-done-returned") } else { place })
}

/// A page that leads on to another.
pub(super) fn with_next(page: &str, next: &str) -> String {
    let query = serde_html_form::to_string([("next", next)]).unwrap_or_default();
    format!("{page}?{query}")
}

/// The page to go on to, in an address.
#[derive(Deserialize)]
pub(super) struct Next {
    #[serde(default)]
    pub next: String,
}
