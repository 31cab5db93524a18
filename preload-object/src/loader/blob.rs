//! The bytes that a loader works on.

/// Attributes of calls, names, instructions, the contents of maps: each at a multiple of eight bytes.
#[derive(Default)]
pub(super) struct Blob(Vec<u8>);

impl Blob {
    /// Adds bytes; where they lie.
    pub(super) fn add(&mut self, bytes: &[u8]) -> u32 {
        let at = self.0.len();
        self.0.extend_from_slice(bytes);
        self.0.resize(self.0.len().next_multiple_of(8), 0);
        // The size of the whole is checked at the end.
        at as u32
    }

    /// Adds a string, with the NUL behind it; where it lies.
    pub(super) fn add_text(&mut self, text: &str) -> u32 {
        self.add(&[text.as_bytes(), &[0]].concat())
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.0
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}
