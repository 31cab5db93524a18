//! What can be wrong with a signature.

/// Why a signed object was not loaded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SignatureProblem {
    /// The keyring does not have the key (`ENOKEY`).
    NoKey,
    /// There is no keyring of this number, or the process may not look into it (`EINVAL`).
    NoKeyring,
    /// The key has expired, or was revoked (`EKEYEXPIRED`, `EKEYREVOKED`).
    KeyExpired,
    /// It is not the key's signature of this object (`EKEYREJECTED`).
    Rejected,
    /// The signature is good, but what it was to be loaded is not what was signed.
    Changed,
    /// The kernel was built without signatures, or without the algorithm (`EOPNOTSUPP`, `ENOPKG`).
    Unsupported,
    /// The kernel knows no signatures of programs: they came with Linux 6.18.
    KernelTooOld,
}

impl SignatureProblem {
    pub(super) fn describe(self) -> &'static str {
        match self {
            Self::NoKey => "the key of the signature is not in the keyring",
            Self::NoKeyring => "there is no such keyring, or this process may not look into it",
            Self::KeyExpired => "the key of the signature has expired or was revoked",
            Self::Rejected => "the signature is not one of this object by that key",
            Self::Changed => "what was to be loaded is not what was signed",
            Self::Unsupported => "kernel %k does not verify such signatures",
            Self::KernelTooOld => "kernel %k knows no signatures of programs",
        }
    }

    pub(super) fn advice(self) -> &'static str {
        match self {
            Self::NoKey => "add its certificate to that keyring, or name the one it is in with `keyring`",
            Self::NoKeyring => "name another one with `keyring`; see /proc/keys",
            Self::KeyExpired => "sign the object again, with a key that is valid",
            Self::Rejected | Self::Changed => {
                "this binary is not as it was built: put the original one in its place"
            }
            Self::Unsupported => "it needs CONFIG_SYSTEM_DATA_VERIFICATION, and the algorithms of the key",
            Self::KernelTooOld => "Linux 6.18 or newer is needed",
        }
    }
}
