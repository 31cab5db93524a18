//! Maps of what has a descriptor.

use super::Update;
use super::iter::Keys;
use super::typed::typed;
use crate::data::bytes;
use crate::data::{Buffer, Value};
use crate::error::Error;
use crate::sys::Fd;

typed! {
    /// A map of keys to kernel objects, which are put in by their descriptors: programs, maps, perf events, cgroups,
    /// sockets.
    FdMap<K>;
}

impl<K: Value> FdMap<K> {
    /// Puts an object in; the map holds a reference of its own to it.
    ///
    /// # Errors
    ///
    /// `EINVAL` for an object that does not go into the map; whatever else the kernel refuses.
    pub fn insert(&self, key: &K, object: &Fd, flags: Update) -> Result<(), Error> {
        let key = bytes(key);
        // Maps of sockets may have values of 8 bytes, for their cookies; they take numbers of both sizes.
        let number = u64::from(object.raw() as u32).to_ne_bytes();
        let size = self.map.value_size()?.min(number.len());
        self.map.insert_bytes(key.bytes(), number.get(..size).unwrap_or_default(), flags)
    }

    /// Removes a key. Whether it was there.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn remove(&self, key: &K) -> Result<bool, Error> {
        self.map.remove_bytes(bytes(key).bytes())
    }

    /// The kernel's id of the program or map of a key; none when it is not there.
    ///
    /// # Errors
    ///
    /// `EOPNOTSUPP` for maps of other objects; whatever else the kernel refuses.
    pub fn get_id(&self, key: &K) -> Result<Option<u32>, Error> {
        self.map.read(bytes(key).bytes(), 0)
    }

    /// The keys, as [`KeyedMap::keys`](super::KeyedMap::keys). All indices of an array are keys.
    pub fn keys(&self) -> Keys<'_, K> {
        Keys::new(&self.map)
    }
}
