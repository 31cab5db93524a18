// What the section leaves open, the arguments may say.
use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/iterator_without_target.bpf.o", program(dump, target = "bpf_map"))]
pub mod iterators {}

fn main() {
    let program = &iterators::PLAN.programs[0];
    assert_eq!(program.target, Some("bpf_map"));
    assert_eq!(program.btf_target.as_ref().map(|target| target.name), Some("bpf_iter_bpf_map"));
}
