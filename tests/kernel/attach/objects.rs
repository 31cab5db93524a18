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

#[bpf_preload("../../bpf/attach/uprobe.bpf.o", program(on_entry, cookie = 17))]
pub(crate) mod uprobe {}

#[bpf_preload("../../bpf/attach/uprobe_sleepable.bpf.o", program(on_entry, cookie = 17))]
pub(crate) mod uprobe_sleepable {}

#[bpf_preload("../../bpf/attach/kprobe_multi.bpf.o", program(on_all, cookie = 17))]
pub(crate) mod kprobe_multi {}

#[bpf_preload("../../bpf/attach/uprobe_multi.bpf.o", program(on_all, cookie = 17))]
pub(crate) mod uprobe_multi {}

#[bpf_preload("../../bpf/attach/uprobe_multi_sleepable.bpf.o", program(on_all, cookie = 17))]
pub(crate) mod uprobe_multi_sleepable {}

#[bpf_preload("../../bpf/attach/kprobe_session.bpf.o")]
pub(crate) mod kprobe_session {}

#[bpf_preload("../../bpf/attach/uprobe_session.bpf.o")]
pub(crate) mod uprobe_session {}

#[bpf_preload("../../bpf/attach/uprobe_session_sleepable.bpf.o")]
pub(crate) mod uprobe_session_sleepable {}

#[bpf_preload("../../bpf/attach/absent_uprobe.bpf.o")]
pub(crate) mod absent_uprobe {}

#[bpf_preload("../../bpf/attach/absent_file.bpf.o")]
pub(crate) mod absent_file {}

#[bpf_preload("../../bpf/attach/absent_pattern.bpf.o")]
pub(crate) mod absent_pattern {}

pub(crate) static OBJECTS: &[Object] = objects! { tracepoint kprobe uprobe uprobe_sleepable kprobe_multi uprobe_multi uprobe_multi_sleepable kprobe_session uprobe_session uprobe_session_sleepable };
