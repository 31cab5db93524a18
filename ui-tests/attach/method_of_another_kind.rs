use preload_macros::bpf_preload;
use preload_runtime::target::XdpMode;

#[bpf_preload("../../examples/iterators.bpf.o")]
pub mod iterators {}

fn main() {
    let skel = iterators::Skel::open().load().unwrap();
    let _ = skel.progs.dump_bpf_map.attach_xdp("eth0", XdpMode::Any);
}
