//! Who is signed in, and by what they came.

use super::Lang;
use chrono_tz::Tz;
use mapalus_core::{PersonId, Scopes, SessionId, TokenId};

/// By what somebody came.
#[derive(Debug, Clone, Copy)]
pub enum Came {
    /// By a session: a browser, or a program that keeps its cookie.
    Session(SessionId),
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
}

impl Viewer {
    /// The session by which they came; none of a program that came by a token.
    pub fn session(&self) -> Option<SessionId> {
        match self.came {
            Came::Session(session) => Some(session),
            Came::Token { .. } => None,
        }
    }

    /// The token by which a program came.
    pub fn token(&self) -> Option<TokenId> {
        match self.came {
            Came::Token { token, .. } => Some(token),
            Came::Session(_) => None,
        }
    }
}
