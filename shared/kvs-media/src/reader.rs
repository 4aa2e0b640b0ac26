use std::collections::VecDeque;

use bytes::Bytes;

use crate::clock::Clock;
use crate::damage::{Damage, Fault};
use crate::ebml::{self, Header, id};
use crate::input::Input;
use crate::place::Place;
use crate::tags::{self, Said};
use crate::{Event, FragmentEnd, Frame, Limits, block, track};

/// Reads the answer of one GetMedia call: [push](Self::push) what arrives, then [poll](Self::poll) until there is
/// nothing left.
///
/// ```
/// # fn consume(event: kvs_media::Event) {}
/// # let chunks = [bytes::Bytes::from_static(b"\x1A\x45\xDF\xA3\x80")];
/// let mut reader = kvs_media::Reader::new(kvs_media::Limits::telephone_audio());
/// for chunk in chunks {
///     reader.push(chunk);
///     while let Some(event) = reader.poll() {
///         consume(event);
///     }
/// }
/// ```
///
/// The events do not depend on how the bytes were divided into chunks. The next call's answer needs a new reader.
#[derive(Debug)]
pub struct Reader {
    limits: Limits,
    input: Input,
    step: Step,
    place: Place,
    clock: Clock,
    /// What will be said at the end of the fragment that is being read, if it proves whole.
    fragment: Option<FragmentEnd>,
    /// The events of an element that holds several.
    ready: VecDeque<Event>,
}

/// What comes next in the stream.
#[derive(Clone, Copy, Debug)]
enum Step {
    /// The header of an element.
    Header,
    /// The data of an element.
    Data { id: u32, bytes: usize },
    /// Data that nobody needs.
    Unneeded { bytes: u64 },
    /// Bytes without meaning, as far as they have been read.
    Damaged(Damage),
}

impl Reader {
    /// A reader of one answer, from its first byte.
    pub fn new(limits: Limits) -> Self {
        Self {
            limits,
            input: Input::default(),
            step: Step::Header,
            place: Place::Outside,
            clock: Clock::default(),
            fragment: None,
            ready: VecDeque::new(),
        }
    }

    /// Adds the bytes that follow those pushed before.
    pub fn push(&mut self, chunk: Bytes) {
        self.input.push(chunk);
    }

    /// The next event; `None` if that takes more bytes.
    pub fn poll(&mut self) -> Option<Event> {
        loop {
            if let Some(event) = self.ready.pop_front() {
                return Some(event);
            }
            match self.step {
                Step::Header => self.header()?,
                Step::Data { id, bytes } => {
                    let data = self.input.take(bytes)?;
                    self.step = Step::Header;
                    match self.data(id, data) {
                        Some(frame) => return Some(Event::Frame(frame)),
                        None => continue,
                    }
                }
                Step::Unneeded { bytes } => {
                    let left = bytes - self.input.skip(bytes);
                    if left > 0 {
                        self.step = Step::Unneeded { bytes: left };
                        return None;
                    }
                    self.step = Step::Header;
                }
                Step::Damaged(damage) => return self.start_again(damage),
            }
        }
    }

    /// Bytes that were pushed and have not led to an event yet. After [`poll`](Self::poll) has returned `None`: less
    /// than the larger of the [`Limits`].
    pub fn held_bytes(&self) -> usize {
        self.input.held()
    }

    /// Reads a header. `None` if it is not complete.
    fn header(&mut self) -> Option<()> {
        if let Some(place) = self.place.left_at(self.input.position()) {
            self.move_to(place);
            return Some(());
        }
        let entered = match Header::read(self.input.peek(&mut [0; Header::LONGEST])) {
            Ok(None) => return None,
            Ok(Some(header)) => self.enter(header),
            Err(fault) => Err(fault),
        };
        if let Err(fault) = entered {
            // What is misplaced may be where reading starts again; anything else cannot be read from its first byte.
            let skipped = if fault == Fault::Misplaced { 0 } else { self.input.skip(1) };
            self.fragment = None;
            self.step = Step::Damaged(Damage { fault, skipped });
        }
        Some(())
    }

    fn enter(&mut self, header: Header) -> Result<(), Fault> {
        if let Some(place) = self.place.left_for(header.id)? {
            // The header is read again from there.
            self.move_to(place);
            return Ok(());
        }
        let data_starts = self.input.position() + header.len as u64;
        let end = header.size.map(|size| data_starts.saturating_add(size));
        if self.place.end().is_some_and(|limit| end.unwrap_or(data_starts) > limit) {
            return Err(Fault::Overrun);
        }
        match header.id {
            id::SEGMENT => self.place = Place::Segment { end },
            id::CLUSTER => {
                self.place = Place::Cluster { end, segment_end: self.place.end() };
                self.clock.cluster_begins();
            }
            id => {
                self.step = self.step_into(id, header.size)?;
                if id == id::EBML {
                    self.clock = Clock::default();
                    self.ready.push_back(Event::Document);
                }
            }
        }
        self.input.skip(header.len as u64);
        Ok(())
    }

    /// What to do with the data of an element that has no elements of its own, or that is read as a whole.
    fn step_into(&self, id: u32, size: Option<u64>) -> Result<Step, Fault> {
        let size = size.ok_or(Fault::UnknownSize)?;
        let limit = match id {
            id::SIMPLE_BLOCK | id::BLOCK_GROUP => self.limits.frame_bytes,
            _ => self.limits.element_bytes,
        };
        let bytes = u32::try_from(size).ok().filter(|bytes| *bytes <= limit).ok_or(Fault::TooLarge)?;
        Ok(match id {
            id::SIMPLE_BLOCK | id::BLOCK_GROUP | id::TIMESTAMP | id::INFO | id::TRACKS | id::TAGS => {
                Step::Data { id, bytes: bytes as usize }
            }
            _ => Step::Unneeded { bytes: size },
        })
    }

    /// Leaves elements that have ended. The end of a Segment is that of its fragment.
    fn move_to(&mut self, place: Place) {
        self.place = place;
        if place == Place::Outside {
            self.end_fragment();
        }
    }

    fn end_fragment(&mut self) {
        self.ready.extend(self.fragment.take().map(Event::FragmentEnd));
    }

    /// Reads the data of an element: a frame, or what makes [`ready`](Self::ready) events.
    fn data(&mut self, id: u32, data: Bytes) -> Option<Frame> {
        let skipped = data.len() as u64;
        let read = match id {
            id::SIMPLE_BLOCK => block::frame(data, &self.clock).map(Some),
            id::BLOCK_GROUP => {
                block::in_group(&data).and_then(|block| block::frame(block, &self.clock)).map(Some)
            }
            _ => self.description(id, &data).map(|()| None),
        };
        read.unwrap_or_else(|fault| {
            self.fragment = None;
            self.ready.push_back(Event::Damaged(Damage { fault, skipped }));
            None
        })
    }

    /// Reads an element that tells about frames.
    fn description(&mut self, id: u32, data: &[u8]) -> Result<(), Fault> {
        match id {
            id::TIMESTAMP => self.clock.cluster_time(ebml::unsigned(data, 0)?),
            id::INFO => self.clock.set_scale(timestamp_scale(data)?),
            id::TRACKS => {
                for track in track::tracks(data) {
                    self.ready.push_back(Event::Track(track?));
                }
            }
            _ => self.tagged(tags::read(data)?),
        }
        Ok(())
    }

    fn tagged(&mut self, said: Said) {
        self.ready.extend(said.events);
        if let Some(failure) = said.failure {
            self.fragment = None;
            self.ready.push_back(Event::Failure(failure));
        }
        let names_fragment = said.fragment.is_some();
        if let Some(fragment) = said.fragment {
            self.end_fragment();
            self.clock.fragment_begins(fragment.producer_time);
            let number = fragment.number.clone();
            self.fragment = Some(FragmentEnd { number, continuation_token: None, behind_now: None });
            self.ready.push_back(Event::Fragment(fragment));
        }
        if let Some(end) = &mut self.fragment {
            end.behind_now = said.behind_now.or(end.behind_now);
            let is_last = said.continuation_token.is_some() && !names_fragment;
            end.continuation_token = said.continuation_token.or(end.continuation_token.take());
            if is_last {
                self.end_fragment();
            }
        }
    }

    /// Passes over damage until reading can start again. `None` if that takes more bytes.
    fn start_again(&mut self, mut damage: Damage) -> Option<Event> {
        let (skipped, found) = self.input.seek_start();
        damage.skipped += skipped;
        let Some(found) = found else {
            self.step = Step::Damaged(damage);
            return None;
        };
        self.step = Step::Header;
        // Sizes that were stated before may be what is damaged.
        self.place = if found == id::EBML { Place::Outside } else { Place::Segment { end: None } };
        Some(Event::Damaged(damage))
    }
}

/// The scale that an Info element states.
fn timestamp_scale(info: &[u8]) -> Result<u64, Fault> {
    let mut scale = Clock::DEFAULT_SCALE;
    for child in ebml::children(info) {
        if let (id::TIMESTAMP_SCALE, data) = child? {
            scale = ebml::unsigned(data, scale)?;
        }
    }
    Ok(scale)
}
