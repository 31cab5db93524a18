// Names that are keywords of Rust are raw identifiers; in methods and statics they are part of a longer name.
use preload_macros::bpf_preload;

#[bpf_preload("../../tests/bpf/keywords.bpf.o", program(type, pin = "types"), map(match, pin = "matches"))]
pub mod keywords {}

fn names(skel: &keywords::Skel) -> Result<(), preload_runtime::Error> {
    println!("{:?} {:?} {:?}", skel.progs.r#type, skel.progs.r#gen, skel.progs.self_);
    println!("{:?} {:?}", skel.maps.r#match, skel.links.r#type);
    skel.pin_type("/sys/fs/bpf/type")?;
    skel.unpin_type("/sys/fs/bpf/type")?;
    skel.pin_gen("/sys/fs/bpf/gen")?;
    skel.pin_self("/sys/fs/bpf/self")
}

fn main() {
    let _ = names;
    assert!(keywords::TYPE_LINK.get().is_none());
    assert!(keywords::SELF_LINK.get().is_none());
    assert!(keywords::MATCH_MAP.get().is_none());
    assert_eq!(keywords::PLAN.programs[0].pin, Some("types"));
    assert_eq!(keywords::PLAN.maps[0].pin, Some("matches"));
}
