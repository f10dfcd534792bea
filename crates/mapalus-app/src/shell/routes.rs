//! Routes, each with the action of the access table it serves; and the guard around all of them:
//! cross-site check, nonce, security headers, refusals in words.

use super::{
    App, AppError, Lang, Place,
    cx::{Viewer, cookie, session_cookie},
    error::{self, RefusalPage, Told},
    secrets,
    upload::{PICTURE_BYTES, UPLOAD_BYTES},
};
use askama::Template;
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, DefaultBodyLimit, State},
    handler::Handler,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request as HttpRequest, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::{MethodFilter, on},
};
use mapalus_core::{Refusal, RefusalKind, access::Action};
use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    sync::{Arc, OnceLock},
    time::Duration,
};
use tower_http::{
    compression::{
        CompressionLayer, Predicate,
        predicate::{DefaultPredicate, NotForContentType},
    },
    timeout::TimeoutLayer,
};

/// A route as the access reference and the tests list it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// HTTP method.
    pub method: &'static str,
    /// Path with its parameters.
    pub path: &'static str,
    /// The action of the access table.
    pub action: &'static str,
}

/// A request that is not answered by then, its body read, is refused.
const REQUEST_TIME: Duration = Duration::from_secs(10);

/// The same for one that brings files: 30 MB by a telephone take minutes.
const UPLOAD_TIME: Duration = Duration::from_secs(300);

/// The routes of a slice. A route without an action cannot be written.
#[derive(Default)]
pub struct Routes {
    router: Router<App>,
    uploads: Router<App>,
    lines: Vec<Line>,
}

impl Routes {
    /// No routes.
    pub fn new() -> Self {
        Self::default()
    }

    /// A route that only shows.
    #[must_use]
    pub fn get<A: Action, H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on::<A, H, T>(MethodFilter::GET, "GET", path, handler)
    }

    /// A route that changes something.
    #[must_use]
    pub fn post<A: Action, H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on::<A, H, T>(MethodFilter::POST, "POST", path, handler)
    }

    /// A route to which files are sent: more bytes and more time.
    #[must_use]
    pub fn upload<A: Action, H, T>(mut self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.lines.push(Line { method: "POST", path, action: A::NAME });
        self.uploads = self.uploads.route(path, on(MethodFilter::POST, handler));
        self
    }

    /// A route that changes part of a thing.
    #[must_use]
    pub fn patch<A: Action, H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on::<A, H, T>(MethodFilter::PATCH, "PATCH", path, handler)
    }

    /// A route that puts a thing in the place of another.
    #[must_use]
    pub fn put<A: Action, H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on::<A, H, T>(MethodFilter::PUT, "PUT", path, handler)
    }

    /// A route that removes a thing.
    #[must_use]
    pub fn delete<A: Action, H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on::<A, H, T>(MethodFilter::DELETE, "DELETE", path, handler)
    }

    fn on<A: Action, H, T>(
        mut self,
        filter: MethodFilter,
        method: &'static str,
        path: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.lines.push(Line { method, path, action: A::NAME });
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    /// Both sets of routes.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.uploads = self.uploads.merge(other.uploads);
        self.lines.extend(other.lines);
        self
    }

    /// Every route with its action.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// The router, guarded.
    pub fn guarded(self, app: App) -> Router {
        // Files come packed already.
        let compressed = DefaultPredicate::new().and(NotForContentType::const_new("application/pdf"));
        let bounded = |router: Router<App>, bytes, time| {
            let timeout = TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, time);
            router.layer(DefaultBodyLimit::max(bytes)).layer(timeout)
        };
        let uploads = bounded(self.uploads, UPLOAD_BYTES, UPLOAD_TIME);
        bounded(self.router, PICTURE_BYTES, REQUEST_TIME)
            .merge(uploads)
            .fallback(|| async { AppError::from(Refusal::not_found()) })
            .method_not_allowed_fallback(|| async {
                let mut answer =
                    AppError::from(Refusal::new(RefusalKind::Malformed, "refusal-method")).into_response();
                *answer.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
                answer
            })
            .layer(tower_http::catch_panic::CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| {
                AppError::internal("a handler panicked").into_response()
            }))
            .layer(axum::middleware::from_fn_with_state(app.clone(), guard))
            .layer(CompressionLayer::new().compress_when(compressed))
            .with_state(app)
    }
}

/// What the guard saw of a request before its handler ran; the viewer is looked up at most once.
#[derive(Clone)]
pub(super) struct Request {
    pub lang: Lang,
    pub nonce: String,
    pub address: IpAddr,
    pub api: bool,
    viewer: Arc<OnceLock<Option<Viewer>>>,
}

impl Request {
    pub(super) async fn viewer(&self, app: &App, headers: &HeaderMap) -> Result<Option<Viewer>, AppError> {
        if let Some(known) = self.viewer.get() {
            return Ok(known.clone());
        }
        let found = match cookie(headers, session_cookie(app.settings.secure())) {
            Some(token) if !token.is_empty() && token.len() <= 64 => {
                let (digest, now, load) = (secrets::digest(token), app.clock.now(), app.load_viewer);
                app.db.read("viewer", move |tx| load(tx, &digest, now)).await?
            }
            _ => None,
        };
        Ok(self.viewer.get_or_init(|| found).clone())
    }
}

fn query_value<'q>(query: &'q str, name: &str) -> Option<&'q str> {
    query
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

fn wanted_language(request: &HttpRequest<Body>) -> Lang {
    let asked =
        request.uri().query().and_then(|query| query_value(query, "lang")).and_then(|l| l.parse().ok());
    let kept = || cookie(request.headers(), "lang").and_then(|lang| lang.parse().ok());
    let accepted = || {
        let header = request.headers().get(header::ACCEPT_LANGUAGE)?;
        Lang::accepted(header.to_str().ok()?)
    };
    asked.or_else(kept).or_else(accepted).unwrap_or(Lang::Id)
}

/// The address of the one who asks: the peer's, or what a trusted proxy says.
fn client_address(app: &App, request: &HttpRequest<Body>) -> IpAddr {
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

/// Whether a request that changes something comes from our own pages, or from a program with a token.
fn from_our_pages(app: &App, headers: &HeaderMap) -> bool {
    let text = |name: HeaderName| headers.get(name).and_then(|value| value.to_str().ok());
    let by_token = text(header::AUTHORIZATION).is_some_and(|value| value.starts_with("Bearer "));
    if by_token && !headers.contains_key(header::COOKIE) {
        return true;
    }
    match text(HeaderName::from_static("sec-fetch-site")) {
        Some(site) => site == "same-origin",
        None => text(header::ORIGIN).is_some_and(|origin| origin == app.settings.public_url),
    }
}

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

async fn guard(State(app): State<App>, mut request: HttpRequest<Body>, next: Next) -> Response {
    let path = request.uri().path().to_owned();
    let seen = Request {
        lang: wanted_language(&request),
        nonce: secrets::nonce(&*app.chance),
        address: client_address(&app, &request),
        api: path.starts_with("/api/"),
        viewer: Arc::new(OnceLock::new()),
    };
    let method = request.method().clone();
    let uri = request.uri().clone();
    let headers = request.headers().clone();
    request.extensions_mut().insert(seen.clone());

    let reads = matches!(method, Method::GET | Method::HEAD | Method::OPTIONS);
    let mut answer = if reads || from_our_pages(&app, &headers) {
        next.run(request).await
    } else {
        AppError::from(Refusal::new(RefusalKind::Forbidden, "refusal-cross-site")).into_response()
    };
    if answer.extensions().get::<Told>().is_none() && is_foreign_refusal(&answer) {
        let refusal = foreign_refusal(answer.status());
        answer.extensions_mut().insert(Told(refusal));
    }
    if let Some(Told(refusal)) = answer.extensions_mut().remove::<Told>() {
        answer = tell(&app, &seen, &headers, (reads, &uri), &refusal, answer.status()).await;
    }
    finish(&mut answer, &seen, &path, app.settings.secure());
    answer
}

/// An answer of the framework itself, in plain English text.
fn is_foreign_refusal(answer: &Response) -> bool {
    let kind = answer.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    answer.status().as_u16() >= 400 && (kind.is_empty() || kind.starts_with("text/plain"))
}

fn foreign_refusal(status: StatusCode) -> Refusal {
    match status {
        StatusCode::NOT_FOUND => Refusal::not_found(),
        StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(RefusalKind::TooLarge, "refusal-too-large"),
        s if s.is_server_error() => Refusal::new(RefusalKind::Unavailable, "refusal-internal"),
        _ => Refusal::new(RefusalKind::Malformed, "refusal-malformed"),
    }
}

async fn tell(
    app: &App,
    seen: &Request,
    headers: &HeaderMap,
    (reads, uri): (bool, &axum::http::Uri),
    refusal: &Refusal,
    status: StatusCode,
) -> Response {
    let viewer = seen.viewer(app, headers).await.ok().flatten();
    let lang = viewer.as_ref().map_or(seen.lang, |viewer| viewer.lang);
    let asked = uri.path_and_query().map_or("/", |p| p.as_str());
    let from = if reads {
        asked.to_owned()
    } else {
        error::posted_from(headers, &app.settings.public_url, uri.path())
    };
    if seen.api {
        let mut answer = error::problem(refusal, status, lang);
        if status == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        return answer;
    }
    if refusal.kind == RefusalKind::SignIn {
        let Place { location, .. } = error::sign_in_place(&from);
        let location =
            HeaderValue::from_str(&location).unwrap_or_else(|_| HeaderValue::from_static("/sign-in"));
        return (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    }
    let cx = super::cx::Cx::for_refusal(app, viewer, lang, uri, seen);
    let (href, action) = error::way_on(refusal, &from);
    let text = super::locale::message(lang, refusal.key, &refusal.arguments);
    let page = RefusalPage { f: cx.frame(cx.text("shell-refusal-title")), text, href, action };
    match page.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Security headers, and nothing kept that is a person's own.
fn finish(answer: &mut Response, seen: &Request, path: &str, secure: bool) {
    let csp = format!(
        "default-src 'none'; script-src 'nonce-{}'; style-src 'self'; img-src 'self'; font-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
        seen.nonce
    );
    let headers = answer.headers_mut();
    // A file that somebody sent has a stricter one of its own.
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY)
        && let Ok(csp) = HeaderValue::from_str(&csp)
    {
        headers.insert(header::CONTENT_SECURITY_POLICY, csp);
    }
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::REFERRER_POLICY, HeaderValue::from_static("same-origin"));
    headers.insert(
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), microphone=(), geolocation=(self)"),
    );
    headers.insert(
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    );
    if secure {
        headers.insert(header::STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    if !path.starts_with("/assets/") && !headers.contains_key(header::CACHE_CONTROL) {
        headers.insert(header::CACHE_CONTROL, NO_STORE);
    }
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language, Cookie"));
}
