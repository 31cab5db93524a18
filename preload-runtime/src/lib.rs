//! Puts eBPF programs into the kernel at boot.
//!
//! `#[bpf_preload("iterators.bpf.o")]` on a module reads an eBPF object **at compile time** and turns it into
//! a Rust skeleton: statics, a skeleton struct, methods that pin each program. This crate carries it out with
//! bpf(2) and nothing else: no ELF in the process, no libbpf, no libc of its own, no allocator.
//!
//! ```no_run
//! use preload_runtime::{bpf_preload, bpffs};
//!
//! #[bpf_preload("doc/iterators.bpf.o")]
//! pub mod iterators {}
//!
//! fn main() -> Result<(), preload_runtime::Error> {
//!     bpffs::mount("/sys/fs/bpf")?;           // only if nothing is mounted there
//!     iterators::preload("/sys/fs/bpf")?;     // load, attach, pin: all of it, or nothing
//!     Ok(())                                  // the pins stay: cat /sys/fs/bpf/iterators/dump_bpf_map
//! }
//! ```
//!
//! Everything that can be known about an object is known when it compiles: what cannot be loaded as it was
//! meant is a compile error. What is left for run time is what only the kernel knows, and its answer comes as
//! an [`Error`] that says what was being done, with which program, what the kernel said, and what is likely
//! to help.
//!
//! # One instance, or many
//!
//! The statics of a module are one instance, kept for the process. Any number of others can live beside it,
//! each with descriptors of its own:
//!
//! ```no_run
//! # use preload_runtime::bpf_preload;
//! # #[bpf_preload("doc/iterators.bpf.o")]
//! # pub mod iterators {}
//! # fn main() -> Result<(), preload_runtime::Error> {
//! let mut open = iterators::Skel::open();
//! open.maps.reads.set_max_entries(1);
//! let mut skel = open.load()?;
//! let left = skel.attach()?;
//! assert!(left.is_empty(), "programs without a known target are left to the caller");
//! skel.pin_dump_bpf_map("/sys/fs/bpf/maps")?;
//! println!("link {}, map {}", skel.links.dump_bpf_map.as_ref().unwrap().id()?, skel.maps.reads.id()?);
//! drop(skel);                             // lets go of everything but what is pinned
//! # Ok(())
//! # }
//! ```
//!
//! [`Skeleton`] and [`OpenSkeleton`] are for code that works on any object.
//!
//! # What it needs
//!
//! Linux 5.10 or newer on x86_64, aarch64 or riscv64. Objects with CO-RE relocations need Linux 5.17, which
//! carries them out by itself: older kernels give an error that says so. Programs that are loaded against a
//! kernel type (all but raw tracepoints) need a kernel with type information (`CONFIG_DEBUG_INFO_BTF`).
//! Loading takes `CAP_BPF`, tracing programs `CAP_PERFMON` too, mounting a bpffs `CAP_SYS_ADMIN`.
//!
//! Each call is made in the form that new kernels take, and in an older form only when a kernel refuses that
//! one: nothing is probed. Kernels before 5.11 count the memory of BPF objects as locked memory; there
//! `RLIMIT_MEMLOCK` is lifted for the process, after a refusal. A process without privilege in the initial
//! user namespace can be given a token by a bpffs (6.9): `preload` asks the bpffs that it pins to,
//! `OpenSkel::load_with_token` the one it is told, both after a refusal.
//!
//! # Features
//!
//! - `macros` (default): re-exports the attribute.
//! - `std` (default): paths may be `std::path::Path` and its relatives, descriptors convert to those of
//!   `std::os::fd`. Without it the crate needs neither std nor an allocator.
//!
//! # Safety
//!
//! Generated code holds no `unsafe`, and a crate with `#![forbid(unsafe_code)]` can use it. In this crate it
//! is confined to the syscall layer, each block with its reason.

#![cfg_attr(not(any(feature = "std", test)), no_std)]
#![cfg_attr(docsrs, feature(doc_cfg))]

#[cfg(not(all(target_os = "linux", target_pointer_width = "64")))]
compile_error!("system calls are those of 64-bit Linux");
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")))]
compile_error!("system calls are known for x86_64, aarch64 and riscv64 only");
#[cfg(not(target_endian = "little"))]
compile_error!("plans are made for little-endian machines only");

#[doc(hidden)]
#[path = "private.rs"]
pub mod __private;
mod attach;
pub mod bpffs;
mod directory;
mod error;
mod handles;
mod kernel_btf;
mod load;
mod marker;
mod patch;
mod path;
mod pin;
pub mod plan;
mod preload;
mod privilege;
mod skeleton;
mod slot;
mod sys;
#[cfg(test)]
mod testing;
mod transaction;

pub use error::{Error, ErrorKind, MapField, Step};
pub use handles::{Handle, Link, Map, Program};
pub use path::AsPath;
pub use preload::{Existing, Preload, Preloaded, Removal};
/// Turns an inline module into the skeleton of an eBPF object.
///
/// ```no_run
/// use preload_runtime::bpf_preload;
///
/// #[bpf_preload("doc/iterators.bpf.o", dir = "tools", program(dump_bpf_map, pin = "maps"), map(reads, pin = false))]
/// pub mod iterators {}
/// # fn main() {}
/// ```
///
/// # Arguments
///
/// | argument | meaning |
/// |---|---|
/// | `"PATH"` | the object file; the first argument, and the only one that must be there |
/// | `crate = path` | where this crate is, if it is renamed or re-exported: `::other_name` or `crate::path` |
/// | `dir = "NAME"` | the directory that [pins](#pins) go to, in place of the object's name |
/// | `program(NAME, ..)` | settings of a program, by its name in C |
/// | `map(NAME, ..)` | settings of a map, by its name in C |
/// | .. `pin = "NAME"` | the name of its pin, in place of its own |
/// | .. `pin = false` | no pin |
/// | .. `target = "NAME"` | what a program attaches to, in place of what its section name says |
/// | .. `manual` | the caller attaches this program |
///
/// # Path
///
/// The path is looked for beside the source file, then in the package root, then in `OUT_DIR`; the first file
/// found is taken. (Before Rust 1.88 a macro cannot know its source file, and the package root comes first.)
/// The file is tracked: when it changes, the crate is compiled again.
///
/// # What it expands to
///
/// The module keeps its own items, and gets these:
///
/// | item | what it is |
/// |---|---|
/// | `PLAN` | the [plan](crate::plan::Plan): all of the object, as constants |
/// | `OpenSkel` | the object before load: fields `maps` and `progs` with what may be chosen; `load()` |
/// | `Skel` | the loaded object: fields `maps`, `progs`, `links` with a [`Map`], [`Program`] or `Option<`[`Link`]`>` by each name of the C source |
/// | `Skel::open()` | an `OpenSkel` |
/// | `Skel::attach()` | attaches every program whose target is known; returns [those it has left](Unattached) |
/// | `Skel::pin_NAME(path)`, `unpin_NAME(path)` | for each program: pins its link at a path |
/// | `Skel::pin(dir)`, `unpin(dir)` | all links and maps, in a directory |
/// | `Skel::preload(bpffs)` | load, attach, pin under a bpffs |
/// | `SKEL` | a [`Slot`] for the one instance that is kept for the process |
/// | `NAME_LINK` | a [`View`] of the link of each program in it |
/// | `NAME_MAP` | a [`View`] of each map defined by the object in it |
/// | `preload(bpffs)`, `unload()` | fill and empty `SKEL`; `unload` leaves the pins |
/// | `unpin(bpffs)` | removes the pins, needs no instance |
///
/// Names stay as they are in C. A keyword becomes a raw identifier (`r#type`), `self`, `super` and `crate`
/// get a `_` behind, characters that Rust does not have in names become `_`. Data sections are maps too,
/// without their dot: `rodata`, `bss`.
///
/// # Pins
///
/// `preload` pins links and maps as `<bpffs>/<object>/<program or map>`, in a directory named after the
/// object file up to its first dot. Data sections are not pinned. A bpffs refuses names with a dot in them,
/// and so does the attribute.
///
/// # What is refused
///
/// Whatever would keep the object from being loaded as it was meant is a compile error at the path or at the
/// setting it concerns: a file that is not an eBPF object, an unknown section, a licence that is missing or
/// not enough for the helpers in use, a relocation that cannot be carried out, a program with nothing to
/// attach to, names that clash.
///
/// The programs that are known are iterators (`iter/`, `iter.s/`), raw tracepoints (`raw_tp/`,
/// `raw_tracepoint/`, with `.w`), `tp_btf/`, `fentry/`, `fexit/`, `fmod_ret/` (with `.s`), and `lsm/`,
/// `lsm.s/`. An LSM program loads and attaches on every kernel built with `CONFIG_BPF_LSM`, but is asked only
/// where `bpf` is among the active LSMs (`lsm=` on the kernel's command line, `/sys/kernel/security/lsm`).
#[cfg(feature = "macros")]
pub use preload_macros::bpf_preload;
pub use skeleton::{OpenMap, OpenProgram, OpenSkeleton, Skeleton, Unattached};
pub use slot::{Guard, Slot, View};
pub use sys::{Errno, Fd};
