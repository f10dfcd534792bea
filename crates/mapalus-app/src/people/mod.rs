//! People: accounts, sign-in, sessions.
//!
//! Words: a *person* has an account; an account is *new* until its address is confirmed by a mailed
//! link or by the operator's hand, *closing* for fourteen days after its owner closed it, then *gone*:
//! only the id remains. A *connection* is two people who both say that they know each other; whom one *blocks* does not
//! find one any more. Each field of a profile is shown to an *audience*. A program comes as its
//! person by a *token*, which reaches what its *scopes* say. A *second step* is an app whose codes are asked for after
//! the password, or a *passkey*, which stands for both, with *recovery codes* for who does not have them at hand; a
//! session *waits* until they are typed. A *proof* of who one is holds for ten minutes; a *ceremony* is the challenge of a
//! passkey. A *minor* has a *guardian*, whose *ward* they are: their account *waits* until the guardian consents. Owns:
//! `persons`, `photos`, `sessions`, `browsers`, `links`, `tries`, `tokens`, `totps`, `recovery_codes`, `passkeys`,
//! `ceremonies`, `connections`, `person_blocks`, `network_choices`, `person_reports`, `guardianships`. Emits: `SignedUp`,
//! `SignedUpAgain`, `CodeAsked`, `EntryAsked`, `PasswordForgotten`, `PasswordChanged`, `MailChangeAsked`, `MailChanged`,
//! `AccountClosing`, `PersonErased`, `WorkplaceChanged`, `TokenMade`, `TokenEnds`, `FactorSet`, `FactorRemoved`, `RecoveryUsed`,
//! `RecoveryMade`, `PasskeyAdded`, `PasskeyRemoved`, `ConnectionAsked`, `ConnectionHeld`, `PersonReported`,
//! `GuardianAsked`, `WardAccepted`, `WardDeclined`, `ConsentWithdrawn`, `ConsentRestored`, `GuardianshipEnded`.
//!
//! Published to slices above: `persons.id`, `persons.name`, `persons.call_name`, `persons.state`,
//! `persons.mail_folded`, `persons.workplace`, `persons.age_band`, `guardianships.ward_id`,
//! `guardianships.guardian_id`, `guardianships.state`, `connections.low_id`, `connections.high_id`, `connections.state`,
//! `network_choices.person_id`, `network_choices.known_to`, `person_blocks.person_id`, `person_blocks.other_id`.

pub(crate) mod actions;
pub(crate) mod api;
pub mod connection;
pub mod factor;
pub mod guardian;
pub mod model;
pub mod notice;
pub mod pages;
pub mod passkey;
pub mod photo;
pub mod profile;
mod queries;
mod routes;
pub mod rules;
pub mod session;
pub mod token;

pub use model::{Account, Contact, Mail, PersonName};
pub use queries::{
    STATEMENTS, connection::STATEMENTS as CONNECTION_STATEMENTS, factor::STATEMENTS as FACTOR_STATEMENTS,
    guardian::STATEMENTS as GUARDIAN_STATEMENTS, passkey::STATEMENTS as PASSKEY_STATEMENTS,
};
pub use routes::routes;

use crate::shell::{
    AppError, Came, Viewer, Work,
    archive::{self, OwnFile},
    reference::Areas,
    seen,
};
use mapalus_core::{Millis, PersonId, SessionId, Standing, TokenId};
use mapalus_db::{DbError, Tx, params};
use std::net::IpAddr;

/// Who uses a session, without what other slices know of them.
///
/// # Errors
/// The database's error.
pub fn viewer(tx: &mut Tx<'_>, token_digest: &str, now: Millis) -> Result<Option<Viewer>, DbError> {
    let found: Option<session::Session> = tx.optional(&queries::SESSION, &params![token_digest, now])?;
    Ok(found.map(|session| Viewer {
        person: session.person_id,
        came: Came::Session {
            session: session.id,
            proved_until: session.proved_until,
            note: rules::is_use_to_note(Some(session.seen_at), now),
        },
        entrusted_since: session.operator.then_some(session.made_at),
        factor: session.factor,
        zone: Areas::zone(session.area.as_deref().unwrap_or("")),
        name: session.name,
        call: session.call_name,
        lang: session.lang,
        operator: session.operator,
        unread: 0,
        desks: false,
        born: session.birth_year,
        waits: session.waiting,
        agreed: session.consent_version >= model::PRIVACY_VERSION,
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
        entrusted_since: None,
        factor: holder.factor,
        zone: Areas::zone(holder.area.as_deref().unwrap_or("")),
        name: holder.name,
        call: holder.call_name,
        lang: holder.lang,
        operator: false,
        unread: 0,
        desks: false,
        born: holder.birth_year,
        waits: false,
        agreed: holder.consent_version >= model::PRIVACY_VERSION,
    })
}

/// Notes that a session or token was used, if nobody has within the hour.
///
/// # Errors
/// The database's error.
pub fn note_use(work: &mut Work<'_, '_>, came: Came) -> Result<(), DbError> {
    match came {
        Came::Session { session, .. } => actions::note_session(work, session),
        Came::Token { token, .. } => actions::token::note_use(work, token),
    }
}

/// Since when a person operates the instance; none of one who does not.
///
/// # Errors
/// The database's error.
pub fn operates_since(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<Millis>, DbError> {
    let row: Option<(Millis,)> = tx.optional(&queries::OPERATES_SINCE, &params![person])?;
    Ok(row.map(|(since,)| since))
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

/// The skills of these people that they show to the people of their groups: one statement.
///
/// # Errors
/// The database's error.
pub fn skills_in_group(
    tx: &mut Tx<'_>,
    people: &[PersonId],
) -> Result<Vec<(PersonId, Vec<String>)>, DbError> {
    let rows: Vec<(PersonId, String, profile::Shown)> = tx.all_in(&queries::SKILLS_OF, &[], people)?;
    let shows = |shown: &profile::Shown| shown.of(profile::Part::Skills) != profile::Audience::Me;
    let lines = |skills: String| skills.lines().map(str::to_owned).collect();
    let own = rows.into_iter().filter(|(.., shown)| shows(shown));
    Ok(own.map(|(person, skills, _)| (person, lines(skills))).collect())
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

/// Whether browsers have passkeys under this public URL.
pub fn has_passkeys(public_url: &str) -> bool {
    rules::passkey::party(public_url).is_some()
}

/// Takes the second step of an account away (app, passkeys, recovery codes), by the hand of whoever may use the server; `false` if there is none.
///
/// # Errors
/// The database's error.
pub async fn remove_factor(app: &crate::shell::App, mail: &str) -> Result<bool, AppError> {
    let mail = mail.trim().to_lowercase();
    app.write_as(None, "people::remove_factor", move |work| {
        let secret = queries::secret(work.tx, &mail)?;
        let Some(person) = secret.map(|secret| secret.id) else {
            return Ok(false);
        };
        let standing = Standing { person: Some(person), proved: true, ..Standing::default() };
        actions::factor::remove_all(work, &standing.permit()?)
    })
    .await
}

/// How the one who looks stands to a person, who may have blocked them: then they are not there.
///
/// # Errors
/// Not found.
pub(crate) fn between(
    tx: &mut Tx<'_>,
    own: PersonId,
    other: PersonId,
) -> Result<connection::Between, AppError> {
    let pair = actions::connection::pair(tx, own, other)?;
    rules::connection::found(Some(&pair))?;
    Ok(pair.between(own))
}

/// A minor with who answers for them; none for an adult, or one who is not there.
///
/// # Errors
/// The database's error.
pub fn young(tx: &mut Tx<'_>, person: PersonId) -> Result<Option<guardian::Young>, DbError> {
    actions::guardian::young(tx, person)
}

/// The wards of a guardian, by name.
///
/// # Errors
/// The database's error.
pub fn wards(tx: &mut Tx<'_>, guardian: PersonId) -> Result<Vec<guardian::Guardianship>, DbError> {
    actions::guardian::wards(tx, guardian)
}

/// Puts a minor under a guardian, as if both had consented: for those of the demonstration.
pub(crate) fn guard(
    work: &mut Work<'_, '_>,
    ward: PersonId,
    (birth_year, guardian): (i64, PersonId),
) -> Result<(), DbError> {
    actions::guardian::settle(work, ward, birth_year, guardian)
}

/// Connects two people, without asking: for those of the demonstration.
pub(crate) fn connect(work: &mut Work<'_, '_>, one: PersonId, other: PersonId) -> Result<(), AppError> {
    let standing = |person| Standing { person: Some(person), ..Default::default() };
    for (own, other) in [(one, other), (other, one)] {
        actions::connection::connect(work, &standing(own).permit()?, other, "")?;
    }
    Ok(())
}

/// The sessions of one person as the account page lists them.
pub(crate) fn sessions(
    tx: &mut Tx<'_>,
    person: PersonId,
    now: Millis,
) -> Result<Vec<session::OpenSession>, DbError> {
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

/// The photo of a person, for the archive of their data.
pub(crate) fn files_of(tx: &mut Tx<'_>, person: PersonId) -> Result<Vec<OwnFile>, DbError> {
    let part: archive::Part = |tx, id, n| {
        let person = id.parse().ok().filter(|_| n == 0);
        person.map_or(Ok(None), |person| photo_of(tx, person))
    };
    let place = format!("people/{person}/photo/photo.jpg");
    let there = photo_of(tx, person)?.map(|_| OwnFile { place, id: person.to_string(), part });
    Ok(there.into_iter().collect())
}

/// What is stored of a person here, for the person.
pub(crate) fn data_of(tx: &mut Tx<'_>, person: PersonId, now: Millis) -> Result<serde_json::Value, DbError> {
    use crate::shell::text::machine;
    let account = account(tx, person)?;
    let guarded: Option<guardian::Guardianship> =
        tx.optional(&queries::guardian::GUARDIANSHIP, &params![person])?;
    let wards = actions::guardian::wards(tx, person)?;
    let profile: profile::Profile = tx.one(&queries::PROFILE, &params![person])?;
    let open = sessions(tx, person, now)?;
    let tokens = tokens(tx, person)?;
    let network = pages::network::network_of(tx, person)?;
    let known: Vec<_> = network.known.iter().map(|known| connection::KnownView::new(known, person)).collect();
    let blocked: Vec<_> = network.blocked.iter().map(connection::BlockedPersonView::from).collect();
    let session = |s: &session::OpenSession| serde_json::json!({ "browser": s.agent, "since": machine(s.made_at), "seen": machine(s.seen_at), "ends": machine(s.ends_at) });
    let factors = actions::factor::factors(tx, person)?;
    Ok(serde_json::json!({
        "id": person.to_string(),
        "name": account.name,
        "call": account.call_name,
        "mail": account.mail,
        "age": if guarded.is_some() { "teen" } else { "adult" },
        "birth_year": guarded.as_ref().and_then(|of| of.birth_year),
        "guardian": guarded.as_ref().map(|of| serde_json::json!({
            "state": of.state,
            "asked_at": machine(of.asked_at),
            "consented_at": of.consent_at.map(machine),
            "privacy_notice": of.consent_version,
        })),
        "wards": wards.iter().map(|ward| guardian::WardView::new(ward, now)).collect::<Vec<_>>(),
        "language": account.lang,
        "made_at": machine(account.made_at),
        "privacy_notice": { "version": account.consent_version, "consented_at": machine(account.consent_at) },
        "profile": {
            "occupation": profile.occupation,
            "workplace": profile.workplace,
            "area": profile.area,
            "languages": profile.languages.split_whitespace().collect::<Vec<_>>(),
            "causes": profile.cause_keys(),
            "skills": profile.skills.lines().collect::<Vec<_>>(),
            "about": profile.about,
            "shown": profile.shown.to_string(),
            "photo": profile.photo.map(|v| format!("/people/{person}/photo?v={v}")),
        },
        "sessions": open.iter().map(session).collect::<Vec<_>>(),
        "network": { "items": known, "blocked": blocked, "known_to": network.known_to },
        "second_step": factor::FactorsView::new(&factors, None),
        "tokens": tokens.iter().map(token::TokenView::from).collect::<Vec<_>>(),
    }))
}
