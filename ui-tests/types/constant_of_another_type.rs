use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/types/forms.bpf.o")]
mod forms {}

fn main() {
    let mut open = forms::Skel::open();
    open.rodata.level = "high";
}
