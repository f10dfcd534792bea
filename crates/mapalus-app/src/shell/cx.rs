//! The context of a request: who asks, in which language, from where, for the first time or again.

use super::{
    App, AppError, FormState, Frame, Lang,
    error::own_referer,
    forms,
    frame::Flash,
    json,
    kept::{self, Kept},
    once::{self, Once},
    routes::{ApiRoute, Proved},
    secrets,
    seen::{self, Seen},
    undo,
    upload::{self, Bounds, FilePart, Held},
    viewer::{Came, Viewer},
    work::{Place, Work},
    zones,
};
use axum::{
    body::{Body, Bytes},
    extract::{FromRequest, FromRequestParts},
    http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use mapalus_core::{ByToken, Millis, PersonId, Refusal, RefusalKind, SessionId, Standing};
use mapalus_db::{DbError, Tx};
use serde::de::DeserializeOwned;
use std::{net::IpAddr, sync::Arc};

/// The context of a request; a clone is a pointer.
#[derive(Clone)]
pub struct Cx(Arc<Inner>);

/// See [`Cx`].
#[derive(Clone)]
pub struct Inner {
    /// What all requests share.
    pub app: App,
    /// Who asks; `None` for a stranger.
    pub viewer: Option<Viewer>,
    /// Whose account waits for the consent of a guardian: to all the rest they are a stranger.
    pub waiting: Option<(PersonId, SessionId)>,
    /// The language of the answer.
    pub lang: Lang,
    /// The instant at which the request came.
    pub now: Millis,
    /// The network address from which it came.
    pub address: IpAddr,
    /// Path and query.
    pub uri: axum::http::Uri,
    /// The request's headers.
    pub headers: HeaderMap,
    /// Whether a program asks through the API.
    pub api: bool,
    once: Option<Once>,
    nonce: String,
    /// Whether one is to agree to a newer privacy notice first.
    consents_first: bool,
    /// The form that is to stand on this page filled as it was posted.
    kept: Option<Arc<Kept>>,
}

impl std::ops::Deref for Cx {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.0
    }
}

/// The value of a cookie.
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str) -> Option<&'h str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value)
}

/// Refuses a parameter that the route does not have: a program that mistypes one is not answered as if it were not there.
/// The language may stand in every address.
fn only_known(known: &[String], query: Option<&str>) -> Result<(), Refusal> {
    let pairs: Vec<(String, String)> = serde_html_form::from_str(query.unwrap_or(""))
        .map_err(|_| Refusal::new(RefusalKind::Malformed, "refusal-query"))?;
    let unknown = pairs.into_iter().find(|(name, _)| name != "lang" && !known.contains(name));
    match unknown {
        None => Ok(()),
        Some((name, _)) => {
            let name: String = name.chars().take(60).collect();
            Err(Refusal::new(RefusalKind::Malformed, "refusal-parameter").with("name", name))
        }
    }
}

/// Name of the session cookie: bound to the host where people come by https.
pub fn session_cookie(secure: bool) -> &'static str {
    if secure { "__Host-mapalus" } else { "mapalus" }
}

/// A `Set-Cookie` that scripts cannot read and other sites do not send.
pub fn set_cookie(name: &str, value: &str, seconds: i64, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{name}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}");
    // Our cookies hold base64, words and paths; a foreign byte makes an empty header, not a panic.
    HeaderValue::from_str(&text).unwrap_or_else(|_| HeaderValue::from_static(""))
}

/// What is open to those who have not agreed to the privacy notice as it is now: to agree, to leave, to take back what they
/// agreed to for others. All reading is.
fn goes_without_consent(path: &str) -> bool {
    const PAGES: [&str; 6] =
        ["/consent", "/sign-out", "/prove", "/me/close", "/api/v1/me/consent", "/api/v1/me/close"];
    const BELOW: [&str; 4] = ["/me/sessions/", "/api/v1/sessions", "/wards/", "/api/v1/wards/"];
    PAGES.contains(&path) || BELOW.iter().any(|below| path.starts_with(below))
}

/// Who asks; a program only if its token reaches the route.
pub(super) async fn admitted(parts: &Parts, app: &App) -> Result<(Seen, Option<Viewer>), AppError> {
    let seen = parts.extensions.get::<Seen>().cloned();
    let seen = seen.ok_or_else(|| AppError::internal("the route is not behind the house's guard"))?;
    let viewer = seen.viewer(app, &parts.headers).await?;
    if let Some(Came::Token { scopes, .. }) = viewer.as_ref().map(|viewer| viewer.came) {
        seen::admit(scopes, parts.extensions.get::<ByToken>().copied().unwrap_or(ByToken::Never))?;
    }
    Ok((seen, viewer))
}

impl Cx {
    pub(super) async fn new(
        parts: &mut Parts,
        app: &App,
        once: Option<(String, String)>,
    ) -> Result<Self, AppError> {
        let (seen, viewer) = admitted(parts, app).await?;
        if let Some(route) = parts.extensions.get::<ApiRoute>() {
            only_known((app.parameters)(route.method, route.path), parts.uri.query())?;
        }
        let own = viewer.as_ref().map_or(seen.lang, |viewer| viewer.lang);
        let lang = seen.asked.unwrap_or(own);
        let waiting = viewer.as_ref().filter(|viewer| viewer.waits);
        let waiting = waiting.and_then(|viewer| Some((viewer.person, viewer.session()?)));
        let viewer = viewer.filter(|viewer| !viewer.waits);
        let kept = match &viewer {
            Some(viewer) if kept::wanted(&parts.uri) => kept::for_page(app, viewer.person, parts).await?,
            _ => None,
        };
        let reads = parts.method == Method::GET || parts.method == Method::HEAD;
        let consents_first = viewer.as_ref().is_some_and(|viewer| !viewer.agreed)
            && !reads
            && !goes_without_consent(parts.uri.path());
        let once = once.map(|(value, digest)| Once {
            // Strangers are told apart by what they send: one must not stand in another's way with a key.
            subject: viewer.as_ref().map_or_else(|| format!("stranger {digest}"), |v| v.person.to_string()),
            // A mailed link is part of the path: its secret stands nowhere but in the mail.
            route: app.key.seal(format!("{} {}", parts.method, parts.uri.path())),
            value,
            digest,
        });
        Ok(Self(Arc::new(Inner {
            app: app.clone(),
            viewer,
            waiting,
            lang,
            now: app.clock.now(),
            address: seen.address,
            uri: parts.uri.clone(),
            headers: parts.headers.clone(),
            api: seen.api,
            once,
            nonce: seen.nonce.clone(),
            consents_first,
            kept,
        })))
    }

    /// The person who asks; `None` for a stranger.
    pub fn person(&self) -> Option<PersonId> {
        self.viewer.as_ref().map(|viewer| viewer.person)
    }

    /// How the person stands to the instance; slices add how they stand to the thing at hand.
    pub fn standing(&self) -> Standing {
        Standing {
            person: self.person(),
            waits: self.waiting.map(|(person, _)| person),
            operator: self.viewer.as_ref().is_some_and(|viewer| viewer.operator),
            demo: self.app.settings.demo,
            proved: self.proved(),
            lacks_consent: self.consents_first,
            lacks_factor: self.factor_due_at().is_some_and(|due_at| due_at <= self.now),
            ..Standing::default()
        }
    }

    /// Whether the person proved a short while ago who they are.
    pub fn proved(&self) -> bool {
        self.viewer.as_ref().is_some_and(|viewer| viewer.proved(self.now))
    }

    /// By when the person sets up a second step for signing in, if they have to.
    pub fn factor_due_at(&self) -> Option<Millis> {
        self.app.settings.factor_due_at(self.viewer.as_ref()?)
    }

    /// A message in the language of the answer.
    pub fn text(&self, key: &str) -> String {
        super::locale::message(self.lang, key, &[])
    }

    /// The same request for one of the things that it is about: for each of them its writes happen once.
    pub fn part(&self, of: impl std::fmt::Display) -> Self {
        let mut part = self.clone();
        if let Some(once) = &mut Arc::make_mut(&mut part.0).once {
            once.value = secrets::digest(format!("{} {of}", once.value));
        }
        part
    }

    /// The once-value of the form, or the Idempotency-Key of the call.
    pub fn once(&self) -> Option<&str> {
        self.once.as_ref().map(|once| once.value.as_str())
    }

    /// Reads in one snapshot.
    ///
    /// # Errors
    /// What the closure answers, or the database's error.
    pub async fn read<T: Send + 'static>(
        &self,
        name: &'static str,
        run: impl FnOnce(&mut Tx<'_>, &Cx) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let cx = self.clone();
        self.app.db.read(name, move |tx| run(tx, &cx)).await
    }

    /// Writes in one transaction, at most once for one once-value. The closure may run more than once.
    ///
    /// # Errors
    /// What the closure answers, or the database's error; nothing is written then.
    pub async fn write(
        &self,
        name: &'static str,
        mut run: impl FnMut(&mut Work<'_, '_>, &Cx) -> Result<Place, AppError> + Send + 'static,
    ) -> Result<Place, AppError> {
        let cx = self.clone();
        self.app
            .write_as(self.person(), name, move |work| {
                work.token = cx.viewer.as_ref().and_then(Viewer::token);
                let Some(once) = &cx.once else {
                    return run(work, &cx);
                };
                if let Some(place) = once::claim(work.tx, once, work.now)? {
                    return Ok(place);
                }
                let place = run(work, &cx)?;
                once::finish(work.tx, once, &place)?;
                Ok(place)
            })
            .await
    }

    /// The place to which the same request led before, or else this error: for what is refused before its write.
    ///
    /// # Errors
    /// The error itself, if the request is the first.
    pub async fn earlier(&self, error: AppError) -> Result<Place, AppError> {
        match error {
            AppError::Refusal(refusal) if self.once.is_some() => {
                self.write("earlier", move |_, _| Err(refusal.clone().into())).await
            }
            error => Err(error),
        }
    }

    /// The parameters of the address. Those that a page does not know are passed over: what links are sent through adds
    /// some. The API refuses them before.
    ///
    /// # Errors
    /// [`RefusalKind::Malformed`] for a value of the wrong type.
    pub fn query<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        serde_html_form::from_str(self.uri.query().unwrap_or(""))
            .map_err(|_| Refusal::new(RefusalKind::Malformed, "refusal-query").into())
    }

    /// The version that a change through the API is based on; a weak tag counts, since proxies weaken them.
    ///
    /// # Errors
    /// [`RefusalKind::Malformed`] for a tag that is none of ours.
    pub fn if_match(&self) -> Result<Option<i64>, AppError> {
        let Some(tag) = self.headers.get(header::IF_MATCH) else {
            return Ok(None);
        };
        let text = tag.to_str().unwrap_or("").trim();
        if text == "*" {
            return Ok(None);
        }
        let version = text.strip_prefix("W/").unwrap_or(text).trim_matches('"').parse();
        version.map(Some).map_err(|_| Refusal::new(RefusalKind::Malformed, "refusal-if-match").into())
    }

    /// The frame of a page: layout, language, sign-in, flash.
    pub fn frame(&self, title: impl Into<String>) -> Frame {
        let flash = match self.kept {
            Some(_) => Some(Flash::kept(self.lang)),
            None => cookie(&self.headers, "flash").and_then(|value| Flash::read(value, self.lang)),
        };
        Frame::new(self, title.into(), self.nonce.clone(), flash)
    }

    /// The path that was asked for, with its query.
    pub fn path_and_query(&self) -> &str {
        self.uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str)
    }

    /// The page of ours from which one came by a link, if the browser tells and it is another one.
    pub fn came_from(&self) -> Option<String> {
        let path = own_referer(&self.headers, &self.app.settings.public_url)?;
        let other = path.split('?').next() != Some(self.uri.path()) && !path.starts_with("/sign-");
        (other && path.len() <= 300).then(|| path.to_owned())
    }

    /// A page as an answer.
    pub fn html(&self, page: &impl askama::Template) -> Result<Response, AppError> {
        self.html_with(StatusCode::OK, page)
    }

    /// A page as an answer with another status.
    ///
    /// # Errors
    /// If the template cannot be rendered.
    pub fn html_with(&self, status: StatusCode, page: &impl askama::Template) -> Result<Response, AppError> {
        let mut body = page.render().map_err(AppError::caused)?;
        if let Some(kept) = &self.kept {
            match kept::refilled(kept, &body, &self.text("shell-file-again"))? {
                Some(filled) => body = filled,
                None => return Ok(self.see(&Place::at(kept::LIST))),
            }
        }
        let mut answer = (status, [(header::CONTENT_TYPE, "text/html; charset=utf-8")], body).into_response();
        if cookie(&self.headers, "flash").is_some() {
            let gone = set_cookie("flash", "", 0, self.app.settings.secure());
            answer.headers_mut().append(header::SET_COOKIE, gone);
        }
        Ok(answer)
    }

    /// JSON as an answer; beside its times stands the zone in which the one who asks reads them.
    ///
    /// # Errors
    /// If the value cannot be written as JSON.
    pub fn json(&self, status: StatusCode, value: &impl serde::Serialize) -> Result<Response, AppError> {
        let mut value = serde_json::to_value(value).map_err(AppError::caused)?;
        let zone = self.viewer.as_ref().map_or(chrono_tz::Asia::Jakarta, |viewer| viewer.zone);
        zones::beside_times(&mut value, zone.name());
        let body = serde_json::to_vec(&value).map_err(AppError::caused)?;
        Ok((status, [(header::CONTENT_TYPE, "application/json")], body).into_response())
    }

    /// The same for what stands at a version: it goes along as the entity tag that If-Match sends back.
    ///
    /// # Errors
    /// As [`Cx::json`].
    pub fn json_at(
        &self,
        status: StatusCode,
        version: i64,
        value: &impl serde::Serialize,
    ) -> Result<Response, AppError> {
        let tag = HeaderValue::from_str(&format!("\"{version}\"")).map_err(AppError::caused)?;
        let mut answer = self.json(status, value)?;
        answer.headers_mut().insert(header::ETAG, tag);
        Ok(answer)
    }

    /// The redirect to a place, telling there what was done.
    pub fn see(&self, place: &Place) -> Response {
        let location =
            HeaderValue::from_str(&place.location).unwrap_or_else(|_| HeaderValue::from_static("/"));
        let mut answer = (StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response();
        if let Some(done) = &place.done {
            let flash = format!("{done}|{}", place.undo.as_deref().unwrap_or(""));
            let set = set_cookie("flash", &flash, 60, self.app.settings.secure());
            answer.headers_mut().append(header::SET_COOKIE, set);
        }
        if let Some(set) = undo::cookie_of(self, place) {
            answer.headers_mut().append(header::SET_COOKIE, set);
        }
        answer
    }

    /// The context of a page that tells a refusal: what was just done is told on the next one, what can be undone
    /// is offered here too.
    pub(super) fn for_refusal(
        app: &App,
        viewer: Option<Viewer>,
        lang: Lang,
        (uri, headers): (&axum::http::Uri, &HeaderMap),
        seen: &Seen,
    ) -> Self {
        let undo = cookie(headers, undo::COOKIE).map(|value| format!("{}={value}", undo::COOKIE));
        let undo = undo.and_then(|pair| HeaderValue::from_str(&pair).ok());
        Self(Arc::new(Inner {
            app: app.clone(),
            viewer: viewer.filter(|viewer| !viewer.waits),
            waiting: None,
            lang,
            now: app.clock.now(),
            address: seen.address,
            uri: uri.clone(),
            headers: undo.map(|pair| (header::COOKIE, pair)).into_iter().collect(),
            api: false,
            once: None,
            nonce: seen.nonce.clone(),
            consents_first: false,
            kept: None,
        }))
    }
}

impl FromRequestParts<App> for Cx {
    type Rejection = AppError;
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, AppError> {
        let key = idempotency_key(parts)?.map(|value| (value, String::new()));
        Self::new(parts, app, key).await
    }
}

pub(super) fn idempotency_key(parts: &Parts) -> Result<Option<String>, AppError> {
    if parts.method != Method::POST {
        return Ok(None);
    }
    let Some(value) = parts.headers.get("idempotency-key") else {
        return Ok(None);
    };
    match value.to_str().map(|text| text.trim().trim_matches('"')) {
        Ok(text) if (1..=200).contains(&text.len()) => Ok(Some(text.to_owned())),
        _ => Err(Refusal::new(RefusalKind::Malformed, "refusal-idempotency-key").into()),
    }
}

/// Bytes of a form or a JSON body at most; files have their own limit.
pub const BODY_BYTES: usize = 64 * 1024;

pub(super) fn body_too_large() -> AppError {
    Refusal::new(RefusalKind::TooLarge, "refusal-body-too-large")
        .with("most", (BODY_BYTES / 1024) as i64)
        .into()
}

pub(super) async fn body(body: Body) -> Result<Bytes, AppError> {
    axum::body::to_bytes(body, BODY_BYTES).await.map_err(|_| body_too_large())
}

pub(super) fn content_type(parts: &Parts) -> &str {
    let value = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    value.split(';').next().unwrap_or("").trim()
}

/// A posted form: its context and what was typed.
pub struct Posted {
    /// The context.
    pub cx: Cx,
    /// The fields in order, without the once-value.
    pub fields: Vec<(String, String)>,
    /// The files; a field left empty has none.
    pub files: Vec<FilePart>,
    /// What the files take of the memory there is for them.
    held: Held,
}

impl Posted {
    /// The form as the action's input.
    ///
    /// # Errors
    /// [`RefusalKind::Malformed`] for a field that the form does not have, or a value of the wrong type.
    pub fn input<T: DeserializeOwned>(&self) -> Result<T, AppError> {
        let malformed = |error: &dyn std::fmt::Display| {
            tracing::debug!(%error, "a form does not fit");
            AppError::from(Refusal::new(RefusalKind::Malformed, "refusal-form"))
        };
        let encoded = serde_html_form::to_string(&self.fields).map_err(|e| malformed(&e))?;
        serde_html_form::from_str(&encoded).map_err(|e| malformed(&e))
    }

    /// Takes a field out: what is left is the action's input.
    pub fn take(&mut self, name: &str) -> String {
        let place = self.fields.iter().position(|(field, _)| field == name);
        place.map_or(String::new(), |place| self.fields.remove(place).1)
    }

    /// Takes out the version that was seen: what is left is the action's input.
    ///
    /// # Errors
    /// [`RefusalKind::Malformed`] for none, or for one that is no number.
    pub fn version(&mut self) -> Result<i64, AppError> {
        let version = self.take("version").parse();
        version.map_err(|_| Refusal::new(RefusalKind::Malformed, "refusal-form").into())
    }

    /// The value of a field; empty if it was not sent.
    pub fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str())
    }

    /// The form to show again: what was typed and why it was refused. Passes on what no form can mend.
    ///
    /// # Errors
    /// The error itself, if it is not a refusal of what was typed.
    pub fn again(&self, error: AppError) -> Result<(StatusCode, FormState), AppError> {
        use RefusalKind::{Changed, Conflict, Gone, Invalid, TooLarge, TooMany, WrongKind};
        match error {
            AppError::Refusal(refusal)
                if matches!(
                    refusal.kind,
                    Invalid | Conflict | Changed | TooMany | TooLarge | WrongKind | Gone
                ) =>
            {
                let status = super::error::status(refusal.kind);
                Ok((status, FormState::kept(&self.fields).refused(&refusal, self.cx.lang)))
            }
            AppError::Db(DbError::Busy | DbError::Slow) => {
                let refusal = Refusal::new(RefusalKind::Unavailable, "refusal-busy");
                let form = FormState::kept(&self.fields).refused(&refusal, self.cx.lang);
                Ok((StatusCode::SERVICE_UNAVAILABLE, form))
            }
            other => Err(other),
        }
    }
}

impl Posted {
    /// Reads a form with files up to these bounds.
    pub(super) async fn read(request: Request<Body>, app: &App, bounds: Bounds) -> Result<Self, AppError> {
        let (mut parts, stream) = request.into_parts();
        let (mut fields, files, held) = upload::form_parts(&parts, stream, app, bounds).await?;
        forms::picked(&mut fields);
        let place = fields.iter().position(|(name, _)| name == "once");
        let once = place.map(|place| fields.remove(place).1).filter(|value| (1..=64).contains(&value.len()));
        let Some(once) = once else {
            return Err(Refusal::new(RefusalKind::Malformed, "refusal-form-once").into());
        };
        let mut whole = serde_html_form::to_string(&fields).map_err(AppError::caused)?;
        for file in &files {
            whole.push_str(&format!("&{}={} {}", file.field, file.size, secrets::digest(&file.bytes)));
        }
        let cx = Cx::new(&mut parts, app, Some((once, app.key.seal(whole)))).await?;
        // What asks for a proof first is filled in again afterwards.
        let proves = parts.extensions.get::<Proved>().is_some() && !cx.proved();
        if (cx.viewer.is_none() && cx.waiting.is_none()) || proves || cx.consents_first {
            kept::keep(&cx, &parts, &fields, &files).await?;
        }
        Ok(Self { cx, fields, files, held })
    }

    /// Takes the files out, with what they take of the memory there is for them.
    pub fn take_files(&mut self) -> (Vec<FilePart>, Held) {
        (std::mem::take(&mut self.files), std::mem::take(&mut self.held))
    }
}

impl FromRequest<App> for Posted {
    type Rejection = AppError;
    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, AppError> {
        Self::read(request, app, upload::ONE_PICTURE).await
    }
}

/// A JSON body: its context and the input.
pub struct Sent<T> {
    /// The context.
    pub cx: Cx,
    /// What was sent.
    pub input: T,
}

impl<T: DeserializeOwned> FromRequest<App> for Sent<T> {
    type Rejection = AppError;
    async fn from_request(request: Request<Body>, app: &App) -> Result<Self, AppError> {
        let (mut parts, stream) = request.into_parts();
        if content_type(&parts) != "application/json" {
            return Err(Refusal::new(RefusalKind::WrongKind, "refusal-json-type").into());
        }
        let bytes = body(stream).await?;
        let key = idempotency_key(&parts)?.map(|value| (value, app.key.seal(&bytes)));
        let cx = Cx::new(&mut parts, app, key).await?;
        Ok(Self { cx, input: json::read(&bytes)? })
    }
}
