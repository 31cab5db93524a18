//! Where the kernel looks for the key of a signature.

/// A keyring of the kernel's, in which the key that has signed an object is looked for (6.18).
///
/// The first four are the system's, which nobody can add a key to without one that is trusted already. The others are
/// whoever's: a signature that is verified with one of those says no more than who owns it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Keyring {
    /// Keys that were built into the kernel (`CONFIG_SYSTEM_TRUSTED_KEYS`).
    #[default]
    Builtin,
    /// The same, and those that were added since, signed with one of them (`CONFIG_SECONDARY_TRUSTED_KEYRING`).
    Secondary,
    /// Keys of the machine's firmware (`CONFIG_INTEGRITY_PLATFORM_KEYRING`).
    Platform,
    /// The kernel's keyring for BPF programs (after Linux 7.3).
    Bpf,
    /// The session keyring of the process (`KEY_SPEC_SESSION_KEYRING`).
    Session,
    /// A keyring by its serial number. That of a key is none: the kernel looks for keys in it.
    Serial(i32),
}

impl Keyring {
    /// `keyring_id` of `BPF_PROG_LOAD`: the numbers of the system's keyrings are those of `VERIFY_USE_*`.
    pub(crate) fn id(self) -> i32 {
        match self {
            Self::Builtin => 0,
            Self::Secondary => 1,
            Self::Platform => 2,
            Self::Bpf => 3,
            Self::Session => -3,
            Self::Serial(serial) => serial,
        }
    }
}
