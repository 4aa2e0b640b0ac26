/// How large an element may be. What is larger is taken for damage.
///
/// A reader never holds more than one incomplete element, so these also bound its memory.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a block: one frame and the few bytes before it.
    pub frame_bytes: u32,
    /// Bytes of any other element except Segment and Cluster, which are not held.
    pub element_bytes: u32,
}

impl Default for Limits {
    /// Frames of 1 MiB, which video needs, and other elements of 64 KiB.
    fn default() -> Self {
        Self { frame_bytes: 1 << 20, element_bytes: 1 << 16 }
    }
}

impl Limits {
    /// For telephone audio: frames of 64 KiB. Connect sends 1 KiB, so that damage to a size is noticed sooner.
    pub fn telephone_audio() -> Self {
        Self { frame_bytes: 1 << 16, ..Self::default() }
    }
}
