//! People: accounts, sign-in, sessions.
//!
//! Words: a *person* has an account; an account is *new* until its address is confirmed by a mailed
//! link or by the operator's hand, *closing* for fourteen days after its owner closed it, then *gone*:
//! only the id remains. Each field of a profile is shown to an *audience*. A program comes as its
//! person by a *token*, which reaches what its *scopes* say. Owns: `persons`, `photos`,
//! `sessions`, `browsers`, `links`, `tries`, `tokens`. Emits: `SignedUp`, `SignedUpAgain`, `CodeAsked`,
//! `PasswordForgotten`, `PasswordChanged`, `MailChangeAsked`, `MailChanged`, `AccountClosing`,
//! `PersonErased`, `TokenMade`, `TokenEnds`.
//!
//! Published to slices above: `persons.id`, `persons.name`, `persons.call_name`, `persons.state`,
//! `persons.mail_folded`, `persons.workplace`.

pub(crate) mod actions;
pub(crate) mod api;
pub mod model;
pub mod notice;
pub mod pages;
pub mod photo;
pub mod profile;
mod queries;
pub mod rules;
pub mod token;

pub use model::{Account, Contact, Mail, PersonName};
pub use queries::STATEMENTS;

use crate::shell::{AppError, Came, Routes, Viewer, Work, kept, reference::Areas, seen};
use mapalus_core::{ByToken, Millis, PersonId, Scope, SessionId, TokenId, access};
use mapalus_db::{DbError, Tx, params};
use std::net::IpAddr;

/// Who uses a session, without what other slices know of them.
///
/// # Errors
/// The database's error.
pub fn viewer(tx: &mut Tx<'_>, token_digest: &str, now: Millis) -> Result<Option<Viewer>, DbError> {
    let found: Option<model::Session> = tx.optional(&queries::SESSION, &params![token_digest, now])?;
    Ok(found.map(|session| Viewer {
        person: session.person_id,
        came: Came::Session(session.id),
        zone: Areas::zone(session.area.as_deref().unwrap_or("")),
        name: session.name,
        call: session.call_name,
        lang: session.lang,
        operator: session.operator,
        unread: 0,
        desks: false,
    }))
}

/// Whose token it is. Of the person it holds what the API needs: it operates nothing.
///
/// # Errors
/// `refusal-token-unknown`, `refusal-token-ended`, `refusal-token-expired`; the database's error.
pub fn holder(tx: &mut Tx<'_>, secret_digest: &str, now: Millis) -> Result<Viewer, AppError> {
    let found: Option<token::Holder> = tx.optional(&queries::HOLDER, &params![secret_digest])?;
    let holder = found.ok_or_else(seen::unknown_token)?;
    rules::token_holds(&holder, now)?;
    Ok(Viewer {
        person: holder.person_id,
        came: Came::Token {
            token: holder.id,
            scopes: holder.scopes,
            note: rules::is_use_to_note(holder.used_at, now),
        },
        zone: Areas::zone(holder.area.as_deref().unwrap_or("")),
        name: holder.name,
        call: holder.call_name,
        lang: holder.lang,
        operator: false,
        unread: 0,
        desks: false,
    })
}

/// Notes that a token was used, if nobody has within the hour.
///
/// # Errors
/// The database's error.
pub fn note_use(work: &mut Work<'_, '_>, token: TokenId) -> Result<(), DbError> {
    actions::token::note_use(work, token)
}

/// Whether a person has an account still, be it one that is closing: not if it was erased.
///
/// # Errors
/// The database's error.
pub fn is_there(tx: &mut Tx<'_>, person: PersonId) -> Result<bool, DbError> {
    Ok(tx.scalar::<i64>(&queries::IS_THERE, &params![person])? > 0)
}

/// Reminds people of their tokens that end within seven days.
///
/// # Errors
/// The database's error; what was done before stays done.
pub async fn remind(app: &crate::shell::App) -> Result<(), DbError> {
    actions::token::remind(app).await
}

/// How these people are reached, in no particular order; those without a confirmed account are left out.
///
/// # Errors
/// The database's error.
pub fn contacts(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<Vec<Contact>, DbError> {
    tx.all_in(&queries::CONTACTS, &[], people)
}

/// Those of these people whose account is being closed, in no particular order.
///
/// # Errors
/// The database's error.
pub fn away(tx: &mut Tx<'_>, people: &[PersonId]) -> Result<Vec<PersonId>, DbError> {
    let rows: Vec<(PersonId,)> = tx.all_in(&queries::AWAY, &[], people)?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// The confirmed accounts of these folded addresses, in no particular order.
///
/// # Errors
/// The database's error.
pub fn accounts_by_mail(tx: &mut Tx<'_>, mails: &[String]) -> Result<Vec<(String, PersonId)>, DbError> {
    tx.all_in(&queries::BY_MAILS, &[], mails)
}

/// Counts a mail that somebody asks for to an address, and refuses it if that is too many.
///
/// # Errors
/// `people-too-many-tries`.
pub fn count_mail_to(work: &mut Work<'_, '_>, mail: &Mail) -> Result<(), AppError> {
    actions::count_mail_to(work, &mail.folded)
}

/// Counts one more of what may be done so often in a quarter of an hour, by whom or from where.
///
/// # Errors
/// `people-too-many-tries` with the minutes to wait; the database's error.
pub fn limit(work: &mut Work<'_, '_>, what: &str, by: &str, most: i64) -> Result<(), AppError> {
    actions::count(work, &format!("{what} {by}"), most)
}

/// Counts one more mail that a network address asks for and that goes to a mail address: with those of signing up.
///
/// # Errors
/// As [`limit`].
pub fn limit_mail(work: &mut Work<'_, '_>, address: IpAddr, to: &str) -> Result<(), AppError> {
    actions::count_mail(work, address, to)
}

/// A network address as it is counted: an IPv6 one by its network.
pub fn counted(address: IpAddr) -> String {
    actions::subject_of(address)
}

/// The operator of the instance, the first if there are several, with the language of the account.
///
/// # Errors
/// The database's error.
pub fn operator(tx: &mut Tx<'_>) -> Result<Option<(PersonId, crate::shell::Lang)>, DbError> {
    tx.optional(&queries::OPERATOR, &[])
}

/// The secret part of the link that the operator uses to make the first account, if there is no account.
///
/// # Errors
/// The database's error.
pub async fn first_link(app: &crate::shell::App) -> Result<Option<String>, DbError> {
    let link = app.write_as(None, "people::first_link", actions::open_setup).await?;
    Ok(link.map(|link| app.key.link(model::Purpose::Setup.word(), link)))
}

/// The routes of this slice.
pub fn routes() -> Routes {
    use access::{Enter, EnterDemo, OperateInstance, SeePublic, UseAccount, UseTokens};
    Routes::new()
        .get::<Enter, _, _>("/sign-up", pages::enter::sign_up)
        .post::<Enter, _, _>("/sign-up", pages::enter::sign_up_post)
        .get::<Enter, _, _>("/sign-up/sent", pages::enter::sign_up_sent)
        .get::<Enter, _, _>("/sign-in", pages::enter::sign_in)
        .post::<Enter, _, _>("/sign-in", pages::enter::sign_in_post)
        .post::<UseAccount, _, _>("/sign-out", pages::account::sign_out)
        .get::<Enter, _, _>("/sign-in/code", pages::settings::code)
        .post::<Enter, _, _>("/sign-in/code", pages::settings::code_post)
        .get::<Enter, _, _>("/mail/{link}", pages::settings::confirm_mail)
        .post::<Enter, _, _>("/mail/{link}", pages::settings::confirm_mail_post)
        .get::<UseAccount, _, _>("/kept", kept::kept)
        .get::<UseAccount, _, _>("/me/profile", pages::profile::show)
        .post::<UseAccount, _, _>("/me/profile", pages::profile::save)
        .get::<UseAccount, _, _>("/me/profile/preview", pages::profile::preview)
        .upload::<UseAccount, _, _>("/me/photo", pages::profile::photo)
        .get::<UseAccount, _, _>("/me/data", pages::account::data)
        .get::<UseAccount, _, _>("/me/settings", pages::settings::settings)
        .post::<UseAccount, _, _>("/me/mail", pages::settings::mail)
        .post::<UseAccount, _, _>("/me/password", pages::settings::password)
        .post::<UseAccount, _, _>("/me/close", pages::settings::close)
        .get::<Enter, _, _>("/forgot", pages::links::forgot)
        .post::<Enter, _, _>("/forgot", pages::links::forgot_post)
        .get::<Enter, _, _>("/forgot/sent", pages::links::forgot_sent)
        .get::<Enter, _, _>("/confirm/{link}", pages::links::confirm)
        .post::<Enter, _, _>("/confirm/{link}", pages::links::confirm_post)
        .get::<Enter, _, _>("/reset/{link}", pages::links::reset)
        .post::<Enter, _, _>("/reset/{link}", pages::links::reset_post)
        .get::<Enter, _, _>("/setup/{link}", pages::links::setup)
        .post::<Enter, _, _>("/setup/{link}", pages::links::setup_post)
        .post::<SeePublic, _, _>("/language", pages::account::language)
        .get::<UseAccount, _, _>("/me", pages::account::me)
        .post::<UseAccount, _, _>("/me/sessions/{session}/end", pages::account::end_session)
        .get::<EnterDemo, _, _>("/demo", pages::demo::demo)
        .post::<EnterDemo, _, _>("/demo/{who}", pages::demo::demo_post)
        .get::<OperateInstance, _, _>("/admin", pages::admin::admin)
        .post::<OperateInstance, _, _>("/admin/people/{person}/confirm", pages::admin::confirm)
        .get::<UseTokens, _, _>("/me/tokens", pages::tokens::list)
        .post::<UseTokens, _, _>("/me/tokens", pages::tokens::make)
        .post::<UseTokens, _, _>("/me/tokens/{token}/end", pages::tokens::end)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/people", api::sign_up)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/sessions", api::sign_in)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/sessions/code", api::enter_code)
        .api_get::<UseAccount, _, _>(ByToken::Never, "/api/v1/sessions", api::account::sessions)
        .api_delete::<UseAccount, _, _>(ByToken::Never, "/api/v1/sessions/{session}", api::end_session)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/confirm/{link}", api::account::confirm)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/forgot", api::account::forgot)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/reset/{link}", api::account::reset)
        .api_post::<Enter, _, _>(ByToken::Never, "/api/v1/mail/{link}", api::account::change_mail)
        .api_post::<UseAccount, _, _>(ByToken::Never, "/api/v1/me/mail", api::account::ask_for_mail)
        .api_post::<UseAccount, _, _>(ByToken::Never, "/api/v1/me/password", api::account::set_password)
        .api_post::<UseAccount, _, _>(ByToken::Never, "/api/v1/me/close", api::account::close)
        .api_get::<UseAccount, _, _>(Scope::ProfileRead, "/api/v1/me/photo", api::account::photo)
        .api_upload::<UseAccount, _, _>(Scope::ProfileWrite, "/api/v1/me/photo", api::account::keep_photo)
        .api_delete::<UseAccount, _, _>(Scope::ProfileWrite, "/api/v1/me/photo", api::account::drop_photo)
        .api_get::<UseAccount, _, _>(ByToken::Never, "/api/v1/me/data", api::account::data)
        .api_get::<OperateInstance, _, _>(ByToken::Never, "/api/v1/accounts", api::account::waiting)
        .api_post::<OperateInstance, _, _>(
            ByToken::Never,
            "/api/v1/accounts/{person}/confirm",
            api::account::confirm_by_hand,
        )
        .api_get::<UseTokens, _, _>(ByToken::Never, "/api/v1/tokens", api::tokens::list)
        .api_post::<UseTokens, _, _>(ByToken::Never, "/api/v1/tokens", api::tokens::make)
        .api_delete::<UseTokens, _, _>(ByToken::Never, "/api/v1/tokens/{token}", api::tokens::end)
        .api_get::<UseAccount, _, _>(Scope::ProfileRead, "/api/v1/me", api::me)
        .api_patch::<UseAccount, _, _>(Scope::ProfileWrite, "/api/v1/me", api::set_profile)
}

/// The sessions of one person as the account page lists them.
pub(crate) fn sessions(
    tx: &mut Tx<'_>,
    person: PersonId,
    now: Millis,
) -> Result<Vec<model::OpenSession>, DbError> {
    tx.all(&queries::SESSIONS, &params![person, now])
}

/// The tokens of a person that they have not ended, newest first.
pub(crate) fn tokens(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<token::Token>, DbError> {
    tx.all(&queries::TOKENS, &params![person])
}

/// A token of a person, unless they ended it.
pub(crate) fn token_of(
    tx: &mut Tx<'_>,
    person: PersonId,
    token: TokenId,
) -> Result<Option<token::Token>, DbError> {
    tx.optional(&queries::TOKEN, &params![person, token])
}

/// The account itself.
pub(crate) fn account(tx: &mut Tx<'_>, person: PersonId) -> Result<Account, DbError> {
    tx.one(&queries::ACCOUNT, &params![person])
}

/// Reads an identifier of a session from an address.
pub(crate) fn session_id(text: &str) -> Option<SessionId> {
    text.parse().ok()
}

/// The profile of a person who is there.
pub(crate) fn profile_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<profile::Profile>, DbError> {
    tx.optional(&queries::PROFILE, &params![person])
}

/// The profiles of these people as their own groups see them: so do those who decide on their applications. Those
/// without a confirmed account are left out.
///
/// # Errors
/// The database's error.
pub fn applied_with(
    tx: &mut Tx<'_>,
    people: &[PersonId],
    lang: crate::shell::Lang,
) -> Result<std::collections::HashMap<PersonId, profile::ProfileView>, DbError> {
    let profiles: Vec<profile::Profile> = tx.all_in(&queries::PROFILES, &[], people)?;
    let seen = |p: &profile::Profile| Some((p.id, p.seen(profile::Closeness::SameGroup, lang)?));
    Ok(profiles.iter().filter_map(seen).collect())
}

/// The photo of a person: JPEG.
pub(crate) fn photo_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Vec<u8>>, DbError> {
    let row: Option<(Vec<u8>,)> = tx.optional(&queries::PHOTO, &params![person])?;
    Ok(row.map(|(jpeg,)| jpeg))
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId, now: Millis) -> Result<serde_json::Value, DbError> {
    use crate::shell::text::machine;
    let account = account(tx, person)?;
    let profile: profile::Profile = tx.one(&queries::PROFILE, &params![person])?;
    let open = sessions(tx, person, now)?;
    let tokens = tokens(tx, person)?;
    let session = |s: &model::OpenSession| serde_json::json!({ "browser": s.agent, "since": machine(s.made_at), "ends": machine(s.ends_at) });
    Ok(serde_json::json!({
        "id": person.to_string(),
        "name": account.name,
        "call": account.call_name,
        "mail": account.mail,
        "age": "adult",
        "language": account.lang,
        "made_at": machine(account.made_at),
        "privacy_notice": { "version": account.consent_version, "consented_at": machine(account.consent_at) },
        "profile": {
            "occupation": profile.occupation,
            "workplace": profile.workplace,
            "area": profile.area,
            "languages": profile.languages.split_whitespace().collect::<Vec<_>>(),
            "skills": profile.skills.lines().collect::<Vec<_>>(),
            "about": profile.about,
            "shown": profile.shown.to_string(),
            "photo": profile.photo.map(|v| format!("/people/{person}/photo?v={v}")),
        },
        "sessions": open.iter().map(session).collect::<Vec<_>>(),
        "tokens": tokens.iter().map(token::TokenView::from).collect::<Vec<_>>(),
    }))
}
