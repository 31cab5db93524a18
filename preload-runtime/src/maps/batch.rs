//! Many elements with one call of the kernel.

use core::marker::PhantomData;

use super::Update;
use crate::data::Value;
use crate::error::{Call, Error, Step};
use crate::handles::Map;
use crate::sys::{Errno, Memory};

/// The elements of a map, so many at once.
pub struct Batches<'a, K, V> {
    map: &'a Map,
    /// The cursor to begin at, the next one, keys and values.
    memory: Memory,
    cursor: usize,
    room: usize,
    state: State,
    types: PhantomData<fn() -> (K, V)>,
}

#[derive(PartialEq)]
enum State {
    First,
    Between,
    End,
}

impl<'a, K: Value, V: Value> Batches<'a, K, V> {
    pub(super) fn new(map: &'a Map, room: usize) -> Result<Self, Error> {
        let failed = |errno| map.failed(Step::ReadMap, Call::MapLookupBatch, errno);
        let cursor = map.fd.cursor_size().map_err(failed)?;
        let memory = K::SIZE
            .checked_add(V::SIZE)
            .and_then(|entry| entry.checked_mul(room)?.checked_add(2 * cursor))
            .filter(|_| room > 0)
            .ok_or(Errno::EINVAL)
            .and_then(Memory::zeroed)
            .map_err(failed)?;
        Ok(Self { map, memory, cursor, room, state: State::First, types: PhantomData })
    }

    /// Reads the next elements; none when all were read.
    ///
    /// # Errors
    ///
    /// `ENOSPC` when there is not enough room for a bucket of a hash; whatever else the kernel refuses.
    #[expect(clippy::should_implement_trait, reason = "what it returns borrows from it")]
    pub fn next(&mut self) -> Result<Option<Batch<'_, K, V>>, Error> {
        loop {
            if self.state == State::End {
                return Ok(None);
            }
            let (count, last) = self.read()?;
            self.state = if last { State::End } else { State::Between };
            if count > 0 {
                let (_, elements) = self.memory.bytes().split_at(2 * self.cursor);
                let (keys, values) = elements.split_at(K::SIZE * self.room);
                return Ok(Some(Batch { keys, values, next: 0, count, types: PhantomData }));
            }
        }
    }

    fn read(&mut self) -> Result<(usize, bool), Error> {
        let (cursors, elements) = self.memory.bytes_mut().split_at_mut(2 * self.cursor);
        let (from, next) = cursors.split_at_mut(self.cursor);
        let (keys, values) = elements.split_at_mut(K::SIZE * self.room);
        from.copy_from_slice(next);
        let from = (self.state != State::First).then_some(&*from);
        let result = self.map.fd.lookup_batch(from, next, keys, values, self.room);
        result.map_err(|errno| {
            let hint = (errno == Errno::ENOSPC)
                .then_some("a bucket of the hash holds more elements than there is room for: give more room");
            self.map.failed(Step::ReadMap, Call::MapLookupBatch, errno).with_hint(hint)
        })
    }
}

/// Some elements of a map.
pub struct Batch<'a, K, V> {
    keys: &'a [u8],
    values: &'a [u8],
    next: usize,
    count: usize,
    types: PhantomData<fn() -> (K, V)>,
}

impl<K: Value, V: Value> Iterator for Batch<'_, K, V> {
    type Item = (K, V);

    fn next(&mut self) -> Option<(K, V)> {
        let index = self.next;
        if index >= self.count {
            return None;
        }
        self.next += 1;
        Some((K::load(self.keys, index * K::SIZE), V::load(self.values, index * V::SIZE)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.count - self.next;
        (left, Some(left))
    }
}

impl<K: Value, V: Value> ExactSizeIterator for Batch<'_, K, V> {}

pub(super) fn insert<K: Value, V: Value>(map: &Map, entries: &[(K, V)], flags: Update) -> Result<(), Error> {
    if entries.is_empty() {
        return Ok(());
    }
    let failed = |errno| map.failed(Step::WriteMap, Call::MapUpdateBatch, errno);
    // No slice of this length is so large that the sum would not fit.
    let mut memory = Memory::zeroed((K::SIZE + V::SIZE).saturating_mul(entries.len())).map_err(failed)?;
    let (keys, values) = memory.bytes_mut().split_at_mut(K::SIZE * entries.len());
    for (index, (key, value)) in entries.iter().enumerate() {
        key.store(keys, index * K::SIZE);
        value.store(values, index * V::SIZE);
    }
    map.fd.update_batch(keys, values, entries.len(), flags.bits()).map_err(failed)
}

pub(super) fn remove<K: Value>(map: &Map, list: &[K]) -> Result<(), Error> {
    if list.is_empty() {
        return Ok(());
    }
    let failed = |errno| map.failed(Step::WriteMap, Call::MapDeleteBatch, errno);
    let mut memory = Memory::zeroed(K::SIZE.saturating_mul(list.len())).map_err(failed)?;
    for (index, key) in list.iter().enumerate() {
        key.store(memory.bytes_mut(), index * K::SIZE);
    }
    map.fd.delete_batch(memory.bytes(), list.len()).map_err(failed)
}
