//! The event streams of a session: signed audio in, results and exceptions out.
//! <https://docs.aws.amazon.com/transcribe/latest/dg/streaming-setting-up.html>

use aws_smithy_eventstream::frame::{read_message_from, write_message_to};
use aws_smithy_types::event_stream::{Header, HeaderValue, Message};
use axum::body::Bytes;
use serde_json::{Value, json};

/// A message is no larger than 16 MiB.
const LARGEST: usize = 16 << 20;

/// How far the date of a signature may be off, in seconds.
const CLOCK_SKEW: i64 = 300;

/// What a client sends.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Incoming {
    /// The samples of an `AudioEvent`.
    Audio(Bytes),
    /// The signed empty message at the end.
    End,
}

/// Takes messages out of a stream of bytes.
#[derive(Default)]
pub(super) struct Messages(Vec<u8>);

impl Messages {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    /// The next whole message. An error says what is wrong with the stream.
    pub(super) fn next(&mut self) -> Result<Option<Incoming>, String> {
        let Some(length) = self.0.first_chunk::<4>() else { return Ok(None) };
        let length = u32::from_be_bytes(*length) as usize;
        if length > LARGEST {
            return Err(format!("a message of {length} bytes is longer than the {LARGEST} that are allowed"));
        }
        if self.0.len() < length {
            return Ok(None);
        }
        let signed = read(&self.0[..length])?;
        self.0.drain(..length);
        check_signature(&signed)?;
        if signed.payload().is_empty() {
            return Ok(Some(Incoming::End));
        }
        let event = read(signed.payload())?;
        for (name, value) in [
            (":message-type", "event"),
            (":event-type", "AudioEvent"),
            (":content-type", "application/octet-stream"),
        ] {
            let given = header(&event, name).and_then(|given| given.as_string().ok());
            if given.is_none_or(|given| given.as_str() != value) {
                return Err(format!("the header '{name}' of an event must be '{value}'"));
            }
        }
        Ok(Some(Incoming::Audio(event.payload().clone())))
    }
}

/// A `TranscriptEvent` with these results.
pub(super) fn transcript(results: &[Value]) -> Bytes {
    let types = [(":message-type", "event"), (":event-type", "TranscriptEvent")];
    write(types, &json!({ "Transcript": { "Results": results } }))
}

/// An exception, after which nothing follows.
pub(super) fn exception(code: &str, message: &str) -> Bytes {
    write([(":message-type", "exception"), (":exception-type", code)], &json!({ "Message": message }))
}

fn write(types: [(&'static str, &str); 2], payload: &Value) -> Bytes {
    let header =
        |name: &'static str, value: &str| Header::new(name, HeaderValue::String(value.to_owned().into()));
    let message = Message::new(payload.to_string())
        .add_header(header(types[0].0, types[0].1))
        .add_header(header(types[1].0, types[1].1))
        .add_header(header(":content-type", "application/json"));
    let mut bytes = Vec::new();
    if let Err(error) = write_message_to(&message, &mut bytes) {
        tracing::error!(%error, "an event could not be written");
    }
    bytes.into()
}

fn read(bytes: &[u8]) -> Result<Message, String> {
    read_message_from(bytes).map_err(|error| format!("the event stream is malformed: {error}"))
}

/// Every message carries a signature of its own. As with requests, its shape is all that is checked.
fn check_signature(signed: &Message) -> Result<(), String> {
    let names: Vec<&str> = signed.headers().iter().map(|header| header.name().as_str()).collect();
    let signature = header(signed, ":chunk-signature").and_then(|value| value.as_byte_array().ok());
    let date = header(signed, ":date").and_then(|value| value.as_timestamp().ok());
    if names.len() != 2 || signature.is_none_or(|signature| signature.len() != 32) {
        return Err(
            "a message must carry ':date' and a ':chunk-signature' of 32 bytes, and nothing else".to_owned()
        );
    }
    let now = chrono::Utc::now().timestamp();
    if date.is_none_or(|date| (date.secs() - now).abs() > CLOCK_SKEW) {
        return Err("the ':date' of a message is not now".to_owned());
    }
    Ok(())
}

fn header<'a>(message: &'a Message, name: &str) -> Option<&'a HeaderValue> {
    message.headers().iter().find(|header| header.name().as_str() == name).map(Header::value)
}

#[cfg(test)]
mod tests;
