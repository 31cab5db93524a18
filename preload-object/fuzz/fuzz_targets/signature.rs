//! Any bytes are a signature file, the one that is written of what was read, or are refused with a message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use preload_object::signature::Signature;

fuzz_target!(|bytes: &[u8]| {
    match Signature::parse(bytes) {
        Ok(signature) => assert_eq!(signature.to_bytes(), bytes),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
