//! Maps that know what they hold.
//!
//! The fields of `Skel::maps` have the types of the C source: a hash of `struct key` and `struct value` is a
//! [`KeyedMap`]`<types::key, types::value>`. Each of them derefs to the plain [`Map`](crate::Map), which has the
//! descriptor, and reads and writes bytes: for what has no form of its own here, such as ring buffers.
//!
//! | map type | form |
//! |---|---|
//! | hash, LRU hash, LPM trie, storage of sockets, inodes, tasks, cgroups | [`KeyedMap`] |
//! | array | [`ArrayMap`] |
//! | per-CPU hash, per-CPU LRU hash | [`PerCpuMap`] |
//! | per-CPU array | [`PerCpuArray`] |
//! | queue, stack | [`QueueMap`] |
//! | bloom filter | [`BloomFilter`] |
//! | program array, perf event array, cgroup array, maps of maps, sockets (map, hash, reuseport), XSK | [`FdMap`] |
//! | data section | [`DataMap`] |
//!
//! Keys and values are passed by value, as [`Value`](crate::data::Value)s; where the definition of a map says only how
//! many bytes they have, they are arrays of bytes.
//!
//! ```no_run
//! use preload_runtime::maps::Update;
//! # #[preload_macros::bpf_preload("doc/tool.bpf.o")]
//! # mod tool {}
//! # fn main() -> Result<(), preload_runtime::Error> {
//! # use tool::types;
//! # let skel = tool::Skel::open().load()?;
//!
//! let key = types::key { pid: 1, ..Default::default() };
//! skel.maps.counts.insert(&key, &7, Update::ANY)?;
//! assert_eq!(skel.maps.counts.get(&key)?, Some(7));
//! for entry in skel.maps.counts.iter() {
//!     let (key, count) = entry?;
//!     println!("{}: {count}", key.pid);
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # Errors
//!
//! Whatever the kernel refuses, with the name of the map. That a key is not there is none: it is `None` or `false`.

mod array;
mod batch;
mod data;
mod fds;
mod iter;
mod keyed;
mod per_cpu;
mod queue;
mod raw;
mod typed;

use core::ops::BitOr;

pub use array::ArrayMap;
pub use batch::{Batch, Batches};
pub use data::{ByCall, DataMap};
pub use fds::FdMap;
pub use iter::{Entries, Keys};
pub use keyed::{KeyedMap, Locked};
pub use per_cpu::{PerCpuArray, PerCpuMap, PerCpuValues};
pub use queue::{BloomFilter, QueueMap};

/// How a value is written: `BPF_ANY` and its relatives.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Update(u64);

impl Update {
    /// Whether the key is there or not (`BPF_ANY`).
    pub const ANY: Self = Self(0);
    /// Only if the key is not there: else `EEXIST` (`BPF_NOEXIST`).
    pub const NEW: Self = Self(1);
    /// Only if the key is there: else `ENOENT` (`BPF_EXIST`).
    pub const OLD: Self = Self(2);
    /// While holding the `bpf_spin_lock` of the value (`BPF_F_LOCK`, 5.1): programs that take the lock see all of
    /// it or nothing. `EINVAL` for a map without one.
    pub const LOCK: Self = Self(4);

    /// Any flags, as the kernel takes them.
    pub const fn from_bits(bits: u64) -> Self {
        Self(bits)
    }

    /// The flags, as the kernel takes them.
    pub const fn bits(self) -> u64 {
        self.0
    }
}

impl BitOr for Update {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}
