//! Codes of an app (RFC 6238) and recovery codes: what was typed, and whether it fits.

use crate::{
    people::factor::NewApp,
    shell::{forms::Wrong, secrets::plain_recovery},
};
use mapalus_core::{Millis, time::SECOND};
use totp_rs::{Builder, Totp, TotpError};

/// What somebody typed in the place of a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Typed {
    /// Six digits: a code of the app.
    App(String),
    /// Anything else: a recovery code, if it is one.
    Recovery(String),
}

/// Reads what was typed: codes are shown in parts, and people type them so.
pub fn typed(text: &str) -> Typed {
    let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').take(64).collect();
    if plain.len() == 6 && plain.bytes().all(|byte| byte.is_ascii_digit()) {
        Typed::App(plain)
    } else {
        Typed::Recovery(plain_recovery(text))
    }
}

/// Seconds for which a code stands, and how many intervals the clock of a telephone may be off.
const STEP_SECONDS: u64 = 30;
const SKEW_STEPS: u16 = 1;

fn app(secret: [u8; 20], account: &str, issuer: &str) -> Result<Totp, TotpError> {
    // The parts of the address are told apart by a colon.
    let plain = |text: &str| text.replace(':', " ");
    Builder::new()
        .with_step_duration(STEP_SECONDS)
        .with_skew(SKEW_STEPS)
        .with_secret(secret)
        .with_account_name(plain(account))
        .with_issuer(Some(plain(issuer)))
        .build()
}

/// What an app is told: the secret, for an account of an instance.
///
/// # Errors
/// If no address can be made of it.
pub fn new_app(seed: String, secret: [u8; 20], account: &str, issuer: &str) -> Result<NewApp, TotpError> {
    let app = app(secret, account, issuer)?;
    Ok(NewApp { seed, secret: app.secret().to_base32(), uri: app.to_url()? })
}

/// The interval whose code this is: the present one, the one before or the one after.
pub fn step_of(secret: [u8; 20], code: &str, now: Millis) -> Option<i64> {
    let seconds = u64::try_from(now.0 / SECOND).ok()?;
    let step = app(secret, "", "").ok()?.check(code, seconds)?;
    i64::try_from(step).ok()
}

/// A seed that this instance drew.
///
/// # Errors
/// If it does not look like one.
pub fn seed(text: &str) -> Result<String, Wrong> {
    let drawn = text.len() == 22 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_');
    drawn.then(|| text.to_owned()).ok_or(Wrong::plain("people-wrong-seed"))
}

/// A recovery code in two parts, as it is shown.
pub fn in_parts(code: &str) -> String {
    match code.split_at_checked(code.len() / 2) {
        Some((first, second)) => format!("{first}-{second}"),
        None => code.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The secret and the codes of appendix B of RFC 6238, whose last six digits a code of six digits has.
    const SECRET: [u8; 20] = *b"12345678901234567890";

    #[test]
    fn a_code_fits_in_its_interval_and_the_one_on_either_side() {
        let at = |seconds: i64| Millis(seconds * SECOND);
        for (seconds, code) in [(59, "287082"), (1_111_111_109, "081804"), (20_000_000_000, "353130")] {
            let step = Some(seconds / 30);
            assert_eq!(step_of(SECRET, code, at(seconds)), step, "{seconds}");
            assert_eq!(step_of(SECRET, code, at(seconds + 30)), step, "{seconds}");
            assert_eq!(step_of(SECRET, code, at(seconds - 30)), step, "{seconds}");
            assert_eq!(step_of(SECRET, code, at(seconds + 60)), None, "{seconds}");
            assert_eq!(step_of(SECRET, code, at(seconds - 60)), None, "{seconds}");
            assert_eq!(step_of([7; 20], code, at(seconds)), None);
        }
        for wrong in ["", "28708", "2870820", "+87082", "28708a", "２８７０８２"] {
            assert_eq!(step_of(SECRET, wrong, at(59)), None, "{wrong}");
        }
        assert_eq!(step_of(SECRET, "287082", at(-1)), None);
    }

    #[test]
    fn codes_are_read_however_they_are_typed() {
        assert_eq!(typed(" 123 456"), Typed::App("123456".to_owned()));
        assert_eq!(typed("ABCDE-fgh0O"), Typed::Recovery("abcdefgh00".to_owned()));
        assert_eq!(typed("12345"), Typed::Recovery("12345".to_owned()));
        assert_eq!(in_parts("abcdefgh00"), "abcde-fgh00");
    }

    #[test]
    fn an_app_is_told_account_and_instance() {
        let told = new_app("seed".to_owned(), SECRET, "maria:1@contoh.id", "Mapalus mapalus.test").unwrap();
        assert_eq!(told.secret, "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert!(told.uri.starts_with("otpauth://totp/"), "{}", told.uri);
        for holds in ["secret=GEZDGNBVGY3TQOJQ", "issuer=Mapalus%20mapalus.test", "maria%201%40contoh.id"] {
            assert!(told.uri.contains(holds), "{holds} in {}", told.uri);
        }
    }

    #[test]
    fn a_seed_has_the_shape_of_one() {
        assert!(seed("abcdefghijklmnopqrst-_").is_ok());
        for wrong in ["", "abcdefghijklmnopqrst-", "abcdefghijklmnopqrst-é"] {
            assert!(seed(wrong).is_err(), "{wrong}");
        }
    }
}
