//! The RSA private key that signs JWTs.

use crate::SettingsError;
use jsonwebtoken::jwk::Jwk;
use jsonwebtoken::{Algorithm, EncodingKey, Header, encode};
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use std::fmt;

/// More than the base64 of an 8192-bit key; whatever is longer is something else.
const LONGEST_BODY: usize = 8 * 1024;

/// An RSA private key, read and checked once.
#[derive(Clone)]
pub struct RsaKey {
    key: EncodingKey,
}

impl RsaKey {
    /// Reads a PEM in any form that a secret store hands out: PKCS#1 or PKCS#8 under either label (Salesforce's
    /// set-up writes one under the label of the other), with line breaks, with `\n` written out, with spaces
    /// in place of line breaks, or all on one line.
    ///
    /// # Errors
    /// [`SettingsError::PrivateKey`] says what is wrong, without repeating any of it.
    pub fn from_pem(pem: &SecretString) -> Result<Self, SettingsError> {
        let body = body(pem.expose_secret()).map_err(SettingsError::PrivateKey)?;
        // The label may lie, so both readings are tried; only one can succeed. PKCS#1 comes second, because
        // the reader takes any structure for it: the check that follows does not.
        ["PRIVATE KEY", "RSA PRIVATE KEY"]
            .iter()
            .find_map(|label| {
                let pem = SecretString::from(format!(
                    "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
                    body.expose_secret()
                ));
                let key = EncodingKey::from_rsa_pem(pem.expose_secret().as_bytes()).ok()?;
                // Computes the public half, hence fails unless the numbers are those of an RSA key.
                Jwk::from_encoding_key(&key, Algorithm::RS256).ok()?;
                Some(Self { key })
            })
            .ok_or(SettingsError::PrivateKey(
                "is damaged or not RSA: expected the PEM of an RSA key of 2048 or 4096 bits, whole",
            ))
    }

    /// A signed JWT: RS256, header `{"typ":"JWT","alg":"RS256"}`.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Result<SecretString, SettingsError> {
        encode(&Header::new(Algorithm::RS256), claims, &self.key)
            .map(SecretString::from)
            .map_err(SettingsError::Signing)
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
