//! What the kernel says of the process itself.

#![allow(unsafe_code, reason = "the arguments hold addresses")]

use super::Errno;
use super::raw::{Call, syscall};

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

pub(crate) fn id() -> u32 {
    // SAFETY: the call takes no arguments and cannot fail.
    unsafe { syscall(Call::Getpid, [0; 5]) }.map_or(0, |id| id as u32)
}
