//! The objects that the tests load.

#![allow(missing_docs, reason = "each has its description in the BPF source")]

use preload_runtime::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o")]
pub(crate) mod iterators {}

#[bpf_preload("../../examples/ringbuf.bpf.o", dir = "gen_preload_methods")]
pub(crate) mod ringbuf {}

#[bpf_preload("../bpf/linked.bpf.o")]
pub(crate) mod linked {}

#[bpf_preload("../bpf/plain.bpf.o")]
pub(crate) mod plain {}

#[bpf_preload("../bpf/tracing.bpf.o", program(count_manual, manual), program(count_tp_btf, pin = "tp"))]
pub(crate) mod tracing {}

#[bpf_preload("../bpf/rejected.bpf.o")]
pub(crate) mod rejected {}

#[bpf_preload("../bpf/missing_target.bpf.o")]
pub(crate) mod missing_target {}
