//! Writes what GetMedia sends of a call of Amazon Connect: a document for each fragment, two tracks of 16-bit samples.

use std::ops::Range;

/// Milliseconds since the epoch at which the call begins.
pub(crate) const CALL_BEGINS: u64 = 1_700_000_000_000;

/// Milliseconds that a frame of 1024 bytes lasts at 8000 samples of 16 bits per second.
pub(crate) const FRAME_MILLIS: u64 = 64;

/// The call whose stream it is.
pub(crate) const CONTACT: &str = "5ca32fbd-8f92-46af-92a5-6b0f970f0efe";

/// How a writer may vary what it writes. What is read must be the same whichever it chose.
#[derive(Clone, Debug)]
pub(crate) struct Shape {
    /// Frames of each track in a fragment.
    pub(crate) frames: u64,
    /// Bytes of a frame.
    pub(crate) frame_bytes: usize,
    /// Whether the Segment and the Cluster state their size.
    pub(crate) sized: (bool, bool),
    /// Frames in a BlockGroup instead of a SimpleBlock.
    pub(crate) groups: bool,
    /// Clusters that count from the start of the call instead of the epoch.
    pub(crate) relative: bool,
    /// The contact's tag after the frames instead of before them.
    pub(crate) late_contact: bool,
    /// Void and CRC-32 elements here and there.
    pub(crate) fillers: bool,
    /// Clusters in a fragment.
    pub(crate) clusters: u64,
}

impl Default for Shape {
    /// As far as it is known, what Connect sends.
    fn default() -> Self {
        Self {
            frames: 16,
            frame_bytes: 1024,
            sized: (false, false),
            groups: false,
            relative: false,
            late_contact: false,
            fillers: false,
            clusters: 1,
        }
    }
}

/// The first fragments of a call.
pub(crate) fn call(fragments: u64, shape: &Shape) -> Vec<u8> {
    self::fragments(0..fragments, shape)
}

/// Some fragments of a call.
pub(crate) fn fragments(indices: Range<u64>, shape: &Shape) -> Vec<u8> {
    indices.flat_map(|index| fragment(index, shape)).collect()
}

/// The number of a fragment, of as many digits as real ones.
pub(crate) fn fragment_number(index: u64) -> String {
    format!("913438523331814323926820626077439201{index:011}")
}

/// When a fragment begins, in milliseconds since the epoch.
pub(crate) fn fragment_time(index: u64, shape: &Shape) -> u64 {
    CALL_BEGINS + index * shape.clusters * shape.frames * FRAME_MILLIS
}

/// One fragment of a call.
pub(crate) fn fragment(index: u64, shape: &Shape) -> Vec<u8> {
    let begins = fragment_time(index, shape);
    let contact = tags(&[("ContactId", CONTACT)]);
    let (early, late) = if shape.late_contact { (Vec::new(), contact) } else { (contact, Vec::new()) };
    let number = fragment_number(index);
    let seconds = |millis: u64| format!("{}.{:03}", millis / 1000, millis % 1000);
    let mut segment = [
        filler(shape),
        element(0x1549_A966, &element(0x2A_D7B1, &1_000_000_u32.to_be_bytes())),
        element(0x1654_AE6B, &[track(1, "AUDIO_FROM_CUSTOMER"), track(2, "AUDIO_TO_CUSTOMER")].concat()),
        early,
        tags(&[
            ("AWS_KINESISVIDEO_FRAGMENT_NUMBER", &number),
            ("AWS_KINESISVIDEO_SERVER_TIMESTAMP", &seconds(begins + 250)),
            ("AWS_KINESISVIDEO_PRODUCER_TIMESTAMP", &seconds(begins)),
        ]),
    ]
    .concat();
    for cluster in 0..shape.clusters {
        let first = (index * shape.clusters + cluster) * shape.frames;
        segment.extend(master(0x1F43_B675, shape.sized.1, &self::cluster(first, shape)));
    }
    segment.extend(late);
    segment.extend(filler(shape));
    segment.extend(tags(&[
        ("AWS_KINESISVIDEO_MILLIS_BEHIND_NOW", "250"),
        ("AWS_KINESISVIDEO_CONTINUATION_TOKEN", &number),
    ]));
    [head(), master(0x1853_8067, shape.sized.0, &segment)].concat()
}

/// An EBML header.
pub(crate) fn head() -> Vec<u8> {
    element(0x1A45_DFA3, &[element(0x4282, b"matroska"), element(0x4287, b"\x02")].concat())
}

fn track(number: u8, name: &str) -> Vec<u8> {
    let audio = [element(0xB5, &8_000_f32.to_be_bytes()), element(0x9F, b"\x01"), element(0x6264, b"\x10")];
    let entry = [
        element(0xD7, &[number]),
        element(0x83, b"\x02"),
        element(0x536E, name.as_bytes()),
        element(0x86, b"A_PCM/INT/LIT"),
        element(0xE1, &audio.concat()),
    ];
    element(0xAE, &entry.concat())
}

/// A Tags element.
pub(crate) fn tags(tags: &[(&str, &str)]) -> Vec<u8> {
    let simple = tags.iter().map(|(name, value)| {
        element(0x67C8, &[element(0x45A3, name.as_bytes()), element(0x4487, value.as_bytes())].concat())
    });
    element(0x1254_C367, &element(0x7373, &simple.collect::<Vec<_>>().concat()))
}

fn cluster(first_frame: u64, shape: &Shape) -> Vec<u8> {
    let begins = first_frame * FRAME_MILLIS + if shape.relative { 0 } else { CALL_BEGINS };
    let mut cluster = [filler(shape), element(0xE7, &begins.to_be_bytes())].concat();
    for frame in 0..shape.frames {
        for track in [1, 2] {
            let data = samples(track, first_frame + frame, shape.frame_bytes);
            cluster.extend(block(track, (frame * FRAME_MILLIS) as i16, &data, shape.groups));
        }
    }
    cluster
}

/// A frame, alone or in a group.
pub(crate) fn block(track: u8, time: i16, data: &[u8], in_group: bool) -> Vec<u8> {
    let block =
        [&[0x80 | track], &time.to_be_bytes()[..], if in_group { &[0] } else { &[0x80] }, data].concat();
    if in_group {
        element(0xA0, &[element(0x9B, b"\x40"), element(0xA1, &block)].concat())
    } else {
        element(0xA3, &block)
    }
}

/// The data of a frame: no two are alike.
pub(crate) fn samples(track: u8, frame: u64, bytes: usize) -> Vec<u8> {
    let seed = frame * 2 + u64::from(track);
    let mut data = Vec::with_capacity(bytes + 8);
    for word in 0..bytes.div_ceil(8) as u64 {
        // Fibonacci hashing: cheap, and never twice the same.
        data.extend_from_slice(
            &(seed << 32 | word).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15).to_be_bytes(),
        );
    }
    data.truncate(bytes);
    data
}

fn filler(shape: &Shape) -> Vec<u8> {
    if shape.fillers { [element(0xBF, b"crc!"), element(0xEC, &[0; 200])].concat() } else { Vec::new() }
}

/// An element. Its size takes one, two or eight bytes.
pub(crate) fn element(id: u32, data: &[u8]) -> Vec<u8> {
    let id_bytes = id.to_be_bytes();
    let id = &id_bytes[id.leading_zeros() as usize / 8..];
    let size = match data.len() {
        short @ 0..0x7F => vec![0x80 | short as u8],
        middle @ 0x7F..0x3FFF => (0x4000 | middle as u16).to_be_bytes().to_vec(),
        long => (1 << 56 | long as u64).to_be_bytes().to_vec(),
    };
    [id, &size, data].concat()
}

/// An element that may leave its size open.
pub(crate) fn master(id: u32, sized: bool, data: &[u8]) -> Vec<u8> {
    if sized {
        element(id, data)
    } else {
        [&id.to_be_bytes(), &(u64::MAX >> 7).to_be_bytes()[..], data].concat()
    }
}
