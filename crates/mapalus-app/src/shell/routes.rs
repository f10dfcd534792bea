//! Routes, each with the action of the access table it serves; and the guard around all of them:
//! cross-site check, nonce, security headers, refusals in words.

use super::{
    App, AppError, Place,
    error::{self, RefusalPage, Told},
    kept,
    seen::{self, Credential, Seen},
    upload::{PICTURE_BYTES, UPLOAD_BYTES},
};
use askama::Template;
use axum::{
    Extension, Router,
    body::Body,
    extract::{DefaultBodyLimit, State},
    handler::Handler,
    http::{HeaderMap, HeaderName, HeaderValue, Method, Request as HttpRequest, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
    routing::{MethodFilter, MethodRouter, on},
};
use mapalus_core::{ByToken, Refusal, RefusalKind, access::Action};
use std::{sync::Arc, time::Duration};
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
    /// What a token needs, of a route of the API; no token gets into others.
    pub by_token: Option<ByToken>,
    /// Whether it takes a post from anywhere, not from our own pages alone.
    pub from_anywhere: bool,
    /// Whether one proves anew who one is, if that is a while ago.
    pub proved: bool,
}

/// A route of the API as a request finds it: which it is, so that its parameters are known.
#[derive(Debug, Clone, Copy)]
pub(super) struct ApiRoute {
    /// HTTP method.
    pub method: &'static str,
    /// Path with its parameters.
    pub path: &'static str,
}

/// A route whose action asks for a proof anew of who it is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Proved;

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

macro_rules! methods {
    ($($(#[$doc:meta])* $name:ident, $api:ident: $method:ident;)+) => {$(
        $(#[$doc])*
        #[must_use]
        pub fn $name<A: Action, H, T>(self, path: &'static str, handler: H) -> Self
        where
            H: Handler<T, App>,
            T: 'static,
        {
            self.on::<A, H, T>((MethodFilter::$method, stringify!($method)), None, path, handler)
        }

        $(#[$doc])*
        /// Over the API: with what a token needs for it.
        #[must_use]
        pub fn $api<A: Action, H, T>(
            self,
            by_token: impl Into<ByToken>,
            path: &'static str,
            handler: H,
        ) -> Self
        where
            H: Handler<T, App>,
            T: 'static,
        {
            let method = (MethodFilter::$method, stringify!($method));
            self.on::<A, H, T>(method, Some(by_token.into()), path, handler)
        }
    )+};
}

impl Routes {
    /// No routes.
    pub fn new() -> Self {
        Self::default()
    }

    methods! {
        /// A page, or what else only shows.
        get, api_get: GET;
        /// A form, or what else changes something.
        post, api_post: POST;
        /// A route that changes part of a thing.
        patch, api_patch: PATCH;
        /// A route that puts a thing in the place of another.
        put, api_put: PUT;
        /// A route that removes a thing.
        delete, api_delete: DELETE;
    }

    /// A route to which programs of others post: it changes only what the secret at the end of its path stands for,
    /// and looks neither at cookies nor at the body. So another site that posts to it gains nothing by a visitor's
    /// session.
    #[must_use]
    pub fn post_from_anywhere<A: Action, H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let mut it = self.post::<A, H, T>(path, handler);
        if let Some(line) = it.lines.last_mut() {
            line.from_anywhere = true;
        }
        it
    }

    /// A form to which files belong: more bytes and more time.
    #[must_use]
    pub fn upload<A: Action, H, T>(self, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on_upload::<A, H, T>(None, path, handler)
    }

    /// The same over the API: with what a token needs for it.
    #[must_use]
    pub fn api_upload<A: Action, H, T>(
        self,
        by_token: impl Into<ByToken>,
        path: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        self.on_upload::<A, H, T>(Some(by_token.into()), path, handler)
    }

    fn on_upload<A: Action, H, T>(mut self, by_token: Option<ByToken>, path: &'static str, handler: H) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let line =
            Line { method: "POST", path, action: A::NAME, by_token, from_anywhere: false, proved: A::PROVED };
        self.uploads = self.uploads.route(path, told(on(MethodFilter::POST, handler), &line));
        self.lines.push(line);
        self
    }

    fn on<A: Action, H, T>(
        mut self,
        (filter, method): (MethodFilter, &'static str),
        by_token: Option<ByToken>,
        path: &'static str,
        handler: H,
    ) -> Self
    where
        H: Handler<T, App>,
        T: 'static,
    {
        let line = Line { method, path, action: A::NAME, by_token, from_anywhere: false, proved: A::PROVED };
        self.router = self.router.route(path, told(on(filter, handler), &line));
        self.lines.push(line);
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
        let open = self.lines.iter().filter(|line| line.from_anywhere);
        // The secret is the last part of the path.
        let open: Open = open.filter_map(|line| Some(line.path.split_once('{')?.0)).collect();
        // Files come packed already.
        let compressed = DefaultPredicate::new()
            .and(NotForContentType::const_new("application/pdf"))
            .and(NotForContentType::const_new("application/zip"));
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
            .layer(axum::middleware::from_fn_with_state((app.clone(), open), guard))
            .layer(CompressionLayer::new().compress_when(compressed))
            .with_state(app)
    }
}

/// A route that knows whether it asks for a proof; one of the API also which it is, and what a token needs for it.
fn told(route: MethodRouter<App>, line: &Line) -> MethodRouter<App> {
    let route = if line.proved { route.route_layer(Extension(Proved)) } else { route };
    match line.by_token {
        Some(by_token) => {
            let which = ApiRoute { method: line.method, path: line.path };
            route.route_layer(Extension(by_token)).route_layer(Extension(which))
        }
        None => route,
    }
}

const NO_STORE: HeaderValue = HeaderValue::from_static("no-store");

/// The beginnings of the paths to which anybody may post.
type Open = Arc<[&'static str]>;

async fn guard(
    State((app, open)): State<(App, Open)>,
    mut request: HttpRequest<Body>,
    next: Next,
) -> Response {
    let path = request.uri().path().to_owned();
    let seen = Seen::of(&app, &request);
    let method = request.method().clone();
    let uri = request.uri().clone();
    let headers = request.headers().clone();
    request.extensions_mut().insert(seen.clone());

    let reads = matches!(method, Method::GET | Method::HEAD | Method::OPTIONS);
    let secret = open.iter().find_map(|start| path.strip_prefix(start));
    let by_secret = method == Method::POST && secret.is_some_and(|secret| !secret.contains('/'));
    let mut answer = if matches!(seen.credential, Credential::OnPage) {
        AppError::from(seen::never_by_token()).into_response()
    } else if reads || by_secret || seen.is_ours(&app, &headers) {
        next.run(request).await
    } else {
        AppError::from(Refusal::new(RefusalKind::Forbidden, "refusal-cross-site")).into_response()
    };
    if answer.extensions().get::<Told>().is_none() && is_foreign_refusal(&answer) {
        let refusal = foreign_refusal(answer.status());
        answer.extensions_mut().insert(Told(refusal, None));
    }
    if let Some(told) = answer.extensions_mut().remove::<Told>() {
        answer = tell(&app, &seen, &headers, (reads, &uri), told, answer.status()).await;
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
    seen: &Seen,
    headers: &HeaderMap,
    (reads, uri): (bool, &axum::http::Uri),
    Told(refusal, newer): Told,
    status: StatusCode,
) -> Response {
    let viewer = seen.viewer(app, headers).await.ok().flatten();
    let own = viewer.as_ref().map_or(seen.lang, |viewer| viewer.lang);
    let lang = seen.asked.unwrap_or(own);
    let asked = uri.path_and_query().map_or("/", |p| p.as_str());
    let from = if reads {
        asked.to_owned()
    } else {
        error::posted_from(headers, &app.settings.public_url, uri.path())
    };
    if seen.api {
        let mut answer = error::problem(&refusal, newer, status, lang);
        if let Some(challenge) = seen.challenge(&refusal) {
            answer.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        if status == StatusCode::SERVICE_UNAVAILABLE {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from_static("2"));
        }
        return answer;
    }
    let first = match refusal.key {
        error::PROVE => Some("/prove"),
        error::CONSENT => Some("/consent"),
        _ => (refusal.kind == RefusalKind::SignIn).then_some("/sign-in"),
    };
    if let Some(first) = first {
        let Place { location, .. } = error::first_at(first, &from);
        let location =
            HeaderValue::from_str(&location).unwrap_or_else(|_| HeaderValue::from_static("/sign-in"));
        return (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
    }
    let cx = super::cx::Cx::for_refusal(app, viewer, lang, (uri, headers), seen);
    let (href, action) = match cx.viewer {
        Some(_) if reads && kept::wanted(uri) => (kept::LIST.to_owned(), "shell-kept-see"),
        _ => error::way_on(&refusal, &from),
    };
    let text = super::locale::message(lang, refusal.key, &refusal.arguments);
    let f = cx.frame(cx.text(error::heading(refusal.kind)));
    let page = RefusalPage { f, text, href, action, also: error::other_way(&refusal) };
    match page.render() {
        Ok(html) => (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], html).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

/// Security headers, and nothing kept that is a person's own.
fn finish(answer: &mut Response, seen: &Seen, path: &str, secure: bool) {
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
    headers.append(header::VARY, HeaderValue::from_static("Accept-Language, Authorization, Cookie"));
}
