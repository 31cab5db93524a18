//! What was chosen before load, put into a copy of the blob.

use crate::choice::MapChoice;
use crate::entries;
use crate::error::{Call, Error, ErrorKind, Step};
use crate::load::Order;
use crate::plan::{Loader, MapPlan};
use crate::skeleton::OpenMap;
use crate::sys::{Errno, Fd, Memory, bpf};

/// `BPF_MAP_TYPE_PERF_EVENT_ARRAY`.
const PERF_EVENT_ARRAY: u32 = 4;
/// The bits of the words that a blob begins with.
const LOAD: u32 = 1 << 0;
const OPTIONAL: u32 = 1 << 1;

/// A blob that becomes a copy with the first change.
struct Copied {
    original: &'static [u8],
    copy: Option<Memory>,
}

impl Copied {
    fn put(&mut self, at: u32, bytes: &[u8]) -> Result<(), Error> {
        let range = at as usize..at as usize + bytes.len();
        if self.copy.is_none() && self.original.get(range.clone()) == Some(bytes) {
            return Ok(());
        }
        let copy = match &mut self.copy {
            Some(copy) => copy,
            None => {
                let mut copy = Memory::zeroed(self.original.len())
                    .map_err(|errno| Error::system(Step::LoadLoader, Call::Mmap, errno))?;
                copy.bytes_mut().copy_from_slice(self.original);
                self.copy.insert(copy)
            }
        };
        if let Some(place) = copy.bytes_mut().get_mut(range) {
            place.copy_from_slice(bytes);
        }
        Ok(())
    }
}

/// The blob with what was chosen; none where that is what the plan says.
pub(super) fn change(order: &Order<'_>, loader: &'static Loader) -> Result<Option<Memory>, Error> {
    let Order { plan, maps, programs, .. } = *order;
    let mut blob = Copied { original: loader.blob, copy: None };
    for (at, open) in (0..).step_by(size_of::<u32>()).zip(programs) {
        let load = if open.autoload() { LOAD } else { 0 };
        let optional = if open.optional() { OPTIONAL } else { 0 };
        // The word is zero for a program that is left out, whatever else is said of it.
        let word = if load == 0 { 0 } else { load | optional };
        blob.put(at, &word.to_le_bytes())?;
    }
    for ((plan, choice), place) in plan.maps.iter().zip(maps).zip(loader.maps) {
        let named = |error: Error| error.with_item(plan.name);
        refuse_others(*choice).map_err(named)?;
        if !leaves_number(plan, *choice) {
            let entries = entries::effective(
                plan.map_type,
                choice.open().map_or(plan.max_entries, OpenMap::max_entries),
            )
            .map_err(named)?;
            blob.put(place.max_entries, &entries.to_le_bytes())?;
        }
        let contents = contents(*choice).map_err(named)?;
        if let (Some(at), Some(contents)) = (place.contents, contents) {
            blob.put(at, contents.bytes())?;
        }
    }
    Ok(blob.copy)
}

fn contents(choice: MapChoice<'_>) -> Result<Option<Memory>, Error> {
    choice.contents().map_err(|errno| Error::system(Step::FillMap, Call::Mmap, errno))
}

/// A loader makes all maps itself.
fn refuse_others(choice: MapChoice<'_>) -> Result<(), Error> {
    let Some(open) = choice.open() else { return Ok(()) };
    if open.pinned_by_name() || open.given().is_some() {
        let hint = "a map that is there already cannot be used inside the kernel; use `load`";
        let error = Error::new(Step::CreateMap, ErrorKind::System(Errno::EOPNOTSUPP));
        return Err(error.with_hint(Some(hint)));
    }
    Ok(())
}

/// Whether the number of entries is that of the machine's CPUs, which a loader is told.
fn leaves_number(plan: &MapPlan, choice: MapChoice<'_>) -> bool {
    plan.map_type == PERF_EVENT_ARRAY && choice.open().map_or(plan.max_entries, OpenMap::max_entries) == 0
}

/// The elements of perf event arrays without a number; 0 where there are none.
pub(super) fn cpus(order: &Order<'_>) -> Result<u32, Error> {
    match order.plan.maps.iter().zip(order.maps).find(|(plan, choice)| leaves_number(plan, **choice)) {
        Some((plan, _)) => {
            entries::effective(PERF_EVENT_ARRAY, 0).map_err(|error| error.with_item(plan.name))
        }
        None => Ok(0),
    }
}

/// Fills data sections that start as zeros in the plan, and with something else by choice. None of them is read-only.
pub(super) fn fill_zeroed(
    order: &Order<'_>,
    loader: &'static Loader,
    fds: &[Option<Fd>],
) -> Result<(), Error> {
    for (((plan, choice), place), fd) in order.plan.maps.iter().zip(order.maps).zip(loader.maps).zip(fds) {
        let (None, Some(fd)) = (place.contents, fd) else { continue };
        let Some(contents) = contents(*choice)? else { continue };
        bpf::map_fill(fd, plan, contents.bytes())
            .map_err(|errno| Error::system(Step::FillMap, Call::MapUpdateElem, errno).with_item(plan.name))?;
    }
    Ok(())
}
