//! Sessions: what they wait for before they count, and how their owner sees them.

use super::rules;
use crate::shell::text;
use mapalus_core::{Millis, PersonId, SessionId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// What a session waits for before it counts.
    pub enum Waits {
        /// Nothing: it counts.
        Nothing = "nothing",
        /// A mailed code.
        Code = "code",
        /// A code of the app, or a recovery code.
        Factor = "factor",
    }
}

mapalus_db::text_columns!(Waits);

mapalus_db::record! {
    /// A session with its person.
    #[derive(Debug, Clone)]
    pub struct Session {
        /// The session.
        pub id: SessionId,
        /// Its person.
        pub person_id: PersonId,
        /// Full name.
        pub name: String,
        /// How they wish to be called.
        pub call_name: String,
        /// The language of the account.
        pub lang: crate::shell::Lang,
        /// Where they live.
        pub area: Option<String>,
        /// Whether they operate the instance.
        pub operator: bool,
        /// When the account was made.
        pub made_at: Millis,
        /// Until when it needs no proof anew of who it is.
        pub proved_until: Millis,
        /// When it was seen last, to the hour.
        pub seen_at: Millis,
        /// Whether its person has a second step.
        pub factor: bool,
        /// Of a minor: the year of birth.
        pub birth_year: Option<i64>,
        /// Whether the account waits for the consent of a guardian.
        pub waiting: bool,
        /// Version of the privacy notice that they agreed to.
        pub consent_version: i64,
    }

    /// A session that waits.
    #[derive(Debug, Clone)]
    pub struct Pending {
        /// The session.
        pub id: SessionId,
        /// Its person; nobody where a code was asked for by an address without an account.
        pub person_id: Option<PersonId>,
        /// For what.
        pub waits: Waits,
        /// Whether the person has an app.
        pub app: bool,
        /// Whether the person has a passkey.
        pub passkey: bool,
    }

    /// A session as its owner sees it.
    #[derive(Debug, Clone)]
    pub struct OpenSession {
        /// The session.
        pub id: SessionId,
        /// What the browser calls itself.
        pub agent: String,
        /// When one signed in.
        pub made_at: Millis,
        /// When it was seen last, to the hour.
        pub seen_at: Millis,
        /// When it ends.
        pub ends_at: Millis,
    }
}

const KINDS: [(&str, &str); 5] = [
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
];

const SYSTEMS: [(&str, &str); 6] = [
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
];

fn find(agent: &str, list: &[(&str, &'static str)]) -> Option<&'static str> {
    list.iter().find(|(mark, _)| agent.contains(mark)).map(|(_, name)| *name)
}

/// Which browser it is on which system, if both are known.
fn browser_and_system(agent: &str) -> Option<(&'static str, &'static str)> {
    Some((find(agent, &KINDS)?, find(agent, &SYSTEMS)?))
}

/// What kind of browser or system it is, in a word or two, without version numbers.
fn browser(agent: &str) -> String {
    let known = find(agent, &KINDS).or_else(|| find(agent, &SYSTEMS));
    known.map_or_else(|| agent.chars().take(40).collect(), str::to_owned)
}

/// Browser and system by what the browser calls itself, as far as they are known.
pub fn device_name(agent: &str) -> String {
    let both = browser_and_system(agent).map(|(browser, system)| format!("{browser}, {system}"));
    both.unwrap_or_else(|| browser(agent))
}

impl OpenSession {
    /// Which browser it is on which system, if both are known.
    pub fn browser_and_system(&self) -> Option<(&'static str, &'static str)> {
        browser_and_system(&self.agent)
    }

    /// What kind of browser or system it is, in a word or two, without version numbers.
    pub fn browser(&self) -> String {
        browser(&self.agent)
    }
}

/// What one fills in to sign in by a mailed code.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EntryInput {
    /// Mail address.
    pub mail: String,
    /// Path of the page to go to then.
    #[serde(default)]
    pub next: String,
}

/// What one shows to prove anew who one is: one of the two.
#[derive(Debug, Clone, Default, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ProofInput {
    /// The account's password.
    #[serde(default)]
    pub password: String,
    /// A code of the app, or a recovery code.
    #[serde(default)]
    pub code: String,
    /// Path of the page to go to then.
    #[serde(default)]
    pub next: String,
}

/// A session that was begun; its secret is in the cookie.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionView {
    /// The session's id.
    pub id: String,
    /// The person's id; none while the session waits.
    pub person: Option<String>,
    /// What the session waits for, before which it does not count: `code` for the mailed code, `factor` for a code of
    /// the app or a recovery code.
    pub next: Option<&'static str>,
}

/// A session as the API lists it to its owner.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct OpenSessionView {
    /// The session's id.
    pub id: String,
    /// The browser or program and its system, as far as they are known.
    pub browser: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When one signed in, RFC 3339 in UTC.
    pub made_at: String,
    /// When it was seen last, to the hour.
    pub seen_at: String,
    /// When it ends.
    pub ends_at: String,
}

impl OpenSessionView {
    /// A session, as the one that asks by `current` sees it.
    pub fn new(session: &OpenSession, current: Option<SessionId>) -> Self {
        Self {
            id: session.id.to_string(),
            browser: device_name(&session.agent),
            current: current == Some(session.id),
            made_at: text::machine(session.made_at),
            seen_at: text::machine(session.seen_at),
            ends_at: text::machine(session.ends_at),
        }
    }
}

/// One's signed-in devices.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SessionList {
    /// The 50 seen last, newest first.
    pub items: Vec<OpenSessionView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}

/// How long a session that waits is kept: as long as the mailed code.
pub const WAIT_MILLIS: i64 = rules::link_millis(super::model::Purpose::Code);
