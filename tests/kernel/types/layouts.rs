//! Awkward layouts: what a program has written is read, and the other way round.

#![allow(missing_docs, reason = "the object has its description in the BPF source")]

use preload_macros::bpf_preload;
use preload_runtime::data::{Bool, Pointer};

use crate::harness::{Outcome, Test, ensure, equal};

#[bpf_preload("../../bpf/types/layouts.bpf.o")]
mod layouts {}

use layouts::types;

pub(crate) const TESTS: &[Test] = &[
    Test { name: "types::what_a_program_writes_is_read", needs: &[], run: from_bpf },
    Test { name: "types::what_is_written_is_read_by_a_program", needs: &[], run: to_bpf },
];

/// Runs the program: any system call does.
fn attached(open: layouts::OpenSkel) -> Result<layouts::Skel, libtest_mimic::Failed> {
    let mut skel = open.load()?;
    ensure(skel.attach()?.is_empty(), || "a program is left to the caller".into())?;
    let _ = rustix::process::getpid();
    Ok(skel)
}

fn from_bpf() -> Outcome {
    let skel = attached(layouts::Skel::open())?;
    let bss = skel.maps.bss.map()?;
    let bss = bss.fields();

    let padded = bss.padded.get();
    equal((padded.a, padded.b, padded.c), (1, 0x0203_0405, 0x0607), "padded")?;
    equal(bss.padded.fields().b.get(), 0x0203_0405, "a field by itself")?;

    let packed = bss.packed_one.get();
    equal((packed.a, { packed.b }, { packed.c }), (1, 0x0203_0405, 0x0607_0809_0a0b_0c0d), "packed")?;
    equal({ packed.inside }.b, 0x0e0f_1011, "a struct in a packed one")?;
    equal(bss.packed_one.fields().c.get(), 0x0607_0809_0a0b_0c0d, "a field out of place by itself")?;
    equal(bss.packed_one.fields().inside.fields().b.get(), 0x0e0f_1011, "one in a struct out of place")?;

    let aligned = bss.aligned_one.get();
    equal((aligned.a, aligned.b), (1, 0x0203_0405), "aligned")?;
    equal(({ aligned.c.a }, { aligned.c.b }), (6, 0x0708_090a_0b0c_0d0e), "half packed")?;

    let bits = bss.bits_one.get();
    equal((bits.three(), bits.five(), bits.twenty()), (5, -7, 0xabcde), "bit-fields of one word")?;
    equal((bits.wide(), bits.flag(), bits.last()), (0x12_3456_789a, Bool::TRUE, 2), "bit-fields")?;
    equal((bits.plain, bits.whole()), (0x5a, 0xfedc_ba98_7654_3210), "beside bit-fields")?;

    let enums = bss.enums_one.get();
    equal(enums.color, types::color::BLUE, "an enum")?;
    equal((enums.sign, enums.sign.0), (types::sign::NEGATIVE, -3), "an enum with a sign")?;
    equal((enums.wide, enums.wide.0), (types::wide::LARGE, 0x0123_4567_89ab_cdef), "a wide enum")?;
    equal((enums.narrow, enums.narrow.0), (types::narrow::SOME, 200_u8), "a narrow enum")?;
    equal(enums.bits(), types::color::GREEN, "a bit-field of an enum")?;
    equal(enums.unnamed, types::enums_unnamed::SECOND, "an enum without a name")?;

    let nested = bss.nested_one.get();
    equal(nested.anon_1.whole(), 0x2_0000_0001, "a union")?;
    equal(nested.anon_1.anon_1().right, 2, "a struct in a union")?;
    equal((nested.named.x, nested.named.y[1].c), (3, 4), "a struct of structs")?;
    equal(nested.either.halves().high, 5, "a struct of a union")?;

    let arrays = bss.arrays_one.get();
    equal(arrays.grid, [[0, 0, 0], [0, 0, 1]], "an array of arrays")?;
    equal((arrays.numbers[2], arrays.structs[1].inner), (2, -3), "arrays behind typedefs")?;
    equal((&arrays.text[..3], arrays.small), (&b"ok\0"[..], -1), "text, and a char with a sign")?;
    equal((arrays.pointer, arrays.function), (Pointer(0x1234), Pointer(0)), "pointers")?;
    equal(arrays.huge, 5 << 64 | 6, "an integer of 16 bytes")?;
    let structs = bss.arrays_one.fields().structs;
    equal(structs.at(1).map(|at| at.fields().inner.get()), Some(-3), "an element by itself")?;
    ensure(structs.at(2).is_none(), || "an element behind the last".into())?;
    equal(structs.iter().count(), 2, "elements")?;

    let keywords = bss.type_one.get();
    equal(
        [keywords.self_, keywords.r#fn, keywords.r#match, keywords.r#gen, keywords.set, keywords.u32],
        [1, 2, 3, 4, 5, 6],
        "fields called like keywords",
    )?;
    equal(bss.either_one.get().bytes(), [4, 3, 2, 1, 0, 0], "a union behind a typedef")?;
    equal((bss.yes.get(), bss.minus.get()), (Bool::TRUE, -1), "single variables")?;
    equal(bss.nameless.get().b, 2, "a variable of a struct without a name")
}

fn to_bpf() -> Outcome {
    let mut open = layouts::Skel::open();
    equal(open.data.initial, 42, "an initial value")?;
    equal((open.data.in_data.count, open.data.in_data_items), (3, [10, 20, 30]), "a flexible array")?;
    open.data.initial = 100;
    open.data.in_data_items[2] = 11;
    // Some before load, the others after it.
    open.bss.in_padded.b = 0xdead_beef;
    open.bss.in_packed.c = 0x0102_0304_0506_0708;
    open.bss.in_packed.inside.c = 0x1234;
    open.bss.in_bits.set_twenty(0x54321);
    open.bss.in_bits.set_five(-16);
    open.bss.in_bits.set_wide(0x76_5432_10fe);
    open.bss.in_bits.set_flag(Bool::TRUE);
    let skel = open.load()?;

    let memory = skel.maps.bss.map()?;
    let bss = memory.fields();
    bss.in_enums.set({
        let mut enums =
            types::enums { wide: types::wide::LARGE, sign: types::sign(-2), ..Default::default() };
        enums.set_bits(types::color(9));
        enums
    });
    let mut nested = types::nested::default();
    nested.anon_1.set_anon_1(types::nested_anon_1_anon_1 { left: 7, right: 8 });
    nested.named.y[0].b = 9;
    nested.either.set_bytes([0, 0, 0, 10, 0, 0]);
    bss.in_nested.set(nested);
    let arrays = bss.in_arrays.fields();
    arrays.grid.at(1).and_then(|row| row.at(0)).ok_or("no element")?.set(11);
    arrays.structs.at(1).ok_or("no element")?.fields().inner.set(-12);

    let mut skel = skel;
    ensure(skel.attach()?.is_empty(), || "a program is left to the caller".into())?;
    let _ = rustix::process::getpid();
    let minus = |number: i64| number as u64;
    equal(
        bss.seen.get(),
        [
            0xdead_beef,
            0x0102_0304_0506_0708,
            0x1234,
            0x54321,
            minus(-16),
            0x76_5432_10fe,
            1,
            0x0123_4567_89ab_cdef,
            minus(-2),
            9,
            8,
            9,
            10,
            11,
            minus(-12),
            111,
        ],
        "what the program has seen",
    )
}
