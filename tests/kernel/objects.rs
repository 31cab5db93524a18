//! The objects that the tests load.

#![allow(missing_docs, reason = "each has its description in the BPF source")]

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::{Error, Preload, Preloaded, Removal};

use crate::attach;

#[bpf_preload("../../examples/iterators.bpf.o")]
pub(crate) mod iterators {}

#[bpf_preload("../../examples/ringbuf.bpf.o", dir = "gen_preload_methods")]
pub(crate) mod ringbuf {}

#[bpf_preload("../../examples/guard.bpf.o")]
pub(crate) mod guard {}

#[bpf_preload("../bpf/linked.bpf.o")]
pub(crate) mod linked {}

#[bpf_preload("../bpf/plain.bpf.o")]
pub(crate) mod plain {}

#[bpf_preload("../bpf/tracing.bpf.o", program(count_manual, manual), program(count_tp_btf, pin = "tp"))]
pub(crate) mod tracing {}

#[bpf_preload("../bpf/programs/busy.bpf.o")]
pub(crate) mod busy {}

#[bpf_preload("../bpf/programs/busy_refused.bpf.o")]
pub(crate) mod busy_refused {}

#[bpf_preload("../bpf/rejected.bpf.o")]
pub(crate) mod rejected {}

#[bpf_preload("../bpf/missing_target.bpf.o")]
pub(crate) mod missing_target {}

#[bpf_preload("../bpf/lsm.bpf.o")]
pub(crate) mod lsm {}

#[bpf_preload("../bpf/programs/opens.bpf.o")]
pub(crate) mod opens {}

#[bpf_preload("../bpf/fentry.bpf.o")]
pub(crate) mod fentry {}

#[bpf_preload("../bpf/new_types.bpf.o")]
pub(crate) mod new_types {}

#[bpf_preload("../bpf/large_map.bpf.o")]
pub(crate) mod large_map {}

#[bpf_preload("../bpf/many.bpf.o", map(many_table, pin = "table"))]
pub(crate) mod many {}

#[bpf_preload("../bpf/transaction/crowd.bpf.o")]
pub(crate) mod crowd {}

#[bpf_preload("../bpf/transaction/exclusive.bpf.o", program(watch, interface = "lo", mode = "generic"))]
pub(crate) mod exclusive {}

#[bpf_preload("../bpf/transaction/operations.bpf.o")]
pub(crate) mod operations {}

#[bpf_preload("../bpf/transaction/operations_faulty.bpf.o")]
pub(crate) mod operations_faulty {}

#[bpf_preload("../bpf/transaction/operations_held.bpf.o")]
pub(crate) mod operations_held {}

#[bpf_preload("../bpf/gapless.bpf.o")]
pub(crate) mod gapless {}

/// An object that another process can be told to preload, by its name.
pub(crate) struct Object {
    pub(crate) name: &'static str,
    /// Into the statics.
    pub(crate) preload: fn(Preload) -> Result<Preloaded<()>, Error>,
    pub(crate) unpin: fn(Removal) -> Result<(), Error>,
    pub(crate) unload: fn() -> bool,
    /// As an instance that is dropped at once.
    pub(crate) preload_apart: fn(Preload) -> Result<(), Error>,
}

impl Object {
    /// The one of this name.
    pub(crate) fn named(name: &str) -> Result<&'static Self, Failed> {
        let mut objects = OBJECTS.iter().chain(attach::OBJECTS).chain(attach::placed::OBJECTS);
        objects.find(|object| object.name == name).ok_or_else(|| format!("no object {name}").into())
    }
}

/// The modules as objects.
macro_rules! objects {
    ($($module:ident)*) => {
        &[$(Object {
            name: stringify!($module),
            preload: $module::preload_with,
            unpin: $module::unpin_with,
            unload: $module::unload,
            preload_apart: |options| $module::Skel::open().preload(options).map(drop),
        }),*]
    };
}

pub(crate) use objects;

static OBJECTS: &[Object] = objects! { iterators plain tracing lsm opens fentry new_types large_map many crowd exclusive operations_faulty operations_held gapless };
