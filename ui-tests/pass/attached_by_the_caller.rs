// A program that can be loaded without a target may be left to the caller.
use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/tracepoint_without_target.bpf.o", program(dump, manual))]
pub mod tracepoint {}

fn main() {
    assert_eq!(tracepoint::PLAN.programs[0].target, None);
}
