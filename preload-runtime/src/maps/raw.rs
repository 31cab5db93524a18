//! Bytes in and out of any map.

use crate::data::{self, Buffer, Value};
use crate::error::{Call, Error, ErrorKind, Step};
use crate::handles::Map;
use crate::maps::Update;
use crate::sys::{Errno, Sizes};

/// Read while holding the lock of the value (`BPF_F_LOCK`).
pub(super) const LOCK: u64 = 4;

impl Map {
    /// Bytes of a key, as the kernel has it; none for maps without keys.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses.
    pub fn key_size(&self) -> Result<usize, Error> {
        Ok(self.sizes(Step::ReadMap)?.key)
    }

    /// Bytes of what the kernel copies for a value: for a map with a value for each CPU those of all CPUs that there
    /// can be, each with as many bytes behind it as make whole words of 8.
    ///
    /// # Errors
    ///
    /// Whatever the kernel refuses; no list of CPUs in sysfs for a map that needs it.
    pub fn value_size(&self) -> Result<usize, Error> {
        Ok(self.sizes(Step::ReadMap)?.values)
    }

    /// Reads the bytes of a value (3.19). Whether the key is there.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::WrongSize`] for a key or a value of another size; whatever the kernel refuses.
    pub fn get_bytes(&self, key: &[u8], value: &mut [u8]) -> Result<bool, Error> {
        self.lookup(key, value, 0)
    }

    /// Writes the bytes of a value (3.19).
    ///
    /// # Errors
    ///
    /// As those of [`get_bytes`](Self::get_bytes).
    pub fn insert_bytes(&self, key: &[u8], value: &[u8], flags: Update) -> Result<(), Error> {
        self.check(Step::WriteMap, key, Some(value))?;
        let result = self.fd.update(key, value, flags.bits());
        result.map_err(|errno| self.failed(Step::WriteMap, Call::MapUpdateElem, errno))
    }

    /// Removes a key (3.19). Whether it was there.
    ///
    /// # Errors
    ///
    /// As those of [`get_bytes`](Self::get_bytes).
    pub fn remove_bytes(&self, key: &[u8]) -> Result<bool, Error> {
        self.check(Step::WriteMap, key, None)?;
        self.found(Step::WriteMap, Call::MapDeleteElem, self.fd.delete(key))
    }

    /// Reads the key behind another one, or the first (4.12). Whether there is one.
    ///
    /// # Errors
    ///
    /// As those of [`get_bytes`](Self::get_bytes).
    pub fn next_key_bytes(&self, key: Option<&[u8]>, next: &mut [u8]) -> Result<bool, Error> {
        key.map_or(Ok(()), |key| self.check(Step::ReadMap, key, None))?;
        self.check(Step::ReadMap, next, None)?;
        self.found(Step::ReadMap, Call::MapGetNextKey, self.fd.next_key(key, next))
    }

    pub(super) fn lookup(&self, key: &[u8], value: &mut [u8], flags: u64) -> Result<bool, Error> {
        self.check(Step::ReadMap, key, Some(value))?;
        self.found(Step::ReadMap, Call::MapLookupElem, self.fd.lookup(key, value, flags))
    }

    pub(super) fn lookup_and_delete(&self, key: &[u8], value: &mut [u8]) -> Result<bool, Error> {
        self.check(Step::WriteMap, key, Some(value))?;
        self.found(Step::WriteMap, Call::MapLookupAndDeleteElem, self.fd.take(key, value, 0))
    }

    pub(super) fn read<V: Value>(&self, key: &[u8], flags: u64) -> Result<Option<V>, Error> {
        let mut value = V::Bytes::ZERO;
        let found = self.lookup(key, value.bytes_mut(), flags)?;
        Ok(found.then(|| V::load(value.bytes(), 0)))
    }

    pub(super) fn take<V: Value>(&self, key: &[u8]) -> Result<Option<V>, Error> {
        let mut value = V::Bytes::ZERO;
        let found = self.lookup_and_delete(key, value.bytes_mut())?;
        Ok(found.then(|| V::load(value.bytes(), 0)))
    }

    pub(super) fn write<V: Value>(&self, key: &[u8], value: &V, flags: Update) -> Result<(), Error> {
        self.insert_bytes(key, data::bytes(value).bytes(), flags)
    }

    pub(super) fn sizes(&self, step: Step) -> Result<Sizes, Error> {
        self.fd.sizes().map_err(|errno| self.failed(step, Call::ObjGetInfoByFd, errno))
    }

    /// What the syscall layer would refuse, in words.
    fn check(&self, step: Step, key: &[u8], value: Option<&[u8]>) -> Result<(), Error> {
        let sizes = self.sizes(step)?;
        let pairs = [Some((key, sizes.key)), value.map(|value| (value, sizes.values))];
        for (bytes, expected) in pairs.into_iter().flatten() {
            if bytes.len() != expected {
                let kind = ErrorKind::WrongSize { given: bytes.len(), expected };
                return Err(Error::new(step, kind).with_item(self.name()));
            }
        }
        Ok(())
    }

    /// What is not there is no error.
    pub(super) fn found(&self, step: Step, call: Call, result: Result<(), Errno>) -> Result<bool, Error> {
        match result {
            Ok(()) => Ok(true),
            Err(Errno::ENOENT) => Ok(false),
            Err(errno) => Err(self.failed(step, call, errno)),
        }
    }

    pub(super) fn failed(&self, step: Step, call: Call, errno: Errno) -> Error {
        Error::system(step, call, errno).with_item(self.name())
    }
}
