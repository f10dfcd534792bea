//! Passkeys: where they can be used, and whether what a browser answers is what was asked for.

use super::{account_parts, age, consented};
use crate::{
    people::{model::SignUp, passkey::KeySignUpInput},
    shell::{
        AppError, Checks, Lang,
        forms::{self, Wrong},
    },
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use mapalus_core::{Millis, Refusal, RefusalKind, time::MINUTE};
use serde::{Serialize, de::DeserializeOwned};
use webauthn_rs::prelude::{
    CreationChallengeResponse, Credential, DiscoverableAuthentication, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, Url, Uuid, Webauthn, WebauthnBuilder, WebauthnError,
};

/// Passkeys of one person.
pub const MOST_PASSKEYS: i64 = 20;
/// How long a challenge holds.
pub const CEREMONY_MILLIS: i64 = 10 * MINUTE;
/// Challenges for one network address in the window of tries: many share one on mobile networks.
pub const CEREMONIES_OF_ADDRESS: i64 = 600;

/// What asks for passkeys in the name of an instance; none where browsers do not have them: under an address that is
/// no name.
pub fn party(public_url: &str) -> Option<Webauthn> {
    let origin = Url::parse(public_url).ok()?;
    let host = origin.domain()?.to_owned();
    let secure = origin.scheme() == "https" || host == "localhost";
    if !secure {
        return None;
    }
    WebauthnBuilder::new(&host, &origin).ok()?.rp_name("Mapalus").build().ok()
}

/// Checks what was filled in for an account that a passkey opens.
///
/// # Errors
/// Every field that does not hold.
pub fn sign_up(input: &KeySignUpInput, lang: Lang, now: Millis) -> Result<SignUp, Refusal> {
    let mut checks = Checks::new();
    let minor = age(&mut checks, &input.age, (&input.birth_year, &input.guardian, &input.mail), now);
    let parts = account_parts(&mut checks, (&input.name, &input.call, &input.mail));
    consented(&mut checks, input.consent);
    let next = super::own_path(&input.next).to_owned();
    let account =
        parts.map(|(name, call, mail)| SignUp { name, call, mail, password: None, lang, next, minor });
    checks.done(account)
}

/// Reads what somebody calls a passkey; empty if it is left to us.
///
/// # Errors
/// If it is too long.
pub fn name(text: &str, least: usize) -> Result<String, Wrong> {
    forms::line(text, least, 60)
}

/// The argument of `navigator.credentials.create`: as the library gives it, but the key is to be found without the address
/// of an account having been typed.
///
/// # Errors
/// It cannot be written as JSON.
pub fn creation_options(challenge: &CreationChallengeResponse) -> Result<serde_json::Value, AppError> {
    let mut options = serde_json::to_value(&challenge.public_key).map_err(AppError::caused)?;
    let selection = &mut options["authenticatorSelection"];
    selection["residentKey"] = "required".into();
    selection["requireResidentKey"] = true.into();
    selection["userVerification"] = "required".into();
    Ok(options)
}

/// A credential that a browser sent.
///
/// # Errors
/// `people-passkey-malformed`.
pub fn read<T: DeserializeOwned>(credential: &serde_json::Value) -> Result<T, Refusal> {
    T::deserialize(credential).map_err(|_| Refusal::new(RefusalKind::Malformed, "people-passkey-malformed"))
}

/// What was kept as JSON.
///
/// # Errors
/// It is not what was kept.
pub fn kept<T: DeserializeOwned>(text: &str) -> Result<T, AppError> {
    serde_json::from_str(text).map_err(AppError::caused)
}

/// The same as JSON, to be kept.
///
/// # Errors
/// It cannot be written.
pub fn keep(value: &impl Serialize) -> Result<String, AppError> {
    serde_json::to_string(value).map_err(AppError::caused)
}

/// By what a device knows a passkey, as text.
pub fn id_text(id: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(id)
}

/// The same as bytes.
pub fn id_bytes(text: &str) -> Option<webauthn_rs::prelude::CredentialID> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A passkey that was made, as it is kept.
#[derive(Debug, Clone)]
pub struct Made {
    /// By what its device knows it.
    pub credential_id: String,
    /// What the library keeps of it.
    pub credential: String,
    /// Whether it is copied to other devices.
    pub synced: bool,
}

/// The passkey that a browser made for this challenge.
///
/// # Errors
/// `people-passkey-malformed`, or why it is not taken.
pub fn made(party: &Webauthn, answer: &serde_json::Value, state: &str) -> Result<Made, AppError> {
    let answer: RegisterPublicKeyCredential = read(answer)?;
    let state: PasskeyRegistration = kept(state)?;
    let key = party.finish_passkey_registration(&answer, &state).map_err(|error| refused(&error))?;
    let (credential_id, credential) = (id_text(key.cred_id()), keep(&key)?);
    Ok(Made { credential_id, credential, synced: Credential::from(key).backup_state })
}

/// What a browser shows: by what its device knows the passkey, and by what the account.
///
/// # Errors
/// `people-passkey-malformed`.
pub fn shown(
    party: &Webauthn,
    answer: &serde_json::Value,
) -> Result<(PublicKeyCredential, String, Uuid), Refusal> {
    let answer: PublicKeyCredential = read(answer)?;
    let malformed = |_| Refusal::new(RefusalKind::Malformed, "people-passkey-malformed");
    let (handle, id) = party.identify_discoverable_authentication(&answer).map_err(malformed)?;
    let id = id_text(id);
    Ok((answer, id, handle))
}

/// What is kept of a passkey after it answered this challenge, and whether it is copied to other devices.
///
/// # Errors
/// Why the answer is not taken.
pub fn used(
    party: &Webauthn,
    answer: &PublicKeyCredential,
    state: &str,
    credential: &str,
) -> Result<(String, bool), AppError> {
    let state: DiscoverableAuthentication = kept(state)?;
    let mut key: Passkey = kept(credential)?;
    let result =
        party.finish_discoverable_authentication_v2(answer, state, &key).map_err(|error| refused(&error))?;
    if !result.user_verified() {
        return Err(refused(&WebauthnError::UserNotVerified).into());
    }
    key.update_credential(&result);
    Ok((keep(&key)?, result.backup_state()))
}

/// Why a passkey is not taken, in words for people.
fn refused(error: &WebauthnError) -> Refusal {
    let key = match error {
        WebauthnError::MismatchedChallenge => return over(),
        WebauthnError::InvalidRPOrigin | WebauthnError::InvalidRPIDHash => "people-passkey-elsewhere",
        WebauthnError::UserNotVerified | WebauthnError::UserNotPresent => "people-passkey-unverified",
        WebauthnError::CredentialPossibleCompromise => "people-passkey-copied",
        _ => "people-passkey-refused",
    };
    Refusal::new(RefusalKind::Conflict, key)
}

/// The challenge is over, was used, or was never this browser's.
pub fn over() -> Refusal {
    Refusal::new(RefusalKind::Gone, "people-passkey-over")
}

fn full() -> Refusal {
    Refusal::new(RefusalKind::Conflict, "people-passkeys-full").with("most", MOST_PASSKEYS)
}

/// Whether a person who has so many passkeys may add one.
///
/// # Errors
/// `people-passkeys-full`.
pub fn room(own: usize) -> Result<(), Refusal> {
    if i64::try_from(own).is_ok_and(|own| own < MOST_PASSKEYS) { Ok(()) } else { Err(full()) }
}

/// The lowest place that no passkey of a person holds; `taken` in order.
///
/// # Errors
/// `people-passkeys-full`.
pub fn free_place(taken: &[i64]) -> Result<i64, Refusal> {
    (1..=MOST_PASSKEYS).find(|place| !taken.contains(place)).ok_or_else(full)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passkeys_are_there_where_browsers_have_them() {
        for good in ["https://mapalus.test", "https://a.b.example.org:8443", "http://localhost:8080"] {
            assert!(party(good).is_some(), "{good}");
        }
        for bad in
            ["http://127.0.0.1:8080", "https://10.1.2.3", "http://[::1]:8080", "http://mapalus.test", ""]
        {
            assert!(party(bad).is_none(), "{bad}");
        }
    }

    #[test]
    fn twenty_passkeys_have_a_place_and_a_freed_one_is_taken_again() {
        assert_eq!(free_place(&[1, 2, 4]).unwrap(), 3);
        let all: Vec<i64> = (1..=MOST_PASSKEYS).collect();
        assert_eq!(free_place(&all).unwrap_err().key, "people-passkeys-full");
    }
}
