//! The CMS signature: `SignedData` of RFC 5652 in DER, in the one shape that is taken.
//!
//! A kernel reads past much of the envelope: of one made with an RSA key, 92 bits of 3000 can be changed without notice (Linux 6.18 and 7.3),
//! as what is signed is the message and not the envelope. So the shape is checked here, where a file becomes part of a binary, and only
//! what the kernel does look at is free: who has signed, and the signature itself.

use super::MAX_CMS;
use super::der::Reader;

// Tags.
const INTEGER: u8 = 0x02;
const OCTET_STRING: u8 = 0x04;
const OBJECT_IDENTIFIER: u8 = 0x06;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
/// What is optional in `SignedData` and `SignerInfo`, and what is in `ContentInfo`, by its place.
const CONTEXT_0: u8 = 0xa0;
const CONTEXT_1: u8 = 0xa1;
/// The subject key identifier in place of issuer and serial number.
const KEY_IDENTIFIER: u8 = 0x80;

/// 1.2.840.113549.1.7.2
const SIGNED_DATA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02";
/// `id-data` and nothing else, which stands for a message that is elsewhere: 1.2.840.113549.1.7.1
const DETACHED: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x01";
/// 2.16.840.1.101.3.4.2.1; RFC 5754 has writers leave the parameters out, and readers take both.
const SHA256: [&[u8]; 2] = [
    b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01",
    b"\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00",
];
/// `rsaEncryption` with its NULL: 1.2.840.113549.1.1.1
const RSA: &[u8] = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00";
/// `ecdsa-with-SHA256`: 1.2.840.10045.4.3.2
const ECDSA: &[u8] = b"\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02";
/// The version that goes with key identifiers, of `SignedData` and of `SignerInfo`.
const VERSION_3: &[u8] = &[3];

/// What is wrong with a signature.
type Problem = &'static str;

const DAMAGED: Problem = "it is damaged, or not written in DER";
const NO_SIGNED_DATA: Problem = "it is no `SignedData` of CMS (PKCS#7)";
const DIGEST: Problem = "its digest is not SHA-256 (openssl: `-md sha256`)";

/// Refuses what is not a signature in that shape, and says what to do about it.
pub(super) fn check(bytes: &[u8]) -> Result<(), Problem> {
    if bytes.is_empty() {
        return Err("it is empty");
    }
    if bytes.len() > MAX_CMS {
        return Err("it is longer than 4096 bytes; leave certificates and attributes out");
    }
    if bytes.starts_with(b"-----BEGIN") {
        return Err("it is PEM; have it written in DER (openssl: `-outform DER`)");
    }
    let mut content_info = only(Reader(bytes), SEQUENCE).ok_or(DAMAGED)?;
    (content_info.take(OBJECT_IDENTIFIER) == Some(SIGNED_DATA)).then_some(()).ok_or(NO_SIGNED_DATA)?;
    let signed_data = only(content_info, CONTEXT_0).and_then(|content| only(content, SEQUENCE));
    let signer_info = one_signer(signed_data.ok_or(DAMAGED)?)?;
    check_signer(signer_info)
}

/// The one signer of a `SignedData` that has neither message nor certificates in it.
fn one_signer(mut signed_data: Reader<'_>) -> Result<Reader<'_>, Problem> {
    let version = signed_data.take(INTEGER).ok_or(DAMAGED)?;
    let digests = signed_data.take(SET).ok_or(DAMAGED)?;
    is_sha256(only(Reader(digests), SEQUENCE))?;
    if signed_data.take(SEQUENCE) != Some(DETACHED) {
        return Err(
            "it holds what was signed, or says that it is no plain data; sign detached (openssl: leave out `-nodetach`)",
        );
    }
    if signed_data.is_next(CONTEXT_0) || signed_data.is_next(CONTEXT_1) {
        return Err("it holds certificates or revocations; leave them out (openssl: `-nocerts`)");
    }
    let signer_info = only(signed_data, SET).and_then(|signers| only(signers, SEQUENCE));
    let signer_info = signer_info.ok_or("it has not exactly one signer, or something follows")?;
    // Which kind of name it is decides about the version; that is the error that says more.
    if version != VERSION_3 && !signer_info.0.starts_with(&[INTEGER, 1, 1]) {
        return Err(DAMAGED);
    }
    Ok(signer_info)
}

fn check_signer(mut signer_info: Reader<'_>) -> Result<(), Problem> {
    if signer_info.take(INTEGER) != Some(VERSION_3) {
        return Err(
            "it names the signer by issuer and serial number; name it by its key identifier (openssl: `-keyid`)",
        );
    }
    signer_info.take(KEY_IDENTIFIER).filter(|id| !id.is_empty()).ok_or(DAMAGED)?;
    is_sha256(signer_info.take(SEQUENCE).map(Reader))?;
    if signer_info.is_next(CONTEXT_0) {
        return Err(
            "it has signed attributes, so that it is not of the message alone; leave them out (openssl: `-noattr`)",
        );
    }
    let algorithm = signer_info.take(SEQUENCE).ok_or(DAMAGED)?;
    let signature =
        signer_info.take(OCTET_STRING).filter(|signature| !signature.is_empty()).ok_or(DAMAGED)?;
    match algorithm {
        RSA => {}
        ECDSA => two_integers(signature).ok_or(DAMAGED)?,
        _ => {
            return Err(
                "its key is neither RSA (PKCS#1 v1.5) nor ECDSA, which are what is taken with SHA-256",
            );
        }
    }
    if signer_info.0.is_empty() { Ok(()) } else { Err("it has unsigned attributes; leave them out") }
}

fn is_sha256(algorithm: Option<Reader<'_>>) -> Result<(), Problem> {
    let algorithm = algorithm.ok_or(DIGEST)?;
    if SHA256.contains(&algorithm.0) { Ok(()) } else { Err(DIGEST) }
}

/// The signature of an elliptic curve is a structure of its own (RFC 3279).
fn two_integers(signature: &[u8]) -> Option<()> {
    let mut numbers = only(Reader(signature), SEQUENCE)?;
    let (r, s) = (numbers.take(INTEGER)?, numbers.take(INTEGER)?);
    (!r.is_empty() && !s.is_empty() && numbers.0.is_empty()).then_some(())
}

/// What is in the one element that there is.
fn only(mut bytes: Reader<'_>, tag: u8) -> Option<Reader<'_>> {
    let content = bytes.take(tag)?;
    bytes.0.is_empty().then_some(Reader(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Made by openssl of an RSA key and of one on the curve P-256.
    const MADE: [&[u8]; 2] = [include_bytes!("testdata/rsa.cms"), include_bytes!("testdata/ecdsa.cms")];

    #[test]
    fn what_openssl_makes_is_taken() {
        for cms in MADE {
            assert_eq!(check(cms), Ok(()));
        }
    }

    #[test]
    fn other_shapes_are_refused_by_name() {
        let cases: [(&[u8], &str); 8] = [
            (b"", "empty"),
            (&[0x30; MAX_CMS + 1], "longer"),
            (b"-----BEGIN CMS-----\n", "PEM"),
            (b"\x30\x03\x06\x01\x2a", "no `SignedData`"),
            (include_bytes!("testdata/attached.cms"), "holds what was signed"),
            (include_bytes!("testdata/with_certificate.cms"), "-nocerts"),
            (include_bytes!("testdata/with_attributes.cms"), "-noattr"),
            (include_bytes!("testdata/by_issuer.cms"), "-keyid"),
        ];
        for (bytes, word) in cases {
            let problem = check(bytes).unwrap_err();
            assert!(problem.contains(word), "`{word}` is not in: {problem}");
        }
        assert!(check(include_bytes!("testdata/sha512.cms")).unwrap_err().contains("SHA-256"));
    }

    /// Only in the key identifier and in the numbers of the signature, which are what the kernel goes by, can a bit be another one.
    #[test]
    fn the_envelope_has_one_shape() {
        // Of the numbers of the curve, each of 33 bytes here, tag and length are part of the shape.
        let numbers: [&[usize]; 2] = [&[256], &[33, 33]];
        for (cms, numbers) in MADE.into_iter().zip(numbers) {
            let mut changed = cms.to_vec();
            let mut free = Vec::new();
            for bit in 0..cms.len() * 8 {
                changed[bit / 8] ^= 1 << (bit % 8);
                if check(&changed).is_ok() {
                    free.push(bit);
                }
                changed[bit / 8] ^= 1 << (bit % 8);
            }
            let mut runs = vec![0];
            for (index, bit) in free.iter().enumerate() {
                if index > 0 && free[index - 1] + 1 != *bit {
                    runs.push(0);
                }
                *runs.last_mut().unwrap() += 1;
            }
            let key_identifier = [20].as_slice();
            assert_eq!(
                runs,
                [key_identifier, numbers].concat().iter().map(|bytes| bytes * 8).collect::<Vec<_>>()
            );
        }
    }
}
