//! The encoding of EBML elements (RFC 8794): an id, the size of the data, the data.

use std::borrow::Cow;

use crate::damage::Fault;

/// The ids of the elements that are read, or that tell where an element of unknown size ends (RFC 9559, section 5.1).
pub(crate) mod id {
    pub(crate) const EBML: u32 = 0x1A45_DFA3;
    pub(crate) const SEGMENT: u32 = 0x1853_8067;

    pub(crate) const SEEK_HEAD: u32 = 0x114D_9B74;
    pub(crate) const INFO: u32 = 0x1549_A966;
    pub(crate) const TRACKS: u32 = 0x1654_AE6B;
    pub(crate) const TAGS: u32 = 0x1254_C367;
    pub(crate) const CLUSTER: u32 = 0x1F43_B675;
    pub(crate) const CUES: u32 = 0x1C53_BB6B;
    pub(crate) const CHAPTERS: u32 = 0x1043_A770;
    pub(crate) const ATTACHMENTS: u32 = 0x1941_A469;

    pub(crate) const TIMESTAMP: u32 = 0xE7;
    pub(crate) const SIMPLE_BLOCK: u32 = 0xA3;
    pub(crate) const BLOCK_GROUP: u32 = 0xA0;
    pub(crate) const BLOCK: u32 = 0xA1;

    pub(crate) const TIMESTAMP_SCALE: u32 = 0x2A_D7B1;

    pub(crate) const TRACK_ENTRY: u32 = 0xAE;
    pub(crate) const TRACK_NUMBER: u32 = 0xD7;
    pub(crate) const NAME: u32 = 0x536E;
    pub(crate) const CODEC_ID: u32 = 0x86;
    pub(crate) const AUDIO: u32 = 0xE1;
    pub(crate) const SAMPLING_FREQUENCY: u32 = 0xB5;
    pub(crate) const CHANNELS: u32 = 0x9F;
    pub(crate) const BIT_DEPTH: u32 = 0x6264;

    pub(crate) const TAG: u32 = 0x7373;
    pub(crate) const SIMPLE_TAG: u32 = 0x67C8;
    pub(crate) const TAG_NAME: u32 = 0x45A3;
    pub(crate) const TAG_STRING: u32 = 0x4487;

    pub(crate) const VOID: u32 = 0xEC;
    pub(crate) const CRC_32: u32 = 0xBF;
}

/// The id and the size of an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) id: u32,
    /// Bytes of data; `None` where the writer did not know it yet.
    pub(crate) size: Option<u64>,
    /// Bytes of the header itself, at most [`Header::LONGEST`].
    pub(crate) len: usize,
}

impl Header {
    const LONGEST_ID: usize = 4;
    const LONGEST_SIZE: usize = 8;
    pub(crate) const LONGEST: usize = Self::LONGEST_ID + Self::LONGEST_SIZE;

    /// Reads a header from the start of `bytes`. `None` means that it goes on after them.
    pub(crate) fn read(bytes: &[u8]) -> Result<Option<Self>, Fault> {
        let Some((value, id_len)) = variable_integer(bytes, Self::LONGEST_ID, Fault::NoElement)? else {
            return Ok(None);
        };
        // Neither can be an id (RFC 8794, section 5).
        if value == 0 || value == all_ones(id_len) {
            return Err(Fault::NoElement);
        }
        // An id is written with its length marker.
        let id = value as u32 | 1 << (7 * id_len);
        let size = variable_integer(&bytes[id_len..], Self::LONGEST_SIZE, Fault::InvalidSize)?;
        Ok(size.map(|(size, size_len)| {
            let size = (size != all_ones(size_len)).then_some(size);
            Self { id, size, len: id_len + size_len }
        }))
    }
}

/// Reads a variable-size integer of at most `longest` bytes, without its length marker: the value, and the bytes that
/// it took. `None` means that it goes on after `bytes`.
#[inline(always)] // Every element goes through it, twice.
fn variable_integer(bytes: &[u8], longest: usize, fault: Fault) -> Result<Option<(u64, usize)>, Fault> {
    let Some(first) = bytes.first() else { return Ok(None) };
    let len = first.leading_zeros() as usize + 1;
    if len > longest {
        return Err(fault);
    }
    // Eight bytes at once where there are as many, which is nearly everywhere.
    let encoded = match bytes.first_chunk() {
        Some(word) => u64::from_be_bytes(*word) >> (64 - 8 * len),
        None => match bytes.get(..len) {
            Some(encoded) => big_endian(encoded),
            None => return Ok(None),
        },
    };
    Ok(Some((encoded & all_ones(len), len)))
}

/// What a variable-size integer of `len` bytes holds at most.
fn all_ones(len: usize) -> u64 {
    (1 << (7 * len)) - 1
}

fn big_endian(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0, |value, byte| value << 8 | u64::from(*byte))
}

/// The number of a track at the start of a block, and the bytes that it took.
pub(crate) fn track_number(block: &[u8]) -> Option<(u64, usize)> {
    variable_integer(block, Header::LONGEST_SIZE, Fault::MalformedElement).ok().flatten()
}

/// The elements in the data of an element that lies in memory as a whole.
pub(crate) fn children(data: &[u8]) -> impl Iterator<Item = Result<(u32, &[u8]), Fault>> {
    let mut rest = data;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let child = first_child(rest);
        rest = child.as_ref().map_or(&[], |(_, _, after)| *after);
        Some(child.map(|(id, data, _)| (id, data)))
    })
}

/// The id and the data of the first element, and what follows it.
fn first_child(bytes: &[u8]) -> Result<(u32, &[u8], &[u8]), Fault> {
    let header = Header::read(bytes)?.ok_or(Fault::Overrun)?;
    let size = header.size.ok_or(Fault::UnknownSize)?;
    let size = usize::try_from(size).map_err(|_| Fault::Overrun)?;
    let (data, after) = bytes[header.len..].split_at_checked(size).ok_or(Fault::Overrun)?;
    Ok((header.id, data, after))
}

/// An unsigned integer. No bytes at all stand for its default.
pub(crate) fn unsigned(data: &[u8], default: u64) -> Result<u64, Fault> {
    match data.len() {
        0 => Ok(default),
        1..=8 => Ok(big_endian(data)),
        _ => Err(Fault::MalformedElement),
    }
}

/// A floating-point number. No bytes at all stand for its default.
pub(crate) fn float(data: &[u8], default: f64) -> Result<f64, Fault> {
    match *data {
        [] => Ok(default),
        [a, b, c, d] => Ok(f64::from(f32::from_be_bytes([a, b, c, d]))),
        [a, b, c, d, e, f, g, h] => Ok(f64::from_be_bytes([a, b, c, d, e, f, g, h])),
        _ => Err(Fault::MalformedElement),
    }
}

/// Text. Writers may reserve room for it: it ends at the first zero byte. What is not UTF-8 is replaced.
pub(crate) fn text(data: &[u8]) -> Cow<'_, str> {
    let end = data.iter().position(|byte| *byte == 0).unwrap_or(data.len());
    match str::from_utf8(&data[..end]) {
        Ok(text) => text.into(),
        Err(_) => String::from_utf8_lossy(&data[..end]),
    }
}

#[cfg(test)]
mod tests;
