//! Maps that know what they hold, held against what bpftool shows of them.

#![allow(missing_docs, reason = "the object has its description in the BPF source")]

use std::collections::BTreeMap;
use std::os::fd::AsFd;

use libtest_mimic::Failed;
use preload_macros::bpf_preload;
use preload_runtime::data::Bool;
use preload_runtime::maps::{PerCpuValues, Update};
use preload_runtime::{Errno, Error, ErrorKind};

use crate::harness::{Need, Outcome, Test, ensure, equal};
use crate::witness::{number, show};

#[bpf_preload("../../bpf/types/forms.bpf.o")]
mod forms {}

use forms::types::{key, locked, odd};

pub(crate) const TESTS: &[Test] = &[
    Test { name: "types::keys_and_values_of_a_hash", needs: &[], run: hash },
    Test { name: "types::many_elements_at_once", needs: &[], run: batches },
    Test { name: "types::a_value_with_a_lock", needs: &[], run: lock },
    Test { name: "types::arrays_by_index", needs: &[], run: array },
    Test { name: "types::values_of_all_cpus", needs: &[], run: per_cpu },
    Test { name: "types::queues_and_stacks", needs: &[], run: queues },
    Test { name: "types::programs_by_their_descriptors", needs: &[], run: programs },
    Test { name: "types::maps_in_maps", needs: &[], run: maps_in_maps },
    Test { name: "types::the_longest_prefix", needs: &[], run: prefixes },
    Test { name: "types::bytes_of_untyped_maps", needs: &[], run: bytes },
    Test { name: "types::elements_are_taken_in_one_step", needs: &[Need::Kernel(5, 14)], run: take },
    Test { name: "types::constants_are_seen_by_the_verifier", needs: &[], run: constants },
    Test { name: "types::sections_that_are_not_mapped", needs: &[], run: special },
];

fn errno(result: Result<(), Error>) -> Result<Errno, Failed> {
    match result {
        Ok(()) => Err("it went well".into()),
        Err(error) => error.errno().ok_or_else(|| error.to_string().into()),
    }
}

/// What bpftool reads in a map.
fn dump(id: u32) -> Result<Vec<serde_json::Value>, Failed> {
    let dump = show(&["map".as_ref(), "dump".as_ref(), "id".as_ref(), id.to_string().as_ref()])?;
    dump.as_array().cloned().ok_or_else(|| "bpftool gives no list".into())
}

fn hash() -> Outcome {
    let map = forms::Skel::open().load()?.maps.hash;
    let first = key { kind: 1, number: 2 };
    equal(map.get(&first)?, None, "a key that is not there")?;
    map.insert(&first, &0x0102_0304, Update::NEW)?;
    equal(errno(map.insert(&first, &5, Update::NEW))?, Errno::EEXIST, "a key that is there")?;
    let other = key { kind: 9, number: 9 };
    equal(errno(map.insert(&other, &5, Update::OLD))?, Errno::ENOENT, "a key that is not there")?;
    equal(map.get(&first)?, Some(0x0102_0304), "the value")?;

    let shown = dump(map.id()?)?;
    let formatted = shown.first().and_then(|entry| entry.get("formatted")).ok_or("nothing is shown")?;
    equal(&formatted["key"], &serde_json::json!({"kind": 1, "number": 2}), "the key, as bpftool shows it")?;
    equal(formatted["value"].as_u64(), Some(0x0102_0304), "the value, as bpftool shows it")?;

    for number in 0..10 {
        map.insert(&key { kind: 2, number }, &u64::from(number), Update::ANY)?;
    }
    let all = map.iter().collect::<Result<Vec<_>, _>>()?;
    equal(all.len(), 11, "elements")?;
    let sum: u64 = all.iter().filter(|(key, _)| key.kind == 2).map(|(_, value)| value).sum();
    equal(sum, 45, "the sum of the values")?;
    equal(map.keys().count(), 11, "keys")?;
    equal((map.remove(&first)?, map.remove(&first)?), (true, false), "removals")?;
    let fd = map.as_fd().try_clone_to_owned()?;
    equal(rustix::fs::fstat(&fd).is_ok(), true, "the descriptor, for other crates")
}

fn batches() -> Outcome {
    let map = forms::Skel::open().load()?.maps.hash;
    let entries: Vec<(key, u64)> =
        (0..50).map(|number| (key { kind: 3, number }, u64::from(number) * 2)).collect();
    map.insert_batch(&entries, Update::ANY)?;
    equal(dump(map.id()?)?.len(), 50, "elements, as bpftool sees them")?;
    let mut found = BTreeMap::new();
    let mut batches = map.batches(16)?;
    while let Some(batch) = batches.next()? {
        ensure(batch.len() <= 16, || "more than there is room for".into())?;
        found.extend(batch.map(|(key, value)| (key.number, value)));
    }
    equal(found.len(), 50, "elements that were met")?;
    ensure(found.iter().all(|(number, value)| u64::from(*number) * 2 == *value), || {
        "a value is another key's".into()
    })?;
    let keys: Vec<key> = entries.iter().map(|(key, _)| *key).take(20).collect();
    map.remove_batch(&keys)?;
    equal(dump(map.id()?)?.len(), 30, "elements that are left")?;
    equal(errno(map.remove_batch(&keys))?, Errno::ENOENT, "keys that are not there")
}

fn lock() -> Outcome {
    let map = forms::Skel::open().load()?.maps.locked;
    let value = locked { first: 1, second: 2, ..Default::default() };
    map.insert(&1, &value, Update::ANY)?;
    map.insert(&1, &locked { second: 3, ..value }, Update::OLD | Update::LOCK)?;
    equal(map.get_locked(&1)?.map(|value| (value.first, value.second)), Some((1, 3)), "the value")?;
    let plain = forms::Skel::open().load()?.maps.hash;
    let result = plain.insert(&key::default(), &1, Update::LOCK);
    equal(errno(result)?, Errno::EINVAL, "a lock where there is none")
}

fn array() -> Outcome {
    let map = forms::Skel::open().load()?.maps.array;
    map.set(1, &odd { bytes: [1, 2, 3, 4, 5] })?;
    equal(map.get(1)?, Some(odd { bytes: [1, 2, 3, 4, 5] }), "a value")?;
    equal(map.get(3)?, None, "behind the last")?;
    equal(errno(map.set(3, &odd::default()))?, Errno::E2BIG, "behind the last")?;
    let all = map.iter().collect::<Result<Vec<_>, _>>()?;
    equal(all, [[0; 5], [1, 2, 3, 4, 5], [0; 5]].map(|bytes| odd { bytes }).to_vec(), "all values")?;
    map.set_batch(&[(0, odd { bytes: [7; 5] }), (2, odd { bytes: [8; 5] })])?;
    let mut batches = map.batches(2)?;
    let mut found = Vec::new();
    while let Some(batch) = batches.next()? {
        found.extend(batch.map(|(index, value)| (index, value.bytes[0])));
    }
    equal(found, [(0, 7), (1, 1), (2, 8)].to_vec(), "all values at once")
}

fn per_cpu() -> Outcome {
    let skel = forms::Skel::open().load()?;
    let map = &skel.maps.percpu_hash;
    let mut values = PerCpuValues::zeroed()?;
    for cpu in 0..values.len() {
        ensure(values.set(cpu, &odd { bytes: [cpu as u8 + 1; 5] }), || "no such CPU".into())?;
    }
    ensure(!values.set(values.len(), &odd::default()), || "one CPU too many".into())?;
    map.insert(&1, &values, Update::ANY)?;
    let shown = dump(map.id()?)?;
    let shown = shown.first().and_then(|entry| entry["values"].as_array()).ok_or("nothing is shown")?.len();
    equal(values.len(), shown, "CPUs, as bpftool counts them")?;
    let read = map.get(&1)?.ok_or("the key is not there")?;
    ensure(read.iter().eq(values.iter()), || "values are not those that were written".into())?;
    equal(map.get(&2)?.is_none(), true, "a key that is not there")?;
    let mut room = PerCpuValues::zeroed()?;
    equal(
        (map.get_into(&1, &mut room)?, map.get_into(&2, &mut room)?),
        (true, false),
        "keys, into the same room",
    )?;
    ensure(room.iter().eq(values.iter()), || {
        "a key that is not there has changed what is in the room".into()
    })?;
    equal((map.keys().count(), map.remove(&1)?), (1, true), "the key")?;

    let array = &skel.maps.percpu_array;
    let mut numbers = PerCpuValues::zeroed()?;
    numbers.set(0, &40);
    array.set(1, &numbers)?;
    equal(array.get(1)?.map(|values| values.iter().sum::<u64>()), Some(40), "the sum")?;
    let mut room = PerCpuValues::zeroed()?;
    equal(array.get_into(1, &mut room)?, true, "an element, into room that is there")?;
    equal(room.iter().sum::<u64>(), 40, "the sum, in that room")?;
    equal(array.get(2)?.is_none(), true, "behind the last")
}

fn queues() -> Outcome {
    let skel = forms::Skel::open().load()?;
    let (queue, stack) = (&skel.maps.queue, &skel.maps.stack);
    let value = |number| odd { bytes: [number; 5] };
    equal((queue.pop()?, queue.peek()?), (None, None), "an empty queue")?;
    queue.push(&value(1), Update::ANY)?;
    queue.push(&value(2), Update::ANY)?;
    equal(errno(queue.push(&value(3), Update::ANY))?, Errno::E2BIG, "a full queue")?;
    queue.push(&value(3), Update::OLD)?;
    equal(
        (queue.peek()?, queue.pop()?, queue.pop()?),
        (Some(value(2)), Some(value(2)), Some(value(3))),
        "it",
    )?;
    stack.push(&1, Update::ANY)?;
    stack.push(&2, Update::ANY)?;
    equal((stack.pop()?, stack.pop()?, stack.pop()?), (Some(2), Some(1), None), "a stack")
}

fn programs() -> Outcome {
    let skel = forms::Skel::open().load()?;
    let map = &skel.maps.programs;
    map.insert(&1, skel.progs.count.fd().ok_or("not loaded")?, Update::ANY)?;
    equal(map.get_id(&1)?, Some(skel.progs.count.id()?), "the program's id")?;
    equal((map.get_id(&0)?, map.remove(&1)?, map.get_id(&1)?), (None, true, None), "an empty slot")?;
    equal(errno(map.insert(&0, map.fd(), Update::ANY))?, Errno::EINVAL, "a map among programs")
}

fn maps_in_maps() -> Outcome {
    let skel = forms::Skel::open().load()?;
    let inner = &skel.maps.hash;
    let (array, hash) = (&skel.maps.array_of_maps, &skel.maps.hash_of_maps);
    array.insert(&1, inner.fd(), Update::ANY)?;
    equal((array.get_id(&0)?, array.get_id(&1)?), (None, Some(inner.id()?)), "the ids of inner maps")?;
    let name = key { kind: 1, number: 2 };
    equal(hash.get_id(&name)?, None, "a key that is not there")?;
    hash.insert(&name, inner.fd(), Update::NEW)?;
    equal(hash.get_id(&name)?, Some(inner.id()?), "the id of an inner map")?;
    equal(hash.keys().collect::<Result<Vec<_>, _>>()?, [name].to_vec(), "the keys")?;
    let shown = dump(hash.id()?)?;
    let bytes = shown.first().and_then(|entry| entry["value"].as_array()).ok_or("nothing is shown")?;
    let bytes: Vec<u8> =
        bytes.iter().filter_map(|byte| u8::from_str_radix(byte.as_str()?.get(2..)?, 16).ok()).collect();
    equal(bytes, inner.id()?.to_ne_bytes().to_vec(), "the inner map, as bpftool shows it")?;
    let other = errno(array.insert(&0, skel.maps.array.fd(), Update::ANY))?;
    equal(other, Errno::EINVAL, "a map of another kind")?;
    equal((hash.remove(&name)?, hash.remove(&name)?), (true, false), "removals")
}

fn prefixes() -> Outcome {
    let map = forms::Skel::open().load()?.maps.trie;
    let prefix = |length, address| forms::types::prefix { length, address };
    map.insert(&prefix(8, [10, 0, 0, 0]), &1, Update::ANY)?;
    map.insert(&prefix(16, [10, 1, 0, 0]), &2, Update::ANY)?;
    let found = |address| map.get(&prefix(32, address));
    equal((found([10, 1, 2, 3])?, found([10, 2, 2, 3])?), (Some(2), Some(1)), "the longest that fits")?;
    equal(found([11, 0, 0, 1])?, None, "an address that none fits")?;
    equal(dump(map.id()?)?.len(), 2, "prefixes, as bpftool counts them")?;
    equal(
        (map.remove(&prefix(16, [10, 1, 0, 0]))?, found([10, 1, 2, 3])?),
        (true, Some(1)),
        "the shorter one is left",
    )
}

fn bytes() -> Outcome {
    let map = forms::Skel::open().load()?.maps.bytes;
    map.insert(&[1, 2, 3], &[4, 5, 6, 7, 8], Update::ANY)?;
    let mut value = [0; 5];
    ensure(map.get_bytes(&[1, 2, 3], &mut value)?, || "the key is not there".into())?;
    equal(value, [4, 5, 6, 7, 8], "the value")?;
    equal((map.key_size()?, map.value_size()?), (3, 5), "the sizes")?;
    let error = map.get_bytes(&[1, 2], &mut value).err().ok_or("a key of another size is taken")?;
    equal(error.kind(), ErrorKind::WrongSize { given: 2, expected: 3 }, "a key of another size")?;
    let error = map.insert_bytes(&[1, 2, 3], &[0; 8], Update::ANY).err().ok_or("a value is taken")?;
    equal(error.kind(), ErrorKind::WrongSize { given: 8, expected: 5 }, "a value of another size")
}

fn take() -> Outcome {
    let map = forms::Skel::open().load()?.maps.hash;
    map.insert(&key::default(), &3, Update::ANY)?;
    equal((map.take(&key::default())?, map.take(&key::default())?), (Some(3), None), "what is taken")
}

/// The size of a program after the verifier has removed what never runs.
fn translated(skel: &forms::Skel) -> Result<u32, Failed> {
    let id = skel.progs.count.id()?.to_string();
    number(&show(&["prog".as_ref(), "show".as_ref(), "id".as_ref(), id.as_ref()])?, "bytes_xlated")
}

fn constants() -> Outcome {
    let mut open = forms::Skel::open();
    equal((open.rodata.verbose, open.rodata.level), (Bool::FALSE, 7), "the object's own values")?;
    let quiet = open.clone().load()?;
    open.rodata.verbose = true.into();
    open.rodata.level = 9;
    let mut verbose = open.load()?;
    let (small, large) = (translated(&quiet)?, translated(&verbose)?);
    ensure(small < large, || format!("{small} bytes without the branch, {large} with it"))?;

    equal(verbose.maps.rodata.map()?.fields().level.get(), 9, "the constant, after load")?;
    equal(verbose.maps.rodata.read()?.fields().verbose.get(), Bool::TRUE, "a copy of it")?;
    ensure(verbose.attach()?.is_empty(), || "a program is left".into())?;
    let _ = rustix::process::getpid();
    equal(verbose.maps.bss.map()?.fields().seen_level.get(), 9, "what the program has seen")?;
    let counted = verbose.maps.percpu_array.get(0)?.ok_or("no element")?.iter().sum::<u64>();
    ensure(counted > 0, || "the branch did not run".into())
}

fn special() -> Outcome {
    let mut open = forms::Skel::open();
    open.data_special.special.second = 11;
    let skel = open.load()?;
    let copy = skel.maps.data_special.read()?;
    equal(copy.fields().special.fields().second.get(), 11, "a value from before load")?;
    let mut copy = copy;
    copy.fields().special.fields().second.set(12);
    skel.maps.data_special.write(&mut copy)?;
    equal(skel.maps.data_special.read()?.fields().special.get().second, 12, "what was written back")
}
