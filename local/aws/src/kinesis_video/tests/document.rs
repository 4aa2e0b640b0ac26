//! Reads what GetMedia sends, on its own: for the tests of its writer.

use std::collections::BTreeMap;

/// A document, as far as the tests look into it.
#[derive(Debug, Default)]
pub(crate) struct Document {
    /// All tags, in order.
    pub(crate) tags: Vec<(String, String)>,
    /// Track names by number.
    pub(crate) tracks: BTreeMap<u64, String>,
    pub(crate) cluster_timestamp: u64,
    /// Track, offset in milliseconds, audio.
    pub(crate) blocks: Vec<(u8, i16, Vec<u8>)>,
    /// The ids of the elements on the segment's level.
    pub(crate) layout: Vec<u32>,
}

impl Document {
    pub(crate) fn tag(&self, name: &str) -> Option<&str> {
        self.tags.iter().find(|(tag, _)| tag == name).map(|(_, value)| value.as_str())
    }

    pub(crate) fn number(&self) -> &str {
        self.tag("AWS_KINESISVIDEO_FRAGMENT_NUMBER").unwrap()
    }
}

/// The whole documents at the beginning of these bytes, and whether anything is left over.
pub(crate) fn documents(bytes: &[u8]) -> (Vec<Document>, bool) {
    let mut rest = bytes;
    let mut documents = Vec::new();
    while let Some((document, after)) = document(rest) {
        documents.push(document);
        rest = after;
    }
    (documents, !rest.is_empty())
}

fn document(bytes: &[u8]) -> Option<(Document, &[u8])> {
    let (id, size, rest) = head(bytes)?;
    assert_eq!(id, 0x1A45_DFA3);
    let rest = rest.get(size?..)?;
    let (id, size, mut rest) = head(rest)?;
    assert_eq!((id, size), (0x1853_8067, None), "a segment of unknown size");
    let mut document = Document::default();
    let (mut track, mut tag) = (0, String::new());
    let mut ended = false;
    while let Some((id, size, content)) = head(rest) {
        if id == 0x1A45_DFA3 {
            ended = true;
            break;
        }
        if [0x1549_A966, 0x1654_AE6B, 0x1254_C367, 0x1F43_B675].contains(&id) {
            document.layout.push(id);
        }
        // What holds other elements is entered.
        if [0x1654_AE6B, 0xAE, 0x1254_C367, 0x7373, 0x67C8, 0x1F43_B675].contains(&id) {
            rest = content;
            continue;
        }
        let data = content.get(..size?)?;
        let unsigned = || data.iter().fold(0u64, |value, &byte| (value << 8) | u64::from(byte));
        let text = || String::from_utf8(data.to_vec()).unwrap();
        match id {
            0xD7 => track = unsigned(),
            0x536E => drop(document.tracks.insert(track, text())),
            0x45A3 => tag = text(),
            0x4487 => document.tags.push((tag.clone(), text())),
            0xE7 => document.cluster_timestamp = unsigned(),
            0xA3 => {
                let offset = i16::from_be_bytes([data[1], data[2]]);
                document.blocks.push((data[0] & 0x7F, offset, data[4..].to_vec()));
            }
            _ => {}
        }
        rest = &content[data.len()..];
    }
    let last = document.tags.last().map(|(name, _)| name.as_str());
    let whole = matches!(last, Some("AWS_KINESISVIDEO_CONTINUATION_TOKEN" | "AWS_KINESISVIDEO_ERROR_ID"));
    (ended || whole).then_some((document, rest))
}

/// Id, size and what follows; `None` if that is not all there.
fn head(bytes: &[u8]) -> Option<(u32, Option<usize>, &[u8])> {
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let id = bytes.get(..length)?.iter().fold(0u32, |id, &byte| (id << 8) | u32::from(byte));
    let bytes = &bytes[length..];
    let length = bytes.first()?.leading_zeros() as usize + 1;
    let size = bytes.get(..length)?.iter().fold(0u64, |size, &byte| (size << 8) | u64::from(byte));
    let mask = (1u64 << (7 * length)) - 1;
    let size = size & mask;
    Some((id, (size != mask).then_some(size as usize), &bytes[length..]))
}
