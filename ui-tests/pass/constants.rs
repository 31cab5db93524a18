use preload_macros::bpf_preload;

#[bpf_preload(
    "../../tests/bpf/types/constants.bpf.o",
    rodata(verbose = true, offset = -1, letter = b'y', ports = [1, 2, 3,], color = 77, sign = POSITIVE,),
    rodata_extra(extra = 1)
)]
mod constants {}

fn main() {
    let open = constants::Skel::open();
    assert!(open.rodata.verbose.is_true());
    assert_eq!((open.rodata.offset, open.rodata.letter, open.rodata.limit), (-1, b'y', 7));
    assert_eq!(open.rodata.sign, constants::types::sign::POSITIVE);
    assert_eq!(open.rodata_extra.extra, 1);
}
