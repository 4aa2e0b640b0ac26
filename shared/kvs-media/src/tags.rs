//! The tags of a stream: Kinesis Video's about fragments and failures, Connect's about the contact, and others.

use std::borrow::Cow;
use std::time::Duration;

use crate::damage::Fault;
use crate::ebml::{self, id};
use crate::event::{Event, Tag};
use crate::{Failure, FailureKind, Fragment, FragmentNumber};

/// A tag in a tag in a tag: Kinesis Video and Connect send none at all.
const DEEPEST_NESTING: usize = 8;

/// What the tags of one Tags element say.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Said {
    /// Those that are events by themselves, in their order.
    pub(crate) events: Vec<Event>,
    pub(crate) fragment: Option<Fragment>,
    pub(crate) failure: Option<Failure>,
    pub(crate) continuation_token: Option<String>,
    pub(crate) behind_now: Option<Duration>,
}

/// Reads the data of a Tags element.
pub(crate) fn read(tags: &[u8]) -> Result<Said, Fault> {
    let mut all = Vec::new();
    for child in ebml::children(tags) {
        if let (id::TAG, tag) = child? {
            collect(tag, DEEPEST_NESTING, &mut all)?;
        }
    }
    Ok(Said::from(all))
}

/// A tag as it stands in the stream.
struct SimpleTag<'a> {
    name: Cow<'a, str>,
    value: Cow<'a, str>,
}

/// Adds the SimpleTags in a Tag, or in another SimpleTag: each before those that it holds.
fn collect<'a>(parent: &'a [u8], depth: usize, all: &mut Vec<SimpleTag<'a>>) -> Result<(), Fault> {
    for child in ebml::children(parent) {
        if let (id::SIMPLE_TAG, simple) = child? {
            let depth = depth.checked_sub(1).ok_or(Fault::MalformedElement)?;
            all.push(simple_tag(simple)?);
            collect(simple, depth, all)?;
        }
    }
    Ok(())
}

fn simple_tag(data: &[u8]) -> Result<SimpleTag<'_>, Fault> {
    let mut tag = SimpleTag { name: "".into(), value: "".into() };
    for child in ebml::children(data) {
        match child? {
            (id::TAG_NAME, name) => tag.name = ebml::text(name),
            (id::TAG_STRING, value) => tag.value = ebml::text(value),
            _ => {}
        }
    }
    Ok(tag)
}

impl<'a> From<Vec<SimpleTag<'a>>> for Said {
    /// A value that is not what its name promises leaves the tag one without meaning.
    fn from(tags: Vec<SimpleTag<'a>>) -> Self {
        let mut said = Self::default();
        let (mut number, mut producer_time, mut server_time) = (None, None, None);
        let (mut error_id, mut error_code) = (None, None);
        for tag in tags {
            let value = &*tag.value;
            let understood = match tag.name.strip_prefix("AWS_KINESISVIDEO_") {
                Some("FRAGMENT_NUMBER") => set(&mut number, FragmentNumber::parse(value).ok()),
                Some("PRODUCER_TIMESTAMP") => set(&mut producer_time, seconds(value)),
                Some("SERVER_TIMESTAMP") => set(&mut server_time, seconds(value)),
                Some("MILLIS_BEHIND_NOW") => {
                    set(&mut said.behind_now, value.parse().ok().map(Duration::from_millis))
                }
                Some("CONTINUATION_TOKEN") => set(&mut said.continuation_token, Some(value.to_owned())),
                Some("ERROR_ID") => set(&mut error_id, Some(FailureKind::from_id(value))),
                Some("ERROR_CODE") => set(&mut error_code, Some(value.to_owned())),
                _ => false,
            };
            if !understood {
                said.events.push(of_connect(tag));
            }
        }
        if error_id.is_some() || error_code.is_some() {
            let kind = error_id.unwrap_or(FailureKind::Other(None));
            said.failure = Some(Failure { kind, code: error_code.unwrap_or_default(), fragment: number });
        } else {
            said.fragment = number.map(|number| Fragment { number, producer_time, server_time });
        }
        said
    }
}

/// Sets `slot` if there is a value; tells whether there is.
fn set<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    let is_some = value.is_some();
    if is_some {
        *slot = value;
    }
    is_some
}

fn of_connect(tag: SimpleTag<'_>) -> Event {
    match &*tag.name {
        "ContactId" => Event::ContactId(tag.value.into_owned()),
        "STOP_STREAMING" if tag.value.eq_ignore_ascii_case("true") => Event::StopStreaming,
        _ => Event::Tag(Tag { name: tag.name.into_owned(), value: tag.value.into_owned() }),
    }
}

/// Seconds and milliseconds, `1511852108.513`.
fn seconds(text: &str) -> Option<Duration> {
    const NANO_DIGITS: usize = 9;
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.len() > NANO_DIGITS || !digits(whole) || !digits(fraction) {
        return None;
    }
    let nanos = (0..NANO_DIGITS).fold(0, |nanos, place| {
        nanos * 10 + fraction.as_bytes().get(place).map_or(0, |digit| u32::from(digit - b'0'))
    });
    Some(Duration::new(whole.parse().ok()?, nanos))
}

#[cfg(test)]
mod tests;
