//! Maps with keys.

use super::Update;
use super::batch::{self, Batches};
use super::iter::{Entries, Keys};
use super::raw::LOCK;
use super::typed::typed;
use crate::data::bytes;
use crate::data::{Buffer, Value};
use crate::error::Error;

typed! {
    /// A map of keys to values: a hash, an LPM trie, or the storage of sockets, inodes, tasks or cgroups, whose key is
    /// a descriptor.
    KeyedMap<K, V>;
}

/// A value with a `bpf_spin_lock` in it. The lock reads as zeros and keeps its state whatever is written there.
pub trait Locked: Value {}

impl<K: Value, V: Value> KeyedMap<K, V> {
    /// The value of a key; none when it is not there.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn get(&self, key: &K) -> Result<Option<V>, Error> {
        self.map.read(bytes(key).bytes(), 0)
    }

    /// The same, while holding the value's lock (`BPF_F_LOCK`, 5.1): what a program writes under the lock is seen
    /// whole or not at all.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn get_locked(&self, key: &K) -> Result<Option<V>, Error>
    where
        V: Locked,
    {
        self.map.read(bytes(key).bytes(), LOCK)
    }

    /// Sets the value of a key, as the flags say.
    ///
    /// # Errors
    ///
    /// `EEXIST` or `ENOENT` as the flags say; `E2BIG` when the map is full; whatever else the kernel refuses.
    pub fn insert(&self, key: &K, value: &V, flags: Update) -> Result<(), Error> {
        self.map.write(bytes(key).bytes(), value, flags)
    }

    /// Removes a key. Whether it was there.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn remove(&self, key: &K) -> Result<bool, Error> {
        self.map.remove_bytes(bytes(key).bytes())
    }

    /// Removes a key and returns its value, in one step (hashes, 5.14); none when it is not there.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses: `EOPNOTSUPP` for other maps, `EINVAL` before 5.14.
    pub fn take(&self, key: &K) -> Result<Option<V>, Error> {
        self.map.take(bytes(key).bytes())
    }

    /// The keys, in no order.
    ///
    /// A key that is added or removed meanwhile may be met or not. In a hash, where the key behind a removed one is the
    /// first again, others may be met twice: whoever removes what is met has to remove it after the next is known,
    /// as the loop of an iterator does.
    pub fn keys(&self) -> Keys<'_, K> {
        Keys::new(&self.map)
    }

    /// The keys and their values, as [`keys`](Self::keys). One that is removed before its value is read is left out.
    pub fn iter(&self) -> Entries<'_, K, V> {
        Entries::new(&self.map)
    }

    /// The keys and values, many with each call of the kernel (hashes and arrays 5.6, LPM tries 5.7); `room` is for how
    /// many there is room at once. A bucket of a hash is read whole: where it has more, the error is `ENOSPC`.
    ///
    /// # Errors
    ///
    /// `ENOMEM` for more room than there is; whatever the kernel refuses.
    pub fn batches(&self, room: usize) -> Result<Batches<'_, K, V>, Error> {
        Batches::new(&self.map, room)
    }

    /// Sets many values with one call of the kernel (as for [`batches`](Self::batches)).
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses of any of them: those in front of it are set.
    pub fn insert_batch(&self, entries: &[(K, V)], flags: Update) -> Result<(), Error> {
        batch::insert(&self.map, entries, flags)
    }

    /// Removes many keys with one call of the kernel (as for [`batches`](Self::batches)).
    ///
    /// # Errors
    ///
    /// `ENOENT` when one is not there: those in front of it are removed. Whatever else the kernel refuses.
    pub fn remove_batch(&self, keys: &[K]) -> Result<(), Error> {
        batch::remove(&self.map, keys)
    }
}

impl<'a, K: Value, V: Value> IntoIterator for &'a KeyedMap<K, V> {
    type Item = Result<(K, V), Error>;
    type IntoIter = Entries<'a, K, V>;

    fn into_iter(self) -> Entries<'a, K, V> {
        self.iter()
    }
}
