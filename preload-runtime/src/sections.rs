//! Section names, what they make of a program, and how its target is written.
//!
//! ```c
//! SEC("iter/bpf_map")      // the target behind a slash
//! SEC("?iter/bpf_map")     // there, but left out unless it is switched on before load
//! SEC("xdp")               // a name that takes no target
//! ```
//!
//! Names and rules are those of libbpf: a name without a slash at its end is matched whole, the others stand
//! alone or in front of a slash and a target. Programs whose section names no target can be given one with
//! `program(NAME, target = "..")`, written in the same way.
//!
//! *Linux* is the first version that loads such programs, *link* the first that has a link for them: only a
//! link can be pinned. Programs that are attached *with* a setting are told what to with
//! `program(NAME, interface = "eth0")`, or by the caller, who says `program(NAME, manual)` and calls a method of the
//! program's handle. Programs that are attached *by hand* are always left to the caller.
//!
#![doc = include_str!("../doc/sections.md")]
//!
//! # Seen at work
//!
#![doc = include_str!("../doc/seen.md")]
