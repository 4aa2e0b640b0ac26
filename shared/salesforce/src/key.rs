//! The RSA private key that signs JWTs.

use crate::SettingsError;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair;
use aws_lc_rs::signature::RSA_PKCS1_SHA256;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use secrecy::zeroize::Zeroizing;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// More than the base64 of an 8192-bit key; whatever is longer is something else.
const LONGEST_BODY: usize = 8 * 1024;

/// The JWT header `{"typ":"JWT","alg":"RS256"}`, the same for every token.
const HEADER: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJSUzI1NiJ9";

/// An RSA private key, read and checked once.
///
/// Signs with aws-lc itself: reading a key costs more than signing with it, and the `jsonwebtoken` crate reads it again
/// for every signature. The tests verify with that crate.
#[derive(Clone)]
pub struct RsaKey {
    key: Arc<KeyPair>,
}

impl RsaKey {
    /// Reads a PEM in any form that a secret store hands out: PKCS#1 or PKCS#8 under either label (Salesforce's
    /// set-up writes one under the label of the other), with line breaks, with `\n` written out, with spaces
    /// in place of line breaks, or all on one line.
    ///
    /// # Errors
    /// [`SettingsError::PrivateKey`] says what is wrong, without repeating any of it.
    pub fn from_pem(pem: &SecretString) -> Result<Self, SettingsError> {
        const DAMAGED: SettingsError = SettingsError::PrivateKey(
            "is damaged or not RSA: expected the PEM of an RSA key of 2048 or 4096 bits, whole",
        );
        let body = body(pem.expose_secret()).map_err(SettingsError::PrivateKey)?;
        let der = Zeroizing::new(STANDARD.decode(body.expose_secret()).map_err(|_| DAMAGED)?);
        // The label may lie, so both readings are tried; only one can succeed.
        let key = KeyPair::from_pkcs8(&der).or_else(|_| KeyPair::from_der(&der)).map_err(|_| DAMAGED)?;
        Ok(Self { key: Arc::new(key) })
    }

    /// A signed JWT: RS256.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<SecretString, SettingsError> {
        let claims = serde_json::to_vec(claims).map_err(|_| SettingsError::Signing)?;
        let mut jwt = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(claims));
        let mut signature = vec![0; self.key.public_modulus_len()];
        self.key
            .sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), jwt.as_bytes(), &mut signature)
            .map_err(|_| SettingsError::Signing)?;
        jwt.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut jwt);
        Ok(SecretString::from(jwt))
    }
}

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RsaKey([secret])")
    }
}

/// The base64 between the labels, with everything removed that is only layout.
fn body(pem: &str) -> Result<SecretString, &'static str> {
    let inner = match pem.split_once("-----BEGIN ") {
        None => pem,
        Some(_) => labelled(pem)?,
    };
    let mut body = String::with_capacity(inner.len());
    let mut rest = inner.chars().peekable();
    while let Some(char) = rest.next() {
        match char {
            // A line break that some tool wrote out, perhaps more than once: \n, \r, \\n.
            '\\' => {
                rest.next_if(|next| matches!(next, 'n' | 'r' | 't'));
            }
            '"' | '\'' => {}
            char if char.is_whitespace() => {}
            char if char.is_ascii_alphanumeric() || matches!(char, '+' | '/' | '=') => body.push(char),
            _ => return Err("is damaged: it has characters that no PEM has"),
        }
    }
    match body.len() {
        0 => Err("is empty"),
        length if length > LONGEST_BODY => Err("is far too long for an RSA key"),
        _ => Ok(SecretString::from(body)),
    }
}

/// What stands between the labels of the first private key; secrets sometimes hold the certificate as well.
fn labelled(pem: &str) -> Result<&str, &'static str> {
    let mut encrypted = false;
    for block in pem.split("-----BEGIN ").skip(1) {
        let Some((label, rest)) = block.split_once("-----") else { continue };
        let Some((inner, _)) = rest.split_once("-----END") else { continue };
        if !label.ends_with("PRIVATE KEY") {
            continue;
        }
        if label.contains("ENCRYPTED") || inner.contains("ENCRYPTED") {
            encrypted = true;
            continue;
        }
        return Ok(inner);
    }
    if encrypted {
        Err("is protected by a passphrase: store it without (openssl pkey -in key.pem -out plain.pem)")
    } else {
        Err(
            "has no complete block BEGIN PRIVATE KEY … END PRIVATE KEY: a certificate or public key is not enough",
        )
    }
}

#[cfg(test)]
mod tests;
