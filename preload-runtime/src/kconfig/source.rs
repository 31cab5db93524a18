//! Where the configuration of the running kernel is kept.

use core::ffi::CStr;
use core::fmt::Write;

use super::failed;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::lines::Lines;
use crate::path::CPath;
use crate::sys::{Errno, Fd, Memory, file, process};

/// There with `CONFIG_IKCONFIG_PROC`, and then sure to be that of the running kernel.
const PROC: &CStr = c"/proc/config.gz";
/// Bytes that are read at once.
const PIECE: usize = 16384;

/// Shows each line of the configuration: of the caller's file, or of what the machine has.
pub(super) fn read(
    file: Option<&CPath>,
    line: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
) -> Result<(), Error> {
    if let Some(file) = file {
        let path = file.as_c_str();
        let fd = file::open(path).map_err(|errno| failed(Call::Open, errno, path))?;
        return lines(&fd, path, line);
    }
    match file::open(PROC) {
        Ok(fd) => return lines(&fd, PROC, line),
        Err(Errno::ENOENT) => {}
        Err(errno) => return Err(failed(Call::Open, errno, PROC)),
    }
    let mut boot = CPath::new(c"/boot/config-").map_err(|kind| Error::new(Step::ReadConfig, kind))?;
    // Names of releases are short.
    let _ = boot.write_str(process::Names::of_kernel().release());
    let path = boot.as_c_str();
    let fd = file::open(path).map_err(|errno| {
        let hint = (errno == Errno::ENOENT).then_some(
            "there is no /proc/config.gz either: build the kernel with CONFIG_IKCONFIG_PROC, put its configuration there, or \
             say with `kconfig.set_file` or `kconfig.set_text` where it is",
        );
        failed(Call::Open, errno, path).with_hint(hint)
    })?;
    lines(&fd, path, line)
}

/// Shows each line of a file, gzipped or not.
fn lines(fd: &Fd, path: &CStr, line: &mut dyn FnMut(&[u8]) -> Result<(), Error>) -> Result<(), Error> {
    let no_memory = |errno| Error::system(Step::ReadConfig, Call::Mmap, errno);
    let mut memory = Memory::zeroed(PIECE).map_err(no_memory)?;
    let mut lines = Lines::new();
    let mut gzip = None;
    let mut is_first = true;
    loop {
        let count = file::read(fd, memory.bytes_mut()).map_err(|errno| failed(Call::Read, errno, path))?;
        let piece = memory.bytes().get(..count).unwrap_or_default();
        if core::mem::take(&mut is_first) && piece.starts_with(gzip::MAGIC) {
            gzip = Some(gzip::Gzip::new(piece, path)?);
        }
        match (&mut gzip, piece) {
            (None, []) => return lines.finish(line),
            (None, _) => lines.add(piece, line)?,
            (Some(gzip), _) => {
                if gzip.add(piece, &mut |text| lines.add(text, line))? {
                    return lines.finish(line);
                }
            }
        }
    }
}

/// Gzip by hand (RFC 1952), deflate by a crate.
#[cfg(feature = "kconfig")]
mod gzip {
    use miniz_oxide::inflate::TINFLStatus;
    use miniz_oxide::inflate::core::inflate_flags::TINFL_FLAG_HAS_MORE_INPUT;
    use miniz_oxide::inflate::core::{DecompressorOxide, decompress};

    use super::*;

    pub(super) const MAGIC: &[u8] = &[0x1f, 0x8b];
    /// How far back deflated data refers to.
    const WINDOW: usize = 32768;

    pub(super) struct Gzip {
        inflate: DecompressorOxide,
        window: Memory,
        at: usize,
        /// Bytes of the first piece that are the header.
        header: usize,
        damaged: Option<CPath>,
    }

    impl Gzip {
        /// Reads the header at the start of the first piece.
        pub(super) fn new(piece: &[u8], path: &CStr) -> Result<Self, Error> {
            let window = Memory::zeroed(WINDOW);
            let window = window.map_err(|errno| Error::system(Step::ReadConfig, Call::Mmap, errno))?;
            let mut new = Self {
                inflate: DecompressorOxide::new(),
                window,
                at: 0,
                header: 0,
                damaged: CPath::new(path).ok(),
            };
            new.header = header(piece).ok_or_else(|| new.error())?;
            Ok(new)
        }

        /// Takes a piece, and shows what comes out of it; whether that was the end.
        pub(super) fn add(
            &mut self,
            piece: &[u8],
            show: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
        ) -> Result<bool, Error> {
            let mut rest = piece.get(core::mem::take(&mut self.header)..).unwrap_or_default();
            if piece.is_empty() {
                return Err(self.error());
            }
            loop {
                let window = self.window.bytes_mut();
                let (status, taken, given) =
                    decompress(&mut self.inflate, rest, window, self.at, TINFL_FLAG_HAS_MORE_INPUT);
                show(window.get(self.at..self.at + given).unwrap_or_default())?;
                rest = rest.get(taken..).unwrap_or_default();
                self.at = (self.at + given) % WINDOW;
                match status {
                    TINFLStatus::Done => return Ok(true),
                    TINFLStatus::NeedsMoreInput => return Ok(false),
                    TINFLStatus::HasMoreOutput => {}
                    _ => return Err(self.error()),
                }
            }
        }

        fn error(&self) -> Error {
            let error = Error::new(Step::ReadConfig, ErrorKind::DamagedConfig);
            match &self.damaged {
                Some(path) => error.with_path(path),
                None => error,
            }
        }
    }

    /// The length of the header: ten bytes, then what the flags say is there.
    fn header(bytes: &[u8]) -> Option<usize> {
        const DEFLATE: u8 = 8;
        let &[_, _, DEFLATE, flags, ..] = bytes else { return None };
        let text = |at: usize| Some(at + bytes.get(at..)?.iter().position(|&byte| byte == 0)? + 1);
        let mut at = 10;
        if flags & 4 != 0 {
            let len = bytes.get(at..at + 2)?;
            at += 2 + usize::from(u16::from_le_bytes(len.try_into().ok()?));
        }
        if flags & 8 != 0 {
            at = text(at)?;
        }
        if flags & 16 != 0 {
            at = text(at)?;
        }
        if flags & 2 != 0 {
            at += 2;
        }
        (at <= bytes.len()).then_some(at)
    }

    #[cfg(test)]
    mod tests {
        use super::header;

        #[test]
        fn a_header_is_as_long_as_its_flags_say() {
            let mut bytes = std::vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 3];
            assert_eq!(header(&bytes), Some(10));
            bytes[3] = 4 | 8 | 2;
            bytes.extend_from_slice(b"\x03\0abcconfig\0xy");
            assert_eq!(header(&bytes), Some(24));
            for len in 0..bytes.len() {
                assert_eq!(header(&bytes[..len]), None, "cut to {len} bytes");
            }
            bytes[2] = 7;
            assert_eq!(header(&bytes), None);
        }
    }
}

/// Plans that would come here are refused at compile time.
#[cfg(not(feature = "kconfig"))]
mod gzip {
    use super::*;

    pub(super) const MAGIC: &[u8] = &[0x1f, 0x8b];

    pub(super) struct Gzip;

    impl Gzip {
        pub(super) fn new(_: &[u8], _: &CStr) -> Result<Self, Error> {
            Err(Error::new(Step::ReadConfig, ErrorKind::DamagedConfig))
        }

        pub(super) fn add(
            &mut self,
            _: &[u8],
            _: &mut dyn FnMut(&[u8]) -> Result<(), Error>,
        ) -> Result<bool, Error> {
            Ok(true)
        }
    }
}
