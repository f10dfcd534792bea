//! One error at the edge: a refusal is told in the language of the request, a failure is logged once.

use super::{Frame, Lang, frame::own_path, locale, work::Place};
use askama::Template;
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{Denied, Refusal, RefusalKind};
use mapalus_db::DbError;
use serde::Serialize;
use std::error::Error;

/// Why a request was not answered as it wished.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Refused, with a reason for the person.
    #[error(transparent)]
    Refusal(#[from] Refusal),
    /// Refused since the thing has changed; a program is told how it stands now.
    #[error("it has changed")]
    Newer(Refusal, Box<Newer>),
    /// The database failed or is too busy.
    #[error("the database did not do it")]
    Db(#[from] DbError),
    /// Something failed that should not.
    #[error("{0}")]
    Internal(&'static str, #[source] Option<Box<dyn Error + Send + Sync>>),
}

impl From<Denied> for AppError {
    fn from(denied: Denied) -> Self {
        Self::Refusal(denied.into())
    }
}

impl AppError {
    /// A failure that has no further cause.
    pub const fn internal(what: &'static str) -> Self {
        Self::Internal(what, None)
    }

    /// A failure with its cause.
    pub fn caused(error: impl Error + Send + Sync + 'static) -> Self {
        Self::Internal("something failed", Some(Box::new(error)))
    }

    /// The refusal that is told; a failure behind it is logged.
    pub fn told(self) -> Refusal {
        match self {
            Self::Refusal(refusal) | Self::Newer(refusal, _) => refusal,
            // A character that no text may hold, or a value outside its column: the sender's mistake.
            Self::Db(DbError::Check { .. }) => Refusal::new(RefusalKind::Malformed, "refusal-malformed"),
            Self::Db(error) => {
                let key = match &error {
                    DbError::Busy | DbError::Slow => "refusal-busy",
                    DbError::Stale => {
                        return Refusal::new(RefusalKind::Changed, "refusal-changed");
                    }
                    DbError::Full => "refusal-disk-full",
                    _ => "refusal-database",
                };
                log(&error);
                Refusal::new(RefusalKind::Unavailable, key)
            }
            internal @ Self::Internal(..) => {
                log(&internal);
                Refusal::new(RefusalKind::Unavailable, "refusal-internal")
            }
        }
    }
}

fn log(error: &(dyn Error + 'static)) {
    let mut chain = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        chain.push_str(": ");
        chain.push_str(&error.to_string());
        cause = error.source();
    }
    tracing::error!(error = chain, "a request failed");
}

/// The HTTP status of a kind of refusal.
pub const fn status(kind: RefusalKind) -> StatusCode {
    match kind {
        RefusalKind::Malformed => StatusCode::BAD_REQUEST,
        RefusalKind::SignIn => StatusCode::UNAUTHORIZED,
        RefusalKind::Forbidden => StatusCode::FORBIDDEN,
        RefusalKind::NotFound => StatusCode::NOT_FOUND,
        RefusalKind::Conflict => StatusCode::CONFLICT,
        RefusalKind::Gone => StatusCode::GONE,
        RefusalKind::Changed => StatusCode::PRECONDITION_FAILED,
        RefusalKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        RefusalKind::WrongKind => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
        RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
        RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
    }
}

/// How a thing stands that has changed since a program read it.
#[derive(Debug, Clone)]
pub struct Newer {
    /// The thing, as the API shows it.
    value: serde_json::Value,
    /// Its entity tag, for the next If-Match.
    tag: Option<HeaderValue>,
}

/// Passes on what a change over the API came to. If the thing has changed since it was read, the refusal tells how
/// it stands now: what this answer to a `GET` holds.
///
/// # Errors
/// What the change answered.
pub async fn or_newer<T>(
    done: Result<T, AppError>,
    now: impl Future<Output = Result<Response, AppError>>,
) -> Result<T, AppError> {
    let refusal = match done {
        Err(AppError::Refusal(refusal)) if refusal.kind == RefusalKind::Changed => refusal,
        Err(AppError::Db(DbError::Stale)) => Refusal::new(RefusalKind::Changed, "refusal-changed"),
        other => return other,
    };
    // Whoever may no longer see the thing is told that it has changed, and no more.
    let Ok(answer) = now.await else {
        return Err(refusal.into());
    };
    let tag = answer.headers().get(header::ETAG).cloned();
    let bytes = axum::body::to_bytes(answer.into_body(), usize::MAX).await.map_err(AppError::caused)?;
    let value = serde_json::from_slice(&bytes).map_err(AppError::caused)?;
    Err(AppError::Newer(refusal, Box::new(Newer { value, tag })))
}

/// What the guard finds on an answer that it has to put into words.
#[derive(Clone)]
pub(super) struct Told(pub Refusal, pub Option<Newer>);

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        let internal = matches!(self, Self::Internal(..));
        let full = matches!(self, Self::Db(DbError::Full));
        let newer = match &self {
            Self::Newer(_, newer) => Some(Newer::clone(newer)),
            _ => None,
        };
        let refusal = self.told();
        let status = match () {
            () if internal => StatusCode::INTERNAL_SERVER_ERROR,
            () if full => StatusCode::INSUFFICIENT_STORAGE,
            () => status(refusal.kind),
        };
        let mut answer = status.into_response();
        answer.extensions_mut().insert(Told(refusal, newer));
        answer
    }
}

/// The page that tells a refusal.
#[derive(Template)]
#[template(path = "shell/templates/refusal.html")]
pub struct RefusalPage {
    /// The frame.
    pub f: Frame,
    /// What happened and what to do.
    pub text: String,
    /// Where to go on.
    pub href: String,
    /// Message key of the way on.
    pub action: &'static str,
    /// Another way on, with its message key.
    pub also: Option<(&'static str, &'static str)>,
}

impl RefusalPage {
    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        Self {
            f: Frame::sample(lang, "Refusal", false),
            text: locale::message(lang, "refusal-not-found", &[]),
            href: "/".to_owned(),
            action: "shell-to-groups",
            also: None,
        }
    }
}

/// The heading over a refusal of a kind.
pub(super) const fn heading(kind: RefusalKind) -> &'static str {
    match kind {
        RefusalKind::NotFound => "shell-refusal-not-found",
        RefusalKind::Gone => "shell-refusal-gone",
        RefusalKind::TooMany => "shell-refusal-wait",
        RefusalKind::Changed => "shell-refusal-changed",
        RefusalKind::Forbidden => "shell-refusal-forbidden",
        _ => "shell-refusal-title",
    }
}

/// A refusal as a program reads it (RFC 9457).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the key tells the kind.
    pub r#type: &'static str,
    /// The status in words.
    pub title: &'static str,
    /// HTTP status.
    pub status: u16,
    /// The reason in the language of the request.
    pub detail: String,
    /// The reason as a stable key.
    pub key: String,
    /// Values that stand in the reason.
    pub arguments: std::collections::BTreeMap<String, serde_json::Value>,
    /// The fields that do not hold.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldProblem>,
    /// With 412: the thing as it stands now, as a `GET` of it shows it. Its version is the answer's ETag.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Object>)]
    pub newer: Option<serde_json::Value>,
}

/// What is wrong with a field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FieldProblem {
    /// Name of the field.
    pub field: String,
    /// The reason in the language of the request.
    pub detail: String,
    /// The reason as a stable key.
    pub key: String,
    /// Values that stand in the reason: `text` that is not known, `near` what it may mean.
    #[serde(skip_serializing_if = "std::collections::BTreeMap::is_empty")]
    pub arguments: std::collections::BTreeMap<String, serde_json::Value>,
}

/// Arguments of a message as a program reads them.
fn plain(
    arguments: &[(&'static str, mapalus_core::Argument)],
) -> std::collections::BTreeMap<String, serde_json::Value> {
    arguments.iter().map(|(name, value)| ((*name).to_owned(), serde_json::json!(value))).collect()
}

/// The refusal as problem+json.
pub(super) fn problem(refusal: &Refusal, newer: Option<Newer>, status: StatusCode, lang: Lang) -> Response {
    let (newer, tag) = newer.map_or((None, None), |newer| (Some(newer.value), newer.tag));
    let body = Problem {
        r#type: "about:blank",
        title: status.canonical_reason().unwrap_or("Error"),
        status: status.as_u16(),
        detail: locale::message(lang, refusal.key, &refusal.arguments),
        key: refusal.key.to_owned(),
        arguments: plain(&refusal.arguments),
        fields: refusal
            .fields
            .iter()
            .map(|flaw| FieldProblem {
                field: flaw.field.clone(),
                detail: locale::message(lang, flaw.key, &flaw.arguments),
                key: flaw.key.to_owned(),
                arguments: plain(&flaw.arguments),
            })
            .collect(),
        newer,
    };
    let json = serde_json::to_vec(&body).unwrap_or_default();
    let kind = HeaderValue::from_static("application/problem+json");
    let mut answer = (status, [(header::CONTENT_TYPE, kind)], json).into_response();
    if let Some(tag) = tag {
        answer.headers_mut().insert(header::ETAG, tag);
    }
    answer
}

/// The page of ours from which a browser says it came.
pub(super) fn own_referer<'h>(headers: &'h axum::http::HeaderMap, own: &str) -> Option<&'h str> {
    let referer = headers.get(header::REFERER)?.to_str().ok()?;
    own_path(referer.strip_prefix(own)?)
}

/// The page from which a form was posted: what the browser says, if it is ours, else the path above.
pub(super) fn posted_from(headers: &axum::http::HeaderMap, own: &str, path: &str) -> String {
    let above = path.rsplit_once('/').map_or("/", |(above, _)| above);
    own_referer(headers, own).unwrap_or(if above.is_empty() { "/" } else { above }).to_owned()
}

/// Where one goes on after a refusal on a page.
pub(super) fn way_on(refusal: &Refusal, path: &str) -> (String, &'static str) {
    match refusal.kind {
        _ if [
            "people-link-used",
            "people-link-used-confirm",
            "people-link-used-setup",
            "people-link-over-confirm",
        ]
        .contains(&refusal.key) =>
        {
            ("/sign-in".to_owned(), "shell-sign-in")
        }
        _ if ["people-link-used-mail", "people-link-over-mail"].contains(&refusal.key) => {
            ("/me/settings".to_owned(), "shell-account-settings")
        }
        _ if refusal.key.starts_with("safeguarding-age") || refusal.key == "safeguarding-nobody" => {
            ("/groups".to_owned(), "shell-to-groups")
        }
        _ if refusal.key == "people-link-used-guardian" => ("/wards".to_owned(), "shell-wards"),
        _ if refusal.key == "refusal-factor" => ("/me/factors".to_owned(), "shell-factor-set"),
        _ if refusal.key == "people-link-over" => ("/forgot".to_owned(), "shell-new-link"),
        RefusalKind::Unavailable | RefusalKind::TooMany => (path.to_owned(), "shell-try-again"),
        RefusalKind::Changed | RefusalKind::Conflict => (path.to_owned(), "shell-see-newer"),
        _ => ("/groups".to_owned(), "shell-to-groups"),
    }
}

/// Where else one may go on: what the words of the refusal name.
pub(super) fn other_way(refusal: &Refusal) -> Option<(&'static str, &'static str)> {
    match refusal.key {
        "people-link-used" => Some(("/forgot", "shell-new-link")),
        "people-link-over" => Some(("/sign-in", "shell-sign-in")),
        _ => None,
    }
}

/// The key of the refusal that asks for a proof anew of who it is.
pub(super) const PROVE: &str = "refusal-prove";

/// The key of the refusal that asks to agree to a newer privacy notice.
pub(super) const CONSENT: &str = "refusal-consent";

/// Where one signs in or proves who one is first, and comes back from.
pub(super) fn first_at(page: &str, path_and_query: &str) -> Place {
    let next: String = form_encode(path_and_query);
    Place::at(format!("{page}?next={next}"))
}

fn form_encode(text: &str) -> String {
    serde_html_form::to_string([("n", text)]).map(|pair| pair[2..].to_owned()).unwrap_or_default()
}
