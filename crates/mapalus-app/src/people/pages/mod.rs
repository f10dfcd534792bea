//! Pages of accounts.

pub mod account;
pub mod admin;
pub mod demo;
pub mod enter;
pub mod links;
pub mod profile;
pub mod settings;
pub mod tokens;

use super::actions::Begun;
use crate::shell::{Cx, Place, cx, kept};
use axum::{http::header, response::Response};

/// The redirect to a place as a signed-in person: sets the session's cookie, and the marks that outlive it, by which
/// a form that is posted after its end is kept for this browser and this person.
pub(super) fn entered(context: &Cx, begun: &Begun, place: &Place) -> Response {
    let mut answer = context.see(place);
    let secure = context.app.settings.secure();
    let name = cx::session_cookie(secure);
    let seconds = super::rules::SESSION_MILLIS / mapalus_core::time::SECOND;
    let mark = context.app.key.mark(begun.person);
    let mut cookies = vec![
        cx::set_cookie(name, &begun.token, seconds, secure),
        cx::set_cookie(kept::MARK, &mark, 10 * seconds, secure),
        cx::set_cookie(kept::DEVICE, &kept::device(context), 10 * seconds, secure),
    ];
    if let Some(browser) = &begun.browser {
        cookies.push(cx::set_cookie(super::actions::BROWSER, browser, 10 * seconds, secure));
    }
    for cookie in cookies {
        answer.headers_mut().append(header::SET_COOKIE, cookie);
    }
    answer
}
