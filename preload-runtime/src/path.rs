//! Paths for the kernel: bytes with a NUL at the end, on the stack.

use core::ffi::CStr;
use core::fmt;

use crate::error::ErrorKind;

/// `PATH_MAX`, the final NUL included.
const CAPACITY: usize = 4096;

/// What can name a file: `&str`, `&CStr`, and with `std` also `Path`, `PathBuf`, `OsStr`, `OsString` and
/// `String`.
///
/// Implemented for references too, so that functions take `impl AsPath`.
pub trait AsPath {
    /// The bytes of the path, without a final NUL.
    fn path_bytes(&self) -> &[u8];
}

impl<T: AsPath + ?Sized> AsPath for &T {
    fn path_bytes(&self) -> &[u8] {
        (**self).path_bytes()
    }
}

impl AsPath for str {
    fn path_bytes(&self) -> &[u8] {
        self.as_bytes()
    }
}

impl AsPath for CStr {
    fn path_bytes(&self) -> &[u8] {
        self.to_bytes()
    }
}

#[cfg(feature = "std")]
mod with_std {
    use std::ffi::{OsStr, OsString};
    use std::os::unix::ffi::OsStrExt;
    use std::path::{Path, PathBuf};

    use super::AsPath;

    impl AsPath for OsStr {
        fn path_bytes(&self) -> &[u8] {
            self.as_bytes()
        }
    }

    macro_rules! through_os_str {
        ($($ty:ty)*) => {$(
            impl AsPath for $ty {
                fn path_bytes(&self) -> &[u8] {
                    AsRef::<OsStr>::as_ref(self).as_bytes()
                }
            }
        )*};
    }

    through_os_str! { OsString Path PathBuf String }
}

/// A path on the stack.
#[derive(Clone)]
pub(crate) struct CPath {
    /// Zeros behind the path, at least one.
    bytes: [u8; CAPACITY],
    len: usize,
}

impl CPath {
    pub(crate) fn new(path: impl AsPath) -> Result<Self, ErrorKind> {
        let mut new = Self { bytes: [0; CAPACITY], len: 0 };
        new.push(path.path_bytes())?;
        // `dir` and `dir/` are the same directory, but not the same prefix.
        while new.len > 1 && new.bytes[new.len - 1] == b'/' {
            new.len -= 1;
            new.bytes[new.len] = 0;
        }
        if new.len == 0 { Err(ErrorKind::InvalidPath) } else { Ok(new) }
    }

    /// The path of an entry of this directory.
    pub(crate) fn join(&self, name: &[u8]) -> Result<Self, ErrorKind> {
        let mut new = self.clone();
        if new.bytes[new.len - 1] != b'/' {
            new.push(b"/")?;
        }
        new.push(name)?;
        Ok(new)
    }

    /// The last part of the path.
    pub(crate) fn name(&self) -> Self {
        let mut new = Self { bytes: [0; CAPACITY], len: 0 };
        let name = self.as_bytes().rsplit(|&byte| byte == b'/').next().unwrap_or_default();
        // It is shorter than the path.
        let _ = new.push(name);
        new
    }

    /// The directory that the path lies in; `.` for a bare name.
    pub(crate) fn parent(&self) -> Self {
        let mut new = self.clone();
        let end = match self.as_bytes().iter().rposition(|&byte| byte == b'/') {
            Some(0) => 1,
            Some(slash) => slash,
            None => {
                new.bytes[0] = b'.';
                1
            }
        };
        new.bytes[end..].fill(0);
        new.len = end;
        new
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> Result<(), ErrorKind> {
        let end = self.len + bytes.len();
        if end >= CAPACITY || bytes.contains(&0) {
            return Err(ErrorKind::InvalidPath);
        }
        self.bytes[self.len..end].copy_from_slice(bytes);
        self.len = end;
        Ok(())
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }

    pub(crate) fn as_c_str(&self) -> &CStr {
        // There is always a NUL behind the path.
        CStr::from_bytes_until_nul(&self.bytes).unwrap_or_default()
    }
}

impl fmt::Write for CPath {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.push(text.as_bytes()).map_err(|_| fmt::Error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parent(path: &str) -> CPath {
        CPath::new(path).unwrap().parent()
    }

    #[test]
    fn a_path_knows_its_directory() {
        assert_eq!(parent("/sys/fs/bpf/x").as_c_str(), c"/sys/fs/bpf");
        assert_eq!(parent("/sys/fs/bpf/x//").as_c_str(), c"/sys/fs/bpf");
        assert_eq!(parent("/x").as_c_str(), c"/");
        assert_eq!(parent("x").as_c_str(), c".");
    }

    #[test]
    fn joining_puts_one_slash() {
        assert_eq!(CPath::new("/a/").unwrap().join(b"b").unwrap().as_c_str(), c"/a/b");
        assert_eq!(CPath::new("/").unwrap().join(b"b").unwrap().as_c_str(), c"/b");
    }

    #[test]
    fn what_the_kernel_cannot_take_is_refused() {
        let long = [b'x'; CAPACITY];
        let long = core::str::from_utf8(&long).unwrap();
        assert!(CPath::new(&long[1..]).is_ok());
        assert!(CPath::new(long).is_err());
        assert!(CPath::new("").is_err());
        assert!(CPath::new("a\0b").is_err());
    }
}
