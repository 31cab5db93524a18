//! Error numbers of the kernel.

use core::fmt;

/// An error number, as in `errno(3)`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Errno(i32);

macro_rules! errnos {
    ($($name:ident = $number:literal $text:literal)*) => {
        impl Errno {
            $(
                #[doc = $text]
                pub const $name: Self = Self($number);
            )*
        }

        /// The numbers that the calls made here return, in order.
        const NUMBERS: &[u16] = &[$($number),*];
        /// The symbolic name of each, a blank, and a short text.
        const TEXTS: &[&str] = &[$(concat!(stringify!($name), " ", $text)),*];
    };
}

errnos! {
    EPERM = 1 "operation not permitted"
    ENOENT = 2 "no such file or directory"
    ESRCH = 3 "no such process or object"
    EINTR = 4 "interrupted"
    EIO = 5 "input or output error"
    ENXIO = 6 "no such device or address"
    E2BIG = 7 "argument not known to this kernel"
    ENOEXEC = 8 "not a file of that format"
    EBADF = 9 "bad file descriptor"
    EAGAIN = 11 "try again"
    ENOMEM = 12 "out of memory"
    EACCES = 13 "permission denied"
    EFAULT = 14 "bad address"
    EBUSY = 16 "busy"
    EEXIST = 17 "already exists"
    EXDEV = 18 "not on the same file system"
    ENODEV = 19 "no such device"
    ENOTDIR = 20 "not a directory"
    EISDIR = 21 "is a directory"
    EINVAL = 22 "invalid argument"
    ENFILE = 23 "too many open files in the system"
    EMFILE = 24 "too many open files"
    EFBIG = 27 "file too large"
    ENOSPC = 28 "no space left"
    EROFS = 30 "read-only file system"
    ERANGE = 34 "out of range"
    ENAMETOOLONG = 36 "name too long"
    ENOSYS = 38 "not in this kernel"
    ENOTEMPTY = 39 "directory not empty"
    ELOOP = 40 "too many symbolic links"
    ENOPKG = 65 "no such algorithm in this kernel"
    ENOLINK = 67 "what it was linked to is gone"
    EPROTO = 71 "protocol error"
    EBADMSG = 74 "not in the form that it should have"
    EILSEQ = 84 "invalid sequence"
    EOPNOTSUPP = 95 "not supported by this kernel"
    EADDRNOTAVAIL = 99 "address not available"
    ESTALE = 116 "it has changed meanwhile"
    ENOKEY = 126 "no such key"
    EKEYEXPIRED = 127 "the key has expired"
    EKEYREVOKED = 128 "the key was revoked"
    EKEYREJECTED = 129 "refused with this key"
    ENOTSUPP = 524 "not supported by this kernel"
}

impl Errno {
    pub(crate) const fn new(number: i32) -> Self {
        Self(number)
    }

    /// The symbolic name and a short text, for the numbers that the calls made here return.
    fn describe(self) -> Option<(&'static str, &'static str)> {
        let index = NUMBERS.iter().position(|&number| i32::from(number) == self.0)?;
        let text = TEXTS.get(index)?;
        let blank = text.bytes().position(|byte| byte == b' ')?;
        Some((text.get(..blank)?, text.get(blank + 1..)?))
    }

    /// The number itself.
    pub const fn number(self) -> i32 {
        self.0
    }
}

impl fmt::Display for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.describe() {
            Some((name, text)) => [text, " (", name, ")"].into_iter().try_for_each(|text| f.write_str(text)),
            None => {
                f.write_str("error ")?;
                fmt::Display::fmt(&self.0, f)
            }
        }
    }
}

impl fmt::Debug for Errno {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.describe() {
            Some((name, _)) => f.write_str(name),
            None => write!(f, "Errno({})", self.0),
        }
    }
}

#[cfg(feature = "std")]
impl From<Errno> for std::io::Error {
    fn from(errno: Errno) -> Self {
        Self::from_raw_os_error(errno.0)
    }
}
