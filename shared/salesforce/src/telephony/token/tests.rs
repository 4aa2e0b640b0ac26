use super::*;
use crate::testing::{CENTER, ORG, rsa_key, token_of, verified};
use serde_json::json;

fn source() -> TokenSource {
    TokenSource::new(OrgId::parse(ORG).unwrap(), CENTER.to_owned(), rsa_key())
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + seconds, 0).unwrap()
}

#[test]
fn the_claims_are_those_of_the_page_and_no_more() {
    let bearer = source().bearer(at(0)).unwrap();
    let (header, claims) = verified(&token_of(&bearer));
    assert_eq!(header, json!({"typ": "JWT", "alg": "RS256"}));
    assert_eq!(
        claims,
        json!({"iss": "00D5e000000abcD", "sub": "AcmeConnect", "iat": 1_800_000_000, "exp": 1_800_000_600})
    );
}

#[test]
fn a_token_is_kept_until_a_minute_before_its_end() {
    let source = source();
    let first = source.bearer(at(0)).unwrap();
    assert_eq!(source.bearer(at(539)).unwrap(), first);
    let second = source.bearer(at(540)).unwrap();
    assert_ne!(second, first);
    assert_eq!(source.bearer(at(600)).unwrap(), second);
}

#[test]
fn a_token_from_the_future_is_not_used() {
    let source = source();
    let first = source.bearer(at(0)).unwrap();
    let second = source.bearer(at(-1)).unwrap();
    assert_ne!(second, first);
}

#[test]
fn a_refused_token_is_forgotten_but_no_later_one() {
    let source = source();
    let first = source.bearer(at(0)).unwrap();
    source.put_away(&first);
    let second = source.bearer(at(1)).unwrap();
    assert_ne!(second, first);
    source.put_away(&first);
    assert_eq!(source.bearer(at(2)).unwrap(), second);
}

#[test]
fn debug_hides_the_token() {
    assert_eq!(format!("{:?}", source().bearer(at(0)).unwrap()), "Sensitive");
}
