//! Single bits of a signed object are changed, all over it, in the file and in what the kernel is given.

use libtest_mimic::Failed;
use preload_object::loader::{self, Form};
use preload_object::signature::Signature;
use preload_object::{Choices, Object, Plan};
use preload_runtime::plan::{Loader, Signed, SignedForm};
use preload_runtime::{__private, Error, ErrorKind, Keyring, SignatureProblem, Step};

use super::iterators;
use super::keyring::{SIGNER, Session};
use crate::harness::{Need, Outcome, Test, ensure, equal};

const SIGNATURES: &[Need] = &[Need::Kernel(6, 18), Need::Symbol("verify_pkcs7_signature")];

pub(crate) const TESTS: &[Test] = &[Test {
    name: "signed::every_flipped_bit_is_refused",
    needs: SIGNATURES,
    run: every_flipped_bit_is_refused,
}];

const OBJECT: &[u8] = include_bytes!("../../../examples/iterators.bpf.o");
const FILE: &[u8] = include_bytes!("../../signed/iterators.bpf.sig");

/// Where the signatures are in the file: behind magic number, version, three digests and two lengths.
const HEAD: usize = 8 + 3 * 32 + 2 * 2;

/// How many bits of the instructions and of the blob are changed, at least; of the signature it is all.
const FLIPS: usize = 4000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    Signature,
    Instructions,
    Blob,
}

fn every_flipped_bit_is_refused() -> Outcome {
    let _session = Session::with(&[SIGNER])?;
    let embedded = Embedded::read()?;
    let form = embedded.form_of_this_kernel()?;
    let signature_at =
        HEAD + if form == Form::Bound { embedded.signature.cms(Form::Hashed).len() } else { 0 };
    let (mut refused, mut of_the_envelope) = (0, 0);

    for bit in 0..FILE.len() * 8 {
        let read = embedded.reads(&flipped(FILE, bit));
        let in_signatures = bit / 8 >= HEAD;
        ensure(!read || in_signatures, || format!("bit {bit} of the file made no difference"))?;
        let Some(bit) = bit.checked_sub(signature_at * 8) else { continue };
        if bit >= embedded.signature.cms(form).len() * 8 {
            continue;
        }
        match embedded.load(Some((form, Part::Signature, bit))) {
            Err(error) => refused += expected(form, Part::Signature, bit, &error)?,
            // The kernel reads past some bits of the envelope, which no one has signed. None of them gets into a binary.
            Ok(_) if !read => of_the_envelope += 1,
            Ok(_) => return Err(format!("bit {bit} of the signature made no difference").into()),
        }
    }
    for (part, bits) in [
        (Part::Instructions, embedded.loader(form).instructions.len() * 8),
        (Part::Blob, embedded.loader(form).blob.len() * 8),
    ] {
        for bit in (0..bits).step_by((bits / FLIPS).max(1)) {
            match embedded.load(Some((form, part, bit))) {
                Err(error) => refused += expected(form, part, bit, &error)?,
                Ok(_) => return Err(format!("bit {bit} of {part:?} made no difference").into()),
            }
        }
    }
    // It is not that nothing could be loaded any more.
    embedded.load(None)?;
    println!(
        "flipped bits of the form {form:?}: {refused} refused by the kernel, {of_the_envelope} by the reader of the file alone"
    );
    ensure(refused >= 10_000, || format!("only {refused} were refused by the kernel"))
}

/// One more, if the error is the one for this part.
fn expected(form: Form, part: Part, bit: usize, error: &Error) -> Result<usize, Failed> {
    let place = format!("bit {bit} of {part:?}: {error}");
    match (part, form) {
        // What is wrong with a broken signature is told in many ways, and of some instructions (those that would name
        // a map) before the signature is looked at. The loader has not begun to run.
        (Part::Signature | Part::Instructions, _) => equal(error.step(), Step::LoadLoader, &place)?,
        // The signature is good, and the loader looks itself.
        (Part::Blob, Form::Hashed) => {
            equal(error.kind(), ErrorKind::Signature(SignatureProblem::Changed), &place)?;
        }
        (Part::Blob, Form::Bound) => {
            equal(error.kind(), ErrorKind::Signature(SignatureProblem::Rejected), &place)?;
        }
    }
    Ok(1)
}

fn flipped(bytes: &[u8], bit: usize) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    bytes[bit / 8] ^= 1 << (bit % 8);
    bytes
}

/// What the attribute puts into a binary, where it is for good.
struct Embedded {
    hashed: &'static loader::Loader,
    bound: &'static loader::Loader,
    signature: &'static Signature,
}

impl Embedded {
    fn read() -> Result<Self, Failed> {
        let object = Object::read(OBJECT).map_err(|errors| errors.to_string())?;
        let plan = Plan::new(&object, &Choices { object: "iterators".into(), ..Choices::default() });
        let embedded = Self {
            hashed: Box::leak(Box::new(loader::generate(&plan, Some(Form::Hashed))?)),
            bound: Box::leak(Box::new(loader::generate(&plan, Some(Form::Bound))?)),
            signature: Box::leak(Box::new(Signature::parse(FILE)?)),
        };
        ensure(embedded.reads(FILE), || "the file is not one of this object".into())?;
        Ok(embedded)
    }

    /// Whether the attribute takes a file.
    fn reads(&self, file: &[u8]) -> bool {
        Signature::parse(file).is_ok_and(|signature| {
            signature.check_object(OBJECT).is_ok() && signature.check(self.hashed, self.bound).is_ok()
        })
    }

    fn loader(&self, form: Form) -> &'static loader::Loader {
        match form {
            Form::Hashed => self.hashed,
            Form::Bound => self.bound,
        }
    }

    /// A kernel takes one form: the one without whose signature it does not take the object.
    fn form_of_this_kernel(&self) -> Result<Form, Failed> {
        self.load(None)?;
        let needs = |form| {
            // The last bit is one of the signature itself.
            let last = self.signature.cms(form).len() * 8 - 1;
            self.load(Some((form, Part::Signature, last))).is_err()
        };
        match (needs(Form::Hashed), needs(Form::Bound)) {
            (true, false) => Ok(Form::Hashed),
            (false, true) => Ok(Form::Bound),
            both => Err(format!("it is not one form that is needed: {both:?}").into()),
        }
    }

    /// Loads what is embedded, with a flipped bit in one form.
    fn load(&self, flip: Option<(Form, Part, usize)>) -> Result<iterators::Skel, Error> {
        let part = |form, part, bytes: &'static [u8]| match flip {
            Some((flipped_form, flipped_part, bit)) if (flipped_form, flipped_part) == (form, part) => {
                &*flipped(bytes, bit).leak()
            }
            _ => bytes,
        };
        let signed_form = |form| {
            let instructions = part(form, Part::Instructions, &self.loader(form).instructions);
            let loader = loader::Loader { instructions: instructions.to_vec(), ..self.loader(form).clone() };
            SignedForm {
                instructions,
                // Whoever changes the instructions can say whose the map is, too.
                exclusive_hash: loader.exclusive_hash(),
                signature: part(form, Part::Signature, self.signature.cms(form)),
            }
        };
        let form = flip.map_or(Form::Bound, |(form, ..)| form);
        let loader::Loader { context_size, maps_at, programs_at, blob, .. } = self.loader(form);
        let (bound, hashed) = (signed_form(Form::Bound), signed_form(Form::Hashed));
        let signed = Box::leak(Box::new(Signed {
            loader: Loader {
                instructions: bound.instructions,
                blob: part(form, Part::Blob, blob),
                context_size: *context_size,
                maps_at: *maps_at,
                programs_at: *programs_at,
                // For changes before load, which there are none of.
                maps: &[],
            },
            bound,
            hashed,
        }));
        let open = iterators::Skel::open();
        __private::load_signed::<_, { iterators::PLAN.maps.len() }, { iterators::PLAN.programs.len() }>(
            &iterators::PLAN,
            signed,
            Keyring::Session,
            __private::signed_programs([&open.progs.dump_bpf_map, &open.progs.dump_bpf_prog]),
        )
    }
}
