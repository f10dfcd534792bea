//! What the guard sees of a request before its handler runs: its language, from where it comes, and by what it says
//! who asks: a session's cookie or a program's token, never both.

use super::{
    App, AppError, Came, Lang, Viewer,
    cx::{cookie, session_cookie},
    secrets,
};
use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{HeaderMap, HeaderName, HeaderValue, Request, header},
};
use mapalus_core::{ByToken, Refusal, RefusalKind, Scopes};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, OnceLock},
};

/// By what a request says who asks.
#[derive(Clone)]
pub(super) enum Credential {
    /// By a session's cookie, if there is one.
    Session,
    /// By the token of a program; its cookies count for nothing.
    Token(String),
    /// A token where all are told the same, such as the document of the API: it is not looked at.
    Nobody,
    /// A token of ours on a page: refused.
    OnPage,
}

impl Credential {
    fn of(headers: &HeaderMap, path: &str) -> Self {
        let Some(secret) = bearer(headers) else {
            return Self::Session;
        };
        match () {
            () if path.starts_with("/api/v1/") => Self::Token(secret.to_owned()),
            () if path.starts_with("/api/") => Self::Nobody,
            () if secret.starts_with(secrets::TOKEN_PREFIX) => Self::OnPage,
            // What a proxy in front sends along for its own purposes.
            () => Self::Session,
        }
    }
}

/// What follows the word Bearer; empty if it is no text.
fn bearer(headers: &HeaderMap) -> Option<&str> {
    headers.get_all(header::AUTHORIZATION).iter().find_map(|value| {
        let (scheme, secret) = value.as_bytes().split_at_checked(6)?;
        let is_bearer = scheme.eq_ignore_ascii_case(b"bearer") && secret.first().is_none_or(|b| *b == b' ');
        is_bearer.then(|| std::str::from_utf8(secret).unwrap_or("").trim())
    })
}

/// What was seen; the viewer is looked up at most once.
#[derive(Clone)]
pub(super) struct Seen {
    pub lang: Lang,
    /// The language that the address asks for: it counts for whoever is signed in, too.
    pub asked: Option<Lang>,
    pub nonce: String,
    pub address: IpAddr,
    pub api: bool,
    pub credential: Credential,
    viewer: Arc<OnceLock<Option<Viewer>>>,
}

impl Seen {
    pub(super) fn of(app: &App, request: &Request<Body>) -> Self {
        let path = request.uri().path();
        Self {
            lang: wanted_language(request),
            asked: asked_language(request),
            nonce: secrets::nonce(&*app.chance),
            address: client_address(app, request),
            api: path.starts_with("/api/"),
            credential: Credential::of(request.headers(), path),
            viewer: Arc::new(OnceLock::new()),
        }
    }

    pub(super) async fn viewer(&self, app: &App, headers: &HeaderMap) -> Result<Option<Viewer>, AppError> {
        if let Some(known) = self.viewer.get() {
            return Ok(known.clone());
        }
        let found = match &self.credential {
            Credential::Session => of_session(app, headers).await?,
            Credential::Token(secret) => Some(of_token(app, secret).await?),
            Credential::Nobody | Credential::OnPage => None,
        };
        Ok(self.viewer.get_or_init(|| found).clone())
    }

    /// Whether a request that changes something comes from our own pages, or from a program with a token: no
    /// browser sends that by itself.
    pub(super) fn is_ours(&self, app: &App, headers: &HeaderMap) -> bool {
        if matches!(self.credential, Credential::Token(_)) {
            return true;
        }
        let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
        match text(HeaderName::from_static("sec-fetch-site")) {
            Some(site) => site == "same-origin",
            None => text(header::ORIGIN).is_some_and(|origin| origin == app.settings.public_url),
        }
    }

    /// What a refusal of the API tells of the way in (RFC 6750).
    pub(super) fn challenge(&self, refusal: &Refusal) -> Option<HeaderValue> {
        let text = match refusal.key.strip_prefix("refusal-token-") {
            Some("scope") => {
                let scope = refusal.arguments.iter().find(|(name, _)| *name == "scope");
                let scope = scope.map(|(_, value)| serde_json::json!(value)).unwrap_or_default();
                format!("Bearer realm=\"mapalus\", error=\"insufficient_scope\", scope={scope}")
            }
            Some(which) if refusal.kind == RefusalKind::SignIn => {
                format!("Bearer realm=\"mapalus\", error=\"invalid_token\", error_description=\"{which}\"")
            }
            _ if refusal.kind == RefusalKind::SignIn => "Bearer realm=\"mapalus\"".to_owned(),
            _ => return None,
        };
        HeaderValue::from_str(&text).ok()
    }
}

async fn of_session(app: &App, headers: &HeaderMap) -> Result<Option<Viewer>, AppError> {
    let secret = cookie(headers, session_cookie(app.settings.secure()));
    let Some(secret) = secret.filter(|secret| (1..=64).contains(&secret.len())) else {
        return Ok(None);
    };
    let (digest, now, load) = (secrets::digest(secret), app.clock.now(), app.load_viewer);
    let viewer = app.db.read("viewer", move |tx| load(tx, &digest, now)).await?;
    if let Some(viewer) = &viewer {
        note_use(app, viewer).await;
    }
    Ok(viewer)
}

async fn of_token(app: &App, secret: &str) -> Result<Viewer, AppError> {
    if !secrets::looks_like_a_token(secret) {
        return Err(unknown_token());
    }
    let (digest, now, load) = (secrets::digest(secret), app.clock.now(), app.load_holder);
    let viewer = app.db.read("holder", move |tx| load(tx, &digest, now)).await?;
    note_use(app, &viewer).await;
    Ok(viewer)
}

/// Notes the use of a session or token, if it is time to: by a write of its own that no answer depends on.
async fn note_use(app: &App, viewer: &Viewer) {
    let (Came::Session { note: true, .. } | Came::Token { note: true, .. }) = viewer.came else {
        return;
    };
    let (note_use, came) = (app.note_use, viewer.came);
    let noted = app.write_as(Some(viewer.person), "people::note_use", move |work| note_use(work, came)).await;
    if let Err(error) = noted {
        // Whoever asks is answered all the same; the next request tries again.
        tracing::warn!(error = &error as &dyn std::error::Error, "the use of a way in could not be noted");
    }
}

/// A token that this instance does not know.
pub(crate) fn unknown_token() -> AppError {
    Refusal::new(RefusalKind::SignIn, "refusal-token-unknown").into()
}

/// A token where none gets in.
pub(super) const fn never_by_token() -> Refusal {
    Refusal::new(RefusalKind::Forbidden, "refusal-token-never")
}

/// Whether a token that reaches so much gets in.
pub(super) fn admit(scopes: Scopes, by: ByToken) -> Result<(), Refusal> {
    match by {
        ByToken::With(scope) if scopes.has(scope) => Ok(()),
        ByToken::With(scope) => {
            Err(Refusal::new(RefusalKind::Forbidden, "refusal-token-scope").with("scope", scope.word()))
        }
        ByToken::Never => Err(never_by_token()),
    }
}

fn query_value<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn asked_language(request: &Request<Body>) -> Option<Lang> {
    request.uri().query().and_then(|query| query_value(query, "lang")).and_then(|lang| lang.parse().ok())
}

fn wanted_language(request: &Request<Body>) -> Lang {
    let asked = asked_language(request);
    let kept = || cookie(request.headers(), "lang").and_then(|lang| lang.parse().ok());
    let accepted = || {
        let header = request.headers().get(header::ACCEPT_LANGUAGE)?;
        Lang::accepted(header.to_str().ok()?)
    };
    asked.or_else(kept).or_else(accepted).unwrap_or(Lang::Id)
}

/// The address of the one who asks: the peer's, or what a trusted proxy says.
fn client_address(app: &App, request: &Request<Body>) -> IpAddr {
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |c| c.0.ip());
    let trusted = |address: IpAddr| app.settings.trusted_proxies.iter().any(|network| network.holds(address));
    if !trusted(peer) {
        return peer;
    }
    // From the right: the first address that is not one of our proxies.
    let forwarded =
        request.headers().get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let chain: Vec<IpAddr> =
        forwarded.flat_map(|v| v.split(',')).filter_map(|a| a.trim().parse().ok()).collect();
    chain.into_iter().rev().find(|address| !trusted(*address)).unwrap_or(peer)
}
