//! Nothing typed is lost: a form that was posted with a session that had ended, or that asks first for a proof of who it
//! is, is kept for half an hour, for this browser and this person, and shown again afterwards. It is not sent by itself.
//!
//! A browser in which somebody signed in holds two marks that outlive the session: a secret of its own, and one
//! by which the person who was signed in last is known again. Neither says who that is.

mod refill;

use super::{AppError, Cx, Frame, Lang, cx::cookie, error, house::queries, secrets, upload::FilePart};
use askama::Template;
use axum::{
    http::{HeaderMap, Method, Uri, request::Parts},
    response::Response,
};
use mapalus_core::{Millis, PersonId, Refusal, access::UseAccount, time::MINUTE};
use mapalus_db::{DbError, Tx, params};
use std::sync::Arc;

/// How long a form is kept.
const KEPT_MILLIS: i64 = 30 * MINUTE;

/// Name of the cookie that holds the secret of a browser in which somebody signed in.
pub const DEVICE: &str = "device";
/// Name of the cookie that holds the mark of the person who was signed in last.
pub const MARK: &str = "mark";
/// Before the name of a field with a file: of it the name alone is kept, so that it can be asked for again.
const FILE: &str = "file:";
/// The page that shows a kept form in words, where its own page does not take it.
pub(super) const LIST: &str = "/kept?list=1";

fn secret<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    cookie(headers, name).filter(|secret| (20..=64).contains(&secret.len()))
}

fn digest(headers: &HeaderMap) -> Option<String> {
    secret(headers, DEVICE).map(|secret| secrets::digest(format!("kept {secret}")))
}

/// The secret of this browser: the one that it has, or a new one.
pub fn device(cx: &Cx) -> String {
    secret(&cx.headers, DEVICE).map_or_else(|| secrets::token(&*cx.app.chance), str::to_owned)
}

/// What ties the once-value of a form to the person for whom it was drawn.
fn tie(mark: &str, nonce: &str) -> String {
    secrets::digest(format!("drawn {mark} {nonce}"))[..16].to_owned()
}

/// A once-value for the forms of a page of this person.
pub(super) fn once_for(cx: &Cx) -> String {
    let nonce = secrets::nonce(&*cx.app.chance);
    match cx.person() {
        Some(person) => format!("{nonce}.{}", tie(&cx.app.key.mark(person), &nonce)),
        None => nonce,
    }
}

/// Keeps the fields of a form, without passwords, if somebody is or had been signed in in this browser and the form
/// was not drawn for somebody else. Of its files it keeps that there were some.
pub(super) async fn keep(
    cx: &Cx,
    parts: &Parts,
    fields: &[(String, String)],
    files: &[FilePart],
) -> Result<(), AppError> {
    let path = parts.uri.path().to_owned();
    let signs_in = path.starts_with("/sign-") || path.starts_with("/forgot") || path.starts_with("/reset");
    let own = cx.person().map(|person| cx.app.key.mark(person));
    let mark = own.or_else(|| secret(&cx.headers, MARK).map(str::to_owned));
    let (Some(key), Some(mark), false) =
        (digest(&cx.headers), mark, signs_in || (fields.is_empty() && files.is_empty()))
    else {
        return Ok(());
    };
    let drawn = cx.once().and_then(|once| once.split_once('.'));
    if drawn.is_some_and(|(nonce, tied)| tied != tie(&mark, nonce)) {
        return Ok(());
    }
    let typed = fields.iter().filter(|(name, _)| !name.contains("password")).cloned();
    let mut with_file: Vec<&str> = files.iter().map(|file| file.field.as_str()).collect();
    with_file.dedup();
    let with_file = with_file.into_iter().map(|field| (format!("{FILE}{field}"), "1".to_owned()));
    let kept: Vec<(String, String)> = typed.chain(with_file).collect();
    let fields = serde_json::to_string(&kept).map_err(AppError::caused)?;
    let page = error::posted_from(&cx.headers, &cx.app.settings.public_url, &path);
    cx.app
        .write_as(None, "kept::keep", move |work| {
            let row = params![&key, &mark, &path, &page, &fields, work.now.plus(KEPT_MILLIS)];
            work.tx.execute(&queries::KEEP_FORM, &row)?;
            Ok::<_, DbError>(())
        })
        .await?;
    Ok(())
}

mapalus_db::record! {
    /// A form as it was posted.
    #[derive(Debug)]
    pub struct Kept {
        /// Where it was posted to.
        pub path: String,
        /// The page on which it stood.
        pub page: String,
        /// Its fields as JSON.
        pub fields: String,
    }
}

impl Kept {
    fn fields(&self) -> Result<Vec<(String, String)>, AppError> {
        serde_json::from_str(&self.fields).map_err(AppError::caused)
    }
}

/// The kept form, in words.
#[derive(Template)]
#[template(path = "shell/templates/kept.html")]
pub struct KeptPage {
    f: Frame,
    page: String,
    fields: Vec<(String, String)>,
}

impl KeptPage {
    /// What a person will know again: words they wrote, not choices and versions.
    fn typed(&self) -> Vec<&str> {
        let written = |value: &&str| value.contains(char::is_whitespace) || value.chars().count() > 20;
        self.fields.iter().map(|(_, value)| value.as_str()).filter(written).collect()
    }

    /// Whether there were files.
    fn had_files(&self) -> bool {
        self.fields.iter().any(|(name, _)| name.starts_with(FILE))
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let fields = vec![pair("about", "Saya perawat."), pair("file:photo", "1")];
        Self { f: Frame::sample(lang, "Kept", true), page: "/applications/x".to_owned(), fields }
    }
}

fn find(tx: &mut Tx<'_>, key: &str, mark: &str, now: Millis) -> Result<Option<Kept>, DbError> {
    tx.optional(&queries::KEPT_FORM, &params![key, mark, now])
}

/// Whether a form is kept for the person who was signed in here last: the page to sign in says so.
///
/// # Errors
/// The database's error.
pub async fn waits(cx: &Cx) -> Result<bool, AppError> {
    let (Some(key), Some(mark)) = (digest(&cx.headers), secret(&cx.headers, MARK).map(str::to_owned)) else {
        return Ok(false);
    };
    cx.read("kept::waits", move |tx, cx| Ok(find(tx, &key, &mark, cx.now)?.is_some())).await
}

/// Whether a form of this person is kept in this browser that was not yet offered again.
///
/// # Errors
/// The database's error.
pub async fn offer(cx: &Cx, person: PersonId) -> Result<bool, AppError> {
    let Some(key) = digest(&cx.headers) else {
        return Ok(false);
    };
    let mark = cx.app.key.mark(person);
    cx.app
        .write_as(Some(person), "kept::offer", move |work| {
            let offered = work.tx.execute(&queries::OFFER_KEPT_FORM, &params![&key, &mark, work.now])?;
            Ok::<_, AppError>(offered > 0)
        })
        .await
}

/// Whether a page is asked for with what was typed in its form.
pub(super) fn wanted(uri: &Uri) -> bool {
    uri.query().is_some_and(|query| query.split('&').any(|pair| pair == "kept=1"))
}

/// The kept form that is to stand on the page that is asked for.
pub(super) async fn for_page(
    app: &super::App,
    person: PersonId,
    parts: &Parts,
) -> Result<Option<Arc<Kept>>, AppError> {
    let Some(key) = digest(&parts.headers).filter(|_| parts.method == Method::GET && wanted(&parts.uri))
    else {
        return Ok(None);
    };
    let (mark, now) = (app.key.mark(person), app.clock.now());
    let found: Option<Kept> = app.db.read("kept::find", move |tx| find(tx, &key, &mark, now)).await?;
    Ok(found.map(Arc::new))
}

/// The page with what was typed in its form; `None` if it has no form that takes it. Where a file was chosen, these words
/// ask for it again.
pub(super) fn refilled(kept: &Kept, page: &str, choose_again: &str) -> Result<Option<String>, AppError> {
    Ok(refill::refill(page, &kept.path, &kept.fields()?, choose_again))
}

/// `GET /kept`: leads to the page of the form, which is filled again; with `list`, shows what was typed in words.
///
/// # Errors
/// Not found, if none is kept.
pub async fn kept(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<UseAccount>()?.signed_in()?;
    let key = digest(&cx.headers).ok_or_else(Refusal::not_found)?;
    let mark = cx.app.key.mark(person);
    let found = cx.read("kept::find", move |tx, cx| Ok(find(tx, &key, &mark, cx.now)?)).await?;
    let found = found.ok_or_else(Refusal::not_found)?;
    if cx.path_and_query() != LIST {
        let join = if found.page.contains('?') { '&' } else { '?' };
        return Ok(cx.see(&super::Place::at(format!("{}{join}kept=1", found.page))));
    }
    cx.html(&KeptPage { f: cx.frame(cx.text("shell-kept-title")), fields: found.fields()?, page: found.page })
}
