//! Loaders with a signature: the form that this kernel verifies, and what it means when it refuses.

use super::map_plan;
use crate::error::{Call, Error, ErrorKind, SignatureProblem, Step};
use crate::keyring::Keyring;
use crate::load::with_log;
use crate::plan::{Signed, SignedForm};
use crate::sys::loader::{self as sys, Signing};
use crate::sys::{Errno, Fd, bpf};

/// What the log begins with where there is no such keyring (7.3). Before, there is no log, as the verifier has not begun.
const NO_KEYRING: &[u8] = b"cannot resolve signing keyring";

/// What it begins with where the instructions are not those that the map is for (7.3), which comes before the signature.
const OTHER_HASH: &[u8] = b"program's hash doesn't match";

/// How a kernel verifies.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Instructions and map together (7.3).
    Bound,
    /// Instructions, which compare the map with its hash (6.18).
    Hashed,
}

/// Loads the loader in the form that this kernel verifies.
///
/// None is asked for its version: a kernel that knows only the other form finds that the signature is not one of what it takes
/// for the message, before it looks at anything else.
pub(super) fn prepare(signed: &'static Signed, keyring: Keyring) -> Result<Fd, Error> {
    let first = match attempt(signed, Form::Bound, keyring) {
        Err(error) if is_rejected(&error) => error,
        result => return result,
    };
    attempt(signed, Form::Hashed, keyring).map_err(|second| {
        // A kernel of the first form takes the signature of the second one, as there is no map in it, and refuses the map then:
        // it was the first signature that counts.
        if second.errno() == Some(Errno::EACCES) { first } else { second }
    })
}

fn is_rejected(error: &Error) -> bool {
    error.kind() == ErrorKind::Signature(SignatureProblem::Rejected)
}

fn attempt(signed: &'static Signed, form: Form, keyring: Keyring) -> Result<Fd, Error> {
    let SignedForm { instructions, exclusive_hash, signature } = match form {
        Form::Bound => &signed.bound,
        Form::Hashed => &signed.hashed,
    };
    let failed = |call, errno| Error::system(Step::LoadLoader, call, errno);
    let plan = map_plan(signed.loader.blob);
    let map = sys::map_create_exclusive(&plan, exclusive_hash).map_err(|errno| match errno {
        // The first field that it does not know: nothing else in it is out of the ordinary.
        Errno::EINVAL | Errno::E2BIG => problem(SignatureProblem::KernelTooOld),
        _ => failed(Call::MapCreate, errno),
    })?;
    bpf::map_fill(&map, &plan, signed.loader.blob).map_err(|errno| failed(Call::MapUpdateElem, errno))?;
    bpf::map_freeze(&map).map_err(|errno| failed(Call::MapFreeze, errno))?;
    if form == Form::Hashed {
        sys::map_hash(&map).map_err(|errno| failed(Call::ObjGetInfoByFd, errno))?;
    }
    let signing = Signing { signature, keyring: keyring.id(), with_map: form == Form::Bound };
    sys::prog_load(instructions, &map, Some(&signing), None).or_else(|errno| match meaning(errno) {
        Some(meaning) => Err(problem(meaning)),
        None => with_log(failed(Call::ProgLoad, errno), |log| {
            sys::prog_load(instructions, &map, Some(&signing), Some(log))
        })
        .map_err(|error| match (error.errno(), error.verifier_log().unwrap_or_default()) {
            (Some(Errno::EINVAL), log) if log.is_empty() || log.starts_with(NO_KEYRING) => {
                problem(SignatureProblem::NoKeyring)
            }
            (Some(Errno::EACCES), log) if log.starts_with(OTHER_HASH) => problem(SignatureProblem::Rejected),
            _ => error,
        }),
    })
}

/// What a kernel says of a signature that it does not take.
fn meaning(errno: Errno) -> Option<SignatureProblem> {
    match errno {
        Errno::ENOKEY => Some(SignatureProblem::NoKey),
        Errno::EKEYREJECTED | Errno::EBADMSG => Some(SignatureProblem::Rejected),
        Errno::EKEYEXPIRED | Errno::EKEYREVOKED => Some(SignatureProblem::KeyExpired),
        Errno::EOPNOTSUPP | Errno::ENOPKG => Some(SignatureProblem::Unsupported),
        _ => None,
    }
}

fn problem(problem: SignatureProblem) -> Error {
    Error::new(Step::LoadLoader, ErrorKind::Signature(problem))
}
