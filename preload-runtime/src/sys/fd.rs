//! Owned file descriptors: core has none.

#![allow(unsafe_code, reason = "a descriptor is a number until someone vouches for it")]

use core::fmt;

use super::raw::{Call, syscall};
use super::{Errno, close};

/// `F_DUPFD_CLOEXEC`.
const DUPLICATE: usize = 1030;
/// The first number that is not one of standard input, output and error.
const LOWEST: i32 = 3;

/// A file descriptor that is closed on drop.
///
/// It is never 0, 1 or 2: at boot these may be closed, and whoever opens them next would write into a BPF
/// object.
pub struct Fd(i32);

impl Fd {
    /// Takes over a descriptor that the kernel has just returned.
    pub(super) fn new(raw: usize) -> Result<Self, Errno> {
        let fd = Self(raw as i32);
        if fd.0 >= LOWEST { Ok(fd) } else { fd.duplicate() }
    }

    /// Takes over a descriptor that the kernel has made for a program that has been run.
    pub(crate) fn made(raw: u32) -> Result<Self, Errno> {
        Self::new(raw as usize)
    }

    /// Takes over the [number](Self::raw) of a descriptor that was not dropped, and that nobody else has taken since.
    pub(crate) const fn from_raw(raw: i32) -> Self {
        Self(raw)
    }

    /// What is kept where there is no descriptor yet: a number that none ever has, for the kernel ends before it
    /// (`sysctl_nr_open_max`). Not -1, which `BorrowedFd` must not hold.
    pub(crate) const NONE: Self = Self(i32::MAX);

    /// Gives up the descriptor without closing it.
    #[cfg(feature = "std")]
    fn into_raw(self) -> i32 {
        core::mem::ManuallyDrop::new(self).0
    }

    /// The number, for passing it to the kernel while `self` lives.
    pub(crate) fn raw(&self) -> i32 {
        self.0
    }

    /// A second descriptor of the same object (`F_DUPFD_CLOEXEC`).
    ///
    /// # Errors
    ///
    /// `EMFILE` when the process has no descriptor left.
    pub fn duplicate(&self) -> Result<Self, Errno> {
        let args = [self.0 as usize, DUPLICATE, LOWEST as usize, 0, 0];
        // SAFETY: fcntl with this command takes no pointer.
        let raw = unsafe { syscall(Call::Fcntl, args) }?;
        Ok(Self(raw as i32))
    }
}

/// Keeps the numbers of standard input, output and error from being given to something else, where they are free.
pub(crate) struct Occupied([Option<Fd>; LOWEST as usize]);

impl Occupied {
    /// Puts a descriptor of something in their places.
    pub(crate) fn with(fd: &Fd) -> Result<Self, Errno> {
        let mut places = Self([const { None }; LOWEST as usize]);
        for place in &mut places.0 {
            let args = [fd.0 as usize, DUPLICATE, 0, 0, 0];
            // SAFETY: fcntl with this command takes no pointer.
            let copy = Fd(unsafe { syscall(Call::Fcntl, args) }? as i32);
            if copy.0 >= LOWEST {
                break;
            }
            *place = Some(copy);
        }
        Ok(places)
    }
}

impl Drop for Fd {
    fn drop(&mut self) {
        close(self.0);
    }
}

impl fmt::Debug for Fd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fd({})", self.0)
    }
}

#[cfg(feature = "std")]
mod with_std {
    use std::os::fd::{AsFd, AsRawFd, BorrowedFd, FromRawFd, IntoRawFd, OwnedFd, RawFd};

    use super::{Errno, Fd, LOWEST};

    impl AsFd for Fd {
        fn as_fd(&self) -> BorrowedFd<'_> {
            // SAFETY: `self` owns the descriptor and keeps it open for the lifetime of the borrow.
            unsafe { BorrowedFd::borrow_raw(self.0) }
        }
    }

    impl AsRawFd for Fd {
        fn as_raw_fd(&self) -> RawFd {
            self.0
        }
    }

    impl From<Fd> for OwnedFd {
        fn from(fd: Fd) -> Self {
            // SAFETY: `into_raw` gives up ownership, so that the new owner is the only one.
            unsafe { Self::from_raw_fd(fd.into_raw()) }
        }
    }

    impl TryFrom<OwnedFd> for Fd {
        type Error = Errno;

        /// Fails with `EMFILE` when a descriptor that is 0, 1 or 2 cannot be moved.
        fn try_from(fd: OwnedFd) -> Result<Self, Errno> {
            let fd = Self(fd.into_raw_fd());
            if fd.0 >= LOWEST { Ok(fd) } else { fd.duplicate() }
        }
    }
}
