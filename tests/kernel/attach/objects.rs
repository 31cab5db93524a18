//! The objects that the tests of this folder load.

#![allow(missing_docs, reason = "each has its description in the BPF source")]

use preload_macros::bpf_preload;

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

#[bpf_preload("../../bpf/attach/absent_fentry.bpf.o")]
pub(crate) mod absent_fentry {}

#[bpf_preload("../../bpf/attach/absent_module.bpf.o")]
pub(crate) mod absent_module {}

#[bpf_preload("../../bpf/attach/untraceable.bpf.o")]
pub(crate) mod untraceable {}

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

#[bpf_preload(
    "../../bpf/attach/alternatives.bpf.o",
    program(absent_at_attach, instead_of = absent_at_load),
    program(third, instead_of = absent_at_attach),
    program(second, instead_of = first),
    program(optional, optional)
)]
pub(crate) mod alternatives {}

#[bpf_preload("../../bpf/attach/usdt.bpf.o", program(on_event, cookie = 77))]
pub(crate) mod usdt {}

#[bpf_preload("../../bpf/attach/usdt_places.bpf.o")]
pub(crate) mod usdt_places {}

#[bpf_preload("../../bpf/attach/absent_usdt.bpf.o")]
pub(crate) mod absent_usdt {}

#[bpf_preload(
    "../../bpf/attach/iterators/elements.bpf.o",
    program(show_elements, map = "numbers"),
    program(show_sockets, map = "sockets"),
    program(show_storage, map = "storage")
)]
pub(crate) mod elements {}

#[bpf_preload(
    "../../bpf/attach/iterators/tasks.bpf.o",
    dir = "iterated_tasks",
    program(show_second, pid = 2),
    program(show_some, manual)
)]
pub(crate) mod iterated_tasks {}

#[bpf_preload(
    "../../bpf/attach/iterators/cgroups.bpf.o",
    dir = "iterated_cgroups",
    program(show_all, order = "descendants_pre"),
    program(show_some, manual)
)]
pub(crate) mod iterated_cgroups {}

#[bpf_preload("../../bpf/attach/trace/decide.bpf.o")]
pub(crate) mod decide {}

#[bpf_preload("../../bpf/attach/trace/sleepable.bpf.o")]
pub(crate) mod sleepable {}

#[bpf_preload("../../bpf/attach/trace/fsession.bpf.o")]
pub(crate) mod fsession {}

#[bpf_preload("../../bpf/attach/trace/multi.bpf.o", dir = "trace_multi", program(on_files, cookie = 17))]
pub(crate) mod trace_multi {}

#[bpf_preload("../../bpf/attach/trace/faultable.bpf.o")]
pub(crate) mod faultable {}

#[bpf_preload("../../bpf/attach/trace/lsm_sleepable.bpf.o")]
pub(crate) mod lsm_sleepable {}

#[bpf_preload("../../bpf/attach/trace/writable.bpf.o")]
pub(crate) mod writable {}

pub(crate) static OBJECTS: &[Object] = objects! { decide sleepable fsession trace_multi faultable lsm_sleepable writable elements iterated_tasks iterated_cgroups usdt usdt_places alternatives tracepoint kprobe uprobe uprobe_sleepable kprobe_multi uprobe_multi uprobe_multi_sleepable kprobe_session uprobe_session uprobe_session_sleepable };
