//! What was just done can be undone for a short while: every page that this person opens in this browser offers it
//! until then, and no longer. The offer stands in a cookie, so that no page asks the database for it; it only says
//! where to post to, and whether it may still be undone is decided there.

use super::{
    Cx,
    cx::{cookie, set_cookie},
    frame::{done_text, own_path},
    work::Place,
};
use axum::http::HeaderValue;
use mapalus_core::Millis;

/// Name of the cookie: whose it is, until when, the message of what was done, where to post to.
pub(super) const COOKIE: &str = "undo";

/// What can still be undone.
#[derive(Debug, Clone)]
pub struct Offer {
    /// What was done.
    pub text: String,
    /// Path to post to.
    pub path: String,
    /// Seconds that remain.
    pub seconds: i64,
}

fn parts(value: &str) -> Option<(&str, Millis, &str, &str)> {
    let mut parts = value.splitn(4, '|');
    let (mark, until) = (parts.next()?, parts.next()?.parse().ok()?);
    Some((mark, Millis(until), parts.next()?, own_path(parts.next()?)?))
}

/// What this person can still undo in this browser.
pub(super) fn standing(cx: &Cx) -> Option<Offer> {
    let (mark, until, key, path) = parts(cookie(&cx.headers, COOKIE)?)?;
    let left =
        until.0.checked_sub(cx.now.0).filter(|left| (1..=cx.app.settings.undo_millis).contains(left))?;
    if cx.app.key.mark(cx.person()?) != mark {
        return None;
    }
    Some(Offer { text: done_text(key, cx.lang)?, path: path.to_owned(), seconds: (left + 999) / 1_000 })
}

/// The cookie that a place sets: its own offer, or none any more if the offer that stood was taken.
pub(super) fn cookie_of(cx: &Cx, place: &Place) -> Option<HeaderValue> {
    let (millis, secure) = (cx.app.settings.undo_millis, cx.app.settings.secure());
    if let (Some(person), Some(done), Some(undo)) = (cx.person(), &place.done, &place.undo) {
        let until = cx.now.plus(millis);
        let value = format!("{}|{}|{done}|{undo}", cx.app.key.mark(person), until.0);
        return Some(set_cookie(COOKIE, &value, (millis + 999) / 1_000, secure));
    }
    let (.., path) = parts(cookie(&cx.headers, COOKIE)?)?;
    (path == cx.uri.path()).then(|| set_cookie(COOKIE, "", 0, secure))
}
