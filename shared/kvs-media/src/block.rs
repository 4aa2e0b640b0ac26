use bytes::{Buf, Bytes};

use crate::clock::Clock;
use crate::damage::Fault;
use crate::ebml::{self, id};
use crate::event::Frame;

/// Bytes between the number of the track and the frame: two of relative time, one of flags.
const AFTER_TRACK: usize = 3;

/// The flags that say that a block packs several frames (RFC 9559, section 10.3).
const LACING: u8 = 0b0110;

/// Reads the data of a SimpleBlock, or of the Block in a BlockGroup: here they are alike.
/// <https://www.rfc-editor.org/rfc/rfc9559.html#name-block-structure>
pub(crate) fn frame(mut block: Bytes, clock: &Clock) -> Result<Frame, Fault> {
    let (track, track_len) = ebml::track_number(&block).ok_or(Fault::MalformedElement)?;
    let Some(&[high, low, flags]) = block.get(track_len..track_len + AFTER_TRACK) else {
        return Err(Fault::MalformedElement);
    };
    if flags & LACING != 0 {
        return Err(Fault::Laced);
    }
    let time = clock.frame_time(i16::from_be_bytes([high, low])).ok_or(Fault::NoTime)?;
    block.advance(track_len + AFTER_TRACK);
    Ok(Frame { track, time, data: block })
}

/// The Block of a BlockGroup.
pub(crate) fn in_group(group: &Bytes) -> Result<Bytes, Fault> {
    for child in ebml::children(group) {
        let (id, data) = child?;
        if id == id::BLOCK {
            return Ok(group.slice_ref(data));
        }
    }
    Err(Fault::MalformedElement)
}

#[cfg(test)]
mod tests;
