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
//! New here? The [guide] goes from an empty crate to a pinned program. Who knows libbpf, libbpf-rs, aya or
//! cilium/ebpf finds its names in [`coming_from`]; what a preload needs and protects is in [`security`],
//! how objects are signed in [`signing`], what errors mean in [`errors`].
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
//! # use preload_runtime::bpf_preload;
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
//! # Replacing what is there
//!
//! `preload` refuses a place where the object is preloaded already. What else may happen is said with
//! [`Preload`]:
//!
//! ```no_run
//! # use preload_runtime::bpf_preload;
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
//! # use preload_runtime::bpf_preload;
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
//! # use preload_runtime::bpf_preload;
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
//! - Values of variables in the attribute itself, fixed at build time: they are set before load. A variable of more than 1 KiB
//!   (or behind the first 16 KiB of its section) can only be set after load.
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
//! - `macros` (default): re-exports the attribute. A clean build is faster without: with `preload-macros` as a dependency of its own
//!   (`#[preload_macros::bpf_preload(..)]`) the two crates are compiled side by side.
//! - `std` (default): paths may be `std::path::Path` and its relatives, descriptors convert to those of
//!   `std::os::fd`. Without it the crate needs neither std nor an allocator.
//! - `kconfig`: objects may have [values of the kernel's configuration](machine); it takes a crate that inflates.
//! - `threads` (default): programs that keep the verifier busy are loaded on as many threads as there are
//!   processors, at most 8, once it shows that one thread would take milliseconds. The threads end with the load,
//!   and what comes of it, an error too, is the same as without them. Leave the feature out for a process that
//!   must have one thread only.
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
/// | `pin_root = "PATH"` | the directory in a bpffs that [maps pinned by name](crate#maps-pinned-by-name) are in |
/// | `in_kernel` | the object can be [loaded from inside the kernel](crate#loading-from-inside-the-kernel) as well |
/// | `signature = "PATH"` | the file that `bpf-preload sign` has made: the object is [loaded signed](crate#signed-objects) |
/// | `rodata(VARIABLE = VALUE, ..)` | [values of constants](#constants), fixed when this is compiled |
/// | `program(NAME, ..)` | settings of a program, by its name in C |
/// | `map(NAME, ..)` | settings of a map, by its name in C |
/// | .. `pin = "NAME"` | the name of its pin, in place of its own |
/// | .. `pin = false` | no pin |
/// | .. `target = "NAME"` | what a program attaches to, in place of what its section name says |
/// | .. `interface`, `cgroup`, `netns`, .. | what a program is attached to, [by its kind](#places) |
/// | .. `manual` | the caller attaches this program |
/// | .. `cookie = N` | what `bpf_get_attach_cookie` gives the program (`bpf_usdt_cookie` for USDT) |
/// | .. `optional` | a kernel without the program's [target](#targets) is no error |
/// | .. `instead_of = NAME` | used where the kernel does not have the target of that program |
///
/// # Places
///
/// Section names of some kinds do not say what a program is attached to. Settings do, so that `attach` and `preload`
/// cover it; or the caller does, with a method of the program's [handle](crate::kind) that only its kind has.
///
/// | programs | settings | method |
/// |---|---|---|
/// | `xdp`, `xdp.frags` | `interface`, `mode = "generic"` (`"native"`, `"offload"`, `"any"`) | `attach_xdp` |
/// | `tcx/..`, `tc/..` | `interface`, `order = "first"` (`"last"`) | `attach_tcx`, `attach_tc_unpinned` |
/// | `tc`, `classifier` | also `direction = "ingress"` (`"egress"`) | the same |
/// | `netkit/..` | `interface`, `order` | `attach_netkit` |
/// | `cgroup/..`, `cgroup_skb/..`, `sockops`, `lsm_cgroup/..` | `cgroup = "PATH"`, `order` (6.17) | `attach_cgroup` |
/// | `cgroup/skb` | also `direction` | the same |
/// | `flow_dissector`, `sk_lookup` | `netns = "PATH"` | `attach_netns` |
/// | `netfilter` | `family = "ipv4"` (`"ipv6"`), `hook = "input"` (`"prerouting"`, `"forward"`, `"output"`, `"postrouting"`), `priority = 0`, `defragment = true` | `attach_netfilter` |
/// | `sk_msg`, `sk_skb/..` | `map = "NAME"` | `attach_sock_map`, `attach_sock_map_unpinned` |
/// | `sk_skb` | also `hook = "verdict"` (`"stream_parser"`, `"stream_verdict"`) | the same |
/// | `freplace/FUNCTION` | `extends = "PATH"`: the pin of a program, or of its link | `attach_extension`, `attach_extension_to` |
/// | `iter/bpf_map_elem`, `iter/bpf_sk_storage_map`, `iter/sockmap` | `map = "NAME"` | `attach_map_iterator` |
/// | `iter/cgroup` | `order = "descendants_pre"` (`"descendants_post"`, `"ancestors_up"`, `"self_only"`), `cgroup = "PATH"` | `attach_cgroup_iterator` |
/// | `iter/task`, `iter/task_file`, `iter/task_vma` | `tid = N` or `pid = N`; all tasks without | `attach_task_iterator` |
/// | `perf_event` | | `attach_perf_event`, `attach_perf_event_unpinned` |
/// | `tracepoint`, `tp`, `kprobe`, `ksyscall`, `uprobe` (and `..ret..`) | the section names it | `attach_unpinned`, before 5.15 |
/// | `socket`, `sk_reuseport`, `lirc_mode2` | | `attach_socket`, `attach_reuseport`, `attach_lirc` |
/// | `syscall` | | `run` |
///
/// An interface is a name in quotes or an index; it is looked for in the network namespace of the process when the
/// program is attached. What has no link in any kernel, or not in the running one, cannot be pinned: such methods end in
/// `_unpinned`, or attach to something that lives no longer than a process.
///
/// # Constants
///
/// ```no_run
/// # use preload_runtime::bpf_preload;
/// #[bpf_preload(
///     "doc/tool.bpf.o",
///     rodata(verbose = true, limit = 0x1000, ports = [80, 443], comm = "bash", mode = STRICT),
/// )]
/// mod tool {}
/// # fn main() {}
/// ```
///
/// A constant is a `const volatile` variable, not `static`. The section `.rodata` is `rodata`, `.rodata.name` is `rodata_name`.
/// The constants have these values in place of the object's, as if the C source gave them: the verifier removes what they
/// rule out, and they are part of the plan and its digest. What is chosen before load (`open.rodata.verbose`) still goes
/// first.
///
/// | type in C | value |
/// |---|---|
/// | integers | an integer in their range |
/// | `char` and other integers of one byte | also a character: `'c'` |
/// | `bool` | `true` or `false` |
/// | `float`, `double` | a number with a point: `1.0` |
/// | enums | the name of a value, or an integer |
/// | arrays | a list of all elements: `[1, 2, 3]` |
/// | arrays of bytes | also a text, shorter than they are: `"text"` |
///
/// Names and values are held against the object's type information. There is nothing to write for structs, unions and
/// pointers: those are set before load.
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
/// | `types` | [types of the C source](crate::data) that maps and variables need, laid out as in C; only where there are any |
/// | `data` | the variables of each data section, as a struct; only where there are any |
/// | `OpenSkel` | the object before load: fields `maps` and `progs` with what may be chosen, and one for each data section with its variables: `open.rodata.verbose` |
/// | `OpenSkel::set_pin_root(dir)` | where [maps pinned by name](crate#maps-pinned-by-name) are |
/// | `OpenSkel::load()` | loads it: a `Skel` |
/// | `OpenSkel::load_with_token(bpffs)` | the same, with a token of a bpffs where the kernel refuses |
/// | `OpenSkel::preload(options)` | load, attach, pin, as [`Preload`] says: a [`Preloaded`]`<Skel>` |
/// | `OpenSkel::status(options)` | what is preloaded, compared with what these choices would make: a [`Status`] |
/// | `Skel` | the loaded object: fields `maps`, `progs`, `links` with a [`Map`] or one of the [maps that know their types](crate::maps), [`Program`]`<`[kind]`>` or `Option<`[`Link`]`>` by each name of the C source |
/// | `Skel::open()` | an `OpenSkel` |
/// | `Skel::attach()` | attaches every program whose target is known; returns [those it has left](Unattached) |
/// | `Skel::pin_NAME(path)`, `unpin_NAME(path)` | for each program: pins its link at a path |
/// | `Skel::pin(dir)`, `unpin(dir)` | all links and maps, in a directory |
/// | `Skel::preload(bpffs)` | load, attach, pin under a bpffs: a `Skel` of its own |
/// | `SKEL` | a [`Slot`]`<Skel, N>` for the one instance that is kept for the process; `N` is its number of descriptors |
/// | `NAME_LINK` | a [`View`]`<`[`Link`]`>` of the link of each program in it |
/// | `NAME_MAP` | a [`View`] of each map defined by the object in it |
/// | `preload(bpffs)` | fills `SKEL` and pins under a bpffs |
/// | `preload_with(options)` | the same, as [`Preload`] says: a [`Preloaded`]`<()>` |
/// | `unload()` | empties `SKEL`; the pins stay |
/// | `status(bpffs)` | what is preloaded under a bpffs, and whether it is the same: a [`Status`] |
/// | `unpin(bpffs)` | removes the pins, needs no instance |
/// | `unpin_with(options)` | the same, as [`Removal`] says |
/// | `OBJECT` | an [`Object`], which stands for these functions in a list of objects |
///
/// Names stay as they are in C. A keyword becomes a raw identifier (`r#type`), `self`, `super` and `crate`
/// get a `_` behind, characters that Rust does not have in names become `_`. Data sections are maps too,
/// without their dot: `rodata`, `bss`. Variables of an arena (`.addr_space.1`) lie at the start of its map.
///
/// # Pins
///
/// `preload` pins links and maps as `<bpffs>/<object>/<program or map>`, in a directory named after the
/// object file up to its first dot. Data sections are not pinned. A bpffs refuses names with a dot in them,
/// and so does the attribute.
///
/// The pins are what keeps a preloaded object in the kernel. One none of whose programs and maps has a pin is
/// preloaded for the life of the process only, or until `unload`; its directory is there and holds no pin.
///
/// # Targets
///
/// What programs attach to, and how it is written: [section names](crate::sections). Kernels rename functions and
/// drop others; `optional` and `instead_of` say what is to become of that:
///
/// ```text
/// #[bpf_preload(
///     "probes.bpf.o",
///     program(enter_by_kprobe, instead_of = enter_by_fentry, cookie = 7),
///     program(leave, optional)
/// )]
/// ```
///
/// Where a kernel has no such function for `enter_by_fentry`, or does not let it be traced so, `enter_by_kprobe` is
/// attached in its place; it comes later in the object. `leave` is left out where its target is missing. Other
/// failures stay errors. `attach` tells which optional programs are [absent](Unattached::absent). The same can be
/// chosen at run time, before load: [`OpenProgram`].
///
/// # What is refused
///
/// Whatever would keep the object from being loaded as it was meant is a compile error at the path or at the
/// setting it concerns: a file that is not an eBPF object, an unknown section, a licence that is missing or
/// not enough for the helpers in use, a relocation that cannot be carried out, a program with nothing to
/// attach to, names that clash, an address inside data, a map definition that libbpf would refuse.
///
/// Maps of the old kind (`struct bpf_map_def` in `SEC("maps")`), which libbpf has dropped, are taken as aya and cilium/ebpf
/// take them, also from objects without type information.
///
/// The programs that are known, by the names of their [sections]: those that `attach` and
/// `preload` attach, and those that are loaded, and must be `manual`.
#[cfg(feature = "macros")]
pub use preload_macros::bpf_preload;
pub use skeleton::{OpenMap, OpenProgram, OpenSignedProgram, OpenSkeleton, Skeleton, Unattached};
pub use slot::{Guard, Slot, View};
pub use status::{LeftOver, Match, Pin, Pinned, State, Status, status};
pub use sys::{Errno, Fd};
