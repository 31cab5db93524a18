// A program that the kernel takes under any licence.
use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/license_free.bpf.o")]
pub mod free {}

fn main() {
    assert_eq!(free::PLAN.license, c"Proprietary");
}
