//! What iterators can be told to go through: methods of their handles.
//!
//! A program can have any number of links: one iterator for each map, cgroup or process.

use super::{Link, Map, Program};
use crate::attach::iterator;
use crate::error::Error;
use crate::kind;
use crate::target::{AsFile, CgroupOrder, Tasks};

impl Program<kind::Iterator> {
    /// Goes through all there is of what the section name says (5.8).
    ///
    /// # Errors
    ///
    /// `EBADF` or `EINVAL` from iterators that must be told what they go through.
    pub fn attach_iterator(&self) -> Result<Link, Error> {
        self.linked(iterator::all)
    }

    /// Goes through the elements of a map: `iter/bpf_map_elem` (5.9; maps of type array and hash, and their variants),
    /// `iter/bpf_sk_storage_map` (5.9), `iter/sockmap` (5.10).
    ///
    /// # Errors
    ///
    /// `EINVAL` for a map of a type that the iterator does not go through; `EACCES` when the program reads more than a key or
    /// a value has.
    pub fn attach_map_iterator(&self, map: &Map) -> Result<Link, Error> {
        self.linked(|program| iterator::map(program, map))
    }

    /// Goes through cgroups, from one on: `iter/cgroup` (6.1). The cgroup is given by the path of its directory or a
    /// descriptor of it.
    ///
    /// # Errors
    ///
    /// `ENOENT` when there is no such directory, `EBADF` when it is no cgroup.
    pub fn attach_cgroup_iterator(&self, cgroup: impl AsFile, order: CgroupOrder) -> Result<Link, Error> {
        self.linked(|program| iterator::cgroup(program, Some(cgroup.file()), order))
    }

    /// Goes through one thread, or through the threads of one process: `iter/task`, `iter/task_file`, `iter/task_vma` (6.1).
    /// Once they have ended, there is nothing to read.
    ///
    /// # Errors
    ///
    /// `E2BIG` from older kernels; `EBADF` for what is no pidfd, `EINVAL` for the number 0.
    pub fn attach_task_iterator(&self, tasks: Tasks<'_>) -> Result<Link, Error> {
        self.linked(|program| iterator::tasks(program, tasks))
    }
}
