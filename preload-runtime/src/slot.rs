//! The statics: one instance of a skeleton, kept for the process.
//!
//! A slot keeps descriptors in atomics. Who looks at the skeleton holds a [`Guard`]; unloading closes the descriptors when
//! the last guard is gone, so that nobody ever uses a number that means something else by then.

use core::marker::PhantomData;
use core::mem::ManuallyDrop;
use core::ops::Deref;
use core::sync::atomic::{AtomicI32, AtomicU32, Ordering};

use crate::sys::Fd;

/// A skeleton that can be kept as a row of descriptors.
pub trait Stored: Sized + 'static {
    /// One place for each descriptor: an array.
    type Places: AsRef<[AtomicI32]> + 'static;

    /// Gives up the descriptors, in the order of maps, programs, links.
    fn into_fds(self) -> impl Iterator<Item = Option<Fd>>;

    /// The reverse; missing ones at the end are none. Nothing when a map is missing.
    fn from_fds(fds: &mut dyn Iterator<Item = Option<Fd>>) -> Option<Self>;
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

/// A place for one skeleton.
pub struct Slot<S: Stored> {
    state: AtomicU32,
    places: S::Places,
    skeleton: PhantomData<fn() -> S>,
}

impl<S: Stored> Slot<S> {
    /// An empty slot; every place holds the number -1.
    pub const fn new(places: S::Places) -> Self {
        Self { state: AtomicU32::new(EMPTY), places, skeleton: PhantomData }
    }

    /// The skeleton, if there is one.
    pub fn get(&'static self) -> Option<Guard<S, S>> {
        self.enter(|| self.read())
    }

    /// Makes the skeleton and keeps it, unless there is one already.
    ///
    /// Nobody sees it before it is complete; a second call meanwhile is refused.
    pub(crate) fn fill<E>(&self, refused: E, make: impl FnOnce() -> Result<S, E>) -> Result<(), E> {
        if self.state.compare_exchange(EMPTY, BUSY, Ordering::Acquire, Ordering::Relaxed).is_err() {
            return Err(refused);
        }
        let skeleton = make().inspect_err(|_| self.state.store(EMPTY, Ordering::Release))?;
        for (place, fd) in self.places.as_ref().iter().zip(skeleton.into_fds()) {
            place.store(fd.map_or(NONE, Fd::into_raw), Ordering::Relaxed);
        }
        self.state.store(IDLE, Ordering::Release);
        Ok(())
    }

    /// Makes a guard of what `look` builds from the slot's descriptors.
    fn enter<T>(&'static self, look: impl FnOnce() -> Option<T>) -> Option<Guard<S, T>> {
        let enter = |state| (IDLE..LEAVING - 1).contains(&state).then(|| state + 1);
        self.state.fetch_update(Ordering::Acquire, Ordering::Relaxed, enter).ok()?;
        // From here on the descriptors stay until the state is left again.
        match look() {
            Some(value) => Some(Guard { slot: self, value: ManuallyDrop::new(value) }),
            None => {
                self.leave();
                None
            }
        }
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

    /// Called by a guard on its way out.
    fn leave(&self) {
        if self.state.fetch_sub(1, Ordering::AcqRel) == LEAVING | (IDLE + 1) {
            // The last guard of a skeleton that is to go: nobody enters a leaving slot, so it is ours.
            self.close();
        }
    }

    /// Closes everything; the state is ours alone.
    fn close(&self) {
        drop(self.read());
        for place in self.places.as_ref() {
            place.store(NONE, Ordering::Relaxed);
        }
        self.state.store(EMPTY, Ordering::Release);
    }

    fn read(&self) -> Option<S> {
        S::from_fds(&mut self.places.as_ref().iter().map(descriptor))
    }
}

fn descriptor(place: &AtomicI32) -> Option<Fd> {
    match place.load(Ordering::Relaxed) {
        NONE => None,
        raw => Some(Fd::from_raw(raw)),
    }
}

/// A look at what is in a slot, which stays open as long as this lives.
pub struct Guard<S: Stored, T> {
    slot: &'static Slot<S>,
    /// Made of the slot's descriptors, which are not this guard's to close.
    value: ManuallyDrop<T>,
}

impl<S: Stored, T> Deref for Guard<S, T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<S: Stored, T> Drop for Guard<S, T> {
    fn drop(&mut self) {
        self.slot.leave();
    }
}

/// A static that stands for one map or link of the skeleton in a slot.
pub struct View<S: Stored, T> {
    slot: &'static Slot<S>,
    place: usize,
    handle: fn(Fd) -> T,
}

impl<S: Stored, T> View<S, T> {
    /// What `handle` makes of the descriptor at that place of the slot.
    pub const fn new(slot: &'static Slot<S>, place: usize, handle: fn(Fd) -> T) -> Self {
        Self { slot, place, handle }
    }

    /// The map or link, if the object is preloaded and has it.
    pub fn get(&self) -> Option<Guard<S, T>> {
        self.slot.enter(|| self.slot.places.as_ref().get(self.place).and_then(descriptor).map(self.handle))
    }
}

#[cfg(all(test, feature = "std"))]
mod tests {
    use std::fs::File;
    use std::os::fd::OwnedFd;

    use super::*;

    /// A skeleton of one descriptor.
    struct One(Fd);

    impl Stored for One {
        type Places = [AtomicI32; 1];

        fn into_fds(self) -> impl Iterator<Item = Option<Fd>> {
            [Some(self.0)].into_iter()
        }

        fn from_fds(fds: &mut dyn Iterator<Item = Option<Fd>>) -> Option<Self> {
            fds.next().flatten().map(Self)
        }
    }

    const fn slot() -> Slot<One> {
        Slot::new([const { AtomicI32::new(-1) }; 1])
    }

    fn one() -> (One, String) {
        let fd = Fd::from(OwnedFd::from(File::open("/dev/null").unwrap()));
        let path = format!("/proc/self/fd/{}", fd.raw());
        (One(fd), path)
    }

    fn is_open(path: &str) -> bool {
        // Tests run side by side: the number may be taken again at once, but not by another /dev/null.
        std::fs::read_link(path).is_ok_and(|target| target.as_os_str() == "/dev/null")
    }

    #[test]
    fn a_skeleton_goes_when_it_is_cleared() {
        static SLOT: Slot<One> = slot();
        assert!(SLOT.get().is_none());
        let (skeleton, path) = one();
        assert!(SLOT.fill((), || Ok(skeleton)).is_ok());
        assert!(SLOT.get().is_some());
        assert!(SLOT.clear());
        assert!(!SLOT.clear());
        assert!(SLOT.get().is_none());
        assert!(!is_open(&path));
    }

    #[test]
    fn a_guard_keeps_the_descriptors_open() {
        static SLOT: Slot<One> = slot();
        static VIEW: View<One, Fd> = View::new(&SLOT, 0, |fd| fd);
        let (skeleton, path) = one();
        assert!(SLOT.fill((), || Ok(skeleton)).is_ok());
        let (first, second) = (SLOT.get().unwrap(), VIEW.get().unwrap());
        assert!(SLOT.clear());
        assert!(SLOT.get().is_none(), "nobody enters a leaving slot");
        assert!(SLOT.fill((), || Err(())).is_err(), "it is not empty either");
        drop(first);
        assert!(is_open(&path));
        drop(second);
        assert!(!is_open(&path));
        assert!(SLOT.fill((), || Ok(one().0)).is_ok());
    }

    #[test]
    fn a_failure_leaves_the_slot_empty() {
        static SLOT: Slot<One> = slot();
        assert_eq!(SLOT.fill("full", || Err("broken")), Err("broken"));
        assert!(SLOT.fill("full", || Ok(one().0)).is_ok());
        assert_eq!(SLOT.fill("full", || Ok(one().0)), Err("full"));
    }

    #[test]
    fn many_threads_look_and_one_clears() {
        static SLOT: Slot<One> = slot();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    for _ in 0..2_000 {
                        if let Some(guard) = SLOT.get() {
                            assert!(guard.0.duplicate().is_ok(), "a guarded descriptor is open");
                        }
                    }
                });
            }
            scope.spawn(|| {
                for _ in 0..500 {
                    let _ = SLOT.fill((), || Ok(one().0));
                    SLOT.clear();
                }
            });
        });
    }
}
