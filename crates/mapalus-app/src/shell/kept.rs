//! Nothing typed is lost: a form that was posted with a session that had ended is kept for half an hour,
//! for this browser and this person, and shown again after signing in. It is not sent by itself.

use super::{
    AppError, Cx, Frame, Lang,
    cx::{cookie, session_cookie},
    house::queries,
    secrets,
};
use askama::Template;
use axum::{http::request::Parts, response::Response};
use mapalus_core::{PersonId, Refusal, access::UseAccount, time::MINUTE};
use mapalus_db::{DbError, params};

/// How long a form is kept.
const KEPT_MILLIS: i64 = 30 * MINUTE;

/// Name of the cookie that holds the secret of the session that ended, after signing in again.
pub const ENDED: &str = "ended";
/// Name of the cookie that holds the mark of the person who was signed in last.
pub const MARK: &str = "mark";

fn digest(token: &str) -> Option<String> {
    (20..=64).contains(&token.len()).then(|| secrets::digest(format!("kept {token}")))
}

/// Keeps the fields of a form, without passwords, if the browser had a session.
pub(super) async fn keep(cx: &Cx, parts: &Parts, fields: &[(String, String)]) -> Result<(), AppError> {
    let path = parts.uri.path().to_owned();
    let signs_in = path.starts_with("/sign-") || path.starts_with("/forgot") || path.starts_with("/reset");
    let token = cookie(&cx.headers, session_cookie(cx.app.settings.secure())).and_then(digest);
    let mark = cookie(&cx.headers, MARK).filter(|mark| (20..=64).contains(&mark.len())).map(str::to_owned);
    let (Some(key), Some(mark), false) = (token, mark, signs_in || fields.is_empty()) else {
        return Ok(());
    };
    let kept: Vec<_> = fields.iter().filter(|(name, _)| !name.contains("password")).collect();
    let fields = serde_json::to_string(&kept).map_err(AppError::caused)?;
    cx.app
        .write_as(None, "kept::keep", move |work| {
            let row = params![&key, &mark, &path, &fields, work.now.plus(KEPT_MILLIS)];
            work.tx.execute(&queries::KEEP_FORM, &row)?;
            Ok::<_, DbError>(())
        })
        .await?;
    Ok(())
}

mapalus_db::record! {
    struct Kept {
        path: String,
        fields: String,
    }
}

/// The kept form, shown again.
#[derive(Template)]
#[template(path = "shell/templates/kept.html")]
pub struct KeptPage {
    f: Frame,
    action: String,
    fields: Vec<(String, String)>,
}

impl KeptPage {
    /// What a person will know again: words they wrote, not choices and versions.
    fn typed(&self) -> Vec<&str> {
        let written = |value: &&str| value.contains(char::is_whitespace) || value.chars().count() > 20;
        self.fields.iter().map(|(_, value)| value.as_str()).filter(written).collect()
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let fields = vec![("about".to_owned(), "Saya perawat.".to_owned())];
        Self { f: Frame::sample(lang, "Kept", true), action: "/applications/x/form".to_owned(), fields }
    }
}

async fn find(cx: &Cx, token: Option<&str>, person: PersonId) -> Result<Option<Kept>, AppError> {
    let Some(key) = token.and_then(digest) else {
        return Ok(None);
    };
    let mark = cx.app.key.mark(person);
    cx.read("kept::find", move |tx, cx| Ok(tx.optional(&queries::KEPT_FORM, &params![key, mark, cx.now])?))
        .await
}

/// Whether a form of this person, posted with the session that ended in this browser, is kept.
///
/// # Errors
/// The database's error.
pub async fn is_kept(cx: &Cx, person: PersonId) -> Result<bool, AppError> {
    let token = cookie(&cx.headers, session_cookie(cx.app.settings.secure()));
    Ok(find(cx, token, person).await?.is_some())
}

/// `GET /kept`: the form to send once more.
///
/// # Errors
/// Not found, if none is kept.
pub async fn kept(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let found = find(&cx, cookie(&cx.headers, ENDED), person).await?.ok_or_else(Refusal::not_found)?;
    let fields = serde_json::from_str(&found.fields).map_err(AppError::caused)?;
    cx.html(&KeptPage { f: cx.frame(cx.text("shell-kept-title")), action: found.path, fields })
}
