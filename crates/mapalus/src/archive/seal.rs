//! The instance key under a passphrase: argon2id, then ChaCha20-Poly1305.

use anyhow::{Result, anyhow, ensure};
use argon2::{Algorithm, Argon2, Params, Version};
use base64::{Engine, engine::general_purpose::STANDARD};
use mapalus_core::Chance;
use ring::aead::{Aad, CHACHA20_POLY1305, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use serde::{Deserialize, Serialize};

/// Memory in KiB, passes, lanes: about half a second on a small server.
const COST: (u32, u32, u32) = (64 << 10, 3, 1);

/// What a file may ask for at most, so that a forged one cannot eat the machine.
const MOST: (u32, u32, u32) = (1 << 20, 16, 16);

/// The shortest passphrase.
pub const SHORTEST: usize = 12;

/// Refuses a passphrase that is too short.
pub fn long_enough(passphrase: &str) -> Result<()> {
    ensure!(
        passphrase.chars().count() >= SHORTEST,
        "the passphrase needs {SHORTEST} characters at least: it is all that protects the key"
    );
    Ok(())
}

/// A sealed text. Whoever has the passphrase can open it, and nobody can change it unnoticed.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sealed {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
    salt: String,
    nonce: String,
    text: String,
}

impl Sealed {
    /// Seals a text.
    pub fn new(text: &str, passphrase: &str, chance: &dyn Chance) -> Result<Self> {
        long_enough(passphrase)?;
        let (mut salt, mut nonce) = ([0; 16], [0; NONCE_LEN]);
        chance.fill(&mut salt);
        chance.fill(&mut nonce);
        let (memory_kib, passes, lanes) = COST;
        let mut sealed = Self {
            memory_kib,
            passes,
            lanes,
            salt: STANDARD.encode(salt),
            nonce: STANDARD.encode(nonce),
            text: String::new(),
        };
        let mut bytes = text.as_bytes().to_vec();
        sealed
            .key(passphrase)?
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), sealed.bound(), &mut bytes)
            .map_err(|_| anyhow!("the key cannot be sealed"))?;
        sealed.text = STANDARD.encode(bytes);
        Ok(sealed)
    }

    /// The text, with the same passphrase.
    pub fn open(&self, passphrase: &str) -> Result<String> {
        ensure!(
            self.memory_kib <= MOST.0 && self.passes <= MOST.1 && self.lanes <= MOST.2,
            "the sealed key asks for more work than any that Mapalus wrote"
        );
        let damaged = || anyhow!("the sealed key is damaged");
        let nonce = STANDARD.decode(&self.nonce)?.try_into().map_err(|_| damaged())?;
        let mut bytes = STANDARD.decode(&self.text)?;
        let opened = self
            .key(passphrase)?
            .open_in_place(Nonce::assume_unique_for_key(nonce), self.bound(), &mut bytes)
            .map_err(|_| anyhow!("the passphrase is not the one with which the key was sealed"))?;
        String::from_utf8(opened.to_vec()).map_err(|_| damaged())
    }

    fn key(&self, passphrase: &str) -> Result<LessSafeKey> {
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| anyhow!("the sealed key is damaged"))?;
        let mut key = [0; 32];
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(passphrase.as_bytes(), &STANDARD.decode(&self.salt)?, &mut key)
            .map_err(|_| anyhow!("the sealed key is damaged"))?;
        let key = UnboundKey::new(&CHACHA20_POLY1305, &key).map_err(|_| anyhow!("no key of 32 bytes"))?;
        Ok(LessSafeKey::new(key))
    }

    /// What the seal holds fast besides the text.
    fn bound(&self) -> Aad<String> {
        let Self { memory_kib, passes, lanes, salt, .. } = self;
        Aad::from(format!("mapalus backup key 1 {memory_kib} {passes} {lanes} {salt}"))
    }
}
