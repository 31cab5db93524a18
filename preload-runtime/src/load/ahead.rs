//! Loading programs on several threads: the verifier works for the thread that asks, and programs do not depend on each
//! other.
//!
//! Only what goes well is done here. At the first refusal all threads stop, and whatever is missing then is loaded by the
//! caller, one program after the other: what comes of an object, an error too, is the same as without threads.

use std::num::NonZero;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use crate::plan::ProgramPlan;
use crate::sys::{Errno, Fd, link};

/// Threads are worth it when what is left takes so long by one: to start one takes about 0.1 ms.
const WORTH_IT: Duration = Duration::from_millis(2);
/// What took less is not worth a question.
const SHORT: Duration = Duration::from_micros(50);
/// The verifier takes megabytes of the kernel's memory for each of them.
const MOST_THREADS: usize = 8;
/// How many instructions the verifier goes through in about the time in which the kernel looks for a type by its name.
const SEARCH: usize = 1000;
/// All they do is one system call after the other.
const STACK: usize = 64 << 10;

/// Tells when threads are worth it, by what the programs so far have taken.
pub(super) struct Pace {
    last: Instant,
    /// What threads would have shared.
    busy: Duration,
    loaded: u32,
    /// Once is enough: what threads have left over does not go well.
    over: bool,
}

impl Pace {
    pub(super) fn new() -> Self {
        Self { last: Instant::now(), busy: Duration::ZERO, loaded: 0, over: false }
    }

    /// To be asked after each program that was loaded, with the number of those that are left.
    pub(super) fn calls_for_threads(&mut self, program: &ProgramPlan, fd: &Fd, left: usize) -> bool {
        if self.over || left < 2 {
            return false;
        }
        let now = Instant::now();
        let taken = now.duration_since(self.last);
        self.last = now;
        self.loaded += 1;
        if taken < SHORT || was_for_verifying(program, fd) {
            self.busy += taken;
        }
        let left = u32::try_from(left).unwrap_or(u32::MAX);
        self.over = (self.busy / self.loaded).saturating_mul(left) >= WORTH_IT;
        self.over
    }
}

/// Whether it was the verifier that took the time. The search for the types of CO-RE relocations is under a lock of the kernel:
/// threads would wait for each other, and drive out what it has found for one program by what it looks for for another.
fn was_for_verifying(program: &ProgramPlan, fd: &Fd) -> bool {
    /// `struct bpf_core_relo`: offset, type, access string, kind.
    const RECORD: usize = 16;
    if program.core_relos.is_empty() {
        return true;
    }
    // Those of one type follow each other.
    let types = program.core_relos.chunks_exact(RECORD).map(|record| &record[4..8]);
    let searches = 1 + types.clone().zip(types.skip(1)).filter(|(one, next)| one != next).count();
    link::program_info(fd).is_ok_and(|info| info.verified as usize >= searches * SEARCH)
}

/// Fills empty slots with what `load` makes for their indices; nothing where it is not to be filled.
pub(super) fn fill(slots: &mut [Option<Fd>], load: impl Fn(usize) -> Option<Result<Fd, Errno>> + Sync) {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(MOST_THREADS);
    if threads < 2 {
        return;
    }
    let next = AtomicUsize::new(0);
    let refused = AtomicBool::new(false);
    let count = slots.len();
    let slots = Mutex::new(slots);
    let work = || {
        while !refused.load(Ordering::Relaxed) {
            let index = next.fetch_add(1, Ordering::Relaxed);
            if index >= count {
                return;
            }
            match load(index) {
                None => {}
                Some(Ok(fd)) => {
                    let mut slots = slots.lock().unwrap_or_else(PoisonError::into_inner);
                    if let Some(slot) = slots.get_mut(index) {
                        *slot = Some(fd);
                    }
                }
                Some(Err(_)) => refused.store(true, Ordering::Relaxed),
            }
        }
    };
    thread::scope(|scope| {
        for _ in 1..threads {
            let helper = thread::Builder::new().name("preload".into()).stack_size(STACK);
            // Where there can be no more threads, those that are there do the work.
            if helper.spawn_scoped(scope, work).is_err() {
                break;
            }
        }
        work();
    });
}
