//! Personal tokens: what a program that comes as its person may reach, and until when.

use super::rules;
use crate::shell::{Lang, text};
use mapalus_core::{Millis, PersonId, Scope, Scopes, TokenId};
use serde::{Deserialize, Serialize};

mapalus_db::record! {
    /// Whose token it is.
    #[derive(Debug, Clone)]
    pub struct Holder {
        /// The token.
        pub id: TokenId,
        /// Its person.
        pub person_id: PersonId,
        /// What it reaches.
        pub scopes: Scopes,
        /// When it is over.
        pub ends_at: Millis,
        /// When its use was noted.
        pub used_at: Option<Millis>,
        /// When its person ended it.
        pub ended_at: Option<Millis>,
        /// The person's full name.
        pub name: String,
        /// How they wish to be called.
        pub call_name: String,
        /// The language of the account.
        pub lang: Lang,
        /// Where they live.
        pub area: Option<String>,
        /// Of a minor: the year of birth.
        pub birth_year: Option<i64>,
        /// Whether they have a second step.
        pub factor: bool,
        /// Version of the privacy notice that they agreed to.
        pub consent_version: i64,
    }

    /// A token of whose end its person is to be reminded.
    #[derive(Debug, Clone)]
    pub struct TokenAlarm {
        /// The token.
        pub id: TokenId,
        /// Its person.
        pub person_id: PersonId,
        /// When it is over.
        pub ends_at: Millis,
        /// For when the reminder was set.
        pub remind_at: Millis,
    }

    /// A token as its owner sees it.
    #[derive(Debug, Clone)]
    pub struct Token {
        /// The token.
        pub id: TokenId,
        /// What it is for, in its owner's words.
        pub name: String,
        /// What it reaches.
        pub scopes: Scopes,
        /// When it was made.
        pub made_at: Millis,
        /// When it is over.
        pub ends_at: Millis,
        /// When it was used last, to the hour.
        pub used_at: Option<Millis>,
    }
}

/// What one fills in to make a token.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TokenInput {
    /// What it is for, 1 to 60 characters.
    pub name: String,
    /// What it may reach, at least one: `profile:read`, `profile:write`, `groups:read`, `groups:write`,
    /// `members:read`, `members:write`, `joining:read`, `joining:write`, `joining:decide`, `notices:read`,
    /// `asking:read`, `asking:write`, `asking:answer`, `growth:read`, `growth:write`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// For how many days it works: 7, 30, 90 or 365; 30 if left out.
    #[serde(default = "usual_days")]
    pub days: i64,
}

/// The number of days that is offered first.
pub const USUAL_DAYS: i64 = rules::TOKEN_DAYS[1];

const fn usual_days() -> i64 {
    USUAL_DAYS
}

/// A new token, checked.
#[derive(Debug, Clone)]
pub struct NewToken {
    /// What it is for.
    pub name: String,
    /// What it reaches.
    pub scopes: Scopes,
    /// For how many days.
    pub days: i64,
}

/// A token as the API shows it to its owner.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenView {
    /// The token's id.
    pub id: String,
    /// What it is for.
    pub name: String,
    /// What it reaches.
    pub scopes: Vec<&'static str>,
    /// When it was made, RFC 3339 in UTC.
    pub made_at: String,
    /// When it is over.
    pub ends_at: String,
    /// When it was used last, to the hour.
    pub used_at: Option<String>,
}

impl From<&Token> for TokenView {
    fn from(token: &Token) -> Self {
        Self {
            id: token.id.to_string(),
            name: token.name.clone(),
            scopes: token.scopes.iter().map(Scope::word).collect(),
            made_at: text::machine(token.made_at),
            ends_at: text::machine(token.ends_at),
            used_at: token.used_at.map(text::machine),
        }
    }
}

/// A token that was just made: the only time that its secret is told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NewTokenView {
    /// The token.
    #[serde(flatten)]
    pub token: TokenView,
    /// What the program sends as `Authorization: Bearer`; it is told nowhere else.
    pub secret: String,
}

/// One's tokens.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct TokenList {
    /// Those that were not ended, newest first; one that is over stands here for 30 days more.
    pub items: Vec<TokenView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}
