//! Pages of accounts.

pub mod account;
pub mod admin;
pub mod demo;
pub mod enter;
pub mod links;

use super::actions::Begun;
use crate::shell::{Cx, Place, cx};
use axum::{http::header, response::Response};

/// The redirect to a place as a signed-in person: sets the session's cookie.
pub(super) fn entered(context: &Cx, begun: &Begun, place: &Place) -> Response {
    let mut answer = context.see(place);
    let secure = context.app.settings.secure();
    let seconds = super::rules::SESSION_MILLIS / mapalus_core::time::SECOND;
    let set = cx::set_cookie(cx::session_cookie(secure), &begun.token, seconds, secure);
    answer.headers_mut().append(header::SET_COOKIE, set);
    answer
}
