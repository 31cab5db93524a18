//! Maps without keys.

use super::Update;
use super::typed::typed;
use crate::data::{Buffer, Value};
use crate::error::{Call, Error, Step};

typed! {
    /// A queue, whose first value is the oldest, or a stack, whose first value is the newest (4.20).
    QueueMap<V>;
    /// A set of which it can be asked whether a value is in it: "no" is always true, "yes" nearly always (5.16).
    BloomFilter<V>;
}

impl<V: Value> QueueMap<V> {
    /// Adds a value. [`Update::OLD`] makes room by dropping the oldest one when the map is full.
    ///
    /// # Errors
    ///
    /// `E2BIG` when the map is full; whatever else the kernel refuses.
    pub fn push(&self, value: &V, flags: Update) -> Result<(), Error> {
        self.map.write(&[], value, flags)
    }

    /// Takes the first value; none when there is none.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn pop(&self) -> Result<Option<V>, Error> {
        self.map.take(&[])
    }

    /// The first value, which stays; none when there is none.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn peek(&self) -> Result<Option<V>, Error> {
        self.map.read(&[], 0)
    }
}

impl<V: Value> BloomFilter<V> {
    /// Adds a value.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn add(&self, value: &V) -> Result<(), Error> {
        self.map.write(&[], value, Update::ANY)
    }

    /// Whether a value may be in it.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn may_contain(&self, value: &V) -> Result<bool, Error> {
        // The kernel reads the value and writes nothing.
        let mut bytes = crate::data::bytes(value);
        let found = self.map.fd.lookup(&[], bytes.bytes_mut(), 0);
        self.map.found(Step::ReadMap, Call::MapLookupElem, found)
    }
}
