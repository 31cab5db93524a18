//! Arrays.

use super::batch::{self, Batches};
use super::raw::LOCK;
use super::typed::typed;
use super::{Locked, Update};
use crate::data::bytes;
use crate::data::{Buffer, Value};
use crate::error::Error;

typed! {
    /// A map of as many values as it has entries, by index. They are all there from the start, as zeros.
    ArrayMap<V>;
}

impl<V: Value> ArrayMap<V> {
    /// The value at an index; none behind the last.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn get(&self, index: u32) -> Result<Option<V>, Error> {
        self.map.read(bytes(&index).bytes(), 0)
    }

    /// The same, while holding the value's lock (`BPF_F_LOCK`, 5.1).
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn get_locked(&self, index: u32) -> Result<Option<V>, Error>
    where
        V: Locked,
    {
        self.map.read(bytes(&index).bytes(), LOCK)
    }

    /// Sets the value at an index.
    ///
    /// # Errors
    ///
    /// `E2BIG` behind the last; whatever else the kernel refuses.
    pub fn set(&self, index: u32, value: &V) -> Result<(), Error> {
        self.set_with(index, value, Update::ANY)
    }

    /// The same, as the flags say: [`Update::LOCK`] is of use here.
    ///
    /// # Errors
    ///
    /// As those of [`set`](Self::set).
    pub fn set_with(&self, index: u32, value: &V, flags: Update) -> Result<(), Error> {
        self.map.write(bytes(&index).bytes(), value, flags)
    }

    /// The values, in order; ends with the first error.
    pub fn iter(&self) -> impl Iterator<Item = Result<V, Error>> {
        let mut index = Some(0_u32);
        core::iter::from_fn(move || {
            let value = self.get(index?).transpose();
            index = index.filter(|_| matches!(value, Some(Ok(_)))).and_then(|index| index.checked_add(1));
            value
        })
    }

    /// The indices and values, many with each call of the kernel (5.6); `room` is for how many there is room at once.
    ///
    /// # Errors
    ///
    /// `ENOMEM` for more room than there is; whatever the kernel refuses.
    pub fn batches(&self, room: usize) -> Result<Batches<'_, u32, V>, Error> {
        Batches::new(&self.map, room)
    }

    /// Sets many values with one call of the kernel (5.6).
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses of any of them: those in front of it are set.
    pub fn set_batch(&self, entries: &[(u32, V)]) -> Result<(), Error> {
        batch::insert(&self.map, entries, Update::ANY)
    }
}
