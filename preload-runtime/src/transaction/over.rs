//! What keeps or replaces a set that is there already. A preload that refuses one does without this code: options name it.

use core::ffi::CStr;

use super::in_place::{self, Taken};
use super::place::{Place, Staged};
use super::{is_complete, is_trusted};
use crate::directory::Directory;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::marker::{Digest, Marker};
use crate::preload::{Access, Existing, Preload};
use crate::skeleton::Skeleton;
use crate::sys::Errno;

/// [`keep`], as options name it.
type Keep = fn(&Place, &Directory, &Preload, Digest) -> Result<bool, Error>;
/// [`replace`], as options name it.
type Replace = fn(&Place, &mut Staged, &dyn Skeleton, Taken<'_>, Digest, Access) -> Result<(), Error>;

/// What options other than to refuse need.
pub(crate) struct Over {
    pub(super) keep: Keep,
    pub(super) replace: Replace,
}

pub(crate) static OVER: Over = Over { keep, replace };

/// Whether the set that is there is kept; an error where it can neither be kept nor replaced.
fn keep(place: &Place, old: &Directory, options: &Preload, digest: Digest) -> Result<bool, Error> {
    let refused = |kind| Err(place.parent.error(Step::Preload, kind, place.names.set()));
    if options.existing == Existing::Refuse {
        return refused(ErrorKind::AlreadyPinned);
    }
    if !is_trusted(old, options.access, Step::Preload)? {
        let error = place.parent.error(Step::Preload, ErrorKind::Foreign, place.names.set());
        return Err(error.with_hint(Some("it belongs to another user: remove it, or preload elsewhere")));
    }
    match options.existing {
        Existing::Keep if is_same(old, digest)? => Ok(true),
        Existing::Keep => refused(ErrorKind::DifferentlyPinned),
        _ => place.require_own(old, Step::Preload).map(|()| false),
    }
}

/// Whether the set is what would be preloaded, and all of it is there.
fn is_same(set: &Directory, digest: Digest) -> Result<bool, Error> {
    let Some(marker) = Marker::read(set, Step::Preload)? else { return Ok(false) };
    Ok(marker.digest == digest && is_complete(set, &marker, Step::Preload)?)
}

/// Fills a new set and publishes it in the place of the old one. What has `taken` links of the old set goes into them at the
/// last moment.
fn replace(
    place: &Place,
    set: &mut Staged,
    skeleton: &dyn Skeleton,
    taken: Taken<'_>,
    digest: Digest,
    access: Access,
) -> Result<(), Error> {
    let made = place.fill(set, skeleton, digest, access).and_then(|()| {
        in_place::exchanges(skeleton, taken).try_for_each(|exchange| exchange.keep(&set.directory))?;
        in_place::exchanges(skeleton, taken).try_for_each(|exchange| exchange.carry_out())?;
        swap(place)
    });
    let old = place.or_abandon(made)?;
    // The old set has one of the other names now.
    clear(place, &set.directory, taken, old).map_err(|error| {
        error.with_hint(Some(
            "the new set is in place; what is left of the old one is removed by the next preload",
        ))
    })
}

/// Lets go of what a replacement has put out.
fn clear(place: &Place, set: &Directory, taken: Taken<'_>, old: &CStr) -> Result<(), Error> {
    if taken.any() {
        in_place::forget(set).or_else(|_| in_place::forget(set))?;
    }
    place.remove_set(old)
}

/// Puts the new set in the place of the old one; the name that the old one has now.
///
/// In one step from 6.1 on. Before, nothing has the name for a moment; both sets are attached meanwhile, and a process
/// that is killed in that moment leaves what the next run puts back.
fn swap(place: &Place) -> Result<&CStr, Error> {
    let (name, making, replaced) = (place.names.set(), place.names.making(), place.names.replaced());
    match place.parent.exchange(making, name) {
        Ok(()) => return Ok(making),
        Err(Errno::EINVAL) => {}
        Err(errno) => return Err(Error::system(Step::Pin, Call::Rename, errno)),
    }
    place.parent.rename(name, replaced, Step::Pin)?;
    match place.parent.rename(making, name, Step::Pin) {
        Ok(()) => Ok(replaced),
        Err(error) => {
            // Once more, should the error not last; else the next run puts it back.
            let back = || place.parent.rename(replaced, name, Step::Pin);
            let _ = back().or_else(|_| back());
            Err(error)
        }
    }
}
