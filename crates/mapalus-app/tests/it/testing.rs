//! An instance for one test: a database of its own, a clock that is moved by hand, a browser without a screen.

use axum::{
    Router,
    body::Body,
    http::{HeaderMap, Request, Response, StatusCode, header},
};
use http_body_util::BodyExt;
use mapalus_app::{
    MIGRATIONS,
    shell::{App, Settings, secrets::InstanceKey},
};
use mapalus_core::{Clock, Millis, chance::SystemChance, time::SetClock};
use mapalus_db::{Backend, Db, testing::TestDatabase};
use std::sync::Arc;
use tower_service::Service;

/// A database with the whole schema; `#[db_test]` calls it.
pub async fn database(backend: Backend) -> TestDatabase {
    mapalus_db::testing::database(backend, MIGRATIONS).await
}

/// The address of the instance under test.
pub const ORIGIN: &str = "https://mapalus.test";

/// An instance under test.
pub struct Instance {
    pub app: App,
    pub clock: Arc<SetClock>,
    router: Router,
}

impl Instance {
    /// An empty instance.
    pub fn new(db: Db) -> Self {
        Self::with(db, false)
    }

    /// A filled demonstration.
    pub async fn demo(db: Db) -> Self {
        let instance = Self::with(db, true);
        mapalus_app::demo::seed(&instance.app).await.unwrap();
        mapalus_app::search::fill(&instance.app, mapalus_app::SOURCE).await.unwrap();
        instance
    }

    fn with(db: Db, demo: bool) -> Self {
        let clock = Arc::new(SetClock::at(Millis(1_795_500_000_000)));
        Self::over(db, demo, clock, InstanceKey::new(&SystemChance))
    }

    /// Another node of this instance, with the same clock and key; a demonstration or not.
    pub fn node(&self, db: Db, demo: bool) -> Self {
        Self::over(db, demo, Arc::clone(&self.clock), self.app.key.clone())
    }

    fn over(db: Db, demo: bool, clock: Arc<SetClock>, key: InstanceKey) -> Self {
        let settings = Settings {
            public_url: ORIGIN.to_owned(),
            demo,
            mail: false,
            contact: "pengelola@contoh.id".to_owned(),
            trusted_proxies: Vec::new(),
            undo_millis: 20_000,
            factor_days: 14,
            factor_from: clock.now(),
        };
        let app = App::new(
            db,
            Arc::clone(&clock) as _,
            Arc::new(SystemChance),
            settings,
            key,
            mapalus_app::COMPOSED,
            mapalus_search::Index::in_memory(mapalus_search::Settings::default()).unwrap(),
        );
        let router = mapalus_app::router(app.clone());
        Self { app, clock, router }
    }

    /// A browser that has not been here before.
    pub fn browser(&self) -> Browser<'_> {
        Browser { instance: self, cookies: Vec::new(), token: None }
    }

    /// A browser that entered by one of the demonstration's doors.
    pub async fn enters(&self, door: &str) -> Browser<'_> {
        let mut browser = self.browser();
        let answer = browser.post(&format!("/demo/{door}"), &[]).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.body);
        browser
    }

    /// Does the background work until nothing is due.
    pub async fn settle(&self) {
        let mut swept = Millis(0);
        mapalus_app::background::once(&self.app, "test", None, &mut swept).await.unwrap();
    }
}

/// A browser that keeps its cookies and follows nothing by itself.
pub struct Browser<'i> {
    instance: &'i Instance,
    cookies: Vec<(String, String)>,
    /// The token that it sends, if it is a program that has one.
    token: Option<String>,
}

/// An answer with its body as text.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// The same as it came.
    pub bytes: axum::body::Bytes,
}

impl Answer {
    /// Where it leads.
    pub fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// Its body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }

    /// Asserts the status, showing the body if it differs.
    #[track_caller]
    pub fn is(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }

    /// Asserts that a text stands on the page.
    #[track_caller]
    pub fn says(self, text: &str) -> Self {
        assert!(self.body.contains(text), "`{text}` is not in {}", self.body);
        self
    }

    /// The same if its body does not hold this text.
    #[track_caller]
    pub fn lacks(self, text: &str) -> Self {
        assert!(!self.body.contains(text), "`{text}` is in {}", self.body);
        self
    }
}

impl<'i> Browser<'i> {
    /// The same browser with the cookies that it has now, on another node.
    pub fn at<'o>(&self, instance: &'o Instance) -> Browser<'o> {
        Browser { instance, cookies: self.cookies.clone(), token: self.token.clone() }
    }

    /// The same browser with the cookies that it has now.
    pub fn again(&self) -> Browser<'i> {
        self.at(self.instance)
    }

    /// A program that sends this token, beside the cookies that are here now.
    pub fn with_token(&self, token: &str) -> Browser<'i> {
        Browser { token: Some(token.to_owned()), ..self.again() }
    }

    /// Makes a token with these scopes; gives its secret.
    pub async fn makes_token(&mut self, scopes: &[&str]) -> String {
        let input = serde_json::json!({ "name": "Laporan", "scopes": scopes });
        let made = self.api("POST", "/api/v1/tokens", Some(input)).await.is(201).json();
        made["secret"].as_str().unwrap().to_owned()
    }

    /// A cookie that it has.
    pub fn cookie(&self, name: &str) -> Option<&str> {
        self.cookies.iter().find(|(own, _)| own == name).map(|(_, value)| value.as_str())
    }

    /// Has a cookie that nobody gave it.
    pub fn forges(&mut self, name: &str, value: &str) {
        self.forgets(name);
        self.cookies.push((name.to_owned(), value.to_owned()));
    }

    /// Drops a cookie, as a browser does when its time is over.
    pub fn forgets(&mut self, name: &str) {
        self.cookies.retain(|(own, _)| own != name);
    }

    /// Sends a form as it stands on a page of ours.
    pub async fn post_from(&mut self, page: &str, path: &str, fields: &[(&str, &str)], once: &str) -> Answer {
        let mut all = vec![("once", once)];
        all.extend_from_slice(fields);
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::REFERER, format!("{ORIGIN}{page}"))
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(serde_html_form::to_string(&all).unwrap())).await
    }

    /// Reads a page.
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Sends a form, with a once-value of its own.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let once = mapalus_app::shell::secrets::nonce(&SystemChance);
        self.post_once(path, fields, &once).await
    }

    /// Sends a form with this once-value.
    pub async fn post_once(&mut self, path: &str, fields: &[(&str, &str)], once: &str) -> Answer {
        let mut all = vec![("once", once)];
        all.extend_from_slice(fields);
        let body = serde_html_form::to_string(&all).unwrap();
        let request = Request::post(path)
            .header("sec-fetch-site", "same-origin")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, Body::from(body)).await
    }

    /// Calls the API with the version that was read.
    pub async fn api_if(
        &mut self,
        method: &str,
        path: &str,
        version: i64,
        body: serde_json::Value,
    ) -> Answer {
        let request = Request::builder().method(method).uri(path).header(header::ORIGIN, ORIGIN);
        let request = request.header(header::IF_MATCH, format!("\"{version}\""));
        let request = request.header(header::CONTENT_TYPE, "application/json");
        self.send(request, Body::from(body.to_string())).await
    }

    /// Calls the API.
    pub async fn api(&mut self, method: &str, path: &str, body: Option<serde_json::Value>) -> Answer {
        let request = Request::builder().method(method).uri(path).header(header::ORIGIN, ORIGIN);
        match body {
            Some(body) => {
                let request = request.header(header::CONTENT_TYPE, "application/json");
                self.send(request, Body::from(body.to_string())).await
            }
            None => self.send(request, Body::empty()).await,
        }
    }

    /// Sends any request with this browser's cookies.
    pub async fn send(&mut self, request: axum::http::request::Builder, body: Body) -> Answer {
        let cookies: Vec<String> =
            self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.body(body).unwrap();
        if !cookies.is_empty() {
            request.headers_mut().insert(header::COOKIE, cookies.join("; ").parse().unwrap());
        }
        if let Some(token) = &self.token {
            let bearer = format!("Bearer {token}").parse().unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, bearer);
        }
        let answer: Response<Body> = self.instance.router.clone().call(request).await.unwrap();
        let (parts, body) = answer.into_parts();
        for set in parts.headers.get_all(header::SET_COOKIE) {
            let pair = set.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            self.cookies.retain(|(own, _)| own != name);
            if !value.is_empty() {
                self.cookies.push((name.to_owned(), value.to_owned()));
            }
        }
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
            bytes,
        }
    }
}
