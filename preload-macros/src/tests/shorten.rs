//! Makes an expansion readable: long byte strings become their length and a checksum, which changes with the
//! bytes.

use proc_macro2::{Group, Literal, TokenStream, TokenTree};
use syn::Lit;

/// Where this package lies, which is another place on each machine.
const PACKAGE: &str = env!("CARGO_MANIFEST_DIR");
/// Names and short records stay as they are.
const LONGEST: usize = 64;

pub(super) fn bytes(tokens: TokenStream) -> TokenStream {
    let tokens = tokens.into_iter().map(|tree| match tree {
        TokenTree::Group(group) => Group::new(group.delimiter(), bytes(group.stream())).into(),
        TokenTree::Literal(literal) => literal_bytes(literal).into(),
        other => other,
    });
    tokens.collect()
}

fn literal_bytes(literal: Literal) -> Literal {
    match Lit::new(literal.clone()) {
        Lit::ByteStr(string) if string.value().len() > LONGEST => {
            let value = string.value();
            let summary = format!("{} bytes, FNV-1a {:016x}", value.len(), checksum(&value));
            Literal::byte_string(summary.as_bytes())
        }
        // The object is tracked by its full path. It goes before formatting: where lines break hangs on its
        // length.
        Lit::Str(string) if string.value().starts_with(PACKAGE) => {
            Literal::string(&string.value().replacen(PACKAGE, "<package>", 1))
        }
        _ => literal,
    }
}

/// 64-bit FNV-1a: enough against accidents, and the same everywhere and always, which the hasher of std is
/// not.
fn checksum(bytes: &[u8]) -> u64 {
    bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn the_checksum_is_fnv_1a() {
    // From the test vectors of the algorithm's authors.
    assert_eq!(checksum(b""), 0xcbf2_9ce4_8422_2325);
    assert_eq!(checksum(b"foobar"), 0x8594_4171_f739_67e8);
}

#[test]
fn only_long_byte_strings_are_shortened() {
    let short = quote::quote!(b"name\0" [1, "text"]);
    assert_eq!(bytes(short.clone()).to_string(), short.to_string());
    let long = Literal::byte_string(&[7; LONGEST + 1]);
    let shortened = bytes(quote::quote!({ #long })).to_string();
    assert!(shortened.contains("65 bytes, FNV-1a"), "{shortened}");
}
