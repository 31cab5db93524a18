//! Maps: made, filled, frozen; and what their slots hold from the start.

use super::attr::{Attr, map_create, map_freeze, map_update};
use super::code::{CONTEXT, R0, R1, R2, REFUSAL, When, Width};
use super::context;
use super::making::Making;
use super::{Action, MapPlace, Step};
use crate::map::SlotItem;
use crate::plan::MapPlan;

/// `BPF_MAP_TYPE_PERF_EVENT_ARRAY`.
const PERF_EVENT_ARRAY: u32 = 4;
/// `BPF_MAP_TYPE_RINGBUF`, `BPF_MAP_TYPE_USER_RINGBUF`.
const RING_BUFFERS: [u32; 2] = [27, 31];
/// The smallest page of the machines that there are plans for.
const PAGE: u32 = 4096;

/// Makes all maps; where they lie in the blob.
pub(super) fn make(making: &mut Making<'_>) -> Vec<MapPlace> {
    let plan = making.plan;
    plan.maps.iter().enumerate().map(|(index, map)| make_one(making, index, map)).collect()
}

fn make_one(making: &mut Making<'_>, index: usize, plan: &MapPlan) -> MapPlace {
    if let Some(inner) = &plan.inner {
        create(making, index, inner, None, making.context.inner(index));
    }
    let inner = plan.inner.as_ref().map(|_| making.context.inner(index));
    let attr = create(making, index, plan, inner, making.context.map(index));
    let data = plan.map.data.as_ref();
    // Constants are there also where all of them are zero, to be changed before they are frozen.
    let zeros = data.filter(|data| data.frozen).map(|_| vec![0; plan.map.value_size as usize]);
    let contents = data.and_then(|data| data.contents.as_deref()).or(zeros.as_deref()).map(|contents| {
        let contents = making.blob.add(contents);
        let key = making.zero;
        making.code.set_place(R2, making.update);
        making.point(map_update::VALUE, contents);
        update(making, index, key);
        contents
    });
    if data.is_some_and(|data| data.frozen) {
        let attr = making.blob.add(Attr::new(map_freeze::SIZE).bytes());
        making.code.set_place(R2, attr);
        making.pass(map_freeze::MAP_FD, making.context.map(index));
        making.call(map_freeze::COMMAND, map_freeze::SIZE);
        making.need(Step::new(Action::FreezeMap, index));
    }
    MapPlace { max_entries: attr + map_create::MAX_ENTRIES as u32, contents }
}

/// Makes an empty map; where its attribute lies.
fn create(making: &mut Making<'_>, index: usize, plan: &MapPlan, inner: Option<i16>, place: i16) -> u32 {
    let map = &plan.map;
    let attr = Attr::new(map_create::SIZE)
        .word(map_create::MAP_TYPE, map.map_type)
        .word(map_create::KEY_SIZE, map.key_size)
        .word(map_create::VALUE_SIZE, map.value_size)
        .word(map_create::MAX_ENTRIES, entries(map))
        .word(map_create::MAP_FLAGS, map.flags)
        .word(map_create::NUMA_NODE, map.numa_node.unwrap_or_default())
        .name(map_create::MAP_NAME, &plan.kernel_name)
        .word(map_create::BTF_KEY_TYPE_ID, map.btf_key_type_id)
        .word(map_create::BTF_VALUE_TYPE_ID, map.btf_value_type_id)
        .double(map_create::MAP_EXTRA, map.map_extra);
    let has_types = map.btf_value_type_id != 0 && !making.plan.btf.is_empty();
    let attr = if has_types { attr } else { attr.word(map_create::BTF_KEY_TYPE_ID, 0) };
    let attr = making.blob.add(attr.bytes());

    making.code.set_place(R2, attr);
    if has_types {
        making.pass(map_create::BTF_FD, context::BTF);
    }
    if let Some(inner) = inner {
        making.pass(map_create::INNER_MAP_FD, inner);
    }
    if map.map_type == PERF_EVENT_ARRAY {
        let given = making.code.label();
        making.code.load(Width::Word, R1, R2, map_create::MAX_ENTRIES);
        making.code.jump_if(R1, When::NotEqual, 0, given);
        making.pass(map_create::MAX_ENTRIES, context::CPUS);
        making.code.place(given);
    }
    making.call(map_create::COMMAND, map_create::SIZE);
    if has_types {
        retry_without_types(making, attr);
    }
    making.need(Step::new(Action::CreateMap, index));
    making.keep(place);
    attr
}

/// Not every kernel takes every type for a key or a value, and the map is the same without. What counts is the reason for
/// the first refusal.
fn retry_without_types(making: &mut Making<'_>, attr: u32) {
    let done = making.code.label();
    making.code.jump_if(R0, When::NotNegative, 0, done);
    making.code.copy(REFUSAL, R0);
    making.code.set_place(R2, attr);
    making.code.set(R1, 0);
    for field in [map_create::BTF_FD, map_create::BTF_KEY_TYPE_ID, map_create::BTF_VALUE_TYPE_ID] {
        making.code.store(Width::Word, R2, field, R1);
    }
    making.call(map_create::COMMAND, map_create::SIZE);
    making.code.jump_if(R0, When::NotNegative, 0, done);
    making.code.copy(R0, REFUSAL);
    making.code.place(done);
}

/// The number of entries as the kernel takes it: a ring buffer has a power of two, of whole pages. Where pages are larger
/// than the smallest, a ring buffer of less than one is refused.
fn entries(map: &crate::Map) -> u32 {
    if RING_BUFFERS.contains(&map.map_type) && map.max_entries > 0 {
        map.max_entries.max(PAGE).checked_next_power_of_two().unwrap_or(map.max_entries)
    } else {
        map.max_entries
    }
}

/// `BPF_MAP_UPDATE_ELEM` with the attribute in `R2`, whose value is set.
fn update(making: &mut Making<'_>, map: usize, key: u32) {
    making.point(map_update::KEY, key);
    making.pass(map_update::MAP_FD, making.context.map(map));
    making.call(map_update::COMMAND, map_update::SIZE);
    making.need(Step::new(Action::FillMap, map));
}

/// Puts maps into slots, once all of them are there.
pub(super) fn fill_with_maps(making: &mut Making<'_>) {
    fill(making, |making, item| match item {
        SlotItem::Map(map) => Some(making.context.map(map)),
        SlotItem::Program(_) => None,
    });
}

/// Puts programs into slots; one that was left out leaves its slot empty.
pub(super) fn fill_with_programs(making: &mut Making<'_>) {
    fill(making, |making, item| match item {
        SlotItem::Map(_) => None,
        SlotItem::Program(program) => Some(making.context.program(program)),
    });
}

fn fill(making: &mut Making<'_>, find: impl Fn(&Making<'_>, SlotItem) -> Option<i16>) {
    let plan = making.plan;
    for (index, map) in plan.maps.iter().enumerate() {
        for slot in &map.map.slots {
            let Some(item) = find(making, slot.item) else { continue };
            let key = making.blob.add(&slot.index.to_le_bytes());
            let empty = making.code.label();
            making.code.load(Width::Word, R1, CONTEXT, item);
            making.code.jump_if(R1, When::Equal, 0, empty);
            making.code.set_place(R2, making.update);
            making.point_into_context(map_update::VALUE, item);
            update(making, index, key);
            making.code.place(empty);
        }
    }
}
