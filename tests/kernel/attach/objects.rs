//! The objects that the tests of this folder load.

#![allow(missing_docs, reason = "each has its description in the BPF source")]

use preload_runtime::bpf_preload;

use crate::objects::{Object, objects};

#[bpf_preload("../../bpf/attach/tracepoint.bpf.o", program(on_tp, cookie = 0x1234_5678_9abc))]
pub(crate) mod tracepoint {}

#[bpf_preload("../../bpf/attach/kprobe.bpf.o")]
pub(crate) mod kprobe {}

#[bpf_preload("../../bpf/attach/absent_tracepoint.bpf.o")]
pub(crate) mod absent_tracepoint {}

#[bpf_preload("../../bpf/attach/absent_raw_tracepoint.bpf.o")]
pub(crate) mod absent_raw_tracepoint {}

#[bpf_preload("../../bpf/attach/absent_kprobe.bpf.o")]
pub(crate) mod absent_kprobe {}

#[bpf_preload("../../bpf/attach/absent_ksyscall.bpf.o")]
pub(crate) mod absent_ksyscall {}

#[bpf_preload("../../bpf/attach/forbidden_kprobe.bpf.o")]
pub(crate) mod forbidden_kprobe {}

pub(crate) static OBJECTS: &[Object] = objects! { tracepoint kprobe };
