use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/types/forms.bpf.o")]
mod forms {}

fn main() -> Result<(), preload_runtime::Error> {
    let skel = forms::Skel::open().load()?;
    skel.maps.rodata.map()?.fields().level.set(3);
    Ok(())
}
