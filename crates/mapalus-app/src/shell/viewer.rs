//! Who is signed in, and by what they came.

use super::Lang;
use chrono_tz::Tz;
use mapalus_core::{Millis, PersonId, Scopes, SessionId, TokenId};

/// By what somebody came.
#[derive(Debug, Clone, Copy)]
pub enum Came {
    /// By a session: a browser, or a program that keeps its cookie.
    Session {
        /// The session.
        session: SessionId,
        /// Until when it needs no proof anew of who it is.
        proved_until: Millis,
        /// Whether it is time to note that it is used.
        note: bool,
    },
    /// By a personal token: a program that may reach so much.
    Token {
        /// The token.
        token: TokenId,
        /// What it reaches.
        scopes: Scopes,
        /// Whether it is time to note that it is used.
        note: bool,
    },
}

/// Who is signed in.
#[derive(Debug, Clone)]
pub struct Viewer {
    /// The person.
    pub person: PersonId,
    /// By what they came.
    pub came: Came,
    /// Full name.
    pub name: String,
    /// How they wish to be called.
    pub call: String,
    /// The language of the account.
    pub lang: Lang,
    /// The time zone of where they live.
    pub zone: Tz,
    /// Whether they operate the instance.
    pub operator: bool,
    /// Notices not yet read.
    pub unread: i64,
    /// Whether they sit at the desk of a group.
    pub desks: bool,
    /// Since when others entrust something to them: a role of a group, or the instance.
    pub entrusted_since: Option<Millis>,
    /// Whether they sign in by a second step.
    pub factor: bool,
    /// Of a minor: the year of birth.
    pub born: Option<i64>,
    /// Whether the account waits for the consent of a guardian: they are not let in as somebody then.
    pub waits: bool,
    /// Whether they agreed to the privacy notice as it is now.
    pub agreed: bool,
}

impl Viewer {
    /// The session by which they came; none of a program that came by a token.
    pub fn session(&self) -> Option<SessionId> {
        match self.came {
            Came::Session { session, .. } => Some(session),
            Came::Token { .. } => None,
        }
    }

    /// The token by which a program came.
    pub fn token(&self) -> Option<TokenId> {
        match self.came {
            Came::Token { token, .. } => Some(token),
            Came::Session { .. } => None,
        }
    }

    /// Whether they proved a short while ago who they are; a program that came by a token never did.
    pub fn proved(&self, now: Millis) -> bool {
        matches!(self.came, Came::Session { proved_until, .. } if now < proved_until)
    }
}
