//! The statics: one instance of a skeleton, kept for the process.
//!
//! A slot keeps descriptors in atomics. Who looks at the skeleton holds a [`Guard`]; unloading closes the descriptors when
//! the last guard is gone, so that nobody ever uses a number that means something else by then.

use core::fmt;
use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::sync::atomic::{AtomicI32, AtomicU32, Ordering};

use crate::attach::AttachChoices;
use crate::handles::{Handle, Link, Map, Program};
use crate::plan::Plan;
use crate::rows;
use crate::skeleton::{OpenProgram, Skeleton};
use crate::sys::Fd;

/// A skeleton that can be kept as a row of descriptors: those of maps, programs, links. Implemented by generated code alone.
pub trait Stored: Skeleton + Sized + 'static {
    /// One without any descriptor.
    fn empty() -> Self;
}

/// Gives the descriptor for a place: one of the maps, of the programs behind them, or of the links behind those.
type Fds<'a> = &'a mut dyn FnMut(usize) -> Option<Fd>;

/// The skeleton of a row of descriptors, whose programs know what was chosen for them, if anything. Nothing when the descriptor
/// of a map is missing.
pub(crate) fn from_fds<S: Stored>(fds: Fds<'_>, chosen: &[&OpenProgram]) -> Option<S> {
    let mut skeleton = S::empty();
    fill(&mut skeleton, fds, chosen)?;
    Some(skeleton)
}

fn fill(skeleton: &mut dyn Skeleton, fds: Fds<'_>, chosen: &[&OpenProgram]) -> Option<()> {
    let plan = skeleton.plan();
    let (maps, programs) = (plan.maps.len(), plan.programs.len());
    for (index, plan) in plan.maps.iter().enumerate() {
        skeleton.map_mut(index)?.fill(fds(index)?, plan);
    }
    for (index, plan) in plan.programs.iter().enumerate() {
        let choices = chosen.get(index).map_or_else(|| AttachChoices::of(plan), |open| open.attach_choices());
        skeleton.program_mut(index)?.fill(fds(maps + index), plan, choices);
    }
    for index in 0..programs + plan.struct_ops.len() {
        let (slot, plan) = (skeleton.link_slot(index)?, plan.link(index)?);
        rows::set(slot, fds(maps + programs + index).map(|fd| Link::from_fd(fd, plan)));
    }
    Some(())
}

/// Keeps the numbers of a skeleton's descriptors, which are the slot's from here on.
fn keep<S: Stored>(skeleton: S, places: &[AtomicI32]) {
    note(&*ManuallyDrop::new(skeleton), places);
}

fn note(skeleton: &dyn Skeleton, places: &[AtomicI32]) {
    let plan = skeleton.plan();
    let (maps, programs) = (plan.maps.len(), plan.programs.len());
    for (index, place) in places.iter().enumerate() {
        let fd = if index < maps {
            skeleton.map_at(index).map(Map::fd)
        } else if index < maps + programs {
            skeleton.program_at(index - maps).and_then(Program::fd)
        } else {
            skeleton.link_at(index - maps - programs).map(Link::fd)
        };
        place.store(fd.map_or(NONE, Fd::raw), Ordering::Relaxed);
    }
}

/// Nothing in the slot.
const EMPTY: u32 = 0;
/// One thread moves descriptors in or out.
const BUSY: u32 = 1;
/// A skeleton in the slot, and nobody looking at it; each guard adds one.
const IDLE: u32 = 2;
/// Added to the state when the skeleton is to go with its last guard.
const LEAVING: u32 = 1 << 31;
/// The number that no descriptor has.
const NONE: i32 = -1;

/// A place for one skeleton, as so many descriptors.
pub struct Slot<S: Stored, const PLACES: usize> {
    state: AtomicU32,
    places: [AtomicI32; PLACES],
    skeleton: PhantomData<fn() -> S>,
}

impl<S: Stored, const PLACES: usize> Default for Slot<S, PLACES> {
    fn default() -> Self {
        Self::new()
    }
}

impl<S: Stored, const PLACES: usize> Slot<S, PLACES> {
    /// An empty slot.
    pub const fn new() -> Self {
        Self {
            state: AtomicU32::new(EMPTY),
            places: [const { AtomicI32::new(NONE) }; PLACES],
            skeleton: PhantomData,
        }
    }

    /// The skeleton, if there is one.
    pub fn get(&'static self) -> Option<Guard<S>> {
        Guard::new(self, || from_fds(&mut |place| self.descriptor(place), &[]))
    }

    /// Makes the skeleton and keeps it, unless there is one already; what is made may also turn out to be none.
    ///
    /// Nobody sees it before it is complete; a second call meanwhile is refused.
    pub(crate) fn fill<T, E>(
        &self,
        refused: impl FnOnce() -> E,
        make: impl FnOnce() -> Result<(Option<S>, T), E>,
    ) -> Result<T, E> {
        if self.state.compare_exchange(EMPTY, BUSY, Ordering::Acquire, Ordering::Relaxed).is_err() {
            return Err(refused());
        }
        let mut filling = Filling { state: &self.state, outcome: EMPTY };
        let (skeleton, value) = make()?;
        if let Some(skeleton) = skeleton {
            keep(skeleton, &self.places);
            filling.outcome = IDLE;
        }
        Ok(value)
    }

    /// Lets the skeleton go: now, or with the last guard. Whether there was one.
    pub(crate) fn clear(&self) -> bool {
        let depart = |state| match state {
            IDLE => Some(BUSY),
            state if (IDLE..LEAVING).contains(&state) => Some(state | LEAVING),
            _ => None,
        };
        match self.state.fetch_update(Ordering::AcqRel, Ordering::Relaxed, depart) {
            Ok(IDLE) => {
                self.close();
                true
            }
            Ok(_) => true,
            Err(_) => false,
        }
    }

    /// Closes everything; the state is ours alone.
    fn close(&self) {
        for place in &self.places {
            drop(descriptor(place));
            place.store(NONE, Ordering::Relaxed);
        }
        self.state.store(EMPTY, Ordering::Release);
    }
}

/// Ends the time in which one thread has the slot, also when the making of the skeleton panics.
struct Filling<'a> {
    state: &'a AtomicU32,
    outcome: u32,
}

impl Drop for Filling<'_> {
    fn drop(&mut self) {
        self.state.store(self.outcome, Ordering::Release);
    }
}

fn descriptor(place: &AtomicI32) -> Option<Fd> {
    match place.load(Ordering::Relaxed) {
        NONE => None,
        raw => Some(Fd::from_raw(raw)),
    }
}

/// A slot, whatever it is for.
trait Occupied: Sync {
    /// Keeps what is in the slot there until [`leave`](Self::leave); whether there is anything.
    fn enter(&self) -> bool;

    fn leave(&self);

    /// The descriptor at a place, between `enter` and `leave`; it is the slot's to close.
    fn descriptor(&self, place: usize) -> Option<Fd>;
}

impl<S: Stored, const PLACES: usize> Occupied for Slot<S, PLACES> {
    fn enter(&self) -> bool {
        let enter = |state| (IDLE..LEAVING - 1).contains(&state).then(|| state + 1);
        self.state.fetch_update(Ordering::Acquire, Ordering::Relaxed, enter).is_ok()
    }

    fn leave(&self) {
        if self.state.fetch_sub(1, Ordering::AcqRel) == LEAVING | (IDLE + 1) {
            // The last guard of a skeleton that is to go: nobody enters a leaving slot, so it is ours.
            self.close();
        }
    }

    fn descriptor(&self, place: usize) -> Option<Fd> {
        self.places.get(place).and_then(descriptor)
    }
}

/// A look at what is in a slot, which stays open as long as this lives.
pub struct Guard<T: 'static> {
    slot: &'static dyn Occupied,
    /// Made of the slot's descriptors, which are not this guard's to close.
    value: ManuallyDrop<T>,
}

impl<T> Guard<T> {
    fn new(slot: &'static dyn Occupied, look: impl FnOnce() -> Option<T>) -> Option<Self> {
        if !slot.enter() {
            return None;
        }
        // From here on the descriptors stay until the slot is left again.
        match look() {
            Some(value) => Some(Self { slot, value: ManuallyDrop::new(value) }),
            None => {
                slot.leave();
                None
            }
        }
    }
}

impl<T> Deref for Guard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Drop for Guard<T> {
    fn drop(&mut self) {
        self.slot.leave();
    }
}

/// A static that stands for one map or link of the skeleton in a slot.
pub struct View<T: Handle> {
    slot: &'static dyn Occupied,
    place: usize,
    plan: &'static Plan,
    handle: PhantomData<fn() -> T>,
}

impl<T: Handle> View<T> {
    /// The map or link at that place of the slot.
    pub const fn new<S: Stored, const PLACES: usize>(
        slot: &'static Slot<S, PLACES>,
        place: usize,
        plan: &'static Plan,
    ) -> Self {
        Self { slot, place, plan, handle: PhantomData }
    }

    /// The map or link, if the object is preloaded and has it.
    pub fn get(&self) -> Option<Guard<T>> {
        let plan = T::plan_at(self.plan, self.place)?;
        Guard::new(self.slot, || Some(T::from_fd(self.slot.descriptor(self.place)?, plan)))
    }
}

impl<S: Stored, const PLACES: usize> fmt::Debug for Slot<S, PLACES> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let empty = self.state.load(Ordering::Relaxed) == EMPTY;
        f.debug_struct("Slot").field("empty", &empty).finish_non_exhaustive()
    }
}

impl<T: fmt::Debug> fmt::Debug for Guard<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

impl<T: Handle> fmt::Debug for View<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("View").field("place", &self.place).finish_non_exhaustive()
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use std::io::Read;
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;

    use super::*;
    use crate::code::Code;
    use crate::plan::MapPlan;

    static PLAN: Plan = Plan {
        object: "object",
        directory: "object",
        pin_root: None,
        digest: 0,
        license: c"GPL",
        btf: b"",
        btf_for_old_kernels: b"",
        maps: &[MapPlan { name: "map", ..MapPlan::EMPTY }],
        programs: &[],
        symbols: &[],
        struct_ops: &[],
        code: Code::NONE,
    };

    /// A skeleton of one map.
    struct One(Map);

    impl Skeleton for One {
        fn plan(&self) -> &'static Plan {
            &PLAN
        }

        fn map_at(&self, index: usize) -> Option<&Map> {
            (index == 0).then_some(&self.0)
        }

        fn map_mut(&mut self, index: usize) -> Option<&mut Map> {
            (index == 0).then_some(&mut self.0)
        }

        fn program_at(&self, _: usize) -> Option<&Program> {
            None
        }

        fn program_mut(&mut self, _: usize) -> Option<&mut Program> {
            None
        }

        fn link_at(&self, _: usize) -> Option<&Link> {
            None
        }

        fn link_slot(&mut self, _: usize) -> Option<&mut Option<Link>> {
            None
        }
    }

    impl Stored for One {
        fn empty() -> Self {
            Self(Map::empty(&PLAN.maps[0]))
        }
    }

    /// A skeleton whose descriptor is one end of a connection, and the other end.
    fn one() -> (One, UnixStream) {
        let (mine, other) = UnixStream::pair().unwrap();
        other.set_nonblocking(true).unwrap();
        (One(Map::from_fd(Fd::try_from(OwnedFd::from(mine)).unwrap(), &PLAN.maps[0])), other)
    }

    /// Whether the other end is still connected: the kernel tells, whatever became of the number.
    fn is_open(mut other: &UnixStream) -> bool {
        !matches!(other.read(&mut [0]), Ok(0))
    }

    #[test]
    fn a_skeleton_goes_when_it_is_cleared() {
        static SLOT: Slot<One, 1> = Slot::new();
        assert!(SLOT.get().is_none());
        let (skeleton, other) = one();
        assert!(SLOT.fill(|| (), || Ok((Some(skeleton), ()))).is_ok());
        assert!(SLOT.get().is_some());
        assert!(SLOT.clear());
        assert!(!SLOT.clear());
        assert!(SLOT.get().is_none());
        assert!(!is_open(&other));
    }

    #[test]
    fn a_guard_keeps_the_descriptors_open() {
        static SLOT: Slot<One, 1> = Slot::new();
        static VIEW: View<Map> = View::new(&SLOT, 0, &PLAN);
        let (skeleton, other) = one();
        assert!(SLOT.fill(|| (), || Ok((Some(skeleton), ()))).is_ok());
        let (first, second) = (SLOT.get().unwrap(), VIEW.get().unwrap());
        assert!(SLOT.clear());
        assert!(SLOT.get().is_none(), "nobody enters a leaving slot");
        assert!(SLOT.fill(|| (), || Err::<(Option<One>, ()), _>(())).is_err(), "it is not empty either");
        drop(first);
        assert!(is_open(&other));
        drop(second);
        assert!(!is_open(&other));
        assert!(SLOT.fill(|| (), || Ok((Some(one().0), ()))).is_ok());
    }

    #[test]
    fn a_failure_leaves_the_slot_empty() {
        static SLOT: Slot<One, 1> = Slot::new();
        assert_eq!(SLOT.fill(|| "full", || Err::<(Option<One>, ()), _>("broken")), Err("broken"));
        assert!(SLOT.fill(|| "full", || Ok((Some(one().0), ()))).is_ok());
        assert_eq!(SLOT.fill(|| "full", || Ok((Some(one().0), ()))), Err("full"));
    }

    #[test]
    fn many_threads_look_and_one_clears() {
        static SLOT: Slot<One, 1> = Slot::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        if let Some(guard) = SLOT.get() {
                            // Not only open, but what was put in: connected to someone.
                            let fd = OwnedFd::from(guard.0.fd().duplicate().unwrap());
                            UnixStream::from(fd).peer_addr().unwrap();
                        }
                    }
                });
            }
            scope.spawn(|| {
                for _ in 0..500 {
                    let (skeleton, _other) = one();
                    let _ = SLOT.fill(|| (), || Ok((Some(skeleton), ())));
                    SLOT.clear();
                }
            });
        });
    }
}
