//! What an object may hold, since which kernel, and where it is decided.
//!
//! *Linux* is the first version that loads an object with it; 5.10 stands for all that are supported. *Decided* is where
//! the work is done: when the object is *compiled* in, which also is when mistakes are told, or when it is *loaded*, by
//! what the running kernel says. The example is a source under `tests/bpf` in the repository, which a test loads into
//! real kernels; each is loaded with libbpf too, and comes to the same maps, programs and types.
//!
//! Section names, and what programs in them attach to, have a [table of their own](crate::sections).
//!
#![doc = include_str!("../doc/contents.md")]
