//! The plan as a program that the kernel runs.

use core::fmt;

/// The program that carries out the plan inside the kernel, and what it works on.
pub struct Loader {
    /// The instructions, 8 bytes each.
    pub instructions: &'static [u8],
    /// All that the plan holds, and room for what is known only when it runs: the only value of a map.
    pub blob: &'static [u8],
    /// Bytes of the context that it runs with.
    pub context_size: u32,
    /// Where in the context the descriptors of maps are, in the order of [`Plan::maps`](super::Plan::maps).
    pub maps_at: u32,
    /// Where in the context the descriptors of programs are, in the order of [`Plan::programs`](super::Plan::programs).
    pub programs_at: u32,
    /// The maps, in that order.
    pub maps: &'static [LoaderMap],
}

/// Where the blob holds what may be changed of a map before load.
#[derive(Debug)]
pub struct LoaderMap {
    /// The number of entries.
    pub max_entries: u32,
    /// The contents of a data section; none where it starts as zeros.
    pub contents: Option<u32>,
}

/// A loader with its signatures, one for each form that kernels verify.
#[derive(Debug)]
pub struct Signed {
    /// What it works on, and the instructions of [`bound`](Self::bound).
    pub loader: Loader,
    /// For Linux 7.3: the signature covers instructions and blob.
    pub bound: SignedForm,
    /// For Linux 6.18: the signature covers instructions, which compare the blob with its hash.
    pub hashed: SignedForm,
}

/// One form of a signed loader.
pub struct SignedForm {
    /// The instructions, 8 bytes each.
    pub instructions: &'static [u8],
    /// Their SHA-256, by which the kernel knows the only program that may use the map.
    pub exclusive_hash: [u8; 32],
    /// `SignedData` of CMS in DER, without what was signed.
    pub signature: &'static [u8],
}

impl fmt::Debug for SignedForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignedForm")
            .field("instructions", &super::Bytes(self.instructions))
            .field("signature", &super::Bytes(self.signature))
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Loader {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Loader")
            .field("instructions", &super::Bytes(self.instructions))
            .field("blob", &super::Bytes(self.blob))
            .field("context_size", &self.context_size)
            .finish_non_exhaustive()
    }
}

/// Checks at compile time what running it takes for granted.
pub const fn check_loader(loader: &Loader, plan: &super::Plan) {
    assert!(loader.maps.len() == plan.maps.len(), "a loader of another plan");
    assert!(loader.instructions.len() % 8 == 0, "half an instruction");
    let end = loader.programs_at as usize + 4 * plan.programs.len();
    assert!(end <= loader.context_size as usize, "descriptors behind the context");
    assert!(4 * plan.programs.len() <= loader.blob.len(), "a blob without the words of the programs");
    let mut index = 0;
    while index < loader.maps.len() {
        let at = &loader.maps[index];
        assert!(at.max_entries as usize + 4 <= loader.blob.len(), "a number of entries outside the blob");
        if let Some(contents) = at.contents {
            let end = contents as usize + plan.maps[index].value_size as usize;
            assert!(end <= loader.blob.len(), "contents outside the blob");
        }
        index += 1;
    }
}
