//! Makes a skeleton: loads it, and attaches and pins it where that is asked for.
//!
//! Only the type of a skeleton knows how much room it takes and what an empty one is. All the rest is done here for any type,
//! so that the compiler of whoever uses one does not have to compile it again.

use crate::error::{Error, ErrorKind, Step};
use crate::keyring::Keyring;
use crate::load::{self, Order, Room, Rooms, Sources};
use crate::loader;
use crate::plan::{Loader, Signed};
use crate::preload::{Preload, Preloaded};
use crate::privilege::Privilege;
use crate::settings::Settings;
use crate::shared::{PinRoot, SharedMaps};
use crate::skeleton::{Skeleton, named};
use crate::slot::{Stored, fill};
use crate::sys::{Errno, Fd};
use crate::transaction::{self, Carried};

/// A skeleton that is not there before it is loaded.
pub(crate) trait Unmade {
    /// The skeleton; an empty one until it is filled.
    fn skeleton(&mut self) -> &mut dyn Skeleton;

    /// Drops it, if there is one.
    fn unmake(&mut self);
}

impl<S: Stored> Unmade for Option<S> {
    fn skeleton(&mut self) -> &mut dyn Skeleton {
        self.get_or_insert_with(S::empty)
    }

    fn unmake(&mut self) {
        *self = None;
    }
}

/// Loads an object that is not pinned here; what it has pinned by name stays when that went well.
pub(crate) fn load(
    order: &Order<'_>,
    pin_root: &PinRoot,
    mut privilege: Privilege<'_>,
    mut rooms: Rooms<'_>,
    unmade: &mut dyn Unmade,
) -> Result<(), Error> {
    let mut shared = SharedMaps::new(order.plan, pin_root, None, rooms.shared);
    let mut sources = Sources { carried: &Carried::NOTHING, shared: &mut shared };
    let loaded = load_into(order, &mut privilege, &mut sources, &mut rooms.load, unmade);
    named(order.plan, loaded)?;
    shared.keep();
    Ok(())
}

/// Loads an object from inside the kernel.
pub(crate) fn load_in_kernel(
    order: &Order<'_>,
    loader: &'static Loader,
    rooms: Rooms<'_>,
    unmade: &mut dyn Unmade,
) -> Result<(), Error> {
    let Room { maps, programs, .. } = rooms.load;
    let loaded = loader::load(order, loader, maps, programs);
    named(order.plan, loaded.and_then(|()| fill_with(order, maps, programs, unmade)))
}

/// Loads an object as it was signed.
pub(crate) fn load_signed(
    order: &Order<'_>,
    signed: &'static Signed,
    keyring: Keyring,
    mut rooms: Rooms<'_>,
    unmade: &mut dyn Unmade,
) -> Result<(), Error> {
    named(order.plan, load_signed_into(order, signed, keyring, &mut rooms.load, unmade))
}

/// Loads, attaches and pins as the options say; nothing is left behind by a failure.
// Inlined where it is optimised: what the plan and the options at hand do not need is left out of the binary then.
#[cfg_attr(not(debug_assertions), inline(always))]
pub(crate) fn preload(
    order: &Order<'_>,
    options: &Preload,
    pin_root: &PinRoot,
    rooms: Rooms<'_>,
    unmade: &mut dyn Unmade,
) -> Result<Preloaded<()>, Error> {
    let Rooms { load: mut room, shared, mut attach } = rooms;
    let Order { plan, maps, programs, kconfig } = *order;
    let mut shared = SharedMaps::new(plan, pin_root, Some(&options.bpffs), shared);
    let settings = Settings::of(maps, programs, kconfig, &options.access);
    let result =
        transaction::preload(plan, options, settings, &mut attach, unmade, &mut |carried, unmade| {
            let mut privilege = Privilege::new(options.bpffs.as_ref().ok());
            let mut sources = Sources { carried, shared: &mut shared };
            load_into(order, &mut privilege, &mut sources, &mut room, unmade)
        });
    // What is left of an old set may be in the way when the new one is in place already, and needs its maps.
    if result.as_ref().map_or_else(|error| error.step() == Step::Unpin, |_| true) {
        shared.keep();
    }
    named(plan, result)
}

/// The same for an object as it was signed.
pub(crate) fn preload_signed(
    order: &Order<'_>,
    signed: &'static Signed,
    keyring: Keyring,
    options: &Preload,
    rooms: Rooms<'_>,
    unmade: &mut dyn Unmade,
) -> Result<Preloaded<()>, Error> {
    let Rooms { load: mut room, mut attach, .. } = rooms;
    let Order { plan, maps, programs, .. } = *order;
    let keyring = options.keyring.unwrap_or(keyring);
    if options.carry_maps {
        let hint = "a signed object makes its own maps: leave `carry_maps` out";
        let error = Error::new(Step::Preload, ErrorKind::System(Errno::EOPNOTSUPP)).with_hint(Some(hint));
        return named(plan, Err(error));
    }
    let settings = Settings::of(maps, programs, None, &options.access);
    let result = transaction::preload(plan, options, settings, &mut attach, unmade, &mut |_, unmade| {
        load_signed_into(order, signed, keyring, &mut room, unmade)
    });
    named(plan, result)
}

fn load_into(
    order: &Order<'_>,
    privilege: &mut Privilege<'_>,
    sources: &mut Sources<'_, '_>,
    room: &mut Room<'_>,
    unmade: &mut dyn Unmade,
) -> Result<(), Error> {
    let loaded = load::load(order, privilege, sources, room);
    let filled = loaded.and_then(|()| fill_with(order, room.maps, room.programs, unmade));
    room.clear();
    filled
}

fn load_signed_into(
    order: &Order<'_>,
    signed: &'static Signed,
    keyring: Keyring,
    room: &mut Room<'_>,
    unmade: &mut dyn Unmade,
) -> Result<(), Error> {
    let loaded = loader::load_signed(order, signed, keyring, room.maps, room.programs);
    let filled = loaded.and_then(|()| fill_with(order, room.maps, room.programs, unmade));
    room.clear();
    filled
}

/// Makes the skeleton of what was loaded.
fn fill_with(
    order: &Order<'_>,
    maps: &mut [Option<Fd>],
    programs: &mut [Option<Fd>],
    unmade: &mut dyn Unmade,
) -> Result<(), Error> {
    let mut fds = |place: usize| match maps.get_mut(place) {
        Some(fd) => fd.take(),
        None => programs.get_mut(place - maps.len())?.take(),
    };
    // All maps are there after a load that went well.
    fill(unmade.skeleton(), &mut fds, order.programs).ok_or_else(not_loaded)
}

/// What a load without a skeleton would be.
pub(crate) fn not_loaded() -> Error {
    Error::new(Step::CreateMap, ErrorKind::NotLoaded)
}
