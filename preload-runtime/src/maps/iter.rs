//! One key after the other.

use core::marker::PhantomData;

use crate::data::{Buffer, Value};
use crate::error::Error;
use crate::handles::Map;

/// The keys of a map.
///
/// Ends with the first error.
pub struct Keys<'a, K: Value> {
    map: &'a Map,
    state: State<K::Bytes>,
}

enum State<B> {
    First,
    Behind(B),
    End,
}

impl<'a, K: Value> Keys<'a, K> {
    pub(super) fn new(map: &'a Map) -> Self {
        Self { map, state: State::First }
    }

    fn next_bytes(&mut self) -> Option<Result<K::Bytes, Error>> {
        let last = match &self.state {
            State::First => None,
            State::Behind(key) => Some(key.bytes()),
            State::End => return None,
        };
        let mut next = K::Bytes::ZERO;
        match self.map.next_key_bytes(last, next.bytes_mut()) {
            Ok(true) => {
                self.state = State::Behind(next);
                Some(Ok(next))
            }
            Ok(false) => {
                self.state = State::End;
                None
            }
            Err(error) => {
                self.state = State::End;
                Some(Err(error))
            }
        }
    }
}

impl<K: Value> Iterator for Keys<'_, K> {
    type Item = Result<K, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        self.next_bytes().map(|key| key.map(|key| K::load(key.bytes(), 0)))
    }
}

/// The keys of a map and their values.
///
/// Ends with the first error.
pub struct Entries<'a, K: Value, V> {
    keys: Keys<'a, K>,
    values: PhantomData<fn() -> V>,
}

impl<'a, K: Value, V: Value> Entries<'a, K, V> {
    pub(super) fn new(map: &'a Map) -> Self {
        Self { keys: Keys::new(map), values: PhantomData }
    }
}

impl<K: Value, V: Value> Iterator for Entries<'_, K, V> {
    type Item = Result<(K, V), Error>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let key = match self.keys.next_bytes()? {
                Ok(key) => key,
                Err(error) => return Some(Err(error)),
            };
            match self.keys.map.read(key.bytes(), 0) {
                Ok(Some(value)) => return Some(Ok((K::load(key.bytes(), 0), value))),
                // Removed since.
                Ok(None) => {}
                Err(error) => {
                    self.keys.state = State::End;
                    return Some(Err(error));
                }
            }
        }
    }
}
