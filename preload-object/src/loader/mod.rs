//! The plan as a program: a *loader*, which the kernel runs to make the maps and to load the programs.
//!
//! A loader is a program of type `BPF_PROG_TYPE_SYSCALL` and one map with one value, the *blob*: all that the plan holds,
//! and the attributes of the calls to be made. Instructions of the object's programs are rewritten when they are loaded,
//! so that they cannot be signed; those of a loader are not. Who signs a loader and its blob signs the whole object.
//!
//! The same plan gives the same loader, to the byte.
//!
//! ```
//! use preload_object::loader::{self, Form};
//! use preload_object::{Choices, Object, Plan};
//!
//! # let bytes = include_bytes!("../../doc/iterators.bpf.o");
//! let object = Object::read(bytes)?;
//! let plan = Plan::new(&object, &Choices { object: "iterators".into(), ..Choices::default() });
//! let loader = loader::generate(&plan, Some(Form::Bound))?;
//! assert!(loader.message(Form::Bound).ends_with(&loader.blob));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! What a loader does, in this order: with [`Form::Hashed`] it compares the blob with its hash; it loads the type
//! information; finds symbols of the kernel and puts them into the instructions that refer to them; makes, fills and
//! freezes maps; puts maps into slots of maps; finds the programs' targets and loads the programs; puts programs into
//! slots. It stops at the first call that fails, and says which that was. Attaching and pinning are left to user space.

mod attr;
mod blob;
mod code;
mod context;
mod error;
mod generate;
mod making;
mod maps;
mod programs;
mod refuse;
mod step;
mod symbols;

pub use error::Error;
pub use generate::generate;
pub use step::{Action, Step};

use crate::section::KERNEL;

/// What a signature covers, and what ties the blob to the instructions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Form {
    /// That of Linux 6.18: the instructions are signed. They hold the SHA-256 of the blob, and compare it with the one that
    /// the kernel has made of the frozen map.
    Hashed,
    /// That of Linux 7.3: the instructions are signed, with the contents of the frozen map behind them. The kernel puts
    /// the two together itself (`fd_array_cnt` is 1).
    Bound,
}

/// A program that loads an object from inside the kernel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loader {
    /// The instructions, for `BPF_PROG_TYPE_SYSCALL` with `BPF_F_SLEEPABLE`. Index 0 of `fd_array` is the map.
    pub instructions: Vec<u8>,
    /// The only value of the map, an array; the same for each form.
    pub blob: Vec<u8>,
    /// Bytes of the context that it runs with.
    pub context_size: u32,
    /// Where in the context the descriptor of the first map is, behind it those of the others.
    pub maps_at: u32,
    /// Where in the context the descriptor of the first program is, behind it those of the others.
    pub programs_at: u32,
    /// Where the blob holds what may be changed of a map that is not signed.
    pub maps: Vec<MapPlace>,
}

/// Where the blob holds what may be changed of a map that is not signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MapPlace {
    /// The number of entries, 32 bits.
    pub max_entries: u32,
    /// The contents of a data section; none where it starts as zeros.
    pub contents: Option<u32>,
}

/// The bits of the word that the blob begins with for each program; it is zero for one that is left out.
pub mod flags {
    /// It is loaded.
    pub const LOAD: u32 = 1 << 0;
    /// A kernel without its target is no error.
    pub const OPTIONAL: u32 = 1 << 1;
}

impl Loader {
    /// What is signed for a form that the loader was generated for.
    pub fn message(&self, form: Form) -> Vec<u8> {
        match form {
            Form::Hashed => self.instructions.clone(),
            Form::Bound => [self.instructions.as_slice(), self.blob.as_slice()].concat(),
        }
    }

    /// What the kernel tells the only program by that may use the map (`excl_prog_hash`): the SHA-256 of its instructions.
    ///
    /// The kernel leaves out the descriptors of maps, which differ from one run to the next. A loader has indices in their
    /// place.
    pub fn exclusive_hash(&self) -> [u8; 32] {
        sha256(&self.instructions)
    }
}

pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    hmac_sha256::Hash::hash(bytes)
}
