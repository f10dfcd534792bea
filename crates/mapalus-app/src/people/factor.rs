//! The second step of signing in: an app that gives codes, and recovery codes for who does not have it at hand.

use super::passkey::{Passkey, PasskeyView};
use crate::shell::text;
use mapalus_core::Millis;
use serde::{Deserialize, Serialize};

mapalus_db::record! {
    /// The app of a person.
    #[derive(Debug, Clone)]
    pub struct Totp {
        /// What its secret is made of, with the instance key.
        pub seed: String,
        /// The last interval whose code was taken.
        pub last_step: i64,
        /// When it was set up.
        pub made_at: Millis,
        /// When a code of it was taken last.
        pub used_at: Option<Millis>,
    }
}

/// The second step of a person, as far as there is one.
#[derive(Debug, Clone, Default)]
pub struct Factors {
    /// The app.
    pub totp: Option<Totp>,
    /// How many recovery codes are left.
    pub recovery_left: i64,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<Passkey>,
}

/// What an app is told to give codes for this account.
#[derive(Debug, Clone)]
pub struct NewApp {
    /// What the secret is made of.
    pub seed: String,
    /// The secret in Base32.
    pub secret: String,
    /// The same with the names of account and instance, for a QR code.
    pub uri: String,
}

/// What one fills in to set up an app.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AppInput {
    /// The seed that was told with the secret.
    pub seed: String,
    /// The code of six digits that the app shows.
    pub code: String,
}

/// An app that is about to be set up.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct NewAppView {
    /// Send it back with a code of the app.
    pub seed: String,
    /// The secret for the app, Base32.
    pub secret: String,
    /// The same as an `otpauth:` address.
    pub uri: String,
}

impl From<NewApp> for NewAppView {
    fn from(NewApp { seed, secret, uri }: NewApp) -> Self {
        Self { seed, secret, uri }
    }
}

/// Recovery codes that were just made: the only time that they are told.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct RecoveryView {
    /// Ten codes; each works once in the place of a code of the app.
    pub recovery_codes: Vec<String>,
}

/// The app, as the API shows it to its owner.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct AppView {
    /// When it was set up, RFC 3339 in UTC.
    pub made_at: String,
    /// When a code of it was taken last.
    pub used_at: Option<String>,
}

/// One's second step.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct FactorsView {
    /// The app; null if none is set up.
    pub app: Option<AppView>,
    /// The passkeys, the oldest first.
    pub passkeys: Vec<PasskeyView>,
    /// How many recovery codes are left.
    pub recovery_left: i64,
    /// By when one is to set up a second step to go on running a group or the instance; null if one need not.
    pub due_at: Option<String>,
}

impl FactorsView {
    /// The second step of who has to set one up by then, if by any time.
    pub fn new(factors: &Factors, due_at: Option<Millis>) -> Self {
        let app = |totp: &Totp| AppView {
            made_at: text::machine(totp.made_at),
            used_at: totp.used_at.map(text::machine),
        };
        Self {
            app: factors.totp.as_ref().map(app),
            passkeys: factors.passkeys.iter().map(PasskeyView::from).collect(),
            recovery_left: factors.recovery_left,
            due_at: due_at.map(text::machine),
        }
    }
}
