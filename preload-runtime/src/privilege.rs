//! What is tried when the kernel refuses a call for want of privilege.
//!
//! Kernels before 5.11 count the memory of BPF objects as locked memory, and answer `EPERM` at the limit:
//! there it is raised. From 6.9 on, a bpffs can be mounted so that it gives tokens to those without `CAP_BPF`
//! in the initial user namespace.

use crate::path::CPath;
use crate::sys::process::MemoryLock;
use crate::sys::{Errno, Fd, bpf, directory};

/// What has been tried so far, and the token if there is one.
pub(crate) struct Privilege<'a> {
    /// The bpffs to ask for a token.
    bpffs: Option<&'a CPath>,
    token: Option<Fd>,
    tried: bool,
}

impl<'a> Privilege<'a> {
    pub(crate) fn new(bpffs: Option<&'a CPath>) -> Self {
        Self { bpffs, token: None, tried: false }
    }

    /// The token that calls come with by now.
    #[cfg(feature = "threads")]
    pub(crate) fn token(&self) -> Option<&Fd> {
        self.token.as_ref()
    }

    /// Makes a call that gives a descriptor, and makes it again with whatever helps against `EPERM`. What did not help is
    /// undone.
    pub(crate) fn call(
        &mut self,
        mut call: impl FnMut(Option<&Fd>) -> Result<Fd, Errno>,
    ) -> Result<Fd, Errno> {
        self.make(&mut call)
    }

    fn make(&mut self, call: &mut dyn FnMut(Option<&Fd>) -> Result<Fd, Errno>) -> Result<Fd, Errno> {
        match call(self.token.as_ref()) {
            Err(Errno::EPERM) if !self.tried => self.tried = true,
            result => return result,
        }
        if let Some(limit) = MemoryLock::raise() {
            match call(None) {
                Err(Errno::EPERM) => limit.restore(),
                result => return result,
            }
        }
        let token = self.bpffs.and_then(|bpffs| {
            let root = directory::open(bpffs.as_c_str()).ok()?;
            bpf::token_create(&root).ok()
        });
        if token.is_none() {
            return Err(Errno::EPERM);
        }
        self.token = token;
        call(self.token.as_ref())
    }
}
