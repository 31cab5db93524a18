//! A Bloom filter: what was put in is there, most of what was not is not.

#![allow(missing_docs, reason = "the object has its description in the BPF source")]

use preload_macros::bpf_preload;

use crate::harness::{Need, Outcome, Test, ensure, equal};

#[bpf_preload("../../bpf/types/bloom.bpf.o")]
mod bloom {}

pub(crate) const TESTS: &[Test] =
    &[Test { name: "types::what_was_put_into_a_bloom_filter", needs: &[Need::Kernel(5, 16)], run: filter }];

fn filter() -> Outcome {
    let map = bloom::Skel::open().load()?.maps.filter;
    let value = |number: u8| bloom::types::odd { bytes: [number; 5] };
    equal(map.may_contain(&value(1))?, false, "an empty filter")?;
    for number in 0..32 {
        map.add(&value(number))?;
    }
    for number in 0..32 {
        equal(map.may_contain(&value(number))?, true, "what was put in")?;
    }
    let mut mistaken = 0;
    for number in 32..=255 {
        mistaken += u32::from(map.may_contain(&value(number))?);
    }
    // With the kernel's five hash functions it is one in a hundred or fewer.
    ensure(mistaken < 112, || format!("{mistaken} of 224 that were not put in are said to be there"))
}
