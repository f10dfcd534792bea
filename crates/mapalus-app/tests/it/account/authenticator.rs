//! An authenticator without a device: it makes passkeys and shows them, as the browser of a careful or a careless person.

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD as B64};
use ring::{
    digest::{SHA256, digest},
    rand::{SecureRandom, SystemRandom},
    signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair},
};
use serde_json::{Value as Json, json};

/// Somebody was there.
pub const PRESENT: u8 = 0x01;
/// It was its owner.
pub const VERIFIED: u8 = 0x04;
/// It can be copied to other devices, and is.
pub const SYNCED: u8 = 0x18;
const ATTESTED: u8 = 0x40;

/// A passkey, with what its device would answer.
pub struct Key {
    pair: EcdsaKeyPair,
    pub id: Vec<u8>,
    pub handle: String,
    pub counter: u32,
    pub flags: u8,
    pub origin: String,
    pub host: String,
}

impl Key {
    pub fn new() -> Self {
        let random = SystemRandom::new();
        let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).unwrap();
        let pair =
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &random).unwrap();
        let mut id = vec![0; 32];
        random.fill(&mut id).unwrap();
        Self {
            pair,
            id,
            handle: String::new(),
            counter: 1,
            flags: PRESENT | VERIFIED,
            origin: crate::testing::ORIGIN.to_owned(),
            host: "mapalus.test".to_owned(),
        }
    }

    fn told(&self, kind: &str, options: &Json) -> Vec<u8> {
        let told = json!({ "type": kind, "challenge": options["challenge"], "origin": self.origin,
            "crossOrigin": false });
        told.to_string().into_bytes()
    }

    fn head(&self, flags: u8) -> Vec<u8> {
        let mut data = digest(&SHA256, self.host.as_bytes()).as_ref().to_vec();
        data.push(flags);
        data.extend_from_slice(&self.counter.to_be_bytes());
        data
    }

    fn answer(&self, response: &Json) -> Json {
        let id = B64.encode(&self.id);
        json!({ "id": id, "rawId": id, "type": "public-key", "response": response, "extensions": {} })
    }

    /// What a browser answers that is asked to make this passkey.
    pub fn made(&mut self, options: &Json) -> Json {
        self.handle = options["user"]["id"].as_str().unwrap().to_owned();
        let mut data = self.head(self.flags | ATTESTED);
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&(self.id.len() as u16).to_be_bytes());
        data.extend_from_slice(&self.id);
        // A COSE key: EC2, ES256, P-256, its two coordinates.
        let point = self.pair.public_key().as_ref();
        data.extend_from_slice(&[0xa5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20]);
        data.extend_from_slice(&point[1..33]);
        data.extend_from_slice(&[0x22, 0x58, 0x20]);
        data.extend_from_slice(&point[33..]);
        let mut object = b"\xa3\x63fmt\x64none\x67attStmt\xa0\x68authData\x58".to_vec();
        object.push(data.len() as u8);
        object.extend_from_slice(&data);
        let told = self.told("webauthn.create", options);
        self.answer(&json!({ "attestationObject": B64.encode(object), "clientDataJSON": B64.encode(told) }))
    }

    /// What a browser answers that is asked for this passkey.
    pub fn shown(&self, options: &Json) -> Json {
        let (data, told) = (self.head(self.flags), self.told("webauthn.get", options));
        let mut signed = data.clone();
        signed.extend_from_slice(digest(&SHA256, &told).as_ref());
        let signature = self.pair.sign(&SystemRandom::new(), &signed).unwrap();
        self.answer(&json!({ "authenticatorData": B64.encode(data), "clientDataJSON": B64.encode(told),
            "signature": B64.encode(signature), "userHandle": self.handle }))
    }
}
