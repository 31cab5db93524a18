//! The archive format of an initramfs ("newc", described in the kernel's `buffer-format` document).

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::Result;

const DIRECTORY: u32 = 0o040_755;
const FILE: u32 = 0o100_755;
const CHARACTER_DEVICE: u32 = 0o020_600;

/// An archive under construction. Everything belongs to root, which the writer need not be.
#[derive(Clone, Default)]
pub(crate) struct Archive {
    bytes: Vec<u8>,
    /// What is there already, of folders and of shared files.
    present: BTreeSet<String>,
    entries: u32,
}

impl Archive {
    /// Adds a folder and those above it; adding it again does nothing.
    pub(crate) fn directory(&mut self, path: &str) {
        let path = path.trim_matches('/');
        if path.is_empty() || self.present.contains(path) {
            return;
        }
        self.parent(path);
        self.present.insert(path.to_owned());
        self.entry(path, DIRECTORY, (0, 0), &[]);
    }

    /// Adds an executable file and the folders above it.
    pub(crate) fn file(&mut self, path: &str, data: &[u8]) {
        let path = path.trim_matches('/');
        self.parent(path);
        self.entry(path, FILE, (0, 0), data);
    }

    /// Adds a file that several may ask for; it is read only once.
    pub(crate) fn shared_file(&mut self, path: &str, data: impl FnOnce() -> Result<Vec<u8>>) -> Result<()> {
        if self.present.insert(path.to_owned()) {
            self.file(path, &data()?);
        }
        Ok(())
    }

    /// Adds a character device and the folders above it.
    pub(crate) fn character_device(&mut self, path: &str, number: (u32, u32)) {
        let path = path.trim_matches('/');
        self.parent(path);
        self.entry(path, CHARACTER_DEVICE, number, &[]);
    }

    /// The finished archive.
    pub(crate) fn finish(mut self) -> Vec<u8> {
        self.entry("TRAILER!!!", 0, (0, 0), &[]);
        self.bytes
    }

    fn parent(&mut self, path: &str) {
        if let Some(parent) = Path::new(path).parent().and_then(Path::to_str) {
            self.directory(parent);
        }
    }

    fn entry(&mut self, name: &str, mode: u32, device: (u32, u32), data: &[u8]) {
        let length = |length: usize| u32::try_from(length).expect("the format ends at 4 GiB");
        self.entries += 1;
        let fields = [
            self.entries, // inode
            mode,
            0, // owner
            0, // group
            1, // links
            0, // time: the same input gives the same archive
            length(data.len()),
            0, // device of the archived file system, two fields
            0,
            device.0,
            device.1,
            length(name.len() + 1),
            0, // checksum, unused in this variant
        ];
        self.bytes.extend_from_slice(b"070701");
        for field in fields {
            self.bytes.extend_from_slice(format!("{field:08x}").as_bytes());
        }
        self.bytes.extend_from_slice(name.as_bytes());
        self.bytes.push(0);
        self.align();
        self.bytes.extend_from_slice(data);
        self.align();
    }

    fn align(&mut self) {
        self.bytes.resize(self.bytes.len().next_multiple_of(4), 0);
    }
}

#[cfg(test)]
mod tests {
    use std::str;

    use super::*;

    #[test]
    fn folders_come_first_and_once() {
        let mut archive = Archive::default();
        archive.file("/a/b/one", b"1");
        archive.file("a/b/two", b"22");
        let bytes = archive.finish();

        // The name follows the 110 bytes of the header.
        let mut names = Vec::new();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let field = |n: usize| {
                usize::from_str_radix(str::from_utf8(&rest[6 + 8 * n..][..8]).unwrap(), 16).unwrap()
            };
            let (size, name) = (field(6), field(11));
            names.push(str::from_utf8(&rest[110..][..name - 1]).unwrap());
            rest = &rest[(110 + name).next_multiple_of(4) + size.next_multiple_of(4)..];
        }
        assert_eq!(names, ["a", "a/b", "a/b/one", "a/b/two", "TRAILER!!!"]);
    }
}
