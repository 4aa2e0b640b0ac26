//! Writes EBML elements (RFC 8794).

/// Elements, one after the other.
#[derive(Default)]
pub(super) struct Elements(Vec<u8>);

impl Elements {
    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    /// An element of bytes. The id includes its length marker, as the specifications print it.
    pub(super) fn binary(mut self, id: u32, data: &[u8]) -> Self {
        self.head(id, data.len());
        self.0.extend_from_slice(data);
        self
    }

    pub(super) fn text(self, id: u32, text: &str) -> Self {
        self.binary(id, text.as_bytes())
    }

    /// An unsigned integer, in as many bytes as it needs.
    pub(super) fn unsigned(self, id: u32, value: u64) -> Self {
        let skip = (value.leading_zeros() / 8).min(7) as usize;
        self.binary(id, &value.to_be_bytes()[skip..])
    }

    /// An element that holds others.
    pub(super) fn master(self, id: u32, children: Elements) -> Self {
        self.binary(id, &children.0)
    }

    /// The beginning of an element that holds all that follows, up to where its parent or a sibling begins.
    /// Its unknown size is written in so many bytes, 1 or 8.
    pub(super) fn open(mut self, id: u32, size_length: usize) -> Self {
        self.id(id);
        match size_length {
            1 => self.0.push(0xFF),
            _ => self.0.extend([0x01, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF]),
        }
        self
    }

    /// Id and size, the latter in four bytes as Kinesis Video Streams writes it.
    fn head(&mut self, id: u32, size: usize) {
        self.id(id);
        self.0.extend((0x1000_0000 | size as u32).to_be_bytes());
    }

    fn id(&mut self, id: u32) {
        let skip = (id.leading_zeros() / 8) as usize;
        self.0.extend_from_slice(&id.to_be_bytes()[skip..]);
    }
}
