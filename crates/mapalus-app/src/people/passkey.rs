//! Passkeys: keys whose secret half stays with a person's device, and their challenges.

use super::model::AccountState;
use crate::shell::text;
use mapalus_core::{CeremonyId, Millis, PasskeyId, PersonId};
use serde::{Deserialize, Serialize};

mapalus_core::words! {
    /// What a challenge is for.
    pub enum CeremonyPurpose {
        /// To make an account.
        SignUp = "sign-up",
        /// To sign in.
        SignIn = "sign-in",
        /// To add a passkey to one's account.
        Add = "add",
        /// To prove anew who one is.
        Prove = "prove",
    }
}

mapalus_db::text_columns!(CeremonyPurpose);

mapalus_db::record! {
    /// A passkey, as it is kept.
    #[derive(Debug, Clone)]
    pub struct Passkey {
        /// The passkey.
        pub id: PasskeyId,
        /// Whose it is.
        pub person_id: PersonId,
        /// By what its device knows it.
        pub credential_id: String,
        /// By what its device knows the account.
        pub handle: String,
        /// What its owner calls it.
        pub name: String,
        /// Whether it is copied to other devices of its owner.
        pub synced: bool,
        /// When it was added.
        pub made_at: Millis,
        /// When it was used last.
        pub used_at: Option<Millis>,
    }

    /// A passkey that a device shows.
    #[derive(Debug, Clone)]
    pub struct ShownPasskey {
        /// The passkey.
        pub id: PasskeyId,
        /// Whose it is.
        pub person_id: PersonId,
        /// What the library keeps of it.
        pub credential: String,
        /// Counts its changes.
        pub version: i64,
        /// The state of its person's account.
        pub state: AccountState,
        /// The address of the account.
        pub mail_folded: String,
    }

    /// A challenge that was given out.
    #[derive(Debug, Clone)]
    pub struct Ceremony {
        /// The challenge.
        pub id: CeremonyId,
        /// For whom, if that is known.
        pub person_id: Option<PersonId>,
        /// What the library keeps of it.
        pub state: String,
        /// What was filled in to sign up, and what the browser was asked for.
        pub detail: String,
    }
}

/// What is asked of a browser.
#[derive(Debug, Clone, Serialize, utoipa::ToSchema)]
pub struct Challenge {
    /// Send it back with what the browser answers.
    pub ceremony: String,
    /// The argument `publicKey` of `navigator.credentials.create` or `get`; bytes are base64url.
    #[schema(value_type = Object)]
    pub options: serde_json::Value,
}

/// What one fills in for an account that is opened by a passkey instead of a password.
#[derive(Debug, Clone, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeySignUpInput {
    /// Full name, 1 to 80 characters.
    pub name: String,
    /// How one wishes to be called; the first name if left out.
    #[serde(default)]
    pub call: String,
    /// Mail address.
    pub mail: String,
    /// `adult`, `teen` or `child`; a `child` gets no account, a `teen` one that waits for a guardian.
    #[serde(default)]
    pub age: String,
    /// Of a `teen`: the year of birth.
    #[serde(default)]
    pub birth_year: String,
    /// Of a `teen`: the mail address of a parent or guardian, who is asked to consent.
    #[serde(default)]
    pub guardian: String,
    /// Whether one consents to the privacy notice.
    #[serde(default, deserialize_with = "crate::shell::forms::yes")]
    pub consent: bool,
    /// Path of the page to go to once the address is confirmed.
    #[serde(default)]
    pub next: String,
}

/// What a browser answers to a challenge.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyAnswer {
    /// The challenge.
    pub ceremony: String,
    /// The credential as `PublicKeyCredential.toJSON` gives it.
    #[schema(value_type = Object)]
    pub credential: serde_json::Value,
    /// Path of the page to go to then.
    #[serde(default)]
    pub next: String,
}

/// A new passkey.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewKeyAnswer {
    /// The challenge.
    pub ceremony: String,
    /// The credential as `PublicKeyCredential.toJSON` gives it.
    #[schema(value_type = Object)]
    pub credential: serde_json::Value,
    /// What to call it, at most 60 characters; the browser and its system if left out.
    #[serde(default)]
    pub name: String,
}

/// Another name for a passkey.
#[derive(Debug, Clone, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KeyNameInput {
    /// 1 to 60 characters.
    pub name: String,
}

/// Where one goes after a passkey was shown.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct KeyEntered {
    /// The person.
    pub person: String,
    /// The session.
    pub session: String,
    /// Path of the page to go to.
    pub place: String,
}

/// A passkey, as the API shows it to its owner.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PasskeyView {
    /// The passkey's id.
    pub id: String,
    /// What its owner calls it.
    pub name: String,
    /// Whether it is copied to other devices of its owner.
    pub synced: bool,
    /// When it was added, RFC 3339 in UTC.
    pub made_at: String,
    /// When it was used last.
    pub used_at: Option<String>,
}

impl From<&Passkey> for PasskeyView {
    fn from(key: &Passkey) -> Self {
        Self {
            id: key.id.to_string(),
            name: key.name.clone(),
            synced: key.synced,
            made_at: text::machine(key.made_at),
            used_at: key.used_at.map(text::machine),
        }
    }
}

/// One's passkeys.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct PasskeyList {
    /// The oldest first.
    pub items: Vec<PasskeyView>,
    /// Always null: all of them fit one page.
    pub next: Option<String>,
}
