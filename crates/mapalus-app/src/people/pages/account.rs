//! One's own account.

use crate::{
    people::{self, actions, model::Account, rules, session::OpenSession},
    shell::{AppError, Cx, Frame, Lang, Place, Posted, Viewer, archive, cx},
};
use askama::Template;
use axum::{
    body::Body,
    extract::Path,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use mapalus_core::{
    Id, PersonId, Refusal, RefusalKind, SessionId,
    access::{GuardAccount, SeePublic, UseAccount},
    chance::Counted,
};
use mapalus_db::Tx;

/// Name, address, language, sessions.
#[derive(Template)]
#[template(path = "people/templates/me.html")]
pub struct MePage {
    f: Frame,
    account: Account,
    sessions: Vec<OpenSession>,
    current: SessionId,
}

impl MePage {
    /// A browser in words.
    fn browser(&self, session: &OpenSession) -> String {
        match session.browser_and_system() {
            Some((browser, system)) => {
                self.f.t2("people-session-browser", "browser", browser, "system", system)
            }
            None => session.browser(),
        }
    }

    /// A sample for the test that renders every page.
    pub fn sample(lang: Lang) -> Self {
        let (at, chance) = (super::enter::SAMPLE_AT, Counted::default());
        let session = |agent: &str| OpenSession {
            id: SessionId::new(at, &chance),
            agent: agent.to_owned(),
            made_at: at,
            seen_at: at,
            ends_at: at,
        };
        let sessions = vec![session("Mozilla/5.0 (Linux; Android 14) Chrome/130.0"), session("curl/8")];
        let account = Account {
            id: PersonId::new(at, &chance),
            name: "Maria Dewi Rumengan".to_owned(),
            call_name: "Maria".to_owned(),
            mail: "maria@contoh.id".to_owned(),
            state: people::model::AccountState::Confirmed,
            lang,
            made_at: at,
            consent_version: 1,
            consent_at: at,
        };
        Self { f: Frame::sample(lang, "Me", true), account, current: sessions[0].id, sessions }
    }
}

/// `GET /me`
pub async fn me(cx: Cx) -> Result<Response, AppError> {
    let permit = cx.standing().permit::<UseAccount>()?;
    let person = permit.signed_in()?;
    let (account, sessions) = cx
        .read("people::me", move |tx, cx| {
            Ok((people::account(tx, person)?, people::sessions(tx, person, cx.now)?))
        })
        .await?;
    let current = cx.viewer.as_ref().and_then(Viewer::session).ok_or_else(Refusal::not_found)?;
    cx.html(&MePage { f: cx.frame(cx.text("people-me-title")), account, sessions, current })
}

/// `POST /me/sessions/{session}/end`
pub async fn end_session(Path(session): Path<String>, posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let permit = cx.standing().permit::<UseAccount>()?;
    let session = people::session_id(&session).ok_or_else(Refusal::not_found)?;
    let place = cx
        .write("people::end_session", move |work, _| {
            actions::end_session(work, &permit, session)?;
            Ok(Place::at("/me").telling("people-done-session-ended"))
        })
        .await?;
    Ok(cx.see(&place))
}

/// `POST /me/sessions/end`: all but this one.
pub async fn end_other_sessions(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let permit = cx.standing().permit::<UseAccount>()?;
    let own = cx.viewer.as_ref().and_then(Viewer::session).ok_or_else(Refusal::not_found)?;
    let place = cx
        .write("people::end_other_sessions", move |work, _| {
            actions::end_other_sessions(work, &permit, own)?;
            Ok(Place::at("/me").telling("people-done-sessions-ended"))
        })
        .await?;
    Ok(cx.see(&place))
}

/// `POST /sign-out`
pub async fn sign_out(posted: Posted) -> Result<Response, AppError> {
    let cx = posted.cx;
    let permit = cx.standing().permit::<UseAccount>()?;
    let session = cx.viewer.as_ref().and_then(Viewer::session).ok_or_else(Refusal::not_found)?;
    let place = cx
        .write("people::sign_out", move |work, _| {
            actions::end_session(work, &permit, session)?;
            Ok(Place::at("/").telling("people-done-signed-out"))
        })
        .await?;
    let secure = cx.app.settings.secure();
    let mut answer = cx.see(&place);
    answer
        .headers_mut()
        .append(header::SET_COOKIE, cx::set_cookie(cx::session_cookie(secure), "", 0, secure));
    Ok(answer)
}

/// `POST /language`: the switch stands on every page and changes nothing but a preference, so it needs no once-value.
pub async fn language(cx: Cx, body: Body) -> Result<Response, AppError> {
    cx.standing().permit::<SeePublic>()?;
    let body = axum::body::to_bytes(body, cx::BODY_BYTES)
        .await
        .map_err(|_| Refusal::new(RefusalKind::TooLarge, "refusal-too-large"))?;
    let fields: Vec<(String, String)> = serde_html_form::from_bytes(&body).unwrap_or_default();
    let value =
        |name: &str| fields.iter().find(|(field, _)| field == name).map_or("", |(_, value)| value.as_str());
    let lang: Lang = value("value").parse().map_err(|_| Refusal::not_found())?;
    if let Ok(permit) = cx.standing().permit::<UseAccount>() {
        cx.write("people::set_language", move |work, _| {
            actions::set_language(work, &permit, lang)?;
            Ok(Place::at("/"))
        })
        .await?;
    }
    let mut answer = cx.see(&Place::at(rules::own_page(value("next"))));
    debug_assert_eq!(answer.status(), StatusCode::SEE_OTHER);
    let year = 365 * 24 * 60 * 60;
    answer
        .headers_mut()
        .append(header::SET_COOKIE, cx::set_cookie("lang", lang.code(), year, cx.app.settings.secure()));
    Ok(answer)
}

/// `GET /me/data`: all that is stored of oneself in one archive: the data as JSON, and each file at the place that its
/// address there names.
pub async fn data(cx: Cx) -> Result<Response, AppError> {
    let person = cx.standing().permit::<GuardAccount>()?.signed_in()?;
    let (data_of, files_of) = (cx.app.data_of, cx.app.files_of);
    let load = move |tx: &mut Tx<'_>, cx: &Cx| Ok((data_of(tx, person, cx.now)?, files_of(tx, person)?));
    let (data, files) = cx.read("people::data", load).await?;
    let text = serde_json::to_string_pretty(&data).map_err(AppError::caused)?;
    let headers = [
        (header::CONTENT_TYPE, "application/zip"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"mapalus.zip\""),
        (header::CACHE_CONTROL, "private, no-store"),
    ];
    let archive = archive::archive(&cx.app, cx.now, ("mapalus.json", text), files);
    Ok((StatusCode::OK, headers, archive).into_response())
}
