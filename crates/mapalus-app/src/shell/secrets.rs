//! The instance key and what is made of it: mailed links, digests of secrets.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use hmac::{Hmac, KeyInit, Mac};
use mapalus_core::{Chance, LinkId, PersonId};
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

    /// A mark by which a browser knows its person again, without telling who it is.
    pub fn mark(&self, person: PersonId) -> String {
        let tag = self.mac("mark", &person.to_string()).finalize().into_bytes();
        URL_SAFE_NO_PAD.encode(&tag[..18])
    }

    /// A digest by which a body is known again and from which nothing in it can be guessed.
    pub fn seal(&self, body: impl AsRef<[u8]>) -> String {
        URL_SAFE_NO_PAD.encode(self.mac("body", &digest(body)).finalize().into_bytes())
    }

    /// The six digits of a mailed code.
    pub fn code(&self, id: LinkId) -> String {
        let tag = self.mac("code", &id.to_string()).finalize().into_bytes();
        let number = tag[..8].iter().fold(0u64, |n, byte| n << 8 | u64::from(*byte));
        format!("{:06}", number % 1_000_000)
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
    fn the_key_survives_its_file_and_hides_from_logs() {
        let key = InstanceKey::new(&Counted::default());
        assert_eq!(InstanceKey::from_text(&key.text()).map(|k| k.text()), Some(key.text()));
        assert_eq!(format!("{key:?}"), "InstanceKey(..)");
    }
}
