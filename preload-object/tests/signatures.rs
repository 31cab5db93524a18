//! Signature files: read as they were written, and refused, never with a panic, if they are anything else.

#[allow(dead_code, reason = "no object is read here")]
mod fixtures;

use preload_object::loader::{self, Form};
use preload_object::signature::{MAX_CMS, Mismatch, Signature, SignatureError};
use preload_object::{Choices, Object, Plan};

use self::fixtures::XorShift;

/// Made by openssl of an RSA key and of one on the curve P-256.
const CMS: [&[u8]; 2] = [
    include_bytes!("../src/signature/testdata/rsa.cms"),
    include_bytes!("../src/signature/testdata/ecdsa.cms"),
];

const CHANGES: usize = 20_000;

/// Where the signatures begin: behind magic number, version, three digests and two lengths.
const HEAD: usize = 8 + 3 * 32 + 2 * 2;

/// The file of these signatures, and of digests that are none.
fn file(signatures: [&[u8]; 2]) -> Vec<u8> {
    let mut bytes = b"\x89BPFSIG\x01".to_vec();
    bytes.extend((0..96).map(|number| number ^ 0x5a));
    for cms in signatures {
        bytes.extend(u16::try_from(cms.len()).unwrap().to_le_bytes());
    }
    assert_eq!(bytes.len(), HEAD);
    signatures.iter().for_each(|cms| bytes.extend_from_slice(cms));
    bytes
}

#[test]
fn a_file_is_what_is_written_of_what_is_read() {
    for signatures in [[CMS[0], CMS[1]], [CMS[1], CMS[0]], [CMS[0], CMS[0]]] {
        let file = file(signatures);
        assert_eq!(Signature::parse(&file).unwrap().to_bytes(), file);
    }
}

#[test]
fn what_is_no_signature_file_is_told() {
    let whole = file(CMS);
    let refused = |bytes: &[u8]| Signature::parse(bytes).unwrap_err();
    assert_eq!(refused(b""), SignatureError::Foreign);
    assert_eq!(refused(b"\x7fELF and so on"), SignatureError::Foreign);
    assert_eq!(refused(CMS[0]), SignatureError::Bare);
    let mut newer = whole.clone();
    newer[7] = 2;
    assert_eq!(refused(&newer), SignatureError::Version(2));
    assert_eq!(refused(&[whole.as_slice(), b"\n"].concat()), SignatureError::TooLong);
    for end in 8..whole.len() {
        assert_eq!(refused(&whole[..end]), SignatureError::TooShort, "{end} bytes");
    }
    assert!(refused(&file([&[0x30; MAX_CMS + 1], CMS[0]])).to_string().contains("hashed form (Linux 6.18)"));
    assert!(refused(&file([CMS[0], b""])).to_string().contains("bound form (Linux 7.3)"));
}

/// Whatever is read is what is written of it: no bit of a file is without meaning.
#[test]
fn any_bit_may_be_wrong() {
    let whole = file(CMS);
    let original = Signature::parse(&whole).unwrap();
    let mut changed = whole.clone();
    let mut read = 0;
    for bit in 0..whole.len() * 8 {
        changed[bit / 8] ^= 1 << (bit % 8);
        if let Some(signature) = parse(&changed) {
            assert_ne!(signature, original);
            read += 1;
        }
        changed[bit / 8] ^= 1 << (bit % 8);
    }
    // The digests, two key identifiers, the numbers of the signatures: those are for others to compare and verify.
    assert_eq!(read, (96 + 2 * 20 + 256 + 2 * 33) * 8);
}

#[test]
fn any_bytes_may_be_wrong() {
    let whole = file(CMS);
    let mut random = XorShift(0x2545_f491_4f6c_dd1d);
    for _ in 0..CHANGES {
        let mut bytes = whole.clone();
        for _ in 0..1 + random.below(4) {
            // The head and the envelopes are where it matters.
            let end = if random.below(2) == 0 { HEAD + 120 } else { bytes.len() };
            bytes[random.below(end)] = random.below(256) as u8;
        }
        bytes.truncate(bytes.len() - random.below(3));
        parse(&bytes);
    }
}

fn parse(bytes: &[u8]) -> Option<Signature> {
    match Signature::parse(bytes) {
        Ok(signature) => {
            assert_eq!(signature.to_bytes(), bytes);
            Some(signature)
        }
        Err(error) => {
            assert!(!error.to_string().is_empty());
            None
        }
    }
}

/// A signature belongs to one object, and to one loader of it in both forms.
#[test]
fn a_signature_is_one_of_one_loader() {
    let object = include_bytes!("../../examples/iterators.bpf.o");
    let [iterators, renamed] = ["iterators", "renamed"].map(|name| {
        let plan =
            Plan::new(&Object::read(object).unwrap(), &Choices { object: name.into(), ..Choices::default() });
        [Form::Hashed, Form::Bound].map(|form| loader::generate(&plan, Some(form)).unwrap())
    });
    let [hashed, bound] = &iterators;
    let signature = Signature::new(object, (hashed, CMS[0].into()), (bound, CMS[1].into())).unwrap();
    let signature = Signature::parse(&signature.to_bytes()).unwrap();
    assert_eq!(signature.cms(Form::Hashed), CMS[0]);
    assert_eq!(signature.cms(Form::Bound), CMS[1]);
    assert_eq!(signature.check_object(object), Ok(()));
    assert_eq!(signature.check(hashed, bound), Ok(()));

    assert_eq!(signature.check_object(&object[1..]), Err(Mismatch::Object));
    // The name of the object is in those of its maps.
    assert_eq!(signature.check(&renamed[0], &renamed[1]), Err(Mismatch::Loader(Form::Hashed)));
    assert_eq!(signature.check(hashed, &renamed[1]), Err(Mismatch::Loader(Form::Bound)));
    assert_eq!(signature.check(bound, hashed), Err(Mismatch::Loader(Form::Hashed)));
    let other = Signature::new(object, (hashed, CMS[0].into()), (bound, b"no signature".to_vec()));
    assert!(other.unwrap_err().to_string().contains("bound form"));
}
