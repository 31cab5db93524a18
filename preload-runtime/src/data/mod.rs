//! What maps and variables hold: values of C types, and memory that is shared with the kernel.
//!
//! The attribute makes a Rust type of each C type that a map or a global variable needs, in the module's `types`.
//! All of them, and the integers, arrays and the two types below that they are made of, are a [`Value`]:
//! whatever bytes the kernel has put there are one.
//!
//! Global variables are reached in two ways. Before load `OpenSkel` has a field for each data section, with a
//! field for each variable:
//!
//! ```ignore
//! let mut open = tool::Skel::open();
//! open.rodata.verbose = Bool::TRUE;   // a constant for the verifier: branches that it rules out are removed
//! open.data.level = 3;
//! let skel = open.load()?;
//! ```
//!
//! After load the section is memory of the kernel's. [`DataMap::map`](crate::maps::DataMap::map) maps it:
//!
//! ```ignore
//! let bss = skel.maps.bss.map()?;
//! println!("{} events", bss.fields().events.get());
//! bss.fields().events.set(0);
//! ```

mod bits;
mod buffer;
mod macros;
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
    section::{Access, Contents, Fields, Variables},
    structure::{hash, layout, same, show},
    value::{Sink, Source},
};
