use super::*;
use crate::testing::{pem, test_key, verified};
use proptest::prelude::*;
use serde_json::json;

fn signs(text: &str) {
    let key =
        RsaKey::from_pem(&SecretString::from(text)).unwrap_or_else(|error| panic!("{error}: {text:.60}"));
    let jwt = key.sign(&json!({"sub": "x"})).unwrap();
    let (header, claims) = verified(jwt.expose_secret());
    assert_eq!(
        (&header["alg"], &header["typ"], claims),
        (&json!("RS256"), &json!("JWT"), json!({"sub": "x"}))
    );
}

fn refused(text: &str) -> String {
    let error = RsaKey::from_pem(&SecretString::from(text)).unwrap_err();
    error.to_string()
}

#[test]
fn both_encodings_under_either_label() {
    let key = test_key();
    for der in [&key.pkcs1, &key.pkcs8] {
        for label in ["PRIVATE KEY", "RSA PRIVATE KEY"] {
            signs(&pem(label, der));
        }
    }
}

#[test]
fn any_line_form() {
    let pem = pem("RSA PRIVATE KEY", &test_key().pkcs1);
    for form in [
        pem.replace('\n', "\r\n"),
        pem.replace('\n', "\\n"),
        pem.replace('\n', "\\r\\n"),
        pem.replace('\n', "\\\\n"),
        pem.replace('\n', " "),
        pem.replace('\n', ""),
        format!("\n\n  \"{}\"\n", pem.trim()),
        pem.lines().filter(|line| !line.contains("-----")).collect(),
    ] {
        signs(&form);
    }
}

#[test]
fn a_certificate_beside_the_key_does_not_matter() {
    let key = pem("PRIVATE KEY", &test_key().pkcs8);
    let certificate = pem("CERTIFICATE", b"anything");
    signs(&format!("{certificate}{key}"));
    signs(&format!("{key}{certificate}"));
}

#[test]
fn what_is_no_key_says_so() {
    let key = test_key();
    assert!(refused("").contains("is empty"));
    assert!(refused("  \n").contains("is empty"));
    assert!(refused(&pem("CERTIFICATE", b"anything")).contains("a certificate or public key is not enough"));
    assert!(refused(&pem("PUBLIC KEY", &key.public)).contains("a certificate or public key is not enough"));
    assert!(refused(&pem("ENCRYPTED PRIVATE KEY", &key.pkcs8)).contains("passphrase"));
    assert!(refused(&pem("PRIVATE KEY", &key.pkcs8[..900])).contains("is damaged or not RSA"));
    assert!(refused(&pem("RSA PRIVATE KEY", &key.public)).contains("is damaged or not RSA"));
    assert!(refused("-----BEGIN PRIVATE KEY-----\nMII").contains("no complete block"));
    assert!(refused("/secrets/key.pem?").contains("no PEM has"));
    assert!(refused(&"A".repeat(9_000)).contains("far too long"));
}

#[test]
fn one_flipped_bit_in_the_numbers_is_noticed() {
    let mut damaged = test_key().pkcs1.clone();
    damaged[40] ^= 1;
    assert!(refused(&pem("RSA PRIVATE KEY", &damaged)).contains("is damaged or not RSA"));
}

#[test]
fn debug_hides_the_key() {
    let key = RsaKey::from_pem(&SecretString::from(pem("PRIVATE KEY", &test_key().pkcs8))).unwrap();
    assert_eq!(format!("{key:?}"), "RsaKey([secret])");
}

proptest! {
    #[test]
    fn no_text_panics(text in ".*") {
        let _ = RsaKey::from_pem(&SecretString::from(text));
    }

    #[test]
    fn no_bytes_between_labels_panic(der in proptest::collection::vec(any::<u8>(), 0..300), label in "[A-Z ]{0,24}") {
        prop_assert!(RsaKey::from_pem(&SecretString::from(pem("PRIVATE KEY", &der))).is_err());
        let _ = RsaKey::from_pem(&SecretString::from(pem(&label, &der)));
    }

    #[test]
    fn no_damage_to_a_key_panics(at in 0..1190usize, byte in any::<u8>()) {
        let mut der = test_key().pkcs8.clone();
        let at = at % der.len();
        der[at] = byte;
        let _ = RsaKey::from_pem(&SecretString::from(pem("PRIVATE KEY", &der)));
    }
}
