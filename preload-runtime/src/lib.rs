//! Puts eBPF programs into the kernel at boot.
//!
//! `#[bpf_preload("iterators.bpf.o")]` on a module reads an eBPF object **at compile time** and turns it into
//! a Rust skeleton: statics, a skeleton struct, methods that pin each program. This crate carries it out with
//! bpf(2) and nothing else: no ELF in the process, no libbpf, no libc of its own, no allocator. The attribute is
//! in the crate `preload-macros`, a dependency beside this one: `cargo add preload-macros preload-runtime`.
//!
//! ```no_run
//! use preload_macros::bpf_preload;
//! use preload_runtime::bpffs;
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
//! New here? The [guide] goes from an empty crate to a pinned program. What may be said in the attribute, and what
//! comes of it, is on the page [`attribute`]. Who knows libbpf, libbpf-rs, aya or cilium/ebpf finds its names in
//! [`coming_from`]; what a preload needs and protects is in [`security`], how objects are signed in [`signing`],
//! what errors mean in [`errors`].
//!
//! # Words
//!
//! - The *plan* is all that the object says, worked out at compile time; constants in the binary.
//! - To *load* is to make the maps and to bring the programs through the verifier. Nothing runs yet.
//! - To *attach* is to get a *link* for a program: the kernel calls it from then on, as long as the link is
//!   there.
//! - To *pin* is to give a link or a map a file in a bpffs, which keeps it when the process ends.
//! - To *preload* is all three, for all of the object, or nothing.
//! - The *skeleton* is the struct of the loaded object, with a field for each map, program and link.
//!
//! # Making an object
//!
//! With clang, LLVM and libbpf's headers (Debian: `clang llvm libbpf-dev linux-libc-dev`):
//!
//! ```console
//! $ clang -target bpf -g -O2 -I/usr/include/$(uname -m)-linux-gnu -c src/iterators.bpf.c -o src/iterators.bpf.o
//! $ llvm-strip -g src/iterators.bpf.o
//! ```
//!
//! `-g` gives the type information (BTF) that maps are defined by. `-I` is for Debian and its relatives,
//! which keep `asm/types.h` in a folder that clang searches for the host only. `llvm-strip -g` drops DWARF
//! and keeps BTF; plain `llvm-strip` would take symbols, relocations and BTF as well, and the `strip` of
//! binutils does not know the format.
//!
//! The object lies beside the source file that names it (before Rust 1.88: in the package root). A build
//! script can make it: `preload_build::compile("src/iterators.bpf.c")` of the crate `preload-build` puts it into `OUT_DIR`,
//! where `#[bpf_preload("iterators.bpf.o")]` finds it.
//!
//! # One instance, or many
//!
//! The statics of a module are one instance, kept for the process. What [`Slot::get`] and [`View::get`]
//! return keeps its descriptors open, also while another thread unloads:
//!
//! ```no_run
//! # use preload_macros::bpf_preload;
//! # #[bpf_preload("doc/iterators.bpf.o")]
//! # pub mod iterators {}
//! # fn main() -> Result<(), preload_runtime::Error> {
//! iterators::preload("/sys/fs/bpf")?;
//! if let Some(skel) = iterators::SKEL.get() {
//!     println!("program {}", skel.progs.dump_bpf_map.id()?);
//! }
//! if let (Some(link), Some(map)) = (iterators::DUMP_BPF_MAP_LINK.get(), iterators::READS_MAP.get()) {
//!     println!("link {}, map {}", link.id()?, map.id()?);
//! }
//! iterators::unload();                    // lets go of it; the pins stay
//! assert!(iterators::SKEL.get().is_none());
//! iterators::unpin("/sys/fs/bpf")?;       // this takes them away, in this process or in another one
//! # Ok(())
//! # }
//! ```
//!
//! Any number of other instances can live beside it, each with descriptors of its own:
//!
//! ```no_run
//! # use preload_macros::bpf_preload;
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
//! # Replacing what is there
//!
//! `preload` refuses a place where the object is preloaded already. What else may happen is said with
//! [`Preload`]:
//!
//! ```no_run
//! # use preload_macros::bpf_preload;
//! # #[bpf_preload("doc/iterators.bpf.o")]
//! # pub mod iterators {}
//! # fn main() -> Result<(), preload_runtime::Error> {
//! use preload_runtime::{Existing, Preload, Preloaded};
//!
//! let options = Preload::at("/sys/fs/bpf").existing(Existing::Replace).carry_maps(true);
//! match iterators::preload_with(options)? {
//!     Preloaded::New(()) => println!("there was nothing before"),
//!     Preloaded::Replaced(()) => println!("the new programs have the old ones' pinned maps"),
//!     Preloaded::Kept => unreachable!("only `Existing::Keep` keeps what is there"),
//! }
//! # Ok(())
//! # }
//! ```
//!
//! - A set of pins is made under another name and published by one rename: who looks at the object's
//!   directory finds all of a set or nothing.
//! - When replacing, the new programs are attached before the old ones go, so that no event passes unseen. A
//!   failure leaves the old set as it is.
//! - Where the kernel allows one program only (XDP on an interface, the flow dissector of a network namespace, a
//!   map of sockets), or operations of one name (`.struct_ops.link`), the new one takes the place of the old one
//!   in its link, in one step, right before the new set is published. A failure puts the old one back; after a
//!   kill in between, the next preload or unpin does. What the kernel cannot exchange is an error, and the old
//!   set stays: operations without a link, schedulers of sched_ext, programs of one priority at a netfilter hook.
//!   Unpin the old set first, then preload.
//! - One preloader at a time works in a directory of a bpffs. The lock is the kernel's (`flock`) and goes
//!   with the process; a second one gets `EAGAIN`, or waits with [`Preload::wait`].
//! - What a killed run has left is cleaned away, or put back, by the next one.
//! - Before Linux 6.1 a bpffs cannot exchange two names: there a replacement takes two renames, between which
//!   nothing has the name, while both sets are attached. Who opens a pin by its path in that moment gets
//!   `ENOENT`. A process that is killed in it leaves the old set under the object's name and `__old`; the next
//!   preload or unpin gives it its name back.
//! - What belongs to another user is neither kept nor replaced, unless sets are given to that user
//!   ([`Preload::owner`]): in a bpffs that everyone may write to, anyone can make what looks like a preload.
//! - "The same", for [`Existing::Keep`], is: the same plan, the same choices before load, the same modes and
//!   owner. The digests are recorded with the pins, and do not depend on the compiler or the machine that has
//!   built the preloader.
//!
//! # Reading back
//!
//! `status` of a module, or [`status`] for any directory, tells what is preloaded: each link and what it is
//! attached to, each map, whether all of it is there, whether it is what this program would preload, and what
//! a killed run has left. It changes nothing and waits for nobody.
//!
//! ```no_run
//! # use preload_macros::bpf_preload;
//! # #[bpf_preload("doc/iterators.bpf.o")]
//! # pub mod iterators {}
//! # fn main() -> Result<(), preload_runtime::Error> {
//! use preload_runtime::State;
//!
//! let status = iterators::status("/sys/fs/bpf")?;
//! if status.state() != State::Complete {
//!     println!("{status}");               // all of it, for a person at a console
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Loading from inside the kernel
//!
//! With `in_kernel` behind the path in the attribute, the object comes as a program too, which makes the maps and loads the
//! programs in one run (Linux 5.14): `load_in_kernel` of the open skeleton runs it. What comes of it is what `load` makes,
//! choices and errors too; attaching and pinning follow as ever.
//!
//! ```no_run
//! # use preload_macros::bpf_preload;
//! #[bpf_preload("doc/iterators.bpf.o", in_kernel)]
//! pub mod iterators {}
//!
//! # fn main() -> Result<(), preload_runtime::Error> {
//! let mut skel = iterators::Skel::open().load_in_kernel()?;
//! let _ = skel.attach()?;
//! skel.pin("/sys/fs/bpf/iterators")?;
//! # Ok(())
//! # }
//! ```
//!
//! What only user space can know or do is a compile error then: values of the kernel's configuration, operations
//! (`.struct_ops`), arenas, maps pinned by name, a target in a named module, several declarations of one kernel function. The
//! kernel finds functions and variables by their names, without a look at their types.
//!
//! # Signed objects
//!
//! Since Linux 6.18 the kernel verifies signatures of programs. What is signed is not the object's own programs, which the
//! kernel changes when they are loaded, but the program that loads them from inside the kernel, with all that it loads: one
//! signature covers programs, maps and data. The private key never meets the compiler: `bpf-preload sign` makes a signature
//! file, and the attribute embeds it.
//!
//! ```ignore
//! #[bpf_preload("guard.bpf.o", signature = "guard.sig")]
//! pub mod guard {}
//!
//! guard::preload_with(Preload::at("/sys/fs/bpf").keyring(Keyring::Secondary))?;
//! ```
//!
//! - A file that is not one of exactly this object, with these arguments, is a compile error that says to sign it again.
//! - `load` and `preload` hand the signature to the kernel, which looks for the key in the [`Keyring`] that is named; its own keys
//!   unless one is. Attaching, pinning and replacing are as ever. What the signature fixes cannot be chosen: the open skeleton has
//!   no constants, no sizes of maps and no programs to leave out. Maps cannot be carried over.
//! - Kernels know two forms, that of 6.18 and that of 7.3; the same binary has both, and finds by the kernel's answer which one
//!   it takes.
//! - [`SignatureProblem`] tells apart what can be wrong: the key is missing, the signature is another's, the contents have changed,
//!   the kernel verifies none, or is too old.
//!
//! A signature is no policy: kernels take unsigned programs as ever, from those who may load any. Descriptors are in the process as
//! soon as the loader has made something, where another thread could use them before the loader is done.
//!
//! # Maps pinned by name
//!
//! A map with `__uint(pinning, LIBBPF_PIN_BY_NAME)` is shared between objects, as with libbpf: it is pinned under its own
//! name, and an object that finds a map of that name there uses it. `OpenMap::set_pinned_by_name` has the last word.
//!
//! - The directory is the one of `OpenSkel::set_pin_root`, else that of the attribute's `pin_root`, else the bpffs that is
//!   preloaded into, else `/sys/fs/bpf`. It is made where it is missing, but not what it is in.
//! - The map that is there must have the type, sizes, entries, flags and extra parameter that the object wants, after
//!   rounding; the error shows both sides. What it holds stays: slots that the source fills are filled in a new map only,
//!   except those with programs, which always get the programs of the object that is loaded last.
//! - Shared maps are no part of the object's set of pins: replacing does not touch them, and `unpin` leaves them unless
//!   [`Removal::shared_maps`] asks for them. A name given with `map(NAME, pin = "..")` is a second pin, in the set.
//! - A failed load or preload takes back the pins that it has made, and nothing else. A process that is killed may leave
//!   them, which does no harm: the next run finds them.
//!
//! [`OpenMap::reuse`] uses any map that the caller has, after the same check.
//!
//! A program array is emptied by the kernel when its last descriptor and its last pin are gone: keep its pin.
//!
//! # What it needs
//!
//! Linux 5.10 or newer on x86_64, aarch64 or riscv64; of these only x86_64 has been compiled and run, the
//! others are written from the kernel's tables. Objects with CO-RE relocations need Linux 5.17, which carries
//! them out by itself: older kernels give an error that says so. Programs that are loaded against a kernel
//! type (all but raw tracepoints) need a kernel with type information (`CONFIG_DEBUG_INFO_BTF`). Loading
//! takes `CAP_BPF`, tracing programs `CAP_PERFMON` too, mounting a bpffs `CAP_SYS_ADMIN`.
//!
//! LSM programs need a kernel built with `CONFIG_BPF_LSM` and `bpf` among the active LSMs: `lsm=..,bpf` on
//! its command line, to be seen in `/sys/kernel/security/lsm`. Without the second they load and attach, and
//! are never asked. A kernel in lockdown (`/sys/kernel/security/lockdown`, often set by secure boot) refuses
//! programs that attach to its functions: fentry, fexit, fmod_ret and LSM.
//!
//! Tracepoints, kprobes, uprobes and USDT are perf events, which have links since Linux 5.15; older kernels give an
//! error that says so. Their names are looked up in tracefs, which need not be mounted (`CAP_SYS_ADMIN`). A function
//! that the kernel itself does not have is looked for in its modules (5.11, `CAP_SYS_ADMIN`).
//!
//! Each call is made in the form that new kernels take, and in an older form only when a kernel refuses that
//! one: nothing is probed. Kernels before 5.11 count the memory of BPF objects as locked memory; there
//! `RLIMIT_MEMLOCK` is lifted for the process, after a refusal. A process without privilege in the initial
//! user namespace can be given a token by a bpffs (6.9): `preload` asks the bpffs that it pins to,
//! `OpenSkel::load_with_token` the one it is told, both after a refusal.
//!
//! What an object may hold, with the kernel that takes it and an example, is in the table of [contents].
//!
//! # What it does not do yet
//!
//! - Values of variables before load, where they are larger than 1 KiB or behind the first 16 KiB of their section: those can
//!   only be set after load.
//! - Programs that the [table of sections](sections) says are attached by hand are loaded, and left to the caller.
//! - Programs for many functions of a module (`fentry.multi/module:pattern`); those for functions of the kernel itself are attached.
//! - Optional operations (`SEC("?.struct_ops")`).
//! - Jump tables (`.jumptables`, which newer compilers make of large `switch`es for kernels since 6.19).
//! - Big-endian machines.
//!
//! An object that needs one of these is refused when it is compiled.
//!
//! # Features
//!
//! - `std` (default): paths may be `std::path::Path` and its relatives, descriptors convert to those of
//!   `std::os::fd`. Without it the crate needs neither std nor an allocator.
//! - `threads` (default): programs that keep the verifier busy are loaded on as many threads as there are
//!   processors, at most 8, once it shows that one thread would take milliseconds (the kernel's search for types of
//!   [CO-RE](machine#co-re) is not counted: it is under a lock). The threads end with the load, and what comes of it, an
//!   error too, is the same as without them. Leave the feature out for a process that must have one thread only.
//! - `macros`: re-exports the attribute, as `preload_runtime::bpf_preload`, for who wants a single dependency. A clean build
//!   takes longer with it: this crate then waits for `preload-macros`, where else the two are compiled side by side. Of
//!   versions that are compatible Cargo takes the same for both.
//! - `kconfig`: objects may have [values of the kernel's configuration](machine); it takes a crate that inflates.
//! - `uprobes`: programs on functions of files (`uprobe`, `uprobe.multi`, `usdt` and their like), for which ELF files
//!   are read at run time. An object that needs it does not compile without.
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
#[doc = include_str!("../doc/attribute.md")]
pub mod attribute {}
pub mod bare;
pub mod bpffs;
mod btf;
mod choice;
mod code;
pub mod contents;
#[doc = include_str!("../doc/coming_from.md")]
pub mod coming_from {}
mod cpus;
pub mod data;
mod digits;
mod directory;
mod entries;
mod error;
#[doc = include_str!("../doc/errors.md")]
pub mod errors {}
#[doc = include_str!("../doc/guide.md")]
pub mod guide {}
mod handles;
mod kconfig;
mod kernel_btf;
mod keyring;
pub mod kind;
mod lines;
#[doc = include_str!("../doc/machine.md")]
pub mod machine {}
mod load;
mod loader;
mod making;
pub mod maps;
mod marker;
mod object;
mod patch;
mod path;
mod pin;
mod place;
pub mod plan;
mod preload;
mod privilege;
mod properties;
mod rows;
pub mod sections;
mod settings;
#[doc = include_str!("../doc/security.md")]
pub mod security {}
#[doc = include_str!("../doc/signing.md")]
pub mod signing {}
mod shared;
mod skeleton;
mod slot;
mod status;
mod struct_ops;
mod symbols;
mod sys;
pub mod target;
#[cfg(test)]
mod testing;
mod transaction;

pub use attach::network::tcx_revision;
pub use error::{Error, ErrorKind, MapField, MemberProblem, SignatureProblem, Step};
pub use handles::{
    Attachment, Handle, Link, LinkInfo, Map, MapInfo, Program, ProgramInfo, TakenOver, TcFilter, Text,
    UnpinnedEvent,
};
pub use kconfig::OpenKconfig;
pub use keyring::Keyring;
pub use object::Object;
pub use path::AsPath;
pub use pin::unpin;
pub use preload::{Existing, Preload, Preloaded, Removal};
/// The attribute of the crate `preload-macros`, which the page [`attribute`] describes.
#[cfg(feature = "macros")]
pub use preload_macros::bpf_preload;
pub use skeleton::{OpenMap, OpenProgram, OpenSignedProgram, OpenSkeleton, Skeleton, Unattached};
pub use slot::{Guard, Slot, View};
pub use status::{LeftOver, Match, Pin, Pinned, State, Status, status};
pub use sys::{Errno, Fd};
