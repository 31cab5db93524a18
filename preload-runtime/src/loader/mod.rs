//! Loads an object from inside the kernel: a program does it, which is made at compile time.
//!
//! It makes the maps and loads the programs with the same calls as [`load`](crate::load), and hands back their
//! descriptors. Attaching and pinning come after, as for any object.

mod blob;
mod context;
mod failure;
mod run;
mod signed;

use crate::error::{Call, Error, Step};
use crate::keyring::Keyring;
use crate::load::{Order, bind_maps, with_log};
use crate::plan::{Loader, MapPlan, Signed};
use crate::sys::{Errno, Fd, Memory, bpf, loader as sys};

/// `BPF_MAP_TYPE_ARRAY`.
const ARRAY: u32 = 2;

/// Loads everything that is not left out, into these slots.
pub(crate) fn load(
    order: &Order<'_>,
    loader: &'static Loader,
    maps: &mut [Option<Fd>],
    programs: &mut [Option<Fd>],
) -> Result<(), Error> {
    let changed = blob::change(order, loader)?;
    let program = prepare(loader, changed.as_ref().map_or(loader.blob, Memory::bytes))?;
    run(order, loader, &program, maps, programs)?;
    blob::fill_zeroed(order, loader, maps)?;
    bind_maps(order.plan, maps, programs)
}

/// Loads an object as it was signed.
pub(crate) fn load_signed(
    order: &Order<'_>,
    signed: &'static Signed,
    keyring: Keyring,
    maps: &mut [Option<Fd>],
    programs: &mut [Option<Fd>],
) -> Result<(), Error> {
    let program = signed::prepare(signed, keyring)?;
    run(order, &signed.loader, &program, maps, programs)?;
    bind_maps(order.plan, maps, programs)
}

/// Runs the loader, and takes what it has made.
fn run(
    order: &Order<'_>,
    loader: &'static Loader,
    program: &Fd,
    maps: &mut [Option<Fd>],
    programs: &mut [Option<Fd>],
) -> Result<(), Error> {
    let mut context = run::run(order.plan, loader, program, blob::cpus(order)?)?;
    for (fds, start) in [(&mut *maps, loader.maps_at), (&mut *programs, loader.programs_at)] {
        for (fd, at) in fds.iter_mut().zip((start as usize..).step_by(size_of::<u32>())) {
            *fd = context.take(at).map_err(|errno| Error::system(Step::RunLoader, Call::Fcntl, errno))?;
        }
    }
    Ok(())
}

/// Puts the blob into a map, and loads the program that works on it.
fn prepare(loader: &'static Loader, blob: &[u8]) -> Result<Fd, Error> {
    let failed = |call, errno| Error::system(Step::LoadLoader, call, errno);
    let plan = map_plan(blob);
    let map = bpf::map_create(&plan, 1, None, None, None).map_err(|errno| failed(Call::MapCreate, errno))?;
    bpf::map_fill(&map, &plan, blob).map_err(|errno| failed(Call::MapUpdateElem, errno))?;
    bpf::map_freeze(&map).map_err(|errno| failed(Call::MapFreeze, errno))?;
    sys::prog_load(loader.instructions, &map, None, None).or_else(|errno| {
        let error = failed(Call::ProgLoad, errno).with_hint(
            matches!(errno, Errno::EINVAL | Errno::E2BIG)
                .then_some("the kernel does not run such programs: Linux 5.14 or newer is needed"),
        );
        with_log(error, |log| sys::prog_load(loader.instructions, &map, None, Some(log)))
    })
}

/// The map that holds a blob, which is no longer than a map can be: its loader was made for it at compile time.
fn map_plan(blob: &[u8]) -> MapPlan {
    MapPlan {
        kernel_name: *b"__loader.map\0\0\0\0",
        map_type: ARRAY,
        key_size: 4,
        value_size: blob.len() as u32,
        ..MapPlan::EMPTY
    }
}
