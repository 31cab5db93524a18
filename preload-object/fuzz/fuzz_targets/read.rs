//! Any bytes are an object or are refused with a message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use preload_object::Object;

fuzz_target!(|bytes: &[u8]| {
    if let Err(errors) = Object::read(bytes) {
        assert!(!errors.to_string().is_empty());
    }
});
