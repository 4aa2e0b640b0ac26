use aws_smithy_types::DateTime;
use proptest::prelude::*;

use super::*;

fn encoded(message: &Message) -> Vec<u8> {
    let mut bytes = Vec::new();
    write_message_to(message, &mut bytes).unwrap();
    bytes
}

fn text(name: &'static str, value: &'static str) -> Header {
    Header::new(name, HeaderValue::String(value.into()))
}

fn audio_event(audio: &'static [u8]) -> Message {
    Message::new(audio)
        .add_header(text(":message-type", "event"))
        .add_header(text(":event-type", "AudioEvent"))
        .add_header(text(":content-type", "application/octet-stream"))
}

fn signed_at(payload: Vec<u8>, seconds: i64, signature: &'static [u8]) -> Vec<u8> {
    let message = Message::new(payload)
        .add_header(Header::new(":chunk-signature", HeaderValue::ByteArray(signature.into())))
        .add_header(Header::new(":date", HeaderValue::Timestamp(DateTime::from_secs(seconds))));
    encoded(&message)
}

fn signed(payload: Vec<u8>) -> Vec<u8> {
    signed_at(payload, chrono::Utc::now().timestamp(), &[7; 32])
}

/// Everything in these bytes, and what is wrong with the rest.
fn all(chunks: &[&[u8]]) -> (Vec<Incoming>, Option<String>) {
    let (mut messages, mut found) = (Messages::default(), Vec::new());
    for chunk in chunks {
        messages.push(chunk);
        loop {
            match messages.next() {
                Ok(Some(message)) => found.push(message),
                Ok(None) => break,
                Err(reason) => return (found, Some(reason)),
            }
        }
    }
    (found, None)
}

#[test]
fn messages_are_found_however_they_arrive() {
    let mut bytes = signed(encoded(&audio_event(b"abcd")));
    bytes.extend(signed(encoded(&audio_event(b"ef"))));
    bytes.extend(signed(Vec::new()));
    let expected = vec![
        Incoming::Audio(Bytes::from_static(b"abcd")),
        Incoming::Audio(Bytes::from_static(b"ef")),
        Incoming::End,
    ];
    for size in [1, 3, 50, 1000] {
        let chunks: Vec<&[u8]> = bytes.chunks(size).collect();
        assert_eq!(all(&chunks), (expected.clone(), None), "in pieces of {size}");
    }
}

#[test]
fn what_is_wrong_is_said() {
    let event = || encoded(&audio_event(b"abcd"));
    let mut corrupt = signed(event());
    *corrupt.last_mut().unwrap() ^= 1;
    let now = chrono::Utc::now().timestamp();
    let other = Message::new(&b"{}"[..])
        .add_header(text(":message-type", "event"))
        .add_header(text(":event-type", "ConfigurationEvent"));
    for (bytes, reason) in [
        (corrupt, "malformed"),
        (event(), "chunk-signature"),
        (signed_at(event(), now, &[7; 31]), "chunk-signature"),
        (signed_at(event(), now - 3600, &[7; 32]), ":date"),
        (signed(encoded(&other)), ":event-type"),
        (signed(vec![1, 2, 3]), "malformed"),
        (vec![0xFF; 8], "longer than"),
        (vec![0; 8], "malformed"),
    ] {
        let (found, error) = all(&[&bytes]);
        assert!(found.is_empty() && error.as_ref().is_some_and(|error| error.contains(reason)), "{error:?}");
    }
}

proptest! {
    #[test]
    fn nothing_that_arrives_does_harm(bytes in proptest::collection::vec(any::<u8>(), 0..200), at in 0usize..100) {
        all(&[&bytes]);
        let mut damaged = signed(encoded(&audio_event(b"abcdefgh")));
        let end = damaged.len().min(at + bytes.len());
        damaged.splice(at..end, bytes);
        all(&[&damaged]);
    }
}
