//! The instance key and what is made of it: mailed links, digests of secrets.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use mapalus_core::{Chance, LinkId, PersonId, RecoveryId, TokenId};
use sha2::{Digest, Sha256};

/// The secret of this instance, 32 bytes. Its debug form shows nothing.
#[derive(Clone)]
pub struct InstanceKey([u8; 32]);

impl std::fmt::Debug for InstanceKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("InstanceKey(..)")
    }
}

impl InstanceKey {
    /// A new key.
    pub fn new(chance: &dyn Chance) -> Self {
        let mut bytes = [0; 32];
        chance.fill(&mut bytes);
        Self(bytes)
    }

    /// The key that [`InstanceKey::text`] wrote.
    pub fn from_text(text: &str) -> Option<Self> {
        URL_SAFE_NO_PAD.decode(text.trim()).ok()?.try_into().ok().map(Self)
    }

    /// The key as text, for its file.
    pub fn text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0)
    }

    fn mac(&self, purpose: &str, text: &str) -> Hmac<Sha256> {
        let mut mac =
            <Hmac<Sha256> as KeyInit>::new_from_slice(&self.0).expect("HMAC takes keys of any length");
        mac.update(purpose.as_bytes());
        mac.update(&[0]);
        mac.update(text.as_bytes());
        mac
    }

    /// The secret part of a mailed link: the row holds the id alone, and this is made when the mail is rendered.
    pub fn link(&self, purpose: &str, id: LinkId) -> String {
        let tag = self.mac(purpose, &id.to_string()).finalize().into_bytes();
        format!("{id}.{}", URL_SAFE_NO_PAD.encode(&tag[..18]))
    }

    /// A text with its signature for a purpose: whoever holds it may do what it says.
    pub fn sign(&self, purpose: &str, text: &str) -> String {
        let tag = self.mac(purpose, text).finalize().into_bytes();
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(&tag[..18]))
    }

    /// The text that this instance signed for this purpose; compared in constant time.
    pub fn signed<'t>(&self, purpose: &str, signed: &'t str) -> Option<&'t str> {
        let (text, tag) = signed.rsplit_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok().filter(|tag| tag.len() == 18)?;
        self.mac(purpose, text).verify_truncated_left(&tag).ok()?;
        Some(text)
    }

    /// A mark by which a browser knows its person again, without telling who it is.
    pub fn mark(&self, person: PersonId) -> String {
        let tag = self.mac("mark", &person.to_string()).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode(&tag[..18])
    }

    /// The secret of a personal token: 192 bits, made from its id and the once-value of the form that asked for it.
    /// The same form sent twice is told the same secret; once its once-value is forgotten nobody can make it again.
    pub fn token(&self, id: TokenId, once: &str) -> String {
        let tag = self.mac("token", &format!("{id} {once}")).finalize().into_bytes();
        let body = hex(&tag[..TOKEN_BYTES]);
        format!("{TOKEN_PREFIX}{body}{}", checksum(&body))
    }

    /// A digest by which a body is known again and from which nothing in it can be guessed.
    pub fn seal(&self, body: impl AsRef<[u8]>) -> String {
        URL_SAFE_NO_PAD.encode(self.mac("body", &digest(body)).finalize().into_bytes())
    }

    /// The eight digits of a mailed code: with five tries each, who asks for codes all the time guesses none.
    pub fn code(&self, id: LinkId) -> String {
        let tag = self.mac("code", &id.to_string()).finalize().into_bytes();
        let number = tag[..8].iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
        format!("{:08}", number % 100_000_000)
    }

    /// What a person's app shares with this instance: 160 bits, made of a seed each time they are needed.
    pub fn totp(&self, person: PersonId, seed: &str) -> [u8; 20] {
        let tag = self.mac("totp", &format!("{person} {seed}")).finalize().into_bytes();
        let mut secret = [0; 20];
        secret.copy_from_slice(&tag[..20]);
        secret
    }

    /// Ten recovery codes of 50 bits, made of their id and the once-value of the form that asked for them: the same
    /// form sent twice is told the same codes, as with a token.
    pub fn recovery(&self, id: RecoveryId, once: &str) -> [String; 10] {
        std::array::from_fn(|n| {
            let tag = self.mac("recovery", &format!("{id} {n} {once}")).finalize().into_bytes();
            tag[..10].iter().map(|byte| char::from(READABLE[usize::from(byte % 32)])).collect()
        })
    }

    /// The id of a link that this instance made for this purpose; compared in constant time.
    pub fn open_link(&self, purpose: &str, text: &str) -> Option<LinkId> {
        let (id, tag) = text.split_once('.')?;
        let tag = URL_SAFE_NO_PAD.decode(tag).ok().filter(|tag| tag.len() == 18)?;
        let id: LinkId = id.parse().ok()?;
        self.mac(purpose, &id.to_string()).verify_truncated_left(&tag).ok()?;
        Some(id)
    }
}

/// Digits and letters that are not taken for one another.
const READABLE: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A recovery code as it was made, however it was typed: any case, with spaces or hyphens, `o` for 0, `i` and `l` for 1.
pub fn plain_recovery(typed: &str) -> String {
    let plain = |c: char| match c.to_ascii_lowercase() {
        'o' => '0',
        'i' | 'l' => '1',
        c => c,
    };
    typed.chars().filter(char::is_ascii_alphanumeric).map(plain).take(64).collect()
}

/// How the secret of a personal token begins: whoever finds one lying about knows what it is.
pub const TOKEN_PREFIX: &str = "map_";
const TOKEN_BYTES: usize = 24;

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Eight characters by which a mistyped or cut token is known without asking the database.
fn checksum(body: &str) -> String {
    hex(&Sha256::digest(body)[..4])
}

/// Whether a text is the secret of a personal token, as far as can be told by looking at it.
pub fn looks_like_a_token(text: &str) -> bool {
    let parts = text.strip_prefix(TOKEN_PREFIX).and_then(|rest| rest.split_at_checked(2 * TOKEN_BYTES));
    parts.is_some_and(|(body, sum)| checksum(body) == sum)
}

/// A new secret of 256 bits as text.
pub fn token(chance: &dyn Chance) -> String {
    let mut bytes = [0; 32];
    chance.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A new value of 128 bits as text, for nonces and once-values.
pub fn nonce(chance: &dyn Chance) -> String {
    let mut bytes = [0; 16];
    chance.fill(&mut bytes);
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The digest under which a secret is kept, or by which a body is known again.
pub fn digest(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(bytes.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mapalus_core::{Id, Millis, chance::Counted};

    #[test]
    fn a_link_opens_for_its_purpose_and_its_instance_only() {
        let chance = Counted::default();
        let (key, other) = (InstanceKey::new(&chance), InstanceKey::new(&chance));
        let id = LinkId::new(Millis(1), &chance);
        let link = key.link("verify", id);
        assert_eq!(key.open_link("verify", &link), Some(id));
        assert_eq!(key.open_link("reset", &link), None);
        assert_eq!(other.open_link("verify", &link), None);
        for broken in ["", ".", "x.y", &link[..link.len() - 2], &link.replace('.', "")] {
            assert_eq!(key.open_link("verify", broken), None);
        }
    }

    #[test]
    fn a_token_is_made_again_by_its_own_form_alone_and_a_mistyped_one_is_known() {
        let chance = Counted::default();
        let (key, other) = (InstanceKey::new(&chance), InstanceKey::new(&chance));
        let (id, second) = (TokenId::new(Millis(1), &chance), TokenId::new(Millis(1), &chance));
        let token = key.token(id, "a form");
        assert_eq!(key.token(id, "a form"), token);
        for differs in [key.token(id, "another"), key.token(second, "a form"), other.token(id, "a form")] {
            assert_ne!(differs, token);
        }
        assert_eq!((token.len(), looks_like_a_token(&token)), (60, true));
        for broken in ["", "map_", &token[1..], &token[..59], &token.to_uppercase(), &format!("{token}0")] {
            assert!(!looks_like_a_token(broken), "{broken}");
        }
        assert!(!looks_like_a_token(&token.replacen(&token[10..11], "x", 1)));
        assert!(!looks_like_a_token(&format!("map_{}", "é".repeat(28))));
    }

    #[test]
    fn recovery_codes_differ_and_are_read_however_they_are_typed() {
        let chance = Counted::default();
        let key = InstanceKey::new(&chance);
        let id = RecoveryId::new(Millis(1), &chance);
        let codes = key.recovery(id, "a form");
        assert_eq!(key.recovery(id, "a form"), codes);
        let all: std::collections::BTreeSet<_> = codes.iter().collect();
        assert_eq!(all.len(), 10);
        assert!(codes.iter().all(|code| code.len() == 10 && plain_recovery(code) == *code), "{codes:?}");
        assert_eq!(plain_recovery(" 0OiL-aZ 9\u{e9}"), "0011az9");
    }

    #[test]
    fn a_signed_text_holds_for_its_purpose_and_not_for_another_text() {
        let chance = Counted::default();
        let (key, other) = (InstanceKey::new(&chance), InstanceKey::new(&chance));
        let signed = key.sign("stop", "a.b");
        assert_eq!(key.signed("stop", &signed), Some("a.b"));
        assert_eq!(key.signed("link", &signed), None);
        assert_eq!(other.signed("stop", &signed), None);
        assert_eq!(key.signed("stop", &signed.replacen('a', "c", 1)), None);
        for broken in ["", ".", "a.b", "a.b.", &signed[1..]] {
            assert_eq!(key.signed("stop", broken), None);
        }
    }

    #[test]
    fn the_key_survives_its_file_and_hides_from_logs() {
        let key = InstanceKey::new(&Counted::default());
        assert_eq!(InstanceKey::from_text(&key.text()).map(|k| k.text()), Some(key.text()));
        assert_eq!(format!("{key:?}"), "InstanceKey(..)");
    }
}
