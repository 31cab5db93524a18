//! Reads an eBPF object file into the [`Plan`] that loads it.
//!
//! This is what `#[bpf_preload]` runs inside the compiler. It knows neither the compiler nor the kernel:
//! bytes in, plain data out, the same for the same bytes every time, and an [`Error`] for whatever it cannot
//! carry out in full.
//!
//! ```
//! use preload_object::{Choices, Object, Plan};
//!
//! # let bytes = include_bytes!("../doc/iterators.bpf.o");
//! let object = Object::read(bytes)?;
//! let plan = Plan::new(&object, &Choices { object: "iterators".into(), ..Choices::default() });
//! assert_eq!(plan.programs[0].name, "dump_bpf_map");
//! assert_eq!(plan.maps[1].kernel_name, "iterator.rodata");
//! # Ok::<(), preload_object::Errors>(())
//! ```
//!
//! The way of the data, one module after the other: `elf` takes the file apart, `btf` and `btf_ext` read its
//! type information, `externs` says what is left to the loader, `map` and `section` say what maps and programs there
//! are, `link` makes each program one stream of instructions, `object` puts it together and checks it, `plan` adds the
//! caller's choices. `types` is beside that: what maps and variables hold, for those who want to look inside.

mod btf;
mod btf_ext;
mod core_relo;
mod elf;
mod error;
mod exception;
mod externs;
mod insn;
mod kernel;
mod license;
mod link;
pub mod loader;
mod map;
mod object;
mod plan;
mod section;
pub mod signature;
mod struct_ops;
mod types;

pub use btf::Btf;
pub use core_relo::CoreRelo;
pub use error::{Error, ErrorKind, Errors};
pub use externs::{ConfigKind, ConfigValue, KernelSymbol, SymbolKind};
pub use kernel::{Answer, KernelTypes, Need, NeedKind};
pub use map::{Data, Map, Slot, SlotItem};
pub use object::{Object, Program};
pub use plan::{Choices, MapChoice, MapPlan, Plan, ProgramChoice, ProgramPlan, VariableChoice};
pub use section::{Attach, BtfTarget, Kernel, KernelType, Probe, ProgramKind, Way};
pub use section::{
    CgroupOrder, Direction, Family, Hook, Interface, Place, Position, Setting, SettingError, SockMapHook,
    Value, XdpMode,
};
pub use struct_ops::{StructOps, StructOpsMember};
pub use types::{
    BitField, Constant, ConstantError, Field, Item, ItemKind, MapTypes, Type, Types, Variable, Written,
};
