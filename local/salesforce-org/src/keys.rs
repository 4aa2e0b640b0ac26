//! RSA key pairs, made at run time so that no key is ever in the repository.

use std::fmt;

use anyhow::Context;
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der, PublicKeyX509Der};
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::KeyPair as _;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

/// A fresh RSA key of 2048 bits in the encodings that people paste into Salesforce and into secrets.
pub struct KeyPair {
    private_pkcs8: Vec<u8>,
    public_x509: Vec<u8>,
}

impl KeyPair {
    /// Makes a new key: tens to hundreds of milliseconds.
    ///
    /// # Errors
    /// If the machine's random numbers fail.
    pub fn generate() -> anyhow::Result<Self> {
        let pair = aws_lc_rs::rsa::KeyPair::generate(KeySize::Rsa2048)
            .context("generating an RSA key of 2048 bits")?;
        let private: Pkcs8V1Der<'_> = pair.as_der().context("encoding the private key")?;
        let public: PublicKeyX509Der<'_> = pair.public_key().as_der().context("encoding the public key")?;
        Ok(Self { private_pkcs8: private.as_ref().to_vec(), public_x509: public.as_ref().to_vec() })
    }

    /// The private key as PKCS#8 (`BEGIN PRIVATE KEY`).
    pub fn private_pem_pkcs8(&self) -> String {
        pem("PRIVATE KEY", &self.private_pkcs8)
    }

    /// The private key as PKCS#1 (`BEGIN RSA PRIVATE KEY`), the form in Salesforce's own instructions.
    pub fn private_pem_pkcs1(&self) -> String {
        pem("RSA PRIVATE KEY", pkcs1_inside(&self.private_pkcs8))
    }

    /// The public key (`BEGIN PUBLIC KEY`), to register with the org.
    pub fn public_pem(&self) -> String {
        pem("PUBLIC KEY", &self.public_x509)
    }
}

impl fmt::Debug for KeyPair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeyPair").finish_non_exhaustive()
    }
}

/// PKCS#8 is a sequence of version, algorithm and an octet string that holds the PKCS#1 key, which ends it.
fn pkcs1_inside(pkcs8: &[u8]) -> &[u8] {
    let (sequence, _) = element(pkcs8);
    let (_version, rest) = element(sequence);
    let (_algorithm, rest) = element(rest);
    element(rest).0
}

/// The content of the DER element at the front, and what follows it.
fn element(der: &[u8]) -> (&[u8], &[u8]) {
    let (length, header) = match der[1] {
        short @ 0..0x80 => (usize::from(short), 2),
        long => {
            let bytes = usize::from(long & 0x7f);
            let length = der[2..2 + bytes].iter().fold(0, |length, byte| length << 8 | usize::from(*byte));
            (length, 2 + bytes)
        }
    };
    der[header..].split_at(length)
}

fn pem(label: &str, der: &[u8]) -> String {
    let base64 = BASE64_STANDARD.encode(der);
    let mut text = format!("-----BEGIN {label}-----\n");
    for (place, character) in base64.chars().enumerate() {
        if place > 0 && place % 64 == 0 {
            text.push('\n');
        }
        text.push(character);
    }
    text + &format!("\n-----END {label}-----\n")
}

#[cfg(test)]
mod tests {
    use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
    use serde_json::{Value, json};

    use super::*;

    #[test]
    fn every_encoding_is_the_same_key() {
        let keys = KeyPair::generate().unwrap();
        let public = DecodingKey::from_rsa_pem(keys.public_pem().as_bytes()).unwrap();
        for private in [keys.private_pem_pkcs1(), keys.private_pem_pkcs8()] {
            let key = EncodingKey::from_rsa_pem(private.as_bytes()).unwrap();
            let claims = json!({"exp": 4_102_444_800_u64});
            let jwt = jsonwebtoken::encode(&Header::new(Algorithm::RS256), &claims, &key).unwrap();
            jsonwebtoken::decode::<Value>(&jwt, &public, &Validation::new(Algorithm::RS256)).unwrap();
        }
    }

    #[test]
    fn a_private_key_does_not_show_in_debug() {
        assert_eq!(format!("{:?}", KeyPair::generate().unwrap()), "KeyPair { .. }");
    }
}
