//! Maps with a value for each CPU.

use core::marker::PhantomData;

use super::Update;
use super::iter::Keys;
use super::typed::typed;
use crate::data::bytes;
use crate::data::{Buffer, Value};
use crate::error::{Call, Error, Step};
use crate::handles::Map;
use crate::sys::{Memory, possible_cpus};

typed! {
    /// A map of keys to values, one for each CPU that there can be.
    PerCpuMap<K, V>;
    /// An array of values, one for each CPU that there can be.
    PerCpuArray<V>;
}

/// The values of all CPUs that there can be, whether they are there or not.
///
/// It is memory of its own, to be used again: [`PerCpuMap::get_into`].
pub struct PerCpuValues<V> {
    memory: Memory,
    values: PhantomData<fn() -> V>,
}

/// Each value begins at a whole word.
const fn stride<V: Value>() -> usize {
    V::SIZE.next_multiple_of(8)
}

impl<V: Value> PerCpuValues<V> {
    /// Zeros for all CPUs.
    ///
    /// # Errors
    ///
    /// No list of CPUs in sysfs; `ENOMEM`.
    pub fn zeroed() -> Result<Self, Error> {
        let memory = possible_cpus().and_then(|cpus| Memory::zeroed(stride::<V>().saturating_mul(cpus)));
        let memory = memory.map_err(|errno| {
            Error::system(Step::ReadMap, Call::Read, errno)
                .with_hint(Some("the number of CPUs is in /sys/devices/system/cpu/possible: mount sysfs"))
        })?;
        Ok(Self { memory, values: PhantomData })
    }

    /// The number of CPUs.
    pub fn len(&self) -> usize {
        self.memory.bytes().len() / stride::<V>().max(1)
    }

    /// Whether there is none, which no machine comes to.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value of a CPU: the n-th of those that there can be, which is nearly always the one with that number.
    pub fn get(&self, cpu: usize) -> Option<V> {
        (cpu < self.len()).then(|| V::load(self.memory.bytes(), cpu * stride::<V>()))
    }

    /// Sets the value of a CPU. Whether there is one of that number.
    pub fn set(&mut self, cpu: usize, value: &V) -> bool {
        let inside = cpu < self.len();
        if inside {
            value.store(self.memory.bytes_mut(), cpu * stride::<V>());
        }
        inside
    }

    /// The values of all CPUs.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = V> {
        (0..self.len()).map(|cpu| V::load(self.memory.bytes(), cpu * stride::<V>()))
    }
}

fn get_into<V: Value>(map: &Map, key: &[u8], values: &mut PerCpuValues<V>) -> Result<bool, Error> {
    map.lookup(key, values.memory.bytes_mut(), 0)
}

fn get<V: Value>(map: &Map, key: &[u8]) -> Result<Option<PerCpuValues<V>>, Error> {
    let mut values = PerCpuValues::zeroed().map_err(|error| error.with_item(map.name()))?;
    Ok(get_into(map, key, &mut values)?.then_some(values))
}

impl<K: Value, V: Value> PerCpuMap<K, V> {
    /// The values of a key; none when it is not there.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses; no list of CPUs in sysfs.
    pub fn get(&self, key: &K) -> Result<Option<PerCpuValues<V>>, Error> {
        get(&self.map, bytes(key).bytes())
    }

    /// The same into memory that is there already. Whether the key is there.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn get_into(&self, key: &K, values: &mut PerCpuValues<V>) -> Result<bool, Error> {
        get_into(&self.map, bytes(key).bytes(), values)
    }

    /// Sets the values of a key, as the flags say.
    ///
    /// # Errors
    ///
    /// `EEXIST` or `ENOENT` as the flags say; `E2BIG` when the map is full; whatever else the kernel refuses.
    pub fn insert(&self, key: &K, values: &PerCpuValues<V>, flags: Update) -> Result<(), Error> {
        self.map.insert_bytes(bytes(key).bytes(), values.memory.bytes(), flags)
    }

    /// Removes a key. Whether it was there.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn remove(&self, key: &K) -> Result<bool, Error> {
        self.map.remove_bytes(bytes(key).bytes())
    }

    /// The keys, as [`KeyedMap::keys`](super::KeyedMap::keys).
    pub fn keys(&self) -> Keys<'_, K> {
        Keys::new(&self.map)
    }
}

impl<V: Value> PerCpuArray<V> {
    /// The values at an index; none behind the last.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses; no list of CPUs in sysfs.
    pub fn get(&self, index: u32) -> Result<Option<PerCpuValues<V>>, Error> {
        get(&self.map, bytes(&index).bytes())
    }

    /// The same into memory that is there already. Whether there is one at the index.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn get_into(&self, index: u32, values: &mut PerCpuValues<V>) -> Result<bool, Error> {
        get_into(&self.map, bytes(&index).bytes(), values)
    }

    /// Sets the values at an index.
    ///
    /// # Errors
    ///
    /// `E2BIG` behind the last; whatever else the kernel refuses.
    pub fn set(&self, index: u32, values: &PerCpuValues<V>) -> Result<(), Error> {
        self.map.insert_bytes(bytes(&index).bytes(), values.memory.bytes(), Update::ANY)
    }
}
