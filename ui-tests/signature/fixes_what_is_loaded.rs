// Sizes, constants and which programs are loaded are part of what was signed.
use preload_macros::bpf_preload;

#[bpf_preload("../../examples/iterators.bpf.o", signature = "../../tests/signed/iterators.bpf.sig")]
pub mod iterators {}

fn main() {
    let mut open = iterators::Skel::open();
    open.progs.dump_bpf_map.set_cookie(7);
    open.progs.dump_bpf_map.set_autoload(false);
    open.maps.reads.set_max_entries(1);
}
