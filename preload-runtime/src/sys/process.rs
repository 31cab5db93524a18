//! What the kernel says of the process itself.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use core::sync::atomic::{AtomicBool, Ordering};

use super::raw::{Call, syscall};
use super::{Errno, file};

/// `_LINUX_CAPABILITY_VERSION_3`: two words of capabilities.
const CAPABILITY_VERSION: u32 = 0x2008_0522;

/// A capability, by its number in `linux/capability.h`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Capability {
    SysAdmin = 21,
    Perfmon = 38,
    Bpf = 39,
}

/// The effective capabilities of the thread, as a bit set.
pub(crate) struct Capabilities(u64);

impl Capabilities {
    pub(crate) fn effective() -> Result<Self, Errno> {
        let header = [CAPABILITY_VERSION, 0];
        // Effective, permitted and inheritable of the low word, then of the high one.
        let mut sets = [0_u32; 6];
        let args = [header.as_ptr() as usize, sets.as_mut_ptr() as usize, 0, 0, 0];
        // SAFETY: both are laid out and sized as version 3 says.
        unsafe { syscall(Call::Capget, args) }?;
        Ok(Self(u64::from(sets[0]) | u64::from(sets[3]) << 32))
    }

    pub(crate) fn has(&self, capability: Capability) -> bool {
        self.0 >> (capability as u32) & 1 == 1
    }
}

/// Whether the process is in another user namespace than the first one, which maps all users to themselves.
pub(crate) fn in_user_namespace() -> bool {
    let mut buffer = [0; 128];
    let Ok(len) = file::open(c"/proc/self/uid_map").and_then(|map| file::read(&map, &mut buffer)) else {
        return false;
    };
    let mut words =
        buffer.get(..len).unwrap_or_default().split(u8::is_ascii_whitespace).filter(|word| !word.is_empty());
    let first = [words.next(), words.next(), words.next()];
    first != [Some(b"0".as_slice()), Some(b"0"), Some(b"4294967295")]
}

/// `RLIMIT_MEMLOCK`, which kernels before 5.11 count the memory of BPF objects against.
pub(crate) struct MemoryLock {
    before: Limit,
}

/// `struct rlimit64`.
#[derive(Clone, Copy, PartialEq, Eq)]
#[repr(C)]
struct Limit {
    soft: u64,
    hard: u64,
}

impl MemoryLock {
    /// Lifts the limit. Nothing when it is lifted already or may not be.
    pub(crate) fn raise() -> Option<Self> {
        let lifted = Limit { soft: u64::MAX, hard: u64::MAX };
        let before = Self::exchange(None).ok().filter(|before| *before != lifted)?;
        Self::exchange(Some(lifted)).ok()?;
        Some(Self { before })
    }

    /// Puts the limit back to what it was.
    pub(crate) fn restore(self) {
        // Lowering needs no privilege; there is nothing to be done about a failure.
        let _ = Self::exchange(Some(self.before));
    }

    fn exchange(new: Option<Limit>) -> Result<Limit, Errno> {
        const MEMLOCK: usize = 8;
        let mut old = Limit { soft: 0, hard: 0 };
        let new = new.as_ref().map_or(0, |new| core::ptr::from_ref(new) as usize);
        let args = [0, MEMLOCK, new, core::ptr::from_mut(&mut old) as usize, 0];
        // SAFETY: both are laid out as the call wants them, and live until it returns; 0 stands for no new
        // limit.
        unsafe { syscall(Call::Prlimit64, args) }?;
        Ok(old)
    }
}

/// The effective user.
pub(crate) fn user() -> u32 {
    // SAFETY: the call takes no arguments and cannot fail.
    unsafe { syscall(Call::Geteuid, [0; 5]) }.map_or(0, |id| id as u32)
}

/// What the kernel calls itself: `struct new_utsname`.
pub(crate) struct Names([[u8; 65]; 6]);

impl Names {
    pub(crate) fn of_kernel() -> Self {
        let mut names = Self([[0; 65]; 6]);
        // SAFETY: the struct is six strings of 65 bytes, which are there to be written. It cannot fail then.
        let _ = unsafe { syscall(Call::Uname, [names.0.as_mut_ptr() as usize, 0, 0, 0, 0]) };
        names
    }

    /// `uname -r`.
    pub(crate) fn release(&self) -> &str {
        self.text(2)
    }

    /// `uname -v`.
    pub(crate) fn version(&self) -> &str {
        self.text(3)
    }

    /// The first two numbers of the release; zeros where it has none.
    pub(crate) fn numbers(&self) -> (u32, u32) {
        let mut numbers = self
            .release()
            .split(|c: char| !c.is_ascii_digit())
            .map(|digits| digits.parse().unwrap_or_default());
        (numbers.next().unwrap_or_default(), numbers.next().unwrap_or_default())
    }

    fn text(&self, index: usize) -> &str {
        let bytes = self.0.get(index).map_or(&[][..], |name| name);
        let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
        core::str::from_utf8(bytes.get(..end).unwrap_or_default()).unwrap_or_default()
    }
}

/// Writes to descriptor 2, which is not ours to close, whatever it is: the number of bytes taken.
pub(crate) fn write_error(bytes: &[u8]) -> Result<usize, Errno> {
    loop {
        // SAFETY: the bytes are readable for their length.
        match unsafe { syscall(Call::Write, [2, bytes.as_ptr() as usize, bytes.len(), 0, 0]) } {
            Err(Errno::EINTR) => {}
            // Nothing taken would be tried for ever.
            Ok(0) => return Err(Errno::EIO),
            result => return result,
        }
    }
}

static ENDING: AtomicBool = AtomicBool::new(false);

/// Leaves it to the end of the process to close descriptors, unmap memory and let go of locks.
pub(crate) fn set_ending() {
    ENDING.store(true, Ordering::Relaxed);
}

/// Whether the process ends so soon that nothing is to be tidied up.
pub(super) fn is_ending() -> bool {
    ENDING.load(Ordering::Relaxed)
}

/// Ends the process.
pub(crate) fn exit(code: i32) -> ! {
    loop {
        // SAFETY: no argument is an address; the call does not return.
        let _ = unsafe { syscall(Call::ExitGroup, [code as usize, 0, 0, 0, 0]) };
    }
}
