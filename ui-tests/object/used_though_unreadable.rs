// Nothing of the module exists; beside our message there may be one more, not one for each use.
use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/no_programs.bpf.o")]
pub mod iterators {}

use iterators::{OpenSkel, Skel};

fn open() -> OpenSkel {
    Skel::open()
}

fn main() -> Result<(), preload_runtime::Error> {
    iterators::preload("/sys/fs/bpf")?;
    let mut skel = iterators::Skel::open().load()?;
    skel.pin_dump_bpf_map("/sys/fs/bpf/maps")?;
    println!("{:?} {:?}", skel.progs.dump_bpf_map, skel.maps.rodata);
    println!("{:?}", iterators::SKEL.get().is_some());
    if let Some(link) = iterators::DUMP_BPF_MAP_LINK.get() {
        link.pin("/sys/fs/bpf/maps")?;
    }
    let skel: Skel = open().load()?;
    iterators::unload();
    Ok(())
}
