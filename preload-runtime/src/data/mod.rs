//! What maps and variables hold: values of C types, and memory that is shared with the kernel.
//!
//! The attribute makes a Rust type of each C type that a map or a global variable needs, in the module's `types`.
//! All of them, and the integers, arrays and the two types below that they are made of, are a [`Value`]:
//! whatever bytes the kernel has put there are one.
//!
//! Global variables are reached in two ways. Before load `OpenSkel` has a field for each data section, with a
//! field for each variable:
//!
//! ```no_run
//! use preload_macros::bpf_preload;
//! use preload_runtime::data::Bool;
//!
//! #[bpf_preload("doc/tool.bpf.o")]
//! mod tool {}
//!
//! # fn main() -> Result<(), preload_runtime::Error> {
//! let mut open = tool::Skel::open();
//! open.rodata.verbose = Bool::TRUE;   // a constant for the verifier: branches that it rules out are removed
//! open.data.level = 3;
//! let skel = open.load()?;
//! # Ok(())
//! # }
//! ```
//!
//! What is known when the object is compiled in can be said in the [attribute](crate::attribute#constants). A variable of
//! more than 1 KiB has no field in `OpenSkel`, which is passed by value, nor have those that find no room in the 16 KiB
//! of its section there; the docs of the section name them.
//!
//! After load the section is memory of the kernel's. [`DataMap::map`](crate::maps::DataMap::map) maps it:
//!
//! ```no_run
//! # #[preload_macros::bpf_preload("doc/tool.bpf.o")]
//! # mod tool {}
//! # fn main() -> Result<(), preload_runtime::Error> {
//! # let skel = tool::Skel::open().load()?;
//! let bss = skel.maps.bss.map()?;
//! println!("{} events", bss.fields().events.get());
//! bss.fields().events.set(0);
//! # Ok(())
//! # }
//! ```
//!
//! A struct or union of more than 4,096 members has no fields in Rust: it is as many bytes as it has in C.
//!
//! # `bytemuck` and `zerocopy`
//!
//! There is no feature for them. Their derives would not take code away: they refuse types with padding, which C types have, and
//! what they give for the others (bytes to value, value to bytes) is what [`Value`] gives for all, without `unsafe` in
//! the user's crate. Who has types of these crates goes by bytes: [`Value::to_bytes`] and [`Value::from_bytes`], or the methods
//! of [`Map`](crate::Map) that take bytes.

mod bits;
mod buffer;
mod macros;
#[doc(hidden)]
pub mod names;
mod section;
mod shared;
mod structure;
mod value;

pub use section::{Data, ReadOnly, ReadWrite};
pub use shared::Shared;
pub use value::{Bool, Layout, Pointer, Value};

pub(crate) use buffer::Buffer;
pub(crate) use structure::bytes;
#[doc(hidden)]
pub use {
    bits::{Bits, bit_field, set_bit_field},
    section::{Access, Bytes, Fields, Variables},
    value::{Sink, Source},
};
