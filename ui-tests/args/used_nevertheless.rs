// The object can be read, so its items are there and nothing but the mistake is reported.
use preload_macros::bpf_preload;
use preload_runtime::Skeleton;

#[bpf_preload("../../examples/iterators.bpf.o", dir = "a.b", program(dump_bpf_maps, manual))]
pub mod iterators {}

fn main() -> Result<(), preload_runtime::Error> {
    iterators::preload("/sys/fs/bpf")?;
    let mut skel = iterators::Skel::open().load()?;
    skel.pin_dump_bpf_map("/sys/fs/bpf/maps")?;
    println!("{:?} {:?}", skel.progs.dump_bpf_prog, skel.program("dump_bpf_prog"));
    println!("{:?} {:?}", iterators::SKEL.get().is_some(), iterators::DUMP_BPF_MAP_LINK.get().is_some());
    let _ = skel.attach()?;
    Ok(())
}
