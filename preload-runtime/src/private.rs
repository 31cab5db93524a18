//! What the generated code calls. Not for use by hand: names and shapes change with every release.

pub use crate::attach::by::calls as attach_by;
pub use crate::choice::MapChoice;
pub use crate::code::Code;
pub use crate::data::{Bits, Bytes, Sink, Source, Variables, bit_field, names as types, set_bit_field};
pub use crate::plan::{check, check_loader};
pub use crate::rows::{
    AsMap, OpenRow, Row, copy, map_choices, open_map_at, show_links, show_maps, show_open_maps,
    show_open_programs, show_programs,
};
pub use crate::shared::PinRoot;
pub use crate::slot::Stored;
pub use crate::{
    __bit_fields as bit_fields, __bytes as bytes, __enumeration as enumeration, __variables as variables_of,
};

use crate::error::{Error, ErrorKind, Step};
use crate::handles::Link;
use crate::kconfig::OpenKconfig;
use crate::keyring::Keyring;
use crate::load::{Order, Space};
use crate::object;
use crate::path::{AsPath, CPath};
use crate::plan::{Loader, MapPlan, Plan, ProgramPlan, Signed};
use crate::preload::{Preload, Preloaded, Removal};
use crate::privilege::Privilege;
use crate::settings::Settings;
use crate::shared;
use crate::skeleton::{OpenMap, OpenProgram, OpenSignedProgram, Skeleton, Unattached, named};
use crate::slot::Slot;
use crate::status::Status;
use crate::{attach, making, pin, transaction};

/// The choices for a program, before they are made.
pub const fn open_program(plan: &'static ProgramPlan) -> OpenProgram {
    OpenProgram::new(plan)
}

/// Where values of the kernel's configuration come from, before anything is said of it.
pub const fn open_kconfig() -> OpenKconfig {
    OpenKconfig::new()
}

/// The choices for a map, before they are made.
pub const fn open_map(plan: &'static MapPlan) -> OpenMap {
    OpenMap::new(plan)
}

/// The directory of shared maps, before it is chosen.
pub fn open_pin_root() -> PinRoot {
    PinRoot::unchosen()
}

/// The directory of shared maps as the caller has chosen it.
pub fn pin_root(path: impl AsPath) -> PinRoot {
    PinRoot::at(path)
}

/// The values that the variables of a data section have in the plan.
pub fn variables<V: Variables>(plan: &MapPlan) -> V {
    V::load(plan.contents)
}

/// Loads an object.
pub fn load<S: Stored, const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    pin_root: &PinRoot,
    maps: [MapChoice<'_>; MAPS],
    programs: [&OpenProgram; PROGRAMS],
    kconfig: Option<&OpenKconfig>,
) -> Result<S, Error> {
    let order = Order { plan, maps: &maps, programs: &programs, kconfig };
    let (mut space, mut skeleton) = (Space::<MAPS, PROGRAMS>::new(), None);
    making::load(&order, pin_root, Privilege::new(None), space.rooms(), &mut skeleton)?;
    skeleton.ok_or_else(making::not_loaded)
}

/// Loads an object, with a token of a bpffs where it is refused without one.
pub fn load_with_token<S: Stored, const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    pin_root: &PinRoot,
    maps: [MapChoice<'_>; MAPS],
    programs: [&OpenProgram; PROGRAMS],
    kconfig: Option<&OpenKconfig>,
    bpffs: impl AsPath,
) -> Result<S, Error> {
    let bpffs = named(plan, path(Step::Bpffs, bpffs))?;
    let order = Order { plan, maps: &maps, programs: &programs, kconfig };
    let (mut space, mut skeleton) = (Space::<MAPS, PROGRAMS>::new(), None);
    making::load(&order, pin_root, Privilege::new(Some(&bpffs)), space.rooms(), &mut skeleton)?;
    skeleton.ok_or_else(making::not_loaded)
}

/// Loads an object from inside the kernel.
pub fn load_in_kernel<S: Stored, const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    loader: &'static Loader,
    maps: [MapChoice<'_>; MAPS],
    programs: [&OpenProgram; PROGRAMS],
) -> Result<S, Error> {
    let order = Order { plan, maps: &maps, programs: &programs, kconfig: None };
    let (mut space, mut skeleton) = (Space::<MAPS, PROGRAMS>::new(), None);
    making::load_in_kernel(&order, loader, space.rooms(), &mut skeleton)?;
    skeleton.ok_or_else(making::not_loaded)
}

/// The choices for a program of a signed object, before they are made.
pub const fn open_signed_program(plan: &'static ProgramPlan) -> OpenSignedProgram {
    OpenSignedProgram::new(plan)
}

/// The choices for the programs of a signed object, as those of any.
pub fn signed_programs<const PROGRAMS: usize>(
    open: [&OpenSignedProgram; PROGRAMS],
) -> [&OpenProgram; PROGRAMS] {
    open.map(OpenSignedProgram::open)
}

/// Loads an object as it was signed.
pub fn load_signed<S: Stored, const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    signed: &'static Signed,
    keyring: Keyring,
    programs: [&OpenProgram; PROGRAMS],
) -> Result<S, Error> {
    let order = Order { plan, maps: &[MapChoice::Nothing; MAPS], programs: &programs, kconfig: None };
    let (mut space, mut skeleton) = (Space::<MAPS, PROGRAMS>::new(), None);
    making::load_signed(&order, signed, keyring, space.rooms(), &mut skeleton)?;
    skeleton.ok_or_else(making::not_loaded)
}

/// Loads an object as it was signed, attaches and pins as the options say; nothing is left behind by a failure.
pub fn preload_signed<S: Stored, const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    signed: &'static Signed,
    keyring: Keyring,
    options: &Preload,
    programs: [&OpenProgram; PROGRAMS],
) -> Result<Preloaded<S>, Error> {
    let order = Order { plan, maps: &[MapChoice::Nothing; MAPS], programs: &programs, kconfig: None };
    let (mut space, mut skeleton) = (Space::<MAPS, PROGRAMS>::new(), None);
    let preloaded = making::preload_signed(&order, signed, keyring, options, space.rooms(), &mut skeleton)?;
    Ok(preloaded.with(skeleton))
}

/// What is preloaded where the options say, compared with what [`preload_signed`] would make of these choices.
pub fn status_signed<const MAPS: usize>(
    plan: &'static Plan,
    options: &Preload,
    programs: &[&OpenProgram],
) -> Result<Status, Error> {
    status(plan, options, &[MapChoice::Nothing; MAPS], programs, None)
}

/// Attaches what can be attached.
pub fn attach<const PROGRAMS: usize>(skeleton: &mut dyn Skeleton) -> Result<Unattached<PROGRAMS>, Error> {
    named(skeleton.plan(), attach::attach(skeleton))
}

/// Pins all of a skeleton in a new directory.
pub fn pin(skeleton: &dyn Skeleton, directory: impl AsPath) -> Result<(), Error> {
    let pinned = path(Step::Pin, directory).and_then(|directory| transaction::pin(skeleton, &directory));
    named(skeleton.plan(), pinned)
}

/// Removes the pins of an object from a directory.
pub fn unpin(plan: &'static Plan, directory: impl AsPath) -> Result<(), Error> {
    named(plan, path(Step::Unpin, directory).and_then(|directory| transaction::unpin(plan, &directory)))
}

/// Pins the link at an index.
pub fn pin_link(skeleton: &dyn Skeleton, index: usize, path: impl AsPath) -> Result<(), Error> {
    let link = skeleton.link_at(index).ok_or_else(|| {
        let error = Error::new(Step::Pin, ErrorKind::NotAttached);
        error.with_item(link_name(skeleton.plan(), index))
    });
    named(skeleton.plan(), link.and_then(|link| link.pin(path)))
}

/// Removes the pin of the link at an index.
pub fn unpin_link(plan: &'static Plan, index: usize, path: impl AsPath) -> Result<(), Error> {
    named(plan, pin::unpin_one(link_name(plan, index), path))
}

fn link_name(plan: &'static Plan, index: usize) -> &'static str {
    plan.link(index).map_or("", |program| program.name)
}

/// Loads, attaches and pins as the options say; nothing is left behind by a failure.
pub fn preload<S: Stored, const MAPS: usize, const PROGRAMS: usize>(
    plan: &'static Plan,
    options: &Preload,
    pin_root: &PinRoot,
    maps: [MapChoice<'_>; MAPS],
    programs: [&OpenProgram; PROGRAMS],
    kconfig: Option<&OpenKconfig>,
) -> Result<Preloaded<S>, Error> {
    let order = Order { plan, maps: &maps, programs: &programs, kconfig };
    let (mut space, mut skeleton) = (Space::<MAPS, PROGRAMS>::new(), None);
    let preloaded = making::preload(&order, options, pin_root, space.rooms(), &mut skeleton)?;
    Ok(preloaded.with(skeleton))
}

/// What is preloaded where the options say, compared with what [`preload`] would make of these choices.
pub fn status(
    plan: &'static Plan,
    options: &Preload,
    maps: &[MapChoice<'_>],
    programs: &[&OpenProgram],
    kconfig: Option<&OpenKconfig>,
) -> Result<Status, Error> {
    let settings = Settings::of(maps, programs, kconfig, &options.access);
    named(plan, transaction::status(plan, options, settings))
}

/// [`preload`] where nothing may be there yet.
pub fn preload_new<S>(preload: impl FnOnce() -> Result<Preloaded<S>, Error>) -> Result<S, Error> {
    // With the default options what is there is refused, so that nothing is ever kept.
    preload()?.skeleton().ok_or_else(|| Error::new(Step::Preload, ErrorKind::AlreadyPinned))
}

/// [`preload`] into a slot.
pub fn preload_static<S: Stored, const PLACES: usize>(
    plan: &'static Plan,
    slot: &Slot<S, PLACES>,
    preload: impl FnOnce() -> Result<Preloaded<S>, Error>,
) -> Result<Preloaded<()>, Error> {
    let Some(filling) = slot.claim() else { return Err(already_preloaded(plan)) };
    Ok(preload()?.map(|skeleton| filling.keep(skeleton)))
}

fn already_preloaded(plan: &'static Plan) -> Error {
    Error::new(Step::Preload, ErrorKind::AlreadyPreloaded).of_object(plan)
}

/// Lets go of what a slot holds. Whether it held anything.
pub fn unload<S: Stored, const PLACES: usize>(slot: &Slot<S, PLACES>) -> bool {
    slot.clear()
}

/// Shows the links of what a slot holds.
pub fn each_link<S: Stored, const PLACES: usize>(
    slot: &'static Slot<S, PLACES>,
    look: &mut dyn FnMut(&Link),
) {
    if let Some(skeleton) = slot.get() {
        object::each_link(&*skeleton, look);
    }
}

/// Removes what [`preload`] has pinned under a bpffs.
pub fn unpin_preloaded(plan: &'static Plan, removal: &Removal) -> Result<(), Error> {
    let unpinned = transaction::unpin_preloaded(plan, removal).and_then(|()| {
        let root = || removal.pin_root.resolve(plan, Some(&removal.bpffs));
        if removal.shared_maps { shared::unpin(plan, root()) } else { Ok(()) }
    });
    named(plan, unpinned)
}

fn path(step: Step, path: impl AsPath) -> Result<CPath, Error> {
    CPath::new(path).map_err(|kind| Error::new(step, kind))
}
