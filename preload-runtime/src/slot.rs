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

/// Fills an empty skeleton with a row of descriptors; its programs know what was chosen for them, if anything. Nothing when the
/// descriptor of a map is missing.
pub(crate) fn fill(skeleton: &mut dyn Skeleton, fds: Fds<'_>, chosen: &[&OpenProgram]) -> Option<()> {
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
        let entered = self.contents().enter()?;
        let mut value = ManuallyDrop::new(S::empty());
        entered.fill(&mut *value)?;
        Some(Guard { value, _entered: entered })
    }

    /// Takes an empty slot, for a skeleton that is made next; nothing where there is one already.
    ///
    /// Nobody sees it before it is complete; a second call meanwhile is refused.
    pub(crate) fn claim(&self) -> Option<Filling<'_>> {
        self.contents().claim()
    }

    /// Lets the skeleton go: now, or with the last guard. Whether there was one.
    pub(crate) fn clear(&self) -> bool {
        self.contents().clear()
    }

    const fn contents(&self) -> Contents<'_> {
        Contents { state: &self.state, places: &self.places }
    }
}

/// What is in a slot, whatever it is for.
#[derive(Clone, Copy)]
struct Contents<'a> {
    state: &'a AtomicU32,
    places: &'a [AtomicI32],
}

impl<'a> Contents<'a> {
    fn claim(self) -> Option<Filling<'a>> {
        self.state.compare_exchange(EMPTY, BUSY, Ordering::Acquire, Ordering::Relaxed).ok()?;
        Some(Filling { contents: self, outcome: EMPTY })
    }

    /// Keeps what is in the slot there, if there is anything, as long as what is returned lives.
    fn enter(self) -> Option<Entered<'a>> {
        let enter = |state| (IDLE..LEAVING - 1).contains(&state).then(|| state + 1);
        self.state.fetch_update(Ordering::Acquire, Ordering::Relaxed, enter).ok()?;
        Some(Entered(self))
    }

    fn clear(self) -> bool {
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
    fn close(self) {
        for place in self.places {
            drop(descriptor(place));
            place.store(NONE, Ordering::Relaxed);
        }
        self.state.store(EMPTY, Ordering::Release);
    }
}

/// The time in which one thread has the slot, which ends also when the making of the skeleton panics.
pub(crate) struct Filling<'a> {
    contents: Contents<'a>,
    outcome: u32,
}

impl Filling<'_> {
    /// Keeps the numbers of a skeleton's descriptors, which are the slot's from here on.
    pub(crate) fn keep<S: Stored>(self, skeleton: S) {
        self.note(&*ManuallyDrop::new(skeleton));
    }

    fn note(mut self, skeleton: &dyn Skeleton) {
        note(skeleton, self.contents.places);
        self.outcome = IDLE;
    }
}

impl Drop for Filling<'_> {
    fn drop(&mut self) {
        self.contents.state.store(self.outcome, Ordering::Release);
    }
}

fn descriptor(place: &AtomicI32) -> Option<Fd> {
    match place.load(Ordering::Relaxed) {
        NONE => None,
        raw => Some(Fd::from_raw(raw)),
    }
}

/// Keeps what is in a slot there.
struct Entered<'a>(Contents<'a>);

impl Entered<'_> {
    /// The descriptor at a place, which is the slot's to close.
    fn descriptor(&self, place: usize) -> Option<Fd> {
        self.0.places.get(place).and_then(descriptor)
    }

    /// Fills a skeleton with the slot's descriptors.
    fn fill(&self, skeleton: &mut dyn Skeleton) -> Option<()> {
        fill(skeleton, &mut |place| self.descriptor(place), &[])
    }
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        if self.0.state.fetch_sub(1, Ordering::AcqRel) == LEAVING | (IDLE + 1) {
            // The last guard of a skeleton that is to go: nobody enters a leaving slot, so it is ours.
            self.0.close();
        }
    }
}

/// A look at what is in a slot, which stays open as long as this lives.
pub struct Guard<T: 'static> {
    /// Made of the slot's descriptors, which are not this guard's to close.
    value: ManuallyDrop<T>,
    _entered: Entered<'static>,
}

impl<T> Deref for Guard<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// A static that stands for one map or link of the skeleton in a slot.
pub struct View<T: Handle> {
    slot: Contents<'static>,
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
        Self { slot: slot.contents(), place, plan, handle: PhantomData }
    }

    /// The map or link, if the object is preloaded and has it.
    pub fn get(&self) -> Option<Guard<T>> {
        let plan = T::plan_at(self.plan, self.place)?;
        let entered = self.slot.enter()?;
        let value = ManuallyDrop::new(T::from_fd(entered.descriptor(self.place)?, plan));
        Some(Guard { value, _entered: entered })
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
        SLOT.claim().unwrap().keep(skeleton);
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
        SLOT.claim().unwrap().keep(skeleton);
        let (first, second) = (SLOT.get().unwrap(), VIEW.get().unwrap());
        assert!(SLOT.clear());
        assert!(SLOT.get().is_none(), "nobody enters a leaving slot");
        assert!(SLOT.claim().is_none(), "it is not empty either");
        drop(first);
        assert!(is_open(&other));
        drop(second);
        assert!(!is_open(&other));
        SLOT.claim().unwrap().keep(one().0);
    }

    #[test]
    fn a_failure_leaves_the_slot_empty() {
        static SLOT: Slot<One, 1> = Slot::new();
        let filling = SLOT.claim().unwrap();
        assert!(SLOT.claim().is_none(), "one thread at a time");
        drop(filling);
        assert!(SLOT.get().is_none());
        SLOT.claim().unwrap().keep(one().0);
        assert!(SLOT.claim().is_none());
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
                    if let Some(filling) = SLOT.claim() {
                        filling.keep(skeleton);
                    }
                    SLOT.clear();
                }
            });
        });
    }
}
